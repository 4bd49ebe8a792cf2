"""What holds for campaigns and targets on plain values: percent and base, the ladder, the blocks of a day. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any, TypeVar

Row = TypeVar("Row")

LADDER = ("briefed", "referred", "registered", "activated", "did_alone")  # contract §3, lowest first
ONLY_BRIEFED = "safety"  # the service that knows no other rung
EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]  # Monday is 0
# House.md D10: a slot is a time block of the campaign; minutes since midnight.
DEFAULT_SLOTS: tuple[dict[str, Any], ...] = (
    {"id": "am", "days": EVERY_DAY, "start": 8 * 60, "end": 11 * 60 + 30},
    {"id": "pm", "days": EVERY_DAY, "start": 13 * 60 + 30, "end": 17 * 60},
    {"id": "ev", "days": EVERY_DAY, "start": 17 * 60 + 30, "end": 21 * 60},
)


def default_slots() -> list[dict[str, Any]]:
    """Morning 8:00–11:30, afternoon 13:30–17:00, evening 17:30–21:00, every day; a fresh copy."""
    return [slot | {"days": list(slot["days"])} for slot in DEFAULT_SLOTS]


def number_of(percent: Decimal, base: int) -> int:
    """How many persons a percent of a base is, rounded up: 97,5 % of 250 is 244, one fewer would miss it."""
    return int((percent * base / 100).to_integral_value(rounding=ROUND_CEILING))


def rung_fits(service: str, rung: str) -> bool:
    """Whether a service can have that rung: `safety` knows only `briefed`."""
    return rung in LADDER and (service != ONLY_BRIEFED or rung == "briefed")


def which_runs(rows: Iterable[Row], day: date, days: Mapping[Row, tuple[date, date]]) -> Row | None:
    """Of several campaigns the one to show on `day`: running, else the last that ended, else the next to come.

    `rows` in order of preference (a commune's own before its province's); `days` their first and last day. Of
    several running ones the one that began last.
    """
    order = list(rows)
    running = [row for row in order if days[row][0] <= day <= days[row][1]]
    if running:
        return running[0]
    over = [row for row in order if days[row][1] < day]
    if over:
        return max(over, key=lambda row: days[row][1])
    coming = [row for row in order if days[row][0] > day]
    return min(coming, key=lambda row: days[row][0]) if coming else None
