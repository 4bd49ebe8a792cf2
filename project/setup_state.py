"""Whether the last set-up still fits: a digest of everything it depends on. Needs only Python, so that it is quick.

`python -m project.setup_state` exits 0 when nothing has to be done, 1 when `manage.py setup` must run.
"""

import hashlib
import os
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
INPUTS = (
    "uv.lock",
    "project/static", "learning/static", "volunteers/static",
    "project/locale/vi/LC_MESSAGES/django.po",
    "project/locale_cms/vi/LC_MESSAGES/django.po", "project/locale_cms/vi/LC_MESSAGES/djangojs.po",
    "project/accounts/migrations", "learning/migrations", "volunteers/migrations",
    "learning/content", "volunteers/areas/fixtures", "project/demo",
    "project/management/commands/setup.py", "project/management/commands/seed_demo.py",
    "learning/management/commands/seed_lessons.py",
)  # fmt: skip


def data_dir() -> Path:
    """Where the installation keeps its data (as settings read it)."""
    return Path(os.environ.get("DATA_DIR") or BASE / "var").resolve()


def digest() -> str:
    """One text that changes when any input of the set-up changes."""
    total = hashlib.sha256()
    # manage.py names its settings itself, a plain `python -m` does not: both must come to the same digest.
    defaults = {
        "DATABASE_URL": "",
        "DEMO": "",
        "DEMO_PASSWORD": "",
        "DJANGO_SETTINGS_MODULE": "project.settings.embedded",
    }
    for name, default in defaults.items():
        total.update(f"{name}={os.environ.get(name) or default}\n".encode())
    for name in INPUTS:
        path = BASE / name
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        for file in files:
            if file.exists() and "__pycache__" not in file.parts:
                total.update(str(file.relative_to(BASE)).encode())
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_current() -> bool:
    """True when the stamp in the data folder is of the same digest and what it made is still there."""
    folder = data_dir()
    stamp = folder / "setup.stamp"
    made = [folder / "static" / "staticfiles.json"]
    made += [(BASE / name).with_suffix(".mo") for name in INPUTS if name.endswith(".po")]
    if os.environ.get("DATABASE_URL"):
        return False  # another machine's database may have been emptied: let the set-up look
    made.append(folder / "db.sqlite3")
    return all(path.exists() for path in made) and stamp.exists() and stamp.read_text() == digest()


def write_stamp() -> None:
    """Remember that the set-up went through."""
    (data_dir() / "setup.stamp").write_text(digest())


if __name__ == "__main__":
    sys.exit(0 if is_current() else 1)
