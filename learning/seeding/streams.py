"""Shipped words as StreamField data. Pure; ids are the same in every installation."""

from collections.abc import Mapping
from typing import Any

from learning.seeding.files import Choice, ContentError, Lesson, Screen, Words, step_id

# Not None: Wagtail cannot read a stream in which some pictures are None and others are not.
NO_PICTURE = {"image": None, "decorative": False, "alt_text": ""}


def _screen(screen: Screen | None) -> dict[str, Any]:
    rows = screen.rows if screen else []
    return {
        "title": screen.title if screen else "",
        "rows": [{"kind": row.kind, "text": row.text, "marked": row.marked} for row in rows],
    }


def stream_of_steps(lesson: Lesson, words: Words, terms: Mapping[str, int]) -> list[dict[str, Any]]:
    """The steps. `terms`: glossary key → primary key; ContentError for an unknown one."""
    found = []
    for step in words.steps:
        if unknown := [key for key in step.terms if key not in terms]:
            raise ContentError(f"{lesson.slug}/{step.key}: no glossary term {unknown}")
        value = {
            "text": step.text,
            "screen": _screen(step.screen),
            "image": dict(NO_PICTURE),
            "marks": [],
            "iphone": {
                "text": step.iphone.text if step.iphone else "",
                "screen": _screen(step.iphone.screen if step.iphone else None),
                "image": dict(NO_PICTURE),
                "marks": [],
            },
            "hints": [{"sees": sees, "act": act} for sees, act in step.hints],
            "do": list(step.do),
            "dont": list(step.dont),
            "terms": [terms[key] for key in step.terms],
            "link": {"url": step.link.url if step.link else "", "label": step.link.label if step.link else ""},
            "helper_note": step.helper.say,
            "helper_never": step.helper.never,
            "voices": [],
            "tracks": [
                {"language": track.language, "region": track.region, "says": track.says} for track in step.tracks
            ],
        }
        found.append({"type": "step", "id": step_id(lesson.slug, step.key), "value": value})
    return found


def stream_of_rehearsal(lesson: Lesson, words: Words) -> list[dict[str, Any]]:
    """The screens of the practice phone."""
    return [
        {
            "type": "screen",
            "id": step_id(lesson.slug, f"thu/{one.key}"),
            "value": {
                "task": one.task, "screen": _screen(one.screen), "image": dict(NO_PICTURE), "area": None,
                "hint": one.hint,
            },
        }
        for one in words.rehearsal
    ]  # fmt: skip


def stream_of_quiz(lesson: Lesson, words: Words) -> list[dict[str, Any]]:
    """The questions."""
    found = []
    for one in words.quiz:
        if isinstance(one, Choice):
            options = [{"text": option.text, "why": option.why, "right": option.right} for option in one.options]
            value: dict[str, Any] = {"question": one.question, "options": options, "hint": one.hint}
        else:
            value = {name: getattr(one, name) for name in ("medium", "sender", "body", "fake", "why", "hint")}
        found.append({"type": one.kind, "id": step_id(lesson.slug, f"cau/{one.key}"), "value": value})
    return found
