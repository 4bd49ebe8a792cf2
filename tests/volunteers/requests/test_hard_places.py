"""Which step of which lesson makes people ask for help: counted for those who may see the requests, and for editors."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from learning import catalog
from learning.models import LessonPage, Tally
from learning.seeding.actions import seed
from project.accounts.models import User
from project.lib.clock import FrozenClock
from tests.cast import Cast
from tests.factories.requests import PHONE, make_request
from volunteers.requests.actions import receive_request
from volunteers.requests.queries import hard_places

pytestmark = pytest.mark.usefixtures("lessons", "services", "monday")
LIST = "/volunteers/requests/"
HEADING = "hard"


@pytest.fixture(scope="module")
def shipped(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Two of the shipped lessons, numbers 1 and 2, for the whole file."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed(slugs=("kich-hoat-vneid-muc-2", "ba-dieu-khong-noi-cho-ai"))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def lessons(shipped: None, db: None) -> LessonPage:
    """The lesson with number 1."""
    return LessonPage.objects.get(slug="kich-hoat-vneid-muc-2", locale__language_code="vi")


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def told(user: User, scope: str = "") -> list[tuple[int, int, int]]:
    return [(row.place.lesson, row.place.step, row.count) for row in hard_places(user, scope)]


def test_the_step_that_brings_most_requests_comes_first(cast: Cast, lessons: LessonPage) -> None:
    third = str(lessons.steps[2].id)
    for step in (third, third, "3", "1", ""):
        make_request(cast.commune, lesson_number=1, step=step)
    make_request(cast.commune, lesson_number=2, step="no such step")
    make_request(cast.commune)  # from no lesson
    make_request(cast.commune, lesson_number=77, step="1")  # a lesson that is not published
    assert told(cast.minh) == [(1, 3, 3), (1, 0, 1), (1, 1, 1), (2, 0, 1)]
    worst = hard_places(cast.minh)[0].place
    assert worst.text == lessons.steps[2].value["text"]
    assert worst.url.endswith("?buoc=3")


def test_only_the_last_thirty_days_count(cast: Cast, monday: FrozenClock) -> None:
    for days in (29, 31):
        make_request(cast.commune, lesson_number=1, step="2", received_at=monday.instant - timedelta(days=days))
    assert told(cast.minh) == [(1, 2, 1)]


def test_everybody_counts_the_own_area(cast: Cast) -> None:
    make_request(cast.commune, lesson_number=1, step="2")
    make_request(cast.far, lesson_number=1, step="4", team=cast.far_team)
    assert told(cast.minh) == [(1, 2, 1)]
    assert told(cast.lan) == [(1, 2, 1), (1, 4, 1)]
    assert told(cast.lan, cast.far.scope) == [(1, 4, 1)]
    assert told(cast.minh, cast.far.scope) == []
    assert told(cast.tung) == told(cast.son) == []


def test_five_are_enough(cast: Cast) -> None:
    for step in range(1, 8):
        make_request(cast.commune, lesson_number=1, step=str(step))
    assert len(told(cast.minh)) == 5


def test_they_are_named_in_the_readers_language(cast: Cast) -> None:
    make_request(cast.commune, lesson_number=1, step="2")
    cast.minh.language = "en"
    cast.minh.save()
    body = as_(cast.minh).get(LIST).content.decode()
    assert "Activate a VNeID account" in body
    assert 'lang="en"' in body


def test_the_pages_show_them_with_both_ways_to_the_step(cast: Cast, lessons: LessonPage) -> None:
    for _person in range(2):
        make_request(cast.commune, cast.h1, lesson_number=1, step=str(lessons.steps[1].id))
    board = reverse("dashboards:commune", args=["25396"])
    province = reverse("dashboards:province", args=["75"])
    for user, path in ((cast.minh, LIST), (cast.minh, f"{LIST}?area=25396"), (cast.minh, board), (cast.lan, province)):
        body = as_(user).get(path).content.decode()
        section = body[body.index(f'<h2 id="{HEADING}"') :]
        assert lessons.title in section, path
        assert f'href="{lessons.url}?buoc=2"' in section
        assert f'href="{reverse("field:companion", args=[1])}?buoc=2"' in section
        assert PHONE not in section
        assert cast.h1.full_name not in section[: section.index("</section>")]


def test_nothing_stands_there_while_nobody_asked(cast: Cast) -> None:
    make_request(cast.commune)
    for user, path in ((cast.minh, LIST), (cast.lan, reverse("dashboards:province", args=["75"]))):
        assert f'id="{HEADING}"' not in as_(user).get(path).content.decode()


def test_it_needs_three_statements(cast: Cast, django_assert_num_queries: Any) -> None:
    for step in range(1, 7):
        make_request(cast.commune, lesson_number=1 + step % 2, step=str(step))
    hard_places(cast.minh)  # grants are remembered on the person, Wagtail's site roots in its cache
    with django_assert_num_queries(3):
        assert len(hard_places(cast.minh)) == 5


def test_one_statement_where_no_lesson_is_named(cast: Cast, django_assert_num_queries: Any) -> None:
    make_request(cast.commune)
    hard_places(cast.minh)
    with django_assert_num_queries(1):
        assert hard_places(cast.minh) == []


def test_a_request_is_counted_for_the_editors(
    cast: Cast, lessons: LessonPage, django_capture_on_commit_callbacks: Any
) -> None:
    third = str(lessons.steps[2].id)
    with django_capture_on_commit_callbacks(execute=True):
        receive_request(cast.commune, topic="vneid_l2", phone=PHONE, lesson_number=1, step=third)
        receive_request(cast.commune, topic="vneid_l2", phone=PHONE)
    assert [(row.number, row.step, row.kind, row.count) for row in Tally.objects.all()] == [(1, third, "asked", 1)]


def test_a_count_that_fails_costs_no_request(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def broken(*_asked: object) -> None:
        raise RuntimeError("no counts today")

    monkeypatch.setattr(catalog, "count_request", broken)
    with django_capture_on_commit_callbacks(execute=True):
        row = receive_request(cast.commune, topic="vneid_l2", phone=PHONE, lesson_number=1, step="3")
    assert row.pk
    assert not Tally.objects.exists()
