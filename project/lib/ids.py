"""Identifiers: primary keys that phones may mint too (UUIDv7), and short codes that people read aloud."""

import os
import secrets
import threading
from uuid import RFC_4122, UUID

from project.lib.clock import wall_milliseconds

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V pairs (read from paper), and no vowels, so that no code spells a word.
CODE_ALPHABET = "23456789CDFGHJKMNPQRTVWX"
_LETTERS = frozenset(CODE_ALPHABET) - frozenset("0123456789")

_COUNTER_BITS = 42  # RFC 9562 §6.2 method 1: a counter between the time and the random tail
_lock = threading.Lock()
_last_ms = 0
_counter = 0


def _forget() -> None:
    global _last_ms, _counter, _lock
    _lock = threading.Lock()
    _last_ms = _counter = 0


# A forked worker must not continue its parent's counter.
os.register_at_fork(after_in_child=_forget)


def new_id() -> UUID:
    """A new UUIDv7 (RFC 9562); in a process each is greater than the one before, whatever the clock does."""
    global _last_ms, _counter
    with _lock:
        moment = wall_milliseconds()
        if moment > _last_ms:
            _last_ms = moment
            _counter = secrets.randbits(_COUNTER_BITS - 1)  # top bit free: room to count up
        else:
            _counter += 1
            if _counter >> _COUNTER_BITS:
                _last_ms += 1
                _counter = secrets.randbits(_COUNTER_BITS - 1)
        moment, counter = _last_ms, _counter
    value = (moment & (1 << 48) - 1) << 80
    value |= 0x7 << 76
    value |= counter >> 30 << 64
    value |= 0b10 << 62
    value |= (counter & (1 << 30) - 1) << 32
    value |= secrets.randbits(32)
    return UUID(int=value)


def is_uuid7(value: object) -> bool:
    """True for a UUIDv7, given as a UUID or as its usual text with dashes."""
    if isinstance(value, str):
        if len(value) != 36:
            return False
        try:
            value = UUID(value)
        except ValueError:
            return False
    return isinstance(value, UUID) and value.variant == RFC_4122 and value.version == 7


def lookup_code(length: int = 8) -> str:
    """A random code of `length` (>= 4) characters that can be read aloud and copied from paper.

    Holds at least one letter, so it is never taken for a number. 8 characters are 1.1 × 10^11 codes.
    """
    if length < 4:
        raise ValueError("a code shorter than 4 characters can be guessed")
    while True:
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))
        if not _LETTERS.isdisjoint(code):
            return code


def clean_code(text: str) -> str:
    """What a person typed as a code, as stored: capitals, without spaces, dots and dashes."""
    return "".join(char for char in text.upper() if char.isalnum())
