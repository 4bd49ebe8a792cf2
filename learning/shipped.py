"""Reads the content that ships with the product: learning/content/*.toml, checked for shape. No database."""

import tomllib
import uuid
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).resolve().parent / "content"
LANGUAGES = ("vi", "en")
_STEPS = uuid.UUID("6f0b4c5e-3d0a-5b59-9a5e-5f2b7c1d8e11")  # namespace of the steps' stable ids


class ContentError(Exception):
    """A content file is wrong; the message names the file and the place."""


def read(name: str) -> dict[str, Any]:
    """One file of learning/content/, e.g. 'site.toml'. ContentError if it is no TOML."""
    try:
        return tomllib.loads((CONTENT / name).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ContentError(f"{name}: {error}") from error


def lesson_files() -> list[dict[str, Any]]:
    """Every shipped lesson, in the order in which they get their numbers."""
    found = [_checked(read(f"lessons/{path.name}"), path.name) for path in sorted((CONTENT / "lessons").glob("*.toml"))]
    return sorted(found, key=lambda lesson: lesson["order"])


def step_id(slug: str, key: str) -> str:
    """The stable id of a shipped step: the same in both languages and in every installation."""
    return str(uuid.uuid5(_STEPS, f"{slug}/{key}"))


def stream_of(lesson: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """The steps as StreamField data."""
    return [
        {
            "type": "step",
            "id": step_id(lesson["slug"], step["key"]),
            "value": {
                "text": step["text"],
                "screen": {
                    "title": step.get("title", ""),
                    "rows": [
                        {"kind": row[0], "text": row[1], "marked": len(row) > 2 and row[2] == "mark"}
                        for row in step["rows"]
                    ],
                },
                "image": None,
                "marks": [],
                "hints": [{"sees": hint[0], "act": hint[1]} for hint in step.get("hints", [])],
                "helper_note": step.get("helper", ""),
                "voices": [],
            },
        }
        for step in lesson[language]["steps"]
    ]


def _checked(lesson: dict[str, Any], name: str) -> dict[str, Any]:
    for word in ("slug", "topic", "order", "minutes", "icon", "reviewed_on", "review_by", "sources", *LANGUAGES):
        if word not in lesson:
            raise ContentError(f"{name}: «{word}» is missing")
    keys = {language: [step["key"] for step in lesson[language]["steps"]] for language in LANGUAGES}
    if keys["vi"] != keys["en"] or len(set(keys["vi"])) != len(keys["vi"]):
        raise ContentError(f"{name}: both languages need the same steps, each key once")
    return lesson
