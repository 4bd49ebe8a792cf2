"""How elders' pages are answered: rendered without the session, so that they set no cookie and may be cached."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.translation import get_language

CACHE_CONTROL = "public, max-age=300"


def public_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page that is the same for everybody: no context processor runs, so nobody asks who is looking.

    Cached for five minutes; refusals are not.
    """
    html = render_to_string(template, {"request": request, **context})
    response = HttpResponse(html, status=status)
    response["Cache-Control"] = CACHE_CONTROL if status == 200 else "no-store"
    keep_page(response)
    return response


def keep_page(response: HttpResponse) -> None:
    """Mark an answer that is the same for everybody: the page cache may keep it."""
    response._is_kept = True  # type: ignore[attr-defined]


def is_kept(response: HttpResponse) -> bool:
    """Whether the page cache may keep this answer."""
    return getattr(response, "_is_kept", False) and "no-store" not in response.get("Cache-Control", "")


def spoken_language() -> str:
    """'vi' or 'en': the language of this address."""
    return "en" if get_language() == "en" else "vi"


def prefixed(path: str) -> str:
    """A fixed public path in the language of this address."""
    return f"/en{path}" if spoken_language() == "en" else path


def see_other(url: str) -> HttpResponse:
    """«Look there now», after a form; never cached."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    response["Cache-Control"] = "no-store"
    return response
