"""Pages at the entrance: where work begins, invitations accepted, the code of conduct, the badge."""

from typing import Any
from urllib.parse import urlencode

import segno
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from project.accounts.models import User
from volunteers.access import actions as access
from volunteers.access.guards import CONDUCT_VERSION, signed_in
from volunteers.teams import actions, queries
from volunteers.teams.forms import AcceptForm, CodeForm, NewPasswordForm
from volunteers.teams.models import Invitation
from volunteers.teams.rules import RENEWS

WRONG_CODES = 20  # a hall of volunteers has one address; 20 guesses of 10^11 codes in a quarter of an hour are none
WRONG_CODES_SECONDS = 900
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def person(request: HttpRequest) -> User:
    """The signed-in account (behind `signed_in`)."""
    assert isinstance(request.user, User)
    return request.user


def qr(text: str) -> SafeString:
    """A QR code as inline SVG, sized by its class."""
    code = segno.make(text, error="m", micro=False)
    return mark_safe(code.svg_inline(svgclass="qr", lineclass=None, omitsize=True, border=2, dark="#000", light="#fff"))


def address_of(request: HttpRequest) -> str:
    """Scheme and host of the request, for links on paper where no SITE_URL is set."""
    return request.build_absolute_uri("/").rstrip("/")


def page(request: HttpRequest, template: str, form: forms.Form, **context: Any) -> HttpResponse:
    """A page around one form; 422 where the form came back with faults."""
    status = 422 if (form.is_bound and form.errors) or context.get("refusal") else 200
    return render(request, f"volunteers/teams/{template}.html", {"form": form, **context}, status=status)


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the page where this person's work begins."""
    name, args = queries.home_of(person(request))
    try:
        return redirect(name, *args)
    except NoReverseMatch:  # an installation without that slice's page
        return redirect("teams:list")


# Invitations, from the side of the person invited


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept_code(request: HttpRequest) -> HttpResponse:
    """Type the 8 characters; wrong ones are counted for each address on the network."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = f"teams.wrong_codes:{get_adapter(request).get_client_ip(request)}"
        if cache.get(key, 0) >= WRONG_CODES:
            form.add_error("code", _("Too many wrong codes. Please wait a quarter of an hour."))
            return render(request, "volunteers/teams/accept_code.html", {"form": form}, status=429)
        found = queries.open_invitation(code=form.cleaned_data["code"])
        if found is not None:
            prefix = "/en" if request.path.startswith("/en/") else ""
            return redirect(prefix + reverse("teams:accept", args=[found.token]))
        cache.add(key, 0, WRONG_CODES_SECONDS)
        cache.incr(key)
        form.add_error("code", _("No open invitation has this code. Look at it once more, or ask for a new one."))
    return page(request, "accept_code", form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation by its link: make an account, or join with the one that is signed in."""
    found = queries.open_invitation(token=token)
    if found is None:
        return render(request, "volunteers/teams/accept_closed.html", status=404)
    if RENEWS in found.details:
        return _renew(request, found)
    user = request.user if isinstance(request.user, User) else None
    owner = queries.account_of(found)
    place = queries.area_names([found.scope]).get(found.scope, "")
    context = {
        "invitation": found, "place": place, "owner": owner, "is_other": user is not None and owner not in (None, user),
        "login_url": f"{reverse('account_login')}?{urlencode({'next': request.path})}",
    }  # fmt: skip
    form = AcceptForm(request.POST or None, invitation=found)
    if request.method == "POST":
        if user is not None and not context["is_other"]:
            return _accepted(request, found, context, user=user)
        if user is None and owner is None and form.is_valid():
            data = form.cleaned_data
            told = {key: data.get(key) or "" for key in ("name", "email", "phone", "language")}
            return _accepted(request, found, context, password=data["password1"], **told)
    return page(request, "accept", form, **context)


def _accepted(request: HttpRequest, found: Invitation, context: dict[str, Any], **how: Any) -> HttpResponse:
    try:
        user = actions.accept_invitation(found, **how)
    except actions.TeamError as refusal:
        if refusal.code == "closed":
            return render(request, "volunteers/teams/accept_closed.html", status=404)
        return page(request, "accept", AcceptForm(invitation=found), refusal=str(refusal), **context)
    if "user" not in how:
        login(request, user, backend=BACKEND)
    return redirect("teams:home")


def _renew(request: HttpRequest, key: Invitation) -> HttpResponse:
    """A key to an account whose password was forgotten: a new password, then the usual sign-in."""
    form = NewPasswordForm(request.POST or None, name=key.name)
    if request.method == "POST" and form.is_valid():
        try:
            actions.renew_password(key, form.cleaned_data["password1"])
        except actions.TeamError:
            return render(request, "volunteers/teams/accept_closed.html", status=404)
        messages.success(request, _("The new password is in force."))
        return redirect("account_login")
    return page(request, "renew", form, invitation=key)


# The code of conduct and the badge


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def conduct(request: HttpRequest) -> HttpResponse:
    """What a volunteer may and must not do; accepted once for each version."""
    user = person(request)
    target = request.POST.get("next") or request.GET.get("next") or reverse("teams:home")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = reverse("teams:home")
    if request.method == "POST":
        access.accept_conduct(user, CONDUCT_VERSION)
        return HttpResponseRedirect(target)
    is_accepted = user.conduct_version >= CONDUCT_VERSION
    return render(request, "volunteers/teams/conduct.html", {"next": target, "is_accepted": is_accepted})


@never_cache
@require_safe
def badge(request: HttpRequest, token: str) -> HttpResponse:
    """Is this volunteer genuine, and on duty today? Asked by residents at the door: no account, no full name."""
    found = queries.badge(token)
    return render(request, "volunteers/teams/badge.html", {"badge": found}, status=200 if found else 404)


@signed_in
@require_safe
def my_badge(request: HttpRequest) -> HttpResponse:
    """My own badge to show at the door, one for each team."""
    members = queries.my_memberships(person(request))
    badges = [
        {"member": member, "qr": qr(queries.badge_link(member.badge_token, address_of(request)))} for member in members
    ]
    return render(request, "volunteers/teams/my_badge.html", {"badges": badges})
