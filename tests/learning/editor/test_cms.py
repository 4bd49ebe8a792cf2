"""The editors' side: rights, previews, protected services, rules of a step."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.blocks import StreamValue, StructBlockValidationError

from learning.lessons.blocks import StepBlock
from learning.lessons.tasks import prepare_lesson
from learning.media.pictures import BASE_FILTER, filters
from learning.models import LessonPage, MachineVoice, Service, TopicPage
from learning.serving.middleware import PageCacheMiddleware
from project.accounts.models import User
from tests.learning.conftest import Tree
from tests.learning.editor.conftest import lesson_data, lesson_picture, someone, step


def test_a_stranger_does_not_see_the_editors_side(tree: Tree, client: Client) -> None:
    for url in ("/cms/", reverse("learning_write")):
        assert client.get(url).status_code == 302


def test_a_signed_in_person_without_the_group_does_not_either(tree: Tree, client: Client) -> None:
    someone(None, client)
    assert client.get(reverse("learning_write")).status_code == 302


def test_an_editor_opens_a_lesson_and_its_previews(tree: Tree, editor: User, client: Client) -> None:
    response = client.get(reverse("wagtailadmin_pages:edit", args=[tree.vi.pk]))
    assert response.status_code == 200
    assert 'name="slug"' not in response.content.decode()  # the browser's slug rules destroy Vietnamese


@pytest.mark.parametrize("mode", ["cover", "steps", "end"])
def test_every_preview_works_also_for_a_draft(tree: Tree, mode: str) -> None:
    draft = tree.vi.copy(update_attrs={"title": "Bản nháp", "slug": "ban-nhap"}, keep_live=False)
    response = draft.make_preview_request(preview_mode=mode)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_an_editor_cannot_publish_but_an_approver_can(tree: Tree, editor: User, client: Client) -> None:
    assert not tree.vi.permissions_for_user(editor).can_publish()
    approver = someone("Duyệt bài", client)
    assert tree.vi.permissions_for_user(approver).can_publish()


def test_protected_services_cannot_be_deleted_nor_renamed(tree: Tree, client: Client) -> None:
    someone("Dữ liệu gốc", client)
    nine = Service.objects.get(code="safety")
    own = Service.objects.create(code="market_pay", name_vi="Trả tiền ở chợ", name_en="Paying at the market")
    base = "wagtailsnippets_learning_service"
    assert client.get(reverse(f"{base}:list")).status_code == 200
    client.post(reverse(f"{base}:delete", args=[nine.pk]))
    client.post(reverse(f"{base}:delete", args=[own.pk]))
    assert set(Service.objects.filter(code__in=["safety", "market_pay"]).values_list("code", flat=True)) == {"safety"}
    page = client.get(reverse(f"{base}:edit", args=[nine.pk])).content.decode()
    assert 'name="code"' in page
    assert "disabled" in page[page.index('name="code"') : page.index('name="code"') + 300]


def test_an_editor_may_not_touch_services(tree: Tree, editor: User, client: Client) -> None:
    assert client.get(reverse("wagtailsnippets_learning_service:list")).status_code in {302, 403, 404}


def test_a_step_holds_two_sentences_and_a_picture() -> None:
    block = StepBlock()
    value = block.to_python({"text": "Một. Hai. Ba.", "screen": {"title": "", "rows": []}})
    with pytest.raises(StructBlockValidationError) as caught:
        block.clean(value)
    assert set(caught.value.block_errors) == {"text", "image"}
    fine = block.to_python(
        {"text": "Một. Hai.", "screen": {"title": "", "rows": [{"kind": "text", "text": "x", "marked": True}]}}
    )
    assert block.clean(fine)["text"] == "Một. Hai."


def test_the_shipped_steps_pass_the_editors_rules(tree: Tree) -> None:
    for page in LessonPage.objects.all():
        steps = page.steps
        assert isinstance(steps, StreamValue)
        for child in steps:
            StepBlock().clean(child.value)


def test_a_lesson_made_in_the_editor_gets_a_readable_address(tree: Tree, topic: TopicPage, client: Client) -> None:
    someone("Duyệt bài", client)
    data = lesson_data(step("Bác mở máy. Bác chạm ô xanh.")) | {"action-publish": "1"}
    response = client.post(reverse("wagtailadmin_pages:add", args=["learning", "lessonpage", topic.pk]), data)
    assert response.status_code == 302, response.context["form"].errors
    lesson = LessonPage.objects.get(title="Đặt lịch khám bệnh", locale__language_code="vi")
    assert lesson.slug == "dat-lich-kham-benh"
    assert lesson.live
    assert lesson.number == 3
    html = Client().get("/bai-hoc/suc-khoe/dat-lich-kham-benh/?buoc=1").content.decode()
    assert "Bác chạm ô xanh" in html
    # Until somebody translates it, the English tree shows the Vietnamese words, marked and spoken as Vietnamese.
    english = Client().get("/en/bai-hoc/suc-khoe/dat-lich-kham-benh/?buoc=1").content.decode()
    assert '<article class="stack" lang="vi"' in english
    assert "Bác chạm ô xanh" in english


def test_a_new_lesson_stands_ready_to_be_filled_in(tree: Tree, editor: User, topic: TopicPage, client: Client) -> None:
    response = client.get(reverse("wagtailadmin_pages:add", args=["learning", "lessonpage", topic.pk]))
    form = response.context["form"]
    assert len(form["steps"].value()) == 1
    assert (form["minutes"].value(), form["icon"].value()) == (5, "lesson")
    assert form["review_by"].value() - form["reviewed_on"].value() == timedelta(days=180)


def test_everybody_is_led_to_the_topics_where_they_may_write(tree: Tree, editor: User, client: Client) -> None:
    html = client.get(reverse("learning_write")).content.decode()
    topics = TopicPage.objects.filter(locale__language_code="vi")
    assert topics.count() == html.count("/cms/pages/add/learning/lessonpage/") / 2  # in both languages
    for topic in topics:
        assert reverse("wagtailadmin_pages:add", args=["learning", "lessonpage", topic.pk]) in html


def test_publishing_again_with_another_picture_and_other_words(tree: Tree, approver: User, client: Client) -> None:
    """Wagtail's edit view does not come through Page.publish: number, voices and sizes must come all the same."""
    page, image = tree.vi, lesson_picture()
    data = lesson_data(step("Bác chạm hình lá cờ.", image), title=page.title) | {"action-publish": "1"}
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
    assert response.status_code == 302, response.context["form"].errors
    page = LessonPage.objects.get(pk=page.pk)
    assert page.step(1).text == "Bác chạm hình lá cờ."
    assert MachineVoice.objects.filter(text="Bác chạm hình lá cờ.").exists()
    shown = Client().get(f"{page.url}?buoc=1").content.decode()
    base = image.renditions.get(filter_spec=BASE_FILTER)
    assert base.url in shown
    prepare_lesson.call_local(page.pk)
    assert set(filters()) <= set(image.renditions.values_list("filter_spec", flat=True))
    assert ".avif" in Client().get(f"{page.url}?buoc=1").content.decode()


def test_an_editor_may_upload_pictures_and_recordings(tree: Tree, editor: User, client: Client) -> None:
    for name in ("wagtailimages:add_multiple", "wagtailimages_chooser:choose"):
        assert client.get(reverse(name)).status_code == 200
    assert client.get(reverse("wagtailmedia:chooser_typed", args=["audio"])).status_code == 200


def test_a_picture_to_click_on_is_for_those_who_choose_pictures(tree: Tree, editor: User, client: Client) -> None:
    image = lesson_picture()
    address = reverse("learning_picture", args=[image.pk])
    found = client.get(address).json()
    assert (found["width"], found["height"], found["alt"]) == (400, 400, "Màn hình")
    assert found["url"].startswith("/media/images/")
    someone(None, client, "stranger")
    assert client.get(address).status_code in {302, 403}


def test_a_preview_is_never_answered_with_the_published_page(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept(key: str) -> None:
        raise AssertionError("asked for a kept page")

    monkeypatch.setattr("learning.serving.store.load", kept)
    request = rf.get("/bai-hoc/vneid/kich-hoat-vneid-muc-2/")
    request.is_dummy = True  # type: ignore[attr-defined]  # as Wagtail marks the request of a preview
    assert PageCacheMiddleware(lambda _request: HttpResponse("draft"))(request).content == b"draft"


def test_the_checker_reaches_the_page_in_the_preview_panel_only(tree: Tree, editor: User, client: Client) -> None:
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[tree.vi.pk])
    assert client.post(url, lesson_data()).json()["is_valid"]
    panel = client.get(url, {"mode": "cover", "in_preview_panel": "true"}).content.decode()
    assert "wagtail-userbar" in panel
    assert "wagtail-userbar" not in client.get(url, {"mode": "cover"}).content.decode()
    assert "wagtail-userbar" not in client.get(tree.vi.url).content.decode()  # also where an editor reads it
