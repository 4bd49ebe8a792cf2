"""The second start skips the set-up: the light look and the command agree."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from project import setup_state

BASE = Path(__file__).resolve().parents[2]


def test_the_digest_is_the_same_inside_manage_and_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    outside = setup_state.digest()
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "project.settings.embedded")
    assert setup_state.digest() == outside
    monkeypatch.setenv("DEMO", "0")
    assert setup_state.digest() != outside


def test_the_light_look_needs_no_django_and_says_whether_anything_is_to_do(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)}
    look = [
        sys.executable,
        "-S",
        "-m",
        "project.setup_state",
    ]  # -S: without site-packages, so nothing heavy can be imported
    assert subprocess.run(look, cwd=BASE, env=environment, check=False).returncode == 1
    (tmp_path / "static").mkdir()
    for name in ("static/staticfiles.json", "db.sqlite3"):
        (tmp_path / name).touch()
    compiled = BASE / "project/locale/vi/LC_MESSAGES/django.mo"
    assert compiled.exists(), "make test compiles the catalogue first"
    stamp = [sys.executable, "-S", "-c", "from project.setup_state import write_stamp; write_stamp()"]
    subprocess.run(stamp, cwd=BASE, env=environment, check=True)
    assert subprocess.run(look, cwd=BASE, env=environment, check=False).returncode == 0
