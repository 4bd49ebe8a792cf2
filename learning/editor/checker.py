"""Wagtail's own accessibility checker with the rules that elders' pages need, beside the preview of a page."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.userbar import AccessibilityItem, ContentCheckerItem

MORE_RULES = ("target-size", "image-alt", "role-img-alt", "svg-img-alt", "input-image-alt", "label", "document-title")


class ElderChecker(ContentCheckerItem):
    """As Wagtail's, with targets large enough and words for every picture; our pages carry no meta description."""

    axe_run_only = [
        *(rule for rule in ContentCheckerItem.axe_run_only if rule != "empty-meta-description"), *MORE_RULES,
    ]  # fmt: skip
    # Off by default in axe, and `runOnly` alone does not turn on what is off.
    axe_rules = {"target-size": {"enabled": True}}
    axe_messages = ContentCheckerItem.axe_messages | {
        "target-size": {
            "error_name": _("Too small to tap"),
            "help_text": _("Fingers of 75 years need large targets: please use the lesson's own buttons"),
        },
        "image-alt": {
            "error_name": _("A picture without words"),
            "help_text": _("Please write what the picture shows"),
        },
    }


@hooks.register("construct_wagtail_userbar")
def check_for_elders(request: HttpRequest, items: list[Any], page: Any) -> None:
    """Put our checker in the place of Wagtail's."""
    for place, item in enumerate(items):
        if isinstance(item, AccessibilityItem):
            items[place] = ElderChecker(in_editor=item.in_editor)
