"""Editors' previews of a whole lesson: each screen in a frame as wide as a small phone, also of an unsaved draft."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from learning.lessons.models import LessonPage
from learning.lessons.previews import offer_preview

_SCRIPT = re.compile(r"<script\b.*?</script>", re.S)


def phone(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """As a learner sees it, one frame a step; the foot leads from frame to frame."""
    return _frames(page, request, "phone")


def bare(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """The same without any JavaScript: voices are plain links, the text size is that of the phone."""
    response = _frames(page, request, "bare")
    response.content = _SCRIPT.sub("", response.content.decode())
    return response


def helper(page: LessonPage, request: HttpRequest) -> HttpResponse:
    """As a helper has it beside the learner: each step with what to say and what never to do."""
    return _frames(page, request, "helper")


def _frames(page: LessonPage, request: HttpRequest, mode: str) -> HttpResponse:
    with translation.override(page.locale.language_code):
        steps = page.all_steps()
        iphone = page.all_steps(iphone=True) if any(step.has_variant for step in steps) else steps
        rows = [(step, other if step.has_variant else None) for step, other in zip(steps, iphone, strict=True)]
        return page.answer(request, "learning/preview_frames.html", rows=rows, count=len(steps), mode=mode)


def offer_frames() -> None:
    """The modes of this file."""
    offer_preview("phone", _("Phone, step by step"), phone)
    offer_preview("bare", _("Without JavaScript"), bare)
    offer_preview("helper", _("For the helper"), helper)
