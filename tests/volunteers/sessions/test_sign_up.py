"""Places, the waiting list, and crews."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from project.lib.clock import now
from tests.cast import Cast
from tests.factories.people import make_member
from tests.factories.work import make_session
from volunteers.audit.models import AuditEntry
from volunteers.sessions.actions import (
    cancel_session,
    check_in,
    check_out,
    form_crew,
    leave_session,
    move_session,
    open_session,
    sign_up,
)
from volunteers.sessions.models import SignUp


def test_the_waiting_list_moves_up_by_itself(cast: Cast) -> None:
    session = make_session(cast.commune, cast.team, capacity=1)
    assert sign_up(session, cast.hoa_member, by=cast.hoa).status == SignUp.Status.GOING
    assert sign_up(session, cast.tung_member, by=cast.tung).status == SignUp.Status.WAITING
    assert sign_up(session, cast.tung_member, by=cast.tung).status == SignUp.Status.WAITING
    leave_session(session, cast.hoa_member, by=cast.hoa)
    assert SignUp.objects.get(membership=cast.tung_member).status == SignUp.Status.GOING
    assert AuditEntry.objects.filter(action="session.moved_up").count() == 1


def test_it_refuses_a_stranger(cast: Cast) -> None:
    session = make_session(cast.commune, cast.team)
    with pytest.raises(PermissionDenied):
        sign_up(session, cast.son_member, by=cast.son)
    assert not SignUp.objects.exists()


def test_it_refuses_two_places_at_one_time(cast: Cast) -> None:
    first = make_session(cast.commune, cast.team)
    second = make_session(cast.commune, cast.team, starts_at=first.starts_at + timedelta(hours=1))
    sign_up(first, cast.tung_member, by=cast.tung)
    with pytest.raises(ValidationError, match="buổi khác"):
        sign_up(second, cast.tung_member, by=cast.tung)


def test_it_refuses_a_session_that_is_over_or_cancelled(cast: Cast) -> None:
    over = make_session(cast.commune, cast.team, starts_at=now() - timedelta(hours=5))
    gone = cancel_session(make_session(cast.commune, cast.team), by=cast.hoa)
    for session in (over, gone):
        with pytest.raises(ValidationError):
            sign_up(session, cast.tung_member, by=cast.tung)


def test_a_crew_needs_two_people_and_an_adult_who_may_lead(cast: Cast) -> None:
    session = make_session(cast.commune, cast.team)
    minor = make_member(cast.team, may_lead=True, birth_year=now().year - 16)
    for members in ([cast.hoa_member], [cast.tung_member, cast.hoa_member], [minor, cast.tung_member],
                    [cast.hoa_member, cast.hoa_member]):  # fmt: skip
        with pytest.raises(ValidationError):
            form_crew(session, members, by=cast.minh)
    crew = form_crew(session, [cast.hoa_member, cast.tung_member], by=cast.minh)
    assert set(crew.members.all()) == {cast.hoa_member, cast.tung_member}
    assert SignUp.objects.filter(session=session, status=SignUp.Status.GOING).count() == 2


def test_only_the_team_leader_and_leads_open_and_move(cast: Cast) -> None:
    start = now() + timedelta(days=1)
    times = {"starts_at": start, "ends_at": start + timedelta(hours=2)}
    session = open_session(area=cast.commune, team=cast.team, kind="round", by=cast.hoa, **times)
    with pytest.raises(PermissionDenied):
        open_session(area=cast.commune, team=cast.team, kind="round", by=cast.tung, **times)
    with pytest.raises(ValidationError):
        open_session(area=cast.far, team=cast.team, kind="round", by=cast.lan, **times)
    moved = move_session(
        session, starts_at=start + timedelta(days=1), ends_at=start + timedelta(days=1, hours=2), by=cast.minh
    )
    assert moved.starts_at == start + timedelta(days=1)
    with pytest.raises(ValidationError):
        move_session(session, starts_at=start, ends_at=start, by=cast.minh)


def test_the_first_check_in_counts(cast: Cast) -> None:
    session = make_session(cast.commune, cast.team)
    at = now()
    check_in(session, cast.tung_member, by=cast.tung, at=at)
    check_in(session, cast.tung_member, by=cast.tung, at=at + timedelta(hours=1))
    row = check_out(session, cast.tung_member, by=cast.tung, at=at + timedelta(hours=2))
    assert (row.checked_in_at, row.checked_out_at) == (at, at + timedelta(hours=2))
