"""Who signs a sync request: a browser's session with its CSRF token, a program's session, a phone's upload token."""

from dataclasses import dataclass
from typing import Any

from allauth.headless.internal.sessionkit import authenticate_by_x_session_token
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from ninja.errors import AuthenticationError
from ninja.security import APIKeyCookie, APIKeyHeader

from project.accounts.models import User
from project.lib.clock import now, wall_milliseconds
from volunteers.field.actions import token_digest
from volunteers.field.models import Device

REQUESTS_A_MINUTE = 600  # of one person: a hall of phones never comes near, a loop gone wild does
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Signature:
    """The author, and the phone if its own token signed."""

    user: User
    device: Device | None = None


class UploadToken(APIKeyHeader):
    """`X-Upload-Token`: one person on one phone, 60 days, opens `sync/ops` only."""

    param_name = "X-Upload-Token"

    def authenticate(self, request: HttpRequest, key: str | None) -> Signature | None:
        """The phone's person; None without the header, 401 for a token that opens nothing."""
        if not key:
            return None
        device = (
            Device.objects.select_related("user")
            .filter(token_digest=token_digest(key), token_expires_at__gt=now(), revoked_at__isnull=True)
            .first()
        )
        if device is None or not device.user.is_active:
            # Never fall back to whoever is signed in: another person's records would become theirs.
            raise AuthenticationError
        return Signature(device.user, device)


class SessionToken(APIKeyHeader):
    """`X-Session-Token` of allauth's app client (contract §4)."""

    param_name = "X-Session-Token"

    def authenticate(self, request: HttpRequest, key: str | None) -> Signature | None:
        """The session's person; None without the header, 401 for a token that opens nothing."""
        if not key:
            return None
        found = authenticate_by_x_session_token(key)
        if found is None or not found[0].is_active:
            raise AuthenticationError
        return Signature(found[0])


class _Csrf(CsrfViewMiddleware):
    """Django's own check without its page of apology: the API says 401."""

    @classmethod
    def holds(cls, request: HttpRequest) -> bool:
        """Whether the request brings the token that goes with its cookie."""
        middleware = cls(lambda request: HttpResponse())
        request.csrf_processing_done = False  # type: ignore[attr-defined]  # ninja's views are exempt until here
        middleware.process_request(request)
        refused: HttpResponse | None = middleware.process_view(request, lambda request: HttpResponse(), (), {})
        return refused is None

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponseForbidden:
        return HttpResponseForbidden()


class BrowserSession(APIKeyCookie):
    """The session cookie; anything but a read needs `X-CSRFToken` too. Without it: 401, so a phone keeps all."""

    param_name = "gocua_session"

    def __init__(self) -> None:
        super().__init__(csrf=False)  # asked below: a missing token must be 401 here, never 403 for a batch

    def authenticate(self, request: HttpRequest, key: str | None) -> Signature | None:
        """The browser's person, or None."""
        user: Any = request.user
        if not user.is_authenticated or not user.is_active:
            return None
        if request.method not in SAFE and not _Csrf.holds(request):
            return None
        return Signature(user)


SIGNED_IN = [SessionToken(), BrowserSession()]
PHONES_TOO = [UploadToken(), SessionToken(), BrowserSession()]


def seconds_to_wait(user: User) -> int:
    """0 while the person is within the limit of this minute, else after how many seconds to come again."""
    minute, second = divmod(wall_milliseconds() // 1000, 60)
    key = f"sync:{user.pk}:{minute}"
    if cache.add(key, 1, 120):
        return 0
    try:
        count = cache.incr(key)
    except ValueError:  # it expired between the two
        return 0
    return 60 - second if count > REQUESTS_A_MINUTE else 0
