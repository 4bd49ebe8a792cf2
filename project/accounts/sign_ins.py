"""What is kept of sign-ins: their addresses and browsers, so that people see and end their own."""

from datetime import date

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from project.lib.clock import kept_since, now

SIGN_IN_KEPT = 90  # days


def forget_old_sign_ins(today: date) -> dict[str, int]:
    """Retention: rows of ended sign-ins, 90 days after they were last seen."""
    alive = Session.objects.filter(expire_date__gte=now()).values("session_key")
    old = UserSession.objects.filter(last_seen_at__lt=kept_since(today, SIGN_IN_KEPT)).exclude(session_key__in=alive)
    return {"sign_ins": old.delete()[0]}
