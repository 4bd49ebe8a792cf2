"""Typed readers of environment variables. A wrong value stops the start with one line that names the variable."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def refuse(name: str, why: str) -> NoReturn:
    """Stop the process with one line on stderr that names the variable and what to do."""
    sys.stderr.write(f"{name}: {why}\n")
    raise SystemExit(2)


def env_text(name: str, default: str = "") -> str:
    """The variable's text, or `default` when it is not set."""
    return os.environ.get(name, default).strip()


def env_bool(name: str, default: bool = False) -> bool:
    """0/1, true/false, yes/no, on/off; anything else refuses to start."""
    value = os.environ.get(name)
    if value is None:
        return default
    value = value.strip().lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    refuse(name, f"must be 0 or 1, not {value!r}")


def env_int(name: str, default: int, minimum: int = 0) -> int:
    """A whole number, at least `minimum`."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit() or int(value) < minimum:
        refuse(name, f"must be a whole number of at least {minimum}, not {value!r}")
    return int(value)


def env_list(name: str, default: list[str] | None = None) -> list[str]:
    """Comma separated words."""
    value = os.environ.get(name)
    if value is None:
        return list(default or [])
    return [part.strip() for part in value.split(",") if part.strip()]


def env_dotted(name: str, default: str) -> str:
    """The dotted path of a class whose module exists; anything else refuses to start."""
    path = env_text(name) or default
    try:
        found = find_spec(path.rpartition(".")[0])
    except (ImportError, ValueError):
        found = None
    if found is None:
        refuse(name, f"names no module that can be imported: {path!r}")
    return path


def env_secret(name: str, default: str = "") -> str:
    """`NAME`, or the content of the file that `NAME_FILE` names."""
    path = os.environ.get(f"{name}_FILE", "").strip()
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            refuse(f"{name}_FILE", f"cannot be read: {error.strerror}")
    return env_text(name, default)


def database_from_url(url: str, name: str = "DATABASE_URL") -> dict[str, Any]:
    """`postgres://user:password@host:port/name?sslmode=…` or `sqlite:///path` as a Django database setting."""
    parts = urlsplit(url)
    if parts.scheme in {"postgres", "postgresql"}:
        if not parts.path.strip("/"):
            refuse(name, "names no database: postgres://user:password@host:5432/DATABASE")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.strip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)[1:] if parts.path.startswith("//") else unquote(parts.path)))
    refuse(name, f"must begin with postgres:// or sqlite://, not {parts.scheme or url!r}")


def sqlite(path: Path) -> dict[str, Any]:
    """SQLite as this product needs it.

    IMMEDIATE: with deferred transactions 331 of 400 concurrent read-modify-writes failed, with IMMEDIATE none
    (measured). synchronous=FULL: NORMAL under WAL may lose the last commits in a power cut, and a field record
    that was acknowledged must never be lost.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=27103364; PRAGMA cache_size=2000;"
            ),
        },
    }
