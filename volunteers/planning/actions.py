"""Verbs of planning: request a plan, store what came back, stop, publish, discard."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from project.accounts.models import User
from project.lib.clock import kept_since, now, today
from volunteers.access.policy import require
from volunteers.areas.models import Area
from volunteers.audit.log import record
from volunteers.households.models import Household
from volunteers.planning.adapter import PlannedCrew, crews_of
from volunteers.planning.models import PlanRun, Proposal
from volunteers.sessions.actions import form_crew, open_session
from volunteers.sessions.models import Session
from volunteers.sessions.queries import bookings_of
from volunteers.teams.models import Membership, Team
from volunteers.visits.actions import schedule_visit
from volunteers.visits.models import Visit

PROPOSAL_KEPT = 365  # days
LONGEST = 28  # days of one plan: beyond it, availability is a guess
UNDER_WAY = (PlanRun.Status.QUEUED, PlanRun.Status.RUNNING)


def request_plan(
    area: Area, *, from_on: date, to_on: date, seconds: int = 10, seed: int = 1, by: User | None
) -> PlanRun:
    """Order a plan of a commune. Raises ValidationError for days that make no sense or while one is under way."""
    require(by, "plan.request", area)
    if area.level != Area.Level.COMMUNE:
        raise ValidationError({"area": _("A plan is made for one commune.")})
    if from_on < today():
        raise ValidationError({"from_on": _("The first day has passed: begin today or later.")})
    if not from_on <= to_on <= from_on + timedelta(days=LONGEST - 1):
        raise ValidationError({"to_on": _("Choose a last day within four weeks of the first.")})
    with transaction.atomic():
        Area.objects.select_for_update().get(pk=area.pk)  # two leads at once: one order, not two
        if PlanRun.objects.filter(area=area, status__in=UNDER_WAY).exists():
            raise ValidationError(_("A plan for this commune is being worked out already."))
        run = PlanRun.objects.create(
            area=area, from_on=from_on, to_on=to_on, seconds=max(1, min(seconds, 300)), seed=seed, requested_by=by
        )
        record("plan.requested", run, by=by, from_on=from_on, to_on=to_on)
    return run


def claim_run(run_id: UUID) -> PlanRun | None:
    """Take a waiting run to work on; None when somebody else has it (the row is the queue)."""
    taken = PlanRun.objects.filter(pk=run_id, status=PlanRun.Status.QUEUED).update(
        status=PlanRun.Status.RUNNING, started_at=now()
    )
    return PlanRun.objects.select_related("area").get(pk=run_id) if taken else None


def store_proposal(
    run: PlanRun, *, problem: dict[str, Any], plan: dict[str, Any], baseline: dict[str, Any], violations: list[str]
) -> Proposal:
    """Keep what the engine proposes, with what the independent checker says of it."""
    with transaction.atomic():
        proposal, _made = Proposal.objects.update_or_create(
            run=run, defaults={"problem": problem, "plan": plan, "baseline": baseline, "violations": violations}
        )
        PlanRun.objects.filter(pk=run.pk).update(status=PlanRun.Status.DONE, finished_at=now(), message="")
        record("plan.proposed", run, by=None, visits=plan["metrics"]["visits"], unserved=len(plan["unserved"]))
    run.refresh_from_db()
    return proposal


def fail_run(run: PlanRun, message: str) -> None:
    """Note that the run ended without a plan, and why."""
    with transaction.atomic():
        PlanRun.objects.filter(pk=run.pk).update(status=PlanRun.Status.FAILED, finished_at=now(), message=message[:300])
        record("plan.failed", run, by=None)


def stop_plan(run: PlanRun, *, by: User) -> None:
    """Ask the engine to stop: the best plan so far is kept."""
    require(by, "plan.request", run)
    with transaction.atomic():
        if PlanRun.objects.filter(pk=run.pk, status__in=UNDER_WAY, is_stop_asked=False).update(is_stop_asked=True):
            record("plan.stop_asked", run, by=by)


def discard_plan(run: PlanRun, *, by: User) -> None:
    """Put a proposal away; a published plan cannot be discarded."""
    require(by, "plan.publish", run)
    with transaction.atomic():
        done = [PlanRun.Status.DONE, PlanRun.Status.FAILED]
        if not PlanRun.objects.filter(pk=run.pk, status__in=done).update(status=PlanRun.Status.DISCARDED):
            raise ValidationError(_("Only a proposal that is not published can be put away."))
        record("plan.discarded", run, by=by)


def publish_plan(run: PlanRun, *, by: User | None) -> list[Session]:
    """Make the proposal real: one session of kind `round` per slot and team, with its crews and visits (D10).

    A second publish of the same run is refused, and so is a proposal that the world has overtaken: somebody left or
    was booked since, a household is not in the pool any more. Raises ValidationError with the reasons.
    """
    require(by, "plan.publish", run)
    with transaction.atomic():
        locked = PlanRun.objects.select_for_update().select_related("area").get(pk=run.pk)
        if locked.status != PlanRun.Status.DONE:
            raise ValidationError(_("This plan is not waiting to be published."))
        proposal = locked.proposal
        if proposal.violations:
            raise ValidationError(_("This proposal breaks a hard rule and cannot be published."))
        crews = [crew for crew in crews_of(proposal.problem, proposal.plan, locked.from_on) if crew.visits]
        members = Membership.objects.select_related("team", "user").in_bulk(
            {key for crew in crews for key in crew.members}
        )
        households = Household.objects.select_related("hamlet").in_bulk(
            {stop[0] for crew in crews for stop in crew.visits}
        )
        if reasons := overtaken(crews, members, households):
            raise ValidationError(reasons)
        sessions = _write(locked, crews, members, households, by)
        locked.status, locked.published_at = PlanRun.Status.PUBLISHED, now()
        locked.save(update_fields=["status", "published_at"])
        visits = sum(len(crew.visits) for crew in crews)
        record("plan.published", locked, by=by, sessions=len(sessions), visits=visits)
    run.refresh_from_db()
    return sessions


def forget_old_proposals(day: date) -> dict[str, int]:
    """Retention: who goes where, as planned more than 12 months ago. That there was a plan stays known."""
    old = PlanRun.objects.filter(requested_at__lt=kept_since(day, PROPOSAL_KEPT)).exclude(status__in=UNDER_WAY)
    gone = Proposal.objects.filter(run__in=old).delete()[0]
    old.filter(status=PlanRun.Status.DONE).update(status=PlanRun.Status.DISCARDED)  # nothing is left to publish
    return {"proposals": gone}


def overtaken(
    crews: Sequence[PlannedCrew], members: dict[UUID, Membership], households: dict[UUID, Household]
) -> list[str]:
    """Why the proposal does not fit the world any more; [] when it still does."""
    reasons = []
    if any(crew.start <= now() for crew in crews):
        reasons.append(_("Some of its sessions have begun already: plan again from today."))
    gone = [key for crew in crews for key in crew.members if key not in members or members[key].left_on]
    if gone:
        reasons.append(_("Somebody of its crews has left the team: plan again."))
    if crews:
        begins, ends = min(crew.start for crew in crews), max(crew.end for crew in crews)
        booked = bookings_of(members, start=begins, end=ends)
        for crew in crews:
            subjects = {f"member:{key}" for key in crew.members}
            if any(
                item.subject in subjects and item.starts_at < crew.end and crew.start < item.ends_at for item in booked
            ):
                reasons.append(_("Somebody of its crews has been booked since: plan again."))
                break
    wanted = {stop[0] for crew in crews for stop in crew.visits}
    waiting = {key for key, row in households.items() if row.status == Household.Status.WAITING}
    open_visits = Visit.objects.filter(
        household__in=wanted, status__in=[Visit.Status.PLANNED, Visit.Status.STARTED], planned_start__gte=now()
    )
    if wanted - waiting or open_visits.exists():
        reasons.append(_("Some of its households have been visited or taken out since: plan again."))
    return reasons


def _write(
    run: PlanRun,
    crews: Sequence[PlannedCrew],
    members: dict[UUID, Membership],
    households: dict[UUID, Household],
    by: User | None,
) -> list[Session]:
    sessions: dict[tuple[str, UUID], Session] = {}
    for planned in crews:
        people = [members[planned.leader], *(members[key] for key in planned.members if key != planned.leader)]
        team: Team = people[0].team  # crew and visits belong to the crew lead's team
        key = (planned.slot, team.pk)
        if key not in sessions:
            sessions[key] = open_session(
                area=run.area, team=team, kind=Session.Kind.ROUND, starts_at=planned.start, ends_at=planned.end,
                by=by, plan_id=run.pk,
            )  # fmt: skip
        crew = form_crew(sessions[key], people, by=by)
        for position, (household, start, end, _travel) in enumerate(planned.visits, start=1):
            schedule_visit(
                households[household],
                sessions[key],
                by=by,
                team=team,
                start=start,
                end=end,
                crew=crew,
                position=position,
            )
    return list(sessions.values())
