"""Verbs of free time: paint the week, say no to a day, take it back."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from project.accounts.models import User
from volunteers.access.policy import require
from volunteers.audit.log import record
from volunteers.availability.models import AvailabilityException, Pattern
from volunteers.availability.rules import BLOCKS, Interval, joined
from volunteers.teams.models import Membership


def paint_week(membership: Membership, cells: Iterable[tuple[int, str]], *, by: User | None) -> None:
    """Replace the weekly pattern by the painted cells (weekday, block key); neighbouring blocks become one interval."""
    require(by, "availability.manage", membership)
    by_day: dict[int, list[Interval]] = {}
    for weekday, key in cells:
        if not 0 <= weekday <= 6 or key not in BLOCKS:
            raise ValueError(f"no such cell: {weekday} {key}")
        by_day.setdefault(weekday, []).append(BLOCKS[key])
    with transaction.atomic():
        Pattern.objects.filter(membership=membership).delete()
        Pattern.objects.bulk_create(
            Pattern(membership=membership, weekday=weekday, start_minute=start, end_minute=end)
            for weekday, intervals in by_day.items()
            for start, end in joined(intervals)
        )
        record("availability.painted", membership, by=by, cells=sum(len(items) for items in by_day.values()))


def add_exception(
    membership: Membership, day: date, *, is_free: bool, start: int = 0, end: int = 1440, by: User | None
) -> AvailabilityException:
    """That day differs: not free (or free) between two minutes. The same interval again replaces the earlier word."""
    require(by, "availability.manage", membership)
    with transaction.atomic():
        AvailabilityException.objects.filter(
            membership=membership, day=day, start_minute=start, end_minute=end
        ).delete()
        row = AvailabilityException.objects.create(
            membership=membership, day=day, is_free=is_free, start_minute=start, end_minute=end
        )
        record("availability.excepted", row, by=by, day=day, is_free=is_free)
    return row


def remove_exception(row: AvailabilityException, *, by: User | None) -> None:
    """Take the exception back: the weekly pattern holds again."""
    require(by, "availability.manage", row)
    with transaction.atomic():
        record("availability.exception_removed", row, by=by, day=row.day)
        row.delete()
