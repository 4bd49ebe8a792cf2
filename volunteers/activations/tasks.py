"""Folding the tallies: nudged after a commit, swept each minute. Views and tasks call `nudge_fold`, verbs never."""

import logging

from django.db import DatabaseError, transaction
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from project.lib.after_commit import nudge
from project.lib.clock import now
from volunteers.activations.actions import FOLD_BATCH, fold
from volunteers.activations.models import Delta, FoldDue

logger = logging.getLogger(__name__)

FOLD_DELAY = 2  # seconds: a commune that writes at once is folded once


def nudge_fold() -> None:
    """After the commit: whoever turns the flag asks for one fold; all others find it turned already."""
    transaction.on_commit(_claim_fold)


def _claim_fold() -> None:
    try:
        _turn_flag()
    except DatabaseError:  # the records are safe already; the sweep folds within a minute
        logger.exception("could not ask for a fold")


def _turn_flag() -> None:
    # A statement of its own, after the verb's commit: inside it, this row would be every writer's lock.
    if FoldDue.objects.filter(pk=1, is_due=True).exists():
        return
    won = FoldDue.objects.filter(pk=1, is_due=False).update(is_due=True, claimed_at=now())
    if not won and not FoldDue.objects.exists():
        FoldDue.objects.bulk_create([FoldDue(pk=1)], ignore_conflicts=True)
        won = FoldDue.objects.filter(pk=1, is_due=False).update(is_due=True, claimed_at=now())
    if won:
        nudge(fold_deltas, delay=FOLD_DELAY)


@db_task(priority=40)
def fold_deltas() -> None:
    """Fold all there is. The flag falls first: who writes from here on asks for the next fold."""
    FoldDue.objects.filter(pk=1).update(is_due=False)
    while fold() == FOLD_BATCH:
        continue


@db_periodic_task(crontab(minute="*"), priority=40)
def sweep_deltas() -> None:
    """The safety net: a nudge that was lost costs a minute."""
    if Delta.objects.exists():
        fold_deltas.call_local()
