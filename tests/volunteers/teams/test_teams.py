"""Teams and memberships: the verbs, and who may use them."""

import pytest
from django.core.exceptions import PermissionDenied

from project.lib import clock
from tests.cast import Cast
from tests.factories.people import make_member
from tests.factories.work import make_crew, make_household, make_session, make_visit
from volunteers.access.policy import can
from volunteers.audit.models import AuditEntry
from volunteers.teams import actions
from volunteers.teams.actions import TeamError
from volunteers.teams.models import Invitation, Membership, Team, TrainingRecord
from volunteers.visits.models import Visit


def test_a_lead_makes_a_team_in_the_own_commune(cast: Cast) -> None:
    team = actions.create_team(cast.commune, "  Tổ  Thanh niên ", by=cast.minh, kind="youth")
    assert (team.name, team.folded, team.area, team.kind) == ("Tổ Thanh niên", "to thanh nien", cast.commune, "youth")
    assert AuditEntry.objects.get(action="team.created").scope == cast.commune.scope


def test_a_lead_of_another_commune_and_a_team_leader_may_not(cast: Cast) -> None:
    for user, area in (
        (cast.minh, cast.far),
        (cast.minh, cast.twin),
        (cast.hoa, cast.commune),
        (cast.son, cast.commune),
    ):
        with pytest.raises(PermissionDenied):
            actions.create_team(area, "Tổ lạ", by=user)


@pytest.mark.parametrize(("name", "code"), [("tổ hòa", "name_taken"), ("   ", "no_name")])
def test_a_name_is_needed_and_stands_once_in_a_commune(cast: Cast, name: str, code: str) -> None:
    Team.objects.filter(pk=cast.team.pk).update(folded="to hoa")
    with pytest.raises(TeamError) as refusal:
        actions.create_team(cast.commune, name, by=cast.minh)
    assert refusal.value.code == code


def test_a_team_belongs_to_a_commune(cast: Cast) -> None:
    with pytest.raises(TeamError) as refusal:
        actions.create_team(cast.h1, "Tổ thôn", by=cast.minh)
    assert refusal.value.code == "not_a_commune"


def test_a_team_is_renamed_but_not_to_a_name_in_use(cast: Cast) -> None:
    other = actions.create_team(cast.commune, "Tổ Hai", by=cast.minh)
    actions.rename_team(other, "Tổ Ba", by=cast.minh)
    assert Team.objects.get(pk=other.pk).folded == "to ba"
    with pytest.raises(TeamError):
        actions.rename_team(other, "TỔ HOA", by=cast.minh)
    with pytest.raises(PermissionDenied):
        actions.rename_team(other, "Tổ Bốn", by=cast.hoa)


def test_a_team_closes_only_when_it_is_empty_and_takes_its_invitations_with_it(cast: Cast) -> None:
    actions.invite("volunteer", by=cast.minh, team=cast.team, name="Mới", phone="0912345678")
    with pytest.raises(TeamError) as refusal:
        actions.close_team(cast.team, by=cast.minh)
    assert refusal.value.code == "has_members"
    for member in (cast.hoa_member, cast.tung_member):
        actions.end_membership(member, by=cast.minh)
    actions.close_team(cast.team, by=cast.minh)
    assert not Invitation.objects.open().exists()
    assert not Team.objects.get(pk=cast.team.pk).is_active


def test_who_left_sees_nothing_and_may_nothing_any_more(cast: Cast) -> None:
    session = make_session(cast.commune, cast.team)
    make_visit(session, make_household(cast.h1), make_crew(session, cast.tung_member))
    assert Visit.objects.visible_to(cast.tung).exists()
    assert actions.end_membership(cast.tung_member, by=cast.hoa)
    assert not actions.end_membership(cast.tung_member, by=cast.hoa)
    for model in (Visit, Team, Membership):
        assert not model.objects.visible_to(cast.tung).exists()
    assert not can(cast.tung, "team.view", cast.team)
    assert AuditEntry.objects.filter(action="member.left").count() == 1


def test_a_team_leader_ends_volunteers_but_no_leaders(cast: Cast) -> None:
    second = make_member(cast.team, role="team_leader")
    with pytest.raises(TeamError) as refusal:
        actions.end_membership(second, by=cast.hoa)
    assert refusal.value.code == "last_leader"
    assert actions.end_membership(second, by=cast.minh)
    for weak in (cast.tung, cast.son):
        with pytest.raises(PermissionDenied):
            actions.end_membership(cast.hoa_member, by=weak)


def test_somebody_may_come_back_as_a_new_stay(cast: Cast) -> None:
    actions.end_membership(cast.tung_member, by=cast.hoa)
    row, _code, _token = actions.invite(
        "volunteer", by=cast.hoa, team=cast.team, name="Tùng", email="tung@gocua.example"
    )
    actions.accept_invitation(row, user=cast.tung)
    assert Membership.objects.filter(team=cast.team, user=cast.tung).count() == 2
    assert Team.objects.visible_to(cast.tung).get() == cast.team


def test_what_the_planner_must_know_is_kept(cast: Cast, services: None) -> None:
    changed = actions.update_membership(
        cast.tung_member, by=cast.hoa, may_lead=True, languages=["sti"], travel="walk", skills=["epay"], gender="man"
    )
    assert set(changed) == {"may_lead", "languages", "travel", "gender", "skills"}
    member = Membership.objects.get(pk=cast.tung_member.pk)
    assert (member.may_lead, member.travel, [skill.code for skill in member.skills.all()]) == (True, "walk", ["epay"])
    entry = AuditEntry.objects.get(action="member.updated")
    assert set(entry.detail["fields"]) == set(changed)
    assert actions.update_membership(cast.tung_member, by=cast.hoa, travel="walk") == []
    assert AuditEntry.objects.filter(action="member.updated").count() == 1


def test_only_the_lead_makes_team_leaders_and_officers(cast: Cast) -> None:
    for change in ({"role": "team_leader"}, {"is_officer": True}):
        with pytest.raises(PermissionDenied):
            actions.update_membership(Membership.objects.get(pk=cast.tung_member.pk), by=cast.hoa, **change)
    actions.update_membership(cast.tung_member, by=cast.minh, role="team_leader")
    assert can(cast.tung, "member.invite", cast.team)
    for stranger in (cast.son, cast.tung):
        with pytest.raises(PermissionDenied):
            actions.update_membership(
                cast.son_member, by=stranger if stranger is cast.tung else cast.minh, travel="walk"
            )


def test_somebody_under_18_never_leads(cast: Cast, monday: clock.FrozenClock) -> None:
    young = make_member(cast.team, birth_year=2008)  # 18 this year, perhaps not yet
    with pytest.raises(TeamError) as refusal:
        actions.update_membership(young, by=cast.minh, may_lead=True)
    assert refusal.value.code == "underage"
    with pytest.raises(TeamError):
        actions.update_membership(Membership.objects.get(pk=young.pk), by=cast.minh, role="team_leader")
    with pytest.raises(TeamError):
        actions.update_membership(cast.hoa_member, by=cast.minh, birth_year=2010)
    assert Membership.objects.get(pk=cast.hoa_member.pk).birth_year == 1990


def test_a_training_in_person_is_recorded_once_by_a_leader(cast: Cast) -> None:
    first = actions.record_training(cast.tung, 12, by=cast.hoa, team=cast.team)
    again = actions.record_training(cast.tung, 12, by=cast.minh, team=cast.team)
    assert first.pk == again.pk
    assert TrainingRecord.objects.get().recorded_by == cast.hoa
    for weak in (cast.tung, cast.son):
        with pytest.raises(PermissionDenied):
            actions.record_training(cast.hoa, 12, by=weak, team=cast.team)
    with pytest.raises(PermissionDenied):  # a leader records for the own team's members only
        actions.record_training(cast.son, 12, by=cast.hoa, team=cast.team)
