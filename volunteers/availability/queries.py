"""Who is free when."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from volunteers.availability.models import AvailabilityException, Pattern
from volunteers.availability.rules import BLOCKS, Differs, Interval, Weekly, free_between
from volunteers.teams.models import Membership


def free_intervals(
    memberships: Iterable[Membership], *, first: date, last: date
) -> dict[UUID, dict[date, list[Interval]]]:
    """membership id → day → free intervals (minutes of the local day), for `first` to `last`. Two queries."""
    ids = [membership.pk for membership in memberships]
    patterns: dict[UUID, list[Weekly]] = {key: [] for key in ids}
    differs: dict[UUID, list[Differs]] = {key: [] for key in ids}
    for row in Pattern.objects.filter(membership__in=ids):
        patterns[row.membership_id].append(Weekly(row.weekday, row.start_minute, row.end_minute))
    for item in AvailabilityException.objects.filter(membership__in=ids, day__gte=first, day__lte=last):
        differs[item.membership_id].append(Differs(item.day, item.is_free, item.start_minute, item.end_minute))
    return {key: free_between(first, last, patterns[key], differs[key]) for key in ids}


def painted(membership: Membership) -> set[tuple[int, str]]:
    """The grid's marked cells: (weekday, block key) that the pattern covers."""
    from_rows = [
        Weekly(row.weekday, row.start_minute, row.end_minute) for row in Pattern.objects.filter(membership=membership)
    ]
    return {
        (weekday, key)
        for weekday in range(7)
        for key, block in BLOCKS.items()
        if any(row.weekday == weekday and row.start <= block[0] and row.end >= block[1] for row in from_rows)
    }
