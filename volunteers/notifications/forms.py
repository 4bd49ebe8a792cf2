"""Which notices come by e-mail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from volunteers.notifications.catalog import KINDS
from volunteers.notifications.queries import mail_choices


class PreferencesForm(forms.Form):
    """One tick for each kind of notice; ticked at first."""

    actions = forms.MultipleChoiceField(
        label=_("Send these by e-mail too"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        chosen = mail_choices(user)
        kwargs["initial"] = {"actions": [action for action in KINDS if chosen.get(action, True)]}
        super().__init__(*args, **kwargs)
        field: Any = self.fields["actions"]
        field.choices = [(kind.action, kind.label) for kind in KINDS.values()]

    def choices(self) -> dict[str, bool]:
        """Action → wanted, for every kind."""
        ticked = set(self.cleaned_data["actions"])
        return {action: action in ticked for action in KINDS}
