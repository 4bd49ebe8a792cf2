"""The practice phone as plain values: its places, and where a tap leads. Every state is an address. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learning.rehearsal import signs
from learning.rehearsal.rows import Row
from learning.serving.places import bent, place_in

MOST_MISSES = 3  # 1: the hint, 2: the place shows itself, 3: «Cháu làm giúp»
SHOWS_ITSELF = 2
LEAST_TAP = 56  # CSS pixels of a place on a picture
NARROWEST = 256  # CSS pixels: the width of a picture on the narrowest phone, at the largest letters


@dataclass(frozen=True)
class Turn:
    """One screen of the practice phone: its number from 1, how many there are, wrong taps so far on this screen."""

    number: int
    count: int
    misses: int
    next_href: str
    back_href: str

    @property
    def miss_href(self) -> str:
        """Where every other place leads: here again, one level of help further; to the place where it shows itself."""
        misses = min(self.misses + 1, MOST_MISSES)
        return f"?thu={self.number}&sai={misses}" + ("#cho" if misses == SHOWS_ITSELF else "")


def turn_of(place: str, misses: str | None, *, screens: int, after: str, before: str) -> Turn | None:
    """The turn that `?thu=place&sai=misses` names; None for a screen that does not exist.

    `after`, `before`: where «Next» of the last screen and «Back» of the first one lead.
    """
    number = place_in(place, screens)
    if number is None:
        return None
    return Turn(
        number,
        screens,
        bent(misses, MOST_MISSES),
        next_href=f"?thu={number + 1}" if number < screens else after,
        back_href=f"?thu={number - 1}" if number > 1 else before,
    )


@dataclass(frozen=True)
class Spot:
    """One cell of a row with several: its words, its sign (an SVG path on 24 × 24, or '') and its letter."""

    text: str
    sign: str
    initial: str
    right: bool


@dataclass(frozen=True)
class Place:
    """One row to tap. `state`: on/off, ticked, own, or what the camera sees; `spots`: only rows with cells."""

    kind: str
    text: str
    more: str = ""
    state: str = ""
    sign: str = ""
    initial: str = ""
    right: bool = False
    spots: tuple[Spot, ...] = ()
    last: str = ""  # the other end of a slider


SPLIT_KINDS = ("app", "toggle", "check", "bubble", "call", "photo", "card", "file", "slider", "notice")


def places(rows: Sequence[Row]) -> tuple[Place, ...]:
    """The rows of a drawn screen as places to tap, from top to bottom; exactly one of a finished screen is right."""
    return tuple(_place(row) for row in rows)


def _place(row: Row) -> Place:
    if row.kind in signs.CELL_KINDS:
        spots = (
            Spot(cell.text, signs.sign_of(cell.text), signs.initial(cell.text), cell.marked)
            for cell in signs.cells(row.text)
        )
        return Place(row.kind, "", spots=tuple(spots))
    text, more = signs.halves(row.text) if row.kind in SPLIT_KINDS else (row.text.strip(), "")
    state = last = ""
    match row.kind:
        case "toggle":
            state, more = ("on" if signs.is_on(more) else "off"), ""
        case "check":
            state, more = ("ticked" if signs.is_ticked(more) else "open"), ""
        case "photo":
            state, text, more = signs.paper(text), more, ""
        case "card":
            state = "portrait" if signs.has_portrait(text) else ""
        case "slider":
            more, last = signs.ends(more)
        case "bubble":
            text, more = (text, more) if "|" in row.text else ("", text)
            state = "own" if signs.is_own(text) else "other"
    sign = signs.sign_of(text) if row.kind == "app" else ""
    return Place(row.kind, text, more, state, sign, signs.initial(text), row.marked, last=last)


@dataclass(frozen=True)
class Area:
    """A place on a picture in hundredths of a percent of its width and height, as an SVG's viewBox takes them."""

    x: int
    y: int
    w: int
    h: int


def tap_area(area: Mapping[str, int], width: int, height: int) -> Area:
    """The right place of a picture of `width` × `height` pixels, grown to a finger's size around its middle.

    `area`: x, y, w, h in percent. It never leaves the picture.
    """
    least_w = LEAST_TAP / NARROWEST * 100
    least_h = least_w * width / max(1, height)
    x, w = _grown(area["x"], area["w"], least_w)
    y, h = _grown(area["y"], area["h"], least_h)
    return Area(x, y, w, h)


def _grown(start: int, length: int, least: float) -> tuple[int, int]:
    wanted = min(100.0, max(float(length), least))
    begin = min(max(0.0, start + length / 2 - wanted / 2), 100 - wanted)
    return round(begin * 100), round(wanted * 100)
