"""A voice that says nothing: in benches of pages the queue must not speak meanwhile."""

from learning.voice.speech import NoVoice, Sound


class Mute:
    """Refuses every text for good."""

    EDITION = "mute-1"
    LANGUAGES = frozenset({"vi", "en", "yue"})

    def speak(self, text: str, language: str) -> Sound:
        """See learning.voice.speech.Provider."""
        raise NoVoice("muted for a bench")
