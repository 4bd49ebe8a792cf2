"""One visit on the desk: seen, moved, cancelled."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from project.lib import clock
from tests.cast import Cast
from tests.factories.people import make_member
from tests.factories.work import make_crew, make_household, make_person, make_service, make_session, make_visit
from volunteers.activations.actions import record_outcome
from volunteers.visits.models import Visit


@pytest.fixture
def visit(cast: Cast, monday: clock.FrozenClock) -> Visit:
    session = make_session(cast.commune, cast.team)
    return make_visit(session, make_household(cast.h1), make_crew(session, cast.hoa_member, cast.tung_member))


def test_a_lead_sees_the_visit_with_its_records(client: Client, cast: Cast, visit: Visit) -> None:
    make_service("vneid_l2", name_vi="VNeID mức hai")
    record_outcome(make_person(visit.household), "vneid_l2", "registered", by=cast.tung, visit=visit)
    client.force_login(cast.minh)
    text = client.get(reverse("visits:detail", args=[visit.pk])).content.decode()
    assert visit.household.code in text
    assert "VNeID mức hai" in text
    assert "Tùng" in text


def test_a_stranger_gets_404(client: Client, cast: Cast, visit: Visit) -> None:
    client.force_login(cast.son)
    for name in ("detail", "reschedule", "cancel"):
        address = reverse(f"visits:{name}", args=[visit.pk])
        response = client.get(address) if name == "detail" else client.post(address)
        assert response.status_code == 404


def test_a_crew_member_may_look_but_not_move(client: Client, cast: Cast, visit: Visit) -> None:
    client.force_login(cast.tung)
    text = client.get(reverse("visits:detail", args=[visit.pk])).content.decode()
    assert reverse("visits:cancel", args=[visit.pk]) not in text
    assert client.post(reverse("visits:cancel", args=[visit.pk])).status_code == 403
    assert client.post(reverse("visits:reschedule", args=[visit.pk])).status_code == 403


def test_it_moves_the_visit_to_another_crew(client: Client, cast: Cast, visit: Visit) -> None:
    later = make_session(cast.commune, cast.team, starts_at=clock.now() + timedelta(days=1))
    crew = make_crew(later, cast.hoa_member, make_member(cast.team))
    client.force_login(cast.minh)
    client.post(reverse("visits:reschedule", args=[visit.pk]), {"crew": str(crew.pk), "start": "09:30"})
    visit.refresh_from_db()
    assert visit.crew_id == crew.pk
    assert visit.planned_start.astimezone(clock.ZONE).strftime("%d %H:%M") == "03 09:30"


def test_it_refuses_an_hour_outside_of_the_session_and_keeps_what_was_typed(
    client: Client, cast: Cast, visit: Visit
) -> None:
    client.force_login(cast.minh)
    response = client.post(reverse("visits:reschedule", args=[visit.pk]), {"start": "21:00"})
    assert response.status_code == 200
    assert "21:00" in response.content.decode()
    assert client.post(reverse("visits:reschedule", args=[visit.pk]), {}).status_code == 200
    before = visit.planned_start
    visit.refresh_from_db()
    assert visit.planned_start == before


def test_it_cancels_the_visit_once(client: Client, cast: Cast, visit: Visit) -> None:
    client.force_login(cast.hoa)
    client.post(reverse("visits:cancel", args=[visit.pk]))
    visit.refresh_from_db()
    assert visit.status == "cancelled"
    assert client.post(reverse("visits:cancel", args=[visit.pk])).status_code == 302
    assert client.get(reverse("visits:cancel", args=[visit.pk])).status_code == 405
