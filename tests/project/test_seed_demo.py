"""The demo province of contract §2, seeded once for this module and rolled back after it."""

import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from learning import catalog
from project.accounts.models import User
from project.demo.passwords import renew_passwords
from project.demo.plans import SERVICES, STAFFED
from project.demo.rounds import COMING_SPECIALS, OFFICE_KINDS, PAST_SPECIALS, specials_by_day
from project.lib.clock import local_day, now, today
from project.lib.geo import LatLng, province_box
from volunteers.access.guards import CONDUCT_VERSION
from volunteers.activations.actions import recount
from volunteers.activations.models import Delta, Event
from volunteers.areas.models import Area
from volunteers.availability.queries import painted
from volunteers.availability.rules import BLOCKS
from volunteers.dashboards.queries import target_cards
from volunteers.households.models import Household, Person
from volunteers.planning.adapter import crew_members
from volunteers.requests.models import HelpRequest
from volunteers.requests.queries import late_now
from volunteers.sessions.models import Session
from volunteers.sessions.queries import public_sessions
from volunteers.targets.models import Target
from volunteers.targets.queries import current_campaign
from volunteers.teams.models import Membership, Team
from volunteers.visits.models import Visit
from volunteers.visits.queries import own_walk

PASSWORD = "thu-mot-lan-cho-biet"
LIVELY = ("25396", "26041")


def run(*arguments: str) -> dict[str, Any]:
    """The command's one JSON object."""
    out = io.StringIO()
    call_command("seed_demo", "--json", *arguments, stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """What the first run said. One transaction holds the province for the module: seeding takes its seconds once."""
    patch = pytest.MonkeyPatch()
    patch.setenv("DEMO_PASSWORD", PASSWORD)
    with django_db_blocker.unblock():
        with transaction.atomic():
            call_command("load_areas", "--json", stdout=io.StringIO())
            call_command("seed_lessons", "--json", stdout=io.StringIO())
            yield run()
            transaction.set_rollback(True)
        catalog.forget_services()
    patch.undo()


def snapshot() -> dict[str, list[Any]]:
    """Every row of the product's own tables, as values."""
    models = [*apps.get_app_config("volunteers").get_models(), User]
    return {
        model.__name__: sorted(
            map(str, model.objects.values_list(*(field.attname for field in model._meta.concrete_fields)))
        )
        for model in models
        if model is not Area
    }


# pytest-django makes a database only where some test asks for one by mark; the others here share the module's own
# transaction, which the mark's machinery would close.
@pytest.mark.django_db
def test_it_asks_for_places_first() -> None:
    with pytest.raises(CommandError, match="load_areas") as refusal:
        run()
    assert refusal.value.returncode == 1


def test_it_says_what_it_made(told: dict[str, Any]) -> None:
    assert told["created"] is True
    assert told["wrong"] == 0
    assert told["communes"] == 95
    assert told["hamlets"] == 12 + 8 + 11 + 12 * 4
    assert told["volunteers"] == 28 + 22 + 18 + 12 * 5
    assert told["households"] == 220 + 150 + 12 * 30
    assert told["outcomes"] > 1000


def test_a_second_run_changes_nothing(told: dict[str, Any]) -> None:
    before = snapshot()
    again = run()
    assert again["created"] is False
    assert snapshot() == before


def test_a_dry_run_says_that_nothing_is_left_to_make(told: dict[str, Any]) -> None:
    assert run("--dry-run") == {"would_create": False}


def test_the_tallies_are_those_of_the_ledger(told: dict[str, Any]) -> None:
    result = recount()
    assert result["wrong"] == 0
    assert result["checked"] > 1000
    assert not Delta.objects.exists()


def test_every_demo_user_has_the_password_and_has_accepted_the_code_of_conduct(told: dict[str, Any]) -> None:
    users = {user.email: user for user in User.objects.filter(email__endswith="@gocua.example")}
    expected = {"province", "editor"}
    expected |= {f"lead.{code}" for code in Area.objects.communes().filter(parent="75").values_list("code", flat=True)}
    for plan in STAFFED:
        leaders = len(plan.teams)
        expected |= {f"leader{number + 1}.{plan.code}" for number in range(leaders)}
        expected |= {f"volunteer{number + 1}.{plan.code}" for number in range(plan.volunteers - leaders)}
    assert set(users) == {f"{name}@gocua.example" for name in expected}
    assert len({user.password for user in users.values()}) == 1
    assert check_password(PASSWORD, users["province@gocua.example"].password)
    assert {user.conduct_version for user in users.values()} == {CONDUCT_VERSION}


@pytest.mark.parametrize(
    "name",
    ["province", "editor", "lead.25396", "lead.26503", "lead.25405", "leader1.25396", "volunteer1.25396",
     "leader3.25405", "volunteer15.25405", "leader1.26485", "volunteer1.26041"],
)  # fmt: skip
def test_programs_sign_in_as_each_kind_of_demo_user(told: dict[str, Any], name: str) -> None:
    answer = Client().post(
        "/_allauth/app/v1/auth/login",
        {"email": f"{name}@gocua.example", "password": PASSWORD},
        content_type="application/json",
    )
    assert answer.status_code == 200
    assert answer.json()["meta"]["session_token"]


def test_bom_bo_is_staffed_and_empty(told: dict[str, Any]) -> None:
    commune = Area.objects.get(pk="25405")
    hamlets = [hamlet.full_name for hamlet in Area.objects.hamlets().filter(parent=commune)]
    members = crew_members(commune, current_campaign(commune, today()))
    leaders = [member for member in members if member.role == Membership.Roles.LEADER]
    crew_leads = [member for member in members if member.may_lead]
    assert hamlets == [f"Thôn {number}" for number in range(1, 12)]
    assert Team.objects.filter(area=commune).count() == 3
    assert len(members) == 18
    assert len({member.team_id for member in leaders}) == len(leaders) == 3
    assert len(crew_leads) == 6
    assert set(leaders) <= set(crew_leads)
    assert all(member.is_adult for member in crew_leads)
    assert {code for member in members for code in member.skills.values_list("code", flat=True)} == set(SERVICES)
    assert sum(member.gender == "woman" for member in members) >= 5
    assert any(member.gender == "woman" for member in crew_leads)
    assert any("sti" in member.languages for member in members)
    all_week = {(weekday, block) for weekday in range(7) for block in BLOCKS}
    assert all(painted(member) == all_week for member in members)
    assert not Household.objects.filter(commune=commune).exists()
    assert not Session.objects.filter(area=commune).exists()


@pytest.mark.parametrize("code", [*LIVELY, "25405"])
def test_a_campaign_has_a_target_for_every_service(told: dict[str, Any], code: str) -> None:
    campaign = current_campaign(Area.objects.get(pk=code), today())
    assert campaign is not None
    assert campaign.slug == f"demo-{code}"
    targets = Target.objects.current().filter(campaign=campaign, area=code)
    assert set(targets.values_list("service", flat=True)) == set(SERVICES)


@pytest.mark.parametrize("code", LIVELY)
def test_the_lively_communes_are_on_their_way(told: dict[str, Any], code: str) -> None:
    commune = Area.objects.get(pk=code)
    cards = target_cards(commune, current_campaign(commune, today()), day=today())
    assert len(cards) == 9
    for card in cards:
        assert card.number is not None
        assert 0.2 <= card.reported / card.number <= 0.7, card.service
    assert any(card.verified for card in cards)
    doors = Household.objects.filter(commune=commune)
    assert doors.filter(status="refused").count() == 1
    assert doors.filter(come_back_on__gte=today()).count() == 2
    assert doors.filter(not_home_count__gte=3).count() == 1
    assert doors.filter(status="served").exists()
    claims = Event.objects.filter(hamlet__parent=commune, kind=Event.Kind.CLAIM)
    assert claims.filter(flag="duplicate_claim").exists()
    assert claims.filter(flag="not_own_device").exists()
    assert not claims.filter(day__gte=today()).exists()


@pytest.mark.parametrize("code", LIVELY)
def test_the_first_volunteer_has_work_today_and_tomorrow(told: dict[str, Any], code: str) -> None:
    user = User.objects.get(email=f"volunteer1.{code}@gocua.example")
    assert len(own_walk(user, today())) >= 5
    assert len(own_walk(user, today() + timedelta(days=1))) >= 3
    assert {visit.status for visit in own_walk(user, today())} == {Visit.Status.PLANNED}


@pytest.mark.parametrize("code", LIVELY)
def test_nobody_is_in_two_sessions_at_once(told: dict[str, Any], code: str) -> None:
    spans: dict[Any, list[tuple[Any, Any]]] = {}
    rows = Session.objects.filter(area=code, signups__isnull=False)
    for who, start, end in rows.values_list("signups__membership", "starts_at", "ends_at"):
        spans.setdefault(who, []).append((start, end))
    for times in spans.values():
        times.sort()
        assert all(end <= start for (_begin, end), (start, _end) in pairwise(times))


@pytest.mark.parametrize("code", LIVELY)
def test_sessions_of_every_kind_are_over_or_to_come(told: dict[str, Any], code: str) -> None:
    rows = Session.objects.filter(area=code, starts_at__gte=now())
    assert {"round", "mobile_day", "sunday", "level2_drive", "counter_shift", "market_day"} <= set(
        rows.values_list("kind", flat=True)
    )
    area = Area.objects.get(pk=code)
    public = public_sessions(area, start=now(), end=now() + timedelta(days=14))
    assert {"mobile_day", "sunday", "level2_drive"} <= set(public.values_list("kind", flat=True))
    past = Visit.objects.filter(session__area=code, session__ends_at__lt=now() - timedelta(days=1))
    assert {"completed", "missed"} == set(past.values_list("status", flat=True))


@pytest.mark.parametrize("code", LIVELY)
def test_help_requests_stand_in_all_three_states(told: dict[str, Any], code: str) -> None:
    rows = HelpRequest.objects.filter(area=code)
    assert set(rows.values_list("status", flat=True)) == {"received", "assigned", "done"}
    assert rows.filter(late_now()).count() == 1
    assert Visit.objects.filter(request__in=rows.filter(status="assigned"), status="planned").count() == 1


def test_the_household_of_the_handbook_has_two_people(told: dict[str, Any]) -> None:
    people = Person.objects.filter(household__commune="25396", household__code="H-0017")
    assert set(people.values_list("slot", flat=True)) >= {"A", "B"}
    assert all(person.events.exists() for person in people)


def test_places_lie_in_the_province(told: dict[str, Any]) -> None:
    box = province_box("75")
    assert box is not None
    for lat, lon in Household.objects.values_list("lat", "lon"):
        assert box.holds(LatLng(lat, lon))
        assert (round(lat, 3), round(lon, 3)) == (lat, lon)


def test_every_staffed_commune_has_figures_but_the_empty_one(told: dict[str, Any]) -> None:
    for plan in STAFFED:
        claims = Event.objects.filter(hamlet__parent=plan.code, kind=Event.Kind.CLAIM).count()
        assert (claims >= 50) is (plan.code != "25405")


def test_a_new_demo_password_reaches_all_but_those_who_chose_their_own(
    told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        own = User.objects.get(email="lead.25210@gocua.example")
        own.set_password("cua-rieng-toi")
        own.save(update_fields=["password"])
        monkeypatch.setenv("DEMO_PASSWORD", "doi-mat-khau-khac")
        assert renew_passwords() == User.objects.filter(email__endswith="@gocua.example").count() - 1
        own.refresh_from_db()
        assert own.check_password("cua-rieng-toi")
        assert User.objects.get(email="editor@gocua.example").check_password("doi-mat-khau-khac")
        transaction.set_rollback(True)


def test_another_province_is_a_wrong_call(told: dict[str, Any]) -> None:
    with pytest.raises(CommandError) as refusal:
        run("--province", "01")
    assert refusal.value.returncode == 2


@pytest.mark.parametrize("start", range(7))
def test_offices_are_never_asked_to_open_at_a_weekend(start: int) -> None:
    day = date(2026, 11, 2) + timedelta(days=start)
    for wanted, first, last in ((PAST_SPECIALS, -20, -1), (COMING_SPECIALS, 0, 11)):
        days = specials_by_day(day, wanted, first=first, last=last)
        assert sorted(special[0] for special in days.values() if special[0] != "sunday") == sorted(
            special[0] for special in wanted.values()
        )
        assert not [on for on, special in days.items() if special[0] in OFFICE_KINDS and on.weekday() >= 5]
        assert all((on < day) is (wanted is PAST_SPECIALS) for on in days)
        assert any(special[0] == "sunday" for special in days.values())


def test_the_days_of_events_are_those_of_their_visits(told: dict[str, Any]) -> None:
    for event in Event.objects.filter(kind=Event.Kind.CLAIM).select_related("visit__session")[::17]:
        assert event.visit is not None
        assert event.day == local_day(event.visit.session.starts_at)
