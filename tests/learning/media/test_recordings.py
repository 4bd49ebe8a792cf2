"""Recordings: whatever people record becomes a small MP3 without tags, or is refused with words at its field."""

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtailmedia.forms import get_media_form

from learning.media.audio import LessonAudio, is_bare_mp3
from learning.media.sound import MAX_BYTES, MAX_SECONDS, NotASound, small_mp3


def tone(seconds: float, kind: str, rate: int = 44_100, channels: int = 2, loud: float = 0.05) -> bytes:
    """A hum of so many seconds, in a format of libsndfile."""
    import numpy
    import soundfile

    samples = loud * numpy.sin(numpy.arange(int(seconds * rate)) / 16)
    out = io.BytesIO()
    name, _slash, kept = kind.partition("/")
    soundfile.write(out, numpy.stack([samples] * channels, 1), rate, format=name, subtype=kept or None)
    return out.getvalue()


def form_for(data: bytes, name: str, title: str = "Giọng đọc") -> Any:
    form = get_media_form(LessonAudio)(
        {"title": title, "language": "vi", "region": "", "transcript": "", "tags": ""},
        {"file": SimpleUploadedFile(name, data)},
        instance=LessonAudio(type="audio"),
    )
    form.fields.pop("collection", None)
    return form


@pytest.mark.parametrize(
    ("kind", "name", "rate"),
    [
        ("WAV/PCM_16", "ghi am.wav", 44_100), ("OGG/VORBIS", "x.ogg", 44_100), ("OGG/OPUS", "x.opus", 48_000),
        ("FLAC/PCM_16", "x.flac", 16_000), ("MP3", "x.mp3", 44_100),
    ],
)  # fmt: skip
def test_every_recording_becomes_a_small_mp3(db: None, kind: str, name: str, rate: int) -> None:
    form = form_for(tone(4, kind, rate), name)
    assert form.is_valid(), form.errors
    audio = form.save()
    with audio.file.open("rb") as file:
        data = file.read()
    assert is_bare_mp3(data[:3])
    assert 8_000 < len(data) <= MAX_BYTES
    assert audio.file.name.endswith(".mp3")
    assert 3.9 < audio.duration < 4.2


def test_tags_of_an_mp3_go(db: None) -> None:
    title = b"TIT2\0\0\0\x0f\0\0\0Nguyen Van A 1"
    data = b"ID3\x03\0\0\0\0\0" + bytes([len(title)]) + title + tone(3, "MP3") + b"TAG" + b"Nguyen Van A".ljust(125)
    form = form_for(data, "x.mp3")
    assert form.is_valid(), form.errors
    with form.save().file.open("rb") as file:
        kept = file.read()
    assert b"Nguyen" not in kept
    assert b"ID3" not in kept[:10]


def test_a_whispered_recording_is_lifted() -> None:
    import soundfile

    sound = small_mp3(tone(2, "WAV/PCM_16", loud=0.01))
    samples, _rate = soundfile.read(io.BytesIO(sound.mp3))
    assert max(samples) > 0.7


def test_thirty_seconds_still_fit() -> None:
    assert len(small_mp3(tone(30, "WAV/PCM_16", 16_000, 1)).mp3) <= MAX_BYTES


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<script>alert(1)</script>" * 20, "kind"), (b"", "kind"), (b"RIFF\x24\0\0\0WAVEfmt ", "kind"),
        (b"\0\0\0\x20ftypM4A " + b"\0" * 200, "m4a"), (b"\xff\xf1\x50\x80" + b"\0" * 200, "m4a"),
        (b"#!AMR\n" + b"\0" * 90, "m4a"), (b"%PDF-1.7 no sound", "kind"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_recording_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(NotASound) as caught:
        small_mp3(data)
    assert caught.value.reason == reason


def test_silence_and_long_speeches_are_refused() -> None:
    with pytest.raises(NotASound, match="silent"):
        small_mp3(tone(2, "WAV/PCM_16", loud=0))
    with pytest.raises(NotASound, match="long"):
        small_mp3(tone(MAX_SECONDS + 3, "WAV/PCM_16", 8_000, 1))


def test_the_editor_reads_why_at_the_field(db: None) -> None:
    for data, name in ((b"no sound", "x.mp3"), (b"\0\0\0\x20ftypM4A " + b"\0" * 200, "ghi âm.m4a"), (b"x", "a.exe")):
        form = form_for(data, name)
        assert not form.is_valid()
        assert set(form.errors) == {"file"}


def test_long_names(db: None) -> None:
    data = tone(2, "WAV/PCM_16", 8_000, 1)
    form = form_for(data, "ghi âm " * 60 + ".wav")
    assert form.is_valid(), form.errors
    assert len(form.save().file.name) <= 100
    assert set(form_for(data, "x.wav", title="a" * 300).errors) == {"title"}
    assert set(form_for(data, "x.wav", title="Gọi 0912345678").errors) == {"title"}


def test_code_that_bypasses_the_form_is_held_to_the_same(db: None) -> None:
    audio = LessonAudio(title="x", type="audio", file=ContentFile(tone(2, "WAV/PCM_16"), name="x.mp3"))
    with pytest.raises(ValidationError) as caught:
        audio.clean()
    assert set(caught.value.error_dict) == {"file"}
