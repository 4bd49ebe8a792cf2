"""Replanning: what has started is untouched, what was promised mostly stays, people who are gone do not go out."""

from dataclasses import replace

import pytest

from tests.bench.instances import commune
from volunteers.planning.engine.checker import check
from volunteers.planning.engine.explain import insertable
from volunteers.planning.engine.problem import Fixed, Household, PlannerError, Problem, Window
from volunteers.planning.engine.replan import (
    CancelSlot,
    DropOut,
    NewHousehold,
    WindowChange,
    apply_events,
    diff,
    read_events,
    replan,
)
from volunteers.planning.engine.solution import places
from volunteers.planning.engine.solve import solve

PROBLEM = commune(120, 16, seed=4)
PLAN = solve(PROBLEM, iterations=200)


def busiest(problem: Problem = PROBLEM) -> str:
    turns = {v.id: sum(len(c.visits) for c in PLAN.crews if v.id in c.members) for v in problem.volunteers}
    return max(sorted(turns), key=lambda name: turns[name])


def test_a_volunteer_who_drops_out_goes_nowhere_and_most_appointments_stay() -> None:
    name = busiest()
    new, change, problem = replan(PROBLEM, PLAN, [DropOut(name, 1440)], started_by=1440, iterations=150)
    assert check(problem, new, started_by=1440) == []
    assert insertable(problem, new) == []
    day = {s.id: s.day for s in PROBLEM.slots}
    assert all(day[c.slot] == 0 for c in new.crews if name in c.members)
    assert [c for c in new.crews if day[c.slot] == 0] == [c for c in PLAN.crews if day[c.slot] == 0]
    before = len(places(PLAN))
    assert len(change.kept) >= 0.7 * before  # of 16 people the busiest is gone, with a fifth of all visits
    assert new.metrics.weight_served >= 0.85 * PLAN.metrics.weight_served
    assert len(change.kept) + len(change.shifted) + len(change.moved) + len(change.dropped) == before


def test_nothing_happened_nothing_changes_for_the_worse() -> None:
    new, change, problem = replan(PROBLEM, PLAN, [], iterations=100)
    assert check(problem, new) == []
    assert change.dropped == change.moved == change.shifted == ()
    assert change.people_changed == ()
    assert new.metrics.weight_served >= PLAN.metrics.weight_served


def test_a_cancelled_slot_is_empty_and_its_doors_are_offered_elsewhere() -> None:
    slot = max(PLAN.crews, key=lambda c: len(c.visits)).slot
    new, change, problem = replan(PROBLEM, PLAN, [CancelSlot(slot)], iterations=100)
    assert check(problem, new) == []
    assert all(c.slot != slot for c in new.crews)
    gone = {v.household for c in PLAN.crews if c.slot == slot for v in c.visits}
    assert gone == {name for name in gone if name in change.moved or name in change.dropped}
    assert change.moved


def test_a_new_door_and_changed_times_are_taken_up() -> None:
    first = next(c for c in PLAN.crews if c.visits)
    door = next(h for h in PROBLEM.households if h.id == first.visits[0].household)
    events = [
        NewHousehold(replace(door, id="H-new", windows=tuple(Window(d * 1440, d * 1440 + 1440) for d in range(7)))),
        WindowChange(first.visits[-1].household, (Window(0, 300),)),
    ]
    new, change, problem = replan(PROBLEM, PLAN, events, iterations=100)
    assert check(problem, new) == []
    assert first.visits[-1].household in change.dropped
    assert {u.household: u.code for u in new.unserved}[first.visits[-1].household] == "no_window"
    assert "H-new" in places(new) or "H-new" in {u.household for u in new.unserved}


def test_promises_of_a_crew_that_lost_a_member_keep_their_time_or_are_dropped() -> None:
    crew = max(PLAN.crews, key=lambda c: len(c.visits))
    fixed = tuple(Fixed(v.household, crew.slot, crew.members, v.start, 15) for v in crew.visits)
    problem = replace(PROBLEM, fixed=fixed)
    assert check(problem, PLAN) == []
    for name in crew.members:
        new, change, after = replan(problem, PLAN, [DropOut(name)], iterations=60)
        assert check(after, new) == []
        for promise in fixed:
            if promise.household in places(new):
                assert abs(places(new)[promise.household][1].start - promise.start) <= 15
            else:
                assert promise.household in change.dropped


def test_everybody_gone_leaves_an_empty_explained_plan() -> None:
    new, change, problem = replan(PROBLEM, PLAN, [DropOut(v.id) for v in PROBLEM.volunteers], iterations=20)
    assert check(problem, new) == []
    assert new.crews == ()
    assert len(change.dropped) == len(places(PLAN))


def test_it_is_the_same_each_time() -> None:
    events = [DropOut(busiest(), 1440)]
    runs = [replan(PROBLEM, PLAN, events, started_by=1440, seed=3, iterations=40)[:2] for _ in range(2)]
    assert runs[0] == runs[1]


def test_the_difference_counts_each_visit_once() -> None:
    assert diff(PLAN, PLAN).kept == tuple(places(PLAN))
    empty = replace(PLAN, crews=())
    assert diff(PLAN, empty).dropped == diff(empty, PLAN).added == tuple(places(PLAN))
    assert {c for _, _, c in diff(PLAN, empty).people_changed} == {"out"}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([{"drop_out": "V-000", "cancel_slot": "d0-am"}], r"\[0\]: must be one of"),
        ([{"drop_out": "V-000", "when": 3}], r"\[0\]\.when: is not a known key"),
        ([{"drop_out": "V-000", "from": "soon"}], r"\[0\]\.from: must be a whole number"),
        ([{"drop_out": 7}], r"\[0\]\.drop_out: must be an id"),
        ([{"window_change": {"household": "H-0000"}}], r"\[0\]\.window_change: must have"),
        ([{"new_household": {"id": "H-x"}}], r"\[0\]\.new_household\.\w+: is missing"),
        ("drop_out", r"\[0\]: must be an object"),
    ],
)
def test_events_that_make_no_sense_are_refused_with_their_place(value: object, words: str) -> None:
    with pytest.raises(PlannerError, match=words):
        read_events(value)


def test_events_are_read_with_their_moment() -> None:
    events, moment = read_events([{"drop_out": "V-001", "from": 2880}, {"cancel_slot": "d3-pm", "from": 1440}])
    assert events == [DropOut("V-001", 2880), CancelSlot("d3-pm")]
    assert moment == 1440


def test_events_cannot_touch_what_is_unknown_or_has_started() -> None:
    visit = next(c for c in PLAN.crews if c.slot.startswith("d0")).visits[0]
    for event, words in (
        (DropOut("V-999"), "no volunteer V-999"),
        (CancelSlot("d9-am"), "no slot d9-am"),
        (CancelSlot("d0-am"), "slot d0-am has already started"),
        (WindowChange(visit.household, ()), "has already started"),
        (NewHousehold(Household(visit.household, "h1", 30, 1, ())), "is there already"),
    ):
        with pytest.raises(PlannerError, match=words):
            apply_events(PROBLEM, PLAN, [event], started_by=1440)


def test_a_door_promised_by_a_crew_that_is_gone_goes_before_heavier_ones() -> None:
    window = (Window(480, 530),)
    people = tuple(
        replace(v, slots=("d0-am",), hamlet="h1", lat=None, lon=None, skills=(), leader=True, adult=True, max_slots=1)
        for v in PROBLEM.volunteers[:2]
    )
    doors = tuple(Household(name, "h1", 30, weight, window) for name, weight in (("promised", 1), ("heavy", 5)))
    fixed = (Fixed("promised", "d0-am", ("gone", people[0].id), 485),)
    problem = replace(PROBLEM, households=doors, volunteers=people, fixed=fixed)
    plan = solve(problem, iterations=50)
    assert check(problem, plan) == []
    assert list(places(plan)) == ["promised"]


def test_an_earlier_plan_with_crews_of_another_size_is_mended() -> None:
    problem = replace(PROBLEM, rules=replace(PROBLEM.rules, crew_min=3, crew_max=3), previous=PLAN)
    plan = solve(problem, iterations=20)
    assert check(problem, plan) == []
