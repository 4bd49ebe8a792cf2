"""Drawn screens in ink: outlines on white, black letters; photos stay what they are."""

from urllib.parse import unquote
from xml.etree import ElementTree

from learning.printing.ink import ink, ink_src
from learning.rehearsal.kit import KINDS, Row, draw


def colours(svg: str) -> set[str]:
    root = ElementTree.fromstring(svg)
    return {value for element in root.iter() for name in ("fill", "stroke") if (value := element.get(name))}


def test_only_black_and_white_are_left() -> None:
    drawing = draw("VNeID", [Row(kind, "Tiếp|xong*|ba") for kind in KINDS], "minh hoạ")
    assert colours(ink(drawing.svg)) <= {"#000", "#fff", "none"}


def test_an_area_of_colour_gets_an_outline_and_its_words_turn_black() -> None:
    tree = ElementTree.fromstring(
        ink("<svg xmlns='http://www.w3.org/2000/svg'><rect fill='#0A5A54'/><text fill='#FFFFFF'>a</text></svg>")
    )
    rect, text = list(tree)
    assert (rect.get("fill"), rect.get("stroke")) == ("#fff", "#000")
    assert text.get("fill") == "#000"


def test_colours_of_a_group_reach_its_shapes() -> None:
    tree = ElementTree.fromstring(
        ink(
            "<svg xmlns='http://www.w3.org/2000/svg' fill='#0A5A54'><g stroke='#123456'><rect/></g><text>a</text></svg>"
        )
    )
    rect = tree[0][0]
    assert (rect.get("fill"), rect.get("stroke"), tree[1].get("fill")) == ("#fff", "#000", "#000")


def test_ink_stays_ink() -> None:
    tree = ElementTree.fromstring(ink("<svg xmlns='http://www.w3.org/2000/svg'><circle fill='#1C1B18'/></svg>"))
    assert tree[0].get("fill") == "#000"


def test_an_address_of_a_drawing_is_redrawn_and_that_of_a_photo_is_kept() -> None:
    drawing = draw("", [Row("button", "Tiếp & «xong»")], "minh hoạ")
    src = ink_src(drawing.src)
    assert src.startswith("data:image/svg+xml")
    assert '"' not in src
    assert "Tiếp &amp; «xong»" in unquote(src)
    assert ink_src("/media/images/a.jpg") == "/media/images/a.jpg"
