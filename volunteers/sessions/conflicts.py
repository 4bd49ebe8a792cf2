"""THE conflict engine: why a block of work clashes with what is booked already. Pure: plain values in, reasons out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Booking:
    """Something that takes one person (or a team, or a place) for a time."""

    subject: str  # "member:<id>", "team:<id>", "place:<text>"
    starts_at: datetime
    ends_at: datetime
    label: str = ""
    place: str = ""


@dataclass(frozen=True)
class Conflict:
    """`code`: overlap, or rest (too little time between two blocks in different places)."""

    code: str
    wanted: Booking
    booked: Booking


def conflicts(
    wanted: Iterable[Booking], booked: Iterable[Booking], *, travel: timedelta = timedelta(minutes=15)
) -> list[Conflict]:
    """Every clash between `wanted` and `booked` of the same subject, in the order of `wanted`.

    Two blocks of one subject must not overlap; in different places there must be `travel` between them.
    """
    by_subject: dict[str, list[Booking]] = {}
    for item in booked:
        by_subject.setdefault(item.subject, []).append(item)
    found = []
    for item in wanted:
        for other in by_subject.get(item.subject, []):
            if item.starts_at < other.ends_at and other.starts_at < item.ends_at:
                found.append(Conflict("overlap", item, other))
            elif item.place != other.place:
                gap = max(item.starts_at - other.ends_at, other.starts_at - item.ends_at)
                if gap < travel:
                    found.append(Conflict("rest", item, other))
    return found
