"""The anonymous forms of a lesson: «Was it useful?», «I am stuck at this step»."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from learning.feedback.models import Tally, count_one
from learning.lessons.queries import published_lesson
from learning.lessons.show import DONE
from learning.serving.answers import prefixed, public_page, see_other, spoken_language
from project.lib.limits import allow, from_own_page, sender


@csrf_exempt  # a token needs a cookie, and these pages set none: from_own_page() stands in
@require_POST
def useful(request: HttpRequest, number: int) -> HttpResponse:
    """«Was it useful?»: counts one yes or no of today, keeps nothing else, and says thank you."""
    page = published_lesson(number)
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
    return see_other(f"{page.url}?{urlencode({'buoc': DONE, 'cam-on': 1})}")


@csrf_exempt  # as above
@require_POST
def stuck(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """«I am stuck at this step»: counts one and leads to a person. Beyond the limit it leads there all the same."""
    page = published_lesson(number)
    place = page.position(step)
    if place is None:
        raise Http404(step)
    step_id = str(page.steps[place - 1].id)
    if not from_own_page(request):
        return _refusal(
            request, _("This answer did not come from the lesson. Please tap the button in the lesson."), 400
        )
    if allow("stuck", sender(request), limit=60, seconds=60):
        count_one(number, spoken_language(), Tally.Kind.STUCK, step_id)
    return see_other(f"{prefixed('/nho-giup/')}?{urlencode({'bai': number, 'buoc': step_id})}")


def _refusal(request: HttpRequest, words: str, status: int) -> HttpResponse:
    return public_page(request, "learning/not_counted.html", {"words": words}, status=status)
