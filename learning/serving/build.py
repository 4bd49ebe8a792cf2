"""One text that changes with the program: pages kept by an older release are never answered by a newer one."""

import hashlib
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
WATCHED = (
    "templates/base.html", "templates/parts", "templates/learning", "learning", "project/static/project",
    "project/templatetags", "project/locale/vi/LC_MESSAGES/django.po", "project/lib",
)  # fmt: skip
ENDINGS = {".html", ".css", ".js", ".svg", ".py", ".po"}


def build() -> str:
    """A digest over names, sizes and times of everything a kept page is drawn from; about a millisecond."""
    total = hashlib.blake2b(digest_size=8)
    for name in WATCHED:
        path = BASE / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in ENDINGS and file.is_file():
                stat = file.stat()
                total.update(f"{file.relative_to(BASE)}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    return total.hexdigest()


BUILD = build()
