"""Where a request stands: by its code only, three steps, nothing that a stranger should know."""

from datetime import date, timedelta

import pytest
from django.test import Client

from project.lib.clock import FrozenClock
from tests.cast import Cast
from tests.factories.requests import make_request
from volunteers.requests.actions import assign_request, cancel_request, close_request
from volunteers.requests.schemas import LOOK_UPS

pytestmark = pytest.mark.usefixtures("services")


def test_the_page_follows_the_clock(client: Client, cast: Cast, monday: FrozenClock) -> None:
    row = make_request(cast.commune, cast.h1)
    page = f"/en/nho-giup/{row.code}/"
    assert "Finding someone" in client.get(page).content.decode()
    assign_request(
        row, by=cast.minh, team=cast.team, comes_on=date(2026, 11, 3), names=["Phạm Thị Hoa", "Đỗ Thanh Tùng"]
    )
    body = client.get(page).content.decode()
    assert "Tuesday 03/11: Hoa, Tùng" in body
    assert "Phạm" not in body
    assert "Finding someone" not in body
    close_request(row, by=cast.minh)
    assert client.get(page).content.decode().count('aria-label="Done"') == 3


def test_it_tells_neither_place_nor_number_nor_topic(client: Client, cast: Cast) -> None:
    row = make_request(cast.commune, cast.h1)
    body = client.get(f"/nho-giup/{row.code}/").content.decode()
    for secret in ("Bù Đăng", "Thôn 1", "345", "vneid", "25396"):
        assert secret not in body.replace(row.code, "")


def test_a_request_called_off_says_so(client: Client, cast: Cast) -> None:
    row = make_request(cast.commune)
    cancel_request(row, by=cast.minh)
    assert "called off" in client.get(f"/en/nho-giup/{row.code}/").content.decode()


@pytest.mark.parametrize("typed", ["{a}-{b}-{c}", "{a} {b} {c}", "{low}"])
def test_a_code_is_understood_as_people_type_it(client: Client, cast: Cast, typed: str) -> None:
    row = make_request(cast.commune, code="K7M2QX9DCF")
    text = typed.format(a="K7M", b="2QX", c="9DCF", low="k7m2qx9dcf")
    assert client.get(f"/nho-giup/{text}/").url == f"/nho-giup/{row.code}/"


@pytest.mark.parametrize("code", ["K7M2QX9DCX", "x", "'", "%00", "K7M2QX9DCF" * 5])
def test_an_unknown_code_gets_a_kind_page(client: Client, cast: Cast, code: str) -> None:
    answer = client.get(f"/en/nho-giup/{code}/")
    assert answer.status_code == 404
    assert "We do not find this code" in answer.content.decode()


def test_guessing_codes_ends_soon_and_a_right_code_stays_open_to_others(
    client: Client, cast: Cast, monday: FrozenClock
) -> None:
    row = make_request(cast.commune)
    for _turn in range(LOOK_UPS):
        assert client.get("/nho-giup/QQQQQQQQQQ/").status_code == 404
    assert client.get("/nho-giup/QQQQQQQQQQ/").status_code == 429
    assert client.get(f"/nho-giup/{row.code}/").status_code == 429
    assert client.get(f"/nho-giup/{row.code}/", REMOTE_ADDR="10.1.1.1").status_code == 200
    monday.advance(timedelta(minutes=11))
    assert client.get(f"/nho-giup/{row.code}/").status_code == 200


def test_no_search_engine_and_no_cache_keeps_it(client: Client, cast: Cast) -> None:
    answer = client.get(f"/nho-giup/{make_request(cast.commune).code}/")
    assert "noindex" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
