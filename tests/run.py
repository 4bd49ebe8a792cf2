"""`make test`: the whole suite, and a plain word about everything that could not be run.

Parts: the suite on SQLite, the browser tests, then the services part on PostgreSQL + Redis.
With CI=true, or as root on Debian (where the missing piece can be installed), a part that was not run is a failure.
"""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

BASE = Path(__file__).resolve().parent.parent
DATABASE = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser() -> str:
    """The path of an installed Chromium or Chrome, '' when there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")


def is_root_on_debian() -> bool:
    """Whether apt may be asked."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_browser() -> str:
    """An installed browser, else apt's, else Playwright's own download; '' when none can be had."""
    if found := browser():
        return found
    if is_root_on_debian():
        print("Installing Chromium …", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)  # type: ignore[call-overload]
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, **quiet)  # type: ignore[call-overload]
        if found := browser():
            return found
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    probe = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    answer = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False).stdout.strip()
    return answer if answer and Path(answer).exists() else ""


def reachable(url: str, port: int) -> bool:
    """Whether something listens at the address."""
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or port), timeout=3).close()
    except OSError:
        return False
    return True


def suite(*arguments: str, **environment: str) -> int:
    """One pytest run; exit code 5 (nothing selected) is no failure when the caller selected."""
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=BASE, env=os.environ | environment, check=False).returncode


def main(arguments: list[str]) -> int:
    """Run the parts; 0 only if all that ran passed and nothing that had to run was left out."""
    strict = os.environ.get("CI") == "true" or is_root_on_debian()
    left_out: list[str] = []
    failed: list[str] = []
    settings = os.environ | {"DJANGO_SETTINGS_MODULE": "project.settings.test"}
    compiling = [sys.executable, "manage.py", "catalogues", "--compile-only"]
    subprocess.run(compiling, cwd=BASE, check=True, stdout=subprocess.DEVNULL, env=settings)
    workers = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile"]
    chosen = bool(arguments)
    chromium = install_browser()
    if not chromium:
        left_out.append("browser tests: no Chromium could be found or installed")
    marks = "not services and not browser"
    if suite(*workers, "-m", marks, *arguments) not in ({0, 5} if chosen else {0}):
        failed.append("the suite on SQLite")
    if chromium and suite("-m", "browser", *arguments, CHROMIUM=chromium) not in ({0, 5} if chosen else {0}):
        failed.append("the browser tests")
    if not reachable(DATABASE, 5432):
        left_out.append(f"services tests: no PostgreSQL at {urlsplit(DATABASE).hostname} (TEST_DATABASE_URL)")
    elif not reachable(REDIS, 6379):
        left_out.append(f"services tests: no Redis at {urlsplit(REDIS).hostname} (TEST_REDIS_URL)")
    elif suite("-m", "services", *arguments, DATABASE_URL=DATABASE, REDIS_URL=REDIS) not in ({0, 5} if chosen else {0}):
        failed.append("the services tests on PostgreSQL and Redis")
    for line in left_out:
        print(f"NOT RUN: {line}")
    for line in failed:
        print(f"FAILED: {line}")
    return 1 if failed or (strict and left_out) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
