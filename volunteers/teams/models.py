"""Teams, their members, invitations to join, and trainings passed."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from project.lib.clock import now, today
from project.lib.ids import new_id
from project.lib.secret import EncryptedTextField
from volunteers.access.models import Grant
from volunteers.access.roles import Role
from volunteers.access.scoping import ME, Lookup, ScopedQuerySet
from volunteers.areas.models import Area
from volunteers.teams.rules import is_adult_year


def new_badge_token() -> str:
    """128 random bits, 22 characters: short enough for a small QR code."""
    return secrets.token_urlsafe(16)


class TeamQuerySet(ScopedQuerySet):
    scope_lookups: ClassVar[tuple[str, ...]] = ("area__scope",)
    assignment_lookups: ClassVar[tuple[Lookup, ...]] = (
        {"memberships__user": ME, "memberships__left_on__isnull": True},
    )

    def active(self) -> TeamQuerySet:
        """Teams at work, by name."""
        return self.filter(is_active=True).order_by("name")


class Team(models.Model):
    """A team of a commune: a community digital team, a youth team, a team of the post office …"""

    class Kind(models.TextChoices):
        COMMUNITY_DIGITAL = "community_digital", _("community digital team")
        PROJECT_06 = "project_06", _("Project 06 team")
        YOUTH = "youth", _("youth volunteers")
        POST = "post", _("post office")
        TELECOM = "telecom", _("telecom")
        OTHER = "other", _("other")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(_("Name"), max_length=80)
    folded = models.CharField(max_length=80)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind.choices, default=Kind.COMMUNITY_DIGITAL)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        constraints = [models.UniqueConstraint(fields=["area", "folded"], name="team_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_path(self) -> str:
        """The commune's scope."""
        return self.area.scope

    def assigned_roles(self, user: User) -> set[Role]:
        """What the person is in this team, if a member today."""
        return membership_roles(user, team_id=self.pk)


def membership_roles(user: User, *, team_id: Any) -> set[Role]:
    """The roles that a person holds by membership of one team today; read once per user object."""
    held = getattr(user, "_team_roles", None)
    if held is None:
        held = dict(Membership.objects.filter(user=user, left_on__isnull=True).values_list("team_id", "role"))
        user._team_roles = held  # type: ignore[attr-defined]
    role = held.get(team_id)
    if role is None:
        return set()
    return {Role.TEAM_LEADER, Role.VOLUNTEER} if role == Membership.Roles.LEADER else {Role.VOLUNTEER}


class MembershipQuerySet(ScopedQuerySet):
    scope_lookups: ClassVar[tuple[str, ...]] = ("team__area__scope",)
    assignment_lookups: ClassVar[tuple[Lookup, ...]] = (
        {"team__memberships__user": ME, "team__memberships__left_on__isnull": True},
    )

    def current(self) -> MembershipQuerySet:
        """Members of today."""
        return self.filter(left_on__isnull=True)


class Membership(models.Model):
    """A volunteer: a person in a team, with what the planner must know. One row for each stay."""

    class Roles(models.TextChoices):
        LEADER = Role.TEAM_LEADER.value, _("team leader")
        VOLUNTEER = Role.VOLUNTEER.value, _("volunteer")

    class Gender(models.TextChoices):
        UNKNOWN = "", _("not told")
        WOMAN = "woman", _("woman")
        MAN = "man", _("man")

    class Travel(models.TextChoices):
        WALK = "walk", _("on foot")
        BICYCLE = "bicycle", _("by bicycle")
        MOTORBIKE = "motorbike", _("by motorbike")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("Role"), max_length=12, choices=Roles.choices, default=Roles.VOLUNTEER)
    may_lead = models.BooleanField(_("May lead a crew"), default=False)
    is_officer = models.BooleanField(_("Police officer"), default=False)
    skills = models.ManyToManyField("learning.Service", related_name="+", blank=True, verbose_name=_("Skills"))
    languages = models.JSONField(_("Languages"), default=list)  # codes; Vietnamese is understood
    gender = models.CharField(_("Gender"), max_length=5, choices=Gender.choices, blank=True, default="")
    birth_year = models.PositiveSmallIntegerField(_("Year of birth"), null=True, blank=True)  # only to tell under 18
    home_hamlet = models.ForeignKey(Area, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    travel = models.CharField(_("Travels"), max_length=10, choices=Travel.choices, default=Travel.MOTORBIKE)
    max_visits_per_day = models.PositiveSmallIntegerField(_("Visits a day at most"), default=6)
    max_slots_per_week = models.PositiveSmallIntegerField(_("Sessions a week at most"), default=4)
    badge_token = models.CharField(max_length=43, unique=True, default=new_badge_token, editable=False)
    joined_on = models.DateField(default=today)
    left_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], condition=Q(left_on__isnull=True), name="member_once"),
        ]
        indexes = [models.Index(fields=["user"], condition=Q(left_on__isnull=True), name="member_today")]

    def __str__(self) -> str:
        return f"{self.user} ({self.team})"

    @property
    def scope_path(self) -> str:
        """The commune's scope."""
        return self.team.area.scope

    @property
    def is_adult(self) -> bool:
        """18 or older for certain (the year after the 18th birthday); an unknown year counts as adult: leads vouch."""
        return is_adult_year(self.birth_year, today().year)

    def assigned_roles(self, user: User) -> set[Role]:
        """Towards a membership: its own person is a volunteer, the team's leader a leader."""
        return membership_roles(user, team_id=self.team_id)


class InvitationQuerySet(ScopedQuerySet):
    scope_lookups: ClassVar[tuple[str, ...]] = ("scope",)
    assignment_lookups: ClassVar[tuple[Lookup, ...]] = (
        {
            "team__memberships__user": ME,
            "team__memberships__left_on__isnull": True,
            "team__memberships__role": Role.TEAM_LEADER.value,
        },
    )

    def open(self) -> InvitationQuerySet:
        """Not yet used, not taken back, not too old."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now())


class Invitation(models.Model):
    """The only way to an account: single use, by link (QR) or by an 8-character code."""

    class Roles(models.TextChoices):
        PROVINCE_COORDINATOR = Grant.Roles.PROVINCE_COORDINATOR.value, _("province coordinator")
        COMMUNE_LEAD = Grant.Roles.COMMUNE_LEAD.value, _("commune lead")
        CONTENT_EDITOR = Grant.Roles.CONTENT_EDITOR.value, _("content editor")
        TEAM_LEADER = Role.TEAM_LEADER.value, _("team leader")
        VOLUNTEER = Role.VOLUNTEER.value, _("volunteer")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    role = models.CharField(_("Role"), max_length=24, choices=Roles.choices)
    scope = models.CharField(max_length=64, db_index=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations")
    name = models.CharField(_("Full name"), max_length=120)
    phone = models.CharField(_("Phone"), max_length=16, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    details = models.JSONField(default=dict)  # what the list told of the member: skills, languages, …
    code = EncryptedTextField()  # kept readable: the lead prints it again or reads it out
    code_digest = models.CharField(max_length=64, unique=True)
    token = EncryptedTextField()
    token_digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        constraints = [models.CheckConstraint(condition=Q(scope__endswith="/"), name="invitation_scope_slash")]

    def __str__(self) -> str:
        return f"{self.role} {self.scope}"

    @property
    def scope_path(self) -> str:
        """Where the new role will lie."""
        return self.scope

    def assigned_roles(self, user: User) -> set[Role]:
        """The leader of the team that the invitation is for."""
        return membership_roles(user, team_id=self.team_id) if self.team_id else set()


class TrainingRecord(models.Model):
    """A lesson's quiz passed, or a training held in person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="trainings")
    lesson_number = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    passed_on = models.DateField(default=today)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "lesson_number", "version"], name="training_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.lesson_number}"
