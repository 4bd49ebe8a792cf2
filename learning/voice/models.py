"""Machine voices of lessons: one row a spoken text; the row is the queue, the file follows."""

import hashlib
from collections.abc import Iterable

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _

from learning.voice.speech import provider
from learning.voice.words import sayable, spoken
from project.lib.clock import now

MAX_TRIES = 5


class MachineVoice(models.Model):
    """A text that a machine reads aloud. `key` is the content's hash: the same words are spoken once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    key = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(_("Language"), max_length=8)
    text = models.TextField(_("What is said"))
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING, db_index=True)
    file = models.CharField(max_length=120, blank=True)  # name in the public storage: voices/<key>.mp3
    seconds = models.FloatField(default=0)
    size = models.PositiveIntegerField(default=0)  # bytes
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("machine voice")
        verbose_name_plural = _("machine voices")

    def __str__(self) -> str:
        return self.key[:12]

    @property
    def url(self) -> str:
        """The public address of the sound; '' while it is being made."""
        return default_storage.url(self.file) if self.state == self.State.READY else ""


def edition() -> str:
    """The name of the present voice: when it changes, everything is spoken anew."""
    return provider(settings.VOICE_PROVIDER).EDITION


def voice_key(language: str, text: str) -> str:
    """The content hash (64 hex digits) under which the voice of a text is kept."""
    return hashlib.sha256(f"{edition()}\n{language}\n{spoken(text)}".encode()).hexdigest()


def ask_for_voices(texts: Iterable[tuple[str, str]]) -> list[str]:
    """Make sure each (language, text) has its row; the queue speaks those that wait. Returns the keys, in order."""
    wanted = {voice_key(language, text): (language, spoken(text)) for language, text in texts if sayable(text)}
    there = set(MachineVoice.objects.filter(key__in=wanted).values_list("key", flat=True))
    rows = [
        MachineVoice(key=key, language=language, text=text)
        for key, (language, text) in wanted.items()
        if key not in there
    ]
    if rows:  # nothing new: no write lock
        MachineVoice.objects.bulk_create(rows, ignore_conflicts=True)
    return list(wanted)


def voice_of(language: str, text: str) -> MachineVoice | None:
    """The finished voice of a text, or None while it is being made."""
    return MachineVoice.objects.filter(key=voice_key(language, text), state=MachineVoice.State.READY).first()
