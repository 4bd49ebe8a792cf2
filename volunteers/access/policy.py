"""THE table: which roles may do what; and the two questions, `can` and `require`."""

from typing import Any

from django.core.exceptions import PermissionDenied

from project.accounts.models import User
from volunteers.access.queries import grant_roles_on, grants_of
from volunteers.access.roles import Role

A, P, L, E = Role.ADMINISTRATOR, Role.PROVINCE_COORDINATOR, Role.COMMUNE_LEAD, Role.CONTENT_EDITOR
T, V = Role.TEAM_LEADER, Role.VOLUNTEER
LEADS = frozenset({A, P, L})
COORDINATORS = frozenset({A, P})
TEAM = LEADS | {T}
EVERYONE = TEAM | {V}

# permission -> roles. Grant roles count where the grant covers the object's scope; team roles where the object says
# so itself (`assigned_roles(user)`). A permission that is missing here is nobody's.
TABLE: dict[str, frozenset[Role]] = {
    "grant.give": COORDINATORS,
    "grant.revoke": COORDINATORS,
    "token.mint": frozenset({A}),
    "area.view": EVERYONE,
    "area.rename": COORDINATORS,
    "area.merge": COORDINATORS | {L},
    "area.edit_hamlets": LEADS,
    "import.run": LEADS,
    "team.view": EVERYONE,
    "team.manage": LEADS,
    "member.invite": TEAM,
    "member.manage": TEAM,
    "training.record": TEAM,
    "household.view": LEADS,
    "household.manage": LEADS,
    "request.view": TEAM,
    "request.assign": LEADS,
    "request.close": TEAM,
    "availability.manage": EVERYONE,
    "campaign.view": LEADS,
    "campaign.manage": LEADS,
    "session.view": EVERYONE,
    "session.manage": TEAM,
    "session.sign_up": EVERYONE,
    "visit.view": EVERYONE,
    "visit.schedule": LEADS,
    "visit.reschedule": TEAM,
    "visit.cancel": TEAM,
    "visit.record": EVERYONE,
    "outcome.record": EVERYONE,
    "outcome.withdraw": EVERYONE,
    "outcome.verify": LEADS,
    "outcome.reject": LEADS,
    "outcome.clear": LEADS,
    "plan.view": LEADS,
    "plan.request": LEADS,
    "plan.publish": LEADS,
    "device.revoke": EVERYONE,
    "progress.view": LEADS,
    "report.view": LEADS,
    "audit.view": LEADS,
}


def scope_of(obj: Any) -> str:
    """The scope path at which `obj` lies; a text is one already."""
    return obj if isinstance(obj, str) else str(getattr(obj, "scope_path", ""))


def roles_on(user: User, obj: Any) -> frozenset[Role]:
    """Every role that the person has towards `obj`: by grant above it, and by team where `obj` knows of teams."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    by_grant = grant_roles_on(user, scope_of(obj))
    assigned = getattr(obj, "assigned_roles", None)
    return by_grant | (frozenset(assigned(user)) if assigned is not None else frozenset())


def can(user: User, permission: str, obj: Any) -> bool:
    """Whether the person may do `permission` to `obj` (a row with a scope, or a scope path)."""
    return bool(TABLE.get(permission, frozenset()) & roles_on(user, obj))


def can_somewhere(user: User, permission: str) -> bool:
    """Whether some grant of the person gives `permission` anywhere (for navigation, never for a decision on a row)."""
    return any(Role(grant.role) in TABLE.get(permission, frozenset()) for grant in grants_of(user))


def require(user: User | None, permission: str, obj: Any) -> None:
    """Raise PermissionDenied (403) unless the person may. `user` None is the system itself: tasks and commands."""
    if user is not None and not can(user, permission, obj):
        raise PermissionDenied(permission)
