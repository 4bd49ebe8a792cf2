"""Vietnamese text: search keys without marks, sort order, slugs; how numbers, days and hours are written."""

import re
import unicodedata
from datetime import date, datetime, time

_APOSTROPHES = str.maketrans(dict.fromkeys("‘’‛ʼʹ`´′", "'"))
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
# «kí» = «ký», «quí» = «quý», but «hai» ≠ «hay», «thúi» ≠ «thuý»: only y that ends a word after a consonant.
_FINAL_Y = re.compile(r"(?:(?<=[bcdghklmnpqrstvx])|(?<=\bqu))y\b")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_NUMBER = re.compile(r"\d+")

_TONES = {"\u0300": 2, "\u0309": 3, "\u0303": 4, "\u0301": 5, "\u0323": 6}  # huyền hỏi ngã sắc nặng
_SHAPES = {"\u0306": 2, "\u0302": 3, "\u031b": 3}  # ă; â ê ô; ơ ư
_WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")


def fold(text: str, *, loose: bool = False) -> str:
    """The search key of a text: small letters without marks, đ as d, one kind of apostrophe, single spaces.

    «Hoà» = «Hòa» = «hoa», typed composed or decomposed. `loose` also takes «kí» for «ký».
    """
    text = unicodedata.normalize("NFC", text).casefold().replace("đ", "d")
    text = text.translate(_APOSTROPHES).translate(_DASHES)
    letters = (
        char
        for char in unicodedata.normalize("NFD", text)
        if not (unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Cf"))
    )
    text = " ".join("".join(letters).split())
    return _FINAL_Y.sub("i", text) if loose else text


def slug(text: str) -> str:
    """The text as an address: 'Đăng ký mức độ 2' → 'dang-ky-muc-do-2'. May be empty."""
    return _NOT_SLUG.sub("-", fold(text)).strip("-")


def sort_key(name: str) -> str:
    """The key that orders persons as Vietnamese lists do: given name (last word), then the rest.

    Letters a ă â … d đ … o ô ơ, then the tones ngang huyền hỏi ngã sắc nặng. Only [0-9a-z]: sorts the same
    in SQLite, in PostgreSQL under any collation, and in Python.
    """
    words = name.split()
    if not words:
        return ""
    return "00".join(_collate(part) for part in (words[-1], " ".join(words[:-1])))


def place_key(name: str) -> str:
    """The key that orders places as people expect: «Thôn 2» before «Thôn 10», then letters and tones."""
    return _collate(_NUMBER.sub(lambda found: f"{int(found[0]):06d}", name))


def _collate(text: str) -> str:
    primary: list[str] = []
    tones: list[str] = []
    for word in text.split():
        tone = 1
        for char in unicodedata.normalize("NFC", word).casefold():
            base, *marks = list(unicodedata.normalize("NFD", char))
            shape = 1
            if base == "đ":
                base, shape = "d", 2
            for mark in marks:
                tone = _TONES.get(mark, tone)
                shape = _SHAPES.get(mark, shape)
            if base == "o" and shape == 3 and "\u0302" in marks:
                shape = 2  # o ô ơ: ô stands before ơ
            if base.isascii() and base.isalpha():
                primary.append(f"{base}{shape}")
            elif base.isascii() and base.isdigit():
                primary.append(f"1{base}")  # digits before letters
        primary.append("0")
        tones.append(str(tone))
    return "".join(primary) + "".join(tones)


def number(value: float, decimals: int = 0) -> str:
    """1250 → '1.250'; with decimals 1, 96.84 → '96,8'."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def percent(part: float, whole: float, *, base: bool = True) -> str:
    """(242, 250) → '96,8 % (242/250)'; `base=False` only where the base stands beside it.

    A base of 0 gives '–'. Never rounded up to 100 % while something is missing, nor down to 0 %.
    """
    if whole <= 0:
        return "–"
    share = round(100 * part / whole, 1)
    if part < whole:
        share = min(share, 99.9)
    if part > 0:
        share = max(share, 0.1)
    text = number(share, 0 if share == int(share) else 1) + " %"
    return f"{text} ({number(part)}/{number(whole)})" if base else text


def weekday_name(day: date) -> str:
    """'Thứ hai' … 'Chủ nhật'."""
    return _WEEKDAYS[day.weekday()]


def day_label(day: date) -> str:
    """'Chủ nhật 30/11'."""
    return f"{weekday_name(day)} {day:%d/%m}"


def full_day(day: date) -> str:
    """'30/11/2026'."""
    return f"{day:%d/%m}/{day.year:04d}"


def hour_label(moment: time | datetime) -> str:
    """'8 giờ 30', '8 giờ', '14 giờ 05'. A datetime is written as it stands: bring it to local time first."""
    return f"{moment.hour} giờ {moment.minute:02d}" if moment.minute else f"{moment.hour} giờ"
