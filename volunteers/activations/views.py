"""Records that wait for a lead's look: why each was flagged, and what the lead says to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from project.accounts.models import User
from project.lib.refusal import Refusal
from volunteers.access.guards import SignedInRequest, allowed, signed_in
from volunteers.access.queries import area_scopes
from volunteers.activations import actions, queries
from volunteers.activations.forms import LOWERED, ClearForm, RejectForm
from volunteers.activations.models import Event
from volunteers.activations.rules import RUNGS
from volunteers.activations.tasks import nudge_fold
from volunteers.areas.models import Area

PAGE = 50


@dataclass(frozen=True)
class Row:
    """A flagged claim with what this person may say to it."""

    claim: Event
    waits: bool  # it counts for nothing until it is cleared
    may_lower: bool
    may_verify: bool
    form: RejectForm


@signed_in
@never_cache
@require_GET
def flags(request: SignedInRequest) -> HttpResponse:
    """The flagged claims beneath this lead's places, oldest first; ?area= narrows to one place."""
    return _page(request)


@signed_in
@require_POST
def clear(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Leave the claim as it is, or lower it."""
    claim = _claim(request, pk, "outcome.clear")
    form = ClearForm(request.POST)
    rung = form.cleaned_data["rung"] if form.is_valid() else ""
    told = _("Lowered: it counts as registered.") if rung else _("Looked at: the record stays as it is.")
    if not rung and claim.flag == Event.Flag.NOT_OWN_DEVICE:
        told = _("Looked at: the record counts.")
    return _answer(request, claim, lambda: actions.clear(claim, by=request.user, rung=rung), told)


@signed_in
@require_POST
def reject(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The claim does not count; a reason is asked for."""
    claim = _claim(request, pk, "outcome.reject")
    form = RejectForm(request.POST, key=str(claim.pk))
    if not form.is_valid():
        return _page(request, wrong=(claim, form))
    reason = form.cleaned_data["reason"]
    told = _("The record does not count any more.")
    return _answer(request, claim, lambda: actions.reject(claim, by=request.user, reason=reason), told)


@signed_in
@require_POST
def verify(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Somebody else than the author made sure."""
    claim = _claim(request, pk, "outcome.verify")
    if not _may_verify(request.user, claim):
        messages.warning(request, _("This record must be verified by somebody else, or cleared first."))
        return redirect(_back(request))
    told = _("Verified: it counts as verified.")
    return _answer(request, claim, lambda: actions.verify(claim, by=request.user), told)


def _page(request: SignedInRequest, wrong: tuple[Event, RejectForm] | None = None) -> HttpResponse:
    user = request.user
    scopes = area_scopes(user)
    if not scopes:
        raise PermissionDenied("outcome.clear")
    area = None
    # Only what lies beneath the lead's own places: one's own records elsewhere are for others to decide on.
    found = queries.open_flags(user).filter(Event.objects.all().by_area(user))
    places = Area.objects.filter(pk__in=found.order_by().values("hamlet__parent")).order_by("sort_key")
    if code := request.GET.get("area", ""):
        area = get_object_or_404(Area.objects.visible_to(user), code=code)
        allowed(user, "outcome.clear", area)
        found = found.beneath(area.scope)  # type: ignore[attr-defined]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [_row(user, claim, wrong) for claim in page.object_list]
    if wrong is not None and all(row.claim.pk != wrong[0].pk for row in rows):
        messages.warning(request, _too_late())
        return redirect(_back(request))
    communes = list(places)
    home = area or (communes[0] if len(communes) == 1 else None)
    context = {
        "page_obj": page,
        "rows": rows,
        "area": area,
        "communes": communes if len(communes) > 1 or (area is not None and area not in communes and communes) else [],
        "lowered": LOWERED,
        "kept": _kept(request),
        "crumbs": _crumbs(home),
    }
    return render(request, "volunteers/activations/flags.html", context, status=422 if wrong else 200)


def _too_late() -> str:
    return _("Somebody else has decided on this record in the meantime.")


def _row(user: User, claim: Event, wrong: tuple[Event, RejectForm] | None) -> Row:
    waits = claim.flag == Event.Flag.NOT_OWN_DEVICE
    return Row(
        claim=claim,
        waits=waits,
        may_lower=waits and RUNGS.index(claim.rung) > RUNGS.index(LOWERED),
        may_verify=_may_verify(user, claim),
        form=wrong[1] if wrong is not None and wrong[0].pk == claim.pk else RejectForm(key=str(claim.pk)),
    )


def _may_verify(user: User, claim: Event) -> bool:
    """Never by the author; and not while it waits, or it would leave this list without ever counting."""
    return claim.recorded_by_id != user.pk and claim.flag != Event.Flag.NOT_OWN_DEVICE


def _claim(request: SignedInRequest, pk: UUID, permission: str) -> Event:
    """Outside the scope 404; inside it without the right 403."""
    rows = Event.objects.visible_to(request.user).filter(kind=Event.Kind.CLAIM)
    claim: Event = get_object_or_404(rows.select_related("person__household", "hamlet", "team"), pk=pk)
    allowed(request.user, permission, claim)
    return claim


def _answer(request: SignedInRequest, claim: Event, verb: Callable[[], Event], told: str) -> HttpResponse:
    """Do it unless somebody was faster, then back to the list."""
    if not queries.open_flags(request.user).filter(pk=claim.pk).exists():
        messages.warning(request, _too_late())
        return redirect(_back(request))
    try:
        verb()
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        nudge_fold()
        messages.success(request, told)
    return redirect(_back(request))


def _kept(request: SignedInRequest) -> str:
    """The filters of the list, for the addresses of its forms."""
    pairs = {name: request.GET[name] for name in ("area", "page") if request.GET.get(name)}
    return f"?{urlencode(pairs)}" if pairs else ""


def _back(request: SignedInRequest) -> str:
    return reverse("activations:flags") + _kept(request)


def _crumbs(area: Any) -> list[dict[str, str]]:
    own = {"label": _("Records to look at"), "url": ""}
    if area is None or area.level == Area.Level.HAMLET:
        return [own]
    board = "dashboards:province" if area.level == Area.Level.PROVINCE else "dashboards:commune"
    return [{"label": _("Progress"), "url": reverse(board, args=[area.code])}, own]
