"""Questions as pages: kind words for every answer, no score, every state an address."""

import gzip
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning.lessons.models import LessonPage
from tests.factories.practice import ADDRESS, EVERY_KIND, choice, make_practice_lesson, scam

Read = Callable[[str], str]


@pytest.fixture
def lesson(db: None) -> LessonPage:
    quiz = [choice("Bác làm gì?"), scam(fake=True), scam(fake=False, medium="call")]
    return make_practice_lesson(rehearsal=EVERY_KIND[:2], quiz=quiz, voices=True)


@pytest.fixture
def read(client: Client) -> Read:
    def answer(query: str) -> str:
        response = client.get(f"{ADDRESS}?{query}")
        assert response.status_code == 200, query
        return response.content.decode()

    return answer


def opened(html: str) -> list[str]:
    """The `data-at` parts that are not hidden, as their numbers."""
    return re.findall(r'data-at="([\d ]+)">', html)


def test_before_an_answer_all_words_are_there_but_hidden(lesson: LessonPage, read: Read) -> None:
    html = read("cau=1")
    assert opened(html) == []
    assert html.count("data-at=") == 3
    assert all(f"Lời sau đáp án {number}." in html for number in (1, 2, 3))
    assert 'aria-current="true"' not in html
    assert "<details" in html
    assert "<details open" not in html


@pytest.mark.parametrize(
    ("chosen", "leads", "word"), [(1, "?cau=1", "Chọn lại"), (2, "?cau=2", "Tiếp"), (3, "?cau=1", "Chọn lại")]
)
def test_an_answer_opens_its_own_words_and_what_to_do_now(
    lesson: LessonPage, read: Read, chosen: int, leads: str, word: str
) -> None:
    html = read(f"cau=1&chon={chosen}")
    assert opened(html) == [str(chosen)]
    words = html.partition(f'data-at="{chosen}">')[2].partition("</li>")[0]
    assert f"Lời sau đáp án {chosen}." in words
    link = re.search(rf'<a class="button[^"]* wide" href="{re.escape(leads)}"[^>]*>.*?{word}', words, re.S)
    assert link is not None
    assert re.search(rf'data-pick="{chosen}" aria-current="true"', html)


def test_no_answer_is_called_wrong_and_nothing_is_counted(lesson: LessonPage, read: Read) -> None:
    for query in ("cau=1&chon=1", "cau=2&chon=1", "cau=3&chon=2"):
        text = re.sub(r"<[^>]+>", " ", read(query).partition("<main")[2])
        assert not re.search(r"\bsai\b|\bđiểm\b|\d+ ?%", text, re.I)


@pytest.mark.parametrize(
    ("query", "says", "card", "leads"),
    [
        ("cau=2&chon=1", "Cái này là giả đấy ạ.", "Vì sao biết là giả", "Chọn lại"),
        ("cau=2&chon=2", "Bác tinh lắm.", "Vì sao biết là giả", "Tiếp"),
        ("cau=3&chon=1", "Cái này là thật.", "Vì sao biết là thật", "Tiếp"),
        ("cau=3&chon=2", "Bác cẩn thận thế là tốt.", "Vì sao biết là thật", "Chọn lại"),
    ],
)
def test_real_or_fake_gives_the_reason_either_way(
    lesson: LessonPage, read: Read, query: str, says: str, card: str, leads: str
) -> None:
    html = re.sub(r"<(\w+)[^>]* hidden>.*?</\1>", "", read(query), flags=re.S)
    main = html.partition("<main")[2].partition("</main>")[0]
    assert says in main
    assert card in main
    assert "Quà thật thì trưởng thôn báo." in main
    assert leads in main
    assert ({"Tiếp", "Chọn lại"} - {leads}).pop() not in main


def test_what_came_is_shown_as_practice_with_its_sender(lesson: LessonPage, read: Read) -> None:
    html = read("cau=3")
    assert "TẬP THỬ – không ai gửi thật" in html
    assert "Cuộc gọi" in html
    assert "Số lạ" in html
    assert "<blockquote>Bác bấm vào đây để nhận quà Tết.</blockquote>" in html


def test_next_and_back_follow_the_order_of_the_lesson(lesson: LessonPage, read: Read) -> None:
    walk = []
    for query in ("cau=1", "cau=1&chon=1", "cau=2", "cau=3&chon=2"):
        foot = read(query).partition('class="foot-bar"')[2]
        walk.append(tuple(re.findall(r'<a class="button[^"]*" href="([^"]*)"', foot)[:2]))
    assert walk == [("?cau=2", "?thu=2"), ("?cau=2", "?thu=2"), ("?cau=3", "?cau=1"), ("?buoc=xong", "?cau=2")]


def test_a_quiz_without_practice_goes_back_to_the_last_step(db: None, read: Read) -> None:
    make_practice_lesson(rehearsal=(), quiz=[choice("Bác làm gì?")])
    foot = read("cau=1").partition('class="foot-bar"')[2]
    assert re.findall(r'<a class="button[^"]*" href="([^"]*)"', foot)[:2] == ["?buoc=xong", "?buoc=2"]


@pytest.mark.parametrize("place", ["0", "4", "-1", "x", "", "%C2%B2"])
def test_a_question_that_does_not_exist_is_not_found(lesson: LessonPage, client: Client, place: str) -> None:
    assert client.get(f"{ADDRESS}?cau={place}").status_code == 404


@pytest.mark.parametrize(("chon", "now"), [("9", 3), ("-1", 0), ("x", 0), ("", 0), ("%00", 0)])
def test_junk_in_the_answer_is_bent_and_never_an_error(lesson: LessonPage, read: Read, chon: str, now: int) -> None:
    assert f'data-now="{now}"' in read(f"cau=1&chon={chon}")


def test_a_page_is_light_asks_little_and_sets_no_cookie(lesson: LessonPage, client: Client) -> None:
    for query in ("cau=1&chon=2", "cau=2&chon=1", "cau=3"):
        with CaptureQueriesContext(connection) as asked:
            response = client.get(f"{ADDRESS}?{query}")
        assert len(asked) <= 8, [query["sql"][:90] for query in asked]
        assert len(gzip.compress(response.content, 6)) <= 9_000
        assert not response.cookies
        assert 'name="robots" content="noindex"' in response.content.decode()


def test_its_voices_stand_where_they_are_spoken(lesson: LessonPage, read: Read) -> None:
    assert len(set(re.findall(r"voices/\w+\.mp3", read("cau=1")))) == 5  # question, hint, three answers
    assert len(set(re.findall(r"voices/\w+\.mp3", read("cau=2")))) == 3  # what came, the reason, the hint
