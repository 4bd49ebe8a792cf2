"""The filter of the audit trail."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class TrailForm(forms.Form):
    """By action, by person, by day."""

    action = forms.ChoiceField(label=_("What was done"), required=False)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    actor = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [("", _("everything")), *actions]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """The filters of `queries.trail`; words that do not fit filter nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def chosen_actor(self) -> uuid.UUID | None:
        """The person whose entries alone are shown."""
        found: uuid.UUID | None = self.chosen().get("actor")
        return found
