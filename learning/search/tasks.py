"""What the queue does for the search: forgets, at night, what was searched in vain long ago."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from learning.search.actions import forget_misses


@db_periodic_task(crontab(minute="40", hour="19"))  # the queue reads UTC: twenty to three at night here
def forget_old_misses() -> None:
    """Searches without a hit are kept for half a year."""
    forget_misses()
