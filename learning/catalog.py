"""The only door from the rest of the product into learning: services, the ladder, published lessons and their steps."""

from dataclasses import dataclass

from django.core.cache import cache
from django.utils import translation

from learning.models import LessonNumber, LessonPage
from learning.snippets import RUNGS, Service
from learning.steps import Hint, Picture, Step, Track

__all__ = [
    "Hint", "LessonCard", "Picture", "ServiceCard", "Step", "Track", "forget_services", "goal_rungs", "lesson_card",
    "lesson_steps", "published_lessons", "rung_index", "rungs", "service", "services",
]  # fmt: skip

_KEPT = "learning.services"
_SECONDS = 30


@dataclass(frozen=True)
class ServiceCard:
    """What an account or a skill is. Texts follow the language of the page."""

    code: str
    name_vi: str
    name_en: str
    short_vi: str
    short_en: str
    icon: str
    goal_rung: str
    lesson_number: int | None
    needs_police: bool
    needs_own_device: bool
    papers_vi: tuple[str, ...]
    papers_en: tuple[str, ...]

    @property
    def name(self) -> str:
        """The full name."""
        return self.name_en if _english() else self.name_vi

    @property
    def short(self) -> str:
        """A name that fits on a chip."""
        return (self.short_en or self.name_en) if _english() else (self.short_vi or self.name_vi)

    @property
    def papers(self) -> tuple[str, ...]:
        """Papers to have at hand."""
        return self.papers_en if _english() and self.papers_en else self.papers_vi


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


def services() -> list[ServiceCard]:
    """Every service in its order; kept for half a minute."""
    kept: list[ServiceCard] | None = cache.get(_KEPT)
    if kept is None:
        kept = [_card(row) for row in Service.objects.all()]
        cache.set(_KEPT, kept, _SECONDS)
    return kept


def service(code: str) -> ServiceCard | None:
    """One service by its code, None if there is none."""
    return next((card for card in services() if card.code == code), None)


def forget_services() -> None:
    """After a service changed: the next question asks the database."""
    cache.delete(_KEPT)


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


def _card(row: Service) -> ServiceCard:
    def split(text: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in text.splitlines() if line.strip())

    return ServiceCard(
        row.code, row.name_vi, row.name_en, row.short_vi, row.short_en, row.icon, row.goal_rung, row.lesson_number,
        row.needs_police, row.needs_own_device, split(row.papers_vi), split(row.papers_en),
    )  # fmt: skip


def _page(number: int, language: str) -> LessonPage | None:
    keys = LessonNumber.objects.filter(number=number).values("translation_key")
    found = LessonPage.objects.live().filter(translation_key__in=keys).select_related("locale")
    pages = {page.locale.language_code: page for page in found}
    return pages.get(language) or pages.get("vi")


def _lesson(page: LessonPage, number: int) -> LessonCard:
    return LessonCard(
        number, page.title, page.url or f"/b/{number}/", len(page.steps), page.minutes, page.icon, page.tongue
    )


def _english() -> bool:
    return translation.get_language() == "en"
