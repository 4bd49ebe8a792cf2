"""A day at the door for the field's tests: a crew, a visit, a phone; and ops as the phone writes them."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from project.accounts.models import User
from project.lib.clock import now
from project.lib.ids import new_id
from tests.cast import Cast, seat_cast
from tests.conftest import SERVICES
from tests.factories.work import make_crew, make_household, make_person, make_service, make_session, make_visit
from volunteers.households.models import Household, Person
from volunteers.sessions.models import Crew, Session
from volunteers.visits.models import Visit

OPS = "/api/v1/sync/ops"


@dataclass
class Walk:
    """Hoa and Tùng go out together; one visit at one door with one person."""

    cast: Cast
    session: Session
    crew: Crew
    household: Household
    person: Person
    visit: Visit


def take_walk(**visit: Any) -> Walk:
    """Everything in place, the session has begun an hour ago."""
    for code in SERVICES:
        make_service(code)
    cast = seat_cast()
    session = make_session(cast.commune, cast.team, starts_at=now() - timedelta(hours=1))
    crew = make_crew(session, cast.hoa_member, cast.tung_member)
    household = make_household(cast.h1)
    household.needs.set([make_service("vneid_l2")])
    return Walk(cast, session, crew, household, make_person(household), make_visit(session, household, crew, **visit))


def op(kind: str, *, at: datetime | None = None, op_id: Any = None, seq: int = 1, **payload: Any) -> dict[str, Any]:
    """One op, recorded a moment ago unless said otherwise."""
    supersedes = payload.pop("supersedes", None)
    written: dict[str, Any] = {
        "op_id": str(op_id or new_id()), "kind": kind, "schema": 1, "seq": seq,
        "recorded_at": (at or now()).isoformat(), "payload": {name: plain(value) for name, value in payload.items()},
    }  # fmt: skip
    if supersedes is not None:
        written["supersedes"] = str(supersedes)
    return written


def plain(value: Any) -> Any:
    """Ids as text; the rest as JSON has it."""
    return value if isinstance(value, str | int | float | bool | list | dict) or value is None else str(value)


def batch(*ops: Any, **more: Any) -> dict[str, Any]:
    """A request with these ops."""
    return {
        "device_id": str(new_id()), "batch_id": str(new_id()), "sent_at": now().isoformat(), "ops": list(ops)
    } | more  # fmt: skip


def outcome(walk: Walk, rung: str = "activated", service: str = "vneid_l2", **more: Any) -> dict[str, Any]:
    """An outcome of the walk's person, on the own phone."""
    values: dict[str, Any] = {
        "visit": walk.visit.pk, "person": walk.person.pk, "service": service, "rung": rung, "own_device": True,
        "own_sim": True,
    } | more  # fmt: skip
    return op("outcome.recorded", **values)


def client_of(user: User) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, *ops: Any, **more: Any) -> list[dict[str, Any]]:
    """Post a batch; the results of a 200."""
    response = post(client, batch(*ops, **more))
    assert response.status_code == 200, response.content
    return response.json()["results"]


def post(client: Client, body: Any, **headers: Any) -> Any:
    """Post anything."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(OPS, text, content_type="application/json", **headers)
