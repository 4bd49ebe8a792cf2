"""The list of records that wait for a lead's look, and what the lead says to them."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from project.accounts.models import User
from project.lib.clock import FrozenClock
from tests.factories.people import make_grant
from tests.factories.work import make_household, make_person
from tests.volunteers.field.walk import Walk, client_of, take_walk
from volunteers.activations import actions, queries
from volunteers.activations.models import Event
from volunteers.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
LIST = "/volunteers/records/"


@pytest.fixture
def walk(monday: FrozenClock) -> Walk:
    """Monday, eight o'clock."""
    return take_walk()


def claim(walk: Walk, rung: str = "activated", **more: Any) -> Event:
    """Tùng's claim at the walk's door, not on the person's own SIM unless said otherwise."""
    values: dict[str, Any] = {"by": walk.cast.tung, "visit": walk.visit, "own_device": True, "own_sim": False} | more
    person = values.pop("person", walk.person)
    return actions.record_outcome(person, values.pop("service", "vneid_l2"), rung, **values).event


def page(user: User, **query: str) -> str:
    """The list as this person sees it."""
    answer = client_of(user).get(LIST, query)
    assert answer.status_code == 200
    return answer.content.decode()


def say(user: User, event: Event, verb: str, query: str = "", **body: str) -> Any:
    """Post one decision."""
    return client_of(user).post(f"{LIST}{event.pk}/{verb}/{query}", body)


def counted(walk: Walk, rung: str = "activated", state: str = "reported") -> int:
    """One figure of the commune."""
    return queries.tallies_of(walk.cast.commune).get(("vneid_l2", rung, state), 0)


def test_who_may_open_the_list(walk: Walk, client: Client) -> None:
    event = claim(walk)
    assert client.get(LIST)["Location"].startswith("/accounts/login/?next=")
    for user in (walk.cast.tung, walk.cast.hoa, walk.cast.son):
        assert client_of(user).get(LIST).status_code == 403
    assert str(event.pk) in page(walk.cast.minh)
    assert str(event.pk) in page(walk.cast.lan, area="25396")
    assert client_of(walk.cast.minh).get(LIST, {"area": "26041"}).status_code == 404


def test_a_line_tells_all_that_a_decision_needs(walk: Walk) -> None:
    claim(walk)
    body = page(walk.cast.minh)
    for words in (walk.household.code, walk.household.lane, "bà Tư", "Đỗ Thanh Tùng", "Tổ Hoa", "8 giờ"):
        assert words in body
    assert "Đã kích hoạt" in body or "Kích hoạt" in body
    assert f"/volunteers/visits/{walk.visit.pk}/" in body


@pytest.mark.parametrize("verb", ["clear", "reject", "verify"])
def test_who_may_decide(walk: Walk, client: Client, verb: str) -> None:
    event = claim(walk, own_sim=True, flag="clock_unsure")
    before = AuditEntry.objects.count()
    assert client.post(f"{LIST}{event.pk}/{verb}/")["Location"].startswith("/accounts/login/")
    assert client_of(walk.cast.minh).get(f"{LIST}{event.pk}/{verb}/").status_code == 405
    assert say(walk.cast.son, event, verb).status_code == 404
    assert say(walk.cast.tung, event, verb).status_code == 403
    assert say(walk.cast.hoa, event, verb).status_code == 403
    assert AuditEntry.objects.count() == before
    assert say(walk.cast.minh, event, verb, reason="ghi nhầm người").status_code == 302
    assert AuditEntry.objects.count() == before + 1
    assert not queries.open_flags(walk.cast.minh).exists()


def test_to_count_it_moves_the_figure_and_ends_the_wait(walk: Walk) -> None:
    event = claim(walk)
    assert counted(walk) == 0
    assert say(walk.cast.minh, event, "clear", "?area=25396").url == f"{LIST}?area=25396"
    assert counted(walk) == 1
    assert str(event.pk) not in page(walk.cast.minh)


def test_lowered_it_counts_as_registered(walk: Walk) -> None:
    event = claim(walk)
    assert 'value="registered"' in page(walk.cast.minh)
    say(walk.cast.minh, event, "clear", rung="registered")
    assert (counted(walk, "registered"), counted(walk)) == (1, 0)


def test_lowering_is_for_foreign_phones_only(walk: Walk) -> None:
    event = claim(walk, own_sim=True, flag="out_of_hours")
    assert 'value="registered"' not in page(walk.cast.minh)
    say(walk.cast.minh, event, "clear", rung="registered")
    assert queries.open_flags(walk.cast.minh).get() == event
    assert counted(walk) == 1


@pytest.mark.parametrize("flag", ["clock_unsure", "out_of_hours", "walk_in_match"])
def test_other_flags_are_looked_at_and_no_figure_moves(walk: Walk, flag: str) -> None:
    event = claim(walk, own_sim=True, flag=flag)
    say(walk.cast.minh, event, "clear")
    assert counted(walk) == 1
    assert not queries.open_flags(walk.cast.minh).exists()
    assert actions.recount()["wrong"] == 0


def test_not_to_count_it_needs_a_reason(walk: Walk) -> None:
    event = claim(walk, own_sim=True, flag="out_of_hours")
    answer = say(walk.cast.minh, event, "reject")
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert '<details class="confirm" open>' in answer.content.decode()
    assert say(walk.cast.minh, event, "reject", reason="mã OTP 482913").status_code == 422
    assert counted(walk) == 1
    assert say(walk.cast.minh, event, "reject", reason="ghi nhầm người").status_code == 302
    assert counted(walk) == 0
    assert Event.objects.get(kind="rejection").reason == "ghi nhầm người"


def test_nobody_verifies_the_own_record(walk: Walk) -> None:
    own = claim(walk, own_sim=True, by=walk.cast.minh, flag="clock_unsure")
    assert f"{own.pk}/verify/" not in page(walk.cast.minh)
    say(walk.cast.minh, own, "verify")
    assert counted(walk, state="verified") == 0
    assert f"{own.pk}/verify/" in page(walk.cast.lan)
    say(walk.cast.lan, own, "verify")
    assert counted(walk, state="verified") == 1


def test_a_record_that_waits_is_cleared_before_it_is_verified(walk: Walk) -> None:
    event = claim(walk)
    assert f"{event.pk}/verify/" not in page(walk.cast.minh)
    say(walk.cast.minh, event, "verify")
    assert queries.open_flags(walk.cast.minh).get() == event


def test_two_leads_at_once_decide_once(walk: Walk) -> None:
    event = claim(walk)
    say(walk.cast.minh, event, "reject", reason="không phải máy của bà")
    answers = [say(walk.cast.lan, event, verb, reason="không đúng") for verb in ("clear", "reject", "verify")]
    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert Event.objects.exclude(kind="claim").count() == 1


def test_own_records_elsewhere_are_for_others_to_decide_on(walk: Walk) -> None:
    make_grant(walk.cast.tung, "commune_lead", walk.cast.far.scope)
    event = claim(walk)
    assert str(event.pk) not in page(walk.cast.tung)
    assert say(walk.cast.tung, event, "clear").status_code == 403


def test_an_empty_list_says_so_and_leads_back(walk: Walk) -> None:
    body = page(walk.cast.minh, area="25396")
    assert 'class="empty card"' in body
    assert "/xa/25396/" in body


def test_a_long_list_has_pages_and_needs_few_statements(
    walk: Walk, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _turn in range(51):
        claim(walk, person=make_person(walk.household, slot=f"P{_turn}"))
    client = client_of(walk.cast.minh)
    with django_assert_max_num_queries(16):
        body = client.get(LIST).content.decode()
    assert body.count('id="r-') == 50
    assert client.get(LIST, {"page": "2"}).content.decode().count('id="r-') == 1


def test_several_communes_may_be_told_apart(walk: Walk) -> None:
    there = make_household(walk.cast.far_h1)
    here, far = claim(walk), claim(walk, person=make_person(walk.household, slot="B"))
    Event.objects.filter(pk=far.pk).update(hamlet=walk.cast.far_h1, person=make_person(there))
    body = page(walk.cast.lan)
    assert 'name="area"' in body
    assert str(far.pk) in body
    body = page(walk.cast.lan, area="25396")
    assert (str(here.pk) in body, str(far.pk) in body) == (True, False)
    assert 'name="area"' not in page(walk.cast.minh)
