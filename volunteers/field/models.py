"""Phones and what they sent: the raw inbox stands before anything is applied."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from project.lib.clock import now
from project.lib.ids import new_id
from project.lib.secret import EncryptedTextField
from volunteers.access.roles import Role
from volunteers.access.scoping import ME, Lookup, ScopedQuerySet
from volunteers.teams.models import membership_roles


class DeviceQuerySet(ScopedQuerySet):
    scope_lookups: ClassVar[tuple[str, ...]] = ("user__memberships__team__area__scope",)
    assignment_lookups: ClassVar[tuple[Lookup, ...]] = (
        "user",
        {
            "user__memberships__team__memberships__user": ME,
            "user__memberships__team__memberships__left_on__isnull": True,
            "user__memberships__left_on__isnull": True,
            "user__memberships__team__memberships__role": Role.TEAM_LEADER.value,
        },
    )


class Device(models.Model):
    """One person on one phone: an upload token, keys for what lies on it, and a lease."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device_id = models.UUIDField()  # minted by the phone
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices")
    label = models.CharField(max_length=60, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    token_expires_at = models.DateTimeField()
    pack_key = EncryptedTextField()
    outbox_key = EncryptedTextField()
    lease_until = models.DateTimeField()
    last_seen_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device")
        constraints = [models.UniqueConstraint(fields=["device_id", "user"], name="device_once")]

    def __str__(self) -> str:
        return self.label or str(self.device_id)

    @property
    def scope_path(self) -> str:
        """The commune of the person's first team of today; '' for who has none."""
        member = (
            self.user.memberships.filter(left_on__isnull=True)
            .select_related("team__area")
            .order_by("joined_on")
            .first()
        )
        return member.team.area.scope if member else ""

    def assigned_roles(self, user: User) -> set[Role]:
        """Towards a phone: its own person, and the leaders of that person's teams; never a crew mate."""
        if user.pk == self.user_id:
            return {Role.VOLUNTEER}
        teams = self.user.memberships.filter(left_on__isnull=True).values_list("team_id", flat=True)
        led = set().union(*(membership_roles(user, team_id=team) for team in teams))
        return led if Role.TEAM_LEADER in led else set()


class SyncItem(models.Model):
    """One op as it came, and the answer it got: kept at least 400 days, so the same op gets the first answer again."""

    class State(models.TextChoices):
        NEW = "new", _("not yet applied")
        HELD = "held", _("waits for what it stands on")
        ANSWERED = "answered", _("answered")

    class Status(models.TextChoices):
        APPLIED = "applied", _("written")
        FLAGGED = "flagged", _("written, waits for a lead")
        HELD = "held", _("held until the rest arrives")
        PARKED = "parked", _("parked for the lead")
        REJECTED = "rejected", _("refused")

    id: models.BigAutoField = models.BigAutoField(primary_key=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    op_id = models.UUIDField()
    device_id = models.UUIDField()
    batch_id = models.UUIDField()
    kind = models.CharField(max_length=32)  # one of ours, or '' for a kind we do not know
    sha256 = models.CharField(max_length=64)  # of the op's canonical JSON, keyed: nobody guesses a number in it
    raw = EncryptedTextField(blank=True, default="")  # the canonical JSON; '' for what was refused before it was read
    received_at = models.DateTimeField(default=now)
    recorded_at = models.DateTimeField(null=True, blank=True)  # the phone's own time
    happened_at = models.DateTimeField(null=True, blank=True)  # that time corrected by the phone's offset
    is_clock_unsure = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    status = models.CharField(max_length=10, choices=Status.choices, blank=True, default="")
    code = models.CharField(max_length=32, blank=True)
    message = models.CharField(max_length=300, blank=True)
    is_counted = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    object_id = models.UUIDField(null=True, blank=True)  # what it wrote: an event, a consent, a note …
    shown_serial = models.PositiveBigIntegerField(null=True, blank=True)  # the `changes` that first told of its answer

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "op_id"], name="op_once")]
        indexes = [
            models.Index(fields=["state", "received_at"], condition=~Q(state="answered"), name="op_unapplied"),
            models.Index(fields=["author", "received_at"], name="op_author_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.op_id}"


class ServerEpoch(models.Model):
    """One row: the life of this database. A restore from a backup begins a new one, and phones send again."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    epoch = models.UUIDField(default=new_id)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="server_epoch_one_row")]

    def __str__(self) -> str:
        return str(self.epoch)


class ServerKey(models.Model):
    """One row: the pair of keys (ECDH P-256) that hand-over files are sealed to, and the key of the inbox's digests."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    private_pem = EncryptedTextField()
    public = models.CharField(max_length=100)  # base64url of the uncompressed point, as browsers import «raw» keys
    digest_key = EncryptedTextField()
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="server_key_one_row")]

    def __str__(self) -> str:
        return self.public


class PackSerial(models.Model):
    """How often a person's pack has changed: the cursor of `changes`, and the lock under which it is compared."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", primary_key=True)
    serial = models.PositiveBigIntegerField(default=0)
    oldest = models.PositiveBigIntegerField(default=0)  # cursors below it are too old: tombstones were thrown away

    def __str__(self) -> str:
        return f"{self.user_id} {self.serial}"


class PackItem(models.Model):
    """One row of somebody's pack: what it was when last handed out, and since when it is gone (a tombstone)."""

    class Reason(models.TextChoices):
        NONE = "", _("still carried")
        DELETED = "deleted", _("deleted")
        OUT_OF_SCOPE = "out_of_scope", _("given to others")
        MERGED = "merged", _("merged")
        EXPIRED = "expired", _("expired")

    id: models.BigAutoField = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)  # session, visit, household, person
    object_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    serial = models.PositiveBigIntegerField()
    given_at = models.DateTimeField(default=now)
    gone_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "object_id"], name="pack_item_once")]
        indexes = [models.Index(fields=["user", "serial"], name="pack_item_serial")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} {self.reason}"

    @property
    def scope_path(self) -> str:
        """None of its own: it speaks for one person only."""
        return ""

    def assigned_roles(self, user: User) -> set[Role]:
        """Who carried it may still send what was recorded while it was carried (contract §6, `parked`)."""
        return {Role.VOLUNTEER} if user.pk == self.user_id else set()
