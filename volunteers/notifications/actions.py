"""Verbs on notices: read them, choose the mail, claim and finish a sending."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from project.accounts.models import User
from project.lib.clock import now
from volunteers.notifications.models import Notification, Preference
from volunteers.notifications.queries import CLAIM_LOST_AFTER

GIVE_UP_AFTER = timedelta(hours=24)  # a notice of yesterday by mail helps nobody; it lies in the inbox


def read_notice(notice: Notification) -> None:
    """The person has opened it; a second time changes nothing."""
    Notification.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=now())


def read_all(user: User) -> int:
    """Everything of this person is read; how many were not."""
    return Notification.objects.filter(recipient=user, read_at__isnull=True).update(read_at=now())


def choose_mail(user: User, choices: Mapping[str, bool]) -> None:
    """Keep for which actions the person wants e-mail."""
    with transaction.atomic():
        for action, wanted in choices.items():
            Preference.objects.update_or_create(user=user, action=action, defaults={"is_mail_wanted": wanted})


def claim_mail(notice_id: UUID) -> Notification | None:
    """Take one waiting mail for oneself; None if somebody else has it or it is sent. No two workers win."""
    taken = Notification.objects.filter(pk=notice_id, mail_state="due").update(mail_state="claimed", mailed_at=now())
    return Notification.objects.select_related("recipient").get(pk=notice_id) if taken else None


def mail_sent(notice: Notification) -> None:
    """It is out."""
    Notification.objects.filter(pk=notice.pk, mail_state="claimed").update(mail_state="sent", mailed_at=now())


def mail_failed(notice: Notification) -> None:
    """Put it back for the next sweep, or give up after a day."""
    state = "none" if notice.created_at < now() - GIVE_UP_AFTER else "due"
    Notification.objects.filter(pk=notice.pk, mail_state="claimed").update(mail_state=state, mailed_at=None)


def free_lost_claims() -> int:
    """Mails whose worker died in the middle go back to waiting; how many."""
    lost = Notification.objects.filter(mail_state="claimed", mailed_at__lt=now() - CLAIM_LOST_AFTER)
    return lost.update(mail_state="due", mailed_at=None)
