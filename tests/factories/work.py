"""Services, households, sessions, crews and visits."""

import itertools
from datetime import datetime, timedelta

from learning.models import Service
from project.lib.clock import now
from project.lib.vietnamese import fold
from volunteers.areas.models import Area
from volunteers.households.models import Household, Person
from volunteers.sessions.models import Crew, Session
from volunteers.teams.models import Membership, Team
from volunteers.visits.models import Visit

_numbers = itertools.count(1)


def make_service(code: str = "vneid_l2", **overrides: object) -> Service:
    """A service of the catalogue; the same code again returns the one that is there."""
    values: dict[str, object] = {
        "name_vi": code,
        "name_en": code,
        "goal_rung": "briefed" if code == "safety" else "activated",
    } | overrides
    service, _made = Service.objects.get_or_create(code=code, defaults=values)
    return service


def make_household(hamlet: Area, **overrides: object) -> Household:
    """A household in the pool."""
    number = next(_numbers)
    lane = f"Ngõ {number}"
    values: dict[str, object] = {
        "code": f"H-{number:04}",
        "commune": hamlet.commune,
        "hamlet": hamlet,
        "lane": lane,
        "lane_folded": fold(lane),
        "call_name": "bà Tư",
        "same_key": f"{number:064}",
    } | overrides
    return Household.objects.create(**values)


def make_person(household: Household, slot: str = "A", **overrides: object) -> Person:
    """A person's slot."""
    return Person.objects.create(household=household, slot=slot, **overrides)


def make_session(
    area: Area, team: Team | None = None, *, starts_at: datetime | None = None, **overrides: object
) -> Session:
    """A round of three hours that begins in an hour."""
    start = starts_at or now() + timedelta(hours=1)
    values: dict[str, object] = {
        "kind": "round",
        "area": area,
        "team": team,
        "starts_at": start,
        "ends_at": start + timedelta(hours=3),
    } | overrides
    return Session.objects.create(**values)


def make_crew(session: Session, *members: Membership) -> Crew:
    """The first member leads."""
    crew = Crew.objects.create(session=session, number=session.crews.count() + 1, leader=members[0])
    crew.members.set(members)
    return crew


def make_visit(session: Session, household: Household, crew: Crew | None = None, **overrides: object) -> Visit:
    """A planned visit of half an hour."""
    values: dict[str, object] = {
        "session": session,
        "household": household,
        "crew": crew,
        "team": session.team,
        "planned_start": session.starts_at,
        "planned_end": session.starts_at + timedelta(minutes=30),
    } | overrides
    return Visit.objects.create(**values)
