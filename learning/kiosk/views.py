"""The kiosk at the commune's centre: very large, nothing kept in the browser or here, home again when left alone.

Start the machine's browser with /kiosk/ in full screen (Chromium: --kiosk). Every address has its twin under /en/.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from learning.lessons.models import LessonPage
from learning.lessons.numbers import LessonNumber
from learning.lessons.previews import offer_preview
from learning.lessons.queries import published_lesson
from learning.lessons.show import DONE, IPHONE
from learning.lessons.tree import TopicPage
from learning.media.qr import absolute, qr, spoken
from learning.reference.models import Procedure
from learning.search.views import listed_procedures, looked_up, taught_by, twin
from learning.serving.answers import prefixed, public_page, spoken_language


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """`/kiosk/`: topics as large tiles, the papers, a plain search field."""
    return _page(request, "learning/kiosk.html", "/kiosk/", topics=_topics(), is_home=True)


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """`/kiosk/chu-de/<topic>/`: its lessons as tiles."""
    row = _topics().filter(slug=slug).first()
    if row is None:
        raise Http404(slug)
    lessons = numbered(LessonPage.objects.live().child_of(row).defer("steps", "rehearsal", "quiz"))
    return _page(request, "learning/kiosk_topic.html", f"/kiosk/chu-de/{slug}/", topic=row, lessons=lessons)


@require_safe
def lesson(request: HttpRequest, number: int) -> HttpResponse:
    """`/kiosk/bai/<number>/?buoc=N`: a step; `?buoc=xong` the end with a code to go on at home. Http404 otherwise."""
    page = published_lesson(number)
    base = prefixed(f"/kiosk/bai/{number}/")
    place = request.GET.get("buoc", "1")
    iphone = request.GET.get("may") == IPHONE
    count = len(page.steps)
    topic_href = prefixed(f"/kiosk/chu-de/{page.get_parent().slug}/")
    if place == DONE:
        address = absolute(request, page.fixed(f"/b/{number}/"))
        following = numbered([page.following()])
        return _page(
            request, "learning/kiosk_end.html", f"/kiosk/bai/{number}/", buoc=DONE, page=page, code=qr(address),
            address=spoken(address), following=following[0] if following else None, topic_href=topic_href,
            back_href=step_href(base, count, iphone=iphone),
        )  # fmt: skip
    position = page.position(place)
    if position is None:
        raise Http404(f"no step {place[:12]!r}")
    return _page(
        request,
        "learning/kiosk_step.html",
        f"/kiosk/bai/{number}/",
        buoc=str(position),
        page=page,
        step=page.step(position, iphone=iphone),
        count=count,
        iphone=iphone,
        android_href=step_href(base, position),
        iphone_href=step_href(base, position, iphone=True),
        next_href=step_href(base, position + 1 if position < count else DONE, iphone=iphone),
        back_href=step_href(base, position - 1, iphone=iphone) if position > 1 else topic_href,
    )


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/kiosk/tim/?q=`: lessons, papers and words; what leads out of the kiosk is left out."""
    query, found = looked_up(request)
    return _page(request, "learning/kiosk_search.html", "/kiosk/tim/", q=query, query=query, found=found)


@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """`/kiosk/thu-tuc/`: which papers a matter needs; letters to tap, so that nobody must type."""
    context = listed_procedures(request)
    return _page(
        request,
        "learning/kiosk_procedures.html",
        "/kiosk/thu-tuc/",
        q=context["query"],
        chu=context["letter"],
        **context,
    )


@require_safe
def procedure(request: HttpRequest, key: str) -> HttpResponse:
    """`/kiosk/thu-tuc/<key>/`: the papers, where to, the lesson, and a button that prints."""
    row = get_object_or_404(Procedure, key=key)
    return _page(
        request, "learning/kiosk_procedure.html", f"/kiosk/thu-tuc/{key}/", procedure=row, lesson=taught_by(row)
    )


def step_href(base: str, place: int | str, *, iphone: bool = False) -> str:
    """The address of a step in the kiosk."""
    return f"{base}?{urlencode({'buoc': place, **({'may': IPHONE} if iphone else {})})}"


def numbered(pages: Any) -> list[LessonPage]:
    """Those of the pages that have a number, each with it; one statement for all."""
    rows = [page for page in pages if page is not None]
    keys = [page.translation_key for page in rows]
    known = LessonNumber.objects.filter(translation_key__in=keys).values_list("translation_key", "number")
    numbers = dict(known)
    for page in rows:
        page.__dict__["known_number"] = numbers.get(page.translation_key)
    return [page for page in rows if page.number]


def _topics() -> Any:
    rows = TopicPage.objects.live().filter(locale__language_code=spoken_language())
    return rows.select_related("locale").order_by("path")


def _page(
    request: HttpRequest, template: str, path: str, *, q: str = "", buoc: str = "", chu: str = "", **context: Any
) -> HttpResponse:  # fmt: skip
    return public_page(request, template, {"twin": twin(path, q=q, buoc=buoc, chu=chu), **context})


def preview(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """Every step of a lesson, perhaps a draft, as the kiosk shows it; it does not run home while an editor looks."""
    with translation.override(page.locale.language_code):
        return page.answer(request, "learning/kiosk_preview.html", steps=page.all_steps(), is_preview=True)


def offer_previews() -> None:
    """The mode of this slice."""
    offer_preview("kiosk", _("Kiosk"), preview)
