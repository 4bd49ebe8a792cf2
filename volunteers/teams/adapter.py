"""From what a lead tells of somebody to an invitation that is not yet saved; and the refusals of the teams' verbs."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from project.lib import phone as phones
from project.lib.clock import now, today
from project.lib.ids import lookup_code
from volunteers.teams import rules
from volunteers.teams.models import Invitation, Team
from volunteers.teams.queries import digests_of

_MESSAGES: dict[str, Promise] = {
    "name_taken": _("The commune already has a team with this name."),
    "no_name": _("Write a name."),
    "not_a_commune": _("A team belongs to a commune."),
    "has_members": _("The team still has members. End their memberships first."),
    "no_address": _("Write a phone number or an e-mail address: one of them becomes the login name."),
    "no_team": _("Choose a team."),
    "closed_team": _("This team is closed."),
    "wrong_level": _("This role does not belong to an area of this kind."),
    "underage": _("Somebody under 18 may not lead a team or a crew."),
    "already_member": _("This person is already a member of the team."),
    "already_invited": _("There is already an open invitation for this phone number or e-mail address."),
    "closed": _("This invitation has been used, taken back, or is too old. Ask for a new one."),
    "address_taken": _("An account with this phone number or e-mail address exists. Sign in with it first."),
    "not_yours": _("This phone number or e-mail address belongs to another account than the one signed in."),
    "has_email": _("This account has an e-mail address: the person gets a new password with it."),
    "holds_role": _("This account holds a role above the team. Ask the province's coordinator."),
    "last_leader": _("A team leader is ended by the person who leads the commune."),
}


class TeamError(ValueError):
    """A verb refused for a reason that a person can mend: `code` for programs, str() to read (translated late)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = _MESSAGES[code]

    def __str__(self) -> str:
        return str(self.message)


def draft_invitation(
    role: str,
    *,
    scope: str,
    team: Team | None,
    by: User | None,
    name: str,
    phone: str = "",
    email: str = "",
    details: Mapping[str, Any] | None = None,
) -> tuple[Invitation, str, str]:
    """An unsaved invitation with its code and token (the import saves many at once). Checks shape, not rights."""
    told = dict(details or {})
    if not rules.may_lead_at_all(role, bool(told.get("may_lead")), told.get("birth_year"), today().year):
        raise TeamError("underage")
    if not phone.strip() and not email.strip():
        raise TeamError("no_address")
    code, token = lookup_code(8), secrets.token_urlsafe(24)
    invitation = Invitation(
        role=role,
        scope=scope,
        team=team,
        name=clean_name(name),
        phone=phones.parse(phone) if phone.strip() else "",
        email=email.strip().lower(),
        details=told,
        code=code,
        code_digest=digests_of("code", code)[0],
        token=token,
        token_digest=digests_of("token", token)[0],
        created_by=by,
        expires_at=now() + timedelta(days=rules.INVITATION_DAYS),
    )
    return invitation, code, token


def clean_name(text: str) -> str:
    """Single spaces, none at the ends. TeamError: no_name."""
    name = " ".join(text.split())
    if not name:
        raise TeamError("no_name")
    return name
