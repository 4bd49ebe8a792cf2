"""The conflict engine on hand-made bookings."""

from datetime import datetime, timedelta

from volunteers.sessions.conflicts import Booking, conflicts

NINE = datetime(2026, 11, 2, 9)


def booking(start: float, hours: float, *, subject: str = "member:1", place: str = "A") -> Booking:
    begins = NINE + timedelta(hours=start)
    return Booking(subject, begins, begins + timedelta(hours=hours), place=place)


def test_blocks_that_touch_do_not_overlap() -> None:
    assert conflicts([booking(0, 1)], [booking(1, 1)]) == []


def test_an_overlap_is_found_for_the_same_subject_only() -> None:
    found = conflicts([booking(0, 2)], [booking(1, 2), booking(1, 2, subject="member:2")])
    assert [item.code for item in found] == ["overlap"]


def test_between_two_places_there_must_be_time_to_travel() -> None:
    assert [item.code for item in conflicts([booking(0, 1)], [booking(1.1, 1, place="B")])] == ["rest"]
    assert conflicts([booking(0, 1)], [booking(1.25, 1, place="B")]) == []


def test_a_block_inside_another_overlaps() -> None:
    assert [item.code for item in conflicts([booking(1, 1)], [booking(0, 4)])] == ["overlap"]
