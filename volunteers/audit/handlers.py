"""After an entry was committed: wake the sealer, at most once in some seconds for the whole installation."""

from django.core.cache import cache

from project.lib.after_commit import nudge
from volunteers.audit.models import AuditEntry
from volunteers.audit.tasks import seal_audit

PAUSE = 10  # seconds: bursts of entries come into one block


def wake_sealer(entry: AuditEntry) -> None:
    """Subscriber of the audit stream (volunteers/apps.py)."""
    if cache.add("audit.seal", 1, PAUSE):
        nudge(seal_audit, delay=PAUSE)
