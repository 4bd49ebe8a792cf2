"""Places as the public search of the lessons takes them."""

from learning.catalog import PlaceHit
from volunteers.areas.models import Area
from volunteers.areas.queries import commune_with_code, search_communes


def find(text: str, limit: int) -> list[PlaceHit]:
    """Communes in force by any name people know, best first, each with the line that says why."""
    return [_hit(place.area, place.why) for place in search_communes(text, limit=limit)]


def named(code: str) -> PlaceHit | None:
    """The commune that stands for a code today; None if unknown."""
    commune = commune_with_code(code[:24])
    return _hit(commune) if commune is not None else None


def _hit(commune: Area, why: str = "") -> PlaceHit:
    province = commune.parent
    label = f"{commune.full_name}, {province.name}" if province is not None else commune.full_name
    return PlaceHit(commune.code, label, why)
