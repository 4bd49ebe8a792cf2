"""Reads of help requests: the lead's list with its clock, the public status, and the words for what and when."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from learning import catalog
from project.accounts.models import User
from project.lib.clock import now
from project.lib.ids import clean_code
from volunteers.areas.models import Area
from volunteers.requests import states
from volunteers.requests.models import HelpRequest

OTHER = "other"
HARD_DAYS = 30
MOST_PLACES = 200  # anybody may send any step: no more are named than can be shown


@dataclass(frozen=True, slots=True)
class Choice:
    """One tile of the help form."""

    value: str
    label: str
    icon: str


@dataclass(frozen=True, slots=True)
class Row:
    """A request in the lead's list."""

    request: HelpRequest
    topic: str
    when: str
    waited: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class HardPlace:
    """A step of a lesson in which people asked for help, and how often."""

    place: catalog.LessonPlace
    count: int


def topics() -> list[Choice]:
    """What an elder may ask help with: the services, then «something else»."""
    tiles = [Choice(service.code, service.name, service.icon) for service in catalog.services()]
    return [*tiles, Choice(OTHER, _("Something else on the phone"), "help-hand")]


def topic_codes() -> set[str]:
    """Codes that a request's topic may have."""
    return {service.code for service in catalog.services()} | {OTHER}


def topic_of_lesson(number: int | None) -> str:
    """The service that a lesson teaches ('' if none): who is stuck in it most likely needs help with that."""
    if number is None:
        return ""
    return next((service.code for service in catalog.services() if service.lesson_number == number), "")


def topic_label(code: str, known: dict[str, str] | None = None) -> str:
    """The topic in the language of the page; an unknown code (a service retired since) as «something else»."""
    names = known if known is not None else topic_names()
    return names.get(code) or _("Something else on the phone")


def topic_names() -> dict[str, str]:
    """Code → label, read once for a list."""
    return {choice.value: choice.label for choice in topics()}


def good_times() -> list[Choice]:
    """When help is welcome, as the help form offers it."""
    labels = {
        states.MORNING: (_("In the morning"), "clock"),
        states.AFTERNOON: (_("In the afternoon"), "clock"),
        states.EVENING: (_("In the evening"), "clock"),
        states.SUNDAY: (_("On Sunday"), "calendar"),
        states.ANY: (_("Any time"), "check"),
    }
    return [Choice(value, *labels[value]) for value in states.GOOD_TIMES]


def good_time_label(value: str) -> str:
    """The stored time as people read it."""
    if value == "weekend":
        return _("At the weekend")
    return next((choice.label for choice in good_times() if choice.value == value), value) or _("Any time")


def waited(since: datetime, moment: datetime) -> str:
    """How long ago, in one unit: '25 minutes', '9 hours', '3 days' (Django's own words are not in Vietnamese)."""
    minutes = max(0, int((moment - since).total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(counter)s minute", "%(counter)s minutes", minutes) % {"counter": minutes}
    if minutes < 48 * 60:
        return ngettext("%(counter)s hour", "%(counter)s hours", minutes // 60) % {"counter": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(counter)s day", "%(counter)s days", days) % {"counter": days}


def by_code(text: str) -> HelpRequest | None:
    """The request with this public code, however it was typed; None if there is none."""
    code = clean_code(text)
    if not code or len(code) > 12:
        return None
    return HelpRequest.objects.filter(code=code).select_related("area", "hamlet").first()


def listed(
    user: User, *, scope: str = "", status: str = "open", late: bool = False, team: Any = None
) -> QuerySet[HelpRequest]:
    """What this person may see, filtered: `status` 'open', 'all' or one state; oldest open ones first."""
    rows: QuerySet[HelpRequest] = HelpRequest.objects.visible_to(user)
    if scope:
        rows = HelpRequest.objects.visible_to(user).beneath(scope)
    if status == "open":
        rows = rows.filter(status__in=[states.RECEIVED, states.ASSIGNED])
    elif status in HelpRequest.Status.values:
        rows = rows.filter(status=status)
    if late:
        rows = rows.filter(late_now())
    if team is not None:
        rows = rows.filter(team=team)
    order = "received_at" if status in {"open", states.RECEIVED, states.ASSIGNED} else "-received_at"
    return rows.select_related("area", "hamlet", "team").order_by(order, "pk")


def late_now() -> Q:
    """`states.is_late` as a condition of the database."""
    moment = now()
    unanswered = Q(status=states.RECEIVED, received_at__lt=moment - states.ANSWER_WITHIN)
    return unanswered | Q(status=states.ASSIGNED, comes_on__lt=moment.date())


def as_rows(requests: list[HelpRequest]) -> list[Row]:
    """The list's lines with their words and clock."""
    names, moment = topic_names(), now()
    return [
        Row(
            request=request,
            topic=topic_label(request.topic, names),
            when=good_time_label(request.good_time),
            waited=waited(request.received_at, moment),
            is_late=states.is_late(
                request.status, received_at=request.received_at, comes_on=request.comes_on, now=moment
            ),
        )
        for request in requests
    ]


def open_counts(scope: str) -> dict[str, int]:
    """For a board of the area at `scope` (the caller has asked for the right): {'open': n, 'late': n}."""
    rows = HelpRequest.objects.all().beneath(scope).filter(status__in=[states.RECEIVED, states.ASSIGNED])
    return {"open": rows.count(), "late": rows.filter(late_now()).count()}


def open_for_board(scope: str, limit: int = 5) -> list[Row]:
    """The requests that have waited longest at `scope`, for a board (the caller has asked for the right)."""
    rows = HelpRequest.objects.all().beneath(scope).filter(status__in=[states.RECEIVED, states.ASSIGNED])
    return as_rows(list(rows.select_related("area", "hamlet", "team").order_by("received_at")[:limit]))


def hard_places(user: User, scope: str = "", *, limit: int = 5) -> list[HardPlace]:
    """Which steps of which lessons brought the help requests of the last 30 days that this person may see.

    The most frequent first, at or beneath `scope` if one is given. Three statements; one where no lesson is named.
    """
    rows = HelpRequest.objects.visible_to(user).filter(received_at__gte=now() - timedelta(days=HARD_DAYS))
    if scope:
        rows = rows.beneath(scope)
    rows = rows.filter(lesson_number__isnull=False).values("lesson_number", "step").annotate(n=Count("pk"))
    found = {(row["lesson_number"], row["step"]): row["n"] for row in rows.order_by("-n", "step")[:MOST_PLACES]}
    if not found:
        return []
    named = catalog.lesson_places(found, get_language() or "vi")
    counts: Counter[catalog.LessonPlace] = Counter()  # a step may be named by its id and by its number
    for asked, place in named.items():
        counts[place] += found[asked]
    worst = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].lesson, pair[0].step))
    return [HardPlace(place, count) for place, count in worst[:limit]]


def contact_of(commune: Area | None) -> catalog.HelpCard | None:
    """Whom to call at once: the commune's own contact; None where it has none, or where no commune is known."""
    return catalog.local_contact(catalog.help_contacts(commune.code)) if commune else None


def place_label(commune: Area, hamlet: Area | None) -> str:
    """'Thôn 3, Xã Bù Đăng'; the unlisted hamlet is not named."""
    return f"{hamlet.full_name}, {commune.full_name}" if hamlet and not hamlet.is_unlisted else commune.full_name
