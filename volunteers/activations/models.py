"""The ledger (events), who stands where (standing), and the tallies (delta, rollup). House.md D17 has the reasons."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from project.lib.clock import now
from project.lib.ids import new_id
from volunteers.access.roles import Role
from volunteers.access.scoping import ME, Lookup, ScopedQuerySet
from volunteers.areas.models import Area
from volunteers.households.models import Person
from volunteers.sessions.models import Session
from volunteers.teams.models import Team, membership_roles
from volunteers.visits.models import Visit


class EventQuerySet(ScopedQuerySet):
    scope_lookups: ClassVar[tuple[str, ...]] = ("hamlet__scope",)
    assignment_lookups: ClassVar[tuple[Lookup, ...]] = (
        "recorded_by",
        {
            "team__memberships__user": ME,
            "team__memberships__left_on__isnull": True,
            "team__memberships__role": Role.TEAM_LEADER.value,
        },
    )


class Event(models.Model):
    """One fact about one person and one service. Never changed once written: what undoes it is another event."""

    class Kind(models.TextChoices):
        CLAIM = "claim", _("recorded")
        WITHDRAWAL = "withdrawal", _("withdrawn by its author")
        VERIFICATION = "verification", _("verified")
        REJECTION = "rejection", _("rejected")
        CLEARANCE = "clearance", _("cleared or lowered by a lead")

    class Flag(models.TextChoices):
        NONE = "", _("none")
        DUPLICATE_CLAIM = "duplicate_claim", _("already recorded before")
        NOT_OWN_DEVICE = "not_own_device", _("not the person's own phone or SIM")
        CLOCK_UNSURE = "clock_unsure", _("the phone's clock was off")
        OUT_OF_HOURS = "out_of_hours", _("at an unusual hour")
        WALK_IN_MATCH = "walk_in_match", _("may be somebody on the roster")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField()  # 1, 2, 3 … of this person and service: the order in which they were written
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.CLAIM)
    claim = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="events")
    service = models.ForeignKey("learning.Service", to_field="code", on_delete=models.PROTECT, related_name="+")
    rung = models.CharField(max_length=12)
    hamlet = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")  # of the time of the event
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    session_kind = models.CharField(max_length=16, choices=Session.Kind.choices)
    day = models.DateField()  # local day of the event
    happened_at = models.DateTimeField()
    flag = models.CharField(max_length=16, choices=Flag.choices, blank=True, default="")
    is_own_device = models.BooleanField(null=True)
    is_own_sim = models.BooleanField(null=True)
    blocker = models.CharField(max_length=16, blank=True, default="")
    referred_to = models.ForeignKey(Session, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=now)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        constraints = [
            models.UniqueConstraint(fields=["person", "service", "number"], name="event_number_once"),
            models.UniqueConstraint(
                fields=["claim"], condition=Q(kind__in=["withdrawal", "rejection"]), name="event_undone_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="claim", claim__isnull=True) | (~Q(kind="claim") & Q(claim__isnull=False)),
                name="event_answers_a_claim",
            ),
        ]
        indexes = [
            models.Index(fields=["recorded_by", "day"], name="event_author_day"),
            models.Index(fields=["hamlet", "day"], name="event_hamlet_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.service_id} {self.rung}"

    @property
    def scope_path(self) -> str:
        """The scope of the hamlet of the time of the event."""
        return self.hamlet.scope

    def assigned_roles(self, user: User) -> set[Role]:
        """The author, and the leader of the team."""
        roles = membership_roles(user, team_id=self.team_id)
        if Role.TEAM_LEADER in roles:
            return roles
        return {Role.VOLUNTEER} if self.recorded_by_id == user.pk else set()


class Standing(models.Model):
    """Which rungs a person has reached for a service, and by which event: the lock that makes a person count once."""

    id: models.BigAutoField = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="standings")
    service = models.ForeignKey("learning.Service", to_field="code", on_delete=models.PROTECT, related_name="+")
    last_number = models.PositiveIntegerField(default=0)  # of the newest event
    # rung -> {"event": id, "key": [hamlet, team, session kind, day], "verified": true or false}
    reached = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "service"], name="standing_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.service_id}"


class TallyKey(models.Model):
    """What a delta and a rollup row are keyed by. Plain values: a fold chases no keys, a merge does not move it."""

    class State(models.TextChoices):
        REPORTED = "reported", _("reported")
        VERIFIED = "verified", _("verified")

    hamlet_code = models.CharField(max_length=24)
    commune_code = models.CharField(max_length=8)  # follow from the hamlet's code and the areas: kept for the sums
    province_code = models.CharField(max_length=4)
    team_id = models.UUIDField()
    session_kind = models.CharField(max_length=16)
    service_code = models.CharField(max_length=24)
    rung = models.CharField(max_length=12)
    state = models.CharField(max_length=8, choices=State.choices)
    day = models.DateField()

    class Meta:
        abstract = True


class Delta(TallyKey):
    """+1 or −1, appended in the event's own transaction, folded within about two seconds."""

    id: models.BigAutoField = models.BigAutoField(primary_key=True)
    amount = models.SmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["hamlet_code", "service_code"], name="delta_area")]

    def __str__(self) -> str:
        return f"{self.hamlet_code} {self.service_code} {self.rung} {self.amount:+d}"


class Rollup(TallyKey):
    """The folded tallies."""

    id: models.BigAutoField = models.BigAutoField(primary_key=True)
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hamlet_code", "service_code", "rung", "state", "day", "team_id", "session_kind"],
                name="rollup_once",
            ),
        ]
        indexes = [
            models.Index(fields=["commune_code", "service_code", "rung", "day"], name="rollup_commune"),
            models.Index(fields=["province_code", "service_code", "rung", "day"], name="rollup_province"),
            models.Index(fields=["team_id", "day"], name="rollup_team"),
        ]

    def __str__(self) -> str:
        return f"{self.hamlet_code} {self.service_code} {self.rung} {self.count}"


class FoldDue(models.Model):
    """One row: is a fold asked for? Claimed by a conditional update, never inside a verb's transaction."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_due = models.BooleanField(default=False)
    claimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="fold_due_one_row")]

    def __str__(self) -> str:
        return str(self.is_due)
