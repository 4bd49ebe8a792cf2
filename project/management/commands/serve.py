"""Serves the site: pages and sockets on one port; without Redis the queue's consumer is inside (house.md D18)."""

import os
import signal
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand
from uvicorn.supervisors import Multiprocess

from project.settings.env import env_int, env_text


class Server(uvicorn.Server):
    """uvicorn that tells where it listens once it does."""

    words = ""

    async def startup(self, sockets: Any = None) -> None:
        """Bind, then print the address."""
        await super().startup(sockets=sockets)
        if self.started and self.words:
            print(self.words, flush=True)


class Command(BaseCommand):
    help = "Serve pages and sockets on one port (HOST, PORT); with REDIS_URL in WEB_PROCESSES processes."
    requires_system_checks: list[str] = []  # make check runs them; here they would cost two seconds of every start

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--with-worker", action="store_true", help="with REDIS_URL: start the worker beside the web"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = env_text("HOST", "127.0.0.1"), env_int("PORT", 8000, minimum=1)
        words = self.greeting(host, port)
        common: dict[str, Any] = {
            "host": host,
            "port": port,
            "log_level": "warning",
            "timeout_graceful_shutdown": 3,  # an open socket would hold the exit for ever
            "ws_ping_interval": 20.0,
            "proxy_headers": False,
        }
        if not settings.REDIS_URL:
            server = Server(uvicorn.Config("project.embedded:application", lifespan="on", **common))
            server.words = words
            server.run()
            if not server.started:
                raise SystemExit(1)
            return
        worker = self.start_worker() if options["with_worker"] else None
        try:
            print(words, flush=True)
            config = uvicorn.Config(
                "project.asgi:application", workers=settings.WEB_PROCESSES, lifespan="off", **common
            )
            if settings.WEB_PROCESSES == 1:
                uvicorn.Server(config).run()
            else:
                Multiprocess(config, sockets=[config.bind_socket()]).run()
        finally:
            if worker is not None:
                worker.send_signal(signal.SIGTERM)
                try:
                    worker.wait(timeout=15)
                except subprocess.TimeoutExpired:
                    worker.kill()

    def start_worker(self) -> "subprocess.Popen[bytes]":
        """The consumer as a child in its own session, so that Ctrl-C reaches only us and we end it gracefully."""
        command = [
            sys.executable,
            str(Path(settings.BASE_DIR) / "manage.py"),
            "run_huey",
            "--quiet",
            "--graceful-signal",
            "TERM",
        ]
        return subprocess.Popen(command, env=os.environ.copy(), start_new_session=True)

    def greeting(self, host: str, port: int) -> str:
        """The address, and in a demo who can sign in."""
        shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host
        lines = ["", f"  Gõ Cửa: http://{shown}:{port}/", ""]
        secret = Path(settings.DATA_DIR) / "demo_password"
        if settings.DEMO:
            password = env_text("DEMO_PASSWORD") or (secret.read_text().strip() if secret.exists() else "")
            if password:
                lines += [
                    f"  Demo sign-ins (password {password}):",
                    "    province@gocua.example            province coordinator",
                    "    lead.25396@gocua.example          commune lead of Bù Đăng",
                    "    leader1.25396@gocua.example       team leader",
                    "    volunteer1.25396@gocua.example    volunteer",
                    "    editor@gocua.example              content editor",
                    "",
                ]
        return "\n".join([*lines, "  Ctrl-C stops everything.", ""])
