"""Learning beside the page tree: the short address, search, and the two anonymous forms."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from learning.answers import CACHE_CONTROL, public_page
from learning.models import DONE, LessonNumber, LessonPage, TopicPage
from learning.search import MAX_LETTERS, found_lessons
from learning.tallies import Tally, count_one
from project.lib.limits import allow, from_own_page, sender


def spoken_language() -> str:
    """'vi' or 'en': the language of this address."""
    return "en" if get_language() == "en" else "vi"


def prefixed(path: str) -> str:
    """A fixed public path in the language of this address."""
    return f"/en{path}" if spoken_language() == "en" else path


@require_safe
def short(request: HttpRequest, number: int) -> HttpResponse:
    """`/b/<number>/`: to the lesson in the address's language, else in Vietnamese; a retired number to its topic."""
    row = LessonNumber.objects.filter(number=number).first()
    if row is None:
        raise Http404(f"no lesson {number}")
    target = (
        _in_language(LessonPage, row.translation_key) or _in_language(TopicPage, row.topic_key) or prefixed("/bai-hoc/")
    )
    place = request.GET.get("buoc", "")
    # Not «301 moved for ever»: the paper is for ever, the address behind it may move.
    response = HttpResponseRedirect(f"{target}?{urlencode({'buoc': place[:40]})}" if place else target)
    response["Cache-Control"] = CACHE_CONTROL
    return response


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/tim/?q=`: lessons, found with or without marks."""
    query = request.GET.get("q", "").strip()[:MAX_LETTERS]
    language = spoken_language()
    topics = TopicPage.objects.live().filter(locale__language_code=language).select_related("locale").order_by("path")
    twin = ("/tim/" if language == "en" else "/en/tim/") + (f"?{urlencode({'q': query})}" if query else "")
    found = found_lessons(query, language)
    context = {"query": query, "found": found, "topics": [] if found else topics, "twin": twin}
    return public_page(request, "learning/search.html", context)


@csrf_exempt  # a token needs a cookie, and these pages set none: from_own_page() stands in
@require_POST
def useful(request: HttpRequest, number: int) -> HttpResponse:
    """«Was it useful?»: counts one yes or no of today, keeps nothing else, and says thank you."""
    page = _published(number)
    kind = {"1": Tally.Kind.USEFUL, "0": Tally.Kind.NOT_USEFUL}.get(request.POST.get("useful", ""))
    if kind is None or not from_own_page(request):
        return _refusal(
            request, _("This answer did not come from the lesson. Please tap the button in the lesson."), 400
        )
    if not allow("useful", sender(request), limit=30, seconds=60):
        return _refusal(
            request, _("Many people are tapping at the same time. Please wait a minute, then tap once more."), 429
        )
    count_one(number, spoken_language(), kind)
    return _see_other(f"{page.url}?{urlencode({'buoc': DONE, 'cam-on': 1})}")


@csrf_exempt  # as above
@require_POST
def stuck(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """«I am stuck at this step»: counts one and leads to a person. Beyond the limit it leads there all the same."""
    page = _published(number)
    place = page.position(step)
    step_id = str(page.steps[place - 1].id)
    if not from_own_page(request):
        return _refusal(
            request, _("This answer did not come from the lesson. Please tap the button in the lesson."), 400
        )
    if allow("stuck", sender(request), limit=60, seconds=60):
        count_one(number, spoken_language(), Tally.Kind.STUCK, step_id)
    return _see_other(f"{prefixed('/nho-giup/')}?{urlencode({'bai': number, 'buoc': step_id})}")


def _published(number: int) -> LessonPage:
    keys = LessonNumber.objects.filter(number=number).values("translation_key")
    rows = LessonPage.objects.live().filter(translation_key__in=keys, locale__language_code=spoken_language())
    page = rows.select_related("locale").first()
    if page is None:
        raise Http404(f"no lesson {number}")
    return page


def _in_language(model: type[LessonPage] | type[TopicPage], translation_key: object) -> str | None:
    rows = model.objects.live().filter(translation_key=translation_key).select_related("locale")
    pages = {page.locale.language_code: page for page in rows}
    page = pages.get(spoken_language()) or pages.get("vi")
    return page.url if page else None


def _refusal(request: HttpRequest, words: str, status: int) -> HttpResponse:
    return public_page(request, "learning/not_counted.html", {"words": words}, status=status)


def _see_other(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = 303
    response["Cache-Control"] = "no-store"
    return response
