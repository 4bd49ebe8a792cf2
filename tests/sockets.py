"""A socket of the site inside a test (channels' own communicator wants daphne, which we do not install)."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from asgiref.testing import ApplicationCommunicator
from channels.routing import URLRouter
from django.conf import settings
from django.test import Client

from project.accounts.models import User
from volunteers.routing import websocket_urlpatterns

OURS = (b"origin", b"http://testserver")


class Talk(ApplicationCommunicator):
    """One connection to `ws/live/`."""

    def __init__(self, *headers: tuple[bytes, bytes]) -> None:
        scope = {"type": "websocket", "path": "/ws/live/", "headers": list(headers), "query_string": b""}
        super().__init__(URLRouter(websocket_urlpatterns), scope)

    async def connect(self) -> bool:
        """Shake hands; whether the server accepted."""
        await self.send_input({"type": "websocket.connect"})
        return bool((await self.receive_output(timeout=5))["type"] == "websocket.accept")

    async def say(self, message: Any) -> None:
        """Send one message as JSON; a text is sent as it stands."""
        text = message if isinstance(message, str) else json.dumps(message)
        await self.send_input({"type": "websocket.receive", "text": text})

    async def hear(self, wait: float = 2.0) -> dict[str, Any]:
        """The next message, within the two seconds of the contract."""
        output = await self.receive_output(timeout=wait)
        assert output["type"] == "websocket.send", output
        answer: dict[str, Any] = json.loads(output["text"])
        return answer

    async def closed(self) -> int | None:
        """The code with which the server closes now."""
        output = await self.receive_output(timeout=2)
        assert output["type"] == "websocket.close", output
        code: int | None = output.get("code")
        return code

    async def is_silent(self, wait: float) -> bool:
        """Whether nothing comes for so long."""
        return bool(await self.receive_nothing(timeout=wait))


@asynccontextmanager
async def socket(*headers: tuple[bytes, bytes]) -> AsyncIterator[Talk]:
    """A connection that is closed at the end, so that no hub outlives its test."""
    talk = Talk(*headers)
    assert await talk.connect()
    try:
        yield talk
    finally:
        await talk.send_input({"type": "websocket.disconnect", "code": 1000})
        await talk.wait(timeout=2)


def cookie_of(user: User) -> tuple[bytes, bytes]:
    """The session cookie of a browser in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return b"cookie", f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}".encode()
