"""`merge_areas OLD NEW`: one commune (or hamlet) becomes part of another; grants and living rows move along."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from volunteers.areas.actions import AreaRefused, merge_areas
from volunteers.areas.models import Area


class Command(BaseCommand):
    help = "Merges a commune into another of any province, or a hamlet into another of its commune. The past stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """OLD, NEW, --dry-run, --json."""
        parser.add_argument("old", metavar="OLD", help="code of the area that ends")
        parser.add_argument("new", metavar="NEW", help="code of the area that it becomes part of")
        parser.add_argument("--dry-run", action="store_true", help="try it, write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 if the merge was refused, 2 for a code that does not exist."""
        found = Area.objects.in_bulk([options["old"], options["new"]])
        for code in (options["old"], options["new"]):
            if code not in found:
                raise CommandError(f"no area has the code {code}", returncode=2)
        try:
            with transaction.atomic():
                hamlets = merge_areas(found[options["old"]], found[options["new"]], by=None)
                if options["dry_run"]:
                    transaction.set_rollback(True)
        except AreaRefused as error:
            raise CommandError(str(error), returncode=1) from error
        report = {"old": options["old"], "new": options["new"], "hamlets": hamlets}
        told = "{old} is now part of {new}; {hamlets} hamlets came along".format(**report)
        self.stdout.write(json.dumps(report, ensure_ascii=False) if options["json"] else told)
