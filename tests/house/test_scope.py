"""The wall itself: by area, by assignment, and nothing for a stranger."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from tests.cast import Cast
from tests.factories.people import make_grant
from tests.factories.work import make_crew, make_household, make_session, make_visit
from volunteers.access.policy import can
from volunteers.areas.models import Area
from volunteers.households.models import Household
from volunteers.teams.models import Team
from volunteers.visits.models import Visit


def test_a_lead_sees_her_commune_and_not_the_neighbour_whose_code_begins_alike(cast: Cast) -> None:
    seen = set(Area.objects.visible_to(cast.minh).values_list("code", flat=True))
    assert {"25396", "25396-h1", "25396-h2", "25396-h0"} == seen


def test_a_coordinator_sees_the_whole_province(cast: Cast) -> None:
    assert set(Area.objects.visible_to(cast.lan).communes()) == {cast.commune, cast.twin, cast.far}


def test_a_volunteer_sees_one_visit_and_no_household(cast: Cast) -> None:
    session = make_session(cast.commune, cast.team)
    crew = make_crew(session, cast.hoa_member, cast.tung_member)
    other = make_crew(session, cast.hoa_member)
    mine = make_visit(session, make_household(cast.h1), crew)
    make_visit(session, make_household(cast.h1), other)
    assert list(Visit.objects.visible_to(cast.tung)) == [mine]
    assert not Household.objects.visible_to(cast.tung).exists()
    assert Visit.objects.visible_to(cast.hoa).count() == 2
    assert Household.objects.visible_to(cast.minh).count() == 2


def test_a_stranger_sees_nothing(cast: Cast) -> None:
    session = make_session(cast.commune, cast.team)
    make_visit(session, make_household(cast.h1), make_crew(session, cast.hoa_member))
    for model in (Area, Household, Visit):
        assert not model.objects.visible_to(cast.son).exists()
        assert not model.objects.visible_to(AnonymousUser()).exists()
    assert list(Team.objects.visible_to(cast.son)) == [cast.far_team]


def test_who_left_the_team_sees_nothing_any_more(cast: Cast) -> None:
    session = make_session(cast.commune, cast.team)
    make_visit(session, make_household(cast.h1), make_crew(session, cast.tung_member))
    cast.tung_member.left_on = cast.tung_member.joined_on
    cast.tung_member.save()
    assert not Visit.objects.visible_to(cast.tung).exists()
    assert not Team.objects.visible_to(cast.tung).exists()


def test_a_permission_hangs_on_the_scope(cast: Cast) -> None:
    assert can(cast.minh, "household.manage", make_household(cast.h1))
    assert not can(cast.minh, "household.manage", make_household(cast.far_h1))
    assert can(cast.hoa, "member.invite", cast.team)
    assert not can(cast.tung, "member.invite", cast.team)
    assert not can(cast.hoa, "member.invite", cast.far_team)
    assert not can(cast.minh, "no.such_permission", cast.commune)


def test_a_scope_without_its_final_slash_is_refused_by_the_database(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_grant(cast.son, "commune_lead", "VN/75/2539")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_grant(cast.son, "commune_lead", "")
