"""What the keys of kept pages carry, so that a publication shows at once in every process: a stamp for the whole site,
one for each lesson (its revision), and one that moves with every lesson. In Redis where there is one, else in files:
a management command in another process must be seen too."""

import hashlib
import logging
import os
import time
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

log = logging.getLogger(__name__)

SITE, ANY = "site", "any"


def current(path: str) -> str:
    """The stamps that a page at `path` (an address, as '/bai-hoc/vneid/kich-hoat/') hangs on, as one text."""
    own = name_of(lesson_of(path))
    if settings.REDIS_URL:
        found = cache.get_many([f"stamp:{SITE}", f"stamp:{own}"])
        return f"{found.get(f'stamp:{SITE}', 0)}.{found.get(f'stamp:{own}', 0)}"
    return f"{_read(SITE)}.{_read(own)}"


def touch(address: str, revision: object = "") -> None:
    """A lesson at this address changed: when the open transaction commits, no kept copy of it is answered any more."""
    value = f"{revision}-{time.time_ns()}"
    transaction.on_commit(partial(_write, {name_of(lesson_of(address)): value, ANY: value}))


def touch_all() -> None:
    """Something that many pages show changed (a title, a topic, a reusable piece): every kept page is out of date."""
    transaction.on_commit(partial(_write, {SITE: str(time.time_ns())}))


def lesson_of(path: str) -> str:
    """'/en/bai-hoc/vneid/kich-hoat/goi.json' → '/en/bai-hoc/vneid/kich-hoat/'; '' for what is not beneath a lesson."""
    parts = path.split("/")
    start = 2 if parts[1:2] == ["en"] else 1
    if len(parts) < start + 4 or parts[start] != "bai-hoc":
        return ""
    return "/".join(parts[: start + 3]) + "/"


def name_of(lesson: str) -> str:
    """The stamp's name: of one lesson, or of all of them for pages that are not beneath one."""
    return hashlib.sha1(lesson.encode(), usedforsecurity=False).hexdigest()[:20] if lesson else ANY


def _folder() -> Path:
    return Path(settings.STAMPS_DIR)


def _read(name: str) -> str:
    try:
        handle = os.open(f"{settings.STAMPS_DIR}/{name}", os.O_RDONLY)
    except OSError:
        return "0"
    try:
        return os.read(handle, 64).decode()
    finally:
        os.close(handle)


def _write(values: dict[str, str]) -> None:
    try:
        if settings.REDIS_URL:
            cache.set_many({f"stamp:{name}": value for name, value in values.items()}, timeout=None)
            return
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for name, value in values.items():
            fresh = folder / f".{name}.{os.getpid()}.{time.time_ns()}"
            fresh.write_text(value)
            fresh.replace(folder / name)
    except Exception:  # the work is committed; pages are at most max-age old
        log.exception("stamps could not be written")
