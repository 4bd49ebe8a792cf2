"""The one-process installation: the queue's consumer lives and dies with the server's lifespan."""

import asyncio
import signal
from typing import Any

import pytest
from huey import SqliteHuey

from project import embedded

pytestmark = pytest.mark.asyncio


class Stage:
    """The server's side of a lifespan."""

    def __init__(self) -> None:
        self.calls: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.task = asyncio.create_task(embedded.application({"type": "lifespan"}, self.calls.get, self.answers.put))

    async def ask(self, what: str) -> str:
        """Send `lifespan.<what>` and return the type of the answer."""
        await self.calls.put({"type": f"lifespan.{what}"})
        return str((await asyncio.wait_for(self.answers.get(), 10))["type"])


async def test_the_consumer_runs_tasks_and_leaves_the_signals_alone(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    queue = SqliteHuey("lifespan-test", filename=str(tmp_path / "queue.sqlite3"), immediate=False)
    done: list[int] = []
    task = queue.task()(lambda: done.append(1))
    settings.REDIS_URL = ""
    settings.HUEY = {"consumer": {"workers": 1, "initial_delay": 0.05, "max_delay": 0.1}}
    monkeypatch.setattr(embedded, "HUEY", queue)
    before = signal.getsignal(signal.SIGINT)
    stage = Stage()
    assert await stage.ask("startup") == "lifespan.startup.complete"
    assert signal.getsignal(signal.SIGINT) is before
    task()
    for _step in range(50):
        await asyncio.sleep(0.1)
        if done:
            break
    assert done == [1]
    assert await stage.ask("shutdown") == "lifespan.shutdown.complete"
    await asyncio.wait_for(stage.task, 2)


async def test_with_redis_the_workers_stand_apart(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(embedded, "make_consumer", lambda: pytest.fail("no consumer beside Redis"))
    stage = Stage()
    assert await stage.ask("startup") == "lifespan.startup.complete"
    assert await stage.ask("shutdown") == "lifespan.shutdown.complete"


async def test_a_consumer_that_cannot_start_stops_the_server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("no disk")

    settings.REDIS_URL = ""
    monkeypatch.setattr(embedded, "make_consumer", broken)
    assert await Stage().ask("startup") == "lifespan.startup.failed"
