"""Parsing of a session's details."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from project.lib.clock import ZONE, today
from volunteers.areas.models import Area
from volunteers.sessions.models import Session
from volunteers.teams.models import Team


class SessionForm(forms.Form):
    """A new session of one commune."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Session.Kind.choices)
    title = forms.CharField(label=_("Name of the session"), max_length=120, required=False)
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("All teams")
    )
    hamlet = forms.ModelChoiceField(
        label=_("Hamlet"), queryset=Area.objects.none(), required=False, empty_label=_("The whole commune")
    )
    place = forms.CharField(
        label=_("Place"),
        max_length=120,
        required=False,
        help_text=_("Where to meet: the hamlet house, the market gate …"),
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    start = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    end = forms.TimeField(label=_("To"), widget=forms.TimeInput(attrs={"type": "time"}))
    capacity = forms.IntegerField(label=_("Places"), min_value=1, max_value=200, required=False)
    is_public = forms.BooleanField(label=_("Show it in the public calendar"), required=False)

    def __init__(self, commune: Area, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.active().filter(area=commune)  # type: ignore[attr-defined]
        self.fields["hamlet"].queryset = Area.objects.hamlets().filter(parent=commune)  # type: ignore[attr-defined]

    def clean_day(self) -> Any:
        """Not in the past, not more than a year ahead."""
        day = self.cleaned_data["day"]
        if not today() <= day <= today() + timedelta(days=366):
            raise forms.ValidationError(_("Choose a day between today and a year from now."))
        return day

    def clean(self) -> dict[str, Any]:
        """The end comes after the start."""
        data = super().clean() or {}
        if data.get("start") and data.get("end") and data["end"] <= data["start"]:
            self.add_error("end", _("The session must end after it starts."))
        return data

    def details(self) -> dict[str, Any]:
        """What `sessions.actions.open_session` takes."""
        data = self.cleaned_data
        return {
            "kind": data["kind"], "title": data["title"], "team": data["team"], "hamlet": data["hamlet"],
            "place": data["place"], "capacity": data["capacity"], "is_public": data["is_public"],
            "starts_at": datetime.combine(data["day"], data["start"], tzinfo=ZONE),
            "ends_at": datetime.combine(data["day"], data["end"], tzinfo=ZONE),
        }  # fmt: skip


class MoveForm(forms.Form):
    """Another day and hours."""

    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    start = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    end = forms.TimeField(label=_("To"), widget=forms.TimeInput(attrs={"type": "time"}))

    def clean(self) -> dict[str, Any]:
        """In the future, and the end after the start."""
        data = super().clean() or {}
        if data.get("day") and data["day"] < today():
            self.add_error("day", _("Choose a day between today and a year from now."))
        if data.get("start") and data.get("end") and data["end"] <= data["start"]:
            self.add_error("end", _("The session must end after it starts."))
        return data

    def times(self) -> dict[str, datetime]:
        """What `sessions.actions.move_session` takes."""
        data = self.cleaned_data
        return {
            "starts_at": datetime.combine(data["day"], data["start"], tzinfo=ZONE),
            "ends_at": datetime.combine(data["day"], data["end"], tzinfo=ZONE),
        }
