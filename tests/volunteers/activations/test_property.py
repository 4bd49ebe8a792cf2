"""Whatever happens in whatever order: the tallies are those of the ledger, and nobody is counted twice."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from project.lib.refusal import Refusal
from tests.factories.people import make_member, make_team
from tests.factories.work import make_crew, make_person, make_session, make_visit
from tests.volunteers.field.walk import take_walk
from volunteers.activations import actions
from volunteers.activations.models import Delta, Event, Rollup, Standing
from volunteers.activations.queries import tallies_of
from volunteers.activations.rules import RUNGS, Fact, changes, replay, tallies
from volunteers.visits.models import Visit

# (verb, which of the persons or claims, rung, own device)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "claim", "claim", "withdraw", "reject", "verify", "clear", "fold"]),
        st.integers(0, 7),
        st.sampled_from(RUNGS),
        st.booleans(),
    ),
    max_size=14,
)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_tallies_are_those_of_the_ledger_after_any_sequence(
    steps: list[tuple[str, int, str, bool]], scene: dict[str, Any]
) -> None:
    scene["reset"]()
    claims: list[Event] = []
    for verb, which, rung, own in steps:
        try:
            if verb == "claim":
                visit, by = scene["visits"][which % 2]
                person = scene["persons"][which % 3]
                done = actions.record_outcome(person, "vneid_l2", rung, by=by, visit=visit, own_device=own, own_sim=own)
                claims.append(done.event)
            elif verb == "fold":
                actions.fold(3)
            elif claims:
                claim = claims[which % len(claims)]
                if verb == "withdraw":
                    actions.withdraw(claim, by=claim.recorded_by)
                elif verb == "reject":
                    actions.reject(claim, by=scene["lead"], reason="")
                elif verb == "verify":
                    actions.verify(claim, by=scene["lead"])
                else:
                    actions.clear(claim, by=scene["lead"], rung=rung)
        except Refusal:
            pass
        assert actions.recount()["wrong"] == 0
    figures = tallies_of(scene["commune"])
    for rung in RUNGS:
        reached = naive(claims, rung)
        assert figures.get(("vneid_l2", rung, "reported"), 0) == len(reached) <= 3
        assert figures.get(("vneid_l2", rung, "verified"), 0) <= len(reached)
        assert {row.person_id for row in Standing.objects.all() if rung in row.reached} == reached


def naive(claims: list[Event], rung: str) -> set[Any]:
    """Who has a live claim that goes so high: told from the events alone, without any standing."""
    persons = set()
    for claim in claims:
        answers = list(Event.objects.filter(claim=claim).order_by("number"))
        if any(answer.kind in ("withdrawal", "rejection") for answer in answers):
            continue
        cleared = [answer.rung for answer in answers if answer.kind == "clearance"]
        height = cleared[-1] if cleared else ("" if claim.flag == "not_own_device" else claim.rung)
        if height and RUNGS.index(height) >= RUNGS.index(rung):
            persons.add(claim.person_id)
    return persons


@pytest.fixture
def scene(db: None) -> dict[str, Any]:
    """Two teams, three persons of one household, a lead."""
    walk = take_walk()
    team = make_team(walk.cast.commune, "Đoàn thanh niên")
    other = make_member(team, may_lead=True)
    second = make_visit(make_session(walk.cast.commune, team, kind="sunday"), walk.household, None)
    second.crew = make_crew(second.session, other)
    second.save()
    persons = [walk.person, make_person(walk.household, "B"), make_person(walk.household, "C")]

    def reset() -> None:
        Event.objects.exclude(kind="claim").delete()
        for model in (Event, Standing, Delta, Rollup):
            model.objects.all().delete()

    return {
        "visits": [(walk.visit, walk.cast.tung), (Visit.objects.get(pk=second.pk), other.user)],
        "persons": persons, "lead": walk.cast.minh, "commune": walk.cast.commune, "reset": reset,
    }  # fmt: skip


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["claim", "withdrawal", "rejection", "verification", "clearance"]),
            st.integers(0, 5), st.sampled_from(RUNGS), st.booleans(),
        ),
        max_size=25,
    )
)  # fmt: skip
def test_a_rung_never_changes_hands_while_its_claim_lives(steps: list[tuple[str, int, str, bool]]) -> None:
    facts: list[Fact] = []
    claims: list[str] = []
    for number, (kind, which, rung, waits) in enumerate(steps):
        name = f"e{number}"
        if kind == "claim":
            claims.append(name)
            fact = Fact(name, kind, "", rung, ("h", "t", "round", f"2026-11-{number + 1:02}"), waits)
        elif claims:
            fact = Fact(name, kind, claims[which % len(claims)], rung, ("h", "t", "round", "2026-12-01"))
        else:
            continue
        before, after = replay(facts), replay([*facts, fact])
        moved = changes(before, after)
        if kind in ("claim", "verification"):  # nothing that is counted is ever taken away by them
            assert all(amount > 0 for _tally, amount in moved)
            assert all(after[rung].claim == before[rung].claim for rung in before)
        assert all(amount in (-1, 1) for _tally, amount in moved)
        # A rung reached means all below it are reached.
        assert list(after) == list(RUNGS[: len(after)])
        summed = tallies(before)
        for tally, amount in moved:
            summed[tally] += amount
        assert +summed == tallies(after)
        facts.append(fact)
