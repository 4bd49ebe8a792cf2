"""A lesson as a page: a cover, one step a screen, a rehearsal, questions, a last screen."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.models import Page

from learning.guardrails.rules import MAX_STEPS
from learning.lessons.blocks import StepBlock
from learning.lessons.numbers import LessonNumber, give_number
from learning.lessons.pages import PublicPage
from learning.lessons.previews import PREVIEWS
from learning.lessons.steps import Step, finished_voices, step_of, texts_of
from learning.media.pictures import make_base
from learning.quizzes.blocks import ChoiceQuestionBlock, ScamBlock
from learning.reference.icons import ICON_CHOICES
from learning.rehearsal.blocks import RehearsalScreenBlock
from learning.serving import stamps
from learning.voice.models import ask_for_voices
from project.lib import vietnamese
from project.lib.after_commit import nudge

SEEN_FROM_OUTSIDE = ("title", "slug", "url_path", "summary", "icon", "minutes", "keywords")  # what other pages show


def one_of(stream: Any, place: int) -> Any:
    """One child of a stream, counted from 0, without preparing the others. IndexError beyond the last."""
    raw = stream.raw_data[place]
    return StreamValue(stream.stream_block, [raw], is_lazy=True)[0] if isinstance(raw, dict) else stream[place]


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
    warnings = models.TextField(_("Reminders"), blank=True, help_text=_("One a line; shown before the first step."))
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

    @property
    def is_to_recheck(self) -> bool:
        """Whether an app that it shows has changed since somebody last compared the pictures."""
        return self.recheck_since is not None

    # Reading -------------------------------------------------------------------------------------------------

    @property
    def number(self) -> int | None:
        """The short number of `/b/<number>/`; None before the first publication. A read may bring it along."""
        if (known := self.__dict__.get("known_number")) is not None:
            return int(known)
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
        block = one_of(self.steps, number - 1)
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
        ids = (str(raw["id"]) for raw in self.steps.raw_data)
        return next((number for number, step_id in enumerate(ids, 1) if step_id == place), None)

    def following(self) -> "LessonPage | None":
        """The next lesson of the topic, in the editors' order."""
        rows = LessonPage.objects.live().filter(path__startswith=self.path[: -self.steplen], depth=self.depth)
        return rows.filter(path__gt=self.path).select_related("locale").first()

    # Writing -------------------------------------------------------------------------------------------------

    def clean(self) -> None:
        """Keeps the search key in step with the words; a lesson that breaks a hard rule does not go out.

        Raises PublishRefused. Every door to publication (editor, several at once, workflow, schedule, API) saves the
        page with a new live revision (a new page: as live at once), and Wagtail validates it then.
        """
        super().clean()
        self.folded = vietnamese.fold("\n".join(self.searchable()), loose=True)
        seen = (*SEEN_FROM_OUTSIDE, "live", "live_revision_id", "reviewed_on")
        before = LessonPage.objects.filter(pk=self.pk).values(*seen).first() if self.pk else None
        # A new page has its path only when it is put into the tree: until then a form looks at it.
        changes = bool(self.path) if before is None else before["live_revision_id"] != self.live_revision_id
        if self.live and changes and not self.alias_of_id:
            from learning.lessons.gate import stop_if_blocked  # it imports the pieces around this model

            stop_if_blocked(self)
            self._before = before

    def searchable(self) -> list[str]:
        """Everything a search looks at, the title first."""
        texts = [block.value["text"] for block in self.steps]
        return [self.title, self.keywords, self.summary, self.for_whom, self.needs, self.papers, *texts]

    def with_content_json(self, content: Any) -> "LessonPage":
        """As Wagtail's; the mark «to be reviewed» belongs to the lesson, not to a version of it."""
        page: LessonPage = super().with_content_json(content)
        page.recheck_since, page.recheck_reason = self.recheck_since, self.recheck_reason
        return page

    def published(self) -> None:
        """After each publication (freshness.py): the number for ever, a voice for every text (spoken by the queue),
        a size of every picture, kept pages out of date, the mark «to be reviewed» gone with a newer check."""
        from learning.lessons.tasks import prepare_lesson  # the task's module imports this one

        page = LessonPage.objects.get(pk=self.pk)
        if not page.live:  # planned for later: Wagtail tells of it all the same
            return
        before = getattr(self, "_before", None)
        give_number(page.translation_key, page.get_parent().translation_key)
        page.settle_recheck(before["reviewed_on"] if before and before["live"] else None)
        for image in page.pictures():
            make_base(image)  # so that no learner waits for one
        ask_for_voices(page.spoken)
        page.tell_change({name: before[name] for name in SEEN_FROM_OUTSIDE} if before and before["live"] else None)
        nudge(prepare_lesson, page.pk)

    def settle_recheck(self, checked_before: date | None) -> None:
        """A version with a newer `reviewed_on` settles the mark; on the very day of the mark, any version does.

        `checked_before`: the `reviewed_on` of the version before, None if there was none.
        """
        checked, since = self.reviewed_on, self.recheck_since
        if not since or checked is None or checked < since:
            return
        if checked_before is None or checked > checked_before or checked_before >= since:
            self.recheck_since, self.recheck_reason = None, ""
            LessonPage.objects.filter(pk=self.pk).update(recheck_since=None, recheck_reason="")

    def update_aliases(self, **options: Any) -> None:
        """As Wagtail's; kept pages of the aliases are out of date only now."""
        super().update_aliases(**options)
        for alias in self.aliases.select_related("locale"):
            if alias.url:
                stamps.touch(alias.url, self.live_revision_id or "")

    def tell_change(self, before: dict[str, Any] | None) -> None:
        """Kept pages are out of date: those of this lesson, and all of them if lists show it differently now.

        `before`: the live row's SEEN_FROM_OUTSIDE as it was; None if it was not live.
        """
        seen = LessonPage.objects.filter(pk=self.pk, live=True).values(*SEEN_FROM_OUTSIDE).first()
        if before != seen:
            stamps.touch_all()
        for shown in (self, *self.aliases.select_related("locale")):
            address = shown.url
            if address:
                stamps.touch(address, self.live_revision_id or "")

    # Serving -------------------------------------------------------------------------------------------------

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The cover, or what `?buoc=`, `?thu=` and `?cau=` ask for; anything else is 404."""
        from learning.lessons.show import show_lesson  # it imports this module

        return show_lesson(self, request)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page in one of the preview modes."""
        return PREVIEWS[mode_name].render(self, request)
