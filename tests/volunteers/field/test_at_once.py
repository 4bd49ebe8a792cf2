"""Exactly once, on the database of this run (SQLite by default; tests/services plays the same on PostgreSQL)."""

from collections.abc import Callable

import pytest

from tests.volunteers.field.at_once import BODIES


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_at_once(body: Callable[[], None]) -> None:
    body()
