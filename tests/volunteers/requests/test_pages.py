"""The lead's list and page of a request."""

from datetime import timedelta

import pytest
from django.test import Client

from project.accounts.models import User
from project.lib.clock import FrozenClock
from tests.cast import Cast
from tests.factories.requests import make_request
from volunteers.audit.models import AuditEntry
from volunteers.requests.models import HelpRequest

pytestmark = pytest.mark.usefixtures("services", "monday")
LIST = "/volunteers/requests/"


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def row(cast: Cast) -> HelpRequest:
    return make_request(cast.commune, cast.h1, status="assigned", team=cast.team, comes_on="2026-11-03")


def test_who_may_open_the_list(cast: Cast, client: Client, row: HelpRequest) -> None:
    for path in (LIST, f"{LIST}rows/"):
        assert client.get(path).url.startswith("/accounts/login/?next=")
        assert as_(cast.tung).get(path).status_code == 403
        assert as_(cast.minh).get(path).status_code == 200
        assert str(row.pk) in as_(cast.hoa).get(path).content.decode()
        body = as_(cast.son).get(path, {"area": "25396"})
        assert body.status_code == 404


def test_the_stranger_gets_an_empty_list(cast: Cast, row: HelpRequest) -> None:
    cast.son_member.role = "team_leader"
    cast.son_member.save()
    body = as_(cast.son).get(LIST).content.decode()
    assert str(row.pk) not in body
    assert "Thôn 1" not in body


def test_a_team_leader_sees_what_the_own_team_was_given_and_no_more(cast: Cast, row: HelpRequest) -> None:
    waiting = make_request(cast.commune, cast.h2)
    body = as_(cast.hoa).get(LIST).content.decode()
    assert str(row.pk) in body
    assert str(waiting.pk) not in body
    assert as_(cast.hoa).get(f"{LIST}{waiting.pk}/").status_code == 404


def test_the_list_watches_the_commune_and_the_fragment_keeps_the_filters(cast: Cast, row: HelpRequest) -> None:
    body = as_(cast.minh).get(LIST, {"status": "all"}).content.decode()
    assert 'data-watch="25396"' in body
    assert 'data-fragment="/volunteers/requests/rows/?status=all"' in body
    assert 'data-watch="75"' in as_(cast.lan).get(LIST).content.decode()


def test_filters(cast: Cast, row: HelpRequest, monday: FrozenClock) -> None:
    late = make_request(cast.commune, received_at=monday.instant - timedelta(days=2))
    done = make_request(cast.commune, status="done")
    client = as_(cast.minh)

    def shown(**query: str) -> set[HelpRequest]:
        body = client.get(f"{LIST}rows/", query).content.decode()
        return {one for one in (row, late, done) if str(one.pk) in body}

    assert shown() == {row, late}
    assert shown(status="done") == {done}
    assert shown(status="all") == {row, late, done}
    assert shown(late="on") == {late}
    assert shown(status="nonsense") == {row, late}
    assert shown(area="25396-h1") == set()


def test_who_may_open_one(cast: Cast, client: Client, row: HelpRequest) -> None:
    path = f"{LIST}{row.pk}/"
    assert client.get(path).url.startswith("/accounts/login/?next=")
    assert as_(cast.son).get(path).status_code == 404
    assert as_(cast.tung).get(path).status_code == 404
    for person in (cast.minh, cast.lan, cast.hoa):
        assert as_(person).get(path).status_code == 200


def test_the_number_stands_on_no_page_until_it_is_asked_for(cast: Cast, row: HelpRequest) -> None:
    client = as_(cast.hoa)
    assert "0912 345 678" not in client.get(LIST).content.decode() + client.get(f"{LIST}{row.pk}/").content.decode()
    assert client.get(f"{LIST}{row.pk}/phone/").status_code == 405
    answer = client.post(f"{LIST}{row.pk}/phone/")
    assert "0912 345 678" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert AuditEntry.objects.get(action="request.phone_shown").actor_id == cast.hoa.pk


@pytest.mark.parametrize("verb", ["assign", "close", "cancel", "reopen", "phone"])
def test_who_may_act(cast: Cast, client: Client, row: HelpRequest, verb: str) -> None:
    path = f"{LIST}{row.pk}/{verb}/"
    body = {"team": str(cast.team.pk), "comes_on": "2026-11-04", "members": [str(cast.tung_member.pk)]}
    assert client.post(path).url.startswith("/accounts/login/")
    assert as_(cast.minh).get(path).status_code == 405
    for person in (cast.son, cast.tung):
        assert as_(person).post(path, body).status_code == 404
    leader = as_(cast.hoa).post(path, body).status_code if verb in {"assign", "cancel"} else 403
    assert leader == 403
    assert not AuditEntry.objects.exists()
    assert as_(cast.minh).post(path, body).status_code == (200 if verb == "phone" else 302)
    assert AuditEntry.objects.count() == 1


def test_assigning_shows_the_given_name_to_the_elder(cast: Cast, row: HelpRequest, client: Client) -> None:
    body = {"team": str(cast.team.pk), "comes_on": "2026-11-04", "members": [str(cast.tung_member.pk)]}
    as_(cast.minh).post(f"{LIST}{row.pk}/assign/", body)
    row.refresh_from_db()
    assert (row.comes_names, str(row.comes_on)) == ("Tùng", "2026-11-04")
    assert "Tùng" in client.get(f"/nho-giup/{row.code}/").content.decode()


@pytest.mark.parametrize(
    "body", [{}, {"team": "x"}, {"comes_on": "2026-10-01"}, {"comes_on": "soon"}, {"members": ["FAR"]}]
)
def test_a_wrong_assignment_is_told_in_the_form(cast: Cast, row: HelpRequest, body: dict[str, object]) -> None:
    whole = {"team": str(cast.team.pk), "comes_on": "2026-11-04"} | body if body else {}
    if whole.get("members") == ["FAR"]:
        whole["members"] = [str(cast.son_member.pk)]
    answer = as_(cast.minh).post(f"{LIST}{row.pk}/assign/", whole)
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert "Sơn" not in answer.content.decode()


def test_two_leads_at_once_lose_nothing(cast: Cast, row: HelpRequest) -> None:
    client = as_(cast.minh)
    client.post(f"{LIST}{row.pk}/close/")
    assert client.post(f"{LIST}{row.pk}/cancel/").status_code == 302
    row.refresh_from_db()
    assert row.status == "done"


def test_the_list_needs_few_statements(cast: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for _turn in range(30):
        make_request(cast.commune, cast.h1, team=cast.team, comes_on="2026-11-03", status="assigned")
    client = as_(cast.minh)
    with django_assert_max_num_queries(12):
        client.get(LIST)
