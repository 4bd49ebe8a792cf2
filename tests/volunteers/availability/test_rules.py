"""Free intervals: hand-worked days and what must always hold."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from volunteers.availability.rules import Differs, Weekly, covers, free_between, free_on, joined, without

MONDAY = date(2026, 11, 2)
intervals = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] < pair[1])


def minutes(items: list[tuple[int, int]]) -> set[int]:
    return {minute for start, end in items for minute in range(start, end)}


def test_the_pattern_holds_on_its_weekday_only() -> None:
    pattern = [Weekly(0, 480, 690)]
    assert free_between(MONDAY, date(2026, 11, 3), pattern, []) == {
        MONDAY: [(480, 690)],
        date(2026, 11, 3): [],
    }


def test_a_no_wins_over_everything() -> None:
    pattern = [Weekly(0, 480, 690)]
    exceptions = [Differs(MONDAY, True, 1050, 1260), Differs(MONDAY, False, 600, 1100)]
    assert free_on(MONDAY, pattern, exceptions) == [(480, 600), (1100, 1260)]


@given(st.lists(intervals, max_size=6))
def test_joining_keeps_the_same_minutes(items: list[tuple[int, int]]) -> None:
    assert minutes(joined(items)) == minutes(items)
    assert all(a[1] < b[0] for a, b in zip(joined(items), joined(items)[1:], strict=False))


@given(st.lists(intervals, max_size=6), intervals)
def test_cutting_takes_exactly_the_gap(items: list[tuple[int, int]], gap: tuple[int, int]) -> None:
    assert minutes(without(joined(items), gap)) == minutes(items) - minutes([gap])


def test_a_block_is_covered_by_one_interval_only() -> None:
    assert covers([(480, 1050)], (480, 690))
    assert not covers([(480, 600), (600, 690)], (480, 690))
