"""Sealing on the queue: nudged after entries were written, and swept each minute. Retention, once a night."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from project.lib.clock import today
from volunteers.audit.actions import apply_retention, seal_entries


@db_task()
def seal_audit() -> None:
    """Seal what is waiting."""
    seal_entries()


@db_periodic_task(crontab(minute="*"))
def sweep_audit() -> None:
    """Once a minute: a nudge may have been lost."""
    seal_entries()


@db_periodic_task(crontab(minute="30", hour="19"), priority=5)  # the queue reads UTC: half past two at night here
def forget_nightly() -> None:
    """What has been kept long enough goes."""
    apply_retention(today())
