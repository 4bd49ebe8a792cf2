"""Text to speech: a provider interface, and espeak-ng with LAME, both from packages, both in memory."""

import ctypes
import logging
import re
import threading
from dataclasses import dataclass
from typing import Any, Protocol

log = logging.getLogger(__name__)

MAX_BYTES = 80_000  # learning.md §4: one step's voice
WORDS_PER_MINUTE = 130
RATES = (32, 24, 16)  # kbit/s: the best that keeps below MAX_BYTES


class VoiceUnavailable(Exception):
    """This machine cannot speak: the library is missing or refuses the language. The lesson goes on without."""


@dataclass(frozen=True)
class Sound:
    """A finished voice: MP3 bytes and its length in seconds."""

    mp3: bytes
    seconds: float


class Provider(Protocol):
    """Whoever can read a text aloud."""

    def speak(self, text: str, language: str) -> Sound:
        """The text as MP3 of at most MAX_BYTES. Raises VoiceUnavailable."""
        ...


# How Vietnamese people say the words of a phone; espeak would spell them in its own way.
SAID = {
    "vi": {
        "VNeID": "vi nê i đê", "OTP": "ô tê pê", "SIM": "xim", "CH Play": "xê hát pờ lây", "App Store": "áp xờ to",
        "passcode": "pát cốt", "iPhone": "ai phôn", "Zalo": "da lô", "PIN": "pin",
    },
    "en": {"VNeID": "V N E I D", "OTP": "O T P", "SIM": "sim"},
}  # fmt: skip


def as_said(text: str, language: str) -> str:
    """The text with the phone's words written as they are said."""
    for word, sound in SAID.get(language, {}).items():
        text = re.sub(rf"\b{re.escape(word)}\b", sound, text)
    return text


class Espeak:
    """espeak-ng through ctypes. The library has one global state, so one text at a time in a process."""

    VOICES = {"vi": b"vi", "en": b"en"}
    _lock = threading.Lock()
    _library: Any = None
    _rate = 0

    def speak(self, text: str, language: str) -> Sound:
        """See Provider."""
        voice = self.VOICES.get(language)
        if voice is None:
            raise VoiceUnavailable(f"no voice for {language}")
        with self._lock:
            library = self._loaded()
            pcm = self._synthesise(library, as_said(text, language), voice)
            rate = self._rate
        if not pcm:
            raise VoiceUnavailable("espeak-ng gave no sound")
        return Sound(_mp3(pcm, rate), len(pcm) / 2 / rate)

    @classmethod
    def _loaded(cls) -> Any:
        if cls._library is None:
            try:
                import espeakng_loader  # optional on a machine without the package's wheel

                library = ctypes.CDLL(espeakng_loader.get_library_path())
                data = espeakng_loader.get_data_path().encode()
            except (ImportError, OSError) as error:
                raise VoiceUnavailable(str(error)) from error
            # 2 = AUDIO_OUTPUT_SYNCHRONOUS: samples to the callback, no sound card; 0x8000: never exit().
            rate = library.espeak_Initialize(2, 0, data, 0x8000)
            if rate <= 0:
                raise VoiceUnavailable("espeak-ng did not start")
            cls._library, cls._rate = library, rate
        return cls._library

    @staticmethod
    def _synthesise(library: Any, text: str, voice: bytes) -> bytes:
        """16-bit mono samples. Called under the lock."""
        samples = bytearray()

        def take(wave: Any, count: int, _events: Any) -> int:
            if wave and count > 0:
                samples.extend(ctypes.string_at(wave, count * 2))
            return 0

        callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(take)
        library.espeak_SetSynthCallback(callback)
        if library.espeak_SetVoiceByName(voice) != 0:
            raise VoiceUnavailable(f"espeak-ng has no voice {voice.decode()}")
        library.espeak_SetParameter(1, WORDS_PER_MINUTE, 0)  # 1 = rate
        library.espeak_SetParameter(7, 4, 0)  # 7 = gap between words, in 10 ms
        raw = text.encode()
        library.espeak_Synth(raw, ctypes.c_size_t(len(raw) + 1), 0, 1, 0, 1, None, None)  # last 1 = UTF-8
        library.espeak_Synchronize()
        return bytes(samples)


def _mp3(pcm: bytes, rate: int) -> bytes:
    """Mono MP3 at the best rate that stays under MAX_BYTES; VoiceUnavailable if none does or LAME is missing."""
    try:
        import lameenc  # optional on a machine without the package's wheel
    except ImportError as error:
        raise VoiceUnavailable(str(error)) from error
    for kilobits in RATES:
        encoder = lameenc.Encoder()
        encoder.set_bit_rate(kilobits)
        encoder.set_in_sample_rate(rate)
        encoder.set_channels(1)
        encoder.set_quality(3)
        encoder.silence()
        data = bytes(encoder.encode(pcm)) + bytes(encoder.flush())
        if len(data) <= MAX_BYTES:
            return data
    raise VoiceUnavailable("the text is too long for one voice; split the step")


PROVIDER: Provider = Espeak()
