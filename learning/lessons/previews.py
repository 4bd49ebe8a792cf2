"""The table of an editor's previews of a lesson. Slices above add theirs: learning.wagtail_hooks fills the table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class Preview:
    """One mode: its words in the editor, and how a (perhaps unsaved) lesson is drawn in it."""

    label: Any
    render: Callable[[Any, HttpRequest], HttpResponse]


PREVIEWS: dict[str, Preview] = {}


def offer_preview(mode: str, label: Any, render: Callable[[Any, HttpRequest], HttpResponse]) -> None:
    """Add a mode; the first one offered is the one that opens."""
    PREVIEWS[mode] = Preview(label, render)
