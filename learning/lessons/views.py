"""A lesson at its address, and at the short address that stands on paper."""

from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe
from wagtail.models import PageViewRestriction
from wagtail.views import serve

from learning.lessons.models import LessonPage
from learning.lessons.numbers import LessonNumber
from learning.lessons.show import show_lesson
from learning.lessons.tree import TopicPage
from learning.serving.answers import CACHE_CONTROL, prefixed, spoken_language

# What Wagtail keeps with a page and no learner's screen shows.
UNUSED = (
    "search_description", "seo_title", "go_live_at", "expire_at", "expired", "locked", "locked_at", "locked_by",
    "first_published_at", "last_published_at", "latest_revision_created_at", "latest_revision", "owner", "folded",
    "keywords", "draft_title", "has_unpublished_changes", "show_in_menus", "numchild",
)  # fmt: skip


@require_safe
def lesson(request: HttpRequest, topic: str, lesson: str) -> HttpResponse:
    """`/bai-hoc/<topic>/<lesson>/`: the most asked pages of all, in three statements instead of Wagtail's eleven.

    Where any page of the site is kept private, Wagtail itself answers: it knows who may see what.
    """
    number = LessonNumber.objects.filter(translation_key=OuterRef("translation_key")).values("number")
    rows = LessonPage.objects.live().filter(slug=lesson, url_path__endswith=f"/bai-hoc/{topic}/{lesson}/")
    rows = rows.filter(locale__language_code=spoken_language()).select_related("locale")
    words = Coalesce("alias_of__locale__language_code", "locale__language_code")
    some_private = Exists(PageViewRestriction.objects.all())
    known = {"known_number": Subquery(number), "words_in": words, "some_private": some_private}
    page = rows.order_by().defer(*UNUSED).annotate(**known).first()
    if page is None:
        raise Http404(f"no lesson {topic}/{lesson}")
    if page.some_private:
        answer: HttpResponse = serve(request, f"bai-hoc/{topic}/{lesson}/")
        return answer
    page.address = request.path
    page.tongue = page.words_in
    return show_lesson(page, request)


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
