"""Verbs of authority: grant, revoke, rescope, mint a token, accept the code of conduct."""

import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth.models import Group
from django.db import transaction

from project.accounts.models import User
from project.lib.clock import now
from volunteers.access.models import ApiToken, Grant
from volunteers.access.policy import require
from volunteers.access.roles import Role
from volunteers.access.scoping import beneath
from volunteers.audit.log import record

# role -> the Wagtail group that goes with it; learning/ gives the groups their permissions.
WAGTAIL_GROUPS = {
    Role.CONTENT_EDITOR: "Soạn bài",
    Role.PROVINCE_COORDINATOR: "Duyệt bài",
    Role.ADMINISTRATOR: "Dữ liệu gốc",
}


def grant(user: User, role: Role | str, scope: str, *, by: User | None) -> Grant:
    """Give `user` the role at `scope`; the same grant again changes nothing. Keeps Wagtail's groups in step.

    A coordinator grants only beneath the own grant, and nobody grants above the own role's reach: an
    administrator's grant comes from an administrator only.
    """
    role = Role(role)
    require(by, "grant.give", scope)
    if role is Role.ADMINISTRATOR:
        require(by, "token.mint", scope)
    with transaction.atomic():
        row, made = Grant.objects.get_or_create(user=user, role=role.value, scope=scope, defaults={"granted_by": by})
        _forget(user)
        keep_groups(user)
        if made:
            record("grant.given", row, by=by, role=role.value, user=user.pk)
    return row


def revoke(row: Grant, *, by: User | None) -> None:
    """Take a grant back."""
    require(by, "grant.revoke", row)
    with transaction.atomic():
        user = row.user
        record("grant.revoked", row, by=by, role=row.role, user=user.pk)
        row.delete()
        _forget(user)
        keep_groups(user)


def rescope(old: str, new: str, *, by: User | None) -> int:
    """Move grants and programs' tokens at or beneath `old` to the same place beneath `new`; returns how many grants.

    Grants that a person already holds at the new place are dropped instead of doubled. Audit entries keep their
    old scopes for ever (house.md D5).
    """
    moved = 0
    with transaction.atomic():
        for row in Grant.objects.select_for_update().filter(beneath("scope", old)):
            place = new + row.scope[len(old) :]
            if Grant.objects.filter(user_id=row.user_id, role=row.role, scope=place).exists():
                record("grant.revoked", row, by=by, role=row.role, user=row.user_id, because="rescoped")
                row.delete()
            else:
                row.scope = place
                row.save(update_fields=["scope"])
                record("grant.rescoped", row, by=by, was=old)
            moved += 1
        for token in ApiToken.objects.filter(beneath("scope", old)):
            ApiToken.objects.filter(pk=token.pk).update(scope=new + token.scope[len(old) :])
    return moved


def keep_groups(user: User) -> None:
    """Put the person into the Wagtail groups of the roles held now, and out of the others."""
    held = {Role(value) for value in Grant.objects.filter(user=user).values_list("role", flat=True)}
    for role, name in WAGTAIL_GROUPS.items():
        group, _made = Group.objects.get_or_create(name=name)
        if role in held:
            user.groups.add(group)
        else:
            user.groups.remove(group)


def mint_token(name: str, scope: str, *, days: int, by: User | None) -> tuple[ApiToken, str]:
    """A read-only token for aggregates beneath `scope`: the row and the text that is shown once."""
    require(by, "token.mint", scope)
    text = f"gocua_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        token = ApiToken.objects.create(
            name=name, scope=scope, digest=digest_of(text), expires_at=now() + timedelta(days=days)
        )
        record("token.minted", token, by=by, days=days)
    return token, text


def digest_of(token: str) -> str:
    """What the database keeps of a token: SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def accept_conduct(user: User, version: int) -> None:
    """The person has read the code of conduct in this version and agrees; a second time changes nothing."""
    with transaction.atomic():
        changed = User.objects.filter(pk=user.pk, conduct_version__lt=version).update(
            conduct_version=version, conduct_accepted_at=now()
        )
        if changed:
            record("conduct.accepted", user, by=user, scope="", version=version)
    user.conduct_version = max(user.conduct_version, version)


def _forget(user: User) -> None:
    """Drop what this object remembers of its grants (queries.grants_of)."""
    user.__dict__.pop("_grants_held", None)
