"""Notices: who gets which, once for each person and event, in whose language, and never at the cost of a verb."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connections, transaction
from django.test import Client

from project.accounts.models import User
from project.lib import clock
from tests.cast import Cast, seat_cast
from tests.factories.people import make_grant, make_user
from tests.factories.work import make_crew, make_household, make_person, make_session, make_visit
from volunteers.access import actions as access
from volunteers.activations.actions import record_outcome, reject
from volunteers.areas.models import ImportRun
from volunteers.audit.log import record
from volunteers.audit.models import AuditEntry
from volunteers.notifications import actions, handlers, tasks
from volunteers.notifications.catalog import KINDS
from volunteers.notifications.models import Notification, Preference
from volunteers.planning.models import PlanRun
from volunteers.requests.models import HelpRequest
from volunteers.teams.actions import accept_invitation, invite

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_commit(django_capture_on_commit_callbacks: Any) -> None:
    """Named here so that tests read: `tell` runs what commit would run."""
    tell.capture = django_capture_on_commit_callbacks  # type: ignore[attr-defined]


def tell(action: str, row: Any, *, by: User | None, **data: Any) -> AuditEntry:
    """Record an entry as a verb would, and let the commit happen."""
    with tell.capture(execute=True):  # type: ignore[attr-defined]
        return record(action, row, by=by, **data)


def told(action: str = "") -> set[User]:
    rows = Notification.objects.filter(action=action) if action else Notification.objects.all()
    return {row.recipient for row in rows.select_related("recipient")}


def make_request(cast: Cast, **overrides: Any) -> HelpRequest:
    values: dict[str, Any] = {"code": "C4D7K2MX", "area": cast.commune, "topic": "vneid_l2", "phone": "+84912345678"}
    return HelpRequest.objects.create(**(values | overrides))


def test_a_help_request_is_told_to_the_lead_of_the_commune_alone(cast: Cast) -> None:
    make_grant(cast.son, "commune_lead", cast.twin.scope)  # the neighbour whose code begins alike
    row = make_request(cast, hamlet=cast.h1)
    tell("request.received", row, by=None)
    assert told() == {cast.minh}
    notice = Notification.objects.get()
    assert "Thôn 1" in notice.subject
    assert "912" not in notice.subject + notice.body
    assert mail.outbox[0].to == ["minh@gocua.example"]
    assert notice.subject in mail.outbox[0].subject


def test_an_assigned_request_is_told_to_the_teams_leader(cast: Cast) -> None:
    tell("request.assigned", make_request(cast, team=cast.team), by=cast.minh)
    assert told() == {cast.hoa}


def test_a_published_plan_is_told_once_to_everybody_who_goes_out(cast: Cast) -> None:
    run = PlanRun.objects.create(area=cast.commune, from_on=clock.today(), to_on=clock.today())
    for hours in (1, 5):  # two sessions, three visits, still one notice each
        session = make_session(cast.commune, cast.team, plan_id=run.pk, starts_at=clock.now() + timedelta(hours=hours))
        crew = make_crew(session, cast.hoa_member, cast.tung_member)
        make_visit(session, make_household(cast.h1), crew)
        make_visit(session, make_household(cast.h2), crew)
    idle = make_session(cast.commune, cast.team, plan_id=run.pk, starts_at=clock.now() + timedelta(hours=9))
    make_crew(idle, cast.son_member)  # a crew without visits
    tell("plan.published", run, by=cast.minh)
    assert told() == {cast.hoa, cast.tung}
    assert Notification.objects.count() == len(mail.outbox) == 2


@pytest.mark.parametrize("action", ["visit.cancelled", "visit.rescheduled"])
def test_a_changed_visit_is_told_to_its_crew_without_the_residents_name(cast: Cast, action: str) -> None:
    session = make_session(cast.commune, cast.team)
    crew = make_crew(session, cast.hoa_member, cast.tung_member)
    visit = make_visit(session, make_household(cast.h1, call_name="bà Tư Lúa", lane="Ngõ cây đa"), crew)
    tell(action, visit, by=cast.hoa)
    assert told() == {cast.tung}  # the actor knows
    words = Notification.objects.get().subject + Notification.objects.get().body + mail.outbox[0].body
    assert "Tư Lúa" not in words
    assert "cây đa" not in words


def test_a_visit_without_a_crew_is_told_to_the_teams_leader(cast: Cast) -> None:
    visit = make_visit(make_session(cast.commune, cast.team), make_household(cast.h1))
    tell("visit.cancelled", visit, by=cast.minh)
    assert told() == {cast.hoa}


def test_a_new_member_is_told_to_leader_and_lead(cast: Cast) -> None:
    row, _code, _token = invite("volunteer", by=cast.minh, team=cast.team, name="Mới", phone="0912345678")
    with tell.capture(execute=True):  # type: ignore[attr-defined]
        accept_invitation(row, password="con-meo-nha-toi")
    assert told("member.joined") == {cast.hoa, cast.minh}


def test_who_ordered_an_import_is_told_although_they_are_its_actor(cast: Cast) -> None:
    run = ImportRun.objects.create(kind="households", area=cast.commune, file_name="x.xlsx", created_by=cast.minh)
    tell("import.finished", run, by=cast.minh)
    assert told() == {cast.minh}


def test_a_rejected_outcome_is_told_to_its_author(cast: Cast, services: None) -> None:
    session = make_session(cast.commune, cast.team)
    household = make_household(cast.h1)
    visit = make_visit(session, household, make_crew(session, cast.tung_member))
    claim = record_outcome(
        make_person(household), "vneid_l2", "activated", by=cast.tung, visit=visit, own_device=True, own_sim=True
    ).event
    with tell.capture(execute=True):  # type: ignore[attr-defined]
        reject(claim, by=cast.minh, reason="khong phai may cua cu")
    assert told("outcome.rejected") == {cast.tung}


def test_a_given_role_is_told_to_the_person(cast: Cast) -> None:
    with tell.capture(execute=True):  # type: ignore[attr-defined]
        access.grant(cast.son, "commune_lead", cast.far.scope, by=cast.lan)
    assert told() == {cast.son}
    assert cast.far.full_name in Notification.objects.get().body


def test_a_call_for_help_is_told_to_leader_and_lead(cast: Cast) -> None:
    tell("session.safety_raised", make_session(cast.commune, cast.team), by=cast.tung)
    assert told() == {cast.hoa, cast.minh}


def test_an_action_outside_the_catalogue_makes_no_notice(cast: Cast) -> None:
    tell("team.renamed", cast.team, by=cast.minh)
    assert not Notification.objects.exists()


def test_the_same_entry_twice_makes_one_notice_and_one_mail(cast: Cast) -> None:
    entry = tell("request.received", make_request(cast), by=None)
    with tell.capture(execute=True):  # type: ignore[attr-defined]
        handlers.notify(entry)
    assert Notification.objects.count() == len(mail.outbox) == 1


def test_words_are_in_the_language_of_the_reader(cast: Cast) -> None:
    User.objects.filter(pk=cast.minh.pk).update(language="en")
    tell("request.received", make_request(cast), by=None)
    assert Notification.objects.get().subject.startswith("New help request")


def test_who_wants_no_mail_finds_it_in_the_inbox_only(cast: Cast) -> None:
    actions.choose_mail(cast.minh, {"request.received": False})
    tell("request.received", make_request(cast), by=None)
    assert Notification.objects.get().mail_state == "none"
    assert mail.outbox == []


def test_who_has_no_address_or_a_closed_account_is_not_mailed(cast: Cast) -> None:
    User.objects.filter(pk=cast.minh.pk).update(email=None, phone="+84912345678")
    gone = make_user("Đã Nghỉ", is_active=False)
    make_grant(gone, "commune_lead", cast.commune.scope)
    tell("request.received", make_request(cast), by=None)
    assert told() == {cast.minh}
    assert mail.outbox == []


def test_a_broken_notice_never_fails_the_verb(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_args: Any) -> list[str]:
        raise RuntimeError("no words")

    monkeypatch.setattr(handlers, "deliver", explode)
    row = make_request(cast)
    tell("request.received", row, by=None)
    assert AuditEntry.objects.filter(action="request.received").exists()


def test_nothing_is_told_of_what_was_rolled_back(cast: Cast) -> None:
    with tell.capture(execute=True), transaction.atomic():  # type: ignore[attr-defined]
        record("request.received", make_request(cast), by=None)
        transaction.set_rollback(True)
    assert not Notification.objects.exists()


def test_a_mail_server_that_fails_is_tried_again_by_the_sweep(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, monday: clock.FrozenClock
) -> None:
    def explode(*_args: Any) -> None:
        raise OSError("connection refused")

    with monkeypatch.context() as broken:
        broken.setattr(tasks.mail, "send", explode)
        tell("request.received", make_request(cast), by=None)
    assert Notification.objects.get().mail_state == "due"
    monday.advance(timedelta(minutes=1))
    tasks.sweep_mail.call_local()
    assert Notification.objects.get().mail_state == "sent"
    assert len(mail.outbox) == 1
    tasks.sweep_mail.call_local()
    assert len(mail.outbox) == 1


def test_a_claim_whose_worker_died_comes_back(cast: Cast, monday: clock.FrozenClock) -> None:
    tell("request.received", make_request(cast), by=None)
    Notification.objects.update(mail_state="claimed", mailed_at=clock.now())
    mail.outbox.clear()
    monday.advance(timedelta(minutes=5))
    tasks.sweep_mail.call_local()
    assert mail.outbox == []
    monday.advance(timedelta(minutes=6))
    tasks.sweep_mail.call_local()
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_mail() -> None:
    cast = seat_cast()
    notice = Notification.objects.create(recipient=cast.minh, entry_id=1, action="x.y", subject="a", body="b")
    gate, won = threading.Barrier(4), []

    def run() -> None:
        gate.wait()
        won.append(actions.claim_mail(notice.pk) is not None)
        connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False, False, False, True]


# The pages


def test_the_inbox_shows_only_my_own(cast: Cast, client: Client) -> None:
    tell("request.received", make_request(cast), by=None)
    notice = Notification.objects.get()
    client.force_login(cast.minh)
    page = client.get("/volunteers/notifications/")
    assert notice.subject in page.content.decode()
    assert page.context["unread_count"]() == 1
    client.force_login(cast.son)
    assert notice.subject not in client.get("/volunteers/notifications/").content.decode()
    assert client.post(f"/volunteers/notifications/{notice.pk}/read/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_opening_a_notice_marks_it_and_leads_on(cast: Cast, client: Client) -> None:
    tell("member.joined", cast.tung_member, by=cast.tung)
    client.force_login(cast.hoa)
    notice = Notification.objects.get(recipient=cast.hoa)
    assert client.get(f"/volunteers/notifications/{notice.pk}/read/").status_code == 405
    response = client.post(f"/volunteers/notifications/{notice.pk}/read/")
    assert response["Location"] == f"/volunteers/teams/{cast.team.pk}/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_all_are_read_at_once(cast: Cast, client: Client) -> None:
    for number in range(3):
        Notification.objects.create(recipient=cast.minh, entry_id=number, action="x.y", subject="a", body="b")
    Notification.objects.create(recipient=cast.son, entry_id=1, action="x.y", subject="a", body="b")
    client.force_login(cast.minh)
    client.post("/volunteers/notifications/read/")
    assert Notification.objects.filter(read_at__isnull=True).get().recipient == cast.son


def test_the_choice_of_mail_is_kept(cast: Cast, client: Client) -> None:
    address = "/volunteers/notifications/preferences/"
    client.force_login(cast.minh)
    assert client.get(address).context["form"].initial["actions"] == list(KINDS)
    assert client.post(address, {"actions": ["plan.published"]}).status_code == 302
    assert client.get(address).context["form"].initial["actions"] == ["plan.published"]
    client.post(address, {})
    assert Preference.objects.filter(user=cast.minh, is_mail_wanted=True).count() == 0
    assert client.post(address, {"actions": ["no.such"]}).status_code == 200


def test_anonymous_people_are_sent_to_the_sign_in(client: Client) -> None:
    for address in ("/volunteers/notifications/", "/volunteers/notifications/preferences/"):
        assert client.get(address)["Location"].startswith("/accounts/login/")
