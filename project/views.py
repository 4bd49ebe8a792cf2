"""Health checks, error pages, the manifest and the privacy notice."""

import shutil
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from huey.contrib.djhuey import HUEY

from project.lib.ids import new_id


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, queue, cache and disk work; 503 with the failing parts otherwise."""
    checks: dict[str, Callable[[], bool]] = {
        "database": _database,
        "queue": lambda: HUEY.storage.queue_size() >= 0,
        "cache": _cache,
        "disk": lambda: shutil.disk_usage(settings.DATA_DIR).free > 200_000_000,
    }
    failing = [name for name, check in checks.items() if not _holds(check)]
    return JsonResponse(
        {"status": "failing" if failing else "ready", "failing": failing}, status=503 if failing else 200
    )


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _cache() -> bool:
    key, value = "readyz", str(new_id())
    cache.set(key, value, 30)
    return cache.get(key) is not None


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What we keep and whom to ask."""
    return render(request, "project/privacy.html")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest of the public pages."""
    icons = [
        {"src": f"{settings.STATIC_URL}project/icon-192.png", "sizes": "192x192", "type": "image/png"},
        {"src": f"{settings.STATIC_URL}project/icon-512.png", "sizes": "512x512", "type": "image/png"},
        {
            "src": f"{settings.STATIC_URL}project/icon-maskable-512.png",
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ]
    body = {
        "name": "Gõ Cửa",
        "short_name": "Gõ Cửa",
        "description": _("Lessons for everyone, step by step; and a neighbour who comes to help."),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "lang": request.LANGUAGE_CODE,
        "background_color": "#FFFBF4",
        "theme_color": "#0A5A54",
        "icons": icons,
    }
    return JsonResponse(body, content_type="application/manifest+json")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long: say what to do, lose nothing."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 in the product's own words."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: you may know it exists, but not do this."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: it is not there, or not for you."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: needs nothing but the template."""
    return render(request, "500.html", status=500)
