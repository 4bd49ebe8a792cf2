"""Rows with several places (tabs, apps, keys), and the two pictures (a photographed paper, a QR code). Pure."""

from collections.abc import Callable

from learning.rehearsal import signs
from learning.rehearsal.rows import MIDDLE, PIN, Drawn, Row, glyph
from learning.rehearsal.strokes import (
    CARD,
    EDGE,
    INK,
    INNER,
    LEAF,
    MARGIN,
    MARK,
    MIST,
    SAND,
    SOFT,
    WIDTH,
    block,
    box,
    centred,
    fit,
    path,
    width,
    words,
    wrap,
)  # fmt: skip

EDGE_LEFT, EDGE_RIGHT = 4, WIDTH - 4  # inside the frame's line
A_ROW = 4  # apps side by side


def _ring(x: float, y: float, room: float, height: float) -> str:
    """The highlighter around a marked cell: the numbered mark alone would leave open which one is meant."""
    return (
        f"<rect x='{x + 3:g}' y='{y + 3:g}' width='{room - 6:g}' height='{height - 6:g}' rx='10' fill='none'"
        f" stroke='{MARK}' stroke-width='6'/>"
    )


def _group(size: int, drawn: str) -> str:
    return f"<g font-size='{size}' text-anchor='middle'>{drawn}</g>"


def _tabs(row: Row, y: int) -> Drawn:
    """A bar over the whole width: a sign and a word a place."""
    found = signs.cells(row.text)
    room = (EDGE_RIGHT - EDGE_LEFT) / max(1, len(found))
    labels = [fit(cell.text, 16, room - 10, 1)[1] for cell in found]
    height = 44 + max((block(lines, 16) for lines in labels), default=16)
    drawn, marks = "", []
    for number, (cell, lines) in enumerate(zip(found, labels, strict=True)):
        left = EDGE_LEFT + number * room
        middle = round(left + room / 2)
        drawn += glyph(signs.sign_of(cell.text) or "M5 5h14v14H5Z", middle - 12, y + 8)
        drawn += words(lines, middle, y + 50, 16, grouped=True)
        if cell.marked:
            drawn += _ring(left, y, room, height)
            marks.append((middle, y + 4.0))
    bar = f"<path d='M4 {y}h312v{height}H4Z' fill='{MIST}'/><path d='M4 {y}h312' stroke='{EDGE}'/>"
    return Drawn(bar + _group(16, drawn), height, tuple(marks))


def _grid(row: Row, y: int) -> Drawn:
    """Apps of a home screen, four side by side; two or three take the whole width."""
    found = signs.cells(row.text)
    columns = max(1, min(A_ROW, len(found)))
    room = (INNER + 16) / columns
    grounds, glyphs, drawn, marks, top = "", "", "", [], y
    for start in range(0, len(found), columns):
        line = found[start : start + columns]
        labels = [fit(cell.text, 16, room - 6, 2)[1] for cell in line]
        for number, (cell, lines) in enumerate(zip(line, labels, strict=True)):
            middle = round(MARGIN - 8 + (number + 0.5) * room)
            grounds += f"M{middle - 21} {top + 11}h42v42h-42Z"
            if sign := signs.sign_of(cell.text):
                glyphs += f"<path d='{sign}' transform='translate({middle - 16} {top + 16}) scale(1.33)'/>"
            else:
                letter = signs.initial(cell.text)
                drawn += words([letter], middle, top + 41, 26, LEAF, bold=True)
            drawn += words(lines, middle, top + 82, 16, grouped=True)
            if cell.marked:
                drawn += _ring(middle - 33, top - 1, 66, 66)
                marks.append((middle + 30, top + 4.0))
        top += 72 + max(block(lines, 16) for lines in labels)
    signs_drawn = f"<g fill='none' stroke='{LEAF}' stroke-width='2'>{glyphs}</g>"
    return Drawn(_faces(grounds, LEAF, MIST, 12) + signs_drawn + _group(16, drawn), max(top - 4 - y, 20), tuple(marks))


def _keys(row: Row, y: int) -> Drawn:
    """One row of a keyboard; wider keys for longer words."""
    found = signs.cells(row.text)
    wishes = [max(24.0, width(cell.text, 18) + 12) for cell in found]
    spare = INNER + 8 - 8 * (len(found) - 1)
    scale = min(spare / max(1.0, sum(wishes)), 2.2)
    size = 18 if scale >= 1 else 16
    left = MIDDLE - (sum(wishes) * scale + 8 * (len(found) - 1)) / 2
    shapes, drawn, marks = "", "", []
    for cell, wish in zip(found, wishes, strict=True):
        room = wish * scale
        shapes += f"M{left:.0f} {y + 3}h{room:.0f}v42h-{room:.0f}Z"
        lines = wrap(cell.text, size, room + 5)
        drawn += words(lines, round(left + room / 2), centred(lines, size, y, 48), size, grouped=True)
        if cell.marked:
            drawn += _ring(left - 8, y - 5, room + 16, 58)
            marks.append((left + room / 2, y + 68.0))
        left += room + 8
    height = 83 if marks else 51  # room for the number below its key
    ground = f"<path d='M4 {y - 5}h312v{height + 10}H4Z' fill='{SAND}'/>"
    return Drawn(ground + _faces(shapes, EDGE, CARD, 8) + _group(size, drawn), height, tuple(marks))


def _faces(shapes: str, edge: str, fill: str, weight: int) -> str:
    """Many equal boxes at once. Their round corners come from a broad line, with a narrower one inside it."""
    inner = f"<path d='{shapes}' fill='{fill}' stroke='{fill}' stroke-width='{weight - 4}'/>"
    return path(shapes, edge, weight) + inner


SHEET = (288, 168)  # units of the camera's view
_TILT = "translate(160 124) rotate(19) translate(-144 -84)"
_CUT = "M132 40 234 75 202 168H88Z"  # the tilted sheet, as far as the camera sees it
_LINES = "M120 48h48M106 66h76M106 80h76M106 94h60M106 108h76M106 122h44"


def sheet(variant: str) -> str:
    """What the camera sees of a paper, 288 × 168 units from (0, 0): 'clear', 'blurred', 'crooked' or 'dark'."""
    drawn = box(0, 0, *SHEET, SOFT, radius=12)
    leaf, lines = "M90 14h108v140H90Z", path("M110 30h68", LEAF, 6) + path(_LINES, INK)
    if variant == "crooked":
        drawn += f"<path d='{_CUT}' fill='{CARD}'/><g transform='{_TILT}'>{lines}</g>"
    elif variant == "blurred":
        # Soft edges and lines that run into each other.
        drawn += path(leaf, CARD, 14, " stroke-opacity='.35'") + path(leaf, CARD, 6, " stroke-opacity='.5'")
        drawn += f"<path d='{leaf}' fill='{CARD}'/>"
        for weight, strength in ((15, ".12"), (10, ".14"), (6, ".12")):
            drawn += path("M110 30h68" + _LINES, INK, weight, f" stroke-opacity='{strength}'")
    else:
        drawn += f"<path d='{leaf}' fill='{CARD}'/>{lines}"
    if variant == "dark":
        drawn += "<rect width='288' height='168' rx='12' fill='#0B0A08' fill-opacity='.8'/>"
    return drawn + path("M12 34V12h22m220 0h22v22m0 100v22h-22m-220 0H12v-22", "#FFF", 4)


def _photo(row: Row, y: int) -> Drawn:
    """The camera's view, with the words behind a bar («rõ|Giấy khai sinh») under it."""
    state, told = signs.halves(row.text)
    drawn = f"<g transform='translate({MARGIN} {y})'>{sheet(signs.paper(state))}</g>"
    high = SHEET[1]
    if told:
        size, lines = fit(told, 16, INNER, 2)
        drawn += words(lines, MIDDLE, y + high + 4 + size, size, SOFT, anchor="middle")
        high += block(lines, size) + 6
    return Drawn(drawn, high, ((MARGIN + INNER - 44, y + SHEET[1] / 2),) if row.marked else ())


_MODULES = (0b101100, 0b010011, 0b110101, 0b001110, 0b100101, 0b111010, 0b010110)


def qr() -> str:
    """Something like a QR code that no phone can read: 140 × 140 units from (0, 0)."""
    corner = "h40v40h-40ZM{0} {1}h24v24h-24Z"
    eyes = "".join(f"M{x} {y}" + corner.format(x + 8, y + 8) for x, y in ((10, 10), (90, 10), (10, 90)))
    pupils = "".join(f"M{x + 13} {y + 13}h14v14h-14Z" for x, y in ((10, 10), (90, 10), (10, 90)))
    dots = "".join(
        f"M{x} {y}h8v8h-8Z"
        for line, bits in enumerate(_MODULES)
        for column in range(6)
        if bits >> column & 1
        for x, y in ((58 + 12 * column, 58 + 11 * line), (58 + 4 * column, 10 + 7 * line))[: 1 + (column % 3 == 0)]
    )
    return box(0, 0, 140, 140, CARD, EDGE) + f"<path d='{eyes}{pupils}{dots}' fill='{INK}' fill-rule='evenodd'/>"


def _qr(row: Row, y: int) -> Drawn:
    drawn, high = f"<g transform='translate(90 {y})'>{qr()}</g>", 140
    if row.text:
        size, lines = fit(row.text, 18, INNER, 2)
        drawn += words(lines, MIDDLE, y + high + 6 + size, size, anchor="middle")
        high += block(lines, size) + 8
    return Drawn(drawn, high, ((MIDDLE + 70 + PIN / 2, y + 70),) if row.marked else ())


CELLED: dict[str, Callable[[Row, int], Drawn]] = {
    "tabs": _tabs, "grid": _grid, "keys": _keys, "photo": _photo, "qr": _qr,
}  # fmt: skip
