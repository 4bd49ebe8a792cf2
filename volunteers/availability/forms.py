"""Parsing of the week's grid and of a day that differs."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from project.lib.clock import today
from volunteers.availability.rules import BLOCKS

DAYS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
BLOCK_NAMES = {"am": _("Morning"), "pm": _("Afternoon"), "eve": _("Evening")}
CELLS = [(f"{weekday}-{key}", f"{weekday} {key}") for weekday in range(7) for key in BLOCKS]


class WeekForm(forms.Form):
    """The painted cells, each as `<weekday>-<block>`."""

    cells = forms.MultipleChoiceField(choices=CELLS, required=False)

    def painted(self) -> list[tuple[int, str]]:
        """The cells as (weekday, block key)."""
        return [(int(cell[0]), cell[2:]) for cell in self.cleaned_data["cells"]]


class ExceptionForm(forms.Form):
    """A day on which the volunteer cannot come, or can although the week says no."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    is_free = forms.TypedChoiceField(
        label=_("On that day"),
        choices=[("0", _("I cannot come")), ("1", _("I can come"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        initial="0",
    )

    def clean_day(self) -> Any:
        """Between today and a year ahead."""
        day = self.cleaned_data["day"]
        if not today() <= day <= today() + timedelta(days=366):
            raise forms.ValidationError(_("Choose a day between today and a year from now."))
        return day
