"""Drawn screens in black ink on white paper: outlines instead of filled areas, so that a cheap printer shows them well.

Pure: SVG text in, SVG text out.
"""

import re
from urllib.parse import quote, unquote
from xml.etree import ElementTree

START = "data:image/svg+xml"
SVG = "http://www.w3.org/2000/svg"
BLACK, WHITE = "#000", "#fff"
_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")
_DARK = 0.06  # luminance: ink stays ink (dots of a password, the camera), everything lighter becomes paper
_LETTERS = {"text", "tspan"}
_CONTAINERS = {"svg", "g", "defs", "title", "desc"}


def ink_src(src: str) -> str:
    """A `data:` address of a drawn screen in ink; any other address (a photo) as it is."""
    if not src.startswith(START) or "," not in src:
        return src
    head, _comma, body = src.partition(",")
    if ";base64" in head:
        return src
    return f"{head},{quote(ink(unquote(body)), safe=' =/:;,()!*-._~')}"


def ink(svg: str) -> str:
    """The drawing with black letters and lines, white areas; an area that only its colour showed gets an outline."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(svg)
    _paint(root, BLACK, "none")
    return ElementTree.tostring(root, encoding="unicode")


def _paint(element: ElementTree.Element, fill: str, stroke: str) -> None:
    """Write the colours onto the shapes themselves; `fill` and `stroke` are those that they inherit."""
    fill, stroke = element.attrib.pop("fill", fill), element.attrib.pop("stroke", stroke)
    for child in element:
        _paint(child, fill, stroke)
    name = element.tag.rpartition("}")[2]
    if name in _CONTAINERS:
        return
    if name in _LETTERS:
        element.set("fill", BLACK)
        return
    has_line, has_area = stroke != "none", fill != "none"
    is_ink = has_area and _luminance(fill) < _DARK
    element.set("fill", BLACK if is_ink else WHITE if has_area else "none")
    if has_area and not is_ink and not has_line:
        element.set("stroke-width", "2")
    element.set("stroke", BLACK if has_line or (has_area and not is_ink) else "none")


def _luminance(colour: str) -> float:
    """0 for black, 1 for white (WCAG's relative luminance); a colour that is no hex number counts as white."""
    match = _HEX.match(colour)
    if match is None:
        return 1.0
    text = match[1] if len(match[1]) == 6 else "".join(letter * 2 for letter in match[1])
    parts = [int(text[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
