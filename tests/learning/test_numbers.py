"""Short numbers: given once at the first publication, the same in both languages, for ever."""

import pytest
from django.test import Client

from learning.lessons.numbers import give_number
from learning.models import LessonNumber, LessonPage, TopicPage
from tests.learning.conftest import LESSON, Tree


def test_both_languages_share_the_number(tree: Tree) -> None:
    assert tree.vi.number == tree.en.number == 1


def test_publishing_again_keeps_the_number(tree: Tree) -> None:
    tree.vi.title = "Kích hoạt VNeID"
    tree.vi.save_revision().publish()
    assert LessonPage.objects.get(pk=tree.vi.pk).number == 1
    assert LessonNumber.objects.count() == 2


def test_a_new_lesson_gets_the_next_number_only_when_published(tree: Tree) -> None:
    topic = TopicPage.objects.get(slug="suc-khoe", locale__language_code="vi")
    lesson = topic.add_child(instance=LessonPage(title="Đăng ký khám bệnh", summary="Đặt lịch.", live=False))
    assert lesson.slug == "dang-ky-kham-benh"  # not «djang-ky»
    assert lesson.number is None
    lesson.save_revision().publish()
    assert lesson.number == 3


def test_a_copy_has_no_number_until_it_is_published(tree: Tree) -> None:
    copy = tree.vi.copy(update_attrs={"title": "Bản sao", "slug": "ban-sao"}, keep_live=False)
    assert copy.number is None
    copy.save_revision().publish()
    assert copy.number == 3


def test_the_short_address_leads_to_the_lesson_in_its_language(tree: Tree, client: Client) -> None:
    assert client.get("/b/1/")["Location"] == LESSON
    assert client.get("/en/b/1/")["Location"] == f"/en{LESSON}"
    assert client.get("/b/1/?buoc=4")["Location"] == f"{LESSON}?buoc=4"


def test_without_english_the_short_address_leads_to_vietnamese(tree: Tree, client: Client) -> None:
    tree.en.unpublish()
    assert client.get("/en/b/1/")["Location"] == LESSON


def test_a_retired_number_leads_to_its_topic_and_is_never_given_again(tree: Tree, client: Client) -> None:
    LessonPage.objects.get(pk=tree.en.pk).delete()
    LessonPage.objects.get(pk=tree.vi.pk).delete()
    assert client.get("/b/1/")["Location"] == "/bai-hoc/vneid/"
    assert client.get("/en/b/1/")["Location"] == "/en/bai-hoc/vneid/"
    topic = TopicPage.objects.get(slug="vneid", locale__language_code="vi")
    assert give_number(topic.translation_key, topic.translation_key) == 3


@pytest.mark.parametrize("url", ["/b/99/", "/b/0/", "/en/b/99/"])
def test_an_unknown_number_is_not_found(tree: Tree, client: Client, url: str) -> None:
    assert client.get(url).status_code == 404


def test_old_addresses_lead_on_after_a_lesson_moved(tree: Tree, client: Client) -> None:
    for page in (tree.vi, tree.en):
        shelf = TopicPage.objects.get(slug="giay-to", locale=page.locale)
        page.move(shelf, pos="last-child", user=None)
    assert client.get("/b/1/")["Location"] == "/bai-hoc/giay-to/kich-hoat-vneid-muc-2/"
    assert client.get(LESSON)["Location"] == "/bai-hoc/giay-to/kich-hoat-vneid-muc-2/"
    assert client.get(f"/en{LESSON}")["Location"] == "/en/bai-hoc/giay-to/kich-hoat-vneid-muc-2/"
