"""Pages of teams and people: a stranger finds nothing, a weak role may not, the right person may."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from project.accounts.models import User
from project.lib import clock
from tests.cast import Cast
from tests.factories.people import make_grant, make_member, make_user
from tests.factories.work import make_crew, make_session
from volunteers.access.models import Grant
from volunteers.teams.actions import end_membership, invite
from volunteers.teams.models import Invitation, Membership, Team


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def open_invitation(cast: Cast) -> Invitation:
    return invite("volunteer", by=cast.minh, team=cast.team, name="Ngô Thị Mới", phone="0912345678")[0]


def scoped(cast: Cast) -> list[tuple[str, str, User, User | None]]:
    """(method, address, who may, who is inside but may not)."""
    team, row = f"/volunteers/teams/{cast.team.pk}/", f"/volunteers/members/{cast.tung_member.pk}/"
    letter = f"/volunteers/invitations/{open_invitation(cast).pk}/"
    return [
        ("get", team, cast.tung, None),
        ("get", f"{team}edit/", cast.minh, cast.hoa),
        ("post", f"{team}close/", cast.minh, cast.hoa),
        ("get", f"{team}invite/", cast.hoa, cast.tung),
        ("get", row, cast.hoa, cast.tung),
        ("post", f"{row}training/", cast.hoa, cast.tung),
        ("get", letter, cast.hoa, None),
        ("post", f"{letter}revoke/", cast.hoa, None),
        ("post", f"{row}end/", cast.hoa, cast.tung),
    ]


def test_every_scoped_page_knows_stranger_weak_role_and_right_person(cast: Cast) -> None:
    for method, address, right, weak in scoped(cast):
        anonymous = getattr(Client(), method)(address)
        assert anonymous.status_code == 302, address
        assert anonymous["Location"].startswith("/accounts/login/"), address
        assert getattr(as_(cast.son), method)(address).status_code == 404, address
        if weak is not None:
            assert getattr(as_(weak), method)(address).status_code == 403, address
        assert getattr(as_(right), method)(address).status_code in {200, 302}, address


def test_a_volunteer_does_not_know_of_the_teams_invitations(cast: Cast) -> None:
    assert as_(cast.tung).get(f"/volunteers/invitations/{open_invitation(cast).pk}/").status_code == 404


def test_verbs_refuse_get(cast: Cast) -> None:
    for address in (
        f"/volunteers/teams/{cast.team.pk}/close/",
        f"/volunteers/members/{cast.tung_member.pk}/end/",
        f"/volunteers/invitations/{open_invitation(cast).pk}/revoke/",
    ):
        assert as_(cast.minh).get(address).status_code == 405


def test_lists_hold_not_one_name_of_another_commune(cast: Cast) -> None:
    open_invitation(cast)
    make_grant(cast.son, "commune_lead", cast.far.scope)
    for address in ("/volunteers/teams/", "/volunteers/invitations/", "/volunteers/invitations/print/"):
        page = as_(cast.son).get(address)
        assert page.status_code == 200
        for name in ("Tổ Hoa", "Ngô Thị Mới", "Tùng"):
            assert name not in page.content.decode(), (address, name)
    assert "Tổ Hoa" in as_(cast.minh).get("/volunteers/teams/").content.decode()
    assert "Ngô Thị Mới" in as_(cast.minh).get("/volunteers/invitations/print/").content.decode()
    for team in (cast.team.pk, "khong-phai-ma"):
        assert as_(cast.son).get(f"/volunteers/invitations/?team={team}").status_code == 404
    mine = as_(cast.minh).get(f"/volunteers/invitations/?team={cast.team.pk}").content.decode()
    assert "Ngô Thị Mới" in mine


def test_phones_are_masked_but_the_leaders_is_shown_to_members(cast: Cast) -> None:
    User.objects.filter(pk=cast.hoa.pk).update(phone="+84912345678")
    User.objects.filter(pk=cast.tung.pk).update(phone="+84987654321")
    page = as_(make_member(cast.team).user).get(f"/volunteers/teams/{cast.team.pk}/").content.decode()
    assert "0912 345 678" in page
    assert "987654321" not in page
    assert "0987 654 321" not in page
    assert "09•• ••• 321" in page


def test_a_lead_makes_a_team_invites_and_reads_the_code_out(cast: Cast) -> None:
    minh = as_(cast.minh)
    made = minh.post("/volunteers/teams/new/", {"area": "25396", "name": "Tổ Thanh niên", "kind": "youth"})
    team = Team.objects.get(name="Tổ Thanh niên")
    assert made["Location"] == f"/volunteers/teams/{team.pk}/"
    data = {"name": "Mới", "phone": "0912 345 678", "email": "", "role": "team_leader", "birth_year": ""}
    page = minh.get(minh.post(f"/volunteers/teams/{team.pk}/invite/", data)["Location"])
    row = Invitation.objects.get()
    assert row.role == "team_leader"
    words = page.content.decode()
    assert f"{row.code[:4]} {row.code[4:]}" in words
    assert "<svg" in words
    assert row.token in words


def test_a_form_cannot_reach_into_another_commune(cast: Cast) -> None:
    minh = as_(cast.minh)
    assert minh.post("/volunteers/teams/new/", {"area": "26041", "name": "Tổ lạ", "kind": "youth"}).status_code == 422
    hoa = as_(cast.hoa)
    data = {"name": "Mới", "phone": "0912345678", "role": "team_leader"}  # a field that a team leader does not have
    hoa.post(f"/volunteers/teams/{cast.team.pk}/invite/", data)
    assert Invitation.objects.get().role == "volunteer"
    numbers = {"max_visits_per_day": "6", "max_slots_per_week": "4"}
    data = {"role": "team_leader", "is_officer": "on", "travel": "walk", **numbers}
    hoa.post(f"/volunteers/members/{cast.tung_member.pk}/", data)
    member = Membership.objects.get(pk=cast.tung_member.pk)
    assert (member.role, member.is_officer, member.travel) == ("volunteer", False, "walk")


@pytest.mark.parametrize("address", ["/volunteers/people/", "/volunteers/people/invite/"])
def test_people_and_roles_are_for_coordinators(cast: Cast, address: str) -> None:
    assert as_(cast.lan).get(address).status_code == 200
    for weak in (cast.minh, cast.hoa, cast.tung, cast.son):
        assert as_(weak).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_a_coordinator_sees_and_takes_back_roles_beneath_the_own_only(cast: Cast) -> None:
    chief = make_user("Quản Trị Viên")
    above = make_grant(chief, "administrator", "VN/")
    foreign = make_grant(make_user("Người Tỉnh Khác"), "commune_lead", "VN/79/26734/")
    page = as_(cast.lan).get("/volunteers/people/").content.decode()
    assert "Lê Văn Minh" in page
    assert "Quản Trị Viên" not in page
    assert "Người Tỉnh Khác" not in page
    for row in (above, foreign):
        assert as_(cast.lan).post(f"/volunteers/people/{row.pk}/revoke/").status_code == 404
    mine = Grant.objects.get(user=cast.minh)
    assert as_(cast.minh).post(f"/volunteers/people/{mine.pk}/revoke/").status_code == 403
    assert as_(cast.son).post(f"/volunteers/people/{mine.pk}/revoke/").status_code == 404
    assert as_(cast.lan).post(f"/volunteers/people/{mine.pk}/revoke/").status_code == 302
    assert as_(cast.minh).get(f"/volunteers/teams/{cast.team.pk}/").status_code == 404
    own = Grant.objects.get(user=cast.lan)  # nobody locks themselves out by a slip
    assert as_(cast.lan).post(f"/volunteers/people/{own.pk}/revoke/").status_code == 403


def test_a_coordinator_invites_a_lead(cast: Cast) -> None:
    data = {"role": "commune_lead", "area": "26041", "name": "Mới", "email": "moi@gocua.example", "phone": ""}
    assert as_(cast.lan).post("/volunteers/people/invite/", data | {"area": "75"}).status_code == 422
    response = as_(cast.lan).post("/volunteers/people/invite/", data)
    assert response.status_code == 302
    row = Invitation.objects.get()
    assert (row.role, row.scope) == ("commune_lead", cast.far.scope)
    assert as_(cast.lan).get(response["Location"]).status_code == 200
    make_grant(cast.son, "commune_lead", cast.far.scope)
    assert as_(cast.son).get(response["Location"]).status_code == 403  # inside the scope, not a lead's to hand out
    assert "moi@gocua" not in as_(cast.son).get("/volunteers/invitations/").content.decode()


def test_the_number_of_queries_does_not_grow_with_the_team(
    cast: Cast, services: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(12):
        make_member(cast.team)
    minh = as_(cast.minh)
    with django_assert_max_num_queries(14):
        minh.get(f"/volunteers/teams/{cast.team.pk}/")
    with django_assert_max_num_queries(12):
        minh.get("/volunteers/teams/")


# Where work begins, the code of conduct, the badge


def test_everybody_begins_at_the_own_work(cast: Cast) -> None:
    editor = make_user("Biên Tập")
    make_grant(editor, "content_editor", "VN/75/")
    for user, address in (
        (cast.minh, "/xa/25396/"), (cast.lan, "/tinh/75/"), (cast.tung, "/doi/"), (editor, "/cms/"),
    ):  # fmt: skip
        target = as_(user).get("/volunteers/")["Location"]
        assert target in {address, "/volunteers/teams/"}


def test_nobody_works_before_reading_the_code_of_conduct(cast: Cast) -> None:
    User.objects.filter(pk=cast.tung.pk).update(conduct_version=0)
    tung = as_(cast.tung)
    page = tung.get("/volunteers/teams/")
    assert page["Location"] == "/doi/quy-tac/?next=%2Fvolunteers%2Fteams%2F"
    assert tung.get(page["Location"]).status_code == 200
    assert tung.post("/doi/quy-tac/", {"next": "https://evil.example/"})["Location"] == "/volunteers/"
    assert tung.get("/volunteers/teams/").status_code == 200
    assert Client().get("/doi/quy-tac/").status_code == 302


def test_a_badge_tells_the_given_name_and_whether_on_duty(cast: Cast, monday: clock.FrozenClock) -> None:
    address = f"/tn/{cast.tung_member.badge_token}/"
    off = Client().get(address)
    assert off.status_code == 200
    assert off.context["badge"].is_on_duty is False
    session = make_session(cast.commune, cast.team, starts_at=clock.now() + timedelta(hours=6))
    make_crew(session, cast.tung_member)
    on = Client().get(address)
    assert on.context["badge"].is_on_duty is True
    words = on.content.decode()
    assert "Tùng" in words
    for secret in ("Đỗ Thanh", "tung@gocua.example", str(cast.tung.pk)):
        assert secret not in words
    session.status = "cancelled"
    session.save()
    assert Client().get(address).context["badge"].is_on_duty is False
    monday.advance(timedelta(days=1))
    assert Client().get(address).context["badge"].is_on_duty is False


def test_a_forged_and_an_ended_badge_show_the_same_red_page(cast: Cast) -> None:
    end_membership(cast.tung_member, by=cast.hoa)
    ended, forged = Client().get(f"/tn/{cast.tung_member.badge_token}/"), Client().get("/tn/bia-dat/")
    assert ended.status_code == forged.status_code == 404
    assert ended.content.replace(cast.tung_member.badge_token.encode(), b"") == forged.content.replace(b"bia-dat", b"")
    assert "Tùng" not in ended.content.decode()
    assert '<html lang="en"' in Client().get("/en/tn/bia-dat/").content.decode()


def test_my_badge_shows_a_code_for_each_of_my_teams(cast: Cast) -> None:
    page = as_(cast.tung).get("/volunteers/me/badge/").content.decode()
    assert page.count("<svg") >= 1
    assert cast.tung_member.badge_token in page
    assert as_(cast.lan).get("/volunteers/me/badge/").status_code == 200
