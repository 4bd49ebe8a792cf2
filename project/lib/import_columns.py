"""Which column of a file is which, and which one must not be there at all."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from project.lib.input_guard import check
from project.lib.phone import looks_like_phone
from project.lib.vietnamese import fold

_NOT_KEY = re.compile(r"[^a-z0-9]+")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|\*")
_ID_HEADER = re.compile(
    r"cccd|cmnd|\bcmt\b|can cuoc|chung minh (?:nhan dan|thu)|so dinh danh|dinh danh ca nhan|(?:ma|so) ca nhan"
    r"|bhxh|bhyt|\bbao hiem (?:xa hoi|y te)|ho chieu|passport"
    r"|personal (?:id|number)|(?:citizen|national|identity|social insurance) (?:id|card|number|no)"
    r"|\bid (?:number|no|card)\b"
)
_PHONE_HEADER = re.compile(r"^(?:(?:so )?(?:dien thoai|dt)|sdt|phone|mobile|di dong|zalo|ma ho|code)\b")
_LONG_NUMBER = re.compile(r"\d{9,12}")
_COORDINATE = re.compile(r"(?:[6-9]|1\d|2[0-3]|10[2-9]|11[0-7])[.,]\d{3,16}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that an import knows: key, header or headers in Vietnamese («Thôn/Ấp/Khu phố»), in English."""

    key: str
    vietnamese: str | tuple[str, ...]
    english: str = ""
    required: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All names by which a header may call it; the first is the one shown."""
        own = (self.vietnamese,) if isinstance(self.vietnamese, str) else self.vietnamese
        return (*own, *((self.english,) if self.english else ()), self.key)


@dataclass(frozen=True, slots=True)
class Matched:
    """`columns`: key → the file's header; `ignored`: headers nobody knows; `missing`: required ones."""

    columns: dict[str, str] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def pick(self, values: Mapping[str, str]) -> dict[str, str]:
        """A row by key instead of by header; only keys of columns that the file has."""
        return {key: values.get(header, "") for key, header in self.columns.items()}


def header_key(header: str) -> str:
    """What of a header counts: letters and digits without marks and case."""
    return _NOT_KEY.sub("", fold(header))


def match_headers(headers: Iterable[str], spec: Sequence[Column]) -> Matched:
    """Find the known columns, in any order; accents, case, spaces and punctuation do not count.

    A name with strokes matches whole or by any of its parts: «Thôn/Ấp/Khu phố», «Thôn», «ap / khu pho».
    A second header for a column already found is ignored (and so reported).
    """
    known: dict[str, str] = {}
    for column in spec:
        for name in column.names:
            known.setdefault(header_key(name), column.key)
            for part in name.split("/"):
                known.setdefault(header_key(part), column.key)
    columns: dict[str, str] = {}
    ignored: list[str] = []
    for header in headers:
        key = _known(header, known)
        if key and key not in columns:
            columns[key] = header
        else:
            ignored.append(header)
    missing = [column.names[0] for column in spec if column.required and column.key not in columns]
    return Matched(columns, ignored, missing)


def _known(header: str, known: Mapping[str, str]) -> str | None:
    for text in (header, _BRACKETS.sub(" ", header)):
        if found := known.get(header_key(text)):
            return found
        parts = {known.get(header_key(part)) for part in text.split("/")}
        if len(parts) == 1 and None not in parts:
            return parts.pop()
    return None


def id_number_column(headers: Iterable[str], rows: Iterable[tuple[int, Mapping[str, str]]]) -> str | None:
    """The header of the first column that holds ID or insurance numbers, by name or by values; or None.

    Reads ALL rows: call it before anything is imported. By value: at least 2 and at least 30 % of the filled
    cells look like such a number. Numbers that lost their first zeros in a spreadsheet count too; phone
    numbers in a phone or code column do not.
    """
    headers = list(headers)
    for header in headers:
        if says_id_number(header):
            return header
    phones: dict[str, bool] = {}
    filled: dict[str, int] = {}
    suspicious: dict[str, int] = {}
    for _row, values in rows:
        for header, value in values.items():
            if not value:
                continue
            filled[header] = filled.get(header, 0) + 1
            if header not in phones:
                phones[header] = is_phone_header(header)
            if _like_id_number(value, may_be_phone=phones[header]):
                suspicious[header] = suspicious.get(header, 0) + 1
    for header, count in suspicious.items():
        if count >= 2 and count >= 0.3 * filled[header]:
            return header
    return None


def says_id_number(header: str) -> bool:
    """True for headers such as «Số CCCD», «CMND», «Mã BHXH», «personal id»."""
    return bool(_ID_HEADER.search(_NOT_KEY.sub(" ", fold(header))))


def is_phone_header(header: str) -> bool:
    """True for columns where phone numbers (or codes made of them) are at home."""
    return bool(_PHONE_HEADER.search(_NOT_KEY.sub(" ", fold(header)).strip()))


def is_coordinate(value: str) -> bool:
    """True for a whole cell such as '11.8134436424': phones write coordinates with as many digits as an ID has."""
    return bool(_COORDINATE.fullmatch(value.strip()))


def _like_id_number(value: str, *, may_be_phone: bool) -> bool:
    if is_coordinate(value) or (may_be_phone and looks_like_phone(value)):
        return False
    digits = value.replace(" ", "")
    if _LONG_NUMBER.fullmatch(digits):
        return len(digits) in (9, 12) or not looks_like_phone(digits)
    if sum(char.isdigit() for char in value) < 9:  # spares the guard on most cells of a long file
        return False
    return any(found.kind in ("id_number", "insurance_number") for found in check(value, allow_phone=True))
