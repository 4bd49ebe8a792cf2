"""Verbs of sessions: open, move, cancel; sign up, leave, move up; form a crew; check in and out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from project.accounts.models import User
from project.lib.clock import now
from volunteers.access.policy import require
from volunteers.areas.models import Area
from volunteers.audit.log import record
from volunteers.sessions.conflicts import Booking, conflicts
from volunteers.sessions.models import Crew, Session, SignUp
from volunteers.sessions.queries import bookings_of
from volunteers.teams.models import Membership, Team

NEIGHBOURHOOD = timedelta(hours=12)  # how far around a block we look for clashes
EDITABLE = ("kind", "hamlet", "title", "place", "starts_at", "ends_at", "capacity", "is_public")


def open_session(
    *,
    area: Area,
    team: Team | None,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    by: User | None,
    **more: Any,
) -> Session:
    """Put a block of work into the calendar. `more`: hamlet, title, place, capacity, is_public, plan_id.

    Raises ValidationError when it ends before it starts, or the team or hamlet is of another commune.
    """
    require(by, "session.manage", team or area)
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The session must end after it starts.")})
    if team is not None and team.area_id != area.pk:
        raise ValidationError({"team": _("This team belongs to another commune.")})
    hamlet = more.get("hamlet")
    if hamlet is not None and hamlet.parent_id != area.pk:
        raise ValidationError({"hamlet": _("This hamlet belongs to another commune.")})
    with transaction.atomic():
        session = Session.objects.create(
            area=area, team=team, kind=kind, starts_at=starts_at, ends_at=ends_at, created_by=by, **more
        )
        record("session.opened", session, by=by, kind=kind)
    return session


def move_session(session: Session, *, starts_at: datetime, ends_at: datetime, by: User | None) -> Session:
    """The same session at another time; people who signed up are told through the audit stream."""
    require(by, "session.manage", session)
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=session.pk)
        if row.status != Session.Status.OPEN:
            raise ValidationError(_("Only an open session can be moved."))
        if ends_at <= starts_at:
            raise ValidationError({"ends_at": _("The session must end after it starts.")})
        was = row.starts_at
        row.starts_at, row.ends_at, row.updated_at = starts_at, ends_at, now()
        row.save(update_fields=["starts_at", "ends_at", "updated_at"])
        record("session.moved", row, by=by, was=was, to=starts_at)
    return row


def cancel_session(session: Session, *, by: User | None) -> Session:
    """Nobody goes. Its visits are cancelled one floor up: `visits.actions.cancel_session_visits`."""
    require(by, "session.manage", session)
    with transaction.atomic():
        changed = Session.objects.filter(pk=session.pk, status=Session.Status.OPEN).update(
            status=Session.Status.CANCELLED, updated_at=now()
        )
        if changed:
            record("session.cancelled", session, by=by)
    session.refresh_from_db()
    return session


def sign_up(session: Session, membership: Membership, *, by: User) -> SignUp:
    """Take a place, or the last place of the waiting list when all are taken; signing up again changes nothing.

    The session's row is locked, so two people never get the last place (ASVS 15.4.2). Raises ValidationError when
    the session is over or not open, or the member is elsewhere at that time.
    """
    require(by, "session.sign_up", session)
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=session.pk)
        if row.status != Session.Status.OPEN or row.ends_at <= now():
            raise ValidationError(_("This session is not open any more."))
        mine = SignUp.objects.filter(session=row, membership=membership).first()
        if mine is not None and mine.status != SignUp.Status.LEFT:
            return mine
        if clash := clashes(membership.pk, row):
            raise ValidationError(clash)
        taken = SignUp.objects.filter(session=row, status=SignUp.Status.GOING).count()
        is_full = row.capacity is not None and taken >= row.capacity
        status = SignUp.Status.WAITING if is_full else SignUp.Status.GOING
        if mine is None:
            mine = SignUp(session=row, membership=membership)
        mine.status, mine.signed_up_at = status, now()
        mine.save()
        record("session.signed_up", row, by=by, membership=membership.pk, status=status)
    return mine


def clashes(member: UUID, session: Session) -> str:
    """In words, what the member does at that time already; '' when nothing."""
    wanted = Booking(f"member:{member}", session.starts_at, session.ends_at, session.kind, session.area_id)
    booked = bookings_of([member], start=session.starts_at - NEIGHBOURHOOD, end=session.ends_at + NEIGHBOURHOOD)
    others = [item for item in booked if (item.starts_at, item.ends_at) != (wanted.starts_at, wanted.ends_at)]
    found = conflicts([wanted], others)
    if not found:
        return ""
    other = found[0].booked
    return _("You are in another session from %(start)s to %(end)s.") % {
        "start": f"{other.starts_at.astimezone(now().tzinfo):%H:%M}",
        "end": f"{other.ends_at.astimezone(now().tzinfo):%H:%M}",
    }


def leave_session(session: Session, membership: Membership, *, by: User) -> None:
    """Give the place back; the first of the waiting list moves up in the same transaction."""
    require(by, "session.sign_up", session)
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=session.pk)
        changed = SignUp.objects.filter(session=row, membership=membership).exclude(status=SignUp.Status.LEFT)
        if not changed.update(status=SignUp.Status.LEFT):
            return
        record("session.left", row, by=by, membership=membership.pk)
        promote(row, by=by)


def promote(session: Session, *, by: User | None) -> list[SignUp]:
    """Move people up from the waiting list while there are places. The caller holds the session's lock."""
    moved = []
    taken = SignUp.objects.filter(session=session, status=SignUp.Status.GOING).count()
    queue = SignUp.objects.filter(session=session, status=SignUp.Status.WAITING).order_by("signed_up_at", "pk")
    for row in queue:
        if session.capacity is not None and taken >= session.capacity:
            break
        row.status = SignUp.Status.GOING
        row.save(update_fields=["status"])
        record("session.moved_up", session, by=by, membership=row.membership_id)
        moved.append(row)
        taken += 1
    return moved


def form_crew(session: Session, members: Sequence[Membership], *, by: User | None) -> Crew:
    """A crew of two or three who go out together; the first leads and may lead. All get a place in the session.

    Raises ValidationError when the rules of pair safety are broken: never alone, an adult leader (planner-json.md).
    """
    require(by, "session.manage", session)
    if not 2 <= len({member.pk for member in members}) <= 3 or len(members) > 3:
        raise ValidationError(_("A crew is two or three different people."))
    leader = members[0]
    if not (leader.may_lead and leader.is_adult):
        raise ValidationError(_("The first person must be an adult who may lead a crew."))
    with transaction.atomic():
        row = Session.objects.select_for_update().get(pk=session.pk)
        crew = Crew.objects.create(session=row, number=Crew.objects.filter(session=row).count() + 1, leader=leader)
        crew.members.set(members)
        for member in members:
            SignUp.objects.update_or_create(
                session=row,
                membership=member,
                defaults={"status": SignUp.Status.GOING, "signed_up_at": now()},
            )
        record("crew.formed", crew, by=by, members=[member.pk for member in members])
    return crew


def check_in(session: Session, membership: Membership, *, by: User, at: datetime) -> SignUp:
    """The member is there. A second check-in keeps the first time; somebody without a place gets one."""
    require(by, "session.sign_up", session)
    with transaction.atomic():
        Session.objects.select_for_update().get(pk=session.pk)
        row, _made = SignUp.objects.get_or_create(session=session, membership=membership)
        if row.checked_in_at is None:
            row.status, row.checked_in_at = SignUp.Status.GOING, at
            row.save(update_fields=["status", "checked_in_at"])
            record("session.checked_in", session, by=by, membership=membership.pk)
    return row


def check_out(session: Session, membership: Membership, *, by: User, at: datetime) -> SignUp:
    """The member goes home. The first time counts; without a check-in the same time is taken for both."""
    require(by, "session.sign_up", session)
    with transaction.atomic():
        Session.objects.select_for_update().get(pk=session.pk)
        row, _made = SignUp.objects.get_or_create(session=session, membership=membership)
        if row.checked_out_at is None:
            row.checked_in_at = row.checked_in_at or at
            row.checked_out_at = max(at, row.checked_in_at)
            row.save(update_fields=["checked_in_at", "checked_out_at"])
            record("session.checked_out", session, by=by, membership=membership.pk)
    return row
