"""Keeps what was searched in vain: folded words and a day, nothing about who asked, never anything like a secret."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from learning.search.matching import MAX_LETTERS
from learning.search.models import SearchMiss
from project.lib import vietnamese
from project.lib.clock import today
from project.lib.input_guard import check

KEPT_DAYS = 180
MOST_A_DAY = 2000  # different queries: nobody can fill the table
MOST_DIGITS = 5


def note_miss(query: str, language: str) -> bool:
    """One more vain search of today. False where nothing was kept: too short, too long a day, or perhaps a secret."""
    text = query[:MAX_LETTERS]
    # The whole text is looked at, not only what would be kept of it.
    if check(query) or sum(letter.isdigit() for letter in query) > MOST_DIGITS:
        return False
    words = vietnamese.fold(text, loose=True)[:MAX_LETTERS]
    if len(words) < 2:
        return False
    day = today()
    with transaction.atomic():
        rows = SearchMiss.objects.filter(query=words, language=language, day=day)
        if rows.update(count=F("count") + 1):
            return True
        if SearchMiss.objects.filter(day=day).count() >= MOST_A_DAY:
            return False
        row, _made = SearchMiss.objects.get_or_create(query=words, language=language, day=day)
        SearchMiss.objects.filter(pk=row.pk).update(count=F("count") + 1)
    return True


def forget_misses() -> int:
    """Drop what is older than KEPT_DAYS; returns how many rows."""
    old = SearchMiss.objects.filter(day__lt=today() - timedelta(days=KEPT_DAYS))
    return old.delete()[0]
