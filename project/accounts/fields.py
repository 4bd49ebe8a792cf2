"""Form fields of who-you-are: a phone number in any usual Vietnamese writing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from project.lib import phone as phones


class PhoneField(forms.CharField):
    """A Vietnamese phone number, cleaned to E.164 ('+84912345678'); '' where it is left empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone number"))
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """E.164, or a ValidationError that says what is wrong with the digits."""
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return phones.parse(text)
        except phones.PhoneError as fault:
            raise ValidationError(str(fault), code=fault.code) from fault
