"""The ledger's verbs, who may call them, and the figures: by place, child, day, team; fold; recount; mergers."""

import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from learning.catalog import forget_services
from learning.models import Service
from project.lib.clock import FrozenClock, today
from project.lib.refusal import Refusal
from tests.factories.areas import make_hamlet
from tests.factories.work import make_household, make_person, make_visit
from tests.volunteers.field.walk import Walk, take_walk
from volunteers.activations import actions, queries
from volunteers.activations.models import Delta, Event, FoldDue, Rollup, Standing
from volunteers.activations.tasks import fold_deltas, nudge_fold, sweep_deltas
from volunteers.areas.models import Area, AreaSuccession
from volunteers.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(monday: FrozenClock) -> Walk:
    """Monday, eight o'clock."""
    return take_walk()


def claim(walk: Walk, rung: str = "activated", **more: Any) -> actions.Recorded:
    """Tùng's claim at the walk's door."""
    values: dict[str, Any] = {"by": walk.cast.tung, "visit": walk.visit, "own_device": True, "own_sim": True} | more
    person = values.pop("person", walk.person)
    return actions.record_outcome(person, values.pop("service", "vneid_l2"), rung, **values)


def reported(area: Area, rung: str = "activated", state: str = "reported", **days: date) -> int:
    """One figure."""
    return queries.tallies_of(area, **days).get(("vneid_l2", rung, state), 0)


def test_a_promotion_never_changes_an_older_day(walk: Walk, monday: FrozenClock) -> None:
    first = today()
    claim(walk, "registered")
    monday.advance(timedelta(days=2))
    claim(walk, "activated")
    assert queries.tallies_by_day(walk.cast.commune, "vneid_l2", "registered") == {(first, "reported"): 1}
    assert queries.tallies_by_day(walk.cast.commune, "vneid_l2", "activated") == {(today(), "reported"): 1}
    assert reported(walk.cast.commune, "registered", from_on=today()) == 0
    assert reported(walk.cast.commune, "activated", to_on=first) == 0


def test_the_next_claim_takes_its_place_on_its_own_key(walk: Walk, monday: FrozenClock) -> None:
    first = claim(walk)
    monday.advance(timedelta(days=1))
    second = claim(walk, by=walk.cast.hoa)
    assert (second.is_counted, second.flag) == (False, "duplicate_claim")
    actions.withdraw(first.event, by=walk.cast.tung)
    assert queries.tallies_by_day(walk.cast.commune, "vneid_l2", "activated") == {(today(), "reported"): 1}
    assert Standing.objects.get().reached["activated"]["event"] == str(second.event.pk)
    actions.reject(second.event, by=walk.cast.minh, reason="không đúng")
    assert queries.tallies_of(walk.cast.commune) == {}
    assert actions.recount()["wrong"] == 0


def test_verified_stands_beside_reported(walk: Walk) -> None:
    done = claim(walk)
    actions.verify(done.event, by=walk.cast.minh)
    actions.verify(done.event, by=walk.cast.lan)
    assert (reported(walk.cast.commune), reported(walk.cast.commune, state="verified")) == (1, 1)
    assert Event.objects.filter(kind="verification").count() == 1
    actions.reject(done.event, by=walk.cast.minh, reason="")
    assert (reported(walk.cast.commune), reported(walk.cast.commune, state="verified")) == (0, 0)


def test_a_lead_lowers_or_accepts_what_was_not_on_the_own_device(walk: Walk) -> None:
    done = claim(walk, own_sim=False)
    assert (done.is_counted, done.flag, queries.tallies_of(walk.cast.commune)) == (False, "not_own_device", {})
    assert list(queries.open_flags(walk.cast.minh)) == [done.event]
    actions.clear(done.event, by=walk.cast.minh, rung="registered")
    assert (reported(walk.cast.commune, "registered"), reported(walk.cast.commune, "activated")) == (1, 0)
    actions.clear(done.event, by=walk.cast.minh)
    assert reported(walk.cast.commune, "activated") == 1
    assert not queries.open_flags(walk.cast.minh).exists()
    with pytest.raises(Refusal):
        actions.clear(done.event, by=walk.cast.minh, rung="did_alone")
    assert actions.recount()["wrong"] == 0


def test_a_service_without_own_device_is_counted_all_the_same(walk: Walk) -> None:
    Service.objects.filter(code="docs").update(needs_own_device=False)
    forget_services()
    assert claim(walk, service="docs", own_device=False, own_sim=False).is_counted


def test_safety_knows_one_rung_only(walk: Walk) -> None:
    assert claim(walk, "briefed", service="safety").is_counted
    for service, rung in (("safety", "registered"), ("vneid_l2", "flown"), ("nothing", "briefed")):
        with pytest.raises(Refusal):
            claim(walk, rung, service=service)


def test_what_does_not_fit_is_refused(walk: Walk) -> None:
    with pytest.raises(Refusal):
        claim(walk, person=make_person(make_household(walk.cast.h1)))
    with pytest.raises(Refusal):
        claim(walk, "referred", referred_to=walk.session)
    walk.person.is_refusing_record = True
    walk.person.save()
    with pytest.raises(Refusal) as refusal:
        claim(walk)
    assert refusal.value.code == "no_consent"
    assert not Event.objects.exists()


def test_who_may_do_what(walk: Walk) -> None:
    with pytest.raises(PermissionDenied):
        claim(walk, by=walk.cast.son)
    event = claim(walk).event
    for weak in (walk.cast.son, walk.cast.tung, walk.cast.hoa):
        for verb in (
            lambda by: actions.verify(event, by=by),
            lambda by: actions.reject(event, by=by, reason=""),
            lambda by: actions.clear(event, by=by),
        ):
            with pytest.raises(PermissionDenied):
                verb(weak)
    with pytest.raises(PermissionDenied):
        actions.withdraw(event, by=walk.cast.son)
    actions.withdraw(event, by=walk.cast.hoa)  # the leader of the team may
    entries = set(AuditEntry.objects.values_list("action", "actor_id"))
    assert {("outcome.recorded", walk.cast.tung.pk), ("outcome.withdrawn", walk.cast.hoa.pk)} <= entries


def test_the_ledger_tells_the_hamlet_of_the_time(walk: Walk) -> None:
    claim(walk)
    walk.household.hamlet = walk.cast.h2
    walk.household.save()
    walk.visit.household.refresh_from_db()
    claim(walk, "did_alone")
    assert (reported(walk.cast.h1), reported(walk.cast.h2, "did_alone"), reported(walk.cast.h2)) == (1, 1, 0)


def test_figures_by_child_and_by_team(walk: Walk) -> None:
    claim(walk)
    other = make_household(walk.cast.h2)
    claim(walk, "briefed", person=make_person(other), visit=make_visit(walk.session, other, walk.crew))
    by_hamlet = queries.tallies_by_child(walk.cast.commune)
    assert set(by_hamlet) == {"25396-h1", "25396-h2"}
    assert by_hamlet["25396-h2"] == {("vneid_l2", "briefed", "reported"): 1}
    assert queries.tallies_by_child(walk.cast.province) == {"25396": queries.tallies_of(walk.cast.commune)}
    assert queries.tallies_of_team(walk.cast.team) == queries.tallies_of(walk.cast.commune)
    assert queries.tallies_by_team(walk.cast.commune) == {walk.cast.team.pk: queries.tallies_of(walk.cast.commune)}
    assert queries.tallies_of_team(walk.cast.far_team) == {}
    assert [event.rung for event in queries.outcomes_of_visit(walk.visit.pk)] == ["activated"]


def test_a_fold_shows_in_no_figure(walk: Walk) -> None:
    claim(walk)
    actions.verify(Event.objects.get(), by=walk.cast.minh)
    before = queries.tallies_of(walk.cast.commune)
    assert Delta.objects.count() == 8
    assert actions.fold(3) == 3
    assert queries.tallies_of(walk.cast.commune) == before
    while actions.fold(3):
        continue
    assert (Delta.objects.count(), Rollup.objects.count()) == (0, 8)
    actions.withdraw(Event.objects.get(kind="claim"), by=walk.cast.tung)
    assert queries.tallies_of(walk.cast.commune) == {}
    actions.fold()
    assert queries.tallies_of(walk.cast.commune) == {}
    assert actions.recount()["wrong"] == 0


def test_every_figure_is_one_statement(walk: Walk, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    claim(walk)
    for read in (
        lambda: queries.tallies_of(walk.cast.commune, from_on=today(), to_on=today()),
        lambda: queries.tallies_by_child(walk.cast.province),
        lambda: queries.tallies_by_day(walk.cast.h1, "vneid_l2", "activated"),
        lambda: queries.tallies_of_team(walk.cast.team),
        lambda: queries.tallies_by_team(walk.cast.commune),
    ):
        with django_assert_num_queries(1):
            assert read()


def test_present_figures_follow_a_merged_hamlet_and_the_ledger_does_not(walk: Walk) -> None:
    claim(walk)
    h3 = make_hamlet(walk.cast.commune, "h3")
    moved = make_hamlet(walk.cast.far, "h9")
    AreaSuccession.objects.create(old=walk.cast.h1, new=walk.cast.h2, on=today())
    assert (reported(walk.cast.h2), reported(walk.cast.commune)) == (1, 1)
    assert set(queries.tallies_by_child(walk.cast.commune)) == {"25396-h2"}
    AreaSuccession.objects.create(old=walk.cast.h2, new=h3, on=today())
    assert (reported(h3), reported(walk.cast.h2), reported(walk.cast.commune)) == (1, 0, 1)
    AreaSuccession.objects.create(old=h3, new=moved, on=today())
    assert (reported(walk.cast.commune), reported(walk.cast.far), reported(walk.cast.province)) == (0, 1, 1)
    assert set(queries.tallies_by_child(walk.cast.province)) == {"26041"}
    assert reported(walk.cast.h1) == 1  # its own history stays what it was
    assert Event.objects.get().hamlet == walk.cast.h1
    assert actions.recount()["wrong"] == 0


def test_recount_finds_and_mends_what_is_wrong(walk: Walk) -> None:
    claim(walk)
    actions.fold()
    Rollup.objects.filter(rung="activated").update(count=5)
    Standing.objects.update(reached={})
    out = io.StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("recount", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (stop.value.code, told["checked"], told["wrong"], told["fixed"]) == (1, 5, 2, 0)
    with pytest.raises(SystemExit):
        call_command("recount", "--fix", stdout=io.StringIO(), stderr=io.StringIO())
    out = io.StringIO()
    call_command("recount", "--json", stdout=out)
    assert json.loads(out.getvalue())["wrong"] == 0
    assert reported(walk.cast.commune) == 1
    assert "activated" in Standing.objects.get().reached


def test_recount_builds_tallies_and_standings_from_events_alone(walk: Walk) -> None:
    claim(walk)
    before = queries.tallies_of(walk.cast.commune)
    for model in (Delta, Rollup, Standing):
        model.objects.all().delete()
    assert actions.recount(fix=True)["wrong"] == 5
    assert queries.tallies_of(walk.cast.commune) == before
    assert claim(walk, "did_alone").is_counted


def test_one_nudge_asks_for_one_fold(
    walk: Walk, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("volunteers.activations.tasks.nudge", lambda *args, **more: asked.append((args, more)))
    for _turn in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            nudge_fold()
    assert [more for _args, more in asked] == [{"delay": 2}]
    claim(walk)
    fold_deltas.call_local()
    assert not FoldDue.objects.get().is_due
    assert not Delta.objects.exists()
    claim(walk, "did_alone")
    sweep_deltas.call_local()
    assert not Delta.objects.exists()
