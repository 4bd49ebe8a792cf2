"""The only place that reads time: everybody else asks here, so tests can stop it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class FrozenClock:
    """A stopped clock in a test: `move_to` another instant or `advance` by a span."""

    def __init__(self, instant: datetime) -> None:
        self.instant = _aware(instant)

    def move_to(self, instant: datetime) -> None:
        """Stop at another instant (a naive one is read as Vietnamese local time)."""
        self.instant = _aware(instant)

    def advance(self, span: timedelta) -> None:
        """Move the stopped clock forward by `span`."""
        self.instant += span


# A module variable and not a ContextVar: the threads a test starts must see the same stopped clock.
_frozen: FrozenClock | None = None
_lock = threading.Lock()


def now() -> datetime:
    """The present instant, aware, in Vietnamese local time."""
    stopped = _frozen
    return stopped.instant if stopped is not None else datetime.now(ZONE)


def today() -> date:
    """The present day in Vietnam."""
    return now().date()


def local_day(instant: datetime) -> date:
    """The Vietnamese day on which an aware instant falls."""
    if instant.tzinfo is None:
        raise ValueError("local_day needs an aware instant")
    return instant.astimezone(ZONE).date()


def start_of_day(day: date) -> datetime:
    """Midnight at which a Vietnamese day begins, aware; the day ends at start_of_day(day + 1)."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


def kept_since(today: date, days: int) -> datetime:
    """What happened before this instant has been kept for `days` days on the morning of `today` and may go.

    What is from 1 November and kept for 30 days goes on 1 December.
    """
    return start_of_day(today - timedelta(days=days - 1))


def wall_milliseconds() -> int:
    """Milliseconds since 1970 of the machine's clock, never frozen; for the order of ids only."""
    return time.time_ns() // 1_000_000


@contextmanager
def frozen(instant: datetime) -> Iterator[FrozenClock]:
    """Stop the clock for a test, also for the threads it starts; may be nested or used as a decorator."""
    global _frozen
    stopped = FrozenClock(instant)
    with _lock:
        before, _frozen = _frozen, stopped
    try:
        yield stopped
    finally:
        with _lock:
            _frozen = before


def _aware(instant: datetime) -> datetime:
    return instant.replace(tzinfo=ZONE) if instant.tzinfo is None else instant.astimezone(ZONE)
