"""Forms of hamlets: a new one, corrections, a merge."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from project.lib.clock import today
from project.lib.geo import LatLng, in_vietnam
from volunteers.areas.importers import HAMLET_KINDS
from volunteers.areas.models import Area
from volunteers.areas.queries import hamlets_of


class HamletForm(forms.Form):
    """Name, kind and facts of a hamlet; for one that exists also the day from which a new name holds."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in HAMLET_KINDS])
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Without the kind: for «Thôn 3» write 3."),
        error_messages={"required": _("Write the name here.")},
    )  # fmt: skip
    own_code = forms.CharField(
        label=_("Code"), max_length=12, required=False,
        help_text=_("Leave it empty to get the next free one. It never changes afterwards."),
    )  # fmt: skip
    since = forms.DateField(
        label=_("A new name holds from"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Only if you change the name or the kind. Empty means today."),
    )  # fmt: skip
    household_count = forms.IntegerField(
        label=_("Number of households"), required=False, min_value=0, max_value=100_000
    )
    network = forms.ChoiceField(label=_("Phone network"), required=False, choices=Area.Network.choices)
    lat = forms.FloatField(label=_("Latitude"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    lon = forms.FloatField(label=_("Longitude"), required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))

    def __init__(self, *args: Any, hamlet: Area | None = None, **kwargs: Any) -> None:
        if hamlet is not None:
            facts = ("kind", "name", "household_count", "network", "lat", "lon")
            kwargs.setdefault("initial", {name: getattr(hamlet, name) for name in facts})
        super().__init__(*args, **kwargs)
        del self.fields["since" if hamlet is None else "own_code"]

    def clean(self) -> dict[str, Any]:
        """Both coordinates or neither, inside the country, rounded to about 100 m."""
        cleaned = super().clean() or {}
        lat, lon = cleaned.get("lat"), cleaned.get("lon")
        if (lat is None) != (lon is None) and not {"lat", "lon"} & set(self.errors):
            self.add_error("lat" if lat is None else "lon", _("Write both, latitude and longitude, or neither."))
        elif lat is not None and lon is not None:
            try:
                point = LatLng(lat, lon).rounded()
                fits = in_vietnam(point)
            except ValueError:
                fits = False
            if fits:
                cleaned["lat"], cleaned["lon"] = point.lat, point.lng
            else:
                self.add_error("lat", _("This point is not in Viet Nam."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What `edit_hamlet` takes."""
        return {name: self.cleaned_data[name] for name in ("lat", "lon", "household_count", "network")}

    def clean_since(self) -> Any:
        """Not beyond a year from now."""
        since = self.cleaned_data["since"]
        if since is not None and abs((since - today()).days) > 366:
            raise forms.ValidationError(_("Choose a day within a year of today."))
        return since


class MergeForm(forms.Form):
    """Into which hamlet this one goes."""

    into = forms.ModelChoiceField(
        label=_("It becomes part of"), queryset=Area.objects.none(), empty_label=None,
        widget=forms.RadioSelect, error_messages={"required": _("Choose a hamlet.")},
    )  # fmt: skip
    understood = forms.BooleanField(
        label=_("I understand that this cannot be undone"),
        error_messages={"required": _("Please confirm that you have understood.")},
    )

    def __init__(self, *args: Any, hamlet: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = hamlets_of(hamlet.commune).exclude(pk=hamlet.pk)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]
