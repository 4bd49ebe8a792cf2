"""Vietnamese text: keys, order, figures."""

import unicodedata
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.lib import vietnamese


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đồng bào ướt đẫm", "dong bao uot dam"),
        ("  Bù   ĐĂNG ", "bu dang"),
        ("Đắk R’Lấp", "dak r'lap"),
        ("Ea H'leo", "ea h'leo"),
        ("Thôn\u00a01\u200b", "thon 1"),
        ("Xã A – B", "xa a - b"),
        ("", ""),
    ],
)
def test_it_folds(text: str, folded: str) -> None:
    assert vietnamese.fold(text) == folded
    assert vietnamese.fold(unicodedata.normalize("NFD", text)) == folded


def test_old_and_new_places_of_the_tone_are_one() -> None:
    assert vietnamese.fold("Hoà Thuỷ") == vietnamese.fold("Hòa Thủy")


def test_y_and_i_are_merged_only_when_loose_and_only_where_they_sound_alike() -> None:
    assert vietnamese.fold("kí") != vietnamese.fold("ký")
    for one, other in [("Mĩ", "Mỹ"), ("kí", "ký"), ("quí", "quý"), ("Lí Sĩ", "Lý Sỹ")]:
        assert vietnamese.fold(one, loose=True) == vietnamese.fold(other, loose=True)
    for one, other in [("hai", "hay"), ("Tui", "Tuy"), ("thúi", "thuý")]:
        assert vietnamese.fold(one, loose=True) != vietnamese.fold(other, loose=True)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = vietnamese.fold(text)
    assert vietnamese.fold(once) == once


def test_slug() -> None:
    assert vietnamese.slug("Đăng ký tài khoản VNeID mức độ 2") == "dang-ky-tai-khoan-vneid-muc-do-2"
    assert vietnamese.slug("«…»") == ""


def test_single_names_sort_by_vietnamese_letters_then_tones() -> None:
    ordered = ["An", "Anh", "Ánh", "Ăn", "Ân", "Dũng", "Đông", "Mạ", "Na", "Nà", "Nả", "Nã", "Ná", "Nạ"]
    ordered += ["On", "Ôn", "Ơn", "Uyên", "Ưng", "Vân"]
    assert sorted(set(ordered), key=vietnamese.sort_key) == ordered


def test_full_names_sort_by_the_given_name_first() -> None:
    ordered = ["Lê Thị An", "Trần Văn An", "Đỗ Anh", "Đỗ Ánh", "Nguyễn Văn Bình", "Nguyễn Thị Út"]
    assert sorted(set(ordered), key=vietnamese.sort_key) == ordered


def test_the_sort_key_is_plain_so_that_every_database_sorts_it_alike() -> None:
    key = vietnamese.sort_key("Nguyễn Thị Ánh-Tuyết 2")
    assert key.isascii()
    assert key.isalnum()
    assert key == key.lower()
    assert vietnamese.sort_key("  ") == ""


def test_places_sort_by_number() -> None:
    ordered = ["Ấp 1", "Thôn 1", "Thôn 2", "Thôn 2A", "Thôn 10", "Thôn Bình"]
    assert sorted(set(ordered), key=vietnamese.place_key) == ordered


def test_numbers_have_points_and_a_comma() -> None:
    assert vietnamese.number(1250) == "1.250"
    assert vietnamese.number(0) == "0"
    assert vietnamese.number(-1234567.891, 2) == "-1.234.567,89"


def test_a_percent_comes_with_its_base() -> None:
    assert vietnamese.percent(242, 250) == "96,8 % (242/250)"
    assert vietnamese.percent(242, 250, base=False) == "96,8 %"
    assert vietnamese.percent(1250, 1250) == "100 % (1.250/1.250)"
    assert vietnamese.percent(0, 3) == "0 % (0/3)"
    assert vietnamese.percent(3, 0) == "–"


def test_a_percent_never_rounds_to_all_or_to_nothing() -> None:
    assert vietnamese.percent(9_999, 10_000, base=False) == "99,9 %"
    assert vietnamese.percent(1, 100_000, base=False) == "0,1 %"


def test_days_and_hours() -> None:
    assert vietnamese.day_label(date(2025, 11, 30)) == "Chủ nhật 30/11"
    assert vietnamese.day_label(date(2025, 12, 1)) == "Thứ hai 01/12"
    assert vietnamese.full_day(date(2026, 2, 1)) == "01/02/2026"
    assert vietnamese.hour_label(time(8, 30)) == "8 giờ 30"
    assert vietnamese.hour_label(time(14, 5)) == "14 giờ 05"
    assert vietnamese.hour_label(time(8)) == "8 giờ"
