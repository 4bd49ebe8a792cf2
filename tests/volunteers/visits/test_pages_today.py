"""/doi/: a volunteer's day, and one visit as leads see it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from project.lib import clock
from tests.cast import Cast
from tests.factories.people import make_grant, make_user
from tests.factories.work import make_crew, make_household, make_service, make_session, make_visit
from volunteers.field.models import SyncItem
from volunteers.households.models import HouseholdNote
from volunteers.sessions.models import Crew, Session
from volunteers.visits.models import Visit

TODAY = "/doi/"


@pytest.fixture
def round_(cast: Cast, monday: clock.FrozenClock) -> Session:
    return make_session(cast.commune, cast.team)


@pytest.fixture
def crew(cast: Cast, round_: Session) -> Crew:
    return make_crew(round_, cast.hoa_member, cast.tung_member)


@pytest.fixture
def walk(cast: Cast, round_: Session, crew: Crew) -> list[Visit]:
    service = make_service("vneid_l2", name_vi="VNeID mức 2", lesson_number=7)
    visits = []
    for order, name in enumerate(["bà Tư", "ông Sáu", "cô Bảy"]):
        household = make_household(
            cast.h1, call_name=name, people=2, good_time=[{"days": [0, 1, 2, 3, 4, 5, 6], "start": 420, "end": 690}]
        )
        household.needs.add(service)
        start = round_.starts_at + timedelta(minutes=40 * order)
        visits.append(make_visit(round_, household, crew, position=order, planned_start=start))
    return visits


def page(client: Client, user: object, path: str = TODAY) -> str:
    client.force_login(user)  # type: ignore[arg-type]
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_volunteer_sees_the_next_stop_and_then_the_walk(client: Client, cast: Cast, walk: list[Visit]) -> None:
    text = page(client, cast.tung)
    assert text.index("bà Tư") < text.index("ông Sáu") < text.index("cô Bảy")
    assert "VNeID mức 2" in text
    assert reverse("field:start", args=[walk[0].pk]) in text
    assert reverse("field:visit", args=[walk[1].pk]) in text
    assert reverse("field:companion", args=[7]) in text


def test_the_next_stop_is_the_first_that_is_open(client: Client, cast: Cast, walk: list[Visit]) -> None:
    Visit.objects.filter(pk=walk[0].pk).update(status="completed", result="done")
    text = page(client, cast.tung)
    assert reverse("field:start", args=[walk[1].pk]) in text
    assert reverse("field:start", args=[walk[0].pk]) not in text


def test_it_says_who_is_with_me_and_the_leaders_number(client: Client, cast: Cast, walk: list[Visit]) -> None:
    cast.hoa.phone = "+84912345678"
    cast.hoa.save()
    text = page(client, cast.tung)
    assert "<strong>Hoa</strong>" in text
    assert 'href="tel:+84912345678"' in text
    assert 'href="sms:+84912345678?body=' in text
    assert "http" not in text.split("sms:+84912345678?body=")[1].split('"')[0]  # no link in a text message
    assert 'href="tel:113"' in text


def test_a_note_for_the_crew_stands_on_the_card(client: Client, cast: Cast, walk: list[Visit]) -> None:
    HouseholdNote.objects.create(household=walk[0].household, text="đi cổng sau")
    assert "đi cổng sau" in page(client, cast.tung)


def test_the_counter_strip_shows_what_the_server_has(client: Client, cast: Cast, walk: list[Visit]) -> None:
    client.force_login(cast.tung)
    client.post(reverse("field:start", args=[walk[0].pk]), {"batch": batch_in(page(client, cast.tung))})
    SyncItem.objects.create(
        author=cast.tung, op_id=walk[0].pk, device_id=walk[0].pk, batch_id=walk[0].pk, kind="household.noted",
        sha256="0" * 64, received_at=clock.now(), state="answered", status="rejected", code="invalid",
        message="Vì thế.",
    )  # fmt: skip
    text = page(client, cast.tung)
    strip = re.search(r'<ul class="counters">.*?</ul>', text, re.S)
    assert strip is not None
    numbers = [int(number) for number in re.findall(r"</svg>(\d+)</b>", strip[0])]
    answered = SyncItem.objects.filter(author=cast.tung, state="answered")
    assert numbers == [0, answered.exclude(status="rejected").count(), answered.filter(status="rejected").count()]
    assert numbers == [0, 1, 1]
    assert "Vì thế." in text


def test_another_day_shows_that_days_walk(client: Client, cast: Cast, walk: list[Visit]) -> None:
    later = make_session(cast.commune, cast.team, starts_at=clock.now() + timedelta(days=2))
    household = make_household(cast.h2, call_name="chú Út")
    make_visit(later, household, make_crew(later, cast.hoa_member, cast.tung_member))
    assert "chú Út" not in page(client, cast.tung)
    text = page(client, cast.tung, "/doi/?ngay=2026-11-04")
    assert "chú Út" in text
    assert "bà Tư" not in text
    assert "bà Tư" in page(client, cast.tung, "/doi/?ngay=nonsense")
    assert "bà Tư" in page(client, cast.tung, "/doi/?ngay=2031-01-01")


def test_a_member_of_no_crew_sees_no_door(client: Client, cast: Cast, walk: list[Visit]) -> None:
    from tests.factories.people import make_member  # only here

    other = make_member(cast.team).user
    text = page(client, other)
    assert "bà Tư" not in text
    assert reverse("sessions:list") in text


def test_a_stranger_sees_none_of_it(client: Client, cast: Cast, walk: list[Visit]) -> None:
    text = page(client, cast.son)
    assert not any(name in text for name in ("bà Tư", "ông Sáu", "Bù Đăng", walk[0].household.code))


def test_a_leader_sees_how_far_each_crew_is(client: Client, cast: Cast, walk: list[Visit]) -> None:
    Visit.objects.filter(pk=walk[0].pk).update(status="missed", result="not_home")
    text = page(client, cast.hoa)
    assert "1/3" in text or "1 of 3" in text  # in Vietnamese, or in English before the catalogue is compiled
    assert "crews-head" in text
    assert "crews-head" not in page(client, cast.tung)


def test_a_lead_is_sent_to_the_own_dashboard(client: Client, cast: Cast) -> None:
    client.force_login(cast.minh)
    response = client.get(TODAY)
    assert response.status_code == 302
    assert response["Location"] in ("/xa/25396/", reverse("teams:list"))


def test_an_editor_is_sent_to_the_lessons(client: Client, cast: Cast) -> None:
    editor = make_user()
    make_grant(editor, "content_editor", cast.province.scope)
    client.force_login(editor)
    assert client.get(TODAY)["Location"] == reverse("wagtailadmin_home")


def test_somebody_without_a_team_is_told_what_to_do(client: Client, db: None) -> None:
    assert "counters" in page(client, make_user())


def test_anonymous_people_go_to_the_sign_in_page(client: Client, db: None) -> None:
    assert "next=%2Fdoi%2F" in client.get(TODAY)["Location"]


def test_the_day_costs_few_queries(
    client: Client, cast: Cast, walk: list[Visit], django_assert_max_num_queries: object
) -> None:
    client.force_login(cast.tung)
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        client.get(TODAY)


def test_the_number_of_queries_does_not_grow_with_the_walk(
    client: Client, cast: Cast, walk: list[Visit], round_: Session, crew: Crew, django_assert_max_num_queries: object
) -> None:
    for _more in range(10):
        make_visit(round_, make_household(cast.h1), crew)
    client.force_login(cast.tung)
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        client.get(TODAY)


def batch_in(text: str) -> str:
    """The id that the page was drawn with."""
    found = re.search(r'name="batch" value="([^"]+)"', text)
    assert found is not None
    return found[1]
