"""What every test may ask for: the cast, a frozen clock, the nine services."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from project.lib import clock
from tests.cast import Cast, seat_cast
from tests.factories.work import make_service

SERVICES = ("vneid_l1", "vneid_l2", "portal", "esign", "epay", "docs", "health_book", "ssa", "safety")


@pytest.fixture
def cast(db: None) -> Cast:
    """The five people with their areas and teams."""
    return seat_cast()


@pytest.fixture
def services(db: None) -> None:
    """The nine protected services of contract §3."""
    for code in SERVICES:
        make_service(code)


@pytest.fixture
def monday() -> Iterator[clock.FrozenClock]:
    """The clock stopped at 8:00 on Monday 2 November 2026."""
    with clock.frozen(datetime(2026, 11, 2, 8, 0, tzinfo=clock.ZONE)) as stopped:
        yield stopped


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    """No test sees another's cache."""
    from django.core.cache import cache  # settings are ready only inside a test

    cache.clear()
