"""From an audit entry to the people who should know."""

import logging

from project.lib.after_commit import nudge
from volunteers.audit.models import AuditEntry
from volunteers.notifications.catalog import KINDS
from volunteers.notifications.deliver import deliver
from volunteers.notifications.tasks import send_mail

logger = logging.getLogger(__name__)


def notify(entry: AuditEntry) -> None:
    """Make the notices that `entry` calls for, after its commit. Whatever goes wrong here, the verb stays done."""
    if entry.action not in KINDS:
        return
    try:
        for key in deliver(entry):
            nudge(send_mail, key)
    except Exception:  # the deed is committed; a missing notice must not look like a failed deed
        logger.exception("no notices for entry %s", entry.pk)
