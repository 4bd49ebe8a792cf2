"""What a phone asks for to keep a lesson: the pack's list, the service worker, the page for «no network»."""

import re
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from learning.offline.manifest import manifest
from learning.offline.queries import lesson_at
from learning.offline.screens import away_page, away_screen
from learning.serving.answers import keep_page, prefixed

WORKER = Path(__file__).resolve().parent.parent / "static" / "learning" / "sw.js"
# Where a kept page's forms and requests for help lead in the end: our own public addresses, nothing else.
FORMS = re.compile(r"/(?:en/)?(?:nho-giup|b)/(?:[a-zA-Z0-9-]+/)*(?:\?[a-zA-Z0-9=&-]*)?")


@require_safe
def pack(request: HttpRequest, topic: str, lesson: str) -> HttpResponse:
    """`goi.json` of a lesson (contract §9)."""
    page = lesson_at(topic, lesson)
    response = JsonResponse(manifest(page, request, away_screen(request)), json_dumps_params={"ensure_ascii": False})
    return revalidated(response)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The lessons' service worker. Its scope is the tree of lessons in the language of the address."""
    response = HttpResponse(worker_text(), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = prefixed("/bai-hoc/")
    return revalidated(response)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def away(request: HttpRequest) -> HttpResponse:
    """What a kept page shows instead of a form while there is no network.

    If it is asked for here, there is a network: on to where the learner wanted to go (307: a form goes along).
    """
    wanted = request.GET.get("di", "")
    if FORMS.fullmatch(wanted):
        response = HttpResponseRedirect(wanted)
        response.status_code = 307
        response["Cache-Control"] = "no-store"
        return response
    return away_page(request)


def revalidated(response: HttpResponse) -> HttpResponse:
    """The same for everybody, but asked for anew each time: 304 where nothing changed."""
    response["Cache-Control"] = "no-cache"
    keep_page(response)
    return response


@cache
def worker_text() -> str:
    """The worker as it is written."""
    return WORKER.read_text(encoding="utf-8")
