"""Nothing goes before its day, everything goes on it: the rules of data_protection.md, under a stopped clock."""

import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session as SignedIn
from django.core.management import CommandError, call_command
from django.db import DatabaseError, models
from django.test import Client

from project.lib.clock import FrozenClock, kept_since, now, start_of_day, today
from project.lib.ids import new_id
from tests.cast import Cast
from tests.factories.requests import make_request
from tests.factories.work import make_household, make_person, make_session, make_visit
from volunteers.audit import actions as audit
from volunteers.audit.models import AuditEntry
from volunteers.audit.queries import verify
from volunteers.audit.tasks import forget_nightly
from volunteers.field.models import Device, SyncItem
from volunteers.households.models import Consent, Household, HouseholdNote, Person
from volunteers.planning.models import PlanRun, Proposal
from volunteers.requests.models import HelpRequest
from volunteers.teams.actions import invite
from volunteers.teams.models import Invitation
from volunteers.visits.models import Visit

pytestmark = pytest.mark.usefixtures("services", "monday")
PHONE = "+84912345678"


def retention(**options: Any) -> dict[str, Any]:
    """The command's report."""
    out = io.StringIO()
    call_command("retention", json=True, stdout=out, **options)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def gone(days: int, **options: Any) -> dict[str, int]:
    """What went, `days` days from now: only the kinds of which there was something."""
    counts = retention(today=today() + timedelta(days=days), **options)
    return {kind: count for kind, count in counts.items() if count and kind not in ("today", "dry_run")}


def visited(cast: Cast, status: str = "served", **overrides: Any) -> Household:
    """A door with a number that was visited today and left the pool today."""
    household = make_household(cast.h1, phone=PHONE, status=status, **overrides)
    make_person(household, call_name="bà Tư")
    make_visit(
        make_session(cast.commune, cast.team), household, status="completed", result="done", finished_at=now()
    )  # fmt: skip
    return household


def test_a_day_is_counted_whole() -> None:
    first = date(2026, 11, 1)
    assert kept_since(first + timedelta(days=30), 30) == start_of_day(first + timedelta(days=1))


@pytest.mark.parametrize("status", ["done", "cancelled"])
def test_the_number_of_a_request_goes_30_days_after_it_was_closed(cast: Cast, status: str) -> None:
    row = make_request(cast.commune, cast.h1, status=status, done_at=now())
    assert gone(29) == {}
    assert gone(30) == {"request_phones": 1}
    row.refresh_from_db()
    assert (row.phone, row.topic) == ("", row.topic)
    assert gone(30) == {}
    client = Client()
    client.force_login(cast.minh)
    assert "đã được xoá" in client.get(f"/volunteers/requests/{row.pk}/").content.decode()


def test_the_number_of_a_request_that_waits_stays(cast: Cast) -> None:
    make_request(cast.commune, cast.h1)
    make_request(cast.commune, cast.h1, status="assigned", team=cast.team, comes_on=today())
    assert gone(400) == {}
    assert all(row.phone for row in HelpRequest.objects.all())


@pytest.mark.parametrize("status", ["served", "refused", "moved"])
def test_number_and_names_of_a_door_go_30_days_after_the_visit(cast: Cast, status: str) -> None:
    household = visited(cast, status)
    assert gone(29) == {}
    assert gone(30) == {"household_phones": 1, "call_names": 2}
    household.refresh_from_db()
    assert (household.phone, household.call_name, Person.objects.get().call_name) == ("", "", "")
    assert (household.lane != "", household.status) == (True, status)
    assert gone(30) == {}


def test_a_door_that_still_waits_keeps_its_name_and_loses_its_number(cast: Cast) -> None:
    household = visited(cast, "waiting")
    assert gone(30) == {"household_phones": 1}
    household.refresh_from_db()
    assert household.call_name == "bà Tư"


def _planned(cast: Cast, household: Household) -> object:
    later = make_session(cast.commune, cast.team, starts_at=now() + timedelta(days=35))
    return make_visit(later, household)


def _promised(cast: Cast, household: Household) -> object:
    return Household.objects.filter(pk=household.pk).update(come_back_on=today() + timedelta(days=40))


def _visited_again(cast: Cast, household: Household) -> object:
    then = now() + timedelta(days=10)
    session = make_session(cast.commune, cast.team, starts_at=then)
    return make_visit(session, household, status="missed", result="not_home", finished_at=then)


@pytest.mark.parametrize("more", [_planned, _promised, _visited_again])
def test_nothing_of_a_door_goes_while_something_is_to_come(cast: Cast, more: Callable[..., object]) -> None:
    more(cast, visited(cast))
    assert gone(31) == {}
    assert gone(90) == {"household_phones": 1, "call_names": 2}


def test_a_visit_that_nobody_ended_keeps_nothing_for_ever(cast: Cast) -> None:
    household = make_household(cast.h1, phone=PHONE)
    make_visit(make_session(cast.commune, cast.team), household, status="started", started_at=now())
    assert gone(29) == {}
    assert gone(31) == {"household_phones": 1}


def test_a_number_that_nobody_has_visited_yet_stays_until_the_door_leaves_the_pool(cast: Cast) -> None:
    household = make_household(cast.h1, phone=PHONE)
    session = make_session(cast.commune, cast.team)
    make_visit(session, household, status="missed", result="not_reached")
    assert gone(300) == {}
    Household.objects.filter(pk=household.pk).update(status="moved")
    assert gone(29) == {}
    assert gone(30) == {"household_phones": 1, "call_names": 1}


def test_a_number_that_was_agreed_to_anew_stays_its_time(cast: Cast, monday: FrozenClock) -> None:
    household = visited(cast, "waiting")
    monday.advance(timedelta(days=20))
    Consent.objects.create(
        household=household, purpose="call_back", is_given=True, text_version="2026-1", channel="spoken"
    )
    assert gone(29) == {}
    assert gone(30) == {"household_phones": 1}
    assert Consent.objects.count() == 1


def test_notes_go_after_a_year(cast: Cast) -> None:
    HouseholdNote.objects.create(household=make_household(cast.h1), text="chó dữ", recorded_by=cast.tung)
    assert gone(364) == {}
    assert gone(365) == {"notes": 1}


def test_ops_go_after_400_days_and_revoked_phones_after_a_year(cast: Cast) -> None:
    SyncItem.objects.create(
        author=cast.tung, op_id=new_id(), device_id=new_id(), batch_id=new_id(), kind="visit.started", sha256="0" * 64
    )
    for number, revoked in enumerate((now(), None)):
        Device.objects.create(
            device_id=new_id(), user=cast.tung, token_digest=str(number), token_expires_at=now(), pack_key="k",
            outbox_key="k", lease_until=now(), revoked_at=revoked,
        )  # fmt: skip
    assert gone(364) == {}
    assert gone(365) == {"devices": 1}
    assert gone(399) == {}
    assert gone(400) == {"field_records": 1}
    assert Device.objects.get().revoked_at is None


@pytest.mark.parametrize(("field", "until"), [("accepted_at", 365), ("revoked_at", 365), ("", 395)])
def test_invitations_go_a_year_after_they_ended(cast: Cast, field: str, until: int) -> None:
    invite(by=cast.minh, role="volunteer", team=cast.team, name="Mới", phone="0912345670")
    if field:
        Invitation.objects.update(**{field: now()})
    assert gone(until - 1) == {}
    assert gone(until) == {"invitations": 1}


def test_proposals_go_after_a_year_and_the_run_stays(cast: Cast) -> None:
    runs = [
        PlanRun.objects.create(area=cast.commune, from_on=today(), to_on=today(), status=status)
        for status in ("published", "done")
    ]
    for run in runs:
        Proposal.objects.create(run=run, problem={}, plan={})
    assert gone(364) == {}
    assert gone(365) == {"proposals": 2}
    assert sorted(PlanRun.objects.values_list("status", flat=True)) == ["discarded", "published"]
    client = Client()
    client.force_login(cast.minh)
    assert [client.get(f"/volunteers/plans/{run.pk}/").status_code for run in runs] == [200, 200]


def test_rows_of_ended_sign_ins_go_after_90_days(cast: Cast) -> None:
    for key in ("ended", "alive"):
        UserSession.objects.create(
            user=cast.tung, ip="203.0.113.9", session_key=key, user_agent="x", last_seen_at=now()
        )
    SignedIn.objects.create(session_key="alive", session_data="", expire_date=now() + timedelta(days=400))
    assert gone(89) == {}
    assert gone(90) == {"sign_ins": 1}
    assert UserSession.objects.get().session_key == "alive"


def test_the_trail_goes_after_two_years_and_still_verifies(cast: Cast, monday: FrozenClock) -> None:
    make_request(cast.commune, status="done", done_at=now() - timedelta(days=31))
    assert gone(0) == {"request_phones": 1}
    audit.seal_entries()
    assert gone(729) == {}
    monday.advance(timedelta(days=730))
    assert gone(0) == {"audit_entries": 1}
    audit.seal_entries()
    assert verify().broken is None
    assert gone(0) == {}


def everything(*kinds: type[models.Model]) -> list[Any]:
    """All values of all rows of these tables."""
    return [list(kind._default_manager.order_by("pk").values()) for kind in kinds]


def test_a_dry_run_counts_and_changes_nothing(cast: Cast) -> None:
    visited(cast)
    make_request(cast.commune, status="done", done_at=now())
    tables = (Household, Person, HelpRequest, AuditEntry, Visit)
    before = everything(*tables)
    found = {"request_phones": 1, "household_phones": 1, "call_names": 2}
    assert gone(30, dry_run=True) == found
    assert everything(*tables) == before
    assert gone(30) == found
    assert gone(30) == {}


def test_the_trail_tells_counts_and_nothing_else(cast: Cast) -> None:
    visited(cast)
    gone(30)
    entry = AuditEntry.objects.get(action="retention.applied")
    assert (entry.object_type, entry.object_id, entry.scope, entry.actor_id) == ("Retention", "visits", "VN/", None)
    assert entry.detail == {"household_phones": 1, "call_names": 2}


def test_every_night_the_task_does_it(cast: Cast, monday: FrozenClock) -> None:
    row = make_request(cast.commune, status="done", done_at=now())
    monday.advance(timedelta(days=29))
    forget_nightly.call_local()
    assert HelpRequest.objects.get().phone == row.phone
    monday.move_to(datetime(2026, 12, 2, 2, 30))
    forget_nightly.call_local()
    assert HelpRequest.objects.get().phone == ""


def test_one_rule_that_fails_does_not_stop_the_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(day: date) -> dict[str, int]:
        HouseholdNote.objects.all().delete()
        raise DatabaseError("disk full")

    HouseholdNote.objects.create(household=visited(cast), text="chó dữ", recorded_by=cast.tung)
    monkeypatch.setitem(audit._rules, "households", broken)
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("retention", json=True, today=today() + timedelta(days=30), stdout=out, stderr=io.StringIO())
    assert ended.value.code == 1
    report = json.loads(out.getvalue())
    assert report["failed"] == ["households"]
    assert report["household_phones"] == 1
    assert HouseholdNote.objects.count() == 1


def test_in_words_and_with_a_wrong_day(cast: Cast) -> None:
    out = io.StringIO()
    call_command("retention", "--today", "2026-11-30", stdout=out)
    assert "request_phones: 0" in out.getvalue().splitlines()
    with pytest.raises(CommandError):
        call_command("retention", "--today", "soon")
