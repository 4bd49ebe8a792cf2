"""espeak-ng through ctypes: its library and its data come from a package, samples stay in memory."""

import ctypes
import threading
from typing import Any

from learning.voice import mp3
from learning.voice.speech import MAX_BYTES, NoVoice, Sound, VoiceUnavailable
from learning.voice.words import as_said, sentences

PACES = (118, 140, 170)  # syllables a minute: slow and clear; quicker only where a text would grow too large
WORD_GAP = 3  # hundredths of a second between two words
BREATH = 0.45  # seconds between two sentences
EDGE = 0.12  # seconds of silence before and after: some phones swallow the first moment


class Espeak:
    """The library has one global state, so one text at a time in a process."""

    EDITION = "espeak-2"
    # Of the tongues spoken in Vietnam espeak-ng has these. «vi» is that of the north. Hakka reads Latin letters only.
    VOICES = {
        "vi": b"vi", "vi-central": b"vi-vn-x-central", "vi-south": b"vi-vn-x-south", "en": b"en", "yue": b"yue",
        "cmn": b"cmn", "hak": b"hak",
    }  # fmt: skip
    LANGUAGES = frozenset(VOICES)
    _lock = threading.Lock()
    _library: Any = None

    def speak(self, text: str, language: str) -> Sound:
        """See Provider."""
        voice = self.VOICES.get(language)
        if voice is None:
            raise NoVoice(f"no voice for {language}")
        parts = sentences(as_said(text, language))
        if not parts:
            raise NoVoice("nothing to say")
        for pace in PACES:
            with self._lock:
                library = self._loaded()
                spoken = [self._synthesise(library, part, voice, pace) for part in parts]
            if not any(spoken):
                raise VoiceUnavailable("espeak-ng gave no sound")
            pcm = mp3.pause(EDGE) + mp3.pause(BREATH).join(_trimmed(part) for part in spoken) + mp3.pause(EDGE)
            try:
                data = mp3.encode(mp3.levelled(pcm))
            except ImportError as error:
                raise VoiceUnavailable(str(error)) from error
            if len(data) <= MAX_BYTES:
                return Sound(data, len(pcm) / 2 / mp3.RATE)
        raise NoVoice("the text is too long for one voice; split the step")

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
            if rate != mp3.RATE:
                raise VoiceUnavailable(f"espeak-ng did not start as expected ({rate})")
            cls._library = library
        return cls._library

    @staticmethod
    def _synthesise(library: Any, text: str, voice: bytes, pace: int) -> bytes:
        """16-bit mono samples of one sentence. Called under the lock."""
        samples = bytearray()

        def take(wave: Any, count: int, _events: Any) -> int:
            if wave and count > 0:
                samples.extend(ctypes.string_at(wave, count * 2))
            return 0

        callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(take)
        library.espeak_SetSynthCallback(callback)
        if library.espeak_SetVoiceByName(voice) != 0:
            raise NoVoice(f"espeak-ng has no voice {voice.decode()}")
        library.espeak_SetParameter(1, pace, 0)  # 1 = rate
        library.espeak_SetParameter(7, WORD_GAP, 0)  # 7 = gap between words, in 10 ms
        raw = text.encode()
        library.espeak_Synth(raw, ctypes.c_size_t(len(raw) + 1), 0, 1, 0, 1, None, None)  # last 1 = UTF-8
        library.espeak_Synchronize()
        return bytes(samples)


def _trimmed(pcm: bytes) -> bytes:
    """Without the silence before and after: the pauses are ours, the same between all sentences."""
    import numpy

    samples = numpy.frombuffer(pcm, dtype="<i2")
    loud = numpy.flatnonzero(numpy.abs(samples) > 160)
    if not len(loud):
        return b""
    edge = mp3.RATE // 50
    return bytes(samples[max(0, int(loud[0]) - edge) : int(loud[-1]) + edge].tobytes())
