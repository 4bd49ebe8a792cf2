"""A learner reads: cover, steps by plain links, the end; no cookie, no script needed, two languages."""

import base64
import gzip
import hashlib
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from project.lib.inline import text_of
from tests.learning.conftest import LESSON, SAFETY, Tree

PUBLIC = [
    "/",
    "/bai-hoc/",
    "/bai-hoc/vneid/",
    "/bai-hoc/suc-khoe/",
    LESSON,
    LESSON + "?buoc=1",
    LESSON + "?buoc=xong",
    "/tim/?q=vneid",
]


def links(html: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', html)


def body(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def test_the_front_page_offers_six_topics_search_help_and_the_three_things(tree: Tree, client: Client) -> None:
    html = body(client, "/")
    assert html.count('class="tile"') == 6
    assert 'action="/tim/"' in html
    assert "/nho-giup/" in links(html)
    assert "Mã số trong tin nhắn (OTP)" in html
    assert html.count("<article") == 3  # what each of the three kinds of people do here
    assert settings.LOGIN_URL in links(html)


def test_the_cover_says_what_one_needs_and_how_long(tree: Tree, client: Client) -> None:
    html = body(client, LESSON)
    assert "SIM đứng tên bác" in html
    assert "CH Play" in html  # the warning: install from the store only
    assert "01/12/2026" in html  # when it was checked
    assert "?buoc=1" in links(html)


def test_a_learner_walks_from_the_first_step_to_the_end_by_plain_links(tree: Tree, client: Client) -> None:
    seen = []
    place = "?buoc=1"
    for _step in range(40):
        html = body(client, LESSON + place)
        seen.append(place)
        if place == "?buoc=xong":
            break
        following = re.search(r'<a class="button" href="([^"]+)" rel="next"', html)
        assert following is not None
        place = following[1]
    screens, questions = len(tree.vi.rehearsal), len(tree.vi.quiz)
    assert screens
    assert questions
    expected = [("buoc", 9), ("thu", screens), ("cau", questions)]
    assert seen == [*(f"?{name}={n}" for name, last in expected for n in range(1, last + 1)), "?buoc=xong"]


def test_every_step_says_where_one_is(tree: Tree, client: Client) -> None:
    for number in range(1, 10):
        html = body(client, f"{LESSON}?buoc={number}")
        assert f"Bước {number}/9" in html
        assert f'width="{number / 9 * 100:.1f}%"'.replace(".0%", "%") in html


def test_back_leads_to_the_step_before_and_from_the_first_to_the_cover(tree: Tree, client: Client) -> None:
    assert "?buoc=2" in links(body(client, LESSON + "?buoc=3"))
    assert LESSON in links(body(client, LESSON + "?buoc=1"))


def test_a_step_shows_its_act_picture_mark_and_hints(tree: Tree, client: Client) -> None:
    html = body(client, LESSON + "?buoc=3")
    assert "Bác chạm ô «Kích hoạt»." in html
    assert "class='drawn' role='img' aria-label='Hình vẽ màn hình điện thoại: VNeID" in html
    # With points, also in Vietnamese.
    assert re.search(r"<g class='pin' transform='translate\(\d+(\.\d+)? \d+(\.\d+)?\)'>", html)
    assert "<details" in html


def test_the_helpers_note_is_not_shown_to_learners(tree: Tree, client: Client) -> None:
    assert "Đọc to những chữ" not in body(client, LESSON + "?buoc=3")


def test_help_knows_the_lesson_and_the_step(tree: Tree, client: Client) -> None:
    html = body(client, LESSON + "?buoc=5")
    assert f"/nho-giup/?bai=1&amp;buoc={tree.vi.steps[4].id}" in html


@pytest.mark.parametrize("place", ["0", "10", "99", "-1", "1.5", "abc", "", "١", "9999999999999999999"])
def test_a_wrong_step_is_not_found(tree: Tree, client: Client, place: str) -> None:
    assert client.get(LESSON, {"buoc": place}).status_code == 404


def test_a_step_is_also_found_by_its_stable_id(tree: Tree, client: Client) -> None:
    html = body(client, f"{LESSON}?buoc={tree.vi.steps[2].id}")
    assert "Bác chạm ô «Kích hoạt»." in html


@pytest.mark.parametrize("url", PUBLIC)
def test_public_pages_set_no_cookie_hold_no_token_and_may_be_cached(tree: Tree, client: Client, url: str) -> None:
    for address in (url, f"/en{url}"):
        response = client.get(address)
        assert response.status_code == 200, address
        assert not response.cookies, address
        assert response["Cache-Control"] == "public, max-age=300"
        assert "Cookie" not in response.get("Vary", "")
        assert b"csrfmiddlewaretoken" not in response.content
        assert b" style=" not in response.content
        # The one script that stands in the page is the one whose hash the content policy knows.
        inline = re.findall(r"<script>(.*?)</script>", response.content.decode(), re.S)
        assert inline == [text_of("project/comfort.js")]
        for text in inline:
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("url", [url for url in PUBLIC if "tim" not in url])
def test_every_page_has_its_english_twin_at_the_same_address(tree: Tree, client: Client, url: str) -> None:
    html = body(client, f"/en{url}")
    assert '<html lang="en">' in html
    own = [link for link in links(html) if link.startswith(("/bai-hoc/", "/tim/", "/nho-giup/"))]
    switch = [link for link in own if f'href="{link}" hreflang="vi"' in html]
    assert set(own) <= set(switch), "an English page leads into Vietnamese only by the language switch"


def test_the_english_steps_are_english(tree: Tree, client: Client) -> None:
    assert "Tap the box «Kích hoạt» (activate)." in body(client, f"/en{LESSON}?buoc=3")


def test_the_last_screen_asks_leads_on_and_gives_the_short_address(tree: Tree, client: Client) -> None:
    html = body(client, LESSON + "?buoc=xong")
    assert html.count('name="useful"') == 2
    assert "testserver/b/1/" in html
    assert SAFETY not in links(html)  # another topic: not the next of this one
    assert 'action="/b/1/co-ich/"' in html


def test_an_unpublished_lesson_is_gone(tree: Tree, client: Client) -> None:
    tree.vi.unpublish()
    assert client.get(LESSON).status_code == 404
    assert LESSON not in body(client, "/bai-hoc/")


def test_a_topic_without_lessons_offers_a_visit(tree: Tree, client: Client) -> None:
    html = body(client, "/bai-hoc/suc-khoe/")
    assert "/nho-giup/" in links(html)
    assert 'class="empty card"' in html


def test_a_step_needs_few_queries(tree: Tree, client: Client) -> None:
    client.get(LESSON + "?buoc=1")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(LESSON + "?buoc=2")
    assert len(queries) <= 8, [query["sql"][:120] for query in queries]


def test_the_first_step_weighs_little(tree: Tree, client: Client) -> None:
    """HTML and style sheet and scripts of the first step, compressed: at most 30 kB."""
    parts = [client.get(LESSON + "?buoc=1").content]
    for name in ("project/comfort.js", "learning/lesson.js"):
        with open(str(finders.find(name)), "rb") as file:
            parts.append(file.read())
    assert len(parts[1]) + len(parts[2]) <= 5_000 + 1_536  # the lessons' own script, and the memory of type and colours
    assert len(parts[2]) <= 5_000
    assert b'rel="stylesheet"' not in parts[0]
    assert len(gzip.compress(parts[0])) <= 9_000
    assert sum(len(gzip.compress(part)) for part in parts) <= 15_000


def test_every_picture_is_small_and_every_step_has_one(tree: Tree) -> None:
    for page in (tree.vi, tree.en):
        for step in page.all_steps():
            assert step.picture is not None
            assert len(step.picture.src) <= 10_000
            assert step.picture.alt
            assert step.helper_note
