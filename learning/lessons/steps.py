"""A lesson's steps as plain values, ready for a screen, for paper, for the companion view and for a voice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from learning.media.pictures import Picture, picture_of_image
from learning.reference.models import GlossaryTerm
from learning.rehearsal.kit import Drawing, Row, draw
from learning.voice.models import MachineVoice, voice_key


@dataclass(frozen=True)
class Hint:
    """«You may see»: what, and what to do then."""

    sees: str
    act: str


@dataclass(frozen=True)
class Track:
    """A voice of a step in another tongue or region. `says`: its words where a machine reads them, else ''."""

    language: str
    region: str
    url: str
    seconds: float
    is_machine_voice: bool = False
    says: str = ""


@dataclass(frozen=True)
class Term:
    """A word to explain, with the voice of its meaning ('' while there is none)."""

    word: str
    meaning: str
    voice_url: str


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
    do: tuple[str, ...] = ()
    dont: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    link_url: str = ""
    link_label: str = ""
    helper_never: str = ""
    has_variant: bool = False  # reads differently on an iPhone


Voices = Mapping[str, MachineVoice]


def step_of(block: Any, number: int, language: str, voices: Voices, *, iphone: bool = False) -> Step:
    """The step of one StreamField child. `voices` are the finished machine voices by key."""
    value = block.value
    variant = value.get("iphone")
    has_variant = bool(variant and (variant["text"] or variant["image"] or variant["screen"]["rows"]))
    text = variant["text"] if iphone and has_variant and variant["text"] else value["text"]
    pictured = variant if iphone and has_variant and (variant["image"] or variant["screen"]["rows"]) else value
    recorded = [
        Track(audio.language, audio.region, audio.url, audio.duration or 0)
        for audio in value.get("voices") or []
        if audio is not None
    ]
    # A recording speaks the step's own words: the iPhone's other words are left to the machine.
    own = next((track for track in recorded if track.language == language), None) if text == value["text"] else None
    machine = voices.get(voice_key(language, text)) if own is None else None
    spoken = (spoken_track(track, voices) for track in value.get("tracks") or [])
    link = value.get("link")
    return Step(
        id=str(block.id),
        number=number,
        text=text,
        picture=picture_of(pictured),
        hints=tuple(Hint(hint["sees"], hint["act"]) for hint in value.get("hints") or []),
        helper_note=value.get("helper_note") or "",
        voice_url=own.url if own else machine.url if machine else "",
        voice_seconds=round(own.seconds if own else machine.seconds if machine else 0),
        is_machine_voice=machine is not None,
        tracks=(*(track for track in recorded if track is not own), *(track for track in spoken if track is not None)),
        do=tuple(value.get("do") or ()),
        dont=tuple(value.get("dont") or ()),
        terms=tuple(term_of(term, language, voices) for term in value.get("terms") or [] if term is not None),
        link_url=(link["url"] or "") if link else "",
        link_label=(link["label"] or link["url"] or "") if link else "",
        helper_never=value.get("helper_never") or "",
        has_variant=has_variant,
    )


def spoken_track(value: Any, voices: Voices) -> Track | None:
    """A voice in another tongue that a machine reads; None while it is being made or cannot be."""
    voice = voices.get(voice_key(value["language"], value["says"]))
    if voice is None:
        return None
    return Track(value["language"], value["region"] or "", voice.url, voice.seconds, True, value["says"])


def term_of(term: GlossaryTerm, language: str, voices: Voices) -> Term:
    """A glossary term in the tongue of the lesson, with the voice of its meaning."""
    word = (term.term_en or term.term_vi) if language == "en" else term.term_vi
    meaning = (term.meaning_en or term.meaning_vi) if language == "en" else term.meaning_vi
    voice = voices.get(voice_key(language, term_words(word, meaning)))
    return Term(word, meaning, voice.url if voice else "")


def term_words(word: str, meaning: str) -> str:
    """What is read aloud of a glossary term."""
    return f"{word}. {meaning}"


def texts_of(block: Any, language: str) -> list[tuple[str, str]]:
    """Everything of a step that may be read aloud: (language, text)."""
    value = block.value
    found = [(language, value["text"])]
    variant = value.get("iphone")
    if variant and variant["text"]:
        found.append((language, variant["text"]))
    for term in value.get("terms") or []:
        if term is not None:
            shown = term_of(term, language, {})
            found.append((language, term_words(shown.word, shown.meaning)))
    found += [(track["language"], track["says"]) for track in value.get("tracks") or []]
    return found


def picture_of(value: Any) -> Picture | None:
    """The uploaded picture with its marks, else the drawn screen; None for a draft that has neither."""
    if value.get("image"):
        return picture_of_image(value["image"], value.get("marks") or [])
    screen = value.get("screen") or {}
    rows = rows_of(screen)
    if not rows:
        return None
    drawing = draw(screen.get("title") or "", rows, _("Illustration"))
    words = [screen.get("title") or "", *(row.text.replace("|", ", ").replace("*", "") for row in rows)]
    alt = _("Drawing of a phone screen: %(words)s") % {"words": "; ".join(word for word in words if word)}
    marks = tuple({"x": f"{x:g}", "y": f"{y:g}"} for x, y in drawing.marks)
    return Picture(
        src=lazy(lambda: drawing.src, str)(),  # as an address it is needed on paper only
        alt=alt,
        width=drawing.width,
        height=drawing.height,
        marks=marks,
        drawn=in_page(drawing, alt),
    )


def in_page(drawing: Drawing, alt: str) -> SafeString:
    """The drawing as it stands in a page, with its marks: a picture to screen readers, in no need of a request.

    An <img> with the same drawing as its address costs a cheap phone a document of its own (measured: 0.1 s).
    """
    points = enumerate(drawing.marks, 1)
    pins = "".join(
        f"<g class='pin' transform='translate({drawing.width * x / 100:g} {drawing.height * y / 100:g})'>"
        f"<circle r='19'/><text font-size='20'>{number}</text></g>"
        for number, (x, y) in points
    )
    named = format_html("class='drawn' role='img' aria-label='{}'", alt)
    svg = drawing.svg.replace("xmlns='http://www.w3.org/2000/svg'", named, 1)
    return mark_safe(svg.removesuffix("</svg>") + pins + "</svg>")


def rows_of(screen: Any) -> list[Row]:
    """The rows of a drawn screen as the kit takes them."""
    return [Row(row["kind"], row["text"] or "", bool(row["marked"])) for row in screen.get("rows") or []]


def finished_voices(wanted: list[tuple[str, str]]) -> dict[str, MachineVoice]:
    """The machine voices that exist for (language, text) pairs, by key: one statement, none for an empty list."""
    keys = [voice_key(language, text) for language, text in wanted]
    if not keys:
        return {}
    rows = MachineVoice.objects.filter(key__in=keys, state=MachineVoice.State.READY)
    return {row.key: row for row in rows}
