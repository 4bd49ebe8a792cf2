"""The whole province for benches: the small demo, and every other commune filled up to the size of contract §2."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from learning import catalog
from learning.models import Service
from project.accounts.models import User
from project.demo import names
from project.demo.campaigns import DOCUMENT, UNTOUCHED
from project.demo.figures import Figures, Filled
from project.demo.loading import Ids, Table, without_indexes
from project.demo.passwords import DOMAIN, MARK
from project.demo.people import FREE_TIME, before, make_hamlets
from project.demo.plans import PROVINCE, SERVICES, STAFFED, CommunePlan
from project.lib.vietnamese import fold
from volunteers.access.guards import CONDUCT_VERSION
from volunteers.activations.models import Event, Rollup, Standing
from volunteers.areas.models import Area
from volunteers.availability.models import Pattern
from volunteers.households.models import Consent, Household, Person
from volunteers.sessions.models import Crew, Session, SignUp
from volunteers.targets.models import Campaign, Target
from volunteers.teams.models import Membership, Team, new_badge_token
from volunteers.visits.models import Visit

HAMLETS, VOLUNTEERS, HOUSEHOLDS, VISITS, OUTCOMES = 1_900, 20_000, 1_200_000, 3_000_000, 2_000_000
PER_TEAM = 10
BIG = (
    Household, Household.needs.through, Person, Consent, Visit, Session, Crew, Crew.members.through, SignUp, Event,
    Standing, Rollup, User, Membership, Membership.skills.through, Pattern,
)  # fmt: skip
TARGET_TIMES = 25  # a commune's targets, as so many times those of the untouched one


@dataclass
class Share:
    """What one commune gets."""

    hamlets: int
    volunteers: int
    households: int
    visits: int
    outcomes: int


@dataclass
class Filling:
    """One commune while it is filled."""

    commune: Area
    share: Share
    lead: str
    hamlets: list[Area] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    crews: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # team → (membership, user)


def others() -> list[Area]:
    """The communes that the small demo leaves without a team, by code."""
    staffed = [plan.code for plan in STAFFED]
    return list(Area.objects.communes().filter(parent=PROVINCE).exclude(pk__in=staffed).order_by("code"))


def is_filled() -> bool:
    """Whether the province has been filled before."""
    return Team.objects.filter(area__in=[area.pk for area in others()], folded=fold(_team_name(0))).exists()


def seed_province(today: date, factor: float) -> None:
    """Fill every commune that has no team. `factor` (0–1] shrinks all but the number of hamlets.

    One transaction: a run that was broken off leaves nothing behind.
    """
    communes = others()
    with transaction.atomic(), without_indexes([model._meta.db_table for model in BIG]):
        leads = dict(User.objects.filter(email__startswith="lead.").values_list("email", "pk"))
        parts = _shares(len(communes), factor)
        password = User.objects.get(email=MARK).password
        for commune, share in zip(communes, parts, strict=True):
            filling = Filling(commune, share, leads[f"lead.{commune.code}{DOMAIN}"].hex)
            _fill(filling, today, password)
        _targets(communes, factor)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _shares(count: int, factor: float) -> list[Share]:
    """What is missing to the province's size, spread evenly: the sums are exact."""
    scope = Area.objects.get(pk=PROVINCE).scope
    missing = {
        "hamlets": HAMLETS - Area.objects.hamlets().filter(parent__parent=PROVINCE).count(),
        "volunteers": round(VOLUNTEERS * factor) - Membership.objects.current().beneath(scope).count(),
        "households": round(HOUSEHOLDS * factor) - Household.objects.all().beneath(scope).count(),
        "visits": round(VISITS * factor) - Visit.objects.all().beneath(scope).count(),
        "outcomes": round(OUTCOMES * factor) - Event.objects.all().beneath(scope).filter(kind=Event.Kind.CLAIM).count(),
    }
    return [
        Share(**{
            name: max(1, (number + 1) * total // count - number * total // count) for name, total in missing.items()
        })
        for number in range(count)
    ]  # fmt: skip


def _fill(filling: Filling, today: date, password: str) -> None:
    commune, share = filling.commune, filling.share
    number = int(commune.code)
    # Somewhere in the province's middle: no map of ours knows where each commune lies.
    lat, lon = 10.75 + number * 37 % 1150 / 1000, 106.65 + number * 91 % 750 / 1000
    kind = "khu_pho" if commune.kind == Area.Kind.PHUONG else "ap"
    plan = CommunePlan(commune.code, lat, lon, share.hamlets, kind, (), share.volunteers, 0, share.households)
    filling.hamlets = make_hamlets(plan, commune)
    _people(filling, plan, password)
    figures = Figures(
        Filled(
            commune=commune.code, province=PROVINCE, lead=filling.lead, hamlets=filling.hamlets, teams=filling.teams,
            crews=filling.crews, households=share.households, visits=share.visits, outcomes=share.outcomes,
            is_town=plan.is_town,
            services=dict(Service.objects.filter(code__in=SERVICES).values_list("code", "pk")),
        ),
        today,
    )  # fmt: skip
    figures.write()


def _team_name(number: int) -> str:
    return f"Tổ công nghệ số cộng đồng số {number + 1}"


def _people(filling: Filling, plan: CommunePlan, password: str) -> None:
    """Teams of ten with their sign-ins, skills and free time."""
    rng, ids, code = Random(f"go-cua crowd {plan.code}"), Ids(), plan.code
    at = before(240)
    count = max(1, plan.volunteers // PER_TEAM)
    teams = [
        Team(area=filling.commune, name=_team_name(number), folded=fold(_team_name(number)), created_at=at)
        for number in range(count)
    ]
    Team.objects.bulk_create(teams)
    filling.teams = [team.pk.hex for team in teams]
    skills = dict(Service.objects.filter(code__in=SERVICES).values_list("code", "pk"))
    users: list[Any] = []
    members: list[Any] = []
    skill_rows: list[Any] = []
    patterns: list[Any] = []
    for number in range(plan.volunteers):
        user, member, team = ids.take(), ids.take(), filling.teams[number % count]
        is_leader, is_woman = number < count, rng.random() < 0.55
        address = f"leader{number + 1}" if is_leader else f"volunteer{number - count + 1}"
        users.append((user, names.full_name(rng, is_woman=is_woman), f"{address}.{code}{DOMAIN}"))
        members.append((
            member, team, user, "team_leader" if is_leader else "volunteer", number < 4 * count,
            "woman" if is_woman else "man", filling.hamlets[number % len(filling.hamlets)].pk, new_badge_token(),
        ))  # fmt: skip
        filling.crews.setdefault(team, []).append((member, user))
        skill_rows += [(member, skills[name]) for name in rng.sample(SERVICES, 5)]
        patterns += [
            (ids.take(), member, weekday, start, end)
            for weekday, spans in FREE_TIME[number % len(FREE_TIME)].items()
            for start, end in spans
        ]
    fixed = {
        "password": password, "conduct_version": CONDUCT_VERSION, "conduct_accepted_at": at, "date_joined": at,
    }  # fmt: skip
    Table(User, ("id", "name", "email"), fixed).write(users)
    columns = ("id", "team_id", "user_id", "role", "may_lead", "gender", "home_hamlet_id", "badge_token")
    Table(Membership, columns, {"birth_year": 1990, "joined_on": at.date()}).write(members)
    Table(Membership.skills.through, ("membership_id", "service_id")).write(skill_rows)
    Table(Pattern, ("id", "membership_id", "weekday", "start_minute", "end_minute")).write(patterns)


def _targets(communes: list[Area], factor: float) -> None:
    """The filled communes' targets in the province's drive, and the province's own grown by them."""
    campaign = Campaign.objects.get(slug=f"demo-{PROVINCE}")
    goals = catalog.goal_rungs()
    numbers = {code: max(5, round(UNTOUCHED[code] * TARGET_TIMES * factor)) for code in SERVICES}
    Target.objects.bulk_create(
        Target(
            campaign=campaign, area=commune, service_id=code, rung=goals[code], number=numbers[code],
            due_on=campaign.ends_on - timedelta(days=7), document=DOCUMENT, created_by=campaign.created_by,
        )
        for commune in communes
        for code in SERVICES
    )  # fmt: skip
    for code in SERVICES:
        own = Target.objects.current().filter(campaign=campaign, area=PROVINCE, service=code)
        own.update(number=F("number") + numbers[code] * len(communes))
