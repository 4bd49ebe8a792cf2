"""The real catalogue, loaded once for the tests that search it."""

from collections.abc import Iterator

import pytest

from volunteers.areas.adapter import load_areas


@pytest.fixture(scope="module")
def country(django_db_setup: None, django_db_blocker) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """All 34 provinces and 3,321 communes with their old names; gone again after the module."""
    from django.db import transaction  # needs the database that the fixture above unblocks

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        load_areas()
        yield
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)
