"""From a commune's draft to the province's approval: who may do what, and that nothing bad slips through."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.admin.userbar import AccessibilityItem, apply_userbar_hooks
from wagtail.models import WorkflowState

from learning.editor.checker import ElderChecker
from learning.models import LessonPage, TopicPage
from project.accounts.models import User
from tests.learning.conftest import Tree
from tests.learning.editor.conftest import lesson_data, someone, step


@pytest.fixture
def submitted(tree: Tree, editor: User, topic: TopicPage, client: Client) -> LessonPage:
    """A lesson that an editor handed in."""
    url = reverse("wagtailadmin_pages:add", args=["learning", "lessonpage", topic.pk])
    response = client.post(url, lesson_data() | {"action-submit": "1"})
    assert response.status_code == 302, response.context["form"].errors
    return LessonPage.objects.get(title="Đặt lịch khám bệnh", locale__language_code="vi")


def approve_url(page: LessonPage) -> str:
    state = page.current_workflow_task_state
    return reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])


def test_an_editor_submits_and_an_approver_publishes(submitted: LessonPage, client: Client) -> None:
    assert not submitted.live
    assert submitted.current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
    assert client.post(approve_url(submitted), {"comment": ""}).status_code in {302, 403}  # not by the editor
    assert not LessonPage.objects.get(pk=submitted.pk).live
    someone("Duyệt bài", client)
    assert submitted.title in client.get("/cms/").content.decode()  # it waits on the approver's home page
    assert client.post(approve_url(submitted), {"comment": "Tốt."}).status_code == 302
    page = LessonPage.objects.get(pk=submitted.pk)
    assert page.live
    assert page.number == 3
    assert Client().get("/bai-hoc/suc-khoe/dat-lich-kham-benh/?buoc=1").status_code == 200


@pytest.mark.parametrize("is_dialogue", [False, True])
def test_what_became_bad_meanwhile_is_not_approved(submitted: LessonPage, client: Client, is_dialogue: bool) -> None:
    page = LessonPage.objects.get(pk=submitted.pk)
    page.summary = "Gọi 0912345678"
    page.save_revision()
    someone("Duyệt bài", client)
    headers: Any = {"x-requested-with": "XMLHttpRequest"} if is_dialogue else {}
    response = client.post(approve_url(submitted), {"comment": ""}, headers=headers)
    assert response.status_code == (200 if is_dialogue else 302)
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert (response.json()["redirect"] if is_dialogue else response["Location"]) == edit
    assert "Nơi gọi giúp" in client.get(edit).content.decode()  # the message says what to do
    assert not LessonPage.objects.get(pk=page.pk).live


def test_approving_from_the_form_keeps_the_rules(submitted: LessonPage, client: Client) -> None:
    someone("Duyệt bài", client)
    data = lesson_data(step("Bác mở vneid-gov.top.")) | {
        "action-workflow-action": "1", "workflow-action-name": "approve", "workflow-action-extra-data": "{}",
    }  # fmt: skip
    url = reverse("wagtailadmin_pages:edit", args=[submitted.pk])
    response = client.post(url, data)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"steps"}
    data = lesson_data() | {
        "action-workflow-action": "1", "workflow-action-name": "approve", "workflow-action-extra-data": "{}",
    }  # fmt: skip
    assert client.post(url, data).status_code == 302
    assert LessonPage.objects.get(pk=submitted.pk).live


def test_only_approvers_plan_an_hour(submitted: LessonPage, client: Client) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[submitted.pk])
    someone("Duyệt bài", client)
    html = client.get(url).content.decode()
    assert 'name="go_live_at"' in html
    assert "Giờ đăng" in html


def test_the_checker_beside_the_preview_knows_elders(rf: RequestFactory) -> None:
    items: list[Any] = [AccessibilityItem(in_editor=True)]
    request = rf.get("/")
    apply_userbar_hooks(request, items, None)
    checker = items[0]
    assert isinstance(checker, ElderChecker)
    assert checker.in_editor
    found = checker.get_axe_configuration(request)
    assert {"target-size", "image-alt", "alt-text-quality"} <= set(found["options"]["runOnly"])
    assert found["options"]["rules"]["target-size"] == {"enabled": True}
    assert "target-size" in found["messages"]
