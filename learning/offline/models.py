"""What is made of lessons to be carried away: one row a page; the file lies under packs/ by its content's digest."""

from dataclasses import dataclass
from datetime import date

from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from project.lib.clock import local_day, now


@dataclass(frozen=True)
class Pack:
    """A file to carry away: its public address, its size in bytes, the day it was made, how long it plays."""

    url: str
    bytes: int
    made_on: date
    seconds: float = 0


class PackFile(models.Model):
    """A topic's file for a memory card, or a lesson's sound for the loudspeaker and its size when kept on a phone."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="+")
    file = models.CharField(max_length=120, blank=True)  # name in the public storage: packs/…; '' while there is none
    size = models.PositiveBigIntegerField(default=0)  # bytes of the file
    seconds = models.FloatField(default=0)  # of a sound
    kept_bytes = models.PositiveIntegerField(default=0)  # a lesson kept on a phone, with voices: what is downloaded
    made_of = models.CharField(max_length=80, blank=True)  # the state of the site that it shows
    made_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("pack to carry")
        verbose_name_plural = _("packs to carry")

    def __str__(self) -> str:
        return self.file or str(self.pk)

    @property
    def pack(self) -> Pack | None:
        """The finished file; None while there is none."""
        if not self.file:
            return None
        return Pack(default_storage.url(self.file), self.size, local_day(self.made_at), self.seconds)
