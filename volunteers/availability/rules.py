"""From a weekly pattern and exceptions to free intervals. Pure: minutes of local days, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

Interval = tuple[int, int]  # minutes after local midnight, start < end

# The blocks that a volunteer paints in the week's grid: key → (start, end) in minutes.
BLOCKS: dict[str, Interval] = {"am": (480, 690), "pm": (810, 1050), "eve": (1050, 1260)}


@dataclass(frozen=True)
class Weekly:
    """Free every week on `weekday` (Monday 0) from `start` to `end` minutes."""

    weekday: int
    start: int
    end: int


@dataclass(frozen=True)
class Differs:
    """On `day` the interval is free (`is_free`) or not, whatever the pattern says."""

    day: date
    is_free: bool
    start: int = 0
    end: int = 1440


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """The same minutes as few, sorted, disjoint intervals; touching ones become one."""
    result: list[Interval] = []
    for start, end in sorted(intervals):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def without(intervals: Iterable[Interval], gap: Interval) -> list[Interval]:
    """The intervals with the minutes of `gap` cut out."""
    result = []
    for start, end in intervals:
        if end <= gap[0] or start >= gap[1]:
            result.append((start, end))
            continue
        if start < gap[0]:
            result.append((start, gap[0]))
        if end > gap[1]:
            result.append((gap[1], end))
    return result


def free_on(day: date, pattern: Iterable[Weekly], exceptions: Iterable[Differs]) -> list[Interval]:
    """The free intervals of one day: the pattern, plus what is free that day, minus what is not (a «no» wins)."""
    intervals = [(item.start, item.end) for item in pattern if item.weekday == day.weekday()]
    that_day = [item for item in exceptions if item.day == day]
    intervals += [(item.start, item.end) for item in that_day if item.is_free]
    free = joined(intervals)
    for item in that_day:
        if not item.is_free:
            free = without(free, (item.start, item.end))
    return free


def free_between(
    first: date, last: date, pattern: Iterable[Weekly], exceptions: Iterable[Differs]
) -> dict[date, list[Interval]]:
    """`free_on` for every day from `first` to `last`, both included."""
    pattern, exceptions = list(pattern), list(exceptions)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {day: free_on(day, pattern, exceptions) for day in days}


def covers(free: Iterable[Interval], block: Interval) -> bool:
    """Whether one free interval holds the whole block."""
    return any(start <= block[0] and end >= block[1] for start, end in free)
