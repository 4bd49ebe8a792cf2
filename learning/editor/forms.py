"""The editor's form of a lesson: sensible defaults, and hard rules told at the field when it is to be published."""

import copy
from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from learning.editor.words import words_of
from learning.guardrails.checks import blocks as stopping
from learning.guardrails.checks import findings
from learning.guardrails.rules import Finding
from learning.lessons.drafts import STREAMS, draft_of
from project.lib.clock import today

REVIEW_DAYS = 180
GOING_OUT = ("action-publish", "action-submit", "action-restart-workflow")


class LessonForm(WagtailAdminPageForm):
    """Drafts may always be saved; what goes out (publish, submit, approve) keeps the hard rules."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk or self.is_bound:
            return
        self.initial["reviewed_on"] = today()
        self.initial["review_by"] = today() + timedelta(days=REVIEW_DAYS)
        if "steps" in self.fields and not self.instance.steps:
            block = self.instance._meta.get_field("steps").stream_block
            self.initial["steps"] = block.to_python([{"type": "step", "value": {}}])  # one empty step stands ready

    @property
    def is_going_out(self) -> bool:
        """Whether this submission publishes, submits or approves."""
        approves = self.data.get("action-workflow-action") and self.data.get("workflow-action-name") == "approve"
        return bool(approves or any(self.data.get(name) for name in GOING_OUT))

    def clean(self) -> dict[str, Any]:
        """As Wagtail's; then the hard rules, each at its field."""
        cleaned: dict[str, Any] = super().clean()
        if self.is_bound and self.is_going_out:
            for name, error in errors_of(stopping(findings(self.draft()))).items():
                if name not in self.errors:  # a field that says something already is mended first
                    self.add_error(name if name in self.fields else None, error)
        return cleaned

    def draft(self) -> Any:
        """What is in the form, as the rules see it."""
        page = copy.copy(self.instance)
        for name, value in self.cleaned_data.items():
            if name in self.fields and name not in {"apps", "boxes", "procedures", "comment_notifications"}:
                setattr(page, name, value)
        if page._state.adding and self.parent_page is not None:  # a place in the tree, so that it can be drawn
            page.set_url_path(self.parent_page)
        heavy = any(child.value.get("image") for child in page.steps)
        return draft_of(page, apps=self.cleaned_data.get("apps"), weigh=heavy)


def errors_of(found: list[Finding]) -> dict[str, ValidationError]:
    """The findings as errors: by form field, those of blocks at their own place inside it."""
    groups: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
    for one in found:
        name, *rest = one.where.split(".")
        groups[name].append((rest, words_of(one)))
    return {
        name: _stream_error(entries) if name in STREAMS else ValidationError([words for _rest, words in entries])
        for name, entries in groups.items()
    }


def _stream_error(entries: list[tuple[list[str], str]]) -> ValidationError:
    own = [ValidationError(words) for rest, words in entries if not rest]
    inside = _by_first(entries)
    return StreamBlockValidationError(
        block_errors={int(key): _block_error(rest) for key, rest in inside.items()}, non_block_errors=own
    )


def _block_error(entries: list[tuple[list[str], str]]) -> ValidationError:
    """The error of one block: of its children where the places go deeper, else its own."""
    own = [words for rest, words in entries if not rest]
    inside = _by_first(entries)
    if not inside:
        return ValidationError(own)
    if all(key.isdigit() for key in inside):
        return ListBlockValidationError(
            block_errors={int(key): _block_error(rest) for key, rest in inside.items()},
            non_block_errors=[ValidationError(words) for words in own],
        )
    return StructBlockValidationError(
        block_errors={key: _block_error(rest) for key, rest in inside.items()},
        non_block_errors=[ValidationError(words) for words in own],
    )


def _by_first(entries: list[tuple[list[str], str]]) -> dict[str, list[tuple[list[str], str]]]:
    found: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
    for rest, words in entries:
        if rest:
            found[rest[0]].append((rest[1:], words))
    return dict(found)
