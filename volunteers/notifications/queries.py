"""Reads over notices and preferences."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from project.accounts.models import User
from project.lib.clock import now
from volunteers.notifications.models import Notification, Preference

SWEEP_AFTER = timedelta(seconds=30)  # younger ones were nudged a moment ago
CLAIM_LOST_AFTER = timedelta(minutes=10)  # the worker that claimed it is gone


def unread_count(user: User) -> int:
    """How many notices the person has not opened."""
    return Notification.objects.filter(recipient=user, read_at__isnull=True).count()


def inbox(user: User) -> QuerySet[Notification]:
    """The person's notices, newest first."""
    found: QuerySet[Notification] = Notification.objects.visible_to(user)
    return found.order_by("-created_at")


def refusals(users: Iterable[User], action: str) -> set[Any]:
    """The keys of those who do not want this kind of notice by e-mail."""
    rows = Preference.objects.filter(user__in=list(users), action=action, is_mail_wanted=False)
    return set(rows.values_list("user_id", flat=True))


def mail_choices(user: User) -> dict[str, bool]:
    """Action → whether the person wants e-mail for it; actions never chosen are not in it (they are wanted)."""
    return dict(Preference.objects.filter(user=user).values_list("action", "is_mail_wanted"))


def mail_due() -> list[Any]:
    """Keys of notices whose e-mail still waits, oldest first: for the sweep of each minute."""
    waiting = Notification.objects.filter(mail_state="due", created_at__lt=now() - SWEEP_AFTER)
    return list(waiting.order_by("created_at").values_list("pk", flat=True)[:200])
