"""Waking the worker once the rows are safe: the row is the queue, a sweep finds lost nudges."""

import logging
from functools import partial
from typing import Any, Protocol

from django.db import transaction

log = logging.getLogger(__name__)


class Task(Protocol):
    """What huey's `@db_task()` makes of a function: a call enqueues, `schedule` enqueues for later."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

    def schedule(self, args: Any = None, kwargs: Any = None, eta: Any = None, delay: Any = None) -> Any: ...


def nudge(task: Task, *args: object, delay: float = 0) -> None:
    """Enqueue `task(*args)` when the open transaction commits (at once if none), `delay` seconds later.

    Pass ids, never instances. A queue that cannot be reached is logged and never raised: the work is
    committed, and the sweep of each minute finds its row. Rolled back: nothing is enqueued.
    """
    transaction.on_commit(partial(_enqueue, task, args, delay))


def _enqueue(task: Task, args: tuple[object, ...], delay: float) -> None:
    try:
        if delay > 0:
            task.schedule(args=args, delay=delay)
        else:
            task(*args)
    except Exception:  # any broker, any reason: the caller's answer must not depend on the queue
        log.exception("could not nudge %s%r", getattr(task, "__name__", None) or task, args)
