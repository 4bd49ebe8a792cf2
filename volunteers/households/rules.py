"""What a household's free fields mean: the key of «the same household», words for a good time, lists of needs."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from project.lib.vietnamese import fold

CONSENT_VERSION = "2026-1"  # of the words that a volunteer reads out before a record is kept
ALL_DAYS = [0, 1, 2, 3, 4, 5, 6]  # Monday is 0
DAY_START, DAY_END = 7 * 60, 21 * 60  # nobody knocks earlier or later; what «chủ nhật» alone means
# Wide enough to hold the campaigns' usual blocks (targets.rules.DEFAULT_SLOTS), so that «sáng» never misses one.
HOURS: dict[str, tuple[int, int]] = {
    "sáng": (DAY_START, 11 * 60 + 30),
    "trưa": (11 * 60, 13 * 60 + 30),
    "chiều": (13 * 60 + 30, 17 * 60 + 30),
    "tối": (17 * 60 + 30, DAY_END),
}
_ENGLISH_HOURS = {"morning": "sáng", "noon": "trưa", "afternoon": "chiều", "evening": "tối"}
_HOURS = {fold(word): hours for word, hours in HOURS.items()} | {
    english: HOURS[word] for english, word in _ENGLISH_HOURS.items()
}
_DAYS: dict[str, list[int]] = {
    "chu nhat": [6], "cn": [6], "sunday": [6], "sundays": [6],
    "cuoi tuan": [5, 6], "weekend": [5, 6], "weekends": [5, 6],
    "ngay thuong": [0, 1, 2, 3, 4], "trong tuan": [0, 1, 2, 3, 4], "weekdays": [0, 1, 2, 3, 4],
    "thu hai": [0], "thu ba": [1], "thu tu": [2], "thu nam": [3], "thu sau": [4], "thu bay": [5],
    **{f"thu {number}": [number - 2] for number in range(2, 8)},
    **{f"t{number}": [number - 2] for number in range(2, 8)},
    "monday": [0], "tuesday": [1], "wednesday": [2], "thursday": [3], "friday": [4], "saturday": [5],
    "hang ngay": ALL_DAYS, "moi ngay": ALL_DAYS, "ca ngay": ALL_DAYS,
}  # fmt: skip
_ANY = {"", "any", "any time", "bat ky", "luc nao", "luc nao cung duoc", "gio nao cung duoc"}
_FILLERS = {"buoi", "luc", "tu", "ngay", "vao", "khoang", "on", "from", "the", "in"}
_CLOCK = r"([01]?\d|2[0-4]) ?(?:(?:[:.h]|gio|g) ?([0-5]\d)?)?"
_RANGE = re.compile(rf"(?<!\d){_CLOCK} ?(?:-|den|to) ?{_CLOCK}(?![\d:])")
_DAY = re.compile(r"\b(" + "|".join(sorted(map(re.escape, _DAYS), key=len, reverse=True)) + r")\b")
_HOUR = re.compile(r"\b(" + "|".join(sorted(_HOURS, key=len, reverse=True)) + r")\b")
_PARTS = re.compile(r"[,;/+]|\bva\b|\bhoac\b|\band\b|\bor\b")


def same_key(hamlet_code: str, lane: str, call_name: str) -> str:
    """The digest by which the same door is known again: hamlet, lane and call name, folded (contract §3).

    Keyed with the installation's secret: a call name is too short a word for a plain hash.
    """
    return _digest(hamlet_code, lane, call_name, settings.SECRET_KEY)


def same_keys(hamlet_code: str, lane: str, call_name: str) -> tuple[str, ...]:
    """The digests under the present secret and those before it: doors kept before a change of key are found too."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return tuple(_digest(hamlet_code, lane, call_name, key) for key in keys)


def _digest(hamlet_code: str, lane: str, call_name: str, secret: str) -> str:
    text = "\n".join((hamlet_code, fold(lane), fold(call_name)))
    return salted_hmac("households.same_key", text, secret=secret, algorithm="sha256").hexdigest()


def good_time_windows(text: str) -> list[dict[str, Any]]:
    """«sáng», «chủ nhật; 08:00-10:30» → windows {"days", "start", "end"} (minutes of the day). ValueError if unclear.

    Empty text and «any» mean any time: []. A part may join a day and hours: «sáng thứ 7». Sáng 7:00–11:30, trưa
    11:00–13:30, chiều 13:30–17:30, tối 17:30–21:00; a day alone 7:00–21:00.
    """
    windows: list[dict[str, Any]] = []
    if fold(text).strip(" .") in _ANY:
        return windows
    for part in _PARTS.split(fold(text)):
        if part.strip(" .") in _ANY:
            continue
        for window in _windows_of(part):
            if window not in windows:
                windows.append(window)
    return windows


def _windows_of(part: str) -> list[dict[str, Any]]:
    days = sorted({day for found in _DAY.finditer(part) for day in _DAYS[found[0]]})
    rest = _DAY.sub(" ", part)
    spans = [_minutes(found) for found in _RANGE.finditer(rest)]
    rest = _RANGE.sub(" ", rest)
    spans += [_HOURS[found[0]] for found in _HOUR.finditer(rest)]
    left = [word for word in _HOUR.sub(" ", rest).replace(".", " ").split() if word not in _FILLERS]
    if left or not (days or spans) or any(start >= end or end > 24 * 60 for start, end in spans):
        raise ValueError(part.strip())
    return [{"days": days or ALL_DAYS, "start": start, "end": end} for start, end in spans or [(DAY_START, DAY_END)]]


def _minutes(found: re.Match[str]) -> tuple[int, int]:
    return int(found[1]) * 60 + int(found[2] or 0), int(found[3]) * 60 + int(found[4] or 0)


def good_time_words(windows: Iterable[Mapping[str, Any]], *, english: bool = False) -> str:
    """The windows in words again, which `good_time_windows` reads back: «sáng; chủ nhật 08:00-10:30»."""
    words: list[str] = []
    for window in windows:
        span = (window["start"], window["end"])
        hours = next((word for word, known in HOURS.items() if known == span), "")
        if english and hours:
            hours = next(word for word, known in _ENGLISH_HOURS.items() if known == hours)
        if not hours and span != (DAY_START, DAY_END):
            hours = "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span)
        for day in _day_words(list(window["days"]), english=english):
            words.append(" ".join(part for part in (hours, day) if part))
    return "; ".join(words)


def _day_words(days: list[int], *, english: bool) -> list[str]:
    if len(days) == 7:
        return [""]
    if days == [5, 6]:
        return ["weekend" if english else "cuối tuần"]
    if english:
        names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        return [names[day] for day in days]
    return ["chủ nhật" if day == 6 else f"thứ {day + 2}" for day in days]


def needs_in(text: str, names: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Service codes named in a cell, and the words that name none. `names`: folded code or name → code.

    Cut at `;` and `,`; names that hold a comma themselves are found first («Cổng dịch vụ công: đăng nhập, nộp hồ sơ»).
    """
    codes: list[str] = []
    unknown: list[str] = []
    for group in text.split(";"):
        pieces = [piece.strip() for piece in group.split(",")]
        first = 0
        while first < len(pieces):
            for last in range(len(pieces), first, -1):
                code = names.get(fold(", ".join(pieces[first:last]), loose=True))
                if code is not None:
                    if code not in codes:
                        codes.append(code)
                    break
            else:
                last = first + 1
                if pieces[first]:
                    unknown.append(pieces[first])
            first = last
    return codes, unknown
