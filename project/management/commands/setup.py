"""Everything an installation needs before its first page, in one process; skipped when nothing changed."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from project.setup_state import is_current, write_stamp


class Command(BaseCommand):
    help = "Migrations, catalogues, static files, places, lessons and (with DEMO) the demo province."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load the demo province even with DEMO=0")
        parser.add_argument("--force", action="store_true", help="run every step even if nothing changed")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if is_current() and not options["force"]:
            self._say(options, {"skipped": True, "steps": []}, "Nothing to set up.")
            return
        steps: list[tuple[str, list[Any]]] = [
            ("catalogues", ["--compile-only"]),
            ("migrate", ["--no-input"]),
            ("load_areas", []),
            ("seed_lessons", []),
        ]
        if settings.DEMO or options["demo"]:
            steps.append(("seed_demo", []))
        steps.append(("collectstatic", ["--no-input"]))
        for name, arguments in steps:
            if not options["json"]:
                self.stderr.write(f"· {name}")
                self.stderr.flush()
            # The steps' own words go to stderr: stdout carries one JSON object or nothing.
            call_command(name, *arguments, verbosity=0, stdout=sys.stderr if options["verbosity"] > 1 else _Silence())
        write_stamp()
        self._say(options, {"skipped": False, "steps": [name for name, _ in steps]}, "Set up.")

    def _say(self, options: dict[str, Any], result: dict[str, Any], words: str) -> None:
        self.stdout.write(json.dumps(result) if options["json"] else words)


class _Silence:
    """A stream that keeps nothing."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        """Nothing to flush."""
