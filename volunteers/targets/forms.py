"""Parsing and wording of campaigns and targets."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learning import catalog
from project.lib.clock import today
from volunteers.areas.models import Area
from volunteers.targets.models import Campaign
from volunteers.targets.queries import rung_names
from volunteers.targets.rules import default_slots, rung_fits

_DAY = {"type": "date"}
_LESSON_HELP = _("Numbers of lessons that every volunteer passes before the first visit, separated by commas.")


class CampaignForm(forms.Form):
    """A campaign's name, days, papers and the blocks of the day in which visits are planned."""

    name = forms.CharField(label=_("Name"), max_length=120)
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    ends_on = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    document = forms.CharField(label=_("Document number"), max_length=60, required=False)
    blocks = forms.MultipleChoiceField(
        label=_("When visits are planned"),
        choices=[
            ("am", _("In the morning, 8:00–11:30")),
            ("pm", _("In the afternoon, 13:30–17:00")),
            ("ev", _("In the evening, 17:30–21:00")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    required_lessons = forms.CharField(
        label=_("Training needed"), max_length=120, required=False, help_text=_LESSON_HELP
    )

    def __init__(self, data: Any = None, *, campaign: Campaign | None = None) -> None:
        """With a campaign: its present values; without: three months from today."""
        initial: dict[str, Any]
        self.kept = list(campaign.slots) if campaign else []
        if campaign:
            initial = {
                "name": campaign.name,
                "starts_on": campaign.starts_on,
                "ends_on": campaign.ends_on,
                "document": campaign.document,
                "blocks": [slot["id"] for slot in campaign.slots],
                "required_lessons": ", ".join(str(number) for number in campaign.required_lessons),
            }
        else:
            initial = {
                "starts_on": today(),
                "ends_on": today() + timedelta(days=90),
                "blocks": ["am", "pm", "ev"],
            }
        super().__init__(data, initial=initial)

    def clean_required_lessons(self) -> list[int]:
        """The numbers, once each."""
        words = [word for word in self.cleaned_data["required_lessons"].replace(";", ",").split(",") if word.strip()]
        try:
            return list(dict.fromkeys(int(word) for word in words))
        except ValueError:
            raise forms.ValidationError(_("Write lesson numbers only, such as 3, 7.")) from None

    def clean(self) -> dict[str, Any]:
        """The last day comes after the first."""
        data = super().clean() or {}
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The last day lies before the first day."))
        return data

    def details(self) -> dict[str, Any]:
        """What `open_campaign` and `edit_campaign` take. Hours that an import or the planner set differently stay."""
        data = self.cleaned_data
        kept = {slot["id"]: slot for slot in self.kept}
        slots = [kept.get(slot["id"], slot) for slot in default_slots() if slot["id"] in data["blocks"]]
        return {
            "name": data["name"],
            "starts_on": data["starts_on"],
            "ends_on": data["ends_on"],
            "document": data["document"],
            "slots": slots,
            "required_lessons": data["required_lessons"],
        }


class TargetForm(forms.Form):
    """One target: a number of people, or a percent with its base and where the base comes from."""

    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none(), empty_label=None)
    service = forms.ChoiceField(label=_("Service"))
    rung = forms.ChoiceField(label=_("Rung"), required=False)
    number = forms.IntegerField(label=_("Number of people"), min_value=1, max_value=100_000_000, required=False)
    percent = forms.DecimalField(
        label=_("or percent"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    base = forms.IntegerField(label=_("of how many people"), min_value=1, max_value=100_000_000, required=False)
    base_source = forms.CharField(label=_("Source of the base"), max_length=120, required=False)
    due_on = forms.DateField(label=_("Due"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    document = forms.CharField(label=_("Document number"), max_length=60, required=False)
    reason = forms.CharField(
        label=_("Reason of the change"), max_length=200, required=False, help_text=_("Needed when a target is changed.")
    )

    def __init__(self, campaign: Campaign, areas: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]
        self.fields["service"].choices = [(card.code, card.name) for card in catalog.services()]  # type: ignore[attr-defined]
        names = [(value, label.capitalize()) for value, label in rung_names().items()]
        self.fields["rung"].choices = [("", _("The service's goal")), *names]  # type: ignore[attr-defined]
        self.fields["due_on"].initial = campaign.ends_on

    def clean(self) -> dict[str, Any]:
        """A number or a percent, not both; a percent with its base."""
        data = super().clean() or {}
        number, percent = data.get("number"), data.get("percent")
        if number and percent:
            self.add_error("percent", _("Give either a number or a percent."))
        elif not number and percent is None and "number" not in self.errors and "percent" not in self.errors:
            self.add_error("number", _("Give a number of people, or a percent with its base."))
        if percent is not None and not data.get("base") and "base" not in self.errors:
            self.add_error("base", _("A percent needs its base: how many people are 100 %?"))
        service, rung = data.get("service"), data.get("rung")
        if service and rung and not rung_fits(service, rung):
            self.add_error("rung", _("This service does not have that rung."))
        return data
