"""Where three pictures lead to, and what can be chosen instead."""

from urllib.parse import urlencode

from django.db.models import QuerySet

from learning.lessons.models import LessonPage
from learning.lessons.numbers import LessonNumber
from learning.resume.code import Place
from learning.serving.answers import spoken_language


def address_of(place: Place) -> str | None:
    """The step's address in the language of this page, else in Vietnamese; the cover where the lesson has become
    shorter; None where no lesson of this number is published."""
    keys = LessonNumber.objects.filter(number=place.number).values("translation_key")
    found = LessonPage.objects.live().filter(translation_key__in=keys).select_related("locale")
    pages = {page.locale.language_code: page for page in found}
    page = pages.get(spoken_language()) or pages.get("vi")
    if page is None or not page.url:
        return None
    return f"{page.url}?{urlencode({'buoc': place.step})}" if place.step <= len(page.steps) else page.url


def lessons_to_choose() -> QuerySet[LessonPage]:
    """Every published lesson in the language of this page, in the order of topics."""
    rows = LessonPage.objects.live().filter(locale__language_code=spoken_language())
    chosen: QuerySet[LessonPage] = rows.select_related("locale").order_by("path")
    return chosen
