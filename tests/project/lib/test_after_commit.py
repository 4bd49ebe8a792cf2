"""A nudge after commit: enqueued once, never raised. The transaction is played by hand: no database here."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from project.lib import after_commit


class FakeTask:
    """Stands for a huey task; `broken` plays a queue that cannot be reached."""

    __name__ = "solve_plan"

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken
        self.calls: list[tuple[Any, ...]] = []

    def __call__(self, *args: Any) -> None:
        if self.broken:
            raise ConnectionError("no broker")
        self.calls.append(args)

    def schedule(self, args: Any = None, kwargs: Any = None, eta: Any = None, delay: Any = None) -> None:
        self.calls.append((*args, f"in {delay} s"))


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    callbacks: list[Callable[[], None]] = []
    monkeypatch.setattr(transaction, "on_commit", callbacks.append)
    return callbacks


def test_it_enqueues_only_at_commit(waiting: list[Callable[[], None]]) -> None:
    task = FakeTask()
    after_commit.nudge(task, 7)
    assert task.calls == []
    waiting[0]()
    assert task.calls == [(7,)]


def test_it_may_wait(waiting: list[Callable[[], None]]) -> None:
    task = FakeTask()
    after_commit.nudge(task, 7, delay=2)
    waiting[0]()
    assert task.calls == [(7, "in 2 s")]


def test_a_queue_that_is_away_is_logged_and_not_raised(
    waiting: list[Callable[[], None]], caplog: pytest.LogCaptureFixture
) -> None:
    after_commit.nudge(FakeTask(broken=True), "0190-id")
    with caplog.at_level(logging.ERROR):
        waiting[0]()
    assert "solve_plan" in caplog.text
    assert "0190-id" in caplog.text
