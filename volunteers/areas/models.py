"""Places: province → commune → hamlet, keyed on the code; names with dates; what became of merged ones; imports."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from project.lib.clock import now
from project.lib.ids import new_id
from volunteers.access.roles import ROOT_SCOPE, Role
from volunteers.access.scoping import ScopedQuerySet


class AreaQuerySet(ScopedQuerySet):
    scope_lookups: ClassVar[tuple[str, ...]] = ("scope",)

    def provinces(self) -> AreaQuerySet:
        """Those in force, in the order of their names."""
        return self.filter(level=Area.Level.PROVINCE, retired_on__isnull=True).order_by("sort_key")

    def communes(self) -> AreaQuerySet:
        """Those in force, in the order of their names."""
        return self.filter(level=Area.Level.COMMUNE, retired_on__isnull=True).order_by("sort_key")

    def hamlets(self) -> AreaQuerySet:
        """Those in force, in the order of their own numbers; without the unlisted «Chưa rõ thôn»."""
        return self.filter(level=Area.Level.HAMLET, retired_on__isnull=True, is_unlisted=False).order_by("sort_key")


class Area(models.Model):
    """A place. The official code is the key: names change under the same code (domain.md, A6)."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("province")
        COMMUNE = "commune", _("commune")
        HAMLET = "hamlet", _("hamlet")

    class Kind(models.TextChoices):
        TINH = "tinh", "tỉnh"
        THANH_PHO = "thanh_pho", "thành phố"
        XA = "xa", "xã"
        PHUONG = "phuong", "phường"
        DAC_KHU = "dac_khu", "đặc khu"
        THON = "thon", "thôn"
        AP = "ap", "ấp"
        BAN = "ban", "bản"
        BUON = "buon", "buôn"
        KHU_PHO = "khu_pho", "khu phố"
        TO_DAN_PHO = "to_dan_pho", "tổ dân phố"
        KHOM = "khom", "khóm"

    class Network(models.TextChoices):
        UNKNOWN = "", _("not known")
        NONE = "none", _("no signal")
        G2 = "2g", "2G"
        G3 = "3g", "3G"
        G4 = "4g", "4G"
        G5 = "5g", "5G"

    code = models.CharField(_("Code"), max_length=24, primary_key=True)
    level = models.CharField(max_length=8, choices=Level.choices)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("Name"), max_length=80)
    full_name = models.CharField(max_length=100)
    folded = models.CharField(max_length=100, db_index=True)
    sort_key = models.CharField(max_length=100, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    scope = models.CharField(max_length=64, unique=True)
    is_unlisted = models.BooleanField(default=False)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    household_count = models.PositiveIntegerField(_("Number of households"), null=True, blank=True)
    network = models.CharField(_("Network"), max_length=4, choices=Network.choices, blank=True, default="")
    retired_on = models.DateField(null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        constraints = [
            models.CheckConstraint(condition=Q(scope__endswith="/"), name="area_scope_ends_in_slash"),
            models.CheckConstraint(
                condition=Q(level="province", parent__isnull=True)
                | Q(level__in=["commune", "hamlet"], parent__isnull=False),
                name="area_has_parent",
            ),
        ]
        indexes = [models.Index(fields=["parent", "level"], name="area_parent_level")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def scope_path(self) -> str:
        """Where it lies, for the guards and the audit."""
        return self.scope

    @property
    def commune(self) -> Area:
        """The commune itself, or the commune of a hamlet. A province has none: ValueError."""
        if self.level == self.Level.COMMUNE:
            return self
        if self.level == self.Level.HAMLET and self.parent is not None:
            return self.parent
        raise ValueError(f"{self.code} is not in a commune")

    @property
    def own_code(self) -> str:
        """A hamlet's own code in its commune («h7»); the official code of the others."""
        return self.code.rpartition("-")[2]

    def assigned_roles(self, user: User) -> set[Role]:
        """By team: members of a commune's teams may see the commune's public facts."""
        return set()

    @staticmethod
    def scope_for(code: str, parent: Area | None) -> str:
        """`VN/75/25396/h7/`: the official codes, then the hamlet's own code."""
        if parent is None:
            return f"{ROOT_SCOPE}{code}/"
        return f"{parent.scope}{code.removeprefix(parent.code + '-')}/"


class AreaName(models.Model):
    """A name of an area and the days on which it was in force."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="names")
    kind = models.CharField(max_length=12, choices=Area.Kind.choices)
    name = models.CharField(max_length=80)
    full_name = models.CharField(max_length=100)
    folded = models.CharField(max_length=100, db_index=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area"], condition=Q(valid_to__isnull=True), name="area_one_current_name"),
        ]

    def __str__(self) -> str:
        return self.full_name


class LegacyName(models.Model):
    """A unit of before July 2025 and the present commune that it went to: for searching by an old name."""

    old_code = models.CharField(max_length=8)
    old_level = models.CharField(max_length=8)
    name = models.CharField(max_length=80)
    full_name = models.CharField(max_length=100)
    folded = models.CharField(max_length=100, db_index=True)
    district = models.CharField(max_length=80, blank=True)
    district_folded = models.CharField(max_length=80, blank=True, db_index=True)
    province = models.CharField(max_length=80, blank=True)
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="legacy_names")
    is_part = models.BooleanField(default=False)
    is_main = models.BooleanField(default=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        # The name belongs to the key: a code may have had two names before (24 was Bắc Giang, then Bắc Ninh).
        constraints = [
            models.UniqueConstraint(fields=["old_code", "old_level", "area", "full_name"], name="legacy_once"),
        ]

    def __str__(self) -> str:
        return self.full_name


class AreaSuccession(models.Model):
    """`old` was merged into `new` on that day: present-day reports follow it, printed reports do not change."""

    old = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="successors")
    new = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="predecessors")
    on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old"], name="area_merged_once")]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id}"


class ImportRunQuerySet(ScopedQuerySet):
    scope_lookups: ClassVar[tuple[str, ...]] = ("area__scope",)


class ImportRun(models.Model):
    """A file that somebody brought to an area: checked first, then taken in; its report stays, the file does not."""

    class Kind(models.TextChoices):
        HAMLETS = "hamlets", _("hamlets")
        VOLUNTEERS = "volunteers", _("volunteers")
        HOUSEHOLDS = "households", _("households")
        TARGETS = "targets", _("targets")
        OFFICIAL = "official", _("official counts")

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("waiting to be checked")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked, waiting for you")
        QUEUED = "queued", _("waiting to be taken in")
        RUNNING = "running", _("being taken in")
        DONE = "done", _("taken in")
        REFUSED = "refused", _("refused")
        FAILED = "failed", _("stopped by a fault")
        DISCARDED = "discarded", _("discarded")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.UPLOADED)
    file_path = models.CharField(max_length=200, blank=True)  # in the private storage; emptied when the file is deleted
    file_name = models.CharField(max_length=120)
    mapping = models.JSONField(default=dict)  # our column key -> the file's header
    headers = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    processed = models.PositiveIntegerField(default=0)
    check_report = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    rejected_path = models.CharField(max_length=200, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)  # when the worker was last seen at work on it
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"

    @property
    def scope_path(self) -> str:
        """Where it lies, for the guards and the audit."""
        return self.area.scope
