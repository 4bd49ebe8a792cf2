"""Anonymous counts: at which step people are stuck, whether a lesson was useful. No person, no device, no free text."""

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from project.lib.clock import today


class Tally(models.Model):
    """How often something happened at a step on a day."""

    class Kind(models.TextChoices):
        STUCK = "stuck", _("stuck")
        USEFUL = "useful", _("useful")
        NOT_USEFUL = "not_useful", _("not useful")

    number = models.PositiveIntegerField(_("Lesson"))
    language = models.CharField(_("Language"), max_length=8)
    step = models.CharField(_("Step"), max_length=40, blank=True)  # the step's stable id; '' for the whole lesson
    kind = models.CharField(_("What"), max_length=10, choices=Kind.choices)
    day = models.DateField(_("Day"))
    count = models.PositiveIntegerField(_("How often"), default=0)

    class Meta:
        verbose_name = _("tally")
        constraints = [
            models.UniqueConstraint(fields=["number", "language", "step", "kind", "day"], name="tally_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.day}"


def count_one(number: int, language: str, kind: str, step: str = "") -> None:
    """One more on today's row; safe when two people tap in the same instant."""
    with transaction.atomic():
        row, _made = Tally.objects.get_or_create(number=number, language=language, step=step, kind=kind, day=today())
        Tally.objects.filter(pk=row.pk).update(count=F("count") + 1)


def totals(number: int, language: str) -> dict[tuple[str, str], int]:
    """(kind, step) → how often in all, for the editor beside the lesson."""
    rows = (
        Tally.objects.filter(number=number, language=language)
        .values("kind", "step")
        .annotate(total=models.Sum("count"))
    )
    return {(row["kind"], row["step"]): row["total"] for row in rows}
