"""Campaigns and their targets: list, detail, open, edit; set and drop a target."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from project.accounts.models import User
from project.lib.clock import today
from volunteers.access.guards import SignedInRequest, allowed, signed_in
from volunteers.access.policy import can, can_somewhere
from volunteers.areas.models import Area
from volunteers.targets import actions
from volunteers.targets.forms import CampaignForm, TargetForm
from volunteers.targets.models import Campaign, Target
from volunteers.targets.queries import campaigns_for, may_view, rung_names, targets_of, versions_of


@signed_in
@require_safe
def index(request: SignedInRequest) -> HttpResponse:
    """The campaigns that concern the person; ?area= narrows to those of one place."""
    rows = list(campaigns_for(request.user).order_by("-starts_on", "name")[:200])
    if not can_somewhere(request.user, "campaign.view") and rows:
        raise PermissionDenied("campaign.view")
    rows = [row for row in rows if may_view(request.user, row)]
    day = today()
    context = {
        "running": [row for row in rows if row.starts_on <= day <= row.ends_on],
        "coming": [row for row in rows if row.starts_on > day],
        "over": [row for row in rows if row.ends_on < day],
        "places": _own_places(request.user),
    }
    return render(request, "volunteers/targets/list.html", context)


@signed_in
@require_safe
def detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A campaign with its targets, and for those who manage it the form for another target."""
    campaign = _campaign(request.user, pk)
    areas = _places_for_targets(request.user, campaign)
    return _detail(request, campaign, areas, TargetForm(campaign, areas) if areas.exists() else None)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: SignedInRequest) -> HttpResponse:
    """Open a campaign; ?area= says where (else the person's own place)."""
    places = _own_places(request.user)
    code = request.GET.get("area", "")
    if not code and not places:
        raise PermissionDenied("campaign.manage")
    area = _place(request.user, code) if code else places[0]
    allowed(request.user, "campaign.manage", area)
    form = CampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            campaign = actions.open_campaign(area, by=request.user, **form.details())
        except ValidationError as error:
            _blame(form, error)
        else:
            messages.success(request, _("The campaign is open. Now set its targets."))
            return redirect("targets:detail", campaign.pk)
    context = {"form": form, "area": area, "places": places}
    return render(request, "volunteers/targets/create.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Change a campaign's name, days, papers or blocks."""
    campaign = allowed(request.user, "campaign.manage", _campaign(request.user, pk))
    form = CampaignForm(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_campaign(campaign, by=request.user, **form.details())
        except ValidationError as error:
            _blame(form, error)
        else:
            messages.success(request, _("The campaign is changed."))
            return redirect("targets:detail", campaign.pk)
    return render(request, "volunteers/targets/edit.html", {"form": form, "campaign": campaign})


@signed_in
@require_POST
def set_target(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Set or change one target of a campaign."""
    campaign = _campaign(request.user, pk)
    areas = _places_for_targets(request.user, campaign)
    if not areas.exists():
        raise PermissionDenied("campaign.manage")
    form = TargetForm(campaign, areas, request.POST)
    if form.is_valid():
        try:
            _target, fate = actions.set_target(campaign, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            _blame(form, error)
        else:
            messages.success(
                request, _("The target is set.") if fate != actions.SAME else _("That is the target already.")
            )
            return redirect("targets:detail", campaign.pk)
    return _detail(request, campaign, areas, form, status=422)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def target(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One target with all its versions; POST drops it, with a reason."""
    rows = Target.objects.current().filter(campaign__in=campaigns_for(request.user))
    found = get_object_or_404(rows.select_related("campaign__area", "area__parent", "team", "service"), pk=pk)
    if not Target.objects.visible_to(request.user).filter(pk=pk).exists():
        if can_somewhere(request.user, "campaign.view"):
            raise Http404  # a neighbour's target of the province's campaign
        raise PermissionDenied("campaign.view")
    may_manage = can(request.user, "campaign.manage", _answers_for(found))
    if request.method == "POST":
        try:
            actions.drop_target(found, by=request.user, reason=request.POST.get("reason", "")[:200])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The target is dropped."))
            return redirect("targets:detail", found.campaign_id)
    context = {
        "target": found,
        "rung_name": rung_names().get(found.rung, found.rung),
        "versions": versions_of(found),
        "may_manage": may_manage,
    }
    return render(request, "volunteers/targets/target.html", context)


def _detail(
    request: SignedInRequest, campaign: Campaign, areas: Any, form: TargetForm | None, status: int = 200
) -> HttpResponse:
    rows = targets_of(campaign)
    if not can(request.user, "campaign.view", campaign):
        rows = rows.filter(pk__in=Target.objects.visible_to(request.user))
    names = rung_names()
    by_area: dict[Area, list[tuple[Target, str]]] = {}
    for row in rows.order_by("area__level", "area__sort_key", "service__position", "rung"):
        by_area.setdefault(row.area, []).append((row, names.get(row.rung, row.rung)))
    # The campaign's own area first, then the places beneath it in the order of their names.
    ordered = sorted(by_area.items(), key=lambda item: (item[0].code != campaign.area_id, item[0].sort_key))
    context = {
        "campaign": campaign,
        "by_area": ordered,
        "form": form,
        "may_manage": can(request.user, "campaign.manage", campaign),
        "is_running": campaign.starts_on <= today() <= campaign.ends_on,
        "board": "dashboards:province" if campaign.area.level == Area.Level.PROVINCE else "dashboards:commune",
    }
    return render(request, "volunteers/targets/detail.html", context, status=status)


def _campaign(user: User, pk: UUID) -> Campaign:
    """The campaign, 404 outside the person's places, 403 for those who may not read campaigns."""
    campaign: Campaign = get_object_or_404(campaigns_for(user), pk=pk)
    if not may_view(user, campaign):
        raise PermissionDenied("campaign.view")
    return campaign


def _places_for_targets(user: User, campaign: Campaign) -> Any:
    """The places of the campaign whose targets the person sets: beneath, or at, what the person manages."""
    rows = Area.objects.visible_to(user).beneath(campaign.area.scope).filter(retired_on__isnull=True, is_unlisted=False)
    if campaign.area.level == Area.Level.PROVINCE:
        # A province hands down to communes; hamlets are the business of each commune.
        level = Area.Level.HAMLET if not can(user, "campaign.manage", campaign) else Area.Level.COMMUNE
        rows = rows.filter(level=level) | rows.filter(pk=campaign.area_id)
    return rows.order_by("scope")


def _answers_for(row: Target) -> Area:
    if row.team is not None or row.area_id == row.campaign.area_id or row.area.parent is None:
        return row.area
    return row.area.parent


def _own_places(user: User) -> list[Area]:
    """Where the person may open campaigns: the places of the own grants, at most those of one province."""
    rows = Area.objects.visible_to(user).exclude(level=Area.Level.HAMLET).filter(retired_on__isnull=True)
    return list(rows.order_by("-level", "sort_key")[:200])


def _place(user: User, code: str) -> Area:
    """A province or commune of the person's: 404 if it is none, or a hamlet."""
    area: Area | None = Area.objects.visible_to(user).exclude(level=Area.Level.HAMLET).filter(code=code).first()
    if area is None:
        raise Http404
    return area


def _blame(form: Form, error: ValidationError) -> None:
    """Put a verb's refusal beside the fields it speaks of."""
    if hasattr(error, "error_dict"):
        for field, errors in error.error_dict.items():
            form.add_error(field if field in form.fields else None, errors)
    else:
        form.add_error(None, error)
