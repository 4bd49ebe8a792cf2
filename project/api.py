"""The HTTP API: each slice's `api.py` is a router; errors are RFC 9457 `application/problem+json`."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import JSONRenderer

from volunteers.dashboards.api import router as dashboards_router
from volunteers.field.api import router as sync_router
from volunteers.requests.api import router as requests_router

PROBLEM = "application/problem+json"


class Renderer(JSONRenderer):
    """JSON with Vietnamese letters as they are."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title="Gõ Cửa",
    version="1",
    urls_namespace="api",
    renderer=Renderer(),
    docs_url=None,
    description="Interfaces for the field app, for a province's operations centre and for help requests.",
)


def problem(request: HttpRequest, status: int, title: str, **more: Any) -> HttpResponse:
    """An error as RFC 9457 has it: type, title, status and whatever helps to mend it."""
    body = {"type": "about:blank", "title": title, "status": status, **more}
    response = api.create_response(request, body, status=status)
    response["Content-Type"] = PROBLEM
    return response


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422 with one entry a field."""
    errors = [{"field": _field(item["loc"]), "error": item["msg"]} for item in error.errors]
    return problem(request, 422, "The request does not have the expected form.", errors=errors)


def _field(loc: Sequence[Any]) -> str:
    """('body', <our parameter's name>, 'phone') → 'phone'; ('query', 'limit') → 'limit'."""
    told = loc[2:] if loc[0] == "body" and len(loc) > 2 else loc[1:]
    return ".".join(str(part) for part in told or loc)


@api.exception_handler(AuthenticationError)
def anonymous(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """401: sign in first."""
    response = problem(request, 401, "Sign in first.")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    """403: inside your scope, but not your right."""
    return problem(request, 403, "You may not do this.")


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """404: it is not there, or not for you."""
    return problem(request, 404, "Not found.")


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Any other refusal, with its own words."""
    response = problem(request, error.status_code, str(error))
    if error.status_code in {429, 503}:
        response["Retry-After"] = "600"
    return response


api.add_router("", requests_router)
api.add_router("", dashboards_router)
api.add_router("/sync", sync_router)
