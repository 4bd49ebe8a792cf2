"""Sessions: every scheduled block of work, of every kind; sign-ups and crews; days off."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from project.lib.clock import now
from project.lib.ids import new_id
from volunteers.access.roles import Role
from volunteers.access.scoping import ME, Lookup, ScopedQuerySet
from volunteers.areas.models import Area
from volunteers.teams.models import Membership, Team, membership_roles


class Holiday(models.Model):
    """A day off, with its name and source; a province may add its own."""

    day = models.DateField(_("Day"))
    name = models.CharField(_("Name"), max_length=80)
    source = models.CharField(_("Source"), max_length=120, blank=True)
    province = models.ForeignKey(Area, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["day"], condition=Q(province__isnull=True), name="holiday_national_once"),
            models.UniqueConstraint(fields=["day", "province"], name="holiday_province_once"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"


class SessionQuerySet(ScopedQuerySet):
    scope_lookups: ClassVar[tuple[str, ...]] = ("area__scope",)
    assignment_lookups: ClassVar[tuple[Lookup, ...]] = (
        {"team__memberships__user": ME, "team__memberships__left_on__isnull": True},
        {"crews__members__user": ME, "crews__members__left_on__isnull": True},
    )


class Session(models.Model):
    """A scheduled block of work (never a login session)."""

    class Kind(models.TextChoices):
        ROUND = "round", _("door-to-door round")
        MOBILE_DAY = "mobile_day", _("mobile day")
        SUNDAY = "sunday", _("Sunday close to the people")
        LEVEL2_DRIVE = "level2_drive", _("level-2 drive with the police")
        COUNTER_SHIFT = "counter_shift", _("shift at a service counter")
        MARKET_DAY = "market_day", _("market day")

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        CANCELLED = "cancelled", _("cancelled")
        CLOSED = "closed", _("closed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(_("Kind"), max_length=16, choices=Kind.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")  # the commune
    hamlet = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions")
    title = models.CharField(_("Name of the session"), max_length=120, blank=True)
    place = models.CharField(_("Place"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("Starts"))
    ends_at = models.DateTimeField(_("Ends"))
    capacity = models.PositiveSmallIntegerField(_("Places"), null=True, blank=True)
    is_public = models.BooleanField(_("Shown in the public calendar"), default=False)
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    plan_id = models.UUIDField(null=True, blank=True, db_index=True)  # the published proposal it came from
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_times")]
        indexes = [
            models.Index(fields=["area", "starts_at"], name="session_area_time"),
            models.Index(fields=["team", "starts_at"], name="session_team_time"),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.get_kind_display()} {self.starts_at:%d/%m/%Y}"

    @property
    def scope_path(self) -> str:
        """The commune's scope."""
        return self.area.scope

    def assigned_roles(self, user: User) -> set[Role]:
        """Members of the session's team, and those who go out with one of its crews."""
        roles = membership_roles(user, team_id=self.team_id) if self.team_id else set()
        if not roles and self.crews.filter(members__user=user, members__left_on__isnull=True).exists():
            roles = {Role.VOLUNTEER}
        return roles


class SignUp(models.Model):
    """A member's place in a session, or the place on its waiting list."""

    class Status(models.TextChoices):
        GOING = "going", _("going")
        WAITING = "waiting", _("on the waiting list")
        LEFT = "left", _("cancelled")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="signups")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="signups")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.GOING)
    signed_up_at = models.DateTimeField(default=now)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    checked_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("sign-up")
        constraints = [models.UniqueConstraint(fields=["session", "membership"], name="signup_once")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.membership_id} {self.status}"

    @property
    def scope_path(self) -> str:
        """The commune's scope."""
        return self.session.area.scope


class Crew(models.Model):
    """The people of one session who go out together."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="crews")
    number = models.PositiveSmallIntegerField()
    leader = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    members = models.ManyToManyField(Membership, related_name="crews")  # the leader among them

    class Meta:
        verbose_name = _("crew")
        constraints = [models.UniqueConstraint(fields=["session", "number"], name="crew_number_once")]
        ordering = ["session", "number"]

    def __str__(self) -> str:
        return f"{self.session_id} {self.number}"

    @property
    def scope_path(self) -> str:
        """The commune's scope."""
        return self.session.area.scope
