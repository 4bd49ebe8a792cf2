"""Reads around visits: a volunteer's day, what a person may write at a door, how often nobody was in."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q

from project.accounts.models import User
from project.lib.clock import local_day, now, start_of_day
from volunteers.areas.models import Area
from volunteers.households.models import Household, HouseholdNote
from volunteers.sessions.models import Crew, Session, SignUp
from volunteers.targets.models import Campaign
from volunteers.teams.models import Membership
from volunteers.visits.models import Visit
from volunteers.visits.states import OPEN


def visit_to_record(user: User, visit_id: UUID) -> Visit | None:
    """The visit if this person may write its result (crew, team leader, lead), on whatever day; else None."""
    return (
        Visit.objects.recordable_by(user)
        .filter(pk=visit_id)
        .select_related("household__hamlet__parent", "session__area", "team", "crew")
        .first()
    )


def door_of(user: User, household_id: UUID) -> tuple[Household, Any] | None:
    """The household and what gives this person the right to write about it: the newest visit, or the lead's own scope.

    None for a household that does not exist or that the person has nothing to do with: both look the same.
    """
    visit = (
        Visit.objects.recordable_by(user)
        .filter(household_id=household_id)
        .exclude(status=Visit.Status.CANCELLED)
        .select_related("household__hamlet__parent", "team", "crew")
        .order_by("-planned_start")
        .first()
    )
    if visit is not None:
        return visit.household, visit
    household = Household.objects.visible_to(user).filter(pk=household_id).select_related("hamlet__parent").first()
    return (household, household) if household is not None else None


def running_campaign(commune: Area, on: date) -> Campaign | None:
    """The campaign that covers the commune on that day; the commune's own before the province's."""
    return (
        Campaign.objects.filter(area_id__in=[commune.pk, commune.parent_id], starts_on__lte=on, ends_on__gte=on)
        .order_by("area__level", "-starts_on")  # "commune" before "province"
        .first()
    )


def times_not_home(household: Household, on: date) -> int:
    """How often nobody was at home in the campaign of that day; without a campaign, ever."""
    visits = Visit.objects.filter(household=household, result=Visit.Result.NOT_HOME)
    campaign = running_campaign(household.hamlet.commune, on)
    if campaign is not None:
        visits = visits.filter(finished_at__gte=start_of_day(campaign.starts_on))
    return visits.count()


# -- A volunteer's day -----------------------------------------------------------------------------------------------


def own_walk(user: User, day: date) -> list[Visit]:
    """The visits of the crews that the person goes out with on that day, and walk-ins taken there, in walking order."""
    rows = _own(user).filter(planned_start__gte=start_of_day(day), planned_start__lt=_end_of(day))
    return list(
        rows.exclude(status=Visit.Status.CANCELLED)
        .select_related("household__hamlet", "session", "crew", "team")
        .prefetch_related("household__needs", Prefetch("household__notes", _newest_notes()))
        .in_walking_order()
    )


def own_days(user: User, first: date, days: int) -> Counter[date]:
    """How many visits the person has on each of the `days` days from `first`; one statement."""
    rows = _own(user).filter(
        planned_start__gte=start_of_day(first), planned_start__lt=_end_of(first + timedelta(days=days - 1))
    )
    starts = rows.exclude(status=Visit.Status.CANCELLED).values_list("planned_start", flat=True)
    return Counter(local_day(start) for start in starts)


def _own(user: User) -> Any:
    crews = Crew.objects.filter(members__user=user, members__left_on__isnull=True).values("pk")
    return Visit.objects.visible_to(user).filter(Q(crew__in=crews) | Q(taken_by=user))


def _newest_notes() -> Any:
    return HouseholdNote.objects.order_by("-recorded_at")


def _end_of(day: date) -> datetime:
    return start_of_day(day + timedelta(days=1))


@dataclass(frozen=True)
class Shift:
    """A session of the person's day: its crew mates, and when the person came and went."""

    session: Session
    mates: list[str]  # given names, without the person's own
    checked_in_at: datetime | None
    checked_out_at: datetime | None

    @property
    def is_now(self) -> bool:
        """From two hours before it starts until two hours after it ends: then people check in and out."""
        margin = timedelta(hours=2)
        return self.session.starts_at - margin <= now() <= self.session.ends_at + margin


def own_shifts(user: User, day: date) -> list[Shift]:
    """The open sessions in which the person goes out that day, in order. Three statements."""
    inside = {
        "session__starts_at__gte": start_of_day(day), "session__starts_at__lt": _end_of(day),
        "session__status": Session.Status.OPEN,
    }  # fmt: skip
    members = Prefetch("members", Membership.objects.filter(left_on__isnull=True).select_related("user"))
    crews = Crew.objects.filter(members__user=user, members__left_on__isnull=True, **inside).distinct()
    places = SignUp.objects.filter(membership__user=user, status=SignUp.Status.GOING, **inside)
    related = ("session__area", "session__hamlet", "session__team")
    sessions: dict[UUID, Session] = {}
    mates: dict[UUID, list[str]] = {}
    for crew in crews.select_related(*related).prefetch_related(members):
        sessions[crew.session_id] = crew.session
        names = [member.user.given_name for member in crew.members.all() if member.user_id != user.pk]
        mates.setdefault(crew.session_id, []).extend(names)
    signed: dict[UUID, SignUp] = {}
    for place in places.select_related(*related):
        sessions.setdefault(place.session_id, place.session)
        signed[place.session_id] = place
    shifts = []
    for session in sorted(sessions.values(), key=lambda row: (row.starts_at, row.pk)):
        mine = signed.get(session.pk)
        came, went = (mine.checked_in_at, mine.checked_out_at) if mine else (None, None)
        shifts.append(Shift(session, mates.get(session.pk, []), came, went))
    return shifts


def teams_and_leaders(user: User) -> tuple[list[Membership], list[Membership]]:
    """The person's memberships of today, and the other leaders of those teams. One statement."""
    own_teams = Membership.objects.current().filter(user=user).values("team_id")
    rows = (
        Membership.objects.current()
        .filter(Q(user=user) | Q(team__in=own_teams, role=Membership.Roles.LEADER))
        .select_related("team__area", "user")
        .order_by("joined_on", "pk")
    )
    found = list(rows)
    mine = [row for row in found if row.user_id == user.pk]
    return mine, [row for row in found if row.user_id != user.pk]


@dataclass(frozen=True)
class CrewProgress:
    """How far one crew of a day is."""

    session_id: UUID
    number: int
    leader: str
    starts_at: datetime
    done: int
    total: int


def crews_of_day(team_ids: Iterable[UUID], day: date) -> list[CrewProgress]:
    """Each crew with visits of these teams on that day, in order; one statement."""
    rows = (
        Visit.objects.filter(
            team__in=list(team_ids), crew__isnull=False,
            planned_start__gte=start_of_day(day), planned_start__lt=_end_of(day),
        )
        .exclude(status=Visit.Status.CANCELLED)
        .values("crew__session_id", "crew__number", "crew__leader__user__name", "crew__session__starts_at")
        .annotate(total=Count("pk"), still_open=Count("pk", filter=Q(status__in=sorted(OPEN))))
        .order_by("crew__session__starts_at", "crew__number")
    )  # fmt: skip
    return [
        CrewProgress(
            row["crew__session_id"], row["crew__number"], row["crew__leader__user__name"].split()[-1],
            row["crew__session__starts_at"], row["total"] - row["still_open"], row["total"],
        )
        for row in rows
    ]  # fmt: skip


def crews_ahead(visit: Visit, *, days: int = 21) -> list[Crew]:
    """The crews of coming open sessions of the visit's commune: where it may be moved to."""
    commune = visit.household.hamlet.parent_id
    window = {"session__ends_at__gt": now(), "session__starts_at__lt": now() + timedelta(days=days)}
    rows = Crew.objects.filter(session__area_id=commune, session__status=Session.Status.OPEN, **window)
    return list(rows.select_related("session__team", "leader__user").order_by("session__starts_at", "number"))
