"""Our own media model: a recorded or generated voice."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtailmedia.models import AbstractMedia

from learning.media.sound import MAX_BYTES, MAX_SECONDS, NotASound


class LessonAudio(AbstractMedia):
    """A voice: which language and region it speaks, and whether a machine made it."""

    language = models.CharField(_("Language"), max_length=8, default="vi")
    region = models.CharField(_("Region"), max_length=24, blank=True)
    is_machine_voice = models.BooleanField(_("Machine voice"), default=False, editable=False)
    transcript = models.TextField(_("What is said"), blank=True)
    admin_form_fields = ("title", "file", "language", "region", "transcript", "collection", "tags")

    def clean(self) -> None:
        """A recording is as small as a machine's voice and carries no tags; forms.LessonAudioForm makes it so."""
        if not self.file:  # the form has already said what is wrong with it
            return
        super().clean()
        if self.file._committed:
            return
        head = self.file.read(3)
        self.file.seek(0)
        if self.file.size > MAX_BYTES or not is_bare_mp3(head):
            raise ValidationError({"file": sound_words(NotASound("long" if self.file.size > MAX_BYTES else "kind"))})


def is_bare_mp3(head: bytes) -> bool:
    """Whether the file begins with an MPEG layer III frame: no ID3 tag stands before it."""
    return len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and (head[1] >> 1) & 0b11 == 0b01


def sound_words(error: NotASound) -> str:
    """What an editor reads about a recording that we do not take."""
    if error.reason == "m4a":
        return _now(
            "Recordings of this kind (M4A, AAC, AMR) cannot be read here. Choose MP3 or WAV in the recorder's "
            "settings, or record with an app that saves MP3 or WAV."
        )
    if error.reason == "long":
        return _now(
            "The recording is too long: at most %(most)s seconds for one step. Please say it more briefly, or split "
            "the step."
        ) % {"most": MAX_SECONDS}
    if error.reason == "silent":
        return _now("There is nothing to hear in this recording. Please record it again, closer to the microphone.")
    if error.reason == "broken":
        return _now("This recording is not complete. Please save it again and choose the new file.")
    return _now("This file is no recording that we can play. Take an MP3, WAV, OGG or FLAC file.")
