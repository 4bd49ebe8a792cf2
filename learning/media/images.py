"""Our own image model: alternative text is part of the picture, and no upload keeps what the camera wrote into it."""

import io
from typing import Any

from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models.fields.files import FieldFile, ImageFileDescriptor
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError
from wagtail.images.models import AbstractImage, AbstractRendition, WagtailImageField, get_upload_to

MAX_SIDE = 2000  # pixels; a step shows at most 720


def redraw(file: File) -> File:
    """The picture drawn anew: upright, at most MAX_SIDE, without EXIF, GPS, comments or thumbnails.

    What Pillow cannot read is returned as it is: the form's own check refuses it.
    """
    file.seek(0)
    try:
        with Image.open(file) as opened:
            kind = opened.format if opened.format in {"JPEG", "PNG", "WEBP"} else "PNG"
            picture = ImageOps.exif_transpose(opened)
            mode = "RGB" if kind == "JPEG" else "RGBA" if "A" in picture.getbands() or picture.mode == "P" else "RGB"
            clean = Image.new(mode, picture.size)
            clean.paste(picture.convert(mode))
    except (UnidentifiedImageError, OSError, ValueError):
        file.seek(0)
        return file
    clean.thumbnail((MAX_SIDE, MAX_SIDE))
    out = io.BytesIO()
    clean.save(out, kind, **({} if kind == "PNG" else {"quality": 88}))
    return ContentFile(out.getvalue(), name=file.name)


class RedrawnDescriptor(ImageFileDescriptor):
    """Redraws at assignment: every way in (form, chooser, several at once, code) passes here, before size and hash."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, File) and not isinstance(value, FieldFile):
            value = redraw(value)
        super().__set__(instance, value)


class RedrawnImageField(WagtailImageField):
    """Wagtail's image field, whose originals carry no metadata."""

    descriptor_class = RedrawnDescriptor


class LessonImage(AbstractImage):
    """A picture of a lesson."""

    file = RedrawnImageField(
        verbose_name=_("file"), upload_to=get_upload_to, width_field="width", height_field="height"
    )
    alt_text = models.CharField(
        _("What the picture shows"),
        max_length=200,
        help_text=_("Read aloud to those who do not see the picture. No names of persons, no numbers of papers."),
    )
    admin_form_fields = ("title", "file", "alt_text", "collection", "tags")

    class Meta(AbstractImage.Meta):
        permissions = [("choose_lessonimage", "Can choose a picture of a lesson")]

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
