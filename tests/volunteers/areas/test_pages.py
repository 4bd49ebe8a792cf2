"""The lead's pages of hamlets, and the public search."""

import pytest
from django.test import Client
from django.urls import reverse

from project.accounts.models import User
from tests.cast import Cast
from volunteers.areas.actions import rename_area
from volunteers.areas.models import Area

LIST = "/volunteers/hamlets/?area=25396"
GETS = [
    LIST,
    "/volunteers/hamlets/new/?area=25396",
    "/volunteers/hamlets/25396-h1/edit/",
    "/volunteers/hamlets/25396-h1/merge/",
]
POSTS = [
    ("/volunteers/hamlets/new/?area=25396", {"kind": "ap", "name": "Mới"}),
    ("/volunteers/hamlets/25396-h1/edit/", {"kind": "ap", "name": "Mới"}),
    ("/volunteers/hamlets/25396-h1/retire/", {}),
    ("/volunteers/hamlets/25396-h1/merge/", {"into": "25396-h2", "understood": "on"}),
]


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("path", GETS)
def test_who_may_open_it(cast: Cast, client: Client, path: str) -> None:
    assert client.get(path).url.startswith("/accounts/login/?next=")
    assert as_(cast.son).get(path).status_code == 404
    assert as_(cast.hoa).get(path).status_code == 403
    assert as_(cast.tung).get(path).status_code == 403
    assert as_(cast.minh).get(path).status_code == 200
    assert as_(cast.lan).get(path).status_code == 200


@pytest.mark.parametrize(("path", "body"), POSTS)
def test_who_may_change_it(cast: Cast, client: Client, path: str, body: dict[str, str]) -> None:
    before = list(Area.objects.order_by("pk").values())
    assert client.post(path, body).url.startswith("/accounts/login/")
    assert as_(cast.son).post(path, body).status_code == 404
    assert as_(cast.hoa).post(path, body).status_code == 403
    assert list(Area.objects.order_by("pk").values()) == before
    answer = as_(cast.minh).post(path, body)
    assert (answer.status_code, answer.url) == (302, LIST)
    assert list(Area.objects.order_by("pk").values()) != before


def test_the_list_shows_the_own_hamlets_and_nobody_elses(cast: Cast) -> None:
    body = as_(cast.minh).get(LIST).content.decode()
    assert "25396-h1" in body
    assert "Chưa rõ thôn" not in body
    assert "Trấn Biên" not in body
    assert as_(cast.minh).get("/volunteers/hamlets/?area=26041").status_code == 404


def test_a_lead_comes_to_the_own_commune_and_a_coordinator_chooses(cast: Cast) -> None:
    assert as_(cast.minh).get("/volunteers/hamlets/").url == LIST
    body = as_(cast.lan).get("/volunteers/hamlets/").content.decode()
    assert "Bù Đăng" in body
    assert "Trấn Biên" in body
    assert as_(cast.hoa).get("/volunteers/hamlets/").status_code == 403


def test_a_merge_asks_for_a_confirmation(cast: Cast) -> None:
    client = as_(cast.minh)
    answer = client.post("/volunteers/hamlets/25396-h1/merge/", {"into": "25396-h2"})
    assert answer.status_code == 422
    assert Area.objects.get(pk="25396-h1").retired_on is None
    assert (
        client.post("/volunteers/hamlets/25396-h1/merge/", {"into": "26041-h1", "understood": "on"}).status_code == 422
    )


def test_the_edit_page_shows_the_names_of_earlier_times(cast: Cast) -> None:
    rename_area(cast.h1, by=None, name="Tân Lập")
    body = as_(cast.minh).get("/volunteers/hamlets/25396-h1/edit/").content.decode()
    assert "Thôn Tân Lập" in body
    assert "Thôn 1" in body


@pytest.mark.parametrize(
    "body",
    [
        {"name": "2"},
        {"name": ""},
        {"name": "1", "lat": "11.8"},
        {"name": "1", "lat": "48.8", "lon": "2.3"},
        {"name": "1", "lat": "nan", "lon": "1"},
    ],
)
def test_what_does_not_fit_is_told_in_the_form(cast: Cast, body: dict[str, str]) -> None:
    answer = as_(cast.minh).post("/volunteers/hamlets/25396-h1/edit/", {"kind": "thon"} | body)
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()


def test_retire_takes_no_get(cast: Cast) -> None:
    assert as_(cast.minh).get("/volunteers/hamlets/25396-h1/retire/").status_code == 405


def test_anybody_may_search_and_is_led_on_to_a_page_of_ours_only(client: Client, cast: Cast) -> None:
    body = client.get(reverse("areas:search"), {"q": "bu dang", "den": "/lich/"}).content.decode()
    assert "/lich/?&amp;xa=25396" in body
    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", ""):
        body = client.get(reverse("areas:search"), {"q": "bu dang", "den": target}).content.decode()
        assert "/nho-giup/?&amp;xa=25396" in body
        assert "evil" not in body
    assert "commune" in client.get(reverse("en_areas:search"), {"q": "bu dang"}).content.decode()
