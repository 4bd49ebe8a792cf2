"""Who reads aggregates over the API: a signed-in person (cookie or X-Session-Token), or a program's bearer token."""

from typing import Any

from allauth.headless.internal.sessionkit import authenticate_by_x_session_token
from django.http import Http404, HttpRequest
from ninja.security import APIKeyCookie, APIKeyHeader, HttpBearer

from project.accounts.models import User
from project.lib.clock import now
from volunteers.access.actions import digest_of
from volunteers.access.guards import allowed, lacks_second_factor
from volunteers.access.models import ApiToken
from volunteers.areas.models import Area
from volunteers.dashboards.queries import areas_known_to

Reader = User | ApiToken


class TokenReader(HttpBearer):
    """`Authorization: Bearer <mint_token>`: reads aggregates beneath the token's scope, nothing else."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The token's row while it is in force."""
        return ApiToken.objects.filter(digest=digest_of(token), revoked_at__isnull=True, expires_at__gt=now()).first()


class SessionTokenReader(APIKeyHeader):
    """`X-Session-Token` of the headless sign-in (contract §4)."""

    param_name = "X-Session-Token"

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        """The person behind the token, unless a second factor is missing."""
        found = authenticate_by_x_session_token(key) if key else None
        return _person(found[0]) if found else None


class CookieReader(APIKeyCookie):
    """The browser's session. Only for GET: nothing here is changed by a forged request."""

    def __init__(self) -> None:
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        """The signed-in person."""
        return _person(request.user)


readers = [TokenReader(), SessionTokenReader(), CookieReader()]


def readable_area(reader: Reader, code: str) -> Area:
    """The area that the reader asks for: 404 outside the scope, 403 inside without the right."""
    if isinstance(reader, ApiToken):
        area: Area | None = Area.objects.beneath(reader.scope).select_related("parent").filter(code=code).first()
        if area is None:
            raise Http404
        return area
    area = areas_known_to(reader).filter(code=code).first()
    if area is None:
        raise Http404
    allowed(reader, "progress.view", area)
    return area


def _person(user: Any) -> User | None:
    if not isinstance(user, User) or not user.is_active or lacks_second_factor(user):
        return None
    return user
