"""The practice phone as pages: every state is an address, every place a link, nothing can be typed, nothing fails."""

import gzip
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning.lessons.models import LessonPage
from tests.factories.practice import (
    ADDRESS,
    EVERY_KIND,
    choice,
    make_image,
    make_practice_lesson,
    pictured,
    screen,
)

Read = Callable[[str], str]
AREA = {"x": 60, "y": 70, "w": 6, "h": 3}
LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.S)


@pytest.fixture
def lesson(db: None) -> LessonPage:
    return make_practice_lesson(quiz=[choice("Bác làm gì?")], voices=True)


@pytest.fixture
def read(client: Client) -> Read:
    def answer(query: str) -> str:
        response = client.get(f"{ADDRESS}?{query}")
        assert response.status_code == 200, query
        return response.content.decode()

    return answer


def phone(html: str) -> str:
    return html.partition('<section class="phone"')[2].partition("</section>")[0]


def places(html: str) -> tuple[list[str], list[str]]:
    """(right, wrong) addresses of the links inside the phone."""
    links = [unescape(attributes) for attributes, _words in LINK.findall(phone(html))]
    hrefs = [(re.search(r'href="([^"]*)"', link), "data-miss" in link) for link in links]
    right, wrong = ([found[1] for found, miss in hrefs if found and miss is want] for want in (False, True))
    return right, wrong


def shown(html: str, part: str) -> bool:
    """Whether the element whose opening tag holds `part` is not hidden."""
    tag = re.search(rf"<[^>]*{re.escape(part)}[^>]*>", html)
    assert tag is not None, part
    return " hidden" not in tag[0]


def test_one_place_of_a_screen_leads_on_and_every_other_one_to_help(lesson: LessonPage, read: Read) -> None:
    for number in range(1, len(EVERY_KIND) + 1):
        right, wrong = places(read(f"thu={number}"))
        following = f"?thu={number + 1}" if number < len(EVERY_KIND) else "?cau=1"
        assert right == [following]
        assert len(wrong) >= 6
        assert set(wrong) == {f"?thu={number}&sai=1"}


def test_help_grows_with_each_wrong_tap_and_ends_with_doing_it(lesson: LessonPage, read: Read) -> None:
    hint = "Gợi ý: Bác chạm «Kích hoạt»."
    for misses in range(4):
        html = read(f"thu=1&sai={misses}")
        assert f'data-now="{misses}"' in html
        assert html.count(hint) == 1
        assert shown(html, 'class="say"') is (misses >= 1)
        assert [shown(html, f'data-at="{level}"') for level in (1, 2, 3)] == [misses == level for level in (1, 2, 3)]
        helper = re.search(r'<a class="button" href="\?thu=2" data-at="3"([^>]*)>.*?Cháu làm giúp', html, re.S)
        assert helper is not None
        assert ("hidden" in helper[1]) is (misses < 3)
        _right, wrong = places(html)
        assert set(wrong) == {f"?thu=1&sai={min(misses + 1, 3)}" + ("#cho" if misses == 1 else "")}
        assert html.count('id="cho"') == 1
    assert "color:red" not in html


@pytest.mark.parametrize(("sai", "now"), [("9", 3), ("-1", 0), ("x", 0), ("", 0), ("1&sai=2", 2), ("%00", 0)])
def test_junk_in_the_address_is_bent_and_never_an_error(lesson: LessonPage, read: Read, sai: str, now: int) -> None:
    assert f'data-now="{now}"' in read(f"thu=1&sai={sai}")


@pytest.mark.parametrize("place", ["0", "6", "99", "-1", "x", "", "%C2%B2"])
def test_a_screen_that_does_not_exist_is_not_found(lesson: LessonPage, client: Client, place: str) -> None:
    assert client.get(f"{ADDRESS}?thu={place}").status_code == 404


def test_the_foot_always_leads_on_and_back_in_the_order_of_the_lesson(lesson: LessonPage, read: Read) -> None:
    walk = []
    for number in range(1, 6):
        html = read(f"thu={number}&sai=2")
        foot = html.partition('class="foot-bar"')[2]
        walk.append(tuple(re.findall(r'<a class="button[^"]*" href="([^"]*)"', foot)[:2]))
        assert "/nho-giup/?bai=" in foot
        assert "voices/" in foot
    assert walk == [
        ("?thu=2", "?buoc=2"), ("?thu=3", "?thu=1"), ("?thu=4", "?thu=2"), ("?thu=5", "?thu=3"), ("?cau=1", "?thu=4"),
    ]  # fmt: skip


def test_without_steps_and_questions_it_begins_at_the_cover_and_ends_at_the_last_screen(db: None, read: Read) -> None:
    make_practice_lesson(rehearsal=EVERY_KIND[:1], steps=0)
    foot = read("thu=1").partition('class="foot-bar"')[2]
    assert re.findall(r'<a class="button[^"]*" href="([^"]*)"', foot)[:2] == ["?buoc=xong", ADDRESS]
    assert "Chưa có" in foot or 'aria-disabled="true"' in foot  # no voice yet: the place stays, dead


def test_nothing_on_the_phone_can_be_typed_into_and_the_band_is_always_there(lesson: LessonPage, read: Read) -> None:
    for number in range(1, 6):
        html = read(f"thu={number}")
        assert not re.search(r"<(input|textarea|select|form|button)\b", phone(html))
        assert "TẬP THỬ – không phải app thật" in phone(html)


def test_every_row_carries_its_words_and_states_are_said_not_only_shown(lesson: LessonPage, read: Read) -> None:
    words = re.sub(r"<[^>]+>", " ", " ".join(phone(read(f"thu={number}")) for number in range(1, 6)))
    for row in (row for one in EVERY_KIND for row in one["value"]["screen"]["rows"]):
        if row["kind"] in ("toggle", "check", "photo"):
            continue
        for part in re.split(r"[|…]", row["text"].replace("*", "").replace("Bác|Không được", "Không được")):
            assert part in unescape(words), row
    for state in ("(đang tắt)", "(đang bật)", "(đã chọn)", "(chưa chọn)", "Ảnh giấy tờ: bị mờ", "Ảnh giấy tờ: rõ"):
        assert state in words


def test_words_of_editors_are_never_markup(db: None, read: Read) -> None:
    rows = (("button", "<i>Mở</i>", True), ("grid", "<u>|b"), ("app", "<em>|c"))
    make_practice_lesson(rehearsal=[screen("<b>Bác</b>", *rows, title="<s>")])
    html = read("thu=1")
    for tag in ("<b>Bác", "<i>Mở", "<u>", "<em>", "<s>"):
        assert tag not in html
        assert tag.replace("<", "&lt;").replace(">", "&gt;") in html


def test_a_picture_is_one_wrong_place_with_a_finger_wide_right_one_on_it(db: None, read: Read) -> None:
    make_practice_lesson(rehearsal=[pictured("Bác chạm vào ô.", make_image(), AREA), EVERY_KIND[0]])
    html = read("thu=1")
    right, wrong = places(html)
    assert right == ["?thu=2"]
    assert wrong == ["?thu=1&sai=1"]
    assert 'alt="Ảnh màn hình"' in html
    spot = re.search(r'<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)">', html)
    assert spot is not None
    x, y, w, h = (int(value) / 100 for value in spot.groups())
    assert w >= 21  # 56 of 256 pixels
    assert h >= 12  # of 455
    assert x <= AREA["x"]
    assert x + w >= AREA["x"] + AREA["w"]
    assert y + h <= 100
    assert "data-now" in html


def test_a_picture_without_any_size_says_so_and_the_foot_still_leads_on(db: None, read: Read) -> None:
    image = make_image()
    image.renditions.all().delete()
    make_practice_lesson(rehearsal=[pictured("Bác chạm vào ô.", image, AREA)])
    html = read("thu=1")
    assert "Hình này chưa có" in html
    assert '<a class="button" href="?buoc=xong" rel="next"' in html


def test_a_page_is_light_asks_little_and_sets_no_cookie(lesson: LessonPage, client: Client) -> None:
    for number in range(1, 6):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            response = client.get(f"{ADDRESS}?thu={number}&sai=3")
        assert len(asked) <= 8, [query["sql"][:90] for query in asked]
        assert len(gzip.compress(response.content, 6)) <= 9_000
        assert not response.cookies
        assert 'name="robots" content="noindex"' in response.content.decode()


def test_its_voices_stand_where_they_are_spoken(lesson: LessonPage, read: Read) -> None:
    html = read("thu=1&sai=1")
    say = html.partition('class="say"')[2].partition("</div>")[0]
    assert len(re.findall(r"voices/\w+\.mp3", say)) == 1
    assert len(set(re.findall(r"voices/\w+\.mp3", html))) == 2  # the task's in the foot, the hint's


def test_a_script_may_count_by_the_marks_on_the_page(lesson: LessonPage, read: Read) -> None:
    article = re.search(r"<article[^>]*>", read("thu=2"))
    assert article is not None
    for mark in (f'data-lesson="{ADDRESS}"', 'data-practice="2"', f'data-number="{lesson.number}"', "data-id="):
        assert mark in article[0]


def test_a_walk_without_javascript_reaches_the_end_through_wrong_taps(lesson: LessonPage, read: Read) -> None:
    query, seen = "thu=1", []
    while "thu" in parse_qs(query):
        seen.append(query)
        right, wrong = places(read(query))
        query = (wrong[0] if parse_qs(query).get("sai", ["0"])[0] != "3" else right[0]).lstrip("?").partition("#")[0]
    assert query == "cau=1"
    assert len(seen) == 4 * len(EVERY_KIND)
