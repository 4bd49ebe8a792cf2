"""What Wagtail's admin asks the editors' side for: scripts, the report, the home page's panel, refusals with words."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect
from wagtail import hooks
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.models import Page
from wagtail.permissions import policy_registry

from learning.editor.fragments import lesson_findings, lesson_picture
from learning.editor.reviews import RIGHTS, ReviewPanel, ReviewReport
from learning.editor.starts import write_lesson
from learning.editor.words import told
from learning.guardrails.rules import Finding
from learning.lessons.gate import stopping
from learning.lessons.models import LessonPage


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    """The editors' own addresses beneath /cms/."""
    return [
        path("viet-bai/", write_lesson, name="learning_write"),
        path("lesson-findings/<int:page_id>/", lesson_findings, name="learning_findings"),
        path("lesson-picture/<int:image_id>/", lesson_picture, name="learning_picture"),
        path("reports/can-xem-lai/", ReviewReport.as_view(), name="learning_reviews"),
        path(
            "reports/can-xem-lai/results/",
            ReviewReport.as_view(results_only=True),
            name="learning_reviews_results",
        ),
    ]


class LessonsMenuItem(MenuItem):
    """Shown to those who may work on lessons."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person may add, change or publish some page."""
        return bool(policy_registry.get_by_type(Page).user_has_any_permission(request.user, RIGHTS))


@hooks.register("register_admin_menu_item")
def write_menu_item() -> MenuItem:
    """Write a lesson, first of all."""
    return LessonsMenuItem(_("Write a lesson"), reverse("learning_write"), icon_name="edit", order=50)


@hooks.register("register_reports_menu_item")
def reviews_menu_item() -> MenuItem:
    """Reports → Lessons to review."""
    return LessonsMenuItem(_("Lessons to review"), reverse("learning_reviews"), icon_name="time", order=890)


@hooks.register("construct_homepage_panels")
def add_review_panel(request: HttpRequest, panels: list[Any]) -> None:
    """The lessons to review, before Wagtail's own panels."""
    panels.append(ReviewPanel())


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    """How a lesson's history calls the mark «to be reviewed»."""
    actions.register_action("learning.recheck", _("Marked for review"), _("Marked for review"))


@hooks.register("insert_editor_js")
def editor_scripts() -> str:
    """Clicking on pictures, and the findings after each save. Their words stand in data- attributes."""
    words = {
        "mark": _now("Mark %(number)s"), "area": _now("The right place"), "remove": _now("Remove"),
        "click": _now("Click on the picture to place a mark (at most 3). Arrow keys move it."),
        "click-area": _now("Click on the picture, or draw a frame. Arrow keys move it, with Shift they resize it."),
        "place": _now("Put a mark in the middle"), "place-area": _now("Put the frame in the middle"),
        "full": _now("There are three marks already. Remove one first."), "picture": _now("Choose a picture first."),
        "failed": _now("The picture cannot be shown now. Please save and load the page again."),
    }  # fmt: skip
    spread = format_html_join("", ' data-{}="{}"', words.items())
    return format_html(
        '<script src="{}" id="gc-places" data-pictures="{}"{} defer></script><script src="{}" defer></script>',
        static("learning/cms/places.js"), reverse("learning_picture", args=[0]), spread,
        static("learning/cms/findings.js"),
    )  # fmt: skip


@hooks.register("insert_global_admin_css")
def editor_styles() -> str:
    """The look of both, and of the report."""
    return format_html('<link rel="stylesheet" href="{}">', static("learning/cms/editor.css"))


# Refusals ----------------------------------------------------------------------------------------------------


def tell_refusal(request: HttpRequest, page: LessonPage, found: list[Finding]) -> None:
    """Say why a lesson may not go out, with the way to it."""
    rows = format_html_join(
        "", "<li><strong>{}.</strong> {}</li>", ((one.place, one.words) for one in map(told, found))
    )
    messages.error(
        request,
        format_html(
            '{} <a href="{}">{}</a><ul>{}</ul>',
            _now("«%(title)s» cannot be published yet.") % {"title": page.get_admin_display_title()},
            reverse("wagtailadmin_pages:edit", args=[page.pk]),
            _now("Open the lesson"),
            rows,
        ),
    )


@hooks.register("before_bulk_action")
def refuse_several(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> HttpResponse | None:
    """Publishing several pages at once stops before the first if a lesson among them breaks a hard rule."""
    if action_type != "publish":
        return None
    pages = [page for page in objects if isinstance(page, Page)]
    if action.cleaned_form.cleaned_data.get("include_descendants"):
        pages += [below for page in pages for below in page.get_descendants().not_live()]
    refused = False
    for page in pages:
        latest = page.get_latest_revision_as_object()
        found = stopping(latest) if isinstance(latest, LessonPage) else []
        if found:
            tell_refusal(request, latest, found)
            refused = True
    return redirect(action.next_url) if refused else None


@require_admin_access
@csrf_protect
def approve(request: HttpRequest, page_id: int, action_name: str, task_state_id: int) -> HttpResponse:
    """Wagtail's «approve» of a list or a dialogue, but a lesson that breaks a hard rule stays where it is."""
    if request.method == "POST" and action_name == "approve":
        latest = get_object_or_404(Page, pk=page_id).get_latest_revision_as_object()
        found = stopping(latest) if isinstance(latest, LessonPage) else []
        if found:
            tell_refusal(request, latest, found)
            back = reverse("wagtailadmin_pages:edit", args=[page_id])
            if request.headers.get("x-requested-with") == "XMLHttpRequest":
                return JsonResponse({"step": "success", "redirect": back})
            return redirect(back)
    answer: HttpResponse = WorkflowActionView.as_view()(
        request, page_id=page_id, action_name=action_name, task_state_id=task_state_id
    )
    return answer
