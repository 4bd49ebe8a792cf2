"""The checker: a good plan is broken on purpose, rule by rule, and each break is called by its code."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.bench.instances import commune
from volunteers.planning.engine.checker import CODES, check
from volunteers.planning.engine.problem import (
    Crew,
    Fixed,
    Household,
    Plan,
    Problem,
    Rules,
    Slot,
    Unserved,
    Visit,
    Volunteer,
    Window,
)
from volunteers.planning.engine.solve import solve

GOOD = Problem(
    2,
    (Slot("am", 0, 480, 690), Slot("pm", 0, 800, 1000), Slot("ev", 0, 1100, 1260), Slot("next", 1, 1920, 2100)),
    (
        Household("H1", "h1", 30, 2, (Window(0, 1000),), needs=("docs",)),
        Household("H2", "h1", 30, 2, (Window(0, 1000),), language="cjm", woman_wanted=True, officer=True),
        Household("H3", "h2", 30, 1, (Window(0, 600),)),
        Household("H4", "h1", 30, 1, (Window(0, 2880),)),
    ),
    (
        Volunteer("A", "h1", ("am", "pm", "ev", "next"), True, True, skills=("docs",), max_slots=4),
        Volunteer("B", "h1", ("am", "pm", "ev"), True, False, woman=True, languages=("vi", "cjm")),
        Volunteer("C", "h1", ("am", "pm", "ev"), True, False, officer=True, max_slots=2, max_visits_per_day=2),
        Volunteer("M", "h1", ("am", "pm", "next"), False, False),
        Volunteer("N", "h1", ("pm", "next"), False, True),
    ),
    fixed=(Fixed("H1", "am", ("A", "B", "C"), 485, 10),),
)
ROUND = Crew("am", "A", ("A", "B", "C"), (Visit("H1", 485, 515, 5), Visit("H2", 520, 550, 5)), 5)
PLAN = Plan((ROUND,), (Unserved("H3", "time"), Unserved("H4", "time")))


def crew(**facts: object) -> Plan:
    return replace(PLAN, crews=(replace(ROUND, **facts),))


def visits(first: Visit | None = None, second: Visit | None = None) -> Plan:
    return crew(visits=(first or ROUND.visits[0], second or ROUND.visits[1]))


def also(*more: Crew) -> Plan:
    return replace(PLAN, crews=(ROUND, *more))


def idle(slot: str, *members: str) -> Crew:
    return Crew(slot, members[0], members, ())


BREAKS: dict[str, Callable[[], Plan]] = {
    "crew_size": lambda: crew(members=("A",)),
    "no_adult_leader": lambda: crew(leader="B"),
    "minor_alone": lambda: also(idle("next", "N", "M")),
    "not_available": lambda: also(idle("next", "A", "B")),
    "double_booked": lambda: also(idle("am", "A", "M")),
    "slots_per_day": lambda: also(idle("pm", "A", "M"), idle("ev", "A", "B")),
    "max_slots": lambda: also(idle("pm", "A", "C"), idle("ev", "A", "C")),
    "visits_per_day": lambda: crew(visits=(*ROUND.visits, Visit("H4", 555, 585, 5))),
    "visited_twice": lambda: crew(visits=(*ROUND.visits, Visit("H2", 555, 585, 5))),
    "skill": lambda: crew(leader="B", members=("B", "C", "M")),
    "language": lambda: crew(members=("A", "C", "M")),
    "woman": lambda: crew(members=("A", "C", "M")),
    "officer": lambda: crew(members=("A", "B", "M")),
    "travel": lambda: visits(second=Visit("H2", 519, 549, 5)),
    "window": lambda: also(Crew("pm", "A", ("A", "B"), (Visit("H3", 810, 840, 8),), 8)),
    "slot_end": lambda: visits(second=Visit("H2", 656, 686, 5)),
    "fixed_broken": lambda: visits(first=Visit("H1", 496, 526, 5), second=Visit("H2", 531, 561, 5)),
    "unknown_id": lambda: replace(PLAN, unserved=(*PLAN.unserved, Unserved("H99", "time"))),
    "missing_household": lambda: replace(PLAN, unserved=PLAN.unserved[:1]),
    "duration": lambda: visits(first=Visit("H1", 485, 514, 5)),
    "past_changed": lambda: visits(second=Visit("H2", 521, 551, 5)),
}


def codes(problem: Problem, plan: Plan, **more: int) -> set[str]:
    return {violation.code for violation in check(problem, plan, **more)}


def test_the_good_plan_is_good() -> None:
    assert check(replace(GOOD, previous=PLAN), PLAN, started_by=800) == []


def test_every_code_has_its_break() -> None:
    assert set(BREAKS) == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_each_broken_rule_is_called_by_its_code(code: str) -> None:
    assert code in codes(replace(GOOD, previous=PLAN), BREAKS[code](), started_by=800)


@pytest.mark.parametrize("code", ["travel", "slot_end", "duration", "visits_per_day", "missing_household"])
def test_a_single_break_is_not_called_anything_else(code: str) -> None:
    assert codes(GOOD, BREAKS[code]()) - {"visited_twice"} == {code}


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (replace(PLAN, crews=()), "fixed_broken"),
        (crew(slot="pm"), "fixed_broken"),
        (crew(slot="nowhere"), "unknown_id"),
        (crew(members=("A", "B", "X")), "unknown_id"),
        (crew(members=("A", "A", "B")), "double_booked"),
        (crew(leader="C", members=("A", "B")), "no_adult_leader"),
        (replace(PLAN, unserved=(*PLAN.unserved, Unserved("H1", "time"))), "visited_twice"),
    ],
)
def test_other_ways_to_break_a_rule_are_seen_too(plan: Plan, code: str) -> None:
    assert code in codes(GOOD, plan)


def test_overlapping_slots_are_one_place_too_many() -> None:
    problem = replace(GOOD, slots=(*GOOD.slots, Slot("late-am", 0, 600, 800)))
    people = tuple(replace(v, slots=(*v.slots, "late-am")) for v in problem.volunteers)
    assert "double_booked" in codes(replace(problem, volunteers=people), also(idle("late-am", "A", "M")))


def test_a_promise_is_free_of_its_crew_when_a_member_is_gone() -> None:
    gone = replace(GOOD, volunteers=tuple(v for v in GOOD.volunteers if v.id != "B"), rules=Rules(crew_max=4))
    assert "fixed_broken" not in codes(gone, crew(members=("A", "C", "M")))
    late = (Visit("H1", 496, 526, 5), Visit("H2", 531, 561, 5))
    assert "fixed_broken" in codes(gone, crew(members=("A", "C", "M"), visits=late))


def test_a_visit_lies_in_one_window_not_across_two() -> None:
    split = replace(GOOD.households[0], windows=(Window(480, 500), Window(500, 600)))
    assert "window" in codes(replace(GOOD, households=(split, *GOOD.households[1:])), PLAN)


def test_random_damage_to_a_solved_plan_is_seen() -> None:
    problem = commune(80, 12, seed=11)
    plan = solve(problem, iterations=60)
    for i, out in enumerate(plan.crews):
        if not out.visits:
            continue
        others = [c for k, c in enumerate(plan.crews) if k != i]
        early = replace(out.visits[0], start=out.visits[0].start - 60, end=out.visits[0].end - 60)
        damaged = (
            replace(out, members=out.members[1:]),
            replace(out, visits=out.visits[1:]),
            replace(out, visits=(early, *out.visits[1:])),
            replace(out, visits=tuple(reversed(out.visits))) if len(out.visits) > 1 else replace(out, slot="?"),
            replace(out, leader="nobody"),
        )
        for bad in damaged:
            assert check(problem, replace(plan, crews=(*others, bad)))
