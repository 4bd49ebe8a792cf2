"""Voices that volunteers offer for a step: they wait in the private storage until an editor has listened to them."""

from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from learning.templatetags.learning_tags import tongue_name
from project.lib.clock import now

VIETNAMESE = "vi"
TONGUES = (VIETNAMESE, "rad", "jra", "mnn", "sti", "km", "yue", "hak", "cmn", "hmn", "tay", "tai")
REGION_LENGTH = 24


def private_storage() -> Storage:
    """Where nothing has an address."""
    return storages["private"]


def tongue_choices() -> list[tuple[str, Any]]:
    """(code, what people call it) of every language in which a step may be recorded."""
    return [(code, lazy(tongue_name, str)(code)) for code in TONGUES]


class VoiceOffer(models.Model):
    """A step as a volunteer reads it. `step` is the step's stable id; `audio` is empty once it was decided."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for an editor")
        ACCEPTED = "accepted", _("taken into the lesson")
        DECLINED = "declined", _("not taken")

    number = models.PositiveIntegerField(_("Lesson"))
    step = models.CharField(_("Step"), max_length=36)
    language = models.CharField(_("Language"), max_length=8, choices=tongue_choices())
    region = models.CharField(_("Region"), max_length=REGION_LENGTH, blank=True)
    audio = models.FileField(_("Recording"), storage=private_storage, upload_to="voice-offers", blank=True)
    seconds = models.FloatField(default=0)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    offered_at = models.DateTimeField(default=now)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("Reason"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("offered voice")
        verbose_name_plural = _("offered voices")
        indexes = [models.Index(fields=["state", "offered_at"], name="voiceoffer_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["offered_by", "number", "step", "language"],
                condition=models.Q(state="waiting"),
                name="one_waiting_voice",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.step[:8]} {self.language}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided yet."""
        return self.state == self.State.WAITING

    @property
    def whole_seconds(self) -> int:
        """How long it plays, for people."""
        return max(1, round(self.seconds))
