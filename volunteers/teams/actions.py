"""Verbs of teams: create and close them, invite, accept, keep and end memberships, record trainings."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q

from project.accounts.models import User
from project.lib.clock import kept_since, now, today
from project.lib.vietnamese import fold
from volunteers.access.actions import grant
from volunteers.access.models import Grant
from volunteers.access.policy import require
from volunteers.access.roles import Role
from volunteers.areas.models import Area
from volunteers.audit.log import record
from volunteers.teams import rules
from volunteers.teams.adapter import TeamError as TeamError
from volunteers.teams.adapter import clean_name, draft_invitation
from volunteers.teams.models import Invitation, Membership, Team, TrainingRecord
from volunteers.teams.queries import account_of, permission_of

MEMBER_FIELDS = (
    *("role", "may_lead", "is_officer", "languages", "gender", "birth_year", "home_hamlet", "travel"),
    *("max_visits_per_day", "max_slots_per_week"),
)
LEADS_ONLY_FIELDS = frozenset({"role", "is_officer"})
# The level of area at which each role by grant lies; None: any.
GRANT_LEVELS: dict[str, str | None] = {
    Role.PROVINCE_COORDINATOR.value: Area.Level.PROVINCE,
    Role.COMMUNE_LEAD.value: Area.Level.COMMUNE,
    Role.CONTENT_EDITOR.value: None,
}


def create_team(area: Area, name: str, *, by: User | None, kind: str = Team.Kind.COMMUNITY_DIGITAL) -> Team:
    """A new team of a commune. TeamError: name_taken, no_name, not_a_commune."""
    require(by, "team.manage", area)
    if area.level != Area.Level.COMMUNE:
        raise TeamError("not_a_commune")
    name = clean_name(name)
    try:
        with transaction.atomic():
            team = Team.objects.create(area=area, name=name, folded=fold(name), kind=kind)
            record("team.created", team, by=by, kind=kind)
    except IntegrityError as failure:
        raise TeamError("name_taken") from failure
    return team


def rename_team(team: Team, name: str, *, by: User | None, kind: str | None = None) -> None:
    """Another name (and kind) for a team. TeamError: name_taken, no_name."""
    require(by, "team.manage", team)
    name = clean_name(name)
    try:
        with transaction.atomic():
            team.name, team.folded, team.kind = name, fold(name), kind or team.kind
            team.save(update_fields=["name", "folded", "kind"])
            record("team.renamed", team, by=by)
    except IntegrityError as failure:
        raise TeamError("name_taken") from failure


def close_team(team: Team, *, by: User | None) -> None:
    """A team that works no more; its past stays. TeamError: has_members."""
    require(by, "team.manage", team)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        if team.memberships.filter(left_on__isnull=True).exists():
            raise TeamError("has_members")
        team.is_active = False
        team.save(update_fields=["is_active"])
        Invitation.objects.open().filter(team=team).update(revoked_at=now())
        record("team.closed", team, by=by)


def invite(
    role: str,
    *,
    by: User | None,
    name: str,
    team: Team | None = None,
    area: Area | None = None,
    phone: str = "",
    email: str = "",
    details: Mapping[str, Any] | None = None,
) -> tuple[Invitation, str, str]:
    """An invitation to `role`: in `team` for team roles, at `area` for roles by grant. Returns (row, code, token).

    `phone` in any usual writing (PhoneError), at least one address. `details` is what the list told of the member:
    keys of MEMBER_FIELDS and `skills` (service codes). TeamError where it cannot be; PermissionDenied for rights.
    """
    if role in rules.TEAM_ROLES:
        if team is None:
            raise TeamError("no_team")
        require(by, "team.manage" if role == Role.TEAM_LEADER.value else "member.invite", team)
        if not team.is_active:
            raise TeamError("closed_team")
        scope = team.area.scope
    else:
        scope = _grant_scope(role, area, by)
        team = None
    invitation, code, token = draft_invitation(
        role, scope=scope, team=team, by=by, name=name, phone=phone, email=email, details=details
    )
    with transaction.atomic():
        refuse_doubles(invitation)
        invitation.save()
        record("invitation.created", invitation, by=by, role=role, team=team.pk if team else None)
    return invitation, code, token


def _grant_scope(role: str, area: Area | None, by: User | None) -> str:
    if role not in GRANT_LEVELS or area is None:
        raise TeamError("wrong_level")
    require(by, "grant.give", area)
    level = GRANT_LEVELS[role]
    if level is not None and area.level != level:
        raise TeamError("wrong_level")
    return area.scope


def refuse_doubles(invitation: Invitation) -> None:
    """TeamError if the person is in the team already or holds an open invitation to the same place."""
    person = account_of(invitation)
    members = Membership.objects.current().filter(team_id=invitation.team_id, user=person)
    if invitation.team_id and person is not None and members.exists():
        raise TeamError("already_member")
    same = Invitation.objects.open().filter(scope=invitation.scope, team_id=invitation.team_id, role=invitation.role)
    for field in ("phone", "email"):
        value = getattr(invitation, field)
        if value and same.filter(**{field: value}).exists():
            raise TeamError("already_invited")


def revoke_invitation(invitation: Invitation, *, by: User | None) -> bool:
    """Take an invitation back; False if it was no longer open."""
    require(by, permission_of(invitation), invitation)
    with transaction.atomic():
        changed = Invitation.objects.open().filter(pk=invitation.pk).update(revoked_at=now())
        if changed:
            record("invitation.revoked", invitation, by=by)
    return bool(changed)


def accept_invitation(
    invitation: Invitation,
    *,
    user: User | None = None,
    password: str = "",
    name: str = "",
    phone: str = "",
    email: str = "",
    language: str = "vi",
) -> User:
    """Use an invitation once: a new account (or `user`, who is signed in) gets the role. Returns the account.

    A new account takes the invited addresses; `phone` and `email` only fill what the invitation left open. TeamError:
    closed (also for the loser of a race), address_taken (an account has the address: sign in with it), not_yours.
    """
    if rules.RENEWS in invitation.details:
        raise TeamError("closed")  # a key to an account is not an invitation
    owner = account_of(invitation)
    if user is None and owner is not None:
        raise TeamError("address_taken")
    if user is not None and owner is not None and owner.pk != user.pk:
        raise TeamError("not_yours")
    try:
        with transaction.atomic():
            # The single use: whoever changes the row first has it, on every database.
            if not Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=now()):
                raise TeamError("closed")
            if user is None:
                user = User.objects.create_user(
                    name=name or invitation.name,
                    phone=invitation.phone or phone or None,
                    email=invitation.email or email or None,
                    password=password,
                    language=language,
                )
            Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
            _give_role(invitation, user)
            record("invitation.accepted", invitation, by=user, role=invitation.role)
    except IntegrityError as failure:
        raise TeamError("address_taken") from failure
    except PermissionDenied as failure:  # the inviter has lost the right since
        raise TeamError("closed") from failure
    return user


def _give_role(invitation: Invitation, user: User) -> None:
    if invitation.role not in rules.TEAM_ROLES:
        # Read anew: what the inviter may do is judged today, not when the invitation was made.
        giver = invitation.created_by_id
        inviter = User.objects.get(pk=giver) if giver is not None else None
        grant(user, invitation.role, invitation.scope, by=inviter)
        return
    team = invitation.team
    if team is None or not team.is_active:
        raise TeamError("closed")
    told = invitation.details
    member, made = Membership.objects.get_or_create(
        team=team,
        user=user,
        left_on=None,
        defaults={
            "role": invitation.role,
            "may_lead": bool(told.get("may_lead")),
            "languages": told.get("languages") or [],
            "gender": told.get("gender") or "",
            "birth_year": told.get("birth_year"),
            "home_hamlet_id": told.get("home_hamlet"),
            "travel": told.get("travel") or Membership.Travel.MOTORBIKE,
        },
    )
    if not made and invitation.role == Role.TEAM_LEADER.value and member.role != invitation.role:
        member.role = invitation.role
        member.save(update_fields=["role"])
    if made and told.get("skills"):
        member.skills.set(skill_ids(told["skills"]))
    user.__dict__.pop("_team_roles", None)
    record("member.joined", member, by=user, team=team.pk, role=member.role)


def skill_ids(codes: list[str]) -> list[int]:
    """The keys of the services with these codes; unknown codes (retired since) are left out."""
    services: Any = Membership._meta.get_field("skills").related_model
    return list(services.objects.filter(code__in=codes).values_list("pk", flat=True))


def update_membership(member: Membership, *, by: User | None, **changes: Any) -> list[str]:
    """Change what the planner must know of a member: MEMBER_FIELDS and `skills` (codes). Returns what changed.

    A team leader may not change roles or who is a police officer; somebody under 18 may not lead (TeamError).
    """
    require(by, "member.manage", member)
    unknown = set(changes) - {*MEMBER_FIELDS, "skills"}
    if unknown:
        raise ValueError(f"not a field of a member: {sorted(unknown)}")
    with transaction.atomic():
        Membership.objects.select_for_update().get(pk=member.pk)
        changed = [name for name in MEMBER_FIELDS if name in changes and getattr(member, name) != changes[name]]
        if LEADS_ONLY_FIELDS & set(changed):
            require(by, "team.manage", member.team)
        for name in changed:
            setattr(member, name, changes[name])
        if not rules.may_lead_at_all(member.role, member.may_lead, member.birth_year, today().year):
            raise TeamError("underage")
        if changed:
            member.save(update_fields=changed)
        if "skills" in changes:
            wanted = set(skill_ids(changes["skills"]))
            if wanted != set(member.skills.values_list("pk", flat=True)):
                member.skills.set(wanted)
                changed.append("skills")
        if changed:
            record("member.updated", member, by=by, fields=changed)
    return changed


def end_membership(member: Membership, *, by: User | None) -> bool:
    """The person leaves the team today and sees nothing of it any more; False if already gone.

    TeamError last_leader: a team leader is ended by the commune's lead, not by another team leader.
    """
    require(by, "member.manage", member)
    if member.role == Membership.Roles.LEADER and by is not None:
        try:
            require(by, "team.manage", member.team)
        except PermissionDenied as failure:
            raise TeamError("last_leader") from failure
    with transaction.atomic():
        left = Membership.objects.current().filter(pk=member.pk).update(left_on=today())
        if left:
            member.left_on = today()
            record("member.left", member, by=by, team=member.team_id)
    member.user.__dict__.pop("_team_roles", None)
    return bool(left)


def record_training(user: User, lesson_number: int, *, by: User | None, team: Team, version: int = 1) -> TrainingRecord:
    """A training held in person by a leader of `team`, or a quiz passed (`by` None); the same again changes nothing."""
    require(by, "training.record", team)
    if not Membership.objects.current().filter(team=team, user=user).exists():
        raise PermissionDenied("training.record")
    with transaction.atomic():
        row, made = TrainingRecord.objects.get_or_create(
            user=user, lesson_number=lesson_number, version=version, defaults={"recorded_by": by}
        )
        if made:
            record("training.recorded", row, by=by, scope=team.area.scope, lesson=lesson_number, version=version)
    return row


def renew_sign_in(member: Membership, *, by: User | None) -> tuple[Invitation, str, str]:
    """A single-use key with which a member who forgot the password chooses a new one. Returns (row, code, token).

    For accounts without an e-mail address only (others help themselves), never for those that hold a role by grant
    or are in a team beyond the reach of `by`: a lead must not be able to step into a stronger account. TeamError:
    has_email, holds_role.
    """
    require(by, "team.manage", member.team)
    user = member.user
    if user.email:
        raise TeamError("has_email")
    if user.is_staff or user.is_superuser or Grant.objects.filter(user=user).exists():
        raise TeamError("holds_role")
    for other in Membership.objects.current().filter(user=user).select_related("team__area"):
        require(by, "team.manage", other.team)
    key, code, token = draft_invitation(
        Role.VOLUNTEER.value, scope=member.team.area.scope, team=member.team, by=by, name=user.name,
        phone=user.phone or "", details={rules.RENEWS: str(user.pk)},
    )  # fmt: skip
    key.expires_at = now() + timedelta(days=rules.RENEWAL_DAYS)
    with transaction.atomic():
        Invitation.objects.open().filter(phone=key.phone, details__has_key=rules.RENEWS).update(revoked_at=now())
        key.save()
        record("sign_in.renewal_offered", member, by=by, user=user.pk)
    return key, code, token


def renew_password(key: Invitation, password: str) -> User:
    """Use a key of `renew_sign_in` once: the account gets the password.

    TeamError closed: used, too old, or the account has risen since.
    """
    with transaction.atomic():
        if not Invitation.objects.open().filter(pk=key.pk).update(accepted_at=now()):
            raise TeamError("closed")
        user = User.objects.select_for_update().filter(pk=key.details.get(rules.RENEWS), is_active=True).first()
        if user is None or user.email or user.is_staff or Grant.objects.filter(user=user).exists():
            raise TeamError("closed")
        user.set_password(password)
        user.save(update_fields=["password"])
        Invitation.objects.filter(pk=key.pk).update(accepted_by=user)
        record("sign_in.renewed", user, by=user, scope=key.scope)
    return user


def forget_old_invitations(day: date) -> dict[str, int]:
    """Retention: invitations that were used, taken back or too old 12 months before `day`."""
    since = kept_since(day, rules.INVITATION_KEPT)
    ended = Q(accepted_at__lt=since) | Q(revoked_at__lt=since) | Q(expires_at__lt=since)
    return {"invitations": Invitation.objects.filter(ended).delete()[0]}
