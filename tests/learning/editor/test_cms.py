"""The editors' side: rights, previews, protected services, rules of a step."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.blocks import StreamValue, StructBlockValidationError
from wagtail.test.utils.form_data import nested_form_data, streamfield

from learning.lessons.blocks import StepBlock
from learning.models import LessonPage, Service, TopicPage
from project.accounts.models import User
from tests.learning.conftest import Tree


def someone(group: str | None, client: Client, **flags: bool) -> User:
    """A signed-in person of one of the editors' groups."""
    user = User.objects.create(name="Người soạn", email=f"{group or 'nobody'}@example.org", **flags)
    if group:
        user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


@pytest.fixture
def editor(tree: Tree, client: Client) -> User:
    return someone("Soạn bài", client)


def test_a_stranger_does_not_see_the_editors_side(tree: Tree, client: Client) -> None:
    for url in ("/cms/", reverse("learning_stuck_map")):
        assert client.get(url).status_code == 302


def test_a_signed_in_person_without_the_group_does_not_either(tree: Tree, client: Client) -> None:
    someone(None, client)
    assert client.get(reverse("learning_stuck_map")).status_code == 302


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


def test_the_stuck_map_shows_counts(tree: Tree, editor: User, client: Client) -> None:
    Client().post(f"/b/1/vuong/{tree.vi.steps[4].id}/")
    html = client.get(reverse("learning_stuck_map")).content.decode()
    assert "Máy bác nhận tin nhắn có mã số" in html
    assert '<td data-label="Báo vướng">1</td>' in html


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


@pytest.mark.parametrize(
    ("text", "count"),
    [("Bác chạm ô «Kích hoạt».", 1), ("Một. Hai", 2), ("Một. Hai! Ba?", 3), ("Bác mở dichvucong.gov.vn.", 1), ("", 0)],
)
def test_sentences_are_counted(text: str, count: int) -> None:
    assert sentences_in(text) == count


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


def test_a_lesson_made_in_the_editor_gets_a_readable_address(tree: Tree, client: Client) -> None:
    someone("Duyệt bài", client)
    topic = TopicPage.objects.get(slug="suc-khoe", locale__language_code="vi")
    step = {
        "text": "Bác mở máy. Bác chạm ô xanh.",
        "screen": {
            "title": "Máy",
            "rows": {
                "count": "1", "0-deleted": "", "0-order": "0", "0-id": "",
                "0-value": {"kind": "button", "text": "Ô xanh", "marked": "on"},
            },
        },
        "image": {"image": "", "decorative": "", "alt_text": ""},
        "marks": {"count": "0"}, "hints": {"count": "0"}, "helper_note": "", "voices": {"count": "0"},
    }  # fmt: skip
    data = nested_form_data(
        {
            "title": "Đặt lịch khám bệnh", "short_title": "", "summary": "Bác đặt lịch.", "icon": "hospital",
            "minutes": "4", "for_whom": "", "needs": "", "papers": "", "warnings": "",
            "closing": "", "sources": "", "reviewed_on": "",
            "review_by": "", "keywords": "", "steps": streamfield([("step", step)]),
            "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "action-publish": "1",
        }
    )  # fmt: skip
    url = reverse("wagtailadmin_pages:add", args=["learning", "lessonpage", topic.pk])
    response = client.post(url, data)
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
