"""Reads over sessions, sign-ups and crews."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from volunteers.areas.models import Area
from volunteers.sessions.conflicts import Booking
from volunteers.sessions.models import Crew, Session, SessionQuerySet, SignUp


def bookings_of(memberships: Iterable[UUID], *, start: datetime, end: datetime) -> list[Booking]:
    """What these members do between two instants: crews they go out with and places they took. Two queries."""
    ids = list(memberships)
    inside = {
        "session__starts_at__lt": end,
        "session__ends_at__gt": start,
        "session__status": Session.Status.OPEN,
    }
    rows = list(
        Crew.objects.filter(members__in=ids, **inside).values_list(
            "members", "session__starts_at", "session__ends_at", "session__kind", "session__area_id"
        )
    ) + list(
        SignUp.objects.filter(membership__in=ids, status=SignUp.Status.GOING, **inside).values_list(
            "membership", "session__starts_at", "session__ends_at", "session__kind", "session__area_id"
        )
    )
    return [Booking(f"member:{who}", begins, ends, kind, place) for who, begins, ends, kind, place in set(rows)]


def public_sessions(area: Area | None, *, start: datetime, end: datetime) -> SessionQuerySet:
    """The open sessions that everybody may know of, in order; of one commune or of the whole country."""
    rows = Session.objects.filter(
        is_public=True, status=Session.Status.OPEN, ends_at__gte=start, starts_at__lt=end
    ).select_related("area", "hamlet")
    return (rows.filter(area=area) if area else rows).order_by("starts_at")


def with_figures(rows: SessionQuerySet) -> SessionQuerySet:
    """Sessions with how many people go and how many visits they hold, in one query."""
    return rows.select_related("area", "hamlet", "team").annotate(
        going=Count("signups", filter=Q(signups__status=SignUp.Status.GOING), distinct=True),
        waiting=Count("signups", filter=Q(signups__status=SignUp.Status.WAITING), distinct=True),
        crew_count=Count("crews", distinct=True),
        visit_count=Count("visits", filter=~Q(visits__status="cancelled"), distinct=True),
    )
