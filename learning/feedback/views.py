"""The anonymous answers of a lesson: «Was it useful?», «I am stuck at this step», and what a phone has counted."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from learning.feedback import actions
from learning.feedback.models import Tally
from learning.feedback.queries import places_of
from learning.feedback.rules import MOST_BYTES, read_report
from learning.lessons.queries import published_lesson
from learning.lessons.show import DONE
from learning.serving.answers import prefixed, public_page, see_other, spoken_language
from project.lib.limits import allow, from_own_page, sender

REPORTS_A_MINUTE = 240  # of one sender: a whole commune may stand behind one address of its mobile network


@csrf_exempt  # a token needs a cookie, and these pages set none: from_own_page() stands in
@require_POST
def useful(request: HttpRequest, number: int) -> HttpResponse:
    """«Was it useful?»: counts one yes or no of today, keeps nothing else, and says thank you."""
    page = published_lesson(number)
    back = f"{page.url}?{urlencode({'buoc': DONE})}"
    kind = {"1": Tally.Kind.USEFUL, "0": Tally.Kind.NOT_USEFUL}.get(request.POST.get("useful", ""))
    if kind is None or not from_own_page(request):
        return _refusal(
            request, back, _("This answer did not come from the lesson. Please tap the button in the lesson."), 400
        )
    if not allow("useful", sender(request), limit=30, seconds=60):
        return _refusal(
            request, back, _("Many people are tapping at the same time. Please wait a minute, then tap once more."), 429
        )
    actions.count_one(number, spoken_language(), kind)
    return see_other(f"{back}&cam-on=1#useful")


@csrf_exempt  # as above
@require_POST
def stuck(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """«I am stuck at this step»: counts one and leads to a person. Beyond the limit it leads there all the same."""
    page = published_lesson(number)
    place = page.position(step)
    if place is None:
        raise Http404(step)
    step_id = str(page.steps.raw_data[place - 1]["id"])
    if not from_own_page(request):
        back = f"{page.url}?{urlencode({'buoc': place})}"
        return _refusal(
            request, back, _("This answer did not come from the lesson. Please tap the button in the lesson."), 400
        )
    if allow("stuck", sender(request), limit=60, seconds=60):
        actions.count_one(number, spoken_language(), Tally.Kind.STUCK, step_id)
    return see_other(f"{prefixed('/nho-giup/')}?{urlencode({'bai': number, 'buoc': step_id})}")


@csrf_exempt  # as above
@require_POST
def count(request: HttpRequest, number: int) -> HttpResponse:
    """What a phone has counted in this lesson since it last told (rules.read_report). 204; no page waits for it."""
    status = _count(request, number)
    response = HttpResponse(status=status, content_type="text/plain")
    response["Cache-Control"] = "no-store"
    return response


def _count(request: HttpRequest, number: int) -> int:
    told = request.META.get("CONTENT_LENGTH") or "0"
    if not (told.isascii() and told.isdigit()) or int(told) > MOST_BYTES:
        return 413
    if not from_own_page(request):
        return 403
    if not allow("count", sender(request), limit=REPORTS_A_MINUTE, seconds=60):
        return 429
    page = published_lesson(number)
    try:
        counts = read_report(request.body, {place.id for place in places_of(page)})
    except ValueError:
        return 400
    actions.count(number, spoken_language(), counts)
    return 204


def _refusal(request: HttpRequest, back: str, words: str, status: int) -> HttpResponse:
    return public_page(request, "learning/not_counted.html", {"words": words, "back_href": back}, status=status)
