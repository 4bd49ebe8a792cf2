"""What a lead may say to a record that waits: how to clear it, or why it does not count."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from project.lib.input_guard import check

LOWERED = "registered"  # as far as one may come on a phone that is not the person's own (house.md D17)


class ClearForm(forms.Form):
    """As it is (empty), or lowered to «registered»."""

    rung = forms.ChoiceField(required=False, choices=[("", ""), (LOWERED, LOWERED)])


class RejectForm(forms.Form):
    """Why the record does not count; its author and the next lead read it."""

    reason = forms.CharField(
        label=_("Why it does not count"),
        max_length=200,
        help_text=_("A few words for whoever recorded it. No names, no numbers."),
        error_messages={"required": _("Write in a few words why this record does not count.")},
    )

    def __init__(self, *args: Any, key: str = "", **kwargs: Any) -> None:
        kwargs["auto_id"] = f"id_%s_{key}"  # one form for each row of the page
        super().__init__(*args, **kwargs)

    def clean_reason(self) -> str:
        """Free text never keeps a secret."""
        text: str = self.cleaned_data["reason"]
        if check(text):
            raise forms.ValidationError(
                _("This looks like a number or password that we must never keep. Delete it here.")
            )
        return text
