"""`seed_lessons`: real pages on an empty database, nothing the second time, never over an editor's change."""

import json
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import GroupPagePermission, Page, Site, WorkflowPage

from learning import seeding, shipped
from learning.models import LessonPage, MachineVoice, Service, TopicPage
from learning.rights import WORKFLOW
from learning.seeding.actions import seed
from tests.conftest import SERVICES
from tests.learning.conftest import Tree


def test_the_second_run_changes_nothing(tree: Tree) -> None:
    revisions = tree.vi.revisions.count()
    report = seed()
    assert (report.created, report.updated, report.kept) == ([], [], [])
    assert report.unchanged == 29
    assert tree.vi.revisions.count() == revisions


def test_it_works_beside_wagtails_welcome_page(db: None) -> None:
    root = Page.get_first_root_node() or seeding._Seeder(seeding.Report()).root()
    welcome = root.add_child(instance=Page(title="Welcome", slug="home"))
    Site.objects.all().delete()
    site = Site.objects.create(hostname="localhost", root_page=welcome, is_default_site=True)
    seed()
    site.refresh_from_db()
    assert site.root_page.slug == "trang-chu"
    assert not Page.objects.filter(pk=welcome.pk).exists()


def test_an_editors_published_change_is_kept(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.vi.title = "Mở khoá VNeID"
    tree.vi.save_revision().publish()
    _new_edition(monkeypatch)
    report = seed()
    assert "lesson/kich-hoat-vneid-muc-2:vi" in report.kept
    assert LessonPage.objects.get(pk=tree.vi.pk).title == "Mở khoá VNeID"
    assert "lesson/kich-hoat-vneid-muc-2:en" in report.updated  # untouched by the editor: brought up to date


def test_an_editors_draft_is_kept_too(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.vi.title = "Bản nháp"
    tree.vi.save_revision()
    _new_edition(monkeypatch)
    assert "lesson/kich-hoat-vneid-muc-2:vi" in seed().kept
    assert tree.vi.get_latest_revision_as_object().title == "Bản nháp"


def test_a_removed_or_unpublished_lesson_stays_so(tree: Tree) -> None:
    tree.vi.unpublish()
    safety = LessonPage.objects.get(slug="ba-dieu-khong-noi-cho-ai", locale__language_code="en")
    safety.delete()
    report = seed()
    assert {"lesson/kich-hoat-vneid-muc-2:vi", "lesson/ba-dieu-khong-noi-cho-ai:en"} <= set(report.kept)
    assert not LessonPage.objects.get(pk=tree.vi.pk).live


def test_an_editors_word_on_a_service_is_kept(tree: Tree) -> None:
    Service.objects.filter(code="epay").update(name_vi="Trả tiền điện")
    assert "service/epay" in seed().kept
    assert Service.objects.get(code="epay").name_vi == "Trả tiền điện"


def test_a_new_edition_updates_what_nobody_touched(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    _new_edition(monkeypatch)
    report = seed()
    assert report.updated == ["lesson/kich-hoat-vneid-muc-2:vi", "lesson/kich-hoat-vneid-muc-2:en"]
    assert LessonPage.objects.get(pk=tree.vi.pk).minutes == 9
    assert LessonPage.objects.get(pk=tree.vi.pk).number == 1


def test_the_nine_services_are_complete_and_protected(tree: Tree) -> None:
    rows = {row.code: row for row in Service.objects.all()}
    assert tuple(rows) == SERVICES
    for row in rows.values():
        assert row.is_protected
        assert row.name_vi
        assert row.name_en
        assert row.goal_rung == ("briefed" if row.code == "safety" else "activated")
    assert rows["vneid_l2"].lesson_number == 1
    assert rows["safety"].lesson_number == 2
    assert not rows["safety"].needs_own_device


def test_the_groups_and_the_workflow_are_set_up(tree: Tree) -> None:
    editors, approvers = (Group.objects.get(name=name) for name in ("Soạn bài", "Duyệt bài"))
    assert {row.permission.codename for row in GroupPagePermission.objects.filter(group=editors)} == {
        "add_page",
        "change_page",
    }
    assert "publish_page" in {row.permission.codename for row in GroupPagePermission.objects.filter(group=approvers)}
    assert editors.permissions.filter(codename="access_admin").exists()
    # Wagtail's own migration may have brought a workflow of its own for the root: only ours counts.
    assert WorkflowPage.objects.filter(workflow__name=WORKFLOW).count() == 2


def test_the_command_prints_one_json_object(tree: Tree) -> None:
    out = StringIO()
    call_command("seed_lessons", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert report["lessons"] == {"kich-hoat-vneid-muc-2": 1, "ba-dieu-khong-noi-cho-ai": 2}
    assert report["unchanged"] == 29


def test_a_dry_run_writes_nothing(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    _new_edition(monkeypatch)
    out = StringIO()
    call_command("seed_lessons", "--json", "--dry-run", stdout=out)
    assert len(json.loads(out.getvalue())["updated"]) == 2
    assert LessonPage.objects.get(pk=tree.vi.pk).minutes == 7


def test_every_step_has_a_voice_waiting(tree: Tree) -> None:
    texts = [text for page in LessonPage.objects.all() for text in page.step_texts]
    assert MachineVoice.objects.count() == len(texts) == 26


def test_the_topics_have_the_same_addresses_in_both_languages(tree: Tree) -> None:
    slugs = {
        code: list(TopicPage.objects.filter(locale__language_code=code).values_list("slug", flat=True))
        for code in ("vi", "en")
    }
    assert slugs["vi"] == slugs["en"]
    assert len(slugs["vi"]) == 6


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_shipped_steps_are_short_and_complete(language: str) -> None:
    for lesson in shipped.lesson_files():
        steps = lesson[language]["steps"]
        assert len(steps) <= 12
        for step in steps:
            sentences = [part for part in step["text"].replace("?", ".").split(". ") if part]
            assert len(sentences) <= 2, step["text"]
            assert len(step["text"].split()) <= 30, step["text"]
            assert step["helper"]
            assert 1 <= sum(len(row) == 3 for row in step["rows"]) <= 3


def test_a_wrong_file_is_told_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "bad.toml").write_text('slug = "x"\n', encoding="utf-8")
    monkeypatch.setattr(shipped, "CONTENT", tmp_path)
    with pytest.raises(shipped.ContentError, match=r"bad\.toml"):
        shipped.lesson_files()


def _new_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next release ships the main lesson with another length."""
    lessons = shipped.lesson_files()
    lessons[0]["minutes"] = 9
    monkeypatch.setattr(seeding, "lesson_files", lambda: lessons)
