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


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class Worded(models.Model):
    """What has words in both languages: <name>_vi and <name>_en."""

    class Meta:
        abstract = True

    def in_page_language(self, name: str) -> str:
        """The field `<name>_en` on an English page where it is filled, else `<name>_vi`."""
        english = getattr(self, f"{name}_en") if get_language() == "en" else ""
        return str(english or getattr(self, f"{name}_vi"))


class Track(Worded):
    """A learning path: groups topics on the list of lessons, in the order of `position`."""

    key = models.SlugField(_("Short key"), max_length=40, unique=True)
    title_vi = models.CharField(_("Vietnamese title"), max_length=80)
    title_en = models.CharField(_("English title"), max_length=80, blank=True)
    intro_vi = models.CharField(_("Vietnamese introduction"), max_length=240, blank=True)
    intro_en = models.CharField(_("English introduction"), max_length=240, blank=True)
    position = models.PositiveSmallIntegerField(_("Position"), default=100)

    class Meta:
        verbose_name = _("learning path")
        verbose_name_plural = _("learning paths")
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the language of the page."""
        return self.in_page_language("title")

    @property
    def intro(self) -> str:
        """In the language of the page."""
        return self.in_page_language("intro")


class GlossaryTerm(Worded):
    """A word of the phone's world, explained as one does at a kitchen table; also read aloud."""

    key = models.SlugField(_("Short key"), max_length=40, unique=True)
    term_vi = models.CharField(_("Vietnamese word"), max_length=40)
    term_en = models.CharField(_("English word"), max_length=40, blank=True)
    meaning_vi = models.CharField(_("What it means, in Vietnamese"), max_length=200)
    meaning_en = models.CharField(_("What it means, in English"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")
        ordering = ["term_vi"]

    def __str__(self) -> str:
        return self.term

    @property
    def term(self) -> str:
        """In the language of the page."""
        return self.in_page_language("term")

    @property
    def meaning(self) -> str:
        """In the language of the page."""
        return self.in_page_language("meaning")


class AppVersion(Worded):
    """An app whose screens lessons show, and the version they were checked with. A new version: lessons to review."""

    key = models.SlugField(_("Short key"), max_length=40, unique=True)
    name = models.CharField(_("App"), max_length=40)
    version = models.CharField(_("Version"), max_length=20, blank=True, help_text=_("As the store shows it."))
    checked_on = models.DateField(_("Checked on"), null=True, blank=True)
    store_note_vi = models.CharField(_("Vietnamese note on installing it"), max_length=200, blank=True)
    store_note_en = models.CharField(_("English note on installing it"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("app version")
        verbose_name_plural = _("app versions")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


class WarningBox(Worded):
    """A warning that stands in many lessons."""

    class Level(models.TextChoices):
        CARE = "care", _("take care")
        DANGER = "danger", _("danger")

    key = models.SlugField(_("Short key"), max_length=40, unique=True)
    level = models.CharField(_("Level"), max_length=8, choices=Level.choices, default=Level.CARE)
    title_vi = models.CharField(_("Vietnamese title"), max_length=80)
    title_en = models.CharField(_("English title"), max_length=80, blank=True)
    body_vi = models.CharField(_("Vietnamese text"), max_length=300)
    body_en = models.CharField(_("English text"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("warning box")
        verbose_name_plural = _("warning boxes")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the language of the page."""
        return self.in_page_language("title")

    @property
    def body(self) -> str:
        """In the language of the page."""
        return self.in_page_language("body")


class HelpContact(Worded):
    """A number that may be called: of the whole country, or of one commune."""

    key = models.SlugField(_("Short key"), max_length=40, unique=True)
    name_vi = models.CharField(_("Vietnamese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    note_vi = models.CharField(_("Vietnamese note"), max_length=200, blank=True)
    note_en = models.CharField(_("English note"), max_length=200, blank=True)
    phone = models.CharField(_("Phone"), max_length=20)
    area_code = models.CharField(_("Commune code"), max_length=5, blank=True, help_text=_("Empty: the whole country."))
    source = models.CharField(_("Source"), max_length=200)

    class Meta:
        verbose_name = _("help contact")
        verbose_name_plural = _("help contacts")
        ordering = ["area_code", "key"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the language of the page."""
        return self.in_page_language("name")

    @property
    def note(self) -> str:
        """In the language of the page."""
        return self.in_page_language("note")


class Procedure(Worded):
    """A matter at an office with the papers to bring; the kiosk looks them up."""

    class Place(models.TextChoices):
        COMMUNE = "commune", _("at the commune's service centre")
        POLICE = "police", _("at the commune police")
        PORTAL = "portal", _("on the public service portal")
        VNEID = "vneid", _("in VNeID")
        INSURANCE = "insurance", _("at the social insurance office")

    key = models.SlugField(_("Short key"), max_length=40, unique=True)
    name_vi = models.CharField(_("Vietnamese name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    papers_vi = models.TextField(_("Papers to bring"), blank=True, help_text=_("One a line."))
    papers_en = models.TextField(_("Papers to bring, in English"), blank=True, help_text=_("One a line."))
    note_vi = models.CharField(_("Vietnamese note"), max_length=240, blank=True)
    note_en = models.CharField(_("English note"), max_length=240, blank=True)
    place = models.CharField(_("Where"), max_length=10, choices=Place.choices, default=Place.COMMUNE)
    link = models.URLField(_("Official address"), blank=True)
    lesson_number = models.PositiveIntegerField(_("Lesson to teach"), null=True, blank=True)
    keywords = models.CharField(_("Other words people search for"), max_length=240, blank=True)
    folded = models.TextField(editable=False, blank=True)  # search key, written by reference.actions

    class Meta:
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        ordering = ["name_vi"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the language of the page."""
        return self.in_page_language("name")

    @property
    def papers(self) -> list[str]:
        """The papers, one each, in the language of the page."""
        return _lines(self.in_page_language("papers"))

    @property
    def note(self) -> str:
        """In the language of the page."""
        return self.in_page_language("note")


class ServicePoint(Worded):
    """Where people go when a phone is not enough: a service centre, the police, a post office; with its hours."""

    class Kind(models.TextChoices):
        CENTRE = "centre", _("public service centre")
        POLICE = "police", _("commune police")
        POST = "post", _("post office")
        INSURANCE = "insurance", _("social insurance office")

    name_vi = models.CharField(_("Vietnamese name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, default=Kind.CENTRE)
    area_code = models.CharField(_("Commune code"), max_length=5, db_index=True)
    address = models.CharField(_("Address"), max_length=160)
    hours_vi = models.TextField(_("Opening hours"), help_text=_("One a line."))
    hours_en = models.TextField(_("Opening hours, in English"), blank=True, help_text=_("One a line."))
    phone = models.CharField(_("Phone"), max_length=20, blank=True)
    folded = models.TextField(editable=False, blank=True)  # search key, written by reference.actions

    class Meta:
        verbose_name = _("service point")
        verbose_name_plural = _("service points")
        ordering = ["area_code", "kind", "name_vi"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the language of the page."""
        return self.in_page_language("name")

    @property
    def hours(self) -> list[str]:
        """The hours, one line each, in the language of the page."""
        return _lines(self.in_page_language("hours"))
