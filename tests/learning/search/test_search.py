"""The search page: without marks, in any order, best first; groups; promoted results; empty with a next act."""

import unicodedata

import pytest
from django.test import Client
from wagtail.contrib.search_promotions.models import Query, SearchPromotion

from learning.models import GlossaryTerm, LessonPage, Procedure, TopicPage
from learning.reference.actions import search_key_of_procedure
from learning.search.queries import found_lessons, search_all
from tests.learning.conftest import Tree

MAIN, SAFE = "Kích hoạt tài khoản VNeID mức 2", "Ba điều không bao giờ nói cho ai"


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("dang ky vneid", MAIN),
        ("đăng ký VNeID", MAIN),
        ("đăng kí vneid", MAIN),
        ("VNEID ĐĂNG KÝ", MAIN),
        ("làm thế nào để đăng ký VNeID", MAIN),
        ("kich hoat", MAIN),
        ("KÍCH HOẠT", MAIN),
        ("can cuoc dien tu", MAIN),
        (unicodedata.normalize("NFD", "Kích hoạt tài khoản"), MAIN),
        ("  ba   dieu ", SAFE),
    ],
)
def test_it_finds_with_and_without_marks_in_any_order(tree: Tree, query: str, title: str) -> None:
    assert title in [page.title for page in found_lessons(query, "vi")]


def lesson(title: str, keywords: str = "", summary: str = "Một câu.") -> LessonPage:
    topic = TopicPage.objects.get(slug="suc-khoe", locale__language_code="vi")
    page = topic.add_child(instance=LessonPage(title=title, keywords=keywords, summary=summary))
    page.save_revision().publish()
    return LessonPage.objects.get(pk=page.pk)


def test_the_best_stands_first(tree: Tree) -> None:
    titles = ["Chuyện xóm", "Nấu chè bưởi", "Che buoi nấu ngon", "Nấu chè"]
    lesson(titles[0], summary="Hôm nay nấu chè bưởi.")
    lesson(titles[3], keywords="bưởi, đường")
    lesson(titles[2])
    lesson(titles[1])
    assert [page.title for page in found_lessons("chè bưởi nấu", "vi")] == [titles[1], titles[2], titles[3], titles[0]]


@pytest.mark.parametrize("query", ["", "   ", "xyzzy", "%", "_", "«»"])
def test_nothing_is_found_for_nothing(tree: Tree, query: str) -> None:
    assert found_lessons(query, "vi") == []
    assert search_all(query, "vi").total == 0


@pytest.mark.parametrize("query", ["nghiengg ngoay", "nghieg ngoay", "nghiegn ngoay", "nghiengngoay"])
def test_a_slip_of_the_finger_is_forgiven_where_nothing_else_fits(tree: Tree, query: str) -> None:
    page = lesson("Nghiêng ngoảy bên bờ ao")
    found = search_all(query, "vi")
    assert [row.pk for row in found.lessons] == [page.pk]
    assert found.is_near


def test_a_slip_in_a_short_word_is_another_word(tree: Tree) -> None:
    lesson("Ghềnh đá")
    assert search_all("ghanh da", "vi").lessons  # five letters, one of them wrong
    assert search_all("ghenh du", "vi").total == 0


def test_languages_do_not_mix(tree: Tree) -> None:
    assert tree.en in found_lessons("activate", "en")
    assert found_lessons("activate", "vi") == []


def test_every_lesson_comes_with_its_number_in_few_statements(tree: Tree, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_max_num_queries(3):
        numbers = [page.number for page in found_lessons("vneid", "vi")]
    assert numbers
    assert all(numbers)


def test_procedures_and_words_are_groups_of_their_own(tree: Tree, client: Client) -> None:
    row = Procedure(key="nuoi-ong", name_vi="Đăng ký nuôi ong", papers_vi="Thẻ căn cước\nTờ khai", keywords="mật ong")
    row.folded = search_key_of_procedure(row)
    row.save()
    GlossaryTerm.objects.create(key="to-ong", term_vi="tổ ong", meaning_vi="Nơi đàn ong ở.")
    html = client.get("/tim/", {"q": "ong"}).content.decode()
    assert 'href="/thu-tuc/nuoi-ong/"' in html
    assert "Nơi đàn ong ở." in html
    assert 'href="/thu-tuc/nuoi-ong/"' in client.get("/tim/", {"q": "mat ong"}).content.decode()
    assert "Nơi đàn ong ở." not in client.get("/tim/", {"q": "đàn"}).content.decode()  # by the word, not its meaning


def promote(query: str, **what: object) -> None:
    row, _made = Query.objects.get_or_create(query_string=query)
    SearchPromotion.objects.create(query=row, **what)


def test_promoted_results_stand_first_and_once(tree: Tree, client: Client) -> None:
    promote("Đăng ký VNeID", page=tree.vi, description="Bắt đầu từ đây")
    for query in ("vneid dang ki", "đăng ký vneid"):
        found = search_all(query, "vi")
        assert [row.title for row in found.promoted] == [MAIN]
        assert MAIN not in [page.title for page in found.lessons]
    assert "Bắt đầu từ đây" in client.get("/tim/", {"q": "dang ky vneid"}).content.decode()
    assert search_all("vneid", "vi").promoted == []
    assert Query.objects.count() == 1  # a learner's words are not kept in Wagtail's log


def test_a_promoted_page_speaks_the_readers_language(tree: Tree) -> None:
    promote("vneid", page=tree.vi)
    assert [row.url for row in search_all("vneid", "en").promoted] == [tree.en.url]


def test_promoted_addresses_are_official_ones_only(tree: Tree) -> None:
    promote("cong an", external_link_url="https://bocongan.gov.vn/", external_link_text="Bộ Công an")
    promote("cong an", external_link_url="https://cong-an.example/", external_link_text="Lạ")
    assert [row.title for row in search_all("công an", "vi").promoted] == ["Bộ Công an"]


def test_the_page_shows_what_it_found(tree: Tree, client: Client) -> None:
    html = client.get("/tim/", {"q": "dang ky vneid"}).content.decode()
    assert "/bai-hoc/vneid/kich-hoat-vneid-muc-2/" in html
    assert 'value="dang ky vneid"' in html
    assert 'href="/en/tim/?q=dang+ky+vneid"' in html


def test_the_empty_state_offers_help_and_topics(tree: Tree, client: Client) -> None:
    html = client.get("/tim/", {"q": "<b>xyzzy"}).content.decode()
    assert "<b>xyzzy" not in html
    for href in ("/nho-giup/", "/thu-tuc/", "/diem-phuc-vu/"):
        assert f'href="{href}"' in html
    assert html.count('class="tile"') == 6


def test_a_search_word_of_any_length_is_answered(tree: Tree, client: Client) -> None:
    assert client.get("/tim/", {"q": "a" * 5000}).status_code == 200
    assert client.get("/tim/", {"q": "từ " * 2000}).status_code == 200
