"""Walk-ins, the rarer kinds of ops, and what can be taken back."""

import pytest

from project.lib.clock import FrozenClock
from project.lib.ids import new_id
from tests.factories.work import make_session
from tests.volunteers.field.walk import Walk, client_of, op, outcome, send, take_walk
from volunteers.activations.models import Event
from volunteers.activations.queries import tallies_of
from volunteers.areas.models import Area
from volunteers.audit.models import AuditEntry
from volunteers.field import adapter
from volunteers.field.protocol import KINDS
from volunteers.households.models import Household, Person
from volunteers.visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(monday: FrozenClock) -> Walk:
    """Monday, eight o'clock."""
    return take_walk()


def test_a_walk_in_becomes_a_visit_with_people_and_outcomes(walk: Walk) -> None:
    visit, household, person = new_id(), new_id(), new_id()
    ops = [
        outcome(walk, visit=visit, person=person),
        op("person.added", person=person, household=household, call_name="cô Bảy"),
        op(
            "walk_in.recorded", visit=visit, session=walk.session.pk, household=household, hamlet="25396-h0", lane="Chợ"
        ),
    ]
    assert [one["status"] for one in send(client_of(walk.cast.tung), *ops)] == ["applied"] * 3
    row = Visit.objects.get(pk=visit)
    assert (row.kind, row.status, row.team, row.crew) == ("walk_in", "started", walk.cast.team, walk.crew)
    assert tallies_of(walk.cast.commune)[("vneid_l2", "activated", "reported")] == 1
    assert tallies_of(Area.objects.get(pk="25396-h0"))[("vneid_l2", "activated", "reported")] == 1


def test_a_walk_in_like_a_known_door_is_flagged(walk: Walk) -> None:
    record = op(
        "walk_in.recorded", visit=new_id(), session=walk.session.pk, household=new_id(), hamlet="25396-h1",
        lane=walk.household.lane.upper(),
    )  # fmt: skip
    answer = send(client_of(walk.cast.tung), record)[0]
    assert (answer["status"], answer["code"]) == ("flagged", "walk_in_match")
    strange = op(
        "walk_in.recorded", visit=new_id(), session=walk.session.pk, household=new_id(), hamlet="26041-h1", lane="Chợ"
    )
    assert send(client_of(walk.cast.tung), strange)[0]["code"] == "invalid"
    bare = op("walk_in.recorded", visit=new_id(), session=walk.session.pk, household=new_id())
    assert send(client_of(walk.cast.tung), bare)[0]["status"] == "held"


def test_the_other_kinds(walk: Walk) -> None:
    drive = make_session(walk.cast.commune, walk.cast.team, kind="level2_drive")
    shift = [op("shift.checked_in", session=walk.session.pk), op("shift.checked_out", session=walk.session.pk)]
    photo = op(
        "photo.taken", session=walk.session.pk, subject="place", sha256="a" * 64, bytes=1000, width=10, height=10
    )
    ops = [
        *shift,
        op("household.noted", household=walk.household.pk, note="đi cổng sau", good_time="chiều; 08:00-10:30"),
        outcome(walk, rung="referred", blocker="needs_police", referred_to=drive.pk),
        op("safety.raised", session=walk.session.pk, visit=walk.visit.pk),
        photo,
        op("visit.finished", visit=walk.visit.pk, result="cannot_serve", unnamed_services=["safety"], minutes=20),
    ]
    results = send(client_of(walk.cast.tung), *ops)
    assert [one["status"] for one in results] == ["applied"] * 5 + ["rejected", "applied"]
    signup = walk.session.signups.get()
    assert signup.checked_in_at is not None
    assert signup.checked_out_at is not None
    household = Household.objects.get(pk=walk.household.pk)
    assert [note.text for note in household.notes.all()] == ["đi cổng sau"]
    assert [(one["start"], one["end"]) for one in household.good_time] == [(810, 1050), (480, 630)]
    assert (household.status, household.blocker) == ("waiting", "needs_police")
    assert Event.objects.get().referred_to == drive
    assert AuditEntry.objects.filter(action="session.safety_raised", actor_id=walk.cast.tung.pk).exists()


def test_notes_and_people_can_be_taken_back(walk: Walk) -> None:
    client, person = client_of(walk.cast.tung), new_id()
    note = op("household.noted", household=walk.household.pk, note="đi cổng sau")
    added = op("person.added", person=person, household=walk.household.pk)
    send(client, note, added)
    back = [op("op.withdrawn", supersedes=one["op_id"]) for one in (note, added)]
    assert [one["status"] for one in send(client, *back)] == ["applied", "applied"]
    assert not walk.household.notes.exists()
    assert not Person.objects.filter(pk=person).exists()


def test_a_lead_enters_a_paper_sheet(walk: Walk) -> None:
    person = new_id()
    ops = [op("person.added", person=person, household=walk.household.pk), outcome(walk, person=person)]
    assert [one["status"] for one in send(client_of(walk.cast.minh), *ops)] == ["applied", "applied"]


def test_every_kind_of_the_contract_has_a_handler() -> None:
    assert set(adapter.HANDLERS) == set(KINDS)
