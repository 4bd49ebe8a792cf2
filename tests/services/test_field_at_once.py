"""Exactly once on PostgreSQL, where the locks are rows and not the whole database."""

from collections.abc import Callable

import pytest
from django.db import connection

from tests.volunteers.field.at_once import BODIES


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_at_once_on_postgresql(body: Callable[[], None]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("runs with DATABASE_URL naming a PostgreSQL server")
    body()
