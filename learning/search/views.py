"""Public pages that answer «where do I find»: search, procedures with their papers, service points of a commune."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from learning.lessons.models import LessonPage
from learning.lessons.numbers import LessonNumber
from learning.lessons.tree import TopicPage
from learning.reference.contacts import help_contacts, local_contact
from learning.reference.models import Procedure, ServicePoint
from learning.search.actions import note_miss
from learning.search.places import found_places, place_named
from learning.search.queries import MAX_LETTERS, Found, by_letter, found_procedures, search_all
from learning.serving.answers import CACHE_CONTROL, prefixed, public_page, spoken_language
from project.lib.limits import allow, sender


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/tim/?q=`: promoted results, lessons, procedures, words, places; found with or without marks."""
    query, found = looked_up(request)
    language = spoken_language()
    topics = TopicPage.objects.live().filter(locale__language_code=language).select_related("locale").order_by("path")
    context = {
        "query": query, "found": found, "topics": [] if found.total else topics, "twin": twin("/tim/", q=query),
    }  # fmt: skip
    return public_page(request, "learning/search.html", context)


def looked_up(request: HttpRequest) -> tuple[str, Found]:
    """What `?q=` asks for and what was found; a vain search is counted, without a word about who asked."""
    query = request.GET.get("q", "").strip()
    found = search_all(query, spoken_language())
    # What looks like a secret is not counted; note_miss() sees the whole text, also what is cut off here.
    if query and not found.total and allow("search-miss", sender(request), limit=20, seconds=60):
        note_miss(query, spoken_language())
    return query[:MAX_LETTERS], found


@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """`/thu-tuc/`: every procedure by its first letter; `?q=` narrows."""
    context = listed_procedures(request)
    return public_page(request, "learning/procedures.html", context | {"twin": twin("/thu-tuc/", q=context["query"])})


def listed_procedures(request: HttpRequest) -> dict[str, Any]:
    """The list for a page: all letters, the chosen one (`?chu=`), what a query found, else everything by letter."""
    query = request.GET.get("q", "").strip()[:MAX_LETTERS]
    shelves = by_letter(Procedure.objects.all())
    letter = request.GET.get("chu", "")
    shown = {letter: shelves[letter]} if letter in shelves else shelves
    return {
        "query": query,
        "letters": list(shelves),
        "letter": letter if letter in shelves else "",
        "found": found_procedures(query) if query else None,
        "shelves": list(shown.items()),
    }


@require_safe
def procedure(request: HttpRequest, key: str) -> HttpResponse:
    """`/thu-tuc/<key>/`: the papers to bring, where to, the lesson, and a page to print."""
    row = get_object_or_404(Procedure, key=key)
    context = {"procedure": row, "lesson": taught_by(row), "twin": twin(f"/thu-tuc/{key}/")}
    return public_page(request, "learning/procedure.html", context)


def taught_by(row: Procedure) -> LessonPage | None:
    """The published lesson of a procedure in the language of the address, with its number; None if there is none."""
    if row.lesson_number is None:
        return None
    keys = LessonNumber.objects.filter(number=row.lesson_number).values("translation_key")
    rows = LessonPage.objects.live().filter(translation_key__in=keys, locale__language_code=spoken_language())
    return rows.select_related("locale").first()


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """`/diem-phuc-vu/?q=`: find the commune, by a present or an old name."""
    query = request.GET.get("q", "").strip()[:MAX_LETTERS]
    context = {"query": query, "places": found_places(query, 20), "twin": twin("/diem-phuc-vu/", q=query)}
    return public_page(request, "learning/points_find.html", context)


@require_safe
def points(request: HttpRequest, code: str) -> HttpResponse:
    """`/diem-phuc-vu/<commune>/`: where to go, at what hours, whom to call. A merged commune leads to the present one.

    Http404 for a code that no commune has.
    """
    place = place_named(code)
    if place is None:
        raise Http404(code)
    if place.code != code:
        response = HttpResponseRedirect(prefixed(f"/diem-phuc-vu/{place.code}/"))
        response["Cache-Control"] = CACHE_CONTROL
        return response
    contacts = help_contacts(code)
    first = local_contact(contacts)
    context = {
        "place": place,
        "points": ServicePoint.objects.filter(area_code=code),
        "contact": first,
        "others": [card for card in contacts if card is not first],
        "ask": f"{prefixed('/nho-giup/')}?{urlencode({'xa': code})}",
        "calendar": f"{prefixed('/lich/')}?{urlencode({'xa': code})}",
        "twin": twin(f"/diem-phuc-vu/{code}/"),
    }
    return public_page(request, "learning/points.html", context)


def twin(path: str, **query: str) -> str:
    """The same page in the other language, with what was asked."""
    kept = {name: value for name, value in query.items() if value}
    start = "" if spoken_language() == "en" else "/en"
    return f"{start}{path}" + (f"?{urlencode(kept)}" if kept else "")
