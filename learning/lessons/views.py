"""The short address of a lesson, the one that stands on paper."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from learning.lessons.models import LessonPage
from learning.lessons.numbers import LessonNumber
from learning.lessons.tree import TopicPage
from learning.serving.answers import CACHE_CONTROL, prefixed, spoken_language


@require_safe
def short(request: HttpRequest, number: int) -> HttpResponse:
    """`/b/<number>/`: to the lesson in the address's language, else in Vietnamese; a retired number to its topic."""
    row = LessonNumber.objects.filter(number=number).first()
    if row is None:
        raise Http404(f"no lesson {number}")
    target = (
        in_language(LessonPage, row.translation_key) or in_language(TopicPage, row.topic_key) or prefixed("/bai-hoc/")
    )
    place = request.GET.get("buoc", "")
    # Not «301 moved for ever»: the paper is for ever, the address behind it may move.
    response = HttpResponseRedirect(f"{target}?{urlencode({'buoc': place[:40]})}" if place else target)
    response["Cache-Control"] = CACHE_CONTROL
    return response


def in_language(model: type[LessonPage] | type[TopicPage], translation_key: object) -> str | None:
    rows = model.objects.live().filter(translation_key=translation_key).select_related("locale")
    pages = {page.locale.language_code: page for page in rows}
    page = pages.get(spoken_language()) or pages.get("vi")
    return page.url if page else None
