"""How a lesson is shown to a learner: cover, step, last screen. Practice and questions: practice.py."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from learning.lessons.models import LessonPage, lines
from learning.lessons.practice import show_question, show_rehearsal
from learning.lessons.previews import offer_preview

DONE = "xong"  # ?buoc=xong: the screen after the last step
IPHONE = "iphone"  # ?may=iphone: the steps as an iPhone shows them


def show_lesson(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """`?buoc=N` a step, `?thu=N` a rehearsal screen, `?cau=N` a question, `?buoc=xong` the last screen, else the cover.

    Http404 for a place that the lesson does not have.
    """
    place, rehearsal, question = (request.GET.get(name) for name in ("buoc", "thu", "cau"))
    if rehearsal is not None:
        return show_rehearsal(page, request, rehearsal)
    if question is not None:
        return show_question(page, request, question)
    if place is None:
        return show_cover(page, request)
    if place == DONE:
        return show_end(page, request)
    number = page.position(place)
    if number is None:
        raise Http404(f"no step {place[:12]!r}")
    return show_step(page, request, number)


def show_cover(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """What the lesson is for, what one needs, how long it takes."""
    return page.answer(
        request,
        "learning/lesson_page.html",
        number=page.number,
        needs=lines(page.needs),
        papers=lines(page.papers),
        warnings=lines(page.warnings),
        boxes=page.boxes.all(),
        procedures=page.procedures.all(),
        sources=lines(page.sources),
        screens=len(page.rehearsal),
        questions=len(page.quiz),
        count=len(page.steps),
        next_href="?buoc=1" if len(page.steps) else f"?buoc={DONE}",
    )


def show_step(page: LessonPage, request: HttpRequest, number: int) -> HttpResponse:
    """One step a screen. `?may=iphone` goes along from step to step."""
    iphone = request.GET.get("may") == IPHONE
    count = len(page.steps)
    step = page.step(number, iphone=iphone)
    lesson_number = page.number
    return page.answer(
        request,
        "learning/lesson_step.html",
        number=lesson_number,
        step=step,
        count=count,
        iphone=iphone,
        other_href=step_href(number, iphone=not iphone),
        next_href=step_href(number + 1, iphone=iphone) if number < count else after_steps(page),
        back_href=step_href(number - 1, iphone=iphone) if number > 1 else page.address,
        help_href=page.help_href(lesson_number, step.id),
    )


def step_href(number: int, *, iphone: bool = False) -> str:
    """The address of a step within its lesson."""
    return "?" + urlencode({"buoc": number, **({"may": IPHONE} if iphone else {})})


def after_steps(page: LessonPage) -> str:
    """Where «Next» leads after the last step: to the practice phone, else the questions, else the last screen."""
    return "?thu=1" if len(page.rehearsal) else "?cau=1" if len(page.quiz) else f"?buoc={DONE}"


def show_end(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """Well done, was it useful, what next, and the address to take home."""
    number = page.number
    return page.answer(
        request,
        "learning/lesson_end.html",
        number=number,
        short_label=f"{settings.SITE_URL.partition('://')[2] or request.get_host()}{page.fixed(f'/b/{number}/')}",
        help_href=page.help_href(number),
        count=len(page.steps),
        following=page.following(),
        warnings=lines(page.warnings),
        procedures=page.procedures.all(),
        thanked=request.GET.get("cam-on") == "1",
        next_href="",
        back_href=last_href(page),
    )


def last_href(page: LessonPage) -> str:
    """What comes before the last screen."""
    if len(page.quiz):
        return f"?cau={len(page.quiz)}"
    return f"?thu={len(page.rehearsal)}" if len(page.rehearsal) else f"?buoc={len(page.steps)}"


def preview_steps(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """All steps below each other, with the helper's notes."""
    return page.answer(request, "learning/lesson_steps_preview.html", steps=page.all_steps())


def offer_previews() -> None:
    """The modes of this slice."""
    offers: list[tuple[str, Any, Any]] = [
        ("cover", _("Cover"), show_cover),
        ("steps", _("All steps"), preview_steps),
        ("end", _("Last screen"), show_end),
    ]
    for mode, label, render in offers:
        offer_preview(mode, label, render)
