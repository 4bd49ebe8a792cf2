"""Sessions: the commune's calendar for its people, and the public one."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from project.accounts.models import User
from project.lib.clock import ZONE, now, start_of_day, today
from volunteers.access.guards import SignedInRequest, allowed, signed_in
from volunteers.access.policy import can
from volunteers.areas.models import Area
from volunteers.sessions import actions
from volunteers.sessions.feeds import calendar as calendar_file
from volunteers.sessions.forms import MoveForm, SessionForm
from volunteers.sessions.models import Session, SignUp
from volunteers.sessions.queries import public_sessions, with_figures
from volunteers.teams.models import Membership, Team

FEED_SALT = "sessions.own_feed"


def words(error: ValidationError) -> str:
    """A refused verb's reasons as one text."""
    return " ".join(error.messages)


def own_memberships(user: User) -> list[Membership]:
    """The person's memberships of today."""
    return list(Membership.objects.current().filter(user=user).select_related("team__area"))


@signed_in
@require_safe
def index(request: SignedInRequest) -> HttpResponse:
    """The coming four weeks; ?area= and ?kind= narrow, ?past=1 turns to the last four."""
    first, last = start_of_day(today()), start_of_day(today() + timedelta(days=28))
    is_past = request.GET.get("past") == "1"
    if is_past:
        first, last = start_of_day(today() - timedelta(days=28)), start_of_day(today())
    rows = with_figures(Session.objects.visible_to(request.user)).filter(starts_at__gte=first, starts_at__lt=last)
    if area := request.GET.get("area"):
        rows = rows.filter(area=area)
    if kind := request.GET.get("kind"):
        rows = rows.filter(kind=kind)
    days: dict[object, list[Session]] = {}
    for session in rows.order_by("-starts_at" if is_past else "starts_at")[:300]:
        days.setdefault(session.starts_at.astimezone(first.tzinfo).date(), []).append(session)
    communes = Area.objects.visible_to(request.user).communes()
    mine = own_memberships(request.user)
    leads_in = mine[0].team.area if mine and mine[0].role == Membership.Roles.LEADER else None
    feed = Signer(salt=FEED_SALT).sign(str(request.user.pk))
    context = {
        "days": days, "kinds": Session.Kind.choices, "kind": kind or "", "area": area or "", "is_past": is_past,
        "communes": communes if communes.count() > 1 else [], "feed": feed,
        "new_in": communes.first() if communes.count() == 1 else leads_in,
    }  # fmt: skip
    return render(request, "volunteers/sessions/list.html", context)


@signed_in
@require_safe
def detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One session: who goes, crews, my place, and for leaders move and cancel."""
    session = get_object_or_404(with_figures(Session.objects.visible_to(request.user)), pk=pk)
    signups = session.signups.select_related("membership__user", "membership__team").order_by("signed_up_at")
    mine = next(
        (row for row in signups if row.membership.user_id == request.user.pk and row.status != SignUp.Status.LEFT),
        None,
    )
    starts, ends = (moment.astimezone(ZONE) for moment in (session.starts_at, session.ends_at))
    context = {
        "session": session,
        "going": [row for row in signups if row.status == SignUp.Status.GOING],
        "waiting_list": [row for row in signups if row.status == SignUp.Status.WAITING],
        "crews": session.crews.select_related("leader__user").prefetch_related("members__user"),
        "mine": mine,
        "may_sign_up": can(request.user, "session.sign_up", session) and bool(own_memberships(request.user)),
        "may_manage": can(request.user, "session.manage", session),
        "is_open": session.status == Session.Status.OPEN and session.ends_at > now(),
        "move_form": MoveForm(initial={"day": starts.date(), "start": starts.time(), "end": ends.time()}),
    }  # fmt: skip
    return render(request, "volunteers/sessions/detail.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: SignedInRequest, code: str) -> HttpResponse:
    """A new session of one commune: leads, and leaders for their own team."""
    mine = {membership.team.area_id for membership in own_memberships(request.user)}
    seen = Area.objects.visible_to(request.user).communes() | Area.objects.communes().filter(code__in=mine)
    commune = get_object_or_404(seen.distinct(), code=code)
    led = [member.team for member in own_memberships(request.user) if member.team.area_id == code]
    if not any(can(request.user, "session.manage", place) for place in [commune, *led]):
        allowed(request.user, "session.manage", commune)
    form = SessionForm(commune, request.POST or None)
    if not can(request.user, "session.manage", commune):
        form.fields["team"].queryset = Team.objects.filter(pk__in=[team.pk for team in led])  # type: ignore[attr-defined]
        form.fields["team"].required = True
    if request.method == "POST" and form.is_valid():
        try:
            session = actions.open_session(area=commune, by=request.user, **form.details())
        except ValidationError as error:
            form.add_error(None, words(error))
        else:
            messages.success(request, _("The session is in the calendar."))
            return redirect("sessions:detail", session.pk)
    return render(request, "volunteers/sessions/new.html", {"form": form, "commune": commune})


@signed_in
@require_POST
def sign_up(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take a place or a place on the waiting list."""
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    allowed(request.user, "session.sign_up", session)
    membership = get_object_or_404(Membership.objects.current().filter(user=request.user, team__area=session.area)[:1])
    try:
        row = actions.sign_up(session, membership, by=request.user)
    except ValidationError as error:
        messages.error(request, words(error))
    else:
        is_going = row.status == SignUp.Status.GOING
        messages.success(
            request, _("You are in.") if is_going else _("All places are taken: you are on the waiting list.")
        )
    return redirect("sessions:detail", session.pk)


@signed_in
@require_POST
def leave(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Give the place back."""
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    allowed(request.user, "session.sign_up", session)
    membership = get_object_or_404(Membership.objects.current().filter(user=request.user, signups__session=session)[:1])
    actions.leave_session(session, membership, by=request.user)
    messages.success(request, _("Your place is free again. Thank you for saying so early."))
    return redirect("sessions:detail", session.pk)


@signed_in
@require_POST
def move(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Another time."""
    session = allowed(
        request.user, "session.manage", get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    )
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("sessions:detail", session.pk)
    try:
        actions.move_session(session, by=request.user, **form.times())
    except ValidationError as error:
        messages.error(request, words(error))
    else:
        messages.success(request, _("Moved. Everybody who goes gets a notice."))
    return redirect("sessions:detail", session.pk)


@signed_in
@require_POST
def cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Nobody goes."""
    session = allowed(
        request.user, "session.manage", get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    )
    actions.cancel_session(session, by=request.user)
    messages.success(request, _("Cancelled. Everybody who was going gets a notice."))
    return redirect("sessions:detail", session.pk)


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The public calendar: of one commune (?xa=) or, without one, of the next days everywhere."""
    code = request.GET.get("xa", "")
    area = get_object_or_404(Area.objects.communes(), code=code) if code else None
    rows = public_sessions(area, start=now(), end=start_of_day(today() + timedelta(days=60)))[:200]
    days: dict[object, list[Session]] = {}
    for session in rows:
        days.setdefault(session.starts_at.astimezone(now().tzinfo).date(), []).append(session)
    response = render(request, "volunteers/sessions/calendar.html", {"days": days, "area": area})
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def feed(request: HttpRequest, code: str) -> HttpResponse:
    """A commune's public sessions for any calendar app."""
    area = get_object_or_404(Area.objects.communes(), code=code)
    rows = public_sessions(
        area,
        start=start_of_day(today() - timedelta(days=30)),
        end=start_of_day(today() + timedelta(days=180)),
    )
    return HttpResponse(calendar_file(rows, name=f"Gõ Cửa · {area}"), content_type="text/calendar; charset=utf-8")


@require_safe
def own_feed(request: HttpRequest, token: str) -> HttpResponse:
    """A volunteer's own sessions, by a signed address that needs no sign-in and opens nothing else."""
    try:
        key = Signer(salt=FEED_SALT).unsign(token)
    except BadSignature as error:
        raise Http404 from error
    user = get_object_or_404(User.objects.filter(is_active=True), pk=key)
    window = {
        "starts_at__gte": start_of_day(today() - timedelta(days=30)),
        "starts_at__lt": start_of_day(today() + timedelta(days=90)),
    }
    going = Session.objects.filter(signups__membership__user=user, signups__status=SignUp.Status.GOING, **window)
    response = HttpResponse(
        calendar_file(going.select_related("area", "hamlet").distinct(), name="Gõ Cửa"),
        content_type="text/calendar; charset=utf-8",
    )
    response["Cache-Control"] = "private, no-store"
    return response
