"""Services as plain values, kept for half a minute: every page of the product asks for them."""

from dataclasses import dataclass

from django.core.cache import cache
from django.utils import translation

from learning.reference.models import Service

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


def _card(row: Service) -> ServiceCard:
    def split(text: str) -> tuple[str, ...]:
        return tuple(line.strip() for line in text.splitlines() if line.strip())

    return ServiceCard(
        row.code, row.name_vi, row.name_en, row.short_vi, row.short_en, row.icon, row.goal_rung, row.lesson_number,
        row.needs_police, row.needs_own_device, split(row.papers_vi), split(row.papers_en),
    )  # fmt: skip


def _english() -> bool:
    return translation.get_language() == "en"
