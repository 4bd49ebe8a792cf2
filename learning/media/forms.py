"""The upload forms of pictures and voices: clear words at the field, and only clean files go on from here."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.forms import DateInput
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from wagtailmedia.forms import BaseMediaForm

from learning.guardrails.rules import has_number
from learning.media.audio import sound_words
from learning.media.images import VERSION_LENGTH, redrawn, safe_name
from learning.media.pictures import make_base
from learning.media.sound import NotASound, small_mp3

MAX_AUDIO_UPLOAD = 24 * 1024 * 1024  # bytes: a minute of uncompressed stereo is 10 MB


class PictureField(WagtailImageField):
    """Draws the upload anew before Wagtail unpacks it: the header decides whether there is anything to unpack."""

    def to_python(self, data: Any) -> Any:
        """The clean picture. ValidationError with words for the editor."""
        if data in self.empty_values:
            return super().to_python(data)
        self.check_image_file_size(data)
        clean = redrawn(data)
        _overwrite(data, clean)  # Wagtail's upload of several pictures keeps the upload itself for a while
        return super().to_python(data)


def _overwrite(upload: Any, clean: File) -> None:
    """Put the clean bytes where the upload's were."""
    if clean is upload:
        return
    content = clean.read()
    clean.seek(0)
    upload.seek(0)
    upload.file.truncate(0)
    upload.file.write(content)
    upload.file.flush()
    upload.seek(0)
    upload.size, upload.name, upload.is_redrawn = len(content), clean.name, True


class LessonImageForm(BaseImageForm):
    """A picture of a lesson: its words say nothing about a person, and there is a small size of it from the start."""

    class Meta(BaseImageForm.Meta):
        widgets = BaseImageForm.Meta.widgets | {"captured_on": DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "title" in self.fields:
            self.fields["title"].required = False  # without one the picture is called by what it shows
        old = self.fields.get("file")
        if old is not None:
            self.fields["file"] = PictureField(label=old.label, required=old.required, widget=old.widget)
            self.fields["file"].help_text = _("JPEG, PNG or WebP, up to 8 MB.")
            self.fields["file"].error_messages["file_too_large"] = _(
                "The picture is too large (%(file_size)s; at most %(max_filesize)s). Please make it smaller."
            )

    def clean_title(self) -> str:
        """No number of a person or a phone."""
        return without_numbers(self.cleaned_data["title"])

    def clean_alt_text(self) -> str:
        """No number of a person or a phone."""
        return without_numbers(self.cleaned_data["alt_text"])

    def clean(self) -> dict[str, Any]:
        """As Wagtail's; a picture without a title is called by what it shows."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("title") and "title" not in self.errors:
            cleaned["title"] = cleaned.get("alt_text") or _now("Picture")
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """As Wagtail's, with the app's version of today; then the size that every page can fall back on, so that no
        learner waits for one."""
        if {"app", "file"} & set(self.changed_data):
            self.instance.app_version = str(self.instance.app or "")[:VERSION_LENGTH]
        image = super().save(commit=commit)
        if commit:
            make_base(image)
        return image


class LessonAudioForm(BaseMediaForm):
    """A recording, whatever its format: kept as a small MP3 without tags."""

    class Meta(BaseMediaForm.Meta):
        labels = {"file": _("Recording")}
        help_texts = {"file": _("MP3, WAV, OGG or FLAC, up to 39 seconds. It is made small here.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            self.fields["file"].max_length = None  # the name is made anew
            self.fields["file"].required = not self.instance.pk

    def clean_title(self) -> str:
        """No number of a person or a phone."""
        return without_numbers(self.cleaned_data["title"])

    def clean_file(self) -> Any:
        """The recording as MP3 of at most 80 kB. ValidationError with words for the editor."""
        file = self.cleaned_data["file"]
        if "file" not in self.changed_data or not file:
            return file
        if file.size > MAX_AUDIO_UPLOAD:
            raise ValidationError(sound_words(NotASound("long")))
        file.seek(0)
        try:
            recording = small_mp3(file.read())
        except NotASound as error:
            raise ValidationError(sound_words(error), code=error.reason) from error
        self.instance.duration = round(recording.seconds, 1)
        self.instance.type = "audio"
        return ContentFile(recording.mp3, name=safe_name(file.name, "mp3").replace("anh.", "giong-noi."))


def without_numbers(text: str) -> str:
    """The text. ValidationError if something in it looks like a number of a person or a phone."""
    if has_number(text):
        raise ValidationError(
            _now("Something here looks like the number of a person's paper or a phone. Please take it out.")
        )
    return text
