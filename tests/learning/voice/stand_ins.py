"""Voices for tests: a quick one, a mute machine, one whose process breaks. Chosen by VOICE_PROVIDER's path."""

import os
import time

from learning.voice import mp3
from learning.voice.speech import NoVoice, Sound, VoiceUnavailable


class Tone:
    """A quick stand-in: half a second of silence, in our format."""

    EDITION = "tone-1"
    LANGUAGES = frozenset({"vi", "en"})

    def speak(self, text: str, language: str) -> Sound:
        if language not in self.LANGUAGES:
            raise NoVoice(f"no voice for {language}")
        data = mp3.encode(mp3.pause(0.5))
        return Sound(data, mp3.seconds_of(data))


class Mute(Tone):
    """A machine without the library."""

    EDITION = "tone-1"

    def speak(self, text: str, language: str) -> Sound:
        raise VoiceUnavailable("no library")


class Fragile(Tone):
    """A library that crashes at one text and stumbles at another."""

    EDITION = "tone-1"

    def speak(self, text: str, language: str) -> Sound:
        if text == "crash":
            os._exit(11)
        if text == "stumble":
            raise RuntimeError("stumbled")
        if text == "hang":
            time.sleep(60)
        return super().speak(text, language)
