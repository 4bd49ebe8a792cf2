"""Lessons to review: a new version of an app marks them, the list tells why, a newer check settles it."""

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry, UploadedFile

from learning.editor import tasks
from learning.editor.reviews import figures_of, reason_of, to_review
from learning.models import AppVersion, LessonPage
from learning.reference.actions import app_version_changed, lessons_showing
from project.accounts.models import User
from project.lib.clock import today
from tests.learning.conftest import Tree
from tests.learning.editor.conftest import someone


@pytest.fixture
def app(tree: Tree) -> AppVersion:
    """VNeID, which the main lesson shows."""
    return AppVersion.objects.get(key="vneid")


def fresh(page: LessonPage) -> LessonPage:
    return LessonPage.objects.get(pk=page.pk)


def test_a_new_version_typed_by_an_approver_marks_the_lessons(tree: Tree, app: AppVersion, client: Client) -> None:
    user = someone("Duyệt bài", client)
    url = reverse("wagtailsnippets_learning_appversion:edit", args=[app.pk])
    data = {
        "name": app.name, "version": "99.1", "checked_on": today().isoformat(), "store_note_vi": "",
        "store_note_en": "",
    }  # fmt: skip
    response = client.post(url, data)
    assert response.status_code == 302, response.context["form"].errors
    page = fresh(tree.vi)
    assert page.is_to_recheck
    assert page.recheck_since == today()
    assert "99.1" in page.recheck_reason
    entry = PageLogEntry.objects.get(page=page.pk, action="learning.recheck")
    assert entry.user == user
    marked = LessonPage.objects.exclude(recheck_since=None).count()
    client.post(url, data | {"store_note_vi": "Chỉ cài từ kho ứng dụng."})  # no new version: nothing is marked again
    assert PageLogEntry.objects.filter(action="learning.recheck").count() == marked


def test_drafts_that_show_the_app_are_marked_too(tree: Tree, app: AppVersion) -> None:
    page = LessonPage.objects.get(slug="ba-dieu-khong-noi-cho-ai", locale__language_code="vi")
    other = AppVersion.objects.create(key="khac", name="Khác", version="1")
    assert lessons_showing(other) == []
    page.apps.add(other)
    page.save_revision()  # a draft of a live lesson: the row itself does not show the app yet
    assert [row.pk for row in lessons_showing(other)] == [page.pk]
    assert app_version_changed(other, by=None) == 1
    assert fresh(page).is_to_recheck


def test_the_mark_outlives_a_version_and_goes_with_a_newer_check(tree: Tree, app: AppVersion) -> None:
    LessonPage.objects.filter(pk=tree.vi.pk).update(reviewed_on=today() - timedelta(days=40))
    app_version_changed(app, by=None)
    page = fresh(tree.vi)
    page.title = "Kích hoạt VNeID mức 2 nhé"
    page.save_revision().publish()
    assert fresh(page).is_to_recheck  # only the words changed; nobody compared the pictures
    page = fresh(page)
    page.reviewed_on = today()
    page.save_revision().publish()
    assert not fresh(page).is_to_recheck
    assert fresh(page).recheck_reason == ""


def test_the_list_tells_why(tree: Tree, app: AppVersion, editor: User, client: Client) -> None:
    rows = LessonPage.objects.filter(alias_of=None)
    rows.update(review_by=today() + timedelta(days=90))
    assert not to_review(editor).exists()
    LessonPage.objects.filter(pk=tree.en.pk).update(review_by=today() - timedelta(days=1))
    safety = LessonPage.objects.get(slug="ba-dieu-khong-noi-cho-ai", locale__language_code="vi")
    LessonPage.objects.filter(pk=safety.pk).update(review_by=today() + timedelta(days=20))
    LessonPage.objects.filter(pk=tree.vi.pk).update(recheck_since=date(2026, 11, 1), recheck_reason="VNeID 2.3")
    found = list(to_review(editor))
    assert [row.pk for row in found] == [tree.vi.pk, tree.en.pk, safety.pk]
    assert len({reason_of(row) for row in found}) == 3
    html = client.get(reverse("learning_reviews")).content.decode()
    assert html.count("VNeID 2.3") == 1
    assert reverse("wagtailadmin_pages:edit", args=[safety.pk]) in html
    home = client.get("/cms/").content.decode()
    assert "VNeID 2.3" in home
    assert reverse("learning_reviews") in home
    someone(None, client, "stranger")
    assert client.get(reverse("learning_reviews")).status_code == 302


def test_the_list_comes_as_a_table(tree: Tree, editor: User, client: Client) -> None:
    LessonPage.objects.update(review_by=today())
    answer = client.get(reverse("learning_reviews"), {"export": "csv"})
    table = list(csv.reader(io.StringIO(answer.getvalue().decode())))  # type: ignore[attr-defined]
    assert len(table) == 1 + LessonPage.objects.filter(alias_of=None).count()
    assert len(table[0]) == 8
    assert any(row[0] == tree.vi.title and row[6] == f"0/{len(tree.vi.steps)}" for row in table)
    answer = client.get(reverse("learning_reviews"), {"export": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))  # type: ignore[attr-defined]
    assert book.active is not None
    assert book.active.max_row == len(table)


def test_figures_are_those_of_the_heaviest_step(tree: Tree) -> None:
    weight, heard = figures_of(tree.vi)
    assert 5 <= weight <= 30
    assert heard == f"0/{len(tree.vi.steps)}"
    assert figures_of(tree.vi) == (weight, heard)


def test_forgotten_uploads_are_thrown_away(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = UploadedFile.objects.create(file=ContentFile(b"x", name="quen.jpg"))
    name = upload.file.name
    tasks.throw_uploads_away.call_local()
    assert UploadedFile.objects.filter(pk=upload.pk).exists()
    monkeypatch.setattr(tasks, "UPLOAD_HOURS", -1)
    tasks.throw_uploads_away.call_local()
    assert not UploadedFile.objects.exists()
    assert not default_storage.exists(name)
