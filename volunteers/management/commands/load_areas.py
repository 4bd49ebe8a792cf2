"""`load_areas [--file areas.csv]`: provinces and communes by their official codes (contract §2)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from volunteers.areas.adapter import CatalogueRefused, load_areas


class Command(BaseCommand):
    help = "Upserts provinces and communes by code, keeping the history of their names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--file, --dry-run, --json."""
        parser.add_argument("--file", type=Path, help="another catalogue than the one that ships with the product")
        parser.add_argument("--dry-run", action="store_true", help="tell what would be done")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 if the file was refused."""
        try:
            report = load_areas(options["file"], dry_run=options["dry_run"]).to_json()
        except (CatalogueRefused, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        told = "{provinces} provinces, {communes} communes: {created} created, {renamed} renamed, {retired} retired"
        self.stdout.write(told.format(**report))
