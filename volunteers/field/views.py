"""The recording pages of the volunteers' side: plain forms, each submit a batch of ops of contract §6."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib import messages
from django.core.cache import cache
from django.db.models import Prefetch
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from learning import catalog
from project.accounts.models import User
from project.lib.clock import now, start_of_day, today
from project.lib.ids import is_uuid7, new_id
from volunteers.access.guards import SignedInRequest, allowed, signed_in
from volunteers.access.policy import can
from volunteers.activations.tasks import nudge_fold
from volunteers.areas.queries import hamlets_of, unlisted_of
from volunteers.field import queries
from volunteers.field.actions import receive_batch
from volunteers.field.forms import Draft, FinishForm, PersonForm, Surroundings, WalkInForm, new_person_id, raw_ops
from volunteers.field.protocol import MAX_OPS, Batch
from volunteers.households.actions import SLOTS
from volunteers.households.models import HouseholdNote, Person
from volunteers.households.rules import CONSENT_VERSION
from volunteers.sessions.models import Session
from volunteers.visits import queries as visit_reads
from volunteers.visits.models import Visit
from volunteers.visits.states import CANCELLED, OPEN

PAGE_LIFE = 12 * 3600  # seconds for which a page's first submit is remembered in the cache; the inbox remembers longer
MOST_PERSONS = 9
REFERRALS = (Session.Kind.LEVEL2_DRIVE, Session.Kind.COUNTER_SHIFT)


@dataclass(frozen=True)
class Told:
    """What became of one thing on the page, in words."""

    label: str
    status: str
    code: str
    message: str

    @property
    def is_written(self) -> bool:
        """On the server, perhaps waiting for a lead's look."""
        return self.status in ("applied", "duplicate", "flagged", "parked")


def send(request: SignedInRequest, purpose: str, page: UUID, drafts: Sequence[Draft]) -> list[Told]:
    """Give the drafts to the inbox as this person's own ops. The same page sent twice is the same batch."""
    batch_id = uuid5(page, purpose)
    moment = first_moment(request.user, batch_id)
    device = uuid5(NAMESPACE_URL, f"gocua:browser:{request.session.session_key}")
    ops = raw_ops(drafts, batch_id, moment)
    results: list[dict[str, Any]] = []
    for start in range(0, len(ops), MAX_OPS):
        reply = receive_batch(request.user, Batch(device, batch_id, now(), ops[start : start + MAX_OPS]))
        results += reply["results"]
    nudge_fold()
    return [
        Told(draft.label, result["status"], result["code"], result["message"])
        for draft, result in zip(drafts, results, strict=True)
    ]


def first_moment(user: User, batch_id: UUID) -> datetime:
    """When this batch was first sent: a double tap must carry the same time, or it would be another record."""
    key = f"door:{user.pk}:{batch_id}"
    moment: datetime = cache.get_or_set(key, lambda: queries.moment_of(user, batch_id) or now(), PAGE_LIFE) or now()
    return moment


def page_of(request: SignedInRequest) -> UUID | None:
    """The id that the page was drawn with; None for something that is none."""
    text = request.POST.get("batch", "")
    return UUID(text) if is_uuid7(text) else None


def tell(request: SignedInRequest, told: Sequence[Told]) -> bool:
    """Say what became of everything; whether all of it is written. «Counted» is for the commune's page, not here."""
    written = [one for one in told if one.is_written]
    for one in told:
        if not one.is_written:
            messages.error(request, _("%(what)s: not accepted. %(why)s") % {"what": one.label, "why": one.message})
        elif one.message and one.status in ("flagged", "parked"):
            messages.warning(request, f"{one.label}. {one.message}")
    if written and len(written) == len(told):
        text = ngettext("Saved on the server: %(n)s record.", "Saved on the server: %(n)s records.", len(written))
        messages.success(request, text % {"n": len(written)})
    return len(written) == len(told)


# -- Pages -----------------------------------------------------------------------------------------------------------


@signed_in
@require_safe
def shell(request: SignedInRequest) -> HttpResponse:
    """Today's visits, to record them one by one."""
    walk = visit_reads.own_walk(request.user, today())
    shifts = visit_reads.own_shifts(request.user, today())
    context = {
        "open": [visit for visit in walk if visit.status in OPEN],
        "closed": [visit for visit in walk if visit.status not in OPEN],
        "orders": {visit.pk: order for order, visit in enumerate(walk, start=1)},
        "walk": list(enumerate(walk, start=1)), "shifts": shifts,
    }  # fmt: skip
    return render(request, "volunteers/field/shell.html", context)


@signed_in
@require_POST
def start(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Somebody knocks; then the page to record."""
    visit = _recordable(request, pk)
    if (page := page_of(request)) is None:
        return _stale(request, reverse("field:visit", args=[visit.pk]))
    told = send(request, f"start {pk}", page, [Draft(1, "visit.started", {"visit": str(pk)}, _("The beginning"))])
    for one in told:
        if not one.is_written or one.message:
            messages.warning(request, one.message)
    return redirect("field:visit", visit.pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One visit: persons, services, how it ended. POST writes it all down with one tap."""
    row = _recordable(request, pk)
    if request.method != "POST":
        return _visit_page(request, row, new_id())
    page = page_of(request)
    if page is None:
        return _stale(request, request.path)
    forms, finish = _person_forms(request, row, page), FinishForm(request.POST)
    if not all([form.is_valid() for form in forms] + [finish.is_valid()]):
        return _visit_page(request, row, page, forms=forms, finish=finish)
    batch = uuid5(page, f"visit {pk}")
    places = {"visit": row.pk, "household": row.household_id}
    unnamed = list(dict.fromkeys(code for form in forms for code in form.unnamed()))
    drafts = [draft for form in forms for draft in form.drafts(**places, batch=batch)]
    drafts += finish.drafts(**places, minutes=_minutes(request, batch), unnamed=unnamed)
    if unnamed and not finish.cleaned_data.get("result"):
        finish.add_error("result", _("Tap how it ended: the help without a name is kept together with it."))
        drafts = []
    elif not drafts:
        finish.add_error(None, _("There is nothing to save yet: tap how far you came, or how the visit ended."))
    if not drafts:
        return _visit_page(request, row, page, forms=forms, finish=finish)
    told = send(request, f"visit {pk}", page, drafts)
    if not tell(request, told):
        row = _recordable(request, pk)
        return _visit_page(request, row, page, forms=_person_forms(request, row, page), finish=finish, told=told)
    return redirect("visits:today" if finish.cleaned_data.get("result") else request.path)


@signed_in
@require_POST
def take_back(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One of the person's own records of this visit is withdrawn; a finished visit is open again."""
    row = _recordable(request, pk)
    mine = {str(one.op_id): one.op_id for one in queries.own_records(request.user, row)}
    op_id = mine.get(request.POST.get("op", ""))
    page = page_of(request)
    if op_id is None or page is None:
        return _stale(request, reverse("field:visit", args=[pk]))
    draft = Draft(1, "op.withdrawn", {}, _("Taking it back"), supersedes=op_id)
    tell(request, send(request, f"withdraw {op_id}", page, [draft]))
    return redirect("field:visit", pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Somebody came by a session: where they live, and what was done. One tap saves it all."""
    session = get_object_or_404(Session.objects.visible_to(request.user).select_related("area", "hamlet"), pk=pk)
    allowed(request.user, "session.sign_up", session)
    unlisted = unlisted_of(session.area)
    hamlets = [*hamlets_of(session.area), *([unlisted] if unlisted else [])]
    around = Surroundings(frozenset(), _referrals(session.area_id))
    page = page_of(request) if request.method == "POST" else new_id()
    if page is None:
        return _stale(request, request.path)
    data = request.POST if request.method == "POST" else None
    place = WalkInForm(hamlets, data, initial={"hamlet": session.hamlet_id or ""})
    person = PersonForm(around, data, prefix="n1", number=1, letter="A")
    told: list[Told] = []
    if data is not None and all([place.is_valid(), person.is_valid()]):
        drafts = _walk_in_drafts(session, place, person, uuid5(page, f"walk-in {pk}"), unlisted)
        if drafts:
            told = send(request, f"walk-in {pk}", page, drafts)
            if tell(request, told):
                return redirect("visits:today")
    context = {
        "session": session, "place": place, "pane": person, "batch": page, "told": told,
        "consent_version": CONSENT_VERSION, "faces": face_of(place),
    }  # fmt: skip
    return render(request, "volunteers/field/walk_in.html", context)


@signed_in
@require_POST
def shift(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """«I am here», «I go home»."""
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    page, turn = page_of(request), request.POST.get("turn")
    if page is None or turn not in ("in", "out"):
        return _stale(request, reverse("visits:today"))
    kind = "shift.checked_in" if turn == "in" else "shift.checked_out"
    label = _("I am here") if turn == "in" else _("I go home")
    tell(request, send(request, f"{turn} {pk}", page, [Draft(1, kind, {"session": str(session.pk)}, label)]))
    return redirect("visits:today")


@signed_in
@require_POST
def safety(request: SignedInRequest) -> HttpResponse:
    """«I am not safe»: the leader and the commune's lead get a notice at once."""
    try:
        session = get_object_or_404(Session.objects.visible_to(request.user), pk=UUID(request.POST.get("session", "")))
    except ValueError:
        return HttpResponseBadRequest()
    payload = {"session": str(session.pk)}
    seen = Visit.objects.recordable_by(request.user)
    if at_door := seen.filter(pk__in=_uuids(request.POST.get("visit", ""))).first():
        payload["visit"] = str(at_door.pk)
    # A call for help is never asked for a fresh page: any id will do.
    told = send(request, "safety", page_of(request) or new_id(), [Draft(1, "safety.raised", payload)])
    if all(one.is_written for one in told):
        messages.success(request, _("Your leader and the commune have been told. Call too, if you can."))
    else:
        messages.error(request, _("This could not be sent. Please call your leader, or 113."))
    return redirect("visits:today")


@signed_in
@require_safe
def companion(request: SignedInRequest, number: int) -> HttpResponse:
    """A step as the elder sees it, what the helper says and never does; ?buoc=N, ?may=iphone, ?luot= to come back."""
    language, iphone = request.user.language, request.GET.get("may") == "iphone"
    card, steps = catalog.lesson_card(number, language), catalog.lesson_steps(number, language, iphone=iphone)
    if card is None or not steps:
        raise Http404
    asked = request.GET.get("buoc", "")
    place = min(max(int(asked), 1), len(steps)) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
    visit_id = next(iter(_uuids(request.GET.get("luot", ""))), None)

    def at(step: int, on_iphone: bool = iphone) -> str:
        told = {"buoc": step, "may": "iphone" if on_iphone else "", "luot": visit_id or ""}
        return f"?{urlencode({name: value for name, value in told.items() if value})}"

    context = {
        "card": card, "step": steps[place - 1], "number": place, "steps": len(steps), "visit_id": visit_id,
        "iphone": iphone, "android_href": at(place, False), "iphone_href": at(place, True),
        "back_href": at(place - 1) if place > 1 else "", "next_href": at(place + 1) if place < len(steps) else "",
    }  # fmt: skip
    return render(request, "volunteers/field/companion.html", context)


# -- Pieces ----------------------------------------------------------------------------------------------------------


def _recordable(request: SignedInRequest, pk: UUID) -> Visit:
    """The visit, if this person may write its result; else 404, as for one that does not exist."""
    notes = HouseholdNote.objects.order_by("-recorded_at")
    rows = Visit.objects.recordable_by(request.user).select_related(
        "household__hamlet__parent", "session", "team", "crew"
    )
    rows = rows.prefetch_related("household__needs", Prefetch("household__notes", notes))
    found: Visit = get_object_or_404(rows, pk=pk)
    if not can(request.user, "visit.record", found):
        raise Http404
    return found


def face_of(form: FinishForm | WalkInForm) -> int | None:
    """The face that was tapped on a page that comes back."""
    said = str(form["faces"].value() or "")
    return int(said) if said in ("1", "2", "3") else None


def _stale(request: SignedInRequest, address: str) -> HttpResponse:
    messages.warning(request, _("That page was too old. Here is a fresh one: please tap again."))
    return redirect(address)


def _uuids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []


def _minutes(request: SignedInRequest, batch: UUID) -> int | None:
    """Whole minutes since the visit began, as the page knew it; None when it had not begun."""
    began = parse_datetime(request.POST.get("started", "")[:40] or "-")
    if began is None or began.tzinfo is None:
        return None
    return min(max(round((first_moment(request.user, batch) - began) / timedelta(minutes=1)), 0), 600)


def _person_forms(request: SignedInRequest, row: Visit, page: UUID) -> list[PersonForm]:
    """A form for each person of the household and for those who may be added; bound when the page was sent."""
    batch = uuid5(page, f"visit {row.pk}")
    data = request.POST if request.method == "POST" else None
    prefixes = [f"n{index}" for index in range(1, MOST_PERSONS + 1)]
    from_here = {new_person_id(batch, prefix) for prefix in prefixes}
    rows = Person.objects.filter(household=row.household_id).prefetch_related("standings").order_by("slot")
    everybody = list(rows)
    persons = [person for person in everybody if not person.is_refusing_record and person.pk not in from_here]
    around = Surroundings(
        frozenset(need.code for need in row.household.needs.all()), _referrals(row.household.commune_id)
    )
    blanks = max(0, row.household.people - len(persons)) + 1
    sent = [index for index, prefix in enumerate(prefixes, start=1) if f"{prefix}-consent" in (data or {})]
    blanks = max([min(blanks, MOST_PERSONS - len(persons)), 1, *sent])
    taken = {person.slot for person in everybody if person.pk not in from_here}
    letters = [letter for letter in SLOTS if letter not in taken]
    known = [
        PersonForm(around, data, prefix=f"p{person.pk.hex}", number=number, letter=person.slot, person=person)
        for number, person in enumerate(persons, start=1)
    ]
    return known + [
        PersonForm(around, data, prefix=prefix, number=len(persons) + number, letter=letters[number - 1])
        for number, prefix in enumerate(prefixes[:blanks], start=1)
    ]


def _referrals(commune_code: str) -> list[Session]:
    """The coming level-2 drives and counter shifts of the commune."""
    window = {"starts_at__gte": start_of_day(today()), "starts_at__lt": now() + timedelta(days=30)}
    rows = Session.objects.filter(area=commune_code, kind__in=REFERRALS, status=Session.Status.OPEN, **window)
    return list(rows.order_by("starts_at")[:20])


def _walk_in_drafts(session: Session, place: WalkInForm, person: PersonForm, batch: UUID, unlisted: Any) -> list[Draft]:
    """The ops of somebody who came by; [] with an error on the form when something is missing."""
    visit_id, household_id = uuid5(batch, "visit"), uuid5(batch, "household")
    arrival: dict[str, Any] = {"visit": str(visit_id), "session": str(session.pk), "household": str(household_id)}
    end: dict[str, Any] = {"visit": str(visit_id), "result": "done"}
    if place.cleaned_data.get("faces"):
        end["faces"] = place.cleaned_data["faces"]
    if person.is_refusing:
        # No record: not even the lane. The visit stands in the hamlet «not known» and its door is never planned.
        if not person.unnamed():
            person.add_error("unnamed", _("Tap what you showed them."))
            return []
        lane = _("came by, wanted no record")
        arrival |= {"hamlet": unlisted.code if unlisted else place.cleaned_data["hamlet"], "lane": lane}
        end |= {"result": "refused", "unnamed_services": person.unnamed()}
        return [Draft(1, "walk_in.recorded", arrival, _("The visit")), Draft(1002, "visit.finished", end, _("The end"))]
    if not place.cleaned_data.get("lane"):
        place.add_error("lane", _("Write where the door is, for example «lane 4, beside the well»."))
    rungs = person.rungs()
    if person.cleaned_data.get("consent") != "yes" and not person.errors:
        person.add_error("consent", _("Read the question aloud first, then tap the answer."))
    if not rungs:
        person.add_error("consent", _("Tap how far you came with at least one service."))
    if place.errors or person.errors:
        return []
    arrival |= {"hamlet": place.cleaned_data["hamlet"], "lane": place.cleaned_data["lane"]}
    return [
        Draft(1, "walk_in.recorded", arrival, _("The visit")),
        *person.drafts(visit=visit_id, household=household_id, batch=batch),
        Draft(1002, "visit.finished", end, _("The end")),
    ]


def _visit_page(
    request: SignedInRequest, row: Visit, page: UUID, *, forms: list[PersonForm] | None = None,
    finish: FinishForm | None = None, told: Sequence[Told] = (),
) -> HttpResponse:  # fmt: skip
    panes = forms if forms is not None else _person_forms(request, row, page)
    finish = finish or FinishForm()
    wrong = [index for index, pane in enumerate(panes, start=1) if pane.is_bound and pane.errors]
    asked = request.POST.get("pane", "1")
    shifts = visit_reads.own_shifts(request.user, today())
    context = {
        "visit": row, "batch": page, "panes": list(enumerate(panes, start=1)), "finish": finish, "told": told,
        "open_pane": wrong[0] if wrong else int(asked) if asked in {str(n + 1) for n in range(len(panes))} else 1,
        "has_errors": bool(wrong or finish.errors), "is_open": row.status in OPEN or bool(told),
        "is_cancelled": row.status == CANCELLED, "records": queries.own_records(request.user, row),
        "faces": face_of(finish), "consent_version": CONSENT_VERSION,
        "leaders": visit_reads.teams_and_leaders(request.user)[1],
        "safety_session": row.session if can(request.user, "session.sign_up", row.session) else None,
        "shifts": shifts, "started": row.started_at.isoformat() if row.started_at else request.POST.get("started", ""),
    }  # fmt: skip
    return render(request, "volunteers/field/visit.html", context)
