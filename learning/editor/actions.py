"""Verbs of the editors' side: what happens to a planned lesson that may not go out."""

from django.utils.translation import gettext as _
from wagtail.models import Revision

from learning.editor.words import told
from learning.lessons.gate import stopping
from learning.lessons.models import LessonPage
from learning.reference.actions import mark_for_review


def call_off_blocked(revision: Revision) -> bool:
    """Take a planned version that breaks a hard rule off the plan and put it on the review list. True if it did.

    The history names what happened; the list «Lessons to review» says what must be put right.
    """
    page = revision.as_object()
    if not isinstance(page, LessonPage):
        return False
    found = stopping(page)
    if not found:
        return False
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    first = told(found[0])
    row = LessonPage.objects.get(pk=page.pk)
    reason = _("Not published as planned: %(place)s: %(words)s") % {"place": first.place, "words": first.words}
    mark_for_review(row, reason, by=None)
    return True
