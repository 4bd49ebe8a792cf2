"""The forecast on plain numbers: honest with few data, right on steady ones."""

from datetime import date, timedelta
from random import Random

import pytest

from volunteers.dashboards.forecast import Forecast, forecast

START = date(2026, 9, 7)  # a Monday
DAY = timedelta(days=1)


def steady(days: int, a_day: int = 6) -> dict[date, int]:
    """The same number every day."""
    return {START + DAY * step: a_day for step in range(days)}


def ask(daily: dict[date, int], *, after: int, target: int | None = 500, due_after: int = 60) -> Forecast:
    """A forecast `after` days into the campaign; what the days hold is what was done."""
    return forecast(
        daily,
        done=sum(daily.values()),
        target=target,
        first_day=START,
        due_on=START + DAY * due_after,
        today=START + DAY * after,
    )


def test_a_steady_pace_goes_on() -> None:
    found = ask(steady(36), after=36, due_after=60)
    assert found.pace_per_day == 6
    assert found.days_left == 24
    assert found.remaining == 500 - 216
    assert found.needed == 12  # 284 / 24 = 11.8
    assert found.on_due == pytest.approx(216 + 25 * 6, abs=1)  # today's share and 24 days
    assert found.low < found.on_due < found.high
    assert found.reach_on == START + DAY * 36 + DAY * 47  # 284 / 6 = 47.3: six of them today
    assert not found.is_rough


def test_the_example_of_the_design() -> None:
    daily = {START + DAY * step: 6 for step in range(52)}
    found = forecast(daily, done=312, target=500, first_day=START, due_on=START + DAY * 76, today=START + DAY * 52)
    assert (found.remaining, found.days_left, found.needed, found.pace) == (188, 24, 8, 6)


def test_weekends_count_for_more_where_they_do() -> None:
    daily = {START + DAY * step: 20 if (START + DAY * step).weekday() >= 5 else 2 for step in range(28)}
    saturday_due = forecast(
        daily, done=0, target=None, first_day=START, due_on=START + DAY * 33, today=START + DAY * 28
    )
    friday_due = forecast(daily, done=0, target=None, first_day=START, due_on=START + DAY * 32, today=START + DAY * 28)
    assert saturday_due.on_due - friday_due.on_due >= 14


def test_before_the_first_full_day_nothing_is_guessed() -> None:
    found = ask({START: 3}, after=0)
    assert found.pace_per_day is None
    assert found.is_rough
    assert (found.low, found.on_due, found.high) == (3, 3, 3)
    assert found.needed == 9  # 497 / 60


def test_few_days_give_a_wide_band_and_say_so() -> None:
    few, many = ask(steady(3), after=3), ask(steady(28), after=28)
    assert few.is_rough
    assert not many.is_rough
    assert (few.high - few.low) / (60 - 3) > (many.high - many.low) / (60 - 28)


def test_nothing_in_two_weeks_is_never_reached() -> None:
    found = ask({}, after=20)
    assert found.pace_per_day == 0
    assert found.reach_on is None
    assert found.on_due == 0


def test_past_the_due_date_the_figure_stands() -> None:
    found = ask(steady(61), after=70, due_after=60)
    assert found.is_over
    assert found.needed_per_day is None
    assert (found.low, found.on_due, found.high) == (366, 366, 366)


def test_a_reached_target_names_its_day() -> None:
    found = ask(steady(50, 20), after=50, due_after=60)
    assert found.remaining == 0
    assert found.needed_per_day is None
    assert found.reach_on == START + DAY * 24  # the 25th day brings 500


def test_withdrawals_do_not_turn_the_pace_negative() -> None:
    found = ask({START + DAY * 9: -4}, after=10)
    assert found.pace_per_day == 0
    assert found.low >= -4


def test_the_band_holds_about_eight_of_ten_futures() -> None:
    rng = Random(11)
    hits = 0
    for _turn in range(300):
        rate = rng.uniform(2, 15)
        days = [sum(rng.random() < rate / 40 for _try in range(40)) for _day in range(60)]
        past = {START + DAY * step: days[step] for step in range(30)}
        found = forecast(
            past,
            done=sum(past.values()),
            target=None,
            first_day=START,
            due_on=START + DAY * 59,
            today=START + DAY * 30,
        )
        hits += found.low <= sum(days) <= found.high
    assert 0.70 <= hits / 300 <= 0.95
