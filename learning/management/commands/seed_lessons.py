"""The lessons that ship with the product, as real Wagtail pages (contract §2)."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from learning.seeding.actions import ContentError, seed


class Command(BaseCommand):
    help = "Services, site tree, topics and lessons from learning/content/; never overwrites an editor's change."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--json, --dry-run, --voices."""
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout, nothing else")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, write nothing")
        parser.add_argument(
            "--voices", action="store_true", help="speak the steps now instead of leaving them to the queue"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the seed and reports created, updated, kept."""
        try:
            report = seed(dry_run=options["dry_run"], voices=options["voices"])
        except ContentError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
            return
        for line in report.lines():
            self.stdout.write(line)
