"""Which grants a person holds: one query, remembered on the user object of this request."""

from project.accounts.models import User
from volunteers.access.models import Grant
from volunteers.access.roles import BY_AREA, Role, covers


def grants_of(user: User) -> list[Grant]:
    """The person's grants, strongest scope first. Read once per user object (a request, a message, a task)."""
    if not user.is_authenticated or not user.is_active:
        return []
    held = getattr(user, "_grants_held", None)
    if held is None:
        held = list(Grant.objects.filter(user=user).order_by("scope"))
        user._grants_held = held  # type: ignore[attr-defined]
    return held


def area_scopes(user: User) -> list[str]:
    """The scopes beneath which the person sees everything (administrator, coordinator, lead); nested ones dropped."""
    scopes = sorted({grant.scope for grant in grants_of(user) if Role(grant.role) in BY_AREA})
    kept: list[str] = []
    for scope in scopes:
        if not any(covers(outer, scope) for outer in kept):
            kept.append(scope)
    return kept


def grant_roles_on(user: User, path: str) -> frozenset[Role]:
    """The roles that the person's grants give at `path`."""
    return frozenset(Role(grant.role) for grant in grants_of(user) if covers(grant.scope, path))
