"""goi.json: what one lesson needs on a phone without a network, with sizes and hashes (contract §9)."""

import gzip
import hashlib
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from learning.lessons.models import LessonPage
from learning.offline.files import bytes_at
from learning.offline.parts import SCRIPT, VOICE, Part, parts_of
from learning.offline.screens import Screen, screens


def manifest(page: LessonPage, request: HttpRequest, away: Screen) -> dict[str, Any]:
    """The pack of a published lesson. `away`: the page shown instead of a form without a network.

    `bytes` of an entry is what goes over the wire (pages and scripts packed by gzip), `sha256` is that of its words
    unpacked; the pack's `bytes` counts everything but the voices, `voice_bytes` the voices. `version` changes with any
    of it. A voice whose file is lost is left out: its page works without.
    """
    shown = [*screens(page, request), away]
    pages = [{"url": screen.url, "bytes": _packed(screen.body), "sha256": _hash(screen.body)} for screen in shown]
    files = [entry for part in _parts(shown) if (entry := _entry(part)) is not None]
    text = "\n".join(f"{entry['url']} {entry['sha256']}" for entry in (*pages, *files))
    voices = sum(entry["bytes"] for entry in files if entry["kind"] == VOICE)
    return {
        "number": page.number,
        "title": page.title,
        "language": get_language(),
        "version": _hash(text.encode())[:16],
        "url": page.address,
        "pages": pages,
        "files": files,
        "bytes": sum(entry["bytes"] for entry in (*pages, *files)) - voices,
        "voice_bytes": voices,
    }


def _parts(shown: list[Screen]) -> list[Part]:
    """The files of all screens, each once."""
    found: dict[str, Part] = {}
    for screen in shown:
        for part in parts_of(screen.body.decode()):
            known = found.setdefault(part.url, part)
            known.instead_of += [url for url in part.instead_of if url not in known.instead_of]
    return list(found.values())


def _entry(part: Part) -> dict[str, Any] | None:
    body = bytes_at(part.url)
    if body is None:
        return None
    entry: dict[str, Any] = {
        "url": part.url,
        "kind": part.kind,
        "bytes": _packed(body) if part.kind == SCRIPT else len(body),
        "sha256": _hash(body),
    }
    if part.instead_of:
        entry["instead_of"] = part.instead_of
    return entry


def _packed(body: bytes) -> int:
    """As serving/store.py packs a page."""
    return len(gzip.compress(body, 6, mtime=0))


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
