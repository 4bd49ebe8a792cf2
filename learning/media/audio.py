"""Our own media model: a recorded or generated voice."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtailmedia.models import AbstractMedia

MAX_BYTES = 80_000  # one step's voice on a weak network: 20 seconds at 32 kbit/s


class LessonAudio(AbstractMedia):
    """A voice: which language and region it speaks, and whether a machine made it."""

    language = models.CharField(_("Language"), max_length=8, default="vi")
    region = models.CharField(_("Region"), max_length=24, blank=True)
    is_machine_voice = models.BooleanField(_("Machine voice"), default=False, editable=False)
    transcript = models.TextField(_("What is said"), blank=True)
    admin_form_fields = ("title", "file", "language", "region", "transcript", "collection", "tags")

    def clean(self) -> None:
        """A recording is as small as a machine's voice."""
        super().clean()
        if self.file and not self.file._committed and self.file.size > MAX_BYTES:
            raise ValidationError(
                {
                    "file": _now(
                        "The recording is larger than 80 kB. Save it as mono MP3 at 32 kbit/s, 20 seconds at most."
                    )
                }
            )
