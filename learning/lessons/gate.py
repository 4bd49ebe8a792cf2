"""What stops a lesson that breaks a hard rule, whichever door it is to be published through."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import ngettext

from learning.guardrails.checks import blocks, findings
from learning.guardrails.rules import Finding
from learning.lessons.drafts import draft_of


class PublishRefused(PermissionDenied):
    """The lesson must not go out as it is. Wagtail's admin answers it with a message, never with a crash."""

    def __init__(self, found: list[Finding]) -> None:
        count = len(found)
        super().__init__(
            ngettext(
                "This lesson cannot be published yet: %(count)d thing must be put right first.",
                "This lesson cannot be published yet: %(count)d things must be put right first.",
                count,
            )
            % {"count": count}
        )
        self.found = found

    def __str__(self) -> str:
        """For logs and for the terminal: which rules, and where."""
        return f"{self.args[0]} " + "; ".join(f"{one.where} {one.code} {one.detail}".strip() for one in self.found)


def stopping(page: Any) -> list[Finding]:
    """What stops this lesson (a page or a revision's object in its place of the tree). Draws only steps with pictures
    that could be too heavy: a drawn screen cannot be."""
    heavy = any(child.value.get("image") for child in page.steps)
    return blocks(findings(draft_of(page, weigh=heavy)))


def stop_if_blocked(page: Any) -> None:
    """Raises PublishRefused if a hard rule is broken."""
    found = stopping(page)
    if found:
        raise PublishRefused(found)
