"""The only door from the rest of the product into learning: services, the ladder, published lessons and their steps."""

from dataclasses import dataclass

from django.utils import translation

from learning.lessons.models import LessonPage
from learning.lessons.numbers import LessonNumber
from learning.lessons.steps import Hint, Step, Track
from learning.media.pictures import Picture
from learning.reference.cards import ServiceCard, forget_services, service, services
from learning.reference.models import RUNGS

__all__ = [
    "Hint", "LessonCard", "Picture", "ServiceCard", "Step", "Track", "forget_services", "goal_rungs", "lesson_card",
    "lesson_steps", "published_lessons", "rung_index", "rungs", "service", "services",
]  # fmt: skip


@dataclass(frozen=True)
class LessonCard:
    """A published lesson: its number for ever, title, public address (a path), steps and minutes."""

    number: int
    title: str
    url: str
    steps: int
    minutes: int
    icon: str
    language: str


def goal_rungs() -> dict[str, str]:
    """Service code → the rung that counts as its goal."""
    return {card.code: card.goal_rung for card in services()}


def rungs() -> list[str]:
    """The ladder of contract §3, lowest first."""
    return list(RUNGS)


def rung_index(rung: str) -> int:
    """The place of a rung on the ladder, from 0. ValueError for an unknown one."""
    return RUNGS.index(rung)


def lesson_card(number: int, language: str = "vi") -> LessonCard | None:
    """The published lesson of a number, in Vietnamese where the language is missing; None if nothing is published."""
    page = _page(number, language)
    return _lesson(page, number) if page else None


def lesson_steps(number: int, language: str = "vi") -> list[Step]:
    """The steps of a published lesson with the helper's notes, for the companion view; [] if nothing is published."""
    page = _page(number, language)
    if page is None:
        return []
    with translation.override(page.tongue):
        return page.all_steps()


def published_lessons(language: str = "vi") -> list[LessonCard]:
    """Every published lesson in the order of topics."""
    numbers = dict(LessonNumber.objects.values_list("translation_key", "number"))
    pages = LessonPage.objects.live().filter(locale__language_code=language).select_related("locale").order_by("path")
    return [_lesson(page, numbers[page.translation_key]) for page in pages if page.translation_key in numbers]


def _page(number: int, language: str) -> LessonPage | None:
    keys = LessonNumber.objects.filter(number=number).values("translation_key")
    found = LessonPage.objects.live().filter(translation_key__in=keys).select_related("locale")
    pages = {page.locale.language_code: page for page in found}
    return pages.get(language) or pages.get("vi")


def _lesson(page: LessonPage, number: int) -> LessonCard:
    return LessonCard(
        number, page.title, page.url or f"/b/{number}/", len(page.steps), page.minutes, page.icon, page.tongue
    )
