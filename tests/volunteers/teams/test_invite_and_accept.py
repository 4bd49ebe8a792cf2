"""Invitations: who may give which, the single use, what they make of a person."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections
from django.test import Client

from project.accounts.models import User
from project.lib import clock
from tests.cast import Cast
from tests.factories.people import make_user
from volunteers.access.models import Grant
from volunteers.audit.models import AuditEntry
from volunteers.teams import actions, queries
from volunteers.teams.actions import TeamError, accept_invitation, invite, revoke_invitation
from volunteers.teams.entrance import WRONG_CODES
from volunteers.teams.models import Invitation, Membership

NEW = {"name": "Ngô Thị Mới", "phone": "0912 345 678"}
PASSWORD = {"password1": "con-meo-nha-toi-2026", "password2": "con-meo-nha-toi-2026"}


def test_a_lead_invites_into_a_team_of_the_own_commune(cast: Cast) -> None:
    row, code, token = invite("volunteer", by=cast.minh, team=cast.team, **NEW)
    assert (row.scope, row.team, row.phone) == (cast.commune.scope, cast.team, "+84912345678")
    assert len(code) == 8
    assert queries.open_invitation(code=f" {code[:4].lower()}-{code[4:].lower()} ") == row
    assert queries.open_invitation(token=token) == row
    entry = AuditEntry.objects.get(action="invitation.created")
    assert (entry.actor_id, entry.scope) == (cast.minh.pk, cast.commune.scope)


def test_the_database_holds_neither_code_nor_token_readable(cast: Cast) -> None:
    _row, code, token = invite("volunteer", by=cast.minh, team=cast.team, **NEW)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT code, code_digest, token, token_digest FROM volunteers_invitation")
        held = " ".join(cursor.fetchone())
    assert code not in held
    assert token not in held


def test_a_stranger_and_a_volunteer_may_not_invite(cast: Cast) -> None:
    for weak in (cast.son, cast.tung):
        with pytest.raises(PermissionDenied):
            invite("volunteer", by=weak, team=cast.team, **NEW)
    assert not Invitation.objects.exists()


def test_a_team_leader_invites_volunteers_but_no_leaders_and_no_leads(cast: Cast) -> None:
    invite("volunteer", by=cast.hoa, team=cast.team, **NEW)
    with pytest.raises(PermissionDenied):
        invite("team_leader", by=cast.hoa, team=cast.team, name="Hai", phone="0912345679")
    with pytest.raises(PermissionDenied):
        invite("commune_lead", by=cast.hoa, area=cast.commune, name="Hai", phone="0912345679")


def test_a_lead_gives_no_roles_by_grant_and_a_coordinator_only_beneath_the_own(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        invite("commune_lead", by=cast.minh, area=cast.commune, **NEW)
    row, _code, _token = invite("commune_lead", by=cast.lan, area=cast.far, **NEW)
    assert row.scope == cast.far.scope
    with pytest.raises(TeamError, match="không dành cho địa bàn"):
        invite("commune_lead", by=cast.lan, area=cast.province, name="Hai", phone="0912345679")
    with pytest.raises(TeamError):
        invite("administrator", by=cast.lan, area=cast.province, name="Hai", phone="0912345679")


def test_nobody_under_18_is_invited_to_lead(cast: Cast, monday: clock.FrozenClock) -> None:
    with pytest.raises(TeamError) as refusal:
        invite("team_leader", by=cast.minh, team=cast.team, details={"birth_year": 2009}, **NEW)
    assert refusal.value.code == "underage"
    with pytest.raises(TeamError):
        invite("volunteer", by=cast.minh, team=cast.team, details={"birth_year": 2009, "may_lead": True}, **NEW)
    invite("volunteer", by=cast.minh, team=cast.team, details={"birth_year": 2009}, **NEW)


def test_the_same_person_is_not_invited_twice(cast: Cast) -> None:
    invite("volunteer", by=cast.minh, team=cast.team, **NEW)
    with pytest.raises(TeamError) as refusal:
        invite("volunteer", by=cast.minh, team=cast.team, name="Mới", phone="+84912345678")
    assert refusal.value.code == "already_invited"
    with pytest.raises(TeamError) as refusal:
        invite("volunteer", by=cast.minh, team=cast.team, name="Tùng", email="TUNG@gocua.example")
    assert refusal.value.code == "already_member"
    with pytest.raises(TeamError) as refusal:
        invite("volunteer", by=cast.minh, team=cast.team, name="Không Địa Chỉ")
    assert refusal.value.code == "no_address"


def test_accepting_makes_an_account_and_a_member_with_what_the_list_told(cast: Cast, services: None) -> None:
    told = {"skills": ["vneid_l2", "epay"], "languages": ["vi", "sti"], "travel": "bicycle", "may_lead": True}
    row, _code, _token = invite("volunteer", by=cast.minh, team=cast.team, details=told, **NEW)
    user = accept_invitation(row, password="con-meo-nha-toi", language="en")
    assert (user.phone, user.language, user.check_password("con-meo-nha-toi")) == ("+84912345678", "en", True)
    member = Membership.objects.get(user=user)
    assert (member.team, member.role, member.may_lead, member.travel) == (cast.team, "volunteer", True, "bicycle")
    assert {skill.code for skill in member.skills.all()} == {"vneid_l2", "epay"}
    assert member.languages == ["vi", "sti"]
    assert AuditEntry.objects.filter(action="member.joined", object_id=str(member.pk)).count() == 1


def test_an_invitation_works_once(cast: Cast) -> None:
    row, _code, _token = invite("volunteer", by=cast.minh, team=cast.team, **NEW)
    user = accept_invitation(row, password="con-meo-nha-toi")
    for again in (None, user, cast.son):
        with pytest.raises(TeamError):
            accept_invitation(row, user=again, password="con-meo-nha-toi")
    assert Membership.objects.filter(team=cast.team).count() == 3


def test_a_closed_invitation_is_worth_nothing(cast: Cast, monday: clock.FrozenClock) -> None:
    old, _code, _token = invite("volunteer", by=cast.minh, team=cast.team, **NEW)
    back, _code, _token = invite("volunteer", by=cast.minh, team=cast.team, name="Hai", phone="0912345679")
    assert revoke_invitation(back, by=cast.minh)
    assert not revoke_invitation(back, by=cast.minh)
    with pytest.raises(TeamError):
        accept_invitation(back, password="con-meo-nha-toi")
    monday.advance(timedelta(days=31))
    with pytest.raises(TeamError):
        accept_invitation(old, password="con-meo-nha-toi")
    assert not User.objects.filter(phone__isnull=False).exists()


def test_a_role_by_grant_dies_with_the_right_of_who_gave_it(cast: Cast) -> None:
    row, _code, _token = invite("commune_lead", by=cast.lan, area=cast.far, **NEW)
    Grant.objects.filter(user=cast.lan).delete()
    with pytest.raises(TeamError) as refusal:
        accept_invitation(row, password="con-meo-nha-toi")
    assert refusal.value.code == "closed"
    assert not User.objects.filter(phone="+84912345678").exists()


def test_an_accepted_lead_holds_a_grant_and_the_editor_a_wagtail_group(cast: Cast) -> None:
    row, _code, _token = invite("commune_lead", by=cast.lan, area=cast.far, **NEW)
    user = accept_invitation(row, password="con-meo-nha-toi")
    grant = Grant.objects.get(user=user)
    assert (grant.role, grant.scope, grant.granted_by) == ("commune_lead", cast.far.scope, cast.lan)
    row, _code, _token = invite(
        "content_editor", by=cast.lan, area=cast.province, name="Bình", email="binh@gocua.example"
    )
    editor = accept_invitation(row, password="con-meo-nha-toi")
    assert editor.groups.get().name == "Soạn bài"


def test_who_has_an_account_joins_with_it(cast: Cast) -> None:
    row, _code, _token = invite("volunteer", by=cast.minh, team=cast.team, name="Sơn", email="son@gocua.example")
    with pytest.raises(TeamError) as refusal:
        accept_invitation(row, password="con-meo-nha-toi")
    assert refusal.value.code == "address_taken"
    with pytest.raises(TeamError) as refusal:
        accept_invitation(row, user=cast.tung)
    assert refusal.value.code == "not_yours"
    assert accept_invitation(row, user=cast.son) == cast.son
    assert set(cast.son.memberships.values_list("team", flat=True)) == {cast.team.pk, cast.far_team.pk}


@pytest.mark.django_db(transaction=True)
def test_a_race_for_one_invitation_has_one_winner() -> None:
    from tests.cast import seat_cast  # inside the transactional test: the cast fixture would open a transaction

    cast = seat_cast()
    row, _code, _token = invite("volunteer", by=cast.minh, team=cast.team, name="Mới", phone="0912345678")
    people = [make_user(f"Người {number}") for number in range(6)]
    Invitation.objects.filter(pk=row.pk).update(phone="")
    row.phone = ""
    gate, results = threading.Barrier(6), []

    def run(user: User) -> None:
        gate.wait()
        try:
            accept_invitation(row, user=user)
            results.append("in")
        except TeamError as refusal:
            results.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["closed"] * 5 + ["in"]
    assert Membership.objects.filter(team=cast.team).count() == 3


# The pages


def test_the_code_leads_to_a_new_account_that_is_signed_in(cast: Cast, client: Client) -> None:
    _row, code, token = invite("volunteer", by=cast.minh, team=cast.team, **NEW)
    response = client.post("/loi-moi/", {"code": f"{code[:4]} {code[4:]}".lower()})
    assert response["Location"] == f"/loi-moi/{token}/"
    page = client.get(response["Location"])
    assert page.status_code == 200
    assert "Ngô Thị Mới" in page.content.decode()
    assert "0912345678" not in page.content.decode()
    data = {"name": "Ngô Thị Mới", "language": "vi", **PASSWORD}
    assert client.post(f"/loi-moi/{token}/", data)["Location"] == "/volunteers/"
    user = User.objects.get(phone="+84912345678")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get(f"/volunteers/teams/{cast.team.pk}/")["Location"].startswith("/doi/quy-tac/?next=")
    client.post("/doi/quy-tac/", {"next": f"/volunteers/teams/{cast.team.pk}/"})
    assert client.get(f"/volunteers/teams/{cast.team.pk}/").status_code == 200
    assert client.get(f"/loi-moi/{token}/").status_code == 404


@pytest.mark.parametrize(
    "change", [{"password2": "khac-hoan-toan-2026"}, {"password1": "123", "password2": "123"}, {"name": ""}]
)
def test_a_faulty_form_uses_nothing_up(cast: Cast, client: Client, change: dict[str, str]) -> None:
    _row, _code, token = invite("volunteer", by=cast.minh, team=cast.team, **NEW)
    data = {"name": "Mới", "language": "vi", **PASSWORD} | change
    assert client.post(f"/loi-moi/{token}/", data).status_code == 422
    assert Invitation.objects.open().count() == 1
    assert not User.objects.filter(phone="+84912345678").exists()


def test_the_invited_number_cannot_be_changed_by_the_form(cast: Cast, client: Client) -> None:
    _row, _code, token = invite("volunteer", by=cast.minh, team=cast.team, **NEW)
    client.post(f"/loi-moi/{token}/", {"name": "Mới", "language": "vi", "phone": "0987654321", **PASSWORD})
    assert User.objects.filter(phone="+84912345678").exists()
    assert not User.objects.filter(phone="+84987654321").exists()


def test_who_has_an_account_signs_in_and_comes_back(cast: Cast, client: Client) -> None:
    _row, _code, token = invite("volunteer", by=cast.minh, team=cast.team, name="Sơn", email="son@gocua.example")
    address = f"/loi-moi/{token}/"
    page = client.get(address)
    assert page.context["owner"] == cast.son
    response = client.post(
        "/accounts/login/", {"login": "son@gocua.example", "password": "mat-khau-thu", "next": address}
    )
    assert response["Location"] == address
    assert client.post(address)["Location"] == "/volunteers/"
    assert cast.son.memberships.filter(team=cast.team).exists()


def test_a_link_opened_by_somebody_else_who_is_signed_in_does_nothing(cast: Cast, client: Client) -> None:
    _row, _code, token = invite("volunteer", by=cast.minh, team=cast.team, name="Sơn", email="son@gocua.example")
    client.force_login(cast.minh)
    assert client.post(f"/loi-moi/{token}/").status_code == 200
    assert Invitation.objects.open().count() == 1


def test_wrong_codes_are_counted_and_then_refused(cast: Cast, client: Client) -> None:
    _row, code, _token = invite("volunteer", by=cast.minh, team=cast.team, **NEW)
    for _try in range(WRONG_CODES):
        assert client.post("/loi-moi/", {"code": "22222222"}).status_code == 422
    assert client.post("/loi-moi/", {"code": code}).status_code == 429


def test_the_pages_for_the_invited_have_an_english_twin(cast: Cast, client: Client) -> None:
    _row, code, token = invite("volunteer", by=cast.minh, team=cast.team, **NEW)
    assert '<html lang="en"' in client.get("/en/loi-moi/").content.decode()
    assert client.post("/en/loi-moi/", {"code": code})["Location"] == f"/en/loi-moi/{token}/"
    assert client.get(f"/en/loi-moi/{token}/").status_code == 200
    assert client.get("/loi-moi/khong-co-that/").status_code == 404


def test_a_closed_team_takes_nobody_in(cast: Cast) -> None:
    row, _code, _token = invite("volunteer", by=cast.minh, team=cast.team, **NEW)
    for member in cast.team.memberships.all():
        actions.end_membership(member, by=cast.minh)
    actions.close_team(cast.team, by=cast.minh)
    with pytest.raises(TeamError):
        accept_invitation(row, password="con-meo-nha-toi")
    with pytest.raises(TeamError):
        invite("volunteer", by=cast.minh, team=cast.team, name="Hai", phone="0912345679")
