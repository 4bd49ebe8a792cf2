"""A topic as one ZIP for a memory card: pages that any phone or computer opens by itself, voices, loudspeaker sounds.

No script, no outside address, the same bytes for the same lessons.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from learning.lessons.models import LessonPage, lines
from learning.lessons.steps import Step
from learning.lessons.tree import TopicPage
from learning.media.pictures import Picture
from learning.offline.files import bytes_at
from learning.offline.loudspeaker import loudspeaker
from project.lib import vietnamese

DATE = (1980, 1, 1, 0, 0, 0)  # of every file within: the same lessons give the same bytes
PLAIN = (".mp3", ".webp", ".jpg", ".png")  # packed already


@dataclass(frozen=True)
class Bundle:
    """The finished file and its name, as 'vneid-vi-1a2b3c4d.zip'."""

    name: str
    data: bytes


def bundle(topic: TopicPage, lessons: list[LessonPage]) -> Bundle | None:
    """The topic's file with these lessons, in this order; None without lessons."""
    if not lessons:
        return None
    language = topic.locale.language_code
    with translation.override(language):
        files = _files(topic, lessons)
    data = _zipped(f"{topic.slug}-{language}", files)
    digest = hashlib.sha256(data).hexdigest()[:8]
    return Bundle(f"{topic.slug}-{language}-{digest}.zip", data)


def _files(topic: TopicPage, lessons: list[LessonPage]) -> dict[str, bytes]:
    """Name within the folder → content."""
    files: dict[str, bytes] = {}
    shelf = []
    for place, page in enumerate(lessons, 1):
        name = f"{place:02}-{page.slug}"
        sound = loudspeaker(page)
        if sound is not None:
            files[f"loa/{name}.mp3"] = sound
        steps = [_carried(step, files) for step in page.all_steps()]
        shelf.append({"page": page, "href": f"{name}.html", "sound": f"loa/{name}.mp3" if sound else ""})
        context = {
            "page": page, "steps": steps, "needs": lines(page.needs), "papers": lines(page.papers),
            "warnings": lines(page.warnings), "boxes": list(page.boxes.all()), "sources": lines(page.sources),
            "topic": topic, "sound": shelf[-1]["sound"],
        }  # fmt: skip
        files[f"{name}.html"] = _page("learning/pack_lesson.html", context)
    files["index.html"] = _page("learning/pack_index.html", {"topic": topic, "shelf": shelf})
    files["README.txt"] = readme(topic, shelf)
    return files


def _page(template: str, context: dict[str, Any]) -> bytes:
    text = render_to_string(template, context)
    return "\n".join(line for line in text.splitlines() if line.strip()).encode()


def _carried(step: Step, files: dict[str, bytes]) -> Step:
    """The step with its voices and its uploaded picture beside the page; what is lost is left out."""
    take = _taker(files)
    picture = step.picture
    if picture is not None and not picture.drawn:
        src = take(picture.src, "hinh")
        picture = Picture(src, picture.alt, picture.width, picture.height, picture.marks) if src else None
    return replace(
        step,
        picture=picture,
        voice_url=take(step.voice_url, "tieng"),
        tracks=tuple(replace(track, url=url) for track in step.tracks if (url := take(track.url, "tieng"))),
        terms=tuple(replace(term, voice_url=take(term.voice_url, "tieng")) for term in step.terms),
    )


def _taker(files: dict[str, bytes]) -> Callable[[str, str], str]:
    """A function that puts the file of an address into a folder, under its content's digest; '' if it is lost."""

    def take(url: str, folder: str) -> str:
        body = bytes_at(url) if url else None
        if body is None:
            return ""
        ending = url.rpartition(".")[2].lower()
        name = f"{folder}/{hashlib.sha256(body).hexdigest()[:12]}.{ending}"
        files[name] = body
        return name

    return take


def readme(topic: TopicPage, shelf: list[dict[str, Any]]) -> bytes:
    """README.txt, always in Vietnamese; with a mark and line ends that old computers need."""
    with translation.override("vi"):
        days = [entry["page"].reviewed_on for entry in shelf if entry["page"].reviewed_on]
        text = render_to_string(
            "learning/pack_readme.txt",
            {"topic": topic, "shelf": shelf, "checked": vietnamese.full_day(max(days)) if days else ""},
        )
    return ("\ufeff" + text.replace("\n", "\r\n")).encode()


def _zipped(folder: str, files: dict[str, bytes]) -> bytes:
    """The ZIP: everything in one folder, the pages first, always the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files, key=lambda name: ("/" in name, name != "index.html", name)):
            entry = zipfile.ZipInfo(f"{folder}/{name}", DATE)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(PLAIN) else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=9)
    return target.getvalue()


def size_words(size: int) -> str:
    """'0,6 MB': bytes as people read them in the language of the page, never less than 0,1."""
    megabytes = max(size / 1_000_000, 0.1)
    text = f"{megabytes:.1f}" if megabytes < 20 else f"{megabytes:.0f}"
    return _("%(size)s MB") % {"size": text if translation.get_language() == "en" else text.replace(".", ",")}
