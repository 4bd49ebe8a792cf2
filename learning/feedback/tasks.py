"""What the queue does for the counts: forgets, at night, the days of long ago."""

from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from learning.feedback.actions import forget_tallies


@db_periodic_task(crontab(minute="50", hour="19"))  # the queue reads UTC: ten to three at night here
def forget_old_tallies() -> None:
    """The counts of a day are kept for 400 days: a year can be compared with the one before."""
    forget_tallies()
