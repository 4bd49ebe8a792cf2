"""The thin path and the reply table of contract §6 over HTTP."""

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client

from project.lib.clock import FrozenClock, frozen, now, today
from project.lib.ids import new_id
from tests.factories.people import make_member
from tests.factories.work import make_crew
from tests.volunteers.field.walk import Walk, batch, client_of, op, outcome, post, send, take_walk
from volunteers.activations.models import Event
from volunteers.activations.queries import tallies_of
from volunteers.field import actions, adapter
from volunteers.field.models import SyncItem
from volunteers.field.protocol import Answer
from volunteers.field.tasks import sweep_inbox
from volunteers.households.models import Consent, Household, Person
from volunteers.visits.actions import reschedule_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(monday: FrozenClock) -> Walk:
    """Monday, eight o'clock."""
    return take_walk()


def test_a_finished_visit_with_one_outcome_is_counted(walk: Walk) -> None:
    results = send(
        client_of(walk.cast.tung),
        op("visit.started", visit=walk.visit.pk),
        outcome(walk),
        op("visit.finished", visit=walk.visit.pk, result="done", minutes=30, faces=3),
    )
    assert [one["status"] for one in results] == ["applied"] * 3
    assert [one["counted"] for one in results] == [False, True, False]
    walk.visit.refresh_from_db()
    walk.household.refresh_from_db()
    assert (walk.visit.status, walk.visit.result, walk.visit.minutes, walk.visit.faces) == ("completed", "done", 30, 3)
    assert walk.household.status == Household.Status.SERVED
    expected = {("vneid_l2", rung, "reported"): 1 for rung in ("briefed", "referred", "registered", "activated")}
    assert tallies_of(walk.cast.commune) == expected == tallies_of(walk.cast.h1) == tallies_of(walk.cast.province)
    assert tallies_of(walk.cast.far) == {}


def test_the_same_op_again_gets_the_first_answer(walk: Walk) -> None:
    client, record = client_of(walk.cast.tung), outcome(walk)
    first, again = send(client, record)[0], send(client, record)[0]
    reordered = dict(reversed(record.items()))
    third = send(client, reordered)[0]
    assert first["status"] == "applied"
    assert again == third == first | {"status": "duplicate"}
    assert Event.objects.count() == 1


def test_a_flagged_and_a_refused_op_get_their_first_answers_again(walk: Walk) -> None:
    client = client_of(walk.cast.tung)
    ops = [outcome(walk, own_sim=False), op("visit.finished", visit=walk.visit.pk, result="nonsense")]
    first, again = send(client, *ops), send(client, *ops)
    assert [one["status"] for one in first] == ["flagged", "rejected"]
    assert again == first


def test_the_same_op_twice_in_one_batch(walk: Walk) -> None:
    record = outcome(walk)
    assert [one["status"] for one in send(client_of(walk.cast.tung), record, record)] == ["applied", "duplicate"]


def test_the_same_id_with_other_content_changes_nothing(walk: Walk) -> None:
    client, record = client_of(walk.cast.tung), outcome(walk, rung="registered")
    send(client, record)
    other = record | {"payload": record["payload"] | {"rung": "activated"}}
    answer = send(client, other)[0]
    assert (answer["status"], answer["code"], answer["counted"]) == ("rejected", "id_reused", False)
    assert Event.objects.get().rung == "registered"
    assert send(client, record)[0]["status"] == "duplicate"


def test_two_authors_may_have_the_same_op_id(walk: Walk) -> None:
    record = outcome(walk)
    assert send(client_of(walk.cast.tung), record)[0]["status"] == "applied"
    assert send(client_of(walk.cast.hoa), record)[0]["status"] == "flagged"
    assert Event.objects.count() == 2


def test_what_is_not_on_the_own_phone_waits_for_a_lead(walk: Walk) -> None:
    answer = send(client_of(walk.cast.tung), outcome(walk, own_device=False))[0]
    assert (answer["status"], answer["code"], answer["counted"]) == ("flagged", "not_own_device", False)
    assert answer["message"]
    assert tallies_of(walk.cast.commune) == {}


def test_a_second_claim_is_kept_and_flagged(walk: Walk) -> None:
    send(client_of(walk.cast.tung), outcome(walk))
    answer = send(client_of(walk.cast.hoa), outcome(walk))[0]
    assert (answer["status"], answer["code"], answer["counted"]) == ("flagged", "duplicate_claim", False)


def test_one_bad_op_blocks_no_other(walk: Walk) -> None:
    bad = [
        "not an op", {"kind": "visit.started"}, op("visit.started"), op("visit.started", visit="x"),
        op("nonsense.kind"),
        outcome(walk) | {"schema": 2}, outcome(walk) | {"seq": "1"}, outcome(walk) | {"surprise": 1},
        outcome(walk, own_device="yes"), outcome(walk, service="safety"), outcome(walk, service="no_such"),
        outcome(walk, rung="registered", referred_to=walk.session.pk),
        outcome(walk) | {"recorded_at": "2026-11-02 08:00"},
        op("visit.finished", visit=walk.visit.pk, result="done", faces=4),
        op("visit.finished", visit=walk.visit.pk, result="done", come_back_on="2026-12-01"),
        op("visit.finished", visit=walk.visit.pk, result="done", unnamed_services=["no_such"]),
        op("household.noted", household=walk.household.pk, note="x" * 201), outcome(walk) | {"kind": ["list"]},
        op("household.noted", household=walk.household.pk, note="ghé sau", good_time="lúc nào đó"),
        outcome(walk) | {"op_id": "\ud800" * 36}, outcome(walk) | {"recorded_at": "9999-12-31T23:59:59-12:00"},
    ]  # fmt: skip
    results = send(client_of(walk.cast.tung), *bad, outcome(walk))
    assert {one["status"] for one in results[:-1]} == {"rejected"}
    assert {one["code"] for one in results[:-1]} == {"invalid", "unknown_kind"}
    assert all(one["message"] for one in results[:-1])
    assert results[-1]["status"] == "applied"
    assert Event.objects.count() == 1


def test_a_secret_in_a_note_is_refused_and_kept_nowhere(walk: Walk) -> None:
    note = op("household.noted", household=walk.household.pk, note="CCCD 075165001234, mật khẩu Hoa@1234")
    answer = send(client_of(walk.cast.tung), note)[0]
    assert (answer["status"], answer["code"]) == ("rejected", "secret_found")
    assert SyncItem.objects.get().raw == ""
    assert not walk.household.notes.exists()


def test_the_inbox_keeps_no_readable_phone_number(walk: Walk) -> None:
    consent = op("consent.recorded", person=walk.person.pk, purpose="call_back", given=True, text_version="2026-1")
    contact = op("contact.recorded", household=walk.household.pk, phone="0912 345 678", consent=consent["op_id"])
    results = send(client_of(walk.cast.tung), consent, contact)
    assert [one["status"] for one in results] == ["applied", "applied"]
    assert Household.objects.get().phone == "+84912345678"
    with connection.cursor() as cursor:  # the raw column, past the field that decrypts
        cursor.execute("SELECT raw FROM volunteers_syncitem")
        assert "912 345" not in str(cursor.fetchall())


def test_a_phone_number_needs_the_consent_to_a_call_back(walk: Walk) -> None:
    client = client_of(walk.cast.tung)
    for purpose, given in (("follow_up", True), ("call_back", False)):
        consent = op("consent.recorded", person=walk.person.pk, purpose=purpose, given=given, text_version="1")
        contact = op("contact.recorded", household=walk.household.pk, phone="0912345678", consent=consent["op_id"])
        assert send(client, consent, contact)[1]["code"] == "no_consent"
    lonely = op("contact.recorded", household=walk.household.pk, phone="0912345678", consent=op("x")["op_id"])
    assert send(client, lonely)[0]["status"] == "held"
    assert Household.objects.get().phone == ""


def test_a_no_to_call_backs_drops_the_number(walk: Walk) -> None:
    client = client_of(walk.cast.tung)
    yes = op("consent.recorded", person=walk.person.pk, purpose="call_back", given=True, text_version="1")
    contact = op("contact.recorded", household=walk.household.pk, phone="0912345678", consent=yes["op_id"])
    no = op("consent.recorded", person=walk.person.pk, purpose="call_back", given=False, text_version="1")
    send(client, yes, contact, no)
    assert Household.objects.get().phone == ""


def test_after_a_no_to_records_nothing_more_is_stored(walk: Walk) -> None:
    client = client_of(walk.cast.tung)
    no = op("consent.recorded", person=walk.person.pk, purpose="help_record", given=False, text_version="1")
    results = send(client, no, outcome(walk))
    assert (results[0]["status"], results[1]["code"]) == ("applied", "no_consent")
    assert not Event.objects.exists()
    yes = op("consent.recorded", person=walk.person.pk, purpose="help_record", given=True, text_version="1")
    assert [one["status"] for one in send(client, yes, outcome(walk))] == ["applied", "applied"]


def test_a_person_added_brings_the_consent(walk: Walk) -> None:
    person = new_id()
    added = op("person.added", person=person, household=walk.household.pk, call_name="ông Năm", age_band="70_79")
    results = send(client_of(walk.cast.tung), added, outcome(walk, person=person))
    assert [one["status"] for one in results] == ["applied", "applied"]
    row = Person.objects.get(pk=person)
    assert (row.slot, row.call_name, row.age_band) == ("B", "ông Năm", "70_79")
    assert Consent.objects.filter(person=row, purpose="help_record", is_given=True, recorded_by=walk.cast.tung).exists()


def test_what_comes_too_early_is_held_and_then_released(walk: Walk) -> None:
    client, person = client_of(walk.cast.tung), new_id()
    early = outcome(walk, person=person)
    answer = send(client, early)[0]
    assert (answer["status"], answer["code"], answer["counted"]) == ("held", "missing", False)
    assert send(client, early)[0]["status"] == "held"
    send(client, op("person.added", person=person, household=walk.household.pk))
    assert Event.objects.count() == 1
    assert send(client, early)[0] | {"message": ""} == {
        "op_id": early["op_id"], "status": "duplicate", "code": "", "message": "", "counted": True,
    }  # fmt: skip


def test_a_batch_in_the_wrong_order_is_applied_whole(walk: Walk) -> None:
    person = new_id()
    ops = [outcome(walk, person=person), op("person.added", person=person, household=walk.household.pk)]
    assert [one["status"] for one in send(client_of(walk.cast.tung), *ops)] == ["applied", "applied"]


def test_a_strangers_id_is_answered_like_one_that_does_not_exist(walk: Walk) -> None:
    client = client_of(walk.cast.son)
    ours = [
        outcome(walk), op("visit.started", visit=walk.visit.pk),
        op("person.added", person=new_id(), household=walk.household.pk),
        op("household.noted", household=walk.household.pk, note="chó dữ"),
        op("shift.checked_in", session=walk.session.pk),
        op("consent.recorded", person=walk.person.pk, purpose="help_record", given=False, text_version="1"),
        op("safety.raised", session=walk.session.pk),
    ]  # fmt: skip
    none = [
        outcome(walk, visit=new_id()), op("visit.started", visit=new_id()),
        op("person.added", person=new_id(), household=new_id()),
        op("household.noted", household=new_id(), note="chó dữ"),
        op("shift.checked_in", session=new_id()),
        op("consent.recorded", person=new_id(), purpose="help_record", given=False, text_version="1"),
        op("safety.raised", session=new_id()),
    ]  # fmt: skip
    seen, unseen = send(client, *ours), send(client, *none)
    assert [one | {"op_id": ""} for one in seen] == [one | {"op_id": ""} for one in unseen]
    assert {one["status"] for one in seen} == {"held"}
    assert not Event.objects.exists()
    assert not Person.objects.exclude(pk=walk.person.pk).exists()


def test_another_crew_of_the_team_may_not_write_here(walk: Walk) -> None:
    mate = make_member(walk.cast.team)
    make_crew(walk.session, mate)
    assert send(client_of(mate.user), outcome(walk))[0]["status"] == "held"


def test_a_visit_that_went_to_others_is_parked(walk: Walk, monday: FrozenClock) -> None:
    client = client_of(walk.cast.tung)
    client.get("/api/v1/sync/pack")
    monday.advance(timedelta(minutes=10))
    before = outcome(walk, rung="registered", at=now())
    monday.advance(timedelta(minutes=10))
    other = make_crew(walk.session, make_member(walk.cast.team, may_lead=True))
    reschedule_visit(walk.visit, by=walk.cast.minh, crew=other)
    monday.advance(timedelta(minutes=10))
    after = outcome(walk, at=now())
    results = send(client, before, after)
    assert [one["status"] for one in results] == ["parked", "parked"]
    assert [one["counted"] for one in results] == [True, False]
    assert Event.objects.get().rung == "registered"
    gone = client.get("/api/v1/sync/changes", {"cursor": first_cursor(client)}).json()["tombstones"]
    assert gone == []  # the pack just built does not hold it any more


def first_cursor(client: Client) -> str:
    """The cursor of a pack read now."""
    return client.get("/api/v1/sync/pack").json()["cursor"]


def test_a_server_fault_keeps_the_op_for_later(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    client, ops = client_of(walk.cast.tung), [op("visit.started", visit=walk.visit.pk), outcome(walk)]
    with monkeypatch.context() as broken:
        broken.setitem(adapter.HANDLERS, "visit.started", fail)
        results = send(client, *ops)
    assert [one["status"] for one in results] == ["retry", "applied"]
    assert [one["status"] for one in send(client, *ops)] == ["applied", "duplicate"]


def fail(arrival: adapter.Arrival) -> Answer:
    """A handler that meets a database that has gone away."""
    raise OperationalError("gone")


def test_a_crash_between_inbox_and_verb_is_picked_up_by_the_sweep(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    client, record = client_of(walk.cast.tung), outcome(walk)
    with monkeypatch.context() as broken:
        broken.setattr(actions, "apply_item", crash)
        with pytest.raises(KeyboardInterrupt):
            post(client, batch(record))
    assert SyncItem.objects.get().state == "new"
    with frozen(now() + timedelta(minutes=2)):
        sweep_inbox.call_local()
    assert (SyncItem.objects.get().status, Event.objects.count()) == ("applied", 1)
    assert send(client, record)[0]["status"] == "duplicate"


def crash(item_id: int) -> Answer:
    """The process is killed here."""
    raise KeyboardInterrupt


def test_a_clock_that_is_off_is_flagged_and_put_right(walk: Walk) -> None:
    wrong = timedelta(days=-365)
    record = outcome(walk, at=now() + wrong - timedelta(minutes=30))
    answer = send(client_of(walk.cast.tung), record, sent_at=(now() + wrong).isoformat())[0]
    assert (answer["status"], answer["code"], answer["counted"]) == ("flagged", "clock_unsure", True)
    assert abs(Event.objects.get().happened_at - (now() - timedelta(minutes=30))) < timedelta(minutes=1)


def test_a_record_from_the_future_is_flagged_never_refused(walk: Walk) -> None:
    answer = send(client_of(walk.cast.tung), outcome(walk, at=now() + timedelta(days=3)))[0]
    assert answer["code"] == "clock_unsure"
    assert Event.objects.get().day == today()


def test_an_unusual_hour_is_flagged_and_counted(walk: Walk, monday: FrozenClock) -> None:
    monday.move_to(datetime(2026, 11, 2, 23, 30))
    answer = send(client_of(walk.cast.tung), outcome(walk))[0]
    assert (answer["status"], answer["code"], answer["counted"]) == ("flagged", "out_of_hours", True)


def test_an_outcome_is_taken_back_and_the_next_claim_takes_its_place(walk: Walk) -> None:
    client, first = client_of(walk.cast.tung), outcome(walk)
    send(client, first)
    send(client_of(walk.cast.hoa), outcome(walk, rung="registered"))
    answer = send(client, op("op.withdrawn", supersedes=first["op_id"]))[0]
    assert (answer["status"], answer["counted"]) == ("applied", False)
    assert tallies_of(walk.cast.commune) == {
        ("vneid_l2", rung, "reported"): 1 for rung in ("briefed", "referred", "registered")
    }
    assert send(client, op("op.withdrawn", supersedes=first["op_id"]))[0]["status"] == "rejected"
    assert send(client, op("op.withdrawn", supersedes=new_id()))[0]["status"] == "held"


def test_nobody_takes_back_what_another_wrote(walk: Walk) -> None:
    record = outcome(walk)
    send(client_of(walk.cast.tung), record)
    assert send(client_of(walk.cast.hoa), op("op.withdrawn", supersedes=record["op_id"]))[0]["status"] == "held"
    assert tallies_of(walk.cast.commune)


def test_a_correction_replaces_the_earlier_record(walk: Walk) -> None:
    client, wrong = client_of(walk.cast.tung), outcome(walk)
    send(client, wrong)
    right = outcome(walk, rung="registered", supersedes=wrong["op_id"])
    assert send(client, right)[0]["status"] == "applied"
    assert ("vneid_l2", "activated", "reported") not in tallies_of(walk.cast.commune)
    assert tallies_of(walk.cast.commune)[("vneid_l2", "registered", "reported")] == 1
    finished = op("visit.finished", visit=walk.visit.pk, result="not_home")
    corrected = op("visit.finished", visit=walk.visit.pk, result="refused", supersedes=finished["op_id"])
    assert [one["status"] for one in send(client, finished, corrected)] == ["applied", "applied"]
    walk.visit.refresh_from_db()
    walk.household.refresh_from_db()
    assert (walk.visit.result, walk.household.status, walk.household.not_home_count) == ("refused", "refused", 0)


def test_a_second_end_of_a_visit_keeps_the_first_and_tells_the_lead(walk: Walk) -> None:
    send(client_of(walk.cast.hoa), op("visit.finished", visit=walk.visit.pk, result="done"))
    answer = send(client_of(walk.cast.tung), op("visit.finished", visit=walk.visit.pk, result="not_home"))[0]
    assert (answer["status"], answer["code"]) == ("flagged", "already_finished")
    walk.visit.refresh_from_db()
    assert walk.visit.result == "done"


def test_outcomes_of_a_finished_visit_are_taken(walk: Walk) -> None:
    client = client_of(walk.cast.tung)
    send(client, op("visit.finished", visit=walk.visit.pk, result="done"))
    walk.household.refresh_from_db()
    assert walk.household.status == "waiting"
    assert send(client, outcome(walk))[0]["status"] == "applied"
    walk.household.refresh_from_db()
    assert walk.household.status == "served"
