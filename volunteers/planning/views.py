"""«Lập kế hoạch tuần»: order a plan, watch it grow, look at the proposal, publish it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from project.lib.after_commit import nudge
from volunteers.access.guards import SignedInRequest, allowed, signed_in
from volunteers.access.policy import can_somewhere
from volunteers.areas.models import Area
from volunteers.planning import actions
from volunteers.planning.adapter import proposal_card
from volunteers.planning.forms import PlanForm
from volunteers.planning.models import PlanRun
from volunteers.planning.queries import runs_of
from volunteers.planning.tasks import solve_plan

LEFT_OUT_SHOWN = 60


def _run(request: SignedInRequest, pk: UUID) -> PlanRun:
    rows = PlanRun.objects.visible_to(request.user).select_related("area", "proposal", "requested_by")
    return get_object_or_404(rows, pk=pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: SignedInRequest) -> HttpResponse:
    """The plans of a commune and the order for a new one; with several communes, choose one first."""
    communes = Area.objects.visible_to(request.user).communes()
    if not can_somewhere(request.user, "plan.request"):
        allowed(request.user, "plan.request", "")
    code = request.GET.get("area", "")
    if not code and communes.count() != 1:
        return render(request, "volunteers/planning/choose.html", {"communes": communes})
    area = get_object_or_404(communes, code=code) if code else get_object_or_404(communes)
    allowed(request.user, "plan.view", area)
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = actions.request_plan(area, by=request.user, **form.order())
        except ValidationError as error:
            for field, reasons in getattr(error, "error_dict", {None: error.error_list}).items():
                form.add_error(field if field in form.fields else None, reasons)
        else:
            nudge(solve_plan, str(run.pk))
            return redirect("planning:detail", run.pk)
    context = {"area": area, "form": form, "runs": runs_of(area)[:20], "many": communes.count() > 1}
    return render(request, "volunteers/planning/list.html", context)


@signed_in
@require_safe
def detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One plan: its progress, then the proposal."""
    run = allowed(request.user, "plan.view", _run(request, pk))
    return render(request, "volunteers/planning/detail.html", _context(run))


@signed_in
@require_safe
def progress(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The live part alone."""
    run = allowed(request.user, "plan.view", _run(request, pk))
    return render(request, "volunteers/planning/_run.html", _context(run))


def _context(run: PlanRun) -> dict[str, object]:
    card = (
        proposal_card(run)
        if run.status in {PlanRun.Status.DONE, PlanRun.Status.PUBLISHED, PlanRun.Status.DISCARDED}
        else None
    )
    seconds = run.progress[-1]["seconds"] if run.progress else 0
    return {
        "run": run,
        "card": card,
        "left_out": card.left_out[:LEFT_OUT_SHOWN] if card else [],
        "left_out_more": max(0, len(card.left_out) - LEFT_OUT_SHOWN) if card else 0,
        "is_under_way": run.status in actions.UNDER_WAY,
        "percent": min(99, round(100 * seconds / run.seconds)) if run.seconds else 0,
        "best": run.progress[-1]["objective"] if run.progress else None,
    }


@signed_in
@require_POST
def stop(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Enough: keep the best so far."""
    run = allowed(request.user, "plan.request", _run(request, pk))
    actions.stop_plan(run, by=request.user)
    return redirect("planning:detail", run.pk)


@signed_in
@require_POST
def publish(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Make it real."""
    run = allowed(request.user, "plan.publish", _run(request, pk))
    try:
        sessions = actions.publish_plan(run, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request,
            _("Published: %(count)s sessions are in the calendar, and everybody sees the own day.")
            % {"count": len(sessions)},
        )
    return redirect("planning:detail", run.pk)


@signed_in
@require_POST
def discard(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Put it away."""
    run = allowed(request.user, "plan.publish", _run(request, pk))
    try:
        actions.discard_plan(run, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("planning:detail", run.pk)
    messages.success(request, _("The proposal is put away. Nothing was changed."))
    return redirect(f"/volunteers/plans/?area={run.area_id}")
