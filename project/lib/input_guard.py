"""Finds what free text must never keep: ID and insurance numbers, codes, passwords, cards, stray phones.

Pure, and mirrored in JavaScript: both must agree on tests/project/input_guard_cases.json, so the patterns
below use nothing that old phones' browsers lack (no look-behind).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

KINDS = ("id_number", "insurance_number", "card", "password", "otp", "pass_phrase", "phone")


@dataclass(frozen=True, slots=True)
class Finding:
    """One suspicious piece of a text: `text[start:end]`."""

    kind: str
    start: int
    end: int


# Folded text (small letters, no marks, plain digits); for each character its place in the original.
@dataclass(frozen=True, slots=True)
class _Folded:
    text: str
    places: list[int]
    original: str

    def piece(self, start: int, end: int) -> str:
        return self.original[self.places[start] : self.places[end - 1] + 1]


_GAP = r"(?: ?[.\-_] ?| )?"  # what people put inside one number
_RUN = re.compile(rf"\d(?:{_GAP}\d)*")
_DIGITS = re.compile(r"\d+")

# Innocent numbers, taken out before runs are read; a match counts only if no digit touches it. Repetitions
# are bounded: a page of digits must not take seconds.
_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_INNOCENT = (
    re.compile(rf"{_DAY}([/.\-]){_MONTH}\1{_YEAR}|{_YEAR}([/.\-])(?:0[1-9]|1[0-2])\2(?:0[1-9]|[12]\d|3[01])"),
    re.compile(r"(?:[6-9]|1\d|2[0-3])\.\d{3,16}[ ,;]+1(?:0[2-9]|1[0-7])\.\d{3,16}"),  # latitude, longitude
    re.compile(r"(?:[6-9]|1\d|2[0-3]|10[2-9]|11[0-7])\.\d{4,8}"),  # one of them
    re.compile(r"[1-9]\d{0,14}(?:[.,]\d{1,9}){0,5} ?(?:d|dong|vnd|usd|k|nghin|ngan|trieu|tr|ty)(?![a-z])"),  # money
    re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){1,4}\.000"),  # money without its unit
    re.compile(r"1[89]00(?:[ .\-]?\d){4,6}"),  # hotlines
)
_AFTER_ZERO = rf"(?:[35789](?:{_GAP}\d){{8}}|2(?:{_GAP}\d){{9}}|1[2689](?:{_GAP}\d){{8}})"  # 01…: before 2018
_PHONE = re.compile(rf"(?:\+ ?84{_GAP}(?:\(0\) ?)?|84{_GAP}|0){_AFTER_ZERO}")

_ID_WORD = re.compile(r"(?:cccd|cmnd|cmt|can cuoc|dinh danh|chung minh|ho chieu)[^\d]{0,20}$")
_INSURANCE_WORD = re.compile(r"(?:bhxh|bhyt|bao hiem|so so|so the)[^\d]{0,20}$")
_BANK_WORD = re.compile(r"(?:stk|so tk|so tai khoan|tai khoan ngan hang|so the)[^\d]{0,20}$")
_HEALTH_CARD = re.compile(rf"[a-z]{{2}} ?\d{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{8}}|[a-z]{{2}} ?\d{{13}}")
_PASSPORT = re.compile(r"ho chieu[^\d]{0,12}[a-z] ?\d{7}")

_CODE_BEFORE = re.compile(r"(?:^|[^a-z])(otp|ma|code|xac thuc|xac nhan|kich hoat)([^\d\n]{0,25})$")
_CODE_AFTER = re.compile(r"^[^\d\n]{0,12}?(?:otp|ma xac|ma kich hoat|la ma|code|xac thuc)(?![a-z])")
# «mã hộ», «mã bưu chính» … number things, not doors.
_OTHER_CODE = re.compile(r"^ *(?:so )?(?:ho|thon|ap|xa|phuong|buu|vung|to|doi|lop|dot|phieu|don|hang|vach|qr)(?![a-z])")

_FILLER = r"(?: (?:vneid|wifi|zalo|facebook|gmail|email|moi|cu|dang nhap|may|dien thoai|cua (?:bac|cu|ba|ong)))*"
_PASSWORD = re.compile(
    r"(?:^|[^a-z])(mat khau|password|passwd|passcode|pass|pwd|mk|ma pin|pin)"
    rf"{_FILLER} ?(la |is |[:=]|->|→)? ?([^\s]{{4,40}})"
)
_AT_PASSWORD = re.compile(r"[^\s@]{2,30}@[^\s@]{1,30}")
_PHRASE = re.compile(
    r"(?:cum mat khau|cum tu (?:khoa|khoi phuc)|pass ?phrase|seed phrase|tra loi bao mat)"
    r" ?(?:la |is |[:=])? ?([a-z0-9]+(?:[ \-][a-z0-9]+)+)"
)

# How people group 9, 10 and 12 digits inside a longer row of numbers.
_ID_GROUPS = {
    *((9,), (3, 3, 3), (3, 6), (6, 3), (4, 5), (2, 3, 4)),
    *((12,), (3, 3, 3, 3), (6, 6), (3, 9), (3, 3, 6), (3, 1, 2, 6), (4, 8), (4, 2, 6)),
}
_INSURANCE_GROUPS = {(10,), (4, 3, 3), (3, 3, 4), (2, 4, 4), (2, 8), (5, 5), (2, 2, 6)}


def check(text: str, *, allow_phone: bool = False) -> list[Finding]:
    """What in the text looks like a secret, in order of place, never overlapping (the graver kind wins).

    `allow_phone` lets Vietnamese phone numbers through. Dates, hours, money, coordinates, house numbers and
    hotlines are no secrets. It errs to the side of asking: a wrong question costs less than a kept ID number.
    """
    folded = _fold(text)
    found: list[Finding] = []

    def note(kind: str, start: int, end: int) -> None:
        found.append(Finding(kind, folded.places[start], folded.places[end - 1] + 1))

    _words(folded, note)
    _numbers(folded.text, note, allow_phone=allow_phone)
    _codes(folded, note)

    kept: list[Finding] = []
    for finding in sorted(found, key=lambda item: (KINDS.index(item.kind), item.start)):
        if all(finding.end <= other.start or other.end <= finding.start for other in kept):
            kept.append(finding)
    return sorted(kept, key=lambda item: item.start)


def masks(text: str, *, allow_phone: bool = False) -> str:
    """The text with every letter and digit of a finding replaced by '•'."""
    shown = list(text)
    for finding in check(text, allow_phone=allow_phone):
        for place in range(finding.start, finding.end):
            if shown[place].isalnum() or shown[place] in "@#$%!&*":
                shown[place] = "•"
    return "".join(shown)


_Note = Callable[[str, int, int], None]


def _fold(text: str) -> _Folded:
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for piece in unicodedata.normalize("NFKD", char.lower()):
            category = unicodedata.category(piece)
            if category in ("Mn", "Cf"):
                continue
            if piece == "đ":
                piece = "d"
            elif category == "Nd":
                piece = str(unicodedata.digit(piece))
            elif category == "Pd":
                piece = "-"
            elif piece.isspace() and piece != "\n":
                piece = " "
            letters.append(piece)
            places.append(place)
    return _Folded("".join(letters), places, text)


def _alone(text: str, start: int, end: int) -> bool:
    """No digit touches text[start:end], neither directly nor over a dot or dash."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return not (re.search(r"\d[.\-]?$", before) or re.search(r"^[.\-]?\d", after))


def _words(folded: _Folded, note: _Note) -> None:
    """Secrets told by a word: passwords, phrases, passports, health cards."""
    text = folded.text
    for match in _PASSWORD.finditer(text):
        start, end = match.span(3)
        if _like_password(folded.piece(start, end), match[1], bool(match[2]), text[end : end + 5]):
            note("password", start, end)
    for match in _AT_PASSWORD.finditer(text):
        token = match[0].strip(".,;:!?()«»\"'")
        after = token.partition("@")[2]
        mixed = re.search(r"[a-z]", token) and re.search(r"\d", token)
        if mixed and not re.search(r"[a-z0-9\-]\.[a-z]{2,}", after):
            note("password", *match.span())
    for match in _PHRASE.finditer(text):
        note("pass_phrase", *match.span(1))
    for match in _PASSPORT.finditer(text):
        if _alone(text, match.end() - 7, match.end()):
            note("id_number", match.end() - 8, match.end())
    for match in _HEALTH_CARD.finditer(text):
        if _alone(text, *match.span()) and not text[: match.start()][-1:].isalpha():
            note("insurance_number", *match.span())


def _like_password(token: str, word: str, told: bool, after: str) -> bool:
    token = token.strip(".,;:!?()«»\"'")
    if len(token) < 4 or any(_alone(token, *date.span()) for date in _INNOCENT[0].finditer(token)):
        return False
    if word == "pin" and not token.isdigit():  # «pin» is also the battery
        return False
    if word == "pin" and after.lstrip().startswith(("mah", "%")):
        return False
    if re.search(r"\d", token):
        return not re.fullmatch(r"\d+[a-z%]{1,3}", token.lower()) or len(token) >= 8
    if re.search(r"[@#$!&*_]", token):
        return True
    # Letters only: a word of a sentence, unless it is no Vietnamese word at all.
    return told and token.isascii() and token.isalpha() and (len(token) >= 8 or token[1:].lower() != token[1:])


def _numbers(text: str, note: _Note, *, allow_phone: bool) -> None:
    """Secrets told by their digits alone (or by a word just before)."""
    for pattern in _INNOCENT:
        text = _blank(text, (match.span() for match in pattern.finditer(text) if _alone(text, *match.span())))
    phones: list[tuple[int, int]] = []
    for match in _PHONE.finditer(text):
        start, end = match.span()
        before = text[max(0, start - 40) : start]
        if not _alone(text, start, end) or _INSURANCE_WORD.search(before) or _ID_WORD.search(before):
            continue
        phones.append((start, end))
        if not allow_phone:
            note("phone", start, end)
    text = _blank(text, phones)
    for run in _RUN.finditer(text):
        _judge(text, run, note)


def _judge(text: str, run: re.Match[str], note: _Note) -> None:
    groups = [(run.start() + g.start(), run.start() + g.end()) for g in _DIGITS.finditer(run[0])]
    sizes = tuple(end - start for start, end in groups)
    digits = "".join(text[start:end] for start, end in groups)
    before = text[max(0, run.start() - 40) : run.start()]
    total = len(digits)
    if (13 <= total <= 19 and _luhn(digits)) or (6 <= total <= 19 and _BANK_WORD.search(before)):
        note("card", *run.span())
    elif 9 <= total <= 11 and _INSURANCE_WORD.search(before):
        note("insurance_number", *run.span())
    elif (6 <= total <= 12 and _ID_WORD.search(before)) or (
        total in (9, 12) and _one_number(digits, sizes, groups, text)
    ):
        note("id_number", *run.span())
    else:
        _windows(text, groups, sizes, note)


def _one_number(digits: str, sizes: tuple[int, ...], groups: list[tuple[int, int]], text: str) -> bool:
    if all(re.fullmatch(_YEAR, text[start:end]) for start, end in groups):
        return False  # «1945 1954 1975»
    # A list of small numbers is no ID; a chip card's number always begins with 0 (province code 001-096).
    return max(sizes) >= 3 or (len(digits) == 12 and digits[0] == "0")


def _windows(text: str, groups: list[tuple[int, int]], sizes: tuple[int, ...], note: _Note) -> None:
    """A number standing beside others: «hộ 3 001200012345»."""
    first = 0
    while first < len(groups):
        step = 1
        for last in range(min(len(groups), first + 5), first, -1):
            window = sizes[first:last]
            span = (groups[first][0], groups[last - 1][1])
            digits = "".join(text[start:end] for start, end in groups[first:last])
            if 13 <= len(digits) <= 19 and min(window) >= 3 and _luhn(digits):
                kind = "card"
            elif window in _ID_GROUPS and not all(
                re.fullmatch(_YEAR, text[start:end]) for start, end in groups[first:last]
            ):
                kind = "id_number"
            elif window in _INSURANCE_GROUPS and (len(window) == 1 or window == sizes):
                kind = "insurance_number"
            else:
                continue
            note(kind, *span)
            step = last - first
            break
        first += step


def _codes(folded: _Folded, note: _Note) -> None:
    """One-time codes: six digits near «mã», «OTP», «code», «xác thực»; four to eight beside «OTP» itself."""
    text = folded.text
    for pattern in _INNOCENT[:1]:
        text = _blank(text, (match.span() for match in pattern.finditer(text) if _alone(text, *match.span())))
    for match in re.finditer(r"\d{3}[ \-.]\d{3}|\d{4,8}", text):
        if not _alone(text, *match.span()):
            continue
        size = sum(char.isdigit() for char in match[0])
        before = _CODE_BEFORE.search(text[max(0, match.start() - 40) : match.start()])
        told = before is not None and _names_a_code(folded, match.start(), before)
        is_otp = before is not None and "otp" in before[0]
        if (size == 6 and (told or _CODE_AFTER.search(text[match.end() : match.end() + 30]))) or (told and is_otp):
            note("otp", *match.span())


def _names_a_code(folded: _Folded, end: int, before: re.Match[str]) -> bool:
    if before[1] != "ma":
        return True
    if _OTHER_CODE.search(before[2]):
        return False
    start = end - len(before[1]) - len(before[2])
    # «má», «mà», «mạ» are other words; without marks it may be «mã».
    return unicodedata.normalize("NFC", folded.piece(start, start + 2).lower()) in ("mã", "ma")


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(set(digits)) > 1


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    letters = list(text)
    for start, end in spans:
        letters[start:end] = "\0" * (end - start)
    return "".join(letters)
