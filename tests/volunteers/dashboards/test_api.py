"""`GET areas/{code}/progress`: the shape of contract §5, and who may read it."""

from datetime import timedelta

import pytest
from django.test import Client

from project.accounts.models import User
from project.lib.clock import now, today
from tests.cast import Cast
from tests.factories.targets import make_campaign, make_tally, make_target
from volunteers.access.actions import mint_token
from volunteers.access.models import ApiToken
from volunteers.field.models import Device
from volunteers.targets.models import OfficialCount

pytestmark = pytest.mark.usefixtures("services", "monday")
URL = "/api/v1/areas/25396/progress"


def bearer(scope: str) -> dict[str, str]:
    """The header of a freshly minted token."""
    return {"Authorization": f"Bearer {mint_token('Trung tâm điều hành', scope, days=90, by=None)[1]}"}


def as_(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client


def test_it_has_the_shape_of_the_contract(cast: Cast) -> None:
    campaign = make_campaign(cast.commune, slug="mua-thu")
    make_target(campaign, number=500)
    make_target(campaign, cast.h1, number=60)
    for back in range(1, 29):
        make_tally(cast.h1, 2, day=today() - timedelta(days=back))
    make_tally(cast.h2, 5, state="verified")
    OfficialCount.objects.create(
        campaign=campaign, area=cast.commune, service_id="vneid_l2", count=50, as_of=today(), source="CA"
    )
    Device.objects.create(
        device_id=campaign.pk, user=cast.tung, token_digest="a" * 64, token_expires_at=now() + timedelta(days=9),
        pack_key="p", outbox_key="o", lease_until=now(),
    )  # fmt: skip
    answer = Client().get(URL, headers=bearer(cast.province.scope))
    assert answer.status_code == 200
    told = answer.json()
    assert told["area"] == "25396"
    assert told["as_of"] == "2026-11-02T08:00:00+07:00"
    assert told["freshness"] == {"devices_synced_24h": 1, "devices": 1}
    assert told["campaign"]["slug"] == "mua-thu"
    (target,) = told["targets"]
    assert {key: target[key] for key in ("service", "rung", "target", "due", "reported", "verified", "official")} == {
        "service": "vneid_l2", "rung": "activated", "target": 500, "due": "2026-11-26", "reported": 56, "verified": 5,
        "official": 50,
    }  # fmt: skip
    assert target["pace_per_day"] == 2.0
    assert target["needed_per_day"] == 18.5
    assert target["forecast"]["low"] <= target["forecast"]["on_due"] <= target["forecast"]["high"]
    assert target["forecast"]["reach_on"] > "2026-11-26"
    assert [(child["code"], child["targets"]) for child in told["children"]] == [
        ("25396-h1", [{"service": "vneid_l2", "rung": "activated", "target": 60, "reported": 56, "verified": 0}]),
        ("25396-h2", [{"service": "vneid_l2", "rung": "activated", "target": None, "reported": 0, "verified": 5}]),
    ]


def test_a_hamlet_and_a_province_answer_too(cast: Cast) -> None:
    campaign = make_campaign(cast.province)
    make_target(campaign, cast.commune, number=500)
    make_tally(cast.h1, 3)
    headers = bearer("VN/")
    hamlet = Client().get("/api/v1/areas/25396-h1/progress", headers=headers).json()
    assert [(row["target"], row["reported"]) for row in hamlet["targets"]] == [(None, 3)]
    assert hamlet["targets"][0]["needed_per_day"] is None
    province = Client().get("/api/v1/areas/75/progress", headers=headers).json()
    assert [(row["target"], row["reported"]) for row in province["targets"]] == [(500, 3)]
    assert {child["code"] for child in province["children"]} == {"25396", "25397", "26041"}


def test_without_a_campaign_it_is_empty_and_not_an_error(cast: Cast) -> None:
    told = as_(cast.minh).get(URL).json()
    assert (told["campaign"], told["targets"], told["children"]) == (None, [], [])


def test_anonymous_programs_get_401_as_a_problem(cast: Cast) -> None:
    for headers in ({}, {"Authorization": "Bearer gocua_wrong"}, {"X-Session-Token": "wrong"}):
        answer = Client().get(URL, headers=headers)
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"


def test_a_token_ends(cast: Cast) -> None:
    headers = bearer(cast.commune.scope)
    assert Client().get(URL, headers=headers).status_code == 200
    ApiToken.objects.update(revoked_at=now())
    assert Client().get(URL, headers=headers).status_code == 401
    ApiToken.objects.update(revoked_at=None, expires_at=now() - timedelta(seconds=1))
    assert Client().get(URL, headers=headers).status_code == 401


def test_a_token_reads_beneath_its_scope_only(cast: Cast) -> None:
    headers = bearer(cast.commune.scope)
    for code, status in (("25396", 200), ("25396-h1", 200), ("25397", 404), ("75", 404), ("99999", 404)):
        assert Client().get(f"/api/v1/areas/{code}/progress", headers=headers).status_code == status, code


def test_people_read_what_they_lead(cast: Cast) -> None:
    for person, status in ((cast.minh, 200), (cast.lan, 200), (cast.tung, 403), (cast.hoa, 403), (cast.son, 404)):
        answer = as_(person).get(URL)
        assert answer.status_code == status, person
        if status != 200:
            assert answer["Content-Type"] == "application/problem+json"
            assert "Bù Đăng" not in answer.content.decode()


def test_a_program_reads_with_its_session_token(cast: Cast) -> None:
    login = Client().post(
        "/_allauth/app/v1/auth/login",
        {"email": cast.minh.email, "password": "mat-khau-thu"},
        content_type="application/json",
    )
    token = login.json()["meta"]["session_token"]
    assert Client().get(URL, headers={"X-Session-Token": token}).status_code == 200
    assert Client().get("/api/v1/areas/26041/progress", headers={"X-Session-Token": token}).status_code == 404


def test_a_lead_without_the_demanded_second_factor_reads_nothing(cast: Cast, settings: object) -> None:
    settings.REQUIRE_SECOND_FACTOR = True  # type: ignore[attr-defined]
    login = Client().post(
        "/_allauth/app/v1/auth/login",
        {"email": cast.minh.email, "password": "mat-khau-thu"},
        content_type="application/json",
    )
    token = login.json()["meta"]["session_token"]
    assert Client().get(URL, headers={"X-Session-Token": token}).status_code == 401


def test_a_campaign_is_chosen_by_its_short_name(cast: Cast) -> None:
    make_target(make_campaign(cast.province, slug="tinh"), cast.commune, number=11)
    make_target(make_campaign(cast.commune, slug="xa"), number=22)
    make_campaign(cast.far, slug="noi-khac")
    minh = as_(cast.minh)
    assert minh.get(URL).json()["targets"][0]["target"] == 22
    assert minh.get(URL, {"campaign": "tinh"}).json()["targets"][0]["target"] == 11
    assert minh.get(URL, {"campaign": "noi-khac"}).status_code == 404


def test_a_target_reached_long_ago_keeps_its_day(cast: Cast) -> None:
    campaign = make_campaign(cast.commune, starts_on=today() - timedelta(days=80))
    make_target(campaign, number=10)
    make_tally(cast.h1, 9, day=today() - timedelta(days=70))
    make_tally(cast.h1, 4, day=today() - timedelta(days=60))
    make_tally(cast.h2, 1, day=today() - timedelta(days=2))
    (target,) = as_(cast.minh).get(URL).json()["targets"]
    assert target["forecast"]["reach_on"] == (today() - timedelta(days=60)).isoformat()
    assert target["needed_per_day"] is None
