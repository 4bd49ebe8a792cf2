"""The audit page: beneath the own scope only, in words, found again after a merger."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from project.accounts.models import User
from project.lib.clock import FrozenClock
from tests.cast import Cast
from tests.factories.people import make_user
from volunteers.areas.actions import edit_hamlet, merge_areas
from volunteers.audit.log import record
from volunteers.reports.catalog import is_worded, words_for
from volunteers.reports.queries import readable_scopes, trail

AUDIT = "/volunteers/audit/"


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_who_may_read_it(cast: Cast, client: Client) -> None:
    assert client.get(AUDIT).url.startswith("/accounts/login/?next=")
    assert as_(cast.son).get(AUDIT).status_code == 403
    assert as_(cast.hoa).get(AUDIT).status_code == 403
    assert as_(cast.minh).get(AUDIT).status_code == 200
    assert as_(cast.minh).get(AUDIT, {"area": "26041"}).status_code == 404
    assert as_(cast.lan).get(AUDIT, {"area": "26041"}).status_code == 200


def test_a_lead_reads_the_own_commune_and_not_one_word_of_the_neighbour(cast: Cast) -> None:
    edit_hamlet(cast.h1, by=cast.minh, household_count=5)
    neighbour = make_user("Ngô Văn Láng Giềng")
    record("hamlet.edited", cast.far_h1, by=neighbour)
    record("hamlet.edited", cast.twin, by=neighbour)
    body = as_(cast.minh).get(AUDIT).content.decode()
    assert "Lê Văn Minh" in body
    assert "Thôn 1, Xã Bù Đăng" in body
    assert "Láng Giềng" not in body
    assert "Trấn Biên" not in body
    assert len(trail(cast.lan).lines) == 3


def test_entries_of_a_merged_commune_belong_to_its_heir(cast: Cast) -> None:
    edit_hamlet(cast.twin, by=None, household_count=5)
    assert not trail(cast.minh).lines
    merge_areas(cast.twin, cast.commune, by=cast.lan)
    assert "VN/75/25397/" in readable_scopes(cast.minh)
    lines = trail(cast.minh).lines
    assert {line.entry.action for line in lines} >= {"hamlet.edited", "area.merged"}
    with translation.override("en"):
        assert any("now Xã Bù Đăng" in line.place for line in trail(cast.minh).lines)


def test_filters_by_action_person_and_day(cast: Cast, monday: FrozenClock) -> None:
    record("hamlet.edited", cast.h1, by=cast.minh)
    monday.advance(timedelta(days=1))
    record("request.received", cast.commune, by=None)
    record("hamlet.added", cast.h2, by=cast.lan)
    assert len(trail(cast.minh).lines) == 3
    assert [line.entry.action for line in trail(cast.minh, action="hamlet.added").lines] == ["hamlet.added"]
    assert [line.actor for line in trail(cast.minh, actor=cast.lan.pk).lines] == ["Trần Thị Lan"]
    assert len(trail(cast.minh, since=monday.instant.date()).lines) == 2
    assert len(trail(cast.minh, until=monday.instant.date() - timedelta(days=1)).lines) == 1
    page = as_(cast.minh).get(AUDIT, {"actor": str(cast.lan.pk), "action": "hamlet.added"}).content.decode()
    assert page.count("<tr role") == 2
    assert "Lê Văn Minh</a>" not in page


@pytest.mark.parametrize(
    "query", [{"before": "x"}, {"actor": "x"}, {"since": "31/31/31"}, {"action": "no.such"}, {"before": "9" * 30}]
)
def test_words_that_do_not_fit_filter_nothing(cast: Cast, query: dict[str, str]) -> None:
    record("hamlet.edited", cast.h1, by=cast.minh)
    answer = as_(cast.minh).get(AUDIT, query)
    assert answer.status_code == 200
    assert "Lê Văn Minh" in answer.content.decode()


def test_a_cursor_walks_the_whole_trail_without_repeating(cast: Cast) -> None:
    for _turn in range(7):
        record("hamlet.edited", cast.h1, by=cast.minh)
    seen: list[int] = []
    before = None
    while True:
        page = trail(cast.minh, before=before, limit=3)
        seen += [line.entry.pk for line in page.lines]
        before = page.older
        if before is None:
            break
    assert len(seen) == len(set(seen)) == 7
    assert seen == sorted(seen, reverse=True)


def test_the_page_needs_few_statements(cast: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for _turn in range(30):
        record("hamlet.edited", cast.h1, by=cast.minh)
    client = as_(cast.minh)
    with django_assert_max_num_queries(14):
        client.get(AUDIT)


def test_every_action_in_the_code_has_its_words() -> None:
    found: set[str] = set()
    for path in Path(settings.BASE_DIR, "volunteers").rglob("*.py"):
        found |= set(re.findall(r'\brecord\(\s*"([a-z_]+\.[a-z_]+)"', path.read_text(encoding="utf-8")))
    assert found
    assert sorted(action for action in found if not is_worded(action)) == []


def test_an_unknown_action_never_shows_its_code() -> None:
    with translation.override("en"):
        assert str(words_for("visit.frobnicated")) == "visit"
        assert str(words_for("x.y")) == "another act"
        assert str(words_for("visit.cancelled")) == "visit: cancelled"
