"""Our own image model: alternative text is part of the picture, and no upload keeps what the camera wrote into it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models.fields.files import FieldFile, ImageFieldFile, ImageFileDescriptor
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, WagtailImageField, get_upload_to

from learning.guardrails.rules import has_number
from learning.media.redraw import NotAPicture, redraw
from project.lib import vietnamese

NAME_LENGTH = 60
VERSION_LENGTH = 62  # an AppVersion in words: name, space, version
ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}


def redrawn(file: File) -> File:
    """The upload drawn anew under a safe name. ValidationError with words for the editor."""
    if getattr(file, "is_redrawn", False):
        return file
    file.seek(0)
    try:
        picture = redraw(file.read(), max_pixels=settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS)
    except NotAPicture as error:
        raise ValidationError(picture_words(error), code=error.reason) from error
    clean = ContentFile(picture.data, name=safe_name(file.name or "", ENDINGS[picture.kind]))
    clean.is_redrawn = True  # type: ignore[attr-defined]
    return clean


def safe_name(name: str, ending: str) -> str:
    """A short plain file name: it stands in public addresses, so a number of a person never stays in it."""
    stem = Path(name).stem[:200]
    plain = vietnamese.slug(stem)[:NAME_LENGTH].strip("-")
    return f"{'anh' if not plain or has_number(stem) or has_number(plain) else plain}.{ending}"


def picture_words(error: NotAPicture) -> str:
    """What an editor reads about a picture that we do not take."""
    if error.reason == "pixels":
        return _now(
            "This picture has too many pixels (%(count)s million; at most %(most)s million). "
            "Take a screenshot of it, or make it smaller, and choose it again."
        ) % {"count": error.detail, "most": settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000}
    if error.reason == "broken":
        return _now("This picture is not complete: it cannot be opened. Please save it again and choose the new file.")
    return _now(
        "This file is no picture that we can show. Take a JPEG, PNG or WebP picture; an iPhone's HEIC photo and an SVG "
        "drawing become one when you take a screenshot of them."
    )


class RedrawnDescriptor(ImageFileDescriptor):
    """Redraws at assignment: every way in (form, chooser, several at once, code) passes here, before size and hash."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, File) and not isinstance(value, FieldFile):
            value = redrawn(value)
        super().__set__(instance, value)


class RedrawnFieldFile(ImageFieldFile):
    """Redraws at `image.file.save(…)` too: Wagtail's upload of several pictures goes this way."""

    def save(self, name: str | None, content: Any, save: bool = True) -> None:
        """As Django's, with the picture drawn anew."""
        clean = redrawn(content)
        super().save((name if clean is content else clean.name) or "anh", clean, save)


class RedrawnImageField(WagtailImageField):
    """Wagtail's image field, whose originals carry no metadata."""

    descriptor_class = RedrawnDescriptor
    attr_class = RedrawnFieldFile


class LessonImage(AbstractImage):
    """A picture of a lesson. Of a screenshot also which app, in which version, on what kind of phone, and when."""

    class Phone(models.TextChoices):
        ANDROID = "android", _("Android phone")
        IPHONE = "iphone", _("iPhone")
        WEB = "web", _("web browser")

    file = RedrawnImageField(
        verbose_name=_("file"), upload_to=get_upload_to, width_field="width", height_field="height"
    )
    alt_text = models.CharField(
        _("What the picture shows"),
        max_length=200,
        help_text=_("Read aloud to those who do not see the picture. No names of persons, no numbers of papers."),
    )
    app = models.ForeignKey(
        "learning.AppVersion",  # reference/ stands above media/
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("App on the picture"),
        help_text=_("When this app's version changes, the lessons that show the picture are marked for review."),
    )
    app_version = models.CharField(_("Version on the picture"), max_length=VERSION_LENGTH, blank=True, editable=False)
    phone = models.CharField(_("Taken on"), max_length=8, choices=Phone.choices, blank=True)
    captured_on = models.DateField(_("Taken on the day"), null=True, blank=True)
    admin_form_fields = ("title", "file", "alt_text", "app", "phone", "captured_on", "collection", "tags")

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("choose_lessonimage", "Can choose a picture of a lesson")]

    def __str__(self) -> str:
        """The title and where the picture comes from: what an editor who chooses one reads."""
        return f"{self.title} ({self.origin})" if self.origin else self.title

    @property
    def origin(self) -> str:
        """'VNeID 2.2, Android phone, 03/11/2026': what is known of it; '' for a picture that nobody described."""
        day = f"{self.captured_on:%d/%m/%Y}" if self.captured_on else ""
        told = (self.app_version, str(self.get_phone_display()) if self.phone else "", day)
        return ", ".join(part for part in told if part)

    @property
    def default_alt_text(self) -> str:
        """What a block offers as the text of this picture."""
        return self.alt_text


class LessonRendition(AbstractRendition):
    """One size of a picture."""

    image = models.ForeignKey(LessonImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="rendition_once"),
        ]
