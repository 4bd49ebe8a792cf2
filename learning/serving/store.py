"""The kept pages themselves: what is kept of an answer, and under which key. Shared by the middleware and the front."""

import gzip
import hashlib
import re
from typing import NamedTuple

from django.core.cache import caches
from django.http import HttpResponse

from learning.serving import stamps
from learning.serving.build import BUILD

LIFE = 24 * 3600  # seconds; a key that nobody can ask for any more goes by itself
PATHS = re.compile(r"/(?:en/?)?$|/(?:en/)?(?:bai-hoc|b|kiosk|thu-tuc|diem-phuc-vu|tiep)/")
# A place of a lesson: a number, a step's id or a short word. Anything else is answered, but not kept.
QUERY = re.compile(r"(?:(?:buoc|may|thu|sai|cau|chon|cam-on|co|ban|hinh)=[a-zA-Z0-9-]{0,40}(?:&(?!$)|$)){0,3}$")


class Kept(NamedTuple):
    """An answer: its headers, its body packed by gzip, and the etag of its words (not of their packing)."""

    headers: list[tuple[str, str]]
    packed: bytes
    tag: str


def may_be_kept(path: str, query: str) -> bool:
    """Whether an address is one that many people ask for."""
    return bool(PATHS.match(path)) and bool(QUERY.match(query))


def key_of(scheme: str, host: str, path: str, query: str) -> str:
    """Program and site generation, the lesson's revision, and the address with its host (some pages name it)."""
    text = f"{BUILD}|{stamps.current(path)}|{scheme}|{host}|{path}|{query}"
    return "page:" + hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


def load(key: str) -> Kept | None:
    """The kept answer, if there is one."""
    found: Kept | None = caches["pages"].get(key)
    return found


def keep(key: str, response: HttpResponse) -> Kept:
    """Keep an answer. mtime 0: the same page packs to the same bytes in every process."""
    body = response.content
    headers = [(name, value) for name, value in response.items() if name not in ("Content-Length", "Vary", "ETag")]
    tag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    kept = Kept(headers, gzip.compress(body, 6, mtime=0), tag)
    caches["pages"].set(key, kept, LIFE)
    return kept


def answer_of(kept: Kept, accepts: str, known: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body for a reader who accepts these encodings and knows these etags."""
    headers = [*kept.headers, ("ETag", kept.tag), ("Vary", "Accept-Encoding")]
    if known and kept.tag in known:
        return 304, headers, b""
    if "gzip" in accepts:
        body = kept.packed
        headers.append(("Content-Encoding", "gzip"))
    else:
        body = gzip.decompress(kept.packed)
    return 200, [*headers, ("Content-Length", str(len(body)))], body
