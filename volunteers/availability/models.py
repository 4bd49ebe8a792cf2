"""When a volunteer is free: a weekly pattern and exceptions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from project.lib.ids import new_id
from volunteers.access.roles import Role
from volunteers.access.scoping import ME, Lookup, ScopedQuerySet
from volunteers.teams.models import Membership, membership_roles


class AvailabilityQuerySet(ScopedQuerySet):
    scope_lookups: ClassVar[tuple[str, ...]] = ("membership__team__area__scope",)
    assignment_lookups: ClassVar[tuple[Lookup, ...]] = (
        "membership__user",
        {
            "membership__team__memberships__user": ME,
            "membership__team__memberships__left_on__isnull": True,
            "membership__team__memberships__role": Role.TEAM_LEADER.value,
        },
    )


class Pattern(models.Model):
    """Free every week on that weekday (Monday 0) between two minutes of the day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="patterns")
    weekday = models.PositiveSmallIntegerField()
    start_minute = models.PositiveSmallIntegerField()
    end_minute = models.PositiveSmallIntegerField()

    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("weekly free time")
        constraints = [
            models.UniqueConstraint(fields=["membership", "weekday", "start_minute"], name="pattern_once"),
            models.CheckConstraint(
                condition=Q(end_minute__gt=F("start_minute"), end_minute__lte=1440, weekday__lte=6),
                name="pattern_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.start_minute}-{self.end_minute}"


class AvailabilityException(models.Model):
    """One day that differs: not free at all, or free at other hours."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="exceptions")
    day = models.DateField(_("Day"))
    is_free = models.BooleanField(default=False)
    start_minute = models.PositiveSmallIntegerField(default=0)
    end_minute = models.PositiveSmallIntegerField(default=1440)

    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        verbose_name = _("exception")
        constraints = [
            models.CheckConstraint(
                condition=Q(end_minute__gt=F("start_minute"), end_minute__lte=1440), name="exception_sane"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"

    @property
    def scope_path(self) -> str:
        """The commune's scope."""
        return self.membership.scope_path

    def assigned_roles(self, user: User) -> set[Role]:
        """The volunteer in person, or the team's leader."""
        return membership_roles(user, team_id=self.membership.team_id)
