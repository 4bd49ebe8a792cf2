"""Verbs of the reusable pieces: their search keys, and a new version of an app."""

from collections.abc import Set
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from learning.media.images import LessonImage
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
    """Every lesson that names the app or shows a picture of it: as saved, or only in the latest version of a draft."""
    saved: Any = app.lessons  # type: ignore[attr-defined]  # the other side of LessonPage.apps
    found = {lesson.pk: lesson for lesson in saved.all()}
    pictures = set(LessonImage.objects.filter(app=app).values_list("pk", flat=True))
    others = saved.model._default_manager.exclude(pk__in=found)
    if not pictures:  # then only a draft may name the app: published lessons need not be looked through
        others = others.filter(has_unpublished_changes=True)
    for lesson in others.select_related("latest_revision"):
        draft = lesson.latest_revision if lesson.has_unpublished_changes else None
        named = draft is not None and app.pk in (draft.content.get("apps") or [])
        if named or _shows(lesson, pictures) or (draft is not None and _shows(draft.as_object(), pictures)):
            found[lesson.pk] = lesson
    return list(found.values())


def _shows(lesson: Any, pictures: Set[int]) -> bool:
    """Whether a version of a lesson shows one of the pictures (by id)."""
    return bool(pictures) and any(image.pk in pictures for image in lesson.pictures())
