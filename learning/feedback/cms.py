"""The editors' stuck map: what happens at each step of each lesson, the worst first; also as CSV. Counts only."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin.auth import permission_required
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.permissions import policy_registry

from learning.feedback.models import Tally
from learning.feedback.queries import Place, counted_lessons, found_since, gone, places_of
from learning.feedback.rules import LEAST_SHOWN, WHOLE, StepCounts, counts_of, step_counts_of
from learning.lessons.models import LessonPage
from project.lib.cells import safe_cell

PERIODS = (7, 30, 90)
USUAL = 30
FEW = 5  # rows of a lesson while all lessons are shown


@dataclass(frozen=True)
class StepRow:
    """One screen of a lesson with its counts; kinds 'gone' (all screens that are no more) and 'whole' besides."""

    place: Place
    counts: StepCounts

    @property
    def name(self) -> str:
        """What the screen is called: «Step 3»."""
        names = {
            "cover": _("Cover"),
            "step": _("Step %(number)s"),
            "practice": _("Practice screen %(number)s"),
            "question": _("Question %(number)s"),
            "end": _("Last screen"),
            "gone": _("Old steps"),
            "whole": _("The lesson as a whole"),
        }
        return names[self.place.kind] % {"number": self.place.number}


@dataclass(frozen=True)
class LessonRows:
    """One lesson in one language: its screens, the worst first, and how many rows are not shown."""

    number: int
    page: LessonPage
    useful: int
    not_useful: int
    rows: list[StepRow]
    more: int = 0

    @property
    def trouble(self) -> float:
        """How hard its hardest screen is."""
        return max((row.counts.trouble for row in self.rows), default=0.0)


class MapFilter(forms.Form):
    """What the map shows; wrong words in the address mean the usual."""

    number = forms.TypedChoiceField(label=gettext_lazy("Lesson"), required=False, coerce=int, empty_value=None)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    days = forms.TypedChoiceField(label=gettext_lazy("Period"), required=False, coerce=int)

    def __init__(self, *args: Any, lessons: list[tuple[int, LessonPage]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {number: page.title for number, page in reversed(lessons)}  # the Vietnamese title where there is one
        tongues = {page.locale.language_code: page.locale.get_display_name() for _number, page in lessons}
        choices: dict[str, list[tuple[Any, Any]]] = {
            "number": [("", _("All lessons")), *((number, f"{number}. {titles[number]}") for number in sorted(titles))],
            "language": [("", _("All languages")), *tongues.items()],
            "days": [(days, _("Last %(days)s days") % {"days": days}) for days in PERIODS],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    @property
    def chosen(self) -> tuple[int | None, str, int]:
        """Lesson (None: all), language ('': all), days."""
        good = {} if not self.is_bound or self.errors else self.cleaned_data
        return good.get("number"), good.get("language") or "", good.get("days") or USUAL


@require_safe
@permission_required("wagtailadmin.access_admin")
def stuck_map(request: HttpRequest) -> HttpResponse:
    """The map; `?number=`, `?language=`, `?days=` narrow it, `?export=csv` gives every row of it as a file."""
    lessons = counted_lessons()
    form = MapFilter({"days": USUAL} | request.GET.dict(), lessons=lessons)
    number, language, days = form.chosen
    found = found_since(days, number=number, language=language)
    every = [
        _lesson(one, page, found.get((one, page.locale.language_code), {}))
        for one, page in lessons
        if number in (None, one) and language in ("", page.locale.language_code)
    ]
    if request.GET.get("export") == "csv":
        return _as_csv(every, days)
    counted = sorted((one for one in every if one.rows), key=lambda one: -one.trouble)
    context = {
        "lessons": counted if number is not None else [_shortened(one) for one in counted],
        "silent": [one for one in every if not one.rows],
        "form": form,
        "days": days,
        "is_one": number is not None,
        "least": LEAST_SHOWN,
        "export": _query(request, export="csv"),
        "editable": _editable(request.user),
        "page_title": _("Where people are stuck"),
        "header_icon": "help",
    }
    return render(request, "learning/stuck_map.html", context)


def _lesson(number: int, page: LessonPage, found: Mapping[str, Counter[str]]) -> LessonRows:
    places = places_of(page)
    counts = counts_of([place.id for place in places], found)
    rows = [StepRow(place, counts[place.id]) for place in places if not counts[place.id].is_empty]
    rows.sort(key=lambda row: -row.counts.trouble)
    old = step_counts_of(gone(places, found))
    if not old.is_empty:
        rows.append(StepRow(Place("", "gone"), old))
    whole = found.get(WHOLE, Counter())
    if whole[Tally.Kind.ASKED]:
        rows.append(StepRow(Place("", "whole"), step_counts_of({"asked": whole[Tally.Kind.ASKED]})))
    useful, not_useful = (whole[kind] for kind in (Tally.Kind.USEFUL, Tally.Kind.NOT_USEFUL))
    return LessonRows(number, page, useful, not_useful, rows)


def _shortened(lesson: LessonRows) -> LessonRows:
    """The worst rows alone, with how many are left out."""
    more = len(lesson.rows) - FEW
    if more <= 0:
        return lesson
    return LessonRows(lesson.number, lesson.page, lesson.useful, lesson.not_useful, lesson.rows[:FEW], more)


def _editable(user: Any) -> set[int]:
    """The pages that this person may change."""
    policy = policy_registry.get_by_type(Page)
    return set(policy.instances_user_has_permission_for(user, "change").values_list("pk", flat=True))


def _query(request: HttpRequest, **more: str) -> str:
    asked = request.GET.copy()
    for name, value in more.items():
        asked[name] = value
    return f"?{asked.urlencode()}"


def _as_csv(lessons: list[LessonRows], days: int) -> HttpResponse:
    """Every row that has a count; opens in a spreadsheet as it is."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cho-hay-vuong-{days}-ngay.csv"'
    writer = csv.writer(response)
    kinds = columns()
    heads = [_("Lesson"), _("Title of the lesson"), _("Language"), _("Step"), _("What to do"), *kinds.values()]
    writer.writerow([*heads, _("Useful: yes"), _("Useful: no")])
    for lesson in lessons:
        lead = [lesson.number, safe_cell(lesson.page.title), lesson.page.locale.language_code]
        if lesson.useful or lesson.not_useful:
            whole = _("The lesson as a whole")
            writer.writerow([*lead, whole, "", *[""] * len(kinds), lesson.useful, lesson.not_useful])
        for row in lesson.rows:
            figures = [getattr(row.counts, kind) for kind in kinds]
            writer.writerow([*lead, row.name, safe_cell(row.place.text), *figures, "", ""])
    return response


def columns() -> dict[str, str]:
    """Kind → what its column is called."""
    return {
        "shown": _("Shown"),
        "left": _("Left here"),
        "again": _("Played again"),
        "hint": _("Hints opened"),
        "missed": _("Wrong taps"),
        "stuck": _("Stuck here"),
        "asked": _("Asked for a visit"),
        "back": _("Went back"),
        "heard": _("Listened to"),
    }


def offer_stuck_map() -> None:
    """Reports → Where people are stuck."""

    @hooks.register("register_admin_urls")
    def admin_urls() -> list[Any]:
        return [path("vuong/", stuck_map, name="learning_stuck_map")]

    @hooks.register("register_reports_menu_item")
    def menu_item() -> MenuItem:
        words = gettext_lazy("Where people are stuck")
        return MenuItem(words, reverse("learning_stuck_map"), icon_name="help", order=900)
