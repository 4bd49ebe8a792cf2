"""Help requests for programs (contract §5)."""

import json
from typing import Any

import pytest
from django.test import Client

from project.lib.clock import FrozenClock
from tests.cast import Cast
from volunteers.areas.actions import merge_areas
from volunteers.requests.models import HelpRequest
from volunteers.requests.schemas import LOOK_UPS, PER_NUMBER

pytestmark = pytest.mark.usefixtures("services", "monday")
GOOD = {
    "commune": "25396",
    "hamlet": "25396-h1",
    "topic": "vneid_l2",
    "phone": "0912 345 678",
    "good_time": "sáng",
    "lesson": 7,
    "step": 3,
}


def post(client: Client, body: Any, **headers: str) -> Any:
    return client.post("/api/v1/requests", json.dumps(body), content_type="application/json", headers=headers)


def test_it_is_filed_and_its_status_told(client: Client, cast: Cast) -> None:
    answer = post(client, GOOD)
    assert answer.status_code == 201
    row = HelpRequest.objects.get()
    assert answer.json() == {"code": row.code, "status": "received"}
    assert (row.area, row.hamlet, row.good_time, row.lesson_number, row.step) == (
        cast.commune,
        cast.h1,
        "morning",
        7,
        "3",
    )
    assert client.get(f"/api/v1/requests/{row.code}").json() == {"code": row.code, "status": "received"}


def test_the_least_that_is_needed(client: Client, cast: Cast) -> None:
    assert post(client, {"commune": "25396", "topic": "other", "phone": "+84912345678"}).status_code == 201
    assert HelpRequest.objects.get().hamlet is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"commune": "99999"}, "commune"), ({"commune": "75"}, "commune"), ({"hamlet": "26041-h1"}, "hamlet"),
        ({"hamlet": "nowhere"}, "hamlet"), ({"topic": "no_such"}, "topic"), ({"phone": "0912"}, "phone"),
        ({"phone": None}, "phone"), ({"good_time": "mai"}, "good_time"), ({"lesson": "x"}, "lesson"),
        ({"step": "s" * 41}, "step"), ({"commune": None}, "commune"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_422_with_its_field(
    client: Client, cast: Cast, values: dict[str, Any], field: str
) -> None:
    answer = post(client, GOOD | values)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert all(error["error"] for error in answer.json()["errors"])
    assert not HelpRequest.objects.exists()


def test_several_faults_are_told_together(client: Client, cast: Cast) -> None:
    errors = post(client, {"commune": "1", "topic": "x", "phone": "1"}).json()["errors"]
    assert [error["field"] for error in errors] == ["commune", "topic", "phone"]


def test_it_is_limited(client: Client, cast: Cast) -> None:
    for _turn in range(PER_NUMBER):
        assert post(client, GOOD).status_code == 201
    answer = post(client, GOOD)
    assert answer.status_code == 429
    assert answer["Retry-After"]


def test_somebody_elses_page_cannot_send_it(client: Client, cast: Cast) -> None:
    assert post(client, GOOD, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_an_unknown_code_is_404_and_guessing_is_limited(client: Client, cast: Cast) -> None:
    for _turn in range(LOOK_UPS):
        assert client.get("/api/v1/requests/QQQQQQQQQQ").status_code == 404
    assert client.get("/api/v1/requests/QQQQQQQQQQ").status_code == 429


def test_the_code_of_a_merged_commune_still_finds_the_right_one(
    client: Client, cast: Cast, monday: FrozenClock
) -> None:
    merge_areas(cast.twin, cast.commune, by=None)
    post(client, {"commune": "25397", "topic": "other", "phone": "0912345678"})
    assert HelpRequest.objects.get().area == cast.commune
