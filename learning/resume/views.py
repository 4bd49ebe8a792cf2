"""Going on without account or typing: a page to rest at, with three pictures, and the page where they are tapped."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from learning.lessons.queries import published_lesson
from learning.media.qr import absolute, qr, spoken
from learning.resume.code import place_of, read
from learning.resume.pictures import drawn
from learning.resume.queries import address_of, lessons_to_choose
from learning.serving.answers import CACHE_CONTROL, prefixed, public_page, see_other, spoken_language

WHOLE = 3  # pictures of a code


@require_safe
def resume(request: HttpRequest) -> HttpResponse:
    """`/tiep/?hinh=ga-nha`: each tap is a link that adds a picture; the third leads to the step that they mean.

    404 with the list of lessons where no lesson is meant; an address that nobody taps leads to the beginning.
    """
    text = request.GET.get("hinh", "")
    pictures = read(text)
    if pictures is None:
        return see_other(prefixed("/tiep/"))
    is_whole = len(pictures) == WHOLE
    address = address_of(place_of(pictures)) if is_whole else None
    if address:
        response = HttpResponseRedirect(address)
        response["Cache-Control"] = CACHE_CONTROL
        return response
    start = "" if spoken_language() == "en" else "/en"
    context = {
        "chosen": drawn(pictures),
        "places": range(len(pictures) + 1, WHOLE + 1),
        "twelve": drawn(),
        "start": f"{text}-" if text else "",
        "is_unknown": is_whole,
        "lessons": lessons_to_choose() if is_whole else [],
        "twin": f"{start}/tiep/?hinh={text}" if text else f"{start}/tiep/",
    }
    return public_page(request, "learning/resume.html", context, status=404 if is_whole else 200)


@require_safe
def pause(request: HttpRequest, number: int) -> HttpResponse:
    """`/b/<number>/nghi/?buoc=N`: the three pictures of a step and a code to scan. Http404 for an unknown step."""
    page = published_lesson(number)
    step = page.position(request.GET.get("buoc", "1"))
    if step is None:
        raise Http404(f"no such step of lesson {number}")
    other = "" if spoken_language() == "en" else "/en"
    has_twin = page.get_translations().live().exists()
    return page.answer(
        request,
        "learning/pause.html",
        number=number,
        step=step,
        count=len(page.steps),
        code=qr(absolute(request, prefixed(f"/b/{number}/?buoc={step}"))),
        address=spoken(absolute(request, prefixed("/tiep/"))),
        twin=f"{other}/b/{number}/nghi/?buoc={step}" if has_twin else page.twin(),
    )
