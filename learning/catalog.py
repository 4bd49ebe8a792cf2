"""The only door from the rest of the product into learning: services, the ladder, published lessons and their steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from learning.feedback.actions import count_asked
from learning.lessons.models import LessonPage
from learning.lessons.numbers import LessonNumber
from learning.lessons.offers import MAX_UPLOAD, OfferRefused, offer_voice, withdraw_voice
from learning.lessons.steps import Hint, Step, Term, Track
from learning.media.pictures import Picture
from learning.reference.cards import ServiceCard, forget_services, service, services
from learning.reference.contacts import HelpCard, help_contacts, local_contact
from learning.reference.models import RUNGS
from learning.search.places import PlaceHit, offer_places
from learning.voice.offers import REGION_LENGTH, VoiceOffer, tongue_choices
from project.accounts.models import User

__all__ = [
    "MAX_UPLOAD", "REGION_LENGTH", "HelpCard", "Hint", "LessonCard", "LessonPlace", "OfferRefused", "OwnOffer",
    "Picture", "PlaceHit", "ServiceCard", "Step", "Term", "Track", "count_request", "forget_services", "goal_rungs",
    "help_contacts", "lesson_card", "lesson_places", "lesson_steps", "local_contact", "offer_places", "offer_voice",
    "own_offers", "own_sound", "published_lessons", "rung_index", "rungs", "service", "services", "take_back_offer",
    "tongue_choices",
]  # fmt: skip
MOST_OFFERS = 100


@dataclass(frozen=True)
class LessonCard:
    """A published lesson: its number for ever, title, public addresses (paths), steps and minutes.

    `practice_href` is '' where the lesson has no practice phone.
    """

    number: int
    title: str
    url: str
    steps: int
    minutes: int
    icon: str
    language: str
    card_href: str = ""
    sheet_href: str = ""
    practice_href: str = ""


@dataclass(frozen=True)
class LessonPlace:
    """A step of a published lesson in words. `step` is its number; 0, with an empty `text`, is the whole lesson."""

    lesson: int
    title: str
    step: int
    text: str
    url: str
    language: str


@dataclass(frozen=True)
class OwnOffer:
    """A recording that a person offered: for which step (0: it is no more), and what became of it, in words."""

    pk: int
    lesson: int
    title: str
    step: int
    language: str
    tongue: str
    region: str
    seconds: int
    offered_at: datetime
    state: str  # waiting, accepted, declined
    told: str
    reason: str


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


def lesson_steps(number: int, language: str = "vi", iphone: bool = False) -> list[Step]:
    """The steps of a published lesson with the helper's notes, for the companion view; [] if nothing is published.

    `iphone`: as an iPhone shows them, where that differs (`Step.has_variant`).
    """
    page = _page(number, language)
    if page is None:
        return []
    with translation.override(page.tongue):
        return page.all_steps(iphone=iphone)


def lesson_places(asked: Iterable[tuple[int, str]], language: str = "vi") -> dict[tuple[int, str], LessonPlace]:
    """(lesson, step's id or number) → its words; a step that is no more is the whole lesson. Two statements.

    Lessons of which nothing is published are left out. Vietnamese where the language is missing.
    """
    pairs = set(asked)
    numbers = LessonNumber.objects.filter(number__in={number for number, _step in pairs})
    keys = {row.translation_key: row.number for row in numbers}
    found = LessonPage.objects.live().filter(translation_key__in=keys, locale__language_code__in={language, "vi"})
    pages: dict[int, LessonPage] = {}
    for page in found.select_related("locale"):
        number = keys[page.translation_key]
        if number not in pages or page.locale.language_code == language:
            pages[number] = page
    return {(number, step): _place(pages[number], number, step) for number, step in pairs if number in pages}


def count_request(number: int, step: str = "") -> None:
    """Somebody asked for a visit from this step (its id or number) of a lesson: one more on today's anonymous counts.

    An unknown step counts for the whole lesson, an unknown lesson for nothing.
    """
    page = _page(number, translation.get_language() or "vi")
    if page is not None:
        count_asked(page, number, step)


def own_offers(user: User) -> list[OwnOffer]:
    """What this person has recorded, the newest first, at most MOST_OFFERS."""
    rows = list(VoiceOffer.objects.filter(offered_by=user).order_by("-offered_at", "-pk")[:MOST_OFFERS])
    places = lesson_places({(row.number, row.step) for row in rows})
    found = []
    for row in rows:
        place = places.get((row.number, row.step))
        found.append(
            OwnOffer(
                row.pk, row.number, place.title if place else "", place.step if place else 0, row.language,
                str(row.get_language_display()), row.region, row.whole_seconds, row.offered_at, row.state,
                str(row.get_state_display()), row.reason,
            )
        )  # fmt: skip
    return found


def own_sound(pk: int, *, by: User) -> bytes | None:
    """The MP3 of an own offer that still waits; None for anything else."""
    row = VoiceOffer.objects.filter(pk=pk, offered_by=by, state=VoiceOffer.State.WAITING).first()
    if row is None or not row.audio:
        return None
    with row.audio.open("rb") as file:
        return bytes(file.read())


def take_back_offer(pk: int, *, by: User) -> None:
    """An own offer that still waits is deleted with its recording. OfferRefused if there is none."""
    withdraw_voice(pk, by=by)


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


def _place(page: LessonPage, number: int, step: str) -> LessonPlace:
    place = page.position(step)
    url = page.url or page.fixed(f"/b/{number}/")
    if place is None:
        return LessonPlace(number, page.title, 0, "", url, page.tongue)
    text = page.steps.raw_data[place - 1]["value"]["text"]
    return LessonPlace(number, page.title, place, text, f"{url}?buoc={place}", page.tongue)


def _lesson(page: LessonPage, number: int) -> LessonCard:
    short = page.fixed(f"/b/{number}/")
    url = page.url or short
    return LessonCard(
        number, page.title, url, len(page.steps), page.minutes, page.icon, page.tongue,
        card_href=f"{short}the/", sheet_href=f"{short}in/", practice_href=f"{url}?thu=1" if len(page.rehearsal) else "",
    )  # fmt: skip
