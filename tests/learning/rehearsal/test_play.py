"""Where a tap on the practice phone leads: pure tables and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.rehearsal.kit import Row
from learning.rehearsal.play import LEAST_TAP, MOST_MISSES, NARROWEST, Turn, places, tap_area, turn_of
from learning.serving.places import bent, place_in


def turn(place: str, misses: str | None = None) -> Turn | None:
    return turn_of(place, misses, screens=3, after="?cau=1", before="?buoc=9")


@pytest.mark.parametrize(
    ("place", "next_href", "back_href"),
    [("1", "?thu=2", "?buoc=9"), ("2", "?thu=3", "?thu=1"), ("3", "?cau=1", "?thu=2")],
)
def test_it_leads_from_screen_to_screen_and_out_at_both_ends(place: str, next_href: str, back_href: str) -> None:
    found = turn(place)
    assert found is not None
    assert (found.next_href, found.back_href) == (next_href, back_href)


@pytest.mark.parametrize("place", ["0", "4", "-1", "x", "", "1.0", " 1", "٢", "²", "1" * 30])
def test_it_knows_no_screen_but_those_of_the_lesson(place: str) -> None:
    assert turn(place) is None


@pytest.mark.parametrize(
    ("sai", "misses", "miss_href"),
    [
        (None, 0, "?thu=2&sai=1"), ("0", 0, "?thu=2&sai=1"), ("1", 1, "?thu=2&sai=2#cho"), ("2", 2, "?thu=2&sai=3"),
        ("3", 3, "?thu=2&sai=3"), ("4", 3, "?thu=2&sai=3"), ("99", 3, "?thu=2&sai=3"), ("-1", 0, "?thu=2&sai=1"),
        ("x", 0, "?thu=2&sai=1"), ("", 0, "?thu=2&sai=1"), ("9" * 40, 0, "?thu=2&sai=1"),
    ],
)  # fmt: skip
def test_a_wrong_tap_leads_to_more_help_and_never_further(sai: str | None, misses: int, miss_href: str) -> None:
    found = turn("2", sai)
    assert found is not None
    assert (found.misses, found.miss_href) == (misses, miss_href)


@given(st.text(max_size=12), st.integers(0, 9))
def test_junk_is_bent_into_its_range_and_never_an_error(text: str, most: int) -> None:
    assert 0 <= bent(text, most) <= most
    place = place_in(text, most)
    assert place is None or 1 <= place <= most


@given(st.integers(1, 20), st.integers(1, 20), st.lists(st.booleans(), max_size=12))
def test_whoever_taps_wrongly_stays_and_whoever_taps_rightly_arrives(
    screens: int, start: int, taps: list[bool]
) -> None:
    """A walk of right and wrong taps: every address is a state again, help grows by one and stops at three."""
    href = f"?thu={min(start, screens)}"
    for right in taps:
        query = dict(part.split("=") for part in href[1:].split("&"))
        if "thu" not in query:
            assert query == {"buoc": "xong"}
            break
        found = turn_of(query["thu"], query.get("sai"), screens=screens, after="?buoc=xong", before="?")
        assert found is not None
        href = (found.next_href if right else found.miss_href).partition("#")[0]
        if not right:
            again = turn_of(str(found.number), href.rpartition("=")[2], screens=screens, after="?", before="?")
            assert again is not None
            assert again.misses == min(found.misses + 1, MOST_MISSES)


PERCENT = st.integers(0, 99)


@given(PERCENT, PERCENT, st.integers(1, 100), st.integers(1, 100), st.integers(200, 800), st.integers(200, 2000))
def test_a_place_on_a_picture_is_a_finger_wide_contains_the_area_and_stays_inside(
    x: int, y: int, w: int, h: int, width: int, height: int
) -> None:
    w, h = min(w, 100 - x), min(h, 100 - y)
    area = tap_area({"x": x, "y": y, "w": w, "h": h}, width, height)
    shown_height = NARROWEST * height / width
    assert area.w / 10_000 * NARROWEST >= LEAST_TAP - 1
    assert area.h / 10_000 * shown_height >= min(LEAST_TAP, shown_height) - 1
    for start, length in ((area.x, area.w), (area.y, area.h)):
        assert 0 <= start <= start + length <= 10_001
    # What the editor drew is inside; one unit is a hundredth of a percent.
    assert (max(area.x - x * 100, (x + w) * 100 - area.x - area.w)) <= 1
    assert (max(area.y - y * 100, (y + h) * 100 - area.y - area.h)) <= 1


def test_rows_become_places_with_their_words_states_and_the_right_one() -> None:
    found = places(
        [
            Row("toggle", "Wi-Fi|bật"), Row("check", "Tôi đồng ý|"), Row("photo", "mờ|Giấy khai sinh"),
            Row("bubble", "Số lạ|Chào bác"), Row("bubble", "Bác|Ai đấy?"), Row("bubble", "Không tên"),
            Row("card", "Thẻ căn cước|minh hoạ"), Row("card", "Đang xử lý|chờ"), Row("button", "Mở", True),
            Row("app", "Zalo|Mở"),
        ]
    )  # fmt: skip
    assert [(place.text, place.more, place.state) for place in found] == [
        ("Wi-Fi", "", "on"), ("Tôi đồng ý", "", "open"), ("Giấy khai sinh", "", "blurred"),
        ("Số lạ", "Chào bác", "other"), ("Bác", "Ai đấy?", "own"), ("", "Không tên", "own"),
        ("Thẻ căn cước", "minh hoạ", "portrait"), ("Đang xử lý", "chờ", ""), ("Mở", "", ""), ("Zalo", "Mở", ""),
    ]  # fmt: skip
    assert [place.right for place in found].index(True) == 8
    assert sum(place.right for place in found) == 1
    assert found[-1].initial == "Z"


def test_the_star_makes_one_cell_right() -> None:
    (row,) = places([Row("grid", "Gọi điện|VNeID*|Ảnh")])
    assert not row.right
    assert [(spot.text, spot.right) for spot in row.spots] == [("Gọi điện", False), ("VNeID", True), ("Ảnh", False)]
