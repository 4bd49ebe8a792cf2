"""Runs of the planner and what they propose."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from project.lib.clock import now
from project.lib.ids import new_id
from volunteers.access.scoping import ScopedQuerySet
from volunteers.areas.models import Area


class PlanRunQuerySet(ScopedQuerySet):
    scope_lookups: ClassVar[tuple[str, ...]] = ("area__scope",)


class PlanRun(models.Model):
    """One order to the planner: a commune, some days, a budget. The row is the queue."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("being worked out")
        DONE = "done", _("proposal ready")
        FAILED = "failed", _("stopped by a fault")
        PUBLISHED = "published", _("published")
        DISCARDED = "discarded", _("discarded")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField(_("From"))
    to_on = models.DateField(_("To"))
    seconds = models.PositiveSmallIntegerField(default=10)
    seed = models.PositiveIntegerField(default=1)
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.QUEUED)
    is_stop_asked = models.BooleanField(default=False)
    progress = models.JSONField(default=list)  # [{"seconds", "iterations", "objective"}], the best-so-far curve
    message = models.CharField(max_length=300, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = PlanRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan")
        constraints = [models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="plan_days")]
        indexes = [models.Index(fields=["status", "requested_at"], name="plan_queue")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.from_on}–{self.to_on}"

    @property
    def scope_path(self) -> str:
        """The commune's scope."""
        return self.area.scope


class Proposal(models.Model):
    """The problem that was posed and the plan that came back, in the planner's own JSON."""

    run = models.OneToOneField(PlanRun, on_delete=models.CASCADE, primary_key=True, related_name="proposal")
    problem = models.JSONField()
    plan = models.JSONField()
    baseline = models.JSONField(default=dict)  # metrics of the plan by hand, shown beside
    violations = models.JSONField(default=list)  # from the independent checker; publishing demands none
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.run_id)
