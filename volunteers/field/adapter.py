"""From an op of the phone to the verb of the slice it belongs to: the same verb that a clicked page would call."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from learning import catalog
from project.accounts.models import User
from project.lib import phone as phones
from project.lib.clock import ZONE, now
from project.lib.refusal import Refusal
from volunteers.access.policy import can
from volunteers.activations import actions as activations
from volunteers.activations.models import Event
from volunteers.areas.models import Area
from volunteers.audit.log import record
from volunteers.field.models import PackItem, SyncItem
from volunteers.field.protocol import Answer, Op, Problem, read_op
from volunteers.households import actions as households
from volunteers.households.models import Consent, Household, HouseholdNote, Person
from volunteers.households.rules import good_time_windows
from volunteers.sessions import actions as sessions
from volunteers.sessions.models import Session
from volunteers.teams.models import Membership
from volunteers.visits import actions as visits
from volunteers.visits import queries as visit_reads
from volunteers.visits.models import Visit

DAY_BEGINS, DAY_ENDS = time(6, 0), time(22, 0)  # outcomes outside of these hours are looked at by a lead


class Missing(Exception):
    """Something that the op stands on has not arrived, or is none of the author's business: both look the same."""


class Left(Exception):
    """The door had gone to others before this was recorded: the lead decides."""


@dataclass(frozen=True)
class Arrival:
    """An op on its way in: who sent it, and when it happened by our clock."""

    author: User
    op: Op
    at: datetime
    is_clock_unsure: bool = False

    def __getitem__(self, name: str) -> Any:
        """A field of the payload; None if it was left out."""
        return self.op.payload.get(name)


@dataclass(frozen=True)
class Door:
    """A household within reach, and what gives the right: a visit, a lead's scope, or the pack that carried it."""

    household: Household
    visit: Visit | None
    through: Any
    is_parked: bool = False


def apply(arrival: Arrival) -> Answer:
    """Do what the op says, inside the caller's transaction. Raises Missing, Left or Refusal."""
    op = arrival.op
    if op.supersedes is not None and op.kind != "op.withdrawn":
        _take_back(arrival, op.supersedes, kind=op.kind)
    answer = HANDLERS[op.kind](arrival)
    if answer.status == "applied" and arrival.is_clock_unsure and op.kind != "safety.raised":
        message = _("Written. The clock of the phone was off, so a lead looks at the time.")
        return Answer("flagged", "clock_unsure", message, answer.is_counted, answer.object_id)
    return answer


# -- What is within reach --------------------------------------------------------------------------------------------


def _visit(arrival: Arrival, visit_id: UUID) -> Door:
    """The visit, by right of today or because the author's phone carried it when this was recorded."""
    visit = visit_reads.visit_to_record(arrival.author, visit_id)
    if visit is not None:
        return Door(visit.household, visit, visit)
    carried = PackItem.objects.filter(user=arrival.author, kind="visit", object_id=visit_id).first()
    visit = (
        Visit.objects.filter(pk=visit_id).select_related("household__hamlet__parent", "session__area", "team").first()
        if carried is not None
        else None
    )
    if carried is None or visit is None:
        raise Missing
    left_at = visit.assigned_at if visit.assigned_at > carried.given_at else carried.gone_at or now()
    if arrival.at > left_at:
        raise Left
    return Door(visit.household, visit, carried, is_parked=True)


def _household(arrival: Arrival, household_id: UUID) -> Door:
    """The household, through any of its visits."""
    found = visit_reads.door_of(arrival.author, household_id)
    if found is not None:
        household, through = found
        return Door(household, through if isinstance(through, Visit) else None, through)
    carried = PackItem.objects.filter(user=arrival.author, kind="visit").values("object_id")
    lost = Visit.objects.filter(household_id=household_id, pk__in=carried).order_by("-planned_start").first()
    if lost is None:
        raise Missing
    return _visit(arrival, lost.pk)


def _person(arrival: Arrival, person_id: UUID) -> tuple[Person, Door]:
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise Missing
    return person, _household(arrival, person.household_id)


def _session(arrival: Arrival, session_id: UUID) -> Session:
    session = Session.objects.filter(pk=session_id).select_related("area", "team").first()
    if session is None or not can(arrival.author, "session.sign_up", session):
        raise Missing
    return session


def _membership(arrival: Arrival, session: Session) -> Membership:
    """As whom the author works in this session: a member of its team, of a crew, or of a team of the commune."""
    own = Membership.objects.filter(user=arrival.author, left_on__isnull=True).select_related("team")
    mine = own.filter(Q(team=session.team_id) | Q(crews__session=session) | Q(team__area=session.area_id))
    for member in sorted(set(mine), key=lambda one: (one.team_id != session.team_id, one.joined_on, str(one.pk))):
        return member
    raise Refusal("invalid", _("You are not a member of a team here."))


def _written(door: Door | None = None, object_id: UUID | None = None, is_counted: bool = False) -> Answer:
    if door is not None and door.is_parked:
        message = _("Written. This household is with another team now; the lead was told.")
        return Answer("parked", "out_of_area", message, is_counted, object_id)
    return Answer("applied", is_counted=is_counted, object_id=object_id)


def _windows(value: Any) -> list[dict[str, Any]] | None:
    if value is None or isinstance(value, list):
        return value
    try:
        return good_time_windows(value)
    except ValueError as error:
        raise Refusal("invalid", _("This time was not understood: %(time)s") % {"time": str(error)[:40]}) from error


# -- One function a kind ---------------------------------------------------------------------------------------------


def _checked_in(arrival: Arrival) -> Answer:
    session = _session(arrival, arrival["session"])
    verb = sessions.check_in if arrival.op.kind == "shift.checked_in" else sessions.check_out
    row = verb(session, _membership(arrival, session), by=arrival.author, at=arrival.at)
    return _written(object_id=row.pk)


def _started(arrival: Arrival) -> Answer:
    door = _visit(arrival, arrival["visit"])
    visits.start_visit(_of(door), by=arrival.author, at=arrival.at, through=door.through)
    return _written(door, arrival["visit"])


def _finished(arrival: Arrival) -> Answer:
    door = _visit(arrival, arrival["visit"])
    unnamed = arrival["unnamed_services"] or []
    if any(catalog.service(code) is None for code in unnamed):
        raise Refusal("invalid", _("This service is not in the list."))
    visits.finish_visit(
        _of(door), by=arrival.author, result=arrival["result"], at=arrival.at, come_back_on=arrival["come_back_on"],
        good_time=_windows(arrival["good_time"]) or (), minutes=arrival["minutes"], faces=arrival["faces"],
        unnamed_services=unnamed, blocker=arrival["blocker"] or "", through=door.through,
    )  # fmt: skip
    activations.settle_household(door.household, by=arrival.author)
    return _written(door, arrival["visit"])


def _person_added(arrival: Arrival) -> Answer:
    door = _household(arrival, arrival["household"])
    person = households.add_person(
        door.household, by=arrival.author, id=arrival["person"], call_name=arrival["call_name"] or "",
        age_band=arrival["age_band"] or "", at=arrival.at, through=door.through,
    )  # fmt: skip
    activations.settle_household(door.household, by=arrival.author)
    return _written(door, person.pk)


def _outcome(arrival: Arrival) -> Answer:
    door = _visit(arrival, arrival["visit"])
    person = Person.objects.filter(pk=arrival["person"]).first()
    if person is None or person.household_id != door.household.pk:
        raise Missing
    referred_to = None
    if arrival["referred_to"] is not None:
        referred_to = Session.objects.filter(pk=arrival["referred_to"], area_id=door.household.commune_id).first()
        if referred_to is None:
            raise Missing
    hour = arrival.at.astimezone(ZONE).time()
    flag = "clock_unsure" if arrival.is_clock_unsure else ""
    if not flag and not DAY_BEGINS <= hour < DAY_ENDS:
        flag = "out_of_hours"
    done = activations.record_outcome(
        person, arrival["service"], arrival["rung"], by=arrival.author, visit=_of(door), at=arrival.at,
        own_device=arrival["own_device"], own_sim=arrival["own_sim"], blocker=arrival["blocker"] or "",
        referred_to=referred_to, flag=flag, through=door.through,
    )  # fmt: skip
    if door.is_parked or not done.flag:
        return _written(door, done.event.pk, done.is_counted)
    return Answer("flagged", done.flag, str(FLAGS[done.flag]()), done.is_counted, done.event.pk)


FLAGS: dict[str, Callable[[], str]] = {
    "duplicate_claim": lambda: _("Written. This was recorded for the person before, so it is not counted again."),
    "not_own_device": lambda: _("Written. It was not the person's own phone and SIM card: a lead decides."),
    "clock_unsure": lambda: _("Written. The clock of the phone was off, so a lead looks at the time."),
    "out_of_hours": lambda: _("Written. It was at an unusual hour, so a lead looks at it."),
}


def _consent(arrival: Arrival) -> Answer:
    person, door = _person(arrival, arrival["person"])
    row = households.record_consent(
        person, by=arrival.author, purpose=arrival["purpose"], given=arrival["given"],
        text_version=arrival["text_version"], at=arrival.at, through=door.through,
    )  # fmt: skip
    activations.settle_household(door.household, by=arrival.author)
    return _written(door, row.pk)


def _contact(arrival: Arrival) -> Answer:
    door = _household(arrival, arrival["household"])
    said = _earlier(arrival, arrival["consent"])
    is_consent = said.kind == "consent.recorded" and said.object_id is not None
    consent = Consent.objects.filter(pk=str(said.object_id)).select_related("person").first() if is_consent else None
    if consent is None:
        raise Refusal("no_consent", _("A phone number needs the consent to a call back of somebody who lives here."))
    try:
        number = phones.parse(arrival["phone"])
    except phones.PhoneError as error:
        raise Refusal("invalid", str(error)) from error
    households.record_contact(door.household, by=arrival.author, phone=number, consent=consent, through=door.through)
    return _written(door, door.household.pk)


def _noted(arrival: Arrival) -> Answer:
    door = _household(arrival, arrival["household"])
    note = households.note_household(
        door.household, by=arrival.author, note=arrival["note"], good_time=_windows(arrival["good_time"]),
        at=arrival.at, through=door.through,
    )  # fmt: skip
    return _written(door, note.pk)


def _walked_in(arrival: Arrival) -> Answer:
    session = _session(arrival, arrival["session"])
    member = _membership(arrival, session)
    if Visit.objects.filter(pk=arrival["visit"]).exists():
        raise Refusal("invalid", _("This visit cannot be added."))
    is_match = False
    if Household.objects.filter(pk=arrival["household"]).exists():
        household = _household(arrival, arrival["household"]).household
        if household.commune_id != session.area_id:
            raise Missing
    else:
        if not arrival["hamlet"] or not arrival["lane"]:
            raise Missing
        hamlet = Area.objects.filter(pk=arrival["hamlet"], level=Area.Level.HAMLET, parent=session.area_id).first()
        if hamlet is None:
            raise Refusal("invalid", _("This hamlet is not in the commune of the session."))
        household, is_match = households.make_walk_in_household(
            hamlet, by=arrival.author, id=arrival["household"], lane=arrival["lane"],
            call_name=arrival["call_name"] or "", through=session,
        )  # fmt: skip
    visit = visits.record_walk_in(
        session, household, by=arrival.author, id=arrival["visit"], at=arrival.at, team=member.team
    )
    if is_match:
        message = _("Written. A household of this lane is on the list already: the lead looks whether it is the same.")
        return Answer("flagged", "walk_in_match", message, object_id=visit.pk)
    return _written(object_id=visit.pk)


def _photo(arrival: Arrival) -> Answer:
    raise Refusal("invalid", _("This commune does not take photos."))


def _safety(arrival: Arrival) -> Answer:
    session = _session(arrival, arrival["session"])
    record("session.safety_raised", session, by=arrival.author, visit=arrival["visit"], at=arrival.at)
    return _written(object_id=session.pk)


def _withdrawn(arrival: Arrival) -> Answer:
    assert arrival.op.supersedes is not None
    _take_back(arrival, arrival.op.supersedes)
    return _written()


HANDLERS: dict[str, Callable[[Arrival], Answer]] = {
    "shift.checked_in": _checked_in, "shift.checked_out": _checked_in, "visit.started": _started,
    "visit.finished": _finished, "person.added": _person_added, "outcome.recorded": _outcome,
    "consent.recorded": _consent, "contact.recorded": _contact, "household.noted": _noted,
    "walk_in.recorded": _walked_in, "photo.taken": _photo, "safety.raised": _safety, "op.withdrawn": _withdrawn,
}  # fmt: skip


# -- Taking back -----------------------------------------------------------------------------------------------------


def _earlier(arrival: Arrival, op_id: UUID) -> SyncItem:
    """An op of the same author that has been written; Missing while it has not arrived or waits itself."""
    item = SyncItem.objects.filter(author=arrival.author, op_id=op_id).first()
    if item is None or item.state != SyncItem.State.ANSWERED:
        raise Missing
    return item


def _take_back(arrival: Arrival, op_id: UUID, *, kind: str = "") -> None:
    """Undo what the author's own earlier op wrote, by the verb that undoes it. `kind`: a correction needs its like."""
    item = _earlier(arrival, op_id)
    if kind and item.kind != kind:
        raise Refusal("invalid", _("A record can be corrected by one of its own kind only."))
    if item.status not in ("applied", "flagged", "parked") or item.object_id is None:
        if kind:
            return  # nothing was written, so nothing stands in the way of the correction
        raise Refusal("invalid", _("There is nothing to take back."))
    undo = UNDO.get(item.kind)
    if undo is None:
        raise Refusal("invalid", _("This kind of record cannot be taken back."))
    undo(arrival, item.object_id)


def _undo_outcome(arrival: Arrival, event_id: UUID) -> None:
    claim = Event.objects.select_related("hamlet", "person__household").get(pk=event_id)
    activations.withdraw(claim, by=arrival.author)


def _undo_finish(arrival: Arrival, visit_id: UUID) -> None:
    visits.reopen_visit(Visit.objects.get(pk=visit_id), by=arrival.author)


def _undo_person(arrival: Arrival, person_id: UUID) -> None:
    person = Person.objects.filter(pk=person_id).first()
    if person is None or person.events.exists():
        raise Refusal("invalid", _("Something was recorded for this person: take that back first."))
    person.standings.all().delete()
    households.remove_person(person, by=arrival.author)


def _undo_consent(arrival: Arrival, consent_id: UUID) -> None:
    said = Consent.objects.select_related("person").get(pk=consent_id)
    if said.person is None:
        raise Refusal("invalid", _("There is nothing to take back."))
    door = _household(arrival, said.household_id)
    households.record_consent(
        said.person, by=arrival.author, purpose=said.purpose, given=not said.is_given, text_version=said.text_version,
        at=max(arrival.at, said.recorded_at), through=door.through,
    )  # fmt: skip


def _undo_contact(arrival: Arrival, household_id: UUID) -> None:
    door = _household(arrival, household_id)
    households.forget_contact(door.household, by=arrival.author, through=door.through)


def _undo_note(arrival: Arrival, note_id: UUID) -> None:
    note = HouseholdNote.objects.filter(pk=note_id).first()
    if note is None:
        raise Refusal("invalid", _("There is nothing to take back."))
    households.remove_note(note, by=arrival.author)


UNDO: dict[str, Callable[[Arrival, UUID], None]] = {
    "outcome.recorded": _undo_outcome, "visit.finished": _undo_finish, "person.added": _undo_person,
    "consent.recorded": _undo_consent, "contact.recorded": _undo_contact, "household.noted": _undo_note,
}  # fmt: skip


def _of(door: Door) -> Visit:
    assert door.visit is not None
    return door.visit


def op_of(item: SyncItem) -> Op:
    """The op as it lies in the inbox. It was read once already, so it can be read again."""
    op = read_op(json.loads(item.raw or "null"))
    if isinstance(op, Problem):
        raise Refusal(op.code, op.message)
    return op
