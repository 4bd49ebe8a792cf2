"""A lesson as a page: a cover, one step a screen, a rehearsal, questions, a last screen."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from learning.guardrails.rules import MAX_STEPS
from learning.lessons.blocks import StepBlock
from learning.lessons.numbers import LessonNumber, give_number
from learning.lessons.pages import PublicPage
from learning.lessons.previews import PREVIEWS
from learning.lessons.steps import Step, finished_voices, step_of, texts_of
from learning.quizzes.blocks import ChoiceQuestionBlock, ScamBlock
from learning.reference.icons import ICON_CHOICES
from learning.rehearsal.blocks import RehearsalScreenBlock
from learning.voice.models import ask_for_voices
from project.lib import vietnamese
from project.lib.after_commit import nudge


def lines(text: str) -> list[str]:
    """The non-empty lines of a text field that holds one thing a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class LessonPage(PublicPage):
    """One lesson. Its step numbers, its short number and its address under /b/ never change their meaning."""

    short_title = models.CharField(
        _("Short title"), max_length=24, blank=True, help_text=_("Stands on every step beside «Step 3/9».")
    )
    summary = models.CharField(_("In one sentence"), max_length=200)
    for_whom = models.CharField(_("For whom"), max_length=240, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("Minutes"), default=5, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    icon = models.CharField(_("Icon"), max_length=24, choices=ICON_CHOICES, default="lesson")
    needs = models.TextField(_("What one needs at hand"), blank=True, help_text=_("One a line."))
    papers = models.TextField(_("Papers to bring"), blank=True, help_text=_("One a line."))
    warnings = models.TextField(_("Warnings"), blank=True, help_text=_("One a line; shown before the first step."))
    boxes = ParentalManyToManyField("learning.WarningBox", blank=True, verbose_name=_("Warning boxes"))
    procedures = ParentalManyToManyField("learning.Procedure", blank=True, verbose_name=_("Procedures"))
    apps = ParentalManyToManyField(
        "learning.AppVersion",
        blank=True,
        verbose_name=_("Apps that it shows"),
        related_name="lessons",
        help_text=_("When an app's version changes, this lesson is marked for review."),
    )
    steps = StreamField([("step", StepBlock())], max_num=MAX_STEPS, blank=True, verbose_name=_("Steps"))
    rehearsal = StreamField(
        [("screen", RehearsalScreenBlock())], max_num=8, blank=True, verbose_name=_("Practice phone")
    )
    quiz = StreamField(
        [("choice", ChoiceQuestionBlock()), ("scam", ScamBlock())], max_num=8, blank=True, verbose_name=_("Questions")
    )
    closing = models.CharField(_("Last words"), max_length=240, blank=True)
    sources = models.TextField(_("Sources"), blank=True, help_text=_("One a line."))
    reviewed_on = models.DateField(_("Checked on"), null=True, blank=True)
    review_by = models.DateField(_("To be checked again by"), null=True, blank=True)
    recheck_since = models.DateField(_("Marked for review since"), null=True, blank=True, editable=False)
    recheck_reason = models.CharField(_("Why"), max_length=160, blank=True, editable=False)
    keywords = models.CharField(_("Other words people search for"), max_length=240, blank=True)
    folded = models.TextField(editable=False, blank=True)  # search key: vietnamese.fold of all that is shown

    content_panels: Sequence[Any] = [
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [FieldPanel("short_title"), FieldPanel("icon"), FieldPanel("minutes"), FieldPanel("apps")],
            _("About the lesson"), classname="collapsed",
        ),
        MultiFieldPanel(
            [
                FieldPanel("for_whom"), FieldPanel("needs"), FieldPanel("papers"), FieldPanel("procedures"),
                FieldPanel("warnings"), FieldPanel("boxes"),
            ],
            _("Cover"), classname="collapsed",
        ),
        FieldPanel("steps"),
        FieldPanel("rehearsal"),
        FieldPanel("quiz"),
        FieldPanel("closing"),
        MultiFieldPanel(
            [FieldPanel("sources"), FieldPanel("reviewed_on"), FieldPanel("review_by")], _("Where it comes from")
        ),
    ]  # fmt: skip
    promote_panels: Sequence[Any] = [FieldPanel("keywords")]
    parent_page_types = ["learning.TopicPage"]
    subpage_types: Sequence[str] = []
    exclude_fields_in_copy = ["folded", "recheck_since", "recheck_reason"]

    class Meta:
        verbose_name = _("lesson")

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """The cover first, then what the slices above offer (learning.wagtail_hooks fills the table)."""
        return [(mode, preview.label) for mode, preview in PREVIEWS.items()]

    # Reading -------------------------------------------------------------------------------------------------

    @cached_property
    def number(self) -> int | None:
        """The short number of `/b/<number>/`; None before the first publication."""
        row = LessonNumber.objects.filter(translation_key=self.translation_key).only("number").first()
        return row.number if row else None

    @property
    def spoken(self) -> list[tuple[str, str]]:
        """Everything of the lesson that is read aloud: (language, text), in order."""
        tongue = self.tongue
        found = [(tongue, f"{self.title}. {self.summary}")]
        for block in self.steps:
            found += texts_of(block, tongue)
        for block in self.rehearsal:
            found += [(tongue, block.value["task"]), (tongue, block.value["hint"])]
        for block in self.quiz:
            value = block.value
            if block.block_type == "choice":
                found += [(tongue, value["question"]), *((tongue, option["why"]) for option in value["options"])]
            else:
                found += [(tongue, value["body"]), (tongue, value["why"])]
            found.append((tongue, value["hint"]))
        return found

    def pictures(self) -> list[Any]:
        """Every uploaded picture of the lesson."""
        steps = [block.value for block in self.steps]
        holders = [*steps, *(value["iphone"] for value in steps), *(block.value for block in self.rehearsal)]
        return [value["image"] for value in holders if value and value.get("image")]

    def step(self, number: int, *, iphone: bool = False) -> Step:
        """Step `number`, counted from 1. IndexError beyond the last."""
        if number < 1:
            raise IndexError(number)
        block = self.steps[number - 1]
        voices = finished_voices(texts_of(block, self.tongue))
        return step_of(block, number, self.tongue, voices, iphone=iphone)

    def all_steps(self, *, iphone: bool = False) -> list[Step]:
        """Every step, in order; one statement for all their voices."""
        wanted = [pair for block in self.steps for pair in texts_of(block, self.tongue)]
        voices = finished_voices(wanted)
        return [
            step_of(block, number, self.tongue, voices, iphone=iphone) for number, block in enumerate(self.steps, 1)
        ]

    def help_href(self, number: int | None, step_id: str = "") -> str:
        """Where a person is asked to come: the form knows the lesson and the step (contract §5)."""
        asked = {"bai": number, "buoc": step_id} if number else {}
        known = {key: value for key, value in asked.items() if value}
        return self.fixed("/nho-giup/") + (f"?{urlencode(known)}" if known else "")

    def position(self, place: str) -> int | None:
        """The number of the step that `?buoc=` names, by number or by stable id; None if there is none."""
        if place.isascii() and place.isdigit() and len(place) < 4 and 1 <= int(place) <= len(self.steps):
            return int(place)
        return next((number for number, block in enumerate(self.steps, 1) if str(block.id) == place), None)

    def following(self) -> "LessonPage | None":
        """The next lesson of the topic, in the editors' order."""
        rows = LessonPage.objects.live().filter(path__startswith=self.path[: -self.steplen], depth=self.depth)
        return rows.filter(path__gt=self.path).select_related("locale").first()

    # Writing -------------------------------------------------------------------------------------------------

    def clean(self) -> None:
        """Keeps the search key in step with the words."""
        super().clean()
        self.folded = vietnamese.fold("\n".join(self.searchable()), loose=True)

    def searchable(self) -> list[str]:
        """Everything a search looks at, the title first."""
        texts = [block.value["text"] for block in self.steps]
        return [self.title, self.keywords, self.summary, self.for_whom, self.needs, self.papers, *texts]

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> Any:
        """As Wagtail's; then the number for ever, and a voice for every text (spoken by the queue)."""
        from learning.lessons.tasks import prepare_lesson  # the task's module imports this one

        result = super().publish(revision, *args, **kwargs)
        published = LessonPage.objects.get(pk=self.pk)
        give_number(published.translation_key, published.get_parent().translation_key)
        ask_for_voices(published.spoken)
        nudge(prepare_lesson, published.pk)
        return result

    # Serving -------------------------------------------------------------------------------------------------

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The cover, or what `?buoc=`, `?thu=` and `?cau=` ask for; anything else is 404."""
        from learning.lessons.show import show_lesson  # it imports this module

        return show_lesson(self, request)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page in one of the preview modes."""
        return PREVIEWS[mode_name].render(self, request)
