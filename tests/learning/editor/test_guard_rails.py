"""The guard rails in the editor: they warn on the page, they stop what goes out at every door, drafts always pass."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from learning.editor import tasks
from learning.editor.forms import errors_of
from learning.editor.words import place_of, told, words_of
from learning.guardrails.rules import Finding
from learning.lessons.drafts import draft_of, kind_of, step_weight
from learning.lessons.gate import PublishRefused, stop_if_blocked, stopping
from learning.models import LessonPage, TopicPage
from project.accounts.models import User
from tests.learning.conftest import Tree
from tests.learning.editor.conftest import lesson_data, lesson_picture, rows, step

BAD = step("Bác mở trang vneid-gov.top.")


def add(client: Client, topic: TopicPage, data: dict[str, Any], action: str = "") -> Any:
    url = reverse("wagtailadmin_pages:add", args=["learning", "lessonpage", topic.pk])
    return client.post(url, data | ({action: "1"} if action else {}))


def bad_draft(client: Client, topic: TopicPage) -> LessonPage:
    """A saved draft that breaks a hard rule."""
    response = add(client, topic, lesson_data(BAD))
    assert response.status_code == 302, response.context["form"].errors
    return LessonPage.objects.get(title="Đặt lịch khám bệnh", locale__language_code="vi")


def block_errors(error: Any) -> Any:
    """Nested errors of blocks as plain values."""
    if hasattr(error, "block_errors"):
        found = error.block_errors
        pairs = found.items() if isinstance(found, dict) else enumerate(found)
        return {key: block_errors(value) for key, value in pairs if value is not None}
    return error.messages


def test_the_editor_reads_why_at_the_field(tree: Tree, approver: User, topic: TopicPage, client: Client) -> None:
    response = add(client, topic, lesson_data(BAD, summary="Gọi 0912345678"), "action-publish")
    assert response.status_code == 200
    errors = response.context["form"].errors.as_data()
    assert set(errors) == {"summary", "steps"}
    assert "vneid-gov.top" in block_errors(errors["steps"][0])[0]["text"][0]
    assert not LessonPage.objects.filter(title="Đặt lịch khám bệnh").exists()


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"hints": rows({"sees": "Ô đỏ", "act": "Bác gọi 0912 345 678."})}, "hints"),
        ({"do": rows("Bác vào bit-ly.top nhé")}, "do"),
        ({"link": {"url": "https://dichvucong.gov.vn.example.com/", "label": "Cổng"}}, "link"),
        ({"helper_note": "Số CCCD 001200012345"}, "helper_note"),
    ],
)
def test_every_place_of_a_step_is_looked_at(
    tree: Tree, approver: User, topic: TopicPage, client: Client, changed: dict[str, Any], where: str
) -> None:
    response = add(client, topic, lesson_data(step(**changed)), "action-publish")
    errors = response.context["form"].errors.as_data()
    assert set(block_errors(errors["steps"][0])[0]) == {where}


def test_a_draft_may_hold_anything(tree: Tree, editor: User, topic: TopicPage, client: Client) -> None:
    page = bad_draft(client, topic)
    assert not page.live
    half = lesson_data(step("", screen={"title": "", "rows": rows()}), summary="")
    assert client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), half).status_code == 302


def test_submitting_is_stopped_too(tree: Tree, editor: User, topic: TopicPage, client: Client) -> None:
    assert add(client, topic, lesson_data(BAD), "action-submit").status_code == 200
    page = bad_draft(client, topic)
    response = client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), lesson_data(BAD) | {"action-submit": "1"}
    )
    assert response.status_code == 200
    assert page.current_workflow_state is None


def test_thirteen_steps_are_told_at_the_field(tree: Tree, approver: User, topic: TopicPage, client: Client) -> None:
    response = add(
        client, topic, lesson_data(*[step(f"Bác chạm ô {number}.") for number in range(13)]), "action-publish"
    )
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"steps"}
    assert "12" in str(response.context["form"].errors.as_data()["steps"][0].non_block_errors)


def test_a_twelve_step_lesson_with_everything_fits_into_one_submission(
    tree: Tree, approver: User, topic: TopicPage, client: Client
) -> None:
    full = step(
        hints=rows(*[{"sees": "Ô đỏ", "act": "Bác chạm lại."}] * 4),
        screen={"title": "Máy", "rows": rows(*[{"kind": "button", "text": "Xanh", "marked": ""}] * 7)},
        do=rows("Bác chờ.", "Bác xem.", "Bác nghe."),
    )
    response = add(client, topic, lesson_data(*[full] * 12), "action-publish")
    assert response.status_code == 302, response.context["form"].errors


def test_no_door_of_code_lets_it_out(tree: Tree, editor: User, topic: TopicPage, client: Client) -> None:
    page = bad_draft(client, topic)
    with pytest.raises(PublishRefused) as caught:
        page.get_latest_revision().publish()
    assert "link" in str(caught.value)
    page.refresh_from_db()
    assert not page.live
    page.live = True
    with pytest.raises(PublishRefused):
        stop_if_blocked(page)


def test_publishing_several_at_once_tells_which(tree: Tree, approver: User, topic: TopicPage, client: Client) -> None:
    page = bad_draft(client, topic)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    response = client.post(f"{url}?id={page.pk}&next=/cms/", {"include_descendants": ""}, follow=True)
    assert response.status_code == 200
    assert "vneid-gov.top" in response.content.decode()
    page.refresh_from_db()
    assert not page.live


def test_a_planned_lesson_that_may_not_go_out_is_called_off(
    tree: Tree, editor: User, topic: TopicPage, client: Client
) -> None:
    page = bad_draft(client, topic)
    revision = page.get_latest_revision()
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    tasks.publish_due.call_local()
    page.refresh_from_db()
    revision.refresh_from_db()
    assert not page.live
    assert revision.approved_go_live_at is None
    assert "vneid-gov.top" in page.recheck_reason


def test_a_planned_lesson_goes_out_at_its_hour(tree: Tree, approver: User, topic: TopicPage, client: Client) -> None:
    later = timezone.localtime() + timedelta(hours=2)
    data = lesson_data(go_live_at=later.strftime("%Y-%m-%d %H:%M"))
    response = add(client, topic, data, "action-publish")
    assert response.status_code == 302, response.context["form"].errors
    page = LessonPage.objects.get(title="Đặt lịch khám bệnh", locale__language_code="vi")
    assert not page.live
    assert page.number is None
    tasks.publish_due.call_local()
    page.refresh_from_db()
    assert not page.live
    past = timezone.now() - timedelta(minutes=1)
    revision = page.get_latest_revision()
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    tasks.publish_due.call_local()
    page = LessonPage.objects.get(pk=page.pk)
    assert page.live
    assert page.number == 3


def test_a_heavy_picture_is_weighed_with_its_page(tree: Tree, approver: User, topic: TopicPage, client: Client) -> None:
    light, heavy = lesson_picture(), lesson_picture("Nặng", 1400, noise=True)
    response = add(client, topic, lesson_data(step(image=heavy)), "action-publish")
    assert response.status_code == 200
    assert "kB" in str(block_errors(response.context["form"].errors.as_data()["steps"][0]))
    assert add(client, topic, lesson_data(step(image=light)), "action-publish").status_code == 302
    page = LessonPage.objects.get(title="Đặt lịch khám bệnh", locale__language_code="vi")
    assert 5_000 < step_weight(page, 1) < 30_000
    assert step_weight(tree.vi, 1) < 30_000  # a shipped step with its drawing


def test_a_picture_without_words_or_with_a_number_is_stopped(
    tree: Tree, approver: User, topic: TopicPage, client: Client
) -> None:
    response = add(client, topic, lesson_data(step(image=lesson_picture("Thẻ 001200012345"))), "action-publish")
    assert "image" in block_errors(response.context["form"].errors.as_data()["steps"][0])[0]
    response = add(client, topic, lesson_data(step(image=lesson_picture(), alt="")), "action-publish")
    assert "image" in block_errors(response.context["form"].errors.as_data()["steps"][0])[0]


def test_the_panel_lists_what_to_look_at(tree: Tree, editor: User, topic: TopicPage, client: Client) -> None:
    page = bad_draft(client, topic)
    html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "gc-finding--stop" in html
    assert "vneid-gov.top" in html
    part = client.get(reverse("learning_findings", args=[page.pk])).content.decode()
    assert "vneid-gov.top" in part
    assert "<html" not in part


def test_the_shipped_lessons_stop_nowhere(tree: Tree) -> None:
    for page in LessonPage.objects.filter(alias_of=None):
        assert stopping(page) == [], page


def test_findings_are_told_by_place(tree: Tree) -> None:
    assert place_of("steps.2.hints.0.act").startswith("Bước 3")
    assert place_of("steps.2.hints.0.act").count("·") == 2
    assert place_of("quiz.1.options.0.why").count("·") == 2
    assert place_of("review_by")
    assert told(Finding("block", "phone", "summary")).is_stop


def test_every_rule_has_words() -> None:
    codes = (
        "sentences", "long_sentence", "long_screen", "link", "phone", "id_like", "asks_for_secret", "stiff", "capitals",
        "heavy", "steps", "no_steps", "no_practice", "not_reviewed", "review_missing", "review_passed", "recheck",
        "app_unchecked", "no_alt", "picture_number", "no_voice", "jargon",
    )  # fmt: skip
    for code in codes:
        words = words_of(Finding("warn", code, "", "7: x"))
        assert " " in words
        assert "%(" not in words


def test_errors_keep_their_place_in_nested_blocks() -> None:
    errors = errors_of([
        Finding("block", "phone", "steps.2.hints.1.act"), Finding("block", "steps", "steps", "13"),
        Finding("block", "phone", "title"),
    ])  # fmt: skip
    assert set(errors) == {"steps", "title"}
    assert set(block_errors(errors["steps"])) == {2}
    assert set(block_errors(errors["steps"])[2]) == {"hints"}
    assert len(errors["steps"].non_block_errors) == 1  # type: ignore[attr-defined]


def test_what_is_on_a_screen_is_known_by_its_place() -> None:
    assert kind_of("steps.0.text") == kind_of("steps.1.iphone.text") == kind_of("quiz.0.hint") == "screen"
    assert (
        kind_of("steps.0.screen.rows.1.text") == kind_of("quiz.0.body") == kind_of("quiz.0.options.1.text") == "shown"
    )
    assert kind_of("steps.0.helper_note") == kind_of("title") == "rest"


def test_the_draft_knows_the_voices(tree: Tree) -> None:
    assert {one.voice for one in draft_of(tree.vi).steps} <= {"waiting", "ready"}
    assert all(one.weight is None for one in draft_of(tree.vi).steps)
