"""The verbs of the counts: add to today's rows in one statement that loses nothing; forget old days."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import connection

from learning.feedback.models import Tally
from learning.feedback.queries import places_of
from learning.feedback.rules import WHOLE
from learning.lessons.models import LessonPage
from project.lib.clock import today

KEPT_DAYS = 400
FIELDS = ("number", "language", "step", "kind", "day")


def count(number: int, language: str, more: Mapping[tuple[str, str], int]) -> None:
    """Add `more` ((place, kind) → how often) to today's rows of a lesson: one statement, safe beside others.

    The database adds, so that nothing is lost when two phones report in the same instant; rows go in one order, so
    that two statements never wait for each other in a circle (PostgreSQL).
    """
    rows = [(number, language, place, kind, today(), times) for (place, kind), times in sorted(more.items()) if times]
    if not rows:
        return
    table = Tally._meta.db_table
    holes = ", ".join([f"({', '.join(['%s'] * (len(FIELDS) + 1))})"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(FIELDS)}, count) VALUES {holes} "
            f"ON CONFLICT ({', '.join(FIELDS)}) DO UPDATE SET count = {table}.count + excluded.count",
            [value for row in rows for value in row],
        )


def count_one(number: int, language: str, kind: str, place: str = WHOLE) -> None:
    """One more of one kind."""
    count(number, language, {(place, kind): 1})


def count_asked(page: LessonPage, number: int, place: str) -> None:
    """Somebody asked for a visit from this place of a lesson (a step's id or its number; else the whole lesson)."""
    step = page.position(place)
    known = {one.id for one in places_of(page)}
    found = str(page.steps.raw_data[step - 1]["id"]) if step else place if place in known else WHOLE
    count_one(number, page.locale.language_code, Tally.Kind.ASKED, found)


def forget_tallies() -> int:
    """Drop the days that are older than KEPT_DAYS; returns how many rows."""
    return Tally.objects.filter(day__lt=today() - timedelta(days=KEPT_DAYS)).delete()[0]
