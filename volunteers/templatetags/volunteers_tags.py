"""Tags that several slices' pages share: what was sent today, good times and rungs in words, signs of states."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from learning.catalog import rungs
from project.accounts.models import User
from project.lib.clock import today
from volunteers.field.queries import Sent, sent_on
from volunteers.households.rules import good_time_words

register = template.Library()


@register.simple_tag
def sent_today(user: User) -> Sent:
    """What became of the person's records of today, as the server knows it."""
    return sent_on(user, today())


@register.filter
def good_time(windows: list[Mapping[str, Any]]) -> str:
    """Windows of a household in words; '' for «any time»."""
    words = good_time_words(windows or [], english=get_language() == "en")
    return words[:1].upper() + words[1:]


@register.filter
def rung_word(rung: str) -> str:
    """The ladder's word for a rung, short enough for a tap."""
    words = {
        "briefed": _("Told"), "referred": _("Referred"), "registered": _("Registered"), "activated": _("Activated"),
        "did_alone": _("Did alone"),
    }  # fmt: skip
    return words[rung] if rung in rungs() else rung


@register.filter
def visit_sign(status: str) -> str:
    """The kind of pill that a visit's state is shown with (parts/pill.html)."""
    return {"completed": "ok", "started": "leaf", "missed": "warn", "cancelled": "bad"}.get(status, "")
