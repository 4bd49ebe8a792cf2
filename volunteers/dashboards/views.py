"""The boards: a commune's and a province's page, and their fragments for the live refresh."""

import hashlib
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from learning import catalog
from project.lib.clock import today
from volunteers.access.guards import SignedInRequest, allowed, signed_in
from volunteers.access.policy import can
from volunteers.areas.models import Area
from volunteers.dashboards.adapter import commune_board, province_board
from volunteers.dashboards.api import chosen_campaign
from volunteers.dashboards.cards import BEHIND, OVERDUE, SILENT
from volunteers.dashboards.queries import areas_known_to
from volunteers.requests.queries import hard_places
from volunteers.targets.queries import campaigns_over

# A task's or step's button → the address that does it: names to try in order, with what they take.
_BUTTONS: dict[str, tuple[str, ...]] = {
    "requests_late": ("requests:list",),
    "requests_new": ("requests:list",),
    "campaign": ("targets:create",),
    "campaign_over": ("targets:create",),
    "targets": ("targets:detail", "targets:list"),
    "teams": ("teams:create", "teams:list"),
    "households": ("households:import_new", "households:list"),
    "sessions_empty": ("sessions:list",),
    "plan": ("planning:list",),
    "pace": ("planning:list",),
    "flags": ("activations:flags", "activations:list"),
}


@signed_in
@require_safe
def commune(request: SignedInRequest, code: str) -> HttpResponse:
    """A commune's board; ?campaign= chooses another drive."""
    return render(request, "volunteers/dashboards/commune.html", _commune(request, code))


@signed_in
@require_safe
def commune_progress(request: SignedInRequest, code: str) -> HttpResponse:
    """What moves on the commune's board, alone."""
    return _fragment(request, "volunteers/dashboards/_commune.html", _commune(request, code))


@signed_in
@require_safe
def province(request: SignedInRequest, code: str) -> HttpResponse:
    """A province's board; ?service= narrows the communes' bars to one service."""
    return render(request, "volunteers/dashboards/province.html", _province(request, code))


@signed_in
@require_safe
def province_progress(request: SignedInRequest, code: str) -> HttpResponse:
    """What moves on the province's board, alone."""
    return _fragment(request, "volunteers/dashboards/_province.html", _province(request, code))


def _area(request: SignedInRequest, code: str, level: str) -> Area:
    area = areas_known_to(request.user).filter(code=code, level=level).first()
    if area is None:
        raise Http404
    allowed(request.user, "progress.view", area)
    return area


def _commune(request: SignedInRequest, code: str) -> dict[str, Any]:
    area = _area(request, code, Area.Level.COMMUNE)
    slug = request.GET.get("campaign", "")
    drive = chosen_campaign(area, slug)
    board = commune_board(request.user, area, drive, day=today())
    upstairs = area.parent if area.parent is not None and can(request.user, "progress.view", area.parent) else None
    fragment = reverse("dashboards:commune_progress", args=[area.code])
    return {
        "board": board,
        "area": area,
        "campaigns": campaigns_over(area),
        "tasks": [(task, _button(task.kind, area, drive)) for task in board.tasks[:4]],
        "steps": [(kind, is_done, _button(kind, area, drive)) for kind, is_done in board.steps],
        "requests_url": _button("requests_new", area, drive),
        "hard": hard_places(request.user, area.scope),
        "fragment": f"{fragment}?{urlencode({'campaign': slug})}" if slug else fragment,
        "crumbs": _crumbs(upstairs, area) if upstairs else [],
    }


def _province(request: SignedInRequest, code: str) -> dict[str, Any]:
    area = _area(request, code, Area.Level.PROVINCE)
    service = request.GET.get("service", "")
    if service and catalog.service(service) is None:
        raise Http404
    fragment = reverse("dashboards:province_progress", args=[area.code])
    board = province_board(area, day=today(), service=service)
    counts = board.counts
    return {
        "board": board,
        "area": area,
        "service": service,
        "services": catalog.services(),
        "hard": hard_places(request.user, area.scope),
        "needing": counts.get(OVERDUE, 0) + counts.get(BEHIND, 0) + counts.get(SILENT, 0),
        "fragment": f"{fragment}?{urlencode({'service': service})}" if service else fragment,
    }


def _crumbs(upstairs: Area, area: Area) -> list[dict[str, str]]:
    return [
        {"url": reverse("dashboards:province", args=[upstairs.code]), "label": upstairs.name},
        {"url": "", "label": area.name},
    ]


def _button(kind: str, area: Area, campaign: Any) -> str:
    """The address behind a task's button; '' if that room does not exist."""
    for name in _BUTTONS.get(kind, ()):
        own = kind == "targets" and name == "targets:detail"
        if own and campaign is None:
            continue
        try:
            url = reverse(name, args=[campaign.pk] if own else [])
        except NoReverseMatch:
            continue
        return url if own else f"{url}?{urlencode({'area': area.code})}"
    return ""


def _fragment(request: SignedInRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The fragment with a tag of its content: a board that did not change costs no bytes on a phone."""
    html = render_to_string(template, context, request=request)
    tag = f'"{hashlib.sha256(html.encode()).hexdigest()[:32]}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(html)
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response
