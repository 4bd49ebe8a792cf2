"""A member without e-mail who forgot the password: helped by the lead, and by nobody who could misuse it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from project.accounts.models import User
from project.lib import clock
from tests.cast import Cast
from tests.factories.people import make_grant, make_member, make_user
from volunteers.audit.models import AuditEntry
from volunteers.teams.actions import TeamError, accept_invitation, renew_password, renew_sign_in
from volunteers.teams.models import Invitation, Membership

NEW = {"password1": "con-meo-nha-toi-2026", "password2": "con-meo-nha-toi-2026"}


@pytest.fixture
def member(cast: Cast) -> Membership:
    return make_member(cast.team, make_user("Bùi Văn Quên", email=None, phone="+84912345678"))


def test_the_key_gives_a_new_password_once_and_no_sign_in_by_itself(
    cast: Cast, member: Membership, client: Client
) -> None:
    key, code, token = renew_sign_in(member, by=cast.minh)
    assert client.post("/loi-moi/", {"code": code})["Location"] == f"/loi-moi/{token}/"
    assert client.post(f"/loi-moi/{token}/", {**NEW, "password2": "khac"}).status_code == 422
    assert client.post(f"/loi-moi/{token}/", NEW)["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session
    assert client.post("/accounts/login/", {"login": "0912345678", "password": NEW["password1"]}).status_code == 302
    assert client.get(f"/loi-moi/{token}/").status_code == 404
    with pytest.raises(TeamError):
        renew_password(key, "mot-mat-khau-khac")
    assert AuditEntry.objects.filter(action="sign_in.renewed", actor_id=member.user_id).count() == 1
    assert Membership.objects.filter(user=member.user).count() == 1


def test_only_the_lead_of_every_team_of_the_person_may_help(cast: Cast, member: Membership) -> None:
    for weak in (cast.hoa, cast.tung, cast.son):
        with pytest.raises(PermissionDenied):
            renew_sign_in(member, by=weak)
    make_member(cast.far_team, member.user)
    with pytest.raises(PermissionDenied):
        renew_sign_in(member, by=cast.minh)
    renew_sign_in(member, by=cast.lan)


def test_an_account_with_mail_or_with_a_role_is_out_of_reach(cast: Cast, member: Membership) -> None:
    with pytest.raises(TeamError) as refusal:
        renew_sign_in(cast.tung_member, by=cast.minh)
    assert refusal.value.code == "has_email"
    key, _code, _token = renew_sign_in(member, by=cast.minh)
    make_grant(member.user, "commune_lead", cast.far.scope)  # risen after the key was made
    with pytest.raises(TeamError):
        renew_password(key, "con-meo-nha-toi-2026")
    with pytest.raises(TeamError) as refusal:
        renew_sign_in(member, by=cast.minh)
    assert refusal.value.code == "holds_role"
    assert User.objects.get(pk=member.user_id).check_password("mat-khau-thu")


def test_a_team_leader_never_sees_the_key(cast: Cast, member: Membership) -> None:
    key, code, _token = renew_sign_in(member, by=cast.minh)
    client = Client()
    client.force_login(cast.hoa)
    assert client.get(f"/volunteers/invitations/{key.pk}/").status_code == 403
    for address in ("/volunteers/invitations/", "/volunteers/invitations/print/"):
        assert code[:4] not in client.get(address).content.decode()
    assert client.post(f"/volunteers/members/{member.pk}/renew/").status_code == 403
    client.force_login(cast.minh)
    assert client.get(client.post(f"/volunteers/members/{member.pk}/renew/")["Location"]).status_code == 200


def test_a_key_is_no_invitation_and_grows_old_quickly(
    cast: Cast, member: Membership, monday: clock.FrozenClock
) -> None:
    first, _code, _token = renew_sign_in(member, by=cast.minh)
    key, _code, _token = renew_sign_in(member, by=cast.minh)
    assert list(Invitation.objects.open()) == [key]  # the one before is void
    assert first.pk != key.pk
    for user in (None, member.user, cast.son):
        with pytest.raises(TeamError):
            accept_invitation(key, user=user, password="con-meo-nha-toi-2026")
    monday.advance(timedelta(days=3))
    with pytest.raises(TeamError):
        renew_password(key, "con-meo-nha-toi-2026")
