"""The public search for a commune, and the lead's pages of a commune's hamlets."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from project.accounts.models import User
from volunteers.access.guards import allowed, signed_in
from volunteers.access.policy import can
from volunteers.access.queries import area_scopes
from volunteers.areas import actions, queries
from volunteers.areas.forms import HamletForm, MergeForm
from volunteers.areas.models import Area

ASK = "/nho-giup/"


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Communes by any name people know, as links to `den` (a page of ours) with `xa=<code>`. Needs no script."""
    text = request.GET.get("q", "").strip()[:80]
    target = request.GET.get("den", "")
    if not (target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)):
        target = ("/en" if request.path.startswith("/en/") else "") + ASK
    context = {
        "q": text,
        "den": target,
        "base": target if "?" in target else f"{target}?",
        "places": queries.search_communes(text, limit=20) if text else [],
    }
    return render(request, "volunteers/areas/search.html", context)


@signed_in
@require_GET
def hamlets(request: HttpRequest) -> HttpResponse:
    """The hamlets of a commune; without `?area=` the lead's own, or the communes to choose from."""
    user = _user(request)
    code = request.GET.get("area", "")
    if not code:
        return _choose_commune(request, user)
    commune = _commune(user, code)
    context = {
        "commune": commune,
        "hamlets": queries.hamlets_of(commune),
        "closed": Area.objects.filter(parent=commune, level=Area.Level.HAMLET, retired_on__isnull=False).order_by(
            "sort_key"
        ),
        "may_merge": can(user, "area.merge", commune),
        "crumbs": _crumbs(commune),
    }
    return render(request, "volunteers/areas/hamlets.html", context)


def _choose_commune(request: HttpRequest, user: User) -> HttpResponse:
    scopes = area_scopes(user)
    if not scopes:
        raise PermissionDenied("area.edit_hamlets")
    communes = [commune for scope in scopes for commune in queries.communes_with_counts(scope)[:400]]
    if len(communes) == 1:
        return HttpResponseRedirect(_list_of(communes[0]))
    context = {"communes": communes, "crumbs": [{"label": _("Hamlets"), "url": ""}]}
    return render(request, "volunteers/areas/communes.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new hamlet of the commune `?area=`."""
    user = _user(request)
    commune = _commune(user, request.GET.get("area", ""))
    form = HamletForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            hamlet = actions.add_hamlet(
                commune, by=user, name=data["name"], kind=data["kind"], own_code=data["own_code"], **form.facts()
            )
        except actions.AreaRefused as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("%(name)s was added.") % {"name": hamlet.full_name})
            return HttpResponseRedirect(_list_of(commune))
    context = {"form": form, "commune": commune, "crumbs": _crumbs(commune, _("New hamlet"))}
    return render(request, "volunteers/areas/create.html", context, status=_status(form))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Correct a hamlet or give it a new name; the history of its names; ways to close it."""
    user = _user(request)
    hamlet = _hamlet(user, code)
    form = HamletForm(request.POST or None, hamlet=hamlet)
    if request.method == "POST" and hamlet.retired_on is None and form.is_valid():
        data = form.cleaned_data
        try:
            actions.edit_hamlet(hamlet, by=user, **form.facts())
            actions.rename_area(hamlet, by=user, name=data["name"], kind=data["kind"], since=data["since"])
        except actions.AreaRefused as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(_list_of(hamlet.commune))
    context = {
        "form": form if hamlet.retired_on is None else None,
        "hamlet": hamlet,
        "commune": hamlet.commune,
        "present": queries.present_of(hamlet),
        "names": queries.names_of(hamlet),
        "may_merge": hamlet.retired_on is None and can(user, "area.merge", hamlet),
        "crumbs": _crumbs(hamlet.commune, hamlet.full_name),
    }
    return render(request, "volunteers/areas/edit.html", context, status=_status(form))


@signed_in
@require_POST
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """Close a hamlet where nobody lives any more."""
    user = _user(request)
    hamlet = _hamlet(user, code)
    try:
        actions.retire_hamlet(hamlet, by=user)
    except actions.AreaRefused as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("areas:edit", args=[hamlet.code]))
    messages.success(request, _("%(name)s was closed. Its past stays in the reports.") % {"name": hamlet.full_name})
    return HttpResponseRedirect(_list_of(hamlet.commune))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """One hamlet becomes part of another, after a confirmation."""
    user = _user(request)
    hamlet = _hamlet(user, code)
    allowed(user, "area.merge", hamlet)
    form = MergeForm(request.POST or None, hamlet=hamlet)
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        try:
            actions.merge_hamlets(hamlet, into, by=user)
        except actions.AreaRefused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            told = _("%(old)s is now part of %(new)s.") % {"old": hamlet.full_name, "new": into.full_name}
            messages.success(request, told)
            return HttpResponseRedirect(_list_of(hamlet.commune))
    context = {
        "form": form, "hamlet": hamlet, "commune": hamlet.commune, "crumbs": _crumbs(hamlet.commune, hamlet.full_name),
    }  # fmt: skip
    return render(request, "volunteers/areas/merge.html", context, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form is not None and form.is_bound and form.errors else 200


def _list_of(commune: Area) -> str:
    return f"{reverse('areas:hamlets')}?area={commune.code}"


def _crumbs(commune: Area, last: str = "") -> list[dict[str, str]]:
    crumbs = [
        {"label": _("Hamlets"), "url": reverse("areas:hamlets")},
        {"label": commune.full_name, "url": _list_of(commune)},
    ]
    return [*crumbs, {"label": last, "url": ""}] if last else crumbs


def _user(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user


def _commune(user: User, code: str) -> Area:
    return _fetched(user, code, Area.Level.COMMUNE)


def _hamlet(user: User, code: str) -> Area:
    return _fetched(user, code, Area.Level.HAMLET)


def _fetched(user: User, code: str, level: str) -> Area:
    """The area, through the person's scope: 404 outside it; a member of one of its teams, who knows it, gets 403."""
    area: Area | None = Area.objects.filter(code=code, level=level).select_related("parent").first()
    if area is None:
        raise Http404
    if not Area.objects.visible_to(user).filter(pk=area.pk).exists():
        member = area.commune.teams.filter(memberships__user=user, memberships__left_on__isnull=True)
        if member.exists():
            raise PermissionDenied("area.edit_hamlets")
        raise Http404
    allowed(user, "area.edit_hamlets", area)
    return area
