"""What an editor reads about a finding: where it is, what it is, what to do."""

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail import blocks

from learning.guardrails.rules import MAX_SENTENCES, MAX_STEPS, SCREEN_WARN, SENTENCE_WARN, STEP_WARN_BYTES, Finding
from learning.lessons.models import LessonPage


@dataclass(frozen=True)
class Told:
    """A finding in words. `is_stop`: it stops the publication."""

    is_stop: bool
    place: str
    words: str
    where: str


def told(finding: Finding) -> Told:
    """The finding as an editor reads it."""
    return Told(finding.level == "block", place_of(finding.where), words_of(finding), finding.where)


def place_of(where: str) -> str:
    """'steps.2.hints.0.act' → «Step 3 · You may see 1 · What to do then»."""
    name, *rest = where.split(".")
    if not name:
        return _("The lesson")
    field = LessonPage._meta.get_field(name)
    if not rest:
        return str(capfirst(field.verbose_name))
    parts = [f"{_stream_word(name)} {int(rest[0]) + 1}"]
    block: Any = field.stream_block.child_blocks
    block = next(iter(block.values())) if len(block) == 1 else None
    for part in rest[1:]:
        if part.isdigit():
            parts[-1] += f" {int(part) + 1}"
            block = getattr(block, "child_block", None)
            continue
        block = _child(name, block, part)
        if block is None:
            break
        parts.append(str(block.label))
    return " · ".join(part for part in parts if part)


def _stream_word(name: str) -> str:
    return {"steps": _("Step"), "rehearsal": _("Practice screen"), "quiz": _("Question")}[name]


def _child(name: str, block: Any, part: str) -> Any:
    """The block `part` beneath a block; in a stream of several kinds the first kind that has it."""
    if block is None:
        kinds = LessonPage._meta.get_field(name).stream_block.child_blocks.values()
        return next((kind.child_blocks[part] for kind in kinds if part in kind.child_blocks), None)
    return block.child_blocks.get(part) if isinstance(block, blocks.StructBlock) else None


def words_of(finding: Finding) -> str:
    """What is wrong and what to do, in a sentence or two."""
    detail = finding.detail
    count, _colon, part = detail.partition(": ")
    texts = {
        "sentences": _("%(count)s sentences; at most %(most)s. Please split the step.")
        % {"count": detail, "most": MAX_SENTENCES},
        "long_sentence": _("A sentence of %(count)s syllables («%(part)s»). Please say it in %(most)s or fewer.")
        % {"count": count, "part": part, "most": SENTENCE_WARN},
        "long_screen": _("%(count)s syllables on one screen; %(most)s are easy to read. Please shorten or split it.")
        % {"count": detail, "most": SCREEN_WARN},
        "link": _("«%(part)s» is no official address: only https and ending in .gov.vn, or the two app stores.")
        % {"part": detail},
        "phone": _("A phone number stands here. Numbers that people may call are kept under «Help contacts»."),
        "id_like": _("Something here looks like the number of a person's paper or account. Please take it out."),
        "asks_for_secret": _("This asks for a code or a password. A lesson never does, not even as an exercise."),
        "stiff": _("«%(part)s» is office language. Please say it as one does at home.") % {"part": detail},
        "capitals": _("«%(part)s»: capitals are hard to read. Please write small letters.") % {"part": detail},
        "heavy": _("This step weighs %(count)s kB; at most %(most)s. Please take a smaller picture.")
        % {"count": detail, "most": STEP_WARN_BYTES // 1000},
        "steps": _("%(count)s steps; at most %(most)s. Please make two lessons of it.")
        % {"count": detail, "most": MAX_STEPS},
        "no_steps": _("The lesson has no step yet."),
        "no_practice": _("There is nothing to practise. A practice screen or a question helps people remember."),
        "not_reviewed": _("Please say on which day the lesson was compared with the app."),
        "review_missing": _("Please say by when somebody should check it again."),
        "review_passed": _("It should have been checked again by %(day)s. Please compare it and set a new day.")
        % {"day": detail},
        "recheck": _("Please compare it with the app and put today's date: %(reason)s") % {"reason": detail},
        "app_unchecked": _("Nobody has said yet which version of «%(app)s» the pictures show.") % {"app": detail},
        "no_alt": _("The picture has no words for those who do not see it."),
        "picture_number": _("The name or the words of this picture hold a number of a person. Please change them."),
        "no_voice": _("No machine speaks this language. Please record this step.")
        if detail == "none"
        else _("The machine could not read this step aloud. Please record it."),
        "jargon": _("«%(word)s» is not explained yet. Please choose it under «Words to explain», or say it otherwise.")
        % {"word": detail},
    }
    return texts.get(finding.code, finding.code)
