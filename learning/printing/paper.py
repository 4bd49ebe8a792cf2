"""A lesson as it stands on paper: boxes of steps in ink, short hints, what to bring; the lines of a take-home card."""

from dataclasses import dataclass, replace

from learning.guardrails.rules import SENTENCE_END
from learning.lessons.models import LessonPage, lines
from learning.lessons.steps import Hint, Step
from learning.lessons.tree import HomePage
from learning.media.pictures import Picture
from learning.printing.ink import START, ink_src

MOST_HINTS = {"A4": 3, "A5": 2}
HINT_LETTERS = 130  # of a hint on paper; the phone has the rest


@dataclass(frozen=True)
class Box:
    """One step on paper. `is_drawn`: the picture is lines, not a photo that the page must turn grey."""

    step: Step
    picture: Picture | None
    is_drawn: bool
    hints: tuple[Hint, ...]


def boxes_of(page: LessonPage, size: str) -> list[Box]:
    """Every step of the lesson (as on an Android phone) for paper of a size, 'A4' or 'A5'."""
    return [_box(step, MOST_HINTS[size]) for step in page.all_steps()]


def _box(step: Step, most: int) -> Box:
    picture = step.picture
    is_drawn = picture is not None and picture.src.startswith(START)
    if picture is not None and is_drawn:
        picture = replace(picture, src=ink_src(picture.src))
    hints = tuple(Hint(hint.sees, shortened(hint.act)) for hint in step.hints[:most])
    return Box(step, picture, is_drawn, hints)


def shortened(text: str, most: int = HINT_LETTERS) -> str:
    """Whole sentences of a text, as many as fit into `most` letters; the first one always."""
    end = 0
    for match in SENTENCE_END.finditer(text):
        if end and match.end() > most:
            return text[:end]
        end = match.end()
    return text if not end or len(text) <= most else text[:end]


def papers_of(page: LessonPage) -> list[str]:
    """What to bring, each thing once: the lesson's own list, then that of its procedures."""
    own = [*lines(page.needs), *lines(page.papers)]
    return list(dict.fromkeys([*own, *(line for row in page.procedures.all() for line in row.papers)]))


def never_tell(language: str) -> list[str]:
    """The three things never to tell anyone, as the front page says them; [] where there is no front page yet."""
    home = HomePage.objects.live().filter(locale__language_code=language).first()
    return lines(home.never_tell) if home else []
