"""The past of the lively communes, played day by day through the real verbs, so that ledger and boards are true."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from project.accounts.models import User
from project.demo.blocks import Block
from project.demo.people import Staff
from project.demo.roster import ages_of
from project.demo.rounds import Roster
from project.lib.clock import frozen, start_of_day
from volunteers.activations import actions as ledger
from volunteers.activations.models import Event
from volunteers.households import actions as households
from volunteers.households.models import Household, Person
from volunteers.households.rules import good_time_windows
from volunteers.sessions.models import Session
from volunteers.visits import actions as visits
from volunteers.visits.models import Visit

# What happened at the nth door of a commune; the others went well, or nobody was in.
SPECIAL_RESULTS = {7: "refused", 11: "come_back", 23: "come_back", 31: "moved_away"}
ALWAYS_IN = "H-0017"  # two people with a record, so that 25396/H-0017/B is somebody
RUNGS = ("activated", "activated", "registered", "activated", "did_alone", "activated", "referred", "briefed")
BLOCKERS = ("no_phone", "forgot_password", "no_signal", "sim_not_own")
WALK_INS = {"mobile_day": 6, "sunday": 5, "level2_drive": 6, "counter_shift": 3}
TWICE = (2,)  # these walk-ins were helped at home before: their claims are doubles
FACES = (3, 3, 2, 3, None, 3, 3, 1)
VERIFIED_EVERY = 4


@dataclass
class Past:
    """One commune's past while it is played. `drive`: the coming level-2 drive that people are referred to."""

    staff: Staff
    roster: Roster
    blocks: Sequence[Block]
    drive: Session
    doors: int = 0
    outcomes: int = 0
    served: list[Household] = field(default_factory=list)
    claims: list[Event] = field(default_factory=list)
    absent: set[UUID] = field(init=False)

    def __post_init__(self) -> None:
        knocks = Counter(household.pk for block in self.blocks for household in block.households)
        self.absent = {key for key, count in knocks.items() if count > 1}


def play(pasts: Sequence[Past], today: date) -> None:
    """Everything that happened before `today`, in the order of time; then the leads look their figures over."""
    acts = [(block.starts_at, block.area.pk, past, block) for past in pasts for block in past.blocks]
    for _at, _code, past, block in sorted(acts, key=lambda act: act[:2]):
        for visit in block.visits:
            with frozen(visit.planned_start):
                _door(past, visit, block, today)
        for number in range(WALK_INS.get(block.kind, 0)):
            with frozen(block.starts_at + timedelta(minutes=20 + 25 * number)):
                _walk_in(past, block, number)
    for past in pasts:
        with frozen(start_of_day(today) - timedelta(hours=2)):
            for claim in past.claims[: -len(past.claims) // 4 : VERIFIED_EVERY]:  # the newest still wait
                if not claim.flag:
                    ledger.verify(claim, by=past.staff.lead)


def _door(past: Past, visit: Visit, block: Block, today: date) -> None:
    """One knock: what was found, who was helped with what, how it ended."""
    number, household = past.doors, visit.household
    past.doors += 1
    by = block.crew[number % 2].user
    result = _result(past, number, household)
    is_done, is_promise = result == "done", result == "come_back"
    if is_done:
        past.served.append(household)
        for person in _persons(household, visit, by):
            _outcomes(past, person, visit, by)
    minutes = 20 + 5 * (number % 6) if is_done else 5
    visits.finish_visit(
        visit,
        by=by,
        result=result,
        at=visit.planned_start + timedelta(minutes=minutes),
        come_back_on=today + timedelta(days=2) if is_promise else None,
        good_time=good_time_windows("sáng") if is_promise else (),
        minutes=minutes,
        faces=FACES[number % len(FACES)] if is_done else None,
        unnamed_services=["safety"] if is_done and number % 13 == 4 else (),
        blocker=BLOCKERS[number % len(BLOCKERS)] if result == "cannot_serve" else "",
    )
    if is_done:
        ledger.settle_household(household, by=by)


def _result(past: Past, number: int, household: Household) -> str:
    if household.pk in past.absent:
        return "not_home"
    if household.code == ALWAYS_IN:
        return "done"
    usual = "not_home" if number % 8 == 5 else "cannot_serve" if number % 19 == 16 else "done"
    return SPECIAL_RESULTS.get(number, usual)


def _walk_in(past: Past, block: Block, number: int) -> None:
    """Somebody came by: a door of the roster not yet visited, or people who were helped at home before."""
    by = block.crew[number % len(block.crew)].user
    is_known = number in TWICE and bool(past.served)
    if is_known:
        household = past.served.pop(0)
    else:
        assert block.hamlet is not None
        household = past.roster.take(block.hamlet.code, 1)[0]
    visit = visits.record_walk_in(block.session, household, by=by, team=block.team)
    persons = list(household.persons.all()) if is_known else _persons(household, visit, by)
    for person in persons:
        if is_known:
            _double(past, person, visit, by)
        else:
            _outcomes(past, person, visit, by)
    visits.finish_visit(visit, by=by, result="done", minutes=20, faces=3)
    ledger.settle_household(household, by=by)


def _persons(household: Household, visit: Visit, by: User) -> list[Person]:
    """The household's people, who agreed to a record."""
    first = household.call_name or ""
    calls = [first, "ông" if "bà" in first else "bà", "cô Út"]
    return [
        households.add_person(household, by=by, call_name=call, age_band=age, through=visit)
        for call, age in zip(calls, ages_of(household), strict=False)
    ]


def _outcomes(past: Past, person: Person, visit: Visit, by: User) -> None:
    """One claim for each need of the household. A few were made on somebody else's phone, and wait for the lead."""
    for code in visit.household.wanted:  # type: ignore[attr-defined]
        number = past.outcomes
        past.outcomes += 1
        rung = "briefed" if code == "safety" else RUNGS[number % len(RUNGS)]
        is_own = number % 61 != 30
        told = ledger.record_outcome(
            person,
            code,
            rung,
            by=by,
            visit=visit,
            own_device=is_own,
            own_sim=is_own,
            referred_to=past.drive if rung == "referred" else None,
            blocker="needs_police" if rung == "referred" and code == "vneid_l2" else "",
        )
        past.claims.append(told.event)


def _double(past: Past, person: Person, visit: Visit, by: User) -> None:
    """The same help claimed once more: flagged as a double, counted once."""
    known = person.events.filter(kind=Event.Kind.CLAIM, flag="").order_by("number").first()
    if known is not None:
        ledger.record_outcome(person, known.service_id, known.rung, by=by, visit=visit, own_device=True, own_sim=True)
