"""Assigning, closing, cancelling, reopening, looking at the number: each by whom it belongs to."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from project.lib.clock import FrozenClock
from tests.cast import Cast
from tests.factories.areas import make_hamlet
from tests.factories.people import make_team
from tests.factories.requests import PHONE, make_request
from volunteers.areas.actions import merge_areas
from volunteers.areas.queries import present_of
from volunteers.audit.models import AuditEntry
from volunteers.requests import actions, states
from volunteers.requests.actions import RequestRefused
from volunteers.requests.models import HelpRequest
from volunteers.requests.queries import as_rows, listed, open_counts
from volunteers.requests.states import MoveRefused

pytestmark = pytest.mark.usefixtures("services")
TUESDAY = date(2026, 11, 3)


def assigned(cast: Cast) -> HelpRequest:
    return actions.assign_request(make_request(cast.commune, cast.h1), by=cast.minh, team=cast.team, comes_on=TUESDAY)


def test_it_promises_a_team_a_day_and_given_names(cast: Cast, monday: FrozenClock) -> None:
    row = make_request(cast.commune)
    actions.assign_request(
        row, by=cast.minh, team=cast.team, comes_on=TUESDAY,
        names=["Phạm Thị Hoa", "Đỗ Thanh Tùng", "0912345678", "Hoa"],
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.status, row.team, row.comes_on, row.comes_names) == ("assigned", cast.team, TUESDAY, "Hoa, Tùng")
    assert (row.assigned_by, row.assigned_at) == (cast.minh, monday.instant)
    entry = AuditEntry.objects.get(action="request.assigned")
    assert (entry.actor_id, entry.scope, entry.detail["team"]) == (cast.minh.pk, cast.commune.scope, str(cast.team.pk))
    assert "Hoa" not in str(entry.detail)


def test_it_may_be_assigned_anew(cast: Cast, monday: FrozenClock) -> None:
    row = assigned(cast)
    other = make_team(cast.commune, "Tổ Hai")
    actions.assign_request(row, by=cast.minh, team=other, comes_on=TUESDAY + timedelta(days=1))
    assert row.team == other


def test_only_leads_assign(cast: Cast, monday: FrozenClock) -> None:
    row = make_request(cast.commune)
    for person in (cast.hoa, cast.tung, cast.son):
        with pytest.raises(PermissionDenied):
            actions.assign_request(row, by=person, team=cast.team, comes_on=TUESDAY)
    row.refresh_from_db()
    assert row.status == "received"


@pytest.mark.parametrize("days", [-1, 61])
def test_a_day_that_cannot_be_is_refused(cast: Cast, monday: FrozenClock, days: int) -> None:
    with pytest.raises(RequestRefused) as refused:
        actions.assign_request(
            make_request(cast.commune),
            by=cast.minh,
            team=cast.team,
            comes_on=monday.instant.date() + timedelta(days=days),
        )
    assert refused.value.field == "comes_on"


def test_a_team_of_another_commune_or_a_closed_one_is_refused(cast: Cast, monday: FrozenClock) -> None:
    for team in (cast.far_team, make_team(cast.commune, "Cũ", is_active=False)):
        with pytest.raises(RequestRefused) as refused:
            actions.assign_request(
                make_request(cast.commune, code=f"A{team.pk.hex[-9:]}"), by=cast.lan, team=team, comes_on=TUESDAY
            )
        assert refused.value.field == "team"


def test_a_lead_and_the_leader_of_its_team_close_it_and_nobody_else(cast: Cast, monday: FrozenClock) -> None:
    row = assigned(cast)
    for person in (cast.tung, cast.son):
        with pytest.raises(PermissionDenied):
            actions.close_request(row, by=person)
    actions.close_request(row, by=cast.hoa)
    row.refresh_from_db()
    assert (row.status, row.done_at) == ("done", monday.instant)
    assert AuditEntry.objects.filter(action="request.closed", actor_id=cast.hoa.pk).count() == 1


def test_a_visit_closes_it_for_whoever_made_the_visit(cast: Cast, monday: FrozenClock) -> None:
    row = assigned(cast)
    actions.close_request(row, by=cast.tung, visit=cast.team.pk)
    assert AuditEntry.objects.get(action="request.closed").detail == {"visit": str(cast.team.pk)}


def test_cancelled_and_reopened(cast: Cast, monday: FrozenClock) -> None:
    row = assigned(cast)
    for person in (cast.hoa, cast.tung, cast.son):
        with pytest.raises(PermissionDenied):
            actions.cancel_request(row, by=person)
    actions.cancel_request(row, by=cast.minh)
    assert row.status == "cancelled"
    with pytest.raises(PermissionDenied):
        actions.reopen_request(row, by=cast.son)
    actions.reopen_request(row, by=cast.minh)
    row.refresh_from_db()
    assert (row.status, row.team, row.comes_on, row.comes_names, row.done_at) == ("received", None, None, "", None)
    done = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert done == ["request.assigned", "request.cancelled", "request.reopened"]


def test_the_team_may_give_it_back(cast: Cast, monday: FrozenClock) -> None:
    row = actions.reopen_request(assigned(cast), by=cast.hoa)
    assert row.status == "received"


@pytest.mark.parametrize(
    "verb",
    [
        actions.close_request,
        actions.cancel_request,
        lambda row, by: actions.assign_request(row, by=by, team=row.area.teams.first(), comes_on=TUESDAY),
    ],
)
def test_what_is_done_stays_done(cast: Cast, monday: FrozenClock, verb: Callable[..., object]) -> None:
    row = make_request(cast.commune, status=states.DONE)
    with pytest.raises(MoveRefused):
        verb(row, by=cast.minh)
    assert not AuditEntry.objects.exists()


def test_looking_at_the_number_is_written_down(cast: Cast, monday: FrozenClock) -> None:
    row = assigned(cast)
    for person in (cast.tung, cast.son):
        with pytest.raises(PermissionDenied):
            actions.show_phone(row, by=person)
    assert not AuditEntry.objects.filter(action="request.phone_shown").exists()
    assert actions.show_phone(row, by=cast.hoa) == PHONE
    entry = AuditEntry.objects.get(action="request.phone_shown")
    assert (entry.actor_id, entry.detail) == (cast.hoa.pk, {})


def test_a_hamlet_of_another_commune_is_refused(cast: Cast) -> None:
    with pytest.raises(RequestRefused):
        actions.receive_request(cast.commune, hamlet=cast.far_h1, topic="portal", phone=PHONE)
    assert not HelpRequest.objects.exists()


def test_a_code_that_is_taken_is_drawn_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    make_request(cast.commune, code="TAKEN")
    codes = iter(["TAKEN", "TAKEN", "FREE"])
    monkeypatch.setattr(actions, "lookup_code", lambda length: next(codes))
    assert actions.receive_request(cast.commune, topic="portal", phone=PHONE).code == "FREE"


def test_the_clock_says_what_is_late(cast: Cast, monday: FrozenClock) -> None:
    fresh = make_request(cast.commune, received_at=monday.instant - timedelta(hours=23))
    old = make_request(cast.commune, received_at=monday.instant - timedelta(hours=25))
    missed = make_request(cast.commune, status="assigned", comes_on=monday.instant.date() - timedelta(days=1))
    today = make_request(cast.commune, status="assigned", comes_on=monday.instant.date())
    make_request(cast.commune, status="done", received_at=monday.instant - timedelta(days=9))
    rows = {row.request: row.is_late for row in as_rows(list(listed(cast.minh)))}
    assert rows == {fresh: False, old: True, missed: True, today: False}
    assert set(listed(cast.minh, late=True)) == {old, missed}
    assert open_counts(cast.commune.scope) == {"open": 4, "late": 2}
    assert open_counts(cast.far.scope) == {"open": 0, "late": 0}


@pytest.mark.parametrize(
    ("text", "stored"),
    [("", ""), ("sang", "morning"), ("chu nhat", "sunday"), ("evening", "evening"), ("8:00-10:30", "08:00-10:30"),
     ("8:00 - 10:30", "08:00-10:30"), ("10:30-8:00", None), ("8:61-9:00", None), ("mai", None)],
)  # fmt: skip
def test_times_are_read_as_files_and_programs_write_them(text: str, stored: str | None) -> None:
    assert states.good_time_of(text) == stored


def test_requests_follow_their_hamlet_and_commune_into_a_merger(cast: Cast, monday: FrozenClock) -> None:
    twin_h1 = make_hamlet(cast.twin, "h1")
    one, other = make_request(cast.twin, twin_h1), make_request(cast.twin)
    merge_areas(cast.twin, cast.commune, by=cast.lan)
    one.refresh_from_db()
    other.refresh_from_db()
    assert one.area == other.area == cast.commune
    assert one.hamlet == present_of(twin_h1)
    assert set(listed(cast.minh)) == {one, other}
