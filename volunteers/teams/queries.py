"""Reads over teams, people, grants and invitations."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from project.accounts.models import User
from project.lib.clock import start_of_day, today
from project.lib.ids import clean_code
from volunteers.access.models import Grant
from volunteers.access.policy import TABLE, scope_of
from volunteers.access.queries import grants_of
from volunteers.access.roles import BY_AREA, Role, covers
from volunteers.access.scoping import beneath
from volunteers.areas.models import Area
from volunteers.teams.models import Invitation, Membership, Team
from volunteers.teams.rules import RENEWS


def digests_of(kind: str, text: str) -> list[str]:
    """The keyed digests under which a code or token may be stored, the present SECRET_KEY's first.

    `kind` ('code' or 'token') is part of the key. A code is short, so a plain hash of a stolen table could be
    searched; with the server's key it cannot.
    """
    return [
        hmac.new(f"teams.{kind}:{key}".encode(), text.encode(), hashlib.sha256).hexdigest()
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]


def open_invitation(*, token: str = "", code: str = "") -> Invitation | None:
    """The open invitation of a link's token or of a typed code (small letters, spaces and dashes allowed)."""
    found = Invitation.objects.open().select_related("team__area")
    if token:
        return found.filter(token_digest__in=digests_of("token", token)).first()
    cleaned = clean_code(code)
    return found.filter(code_digest__in=digests_of("code", cleaned)).first() if cleaned else None


def permission_of(invitation: Invitation) -> str:
    """What one needs to hand an invitation out or take it back. A key to an existing account is for leads only."""
    if RENEWS in invitation.details:
        return "team.manage"
    return "member.invite" if invitation.team_id else "grant.give"


def invitation_link(token: str, base: str = "") -> str:
    """The address that an invitation's QR code carries; `base` is scheme and host where no SITE_URL is set."""
    return f"{settings.SITE_URL or base.rstrip('/')}{reverse('teams:accept', args=[token])}"


def badge_link(token: str, base: str = "") -> str:
    """The address that a badge's QR code carries."""
    return f"{settings.SITE_URL or base.rstrip('/')}{reverse('teams:badge', args=[token])}"


def account_of(invitation: Invitation) -> User | None:
    """The account that already has the invited phone or e-mail address."""
    return account_with(phone=invitation.phone, email=invitation.email)


def account_with(*, phone: str = "", email: str = "") -> User | None:
    """The account with this phone (E.164) or e-mail address (small letters)."""
    same = Q()
    if phone:
        same |= Q(phone=phone)
    if email:
        same |= Q(email=email)
    return User.objects.filter(same).first() if same else None


def teams_for(user: User) -> QuerySet[Team]:
    """The teams that a person may know of, by commune and name, with the number of today's members."""
    here = Count("memberships", filter=Q(memberships__left_on__isnull=True))
    teams: QuerySet[Team] = Team.objects.visible_to(user).active()
    return teams.select_related("area").annotate(member_count=here).order_by("area__sort_key", "name")


def members_of(team: Team) -> QuerySet[Membership]:
    """Today's members, leaders first, then by name, with their skills."""
    members: QuerySet[Membership] = team.memberships.filter(left_on__isnull=True)
    return members.select_related("user", "home_hamlet").prefetch_related("skills").order_by("role", "user__name")


def led_by(user: User) -> list[Team]:
    """The teams that the person leads today."""
    return list(
        Team.objects.filter(
            memberships__user=user, memberships__left_on__isnull=True, memberships__role=Membership.Roles.LEADER
        )
    )


def places_for(user: User, permission: str, level: str) -> QuerySet[Area]:
    """The areas of a level at which the person's grants give `permission`, in the order of their names."""
    wall = Q()
    for grant in grants_of(user):
        if Role(grant.role) in TABLE.get(permission, frozenset()):
            wall |= beneath("scope", grant.scope)
    areas = Area.objects.filter(level=level, retired_on__isnull=True, is_unlisted=False)
    return areas.filter(wall).order_by("sort_key") if wall else areas.none()


def grants_beneath(user: User) -> QuerySet[Grant]:
    """The grants that a coordinator may see: at or beneath the own ones; an administrator's only for administrators."""
    mine = [grant for grant in grants_of(user) if Role(grant.role) in TABLE["grant.give"]]
    wall = Q()
    for grant in mine:
        wall |= beneath("scope", grant.scope)
    if not wall:
        return Grant.objects.none()
    found = Grant.objects.filter(wall).select_related("user").order_by("scope", "role", "user__name")
    if not any(Role(grant.role) is Role.ADMINISTRATOR for grant in mine):
        found = found.exclude(role=Role.ADMINISTRATOR.value)
    return found


def area_names(scopes: Iterable[str]) -> dict[str, str]:
    """Scope path → full name of its area, in one query."""
    return dict(Area.objects.filter(scope__in=set(scopes)).values_list("scope", "full_name"))


@dataclass(frozen=True)
class Badge:
    """What a badge's public page may say: no more than the given name."""

    given_name: str
    team: str
    commune: str
    is_on_duty: bool


def badge(token: str) -> Badge | None:
    """The badge of a member of today; None for a forged token and for somebody who has left."""
    member = (
        Membership.objects.current()
        .filter(badge_token=token, team__is_active=True, user__is_active=True)
        .select_related("user", "team__area")
        .first()
    )
    if member is None:
        return None
    return Badge(member.user.given_name, member.team.name, str(member.team.area), is_on_duty(member))


def is_on_duty(member: Membership) -> bool:
    """Whether the member goes out today: in a crew, or signed up, of a session that is not cancelled."""
    begin = start_of_day(today())
    day: dict[str, Any] = {
        "session__starts_at__lt": begin + timedelta(days=1),
        "session__ends_at__gt": begin,
    }
    off = {"session__status": "cancelled"}
    # Sessions stand upstairs; their crews and sign-ups are reached through the member's own reverse keys.
    crews: Any = member.crews
    signups: Any = member.signups
    return bool(
        crews.filter(**day).exclude(**off).exists() or signups.filter(status="going", **day).exclude(**off).exists()
    )


def my_memberships(user: User) -> QuerySet[Membership]:
    """The person's own teams of today."""
    found: QuerySet[Membership] = Membership.objects.current().filter(user=user, team__is_active=True)
    return found.select_related("team__area", "user").order_by("joined_on")


def home_of(user: User) -> tuple[str, list[str]]:
    """Where a person's work begins: the name of an address and its arguments (the caller falls back to teams:list)."""
    for grant in grants_of(user):
        parts = grant.scope.strip("/").split("/")
        role = Role(grant.role)
        if role in BY_AREA and len(parts) >= 2:
            return ("dashboards:commune" if role is Role.COMMUNE_LEAD else "dashboards:province"), [parts[-1]]
    if Membership.objects.current().filter(user=user).exists():
        return "visits:today", []
    if any(Role(grant.role) is Role.CONTENT_EDITOR for grant in grants_of(user)):
        return "wagtailadmin_home", []
    return "teams:list", []


def invitations_for(user: User) -> QuerySet[Invitation]:
    """Open invitations that the person may hand out, newest first."""
    found: QuerySet[Invitation] = Invitation.objects.visible_to(user).open()
    return found.select_related("team").order_by("-created_at")


def covers_scope(user: User, permission: str, place: Any) -> bool:
    """Whether a grant (never a membership) gives the permission at the place."""
    return any(
        Role(grant.role) in TABLE.get(permission, frozenset()) and covers(grant.scope, scope_of(place))
        for grant in grants_of(user)
    )
