"""The inbox in the product: every notice lies there, whatever else is wanted."""

from collections.abc import Iterable

from volunteers.notifications.models import Notification
from volunteers.notifications.transports.base import Message


def keep(messages: Iterable[Message]) -> None:
    """Write the notices down; one that is there already (same entry, same person) stays as it is."""
    Notification.objects.bulk_create(
        [
            Notification(
                recipient=message.recipient,
                entry_id=message.entry_id,
                action=message.action,
                subject=message.subject,
                body=message.body,
                url=message.url,
                mail_state="due" if message.is_mail_wanted else "none",
            )
            for message in messages
        ],
        ignore_conflicts=True,
        batch_size=200,
    )
