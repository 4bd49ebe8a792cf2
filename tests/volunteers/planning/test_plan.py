"""From the pool to published sessions: the adapter, the child process, the proposal, publishing."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from project.lib.clock import FrozenClock, now, today
from tests.cast import Cast
from tests.factories.people import make_member
from tests.factories.work import make_crew, make_household, make_service, make_session, make_visit
from volunteers.audit.models import AuditEntry
from volunteers.availability.actions import add_exception, paint_week
from volunteers.availability.rules import BLOCKS
from volunteers.households.models import Household
from volunteers.planning.actions import claim_run, discard_plan, publish_plan, request_plan, stop_plan
from volunteers.planning.adapter import problem_for
from volunteers.planning.models import PlanRun
from volunteers.planning.tasks import check, work_on
from volunteers.sessions.models import Holiday, Session
from volunteers.teams.models import Membership
from volunteers.visits.models import Visit

WHOLE_WEEK = [(weekday, key) for weekday in range(7) for key in BLOCKS]


@pytest.fixture
def ready(cast: Cast) -> list[Household]:
    """Hoa and Tùng free all week and skilled, ten doors waiting in two hamlets."""
    service = make_service("vneid_l2")
    for member in (cast.hoa_member, cast.tung_member):
        paint_week(member, WHOLE_WEEK, by=member.user)
        member.skills.add(service)
    doors = [make_household(cast.h1 if number % 2 else cast.h2, lane_order=number) for number in range(10)]
    for door in doors:
        door.needs.add(service)
    return doors


def solved(cast: Cast, *, days: int = 3, seconds: int = 1) -> PlanRun:
    """A run that went through the real child process."""
    first = today() + timedelta(days=1)
    run = request_plan(
        cast.commune, from_on=first, to_on=first + timedelta(days=days - 1), seconds=seconds, by=cast.minh
    )
    claimed = claim_run(run.pk)
    assert claimed is not None
    work_on(claimed)
    return PlanRun.objects.get(pk=run.pk)


def test_it_plans_publishes_and_everybody_is_in_a_pair(cast: Cast, ready: list[Household]) -> None:
    run = solved(cast)
    assert run.status == PlanRun.Status.DONE, run.message
    assert run.proposal.violations == []
    assert run.proposal.baseline["visits"] > 0
    assert run.progress
    sessions = publish_plan(run, by=cast.minh)
    visits = Visit.objects.filter(session__in=sessions)
    assert visits.count() == len(ready)
    assert {visit.team for visit in visits} == {cast.team}
    for session in sessions:
        for crew in session.crews.all():
            assert set(crew.members.all()) == {cast.hoa_member, cast.tung_member}
            assert crew.leader == cast.hoa_member
    assert set(Visit.objects.visible_to(cast.tung)) == set(visits)
    assert AuditEntry.objects.filter(action="plan.published", object_id=str(run.pk)).count() == 1


def test_a_second_publish_is_refused(cast: Cast, ready: list[Household]) -> None:
    run = solved(cast)
    publish_plan(run, by=cast.minh)
    count = Visit.objects.count()
    with pytest.raises(ValidationError):
        publish_plan(run, by=cast.minh)
    assert Visit.objects.count() == count


def test_a_proposal_that_the_world_has_overtaken_is_refused(cast: Cast, ready: list[Household]) -> None:
    run = solved(cast)
    gone = Membership.objects.get(pk=cast.tung_member.pk)
    gone.left_on = today()
    gone.save()
    with pytest.raises(ValidationError, match="rời đội"):
        publish_plan(run, by=cast.minh)
    gone.left_on = None
    gone.save()
    ready[0].status = Household.Status.REFUSED
    ready[0].save()
    with pytest.raises(ValidationError, match="Có hộ"):
        publish_plan(run, by=cast.minh)
    assert not Session.objects.filter(plan_id=run.pk).exists()


def test_it_refuses_a_stranger_and_a_volunteer(cast: Cast, ready: list[Household]) -> None:
    first = today() + timedelta(days=1)
    for user in (cast.son, cast.tung, cast.hoa):
        with pytest.raises(PermissionDenied):
            request_plan(cast.commune, from_on=first, to_on=first, by=user)
    run = solved(cast)
    for user in (cast.son, cast.tung):
        with pytest.raises(PermissionDenied):
            publish_plan(run, by=user)


def test_days_that_make_no_sense_are_refused(cast: Cast) -> None:
    for first, last in ((-1, 3), (3, 1), (1, 40)):
        days = {"from_on": today() + timedelta(days=first), "to_on": today() + timedelta(days=last)}
        with pytest.raises(ValidationError):
            request_plan(cast.commune, by=cast.minh, **days)
    tomorrow = today() + timedelta(days=1)
    request_plan(cast.commune, from_on=tomorrow, to_on=tomorrow, by=cast.minh)
    with pytest.raises(ValidationError, match="rồi"):
        request_plan(cast.commune, from_on=tomorrow, to_on=tomorrow, by=cast.lan)


def test_nobody_to_send_gives_an_explained_empty_plan(cast: Cast) -> None:
    make_household(cast.h1)
    run = solved(cast)
    assert run.status == PlanRun.Status.DONE, run.message
    assert run.proposal.plan["crews"] == []
    (left,) = run.proposal.plan["unserved"]
    assert left["text"]
    assert left["would_help"]


def test_the_problem_leaves_out_what_cannot_be_planned(cast: Cast, ready: list[Household], monday: FrozenClock) -> None:
    first = today() + timedelta(days=1)
    last = first + timedelta(days=6)
    Holiday.objects.create(day=first, name="Ngày nghỉ")
    add_exception(cast.tung_member, first + timedelta(days=1), is_free=False, by=cast.tung)
    booked = make_session(cast.commune, cast.team, starts_at=now() + timedelta(days=3))
    crew = make_crew(booked, cast.hoa_member, cast.tung_member)
    make_visit(booked, ready[0], crew)
    ready[1].come_back_on = last + timedelta(days=5)
    ready[1].save()
    ready[2].come_back_on = first + timedelta(days=2)
    ready[2].save()
    make_member(cast.team, user=None).user.__class__.objects.filter(pk=cast.son.pk).update(is_active=True)
    problem = problem_for(cast.commune, first, last)
    ids = {item["id"] for item in problem["households"]}
    assert str(ready[0].pk) not in ids  # has an open visit
    assert str(ready[1].pk) not in ids  # promised for later
    promised = next(item for item in problem["households"] if item["id"] == str(ready[2].pk))
    assert promised["windows"] == [{"start": 2 * 1440, "end": 3 * 1440}]
    slots = {slot["id"]: slot for slot in problem["horizon"]["slots"]}
    assert all(slot["day"] != 0 for slot in slots.values())  # a holiday
    people = {person["id"]: person for person in problem["volunteers"]}
    assert str(cast.son_member.pk) not in people
    tung = people[str(cast.tung_member.pk)]
    assert all(slots[slot]["day"] != 1 for slot in tung["slots"])  # said no
    busy_day = (booked.starts_at.date() - first).days
    clash = [slot for slot in tung["slots"] if slots[slot]["day"] == busy_day and slots[slot]["start"] % 1440 < 720]
    assert clash == []
    assert tung["leader"] is False


def test_figures_of_the_problem_follow_the_people_and_needs(cast: Cast) -> None:
    door = make_household(cast.h1, people=3, priority=5, good_time=[{"days": [6], "start": 480, "end": 690}])
    door.needs.add(make_service("docs"), make_service("portal"))
    first = today() + timedelta(days=1)
    (item,) = problem_for(cast.commune, first, first + timedelta(days=6))["households"]
    assert (item["minutes"], item["weight"], item["needs"]) == (65, 9, ["docs", "portal"])
    (window,) = item["windows"]
    assert (first + timedelta(days=window["start"] // 1440)).weekday() == 6
    assert (window["start"] % 1440, window["end"] % 1440) == (480, 690)


def test_stop_keeps_the_best_and_discard_changes_nothing(cast: Cast, ready: list[Household]) -> None:
    first = today() + timedelta(days=1)
    run = request_plan(cast.commune, from_on=first, to_on=first, seconds=60, by=cast.minh)
    stop_plan(run, by=cast.minh)
    claimed = claim_run(run.pk)
    assert claimed is not None
    assert claim_run(run.pk) is None
    work_on(claimed)
    run.refresh_from_db()
    assert run.status == PlanRun.Status.DONE, run.message
    assert run.proposal.plan["run"]["seconds"] < 30
    discard_plan(run, by=cast.minh)
    assert not Session.objects.exists()
    with pytest.raises(ValidationError):
        publish_plan(run, by=cast.minh)


def test_the_checker_stands_between_a_broken_plan_and_publishing(
    cast: Cast, ready: list[Household], tmp_path: object
) -> None:
    run = solved(cast)
    proposal = run.proposal
    proposal.plan["crews"][0]["members"] = proposal.plan["crews"][0]["members"][:1]
    from pathlib import Path  # only this test writes files

    given, plan = Path(str(tmp_path)) / "problem.json", Path(str(tmp_path)) / "plan.json"
    given.write_text(json.dumps(proposal.problem))
    plan.write_text(json.dumps(proposal.plan))
    proposal.violations = check(given, plan)
    assert any(line.startswith("crew_size") for line in proposal.violations)
    proposal.save()
    with pytest.raises(ValidationError, match="quy tắc"):
        publish_plan(run, by=cast.minh)


def test_the_command_prints_one_json_object(cast: Cast, ready: list[Household]) -> None:
    out = StringIO()
    first = today() + timedelta(days=1)
    days = ["--from", first.isoformat(), "--to", (first + timedelta(days=2)).isoformat()]
    call_command("plan", "--commune", "25396", *days, "--seconds", "1", "--publish", "--json", stdout=out)
    result = json.loads(out.getvalue())
    assert set(result) == {"run", "sessions", "visits", "unserved", "objective", "hard_violations"}
    assert (result["visits"], result["hard_violations"]) == (len(ready), 0)
    assert result["sessions"] == Session.objects.filter(plan_id=result["run"]).count()
    with pytest.raises(CommandError) as error:
        call_command("plan", "--commune", "99999", *days)
    assert error.value.returncode == 2


def test_the_pages_lead_from_order_to_publish(cast: Cast, ready: list[Household], client: Client,
                                              django_capture_on_commit_callbacks: object) -> None:  # fmt: skip
    client.force_login(cast.minh)
    first = today() + timedelta(days=1)
    order = {"from_on": first, "to_on": first + timedelta(days=2), "seconds": "5"}
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = client.post(reverse("planning:list"), order)
    run = PlanRun.objects.get()
    assert answer.headers["Location"] == reverse("planning:detail", args=[run.pk])
    assert run.status == PlanRun.Status.DONE, run.message
    page = client.get(reverse("planning:detail", args=[run.pk]))
    assert page.context["card"].metrics["visits"] == len(ready)
    client.post(reverse("planning:publish", args=[run.pk]))
    assert Visit.objects.count() == len(ready)
    client.force_login(cast.son)
    assert client.get(reverse("planning:detail", args=[run.pk])).status_code == 404
    assert client.post(reverse("planning:publish", args=[run.pk])).status_code == 404
    assert client.get(reverse("planning:list")).status_code == 403
