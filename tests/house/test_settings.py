"""Settings: every variable is documented, and a half-set environment refuses to start with one line."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parents[2]
READERS = re.compile(
    r"""env_(?:text|bool|int|list|secret|dotted)\(\s*["']([A-Z_]+)["']|environ(?:\.get\(|\[)\s*["']([A-Z_]+)["']"""
)
TOOLS = {"PATH", "CI", "PYTHONUTF8", "CHROMIUM", "DEBIAN_FRONTEND"}  # not settings of the installation
GOOD = {
    "SECRET_KEY": "x" * 50,
    "ALLOWED_HOSTS": "gocua.example",
    "SITE_URL": "https://gocua.example",
    "EMAIL_HOST": "localhost",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "DATABASE_URL": "postgres://gocua@127.0.0.1/gocua",
}


def start(settings: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Import a settings module in a fresh process with exactly this environment."""
    command = [sys.executable, "-c", f"import {settings}"]
    clean = {"PATH": os.environ["PATH"]} | environment
    return subprocess.run(command, cwd=BASE, env=clean, capture_output=True, text=True, check=False)


def test_every_variable_is_in_the_example_file() -> None:
    read = set()
    for folder in ("project", "volunteers", "learning", "tests/run.py"):
        paths = [BASE / folder] if folder.endswith(".py") else (BASE / folder).rglob("*.py")
        for path in paths:
            read |= {name for pair in READERS.findall(path.read_text(encoding="utf-8")) for name in pair if name}
    documented = set(re.findall(r"^# ?([A-Z_]+)=", (BASE / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert "DATABASE_URL" in read
    assert read - TOOLS - documented == set()


def test_production_starts_when_everything_is_set() -> None:
    assert start("project.settings.production", **GOOD).returncode == 0


@pytest.mark.parametrize("name", sorted(GOOD))
def test_production_names_the_variable_that_is_missing(name: str) -> None:
    environment = {key: value for key, value in GOOD.items() if key != name}
    done = start("project.settings.production", **environment)
    assert done.returncode == 2
    assert done.stderr.startswith(f"{name}: ")
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("WEB_PROCESSES", "0"),
        ("WEB_PROCESSES", "4"),
        ("DATABASE_URL", "mysql://x/y"),
        ("REDIS_URL", "localhost"),
        ("EMAIL_PORT", "twenty"),
        ("VOICE_PROVIDER", "no.such.Voice"),
        ("VOICE_PROVIDER", "Voice"),
        ("SECRET_KEY_FILE", "/no/such/file"),
    ],
)
def test_a_wrong_value_refuses_to_start(name: str, value: str, tmp_path: Path) -> None:
    done = start("project.settings.embedded", DATA_DIR=str(tmp_path), **{name: value})
    assert done.returncode == 2
    assert done.stderr.startswith(f"{name}: ")
    assert "Traceback" not in done.stderr


def test_the_embedded_secret_is_made_once_and_private(tmp_path: Path) -> None:
    assert start("project.settings.embedded", DATA_DIR=str(tmp_path)).returncode == 0
    secret = tmp_path / "secret_key"
    first = secret.read_text()
    assert start("project.settings.embedded", DATA_DIR=str(tmp_path)).returncode == 0
    assert secret.read_text() == first
    assert len(first) > 40
    assert secret.stat().st_mode & 0o077 == 0
