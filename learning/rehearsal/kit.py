"""The screen kit: generic phone screens drawn as SVG. Pure: plain values in, text out; looks like no real app."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote
from xml.sax.saxutils import escape

WIDTH = 320  # units of the drawing; about CSS pixels on a small phone
MARGIN = 16
INNER = WIDTH - 2 * MARGIN
GAP = 9
INK, SOFT, EDGE, LEAF, MIST, SAND, CARD = "#1C1B18", "#4A463F", "#7B7466", "#0A5A54", "#EEF5F3", "#F6EEDF", "#FFFFFF"

# What a row of a screen can be; the words for editors stand in blocks.py.
KINDS = ("heading", "text", "button", "quiet", "field", "secret", "boxes", "item", "app", "message", "done")


@dataclass(frozen=True)
class Row:
    """One row: its kind (KINDS), the words on it («name|button» for `app`), and whether the page marks it."""

    kind: str
    text: str = ""
    marked: bool = False


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
        return "data:image/svg+xml;charset=utf-8," + quote(self.svg, safe=" ='/:;,()!*-._~")


def draw(title: str, rows: Sequence[Row], band: str) -> Drawing:
    """A phone's screen with a title bar, the rows from top to bottom, and the band («minh hoạ») at the foot.

    `title` may be empty (no bar). Raises ValueError for a kind the kit does not know.
    """
    parts: list[str] = []
    places: list[tuple[float, float]] = []
    y = 32
    if title:
        parts.append(f"<rect x='4' y='{y}' width='{WIDTH - 8}' height='44' fill='{LEAF}'/>")
        parts.append(_text(title, MARGIN, y + 29, 20, "#FFFFFF", bold=True))
        y += 44
    y += GAP
    for row in rows:
        if row.kind not in KINDS:
            raise ValueError(f"unknown row of a screen: {row.kind}")
        drawn, height, mark_x = _ROWS[row.kind](row.text, y)
        parts.append(drawn)
        if row.marked:
            places.append((mark_x, y + height / 2))
        y += height + GAP
    y = max(y, 180)
    height = y + 32
    frame = (
        f"<rect x='2' y='2' width='{WIDTH - 4}' height='{height - 4}' rx='22'"
        f" fill='{CARD}' stroke='{INK}' stroke-width='4'/>"
        f"<circle cx='160' cy='18' r='5' fill='{INK}'/>"
        f"<path d='M270 22v-4m6 4v-7m6 7v-10' stroke='{SOFT}' stroke-width='3'/>"
        f"<rect x='290' y='12' width='16' height='10' rx='2' fill='none' stroke='{SOFT}' stroke-width='2'/>"
    )
    foot = f"<path d='M4 {y}h312v{32 - 24}q0 20-20 20H24q-20 0-20-20Z' fill='{SAND}'/>" + _text(
        band, WIDTH / 2, y + 19, 16, SOFT, anchor="middle"
    )
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{height}' viewBox='0 0 {WIDTH} {height}'"
        f" font-family='Roboto,Noto Sans,sans-serif'>{frame}{''.join(parts)}{foot}</svg>"
    )
    marks = tuple((round(100 * x / WIDTH, 1), round(100 * place / height, 1)) for x, place in places)
    return Drawing(svg, WIDTH, height, marks)


def wrap(text: str, size: float, width: float) -> list[str]:
    """The text in lines that fit `width` units at a letter size; an average letter is 0.53 of its size."""
    limit = max(4, int(width / (size * 0.53)))
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= limit:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def _text(text: str, x: float, y: float, size: int, fill: str, *, bold: bool = False, anchor: str = "start") -> str:
    weight = " font-weight='700'" if bold else ""
    place = "" if anchor == "start" else f" text-anchor='{anchor}'"
    words = escape(text, {"'": "&#39;"})
    return f"<text x='{x:g}' y='{y:g}' font-size='{size}' fill='{fill}'{weight}{place}>{words}</text>"


def _box(y: int, height: int, fill: str, stroke: str = "none", x: int = MARGIN, width: int = INNER) -> str:
    line = f" stroke='{stroke}' stroke-width='2'" if stroke != "none" else ""
    return f"<rect x='{x}' y='{y}' width='{width}' height='{height}' rx='10' fill='{fill}'{line}/>"


def _paragraph(text: str, y: int, size: int, *, bold: bool, x: int = MARGIN, width: int = INNER) -> tuple[str, int]:
    step = int(size * 1.4)
    lines = wrap(text, size * (1.06 if bold else 1), width)
    drawn = "".join(_text(line, x, y + size + i * step, size, INK, bold=bold) for i, line in enumerate(lines))
    return drawn, len(lines) * step


def _heading(text: str, y: int) -> tuple[str, int, float]:
    drawn, height = _paragraph(text, y, 22, bold=True)
    return drawn, height, WIDTH - 36


def _plain(text: str, y: int) -> tuple[str, int, float]:
    drawn, height = _paragraph(text, y, 18, bold=False)
    return drawn, height, WIDTH - 36


def _button(text: str, y: int) -> tuple[str, int, float]:
    return _box(y, 52, LEAF) + _text(text, WIDTH / 2, y + 33, 20, "#FFFFFF", bold=True, anchor="middle"), 52, WIDTH - 44


def _quiet(text: str, y: int) -> tuple[str, int, float]:
    return (
        _box(y, 52, CARD, LEAF) + _text(text, WIDTH / 2, y + 33, 20, LEAF, bold=True, anchor="middle"),
        52,
        WIDTH - 44,
    )


def _field(text: str, y: int) -> tuple[str, int, float]:
    return _text(text, MARGIN, y + 16, 18, SOFT) + _box(y + 24, 44, CARD, EDGE), 68, WIDTH - 44


def _secret(text: str, y: int) -> tuple[str, int, float]:
    dots = "".join(f"<circle cx='{36 + 18 * i}' cy='{y + 46}' r='5' fill='{INK}'/>" for i in range(8))
    drawn, height, mark = _field(text, y)
    return drawn + dots, height, mark


def _boxes(text: str, y: int) -> tuple[str, int, float]:
    cells = "".join(_box(y + 24, 44, CARD, EDGE, x=MARGIN + 38 * i, width=32) for i in range(6))
    dots = "".join(f"<circle cx='{MARGIN + 16 + 38 * i}' cy='{y + 46}' r='5' fill='{INK}'/>" for i in range(6))
    return _text(text, MARGIN, y + 16, 18, SOFT) + cells + dots, 68, WIDTH - 36


def _item(text: str, y: int) -> tuple[str, int, float]:
    arrow = f"<path d='M286 {y + 18}l8 8-8 8' fill='none' stroke='{SOFT}' stroke-width='3'/>"
    return _box(y, 52, MIST) + _text(text, MARGIN + 14, y + 32, 19, INK) + arrow, 52, WIDTH - 64


def _app(text: str, y: int) -> tuple[str, int, float]:
    name, _bar, button = text.partition("|")
    logo = (
        _box(y, 60, SAND, EDGE, width=60)
        + f"<path d='M34 {y + 30}h24M46 {y + 18}v24' stroke='{EDGE}' stroke-width='4'/>"
    )
    words = _text(name, MARGIN + 74, y + 36, 20, INK, bold=True)
    if button:
        words += _box(y + 8, 44, LEAF, x=162, width=120) + _text(
            button, 222, y + 36, 18, "#FFFFFF", bold=True, anchor="middle"
        )
    return logo + words, 60, WIDTH - 30


def _message(text: str, y: int) -> tuple[str, int, float]:
    words, height = _paragraph(text, y + 8, 18, bold=False, x=MARGIN + 14, width=INNER - 56)
    return _box(y, height + 20, SAND) + words, height + 20, WIDTH - 40


def _done(text: str, y: int) -> tuple[str, int, float]:
    sign = (
        f"<circle cx='160' cy='{y + 34}' r='32' fill='{MIST}' stroke='{LEAF}' stroke-width='4'/>"
        f"<path d='m146 {y + 34} 10 11 19-21' fill='none' stroke='{LEAF}' stroke-width='6'/>"
    )
    lines = wrap(text, 22, INNER)
    words = "".join(
        _text(line, WIDTH / 2, y + 94 + 28 * i, 20, INK, bold=True, anchor="middle") for i, line in enumerate(lines)
    )
    return sign + words, 74 + 28 * len(lines), WIDTH - 44


_ROWS = {
    "heading": _heading, "text": _plain, "button": _button, "quiet": _quiet, "field": _field, "secret": _secret,
    "boxes": _boxes, "item": _item, "app": _app, "message": _message, "done": _done,
}  # fmt: skip
