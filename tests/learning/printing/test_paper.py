"""Sheets and take-home cards: everything of the lesson, an absolute address in the code, also for drafts."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from learning.lessons.steps import Hint
from learning.media.qr import qr
from learning.models import LessonNumber, LessonPage, TopicPage
from learning.printing.paper import PAPERS, fitting, shortened
from tests.learning.conftest import LESSON, Tree


@pytest.fixture
def number(tree: Tree) -> int:
    return LessonNumber.objects.get(translation_key=tree.vi.translation_key).number


def body(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    assert not response.cookies
    return response.content.decode()


def test_every_step_is_one_box_with_its_words(tree: Tree, number: int, client: Client) -> None:
    html = body(client, f"/b/{number}/in/")
    for step in tree.vi.all_steps():
        assert f'data-box="{step.number}"' in html
        assert step.text.partition("»")[0].partition("«")[0] in html
    assert html.count("data-box=") == len(tree.vi.steps)
    assert "Thẻ căn cước gắn chip" in html  # to bring


def test_number_version_day_and_address_stand_on_it(tree: Tree, number: int, client: Client) -> None:
    for last in ("in/", "the/"):
        html = body(client, f"/b/{number}/{last}")
        assert f"{tree.vi.reviewed_on:%d/%m/%Y}" in html
        assert f"{timezone.localdate():%d/%m/%Y}" in html
        assert f"testserver/b/{number}/" in html


def test_the_code_carries_the_absolute_address(number: int, client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    drawn = re.search(r'<svg[^>]*class="qr".*?</svg>', body(client, f"/b/{number}/in/"), re.S)
    assert drawn is not None
    assert drawn[0] == str(qr(f"http://testserver/b/{number}/"))
    settings.SITE_URL = "https://hoc.example"
    assert str(qr(f"https://hoc.example/b/{number}/")) in body(client, f"/b/{number}/the/")


def test_the_english_sheet_is_english(number: int, client: Client) -> None:
    html = body(client, f"/en/b/{number}/in/")
    assert "Activate a VNeID account" in html
    assert f"testserver/en/b/{number}/" in html
    assert f'href="/b/{number}/in/"' in html


def test_a_booklet_and_four_cards_are_asked_for_in_the_address(number: int, client: Client) -> None:
    assert 'class="paper a5"' in body(client, f"/b/{number}/in/?co=A5")
    assert 'class="paper a4"' in body(client, f"/b/{number}/in/?co=xyz")
    assert body(client, f"/b/{number}/the/").count("<article") == 1
    assert body(client, f"/b/{number}/the/?ban=4").count("<article") == 4


def test_the_card_has_the_three_things_and_lines_to_write_on(number: int, client: Client) -> None:
    html = body(client, f"/b/{number}/the/")
    assert "Mã số trong tin nhắn (OTP)" in html
    assert html.count('class="dots"') == 4


def test_the_last_screen_leads_to_both(number: int, client: Client) -> None:
    html = body(client, f"{LESSON}?buoc=xong")
    assert f'href="/b/{number}/in/"' in html
    assert f'href="/b/{number}/the/"' in html


def test_the_server_does_not_keep_the_day_of_printing(number: int, client: Client) -> None:
    assert "ETag" not in client.get(f"/b/{number}/in/")


def test_a_number_that_nobody_has_is_404(tree: Tree, client: Client) -> None:
    assert client.get("/b/9999/in/").status_code == 404
    assert client.get("/b/9999/the/").status_code == 404


def test_a_draft_is_drawn_without_a_number(tree: Tree) -> None:
    topic = TopicPage.objects.get(slug="suc-khoe", locale__language_code="vi")
    draft = LessonPage(title="Còn đang viết", summary="Một câu.", live=False)
    topic.add_child(instance=draft)
    for mode in ("print", "card", "kiosk", "phone", "bare", "helper"):
        response = draft.make_preview_request(preview_mode=mode)
        assert response.status_code == 200
        html = response.content.decode()
        assert "Còn đang viết" in html
        assert "/b/None/" not in html
        assert 'class="qr"' not in html


@pytest.mark.parametrize("mode", ["print", "card", "kiosk", "phone", "bare", "helper"])
def test_previews_show_the_lesson_and_are_not_cached(tree: Tree, mode: str) -> None:
    response = tree.en.make_preview_request(preview_mode=mode)
    html = response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert tree.en.title in html
    assert (mode == "helper") == (tree.en.all_steps()[0].helper_note.partition("«")[0] in html)
    if mode in ("bare", "kiosk"):
        assert "<script" not in html


def test_an_unsaved_draft_is_previewed_in_every_mode(tree: Tree) -> None:
    topic = TopicPage.objects.get(slug="suc-khoe", locale__language_code="vi")
    draft = LessonPage(title="Chưa lưu", summary="Một câu.", slug="chua-luu", locale=topic.locale)
    draft.path, draft.depth = topic.path + "0001", topic.depth + 1
    draft.set_url_path(topic)
    for mode, _label in draft.preview_modes:
        response = draft.make_preview_request(preview_mode=mode)
        assert response.status_code == 200, mode
        assert "Chưa lưu" in response.content.decode(), mode


def test_a_long_hint_keeps_whole_sentences() -> None:
    assert shortened("Ngắn thôi.") == "Ngắn thôi."
    assert shortened("Một câu. " + "Hai " * 60 + ".") == "Một câu."
    assert shortened("Không có dấu chấm " * 20) == "Không có dấu chấm " * 20
    assert shortened("Bác dừng. Bác hỏi. " + "x" * 200 + ".", 20) == "Bác dừng. Bác hỏi."


def test_a_box_holds_what_fits_on_its_page_and_the_weightiest_stays(tree: Tree) -> None:
    step = tree.vi.all_steps()[0]
    crowded = replace(
        step,
        dont=("Đừng làm việc này bao giờ cả " * 4,) * 3,
        hints=(Hint("Máy báo một câu rất dài " * 3, "x" * 120),) * 4,
    )
    large, small = (fitting(crowded, crowded.picture, PAPERS[size]) for size in ("A4", "A5"))
    assert len(small) < len(large) <= 7 + len(step.terms)
    assert [sign.icon for sign in small[:3]] == ["close"] * 3
