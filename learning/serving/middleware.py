"""Keeps elders' pages ready: the whole answer, packed, under a key that a publication changes.

These pages are the same for everybody (answers.public_page), so neither cookies nor language are looked at on a hit.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from learning.serving import store
from learning.serving.answers import is_kept


class PageCacheMiddleware:
    """Stands before all others: what is kept has passed them, and carries the headers that they set."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        is_preview = getattr(request, "is_dummy", False)  # an editor's draft, at the address of the published page
        if is_preview or request.method != "GET" or not store.may_be_kept(request.path, query):
            return self.get_response(request)
        key = store.key_of(request.scheme or "", request.get_host(), request.path, query)
        kept = store.load(key)
        if kept is None:
            response = self.get_response(request)
            if not is_kept(response) or response.status_code != 200 or response.cookies:
                return response
            kept = store.keep(key, response)
        meta = request.META
        accepts, known = meta.get("HTTP_ACCEPT_ENCODING", ""), meta.get("HTTP_IF_NONE_MATCH", "")
        status, headers, body = store.answer_of(kept, accepts, known)
        return HttpResponse(body, status=status, headers=dict(headers))
