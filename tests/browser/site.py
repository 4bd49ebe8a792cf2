"""A whole installation for the browser: its own data folder, set up with the demo province, served by `make serve`."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parents[2]
PASSWORD = "mat-khau-cua-buoi-thu"
CHROMIUM_ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """A served installation."""

    url: str
    folder: Path
    environment: dict[str, str]
    process: "subprocess.Popen[bytes]"

    def manage(self, *arguments: str) -> str:
        """Run a management command in this installation; its standard output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=BASE, env=self.environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"manage.py {' '.join(arguments)}: {done.stderr[-2000:]}{done.stdout[-500:]}")
        return done.stdout

    def query(self, code: str) -> Any:
        """Evaluate `result` of a few lines of Python inside the installation (for checks behind the screens)."""
        script = f"{code}\nimport json\nprint('RESULT' + json.dumps(result, default=str))"
        out = self.manage("shell", "--no-imports", "-c", script)
        return json.loads(out.rsplit("RESULT", 1)[1])

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def open_site(folder: Path, **more: str) -> Site:
    """Set up and serve; returns once the first page answers (RuntimeError with the log otherwise)."""
    port = free_port()
    environment = os.environ | {
        "DATA_DIR": str(folder), "DEMO": "1", "DEMO_PASSWORD": PASSWORD, "PORT": str(port), "HOST": "127.0.0.1",
        "DJANGO_SETTINGS_MODULE": "project.settings.embedded",
    }  # fmt: skip
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
        environment.pop(name, None)
    environment |= more
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [sys.executable, "manage.py", "setup"], cwd=BASE, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    log = (folder / "serve.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--with-worker"], cwd=BASE, env=environment, stdout=log, stderr=log
    )
    site = Site(f"http://127.0.0.1:{port}", folder, environment, process)
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{site.url}/healthz", timeout=2).close()
            return site
        except OSError:
            time.sleep(0.3)
    site.stop()
    raise RuntimeError((folder / "serve.log").read_text(errors="replace")[-3000:])
