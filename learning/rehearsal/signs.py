"""Small generic signs for the names of apps and tabs (no logo of anybody), and how a row's words are read. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

from project.lib.vietnamese import fold

# Lines on 24 × 24 units. Names are folded («Tin nhắn» → «tin nhan») and matched as whole words; the first hit wins.
_SIGNS = (
    ("tin nhan|messages?|sms|chat", "M4 5h16v11h-9l-5 4v-4H4Z"),
    ("may anh|camera|chup( anh)?", "M3 8h4l2-3h6l2 3h4v11H3ZM12 10a3.5 3.5 0 1 0 .1 0"),
    ("anh|photos?|gallery|pictures?|thu vien", "M3 5h18v14H3Zm0 12 6-6 4 4 3-3 5 5M8 8.5v.1"),
    ("video|youtube", "M3 6h12v12H3Zm12 5 6-4v10l-6-4"),
    ("goi|dien thoai|phone|calls?|danh ba|contacts?",
     "M6 3h3l2 5-2 2a12 12 0 0 0 5 5l2-2 5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3Z"),
    ("cai dat|settings?", "M4 7h8m5 0h3M4 17h2m5 0h9M14.5 4.5v5m-6 5v5"),
    ("kho|store|ch play|cua hang", "M5 8h14l1 13H4ZM9 8a3 3 0 0 1 6 0"),
    ("web|trinh duyet|browser|internet|mang", "M12 3a9 9 0 1 0 .1 0M3 12h18M12 3c-5 6-5 12 0 18 5-6 5-12 0-18"),
    ("ca nhan|tai khoan|account|profile|me|toi", "M12 4a4 4 0 1 0 .1 0M4 21c0-9 16-9 16 0"),
    ("trang chu|home", "M3 11.5 12 4l9 7.5M6 10v10h12V10"),
    ("thong bao|notices?|notifications?", "M6 17v-6a6 6 0 0 1 12 0v6l2 1H4ZM10 21h4"),
    ("vi|wallet|the|cards?|can cuoc", "M3 6h18v13H3Zm0 4h18M7 15h4"),
    ("tim|search", "M10.5 4a6.5 6.5 0 1 0 .1 0m5 11.5 5 5"),
    ("qr|quet|scan", "M4 9V4h5m6 0h5v5m0 6v5h-5m-6 0H4v-5m0-3h16"),
    ("suc khoe|y te|health|benh vien|hospital", "M9 4h6v5h5v6h-5v5H9v-5H4V9h5Z"),
    ("tien|ngan hang|bank|money|thanh toan|payments?", "M2 6h20v12H2ZM12 9a3 3 0 1 0 .1 0"),
    ("bao mat|mat khau|khoa|security|password", "M5 11h14v10H5ZM8 11V8a4 4 0 0 1 8 0v3"),
    ("ho so|giay to|tep|files?|papers?|documents?|ghi chu|notes?|thu tuc", "M6 3h8l4 4v14H6ZM9 12h6m-6 4h6"),
    ("lich|dong ho|clock|calendar", "M12 3a9 9 0 1 0 .1 0M12 7v5l4 2"),
    ("ban do|maps?", "M12 21c9-9 7-17 0-17s-9 8 0 17Zm0-13a2 2 0 1 0 .1 0"),
    ("nha|house|dich vu( cong)?|services?", "M3 9l9-5 9 5ZM5 9v10m5-10v10m4-10v10m5-10v10M3 20h18"),
)  # fmt: skip
_COMPILED = [(re.compile(rf"\b(?:{names})\b"), line) for names, line in _SIGNS]

_PORTRAIT = re.compile(r"\b(?:the|can cuoc|giay phep|bang lai|ho chieu|ten|card|licen[cs]e|passport|badge|name)\b")

CELL_KINDS = ("tabs", "grid", "keys")  # several places to tap: «a|b*|c», the star marks one
_ON = {"bat", "on", "mo"}
_OWN = {"", "bac", "toi", "me", "you"}
_PAPERS = {
    "ro": "clear", "clear": "clear", "mo": "blurred", "blurred": "blurred", "lech": "crooked", "crooked": "crooked",
    "toi": "dark", "dark": "dark",
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One place of a row with several: its words, and whether it is the marked one."""

    text: str
    marked: bool


@lru_cache(maxsize=512)
def sign_of(name: str) -> str:
    """The drawing (an SVG path on 24 × 24) for an app's or tab's name; '' where none fits."""
    folded = fold(name)
    return next((line for names, line in _COMPILED if names.search(folded)), "")


def initial(name: str) -> str:
    """The letter that stands for a name without a sign."""
    return next((letter.upper() for letter in name if letter.isalnum()), "•")


def cells(text: str) -> tuple[Cell, ...]:
    """«Gọi điện|VNeID*» → the cells, in order; empty ones are left out."""
    parts = [part.strip() for part in text.split("|")]
    return tuple(Cell(part.replace("*", "").strip() or "*", "*" in part) for part in parts if part)


def has_portrait(title: str) -> bool:
    """Whether a card of this name shows a face: identity card, licence, badge; not a case or a sum."""
    return bool(_PORTRAIT.search(fold(title)))


def halves(text: str) -> tuple[str, str]:
    """«name|words» → both, trimmed; the second is '' without a bar."""
    first, _bar, second = text.partition("|")
    return first.strip(), second.strip()


def is_on(word: str) -> bool:
    """«bật», «on» → True; «tắt», «off» and anything else → False."""
    return fold(word) in _ON


def is_ticked(word: str) -> bool:
    """«x» or any other sign → True."""
    return bool(word.strip())


def is_own(sender: str) -> bool:
    """Whether a chat message is the learner's own: no sender, «Bác», «Tôi»."""
    return fold(sender) in _OWN


def paper(word: str) -> str:
    """«rõ» «mờ» «lệch» «tối» (or English) → 'clear', 'blurred', 'crooked', 'dark'; 'clear' for anything else."""
    return _PAPERS.get(fold(word), "clear")


def ends(text: str) -> tuple[str, str]:
    """«nhỏ…to» → both ends of a slider."""
    first, _dots, second = text.replace("...", "…").partition("…")
    return first.strip(), second.strip()
