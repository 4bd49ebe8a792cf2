"""Which texts fit the typed words, and how well. Pure: plain texts in, ranks out."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from project.lib import vietnamese

MAX_LETTERS = 80
MAX_WORDS = 10
FORGIVEN_FROM = 5  # letters: a shorter word with one wrong letter is simply another word
PREFIX_FROM = 3
_WORD = re.compile(r"[a-z0-9]+")
_SPOKEN = re.compile(r"\w+")
# Words that say nothing about the matter; they count only when nothing else was typed. With their marks: «ảnh» is no
# «anh». Typed without marks they are known all the same.
_FILLERS = """
ạ à ai anh bác bằng cách cái cần cho cháu chú của có cô đã đâu để đi do được em gì giúp hay không kìa là làm lúc mà mình
một muốn nào này nhé nhỉ như ở ơi ông phải rồi sao ta thế thì tôi và vậy với xin
a and are at do does for get how i in is it me my of on or the to want what where with you your
"""
FILLERS = frozenset(_FILLERS.split())
_BARE = frozenset(vietnamese.fold(word, loose=True) for word in FILLERS) - {"can", "ma", "vay", "bang"}  # căn, mã, vay


@dataclass(frozen=True)
class Asked:
    """A query: the words as typed (small letters, with marks) and their search keys, fillers left out."""

    typed: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def key(self) -> str:
        """The whole query as one search key."""
        return " ".join(self.words)


def asked(query: str) -> Asked:
    """«Đăng kí  VNeID như thế nào» → đăng kí vneid / dang ki vneid. No words for an empty query."""
    text = unicodedata.normalize("NFC", query[:MAX_LETTERS]).casefold()
    pairs = [(word, key) for word in _SPOKEN.findall(text) if (key := "".join(keys_of(word)))]
    telling = [
        (word, key) for word, key in pairs if not (word in FILLERS or (word.isascii() and key in _BARE))
    ] or pairs
    kept = list(dict.fromkeys(telling))[:MAX_WORDS]
    return Asked(tuple(word for word, _key in kept), tuple(key for _word, key in kept))


def keys_of(text: str) -> list[str]:
    """The words of a text as search keys: 'Đăng ký «VNeID»' → dang, ki, vneid."""
    return _WORD.findall(vietnamese.fold(text, loose=True))


def rank(query: Asked, title: str, *more: str, near: bool = False) -> int | None:
    """How well a text fits: 0 the typed marks stand in the title, 1 the title without marks, 2… `more`, in order.

    `more` may lean on what stands before it: a word may be in the title and another in the keywords. None: no fit.
    `near` forgives one wrong, missing or doubled letter in a long word, and words written together.
    """
    if not query.words:
        return None
    if not near and set(query.typed) <= set(_SPOKEN.findall(unicodedata.normalize("NFC", title).casefold())):
        return 0
    known: list[str] = []
    for place, text in enumerate((title, *more), 1):
        known += keys_of(text)
        if _fits(query.words, known, near=near):
            return place
    return None


def _fits(words: Iterable[str], known: Sequence[str], *, near: bool) -> bool:
    there = set(known)
    pairs = {first + second for first, second in pairwise(known)} if near else set()
    return all(
        word in there
        or (len(word) >= PREFIX_FROM and not word.isdigit() and any(token.startswith(word) for token in there))
        or (near and len(word) >= FORGIVEN_FROM and (word in pairs or any(one_apart(word, token) for token in there)))
        for word in words
    )


def one_apart(first: str, second: str) -> bool:
    """Whether two words differ by at most one letter (wrong, missing, too many) or by two that changed places."""
    if abs(len(first) - len(second)) > 1:
        return False
    same = next(
        (i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
    a, b = first[same:], second[same:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
