"""All guard rails over one lesson. Pure: a Draft in, findings out, in the order of the lesson."""

import re

from learning.guardrails.draft import Draft, StepSeen, Text
from learning.guardrails.rules import (
    MAX_STEPS,
    Finding,
    has_number,
    is_official,
    numbers_in,
    text_findings,
    weight_findings,
    word_findings,
)


def findings(draft: Draft) -> list[Finding]:
    """What every rule says about a lesson; 'block' stops it at publication, 'warn' is for the editor to judge."""
    found = [*_shape(draft), *_dates(draft)]
    for text in draft.texts:
        found += _words(text)
    found += [Finding("block", "link", link.where, link.url) for link in draft.links if not is_official(link.url)]
    found += _pictures(draft)
    for step in draft.steps:
        found += _step(step)
    return [*found, *_jargon(draft)]


def blocks(found: list[Finding]) -> list[Finding]:
    """Those that stop a publication."""
    return [one for one in found if one.level == "block"]


def _shape(draft: Draft) -> list[Finding]:
    found = []
    if len(draft.steps) > MAX_STEPS:
        found.append(Finding("block", "steps", "steps", str(len(draft.steps))))
    if not draft.steps:
        found.append(Finding("warn", "no_steps", "steps"))
    if not draft.practice_count:
        found.append(Finding("warn", "no_practice", "rehearsal"))
    return found


def _dates(draft: Draft) -> list[Finding]:
    found = []
    if draft.reviewed_on is None:
        found.append(Finding("warn", "not_reviewed", "reviewed_on"))
    if draft.review_by is None:
        found.append(Finding("warn", "review_missing", "review_by"))
    elif draft.review_by < draft.today:
        found.append(Finding("warn", "review_passed", "review_by", draft.review_by.strftime("%d/%m/%Y")))
    if draft.recheck_reason:
        found.append(Finding("warn", "recheck", "reviewed_on", draft.recheck_reason))
    return [*found, *(Finding("warn", "app_unchecked", "apps", name) for name in draft.unchecked_apps)]


def _words(text: Text) -> list[Finding]:
    if text.kind == "screen":
        return text_findings(text.words, text.where)
    if text.kind == "rest":
        return word_findings(text.words, text.where)
    # An example may hold a false address; the number of a real person never.
    numbers = numbers_in(text.words)
    return [Finding("block", "phone" if numbers == {"phone"} else "id_like", text.where)] if numbers else []


def _pictures(draft: Draft) -> list[Finding]:
    found = []
    for picture in draft.pictures:
        if not picture.is_decorative and not picture.alt.strip():
            found.append(Finding("block", "no_alt", picture.where))
        if any(has_number(words) for words in (picture.title, picture.file_name, picture.alt)):
            found.append(Finding("block", "picture_number", picture.where, picture.title[:40]))
    return found


def _step(step: StepSeen) -> list[Finding]:
    found = []
    if step.voice in {"failed", "none"}:
        found.append(Finding("warn", "no_voice", f"{step.where}.voices", step.voice))
    if step.weight is not None:
        found += weight_findings(step.weight, step.where)
    return found


def _jargon(draft: Draft) -> list[Finding]:
    """A glossary word that stands in a step before any step explains it: said once, where it first stands."""
    places = {step.where: number for number, step in enumerate(draft.steps)}
    explained: dict[str, int] = {}
    for number, step in enumerate(draft.steps):
        for word in step.terms:
            explained.setdefault(word.casefold(), number)
    found: list[Finding] = []
    for word in draft.jargon:
        pattern = re.compile(rf"(?<![^\W_]){re.escape(word.casefold())}(?![^\W_])")
        for text in draft.texts:
            place = places.get(".".join(text.where.split(".")[:2]))
            if text.kind != "screen" or place is None or not pattern.search(text.words.casefold()):
                continue
            if explained.get(word.casefold(), len(draft.steps)) > place:
                found.append(Finding("warn", "jargon", text.where, word))
            break
    return found
