"""Periodic jobs of the frame itself: ended sessions, the health beat of the worker."""

import logging

from django.contrib.sessions.models import Session
from django.core.cache import cache
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from project.lib.clock import now

logger = logging.getLogger(__name__)


@db_periodic_task(crontab(minute="17", hour="20"))  # the queue reads UTC: at night here
def clear_sessions() -> None:
    """Once a night: sign-in sessions that ran out."""
    Session.objects.filter(expire_date__lt=now()).delete()


@db_periodic_task(crontab())
def beat() -> None:
    """Once a minute: the worker is alive."""
    cache.set("worker.beat", now().isoformat(), 600)
