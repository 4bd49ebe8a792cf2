"""Which column is which, and which must not be there."""

import pytest

from project.lib.import_columns import (
    Column,
    id_number_column,
    is_phone_header,
    match_headers,
    says_id_number,
)

SPEC = [
    Column("hamlet", "Thôn/Ấp/Khu phố", "hamlet", required=True),
    Column("lane", "Ngõ/Mốc", "lane", required=True),
    Column("call_name", "Gọi là", "call_name"),
    Column("lat", "Vĩ độ", "lat"),
    Column("due", ("Hạn", "Thời hạn"), "due date"),
]


@pytest.mark.parametrize(
    "header",
    [
        "Thôn/Ấp/Khu phố",
        "Thôn",
        "ấp",
        "KHU PHỐ",
        "khu-pho",
        "Thôn / Ấp",
        "hamlet",
        "Hamlet*",
        "Thôn (bắt buộc)",
    ],
)
def test_a_column_is_known_by_its_whole_name_or_any_part(header: str) -> None:
    assert match_headers([header], SPEC).columns == {"hamlet": header}


def test_order_marks_and_strangers_do_not_matter() -> None:
    matched = match_headers(["vi do", "GHI CHU", "Call_Name", "Mốc", "thoi han"], SPEC)
    assert matched.columns == {"lat": "vi do", "call_name": "Call_Name", "lane": "Mốc", "due": "thoi han"}
    assert matched.ignored == ["GHI CHU"]
    assert matched.missing == ["Thôn/Ấp/Khu phố"]


def test_a_second_header_for_a_column_is_reported() -> None:
    matched = match_headers(["Thôn", "Ấp", "Ngõ"], SPEC)
    assert matched.columns["hamlet"] == "Thôn"
    assert matched.ignored == ["Ấp"]


def test_a_row_is_picked_by_key() -> None:
    matched = match_headers(["Thôn", "Ngõ"], SPEC)
    assert matched.pick({"Thôn": "1", "Ngõ": "cây đa"}) == {"hamlet": "1", "lane": "cây đa"}


@pytest.mark.parametrize(
    "header",
    [
        "Số CCCD",
        "CMND",
        "cmnd/cccd",
        "Căn cước công dân",
        "Số định danh cá nhân",
        "Mã số BHXH",
        "Thẻ BHYT",
        "Số BHXH",
        "personal id",
        "Personal_ID",
        "ID number",
        "National ID",
        "Hộ chiếu",
        "CĂN CƯỚC",
        "Mã định danh cá nhân",
    ],
)
def test_headers_that_say_id_number(header: str) -> None:
    assert says_id_number(header)
    assert id_number_column(["Thôn", header], []) == header


@pytest.mark.parametrize("header", ["Mã hộ", "Thôn", "Điện thoại", "code", "Gọi là", "Văn bản", "id", "Vĩ độ"])
def test_headers_that_do_not(header: str) -> None:
    assert not says_id_number(header)


def column(header: str, values: list[str]) -> str | None:
    return id_number_column([header], [(row, {header: value}) for row, value in enumerate(values, start=2)])


@pytest.mark.parametrize(
    "values",
    [
        ["001200012345", "001200012346"],
        ["281234567", "281234568", "", ""],
        ["001 200 012 345", "001.200.012.346", "x", "y"],
        ["79200012345", "1200012345"],  # a spreadsheet ate the zeros
        ["CCCD 001200012345", "số 001200012346", "khoẻ"],
    ],
)
def test_values_that_look_like_id_numbers(values: list[str]) -> None:
    assert column("Ghi chú", values) == "Ghi chú"


@pytest.mark.parametrize(
    "values",
    [
        ["001200012345", "x", "y"],  # one is a slip of one row
        ["001200012345", "001200012346", *["cạnh chùa"] * 8],  # 20 %: rows, not a column
        ["30/11/2026", "2026-11-30"],
        ["106.9876543", "106.9871234"],
        ["125.000.000", "250.000.000"],
        ["H-2025-0017", "H-2025-0018"],
    ],
)
def test_values_that_do_not(values: list[str]) -> None:
    assert column("Ghi chú", values) is None


def test_phones_are_at_home_in_their_column_only_as_phones() -> None:
    assert is_phone_header("Số điện thoại (nếu có)")
    assert column("Điện thoại", ["0912345678", "912345678", "+84 912 345 679"]) is None
    assert column("Ghi chú", ["0912345678", "0912345679"]) is None
    assert column("Điện thoại", ["001200012345", "001200012346"]) == "Điện thoại"
    assert column("Mã hộ", ["001200012345", "001200012346"]) == "Mã hộ"
    assert column("Mã hộ", ["281234567", "281234568"]) == "Mã hộ"


def test_coordinates_with_many_decimals_are_no_id_numbers() -> None:
    rows = [(2, {"Vĩ độ": "11.8134436424"}), (3, {"Vĩ độ": "11,8134436425"}), (4, {"Vĩ độ": "107.213443642"})]
    assert id_number_column(["Vĩ độ"], rows) is None
    assert id_number_column(["Vĩ độ"], [(2, {"Vĩ độ": "001200012345"}), (3, {"Vĩ độ": "001200012346"})]) == "Vĩ độ"
