"""Households of a hamlet, their persons (slots, never identities) and what they agreed to."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from project.lib.clock import now
from project.lib.ids import new_id
from project.lib.secret import EncryptedTextField
from volunteers.access.scoping import ScopedQuerySet
from volunteers.areas.models import Area


class HouseholdQuerySet(ScopedQuerySet):
    # No assignment lookup: a volunteer reaches a household as part of a visit, never by its own page (house.md §6).
    scope_lookups: ClassVar[tuple[str, ...]] = ("hamlet__scope",)

    def pool(self) -> HouseholdQuerySet:
        """Those that may be planned."""
        return self.filter(status=Household.Status.WAITING)


class Household(models.Model):
    """A door: an opaque code, a lane, how to greet. Never a legal name, an ID number or a health fact."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SERVED = "served", _("served")
        REFUSED = "refused", _("does not want visits")
        MOVED = "moved", _("moved away")
        MERGED = "merged", _("merged into another")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(_("Household code"), max_length=24)
    has_made_code = models.BooleanField(default=False)  # made by us: the commune may bring its own code later
    commune = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    hamlet = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="households")
    lane = models.CharField(_("Lane or landmark"), max_length=60)
    lane_folded = models.CharField(max_length=60, db_index=True)
    call_name = EncryptedTextField(_("How to greet"), blank=True, default="")
    same_key = models.CharField(max_length=64, db_index=True)  # keyed digest: rules.same_key
    people = models.PositiveSmallIntegerField(_("People to help"), default=1)
    needs = models.ManyToManyField("learning.Service", related_name="+", blank=True, verbose_name=_("Needs"))
    good_time = models.JSONField(
        _("Good time"), default=list
    )  # [{"days": [0–6, Monday 0], "start": min, "end": min}]; [] any time
    priority = models.PositiveSmallIntegerField(_("Priority"), default=3)
    language = models.CharField(_("Language"), max_length=8, default="vi")
    woman_wanted = models.BooleanField(_("Wants a woman in the crew"), default=False)
    phone = EncryptedTextField(_("Phone"), blank=True, default="")  # only with consent to a call back
    lat = models.FloatField(null=True, blank=True)  # of the lane, 3 decimals (about 100 m)
    lon = models.FloatField(null=True, blank=True)
    lane_order = models.PositiveIntegerField(default=0)
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.WAITING)
    not_home_count = models.PositiveSmallIntegerField(default=0)  # in the running campaign; from 3: call first
    come_back_on = models.DateField(null=True, blank=True)  # a promise: a pinned window of the next plan
    come_back_good_time = models.JSONField(default=list)
    blocker = models.CharField(max_length=16, blank=True, default="")  # the last one met at the door
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        constraints = [
            models.UniqueConstraint(fields=["commune", "code"], name="household_code_once"),
            models.CheckConstraint(condition=Q(people__gte=1) & Q(people__lte=9), name="household_people_1_9"),
            models.CheckConstraint(condition=Q(priority__gte=1) & Q(priority__lte=5), name="household_priority_1_5"),
        ]
        indexes = [
            models.Index(fields=["hamlet", "status"], name="household_pool"),
            models.Index(fields=["commune", "status"], name="household_commune_pool"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def scope_path(self) -> str:
        """The hamlet's scope."""
        return self.hamlet.scope

    @property
    def needs_call_first(self) -> bool:
        """After three times nobody at home: «cần gọi trước»."""
        return self.not_home_count >= 3


class Person(models.Model):
    """A slot of a household (A, B, C): who is counted, without an identity."""

    class AgeBand(models.TextChoices):
        UNKNOWN = "", _("not told")
        U60 = "u60", _("under 60")
        FROM_60 = "60_69", _("60 to 69")
        FROM_70 = "70_79", _("70 to 79")
        FROM_80 = "80_up", _("80 or older")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="persons")
    slot = models.CharField(max_length=3)
    call_name = EncryptedTextField(_("How to greet"), blank=True, default="")
    age_band = models.CharField(_("Age"), max_length=6, choices=AgeBand.choices, blank=True, default="")
    is_refusing_record = models.BooleanField(default=False)  # no consent to help_record: nothing more is stored
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("person")
        constraints = [models.UniqueConstraint(fields=["household", "slot"], name="person_slot_once")]

    def __str__(self) -> str:
        return f"{self.household_id}/{self.slot}"

    @property
    def scope_path(self) -> str:
        """The hamlet's scope."""
        return self.household.hamlet.scope


class Consent(models.Model):
    """One yes or no, by purpose; append-only: a withdrawal is a new row (Law 91/2025, art. 9)."""

    class Purpose(models.TextChoices):
        HELP_RECORD = "help_record", _("keep a record of the help")
        CALL_BACK = "call_back", _("call back")
        FOLLOW_UP = "follow_up", _("ask again later whether it works")

    class Channel(models.TextChoices):
        SPOKEN = "spoken", _("said to a volunteer")
        PAPER = "paper", _("on paper")
        LIST = "list", _("told by the commune's list")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="consents")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="consents")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    is_given = models.BooleanField()
    text_version = models.CharField(max_length=20)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("consent")
        indexes = [models.Index(fields=["person", "purpose", "recorded_at"], name="consent_latest")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.is_given}"


class HouseholdNote(models.Model):
    """A few words for the next crew («chó dữ», «đi cổng sau»): guarded against secrets, never about health."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="notes")
    text = EncryptedTextField(_("Note"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("note")
        indexes = [models.Index(fields=["household", "recorded_at"], name="note_latest")]

    def __str__(self) -> str:
        return f"{self.household_id} {self.recorded_at:%d/%m/%Y}"

    @property
    def scope_path(self) -> str:
        """The hamlet's scope."""
        return self.household.hamlet.scope
