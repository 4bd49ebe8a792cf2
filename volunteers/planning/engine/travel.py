"""Places into whole minutes: the travel formula of planner-json over every pair of doors and homes."""

from collections.abc import Sequence
from math import asin, ceil, cos, radians, sin, sqrt

from .problem import Household, Problem, TravelRules, Volunteer

EARTH_KM = 6371.0088

Point = tuple[float, float]


def kilometres(a: Point, b: Point) -> float:
    """Great-circle distance in km between two points (latitude, longitude in degrees), by the haversine."""
    lat_a, lat_b = radians(a[0]), radians(b[0])
    dlat, dlon = (lat_b - lat_a) / 2, radians(b[1] - a[1]) / 2
    square = sin(dlat) ** 2 + cos(lat_a) * cos(lat_b) * sin(dlon) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(square)))


def minutes_for(km: float, rules: TravelRules) -> int:
    """Whole minutes for a distance: the quicker of walking and riding, rounded up; 0 only for no distance."""
    road = km * rules.detour
    return ceil(min(60 * road / rules.walk_kmh, rules.ride_fixed + 60 * road / rules.ride_kmh))


def centres(households: Sequence[Household]) -> dict[str, Point]:
    """Middle of the known points of each hamlet: stands in for a door whose point is not known."""
    sums: dict[str, list[float]] = {}
    for door in households:
        if door.lat is not None and door.lon is not None:
            entry = sums.setdefault(door.hamlet, [0.0, 0.0, 0.0])
            entry[0] += door.lat
            entry[1] += door.lon
            entry[2] += 1
    return {name: (entry[0] / entry[2], entry[1] / entry[2]) for name, entry in sums.items()}


def matrix(problem: Problem) -> list[list[int]]:
    """Minutes between all places: first the households, then the volunteers' homes, in the problem's order.

    An entry of `travel.matrix` between two hamlets rules both ways unless the way back has its own.
    """
    rules = problem.travel
    places: list[Household | Volunteer] = [*problem.households, *problem.volunteers]
    middle = centres(problem.households)
    given = {(a, b): cost for a, b, cost in rules.matrix}
    by_hand = {(b, a): cost for (a, b), cost in given.items()} | given
    flat = rules.inside_hamlet + rules.hamlet_extra
    exact = [(p.lat, p.lon) if p.lat is not None and p.lon is not None else None for p in places]
    table = [[0] * len(places) for _ in places]

    def rough(i: int, j: int) -> int:
        here, there = places[i].hamlet, places[j].hamlet
        if here is not None and here == there:
            return rules.inside_hamlet
        a = exact[i] or middle.get(here or "")
        b = exact[j] or middle.get(there or "")
        if a is None or b is None:
            return flat
        return max(flat, minutes_for(kilometres(a, b), rules) + rules.hamlet_extra)

    # The loop below is `minutes_for(kilometres(...))` written out: it runs for every pair of a commune.
    turned = [None if p is None else (radians(p[0]), p[1], cos(radians(p[0]))) for p in exact]
    walk, ride, detour, fixed = rules.walk_kmh, rules.ride_kmh, rules.detour, rules.ride_fixed
    for i, a in enumerate(turned):
        row, here = table[i], places[i].hamlet
        for j in range(i + 1, len(places)):
            b = turned[j]
            if a is None or b is None:
                cost = rough(i, j)
            else:
                square = sin((b[0] - a[0]) / 2) ** 2 + a[2] * b[2] * sin(radians(b[1] - a[1]) / 2) ** 2
                road = 2 * EARTH_KM * asin(min(1.0, sqrt(square))) * detour
                cost = ceil(min(60 * road / walk, fixed + 60 * road / ride))
            row[j] = table[j][i] = cost
            if by_hand and here is not None:
                there = places[j].hamlet
                if there is not None and here != there and (here, there) in by_hand:
                    row[j] = by_hand[here, there] + rules.hamlet_extra
                    table[j][i] = by_hand[there, here] + rules.hamlet_extra
    return table
