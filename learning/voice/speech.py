"""Text to speech: what a voice must offer (`Provider`), and which one this installation uses. Knows no Django."""

import importlib
from dataclasses import dataclass
from functools import cache
from typing import Protocol

MAX_BYTES = 80_000  # learning.md §4: one text's voice


class VoiceUnavailable(Exception):
    """This machine cannot speak now: the library is missing or broke. It is tried again; the lesson goes on without."""


class NoVoice(VoiceUnavailable):
    """There is no voice for this language or this text and there will be none: asked once, not tried again."""


@dataclass(frozen=True)
class Sound:
    """A finished voice: MP3 bytes (voice/mp3.py's format, so that it can be joined) and its length in seconds."""

    mp3: bytes
    seconds: float


class Provider(Protocol):
    """Whoever can read a text aloud. Made without arguments, in a process of its own (voice/child.py)."""

    EDITION: str  # changes whenever the same words would sound different: everything is then spoken anew
    LANGUAGES: frozenset[str]  # the codes that it speaks

    def speak(self, text: str, language: str) -> Sound:
        """The text as MP3 of at most MAX_BYTES. Raises VoiceUnavailable, NoVoice."""
        ...


@cache
def provider(path: str) -> Provider:
    """The provider of a dotted path (`VOICE_PROVIDER`). ImportError or AttributeError names what is wrong with it."""
    module, _dot, name = path.rpartition(".")
    made: Provider = getattr(importlib.import_module(module), name)()
    return made
