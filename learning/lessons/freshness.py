"""What makes kept pages out of date: Wagtail's own news of publications, and changes of reusable pieces.

The only place in `learning` that listens to signals: a page can be moved or unpublished by many of Wagtail's doors.
"""

from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from learning.lessons.models import LessonPage
from learning.media.images import LessonImage
from learning.reference import models as pieces
from learning.serving import stamps

PIECES = (
    pieces.AppVersion, pieces.GlossaryTerm, pieces.HelpContact, pieces.Procedure, pieces.Service, pieces.ServicePoint,
    pieces.Track, pieces.WarningBox,
)  # fmt: skip


def published(sender: Any, **kwargs: Any) -> None:
    """Home, list and topics stand on many pages; a lesson tells by itself what it changed."""
    if issubclass(sender, LessonPage):
        kwargs["instance"].published()
    else:
        stamps.touch_all()


def everything(sender: Any, **kwargs: Any) -> None:
    """Something that many pages show changed."""
    stamps.touch_all()


def picture_changed(sender: Any, created: bool = False, **kwargs: Any) -> None:
    """An editor put another file behind a picture that lessons may show: its old sizes are gone."""
    if not created:
        stamps.touch_all()


def listen() -> None:
    """Connect; called once, from apps.py."""
    page_published.connect(published)
    for signal in (page_unpublished, post_page_move, page_slug_changed):
        signal.connect(everything)
    for model in (*PIECES, PageViewRestriction, Site):
        post_save.connect(everything, sender=model)
        post_delete.connect(everything, sender=model)
    post_delete.connect(everything, sender=LessonPage)
    post_save.connect(picture_changed, sender=LessonImage)
