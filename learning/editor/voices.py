"""«Offered voices»: the editors listen to what volunteers recorded, and accept or decline it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe
from wagtail import hooks
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.permissions import policy_registry

from learning.lessons.models import LessonPage
from learning.lessons.numbers import LessonNumber
from learning.lessons.offers import TREE, OfferRefused, accept_voice, decline_voice, numbers_of
from learning.voice.offers import VoiceOffer

LIST = "learning_voices"
MOST_WAITING = 100
MOST_DECIDED = 30


@dataclass(frozen=True)
class OfferRow:
    """An offer with what it belongs to. `step`: its number, 0 if the lesson has no such step any more."""

    offer: VoiceOffer
    title: str
    page: int
    step: int
    text: str


def waiting_for(user: Any) -> Any:
    """The offers that wait for this person, the oldest first."""
    rows = VoiceOffer.objects.filter(state=VoiceOffer.State.WAITING, number__in=numbers_of(user))
    return rows.order_by("offered_at", "pk")


@require_safe
@require_admin_access
def voice_offers(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first; then what was decided lately."""
    mine = numbers_of(request.user)
    if not mine:
        raise Http404
    decided = VoiceOffer.objects.filter(number__in=mine).exclude(state=VoiceOffer.State.WAITING)
    waiting = waiting_for(request.user)
    context = {
        "waiting": rows_of(waiting[:MOST_WAITING]),
        "total": waiting.count(),
        "decided": rows_of(decided.select_related("decided_by").order_by("-decided_at")[:MOST_DECIDED]),
        "reasons": [
            _now("There is noise behind the voice: please record it in a quiet place."),
            _now("The voice is too quiet or too fast: please record it once more, slowly."),
            _now("It does not say what the step says."),
            _now("We have a recording in this language already."),
        ],
        "page_title": _now("Offered voices"),
        "header_icon": "media",
    }
    return render(request, "learning/cms/voice_offers.html", context)


@require_safe
@require_admin_access
def voice_sound(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The recording of an offer that waits; 404 for people who may not decide on it."""
    offer = get_object_or_404(VoiceOffer, pk=pk, number__in=numbers_of(request.user))
    if not offer.is_waiting or not offer.audio:
        raise Http404
    response = FileResponse(offer.audio.open("rb"), content_type="audio/mpeg")
    response["Cache-Control"] = "private, no-store"
    return response


@csrf_protect
@require_POST
@require_admin_access
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept (`act=accept`) or decline, with a `reason`; back to the list with what became of it."""
    offer = get_object_or_404(VoiceOffer, pk=pk, number__in=numbers_of(request.user))
    user: Any = request.user
    try:
        if request.POST.get("act") == "accept":
            if accept_voice(offer, by=user):
                messages.success(request, _now("The recording is in the lesson: learners hear it now."))
            else:
                messages.warning(
                    request,
                    _now("The recording is in the draft of the lesson. It is heard once the lesson is published."),
                )
        else:
            decline_voice(offer, by=user, reason=request.POST.get("reason", ""))
            messages.success(request, _now("Declined. The recording is deleted, and the volunteer reads your reason."))
    except OfferRefused as error:
        messages.error(request, str(error))
    return redirect(LIST)


def rows_of(offers: Any) -> list[OfferRow]:
    """The offers with the words of their steps: three statements for all of them."""
    rows = list(offers)
    keys = dict(
        LessonNumber.objects.filter(number__in={row.number for row in rows}).values_list("number", "translation_key")
    )
    found = LessonPage.objects.filter(translation_key__in=keys.values(), locale__language_code=TREE)
    pages = {page.translation_key: page for page in found}
    return [_row(row, pages.get(keys.get(row.number))) for row in rows]


def _row(offer: VoiceOffer, page: LessonPage | None) -> OfferRow:
    if page is None:
        return OfferRow(offer, "", 0, 0, "")
    place = page.position(offer.step)
    text = page.steps.raw_data[place - 1]["value"]["text"] if place else ""
    return OfferRow(offer, page.title, page.pk, place or 0, text)


class VoicesMenuItem(MenuItem):
    """Shown to those who may change lessons, with the number that waits for them."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person may change some page."""
        return bool(policy_registry.get_by_type(Page).user_has_any_permission(request.user, ["change"]))

    def render_component(self, request: HttpRequest) -> Any:
        """The entry, as «3 offered voices» while some wait: a number behind the words would be cut off."""
        count = waiting_for(request.user).count()
        component = super().render_component(request)
        if count:
            words = ngettext("%(count)d offered voice", "%(count)d offered voices", count)
            component.label = words % {"count": count}
        return component


def offer_voices_page() -> None:
    """The editors' page, its sounds and its entry in the menu."""

    @hooks.register("register_admin_urls")
    def admin_urls() -> list[Any]:
        return [
            path("giong-gui-den/", voice_offers, name=LIST),
            path("giong-gui-den/<int:pk>/nghe/", voice_sound, name="learning_voice_sound"),
            path("giong-gui-den/<int:pk>/", decide, name="learning_voice_decide"),
        ]

    @hooks.register("register_admin_menu_item")
    def menu_item() -> MenuItem:
        return VoicesMenuItem(_("Offered voices"), reverse(LIST), name="offered-voices", icon_name="media", order=310)
