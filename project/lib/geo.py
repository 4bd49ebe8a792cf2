"""Points on the map of Vietnam, as coarse as the project keeps them (3 decimals, about 100 m)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

EARTH_RADIUS_KM = 6371.0088  # mean radius (IUGG)
_KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180


@dataclass(frozen=True, slots=True)
class LatLng:
    """A point in degrees (WGS 84). ValueError outside ±90 / ±180 or when not a finite number."""

    lat: float
    lng: float

    def __post_init__(self) -> None:
        if not (abs(self.lat) <= 90 and abs(self.lng) <= 180):  # false for NaN too
            raise ValueError("latitude or longitude out of range")

    def rounded(self) -> "LatLng":
        """The point at 3 decimals: a lane, not a door (house.md §9)."""
        return LatLng(round(self.lat, 3), round(self.lng, 3))


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in degrees, edges included."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, point: LatLng) -> bool:
        """True if the point lies in the rectangle or on its edge."""
        return self.south <= point.lat <= self.north and self.west <= point.lng <= self.east

    def grown(self, km: float) -> "Box":
        """The rectangle with a margin of `km` kilometres on every side."""
        up = km / _KM_PER_DEGREE
        across = up / math.cos(math.radians(min(max(abs(self.south), abs(self.north)), 89)))
        return Box(self.south - up, self.west - across, self.north + up, self.east + across)


# From Cà Mau to Lũng Cú and from the border with Laos to Trường Sa, the islands' communes included.
VIETNAM = Box(south=6.5, west=102.1, north=23.5, east=117.9)

# Generous boxes around the 34 provinces by official code, islands included: south, west, north, east in degrees.
# Read off the public maps of the provinces of July 2025; enough to tell a wrong province or swapped numbers.
_PROVINCES: dict[str, tuple[float, float, float, float]] = {
    "01": (20.5, 105.2, 21.5, 106.1), "04": (22.3, 105.2, 23.2, 106.9), "08": (21.4, 104.3, 23.5, 105.8),
    "11": (20.8, 102.1, 22.6, 103.7), "12": (21.6, 102.2, 22.9, 104.1), "14": (20.5, 103.1, 22.1, 105.1),
    "15": (21.2, 103.4, 22.9, 105.2), "19": (21.3, 105.3, 22.8, 106.4), "20": (21.2, 106.0, 22.5, 107.4),
    "22": (20.6, 106.4, 21.7, 108.2), "24": (20.9, 105.8, 21.7, 107.1), "25": (20.2, 104.7, 21.8, 106.0),
    "31": (20.0, 106.0, 21.3, 107.9), "33": (20.2, 105.8, 21.1, 106.8), "37": (19.8, 105.4, 20.8, 106.7),
    "38": (19.2, 104.3, 20.8, 106.2), "40": (18.4, 103.8, 20.1, 106.0), "42": (17.8, 105.0, 18.9, 106.6),
    "44": (16.2, 105.5, 18.2, 107.5), "46": (15.9, 107.0, 16.8, 108.3), "48": (14.8, 107.1, 17.4, 113.1),
    "51": (13.8, 107.2, 15.5, 109.3), "52": (12.9, 107.3, 14.8, 109.5), "56": (6.5, 108.4, 13.0, 117.9),
    "66": (12.0, 107.4, 13.8, 109.6), "68": (10.3, 107.1, 12.9, 109.2), "75": (10.4, 106.3, 12.4, 107.7),
    "79": (8.4, 106.2, 11.6, 107.7), "80": (10.3, 105.4, 11.9, 106.9), "82": (10.0, 105.1, 11.1, 107.0),
    "86": (9.4, 105.6, 10.5, 107.0), "91": (9.1, 103.3, 11.1, 105.7), "92": (9.1, 105.1, 10.4, 106.4),
    "96": (8.3, 104.6, 9.8, 106.0),
}  # fmt: skip


def province_box(code: str) -> Box:
    """A generous box around a province; Vietnam's own where the code is not known."""
    edges = _PROVINCES.get(code)
    return VIETNAM if edges is None else Box(*edges)


def in_vietnam(point: LatLng) -> bool:
    """True inside Vietnam's bounding box; swapped coordinates are always outside."""
    return VIETNAM.holds(point)


def box_around(points: Iterable[LatLng]) -> Box:
    """The smallest box that holds all points; ValueError if there are none."""
    known = list(points)
    if not known:
        raise ValueError("no points, no box")
    lats, lngs = [point.lat for point in known], [point.lng for point in known]
    return Box(min(lats), min(lngs), max(lats), max(lngs))


def haversine_km(one: LatLng, other: LatLng) -> float:
    """Great-circle distance in kilometres."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(other.lng - one.lng) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))
