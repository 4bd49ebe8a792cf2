"""Parsing of the help form's three screens, its seal against machines, and the leads' forms."""

import secrets
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from project.lib import phone
from project.lib.clock import now, today
from volunteers.areas.models import Area
from volunteers.areas.queries import commune_with_code, hamlet_with_code, hamlets_of
from volunteers.requests import states
from volunteers.requests.models import HelpRequest
from volunteers.requests.queries import topic_codes, topic_of_lesson
from volunteers.teams.models import Membership, Team

SEAL_SALT = "volunteers.requests.ask"
FASTEST = 2  # seconds: nobody reads the screen and writes ten digits faster
OLDEST = 24 * 3600
PLACE, NEED, NUMBER = 1, 2, 3


@dataclass(frozen=True)
class Asked:
    """What the screens have gathered so far. It travels in the address, so that «back» always works."""

    commune: Area | None = None
    hamlet: Area | None = None
    topic: str = ""
    good_time: str = ""
    lesson: int | None = None
    step: str = ""

    @classmethod
    def read(cls, data: QueryDict) -> "Asked":
        """From the query string or the last screen's hidden fields; what does not fit is left out, never an error."""
        commune = commune_with_code(data.get("xa", "")[:24]) if data.get("xa") else None
        hamlet = None
        if commune is not None and data.get("thon"):
            own = data.get("thon", "")[:24]
            hamlet = hamlet_with_code(own if "-" in own else f"{commune.code}-{own}")
            if hamlet is not None and hamlet.parent_id != commune.pk:
                hamlet = None
        number = data.get("bai", "")
        lesson = int(number) if number.isascii() and number.isdigit() and len(number) <= 6 else None
        topic = data.get("viec", "")
        return cls(
            commune=commune,
            hamlet=hamlet,
            topic=topic if topic in topic_codes() else "",
            good_time=data.get("luc", "") if data.get("luc") in states.GOOD_TIMES else "",
            lesson=lesson,
            step=data.get("buoc", "")[:40],
        )

    @property
    def screen(self) -> int:
        """The first screen that is not yet answered. A commune without listed hamlets asks for none."""
        if self.commune is None or (self.hamlet is None and hamlets_of(self.commune).exists()):
            return PLACE
        return NEED if not (self.topic and self.good_time) else NUMBER

    @property
    def suggested_topic(self) -> str:
        """What was chosen, or what the lesson teaches in which the person is stuck."""
        return self.topic or topic_of_lesson(self.lesson)

    def pairs(self) -> dict[str, str]:
        """The answers by their names in the address, only those given."""
        own = self.hamlet.code.rpartition("-")[2] if self.hamlet else ""
        values = {
            "xa": self.commune.code if self.commune else "",
            "thon": own,
            "viec": self.topic,
            "luc": self.good_time,
            "bai": str(self.lesson) if self.lesson is not None else "",
            "buoc": self.step,
        }
        return {name: value for name, value in values.items() if value}

    def query(self, **more: str) -> str:
        """The answers as a query string with its '?', and `more` (for example man=2)."""
        return f"?{urlencode(self.pairs() | more)}"

    def without_place(self) -> "Asked":
        """The same, asked for the place once more."""
        return replace(self, commune=None, hamlet=None)


class NumberForm(forms.Form):
    """The last screen: a number to call back; a field that people never see catches machines."""

    phone = forms.CharField(
        label=_("Your phone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Write a phone number here, so that we can call you back.")},
        help_text=_("Ten digits, for example 0912 345 678. A grandchild's number will do too."),
    )
    leave_empty = forms.CharField(required=False, max_length=200)  # the trap; no name that a browser would fill in
    seal = forms.CharField(required=False, max_length=400)

    def clean_phone(self) -> str:
        """E.164, or what to do about it in kind words."""
        try:
            return phone.parse(self.cleaned_data["phone"])
        except phone.PhoneError as error:
            raise forms.ValidationError(str(error), code=error.code) from error

    @property
    def is_machine(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.data.get("leave_empty", "").strip())


def new_seal() -> str:
    """Signed proof of when the last screen was drawn; its nonce makes a form count once however often it is sent."""
    return signing.dumps({"at": int(now().timestamp()), "once": secrets.token_urlsafe(9)}, salt=SEAL_SALT)


def read_seal(text: str) -> str | None:
    """The nonce of a seal that is neither too fresh nor too old; None otherwise."""
    try:
        seal = signing.loads(text, salt=SEAL_SALT)
        age, once = int(now().timestamp()) - int(seal["at"]), str(seal["once"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    return once if FASTEST <= age <= OLDEST else None


class AssignForm(forms.Form):
    """Who comes, and on which day."""

    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose a team.")},
    )
    comes_on = forms.DateField(
        label=_("Day of the visit"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
    )
    members = forms.ModelMultipleChoiceField(
        label=_("Who comes"),
        queryset=Membership.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only the given names are shown to the person who asked."),
    )

    def __init__(self, *args: Any, request: HelpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = Team.objects.active().filter(area_id=request.area_id)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        people = Membership.objects.current().filter(team__in=teams).select_related("user", "team")
        self.fields["members"].queryset = people.order_by("team__name", "user__name")  # type: ignore[attr-defined]
        self.fields["members"].label_from_instance = lambda row: f"{row.user.name} ({row.team.name})"  # type: ignore[attr-defined]
        self.fields["comes_on"].widget.attrs["min"] = today().isoformat()

    def clean(self) -> dict[str, Any]:
        """Those who come belong to the team that was chosen."""
        cleaned = super().clean() or {}
        team, members = cleaned.get("team"), cleaned.get("members")
        if team is not None and members and any(member.team_id != team.pk for member in members):
            self.add_error("members", _("Tick only people of the team you chose."))
        return cleaned

    @property
    def names(self) -> list[str]:
        """Full names of those who come; the verb keeps the given names only."""
        return [member.user.name for member in self.cleaned_data.get("members") or []]


class FilterForm(forms.Form):
    """What the list of requests shows."""

    status = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("open", _("open ones")),
            ("received", _("waiting for an answer")),
            ("assigned", _("assigned")),
            ("done", _("done")),
            ("cancelled", _("cancelled")),
            ("all", _("all")),
        ],
    )
    late = forms.BooleanField(label=_("Only late ones"), required=False)

    def chosen(self) -> dict[str, Any]:
        """`status` and `late` for `queries.listed`; wrong words in the address mean the open ones."""
        good = self.cleaned_data if self.is_valid() else {}
        return {"status": good.get("status") or "open", "late": bool(good.get("late"))}


def asked_of(request: HttpRequest) -> Asked:
    """The answers so far: of a POST its hidden fields, else the address."""
    return Asked.read(request.POST if request.method == "POST" else request.GET)


def next_day() -> date:
    """What the assign form proposes: tomorrow."""
    return date.fromordinal(today().toordinal() + 1)
