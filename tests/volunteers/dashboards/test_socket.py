"""The live socket: who is let in, what is refused, and that news arrives in time."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.test import Client

from project.lib.live import tell
from tests.cast import Cast
from tests.factories.people import make_grant
from tests.factories.targets import make_campaign, make_target
from tests.factories.work import make_household, make_person, make_service, make_session, make_visit
from tests.sockets import OURS, Talk, cookie_of, socket
from volunteers.access.actions import grant, revoke
from volunteers.access.models import Grant
from volunteers.activations.actions import record_outcome
from volunteers.areas.models import ImportRun
from volunteers.audit.log import record
from volunteers.dashboards import consumers
from volunteers.dashboards.live import topics_of
from volunteers.households.models import Person
from volunteers.visits.models import Visit

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]


async def test_news_of_a_watched_area_arrive_within_two_seconds_on_two_sockets(cast: Cast) -> None:
    minh, lan = await sync_to_async(cookie_of)(cast.minh), await sync_to_async(cookie_of)(cast.lan)
    async with socket(OURS, minh) as one, socket(OURS, lan) as two:
        await one.say({"watch": ["25396"]})
        await two.say({"watch": ["75", "25396-h1"]})
        await asyncio.sleep(0.2)
        begun = time.monotonic()
        await sync_to_async(record)("outcome.recorded", cast.h1, by=cast.tung)
        first, second = await one.hear(), await two.hear()
        assert time.monotonic() - begun < 2
    assert first["stale"] == ["25396"]
    assert set(second["stale"]) == {"75", "25396-h1"}
    assert first["as_of"].endswith("+07:00")


async def test_an_area_outside_the_scope_is_refused_and_stays_silent(cast: Cast) -> None:
    async with socket(OURS, await sync_to_async(cookie_of)(cast.minh)) as talk:
        await talk.say({"watch": ["25396", "26041", "75", "99999", "plan:not-a-key"]})
        assert await talk.hear() == {"refused": ["26041", "75", "99999", "plan:not-a-key"]}
        await sync_to_async(tell)(["26041", "75"])
        assert await talk.is_silent(0.6)


async def test_a_volunteer_hears_of_no_area(cast: Cast) -> None:
    async with socket(OURS, await sync_to_async(cookie_of)(cast.tung)) as talk:
        await talk.say({"watch": ["25396"]})
        assert await talk.hear() == {"refused": ["25396"]}


async def test_anonymous_people_are_closed_with_4401(cast: Cast) -> None:
    async with socket(OURS) as talk:
        assert await talk.closed() == 4401


async def test_a_foreign_origin_is_turned_away_at_the_handshake(cast: Cast) -> None:
    for origin in (b"https://evil.example", b"null", b"http://[broken"):
        assert not await Talk((b"origin", origin), await sync_to_async(cookie_of)(cast.minh)).connect()


async def test_a_cookie_without_an_origin_is_turned_away(cast: Cast) -> None:
    assert not await Talk(await sync_to_async(cookie_of)(cast.minh)).connect()


async def test_a_program_comes_in_with_its_session_token(cast: Cast) -> None:
    def sign_in() -> str:
        answer = Client().post(
            "/_allauth/app/v1/auth/login",
            {"email": cast.minh.email, "password": "mat-khau-thu"},
            content_type="application/json",
        )
        return str(answer.json()["meta"]["session_token"])

    token = await sync_to_async(sign_in)()
    async with socket((b"x-session-token", token.encode())) as talk:
        await talk.say({"watch": ["25396"]})
        await asyncio.sleep(0.2)
        await sync_to_async(tell)(["25396"])
        assert (await talk.hear())["stale"] == ["25396"]
    async with socket((b"x-session-token", b"made-up")) as talk:
        assert await talk.closed() == 4401


async def test_many_changes_become_one_message(cast: Cast) -> None:
    async with socket(OURS, await sync_to_async(cookie_of)(cast.minh)) as talk:
        await talk.say({"watch": ["25396", "25396-h1"]})
        await asyncio.sleep(0.2)

        def burst() -> None:
            for _turn in range(300):
                tell(["25396"])
            tell(["25396-h1"])

        await sync_to_async(burst)()
        assert set((await talk.hear())["stale"]) == {"25396", "25396-h1"}
        assert await talk.is_silent(1.2)


async def test_who_comes_a_moment_late_is_told_what_just_happened(cast: Cast) -> None:
    cookie = await sync_to_async(cookie_of)(cast.minh)
    async with socket(OURS, cookie) as early:
        await early.say({"watch": ["25396"]})
        await asyncio.sleep(0.2)
        await sync_to_async(tell)(["25396"])
        await early.hear()
        async with socket(OURS, cookie) as late:
            await late.say({"watch": ["25396"]})
            assert (await late.hear())["stale"] == ["25396"]


async def test_a_revoked_grant_ends_the_watch(cast: Cast) -> None:
    async with socket(OURS, await sync_to_async(cookie_of)(cast.minh)) as talk:
        await talk.say({"watch": ["25396"]})
        await asyncio.sleep(0.2)
        row = await sync_to_async(Grant.objects.select_related("user").get)(user=cast.minh)
        await sync_to_async(revoke)(row, by=None)
        assert await talk.hear() == {"refused": ["25396"]}
        await sync_to_async(tell)(["25396"])
        assert await talk.is_silent(1.2)


async def test_a_new_grant_opens_what_was_refused(cast: Cast) -> None:
    async with socket(OURS, await sync_to_async(cookie_of)(cast.hoa)) as talk:
        await talk.say({"watch": ["25396"]})
        assert await talk.hear() == {"refused": ["25396"]}
        await sync_to_async(grant)(cast.hoa, "commune_lead", cast.commune.scope, by=None)
        await asyncio.sleep(1.2)
        await sync_to_async(tell)(["25396"])
        assert (await talk.hear())["stale"] == ["25396"]


async def test_signing_out_closes_the_socket(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "LOOK_AGAIN", 0.2)

    def sign_in() -> tuple[Client, tuple[bytes, bytes]]:
        client = Client()
        client.force_login(cast.minh)
        return client, (b"cookie", f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}".encode())

    client, cookie = await sync_to_async(sign_in)()
    async with socket(OURS, cookie) as talk:
        await talk.say({"watch": ["25396"]})
        assert await talk.is_silent(0.5)
        await sync_to_async(client.logout)()
        assert await talk.closed() == 4401


async def test_an_import_may_be_watched_by_those_who_see_it(cast: Cast) -> None:
    def runs() -> tuple[str, str]:
        own = ImportRun.objects.create(kind="households", area=cast.commune, file_name="a.csv")
        other = ImportRun.objects.create(kind="households", area=cast.far, file_name="b.csv")
        return f"import:{own.pk}", f"import:{other.pk}"

    own, other = await sync_to_async(runs)()
    async with socket(OURS, await sync_to_async(cookie_of)(cast.minh)) as talk:
        await talk.say({"watch": [own, other]})
        assert await talk.hear() == {"refused": [other]}
        await sync_to_async(tell)([own, other])
        assert (await talk.hear())["stale"] == [own]


async def test_the_fifty_first_topic_is_refused(cast: Cast) -> None:
    async with socket(OURS, await sync_to_async(cookie_of)(cast.lan)) as talk:
        await talk.say({"watch": ["25396", *[f"0000{number}" for number in range(49)], "75"]})
        assert "75" in (await talk.hear())["refused"]


@pytest.mark.parametrize("text", ["no json", "[]", '{"watch": "25396"}', '{"watch": [1]}', "{}"])
async def test_a_malformed_message_ends_the_connection(cast: Cast, text: str) -> None:
    async with socket(OURS, await sync_to_async(cookie_of)(cast.minh)) as talk:
        await talk.say(text)
        assert await talk.closed() == 4400


async def test_a_campaign_of_the_province_moves_the_boards_of_its_communes(cast: Cast) -> None:
    async with socket(OURS, await sync_to_async(cookie_of)(cast.minh)) as talk:
        await talk.say({"watch": ["25396"]})
        await asyncio.sleep(0.2)
        await sync_to_async(record)("campaign.opened", cast.province, by=cast.lan)
        assert (await talk.hear())["stale"] == ["25396"]


async def test_a_coordinator_of_another_province_hears_nothing(cast: Cast) -> None:
    await sync_to_async(make_grant)(cast.son, "province_coordinator", "VN/79/")
    async with socket(OURS, await sync_to_async(cookie_of)(cast.son)) as talk:
        await talk.say({"watch": ["75", "25396"]})
        assert await talk.hear() == {"refused": ["75", "25396"]}


async def test_the_topics_of_an_entry() -> None:
    assert topics_of("outcome.recorded", "VN/75/25396/h7/") == {"75", "25396", "25396-h7"}
    assert topics_of("campaign.opened", "VN/75/") == {"75", "75>"}
    assert topics_of("grant.given", "VN/75/25396/") == {"75", "25396", "rights"}
    assert topics_of("conduct.accepted", "") == set()
    assert topics_of("holiday.added", "VN/") == set()


async def test_a_recorded_outcome_moves_an_open_board_within_two_seconds(cast: Cast) -> None:
    def ready() -> tuple[Visit, Person]:
        make_service("vneid_l2")
        make_target(make_campaign(cast.commune), number=10)
        visit = make_visit(make_session(cast.commune, cast.team), make_household(cast.h1))
        return visit, make_person(visit.household)

    def fragment() -> str:
        client = Client()
        client.force_login(cast.minh)
        return client.get("/xa/25396/tien-do/").content.decode()

    visit, person = await sync_to_async(ready)()
    assert "<strong>0</strong> / 10" in await sync_to_async(fragment)()
    async with socket(OURS, await sync_to_async(cookie_of)(cast.minh)) as talk:
        await talk.say({"watch": ["25396"]})
        await asyncio.sleep(0.2)
        begun = time.monotonic()
        await sync_to_async(record_outcome)(
            person, "vneid_l2", "activated", by=cast.hoa, visit=visit, own_device=True, own_sim=True
        )
        assert "25396" in (await talk.hear())["stale"]
        assert "<strong>1</strong> / 10" in await sync_to_async(fragment)()
        assert time.monotonic() - begun < 2


async def test_a_verb_that_is_rolled_back_tells_nobody(cast: Cast) -> None:
    def rolled_back() -> None:
        with transaction.atomic():
            record("outcome.recorded", cast.h1, by=cast.tung)
            transaction.set_rollback(True)

    async with socket(OURS, await sync_to_async(cookie_of)(cast.minh)) as talk:
        await talk.say({"watch": ["25396"]})
        await asyncio.sleep(0.2)
        await sync_to_async(rolled_back)()
        assert await talk.is_silent(1.0)


async def test_a_client_that_reads_nothing_holds_up_nobody(cast: Cast) -> None:
    cookie = await sync_to_async(cookie_of)(cast.minh)
    stuck = asyncio.Event()

    class Stuck(Talk):
        """Takes the handshake and then no message."""

    slow = Stuck(OURS, cookie)
    inner = slow.application

    async def clogged(scope: dict[str, object], receive: object, send: Callable[[dict[str, object]], Any]) -> None:
        async def choke(message: dict[str, object]) -> None:
            if message["type"] == "websocket.send":
                await stuck.wait()
            await send(message)

        await inner(scope, receive, choke)

    slow.application = clogged
    assert await slow.connect()
    async with socket(OURS, cookie) as quick:
        await slow.say({"watch": ["25396"]})
        await quick.say({"watch": ["25396"]})
        await asyncio.sleep(0.2)
        for _turn in range(3):
            await sync_to_async(tell)(["25396"])
            assert (await quick.hear())["stale"] == ["25396"]
    stuck.set()
    await slow.send_input({"type": "websocket.disconnect", "code": 1000})
    await slow.wait(timeout=2)
