"""The screen kit: generic phone screens drawn as SVG. Pure: plain values in, text out; looks like no real app."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from learning.rehearsal.cells import CELLED
from learning.rehearsal.rows import PLAIN, Row
from learning.rehearsal.strokes import CARD, INK, INNER, LEAF, MARGIN, SAND, SOFT, WIDTH, centred, fit, words

__all__ = ["KINDS", "WIDTH", "Drawing", "Row", "draw"]

GAP = 9
LOWEST = 180  # a screen with one row still looks like a screen
BAND = 32
_ROWS = PLAIN | CELLED
KINDS = tuple(_ROWS)  # what a row of a screen can be; the words for editors stand in blocks.py
# What a data: address must write in another way. Letters outside ASCII may stay: every browser encodes them itself.
_ESCAPED = {sign: quote(sign) for sign in "%#<>\"'&\\^`{}|\n\t"}
_ADDRESS = str.maketrans(_ESCAPED)


@dataclass(frozen=True)
class Drawing:
    """The finished picture: SVG text, its size in units, and the places of the marks in percent, in order."""

    svg: str
    width: int
    height: int
    marks: tuple[tuple[float, float], ...]

    @property
    def src(self) -> str:
        """The picture as a `data:` address for <img>: no request of its own, allowed by the content policy."""
        return "data:image/svg+xml;charset=utf-8," + self.svg.translate(_ADDRESS)


def draw(title: str, rows: Sequence[Row], band: str) -> Drawing:
    """A phone's screen with a title bar, the rows from top to bottom, and the band («minh hoạ») at the foot.

    `title` may be empty (no bar). Raises ValueError for a kind the kit does not know.
    """
    parts: list[str] = []
    places: list[tuple[float, float]] = []
    y = 32
    if title:
        size, lines = fit(title, 20, INNER, 1, bold=True)
        high = 44 if len(lines) == 1 else 54
        parts.append(f"<path d='M4 {y}h312v{high}H4Z' fill='{LEAF}'/>")
        parts.append(words(lines, MARGIN, centred(lines, size, y, high), size, "#FFF", bold=True))
        y += high
    y += GAP
    for number, row in enumerate(rows, 1):
        if row.kind not in _ROWS:
            raise ValueError(f"unknown row of a screen: {row.kind}")
        is_foot = row.kind == "tabs" and number == len(rows)
        if is_foot:  # a bar at the foot stands on the band
            y = max(y, LOWEST - 60)
        drawn = _ROWS[row.kind](row, y)
        parts.append(drawn.svg)
        places += drawn.marks
        y += drawn.height + (0 if is_foot else GAP)
    y = max(y, LOWEST)
    height = y + BAND
    # The notch, the network's and the battery's sign, the band with the lower corners of the frame, the frame.
    frame = (
        f"<path d='M4 {y}h312v8q0 20-20 20H24q-20 0-20-20Z' fill='{SAND}'/>"
        f"<circle cx='160' cy='18' r='5'/><path d='M270 22v-4m6 4v-7m6 7v-10m8 0h16v10h-16Zm18 3v4' fill='none'"
        f" stroke='{SOFT}' stroke-width='2.5'/>"
        f"<rect x='2' y='2' width='316' height='{height - 4}' rx='22' fill='none' stroke='{INK}' stroke-width='4'/>"
    )
    foot = words([band], WIDTH / 2, y + 19, 16, SOFT, anchor="middle")
    ground = f"<rect x='2' y='2' width='316' height='{height - 4}' rx='22' fill='{CARD}'/>"
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{height}' viewBox='0 0 {WIDTH} {height}'"
        f" font-family='Roboto,Arial,sans-serif' fill='{INK}'"
        f" stroke-linejoin='round' stroke-linecap='round'>{ground}{''.join(parts)}{frame}{foot}</svg>"
    )
    marks = tuple((round(100 * x / WIDTH, 1), round(100 * place / height, 1)) for x, place in places)
    return Drawing(svg, WIDTH, height, marks)
