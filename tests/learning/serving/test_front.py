"""Kept pages answered by the server's loop: the same answer as the middleware's, and nothing that is not theirs."""

import asyncio
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from learning.serving.front import KeptPages
from tests.learning.conftest import LESSON, Tree

Message = dict[str, Any]


class Behind:
    """The application behind: says only that it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        self.asked += 1


@pytest.fixture
def kept(settings: Any, tmp_path: Any, tree: Tree) -> str:
    """The address of a step that the site keeps."""
    settings.CACHES = settings.CACHES | {
        "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    }
    settings.STAMPS_DIR, settings.REDIS_URL, settings.DEBUG = tmp_path / "stamps", "", False
    caches["pages"].clear()
    assert Client().get(f"{LESSON}?buoc=2").status_code == 200
    return LESSON


def ask(path: str, *, query: str = "buoc=2", method: str = "GET", **headers: str) -> tuple[list[Message], int]:
    """What the front sends, and how often it passed on."""
    behind, sent = Behind(), []
    told = {"host": "testserver"} | {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {
        "type": "http", "method": method, "scheme": "http", "path": path, "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
    }  # fmt: skip

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    asyncio.run(KeptPages(behind)(scope, receive, send))
    return sent, behind.asked


def test_a_kept_page_is_answered_as_the_middleware_answers_it(kept: str) -> None:
    sent, asked = ask(kept, accept_encoding="gzip, br")
    reply = Client().get(f"{kept}?buoc=2", headers={"Accept-Encoding": "gzip"})
    assert asked == 0
    assert sent[0]["status"] == 200
    assert sent[1]["body"] == reply.content
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert headers == {name.lower(): value for name, value in reply.items()}


def test_a_reader_who_has_it_gets_no_body(kept: str) -> None:
    headers = dict(ask(kept)[0][0]["headers"])
    sent, _asked = ask(kept, if_none_match=headers[b"etag"].decode())
    assert (sent[0]["status"], sent[1]["body"]) == (304, b"")


@pytest.mark.parametrize(
    "request_of",
    [
        {"query": "buoc=3"},
        {"query": "buoc=2&x=1"},
        {"method": "POST"},
        {"method": "HEAD"},
        {"host": "evil.example"},
        {"x_forwarded_host": "evil.example"},
    ],
)
def test_everything_else_goes_to_the_site(kept: str, request_of: dict[str, str]) -> None:
    sent, asked = ask(kept, **request_of)
    assert (sent, asked) == ([], 1)


@pytest.mark.parametrize(("name", "value"), [("REDIS_URL", "redis://x"), ("SECURE_PROXY_SSL_HEADER", ("X", "https"))])
def test_it_stands_aside_where_it_would_have_to_wait_or_trust(kept: str, settings: Any, name: str, value: Any) -> None:
    setattr(settings, name, value)
    sent, asked = ask(kept)
    assert (sent, asked) == ([], 1)
