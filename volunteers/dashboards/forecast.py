"""Pace and forecast of one target from its daily counts. Pure: no clock, no database, no randomness.

The level comes from the last 14 full days, the shape of a week from the last 28. The band is 80 %: it holds the
spread of single days and our not knowing the true level; with few days it is wide on purpose.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

LEVEL_DAYS = 14
SHAPE_DAYS = 28
ENOUGH_DAYS = 7  # full days before which a forecast is called rough
ENOUGH_PERSONS = 5
PULL = 2.0  # how many average weeks each weekday is pulled by, so that one good Sunday is no rule
Z80 = 1.2816  # half of an 80 % band in standard deviations
HORIZON = 366  # days to look ahead for the day on which a target is reached
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is known and expected of a target, in persons; `on_due`, `low`, `high` are totals on the due date."""

    days_left: int  # after today; 0 on the due date and later
    remaining: int
    pace_per_day: float | None  # None before the first full day
    needed_per_day: float | None  # None when nothing is needed or the due date is over
    on_due: int
    low: int
    high: int
    reach_on: date | None
    is_rough: bool
    is_over: bool

    @property
    def needed(self) -> int | None:
        """Persons a day that are needed, rounded up: 7.2 a day means 8."""
        return None if self.needed_per_day is None else math.ceil(self.needed_per_day - 1e-9)

    @property
    def pace(self) -> int | None:
        """The pace as people say it."""
        return None if self.pace_per_day is None else round(self.pace_per_day)


def forecast(
    daily: Mapping[date, int], *, done: int, target: int | None, first_day: date, due_on: date, today: date
) -> Forecast:
    """Forecast a total.

    `daily`: persons a day, at least for the last 28 days (missing days count as 0); `done`: the total so far,
    today included; `target`: None if there is none; `first_day`: of the campaign. Today counts as done but not
    for the pace: it is not over.
    """
    remaining = max(0, (target or 0) - done)
    days_left = max(0, (due_on - today).days)
    window = _window(daily, first_day, today)
    is_over = today > due_on
    pace = _level(window) if window else None
    needed = None
    if remaining and not is_over:
        needed = remaining / max(1, days_left)
    reach_on = _reached_on(daily, done, target, today)
    if is_over or pace is None:
        rough = not is_over
        return Forecast(days_left, remaining, pace, needed, done, done, done, reach_on, rough, is_over)
    shape = _shape(window, today)
    expected = _rest_of_today(pace, shape, daily, today)
    expected += sum(pace * shape[(today + DAY * step).weekday()] for step in range(1, days_left + 1))
    spread = _spread(window, pace, shape, today, days_left + 1)
    low = max(done, math.floor(done + expected - Z80 * spread))
    high = max(low, math.ceil(done + expected + Z80 * spread))
    on_due = min(high, max(low, round(done + expected)))
    if remaining and target is not None and pace > 0:
        reach_on = _will_reach(pace, shape, daily, done, target, today)
    rough = len(window) < ENOUGH_DAYS or sum(window) < ENOUGH_PERSONS
    return Forecast(days_left, remaining, pace, needed, on_due, low, high, reach_on, rough, is_over)


def _window(daily: Mapping[date, int], first_day: date, today: date) -> list[int]:
    """Counts of the last full days, newest first, at most 28 and none before the campaign."""
    days = min(SHAPE_DAYS, (today - first_day).days)
    return [daily.get(today - DAY * back, 0) for back in range(1, days + 1)]


def _level(window: list[int]) -> float:
    recent = window[:LEVEL_DAYS]
    return max(0.0, sum(recent) / len(recent))


def _shape(window: list[int], today: date) -> list[float]:
    """For Monday to Sunday: how many times the average day it is; pulled towards 1."""
    mean = sum(window) / len(window)
    if mean <= 0:
        return [1.0] * 7
    sums, counts = [0.0] * 7, [0] * 7
    for back, count in enumerate(window, start=1):
        weekday = (today - DAY * back).weekday()
        sums[weekday] += count
        counts[weekday] += 1
    raw = [max(0.0, (sums[day] + PULL * mean) / (counts[day] + PULL) / mean) for day in range(7)]
    return [7 * value / sum(raw) for value in raw]


def _rest_of_today(pace: float, shape: list[float], daily: Mapping[date, int], today: date) -> float:
    return max(0.0, pace * shape[today.weekday()] - daily.get(today, 0))


def _spread(window: list[int], pace: float, shape: list[float], today: date, days: int) -> float:
    """Standard deviation of the sum of the coming days: their own spread, and that of the level."""
    misses = [(count - pace * shape[(today - DAY * back).weekday()]) ** 2 for back, count in enumerate(window, start=1)]
    # Counts of people spread at least as much as their mean (Poisson); one more for the smallest numbers.
    of_a_day = max(sum(misses) / max(1, len(window) - 1), pace, 1.0 if len(window) < ENOUGH_DAYS else 0.25)
    of_the_level = of_a_day / min(len(window), LEVEL_DAYS)
    return math.sqrt(days * of_a_day + days * days * of_the_level)


def _reached_on(daily: Mapping[date, int], done: int, target: int | None, today: date) -> date | None:
    """The day on which the target was reached, if the daily counts go back so far; None if not yet."""
    if target is None or done < target or not daily:
        return None
    total = done
    for day in sorted(daily, reverse=True):
        if day > today:
            continue
        total -= daily[day]
        if total < target:
            return day
    return None


def _will_reach(
    pace: float, shape: list[float], daily: Mapping[date, int], done: int, target: int, today: date
) -> date | None:
    total = done + _rest_of_today(pace, shape, daily, today)
    for step in range(HORIZON + 1):
        if step:
            total += pace * shape[(today + DAY * step).weekday()]
        if total >= target - 1e-9:
            return today + DAY * step
    return None
