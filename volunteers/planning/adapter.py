"""Translates between our tables and the engine's JSON (planner-json), both ways; its only rules are those of D10."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from project.lib.clock import now, start_of_day, today
from volunteers.areas.models import Area
from volunteers.availability.queries import free_intervals
from volunteers.availability.rules import covers
from volunteers.households.models import Household
from volunteers.households.queries import PoolHousehold, pool_for_planning
from volunteers.planning.models import PlanRun
from volunteers.sessions.models import Crew, Holiday
from volunteers.sessions.queries import bookings_of
from volunteers.targets.models import Campaign
from volunteers.targets.queries import current_campaign
from volunteers.targets.rules import default_slots
from volunteers.teams.models import Membership, TrainingRecord
from volunteers.visits.models import Visit

MINUTES_BASE, MINUTES_PER_PERSON, MINUTES_PER_NEED = 10, 15, 5  # house.md D10
MEASURED_FROM = 30  # visits after which the commune's own median replaces the figures
FAIRNESS_DAYS = 28
DAY = 1440


@dataclass(frozen=True)
class Block:
    """One slot of the horizon with its day: what a slot id of the JSON stands for."""

    id: str
    day: date
    start: int
    end: int

    def at(self, first: date) -> tuple[int, int]:
        """Start and end in the engine's minutes (after midnight of the horizon's first day)."""
        offset = (self.day - first).days * DAY
        return offset + self.start, offset + self.end


def problem_for(area: Area, from_on: date, to_on: date) -> dict[str, Any]:
    """The commune's problem between two days (both included) as planner-json has it."""
    campaign = current_campaign(area, from_on)
    blocks = blocks_of(campaign, area, from_on, to_on)
    households = plannable(area, from_on, to_on)
    members = crew_members(area, campaign)
    spent = minutes_spent(members)
    free = free_blocks(members, blocks)
    median = measured_minutes(area)
    return {
        "format": "go-cua.problem/1",
        "horizon": {
            "days": (to_on - from_on).days + 1,
            "slots": [_slot(block, from_on) for block in blocks],
        },
        "rules": {
            "crew_min": 2, "crew_max": 3, "prize_unit": 60, "max_slots_per_day": 2, "l2_visits_per_officer_slot": 4,
            "targets": {},
        },
        "travel": {
            "walk_kmh": 4.5, "ride_kmh": 20.0, "ride_fixed": 4, "detour": 1.35, "inside_hamlet": 5, "hamlet_extra": 3,
            "matrix": {},
        },
        "households": [_household(item, from_on, to_on, median) for item in households],
        "volunteers": [_volunteer(member, free[member.pk], spent.get(member.pk, 0)) for member in members],
        "fixed": [],
        "previous": None,
    }  # fmt: skip


def blocks_of(campaign: Campaign | None, area: Area, from_on: date, to_on: date) -> list[Block]:
    """The campaign's blocks on every day that is no holiday and not over yet."""
    wanted = (campaign.slots if campaign is not None else None) or default_slots()
    province = area.commune.parent
    off = set(
        Holiday.objects.filter(Q(province__isnull=True) | Q(province=province), day__gte=from_on, day__lte=to_on)
        .values_list("day", flat=True)
    )  # fmt: skip
    blocks = []
    for number in range((to_on - from_on).days + 1):
        day = from_on + timedelta(days=number)
        if day in off:
            continue
        for slot in wanted:
            begins = start_of_day(day) + timedelta(minutes=slot["start"])
            if day.weekday() in slot["days"] and begins > now():
                blocks.append(Block(f"d{number}-{slot['id']}", day, slot["start"], slot["end"]))
    return blocks


def plannable(area: Area, from_on: date, to_on: date) -> list[PoolHousehold]:
    """The pool without those who have an open visit to come, and without promises for after the horizon."""
    open_visits = Visit.objects.filter(
        household__commune=area, status__in=[Visit.Status.PLANNED, Visit.Status.STARTED], planned_start__gte=now()
    )
    taken = set(open_visits.values_list("household_id", flat=True))
    return [
        item
        for item in pool_for_planning(area)
        if item.id not in taken and not (item.come_back_on and item.come_back_on > to_on)
    ]


def crew_members(area: Area, campaign: Campaign | None) -> list[Membership]:
    """Who may be sent out: members of active teams who accepted the code of conduct and passed the required lessons."""
    members = (
        Membership.objects.current()
        .filter(team__area=area, team__is_active=True, user__is_active=True, user__conduct_version__gt=0)
        .select_related("team", "user", "home_hamlet")
        .prefetch_related("skills")
        .order_by("pk")
    )
    required = set(campaign.required_lessons) if campaign is not None else set()
    if not required:
        return list(members)
    passed: dict[UUID, set[int]] = {}
    for user, number in TrainingRecord.objects.filter(lesson_number__in=required).values_list("user", "lesson_number"):
        passed.setdefault(user, set()).add(number)
    return [member for member in members if required <= passed.get(member.user_id, set())]


def free_blocks(members: Sequence[Membership], blocks: Sequence[Block]) -> dict[UUID, list[str]]:
    """membership → ids of the blocks that its free time holds and in which it is not booked."""
    result: dict[UUID, list[str]] = {member.pk: [] for member in members}
    if not blocks or not members:
        return result
    first, last = blocks[0].day, blocks[-1].day
    free = free_intervals(members, first=first, last=last)
    booked: dict[str, list[tuple[datetime, datetime]]] = {}
    window = {"start": start_of_day(first), "end": start_of_day(last + timedelta(days=1))}
    for item in bookings_of([member.pk for member in members], **window):
        booked.setdefault(item.subject, []).append((item.starts_at, item.ends_at))
    for member in members:
        for block in blocks:
            begins = start_of_day(block.day) + timedelta(minutes=block.start)
            ends = start_of_day(block.day) + timedelta(minutes=block.end)
            busy = any(start < ends and begins < end for start, end in booked.get(f"member:{member.pk}", []))
            if not busy and covers(free[member.pk][block.day], (block.start, block.end)):
                result[member.pk].append(block.id)
    return result


def minutes_spent(members: Iterable[Membership]) -> dict[UUID, int]:
    """Minutes out with crews in the last four weeks: the planner evens the hours out."""
    since = start_of_day(today() - timedelta(days=FAIRNESS_DAYS))
    rows = Crew.objects.filter(
        members__in=[member.pk for member in members], session__starts_at__gte=since, session__starts_at__lt=now()
    ).values_list("members", "session__starts_at", "session__ends_at")
    spent: dict[UUID, int] = {}
    for member, start, end in rows:
        spent[member] = spent.get(member, 0) + int((end - start).total_seconds() // 60)
    return spent


def measured_minutes(area: Area) -> int | None:
    """The commune's median length of a completed visit, once there are enough of them."""
    lengths = list(
        Visit.objects.filter(household__commune=area, status=Visit.Status.COMPLETED, minutes__isnull=False)
        .order_by("-planned_start")
        .values_list("minutes", flat=True)[:200]
    )
    return round(statistics.median(lengths)) if len(lengths) >= MEASURED_FROM else None


def _slot(block: Block, first: date) -> dict[str, Any]:
    start, end = block.at(first)
    return {"id": block.id, "day": (block.day - first).days, "start": start, "end": end, "kind": "round"}


def _household(item: PoolHousehold, first: date, last: date, median: int | None) -> dict[str, Any]:
    length = MINUTES_BASE + MINUTES_PER_PERSON * item.people + MINUTES_PER_NEED * len(item.needs)
    if median is not None:
        length = max(15, round(length * median / (MINUTES_BASE + MINUTES_PER_PERSON + MINUTES_PER_NEED)))
    return {
        "id": str(item.id),
        "hamlet": item.hamlet,
        "lat": item.lat,
        "lon": item.lon,
        "alley": None,
        "alley_order": item.lane_order or None,
        "minutes": min(180, -(-length // 5) * 5),
        "weight": min(9, item.priority * item.people),
        "p_activation": 1.0,
        "windows": windows_of(item, first, last),
        "language": item.language,
        "needs": sorted(item.needs),
        "woman_wanted": item.woman_wanted,
        "officer": False,  # a level-2 registration is a drive with the police, never a visit at home (domain.md A2)
    }


def windows_of(item: PoolHousehold, first: date, last: date) -> list[dict[str, int]]:
    """When the door may be knocked on, in the engine's minutes. A promise («come back on») leaves only its day."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    wishes = item.good_time
    if item.come_back_on and first <= item.come_back_on <= last:
        days, wishes = [item.come_back_on], item.come_back_good_time or item.good_time
    if not wishes:
        start, end = (days[0] - first).days * DAY, ((days[-1] - first).days + 1) * DAY
        return [{"start": start, "end": end}]
    windows = []
    for day in days:
        offset = (day - first).days * DAY
        spans = sorted({(wish["start"], wish["end"]) for wish in wishes if day.weekday() in wish["days"]})
        windows += [{"start": offset + start, "end": offset + end} for start, end in spans]
    return windows


def _volunteer(member: Membership, slots: list[str], spent: int) -> dict[str, Any]:
    home = member.home_hamlet
    return {
        "id": str(member.pk),
        "hamlet": home.code if home else None,
        "lat": home.lat if home else None,
        "lon": home.lon if home else None,
        "slots": slots,
        "languages": sorted({"vi", *member.languages}),
        "skills": sorted(service.code for service in member.skills.all()),
        "woman": member.gender == Membership.Gender.WOMAN,
        "adult": member.is_adult,
        "leader": member.may_lead and member.is_adult,
        "officer": member.is_officer,
        "max_visits_per_day": member.max_visits_per_day,
        "max_slots": member.max_slots_per_week,
        "past_minutes": spent,
    }


@dataclass(frozen=True)
class PlannedCrew:
    """A crew of the plan with its people, its times and its doors, in our own words."""

    slot: str
    day: date
    start: datetime
    end: datetime
    leader: UUID
    members: tuple[UUID, ...]
    visits: tuple[tuple[UUID, datetime, datetime, int], ...]  # household, start, end, minutes on the way before


def crews_of(problem: dict[str, Any], plan: dict[str, Any], from_on: date) -> list[PlannedCrew]:
    """The plan's crews, in the order of their slots."""
    slots = {slot["id"]: slot for slot in problem["horizon"]["slots"]}
    midnight = start_of_day(from_on)

    def moment(minute: int) -> datetime:
        return midnight + timedelta(minutes=minute)

    crews = []
    for crew in sorted(plan["crews"], key=lambda item: (slots[item["slot"]]["start"], item["leader"])):
        slot = slots[crew["slot"]]
        crews.append(
            PlannedCrew(
                slot=crew["slot"],
                day=from_on + timedelta(days=slot["day"]),
                start=moment(slot["start"]),
                end=moment(slot["end"]),
                leader=UUID(crew["leader"]),
                members=tuple(UUID(member) for member in crew["members"]),
                visits=tuple(
                    (UUID(stop["household"]), moment(stop["start"]), moment(stop["end"]), stop["travel"])
                    for stop in crew["visits"]
                ),
            )
        )
    return crews


@dataclass(frozen=True)
class StopCard:
    """One door of a route."""

    household: Household
    start: datetime
    end: datetime
    travel: int


@dataclass(frozen=True)
class CrewCard:
    """A crew with its slot and its walk."""

    start: datetime
    end: datetime
    leader: Membership | None
    others: list[Membership]
    stops: list[StopCard]


@dataclass(frozen=True)
class LeftOutCard:
    """A household that is not served, why, and what would help."""

    household: Household
    text: str
    would_help: str


@dataclass(frozen=True)
class ProposalCard:
    """A proposal as the lead sees it."""

    crews: list[CrewCard]
    left_out: list[LeftOutCard]
    metrics: dict[str, Any]
    baseline: dict[str, Any]
    violations: list[str]

    @property
    def people(self) -> int:
        """How many different volunteers go out."""
        return len(
            {member.pk for crew in self.crews for member in [*crew.others, *([crew.leader] if crew.leader else [])]}
        )


def proposal_card(run: PlanRun) -> ProposalCard | None:
    """The run's proposal with its rows, in a handful of queries; None while there is none."""
    proposal = getattr(run, "proposal", None)
    if proposal is None:
        return None
    crews = [crew for crew in crews_of(proposal.problem, proposal.plan, run.from_on) if crew.visits]
    left = proposal.plan["unserved"]
    keys = {stop[0] for crew in crews for stop in crew.visits} | {UUID(item["household"]) for item in left}
    households = Household.objects.select_related("hamlet").in_bulk(keys)
    people = Membership.objects.select_related("user", "team").in_bulk({key for crew in crews for key in crew.members})
    return ProposalCard(
        crews=[
            CrewCard(
                start=crew.start,
                end=crew.end,
                leader=people.get(crew.leader),
                others=[people[key] for key in crew.members if key != crew.leader and key in people],
                stops=[
                    StopCard(households[key], start, end, travel)
                    for key, start, end, travel in crew.visits
                    if key in households
                ],
            )
            for crew in crews
        ],
        left_out=[
            LeftOutCard(households[UUID(item["household"])], item["text"], item["would_help"])
            for item in left
            if UUID(item["household"]) in households
        ],
        metrics=proposal.plan["metrics"],
        baseline=proposal.baseline,
        violations=proposal.violations,
    )
