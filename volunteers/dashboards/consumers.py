"""`ws/live/` (contract §7): tells a signed-in person which watched areas have news, never the news itself."""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from allauth.core.internal.sessionkit import get_session_user
from allauth.headless.internal.sessionkit import authenticate_by_x_session_token
from channels.db import database_sync_to_async
from django.conf import settings
from django.http.request import validate_host

from project.accounts.models import User
from project.lib.clock import now
from project.lib.live import Hub, Listener, hub
from volunteers.access.guards import lacks_second_factor
from volunteers.areas.models import Area, ImportRun
from volunteers.dashboards.live import BENEATH, RIGHTS, around
from volunteers.planning.models import PlanRun

MOST_TOPICS = 50
LONGEST_MESSAGE = 8_192
GATHER = 0.2  # seconds in which changes are gathered before a message
INTERVAL = 0.8  # seconds of rest after one: about one message a second, far below two seconds late
LOOK_AGAIN = 30.0  # seconds between looks at the session and the rights when nothing happens
PATIENCE = 20.0  # seconds that one message may take to be accepted; a client that reads nothing is let go
SIGNED_OUT, MALFORMED, TOO_LONG, GOING_AWAY = 4401, 4400, 1009, 1001

Message = dict[str, Any]


class Closed(Exception):
    """The socket ends; `code` is what the client is told, None when it left by itself."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class LiveSocket:
    """One connection. Holds no channel of the layer: the process's hub listens for all (house.md D18)."""

    def __init__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        headers = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        self.headers = {name.lower(): value for name, value in headers}
        self.receive, self.raw_send = receive, send
        self.listener = Listener()
        self.asked: list[str] = []
        self.refused: set[str] = set()
        self.lock = asyncio.Lock()

    async def run(self) -> None:
        """From the handshake to the close."""
        if (await self.receive())["type"] != "websocket.connect":
            return
        if not self.is_origin_ours():
            await self.raw_send({"type": "websocket.close"})  # before the accept: the handshake answers 403
            return
        # Accepted even when anonymous: only an accepted socket can be told why it is closed.
        await self.raw_send({"type": "websocket.accept"})
        if await database_sync_to_async(self.person)() is None:
            await self.raw_send({"type": "websocket.close", "code": SIGNED_OUT})
            return
        ours = hub()
        code: int | None = GOING_AWAY
        jobs: list[asyncio.Future[None]] = []
        try:
            await ours.join(self.listener)
            jobs = [asyncio.ensure_future(job) for job in (self.read(ours), self.write(ours), self.check(ours))]
            done, _running = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            for job in done:
                error = job.exception()
                if isinstance(error, Closed):
                    code = error.code
                elif error is not None and not isinstance(error, OSError):
                    raise error
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
            await ours.leave(self.listener)
            if code is not None:
                with suppress(Exception):  # the client may be gone already
                    await asyncio.wait_for(self.raw_send({"type": "websocket.close", "code": code}), 1)

    def is_origin_ours(self) -> bool:
        """A browser must come from one of our hosts; a program has no Origin and must bring its token."""
        origin = self.headers.get("origin")
        if origin is None:
            return "x-session-token" in self.headers
        try:
            host = urlsplit(origin).hostname or ""
        except ValueError:
            return False
        return bool(host) and validate_host(host, settings.ALLOWED_HOSTS)

    def person(self) -> User | None:
        """Who is signed in now: by the token if one was sent, else by the cookie. Reads the database."""
        if token := self.headers.get("x-session-token"):
            found = authenticate_by_x_session_token(token)
            user = found[0] if found else None
        else:
            user = _user_of_cookie(self.headers.get("cookie", ""))
        if not isinstance(user, User) or not user.is_active or lacks_second_factor(user):
            return None
        return user

    async def read(self, ours: Hub) -> None:
        """What the client says: each `watch` replaces the one before."""
        while True:
            event = await self.receive()
            if event["type"] == "websocket.disconnect":
                raise Closed(None)
            text = event.get("text")
            if text is None:
                raise Closed(MALFORMED)
            if len(text) > LONGEST_MESSAGE:
                raise Closed(TOO_LONG)
            asked = _asked(text)
            self.asked, self.refused = asked[:MOST_TOPICS], set()
            await self.look(ours, more=asked[MOST_TOPICS:])

    async def write(self, ours: Hub) -> None:
        """Gather what is stale, tell it once, rest. A slow client holds up only its own writer."""
        while True:
            await self.listener.wake.wait()
            await asyncio.sleep(GATHER)
            topics = self.listener.take()
            if RIGHTS in topics:
                await self.look(ours)
                topics = [topic for topic in topics if topic in self.listener.heard]
            if topics := [topic for topic in topics if topic != RIGHTS]:
                await self.say({"stale": topics, "as_of": now().isoformat()})
            await asyncio.sleep(INTERVAL)

    async def check(self, ours: Hub) -> None:
        """Signing out deletes the session and tells nobody (no signals in the house): look from time to time."""
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            await self.look(ours)

    async def look(self, ours: Hub, more: Iterable[str] = ()) -> None:
        """Ask again who this is and what may be heard; tells new refusals (`more` are refused unseen)."""
        heard = await database_sync_to_async(self.rights)()
        if heard is None:
            raise Closed(SIGNED_OUT)
        ours.watch(self.listener, heard | {RIGHTS: RIGHTS})
        granted = set(heard.values())
        refused = [topic for topic in self.asked if topic not in granted]
        fresh = [topic for topic in refused if topic not in self.refused] + list(more)
        self.refused = set(refused)
        if fresh:
            await self.say({"refused": fresh})

    def rights(self) -> dict[str, str] | None:
        """The topics to hear → the watched one each makes stale; None: nobody is signed in. Reads the database."""
        user = self.person()
        return None if user is None else audible(user, self.asked)

    async def say(self, message: Message) -> None:
        """One JSON message; a client that takes none for a while is let go."""
        text = json.dumps(message, ensure_ascii=False)
        async with self.lock:
            try:
                await asyncio.wait_for(self.raw_send({"type": "websocket.send", "text": text}), PATIENCE)
            except TimeoutError:
                raise Closed(GOING_AWAY) from None


def audible(user: User, asked: Iterable[str]) -> dict[str, str]:
    """What of the asked topics the person may hear: areas, imports, plans in scope. At most three queries."""
    asked = list(asked)
    runs: dict[str, list[uuid.UUID]] = {"import": [], "plan": []}
    codes: list[str] = []
    for topic in asked:
        kind, colon, key = topic.partition(":")
        if not colon:
            codes.append(topic)
        elif kind in runs:
            with suppress(ValueError):
                runs[kind].append(uuid.UUID(key))
    heard: dict[str, str] = {}
    if codes:
        rows = Area.objects.visible_to(user).filter(code__in=codes).values_list("code", "scope")
        for code, scope in rows:
            heard[code] = code
            heard |= {f"{outer}{BENEATH}": code for outer in around(scope) if outer != code}
    for kind, model in (("import", ImportRun), ("plan", PlanRun)):
        if runs[kind]:
            for key in model.objects.visible_to(user).filter(pk__in=runs[kind]).values_list("pk", flat=True):
                heard[f"{kind}:{key}"] = f"{kind}:{key}"
    return heard


def _asked(text: str) -> list[str]:
    try:
        topics = json.loads(text)["watch"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Closed(MALFORMED) from None
    if not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
        raise Closed(MALFORMED)
    return list(dict.fromkeys(topics))


def _user_of_cookie(header: str) -> Any:
    try:
        morsel = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    if morsel is None:
        return None
    store = import_module(settings.SESSION_ENGINE).SessionStore(morsel.value)
    return get_session_user(store)


async def live(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """The ASGI application of `ws/live/`."""
    await LiveSocket(scope, receive, send).run()
