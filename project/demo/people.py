"""Who works in the demo: sign-ins, grants, hamlets, teams, members with skills, languages and free time."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import cos, pi, sin
from random import Random

from learning import catalog
from learning.models import Service
from project.accounts.models import User
from project.demo import names
from project.demo.passwords import DOMAIN, MARK
from project.demo.plans import EMPTY, PROVINCE, SERVICES, CommunePlan
from project.lib.clock import now, today
from project.lib.vietnamese import fold
from volunteers.access.actions import grant
from volunteers.access.guards import CONDUCT_VERSION
from volunteers.access.models import Grant
from volunteers.access.roles import Role
from volunteers.areas.adapter import dated_name
from volunteers.areas.importers import hamlet_row
from volunteers.areas.models import Area, AreaName
from volunteers.availability.models import Pattern
from volunteers.teams.models import Membership, Team, TrainingRecord

MORNING, AFTERNOON, LATE = (480, 690), (810, 1050), (810, 1260)  # availability.rules.BLOCKS; the last two joined
EVENING = (1050, 1260)
FREE_TIME = (  # the weeks of different people: weekday → intervals
    {0: (MORNING,), 2: (MORNING,), 4: (MORNING,), 6: (MORNING, AFTERNOON)},
    dict.fromkeys(range(5), (EVENING,)) | {5: (MORNING, AFTERNOON), 6: (MORNING,)},
    {1: (MORNING, AFTERNOON), 3: (MORNING, AFTERNOON), 5: (MORNING,)},
    dict.fromkeys(range(5), (MORNING, AFTERNOON)),
    {5: (MORNING, LATE), 6: (MORNING, LATE)},
)
ALWAYS = dict.fromkeys(range(7), (MORNING, LATE))


@dataclass
class Staff:
    """Everybody and everything of one staffed commune before the first door."""

    plan: CommunePlan
    commune: Area
    lead: User
    hamlets: list[Area] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    members: list[Membership] = field(default_factory=list)  # in the order of their sign-ins, leaders first

    def of_team(self, number: int) -> list[Membership]:
        """The members of one team, its leader first."""
        return [member for member in self.members if member.team_id == self.teams[number].pk]


def make_account(name: str, address: str, password: str, at: datetime) -> User:
    """A demo user, not saved; `password` is the hash that all of them share."""
    return User(
        name=name, email=f"{address}{DOMAIN}", password=password, conduct_version=CONDUCT_VERSION,
        conduct_accepted_at=at, date_joined=at,
    )  # fmt: skip


def seat_leads(password: str, at: datetime) -> dict[str, User]:
    """The province's coordinator and editor, and a lead for each commune of the province: commune code → lead."""
    rng = Random("go-cua leads")
    province = Area.objects.get(pk=PROVINCE)
    coordinator = make_account("Hoàng Thu Duyên", MARK.removesuffix(DOMAIN), password, at)
    editor = make_account("Phan Bích Vân", "editor", password, at)
    leads: dict[str, User] = {}
    communes = list(Area.objects.communes().filter(parent=province).order_by("code"))
    for number, commune in enumerate(communes):
        name = names.full_name(rng, is_woman=number % 2 == 0)
        leads[commune.code] = make_account(name, f"lead.{commune.code}", password, at)
    User.objects.bulk_create([coordinator, editor, *leads.values()])
    grant(coordinator, Role.PROVINCE_COORDINATOR, province.scope, by=None)  # the verb keeps Wagtail's groups in step
    grant(editor, Role.CONTENT_EDITOR, province.scope, by=None)
    Grant.objects.bulk_create(
        Grant(user=leads[commune.code], role=Role.COMMUNE_LEAD.value, scope=commune.scope, granted_by=coordinator)
        for commune in communes
    )
    return leads


def seat_commune(plan: CommunePlan, lead: User, password: str, at: datetime) -> Staff:
    """Hamlets, teams and members of a staffed commune. Hamlets and teams that are there already stay as they are."""
    commune = Area.objects.select_related("parent").get(pk=plan.code)
    staff = Staff(plan, commune, lead)
    staff.hamlets = make_hamlets(plan, commune)
    staff.teams = make_teams(plan, commune, at)
    _seat_members(staff, password, at)
    return staff


def make_hamlets(plan: CommunePlan, commune: Area, count: int = 0) -> list[Area]:
    """The hamlets h1 … of the plan (or the first `count`), those of the database where the code is taken."""
    rng = Random(f"go-cua hamlets {plan.code}")
    known = Area.objects.filter(parent=commune).in_bulk()
    hamlets, made = [], []
    for number in range(1, (count or plan.hamlets) + 1):
        lat, lon = _place(plan, number, rng)
        facts = {
            "lat": lat, "lon": lon, "household_count": rng.randrange(90, 420),
            "network": rng.choice(("4g", "4g", "4g", "5g") if plan.is_town else ("4g", "4g", "4g", "3g")),
        }  # fmt: skip
        if plan.code == "25396" and number in (9, 11):
            facts["network"] = ("2g", "none")[number // 10]  # a bauxite plateau with holes in the network
        name = names.HAMLETS[number - 7] if plan.is_named and number > 6 else str(number)
        hamlet = hamlet_row(commune, f"h{number}", kind=plan.hamlet_kind, name=name, **facts)
        if hamlet.code not in known:
            made.append(hamlet)
        hamlets.append(known.get(hamlet.code, hamlet))
    Area.objects.bulk_create(made)
    AreaName.objects.bulk_create(dated_name(hamlet, date(2025, 7, 1)) for hamlet in made)
    return hamlets


def _place(plan: CommunePlan, number: int, rng: Random) -> tuple[float, float]:
    """Points on a sunflower's spiral around the commune's middle: 0.5 to 6 km away, in town a third of that."""
    far = (0.010 if plan.is_town else 0.028) * (0.5 + number**0.5 / 2.5) + rng.uniform(0, 0.003)
    turn = number * pi * (3 - 5**0.5)
    return round(plan.lat + far * sin(turn), 3), round(plan.lon + far * cos(turn), 3)


def make_teams(plan: CommunePlan, commune: Area, at: datetime) -> list[Team]:
    """The teams of the plan, by name."""
    known = {team.folded: team for team in Team.objects.filter(area=commune)}
    wanted = [
        Team(area=commune, name=item.name, folded=fold(item.name), kind=item.kind, created_at=at) for item in plan.teams
    ]
    Team.objects.bulk_create(team for team in wanted if team.folded not in known)
    return [known.get(team.folded, team) for team in wanted]


def _seat_members(staff: Staff, password: str, at: datetime) -> None:
    """Leaders and volunteers with all that the planner wants to know of them."""
    plan, rng = staff.plan, Random(f"go-cua people {staff.plan.code}")
    leaders, taken = len(staff.teams), set()
    for number in range(plan.volunteers):
        is_leader = number < leaders
        is_woman = rng.random() < 0.55
        language = plan.language if plan.language and number % 4 in (1, 2) and number % 3 else ""
        while (name := names.full_name(rng, is_woman=is_woman, language=language)) in taken:
            continue
        taken.add(name)
        address = f"leader{number + 1}" if is_leader else f"volunteer{number - leaders + 1}"
        user = make_account(name, f"{address}.{plan.code}", password, at)
        # The young ones of the youth team: a pupil may come along, never lead.
        year = today().year - (17 if plan.is_lively and number == plan.volunteers - 2 else rng.randrange(20, 58))
        staff.members.append(
            Membership(
                team=staff.teams[number % leaders],
                user=user,
                role=Membership.Roles.LEADER if is_leader else Membership.Roles.VOLUNTEER,
                may_lead=number < plan.crew_leads,
                is_officer=plan.is_lively and number == leaders + 3,  # of the Project 06 team
                languages=[language] if language else [],
                gender=Membership.Gender.WOMAN if is_woman else Membership.Gender.MAN,
                birth_year=year,
                home_hamlet=staff.hamlets[number % len(staff.hamlets)],
                travel=("motorbike", "motorbike", "bicycle", "walk")[number % 4],
                joined_on=at.date(),
            )
        )
    User.objects.bulk_create(member.user for member in staff.members)
    Membership.objects.bulk_create(staff.members)
    _give_skills(staff, rng)
    _give_free_time(staff)
    _give_training(staff, at)


def _give_skills(staff: Staff, rng: Random) -> None:
    """Crew leads help with everything; the others with four to seven services; everybody warns of scams."""
    ids = dict(Service.objects.filter(code__in=SERVICES).values_list("code", "pk"))
    through = Membership.skills.through
    rows = []
    for member in staff.members:
        chosen = SERVICES if member.may_lead else ("safety", *rng.sample(SERVICES[:-1], rng.randrange(3, 7)))
        rows += [through(membership_id=member.pk, service_id=ids[code]) for code in chosen]
    through.objects.bulk_create(rows)


def _give_free_time(staff: Staff) -> None:
    """The weekly pattern of each member."""
    Pattern.objects.bulk_create(
        Pattern(membership=member, weekday=weekday, start_minute=start, end_minute=end)
        for number, member in enumerate(staff.members)
        for weekday, spans in (ALWAYS if staff.plan.is_always_free else FREE_TIME[number % len(FREE_TIME)]).items()
        for start, end in spans
    )


def _give_training(staff: Staff, at: datetime) -> None:
    """Most have passed the lesson of each service that has one."""
    lessons = sorted({card.lesson_number for card in catalog.services() if card.lesson_number is not None})
    TrainingRecord.objects.bulk_create(
        TrainingRecord(
            user=member.user,
            lesson_number=lesson,
            passed_on=(at + timedelta(days=number % 6)).date(),
            recorded_by=staff.lead,
        )
        for number, member in enumerate(staff.members)
        for lesson in lessons
        if staff.plan.code == EMPTY or number % 4 != 3
    )


def before(days: int) -> datetime:
    """That many days ago at this hour: when people and rows of the past were made."""
    return now() - timedelta(days=days)
