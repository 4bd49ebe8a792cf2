"""`seed_lessons`: real pages on an empty database, nothing the second time, never over an editor's change."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction
from wagtail.models import GroupPagePermission, Page, Site, WorkflowPage

from learning.editor.rights import WORKFLOW
from learning.models import GlossaryTerm, LessonNumber, LessonPage, MachineVoice, Service, TopicPage, WarningBox
from learning.seeding import actions, files
from learning.seeding.actions import Report, seed
from learning.voice.models import voice_key
from tests.conftest import SERVICES
from tests.learning.conftest import TWO, Tree

CORE = {
    "kich-hoat-vneid-muc-2", "ba-dieu-khong-noi-cho-ai", "cai-vneid-tu-kho", "nhan-ra-lua-dao",
    "dang-nhap-cong-dich-vu-cong",
}  # fmt: skip


@pytest.fixture(scope="module")
def all_seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Report]:
    """Every shipped lesson, written once for this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield seed()
        transaction.set_rollback(True)


@pytest.fixture
def everything(all_seeded: Report, db: None) -> Report:
    """The whole shipped content, as `seed_lessons` leaves it."""
    return all_seeded


def test_at_least_twenty_lessons_ship_and_each_has_its_number(everything: Report) -> None:
    assert len(files.lesson_files()) >= 20
    assert everything.lessons == {lesson.slug: lesson.order for lesson in files.lesson_files()}
    assert LessonNumber.objects.count() == len(files.lesson_files())


def test_every_topic_has_lessons(everything: Report) -> None:
    for topic in TopicPage.objects.filter(locale__language_code="vi"):
        assert topic.track is not None
        assert LessonPage.objects.child_of(topic).live().exists(), topic.slug


def test_the_second_run_of_everything_changes_nothing(everything: Report) -> None:
    report = seed()
    assert (report.created, report.updated, report.kept) == ([], [], [])


def test_english_is_complete_for_the_core_and_shows_vietnamese_for_the_rest(everything: Report) -> None:
    english = {page.slug: page for page in LessonPage.objects.filter(locale__language_code="en").live()}
    assert set(english) == {lesson.slug for lesson in files.lesson_files()}
    assert {slug for slug, page in english.items() if page.tongue == "en"} == CORE


def test_every_text_that_is_read_aloud_waits_for_its_voice(everything: Report) -> None:
    wanted = {voice_key(*pair) for page in LessonPage.objects.filter(alias_of=None) for pair in page.spoken}
    assert len(wanted) > 300
    assert set(MachineVoice.objects.values_list("key", flat=True)) == wanted


def test_one_track_of_a_minority_language_is_a_marked_sample(everything: Report) -> None:
    tracks = [
        track for page in LessonPage.objects.filter(slug="ba-dieu-khong-noi-cho-ai", alias_of=None)
        for block in page.steps for track in block.value["tracks"]
    ]  # fmt: skip
    assert tracks
    assert {track["language"] for track in tracks} == {"yue"}
    assert all(track["region"] for track in tracks)


def test_the_shipped_files_pass_the_editors_own_rules() -> None:
    for lesson in files.lesson_files():
        for language in files.LANGUAGES:
            words = lesson.words(language)
            assert words is None or files.findings(words) == [], (lesson.slug, language)


def test_every_lesson_has_sources_a_review_date_and_a_helpers_note_on_each_step() -> None:
    for lesson in files.lesson_files():
        assert lesson.sources
        assert lesson.reviewed_on < lesson.review_by
        for step in lesson.vi.steps:
            assert step.helper.say, (lesson.slug, step.key)
            assert any(row.is_target for row in step.screen.rows), (lesson.slug, step.key)


def test_glossary_and_boxes_have_both_languages(everything: Report) -> None:
    for term in GlossaryTerm.objects.all():
        assert term.term_vi, term.key
        assert term.term_en, term.key
        assert term.meaning_vi != term.key
    for box in WarningBox.objects.all():
        assert box.body_vi, box.key
        assert box.body_en, box.key


def test_the_second_run_changes_nothing(tree: Tree) -> None:
    revisions = tree.vi.revisions.count()
    report = seed(slugs=TWO)
    assert (report.created, report.updated, report.kept) == ([], [], [])
    assert tree.vi.revisions.count() == revisions


def test_it_works_beside_wagtails_welcome_page(db: None) -> None:
    root = Page.get_first_root_node() or actions._Seeder(Report()).root()
    welcome = root.add_child(instance=Page(title="Welcome", slug="home"))
    Site.objects.all().delete()
    site = Site.objects.create(hostname="localhost", root_page=welcome, is_default_site=True)
    seed(slugs=TWO)
    site.refresh_from_db()
    assert site.root_page.slug == "trang-chu"
    assert not Page.objects.filter(pk=welcome.pk).exists()


def test_an_editors_published_change_is_kept(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.vi.title = "Mở khoá VNeID"
    tree.vi.save_revision().publish()
    _new_edition(monkeypatch)
    report = seed(slugs=TWO)
    assert "lesson/kich-hoat-vneid-muc-2:vi" in report.kept
    assert LessonPage.objects.get(pk=tree.vi.pk).title == "Mở khoá VNeID"
    assert "lesson/kich-hoat-vneid-muc-2:en" in report.updated  # untouched by the editor: brought up to date


def test_an_editors_draft_is_kept_too(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.vi.title = "Bản nháp"
    tree.vi.save_revision()
    _new_edition(monkeypatch)
    assert "lesson/kich-hoat-vneid-muc-2:vi" in seed(slugs=TWO).kept
    assert tree.vi.get_latest_revision_as_object().title == "Bản nháp"


def test_a_removed_or_unpublished_lesson_stays_so(tree: Tree) -> None:
    tree.vi.unpublish()
    safety = LessonPage.objects.get(slug="ba-dieu-khong-noi-cho-ai", locale__language_code="en")
    safety.delete()
    report = seed(slugs=TWO)
    assert {"lesson/kich-hoat-vneid-muc-2:vi", "lesson/ba-dieu-khong-noi-cho-ai:en"} <= set(report.kept)
    assert not LessonPage.objects.get(pk=tree.vi.pk).live


def test_an_editors_word_on_a_service_is_kept(tree: Tree) -> None:
    Service.objects.filter(code="epay").update(name_vi="Trả tiền điện")
    assert "service/epay" in seed(slugs=TWO).kept
    assert Service.objects.get(code="epay").name_vi == "Trả tiền điện"


def test_a_new_edition_updates_what_nobody_touched(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    _new_edition(monkeypatch)
    report = seed(slugs=TWO)
    assert report.updated == ["lesson/kich-hoat-vneid-muc-2:vi", "lesson/kich-hoat-vneid-muc-2:en"]
    assert LessonPage.objects.get(pk=tree.vi.pk).minutes == 6
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


def test_the_command_prints_one_json_object(everything: Report) -> None:
    out = StringIO()
    call_command("seed_lessons", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert report["lessons"] == everything.lessons
    assert report["created"] == report["updated"] == []


def test_a_dry_run_writes_nothing(everything: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    _new_edition(monkeypatch)
    out = StringIO()
    call_command("seed_lessons", "--json", "--dry-run", stdout=out)
    assert len(json.loads(out.getvalue())["updated"]) == 2
    assert LessonPage.objects.get(slug=TWO[0], locale__language_code="vi").minutes == 7


def test_the_topics_have_the_same_addresses_in_both_languages(tree: Tree) -> None:
    slugs = {
        code: list(TopicPage.objects.filter(locale__language_code=code).values_list("slug", flat=True))
        for code in ("vi", "en")
    }
    assert slugs["vi"] == slugs["en"]
    assert len(slugs["vi"]) == 6


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("slug: x\n", "topic"),
        ("slug: [\n", "bad.yaml"),
        ("- 1\n", "not a mapping"),
    ],
)
def test_a_wrong_file_is_told_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, text: str, told: str) -> None:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "bad.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(files, "CONTENT", tmp_path)
    with pytest.raises(files.ContentError, match=r"bad\.yaml") as caught:
        files.lesson_files.__wrapped__()
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda lesson: lesson["vi"]["steps"].extend(lesson["vi"]["steps"] * 3), "steps"),
        (lambda lesson: lesson["vi"]["steps"][0]["screen"]["rows"].append(["nowhere", "x"]), "nowhere"),
        (lambda lesson: lesson["vi"]["rehearsal"][0]["screen"]["rows"][0].append("mark"), "right place"),
        (lambda lesson: lesson.update(color="red"), "color"),
        (lambda lesson: lesson["en"]["steps"].pop(), "the same steps"),
    ],
)
def test_a_wrong_place_in_a_file_is_told(change: Any, told: str) -> None:
    data = files.read("lessons/kich-hoat-vneid-muc-2.yaml")
    change(data)
    with pytest.raises(files.ContentError, match=told):
        files.checked(files.Lesson, data, "bad.yaml")


def _new_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next release ships the main lesson with another length."""
    lessons = [
        lesson.model_copy(update={"minutes": 6}) if lesson.slug == TWO[0] else lesson for lesson in files.lesson_files()
    ]
    monkeypatch.setattr(actions, "lesson_files", lambda: lessons)
