"""Limits of forms that anybody may post: how often one sender may, and from which pages."""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from project.lib.clock import now


def allow(what: str, who: str, *, limit: int, seconds: int) -> bool:
    """Count one more `what` of `who` in the present window of `seconds`; False once there were more than `limit`.

    The key is an HMAC: neither addresses nor numbers stand in the cache. A cache that is down lets everybody pass.
    """
    key = _key(what, who, seconds)
    if cache.add(key, 1, seconds + 60):
        return limit >= 1
    try:
        return bool(cache.incr(key) <= limit)
    except ValueError:  # the window ended between the two calls
        cache.set(key, 1, seconds + 60)
        return limit >= 1


def is_over(what: str, who: str, *, limit: int, seconds: int) -> bool:
    """Whether `who` has used up `limit` already; counts nothing."""
    return int(cache.get(_key(what, who, seconds), 0)) >= limit


def sender(request: HttpRequest) -> str:
    """The address a request came from: behind TRUSTED_PROXIES proxies the one they saw; an IPv6 network is one.

    Whoever has one IPv6 address has 2^64 of them, so only the first half tells senders apart.
    """
    address = request.META.get("REMOTE_ADDR", "")
    proxies = int(getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0))
    if proxies:
        told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if len(told) >= proxies:
            address = told[-proxies]
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        return str(ipaddress.ip_network(f"{found}/64", strict=False).network_address)
    return str(found)


def from_own_page(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent this form: stands in for a CSRF token and its cookie.

    Browsers too old for either header are let through: the form uses no rights of the person who sends it.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return not origin or urlsplit(origin).netloc == request.get_host()


def _key(what: str, who: str, seconds: int) -> str:
    window = int(now().timestamp()) // seconds
    return f"limit:{what}:{salted_hmac('gocua.limits', f'{what}|{who}|{window}').hexdigest()[:40]}"
