"""Reads of households: the planner's pool, counts for boards, codes that are free, what a lead's list shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, IntegerField, Max, Q, QuerySet
from django.db.models.functions import Cast, Substr

from project.lib.vietnamese import fold
from volunteers.access.scoping import beneath
from volunteers.areas.models import Area
from volunteers.households.models import Household


@dataclass(frozen=True, slots=True)
class PoolHousehold:
    """A household that waits for a visit, as the planner needs it. Times as in Household.good_time ([]: any time)."""

    id: UUID
    code: str
    hamlet: str  # public code
    lat: float | None
    lon: float | None
    lane: str
    lane_order: int
    people: int
    needs: tuple[str, ...]
    good_time: list[dict[str, Any]]
    language: str
    woman_wanted: bool
    priority: int
    come_back_on: date | None
    come_back_good_time: list[dict[str, Any]]
    needs_call_first: bool


def pool_for_planning(commune: Area) -> list[PoolHousehold]:
    """Every household of the commune that waits, in the order of its id. Two queries; names and phones stay closed."""
    rows = Household.objects.pool().filter(commune=commune).order_by("pk").defer("call_name", "phone")
    needs = _needs_of(rows)
    return [
        PoolHousehold(
            id=row.pk, code=row.code, hamlet=row.hamlet_id, lat=row.lat, lon=row.lon, lane=row.lane,
            lane_order=row.lane_order, people=row.people, needs=tuple(sorted(needs.get(row.pk, []))),
            good_time=row.good_time, language=row.language, woman_wanted=row.woman_wanted, priority=row.priority,
            come_back_on=row.come_back_on, come_back_good_time=row.come_back_good_time,
            needs_call_first=row.needs_call_first,
        )
        for row in rows
    ]  # fmt: skip


def _needs_of(rows: QuerySet[Household]) -> dict[UUID, list[str]]:
    through: Any = Household.needs.through
    found: dict[UUID, list[str]] = {}
    pairs = through.objects.filter(household__in=rows.values("pk").order_by())
    for key, code in pairs.values_list("household_id", "service__code"):
        found.setdefault(key, []).append(code)
    return found


def pool_counts(area: Area) -> dict[str, int]:
    """Households beneath an area by status, every status named, and `call_first` of the waiting ones. One query."""
    counts = {status: Count("pk", filter=Q(status=status)) for status in Household.Status.values}
    late = Count("pk", filter=Q(status=Household.Status.WAITING, not_home_count__gte=3))
    return Household.objects.filter(beneath("hamlet__scope", area.scope)).aggregate(**counts, call_first=late)


def made_code(number: int) -> str:
    """17 → 'H-0017'."""
    return f"H-{number:04}"


def highest_made_code(commune: Area) -> int:
    """The highest number of a code H-…; 0 if there is none. Whoever takes the next one holds `lock_commune`."""
    made = Household.objects.filter(commune=commune, code__regex=r"^H-[0-9]{1,9}$")
    return made.aggregate(highest=Max(Cast(Substr("code", 3), IntegerField())))["highest"] or 0


def lock_commune(commune: Area) -> None:
    """One writer of a commune's codes at a time, until the transaction ends; rows that point to it are not held up."""
    Area.objects.select_for_update(no_key=True).filter(pk=commune.pk).values_list("pk").first()


MOST_SEARCHED = 20_000  # encrypted words are read one by one: a commune's roster, never a province's


def found_by_words(rows: QuerySet[Household], words: str, limit: int = 100) -> list[Household]:
    """Households whose code, lane, way to greet or phone number holds the words; at most `limit`.

    Names and numbers are encrypted, so they are compared here, in at most MOST_SEARCHED rows.
    """
    text = fold(words)
    digits = "".join(char for char in words if char.isdigit()).lstrip("0")
    found: list[Household] = []
    if not text:
        return found
    for row in _each(rows.order_by("hamlet__sort_key", "lane_order", "code")[:MOST_SEARCHED]):
        is_number = len(digits) >= 6 and digits in (row.phone or "")
        if is_number or any(text in held for held in (fold(row.code), row.lane_folded, fold(row.call_name or ""))):
            found.append(row)
            if len(found) == limit:
                break
    return found


def _each(rows: QuerySet[Household]) -> Iterator[Household]:
    return rows.select_related("hamlet").iterator(chunk_size=1_000)
