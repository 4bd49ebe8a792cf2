"""Pages of the editors' side: at which steps people are stuck, and which lessons helped. Counts only."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.admin.auth import permission_required

from learning.feedback.models import Tally, totals
from learning.lessons.models import LessonPage
from learning.lessons.numbers import LessonNumber


@dataclass(frozen=True)
class StuckRow:
    """One step of one lesson, with how often people were stuck there."""

    number: int
    text: str
    stuck: int


@dataclass(frozen=True)
class LessonRow:
    """One published lesson with its counts."""

    page: LessonPage
    number: int
    useful: int
    not_useful: int
    steps: list[StuckRow]


@require_safe
@permission_required("wagtailadmin.access_admin")
def stuck_map(request: HttpRequest) -> HttpResponse:
    """Every published lesson, step by step, with the anonymous counts since the beginning."""
    numbers = dict(LessonNumber.objects.values_list("translation_key", "number"))
    pages = LessonPage.objects.live().select_related("locale").order_by("locale__language_code", "path")
    rows = [_row(page, numbers[page.translation_key]) for page in pages if page.translation_key in numbers]
    return render(
        request,
        "learning/stuck_map.html",
        {"rows": rows, "page_title": _("Where people are stuck"), "header_icon": "help"},
    )


def _row(page: LessonPage, number: int) -> LessonRow:
    counts = totals(number, page.locale.language_code)
    steps = [
        StuckRow(place, block.value["text"], counts.get((Tally.Kind.STUCK, str(block.id)), 0))
        for place, block in enumerate(page.steps, 1)
    ]
    useful, not_useful = (counts.get((kind, ""), 0) for kind in (Tally.Kind.USEFUL, Tally.Kind.NOT_USEFUL))
    return LessonRow(page, number, useful, not_useful, steps)
