"""Anonymous counts of what happens at each step of a lesson. No person, no device, no free text."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """How often something happened at a place of a lesson on a day."""

    class Kind(models.TextChoices):
        SHOWN = "shown", _("shown")
        HEARD = "heard", _("listened to")
        AGAIN = "again", _("listened to once more")
        BACK = "back", _("gone back")
        HINT = "hint", _("hint opened")
        MISSED = "missed", _("wrong tap")
        STUCK = "stuck", _("stuck")
        USEFUL = "useful", _("useful")
        NOT_USEFUL = "not_useful", _("not useful")
        ASKED = "asked", _("asked for a visit")

    number = models.PositiveIntegerField(_("Lesson"))
    language = models.CharField(_("Language"), max_length=8)
    # The stable id of a step, a practice screen or a question; 'cover', 'end'; '' for the whole lesson.
    step = models.CharField(_("Step"), max_length=40, blank=True)
    kind = models.CharField(_("What"), max_length=10, choices=Kind.choices)
    day = models.DateField(_("Day"))
    count = models.PositiveIntegerField(_("How often"), default=0)

    class Meta:
        verbose_name = _("tally")
        constraints = [
            models.UniqueConstraint(fields=["number", "language", "step", "kind", "day"], name="tally_once"),
        ]
        indexes = [models.Index(fields=["day"], name="tally_day")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.day}"
