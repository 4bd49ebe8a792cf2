"""`import_hamlets FILE --commune CODE`: the hamlets of a commune from a spreadsheet (contract §3)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from volunteers.areas.importers import import_hamlets
from volunteers.areas.queries import commune_with_code


class Command(BaseCommand):
    help = "Takes in the hamlets of one commune from an XLSX or CSV file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --commune, --dry-run, --json."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--commune", required=True, metavar="CODE")
        parser.add_argument("--dry-run", action="store_true", help="check the file, write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 if the file was refused or rows were left out, 2 for a wrong file name or commune."""
        commune = commune_with_code(options["commune"])
        if commune is None:
            raise CommandError(f"--commune: no commune has the code {options['commune']}", returncode=2)
        if not options["file"].is_file():
            raise CommandError(f"no file at {options['file']}", returncode=2)
        report = import_hamlets(options["file"], commune, by=None, dry_run=options["dry_run"])
        told = report.to_json()
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(
                "{read} rows: {created} created, {updated} updated, {duplicates} duplicates".format(**told)
            )
            for fault in told["rejected"]:
                self.stdout.write("row {row}, {column}: {error}".format(**fault))
            if "refused" in told:
                self.stderr.write(told["refused"]["error"])
        if not report.is_clean:
            raise SystemExit(1)
