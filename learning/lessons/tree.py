"""The pages above the lessons: home, list of lessons, topics. One tree a language."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from learning.lessons.models import LessonPage, lines
from learning.lessons.pages import PublicPage
from learning.reference.icons import ICON_CHOICES
from learning.reference.models import Track


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
        """The learning paths with their topics and lessons; topics without a path come last."""
        lessons = list(LessonPage.objects.live().descendant_of(self).select_related("locale"))
        paths: dict[Track | None, list[tuple[TopicPage, list[LessonPage]]]] = {}
        for topic in sorted(topics_of(self), key=lambda topic: topic.track.position if topic.track else 9999):
            found = [lesson for lesson in lessons if lesson.path.startswith(topic.path)]
            paths.setdefault(topic.track, []).append((topic, found))
        return self.answer(request, "learning/lesson_index_page.html", paths=paths.items())

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The page as visitors will see it."""
        return self.serve(request)


class TopicPage(PublicPage):
    """A topic: one picture tile of the front page."""

    icon = models.CharField(_("Icon"), max_length=24, choices=ICON_CHOICES, default="lesson")
    intro = models.CharField(_("Introduction"), max_length=240, blank=True)
    track = models.ForeignKey(
        Track, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Learning path")
    )

    content_panels: Sequence[Any] = [
        *Page.content_panels, FieldPanel("icon"), FieldPanel("intro"), FieldPanel("track"),
    ]  # fmt: skip
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


def topics_of(page: PublicPage) -> list[TopicPage]:
    """The topics in the page's language, in the editors' order."""
    return list(
        TopicPage.objects.live().filter(locale_id=page.locale_id).select_related("locale", "track").order_by("path")
    )
