"""`import_volunteers FILE --commune CODE [--create-teams]`: a list becomes invitations (contract §2–3)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from project.lib.import_report import ImportReport
from project.lib.spreadsheets import FileRefused, read_table
from volunteers.areas.models import Area
from volunteers.teams.importers import import_volunteers


class Command(BaseCommand):
    help = "Invites everybody on a list. Each row makes an invitation with a code, not a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --commune, --create-teams, --dry-run, --json."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--commune", required=True, metavar="CODE")
        parser.add_argument("--create-teams", action="store_true", help="make the teams that the list names")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would be done")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 if the file was refused or rows were left out, 2 for a wrong call."""
        commune = Area.objects.communes().filter(code=options["commune"]).first()
        if commune is None:
            raise CommandError(f"--commune: no commune has the code {options['commune']}", returncode=2)
        if not options["file"].is_file():
            raise CommandError(f"{options['file']}: no such file", returncode=2)
        report, invitations = self._run(commune, options)
        answer = report.to_json() | {"invitations": invitations}
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._tell(answer)
        if not report.is_clean:
            raise SystemExit(1)

    @staticmethod
    def _run(commune: Area, options: dict[str, Any]) -> tuple[ImportReport, list[dict[str, Any]]]:
        try:
            table = read_table(options["file"])
        except FileRefused as refusal:
            return refusal.report(), []
        return import_volunteers(
            table, commune, by=None, create_teams=options["create_teams"], dry_run=options["dry_run"],
            base_url=settings.WAGTAILADMIN_BASE_URL,
        )  # fmt: skip

    def _tell(self, answer: dict[str, Any]) -> None:
        if refused := answer.get("refused"):
            self.stdout.write(f"refused: {refused['error']}")
            return
        self.stdout.write(
            "{read} rows: {created} invitations, {duplicates} known already".format(**answer)
            + f", {len({item['row'] for item in answer['rejected']})} left out"
        )
        for item in answer["rejected"]:
            self.stdout.write("row {row}, {column}: {error} ({value})".format(**item))
        for item in answer["invitations"]:
            self.stdout.write("row {row}: {code} {link}".format(**item))
