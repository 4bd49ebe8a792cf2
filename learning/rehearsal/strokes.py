"""The pen of the screen kit: how wide words are, where lines break, and the few shapes all is drawn with. Pure."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from xml.sax.saxutils import escape

WIDTH = 320  # units of a drawing; about CSS pixels on a small phone
MARGIN = 16
INNER = WIDTH - 2 * MARGIN
SMALLEST = 16  # no letter is smaller
INK, SOFT, EDGE, LEAF, MIST, SAND, CARD = "#1C1B18", "#4A463F", "#7B7466", "#0A5A54", "#EEF5F3", "#F6EEDF", "#FFF"
MARK = "#F5B921"

# Advance widths of Arial in thousandths (Roboto is a little narrower): letters that are not here are 560 wide.
_ADVANCES = {
    **dict.fromkeys("ijl'’", 225), **dict.fromkeys("ftI!,./:;[]| ·", 280), **dict.fromkeys("r()-`{}“”\"•", 340),
    **dict.fromkeys("cksvxyzJ*", 505), **dict.fromkeys("FTZ+<=>", 610), **dict.fromkeys("ABEKPSVXY&", 670),
    **dict.fromkeys("wCDHNRUĐ", 725), **dict.fromkeys("GOQ", 780), **dict.fromkeys("mM%", 860),
    **dict.fromkeys("W…@", 1000),
}  # fmt: skip
_SAFETY = 1.04  # other fonts, hinting


@lru_cache(maxsize=4096)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """How many units a line of text takes at a letter size; a little more than in most fonts, seldom less."""
    total = 0
    for letter in unicodedata.normalize("NFD", text):
        if letter in "\u031b":  # the horn of ơ and ư
            total += 60
        elif not unicodedata.combining(letter):
            total += _ADVANCES.get(letter, 560)
    return total / 1000 * size * _SAFETY * (1.07 if bold else 1)


def wrap(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """The text in lines of at most `room` units. A word that is longer by itself (an address) is cut."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", size, bold=bold) <= room:
            lines[-1] += f" {word}"
            continue
        while len(word) > 1 and width(word, size, bold=bold) > room:
            cut = _cut(word, size, room, bold=bold)
            lines.append(word[:cut])
            word = word[cut:]
        lines.append(word)
    return lines or [""]


def _cut(word: str, size: float, room: float, *, bold: bool) -> int:
    """Where a long word breaks: behind its last - . / _ that fits, else behind the last letter that fits."""
    cut = next((n for n in range(len(word) - 1, 1, -1) if width(word[:n], size, bold=bold) <= room), 1)
    tidy = max(word.rfind(sign, 0, cut) for sign in "-./_") + 1
    return tidy if tidy > cut // 2 else cut


def fit(text: str, size: int, room: float, lines: int, *, bold: bool = False) -> tuple[int, list[str]]:
    """(size, lines): the largest size, from `size` down to SMALLEST, that needs at most `lines`; else the smallest."""
    while True:
        found = wrap(text, size, room, bold=bold)
        if len(found) <= lines or size <= SMALLEST:
            return size, found
        size = max(SMALLEST, size - 2)


def leading(size: int) -> int:
    """From one base line to the next: Vietnamese marks stand above and below the letters."""
    return round(size * 1.32)


def words(
    lines: Sequence[str], x: float, y: float, size: int, fill: str = "", *, bold: bool = False, anchor: str = "",
    grouped: bool = False,
) -> str:  # fmt: skip
    """Lines of text whose first base line is at `y`. Without `fill` they are in ink (the drawing's own colour).

    `grouped`: size and anchor stand on the group around them.
    """
    style = "" if grouped else f" font-size='{size}'"
    style += f" fill='{fill}'" if fill else ""
    style += " font-weight='700'" if bold else ""
    style += f" text-anchor='{anchor}'" if anchor and not grouped else ""
    text = f"<tspan x='{x:g}' dy='{leading(size)}'>".join(
        escape(line) + ("</tspan>" if number else "") for number, line in enumerate(lines)
    )
    return f"<text x='{x:g}' y='{y:g}'{style}>{text}</text>"


def block(lines: Sequence[str], size: int) -> int:
    """The height of lines of text."""
    return (len(lines) - 1) * leading(size) + round(size * 1.25)


def centred(lines: Sequence[str], size: int, top: float, height: float) -> float:
    """The first base line of lines that stand in the middle of a box."""
    return round(top + (height - (len(lines) - 1) * leading(size)) / 2 + size * 0.36)


def box(x: float, y: float, width: float, height: float, fill: str, stroke: str = "", radius: int = 10) -> str:
    """A rectangle with round corners."""
    line = f" stroke='{stroke}' stroke-width='2'" if stroke else ""
    return f"<rect x='{x:g}' y='{y:g}' width='{width:g}' height='{height:g}' rx='{radius}' fill='{fill}'{line}/>"


def path(line: str, stroke: str, weight: int = 3, more: str = "") -> str:
    """An open line."""
    return f"<path d='{line}' fill='none' stroke='{stroke}' stroke-width='{weight}'{more}/>"


def dot(x: float, y: float, radius: float, fill: str, stroke: str = "") -> str:
    """A disc."""
    line = f" stroke='{stroke}' stroke-width='2'" if stroke else ""
    return f"<circle cx='{x:g}' cy='{y:g}' r='{radius:g}' fill='{fill}'{line}/>"
