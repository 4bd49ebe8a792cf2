"""The sign-in forms in this product's words, and the forms of a person's own account."""

from typing import Any

from allauth.account import forms as account
from allauth.headless.account.inputs import LoginInput as AllauthLoginInput
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from project.accounts.fields import PhoneField
from project.accounts.models import User

CODE_WIDGET = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "12"}


def reword(form: forms.BaseForm, **labels: Any) -> None:
    """Give fields our labels; placeholders go, they vanish just when they are needed."""
    for name, bound in form.fields.items():
        bound.widget.attrs.pop("placeholder", None)
        if name in labels:
            bound.label = labels[name]


class LoginForm(account.LoginForm):
    """Phone number or e-mail address, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, login=_("Phone number or e-mail"), password=_("Password"))
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""  # the way to a new password stands below the form


class RequestLoginCodeForm(account.RequestLoginCodeForm):
    """Where the code goes: by e-mail; by text message only where the installation can send one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.SMS_TRANSPORT:
            self.fields.pop("phone", None)
            self.fields["email"].required = True
        reword(self, email=_("E-mail"), phone=_("Or phone number"))

    def clean(self) -> dict[str, Any]:
        """Exactly one address."""
        data: dict[str, Any] = super().clean()
        if not self.errors and not data.get("email") and not data.get("phone"):
            raise ValidationError(_("Write either an e-mail address or a phone number."))
        return data


class ConfirmLoginCodeForm(account.ConfirmLoginCodeForm):
    """The code that came by mail or message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, code=_("Code"))
        self.fields["code"].widget.attrs.update(CODE_WIDGET)


class ConfirmPasswordResetCodeForm(account.ConfirmPasswordResetCodeForm):
    """The code that opens the way to a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, code=_("Code"))
        self.fields["code"].widget.attrs.update(CODE_WIDGET)


class ResetPasswordForm(account.ResetPasswordForm):
    """Where to send the code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, email=_("E-mail"))


PASSWORD_HELP = _("At least 10 characters. A short sentence that only you would say is good.")


class NewPasswordForm(account.ResetPasswordKeyForm):
    """A new password after the code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, password1=_("New password"), password2=_("The same password again"))
        self.fields["password1"].help_text = PASSWORD_HELP


class ChangePasswordForm(account.ChangePasswordForm):
    """A new password for a signed-in person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(
            self,
            oldpassword=_("Present password"),
            password1=_("New password"),
            password2=_("The same password again"),
        )
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = PASSWORD_HELP


class ReauthenticateForm(account.ReauthenticateForm):
    """The password once more, before something weighty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, password=_("Password"))
        self.fields["password"].help_text = ""


class SecondFactorForm(mfa.AuthenticateForm):
    """The code of the app, at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, code=_("Code of the app, or a spare code"))


class SecondFactorAgainForm(mfa.ReauthenticateForm):
    """The code of the app, before something weighty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, code=_("Code of the app, or a spare code"))


class ActivateSecondFactorForm(totp.ActivateTOTPForm):
    """The first code of a newly set up app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reword(self, code=_("The six digits that the app shows now"))
        self.fields["code"].widget.attrs.update(CODE_WIDGET)


class LoginInput(AllauthLoginInput):
    """What a program sends to sign in (contract §4): a phone in any usual writing, not only E.164."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = PhoneField(required=False)


class ProfileForm(forms.ModelForm[User]):
    """Name and language."""

    class Meta:
        model = User
        fields = ("name", "language")
        help_texts = {"language": _("The language of your own pages.")}


class ContactForm(forms.Form):
    """The login names. The password is asked: whoever finds an open phone must not move the account away."""

    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = PhoneField(required=False)
    password = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        """Small letters; nobody else's."""
        email: str = self.cleaned_data["email"].lower()
        if email and User.objects.exclude(pk=self.user.pk).filter(email=email).exists():
            raise ValidationError(_("Another account has this e-mail address."))
        return email

    def clean_phone(self) -> str:
        """E.164; nobody else's."""
        phone: str = self.cleaned_data["phone"]
        if phone and User.objects.exclude(pk=self.user.pk).filter(phone=phone).exists():
            raise ValidationError(_("Another account has this phone number."))
        return phone

    def clean_password(self) -> str:
        """The person's own."""
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError(_("This is not your present password."))
        return password

    def clean(self) -> dict[str, Any]:
        """One address must stay: it is the login name."""
        data = super().clean() or {}
        if not self.errors and not data.get("email") and not data.get("phone"):
            raise ValidationError(_("Keep at least one: it is your login name."))
        return data
