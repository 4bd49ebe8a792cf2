"""Rounds written in bulk: the modest communes', and the lively ones' oldest. `recount` confirms their tallies."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from learning import catalog
from project.demo.blocks import Block, write_blocks
from project.demo.people import Staff
from project.demo.roster import ages_of
from project.demo.rounds import crew_of
from volunteers.activations import queries, rules
from volunteers.activations.models import Event, Rollup, Standing
from volunteers.households.models import Consent, Household, Person
from volunteers.households.rules import CONSENT_VERSION
from volunteers.sessions.models import Session
from volunteers.visits.models import Visit
from volunteers.visits.states import needs_done

ROUNDS = (-17, -13, -9, -6, -3)
RUNGS = ("activated", "registered", "activated", "briefed", "activated")
BRIEFED, BRIEFED_RUNG = "safety", rules.RUNGS[0]  # the service that is only talked about
MINUTES = 25


def write_past(staff: Staff, households: Sequence[Household], today: date) -> list[Event]:
    """All doors but the last four in five rounds, two outcomes at each; and a round tomorrow for the last four."""
    share = -(-(len(households) - 4) // len(ROUNDS))
    blocks = [
        Block(
            kind=Session.Kind.ROUND, area=staff.commune, team=staff.teams[0], day=today + timedelta(days=offset),
            hours=("am", "pm")[turn % 2], crew=crew_of(staff, 0, turn), hamlet=staff.hamlets[turn % len(staff.hamlets)],
            households=list(households[turn * share : (turn + 1) * share] if offset < 0 else households[-4:]),
        )
        for turn, offset in enumerate((*ROUNDS, 1))
    ]  # fmt: skip
    blocks[len(ROUNDS) - 1].households = list(households[(len(ROUNDS) - 1) * share : -4])
    write_blocks(staff, blocks, today=today)
    return write_rounds(blocks[:-1])


def write_rounds(blocks: Sequence[Block]) -> list[Event]:
    """Every visit of these rounds went well: results, persons, consents, two claims each, and who is served now."""
    _finish(blocks)
    events = write_claims(_claims(blocks))
    _settle(events)
    return events


def _finish(blocks: Sequence[Block]) -> None:
    """The results of the visits."""
    done = []
    for block in blocks:
        for visit in block.visits:
            visit.status, visit.result = Visit.Status.COMPLETED, Visit.Result.DONE
            visit.started_at = visit.planned_start
            visit.finished_at = visit.updated_at = _end_of(visit)
            visit.finished_by, visit.minutes, visit.faces = block.crew[0].user, MINUTES, 3
            done.append(visit)
    fields = ("status", "result", "started_at", "finished_at", "updated_at", "finished_by", "minutes", "faces")
    Visit.objects.bulk_update(done, fields)


def _end_of(visit: Visit) -> datetime:
    return visit.planned_start + timedelta(minutes=MINUTES)


def _claims(blocks: Sequence[Block]) -> list[Event]:
    """Two claims at each door: of the first need for every person, then of the second or a briefing."""
    persons: list[Person] = []
    consents: list[Consent] = []
    events: list[Event] = []
    for block in blocks:
        for number, visit in enumerate(block.visits):
            by, household = block.crew[number % 2].user, visit.household
            for slot, age in list(zip("AB", ages_of(household), strict=False)):
                person = Person(
                    household=household, slot=slot, call_name=household.call_name if slot == "A" else "", age_band=age,
                    created_by=by, created_at=_end_of(visit),
                )  # fmt: skip
                persons.append(person)
                consents.append(
                    Consent(
                        household=household, person=person, purpose=Consent.Purpose.HELP_RECORD, is_given=True,
                        text_version=CONSENT_VERSION, channel=Consent.Channel.SPOKEN, recorded_by=by,
                        recorded_at=_end_of(visit),
                    )
                )  # fmt: skip
                wanted: list[str] = household.wanted  # type: ignore[attr-defined]
                for code in list(dict.fromkeys([*wanted, BRIEFED]))[:2]:
                    events.append(_claim(person, code, RUNGS[len(events) % len(RUNGS)], visit, block, by.pk))
    Person.objects.bulk_create(persons)
    Consent.objects.bulk_create(consents)
    return events


def _settle(events: Sequence[Event]) -> None:
    """Doors whose needs are all done leave the pool, as `settle_household` decides it."""
    goals = catalog.goal_rungs()
    doors: dict[UUID, Household] = {}
    reached: dict[UUID, dict[UUID, dict[str, frozenset[str]]]] = {}
    for event in events:
        person = event.person
        doors[person.household_id] = person.household
        rungs = frozenset(rules.RUNGS[: rules.RUNGS.index(event.rung) + 1])
        reached.setdefault(person.household_id, {}).setdefault(person.pk, {})[event.service_id] = rungs
    served = [
        key
        for key, door in doors.items()
        if needs_done(frozenset(door.wanted), goals, list(reached[key].values()))  # type: ignore[attr-defined]
    ]
    Household.objects.filter(pk__in=served).update(status=Household.Status.SERVED)


def _claim(person: Person, code: str, rung: str, visit: Visit, block: Block, by: UUID) -> Event:
    return Event(
        number=1, person=person, service_id=code, rung=BRIEFED_RUNG if code == BRIEFED else rung,
        hamlet=visit.household.hamlet, team=block.team, visit=visit, session_kind=block.kind, day=block.day,
        happened_at=_end_of(visit), recorded_at=_end_of(visit), is_own_device=True, is_own_sim=True,
        recorded_by_id=by,
    )  # fmt: skip


def write_claims(events: Sequence[Event]) -> list[Event]:
    """First claims of persons and services without one: events, standings and rollup by the ledger's own rules."""
    sums: Counter[queries.LedgerKey] = Counter()
    standings = []
    for event in events:
        reached = rules.replay([queries.fact_of(event)])
        standings.append(
            Standing(
                person=event.person, service_id=event.service_id, last_number=1, reached=queries.reached_of(reached)
            )
        )
        for (key, rung, state), amount in rules.tallies(reached).items():
            sums[(*key, event.service_id, rung, state)] += amount
    places = queries.places_of({key[0] for key in sums})
    Event.objects.bulk_create(events, batch_size=500)
    Standing.objects.bulk_create(standings, batch_size=500)
    Rollup.objects.bulk_create(
        (Rollup(**queries.named_key(key, places), count=count) for key, count in sums.items()), batch_size=500
    )
    return list(events)
