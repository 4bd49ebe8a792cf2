"""Verbs of the ledger: record, withdraw, verify, reject, clear; settle a household; fold and recount the tallies."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from learning import catalog
from project.accounts.models import User
from project.lib.clock import local_day, now
from project.lib.refusal import Refusal
from volunteers.access.policy import require
from volunteers.activations import queries, rules
from volunteers.activations.models import Delta, Event, Rollup, Standing
from volunteers.audit.log import record
from volunteers.households import actions as households
from volunteers.households.models import Household, Person
from volunteers.sessions.models import Session
from volunteers.visits import actions as visits
from volunteers.visits.models import Visit
from volunteers.visits.states import needs_done

OWN_DEVICE_RUNGS = frozenset({"activated", "did_alone"})
REFERRAL_KINDS = frozenset({Session.Kind.LEVEL2_DRIVE, Session.Kind.COUNTER_SHIFT})
FOLD_BATCH = 5000


@dataclass(frozen=True)
class Recorded:
    """What became of a claim: its event, whether it moved a figure, and why a lead should look at it ('' if not)."""

    event: Event
    is_counted: bool
    flag: str


def record_outcome(
    person: Person,
    service_code: str,
    rung: str,
    *,
    by: User,
    visit: Visit,
    at: datetime | None = None,
    own_device: bool = False,
    own_sim: bool = False,
    blocker: str = "",
    referred_to: Session | None = None,
    flag: str = "",
    through: Any = None,
) -> Recorded:
    """Claim that `person` reached `rung` of a service at this visit; counts once whatever the channel (D17).

    `at` is the moment at the door (now if None): its local day is the day that is counted. `flag` is what the caller
    noticed (clock_unsure, out_of_hours). `through` is what gives the right where the visit no longer does.
    Raises Refusal `invalid` or `no_consent`.
    """
    require(by, "outcome.record", through or visit)
    moment = at or now()
    service = catalog.service(service_code)
    if service is None:
        raise Refusal("invalid", _("This service is not in the list."))
    if rung not in rules.RUNGS or (service.goal_rung == "briefed" and rung != "briefed"):
        raise Refusal("invalid", _("This service does not have that step."))
    if person.household_id != visit.household_id:
        raise Refusal("invalid", _("This person does not belong to the household of the visit."))
    if referred_to is not None and (rung != "referred" or referred_to.kind not in REFERRAL_KINDS):
        raise Refusal("invalid", _("People are referred to a level-2 drive or a service counter only."))
    is_foreign = service.needs_own_device and rung in OWN_DEVICE_RUNGS and not (own_device and own_sim)
    with transaction.atomic():
        standing = _locked(person.pk, service.code)
        if Person.objects.values_list("is_refusing_record", flat=True).get(pk=person.pk):
            raise Refusal("no_consent", _("This person wants no record: nothing was kept."))
        facts = queries.facts_of(person.pk, service.code)
        event = Event(
            kind=Event.Kind.CLAIM,
            person=person,
            service_id=service.code,
            rung=rung,
            hamlet=visit.household.hamlet,
            team_id=visit.team_id,
            visit=visit,
            session_kind=visit.session.kind,
            day=local_day(moment),
            happened_at=moment,
            is_own_device=own_device,
            is_own_sim=own_sim,
            blocker=blocker,
            referred_to=referred_to,
            recorded_by=by,
        )
        fact = queries.fact_of(event, waits=is_foreign)
        is_counted = any(reach.claim == fact.id for reach in rules.replay([*facts, fact]).values())
        if is_foreign:
            event.flag = Event.Flag.NOT_OWN_DEVICE
        elif not is_counted:
            event.flag = Event.Flag.DUPLICATE_CLAIM
        else:
            event.flag = flag
        _append(standing, facts, event)
        if blocker:
            visits.note_blocker(visit, blocker, by=by, through=through)
        settle_household(visit.household, by=by)
        record("outcome.recorded", event, by=by, service=service.code, rung=rung, counted=is_counted, flag=event.flag)
    return Recorded(event, is_counted, event.flag)


def withdraw(claim: Event, *, by: User | None, reason: str = "") -> Event:
    """The author takes the claim back; the next live claim takes its place in the same transaction."""
    require(by, "outcome.withdraw", claim)
    return _answer(claim, Event.Kind.WITHDRAWAL, by=by, reason=reason, action="outcome.withdrawn")


def verify(claim: Event, *, by: User) -> Event:
    """A lead made sure: counted as verified beside reported. A second time changes nothing."""
    require(by, "outcome.verify", claim)
    known = claim.answers.filter(kind=Event.Kind.VERIFICATION).first()
    return known or _answer(claim, Event.Kind.VERIFICATION, by=by, action="outcome.verified")


def reject(claim: Event, *, by: User, reason: str) -> Event:
    """A lead does not accept the claim; the next live claim takes its place."""
    require(by, "outcome.reject", claim)
    return _answer(claim, Event.Kind.REJECTION, by=by, reason=reason, action="outcome.rejected")


def clear(claim: Event, *, by: User, rung: str = "", reason: str = "") -> Event:
    """A lead has looked at a flagged claim and leaves it as it is; one not on the own device may be lowered to `rung`.

    A claim that was not on the person's own device counts from here on. All other flags change no figure.
    """
    require(by, "outcome.clear", claim)
    rung = rung or claim.rung
    is_lowered = rung != claim.rung
    if not claim.flag or (is_lowered and claim.flag != Event.Flag.NOT_OWN_DEVICE):
        raise Refusal("invalid", _("This record does not wait for a decision."))
    if rung not in rules.RUNGS or rules.RUNGS.index(rung) > rules.RUNGS.index(claim.rung):
        raise Refusal("invalid", _("A record can be lowered, never raised."))
    return _answer(claim, Event.Kind.CLEARANCE, by=by, rung=rung, reason=reason, action="outcome.cleared")


def _answer(claim: Event, kind: str, *, by: User | None, action: str, rung: str = "", reason: str = "") -> Event:
    """Append the event that answers a claim, and move the tallies by the difference."""
    moment = now()
    with transaction.atomic():
        standing = _locked(claim.person_id, claim.service_id)
        facts = queries.facts_of(claim.person_id, claim.service_id)
        if str(claim.pk) not in rules.live_claims(facts):
            raise Refusal("invalid", _("This record has been taken back or refused already."))
        event = Event(
            kind=kind,
            claim=claim,
            person_id=claim.person_id,
            service_id=claim.service_id,
            rung=rung or claim.rung,
            hamlet=claim.hamlet,
            team_id=claim.team_id,
            visit_id=claim.visit_id,
            session_kind=claim.session_kind,
            day=local_day(moment),
            happened_at=moment,
            reason=reason,
            recorded_by=by or claim.recorded_by,
        )
        _append(standing, facts, event)
        settle_household(claim.person.household, by=by)
        record(action, event, by=by, claim=claim.pk, service=claim.service_id, rung=event.rung)
    return event


def _locked(person_id: UUID, service_code: str) -> Standing:
    """The standing, locked until the end of the transaction (SQLite: the transaction itself is the lock)."""
    rows = Standing.objects.select_for_update()
    found = rows.filter(person_id=person_id, service_id=service_code).first()
    if found is None:
        # Two first claims at once: one inserts, the other waits at the unique key and then meets the row.
        Standing.objects.get_or_create(person_id=person_id, service_id=service_code)
        found = rows.get(person_id=person_id, service_id=service_code)
    return found


def _append(standing: Standing, facts: list[rules.Fact], event: Event) -> None:
    """Write the event, the signed rows that it causes, and where the person stands now."""
    before = rules.replay(facts)
    after = rules.replay([*facts, queries.fact_of(event)])
    event.number = standing.last_number + 1
    event.save(force_insert=True)
    places = queries.places_of({reach.key[0] for reach in (*before.values(), *after.values())})
    Delta.objects.bulk_create(
        Delta(**queries.tally_row(tally, event.service_id, places), amount=amount)
        for tally, amount in rules.changes(before, after)
    )
    standing.last_number = event.number
    standing.reached = queries.reached_of(after)
    standing.save(update_fields=["last_number", "reached"])


@transaction.atomic
def settle_household(household: Household, *, by: User | None) -> None:
    """After a visit that ended well: out of the pool when every need of every consenting person is done, else back.

    Also called when an outcome arrives, is withdrawn or refused: the order of arrival does not matter (contract §6).
    """
    # Two persons of one door at once: each must see the other's rungs, so the second waits here for the first.
    household = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    last = household.visits.filter(finished_at__isnull=False).order_by("-finished_at").first()
    if last is None or last.result != Visit.Result.DONE:
        return
    needs = {service.code: service.goal_rung for service in household.needs.all()}
    persons = household.persons.filter(is_refusing_record=False).prefetch_related("standings")
    reached = [{row.service_id: frozenset(row.reached) for row in person.standings.all()} for person in persons]
    households.settle(household, is_served=needs_done(frozenset(needs), needs, reached), by=by)


def fold(batch: int = FOLD_BATCH) -> int:
    """Add at most `batch` deltas to the rollup and delete them, in one transaction. Returns how many there were.

    Never «id ≤ last seen»: exactly the rows that were read and locked are deleted, so a late commit is not lost.
    """
    with transaction.atomic():
        rows = list(Delta.objects.select_for_update(skip_locked=True).order_by("id")[:batch])
        sums: Counter[tuple[Any, ...]] = Counter()
        for row in rows:
            sums[tuple(getattr(row, field) for field in queries.KEY_FIELDS)] += row.amount
        _add_to_rollup(sums)
        Delta.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _add_to_rollup(sums: Counter[tuple[Any, ...]]) -> None:
    """One upsert a key, in the order of the keys: two folds at once cannot lock each other."""
    statement = queries.rollup_upsert()
    rows = [queries.as_parameters(key, count) for key, count in sums.items() if count]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, sorted(rows, key=str))


def recount(fix: bool = False) -> dict[str, Any]:
    """Replay the whole ledger and compare with rollup + deltas and with every standing.

    Returns {"checked", "wrong", "differences"} (at most 20 differences shown). With `fix`, the rollup and the
    standings are written anew and the deltas dropped; writers wait at the delta table meanwhile.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        queries.freeze(is_outermost=is_outermost, for_writing=fix)
        expected, standings, wrong_standings = queries.replayed_ledger()
        found = queries.tally_sums()
        differences = [
            {"key": list(map(str, key)), "expected": expected.get(key, 0), "found": found.get(key, 0)}
            for key in sorted(expected.keys() | found.keys(), key=str)
            if expected.get(key, 0) != found.get(key, 0)
        ]
        if fix and (differences or wrong_standings):
            _rewrite(expected, wrong_standings)
    return {
        "checked": len(expected.keys() | found.keys()) + standings,
        "wrong": len(differences) + len(wrong_standings),
        "differences": differences[:20],
    }


def _rewrite(expected: Counter[tuple[Any, ...]], wrong_standings: list[Standing]) -> None:
    """Put what the ledger says in place of what was kept."""
    Delta.objects.all().delete()
    Rollup.objects.all().delete()
    places = queries.places_of({key[0] for key in expected})
    rows = (
        Rollup(**queries.named_key(key, places), count=count)
        for key, count in sorted(expected.items(), key=str)
        if count
    )
    Rollup.objects.bulk_create(rows, batch_size=1000)
    Standing.objects.bulk_update([row for row in wrong_standings if row.pk], ["reached", "last_number"], batch_size=500)
    Standing.objects.bulk_create([row for row in wrong_standings if not row.pk], batch_size=500)
