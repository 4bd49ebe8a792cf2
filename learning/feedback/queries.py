"""Reads of the counts: what happened at each place of a lesson in the last days."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Sum

from learning.feedback.models import Tally
from learning.feedback.rules import COVER, END, StepCounts, counts_of
from learning.lessons.models import LessonPage
from learning.lessons.numbers import LessonNumber
from project.lib.clock import today

Found = dict[str, Counter[str]]  # place → kind → how often


@dataclass(frozen=True)
class Place:
    """One screen of a lesson. `kind`: cover, step, practice, question or end; `number` counts within its kind."""

    id: str
    kind: str
    number: int = 0
    text: str = ""


def places_of(page: LessonPage) -> list[Place]:
    """The lesson's screens in the order in which a learner meets them, read without preparing a block."""
    places = [Place(COVER, "cover")]
    for kind, stream, names in (
        ("step", page.steps, ("text",)),
        ("practice", page.rehearsal, ("task",)),
        ("question", page.quiz, ("question", "body")),
    ):
        for number, raw in enumerate(stream.raw_data, 1):
            words = next((raw["value"][name] for name in names if raw["value"].get(name)), "")
            places.append(Place(str(raw["id"]), kind, number, words))
    return [*places, Place(END, "end")]


def step_counts(page: LessonPage, days: int = 30) -> dict[str, StepCounts]:
    """Place (a step's id, 'cover', 'end') → what was counted there in the last `days`; {} before the first number."""
    if page.number is None:
        return {}
    language = page.locale.language_code
    found = found_since(days, number=page.number, language=language).get((page.number, language), {})
    return counts_of([place.id for place in places_of(page)], found)


def found_since(days: int, *, number: int | None = None, language: str = "") -> dict[tuple[int, str], Found]:
    """(lesson, language) → place → kind → how often in the last `days`, today among them. One statement."""
    rows = Tally.objects.filter(day__gt=today() - timedelta(days=days))
    if number is not None:
        rows = rows.filter(number=number)
    if language:
        rows = rows.filter(language=language)
    found: dict[tuple[int, str], Found] = {}
    for row in rows.values("number", "language", "step", "kind").annotate(total=Sum("count")).order_by():
        places = found.setdefault((row["number"], row["language"]), {})
        places.setdefault(row["step"], Counter())[row["kind"]] += row["total"]
    return found


def gone(places: list[Place], found: Mapping[str, Mapping[str, int]]) -> Counter[str]:
    """What was counted at places that the lesson no longer has, all of them together."""
    known = {place.id for place in places} | {""}
    total: Counter[str] = Counter()
    for place, kinds in found.items():
        if place not in known:
            total.update(kinds)
    return total


def counted_lessons() -> list[tuple[int, LessonPage]]:
    """Every published lesson in every language with its number, in the editors' order. Two statements."""
    numbers = dict(LessonNumber.objects.values_list("translation_key", "number"))
    pages = LessonPage.objects.live().select_related("locale").order_by("-locale__language_code", "path")
    return [(numbers[page.translation_key], page) for page in pages if page.translation_key in numbers]
