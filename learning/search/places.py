"""Communes by any name people know. The places themselves belong to `volunteers`, which offers its search here."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class PlaceHit:
    """A commune in force: its official code, «Xã Hưng Phước, Đồng Nai», and why it was found ('' by its own name)."""

    code: str
    label: str
    why: str = ""


Find = Callable[[str, int], list[PlaceHit]]
Name = Callable[[str], PlaceHit | None]
_FINDERS: list[tuple[Find, Name]] = []


def offer_places(find: Find, name: Name) -> None:
    """Register who knows places: `find(text, limit)` by any name, `name(code)` what stands for a code today."""
    _FINDERS[:] = [(find, name)]


def found_places(text: str, limit: int = 6) -> list[PlaceHit]:
    """Communes that a text names, best first; [] where nobody offers places."""
    return [hit for find, _name in _FINDERS for hit in find(text, limit)][:limit]


def place_named(code: str) -> PlaceHit | None:
    """The commune that stands for an official code today (a merged one: what it became); None if unknown."""
    return next((hit for _find, name in _FINDERS if (hit := name(code))), None)
