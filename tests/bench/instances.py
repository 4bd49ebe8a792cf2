"""Made-up communes for tests and benches: seeded, nothing in them comes from a real place
(reference/planner.md, §4).
"""

from dataclasses import replace
from itertools import pairwise
from random import Random

from volunteers.planning.engine.problem import (
    Fixed,
    Household,
    Problem,
    Rules,
    Slot,
    TravelRules,
    Volunteer,
    Window,
)

BLOCKS = (("am", 480, 690), ("pm", 810, 1020), ("ev", 1050, 1260))
SKILLS = ("vneid_l1", "vneid_l2", "portal", "docs", "health_book")


def commune(
    households: int = 200,
    volunteers: int = 20,
    *,
    seed: int = 7,
    days: int = 7,
    points: float = 1.0,
    leaders: float = 0.5,
    matrix: bool = False,
) -> Problem:
    """A commune of some households and volunteers over some days; the same arguments give the same commune.

    `points` is the share of places whose coordinates are known, `leaders` the share of adults who may lead.
    """
    rng = Random(seed)
    hamlets = [f"h{i}" for i in range(max(3, min(14, households // 60 + 3)))]
    centre = {name: (11.75 + rng.random() * 0.054, 107.2 + rng.random() * 0.055) for name in hamlets}
    tongue = {name: "cjm" if rng.random() < 0.25 else "vi" for name in hamlets}
    slots = tuple(
        Slot(f"d{d}-{name}", d, d * 1440 + start, d * 1440 + end) for d in range(days) for name, start, end in BLOCKS
    )

    def point(hamlet: str) -> tuple[float | None, float | None]:
        lat, lon = centre[hamlet]
        place = (round(lat + rng.gauss(0, 0.003), 6), round(lon + rng.gauss(0, 0.003), 6))
        return place if rng.random() < points else (None, None)

    doors = []
    for i in range(households):
        hamlet = rng.choice(hamlets)
        lat, lon = point(hamlet)
        needs = tuple(sorted(rng.sample(SKILLS, rng.choice((1, 1, 2)))))
        doors.append(
            Household(
                id=f"H-{i:04d}",
                hamlet=hamlet,
                lat=lat,
                lon=lon,
                alley=rng.randrange(6),
                alley_order=rng.randrange(40),
                minutes=rng.choice((20, 25, 30, 35, 45)),
                weight=rng.randint(1, 5),
                windows=_windows(rng, days),
                language=tongue[hamlet] if rng.random() < 0.3 else "vi",
                needs=needs,
                woman_wanted=rng.random() < 0.08,
                officer=rng.random() < 0.15,
            )
        )
    people = []
    for i in range(volunteers):
        hamlet = rng.choice(hamlets)
        lat, lon = point(hamlet)
        adult = rng.random() >= 0.12
        offered = [s.id for s in slots if rng.random() < 0.35]
        people.append(
            Volunteer(
                id=f"V-{i:03d}",
                hamlet=hamlet,
                lat=lat,
                lon=lon,
                slots=tuple(offered or [slots[0].id]),
                languages=("vi", "cjm") if rng.random() < 0.3 else ("vi",),
                skills=tuple(sorted(rng.sample(SKILLS, rng.choice((2, 3, 4, 5))))),
                woman=rng.random() < 0.5,
                adult=adult,
                leader=adult and rng.random() < leaders,
                officer=adult and i % 12 == 5,
                max_visits_per_day=rng.randint(4, 8),
                max_slots=rng.randint(3, 6),
                past_minutes=rng.choice((0, 0, 120, 240)),
            )
        )
    table = tuple((a, b, 9 + i) for i, (a, b) in enumerate(pairwise(hamlets))) if matrix else ()
    return Problem(days, slots, tuple(doors), tuple(people), Rules(), TravelRules(matrix=table))


def _windows(rng: Random, days: int) -> tuple[Window, ...]:
    """When somebody is at home: any time, evenings, weekends or daytime (a horizon begins on a Monday)."""
    kind = rng.random()
    found = []
    for d in range(days):
        weekend, midnight = d % 7 >= 5, d * 1440
        if kind < 0.30:
            found.append((midnight + 450, midnight + 1290))
        elif kind < 0.60:
            found.append((midnight + 1020, midnight + 1290))
        elif kind < 0.75:
            found.append((midnight + (480 if d % 7 == 6 else 1080), midnight + 1260))
        elif kind < 0.95 and weekend:
            found += [(midnight + 480, midnight + 690), (midnight + 780, midnight + 1080)]
        elif kind >= 0.95 and not weekend:
            found.append((midnight + 480, midnight + 1020))
    return tuple(Window(a, b) for a, b in found)


def with_promises(problem: Problem, visits: list[tuple[str, str, tuple[str, ...], int]]) -> Problem:
    """The commune with promised visits: (household, slot, crew, start)."""
    return replace(problem, fixed=tuple(Fixed(*visit) for visit in visits))
