"""Lessons as pages: home, index, topics and lessons, one tree a language."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from learning.audio import LessonAudio
from learning.blocks import MAX_STEPS, StepBlock
from learning.icons import ICON_CHOICES
from learning.images import LessonImage, LessonRendition
from learning.numbers import LessonNumber, give_number
from learning.pages import PublicPage
from learning.snippets import Service
from learning.steps import Step, finished_voices, step_of
from learning.tallies import Tally
from learning.voices import MachineVoice, ask_for_voices
from project.lib import vietnamese
from project.lib.after_commit import nudge

__all__ = [
    "HomePage", "LessonAudio", "LessonImage", "LessonIndexPage", "LessonNumber", "LessonPage", "LessonRendition",
    "MachineVoice", "Service", "ShippedContent", "Tally", "TopicPage",
]  # fmt: skip

DONE = "xong"  # ?buoc=xong: the screen after the last step


def lines(text: str) -> list[str]:
    """The non-empty lines of a text field that holds one thing a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class HomePage(PublicPage):
    """The front page for elders."""

    greeting = models.CharField(_("Greeting"), max_length=60)
    question = models.CharField(_("Question"), max_length=80)
    never_tell = models.TextField(_("Three things never to tell anyone"), help_text=_("One a line."))

    content_panels: Sequence[Any] = [
        *Page.content_panels, FieldPanel("greeting"), FieldPanel("question"), FieldPanel("never_tell"),
    ]  # fmt: skip
    promote_panels: Sequence[Any] = []
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["learning.LessonIndexPage"]

    class Meta:
        verbose_name = _("front page")

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """As Wagtail's, in two statements instead of two for each level: a step is the most asked page of all."""
        if not path_components:
            return super().route(request, path_components)
        place = f"{self.url_path}{'/'.join(path_components)}/"
        page = (
            Page.objects.filter(url_path=place, depth=self.depth + len(path_components), live=True).specific().first()
        )
        if page is None:
            raise Http404(place)
        if page.locale_id == self.locale_id:
            page.locale = self.locale
        return RouteResult(page)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Greeting, topics, search, help; the three things; who does what here."""
        return self.answer(
            request,
            "learning/home_page.html",
            topics=topics_of(self),
            never_tell=lines(self.never_tell),
            work_href=settings.LOGIN_REDIRECT_URL,
        )

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as visitors will see it."""
        return self.serve(request)


class LessonIndexPage(PublicPage):
    """All topics with their lessons."""

    intro = models.CharField(_("Introduction"), max_length=240, blank=True)

    content_panels: Sequence[Any] = [*Page.content_panels, FieldPanel("intro")]
    promote_panels: Sequence[Any] = []
    parent_page_types = ["learning.HomePage"]
    subpage_types = ["learning.TopicPage"]

    class Meta:
        verbose_name = _("list of lessons")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The topics; those with lessons show them at once."""
        lessons = list(LessonPage.objects.live().descendant_of(self).select_related("locale"))
        shelves = [
            (topic, [lesson for lesson in lessons if lesson.path.startswith(topic.path)]) for topic in topics_of(self)
        ]
        return self.answer(request, "learning/lesson_index_page.html", shelves=shelves)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as visitors will see it."""
        return self.serve(request)


class TopicPage(PublicPage):
    """A topic: one picture tile of the front page."""

    icon = models.CharField(_("Icon"), max_length=24, choices=ICON_CHOICES, default="lesson")
    intro = models.CharField(_("Introduction"), max_length=240, blank=True)

    content_panels: Sequence[Any] = [*Page.content_panels, FieldPanel("icon"), FieldPanel("intro")]
    promote_panels: Sequence[Any] = []
    parent_page_types = ["learning.LessonIndexPage"]
    subpage_types = ["learning.LessonPage"]

    class Meta:
        verbose_name = _("topic")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The lessons of the topic, in the editors' order."""
        lessons = LessonPage.objects.live().child_of(self).select_related("locale")
        return self.answer(request, "learning/topic_page.html", lessons=lessons)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as visitors will see it."""
        return self.serve(request)


class LessonPage(PublicPage):
    """One lesson: a cover, one step a screen, a last screen."""

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
    steps = StreamField([("step", StepBlock())], max_num=MAX_STEPS, blank=True, verbose_name=_("Steps"))
    closing = models.CharField(_("Last words"), max_length=240, blank=True)
    sources = models.TextField(_("Sources"), blank=True, help_text=_("One a line."))
    reviewed_on = models.DateField(_("Checked on"), null=True, blank=True)
    review_by = models.DateField(_("To be checked again by"), null=True, blank=True)
    keywords = models.CharField(_("Other words people search for"), max_length=240, blank=True)
    folded = models.TextField(editable=False, blank=True)  # search key: vietnamese.fold of all that is shown

    content_panels: Sequence[Any] = [
        *Page.content_panels,
        FieldPanel("short_title"),
        FieldPanel("summary"),
        FieldPanel("icon"),
        FieldPanel("minutes"),
        MultiFieldPanel(
            [FieldPanel("for_whom"), FieldPanel("needs"), FieldPanel("papers"), FieldPanel("warnings")], _("Cover")
        ),
        FieldPanel("steps"),
        FieldPanel("closing"),
        MultiFieldPanel(
            [FieldPanel("sources"), FieldPanel("reviewed_on"), FieldPanel("review_by")], _("Where it comes from")
        ),
    ]
    promote_panels: Sequence[Any] = [FieldPanel("keywords")]
    parent_page_types = ["learning.TopicPage"]
    subpage_types: Sequence[str] = []
    exclude_fields_in_copy = ["folded"]

    class Meta:
        verbose_name = _("lesson")

    preview_modes = [("cover", _("Cover")), ("steps", _("All steps")), ("end", _("Last screen"))]

    # Reading -------------------------------------------------------------------------------------------------

    @property
    def number(self) -> int | None:
        """The short number of `/b/<number>/`; None before the first publication."""
        row = LessonNumber.objects.filter(translation_key=self.translation_key).only("number").first()
        return row.number if row else None

    @property
    def step_texts(self) -> list[str]:
        """The instruction of every step, in order, as written."""
        return [block.value["text"] for block in self.steps]

    def step(self, number: int) -> Step:
        """Step `number`, counted from 1. IndexError beyond the last."""
        if number < 1:
            raise IndexError(number)
        block = self.steps[number - 1]
        return step_of(block, number, self.tongue, finished_voices(self.tongue, [block.value["text"]]))

    def all_steps(self) -> list[Step]:
        """Every step, in order; one statement for all their voices."""
        voices = finished_voices(self.tongue, self.step_texts)
        return [step_of(block, number, self.tongue, voices) for number, block in enumerate(self.steps, 1)]

    def help_href(self, number: int | None, step_id: str = "") -> str:
        """Where a person is asked to come: the form knows the lesson and the step (contract §5)."""
        asked = {"bai": number, "buoc": step_id} if number else {}
        known = {key: value for key, value in asked.items() if value}
        return self.fixed("/nho-giup/") + (f"?{urlencode(known)}" if known else "")

    def position(self, place: str) -> int:
        """The number of the step that `?buoc=` names, by number or by stable id. Http404 if there is none."""
        if place.isascii() and place.isdigit() and len(place) < 4 and 1 <= int(place) <= len(self.steps):
            return int(place)
        for number, block in enumerate(self.steps, 1):
            if str(block.id) == place:
                return number
        raise Http404(f"no step {place[:12]!r}")

    # Writing -------------------------------------------------------------------------------------------------

    def clean(self) -> None:
        """Keeps the search key in step with the words."""
        super().clean()
        self.folded = vietnamese.fold("\n".join(self.searchable()))

    def searchable(self) -> list[str]:
        """Everything a search looks at, the title first."""
        return [self.title, self.keywords, self.summary, self.for_whom, self.needs, self.papers, *self.step_texts]

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> Any:
        """As Wagtail's; then the number for ever, and a voice for every step (spoken by the queue)."""
        from learning.tasks import prepare_lesson  # the task's module imports this one

        result = super().publish(revision, *args, **kwargs)
        published = LessonPage.objects.get(pk=self.pk)
        give_number(published.translation_key, published.get_parent().translation_key)
        ask_for_voices(published.tongue, published.step_texts)
        nudge(prepare_lesson, published.pk)
        return result

    # Serving -------------------------------------------------------------------------------------------------

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The cover, `?buoc=N` a step, `?buoc=xong` the last screen; anything else is 404."""
        place = request.GET.get("buoc")
        if place is None:
            return self.serve_cover(request)
        if place == DONE:
            return self.serve_end(request)
        return self.serve_step(request, self.position(place))

    def serve_cover(self, request: HttpRequest) -> HttpResponse:
        """What the lesson is for, what one needs, how long it takes."""
        return self.answer(
            request,
            "learning/lesson_page.html",
            number=self.number,
            needs=lines(self.needs),
            papers=lines(self.papers),
            warnings=lines(self.warnings),
            sources=lines(self.sources),
        )

    def serve_step(self, request: HttpRequest, number: int) -> HttpResponse:
        """One step a screen."""
        count = len(self.steps)
        step = self.step(number)
        lesson_number = self.number
        return self.answer(
            request,
            "learning/lesson_step.html",
            number=lesson_number,
            step=step,
            count=count,
            next_href=f"?buoc={number + 1 if number < count else DONE}",
            back_href=f"?buoc={number - 1}" if number > 1 else self.url,
            help_href=self.help_href(lesson_number, step.id),
        )

    def serve_end(self, request: HttpRequest) -> HttpResponse:
        """Well done, was it useful, what next, and the address to take home."""
        following = (
            LessonPage.objects.live().filter(path__startswith=self.path[: -self.steplen], depth=self.depth)
            .filter(path__gt=self.path).select_related("locale").first()
        )  # fmt: skip
        number = self.number
        short_path = self.fixed(f"/b/{number}/")
        return self.answer(
            request,
            "learning/lesson_end.html",
            number=number,
            short_label=f"{settings.SITE_URL.partition('://')[2] or request.get_host()}{short_path}",
            help_href=self.help_href(number),
            count=len(self.steps),
            following=following,
            warnings=lines(self.warnings),
            thanked=request.GET.get("cam-on") == "1",
        )

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The cover, all steps below each other, or the last screen."""
        if mode_name == "steps":
            return self.answer(request, "learning/lesson_steps_preview.html", steps=self.all_steps())
        return self.serve_end(request) if mode_name == "end" else self.serve_cover(request)


class ShippedContent(models.Model):
    """What `seed_lessons` wrote, so that it never overwrites an editor: digests of the file and of the result."""

    key = models.CharField(max_length=120, unique=True)
    file_digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.key


def topics_of(page: PublicPage) -> list[TopicPage]:
    """The topics in the page's language, in the editors' order."""
    return list(TopicPage.objects.live().filter(locale_id=page.locale_id).select_related("locale").order_by("path"))
