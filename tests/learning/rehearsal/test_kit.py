"""The screen kit: every kind is small and well-formed, words stay inside the phone, marks where marked rows are."""

import gzip
import re
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.rehearsal.blocks import ROW_KINDS
from learning.rehearsal.cells import sheet
from learning.rehearsal.kit import KINDS, WIDTH, Drawing, Row, draw
from learning.rehearsal.signs import CELL_KINDS, cells, paper, sign_of
from learning.rehearsal.strokes import MARGIN, SMALLEST, fit, width, wrap
from learning.seeding.files import ROW_KINDS as SHIPPED_KINDS

SVG = "{http://www.w3.org/2000/svg}"
TYPICAL = (
    ("Kích hoạt", "heading:Kính chào", "button:Kích hoạt*", "quiet:Đăng nhập", "field:Số căn cước", "secret:Mật khẩu"),
    ("", "grid:Gọi điện|Tin nhắn|VNeID*|Ảnh|Máy ảnh|Cài đặt|Kho|Zalo", "search:Tìm kiếm"),
    ("VNeID", "card:Thẻ căn cước|minh hoạ", "item:Ví giấy tờ", "tabs:Trang chủ|Ví giấy tờ*|Thông báo|Cá nhân"),
    ("Tin nhắn", "bubble:Số lạ|Bác bấm vào đây nhận quà", "bubble:Bác|Để tôi hỏi con đã", "message:Mã OTP: ••••••"),
    ("", "call:Số lạ|«Tôi là công an đây…»", "button:Cúp máy*", "quiet:Nghe máy"),
    ("Ảnh", "photo:mờ", "photo:rõ*", "button:Dùng ảnh này"),
    ("Tệp", "file:giay-khai-sinh.jpg|đã đính kèm", "slider:Cỡ chữ|nhỏ…to", "check:Tôi đồng ý|x", "toggle:Wi-Fi|bật"),
    ("Gõ tên", "field:Họ và tên", "keys:d|đ*|s|f|xoá"),
    ("Mã QR", "qr:Mã QR của bác*", "notice:VNeID|Hồ sơ của bác đã có kết quả"),
)


def row(kind: str, text: str) -> Row:
    """'button:Mở*' as in TYPICAL; the star of a whole row is its mark."""
    marked = text.endswith("*") and kind not in CELL_KINDS
    return Row(kind, text.removesuffix("*") if marked else text, marked)


def typical(title: str, *rows: str) -> Drawing:
    return draw(title, [row(*entry.split(":", 1)) for entry in rows], "Hình minh hoạ")


def lines_of(drawing: Drawing) -> list[tuple[str, float, float]]:
    """Every line of text with its left and right end in units, by the kit's own measure."""
    found = []
    tree = ElementTree.fromstring(drawing.svg)
    parents = {child: parent for parent in tree.iter() for child in parent}
    for text in tree.iter(f"{SVG}text"):
        parent = parents[text]
        size = float(text.get("font-size") or parent.attrib["font-size"])
        anchor = text.get("text-anchor") or parent.get("text-anchor") or "start"
        assert size >= SMALLEST
        spans = [(text.text or "", text.attrib["x"]), *((span.text or "", span.attrib["x"]) for span in text)]
        for words, x in spans:
            room = width(words, size, bold=text.get("font-weight") == "700")
            left = float(x) - {"start": 0.0, "middle": room / 2, "end": room}[anchor]
            found.append((words, left, left + room))
    return found


def test_it_draws_exactly_the_kinds_that_editors_and_content_files_know() -> None:
    assert set(KINDS) == {kind for kind, _label in ROW_KINDS} == set(SHIPPED_KINDS)


@pytest.mark.parametrize("screen", TYPICAL)
def test_a_typical_screen_is_light_well_formed_and_carries_its_band(screen: tuple[str, ...]) -> None:
    drawing = typical(*screen)
    tree = ElementTree.fromstring(drawing.svg)
    assert tree.attrib["viewBox"] == f"0 0 {WIDTH} {drawing.height}"
    assert "Hình minh hoạ" in drawing.svg
    assert len(drawing.svg.encode()) <= 3_000
    assert len(gzip.compress(drawing.src.encode())) <= 1_500
    assert unquote(drawing.src.partition(",")[2]) == drawing.svg
    assert not set(drawing.src) & set("\"'<>#&")


def test_every_kind_survives_signs_that_mean_something_in_xml() -> None:
    for kind in KINDS:
        words = "".join(ElementTree.fromstring(draw("", [Row(kind, "Chữ <b> & 'đây'|Mở")], "x").svg).itertext())
        assert kind == "photo" or "<b>" in words, kind


WORDS = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyMWĐÔ 0123456789.,:-_/@", min_size=0, max_size=44)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(KINDS), WORDS, WORDS, st.booleans())
def test_no_word_leaves_the_phone_or_gets_lost(kind: str, first: str, second: str, marked: bool) -> None:
    text = f"{first}|{second}"
    drawing = draw("Tiêu đề", [Row(kind, text, marked and kind not in CELL_KINDS)], "Hình minh hoạ")
    drawn = lines_of(drawing)
    for words, left, right in drawn:
        assert 4 <= left <= right <= WIDTH - 4, words
    shown = "".join(words for words, _left, _right in drawn).replace(" ", "")
    # These read their words as a state instead of showing them.
    halves = {"toggle": [first], "check": [first], "photo": [second], "secret": [text]}.get(kind, [first, second])
    if kind != "bubble" or first.strip():
        assert all(half.replace(" ", "").replace("*", "") in shown for half in halves if half.strip())


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(["Gọi điện", "Thông báo", "Notifications", "VNeID", "Dịch vụ công", "đ"]),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(CELL_KINDS),
)
def test_cells_stay_side_by_side_inside_the_phone(names: list[str], kind: str) -> None:
    for words, left, right in lines_of(draw("", [Row(kind, "|".join(names))], "x")):
        assert 2 <= left <= right <= WIDTH - 2, words


def test_marks_lie_on_their_rows_in_order() -> None:
    drawing = draw("", [Row("item", "a", True), Row("text", "b"), Row("item", "c", True)], "x")
    (x1, y1), (x2, y2) = drawing.marks
    assert x1 == x2
    assert 0 < y1 < y2 < 100


def test_every_kind_gives_one_mark_inside_the_picture() -> None:
    for kind in KINDS:
        text, marked = ("Một|Hai*|Ba", False) if kind in CELL_KINDS else ("Một|Hai", True)
        marks = draw("Tiêu đề", [Row(kind, text, marked)], "x").marks
        assert len(marks) == 1, kind
        assert all(0 < x < 100 and 0 < y < 100 for x, y in marks), kind


def test_a_star_marks_its_own_cell_and_the_highlighter_surrounds_it() -> None:
    for kind in CELL_KINDS:
        left, right = (draw("", [Row(kind, text)], "x") for text in ("a*|b|c", "a|b|c*"))
        assert left.marks[0][0] < 50 < right.marks[0][0], kind
        assert left.svg.count("#F5B921") == 1


def test_a_bar_at_the_foot_stands_on_the_band_and_elsewhere_in_its_place() -> None:
    foot = draw("", [Row("tabs", "Trang chủ|Cá nhân")], "x")
    above = draw("", [Row("tabs", "Trang chủ|Cá nhân"), Row("text", "a")], "x")

    def top(drawing: Drawing) -> int:
        found = re.search(r"d='M4 (\d+)h312v\d+H4Z'", drawing.svg)
        assert found is not None
        return int(found[1])

    assert top(foot) > top(above)


def test_the_camera_sees_four_different_papers_in_two_languages() -> None:
    assert [paper(word) for word in ("rõ", "mờ", "lệch", "tối")] == ["clear", "blurred", "crooked", "dark"]
    assert [paper(word) for word in ("clear", "Blurred", "crooked", "dark")] == ["clear", "blurred", "crooked", "dark"]
    assert paper("gì đó") == "clear"
    assert len({sheet(variant) for variant in ("clear", "blurred", "crooked", "dark")}) == 4


def test_switches_and_ticks_differ_by_shape_not_by_colour_alone() -> None:
    for kind, on, off in (("toggle", "Wi-Fi|bật", "Wi-Fi|tắt"), ("check", "Tôi đồng ý|x", "Tôi đồng ý|")):
        drawn = [draw("", [Row(kind, text)], "x").svg for text in (on, off)]
        assert drawn[0].count("<path") == drawn[1].count("<path") + 1, kind


def test_an_app_shows_a_generic_sign_or_its_first_letter() -> None:
    assert all(sign_of(name) for name in ("Gọi điện", "Ảnh", "Ví giấy tờ"))
    assert sign_of("Cạnh tranh") == ""  # «ảnh» only as a word of its own
    assert ">Z</text>" in draw("", [Row("grid", "Zalo")], "x").svg


def test_cells_are_read_from_their_bars_and_stars() -> None:
    assert [(cell.text, cell.marked) for cell in cells("Gọi điện| VNeID* ||Ảnh")] == [
        ("Gọi điện", False), ("VNeID", True), ("Ảnh", False),
    ]  # fmt: skip


def test_long_words_wrap_and_shrink_and_addresses_are_cut_at_their_signs() -> None:
    assert wrap("một hai ba bốn năm", 20, 110) == ["một hai ba", "bốn năm"]
    assert wrap("", 20, 100) == [""]
    assert "".join(wrap("http://vneid-capnhat.example/nhan-qua", 18, 150)) == "http://vneid-capnhat.example/nhan-qua"
    assert wrap("to-khai-dang-ky.pdf", 18, 110)[0].endswith("-")
    size, lines = fit("Đăng nhập bằng tài khoản định danh", 22, WIDTH - 2 * MARGIN, 1)
    assert size < 22
    assert len(lines) <= 2


def test_an_unknown_row_is_refused() -> None:
    with pytest.raises(ValueError, match="hologram"):
        draw("", [Row("hologram")], "x")
