"""The clock: aware, Vietnamese, and stoppable also for the threads of a test."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from project.lib import clock

NOON = datetime(2026, 11, 29, 12, 0, tzinfo=clock.ZONE)


def test_now_is_aware_and_seven_hours_ahead_of_utc() -> None:
    assert clock.now().utcoffset() == timedelta(hours=7)


def test_a_vietnamese_day_begins_at_five_in_the_evening_utc() -> None:
    assert clock.local_day(datetime(2026, 11, 29, 16, 59, tzinfo=UTC)) == date(2026, 11, 29)
    assert clock.local_day(datetime(2026, 11, 29, 17, 0, tzinfo=UTC)) == date(2026, 11, 30)
    assert clock.start_of_day(date(2026, 11, 30)) == datetime(2026, 11, 29, 17, 0, tzinfo=UTC)


def test_a_naive_instant_has_no_day() -> None:
    with pytest.raises(ValueError):
        clock.local_day(datetime(2026, 11, 29, 12, 0))


def test_it_stops_and_goes_on() -> None:
    with clock.frozen(NOON) as stopped:
        assert clock.now() == clock.now() == NOON
        stopped.advance(timedelta(hours=13))
        assert clock.today() == date(2026, 11, 30)
        stopped.move_to(datetime(2026, 1, 1, 0, 0, tzinfo=UTC))
        assert clock.now().hour == 7
    assert clock.now() != NOON


def test_it_nests_and_recovers_after_a_failure() -> None:
    later = NOON + timedelta(days=1)
    with clock.frozen(NOON):
        with pytest.raises(ValueError), clock.frozen(later):
            clock.local_day(clock.now().replace(tzinfo=None))
        assert clock.now() == NOON


def test_threads_of_a_test_see_the_stopped_clock() -> None:
    seen: list[datetime] = []
    with clock.frozen(NOON):
        thread = threading.Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen == [NOON]


@clock.frozen(NOON)
def test_it_serves_as_a_decorator() -> None:
    assert clock.now() == NOON
