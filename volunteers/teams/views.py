"""Pages of teams, members, grants and the invitations that leads hand out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from project.accounts.models import User
from volunteers.access import actions as access
from volunteers.access.guards import allowed, signed_in
from volunteers.access.models import Grant
from volunteers.access.policy import can, can_somewhere
from volunteers.access.queries import grants_of
from volunteers.teams import actions, queries
from volunteers.teams.entrance import address_of, page, person, qr
from volunteers.teams.forms import InviteMemberForm, InvitePersonForm, MemberForm, TeamForm, TrainingForm
from volunteers.teams.models import Invitation, Membership, Team

TEAMS_A_PAGE = 60
INVITATIONS_A_PAGE = 60

# Teams and their members


@signed_in
@require_safe
def team_list(request: HttpRequest) -> HttpResponse:
    """The teams that this person may know of; a lead of a province narrows by ?area=."""
    user = person(request)
    teams = queries.teams_for(user)
    if area := request.GET.get("area"):
        teams = teams.filter(area=area)
    return render(request, "volunteers/teams/list.html", {
        "page_obj": Paginator(teams, TEAMS_A_PAGE).get_page(request.GET.get("page")),
        "may_create": can_somewhere(user, "team.manage"),
        "may_import": can_somewhere(user, "import.run"),
        "may_grant": can_somewhere(user, "grant.give"),
        "may_invite": can_somewhere(user, "member.invite") or bool(queries.led_by(user)),
    })  # fmt: skip


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new team."""
    user = person(request)
    if not can_somewhere(user, "team.manage"):
        raise PermissionDenied("team.manage")
    form = TeamForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            team = actions.create_team(data["area"], data["name"], by=user, kind=data["kind"])
            return redirect("teams:detail", team.pk)
        except actions.TeamError as refusal:
            form.add_error("name", str(refusal))
    return page(request, "edit", form)


@signed_in
@require_safe
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A team: its people, what they can help with, its leaders' numbers."""
    user = person(request)
    team = allowed(user, "team.view", _team(user, pk))
    return render(request, "volunteers/teams/detail.html", {
        "team": team, "members": queries.members_of(team), "may_invite": can(user, "member.invite", team),
        "may_manage": can(user, "team.manage", team), "may_keep": can(user, "member.manage", team),
        "open_count": queries.invitations_for(user).filter(team=team).count(),
    })  # fmt: skip


def _team(user: User, pk: UUID) -> Team:
    return get_object_or_404(Team.objects.visible_to(user).select_related("area"), pk=pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another name or kind."""
    user = person(request)
    team = allowed(user, "team.manage", _team(user, pk))
    form = TeamForm(request.POST or None, user=user, team=team)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_team(team, form.cleaned_data["name"], by=user, kind=form.cleaned_data["kind"])
            return redirect("teams:detail", team.pk)
        except actions.TeamError as refusal:
            form.add_error("name", str(refusal))
    return page(request, "edit", form, team=team)


@signed_in
@require_POST
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A team that works no more."""
    user = person(request)
    team = allowed(user, "team.manage", _team(user, pk))
    try:
        actions.close_team(team, by=user)
    except actions.TeamError as refusal:
        messages.error(request, str(refusal))
        return redirect("teams:detail", team.pk)
    messages.success(request, _("The team is closed. Its past stays in the reports."))
    return redirect("teams:list")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def invite_member(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Invite somebody into a team."""
    user = person(request)
    team = allowed(user, "member.invite", _team(user, pk))
    form = InviteMemberForm(request.POST or None, by=user, team=team)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        told = {key: data[key] for key in ("may_lead", "skills", "birth_year") if data.get(key)}
        try:
            row, _code, _token = actions.invite(
                data.get("role") or Membership.Roles.VOLUNTEER.value,
                by=user, team=team, name=data["name"], phone=data["phone"], email=data["email"], details=told,
            )  # fmt: skip
            return redirect("teams:invitation", row.pk)
        except actions.TeamError as refusal:
            form.add_error(None, str(refusal))
    return page(request, "invite", form, team=team)


def _member(user: User, pk: UUID) -> Membership:
    found = Membership.objects.visible_to(user).current().select_related("user", "team__area", "home_hamlet")
    return get_object_or_404(found, pk=pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One member: what the planner must know; trainings; the end of the membership."""
    user = person(request)
    row = allowed(user, "member.manage", _member(user, pk))
    form = MemberForm(request.POST or None, by=user, member=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_membership(row, by=user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("teams:member", row.pk)
        except actions.TeamError as refusal:
            form.add_error(None, str(refusal))
    may_end = row.role != Membership.Roles.LEADER or can(user, "team.manage", row.team)
    trainings = row.user.trainings.order_by("lesson_number")
    may_renew = not row.user.email and can(user, "team.manage", row.team)
    context = {"member": row, "may_end": may_end, "may_renew": may_renew, "trainings": trainings}
    return page(request, "member", form, training_form=TrainingForm(), **context)


@signed_in
@require_POST
def end_member(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The person leaves the team today."""
    user = person(request)
    row = allowed(user, "member.manage", _member(user, pk))
    try:
        actions.end_membership(row, by=user)
        messages.success(request, _("%(name)s is no longer in the team.") % {"name": row.user})
    except actions.TeamError as refusal:
        messages.error(request, str(refusal))
    return redirect("teams:detail", row.team_id)


@signed_in
@require_POST
def renew(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A key for a member who forgot the password and has no e-mail address."""
    user = person(request)
    row = allowed(user, "team.manage", _member(user, pk))
    try:
        key, _code, _token = actions.renew_sign_in(row, by=user)
    except actions.TeamError as refusal:
        messages.error(request, str(refusal))
        return redirect("teams:member", row.pk)
    return redirect("teams:invitation", key.pk)


@signed_in
@require_POST
def training(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A training held in person."""
    user = person(request)
    row = allowed(user, "training.record", _member(user, pk))
    form = TrainingForm(request.POST)
    if form.is_valid():
        actions.record_training(row.user, form.cleaned_data["lesson_number"], by=user, team=row.team)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Write the number of the lesson."))
    return redirect("teams:member", row.pk)


# People, grants and invitations


@signed_in
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Who holds which role beneath this coordinator's own grant."""
    user = person(request)
    if not can_somewhere(user, "grant.give"):
        raise PermissionDenied("grant.give")
    grants = list(queries.grants_beneath(user))
    names = queries.area_names(grant.scope for grant in grants)
    rows = [{"grant": grant, "place": names.get(grant.scope, grant.scope)} for grant in grants]
    return render(request, "volunteers/teams/people.html", {"rows": rows})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def invite_person(request: HttpRequest) -> HttpResponse:
    """Invite a lead, a coordinator or an editor."""
    user = person(request)
    if not can_somewhere(user, "grant.give"):
        raise PermissionDenied("grant.give")
    form = InvitePersonForm(request.POST or None, by=user)
    if request.method == "POST" and form.is_valid():
        try:
            row, _code, _token = actions.invite(by=user, **form.cleaned_data)
            return redirect("teams:invitation", row.pk)
        except actions.TeamError as refusal:
            form.add_error(None, str(refusal))
    return page(request, "invite_person", form)


@signed_in
@require_POST
def revoke_grant(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a role back."""
    user = person(request)
    row = get_object_or_404(_grants_seen(user), pk=pk)
    if row.user_id == user.pk:
        raise PermissionDenied("grant.revoke")  # nobody locks themselves out by a slip; another coordinator does it
    access.revoke(row, by=user)
    messages.success(request, _("%(name)s no longer holds this role.") % {"name": row.user})
    return redirect("teams:people")


def _grants_seen(user: User) -> Any:
    """Beneath the own grant; for a lead of the same place the row exists, and the verb says 403."""
    return queries.grants_beneath(user) | Grant.objects.filter(scope__in=[g.scope for g in grants_of(user)])


@signed_in
@require_safe
def invitations(request: HttpRequest) -> HttpResponse:
    """Open invitations, with their codes to read out."""
    user = person(request)
    if not can_somewhere(user, "member.invite") and not queries.led_by(user):
        raise PermissionDenied("member.invite")
    page_obj, rows = _to_hand_out(request, user)
    return render(request, "volunteers/teams/invitations.html", {"page_obj": page_obj, "invitations": rows})


def _to_hand_out(request: HttpRequest, user: User) -> tuple[Page[Any], list[Invitation]]:
    """One page of open invitations, and those of it that this person may hand out (codes are deciphered one by one)."""
    found = queries.invitations_for(user)
    if team := request.GET.get("team"):
        try:
            found = found.filter(team=get_object_or_404(Team.objects.visible_to(user), pk=UUID(team)))
        except ValueError as failure:
            raise Http404 from failure
    page_obj = Paginator(found, INVITATIONS_A_PAGE).get_page(request.GET.get("page"))
    return page_obj, [row for row in page_obj if can(user, queries.permission_of(row), row)]


@signed_in
@require_safe
def invitation_sheets(request: HttpRequest) -> HttpResponse:
    """Open invitations to cut out: name, code and QR on paper."""
    user = person(request)
    if not can_somewhere(user, "member.invite") and not queries.led_by(user):
        raise PermissionDenied("member.invite")
    base = address_of(request)
    page_obj, found = _to_hand_out(request, user)
    rows = [{"row": row, "qr": qr(queries.invitation_link(row.token or "", base))} for row in found]
    return render(request, "volunteers/teams/invitation_sheets.html", {"page_obj": page_obj, "rows": rows})


def _invitation(user: User, pk: UUID) -> Invitation:
    row: Invitation = get_object_or_404(Invitation.objects.visible_to(user).select_related("team__area"), pk=pk)
    allowed(user, queries.permission_of(row), row)
    return row


@signed_in
@never_cache
@require_safe
def invitation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One invitation: the code large, the link, the QR."""
    row = _invitation(person(request), pk)
    link = queries.invitation_link(row.token or "", address_of(request))
    is_open = Invitation.objects.open().filter(pk=row.pk).exists()
    place = queries.area_names([row.scope]).get(row.scope, "")
    context = {"invitation": row, "link": link, "qr": qr(link), "is_open": is_open, "place": place}
    return render(request, "volunteers/teams/invitation.html", context)


@signed_in
@require_POST
def revoke_invitation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    user = person(request)
    row = _invitation(user, pk)
    if actions.revoke_invitation(row, by=user):
        messages.success(request, _("The invitation is taken back."))
    else:
        messages.error(request, _("This invitation was no longer open."))
    return redirect("teams:invitations")
