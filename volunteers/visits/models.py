"""The visit: it joins a household to a session, to the team answerable and to a crew."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from project.lib.clock import now
from project.lib.ids import new_id
from volunteers.access.roles import Role
from volunteers.access.scoping import ME, Lookup, ScopedQuerySet
from volunteers.households.models import Household
from volunteers.requests.models import HelpRequest
from volunteers.sessions.models import Crew, Session
from volunteers.teams.models import Team, membership_roles
from volunteers.visits import states

LOOK_BACK = timedelta(days=7)  # an old visit closes for its crew: leaving a team ends the sight of doors
LOOK_AHEAD = timedelta(days=21)


class VisitQuerySet(ScopedQuerySet):
    scope_lookups: ClassVar[tuple[str, ...]] = ("household__hamlet__scope",)
    assignment_lookups: ClassVar[tuple[Lookup, ...]] = (
        {"crew__members__user": ME, "crew__members__left_on__isnull": True},
        {
            "team__memberships__user": ME,
            "team__memberships__left_on__isnull": True,
            "team__memberships__role": Role.TEAM_LEADER.value,
        },
        {"taken_by": ME, "team__memberships__user": ME, "team__memberships__left_on__isnull": True},
    )

    def by_assignment(self, user: User) -> Q:
        """Only the days from 7 back to 21 ahead (house.md §6)."""
        window = Q(planned_start__gte=now() - LOOK_BACK, planned_start__lte=now() + LOOK_AHEAD)
        return super().by_assignment(user) & window

    def recordable_by(self, user: User) -> Self:
        """Those the person may write a result of, whatever their day: records of a phone may come weeks late."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(self.by_area(user) | super().by_assignment(user))

    def in_walking_order(self) -> Self:
        """As the crew walks."""
        return self.order_by("planned_start", "position")


class Visit(models.Model):
    """One knock on one door."""

    class Kind(models.TextChoices):
        PLANNED = "planned", _("planned")
        WALK_IN = "walk_in", _("walk-in")

    class Status(models.TextChoices):
        PLANNED = states.PLANNED, _("planned")
        STARTED = states.STARTED, _("under way")
        COMPLETED = states.COMPLETED, _("completed")
        MISSED = states.MISSED, _("nobody at home or put off")
        CANCELLED = states.CANCELLED, _("cancelled")

    class Result(models.TextChoices):
        NONE = "", _("not yet")
        DONE = "done", _("done")
        NOT_HOME = "not_home", _("nobody at home")
        COME_BACK = "come_back", _("come back later")
        REFUSED = "refused", _("does not want visits")
        MOVED_AWAY = "moved_away", _("moved away")
        CANNOT_SERVE = "cannot_serve", _("could not be helped")
        NOT_REACHED = "not_reached", _("not reached")

    class Blocker(models.TextChoices):
        NONE = "", _("none")
        NO_PHONE = "no_phone", _("no smartphone")
        NO_SIGNAL = "no_signal", _("no signal")
        SIM_NOT_OWN = "sim_not_own", _("SIM card not in own name")
        NO_CHIP_CARD = "no_chip_card", _("no chip card yet")
        NEEDS_POLICE = "needs_police", _("needs the police first")
        FORGOT_PASSWORD = "forgot_password", _("forgot the password")
        OTHER = "other", _("something else")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PLANNED)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="visits")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="visits")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="visits")
    crew = models.ForeignKey(Crew, on_delete=models.SET_NULL, null=True, blank=True, related_name="visits")
    request = models.ForeignKey(HelpRequest, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    planned_start = models.DateTimeField()
    planned_end = models.DateTimeField()
    assigned_at = models.DateTimeField(default=now)  # when it last went to other people: late phones are judged by it
    taken_by = models.ForeignKey(  # who took a walk-in: there may be no crew
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.PLANNED)
    result = models.CharField(_("Result"), max_length=12, choices=Result.choices, blank=True, default="")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    faces = models.PositiveSmallIntegerField(null=True, blank=True)  # 1–3, given by the resident
    blocker = models.CharField(max_length=16, choices=Blocker.choices, blank=True, default="")
    unnamed_services = models.JSONField(default=list)  # shown to people who wanted no record; never in a target
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now, db_index=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "household"],
                condition=~Q(status="cancelled") & Q(kind="planned"),  # who comes twice is taken twice
                name="visit_once_a_session",
            ),
            models.CheckConstraint(
                condition=Q(faces__isnull=True) | Q(faces__gte=1, faces__lte=3), name="visit_faces_1_3"
            ),
        ]
        indexes = [
            models.Index(fields=["crew", "planned_start"], name="visit_crew_time"),
            models.Index(fields=["team", "planned_start"], name="visit_team_time"),
            models.Index(fields=["household", "planned_start"], name="visit_household_time"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.planned_start:%d/%m/%Y}"

    @property
    def scope_path(self) -> str:
        """The hamlet's scope."""
        return self.household.hamlet.scope

    def assigned_roles(self, user: User) -> set[Role]:
        """The team's leader, and the crew's members; nobody else of the team."""
        roles = membership_roles(user, team_id=self.team_id)
        if Role.TEAM_LEADER in roles:
            return roles
        if self.taken_by_id == user.pk and roles:
            return {Role.VOLUNTEER}
        crew = self.crew
        if crew is not None and crew.members.filter(user=user, left_on__isnull=True).exists():
            return {Role.VOLUNTEER}
        return set()
