"""`import_official FILE --campaign SLUG` (contract §2): takes in a file of published counts."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from project.lib.spreadsheets import FileRefused, read_table
from volunteers.targets.actions import import_official
from volunteers.targets.models import Campaign


class Command(BaseCommand):
    help = "Takes in a file of published counts for one campaign; each row whole or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --campaign, --dry-run, --json."""
        parser.add_argument("file", type=Path, help="an XLSX or CSV file")
        parser.add_argument("--campaign", required=True, metavar="SLUG", help="the campaign's short name")
        parser.add_argument("--dry-run", action="store_true", help="tell what would be done")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 if every row was taken in, 1 if some were left out or the file was refused, 2 for a wrong call."""
        campaign = Campaign.objects.filter(slug=options["campaign"]).select_related("area").first()
        if campaign is None:
            raise CommandError(f"There is no campaign {options['campaign']!r}.", returncode=2)
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.", returncode=2)
        try:
            report = import_official(read_table(options["file"]), campaign, by=None, dry_run=options["dry_run"])
        except FileRefused as refused:
            report = refused.report()
        answer = report.to_json()
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(
                "{read} rows read: {created} created, {updated} updated, {duplicates} already there".format(**answer)
            )
            for left_out in answer["rejected"]:
                self.stdout.write("row {row}, {column}: {value} — {error}".format(**left_out))
            if report.refused is not None:
                self.stdout.write(str(report.refused["error"]))
        if not report.is_clean:
            raise SystemExit(1)
