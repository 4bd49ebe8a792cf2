"""Verbs of the reusable pieces: their search keys, and a new version of an app."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from learning.reference.models import AppVersion, Procedure, ServicePoint
from learning.serving import stamps
from project.lib import vietnamese
from project.lib.clock import today

REASON_LENGTH = 160


def search_key_of_procedure(row: Procedure) -> str:
    """Everything a search looks at, folded."""
    return vietnamese.fold("\n".join([row.name_vi, row.name_en, row.keywords, row.papers_vi]), loose=True)


def search_key_of_point(row: ServicePoint) -> str:
    """Everything a search looks at, folded."""
    return vietnamese.fold("\n".join([row.name_vi, row.name_en, row.address]), loose=True)


@transaction.atomic
def app_version_changed(app: AppVersion, *, by: Any) -> int:
    """Mark every lesson that shows the app, live or draft, to be compared with its new version. How many they are.

    `by`: the user who changed it, None for a program. Each lesson's history names the reason.
    """
    reason = _("%(app)s: pictures may look different now") % {"app": str(app)}
    marked = 0
    for lesson in lessons_showing(app):
        mark_for_review(lesson, reason, by=by)
        marked += 1
    stamps.touch_all()  # learners read a note on these lessons
    return marked


def mark_for_review(lesson: Any, reason: str, *, by: Any) -> None:
    """Put one lesson (a row of learning.LessonPage) on the editors' list, with the reason and today's date."""
    rows = type(lesson)._default_manager.filter(pk=lesson.pk)
    rows.update(recheck_since=today(), recheck_reason=reason[:REASON_LENGTH])
    log(instance=lesson, action="learning.recheck", user=by, data={"reason": reason[:REASON_LENGTH]})


def lessons_showing(app: AppVersion) -> list[Any]:
    """Every lesson that shows the app: as saved, or only in the latest version of a live lesson's draft."""
    saved: Any = app.lessons  # type: ignore[attr-defined]  # the other side of LessonPage.apps
    found = {lesson.pk: lesson for lesson in saved.all()}
    drafts = saved.model._default_manager.filter(has_unpublished_changes=True).exclude(pk__in=found)
    for lesson in drafts.select_related("latest_revision"):
        if lesson.latest_revision and app.pk in (lesson.latest_revision.content.get("apps") or []):
            found[lesson.pk] = lesson
    return list(found.values())
