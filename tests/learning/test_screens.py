"""The screen kit: small, well-formed, marks where the marked rows are."""

from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from learning.screens import KINDS, WIDTH, Row, draw, wrap


def test_every_kind_is_drawn_as_small_well_formed_svg() -> None:
    drawing = draw("Kích hoạt", [Row(kind, "Chữ «ở đây» & <đây>|Mở") for kind in KINDS[:7]], "minh hoạ")
    more = draw("", [Row(kind, "Chữ 'ở đây'") for kind in KINDS[7:]], "minh hoạ")
    for picture in (drawing, more):
        tree = ElementTree.fromstring(picture.svg)
        assert tree.attrib["viewBox"] == f"0 0 {WIDTH} {picture.height}"
        assert "minh hoạ" in picture.svg
        assert len(picture.svg.encode()) < 10_000
        assert unquote(picture.src.partition(",")[2]) == picture.svg
        assert '"' not in picture.src


def test_marks_lie_on_their_rows_in_order() -> None:
    drawing = draw("", [Row("item", "a", True), Row("text", "b"), Row("item", "c", True)], "x")
    (x1, y1), (x2, y2) = drawing.marks
    assert x1 == x2
    assert 0 < y1 < y2 < 100


def test_long_words_wrap() -> None:
    assert wrap("một hai ba bốn năm", 20, 110) == ["một hai ba", "bốn năm"]
    assert wrap("", 20, 100) == [""]


def test_an_unknown_row_is_refused() -> None:
    with pytest.raises(ValueError, match="hologram"):
        draw("", [Row("hologram")], "x")
