"""How a lesson is laid out in the editor: what everybody fills in first, the rest on a second tab."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
)

from learning.editor.forms import LessonForm
from learning.editor.words import Told, told
from learning.guardrails.checks import findings
from learning.lessons.drafts import draft_of
from learning.lessons.models import LessonPage


def told_of(page: LessonPage) -> list[Told]:
    """All findings on a saved lesson in words, those that stop it first."""
    return sorted((told(one) for one in findings(draft_of(page, weigh=True))), key=lambda one: not one.is_stop)


class FindingsPanel(Panel):
    """What the guard rails say about the lesson as it was last saved; cms/editor.js asks again after each save."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "learning/cms/findings_panel.html"

        def get_context_data(self, parent_context: Any = None) -> Any:
            """`findings`, or None for a lesson that was not saved yet."""
            context = super().get_context_data(parent_context)
            page = self.instance
            saved = LessonPage.objects.filter(pk=page.pk).first() if page.pk else None
            context["findings"] = told_of(saved.get_latest_revision_as_object()) if saved else None
            context["address"] = reverse("learning_findings", args=[page.pk or 0])
            return context


def lesson_panels() -> TabbedInterface:
    """The edit handler of a lesson."""
    return TabbedInterface(
        [
            ObjectList(
                [
                    FindingsPanel(heading=_("What to look at")),
                    FieldPanel("title"),
                    FieldPanel("summary"),
                    FieldPanel("steps"),
                    FieldPanel("rehearsal"),
                    FieldPanel("quiz"),
                ],
                heading=_("Lesson"),
            ),
            ObjectList(
                [
                    MultiFieldPanel(
                        [
                            FieldPanel("short_title"),
                            FieldRowPanel([FieldPanel("icon"), FieldPanel("minutes")]),
                            FieldPanel("apps"),
                        ],
                        _("About the lesson"),
                    ),
                    MultiFieldPanel(
                        [
                            FieldPanel("for_whom"),
                            FieldPanel("needs"),
                            FieldPanel("papers"),
                            FieldPanel("procedures"),
                            FieldPanel("warnings"),
                            FieldPanel("boxes"),
                            FieldPanel("closing"),
                        ],
                        _("Cover and end"),
                    ),
                    MultiFieldPanel(
                        [
                            FieldPanel("sources"),
                            FieldRowPanel([FieldPanel("reviewed_on"), FieldPanel("review_by")]),
                            FieldPanel("keywords"),
                        ],
                        _("Where it comes from"),
                    ),
                    PublishingPanel(),
                    CommentPanel(),
                ],
                heading=_("Details"),
            ),
        ],
        base_form_class=LessonForm,
    )


def lay_out() -> None:
    """Give lessons their layout; called once, from apps.py, before Wagtail first asks for it."""
    LessonPage.edit_handler = lesson_panels()
