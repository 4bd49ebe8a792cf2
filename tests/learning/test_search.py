"""Search without marks, in both languages."""

import unicodedata

import pytest
from django.test import Client

from learning.models import LessonPage, TopicPage
from learning.search import found_lessons
from tests.learning.conftest import Tree

MAIN, SAFE = "Kích hoạt tài khoản VNeID mức 2", "Ba điều không bao giờ nói cho ai"


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("dang ky vneid", MAIN),
        ("đăng ký VNeID", MAIN),
        ("kich hoat", MAIN),
        ("KÍCH HOẠT", MAIN),
        ("can cuoc dien tu", MAIN),
        (unicodedata.normalize("NFD", "Kích hoạt tài khoản"), MAIN),
        ("lua dao", SAFE),
        ("  ba   dieu ", SAFE),
    ],
)
def test_it_finds_with_and_without_marks(tree: Tree, query: str, title: str) -> None:
    assert title in [page.title for page in found_lessons(query, "vi")]


def test_the_typed_marks_stand_first(tree: Tree) -> None:
    topic = TopicPage.objects.get(slug="suc-khoe", locale__language_code="vi")
    for title in ("Bảo hiểm y tế", "Bao hiem cho moi nguoi", "Bão và hiểm hoạ"):
        topic.add_child(instance=LessonPage(title=title, summary=title)).save_revision().publish()
    assert next(page.title for page in found_lessons("bảo hiểm", "vi")) == "Bảo hiểm y tế"
    assert {page.title for page in found_lessons("bao hiem", "vi")} >= {"Bảo hiểm y tế", "Bao hiem cho moi nguoi"}


@pytest.mark.parametrize("query", ["", "   ", "xyzzy", "%", "_"])
def test_nothing_is_found_for_nothing(tree: Tree, query: str) -> None:
    assert found_lessons(query, "vi") == []


def test_languages_do_not_mix(tree: Tree) -> None:
    assert [page.title for page in found_lessons("activate", "en")] == ["Activate a VNeID account, level 2"]
    assert found_lessons("activate", "vi") == []


def test_the_page_shows_what_it_found(tree: Tree, client: Client) -> None:
    html = client.get("/tim/", {"q": "dang ky vneid"}).content.decode()
    assert "/bai-hoc/vneid/kich-hoat-vneid-muc-2/" in html
    assert 'value="dang ky vneid"' in html


def test_the_empty_state_offers_help_and_topics(tree: Tree, client: Client) -> None:
    html = client.get("/tim/", {"q": "<b>xyzzy"}).content.decode()
    assert "<b>xyzzy" not in html
    assert "/nho-giup/" in html
    assert html.count('class="tile"') == 6


def test_a_search_word_of_any_length_is_answered(tree: Tree, client: Client) -> None:
    assert client.get("/tim/", {"q": "a" * 5000}).status_code == 200
