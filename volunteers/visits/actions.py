"""Verbs of a visit: schedule, reschedule, cancel, start, finish, reopen. Planning schedules, the field finishes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from project.lib.clock import kept_since, local_day, now
from project.lib.ids import new_id
from project.lib.refusal import Refusal
from volunteers.access.policy import require
from volunteers.audit.log import record
from volunteers.households import actions as households
from volunteers.households.models import Consent, Household
from volunteers.requests import actions as requests
from volunteers.requests import states as request_states
from volunteers.requests.models import HelpRequest
from volunteers.sessions.models import Crew, Session
from volunteers.teams.models import Team
from volunteers.visits import queries, states
from volunteers.visits.models import Visit

CONTACT_KEPT = 30  # days after the last visit: the public page promises it
GRACE = timedelta(hours=24)  # after the session's end: then a visit that nobody began was not reached


def schedule_visit(
    household: Household,
    session: Session,
    *,
    by: User | None,
    team: Team,
    start: datetime,
    end: datetime,
    crew: Crew | None = None,
    position: int = 0,
    request: HelpRequest | None = None,
) -> Visit:
    """Put a door into a session. Refusal `invalid` when it is there already or is not to be visited."""
    require(by, "visit.schedule", household)
    if household.status in (Household.Status.REFUSED, Household.Status.MOVED, Household.Status.MERGED):
        raise Refusal("invalid", _("This household is not to be visited."))
    if end <= start:
        raise Refusal("invalid", _("A visit must end after it starts."))
    with transaction.atomic():
        if _is_taken(household, session):
            raise Refusal("invalid", _("This household is in that session already."))
        visit = Visit.objects.create(
            household=household,
            session=session,
            team=team,
            crew=crew,
            request=request,
            position=position,
            planned_start=start,
            planned_end=end,
        )
        record("visit.scheduled", visit, by=by, session=session.pk)
    return visit


def reschedule_visit(
    visit: Visit,
    *,
    by: User | None,
    to: datetime | None = None,
    session: Session | None = None,
    crew: Crew | None = None,
    position: int | None = None,
) -> Visit:
    """Move a visit to another hour, session or crew, keeping its length. Only before it has begun.

    A crew comes with its session; without one the visit waits for its session's team leader to form crews.
    """
    require(by, "visit.reschedule", visit)
    with transaction.atomic():
        row = _locked(visit)
        if row.status != states.PLANNED:
            raise Refusal("invalid", _("Only a visit that has not begun can be moved."))
        length = row.planned_end - row.planned_start
        goal = session or (crew.session if crew is not None else row.session)
        if goal.pk != row.session_id and _is_taken(row.household, goal):
            raise Refusal("invalid", _("This household is in that session already."))
        if goal.pk != row.session_id or crew is not None:
            row.session, row.crew, row.assigned_at = goal, crew, now()
            row.team = crew.leader.team if crew is not None else goal.team or row.team
        if to is not None:
            row.planned_start, row.planned_end = to, to + length
        elif goal.pk != visit.session_id:
            row.planned_start, row.planned_end = goal.starts_at, goal.starts_at + length
        if position is not None:
            row.position = position
        row.updated_at = now()
        row.save()
        record("visit.rescheduled", row, by=by, session=goal.pk, start=row.planned_start)
    return row


def cancel_visit(visit: Visit, *, by: User | None) -> Visit:
    """Take a visit out of its session; the household stays in the pool. Only before it has begun."""
    require(by, "visit.cancel", visit)
    with transaction.atomic():
        row = _locked(visit)
        if not states.may_cancel(row.status):
            raise Refusal("invalid", _("Only a visit that has not begun can be cancelled."))
        row.status, row.assigned_at, row.updated_at = states.CANCELLED, now(), now()
        row.save(update_fields=["status", "assigned_at", "updated_at"])
        record("visit.cancelled", row, by=by, session=row.session_id)
    return row


def start_visit(visit: Visit, *, by: User, at: datetime | None = None, through: Any = None) -> Visit:
    """Somebody knocks. A second start, or one that arrives after the end, changes nothing but a missing time."""
    require(by, "visit.record", through or visit)
    with transaction.atomic():
        row = _locked(visit)
        if row.status == states.CANCELLED:
            raise Refusal("visit_cancelled", _("This visit was cancelled meanwhile: your record is kept for the lead."))
        if row.started_at is None:
            row.started_at = at or now()
            row.status = states.STARTED if row.status == states.PLANNED else row.status
            row.updated_at = now()
            row.save(update_fields=["started_at", "status", "updated_at"])
            record("visit.started", row, by=by)
    return row


def finish_visit(
    visit: Visit,
    *,
    by: User,
    result: str,
    at: datetime | None = None,
    come_back_on: date | None = None,
    good_time: Sequence[dict[str, Any]] = (),
    minutes: int | None = None,
    faces: int | None = None,
    unnamed_services: Sequence[str] = (),
    blocker: str = "",
    is_correction: bool = False,
    through: Any = None,
) -> Visit:
    """The result at the door, and what it does to the household and to a help request (contract §6).

    `is_correction`: the author's own earlier result is replaced. Refusal `already_finished` or `visit_cancelled`.
    Afterwards `activations.actions.settle_household` decides whether the needs are done (it knows the outcomes).
    """
    require(by, "visit.record", through or visit)
    effect = states.RESULTS.get(result)
    if effect is None or result == "not_reached":
        raise Refusal("invalid", _("This result is not known."))
    moment = at or now()
    with transaction.atomic():
        row = _locked(visit)
        if row.status == states.CANCELLED:
            raise Refusal("visit_cancelled", _("This visit was cancelled meanwhile: your record is kept for the lead."))
        is_own = is_correction and row.finished_by_id == by.pk
        if not (is_own or states.may_finish(row.status) or row.result == Visit.Result.NOT_REACHED):
            raise Refusal("already_finished", _("Somebody has finished this visit before you: the first result stays."))
        row.status, row.result, row.finished_at, row.finished_by = effect.visit, result, moment, by
        row.started_at = row.started_at or moment
        row.minutes, row.faces, row.unnamed_services = minutes, faces, list(unnamed_services)
        row.blocker, row.updated_at = blocker or row.blocker, now()
        row.save()
        households.apply_result(
            row.household,
            by=by,
            status=effect.household,
            not_home_count=0 if result == "done" else queries.times_not_home(row.household, local_day(moment)),
            come_back_on=come_back_on if effect.is_promise else None,
            come_back_good_time=good_time if effect.is_promise else (),
            blocker=row.blocker,
        )
        _close_request(row, by=by)
        record("visit.finished", row, by=by, result=result, unnamed=len(row.unnamed_services))
    return row


def reopen_visit(visit: Visit, *, by: User) -> Visit:
    """The author takes the result back: the visit is under way again, the household back in the pool."""
    require(by, "visit.record", visit)
    with transaction.atomic():
        row = _locked(visit)
        if row.finished_by_id != by.pk:
            raise Refusal("invalid", _("Only who finished a visit can take its result back."))
        row.status, row.result, row.finished_at, row.finished_by = states.STARTED, "", None, None
        row.updated_at = now()
        row.save(update_fields=["status", "result", "finished_at", "finished_by", "updated_at"])
        count = queries.times_not_home(row.household, local_day(now()))
        households.apply_result(row.household, by=by, status=Household.Status.WAITING.value, not_home_count=count)
        record("visit.reopened", row, by=by)
    return row


def note_blocker(visit: Visit, blocker: str, *, by: User, through: Any = None) -> None:
    """What stood in the way of an outcome is shown with the visit and with the household."""
    require(by, "visit.record", through or visit)
    with transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(blocker=blocker, updated_at=now())
        Household.objects.filter(pk=visit.household_id).update(blocker=blocker)


def record_walk_in(
    session: Session, household: Household, *, by: User, id: UUID | None = None, at: datetime | None = None, team: Team
) -> Visit:
    """Somebody came by: a visit of the session, under way, with an id that the phone may have minted."""
    require(by, "session.sign_up", session)
    moment = at or now()
    crew = session.crews.filter(members__user=by, members__left_on__isnull=True).first()
    with transaction.atomic():
        try:
            with transaction.atomic():
                visit = Visit.objects.create(
                    id=id or new_id(), kind=Visit.Kind.WALK_IN, household=household, session=session, team=team,
                    crew=crew, taken_by=by, planned_start=moment, planned_end=moment + timedelta(minutes=30),
                    status=states.STARTED, started_at=moment,
                )  # fmt: skip
        except IntegrityError as error:
            raise Refusal("invalid", _("This visit cannot be added.")) from error
        record("visit.walked_in", visit, by=by, session=session.pk)
    return visit


def miss_unreached(visit_id: UUID) -> None:
    """The sweep's verb: nobody began this visit until a day after its session ended; the household returns."""
    with transaction.atomic():
        row = _locked(Visit(pk=visit_id))
        if row.status != states.PLANNED or row.session.ends_at + GRACE > now():
            return
        row.status, row.result, row.updated_at = states.MISSED, Visit.Result.NOT_REACHED, now()
        row.save(update_fields=["status", "result", "updated_at"])
        record("visit.not_reached", row, by=None)


def _locked(visit: Visit) -> Visit:
    """The row as it is now, held until the end of the transaction."""
    return (
        Visit.objects.select_for_update(of=("self",), no_key=True)
        .select_related("household__hamlet__parent", "session__team", "team", "crew", "request")
        .get(pk=visit.pk)
    )


def _is_taken(household: Household, session: Session) -> bool:
    rows = Visit.objects.filter(household=household, session=session, kind=Visit.Kind.PLANNED)
    return rows.exclude(status=states.CANCELLED).exists()


def _close_request(visit: Visit, *, by: User) -> None:
    """A help request is answered when its visit went well."""
    request = visit.request
    if request is None or visit.result != Visit.Result.DONE:
        return
    if request_states.may_become(request.status, request_states.DONE):
        requests.close_request(request, by=by, visit=visit.pk)


def forget_doors(today: date) -> dict[str, int]:
    """Retention: numbers 30 days after the last visit, ways to greet 30 days after the household left the pool.

    Nothing goes while a visit is open or a day is promised. A number goes without any visit too once the household
    has been out of the pool for so long; one that somebody agreed to anew since the last visit stays.
    """
    since = kept_since(today, CONTACT_KEPT)
    visits = Visit.objects.filter(household=OuterRef("pk"))
    knocked = visits.filter(Q(started_at__isnull=False) | Q(finished_at__isnull=False))
    lately = visits.filter(Q(started_at__gte=since) | Q(finished_at__gte=since))
    # One that somebody began and never ended keeps nothing for ever.
    awaited = visits.filter(status__in=states.OPEN, planned_end__gte=since)
    fresh_yes = Consent.objects.filter(
        household=OuterRef("pk"), purpose=Consent.Purpose.CALL_BACK, is_given=True, recorded_at__gte=since
    )
    quiet = Household.objects.filter(~Exists(awaited), ~Exists(lately)).exclude(come_back_on__gte=today)
    is_out = ~Q(status=Household.Status.WAITING) & Q(updated_at__lt=since)
    return {
        "household_phones": households.forget_phones(quiet.filter(Exists(knocked) | is_out).exclude(Exists(fresh_yes))),
        "call_names": households.forget_call_names(quiet.filter(is_out)),
    }
