"""Words for a good time, lists of needs, and the key of the same door."""

from typing import Any

import pytest

from volunteers.households.rules import ALL_DAYS, good_time_windows, good_time_words, needs_in, same_key, same_keys

NAMES = {
    "vneid_l2": "vneid_l2",
    "vneid muc 2": "vneid_l2",
    "cong dich vu cong: dang nhap, nop ho so": "portal",
    "docs": "docs",
}


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("", []),
        ("lúc nào cũng được", []),
        ("sáng", [(ALL_DAYS, 420, 690)]),
        ("Buổi chiều", [(ALL_DAYS, 810, 1050)]),
        ("TỐI", [(ALL_DAYS, 1050, 1260)]),
        ("chủ nhật", [([6], 420, 1260)]),
        ("cuối tuần", [([5, 6], 420, 1260)]),
        ("sáng, chiều", [(ALL_DAYS, 420, 690), (ALL_DAYS, 810, 1050)]),
        ("sáng/chiều", [(ALL_DAYS, 420, 690), (ALL_DAYS, 810, 1050)]),
        ("sáng chủ nhật", [([6], 420, 690)]),
        ("thứ 7 08:00-10:30", [([5], 480, 630)]),
        ("08:00-10:30", [(ALL_DAYS, 480, 630)]),
        ("8h - 10h30", [(ALL_DAYS, 480, 630)]),
        ("8 giờ đến 10 giờ 30", [(ALL_DAYS, 480, 630)]),
        ("8–10", [(ALL_DAYS, 480, 600)]),
        ("sunday; morning", [([6], 420, 1260), (ALL_DAYS, 420, 690)]),
        ("sáng; sáng", [(ALL_DAYS, 420, 690)]),
    ],
)
def test_words_become_windows(text: str, windows: list[Any]) -> None:
    assert good_time_windows(text) == [{"days": d, "start": s, "end": e} for d, s, e in windows]


@pytest.mark.parametrize("text", ["hôm nào rảnh", "10:30-08:00", "8", "25:00-26:00", "sáng sớm tinh mơ", "mưa"])
def test_unclear_words_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        good_time_windows(text)


@pytest.mark.parametrize(
    "text", ["sáng", "chiều; tối", "chủ nhật", "sáng chủ nhật; 08:00-10:30 thứ 3", "cuối tuần", ""]
)
def test_windows_are_written_so_that_they_can_be_read_again(text: str) -> None:
    windows = good_time_windows(text)
    assert good_time_windows(good_time_words(windows)) == windows
    assert good_time_windows(good_time_words(windows, english=True)) == windows


def test_names_with_commas_are_one_need() -> None:
    found = needs_in("VNeID mức 2, Cổng dịch vụ công: đăng nhập, nộp hồ sơ; docs, docs, bay", NAMES)
    assert found == (["vneid_l2", "portal", "docs"], ["bay"])
    assert needs_in("; ,", NAMES) == ([], [])


def test_the_key_folds_and_hangs_on_the_secret(settings: Any) -> None:
    key = same_key("25396-h1", "Ngõ 3", "Bà Tư")
    assert key == same_key("25396-h1", "NGO  3", "ba tu")
    assert key != same_key("25396-h2", "Ngõ 3", "Bà Tư")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret, long enough to be one"
    assert key != same_key("25396-h1", "Ngõ 3", "Bà Tư")
    assert key in same_keys("25396-h1", "Ngõ 3", "Bà Tư")
