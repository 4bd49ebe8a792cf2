"""Limits of the public forms: how often one address of the net may post, and from which pages."""

import hashlib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def too_many(request: HttpRequest, form: str, *, most: int, seconds: int) -> bool:
    """Whether this address has posted `form` more than `most` times within `seconds`; counts this one.

    Only a keyed hash of the address stands in the cache, until the span is over.
    """
    digest = hashlib.blake2s(client_address(request).encode(), key=settings.SECRET_KEY.encode()[:32]).hexdigest()
    key = f"learning.limit.{form}.{digest}"
    if cache.add(key, 1, seconds):
        return most < 1
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two calls
        cache.add(key, 1, seconds)
        return most < 1


def client_address(request: HttpRequest) -> str:
    """The sender's address; behind N trusted proxies the Nth from the right of X-Forwarded-For."""
    hops = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if hops and len(forwarded) >= hops:
        return forwarded[-hops]
    return str(request.META.get("REMOTE_ADDR", ""))


def from_own_page(request: HttpRequest) -> bool:
    """Whether a browser says that our own page sent this form. Stands in for the CSRF token, which needs a cookie.

    Old browsers send neither header: they are let through, for what these forms do is count to one.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    if origin := request.headers.get("Origin"):
        return urlsplit(origin).netloc == request.get_host()
    return True
