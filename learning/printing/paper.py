"""A lesson as it stands on paper: boxes of steps in ink, none larger than a page; what to bring; lines of a card."""

from dataclasses import dataclass, replace
from math import ceil

from django.utils.translation import gettext as _

from learning.guardrails.rules import SENTENCE_END
from learning.lessons.models import LessonPage, lines
from learning.lessons.steps import Step
from learning.lessons.tree import HomePage
from learning.media.pictures import Picture
from learning.printing.ink import START, ink_src
from learning.templatetags.learning_tags import host

HINT_LETTERS = 130  # of a hint on paper; the phone has the rest


@dataclass(frozen=True)
class Paper:
    """What fits on a page of sheet.css, in millimetres; letters a line are counted for a wide typeface."""

    room: float  # within a box that is alone on its page
    picture_width: float
    picture_most: float
    act_letters: int
    act_line: float
    sign_letters: int
    sign_line: float


PAPERS = {
    "A4": Paper(245, 58, 96, 24, 9.2, 54, 7.7),
    "A5": Paper(152, 46, 80, 17, 8.3, 36, 7.7),
}


@dataclass(frozen=True)
class Sign:
    """A line beneath the act: its icon, what stands bold before it ('' for nothing), the words."""

    icon: str
    head: str
    text: str


@dataclass(frozen=True)
class Box:
    """One step on paper. `is_drawn`: the picture is lines, not a photo that the page must turn grey."""

    step: Step
    picture: Picture | None
    is_drawn: bool
    signs: tuple[Sign, ...]


def boxes_of(page: LessonPage, size: str) -> list[Box]:
    """Every step of the lesson (as on an Android phone) for paper of a size, a key of PAPERS."""
    return [_box(step, PAPERS[size]) for step in page.all_steps()]


def _box(step: Step, paper: Paper) -> Box:
    picture = step.picture
    is_drawn = picture is not None and picture.src.startswith(START)
    if picture is not None and is_drawn:
        picture = replace(picture, src=ink_src(picture.src))
    return Box(step, picture, is_drawn, tuple(fitting(step, picture, paper)))


def fitting(step: Step, picture: Picture | None, paper: Paper) -> list[Sign]:
    """As many lines beneath the act as fit on the page, the weightiest first: a box never breaks over two pages."""
    act = paper.sign_line * 2 + paper.act_line * ceil(len(step.text) / paper.act_letters)
    high = min(paper.picture_most, paper.picture_width * picture.height / max(1, picture.width)) if picture else 0
    left = paper.room - max(act, high)
    kept = []
    for sign in signs_of(step):
        needed = paper.sign_line * ceil((len(sign.head) + len(sign.text) + 2) / paper.sign_letters) + 1.5
        if needed <= left:
            kept.append(sign)
            left -= needed
    return kept


def signs_of(step: Step) -> list[Sign]:
    """What never to do, what to do, what one may see, what words mean, the official address."""
    return [
        *(Sign("close", _("Never do this"), line) for line in step.dont),
        *(Sign("check", "", line) for line in step.do),
        *(Sign("eye", hint.sees, shortened(hint.act)) for hint in step.hints),
        *(Sign("info", term.word, term.meaning) for term in step.terms),
        *([Sign("globe", "", host(step.link_url))] if step.link_url else []),
    ]


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
