"""Reusable pieces of lessons, and the services that the whole product counts."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Service(models.Model):
    """What an account or a skill is. The nine codes of contract §3 are protected; more may be added as data."""

    class Rung(models.TextChoices):
        BRIEFED = "briefed", _("told about it")
        REFERRED = "referred", _("referred")
        REGISTERED = "registered", _("registered")
        ACTIVATED = "activated", _("activated")
        DID_ALONE = "did_alone", _("did it alone")

    code = models.SlugField(_("Code"), max_length=24, unique=True)
    name_vi = models.CharField(_("Vietnamese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    short_vi = models.CharField(_("Short Vietnamese name"), max_length=24, blank=True)
    short_en = models.CharField(_("Short English name"), max_length=24, blank=True)
    icon = models.CharField(_("Icon"), max_length=24, default="paper")
    goal_rung = models.CharField(_("Rung to reach"), max_length=12, choices=Rung.choices, default=Rung.ACTIVATED)
    lesson_number = models.PositiveIntegerField(_("Lesson to teach"), null=True, blank=True)
    papers_vi = models.TextField(_("Papers to have at hand"), blank=True, help_text=_("One a line."))
    papers_en = models.TextField(_("Papers to have at hand, in English"), blank=True, help_text=_("One a line."))
    needs_police = models.BooleanField(_("A police officer must be present"), default=False)
    needs_own_device = models.BooleanField(_("Only on the owner's own phone"), default=True)
    position = models.PositiveSmallIntegerField(default=100)
    is_protected = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_en if get_language() == "en" else self.name_vi

    @property
    def short(self) -> str:
        """A name that fits on a chip: in the language of the page."""
        return (self.short_en or self.name_en) if get_language() == "en" else (self.short_vi or self.name_vi)

    @property
    def papers(self) -> list[str]:
        """The papers to have at hand, one each: in the language of the page."""
        text = self.papers_en if get_language() == "en" and self.papers_en else self.papers_vi
        return [line.strip() for line in text.splitlines() if line.strip()]


# The ladder (contract §3), lowest first; a rung reaches those below it.
RUNGS = [rung.value for rung in Service.Rung]
