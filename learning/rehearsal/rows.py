"""How each row of a drawn screen looks: words in boxes, fields, switches, messages. Rows with cells: cells.py. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from learning.rehearsal import signs
from learning.rehearsal.strokes import (
    CARD,
    EDGE,
    INK,
    INNER,
    LEAF,
    MARGIN,
    MIST,
    SAND,
    SOFT,
    WIDTH,
    block,
    box,
    centred,
    dot,
    fit,
    leading,
    path,
    width,
    words,
)  # fmt: skip

MIDDLE = WIDTH / 2
RIGHT = WIDTH - MARGIN
PIN = 58  # the room a numbered mark takes at the end of a row


@dataclass(frozen=True)
class Row:
    """One row: its kind (kit.KINDS), the words on it (conventions: blocks.py), and whether the page marks it."""

    kind: str
    text: str = ""
    marked: bool = False


@dataclass(frozen=True)
class Drawn:
    """A row as drawn at its height: SVG, units high, and the places of its marks (x, y) in units of the drawing."""

    svg: str
    height: int
    marks: tuple[tuple[float, float], ...] = ()


def _drawn(row: Row, svg: str, height: float, y: int, *, x: float = RIGHT - 28, at: float | None = None) -> Drawn:
    """The row with its mark at `x`, in the middle of its height or at `at` units below its top."""
    place = (x, y + (height / 2 if at is None else at))
    return Drawn(svg, round(height), (place,) if row.marked else ())


def _room(row: Row, room: float = INNER) -> float:
    return room - PIN if row.marked else room


def _heading(row: Row, y: int) -> Drawn:
    size, lines = fit(row.text, 22, _room(row), 2, bold=True)
    return _drawn(row, words(lines, MARGIN, y + size, size, bold=True), block(lines, size), y)


def _text(row: Row, y: int) -> Drawn:
    size, lines = fit(row.text, 18, _room(row), 4)
    return _drawn(row, words(lines, MARGIN, y + size, size), block(lines, size), y)


def _button(row: Row, y: int) -> Drawn:
    return _filled(row, y, LEAF, "", "#FFF")


def _quiet(row: Row, y: int) -> Drawn:
    return _filled(row, y, CARD, LEAF, LEAF)


def _filled(row: Row, y: int, fill: str, stroke: str, ink: str) -> Drawn:
    size, lines = fit(row.text, 20, _room(row, INNER - 24), 2, bold=True)
    widest = max(width(line, size, bold=True) for line in lines)
    # The words stand in the middle, unless the mark would cover their end.
    middle = MIDDLE if not row.marked or widest < INNER - 2 * PIN else MIDDLE - PIN / 2
    height = max(52, block(lines, size) + 20)
    text = words(lines, middle, centred(lines, size, y, height), size, ink, bold=True, anchor="middle")
    return _drawn(row, box(MARGIN, y, INNER, height, fill, stroke) + text, height, y)


def _labelled(row: Row, y: int, inside: Callable[[float], str]) -> Drawn:
    """A label above a box; `inside` draws what stands in the box, given its middle."""
    size, lines = fit(row.text, 18, INNER, 2)
    top = y + block(lines, size) + 5
    drawn = words(lines, MARGIN, y + size, size, SOFT) + inside(top + 22)
    return _drawn(row, drawn, top + 44 - y, y, at=top + 22 - y)


def _field(row: Row, y: int) -> Drawn:
    return _labelled(row, y, lambda middle: box(MARGIN, middle - 22, INNER, 44, CARD, EDGE))


def _secret(row: Row, y: int) -> Drawn:
    # A dashed line with round ends of no length: eight dots.
    return _labelled(
        row,
        y,
        lambda middle: (
            box(MARGIN, middle - 22, INNER, 44, CARD, EDGE)
            + path(f"M34 {middle:g}h130", INK, 10, " stroke-dasharray='0 18'")
        ),
    )


def _boxes(row: Row, y: int) -> Drawn:
    def six(middle: float) -> str:
        frames = "".join(f"M{MARGIN + 39 * i + 1} {middle - 22:g}h32v44h-32Z" for i in range(6))
        dots = path(f"M{MARGIN + 17} {middle:g}h200", INK, 10, " stroke-dasharray='0 39'")
        return f"<path d='{frames}' fill='{CARD}' stroke='{EDGE}' stroke-width='2'/>{dots}"

    return _labelled(row, y, six)


def _item(row: Row, y: int) -> Drawn:
    size, lines = fit(row.text, 19, _room(row, INNER - 50), 2)
    height = max(52, block(lines, size) + 20)
    arrow = path(f"M{RIGHT - 18} {y + height / 2 - 7:g}l7 7-7 7", SOFT)
    text = words(lines, MARGIN + 14, centred(lines, size, y, height), size)
    return _drawn(row, box(MARGIN, y, INNER, height, MIST) + text + arrow, height, y, x=RIGHT - 52)


def tile(name: str, x: float, y: float, side: int) -> str:
    """An app's sign on a tile: a generic drawing for its name, else its first letter."""
    ground = box(x, y, side, side, MIST, LEAF, 12)
    sign = signs.sign_of(name)
    if not sign:
        letter = words([signs.initial(name)], x + side / 2, y + side / 2 + 9, 26, LEAF, bold=True, anchor="middle")
        return ground + letter
    scale = side * 0.6 / 24
    return ground + glyph(sign, x + side * 0.2, y + side * 0.2, scale)


def glyph(sign: str, x: float, y: float, scale: float = 1, stroke: str = LEAF) -> str:
    """A sign of signs.py as lines of two units."""
    return (
        f"<path d='{sign}' transform='translate({x:g} {y:g}) scale({scale:g})' fill='none' stroke='{stroke}'"
        " stroke-width='2'/>"
    )


def _app(row: Row, y: int) -> Drawn:
    name, label = signs.halves(row.text)
    if not label:
        size, lines = fit(name, 20, _room(row, INNER - 72), 2, bold=True)
        height = max(60, block(lines, size))
        drawn = tile(name, MARGIN, y + (height - 60) / 2, 60)
        drawn += words(lines, MARGIN + 72, centred(lines, size, y, height), size, bold=True)
        return _drawn(row, drawn, height, y)
    pill = min(140.0, width(label, 18, bold=True) + 28)
    small, told = fit(label, 18, pill - 20, 2, bold=True)
    high = max(44, block(told, small) + 16)
    size, lines = fit(name, 20, INNER - 82 - pill, 2, bold=True)
    under = len(lines) > 3  # a long name: the button stands below it
    if under:
        size, lines = fit(name, 20, INNER - 72, 2, bold=True)
    name_high = max(60, block(lines, size))
    # The mark sits on the upper edge of the button, so that it covers no word.
    height = name_high + high + 8 if under else max(name_high, high + 40 * row.marked)
    middle = y + (name_high if under else height) / 2
    top = y + height - high if under or row.marked else middle - high / 2
    drawn = tile(name, MARGIN, middle - 30, 60)
    drawn += words(lines, MARGIN + 72, centred(lines, size, middle - 30, 60), size, bold=True)
    drawn += box(RIGHT - pill, top, pill, high, LEAF, radius=22)
    drawn += words(told, RIGHT - pill / 2, centred(told, small, top, high), small, "#FFF", bold=True, anchor="middle")
    return _drawn(row, drawn, height, y, x=RIGHT - pill / 2, at=top - 22 - y)


def _message(row: Row, y: int) -> Drawn:
    size, lines = fit(row.text, 18, _room(row, INNER - 30), 5)
    height = block(lines, size) + 22
    return _drawn(row, box(MARGIN, y, INNER, height, SAND) + words(lines, MARGIN + 14, y + 11 + size, size), height, y)


def _done(row: Row, y: int) -> Drawn:
    sign = f"<circle cx='160' cy='{y + 34}' r='31' fill='{MIST}' stroke='{LEAF}' stroke-width='4'/>"
    sign += path(f"m146 {y + 35} 10 11 19-22", LEAF, 6)
    size, lines = fit(row.text, 20, INNER, 3, bold=True)
    text = words(lines, MIDDLE, y + 74 + size, size, bold=True, anchor="middle")
    return _drawn(row, sign + text, 74 + block(lines, size) if row.text else 68, y, at=34)


def _toggle(row: Row, y: int) -> Drawn:
    name, state = signs.halves(row.text)
    size, lines = fit(name, 19, _room(row, INNER - 98), 2)
    height = max(52, block(lines, size) + 16)
    middle, on = y + height / 2, signs.is_on(state)
    switch = box(RIGHT - 70, middle - 16, 58, 32, LEAF if on else CARD, LEAF if on else EDGE, 16)
    switch += dot(RIGHT - 28 if on else RIGHT - 54, middle, 11, CARD if on else EDGE)
    if on:  # not by colour alone: a tick on the knob
        switch += path(f"m{RIGHT - 33} {middle:g} 4 4 6-8", LEAF)
    text = words(lines, MARGIN + 14, centred(lines, size, y, height), size)
    return _drawn(row, box(MARGIN, y, INNER, height, MIST) + text + switch, height, y, x=RIGHT - 104)


def _check(row: Row, y: int) -> Drawn:
    told, state = signs.halves(row.text)
    ticked = signs.is_ticked(state)
    size, lines = fit(told, 18, _room(row, INNER - 42), 4)
    height = max(44, block(lines, size) + 6)
    middle = y + height / 2
    square = box(MARGIN + 1, middle - 14, 28, 28, LEAF if ticked else CARD, LEAF if ticked else EDGE, 6)
    if ticked:
        square += path(f"m{MARGIN + 8} {middle:g} 5 6 9-12", "#FFF", 4)
    return _drawn(row, square + words(lines, MARGIN + 42, centred(lines, size, y, height), size), height, y)


def _search(row: Row, y: int) -> Drawn:
    size, lines = fit(row.text, 18, _room(row, INNER - 66), 2)
    height = max(48, block(lines, size) + 14)
    lens = glyph("M10.5 4a6.5 6.5 0 1 0 .1 0m5 11.5 5 5", MARGIN + 14, y + height / 2 - 12, 1, SOFT)
    text = words(lines, MARGIN + 48, centred(lines, size, y, height), size, SOFT)
    return _drawn(row, box(MARGIN, y, INNER, height, CARD, EDGE, 24) + lens + text, height, y)


def _bubble(row: Row, y: int) -> Drawn:
    sender, said = signs.halves(row.text) if "|" in row.text else ("", row.text)
    own = signs.is_own(sender)
    size, lines = fit(said, 18, _room(row, INNER - 66), 5)
    room = max(width(line, size) for line in lines) + 30 + (PIN if row.marked else 0)
    height = block(lines, size) + 20
    if own:
        left, top, drawn = RIGHT - room, y, ""
    else:
        small, name = fit(sender, 16, INNER - 44, 1)
        left, top = MARGIN + 38, y + block(name, small) + 3
        drawn = dot(MARGIN + 15, top + 15, 15, SAND, EDGE) + glyph(signs.sign_of("me"), MARGIN + 5, top + 4, 0.83, SOFT)
        drawn += words(name, left, y + 15, small, SOFT)
    drawn += box(left, top, room, height, MIST if own else SAND, radius=14)
    drawn += words(lines, left + 14, top + 10 + size, size)
    return _drawn(row, drawn, top + height - y, y, x=left + room - 30, at=top + height / 2 - y)


def _call(row: Row, y: int) -> Drawn:
    caller, told = signs.halves(row.text)
    size, name = fit(caller, 22, INNER - 24, 2, bold=True)
    under, lines = fit(told, 18, INNER - 24, 4) if told else (0, [])
    first = y + 78 + size
    second = first + (len(name) - 1) * leading(size) + leading(under) + 2
    height = 78 + block(name, size) + (block(lines, under) + 4 if told else 0) + 14
    drawn = box(MARGIN, y, INNER, height, SAND, radius=16) + dot(MIDDLE, y + 42, 28, CARD, LEAF)
    drawn += glyph(signs.sign_of("phone"), MIDDLE - 17, y + 25, 1.4)
    drawn += path(f"m202 {y + 26}q12 16 0 32m11-40q18 24 0 48m-95-8q-12-16 0-32m-11 40q-18-24 0-48", EDGE, 2)
    drawn += words(name, MIDDLE, first, size, bold=True, anchor="middle")
    drawn += words(lines, MIDDLE, second, under, SOFT, anchor="middle") if told else ""
    return _drawn(row, drawn, height, y, at=42)


def _card(row: Row, y: int) -> Drawn:
    title, told = signs.halves(row.text)
    size, name = fit(title, 19, _room(row, INNER - 28), 2, bold=True)
    top = y + 12 + block(name, size)
    drawn = words(name, MARGIN + 14, y + 9 + size, size, bold=True)
    if signs.has_portrait(title):
        small, lines = fit(told, 16, INNER - 110, 3) if told else (16, [])
        height = top - y + max(76, 50 + block(lines, small))
        drawn += box(MARGIN + 14, top + 2, 52, 60, CARD, EDGE, 6)
        drawn += glyph(signs.sign_of("me"), MARGIN + 16, top + 8, 2, EDGE)
        drawn += path(f"M{MARGIN + 84} {top + 14}h120m-120 18h80", EDGE, 7, " stroke-dasharray='0 14'")
        drawn += words(lines, MARGIN + 80, top + 40 + small, small, SOFT) if told else ""
    else:
        small, lines = fit(told, 18, _room(row, INNER - 28), 3) if told else (18, [])
        height = top - y + (block(lines, small) + 12 if told else 8)
        drawn += words(lines, MARGIN + 14, top + small, small, SOFT) if told else ""
    return _drawn(row, box(MARGIN, y, INNER, height, SAND, LEAF, 14) + drawn, height, y, at=min(height / 2, 34))


def _file(row: Row, y: int) -> Drawn:
    name, told = signs.halves(row.text)
    size, lines = fit(name, 18, _room(row, INNER - 66), 2)
    small, under = fit(told, 16, _room(row, INNER - 66), 2) if told else (16, [])
    told_high = block(under, small) + 2 if told else 0
    height = max(56, block(lines, size) + told_high + 18)
    drawn = box(MARGIN, y, INNER, height, CARD, EDGE)
    drawn += glyph(signs.sign_of("file"), MARGIN + 10, y + height / 2 - 18, 1.5)
    first = y + (height - block(lines, size) - told_high) / 2 + size
    drawn += words(lines, MARGIN + 52, first, size)
    drawn += words(under, MARGIN + 52, first + block(lines, size) + 1, small, SOFT) if told else ""
    return _drawn(row, drawn, height, y)


def _slider(row: Row, y: int) -> Drawn:
    name, told = signs.halves(row.text)
    size, lines = fit(name, 18, INNER, 2)
    middle = y + block(lines, size) + 19
    small, large = signs.ends(told)
    knob = MIDDLE if large else MARGIN + 20  # «nhỏ…to» stands between; «trượt để tắt» waits at its start
    drawn = words(lines, MARGIN, y + size, size) + path(f"M{MARGIN + 6} {middle:g}h{INNER - 12}", EDGE, 6)
    drawn += path(f"M{MARGIN + 6} {middle:g}H{knob:g}", LEAF, 6)
    drawn += f"<circle cx='{knob:g}' cy='{middle:g}' r='14' fill='{CARD}' stroke='{LEAF}' stroke-width='4'/>"
    high = 0
    for end, x, anchor in ((small, MARGIN, ""), (large, RIGHT, "end")):
        end_size, end_lines = fit(end, 16, INNER / 2 - 10 if large else INNER, 1)
        drawn += words(end_lines, x, middle + 34, end_size, SOFT, anchor=anchor) if end else ""
        high = max(high, block(end_lines, end_size) if end else 0)
    return _drawn(row, drawn, middle + 20 + high - y, y, x=RIGHT - 70, at=middle - y)


def _notice(row: Row, y: int) -> Drawn:
    name, told = signs.halves(row.text)
    size, lines = fit(told or name, 18, _room(row, INNER - 28), 4)
    small, app = fit(name, 16, INNER - 62, 1, bold=True)
    top = 14 + block(app, small) if told else 10
    height = top + block(lines, size) + 12
    drawn = box(MARGIN, y, INNER, height, SAND, EDGE, 16)
    if told:
        drawn += glyph(signs.sign_of("notice"), MARGIN + 12, y + 9, 0.9, SOFT)
        drawn += words(app, MARGIN + 40, y + 26, small, SOFT, bold=True)
    return _drawn(row, drawn + words(lines, MARGIN + 14, y + top + size, size), height, y)


PLAIN: dict[str, Callable[[Row, int], Drawn]] = {
    "heading": _heading, "text": _text, "button": _button, "quiet": _quiet, "field": _field, "secret": _secret,
    "boxes": _boxes, "item": _item, "app": _app, "message": _message, "done": _done, "toggle": _toggle,
    "check": _check, "search": _search, "bubble": _bubble, "call": _call, "card": _card, "file": _file,
    "slider": _slider, "notice": _notice,
}  # fmt: skip
