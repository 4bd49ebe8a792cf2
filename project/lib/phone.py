"""Vietnamese phone numbers: read as people write them, stored as E.164, shown in groups or masked."""

import re
import unicodedata
from typing import Any

import phonenumbers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberFormat, PhoneNumberType, ValidationResult

COUNTRY = "VN"

# The change of 2018: eleven-digit mobile numbers became ten-digit ones (plan of the ministry, 2018-05-29).
_OLD_PREFIXES = {f"016{digit}": f"03{digit}" for digit in range(2, 10)} | dict(
    pair.split("→")
    for pair in (
        *("0120→070", "0121→079", "0122→077", "0126→076", "0128→078"),
        *("0123→083", "0124→084", "0125→085", "0127→081", "0129→082"),
        *("0186→056", "0188→058", "0199→059"),
    )
)
_PERSONAL = {
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
}
_ALLOWED = re.compile(r"[+\d\s().\-\u2010-\u2015/]+")
_NOT_DIGIT = re.compile(r"\D")

_MESSAGES: dict[str, Promise] = {
    "empty": _("Write a phone number here."),
    "not_a_number": _("Write only the digits of one phone number, for example 0912 345 678."),
    "too_short": _("This number is missing a digit. A mobile number has 10 digits: please look at it again."),
    "too_long": _("This number has a digit too many. A mobile number has 10 digits: please look at it again."),
    "several": _("There seem to be several numbers here. Please write one, the one that is answered."),
    "old_prefix": _("This is a number from before 2018. It should now be %(number)s: please ask and write that one."),
    "unknown_prefix": _("No network has numbers that begin like this. Please ask for the number once more."),
    "not_personal": _("This is a service number. Please write the number of a person."),
    "not_mobile": _("This is a landline. Please write a mobile number."),
    "foreign": _("This is a number from abroad. Please write a Vietnamese number."),
}


class PhoneError(ValueError):
    """A number that cannot be used: `code` for programs, `message` % `params` (translated late) to read."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = _MESSAGES[code]
        self.params: dict[str, Any] = params

    def __str__(self) -> str:
        return str(self.message) % self.params


def parse(text: str, *, mobile: bool = False) -> str:
    """The number as E.164 ('+84912345678'), from any usual Vietnamese writing; `mobile` refuses landlines.

    Takes 0912.345.678, +84 912 345 678, 84912345678, 912345678 (a spreadsheet ate the zero). Or PhoneError.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        raise PhoneError("empty")
    digits = _NOT_DIGIT.sub("", text)
    if not _ALLOWED.fullmatch(text) or not digits:
        raise PhoneError("several" if len(digits) >= 18 else "not_a_number")
    national = _national(text, digits)
    _refuse_old(national)
    if len(digits) >= 18:
        raise PhoneError("several")
    number = _numbered(national)
    if not phonenumbers.is_valid_number(number):
        length = phonenumbers.is_possible_number_with_reason(number)
        if length == ValidationResult.TOO_LONG or len(national) > 11:
            raise PhoneError("too_long")
        if length == ValidationResult.TOO_SHORT or len(national) < 10:
            raise PhoneError("too_short")
        # Mobile prefixes have ten digits; eleven belong to landlines (02…) only.
        raise PhoneError("too_long" if len(national) == 11 and national[1] != "2" else "unknown_prefix")
    kind = phonenumbers.number_type(number)
    if kind not in _PERSONAL:
        raise PhoneError("not_personal")
    if mobile and kind == PhoneNumberType.FIXED_LINE:
        raise PhoneError("not_mobile")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def looks_like_phone(text: str) -> bool:
    """True if `parse` would take the text."""
    try:
        parse(text)
    except PhoneError:
        return False
    return True


def local(e164: str) -> str:
    """'+84912345678' → '0912 345 678', as people in Vietnam write it."""
    national = _from_e164(e164)
    if national.startswith("02"):
        return phonenumbers.format_number(_numbered(national), PhoneNumberFormat.NATIONAL)
    return f"{national[:4]} {national[4:7]} {national[7:]}"


def mask(e164: str) -> str:
    """'+84912345678' → '09•• ••• 678': enough for its owner to know it, too little to call it."""
    national = _from_e164(e164)
    return f"{national[:2]}•• {'•' * (len(national) - 7)} {national[-3:]}"


def _national(text: str, digits: str) -> str:
    if text.startswith("+") or digits.startswith("00"):
        digits = digits.removeprefix("00")
        if not digits.startswith("84"):
            raise PhoneError("foreign")
        return "0" + digits.removeprefix("84").removeprefix("0")  # «+84 (0) 912 …» is written too
    if digits.startswith("84") and len(digits) in (11, 12, 13):
        return "0" + digits.removeprefix("84").removeprefix("0")
    return digits if digits.startswith("0") or len(digits) < 9 else "0" + digits


def _refuse_old(national: str) -> None:
    new = _OLD_PREFIXES.get(national[:4])
    if new and len(national) == 11:
        raise PhoneError("old_prefix", number=f"{new}{national[4]} {national[5:8]} {national[8:]}")


def _numbered(national: str) -> phonenumbers.PhoneNumber:
    try:
        return phonenumbers.parse(national, COUNTRY)
    except phonenumbers.NumberParseException as failure:
        raise PhoneError("too_short" if len(national) < 9 else "not_a_number") from failure


def _from_e164(e164: str) -> str:
    if not e164.startswith("+84"):
        raise ValueError("a stored number is Vietnamese E.164")
    return "0" + e164.removeprefix("+84")
