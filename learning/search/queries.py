"""Search that needs no marks: «dang ky vneid» finds «Đăng ký VNeID»; hits with the typed marks stand first."""

import unicodedata

from learning.lessons.models import LessonPage
from project.lib import vietnamese

MAX_LETTERS = 80


def found_lessons(query: str, language: str) -> list[LessonPage]:
    """Published lessons that hold every word of the query, best first. [] for an empty query.

    Order: the typed words with their marks in the title, without marks in the title, with marks anywhere, the rest.
    """
    typed = unicodedata.normalize("NFC", " ".join(query.split())).casefold()[:MAX_LETTERS]
    words = vietnamese.fold(typed).split()
    if not words:
        return []
    rows = LessonPage.objects.live().filter(locale__language_code=language).select_related("locale").order_by("path")
    for word in words:
        rows = rows.filter(folded__contains=word)
    return sorted(rows, key=lambda page: _distance(page, typed, words))


def _distance(page: LessonPage, typed: str, words: list[str]) -> int:
    title = unicodedata.normalize("NFC", page.title).casefold()
    if all(word in title for word in typed.split()):
        return 0
    folded_title = vietnamese.fold(page.title)
    if all(word in folded_title for word in words):
        return 1
    text = unicodedata.normalize("NFC", "\n".join(page.searchable())).casefold()
    return 2 if all(word in text for word in typed.split()) else 3
