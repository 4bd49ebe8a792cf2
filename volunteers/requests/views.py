"""The elder's help form and status page (no account, no script), and the leads' list with its clock."""

from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from learning import catalog
from project.accounts.models import User
from project.lib.ids import clean_code
from project.lib.limits import allow, from_own_page, is_over, sender
from project.lib.phone import local
from volunteers.access.guards import allowed, signed_in
from volunteers.access.policy import can
from volunteers.access.queries import area_scopes
from volunteers.areas.models import Area
from volunteers.areas.queries import (
    commune_with_code,
    communes_of,
    hamlets_of,
    provinces,
    search_communes,
    unlisted_of,
)
from volunteers.requests import actions, queries, states
from volunteers.requests.forms import (
    NUMBER,
    OLDEST,
    PLACE,
    Asked,
    AssignForm,
    FilterForm,
    NumberForm,
    asked_of,
    new_seal,
    next_day,
    read_seal,
)
from volunteers.requests.models import HelpRequest
from volunteers.requests.schemas import LOOK_UPS, may_ask

COOKIE = "gocua_xa"
A_YEAR = 365 * 24 * 3600
PAGE = 50


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The help form: where, what for and when, a number. What was answered travels in the address."""
    if request.method == "POST":
        return _filed(request)
    if code := clean_code(request.GET.get("ma", "")):
        return HttpResponseRedirect(_public("status", code[:12]))
    asked = asked_of(request)
    wanted = request.GET.get("man", "")
    screen = min(asked.screen, int(wanted) if wanted in {"1", "2", "3"} else NUMBER)
    if screen == NUMBER:
        return _number_screen(request, asked, NumberForm(initial={"seal": new_seal()}))
    response = _place_screen(request, asked) if screen == PLACE else _need_screen(request, asked, told=wanted == "3")
    if asked.commune is not None:
        # Set only once somebody has chosen; a place, not a person.
        response.set_cookie(
            COOKIE, asked.commune.code, max_age=A_YEAR, path="/", httponly=True, samesite="Lax",
            secure=request.is_secure(),
        )  # fmt: skip
    return response


def _place_screen(request: HttpRequest, asked: Asked) -> HttpResponse:
    context: dict[str, Any] = _context(asked, 1)
    if asked.commune is not None:
        hamlets = list(hamlets_of(asked.commune))
        unlisted = unlisted_of(asked.commune)
        context |= {"hamlets": hamlets, "unlisted": unlisted, "back": asked.without_place().query()}
        return render(request, "volunteers/requests/ask_hamlet.html", context)
    text = request.GET.get("q", "").strip()[:80]
    province = request.GET.get("tinh", "")
    remembered = _remembered(request) if not text else None
    context |= {
        "q": text,
        "places": search_communes(text, limit=20) if text else [],
        "remembered": remembered,
        "contact": queries.contact_of(remembered),
        "base": asked.query(),
        "provinces": provinces(),
        "communes": communes_of(province) if province and not text else None,
        "province": next((p for p in provinces() if p.code == province), None) if province else None,
    }
    return render(request, "volunteers/requests/ask_place.html", context)


def _remembered(request: HttpRequest) -> Area | None:
    """The commune that was chosen last on this phone."""
    return commune_with_code(request.COOKIES.get(COOKIE, "")[:24])


def _need_screen(request: HttpRequest, asked: Asked, *, told: bool) -> HttpResponse:
    context = _context(asked, 2) | {
        "topics": queries.topics(),
        "times": queries.good_times(),
        "topic": asked.suggested_topic,
        "no_topic": told and not asked.topic,
        "no_time": told and not asked.good_time,
        "back": asked.query(man="1"),
    }
    return render(request, "volunteers/requests/ask_need.html", context)


def _number_screen(request: HttpRequest, asked: Asked, form: NumberForm, status: int = 200) -> HttpResponse:
    context = _context(asked, 3) | {
        "form": form,
        "seal": form.initial.get("seal") or new_seal(),
        "place": queries.place_label(asked.commune, asked.hamlet) if asked.commune else "",
        "topic": queries.topic_label(asked.topic),
        "time": queries.good_time_label(asked.good_time),
        "back": asked.query(man="2"),
    }
    return render(request, "volunteers/requests/ask_number.html", context, status=status)


def _context(asked: Asked, step: int) -> dict[str, Any]:
    other = "" if get_language() == "en" else "/en"
    lesson = catalog.lesson_card(asked.lesson, get_language() or "vi") if asked.lesson is not None else None
    return {
        "asked": asked, "step": step, "kept": asked.pairs(), "lesson": lesson,
        "contact": queries.contact_of(asked.commune),
        "twin": f"{other}/nho-giup/{asked.query()}",
    }  # fmt: skip


def _filed(request: HttpRequest) -> HttpResponse:
    asked = asked_of(request)
    if not from_own_page(request):
        return render(request, "volunteers/requests/ask_refused.html", status=403)
    if asked.screen != NUMBER or asked.commune is None:
        return HttpResponseRedirect(_public("ask") + asked.query())
    form = NumberForm(request.POST)
    once = read_seal(request.POST.get("seal", ""))
    if form.is_valid() and form.is_machine:
        form.add_error(None, _("One field must stay empty. Please touch «Send» once more."))
    if not form.is_valid():
        return _number_screen(request, asked, form, status=422)
    if once is None:
        form.add_error(None, _("This page was open for too long or was sent too fast. Please touch «Send» once more."))
        return _number_screen(request, asked, form, status=422)
    kept = f"ask:{once}"
    if not cache.add(kept, "", OLDEST):  # the same form once more: the same answer
        if code := cache.get(kept):
            return HttpResponseRedirect(_public("status", code))
        form.add_error(None, _("Your request is on its way. Please wait a moment, then touch «Send» once more."))
        return _number_screen(request, asked, form, status=409)
    number = form.cleaned_data["phone"]
    if not may_ask(sender(request), asked.hamlet or asked.commune, number):
        cache.delete(kept)
        return render(request, "volunteers/requests/ask_later.html", {"back": asked.query(man="3")}, status=429)
    try:
        row = actions.receive_request(
            asked.commune, hamlet=asked.hamlet, topic=asked.topic, good_time=asked.good_time, phone=number,
            lesson_number=asked.lesson, step=asked.step,
        )  # fmt: skip
    except Exception:
        cache.delete(kept)
        raise
    cache.set(kept, row.code, OLDEST)
    return HttpResponseRedirect(_public("status", row.code) + "?moi=1", status=303)


def _public(name: str, *args: str) -> str:
    """A public address in the language of this page."""
    return reverse(f"{'en_' if get_language() == 'en' else ''}requests:{name}", args=args)


@never_cache
@require_GET
def status(request: HttpRequest, code: str) -> HttpResponse:
    """Where a request stands: received → assigned (day, given names) → done. Never a place, a number, a topic."""
    limit = {"limit": LOOK_UPS, "seconds": 600}
    missed, who = "request.missed", sender(request)
    if is_over(missed, who, **limit):
        return render(request, "volunteers/requests/look_later.html", status=429)
    row = queries.by_code(code)
    if row is None:
        allow(missed, who, **limit)
        return render(request, "volunteers/requests/status_missing.html", {"code": code[:12]}, status=404)
    if code != row.code:
        return HttpResponseRedirect(_public("status", row.code))
    address = f"{settings.SITE_URL or request.build_absolute_uri('/').rstrip('/')}{_public('status', row.code)}"
    context = {
        "row": row,
        "is_new": request.GET.get("moi") == "1",
        "spoken": f"{row.code[:3]}-{row.code[3:6]}-{row.code[6:]}",
        "address": address,
        "qr": _qr(address),
        "states": states,
        # Of the commune that this phone has chosen, whatever the request says: the code alone tells no place.
        "contact": queries.contact_of(_remembered(request)),
    }
    return render(request, "volunteers/requests/status.html", context)


def _qr(text: str) -> SafeString:
    # Drawn by segno from an address of our own: no words of a person in it.
    return mark_safe(segno.make(text, micro=False, error="m").svg_inline(scale=5, border=2, dark="#000", light="#fff"))


@signed_in
@require_GET
def list_(request: HttpRequest) -> HttpResponse:
    """The requests this person may see, those that wait longest first; stays fresh by itself."""
    context = _list_context(request)
    area = context["area"]
    context["hard"] = queries.hard_places(_user(request), area.scope if area else "")
    return render(request, "volunteers/requests/list.html", context)


@signed_in
@never_cache
@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The list's table alone, for the live page."""
    return render(request, "volunteers/requests/_rows.html", _list_context(request))


def _list_context(request: HttpRequest) -> dict[str, Any]:
    user = _user(request)
    scope, area = "", None
    if code := request.GET.get("area", ""):
        area = get_object_or_404(Area.objects.visible_to(user), code=code)
        scope = area.scope
    elif not area_scopes(user) and not _leads_a_team(user):
        allowed(user, "request.view", "")
    filters = FilterForm(request.GET or {"status": "open"})
    found = queries.listed(user, scope=scope, **filters.chosen())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    watch = [area.code] if area else [scope.strip("/").split("/")[-1] for scope in area_scopes(user)]
    return {
        "page_obj": page,
        "rows": queries.as_rows(list(page.object_list)),
        "filters": filters,
        "area": area,
        "watch": " ".join(code for code in watch if code != "VN"),
        "fragment": f"{reverse('requests:rows')}?{request.GET.urlencode()}",
        "many_communes": any(scope.count("/") < 3 for scope in area_scopes(user))
        and (area is None or area.level == "province"),
        "crumbs": [{"label": _("Help requests"), "url": ""}],
    }


def _leads_a_team(user: User) -> bool:
    return user.memberships.filter(left_on__isnull=True, role="team_leader").exists()


@signed_in
@never_cache
@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One request with its clock, and what this person may do about it."""
    return _detail(request, _visible(request, pk))


def _detail(
    request: HttpRequest, row: HelpRequest, *, form: AssignForm | None = None, phone: str = "", code: int = 200
) -> HttpResponse:
    user = _user(request)
    may_assign = can(user, "request.assign", row) and states.may_become(row.status, states.ASSIGNED)
    if may_assign and form is None:
        form = AssignForm(request=row, initial={"team": row.team_id, "comes_on": row.comes_on or next_day()})
    context = {
        "row": queries.as_rows([row])[0],
        "lesson": catalog.lesson_card(row.lesson_number, get_language() or "vi") if row.lesson_number else None,
        "place": queries.place_label(row.area, row.hamlet),
        "form": form if may_assign else None,
        "phone": local(phone) if phone else "",
        "phone_uri": phone,
        "may_close": can(user, "request.close", row) and states.may_become(row.status, states.DONE),
        "may_cancel": can(user, "request.assign", row) and states.may_become(row.status, states.CANCELLED),
        "may_reopen": can(user, "request.close", row) and states.may_become(row.status, states.RECEIVED),
        "states": states,
        "crumbs": [{"label": _("Help requests"), "url": reverse("requests:list")}, {"label": row.code, "url": ""}],
    }
    return render(request, "volunteers/requests/detail.html", context, status=code)


def _visible(request: HttpRequest, pk: UUID) -> HelpRequest:
    """Outside the scope 404; inside it without the right 403."""
    rows = HelpRequest.objects.visible_to(_user(request)).select_related("area", "hamlet", "team")
    row: HelpRequest = get_object_or_404(rows, pk=pk)
    allowed(_user(request), "request.view", row)
    return row


@signed_in
@require_POST
def assign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give it to a team, with a day and names."""
    row = _visible(request, pk)
    allowed(_user(request), "request.assign", row)
    form = AssignForm(request.POST, request=row)
    if form.is_valid():
        try:
            actions.assign_request(
                row, by=_user(request), team=form.cleaned_data["team"], comes_on=form.cleaned_data["comes_on"],
                names=form.names,
            )  # fmt: skip
        except actions.RequestRefused as error:
            form.add_error(error.field, str(error))
        except states.MoveRefused:
            return _too_late(request, row)
        else:
            messages.success(request, _("Assigned. The person who asked sees the day on the request's page."))
            return HttpResponseRedirect(reverse("requests:detail", args=[row.pk]))
    return _detail(request, row, form=form, code=422)


@signed_in
@require_POST
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The person was helped."""
    return _move(request, pk, actions.close_request, _("Closed: the person was helped."))


@signed_in
@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Nobody needs to come any more."""
    return _move(request, pk, actions.cancel_request, _("Cancelled."))


@signed_in
@require_POST
def reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Back to those that wait."""
    return _move(request, pk, actions.reopen_request, _("The request waits for an answer again."))


@signed_in
@never_cache
@require_POST
def phone(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The number to call, after a press that is written down. Drawn at once: it must not lie in an address."""
    row = _visible(request, pk)
    return _detail(request, row, phone=actions.show_phone(row, by=_user(request)))


def _move(request: HttpRequest, pk: UUID, verb: Any, told: str) -> HttpResponse:
    row = _visible(request, pk)
    try:
        verb(row, by=_user(request))
    except states.MoveRefused:
        return _too_late(request, row)
    messages.success(request, told)
    return HttpResponseRedirect(reverse("requests:detail", args=[row.pk]))


def _too_late(request: HttpRequest, row: HelpRequest) -> HttpResponse:
    messages.warning(request, _("Somebody else has changed this request in the meantime. Here is how it stands now."))
    return HttpResponseRedirect(reverse("requests:detail", args=[row.pk]))


def _user(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user
