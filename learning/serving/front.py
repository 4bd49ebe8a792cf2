"""Kept pages answered in the server's own loop, before a thread or a Django request is made for them.

Only where the store is in this process's memory and the stamps are files (the embedded installation): nothing here may
wait. Everything that it does not know goes on to the application behind it.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from learning.serving import store

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class KeptPages:
    """An ASGI application in front of another one."""

    def __init__(self, behind: App) -> None:
        self.behind = behind
        self.is_asked = not settings.REDIS_URL and not settings.SECURE_PROXY_SSL_HEADER and not settings.DEBUG

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if self.is_asked and scope["method"] == "GET":
            query = scope["query_string"].decode("latin-1")
            if store.may_be_kept(scope["path"], query):
                found = self.find(scope, query)
                if found is not None:
                    status, headers, body = found
                    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
                    await send({"type": "http.response.start", "status": status, "headers": raw})
                    await send({"type": "http.response.body", "body": body})
                    return
        await self.behind(scope, receive, send)

    def find(self, scope: Message, query: str) -> tuple[int, list[tuple[str, str]], bytes] | None:
        """The kept answer to a request; None where there is none, or where the host is not ours."""
        told = {name: value.decode("latin-1") for name, value in scope["headers"] if name in WANTED}
        host = told.get(b"host", "")
        if b"x-forwarded-host" in told or not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
            return None
        kept = store.load(store.key_of(scope["scheme"], host, scope["path"], query))
        if kept is None:
            return None
        return store.answer_of(kept, told.get(b"accept-encoding", ""), told.get(b"if-none-match", ""))


WANTED = {b"host", b"accept-encoding", b"if-none-match", b"x-forwarded-host"}
