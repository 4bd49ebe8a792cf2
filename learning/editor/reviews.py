"""«Lessons to review»: what is past its date or touched by an app's new version; as a report and on the CMS's home."""

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.admin.views.reports import PageReportView
from wagtail.models import Page
from wagtail.permissions import policy_registry

from learning.lessons.drafts import draft_of
from learning.lessons.models import LessonPage
from learning.serving.build import BUILD
from project.lib.clock import today

AHEAD_DAYS = 30
SHOWN_ON_HOME = 5
RIGHTS = ("add", "change", "publish")
WEIGHED_FOR = 7 * 24 * 3600  # seconds; the key changes with every version of the lesson


def to_review(user: Any) -> "QuerySet[LessonPage]":
    """The lessons that this person may work on and that should be looked at, the most pressing first."""
    mine = policy_registry.get_by_type(Page).instances_user_has_any_permission_for(user, RIGHTS)
    due = Q(recheck_since__isnull=False) | Q(review_by__lte=today() + timedelta(days=AHEAD_DAYS))
    rows: QuerySet[LessonPage] = LessonPage.objects.filter(due, pk__in=mine.values("pk"), alias_of=None)
    return rows.select_related("locale").order_by(F("recheck_since").asc(nulls_last=True), "review_by", "pk")


def reason_of(page: LessonPage) -> str:
    """Why the lesson is on the list."""
    if page.recheck_since:
        return page.recheck_reason
    if page.review_by and page.review_by < today():
        return _now("The review date has passed")
    return _now("The review date is near")


def figures_of(page: LessonPage) -> tuple[int, str]:
    """The heaviest step in kB, and voice coverage as «7/8» (steps with a recording or a finished voice)."""
    key = f"learning.figures:{BUILD}:{page.pk}:{page.latest_revision_id}:{page.live_revision_id}"
    weight: int | None = cache.get(key)
    draft = draft_of(page, weigh=weight is None)
    if weight is None:
        weight = max((step.weight or 0 for step in draft.steps), default=0)
        cache.set(key, weight, WEIGHED_FOR)
    heard = sum(step.voice in {"recorded", "ready"} for step in draft.steps)
    return round(weight / 1000), f"{heard}/{len(draft.steps)}"


class ReviewReport(PageReportView):
    """Lessons past their date or touched by a new version of an app; also as CSV and XLSX."""

    page_title = _("Lessons to review")
    header_icon = "time"
    index_url_name = "learning_reviews"
    index_results_url_name = "learning_reviews_results"
    results_template_name = "learning/cms/review_results.html"
    any_permission_required = [*RIGHTS]
    paginate_by = 20
    list_export = ["title", "language", "reason", "since", "review_by", "weight", "voices", "status_string"]
    export_headings = {
        "title": _("Lesson"), "language": _("Language"), "reason": _("Why"), "since": _("Since"),
        "review_by": _("To be checked again by"), "weight": _("Heaviest step, kB"), "voices": _("Steps with a voice"),
        "status_string": _("Status"),
    }  # fmt: skip

    def get_filename(self) -> str:
        """The name of the exported file."""
        return f"bai-can-xem-lai-{today():%Y-%m-%d}"

    def get_queryset(self) -> Any:
        """What this person may work on."""
        self.queryset = to_review(self.request.user)
        return super().get_queryset()

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """The rows with what the table shows beside them."""
        rows = list(object_list)
        for page in rows:
            page.language = str(page.locale)
            page.reason = reason_of(page)
            page.since = page.recheck_since or page.review_by
            page.weight, page.voices = figures_of(page)
        return rows


class ReviewPanel(Component):
    """The first of them on the CMS's home page."""

    name = "lessons_to_review"
    template_name = "learning/cms/review_panel.html"
    order = 150

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """`rows`: at most SHOWN_ON_HOME; `total`: how many there are."""
        found = to_review(parent_context["request"].user)
        rows = [(page, reason_of(page)) for page in found[:SHOWN_ON_HOME]]
        return {"rows": rows, "total": found.count()}
