"""Help requests: a place, a topic, a call-back phone and a time; a request knows no household."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from project.lib.clock import now
from project.lib.ids import new_id
from project.lib.secret import EncryptedTextField
from volunteers.access.roles import Role
from volunteers.access.scoping import ME, Lookup, ScopedQuerySet
from volunteers.areas.models import Area
from volunteers.requests import states
from volunteers.teams.models import Team, membership_roles


class HelpRequestQuerySet(ScopedQuerySet):
    scope_lookups: ClassVar[tuple[str, ...]] = ("area__scope",)
    assignment_lookups: ClassVar[tuple[Lookup, ...]] = (
        {
            "team__memberships__user": ME,
            "team__memberships__left_on__isnull": True,
            "team__memberships__role": Role.TEAM_LEADER.value,
        },
    )

    def open(self) -> HelpRequestQuerySet:
        """Those that somebody still waits for, oldest first."""
        return self.filter(status__in=[states.RECEIVED, states.ASSIGNED]).order_by("received_at")


class HelpRequest(models.Model):
    """What an elder asked for. Public by its random code only."""

    class Status(models.TextChoices):
        RECEIVED = states.RECEIVED, _("received")
        ASSIGNED = states.ASSIGNED, _("assigned")
        DONE = states.DONE, _("done")
        CANCELLED = states.CANCELLED, _("cancelled")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(_("Code"), max_length=12, unique=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")  # the commune
    hamlet = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    topic = models.CharField(_("What for"), max_length=24)  # a service's code, or 'other'
    phone = EncryptedTextField(_("Phone"))
    good_time = models.CharField(_("When"), max_length=16, blank=True)  # morning, afternoon, evening, sunday, any
    lesson_number = models.PositiveIntegerField(null=True, blank=True)
    step = models.CharField(max_length=40, blank=True)
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.RECEIVED)
    received_at = models.DateTimeField(default=now)
    assigned_at = models.DateTimeField(null=True, blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    comes_on = models.DateField(null=True, blank=True)
    comes_names = models.CharField(max_length=120, blank=True)  # given names only, shown on the public page
    done_at = models.DateTimeField(null=True, blank=True)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("help request")
        indexes = [models.Index(fields=["area", "status", "received_at"], name="request_open")]

    def __str__(self) -> str:
        return self.code

    @property
    def scope_path(self) -> str:
        """The commune's scope."""
        return self.area.scope

    def assigned_roles(self, user: User) -> set[Role]:
        """The leader of the team that it was given to."""
        return membership_roles(user, team_id=self.team_id) if self.team_id else set()
