"""Parsing and wording of what people type about teams, members, invitations and grants."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from learning.catalog import services
from project.accounts.fields import PhoneField
from project.accounts.models import User
from project.lib.clock import today
from volunteers.access.policy import can
from volunteers.areas.models import Area
from volunteers.teams import rules
from volunteers.teams.actions import GRANT_LEVELS
from volunteers.teams.models import Invitation, Membership, Team
from volunteers.teams.queries import places_for

PASSWORD_HELP = _("At least 10 characters. A short sentence that only you would say is good.")


def _service_choices() -> list[tuple[str, str]]:
    return [(service.code, service.name) for service in services()]


class CodeForm(forms.Form):
    """The 8 characters of an invitation."""

    code = forms.CharField(
        label=_("Invitation code"),
        help_text=_("8 letters and digits. Capital or small, with or without spaces: all the same."),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class NewPasswordForm(forms.Form):
    """A password, twice."""

    password1 = forms.CharField(
        label=_("Password"),
        help_text=PASSWORD_HELP,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = User(name=name)

    def clean(self) -> dict[str, Any]:
        """Twice the same, and not a password that everybody would try."""
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords are not the same."))
        elif first:
            self.person.name, self.person.email = data.get("name") or self.person.name, data.get("email")
            try:
                password_validation.validate_password(first, self.person)
            except ValidationError as faults:
                self.add_error("password1", faults)
        return data


class AcceptForm(NewPasswordForm):
    """A new account from an invitation: what the invitation left open, and a password."""

    name = forms.CharField(label=_("Full name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Lets you get a new password by yourself if you forget it.")
    )
    phone = PhoneField(required=False)
    language = forms.ChoiceField(label=_("Language of my pages"), choices=settings.LANGUAGES)
    field_order = ("name", "email", "phone", "language", "password1", "password2")

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"name": invitation.name, "language": get_language() or "vi"})
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        for name in ("email", "phone"):
            if getattr(invitation, name):
                del self.fields[name]  # fixed by the invitation; shown beside the form

    def clean_email(self) -> str:
        """Small letters; an address in use belongs to an account that should sign in instead."""
        email: str = self.cleaned_data["email"].lower()
        if email and User.objects.filter(email=email).exists():
            raise ValidationError(_("Another account has this e-mail address."))
        return email

    def clean_phone(self) -> str:
        """E.164, not in use."""
        phone: str = self.cleaned_data["phone"]
        if phone and User.objects.filter(phone=phone).exists():
            raise ValidationError(_("Another account has this phone number."))
        return phone


class TeamForm(forms.Form):
    """Name, kind and, for a new team, the commune."""

    area = forms.ModelChoiceField(label=_("Commune"), queryset=Area.objects.none(), to_field_name="code")
    name = forms.CharField(label=_("Name"), max_length=80)
    kind = forms.ChoiceField(label=_("Kind"), choices=Team.Kind.choices)

    def __init__(self, *args: Any, user: User, team: Team | None = None, **kwargs: Any) -> None:
        if team is not None:
            kwargs["initial"] = {"name": team.name, "kind": team.kind}
        super().__init__(*args, **kwargs)
        areas: Any = self.fields["area"]
        areas.queryset = places_for(user, "team.manage", Area.Level.COMMUNE)
        if team is not None:
            del self.fields["area"]
        elif areas.queryset.count() == 1:
            areas.initial = areas.queryset.first()


class MemberForm(forms.Form):
    """What the planner must know of a member."""

    role = forms.ChoiceField(label=_("Role in the team"), choices=Membership.Roles.choices)
    may_lead = forms.BooleanField(
        label=_("May lead a crew"), required=False, help_text=_("An adult who has passed the training.")
    )
    is_officer = forms.BooleanField(label=_("Police officer"), required=False)
    skills = forms.MultipleChoiceField(label=_("Can help with"), required=False, widget=forms.CheckboxSelectMultiple)
    languages = forms.MultipleChoiceField(
        label=_("Speaks, beside Vietnamese"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(code, name) for code, name in rules.LANGUAGE_NAMES.items() if code != "vi"],
    )
    gender = forms.ChoiceField(label=_("Gender"), required=False, choices=Membership.Gender.choices)
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        required=False,
        help_text=_("Only to know who is under 18."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    home_hamlet = forms.ModelChoiceField(label=_("Lives in"), required=False, queryset=Area.objects.none())
    travel = forms.ChoiceField(label=_("Travels"), choices=Membership.Travel.choices)
    max_visits_per_day = forms.IntegerField(label=_("Visits a day at most"), min_value=1, max_value=20)
    max_slots_per_week = forms.IntegerField(label=_("Sessions a week at most"), min_value=1, max_value=21)

    def __init__(self, *args: Any, by: User, member: Membership, **kwargs: Any) -> None:
        kwargs["initial"] = {
            name: getattr(member, name) for name in self.base_fields if name not in {"skills", "home_hamlet"}
        } | {"skills": [service.code for service in member.skills.all()], "home_hamlet": member.home_hamlet_id}
        super().__init__(*args, **kwargs)
        skills: Any = self.fields["skills"]
        skills.choices = _service_choices()
        hamlets: Any = self.fields["home_hamlet"]
        hamlets.queryset = Area.objects.hamlets().filter(parent=member.team.area_id)
        if not can(by, "team.manage", member.team):
            del self.fields["role"]
            del self.fields["is_officer"]

    def clean_birth_year(self) -> int | None:
        """A year in which a living volunteer can be born."""
        return plausible_year(self.cleaned_data["birth_year"])


def plausible_year(year: int | None) -> int | None:
    """The year itself, or a ValidationError if nobody at work can be born then."""
    if year is not None and not today().year - 100 <= year <= today().year - 10:
        raise ValidationError(_("Write the year with four digits, for example 1990."))
    return year


class InviteMemberForm(forms.Form):
    """An invitation into a team."""

    name = forms.CharField(label=_("Full name"), max_length=120)
    phone = PhoneField(required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    role = forms.ChoiceField(label=_("Role in the team"), choices=Membership.Roles.choices, initial="volunteer")
    may_lead = forms.BooleanField(label=_("May lead a crew"), required=False)
    skills = forms.MultipleChoiceField(label=_("Can help with"), required=False, widget=forms.CheckboxSelectMultiple)
    birth_year = forms.IntegerField(
        label=_("Year of birth"), required=False, help_text=_("Only to know who is under 18.")
    )

    def __init__(self, *args: Any, by: User, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        skills: Any = self.fields["skills"]
        skills.choices = _service_choices()
        if not can(by, "team.manage", team):
            del self.fields["role"]

    def clean_birth_year(self) -> int | None:
        """A year in which a living volunteer can be born."""
        return plausible_year(self.cleaned_data["birth_year"])

    def clean(self) -> dict[str, Any]:
        """One address at least: it becomes the login name."""
        return _one_address(self, super().clean() or {})


class InvitePersonForm(forms.Form):
    """An invitation to a role by grant."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[choice for choice in Invitation.Roles.choices if choice[0] in GRANT_LEVELS]
    )
    area = forms.ModelChoiceField(label=_("For which area"), queryset=Area.objects.none(), to_field_name="code")
    name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = PhoneField(required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas: Any = self.fields["area"]
        places = places_for(by, "grant.give", Area.Level.PROVINCE) | places_for(by, "grant.give", Area.Level.COMMUNE)
        areas.queryset = places.order_by("-level", "sort_key")

    def clean(self) -> dict[str, Any]:
        """A lead for a commune, a coordinator for a province; one address at least."""
        data = _one_address(self, super().clean() or {})
        level, area = GRANT_LEVELS.get(data.get("role", "")), data.get("area")
        if level is not None and area is not None and area.level != level:
            self.add_error("area", _("This role does not belong to an area of this kind."))
        return data


class TrainingForm(forms.Form):
    """A training held in person."""

    lesson_number = forms.IntegerField(label=_("Number of the lesson"), min_value=1, max_value=9999)


def _one_address(form: forms.Form, data: dict[str, Any]) -> dict[str, Any]:
    if not form.errors and not data.get("phone") and not data.get("email"):
        form.add_error("phone", _("Write a phone number or an e-mail address: one of them becomes the login name."))
    return data
