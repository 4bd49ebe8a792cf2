"""Parsing of an order to the planner."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from project.lib.clock import today

BUDGETS = [
    ("5", _("5 seconds: a quick look")),
    ("10", _("10 seconds: usual")),
    ("30", _("30 seconds: a large commune")),
]


class PlanForm(forms.Form):
    """Which days, and how long the planner may think."""

    from_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    to_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    seconds = forms.ChoiceField(label=_("How long may the planner think?"), choices=BUDGETS, initial="10")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = today() + timedelta(days=1)
        self.fields["from_on"].initial = first
        self.fields["to_on"].initial = first + timedelta(days=6)

    def order(self) -> dict[str, Any]:
        """What `planning.actions.request_plan` takes."""
        data = self.cleaned_data
        return {"from_on": data["from_on"], "to_on": data["to_on"], "seconds": int(data["seconds"])}
