"""allauth, told how this product signs people in: by phone or e-mail, sign-up by invitation only."""

import logging
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from project.accounts.fields import PhoneField
from project.accounts.models import User
from project.lib import phone as phones

logger = logging.getLogger(__name__)

_NO_MATCH = _("The login name and the password do not fit together. Please look at both once more.")


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up, Vietnamese phone numbers, and this product's own words for every refusal."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account has been closed."),
        "email_password_mismatch": _NO_MATCH,
        "phone_password_mismatch": _NO_MATCH,
        "username_password_mismatch": _NO_MATCH,
        "invalid_login": _("Write either an e-mail address or a phone number."),
        "email_taken": _("Another account has this e-mail address."),
        "phone_taken": _("Another account has this phone number."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This code does not fit. Please look at it once more."),
        "too_many_login_attempts": _("Too many tries. Please wait five minutes and try again."),
        "rate_limited": _("Too many tries. Please wait five minutes and try again."),
        "select_only_one": _("Write either an e-mail address or a phone number."),
        "unknown_email": _("No account has this e-mail address."),
        "unknown_phone": _("No account has this phone number."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account is made by accepting an invitation."""
        return False

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        """Any usual Vietnamese writing of a number."""
        return PhoneField(**kwargs)

    def get_phone(self, user: AbstractBaseUser) -> tuple[str, bool] | None:
        """The person's number and whether a code was once confirmed from it."""
        assert isinstance(user, User)
        return (user.phone, user.is_phone_verified) if user.phone else None

    def set_phone(self, user: AbstractBaseUser, phone: str, verified: bool) -> None:
        """Keep the number (any usual writing) as E.164."""
        assert isinstance(user, User)
        user.phone, user.is_phone_verified = phones.parse(phone), verified
        user.save(update_fields=["phone", "is_phone_verified"])

    def set_phone_verified(self, user: AbstractBaseUser, phone: str) -> None:
        """A code sent to this number came back."""
        User.objects.filter(pk=user.pk, phone=phones.parse(phone)).update(is_phone_verified=True)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Who signs in with this number, in any usual writing; None if nobody or if it is no number."""
        try:
            number = phones.parse(phone)
        except phones.PhoneError:
            return None
        return User.objects.filter(phone=number).first()

    def send_verification_code_sms(self, user: AbstractBaseUser, phone: str, code: str, **kwargs: Any) -> None:
        """Hand the code to the installation's text-message transport, a callable `(phone, text)`.

        Without one nothing is sent, and the answer to the browser is the same as for an unknown number.
        """
        if not settings.SMS_TRANSPORT:
            logger.warning("a code by text message was asked for, but SMS_TRANSPORT is not set")
            return
        send = import_string(settings.SMS_TRANSPORT)
        # No link, ever: people are taught that messages with links are traps (threat T28).
        send(phone, gettext("Gõ Cửa code: %(code)s. Never tell it to anybody, not even to us.") % {"code": code})

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Nothing: a stranger's phone must not be pestered through our form."""

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Nothing: sign-up is closed."""

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How a signed-in person proves it again, in this product's words."""
        if not user.is_authenticated:
            return []
        known = {
            "reauthenticate": {"description": _("Use my password"), "url": reverse("account_reauthenticate")},
            "mfa_reauthenticate": {"description": _("Use a code of my app"), "url": reverse("mfa_reauthenticate")},
        }
        return [
            {"id": flow["id"], **known[flow["id"]]} for flow in get_reauthentication_flows(user) if flow["id"] in known
        ]

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth's own key knows no phone: five wrong tries with one number would lock every number out.
        phone = credentials.get("phone")
        if not phone:
            return super()._get_login_attempts_cache_key(request, **credentials)
        try:
            number = phones.parse(phone)
        except phones.PhoneError:
            number = str(phone)
        return super()._get_login_attempts_cache_key(request, email=number)


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor's refusals in this product's words."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code does not fit. Please look at it once more."),
        "cannot_delete_authenticator": _("The second step cannot be switched off."),
        "cannot_generate_recovery_codes": _("Set up the code app first, then make spare codes."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        """What the code app shows beside «Gõ Cửa»: the login name."""
        assert isinstance(user, User)
        return user.email or (phones.local(user.phone) if user.phone else str(user.pk))
