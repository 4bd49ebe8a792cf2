"""One cell of a file that people bring: its text, and what days, answers and numbers look like there."""

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from project.lib.vietnamese import fold

_FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")
_DAY_FORMS = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[ T]00:00(?::00)?)?"),
    re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})"),
    re.compile(r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})"),
)
_YES = frozenset({"co", "x", "1", "yes", "y", "true", "dung", "roi", "✓", "✔"})
_NO = frozenset({"khong", "0", "no", "n", "false", "sai", "chua", "ko", "k", "-"})
_THOUSANDS = re.compile(r"[+\-]?\d{1,3}(?:([. ])\d{3})(?:\1\d{3})*(?:,\d+)?")
_PLAIN = re.compile(r"[+\-]?\d+(?:[.,]\d+)?")

_MESSAGES: dict[str, Promise] = {
    "day": _("Write the day as 30/11/2026."),
    "yes_no": _("Write «có» or «không» here."),
    "number": _("Write a number here, digits only."),
}


class CellError(ValueError):
    """A cell that cannot be read: `code` for programs, `message` (translated late) to read."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = _MESSAGES[code]

    def __str__(self) -> str:
        return str(self.message)


def cell_text(value: Any, *, percent: bool = False) -> str:
    """A cell as text: composed letters, single spaces, 12.0 as '12', days as ISO; `percent`: 0.8 as '80%'.

    A number with exactly three decimals gets a fourth (1.125 → '1.1250'), so that it is not read as 1,125.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, float)):
        return _number_text(value * 100) + "%" if percent else _number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    text = " ".join(unicodedata.normalize("NFC", str(value)).split())
    # The apostrophe that `safe_cell` put there (or a spreadsheet's own sign for «text»).
    return text[1:] if len(text) > 1 and text[0] == "'" and (text[1].isdigit() or text[1] in _FORMULA_STARTS) else text


def safe_cell(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet could take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def parse_day(value: str | date | datetime | None) -> date | None:
    """The day of '2026-11-30', '30/11/2026', '30-11-2026' or a real date; None if empty; else CellError."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = cell_text(value)
    if not text:
        return None
    for form in _DAY_FORMS:
        if found := form.fullmatch(text):
            try:
                day = date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                break
            if 1900 <= day.year <= 2199:
                return day
    raise CellError("day")


def parse_yes_no(value: str | None) -> bool | None:
    """True for có, x, 1, yes …; False for không, 0, no …; None if empty; else CellError."""
    text = fold(cell_text(value)).strip(".")
    if not text:
        return None
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise CellError("yes_no")


def parse_number(value: str | float | None) -> float | None:
    """A count or amount: '1.250' and '1 250' are 1250, '12,5' is 12.5; None if empty; or CellError."""
    text = cell_text(value)
    if not text:
        return None
    if grouped := _THOUSANDS.fullmatch(text):
        return float(text.replace(grouped[1], "").replace(",", "."))
    return parse_decimal(text)


def parse_decimal(value: str | float | None) -> float | None:
    """A measure, never with thousands: '11.812' and '11,812' are 11.812 (coordinates); None if empty."""
    text = cell_text(value)
    if not text:
        return None
    if not _PLAIN.fullmatch(text):
        raise CellError("number")
    return float(text.replace(",", "."))


def parse_amount(value: str | float | None) -> tuple[float, bool] | None:
    """A number or a percent: '1.250' → (1250.0, False), '80 %' → (80.0, True); None if empty."""
    text = cell_text(value)
    share = text.endswith("%")
    number = parse_number(text.removesuffix("%").strip())
    if number is None:
        if share:
            raise CellError("number")
        return None
    return number, share


def _number_text(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value == int(value):
        return str(int(value))
    text = f"{round(value, 10):.10f}".rstrip("0")
    return text + "0" if len(text.partition(".")[2]) == 3 else text
