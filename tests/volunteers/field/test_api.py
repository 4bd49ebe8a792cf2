"""Who may call sync, whole-request errors, the pack, changes and devices over HTTP."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from project.lib.clock import FrozenClock, now
from project.lib.ids import new_id
from tests.factories.people import make_member
from tests.factories.work import make_crew, make_household, make_visit
from tests.volunteers.field.walk import OPS, Walk, batch, client_of, op, outcome, post, send, take_walk
from volunteers.activations.models import Event
from volunteers.field import actions, guards
from volunteers.field.models import Device, ServerKey, SyncItem
from volunteers.field.queries import freshness
from volunteers.field.tasks import drop_tombstones
from volunteers.visits.actions import cancel_visit, reschedule_visit

pytestmark = pytest.mark.django_db
PACK, CHANGES, DEVICES = "/api/v1/sync/pack", "/api/v1/sync/changes", "/api/v1/sync/devices"


@pytest.fixture
def walk(monday: FrozenClock) -> Walk:
    """Monday, eight o'clock."""
    return take_walk()


# -- Who -------------------------------------------------------------------------------------------------------------


def test_anonymous_people_get_401_everywhere(walk: Walk) -> None:
    client = Client()
    responses = [
        client.get(PACK), client.get(CHANGES, {"cursor": "x"}), post(client, batch(outcome(walk))),
        client.post(DEVICES, {}, content_type="application/json"),
    ]  # fmt: skip
    for response in responses:
        assert response.status_code == 401
        assert response["Content-Type"] == "application/problem+json"
    assert not SyncItem.objects.exists()


def test_a_browser_needs_the_csrf_token_of_the_pack(walk: Walk) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(walk.cast.tung)
    assert post(client, batch(outcome(walk))).status_code == 401
    token = client.get(PACK).json()["csrf_token"]
    response = post(client, batch(outcome(walk)), headers={"X-CSRFToken": token})
    assert response.json()["results"][0]["status"] == "applied"


def test_a_program_signs_in_with_a_session_token(walk: Walk) -> None:
    client = Client()
    login = client.post(
        "/_allauth/app/v1/auth/login", json.dumps({"email": walk.cast.tung.email, "password": "mat-khau-thu"}),
        content_type="application/json",
    )  # fmt: skip
    token = login.json()["meta"]["session_token"]
    fresh = Client(enforce_csrf_checks=True)
    response = post(fresh, batch(outcome(walk)), headers={"X-Session-Token": token})
    assert response.json()["results"][0]["status"] == "applied"
    assert Event.objects.get().recorded_by == walk.cast.tung
    assert fresh.get(PACK, headers={"X-Session-Token": token}).status_code == 200
    assert post(fresh, batch(), headers={"X-Session-Token": "nonsense"}).status_code == 401


def register(client: Client, device_id: UUID) -> dict[str, Any]:
    """The keys of a phone."""
    response = client.post(
        DEVICES, {"device_id": str(device_id), "label": "Máy của Tùng"}, content_type="application/json"
    )
    assert response.status_code == 200, response.content
    return response.json()


def test_an_upload_token_opens_ops_and_nothing_else(walk: Walk, monday: FrozenClock) -> None:
    phone = new_id()
    keys = register(client_of(walk.cast.tung), phone)
    bare, headers = Client(enforce_csrf_checks=True), {"X-Upload-Token": keys["upload_token"]}
    body = batch(outcome(walk), device_id=str(phone))
    assert post(bare, body, headers=headers).json()["results"][0]["status"] == "applied"
    assert bare.get(PACK, headers=headers).status_code == 401
    assert bare.get(CHANGES, {"cursor": "x"}, headers=headers).status_code == 401
    assert post(bare, batch(outcome(walk)), headers=headers).status_code == 401  # another phone's batch
    monday.advance(timedelta(days=61))
    assert post(bare, body, headers=headers).status_code == 401


def test_a_wrong_upload_token_never_falls_back_to_who_is_signed_in(walk: Walk) -> None:
    client = client_of(walk.cast.hoa)
    response = post(client, batch(outcome(walk)), headers={"X-Upload-Token": "gocua_up_wrong"})
    assert response.status_code == 401
    assert not SyncItem.objects.exists()


def test_two_people_on_one_phone_each_send_their_own(walk: Walk) -> None:
    phone = new_id()
    his, hers = register(client_of(walk.cast.tung), phone), register(client_of(walk.cast.hoa), phone)
    assert his["outbox_key"] != hers["outbox_key"]
    for keys in (his, hers):
        post(Client(), batch(outcome(walk), device_id=str(phone)), headers={"X-Upload-Token": keys["upload_token"]})
    assert set(Event.objects.values_list("recorded_by", flat=True)) == {walk.cast.tung.pk, walk.cast.hoa.pk}


def test_the_same_phone_again_keeps_its_outbox_key(walk: Walk) -> None:
    client, phone = client_of(walk.cast.tung), new_id()
    first, again = register(client, phone), register(client, phone)
    assert first["outbox_key"] == again["outbox_key"]
    assert first["server_public_key"] == again["server_public_key"] == ServerKey.objects.get().public
    assert first["upload_token"] != again["upload_token"]
    assert Device.objects.count() == 1
    old = {"X-Upload-Token": first["upload_token"]}
    assert post(Client(), batch(device_id=str(phone)), headers=old).status_code == 401


def test_a_revoked_phone_opens_nothing(walk: Walk) -> None:
    phone = new_id()
    keys = register(client_of(walk.cast.tung), phone)
    device = Device.objects.get()
    for stranger in (walk.cast.son, make_member(walk.cast.team).user):
        with pytest.raises(PermissionDenied):
            actions.revoke_device(device, by=stranger)
    actions.revoke_device(device, by=walk.cast.hoa)
    response = post(Client(), batch(device_id=str(phone)), headers={"X-Upload-Token": keys["upload_token"]})
    assert response.status_code == 401


def test_a_closed_account_opens_nothing(walk: Walk) -> None:
    phone = new_id()
    keys = register(client_of(walk.cast.tung), phone)
    walk.cast.tung.is_active = False
    walk.cast.tung.save()
    response = post(Client(), batch(device_id=str(phone)), headers={"X-Upload-Token": keys["upload_token"]})
    assert response.status_code == 401


# -- Errors of the whole request -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "no json", "[]", "null", '{"ops": []}', "[" * 5000, b"\xff\xfe",
        json.dumps(batch() | {"device_id": "x"}), json.dumps(batch() | {"sent_at": "yesterday"}),
        json.dumps(batch() | {"ops": {}}), json.dumps(batch() | {"batch_id": None}),
    ],
)  # fmt: skip
def test_a_malformed_envelope_is_422_with_its_fields(walk: Walk, body: str | bytes) -> None:
    response = post(client_of(walk.cast.tung), body)
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert all(set(error) == {"field", "error"} for error in response.json()["errors"])


def test_too_much_at_once_is_413(walk: Walk) -> None:
    client = client_of(walk.cast.tung)
    assert post(client, batch(*[outcome(walk)] * 51)).status_code == 413
    heavy = batch(op("household.noted", household=walk.household.pk, note="x" * 270_000))
    assert post(client, heavy).status_code == 413
    assert post(client, " " * 3_000_000).status_code == 413
    assert not SyncItem.objects.exists()
    assert post(client, batch(*[outcome(walk)] * 50)).status_code == 200


def test_too_many_requests_are_429_with_a_time_to_come_back(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "REQUESTS_A_MINUTE", 2)
    client = client_of(walk.cast.tung)
    responses = [post(client, batch()) for _turn in range(3)]
    assert [response.status_code for response in responses] == [200, 200, 429]
    assert 0 < int(responses[-1]["Retry-After"]) <= 60


def test_a_database_that_cannot_write_is_503(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*args: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(actions, "_take_in", locked)
    response = post(client_of(walk.cast.tung), batch(outcome(walk)))
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0


def test_the_reply_names_the_batch_and_the_life_of_the_server(walk: Walk) -> None:
    client, body = client_of(walk.cast.tung), batch()
    first, second = post(client, body).json(), post(client, body).json()
    assert first["batch_id"] == body["batch_id"]
    assert first["results"] == []
    assert first["server_epoch"] == second["server_epoch"]
    assert first["server_time"] == now().isoformat()


# -- The pack --------------------------------------------------------------------------------------------------------


def test_the_pack_holds_the_own_visits_and_nothing_else(walk: Walk) -> None:
    walk.household.phone = "+84912345678"
    walk.household.save()
    other = make_household(walk.cast.h1, lane="Ngõ của người khác")
    make_visit(walk.session, other, make_crew(walk.session, make_member(walk.cast.team)))
    later = make_visit(walk.session, make_household(walk.cast.h2), walk.crew, position=2)
    make_visit(walk.session, make_household(walk.cast.h2), walk.crew, planned_start=now() + timedelta(days=9))
    response = client_of(walk.cast.tung).get(PACK)
    pack = response.json()
    assert [row["id"] for row in pack["visits"]] == [str(walk.visit.pk), str(later.pk)]
    assert [row["id"] for row in pack["sessions"]] == [str(walk.session.pk)]
    assert pack["sessions"][0]["crew"] == {"number": 1, "leader": "Hoa", "members": ["Hoa", "Tùng"]}
    assert [row["phone"] for row in pack["households"]] == ["+84912345678", None]
    assert [row["slot"] for row in pack["persons"]] == ["A"]
    assert len(pack["services"]) == 9
    assert pack["teams"][0]["leaders"][0]["name"] == "Hoa"
    assert {"server_time", "server_epoch", "cursor", "lease_until", "csrf_token", "campaign", "lessons"} <= set(pack)
    assert "Ngõ của người khác" not in response.content.decode()


def test_a_stranger_gets_a_pack_without_one_name_of_ours(walk: Walk) -> None:
    response = client_of(walk.cast.son).get(PACK)
    pack = response.json()
    assert [pack[name] for name in ("sessions", "visits", "households", "persons")] == [[], [], [], []]
    for word in (walk.household.lane, walk.household.call_name, walk.household.code, "Tùng"):
        assert word not in response.content.decode()


def test_who_refuses_a_record_is_not_carried(walk: Walk) -> None:
    walk.person.is_refusing_record = True
    walk.person.save()
    assert client_of(walk.cast.tung).get(PACK).json()["persons"] == []


def test_the_pack_costs_the_same_whatever_its_size(
    walk: Walk, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for position in range(12):
        make_visit(walk.session, make_household(walk.cast.h1), walk.crew, position=position)
    client = client_of(walk.cast.tung)
    client.get(PACK)
    with django_assert_max_num_queries(40):
        assert len(client.get(PACK).json()["visits"]) == 13


# -- Changes ---------------------------------------------------------------------------------------------------------


def changes(client: Client, cursor: str) -> dict[str, Any]:
    """What is new since a cursor."""
    response = client.get(CHANGES, {"cursor": cursor})
    assert response.status_code == 200, response.content
    return response.json()


def test_changes_tell_what_is_new_and_what_is_gone(walk: Walk) -> None:
    client = client_of(walk.cast.tung)
    cursor = client.get(PACK).json()["cursor"]
    assert changes(client, cursor) | {"server_time": "", "lease_until": ""} == {
        "server_time": "", "lease_until": "", "server_epoch": client.get(PACK).json()["server_epoch"],
        "cursor": cursor, "upserts": [], "tombstones": [],
    }  # fmt: skip
    fresh = make_visit(walk.session, make_household(walk.cast.h1), walk.crew)
    added = changes(client, cursor)
    assert {(one["kind"], one["id"]) for one in added["upserts"]} == {
        ("visit", str(fresh.pk)), ("household", str(fresh.household_id)),
    }  # fmt: skip
    cancel_visit(fresh, by=walk.cast.minh)
    other = make_crew(walk.session, make_member(walk.cast.team, may_lead=True))
    reschedule_visit(walk.visit, by=walk.cast.minh, crew=other)
    gone = changes(client, added["cursor"])
    assert {(one["kind"], one["id"], one["reason"]) for one in gone["tombstones"]} == {
        ("visit", str(fresh.pk), "deleted"), ("household", str(fresh.household_id), "out_of_scope"),
        ("visit", str(walk.visit.pk), "out_of_scope"), ("household", str(walk.household.pk), "out_of_scope"),
        ("person", str(walk.person.pk), "out_of_scope"),
    }  # fmt: skip
    assert changes(client, cursor)["tombstones"]  # an older phone is told the same


def test_a_visit_of_last_week_expires(walk: Walk, monday: FrozenClock) -> None:
    client = client_of(walk.cast.tung)
    cursor = client.get(PACK).json()["cursor"]
    monday.advance(timedelta(days=3))
    reasons = {one["kind"]: one["reason"] for one in changes(client_of(walk.cast.tung), cursor)["tombstones"]}
    assert (reasons["visit"], reasons["session"]) == ("expired", "expired")


def test_changes_tell_the_answers_of_ops(walk: Walk) -> None:
    client = client_of(walk.cast.tung)
    cursor = client.get(PACK).json()["cursor"]
    record = outcome(walk)
    send(client, record)
    told = [one for one in changes(client, cursor)["upserts"] if one["kind"] == "op"]
    assert told == [
        {"kind": "op", "id": record["op_id"], "row": {"status": "applied", "code": "", "message": "", "counted": True}}
    ]


def test_a_change_that_was_committed_late_is_not_skipped(walk: Walk, monday: FrozenClock) -> None:
    client = client_of(walk.cast.tung)
    monday.advance(timedelta(minutes=1))
    cursor = client.get(PACK).json()["cursor"]
    type(walk.household).objects.filter(pk=walk.household.pk).update(
        lane="Ngõ mới", updated_at=now() - timedelta(hours=1)
    )
    assert [one["row"]["lane"] for one in changes(client, cursor)["upserts"]] == ["Ngõ mới"]


def test_a_cursor_of_another_life_or_too_old_means_rebuild(walk: Walk, monday: FrozenClock) -> None:
    client = client_of(walk.cast.tung)
    cursor = client.get(PACK).json()["cursor"]
    serial = cursor.partition(".")[2]
    cancel_visit(walk.visit, by=walk.cast.minh)
    changes(client, cursor)
    monday.advance(timedelta(days=40))
    drop_tombstones.call_local()
    fresh = client_of(walk.cast.tung)
    for stale in (cursor, f"{new_id().hex}.{serial}", f"{cursor}999"):
        response = fresh.get(CHANGES, {"cursor": stale})
        assert (response.status_code, response.json()["code"]) == (410, "rebuild")
    assert fresh.get(CHANGES, {"cursor": "nonsense"}).status_code == 422
    assert fresh.get(CHANGES).status_code == 422


def test_a_contact_renews_the_lease(walk: Walk, monday: FrozenClock) -> None:
    client, phone = client_of(walk.cast.tung), new_id()
    register(client, phone)
    monday.advance(timedelta(hours=5))
    send(client, device_id=str(phone))
    assert Device.objects.get().lease_until == now() + timedelta(hours=24)
    monday.advance(timedelta(hours=5))
    client.get(PACK, {"device_id": str(phone)})
    assert Device.objects.get().lease_until == now() + timedelta(hours=24)
    assert freshness(walk.cast.commune) == freshness(walk.cast.province)
    assert (freshness(walk.cast.commune).devices_synced_24h, freshness(walk.cast.commune).devices) == (1, 1)
    assert freshness(walk.cast.far).devices == 0
    monday.advance(timedelta(hours=25))
    assert freshness(walk.cast.commune).devices_synced_24h == 0


def test_the_documents_name_every_address() -> None:
    from project.api import api  # the whole API, as the OpenAPI text shows it

    paths = set(api.get_openapi_schema()["paths"])
    assert {f"/api/v1/sync/{name}" for name in ("pack", "changes", "ops", "devices")} <= paths
    assert get_token(RequestFactory().get(OPS))
