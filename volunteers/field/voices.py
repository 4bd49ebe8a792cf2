"""A volunteer reads a step aloud in the language of the village; editors decide whether learners hear it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from learning import catalog
from volunteers.access.guards import SignedInRequest, signed_in
from volunteers.field.forms import VoiceForm

MOST_SECONDS = 20  # of a recording on the page; the words of a step take half of it
SHOWN = 30


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def record_voice(request: SignedInRequest, number: int) -> HttpResponse:
    """The words of step ?buoc=N, a recorder, own recordings. POST offers one, or takes one back (`back`)."""
    card, steps = catalog.lesson_card(number), catalog.lesson_steps(number)  # read over the Vietnamese words
    if card is None or not steps:
        raise Http404
    asked = request.GET.get("buoc", "")
    place = min(max(int(asked), 1), len(steps)) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
    step_id = request.POST.get("step", steps[place - 1].id)  # what was read, even if the lesson has changed since
    place = next((step.number for step in steps if step.id == step_id), place)
    here = f"{reverse('field:record_voice', args=[number])}?{urlencode({'buoc': place})}"
    if "back" in request.POST:
        return _take_back(request, here)
    own = catalog.own_offers(request.user)
    remembered = {"language": own[0].language, "region": own[0].region} if own else {}
    form = VoiceForm(request.POST or None, request.FILES or None, initial=remembered)
    if form.is_valid():
        told = form.cleaned_data
        try:
            catalog.offer_voice(number, step_id, told["language"], told["region"], told["file"], by=request.user)
        except catalog.OfferRefused as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("Sent. Thank you! An editor listens to it before learners hear it."))
            return redirect(here)
    context = {
        "card": card, "step": steps[place - 1], "number": place, "steps": len(steps), "form": form,
        "most": MOST_SECONDS, "own": own[:SHOWN], "here": here,
        "lesson_href": f"{reverse('field:companion', args=[number])}?buoc={place}",
        "back_href": f"?buoc={place - 1}" if place > 1 else "",
        "next_href": f"?buoc={place + 1}" if place < len(steps) else "",
        "is_recorded": any(one.lesson == number and one.step == place and one.state == "waiting" for one in own),
    }  # fmt: skip
    return render(request, "volunteers/field/record_voice.html", context)


def _take_back(request: SignedInRequest, here: str) -> HttpResponse:
    said = request.POST["back"]
    try:
        catalog.take_back_offer(
            int(said) if said.isascii() and said.isdigit() and len(said) < 18 else 0, by=request.user
        )
        messages.success(request, _("Taken back: the recording is deleted."))
    except catalog.OfferRefused as error:
        messages.warning(request, str(error))
    return redirect(here)


@signed_in
@never_cache
@require_safe
def own_voice(request: SignedInRequest, pk: int) -> HttpResponse:
    """The sound of an own recording that still waits; 404 for everybody else."""
    sound = catalog.own_sound(pk, by=request.user)
    if sound is None:
        raise Http404
    return HttpResponse(sound, content_type="audio/mpeg")
