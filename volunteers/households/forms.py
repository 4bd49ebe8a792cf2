"""Parsing and wording of what leads type about a household, and of a file that they bring."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from learning import catalog
from project.accounts.fields import PhoneField
from project.lib.geo import province_box
from project.lib.import_columns import Column
from project.lib.input_guard import check
from volunteers.areas.models import Area, ImportRun
from volunteers.areas.queries import hamlets_of, unlisted_of
from volunteers.households.adapter import LONGEST_CALL_NAME, LONGEST_CODE, LONGEST_LANE, lane_point
from volunteers.households.models import Household
from volunteers.households.rules import good_time_windows, good_time_words
from volunteers.teams.rules import LANGUAGE_NAMES

LARGEST_FILE = 8 * 1024 * 1024
SECRET = _("This looks like a number or password that we must never keep. Delete it here.")


class HouseholdForm(forms.Form):
    """One household; its hamlets are those of one commune."""

    hamlet = forms.ModelChoiceField(label=_("Hamlet"), queryset=Area.objects.none())
    lane = forms.CharField(
        label=_("Lane or landmark"), max_length=LONGEST_LANE,
        help_text=_("Where the door is: «Ngõ 3, sau nhà văn hoá». At most 60 letters."),
    )  # fmt: skip
    call_name = forms.CharField(
        label=_("How to greet"), max_length=LONGEST_CALL_NAME, required=False,
        help_text=_("«bà Tư», «ông Năm»: never the full name."),
    )  # fmt: skip
    people = forms.IntegerField(label=_("People to help"), min_value=1, max_value=9, initial=1)
    needs = forms.MultipleChoiceField(label=_("Needs"), required=False, widget=forms.CheckboxSelectMultiple)
    good_time = forms.CharField(
        label=_("Good time"), max_length=120, required=False,
        help_text=_("For example: sáng; chủ nhật; 08:00-10:30. Empty: any time."),
    )  # fmt: skip
    priority = forms.TypedChoiceField(
        label=_("Priority"), coerce=int, initial=3,
        choices=[(1, _("1: can wait")), (2, "2"), (3, _("3: usual")), (4, "4"), (5, _("5: urgent"))],
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), initial="vi")
    woman_wanted = forms.BooleanField(label=_("Wants a woman in the crew"), required=False)
    phone = PhoneField(
        required=False, help_text=_("Only if the people agreed to be called back."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    forget_phone = forms.BooleanField(label=_("Forget the number that we keep"), required=False)
    consent = forms.BooleanField(label=_("They agreed that we keep this number and call back"), required=False)
    lat = forms.FloatField(label=_("Latitude"), required=False, help_text=_("Of the lane; kept to about 100 metres."))
    lon = forms.FloatField(label=_("Longitude"), required=False)
    code = forms.RegexField(
        r"^\w[\w ./\-]*$", label=_("Household code"), max_length=LONGEST_CODE, required=False,
        help_text=_("The commune's own code. Empty: we make one."),
        error_messages={"invalid": _("A household code has letters, digits, dots and dashes, at most 24 signs.")},
    )  # fmt: skip

    def __init__(self, commune: Area, *args: Any, household: Household | None = None, **kwargs: Any) -> None:
        self.commune, self.household = commune, household
        if household is not None:
            kwargs["initial"] = self._known(household)
        super().__init__(*args, **kwargs)
        hamlets = hamlets_of(commune)
        unlisted = unlisted_of(commune)
        if unlisted is not None:
            hamlets = hamlets | Area.objects.filter(pk=unlisted.pk)
        fields: dict[str, Any] = self.fields
        fields["hamlet"].queryset = hamlets
        fields["needs"].choices = [(card.code, card.name) for card in catalog.services()]
        kept = household.language if household else "vi"
        fields["language"].choices = sorted(LANGUAGE_NAMES.items(), key=lambda item: (item[0] != "vi", item[1]))
        if kept not in LANGUAGE_NAMES:
            fields["language"].choices = [*fields["language"].choices, (kept, kept)]
        if household is not None:
            del self.fields["code"]  # a code is for ever: reports and erasure name it
        if household is not None and household.phone:
            fields["phone"].help_text = _("A number is kept. Write here only to replace it.")
        else:
            del self.fields["forget_phone"]

    @staticmethod
    def _known(row: Household) -> dict[str, Any]:
        return {
            "hamlet": row.hamlet_id, "lane": row.lane, "call_name": row.call_name, "people": row.people,
            "needs": list(row.needs.values_list("code", flat=True)), "priority": row.priority,
            "good_time": good_time_words(row.good_time, english=get_language() == "en"), "language": row.language,
            "woman_wanted": row.woman_wanted, "lat": row.lat, "lon": row.lon,
        }  # fmt: skip

    def clean_lane(self) -> str:
        """No secrets."""
        return self._guarded("lane")

    def clean_call_name(self) -> str:
        """No secrets."""
        return self._guarded("call_name")

    def clean_code(self) -> str:
        """No personal number as a code."""
        return self._guarded("code")

    def _guarded(self, name: str) -> str:
        text = " ".join(str(self.cleaned_data[name]).split())
        if check(text):
            raise forms.ValidationError(SECRET)
        return text

    def clean_good_time(self) -> list[dict[str, Any]]:
        """Windows of the week."""
        try:
            return good_time_windows(self.cleaned_data["good_time"])
        except ValueError:
            words = _("Write sáng, chiều, tối, chủ nhật, cuối tuần, or hours such as 08:00-10:30.")
            raise forms.ValidationError(words) from None

    def clean(self) -> dict[str, Any]:
        """A number needs consent; a point needs both numbers and lies in the province."""
        data = super().clean() or {}
        if data.get("phone") and not data.get("consent"):
            self.add_error("consent", _("A phone number needs consent. Tick this, or delete the number."))
        lat, lon = data.get("lat"), data.get("lon")
        if (lat is None) != (lon is None):
            self.add_error("lat" if lat is None else "lon", _("Write both, latitude and longitude, or neither."))
        elif lat is not None and lon is not None:
            point = lane_point(lat, lon, province_box(self.commune.parent_id or ""))
            if point is None:
                place = self.commune.parent.full_name if self.commune.parent else ""
                words = _("This point is not in %(province)s. Latitude is the smaller number.") % {"province": place}
                self.add_error("lat", words)
            else:
                data["lat"], data["lon"] = point.lat, point.lng
        return data

    def details(self) -> dict[str, Any]:
        """What the verbs `create_household` and `update_household` take beside hamlet and code."""
        names = (
            "lane", "call_name", "people", "good_time", "priority", "language", "woman_wanted", "phone", "lat", "lon",
        )  # fmt: skip
        services: Any = Household._meta.get_field("needs").related_model
        needs = list(services.objects.filter(code__in=self.cleaned_data["needs"]))
        told = {name: self.cleaned_data[name] for name in names} | {"needs": needs}
        if self.household is not None and not told["phone"] and not self.cleaned_data.get("forget_phone"):
            told["phone"] = self.household.phone
        return told


class UploadForm(forms.Form):
    """A file and what it is a list of."""

    area = forms.ModelChoiceField(label=_("Commune"), queryset=Area.objects.none())
    kind = forms.ChoiceField(
        label=_("What is in the list?"),
        choices=[
            (ImportRun.Kind.HOUSEHOLDS, _("Households to visit")),
            (ImportRun.Kind.HAMLETS, _("Hamlets of the commune")),
            (ImportRun.Kind.VOLUNTEERS, _("Volunteers to invite")),
        ],
        widget=forms.RadioSelect,
        initial=ImportRun.Kind.HOUSEHOLDS,
    )
    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("Excel (.xlsx) or CSV, at most 8 MB. It is deleted as soon as the import ends."),
    )  # fmt: skip

    def __init__(self, communes: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["area"].queryset = communes

    def clean_file(self) -> Any:
        """Not larger than a commune's list can be."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("This file is larger than 8 MB. Split it, and bring the parts one by one."))
        return file


class ColumnsForm(forms.Form):
    """Which column of the file is which, and what to do with what is new or known."""

    def __init__(self, run: ImportRun, columns: list[Column], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run, self.columns = run, columns
        headers = [("", _("(not in this file)")), *((header, header) for header in run.headers)]
        for column in columns:
            self.fields[f"column_{column.key}"] = forms.ChoiceField(
                label=column.names[0], choices=headers, required=False, initial=run.mapping.get(column.key, "")
            )
        if run.kind == ImportRun.Kind.HOUSEHOLDS:
            self.fields["create_hamlets"] = forms.BooleanField(
                label=_("Create hamlets that are not there yet"), required=False,
                initial=bool(run.options.get("create_hamlets")),
            )  # fmt: skip
            self.fields["on_duplicate"] = forms.ChoiceField(
                label=_("Households that are on the list already"), widget=forms.RadioSelect, required=False,
                choices=[("skip", _("Leave as they are")), ("update", _("Bring up to date from the file"))],
                initial=run.options.get("on_duplicate", "skip"),
            )  # fmt: skip
        elif run.kind == ImportRun.Kind.VOLUNTEERS:
            self.fields["create_teams"] = forms.BooleanField(
                label=_("Create teams that are not there yet"), required=False,
                initial=bool(run.options.get("create_teams")),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A column of the file stands for one thing only."""
        data = super().clean() or {}
        seen: dict[str, str] = {}
        for column in self.columns:
            header = data.get(f"column_{column.key}")
            if header and header in seen:
                self.add_error(f"column_{column.key}", _("This column is chosen twice."))
            elif header:
                seen[header] = column.key
        return data

    def mapping(self) -> dict[str, str]:
        """Our key → the file's header, for what was chosen."""
        chosen = {column.key: self.cleaned_data.get(f"column_{column.key}", "") for column in self.columns}
        return {key: header for key, header in chosen.items() if header}

    def options(self) -> dict[str, Any]:
        """The other choices."""
        return {name: value for name, value in self.cleaned_data.items() if not name.startswith("column_")}
