"""How elders' pages are answered: rendered without the session, so that they set no cookie and may be cached."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

CACHE_CONTROL = "public, max-age=300"


def public_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page that is the same for everybody: no context processor runs, so nobody asks who is looking.

    Cached for five minutes; refusals are not.
    """
    html = render_to_string(template, {"request": request, **context})
    response = HttpResponse(html, status=status)
    response["Cache-Control"] = CACHE_CONTROL if status == 200 else "no-store"
    return response
