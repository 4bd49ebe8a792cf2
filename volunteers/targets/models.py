"""Campaigns and their targets, as data: by area, team, service and rung."""

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
from volunteers.teams.models import Team


class CampaignQuerySet(ScopedQuerySet):
    scope_lookups: ClassVar[tuple[str, ...]] = ("area__scope",)


class Campaign(models.Model):
    """A drive with first and last day; its area is a province or a commune."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(_("Short name"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="campaigns")
    starts_on = models.DateField(_("First day"))
    ends_on = models.DateField(_("Last day"))
    document = models.CharField(_("Document number"), max_length=60, blank=True)
    slots = models.JSONField(
        default=list
    )  # [{"id": "am", "days": [0–6], "start": min, "end": min}]: the blocks to staff
    required_lessons = models.JSONField(default=list)  # numbers of lessons to pass before the first visit
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_days")]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_path(self) -> str:
        """The area's scope."""
        return self.area.scope


class TargetQuerySet(ScopedQuerySet):
    scope_lookups: ClassVar[tuple[str, ...]] = ("area__scope",)

    def current(self) -> TargetQuerySet:
        """Those in force: a changed target is a new version, the older one stays."""
        return self.filter(superseded_at__isnull=True)


class Target(models.Model):
    """How many persons shall reach a rung of a service: a number, or a percent with its base and source."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="targets")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="targets")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    service = models.ForeignKey("learning.Service", to_field="code", on_delete=models.PROTECT, related_name="+")
    rung = models.CharField(_("Rung"), max_length=12)
    number = models.PositiveIntegerField(_("Number"))  # for a percent: computed from its base when it was set
    percent = models.DecimalField(_("Percent"), max_digits=5, decimal_places=2, null=True, blank=True)
    base = models.PositiveIntegerField(_("Base"), null=True, blank=True)
    base_source = models.CharField(_("Source of the base"), max_length=120, blank=True)
    due_on = models.DateField(_("Due"))
    document = models.CharField(_("Document number"), max_length=60, blank=True)
    reason = models.CharField(_("Reason of the change"), max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "area", "service", "rung"],
                condition=Q(superseded_at__isnull=True, team__isnull=True),
                name="target_one_current",
            ),
            models.UniqueConstraint(
                fields=["campaign", "area", "team", "service", "rung"],
                condition=Q(superseded_at__isnull=True, team__isnull=False),
                name="target_one_current_team",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(base__isnull=False), name="target_percent_has_base"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.rung} {self.number}"

    @property
    def scope_path(self) -> str:
        """The area's scope."""
        return self.area.scope


class OfficialCount(models.Model):
    """What the police or the province published for an area: the third number beside reported and verified."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="official_counts")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey("learning.Service", to_field="code", on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    as_of = models.DateField()
    source = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("official count")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "area", "service", "as_of"], name="official_once"),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.service_id} {self.count}"

    @property
    def scope_path(self) -> str:
        """The area's scope."""
        return self.area.scope
