"""How the practice phone and the questions are shown: every state is an address, so nothing here needs JavaScript."""

from django.http import Http404, HttpRequest, HttpResponse

from learning.lessons.models import LessonPage


def show_rehearsal(page: LessonPage, request: HttpRequest, place: str) -> HttpResponse:
    """Screen `place` of the practice phone, counted from 1; `?sai=k` after k wrong taps."""
    raise Http404(place)


def show_question(page: LessonPage, request: HttpRequest, place: str) -> HttpResponse:
    """Question `place`, counted from 1; `?chon=k` with the words that follow answer k."""
    raise Http404(place)
