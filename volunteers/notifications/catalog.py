"""What becomes a notice: audit action → who should know, in which words, leading where.

Words are neutral: never a resident's name, lane or number (they travel by e-mail and over shoulders, threat T28).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from volunteers.access.models import Grant
from volunteers.access.roles import Role
from volunteers.activations.models import Event
from volunteers.areas.models import Area, ImportRun
from volunteers.audit.models import AuditEntry
from volunteers.planning.models import PlanRun
from volunteers.requests.models import HelpRequest
from volunteers.sessions.models import Session
from volunteers.teams.models import Membership
from volunteers.visits.models import Visit

Words = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of notice. `who` and `words` get the row that the entry speaks of, and the entry."""

    action: str
    label: Promise
    model: type[Model]
    who: Callable[[Any, AuditEntry], Iterable[User]]
    words: Callable[[Any, AuditEntry], Words]
    where: Callable[[Any, AuditEntry], str]
    tells_actor: bool = False  # for work that was ordered and ends by itself

    @property
    def templates(self) -> tuple[str, str]:
        """Subject and body."""
        stem = f"volunteers/notifications/{self.action.replace('.', '_')}"
        return f"{stem}_subject.txt", f"{stem}_body.txt"


def address(name: str, *args: Any) -> str:
    """The path of a page; '' where this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def leads_of(scope: str) -> QuerySet[User]:
    """The commune leads whose grant covers the place (never the coordinators above: they would drown)."""
    parts = scope.strip("/").split("/")
    above = ["/".join(parts[:count]) + "/" for count in range(1, len(parts) + 1)]
    grants = Grant.objects.filter(role=Role.COMMUNE_LEAD.value, scope__in=above)
    return User.objects.filter(pk__in=grants.values("user"))


def leaders_of(team_id: Any) -> QuerySet[User]:
    """The leaders of a team today; nobody for None."""
    rows = Membership.objects.current().filter(team_id=team_id, role=Membership.Roles.LEADER)
    return User.objects.filter(pk__in=rows.values("user"))


def crew_of(visit: Visit) -> QuerySet[User]:
    """Who goes to this door; without a crew the leaders of the team, who will form one."""
    if visit.crew_id is None:
        return leaders_of(visit.team_id)
    rows = Membership.objects.current().filter(crews=visit.crew_id)
    return User.objects.filter(pk__in=rows.values("user"))


def planned_people(run: PlanRun) -> QuerySet[User]:
    """Everybody who goes out with a crew that the published plan gave visits."""
    with_visits = Visit.objects.filter(session__plan_id=run.pk, crew__isnull=False).values("crew")
    rows = Membership.objects.current().filter(crews__in=with_visits)
    return User.objects.filter(pk__in=rows.values("user"))


def claim_of(event: Event) -> Event:
    """The claim that an answer speaks of."""
    return event.claim or event


def place_of(scope: str) -> str:
    """The name of the commune or province at a scope."""
    area = Area.objects.filter(scope=scope).first()
    return str(area) if area else ""


def home_of_run(run: ImportRun) -> str:
    """The page of an import, or the list that it filled."""
    lists = {
        ImportRun.Kind.VOLUNTEERS: "teams:invitations",
        ImportRun.Kind.HOUSEHOLDS: "households:list",
        ImportRun.Kind.TARGETS: "targets:list",
    }
    return address("households:import_detail", run.pk) or address(lists.get(ImportRun.Kind(run.kind), "teams:home"))


def _person(user_id: Any) -> QuerySet[User]:
    return User.objects.filter(pk=user_id)


def _of_visit(visit: Visit, entry: AuditEntry) -> Words:
    return {"starts_at": visit.planned_start, "hamlet": visit.household.hamlet.full_name}


KINDS: dict[str, Kind] = {
    kind.action: kind
    for kind in (
        Kind(
            "request.received",
            _("A help request has come in"),
            HelpRequest,
            lambda row, entry: leads_of(row.area.scope),
            lambda row, entry: {"code": row.code, "place": (row.hamlet or row.area).full_name},
            lambda row, entry: address("requests:detail", row.pk) or address("requests:list"),
        ),
        Kind(
            "request.assigned",
            _("A help request was given to my team"),
            HelpRequest,
            lambda row, entry: leaders_of(row.team_id),
            lambda row, entry: {"code": row.code, "day": row.comes_on, "place": (row.hamlet or row.area).full_name},
            lambda row, entry: address("requests:detail", row.pk) or address("requests:list"),
        ),
        Kind(
            "plan.published",
            _("A plan with visits for me was published"),
            PlanRun,
            lambda run, entry: planned_people(run),
            lambda run, entry: {"from_on": run.from_on, "to_on": run.to_on},
            lambda run, entry: address("visits:today"),
        ),
        Kind(
            "visit.cancelled",
            _("A visit of my crew was cancelled"),
            Visit,
            lambda visit, entry: crew_of(visit),
            _of_visit,
            lambda visit, entry: address("visits:today"),
        ),
        Kind(
            "visit.rescheduled",
            _("A visit of my crew was moved"),
            Visit,
            lambda visit, entry: crew_of(visit),
            _of_visit,
            lambda visit, entry: address("visits:today"),
        ),
        Kind(
            "member.joined",
            _("Somebody has joined a team of mine"),
            Membership,
            lambda member, entry: leaders_of(member.team_id) | leads_of(member.team.area.scope),
            lambda member, entry: {"name": member.user.name, "team": member.team.name},
            lambda member, entry: address("teams:detail", member.team_id),
        ),
        Kind(
            "import.finished",
            _("A list that I brought has been taken in"),
            ImportRun,
            lambda run, entry: _person(run.created_by_id),
            lambda run, entry: {"kind": run.get_kind_display(), "place": run.area.full_name},
            lambda run, entry: home_of_run(run),
            tells_actor=True,
        ),
        Kind(
            "outcome.rejected",
            _("A result of mine was rejected"),
            Event,
            lambda event, entry: _person(claim_of(event).recorded_by_id),
            lambda event, entry: {"day": claim_of(event).day, "service": claim_of(event).service.name},
            lambda event, entry: address("visits:today"),
        ),
        Kind(
            "grant.given",
            _("I was given a role"),
            Grant,
            lambda row, entry: _person(row.user_id),
            lambda row, entry: {"role": row.get_role_display(), "place": place_of(row.scope)},
            lambda row, entry: address("teams:home"),
        ),
        Kind(
            "session.safety_raised",
            _("Somebody out there does not feel safe"),
            Session,
            lambda session, entry: leaders_of(session.team_id) | leads_of(session.area.scope),
            lambda session, entry: {"team": session.team.name if session.team else session.area.full_name},
            lambda session, entry: address("sessions:detail", session.pk),
        ),
    )
}
