"""Every screen of a lesson that a phone keeps: its address, and the page exactly as a learner would get it."""

import copy
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict

from learning.lessons.models import LessonPage
from learning.lessons.show import show_lesson
from learning.reference.models import HelpContact
from learning.serving.answers import prefixed, public_page, spoken_language

AWAY = "khong-mang/"  # beside the lessons: what a kept page shows instead of a form while there is no network


@dataclass(frozen=True)
class Screen:
    """One page: its public address with its question, and its words."""

    url: str
    body: bytes


def queries(page: LessonPage) -> list[str]:
    """The questions of all screens in the order in which one walks: cover, steps, practice, questions, the end.

    Not among them: an iPhone's form of a step that is the same there, and the states within a practice screen or a
    question (`sai`, `chon`), which the page's script shows by itself.
    """
    found = [""]
    for number, step in enumerate(page.all_steps(), 1):
        found.append(f"?buoc={number}")
        if step.has_variant:
            found.append(f"?buoc={number}&may=iphone")
    found += [f"?thu={number}" for number in range(1, len(page.rehearsal) + 1)]
    found += [f"?cau={number}" for number in range(1, len(page.quiz) + 1)]
    return [*found, "?buoc=xong"]


def screens(page: LessonPage, request: HttpRequest) -> list[Screen]:
    """All screens, drawn for whoever asks (host and scheme of `request`; the page is the same for everybody)."""
    return [
        Screen(page.address + query, show_lesson(page, _asking(request, page.address, query)).content)
        for query in queries(page)
    ]


def _asking(request: HttpRequest, path: str, query: str) -> HttpRequest:
    """The request as if it had asked for this address."""
    asked = copy.copy(request)
    asked.META = request.META | {"PATH_INFO": path, "QUERY_STRING": query.removeprefix("?"), "REQUEST_METHOD": "GET"}
    asked.path = asked.path_info = path
    asked.method = "GET"
    asked.GET = QueryDict(query.removeprefix("?"))
    return asked


def away_page(request: HttpRequest) -> HttpResponse:
    """The page itself, with the numbers that can be called from everywhere."""
    contacts = HelpContact.objects.filter(area_code="")
    twin = f"/bai-hoc/{AWAY}" if spoken_language() == "en" else f"/en/bai-hoc/{AWAY}"
    return public_page(request, "learning/pack_away.html", {"contacts": contacts, "twin": twin})


def away_screen(request: HttpRequest) -> Screen:
    """The page as a part of every pack."""
    return Screen(prefixed(f"/bai-hoc/{AWAY}"), away_page(request).content)
