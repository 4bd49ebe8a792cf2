"""Kept pages: answered without a query, exact after every publication, the same for everybody."""

import gzip
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning.lessons.models import LessonPage
from learning.reference.models import GlossaryTerm
from learning.serving import stamps
from learning.voice.models import MachineVoice
from tests.learning.conftest import LESSON, SAFETY, Tree

STEP = f"{LESSON}?buoc=2"


@pytest.fixture
def kept(settings: Any, tmp_path: Any) -> Client:
    """A client whose pages are kept in a cache of this test's own, with stamps in files of its own."""
    settings.CACHES = settings.CACHES | {
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    }
    settings.STAMPS_DIR = tmp_path / "stamps"
    settings.REDIS_URL = ""
    caches["pages"].clear()
    return Client()


def queries(client: Client, path: str, **headers: str) -> int:
    """How many statements an answer takes."""
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path, headers=headers).status_code == 200
    return len(caught)


def test_the_second_reader_costs_no_query(tree: Tree, kept: Client) -> None:
    assert queries(kept, STEP) > 0
    assert queries(kept, STEP) == 0
    assert queries(Client(), STEP) == 0


def test_a_step_that_is_not_kept_takes_at_most_eight_queries(tree: Tree, kept: Client) -> None:
    for path in (STEP, LESSON, f"{LESSON}?buoc=xong"):
        kept.get(f"{SAFETY}?buoc=1")  # the site's root paths are kept by Wagtail for a while
        assert queries(kept, path) <= 8, path


def test_the_kept_answer_is_the_answer(tree: Tree, kept: Client) -> None:
    first = kept.get(STEP)
    again = kept.get(STEP)
    packed = kept.get(STEP, headers={"Accept-Encoding": "gzip"})
    assert first.content == again.content == gzip.decompress(packed.content)
    assert packed["Content-Encoding"] == "gzip"
    for response in (first, again, packed):
        assert response["Cache-Control"] == "public, max-age=300"
        assert response["Vary"] == "Accept-Encoding"
        assert response["Content-Language"] == "vi"
        assert "sha256-" in response["Content-Security-Policy"]
        assert int(response["Content-Length"]) == len(response.content)
        assert not response.cookies


def test_a_reader_who_has_it_gets_no_body(tree: Tree, kept: Client) -> None:
    tag = kept.get(STEP)["ETag"]
    answer = kept.get(STEP, headers={"If-None-Match": tag})
    assert answer.status_code == 304
    assert answer.content == b""


def test_a_publication_shows_at_once(tree: Tree, kept: Client, django_capture_on_commit_callbacks: Any) -> None:
    MachineVoice.objects.update(state=MachineVoice.State.FAILED)  # a voice that is made shows as well: not here
    kept.get(STEP)
    other = kept.get(f"{SAFETY}?buoc=1").content
    with django_capture_on_commit_callbacks(execute=True):
        page = LessonPage.objects.get(pk=tree.vi.pk)
        page.steps[1].value["text"] = "Bác mở kho ứng dụng lên ạ."
        page.save_revision().publish()
    assert "Bác mở kho ứng dụng lên ạ." in kept.get(STEP).content.decode()
    # Nothing that other pages show has changed: theirs are still kept.
    with CaptureQueriesContext(connection) as caught:
        assert kept.get(f"{SAFETY}?buoc=1").content == other
    assert len(caught) == 0


def test_a_new_title_shows_on_every_list_at_once(
    tree: Tree, kept: Client, django_capture_on_commit_callbacks: Any
) -> None:
    kept.get("/bai-hoc/")
    with django_capture_on_commit_callbacks(execute=True):
        page = LessonPage.objects.get(pk=tree.vi.pk)
        page.title = "Mở khoá VNeID"
        page.save_revision().publish()
    assert "Mở khoá VNeID" in kept.get("/bai-hoc/").content.decode()


def test_an_unpublished_lesson_is_gone_at_once(
    tree: Tree, kept: Client, django_capture_on_commit_callbacks: Any
) -> None:
    kept.get(STEP)
    with django_capture_on_commit_callbacks(execute=True):
        LessonPage.objects.get(pk=tree.vi.pk).unpublish()
    assert kept.get(STEP).status_code == 404


def test_a_changed_piece_shows_at_once(tree: Tree, kept: Client, django_capture_on_commit_callbacks: Any) -> None:
    kept.get(STEP)
    before = stamps.current(LESSON)
    with django_capture_on_commit_callbacks(execute=True):
        GlossaryTerm.objects.create(key="moi", term_vi="mới", meaning_vi="Cái vừa có.")
    assert stamps.current(LESSON) != before
    assert queries(kept, STEP) > 0


def test_a_rolled_back_publication_touches_nothing(tree: Tree, kept: Client) -> None:
    before = stamps.current(LESSON)
    stamps.touch(LESSON, 7)
    assert stamps.current(LESSON) == before


@pytest.mark.parametrize(
    "path", [f"{LESSON}?buoc=2&x=1", f"{LESSON}?buoc=%3Cb%3E", f"{LESSON}?utm_source=zalo&buoc=2&a=1&b=2"]
)
def test_what_nobody_asks_for_twice_is_not_kept(tree: Tree, kept: Client, path: str) -> None:
    for _turn in range(2):
        with CaptureQueriesContext(connection) as caught:
            kept.get(path)
        assert len(caught) > 0


def test_another_host_gets_its_own_page(tree: Tree, kept: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "gocua.example"]
    settings.SITE_URL = ""
    end = f"{LESSON}?buoc=xong"
    assert "testserver" in kept.get(end).content.decode()
    assert "testserver" not in kept.get(end, headers={"Host": "gocua.example"}).content.decode()
    assert kept.get(end, headers={"Host": "evil.example"}).status_code == 400


def test_signed_in_people_read_the_same_page(tree: Tree, kept: Client) -> None:
    from project.accounts.models import User

    kept.get(STEP)
    reader = Client()
    reader.force_login(User.objects.create(name="Người soạn", email="doc@example.org", language="en"))
    with CaptureQueriesContext(connection) as caught:
        assert reader.get(STEP)["Content-Language"] == "vi"
    assert len(caught) == 0


@pytest.mark.parametrize(
    ("path", "lesson"),
    [
        ("/bai-hoc/vneid/kich-hoat/", "/bai-hoc/vneid/kich-hoat/"),
        ("/bai-hoc/vneid/kich-hoat/goi.json", "/bai-hoc/vneid/kich-hoat/"),
        ("/en/bai-hoc/vneid/kich-hoat/", "/en/bai-hoc/vneid/kich-hoat/"),
        ("/bai-hoc/vneid/", ""),
        ("/bai-hoc/", ""),
        ("/b/1/in/", ""),
        ("/", ""),
    ],
)
def test_which_lesson_an_address_hangs_on(path: str, lesson: str) -> None:
    assert stamps.lesson_of(path) == lesson
