"""The recording page of a visit: one save writes it all, once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from project.lib import clock
from tests.cast import Cast
from tests.factories.people import make_member
from tests.factories.work import make_crew, make_household, make_person, make_service, make_session, make_visit
from volunteers.activations.models import Event
from volunteers.field.models import SyncItem
from volunteers.households.models import Consent, Household, HouseholdNote, Person
from volunteers.visits.models import Visit

pytestmark = pytest.mark.usefixtures("services")


@pytest.fixture
def visit(cast: Cast, services: None, monday: clock.FrozenClock) -> Visit:
    session = make_session(cast.commune, cast.team)
    household = make_household(cast.h1, call_name="bà Tư", people=2)
    household.needs.set([make_service("vneid_l2"), make_service("safety")])
    return make_visit(session, household, make_crew(session, cast.hoa_member, cast.tung_member))


@pytest.fixture
def tung(client: Client, cast: Cast) -> Client:
    client.force_login(cast.tung)
    return client


def address(visit: Visit) -> str:
    return reverse("field:visit", args=[visit.pk])


def opened(client: Client, visit: Visit) -> dict[str, str]:
    """The page's hidden fields, as a browser sends them back."""
    text = client.get(address(visit)).content.decode()
    form = text.split('id="record"')[1].split("</form>")[0]
    return {
        name: value
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
        if name != "csrfmiddlewaretoken"
    }


def choice_is_on(text: str, name: str, value: str) -> bool:
    tag = re.search(rf'<input [^>]*name="{name}" value="{value}"[^>]*>', text)
    assert tag is not None, f"{name}={value} is not on the page"
    return "checked" in tag[0]


TWO_PEOPLE = {
    "n1-consent": "yes", "n1-rung_vneid_l2": "activated", "n1-rung_safety": "briefed", "n1-own": "both",
    "n2-consent": "yes", "n2-rung_vneid_l2": "registered",
    "faces": "3", "result": "done",
}  # fmt: skip


def test_a_whole_visit_gives_the_right_events(tung: Client, cast: Cast, visit: Visit) -> None:
    tung.post(reverse("field:start", args=[visit.pk]), {"batch": opened(tung, visit)["batch"]})
    visit.refresh_from_db()
    assert visit.status == "started"
    fields = opened(tung, visit)
    with clock.frozen(clock.now() + timedelta(minutes=25)):
        response = tung.post(address(visit), {**fields, **TWO_PEOPLE})
    assert response.status_code == 302
    assert response["Location"] == reverse("visits:today")
    facts = set(Event.objects.values_list("person__slot", "service", "rung", "is_own_device", "is_own_sim", "flag"))
    assert facts == {
        ("A", "vneid_l2", "activated", True, True, ""),
        ("A", "safety", "briefed", True, True, ""),
        ("B", "vneid_l2", "registered", False, False, ""),
    }
    assert set(Event.objects.values_list("recorded_by", flat=True)) == {cast.tung.pk}
    assert Consent.objects.filter(purpose="help_record", is_given=True, recorded_by=cast.tung).count() == 2
    visit.refresh_from_db()
    assert (visit.status, visit.result, visit.faces, visit.minutes) == ("completed", "done", 3, 25)


def test_two_persons_and_three_outcomes_take_twelve_taps_at_most(tung: Client, cast: Cast, visit: Visit) -> None:
    text = tung.get(address(visit)).content.decode()
    for name, value in TWO_PEOPLE.items():
        choice_is_on(text, name, value)
    # Begin, one tap for every answer, one to the second person's tab, save.
    taps = ["Begin", *TWO_PEOPLE, "tab B", "Save"]
    assert len(taps) <= 12
    assert len(re.findall(r'<button class="button door wide" type="submit">', text)) == 1


def test_the_same_page_sent_twice_writes_once(tung: Client, visit: Visit, monday: clock.FrozenClock) -> None:
    fields = opened(tung, visit) | TWO_PEOPLE | {"note": "đi cổng sau"}
    tung.post(address(visit), fields)
    monday.advance(timedelta(seconds=3))
    assert tung.post(address(visit), fields).status_code == 302
    assert Event.objects.count() == 3
    assert Person.objects.count() == 2
    assert HouseholdNote.objects.count() == 1
    assert not SyncItem.objects.exclude(status="applied").exists()
    assert SyncItem.objects.count() == 7


def test_a_lost_cache_does_not_make_a_second_record(tung: Client, visit: Visit, monday: clock.FrozenClock) -> None:
    from django.core.cache import cache  # settings are ready only inside a test

    fields = opened(tung, visit) | TWO_PEOPLE
    tung.post(address(visit), fields)
    cache.clear()
    monday.advance(timedelta(minutes=5))
    tung.post(address(visit), fields)
    assert Event.objects.count() == 3
    assert not SyncItem.objects.exclude(status="applied").exists()


def test_nothing_is_ticked_beforehand(tung: Client, visit: Visit) -> None:
    text = tung.get(address(visit)).content.decode()
    for name, value in TWO_PEOPLE.items():
        assert not choice_is_on(text, name, value)
    assert not choice_is_on(text, "n1-consent", "no")


def test_it_saves_without_an_end_and_stays_on_the_page(tung: Client, visit: Visit) -> None:
    part = {"n1-consent": "yes", "n1-rung_safety": "briefed"}
    response = tung.post(address(visit), opened(tung, visit) | part)
    assert response["Location"] == address(visit)
    visit.refresh_from_db()
    assert visit.result == ""
    text = tung.get(address(visit)).content.decode()
    person = Person.objects.get()
    assert f'name="p{person.pk.hex}-rung_vneid_l2"' in text
    tung.post(address(visit), opened(tung, visit) | {f"p{person.pk.hex}-rung_vneid_l2": "registered"})
    assert Event.objects.filter(person=person).count() == 2
    assert Person.objects.count() == 1


def test_without_a_yes_nothing_is_recorded(tung: Client, visit: Visit) -> None:
    response = tung.post(address(visit), opened(tung, visit) | {"n1-rung_vneid_l2": "briefed", "n1-own": "both"})
    assert response.status_code == 200
    assert choice_is_on(response.content.decode(), "n1-rung_vneid_l2", "briefed")
    assert not Event.objects.exists()
    assert not Person.objects.exists()
    assert not SyncItem.objects.exists()


def test_who_wants_no_record_is_helped_without_a_name(tung: Client, visit: Visit) -> None:
    fields = opened(tung, visit) | {"n1-consent": "no", "n1-call_name": "ông Ba", "n1-unnamed": ["epay", "safety"]}
    response = tung.post(address(visit), fields)
    assert response.status_code == 200  # the end is missing: it carries what was shown
    tung.post(address(visit), fields | {"result": "done", "n1-rung_vneid_l2": "activated"})
    visit.refresh_from_db()
    assert visit.unnamed_services == ["epay", "safety", "vneid_l2"]
    assert not Person.objects.exists()
    assert not Event.objects.exists()
    assert not SyncItem.objects.exclude(kind="visit.finished").exists()


def test_somebody_known_may_stop_the_record(tung: Client, visit: Visit) -> None:
    person = make_person(visit.household, "A")
    prefix = f"p{person.pk.hex}"
    fields = {f"{prefix}-stop": "on", f"{prefix}-rung_safety": "briefed", "result": "done"}
    tung.post(address(visit), opened(tung, visit) | fields)
    person.refresh_from_db()
    assert person.is_refusing_record
    assert not Event.objects.exists()
    visit.refresh_from_db()
    assert visit.unnamed_services == ["safety"]


@pytest.mark.parametrize(
    ("result", "more", "status", "household"),
    [
        ("not_home", {}, "missed", {"status": "waiting", "not_home_count": 1}),
        ("refused", {}, "completed", {"status": "refused"}),
        ("moved_away", {}, "completed", {"status": "moved"}),
        ("cannot_serve", {"blocker": "no_signal"}, "missed", {"status": "waiting", "blocker": "no_signal"}),
    ],
)
def test_the_end_does_to_the_household_what_the_contract_says(
    tung: Client, visit: Visit, result: str, more: dict[str, str], status: str, household: dict[str, Any]
) -> None:
    tung.post(address(visit), opened(tung, visit) | {"result": result} | more)
    visit.refresh_from_db()
    row = Household.objects.get(pk=visit.household_id)
    assert (visit.status, visit.result) == (status, result)
    assert {key: getattr(row, key) for key in household} == household


def test_come_back_is_a_promise_with_its_day_and_time(tung: Client, visit: Visit) -> None:
    fields = opened(tung, visit) | {"result": "come_back"}
    assert tung.post(address(visit), fields).status_code == 200
    tung.post(address(visit), fields | {"come_back_on": "2026-11-08", "come_back_part": "sáng"})
    row = Household.objects.get(pk=visit.household_id)
    assert str(row.come_back_on) == "2026-11-08"
    assert row.come_back_good_time[0]["start"] == 420


def test_could_not_be_helped_needs_its_reason(tung: Client, visit: Visit) -> None:
    assert tung.post(address(visit), opened(tung, visit) | {"result": "cannot_serve"}).status_code == 200
    visit.refresh_from_db()
    assert visit.result == ""


def test_an_activation_asks_whose_phone_it_was(tung: Client, visit: Visit) -> None:
    fields = opened(tung, visit) | {"n1-consent": "yes", "n1-rung_vneid_l2": "activated"}
    assert tung.post(address(visit), fields).status_code == 200
    assert not Event.objects.exists()
    response = tung.post(address(visit), fields | {"n1-own": "device_other"}, follow=True)
    event = Event.objects.get()
    assert (event.flag, event.is_own_device, event.is_own_sim) == ("not_own_device", False, True)
    assert "toast warning" in response.content.decode()


def test_a_secret_in_a_note_is_refused_and_nothing_is_lost(tung: Client, visit: Visit) -> None:
    fields = opened(tung, visit) | TWO_PEOPLE
    response = tung.post(address(visit), fields | {"note": "cccd 001200012345, cổng sau"})
    text = response.content.decode()
    assert response.status_code == 200
    assert "cccd 001200012345, cổng sau" in text
    assert all(choice_is_on(text, name, value) for name, value in TWO_PEOPLE.items())
    assert not SyncItem.objects.exists()  # not even in the inbox
    tung.post(address(visit), fields | {"note": "cổng sau"})
    assert HouseholdNote.objects.get().text == "cổng sau"
    assert Event.objects.count() == 3


def test_a_secret_in_a_call_name_is_refused_too(tung: Client, visit: Visit) -> None:
    fields = opened(tung, visit) | TWO_PEOPLE | {"n1-call_name": "0912345678"}
    assert tung.post(address(visit), fields).status_code == 200
    assert not SyncItem.objects.exists()


def test_what_the_server_refuses_is_said_and_the_form_keeps_the_rest(
    tung: Client, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from project.lib.refusal import Refusal
    from volunteers.households import actions

    with monkeypatch.context() as patch:
        patch.setattr(actions, "note_household", lambda *_a, **_k: (_ for _ in ()).throw(Refusal("invalid", "Vì thế.")))
        fields = opened(tung, visit) | TWO_PEOPLE | {"note": "cổng sau"}
        response = tung.post(address(visit), fields)
    text = response.content.decode()
    assert response.status_code == 200
    assert "Vì thế." in text
    assert "cổng sau" in text
    assert Event.objects.count() == 3
    tung.post(address(visit), fields | {"note": "cổng sau nhà"})  # mended: new; all else: the same again
    assert Event.objects.count() == 3
    assert HouseholdNote.objects.get().text == "cổng sau nhà"


def test_a_referral_names_its_session(tung: Client, cast: Cast, visit: Visit) -> None:
    drive = make_session(cast.commune, kind="level2_drive", starts_at=clock.now() + timedelta(days=3))
    fields = {
        "n1-consent": "yes",
        "n1-rung_vneid_l2": "referred",
        "n1-referred_to": str(drive.pk),
        "n1-blocker": "needs_police",
    }
    tung.post(address(visit), opened(tung, visit) | fields)
    event = Event.objects.get()
    assert (event.rung, event.referred_to_id, event.blocker) == ("referred", drive.pk, "needs_police")


def test_an_empty_page_says_what_to_do(tung: Client, visit: Visit) -> None:
    response = tung.post(address(visit), opened(tung, visit))
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()


def test_a_page_without_its_id_is_asked_again(tung: Client, visit: Visit) -> None:
    assert tung.post(address(visit), TWO_PEOPLE)["Location"] == address(visit)
    assert tung.post(address(visit), TWO_PEOPLE | {"batch": "x"}).status_code == 302
    assert not Event.objects.exists()


def test_one_may_take_back_what_one_wrote(tung: Client, cast: Cast, visit: Visit) -> None:
    tung.post(address(visit), opened(tung, visit) | TWO_PEOPLE)
    text = tung.get(address(visit)).content.decode()
    batch = re.search(r'name="batch" value="([^"]+)"', text)
    assert batch is not None
    end = SyncItem.objects.get(kind="visit.finished")
    tung.post(reverse("field:take_back", args=[visit.pk]), {"batch": batch[1], "op": str(end.op_id)})
    visit.refresh_from_db()
    assert visit.status == "started"
    claim = SyncItem.objects.filter(kind="outcome.recorded").first()
    assert claim is not None
    tung.post(reverse("field:take_back", args=[visit.pk]), {"batch": batch[1], "op": str(claim.op_id)})
    assert Event.objects.filter(kind="withdrawal").count() == 1
    assert str(claim.op_id) not in tung.get(address(visit)).content.decode()


def test_a_stranger_and_another_crew_get_404(client: Client, cast: Cast, visit: Visit) -> None:
    other = make_member(cast.team)
    make_crew(visit.session, other, make_member(cast.team))
    for user in (cast.son, other.user):
        client.force_login(user)
        assert client.get(address(visit)).status_code == 404
        assert client.post(address(visit), TWO_PEOPLE).status_code == 404
        assert client.post(reverse("field:start", args=[visit.pk])).status_code == 404
        assert client.post(reverse("field:take_back", args=[visit.pk])).status_code == 404


def test_the_team_leader_may_record_for_a_crew(client: Client, cast: Cast, visit: Visit) -> None:
    client.force_login(cast.hoa)
    client.post(address(visit), opened(client, visit) | TWO_PEOPLE)
    assert set(Event.objects.values_list("recorded_by", flat=True)) == {cast.hoa.pk}


def test_every_person_of_a_full_house_can_be_recorded(tung: Client, cast: Cast, visit: Visit) -> None:
    Household.objects.filter(pk=visit.household_id).update(people=9)
    codes = ["vneid_l1", "vneid_l2", "portal", "esign", "docs", "health_book", "ssa"]
    fields = opened(tung, visit) | {"result": "done"}
    for number in range(1, 10):
        fields |= {f"n{number}-consent": "yes", **{f"n{number}-rung_{code}": "briefed" for code in codes}}
    assert tung.post(address(visit), fields).status_code == 302  # more than the 50 ops of one batch
    assert Person.objects.count() == 9
    assert Event.objects.count() == 63


def test_the_page_costs_few_queries(tung: Client, visit: Visit, django_assert_max_num_queries: Any) -> None:
    for slot in "ABCDE":
        make_person(visit.household, slot)
    with django_assert_max_num_queries(24):
        tung.get(address(visit))
