"""`import_households FILE --commune CODE`: a roster of households (contract §2 and §3)."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from project.lib.import_report import ImportReport
from project.lib.spreadsheets import FileRefused, read_table
from volunteers.areas.queries import commune_with_code
from volunteers.households.importers import import_households


class Command(BaseCommand):
    help = "Takes in a commune's roster of households (XLSX or CSV) and reports every row that was left out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE --commune [--create-hamlets] [--on-duplicate skip|update] [--dry-run] [--json]."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--commune", required=True, help="official code of the commune, for example 25396")
        parser.add_argument("--create-hamlets", action="store_true", help="make hamlets that the file names")
        parser.add_argument("--on-duplicate", choices=["skip", "update"], default="skip")
        parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when every row was taken, 1 when rows were left out or the file was refused, 2 for wrong usage."""
        commune = commune_with_code(options["commune"])
        if commune is None:
            raise CommandError(f"There is no commune with the code {options['commune']}.", returncode=2)
        try:
            table = read_table(options["file"])
        except OSError as error:
            raise CommandError(f"Cannot read {options['file']}: {error.strerror}.", returncode=2) from error
        except FileRefused as refusal:
            report = refusal.report()
        else:
            report = import_households(
                table,
                commune,
                by=None,
                create_hamlets=options["create_hamlets"],
                on_duplicate=options["on_duplicate"],
                dry_run=options["dry_run"],
            )
        self._tell(report, as_json=options["json"])
        if not report.is_clean:
            sys.exit(1)

    def _tell(self, report: ImportReport, *, as_json: bool) -> None:
        told = report.to_json()
        if as_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        if report.refused is not None:
            self.stdout.write(f"Refused: {told['refused']['error']}")
            return
        counts = "{read} rows read: {created} created, {updated} updated, {duplicates} already there"
        self.stdout.write(f"{counts.format(**told)}, {len(report.rejected_rows)} left out.")
        for one in told["rejected"]:
            self.stdout.write(f"  row {one['row']}, {one['column']}: {one['value']!r} – {one['error']}")
        if told["ignored_columns"]:
            self.stdout.write(f"Columns not used: {', '.join(told['ignored_columns'])}")
