"""A lesson's steps as plain values, ready for a screen, for the companion view and for a voice."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from learning.screens import Row, draw
from learning.voices import MachineVoice, voice_key

PICTURE_FILTER = "width-720|format-webp|webpquality-75"


@dataclass(frozen=True)
class Picture:
    """What is seen: an address for <img>, words for those who do not see it, pixels, marks in percent."""

    src: str
    alt: str
    width: int
    height: int
    marks: tuple[dict[str, str], ...]  # text with a point: a template would write a Vietnamese comma


@dataclass(frozen=True)
class Hint:
    """«You may see»: what, and what to do then."""

    sees: str
    act: str


@dataclass(frozen=True)
class Track:
    """A recorded voice of a step."""

    language: str
    region: str
    url: str
    seconds: float


@dataclass(frozen=True)
class Step:
    """One screen of a lesson. `id` is stable for ever, `number` counts from 1 as shown."""

    id: str
    number: int
    text: str
    picture: Picture | None
    hints: tuple[Hint, ...]
    helper_note: str
    voice_url: str
    voice_seconds: int
    is_machine_voice: bool
    tracks: tuple[Track, ...]


def step_of(block: Any, number: int, language: str, voices: dict[str, MachineVoice]) -> Step:
    """The step of one StreamField child. `voices` are the finished machine voices by key."""
    value = block.value
    tracks = tuple(
        Track(audio.language, audio.region, audio.url, audio.duration or 0)
        for audio in value.get("voices") or []
        if audio is not None
    )
    own = next((track for track in tracks if track.language == language), None)
    machine = voices.get(voice_key(language, value["text"])) if own is None else None
    return Step(
        id=str(block.id),
        number=number,
        text=value["text"],
        picture=picture_of(value),
        hints=tuple(Hint(hint["sees"], hint["act"]) for hint in value.get("hints") or []),
        helper_note=value.get("helper_note") or "",
        voice_url=own.url if own else machine.url if machine else "",
        voice_seconds=round(own.seconds if own else machine.seconds if machine else 0),
        is_machine_voice=machine is not None,
        tracks=tuple(track for track in tracks if track is not own),
    )


def picture_of(value: Any) -> Picture | None:
    """The uploaded picture with its marks, else the drawn screen; None for a draft that has neither."""
    image = value.get("image")
    if image:
        rendition = image.get_rendition(PICTURE_FILTER)
        marks = tuple({"x": str(mark["x"]), "y": str(mark["y"])} for mark in value.get("marks") or [])
        alt = getattr(image, "contextual_alt_text", None) or image.default_alt_text
        return Picture(rendition.url, "" if image.decorative else alt, rendition.width, rendition.height, marks)
    screen = value.get("screen") or {}
    rows = [Row(row["kind"], row["text"] or "", bool(row["marked"])) for row in screen.get("rows") or []]
    if not rows:
        return None
    drawing = draw(screen.get("title") or "", rows, _("Illustration"))
    words = [screen.get("title") or "", *(row.text.replace("|", ", ") for row in rows)]
    alt = _("Drawing of a phone screen: %(words)s") % {"words": "; ".join(word for word in words if word)}
    marks = tuple({"x": f"{x:g}", "y": f"{y:g}"} for x, y in drawing.marks)
    return Picture(drawing.src, alt, drawing.width, drawing.height, marks)


def finished_voices(language: str, texts: list[str]) -> dict[str, MachineVoice]:
    """The machine voices that exist for these texts, by key: one statement."""
    keys = [voice_key(language, text) for text in texts]
    rows = MachineVoice.objects.filter(key__in=keys, state=MachineVoice.State.READY)
    return {row.key: row for row in rows}
