"""«Write a lesson»: the topics under which this person may add one, one click from the menu."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from learning.lessons.tree import TopicPage


@require_safe
def write_lesson(request: HttpRequest) -> HttpResponse:
    """The topics of each language where this person may add a lesson, in the editors' order."""
    rows = TopicPage.objects.filter(alias_of=None).select_related("locale").order_by("locale__language_code", "path")
    languages: dict[str, list[Any]] = {}
    for topic in rows:
        if topic.permissions_for_user(request.user).can_add_subpage():
            languages.setdefault(str(topic.locale), []).append(topic)
    ordered = sorted(languages.items(), key=lambda item: item[1][0].locale.language_code != "vi")
    context = {"languages": ordered, "page_title": _("Write a lesson"), "header_icon": "edit"}
    return render(request, "learning/cms/write_lesson.html", context)
