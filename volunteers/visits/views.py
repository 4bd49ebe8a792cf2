"""A volunteer's day, and one visit as leads and team leaders see it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from project.lib.clock import today as present_day
from project.lib.ids import new_id
from project.lib.refusal import Refusal
from volunteers.access.guards import SignedInRequest, allowed, signed_in
from volunteers.access.policy import can
from volunteers.access.queries import grants_of
from volunteers.teams.models import Membership
from volunteers.teams.queries import home_of
from volunteers.visits import actions, queries
from volunteers.visits.forms import RescheduleForm
from volunteers.visits.models import Visit
from volunteers.visits.states import OPEN, PLANNED

DAYS_AHEAD = 7
FURTHEST = timedelta(days=21)  # as far as assignment lets a volunteer see (house.md §6)


@signed_in
@require_safe
def today(request: SignedInRequest) -> HttpResponse:
    """The day's walk; ?ngay=2026-11-02 shows another day. Who has no team is sent to where their work is."""
    user = request.user
    mine, leaders = queries.teams_and_leaders(user)
    if not mine and grants_of(user):
        return redirect(_home(request))
    here = present_day()
    day = _asked_day(request.GET.get("ngay", ""), here)
    walk = queries.own_walk(user, day)
    next_stop = next((visit for visit in walk if visit.status in OPEN), None) if day == here else None
    ahead = queries.own_days(user, here, DAYS_AHEAD + 1)
    led = [row.team_id for row in mine if row.role == Membership.Roles.LEADER]
    shifts = queries.own_shifts(user, day)
    context = {
        "day": day, "is_today": day == here, "has_team": bool(mine),
        "walk": [{"visit": visit, "order": order} for order, visit in enumerate(walk, start=1)],
        "next_stop": next_stop, "next_order": walk.index(next_stop) + 1 if next_stop else 0,
        "is_done": bool(walk) and all(visit.status not in OPEN for visit in walk),
        "days": [(there, ahead[there]) for there in (here + timedelta(days=step) for step in range(DAYS_AHEAD + 1))],
        "shifts": shifts, "leaders": leaders, "team": mine[0].team if mine else None,
        "crews": queries.crews_of_day(led, day) if led else [], "is_leader": bool(led),
        "safety_session": shifts[0].session if shifts and day == here else None,
        "batch": new_id(),
    }  # fmt: skip
    return render(request, "volunteers/visits/today.html", context)


def _home(request: SignedInRequest) -> str:
    """The address of a lead's or an editor's own first page."""
    name, args = home_of(request.user)
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return reverse("teams:list")


def _asked_day(text: str, here: date) -> date:
    """The day of the query string where a volunteer may look at all, else today."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return here
    return day if here - timedelta(days=DAYS_AHEAD) <= day <= here + FURTHEST else here


@signed_in
@require_safe
def detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One visit: door, people who go, what came of it; for leads and team leaders: move and cancel."""
    return _detail(request, _visible(request, pk))


@signed_in
@require_POST
def reschedule(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """To another hour or crew."""
    visit = allowed(request.user, "visit.reschedule", _visible(request, pk))
    form = RescheduleForm(visit, queries.crews_ahead(visit), request.POST)
    if not form.is_valid():
        return _detail(request, visit, form)
    try:
        actions.reschedule_visit(visit, by=request.user, **form.goal())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _detail(request, visit, form)
    messages.success(request, _("Moved. The crew sees it on its list."))
    return redirect("visits:detail", visit.pk)


@signed_in
@require_POST
def cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Out of its session; the household waits for another day."""
    visit = allowed(request.user, "visit.cancel", _visible(request, pk))
    try:
        actions.cancel_visit(visit, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Cancelled. The household is back among those who wait."))
    return redirect("visits:detail", visit.pk)


def _visible(request: SignedInRequest, pk: UUID) -> Visit:
    rows = Visit.objects.visible_to(request.user)
    related = ("household__hamlet__parent", "session__area", "team__area", "crew__leader__user", "finished_by")
    visit: Visit = get_object_or_404(rows.select_related(*related), pk=pk)
    return visit


def _detail(request: SignedInRequest, visit: Visit, form: RescheduleForm | None = None) -> HttpResponse:
    is_planned = visit.status == PLANNED
    may_move = is_planned and can(request.user, "visit.reschedule", visit)
    context: dict[str, Any] = {
        "visit": visit,
        # Events stand one floor up: they are reached through the visit's own reverse key.
        "events": visit.events.select_related("person", "service", "recorded_by").order_by("recorded_at", "number"),
        "members": visit.crew.members.select_related("user") if visit.crew else [],
        "notes": visit.household.notes.order_by("-recorded_at")[:3],
        "may_move": may_move,
        "may_cancel": is_planned and can(request.user, "visit.cancel", visit),
        "may_record": visit.status in OPEN and can(request.user, "visit.record", visit),
        "form": form or (RescheduleForm(visit, queries.crews_ahead(visit)) if may_move else None),
    }
    return render(request, "volunteers/visits/detail.html", context)
