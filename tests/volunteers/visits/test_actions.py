"""The life of a visit: scheduled, moved, cancelled, begun, finished, swept; what a result does to the household."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from project.lib.clock import FrozenClock, now, today
from project.lib.refusal import Refusal
from tests.factories.people import make_member
from tests.factories.work import make_crew, make_household, make_session, make_visit
from tests.volunteers.field.walk import Walk, take_walk
from volunteers.activations.actions import record_outcome, settle_household, withdraw
from volunteers.audit.models import AuditEntry
from volunteers.households.models import Household
from volunteers.requests.models import HelpRequest
from volunteers.targets.models import Campaign
from volunteers.visits import actions
from volunteers.visits.models import Visit
from volunteers.visits.queries import door_of, running_campaign, times_not_home, visit_to_record
from volunteers.visits.tasks import sweep_unreached

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(monday: FrozenClock) -> Walk:
    """Monday, eight o'clock; the session began at seven."""
    return take_walk()


def finish(walk: Walk, result: str, **more: Any) -> Visit:
    """Tùng finishes a new visit at the same door in a new session."""
    session = make_session(walk.cast.commune, walk.cast.team, starts_at=now())
    visit = make_visit(session, walk.household, make_crew(session, walk.cast.hoa_member, walk.cast.tung_member))
    done = actions.finish_visit(visit, by=walk.cast.tung, result=result, **more)
    walk.household.refresh_from_db()
    return done


def test_a_lead_schedules_a_visit_once(walk: Walk) -> None:
    door, start = make_household(walk.cast.h2), walk.session.starts_at
    values: dict[str, Any] = {"team": walk.cast.team, "start": start, "end": start + timedelta(minutes=30)}
    visit = actions.schedule_visit(door, walk.session, by=walk.cast.minh, crew=walk.crew, **values)
    assert (visit.status, visit.crew) == ("planned", walk.crew)
    with pytest.raises(Refusal):
        actions.schedule_visit(door, walk.session, by=walk.cast.minh, **values)
    with pytest.raises(PermissionDenied):
        actions.schedule_visit(make_household(walk.cast.h2), walk.session, by=walk.cast.hoa, **values)
    door.status = Household.Status.REFUSED
    with pytest.raises(Refusal):
        actions.schedule_visit(door, make_session(walk.cast.commune, walk.cast.team), by=walk.cast.minh, **values)
    assert AuditEntry.objects.filter(action="visit.scheduled", actor_id=walk.cast.minh.pk).count() == 1


def test_the_leader_moves_a_visit_to_another_crew(walk: Walk) -> None:
    session = make_session(walk.cast.commune, walk.cast.team, starts_at=now() + timedelta(days=1))
    crew = make_crew(session, walk.cast.hoa_member)
    moved = actions.reschedule_visit(walk.visit, by=walk.cast.hoa, crew=crew)
    assert (moved.session, moved.crew, moved.planned_start) == (session, crew, session.starts_at)
    assert moved.planned_end - moved.planned_start == timedelta(minutes=30)
    for nobody in (walk.cast.tung, walk.cast.son):
        with pytest.raises(PermissionDenied):
            actions.reschedule_visit(walk.visit, by=nobody, to=now())
    actions.start_visit(moved, by=walk.cast.hoa)
    with pytest.raises(Refusal):
        actions.reschedule_visit(moved, by=walk.cast.hoa, to=now())


def test_a_cancelled_visit_cannot_be_recorded(walk: Walk) -> None:
    actions.cancel_visit(walk.visit, by=walk.cast.hoa)
    for verb in (
        lambda: actions.start_visit(walk.visit, by=walk.cast.tung),
        lambda: actions.finish_visit(walk.visit, by=walk.cast.tung, result="done"),
    ):
        with pytest.raises(Refusal) as refusal:
            verb()
        assert refusal.value.code == "visit_cancelled"
    with pytest.raises(PermissionDenied):
        actions.cancel_visit(walk.visit, by=walk.cast.tung)


def test_a_stranger_records_nothing(walk: Walk) -> None:
    outsider = make_member(walk.cast.team).user
    for nobody in (walk.cast.son, outsider):
        with pytest.raises(PermissionDenied):
            actions.start_visit(walk.visit, by=nobody)
        with pytest.raises(PermissionDenied):
            actions.finish_visit(walk.visit, by=nobody, result="done")
        assert visit_to_record(nobody, walk.visit.pk) is None
        assert door_of(nobody, walk.household.pk) is None


def test_an_old_visit_may_still_be_recorded(walk: Walk, monday: FrozenClock) -> None:
    monday.advance(timedelta(days=40))
    assert not Visit.objects.visible_to(walk.cast.tung).exists()
    assert visit_to_record(walk.cast.tung, walk.visit.pk) == walk.visit


def test_starting_twice_keeps_the_first_time(walk: Walk, monday: FrozenClock) -> None:
    actions.start_visit(walk.visit, by=walk.cast.tung)
    first = now()
    monday.advance(timedelta(minutes=5))
    assert actions.start_visit(walk.visit, by=walk.cast.hoa).started_at == first


def test_nobody_at_home_three_times_means_call_first(walk: Walk) -> None:
    for count in (1, 2, 3):
        assert finish(walk, "not_home").status == "missed"
        assert (walk.household.status, walk.household.not_home_count) == ("waiting", count)
        assert walk.household.needs_call_first is (count == 3)
    finish(walk, "done")
    assert walk.household.not_home_count == 0


def test_a_new_campaign_counts_nobody_at_home_anew(walk: Walk, monday: FrozenClock) -> None:
    finish(walk, "not_home")
    monday.advance(timedelta(days=1))
    Campaign.objects.create(
        slug="dot-2", name="Đợt 2", area=walk.cast.commune, starts_on=today(), ends_on=today() + timedelta(days=30)
    )
    province = Campaign.objects.create(
        slug="tinh", name="Tỉnh", area=walk.cast.province, starts_on=today(), ends_on=today() + timedelta(days=30)
    )
    finish(walk, "not_home")
    assert walk.household.not_home_count == times_not_home(walk.household, today()) == 1
    assert getattr(running_campaign(walk.cast.commune, today()), "slug", "") == "dot-2"
    assert running_campaign(walk.cast.far, today()) == province


def test_come_back_is_a_promise_until_the_next_result(walk: Walk) -> None:
    window = [{"days": [1], "start": 480, "end": 600}]
    visit = finish(walk, "come_back", come_back_on=today() + timedelta(days=3), good_time=window)
    assert visit.status == "missed"
    assert (walk.household.come_back_on, walk.household.come_back_good_time) == (today() + timedelta(days=3), window)
    finish(walk, "not_home")
    assert (walk.household.come_back_on, walk.household.come_back_good_time) == (None, [])


@pytest.mark.parametrize(
    ("result", "visit", "household"),
    [("refused", "completed", "refused"), ("moved_away", "completed", "moved"), ("cannot_serve", "missed", "waiting")],
)
def test_a_result_and_the_pool(walk: Walk, result: str, visit: str, household: str) -> None:
    assert finish(walk, result, blocker="no_phone").status == visit
    assert (walk.household.status, walk.household.blocker) == (household, "no_phone")
    assert (walk.household in Household.objects.pool()) is (household == "waiting")


def test_done_leaves_the_pool_only_when_every_need_is_done(walk: Walk) -> None:
    finish(walk, "done")
    settle_household(walk.household, by=None)
    walk.household.refresh_from_db()
    assert walk.household.status == "waiting"
    done = record_outcome(
        walk.person, "vneid_l2", "activated", by=walk.cast.tung, visit=walk.visit, own_device=True, own_sim=True
    )
    walk.household.refresh_from_db()
    assert walk.household.status == "served"
    withdraw(done.event, by=walk.cast.tung)
    walk.household.refresh_from_db()
    assert walk.household.status == "waiting"


def test_a_result_that_nobody_knows_is_refused(walk: Walk) -> None:
    for result in ("not_reached", "whatever"):
        with pytest.raises(Refusal):
            actions.finish_visit(walk.visit, by=walk.cast.tung, result=result)


def test_who_finished_may_correct_and_others_may_not(walk: Walk) -> None:
    actions.finish_visit(walk.visit, by=walk.cast.tung, result="refused")
    with pytest.raises(Refusal):
        actions.finish_visit(walk.visit, by=walk.cast.hoa, result="done", is_correction=True)
    with pytest.raises(Refusal):
        actions.reopen_visit(walk.visit, by=walk.cast.hoa)
    assert actions.finish_visit(walk.visit, by=walk.cast.tung, result="done", is_correction=True).result == "done"
    assert actions.reopen_visit(walk.visit, by=walk.cast.tung).status == "started"


def test_a_visit_that_went_well_answers_the_request(walk: Walk) -> None:
    request = HelpRequest.objects.create(
        code="ABCD234567", area=walk.cast.commune, topic="vneid_l2", phone="+84912345678", status="assigned",
        team=walk.cast.team,
    )  # fmt: skip
    walk.visit.request = request
    walk.visit.save()
    actions.finish_visit(walk.visit, by=walk.cast.tung, result="done")
    request.refresh_from_db()
    assert request.status == "done"


def test_what_nobody_began_is_not_reached_a_day_after_the_session(walk: Walk, monday: FrozenClock) -> None:
    started = make_visit(walk.session, make_household(walk.cast.h1), walk.crew, status="started", started_at=now())
    monday.move_to(walk.session.ends_at + timedelta(hours=23))
    sweep_unreached.call_local()
    walk.visit.refresh_from_db()
    assert walk.visit.status == "planned"
    monday.move_to(walk.session.ends_at + timedelta(hours=24))
    sweep_unreached.call_local()
    walk.visit.refresh_from_db()
    started.refresh_from_db()
    assert (walk.visit.status, walk.visit.result, started.status) == ("missed", "not_reached", "started")
    # The phone that comes late tells how it really was.
    assert actions.finish_visit(walk.visit, by=walk.cast.tung, result="done").status == "completed"
