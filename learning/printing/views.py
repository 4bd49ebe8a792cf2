"""Paper: a lesson as a large-print sheet, and a card to take home with its address and the three things."""

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from learning.lessons.models import LessonPage, lines
from learning.lessons.previews import offer_preview
from learning.lessons.queries import published_lesson
from learning.media.qr import absolute, qr, spoken
from learning.printing.paper import boxes_of, never_tell, papers_of
from project.lib.clock import today

NOTE_LINES = range(2)


@require_safe
def sheet(request: HttpRequest, number: int) -> HttpResponse:
    """`/b/<number>/in/`: each step one box, black on white; `?co=A5` for a booklet."""
    return draw_sheet(published_lesson(number), request)


@require_safe
def card(request: HttpRequest, number: int) -> HttpResponse:
    """`/b/<number>/the/`: a card to show or to print on A6; `?ban=4` four of them on A4, to cut apart."""
    return draw_card(published_lesson(number), request)


def draw_sheet(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """The sheet of a lesson that may still be a draft: then it has no number and no code to scan."""
    size = "A5" if request.GET.get("co") == "A5" else "A4"
    with translation.override(page.locale.language_code):
        return _answer(
            page,
            request,
            "learning/sheet.html",
            "in/",
            size=size,
            boxes=boxes_of(page, size),
            papers=papers_of(page),
            warnings=lines(page.warnings),
            alarms=page.boxes.all(),
        )


def draw_card(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """The card of a lesson that may still be a draft."""
    copies = 4 if request.GET.get("ban") == "4" else 1
    with translation.override(page.locale.language_code):
        return _answer(
            page,
            request,
            "learning/card.html",
            "the/",
            copies=range(copies),
            is_four=copies == 4,
            never_tell=never_tell(page.locale.language_code),
            note_lines=NOTE_LINES,
        )


def _answer(page: LessonPage, request: HttpRequest, template: str, last: str, **context: object) -> HttpResponse:
    number = page.number
    address = absolute(request, page.fixed(f"/b/{number}/")) if number else ""
    has_twin = page.get_translations().live().exists()
    other = f"/b/{number}/{last}" if page.locale.language_code == "en" else f"/en/b/{number}/{last}"
    response = page.answer(
        request,
        template,
        number=number,
        address=spoken(address),
        code=qr(address) if address else "",
        printed_on=today(),
        twin=other if number and has_twin else page.twin(),
        **context,
    )
    # The day of printing stands on it: not kept by the server, where it would be the day of the first reader.
    response._is_kept = False  # type: ignore[attr-defined]
    return response


def offer_previews() -> None:
    """The modes of this slice."""
    offer_preview("print", _("On paper"), draw_sheet)
    offer_preview("card", _("Take-home card"), draw_card)
