"""What the queue does for offered voices: forgets, at night, those that waited too long."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from learning.voice.actions import forget_offers


@db_periodic_task(crontab(minute="10", hour="20"))  # the queue reads UTC: ten past three at night here
def forget_old_offers() -> None:
    """Waiting voices are kept for 180 days; what was declined lost its file at once, and loses its row then."""
    forget_offers()
