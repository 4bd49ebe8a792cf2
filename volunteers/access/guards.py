"""What stands in front of views: sign-in, the second factor, the code of conduct, and the navigation by role."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from project.accounts.models import User
from volunteers.access.policy import can, can_somewhere
from volunteers.access.queries import grants_of
from volunteers.access.roles import BY_AREA, Role

CONDUCT_VERSION = 1  # raise it when the wording of the code of conduct changes: everybody is asked once more
View = Callable[..., HttpResponse]


class SignedInRequest(HttpRequest):
    """A request that passed `signed_in`: its user is one of ours. For annotations only."""

    user: User


OPEN_PREFIXES = (
    "/accounts/",
    "/static/",
    "/media/",
    "/rieng-tu/",
    "/en/rieng-tu/",
    "/healthz",
    "/readyz",
    "/_allauth/",
)


def signed_in(view: View) -> View:
    """Anonymous people go to the sign-in page and come back here afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
        return view(request, *args, **kwargs)

    return guarded


def allowed(user: User, permission: str, obj: Any) -> Any:
    """`obj` itself if the person may, else 403. For the second line of a view, after the scoped fetch."""
    if not can(user, permission, obj):
        raise PermissionDenied(permission)
    return obj


def lacks_second_factor(user: User) -> bool:
    """Whether the person has no second factor where this installation demands one: no page, socket or API then."""
    if not settings.REQUIRE_SECOND_FACTOR:
        return False
    from allauth.mfa.utils import is_mfa_enabled  # allauth's models are not loaded when settings name this module

    must = user.is_staff or any(Role(grant.role) in BY_AREA for grant in grants_of(user))
    return must and not is_mfa_enabled(user)


class SecondFactorMiddleware:
    """Leads and above must enrol a second factor where the installation demands it (production)."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_open = not settings.REQUIRE_SECOND_FACTOR or request.path.startswith(OPEN_PREFIXES)
        if not is_open and request.user.is_authenticated and lacks_second_factor(request.user):
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return self.get_response(request)


class ConductMiddleware:
    """Before the first page of work, everybody reads and accepts the code of conduct, once per version."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(("/doi/", "/volunteers/", "/xa/", "/tinh/")) and request.method in {"GET", "HEAD"}:
            user = request.user
            page = "/doi/quy-tac/"  # teams:conduct
            is_open = request.path == page or request.path.startswith("/doi/lich/")
            if user.is_authenticated and user.conduct_version < CONDUCT_VERSION and not is_open:
                return HttpResponseRedirect(f"{page}?{urlencode({'next': request.get_full_path()})}")
        return self.get_response(request)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the entries of the workspace's menu for this person, in order."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav": [], "nav_bottom": []}
    leads = [grant for grant in grants_of(user) if Role(grant.role) in BY_AREA]
    entries: list[dict[str, Any]] = []

    def add(name: str, label: str, icon: str, *args: str) -> None:
        try:
            url = reverse(name, args=args)
        except NoReverseMatch:
            return
        entries.append({"url": url, "label": label, "icon": icon, "active": request.path.startswith(url)})

    if leads:
        code = home_code(leads[0].scope)
        if code:
            add("dashboards:province" if len(code) == 2 else "dashboards:commune", _("Progress"), "chart", code)
        add("households:list", _("Households"), "house")
        add("requests:list", _("Help requests"), "help-hand")
        add("planning:list", _("Plans"), "route")
        add("sessions:list", _("Sessions of work"), "calendar")
        add("teams:list", _("Teams"), "crew")
        add("targets:list", _("Targets"), "target")
    else:
        if user.memberships.filter(left_on__isnull=True).exists():
            add("visits:today", _("Today"), "route")
            add("sessions:list", _("Sessions of work"), "calendar")
            add("availability:week", _("Free time"), "clock")
            add("teams:list", _("Team"), "crew")
    if can_somewhere(user, "audit.view"):
        add("reports:audit", _("Audit trail"), "list")
    if any(Role(grant.role) is Role.CONTENT_EDITOR for grant in grants_of(user)):
        add("wagtailadmin_home", _("Lessons"), "lesson")
    return {"nav": entries, "nav_bottom": [] if leads else entries[:4]}


def home_code(scope: str) -> str:
    """The area code at the end of a scope path: 'VN/75/25396/' → '25396'; the country itself has none."""
    parts = scope.strip("/").split("/")
    return parts[-1] if len(parts) > 1 else ""
