"""Sealing on the queue: nudged after entries were written, and swept each minute."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from volunteers.audit.actions import seal_entries


@db_task()
def seal_audit() -> None:
    """Seal what is waiting."""
    seal_entries()


@db_periodic_task(crontab(minute="*"))
def sweep_audit() -> None:
    """Once a minute: a nudge may have been lost."""
    seal_entries()
