"""Reads of published lessons by their number."""

from django.http import Http404

from learning.lessons.models import LessonPage
from learning.lessons.numbers import LessonNumber
from learning.serving.answers import spoken_language


def published_lesson(number: int) -> LessonPage:
    """The published lesson of a number in the language of the address. Http404 if there is none."""
    keys = LessonNumber.objects.filter(number=number).values("translation_key")
    rows = LessonPage.objects.live().filter(translation_key__in=keys, locale__language_code=spoken_language())
    page = rows.select_related("locale").first()
    if page is None:
        raise Http404(f"no lesson {number}")
    return page
