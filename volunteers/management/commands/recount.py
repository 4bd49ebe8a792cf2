"""`recount [--fix]`: does every tally agree with the ledger? (house.md D17, contract §2)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from volunteers.activations.actions import recount


class Command(BaseCommand):
    help = "Recomputes every tally from the ledger; exit 1 if one was wrong. --fix writes them anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--fix, --dry-run, --json."""
        parser.add_argument("--fix", action="store_true", help="write the tallies anew from the ledger")
        parser.add_argument("--dry-run", action="store_true", help="compare only, even with --fix")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 if anything was wrong, also when it was put right."""
        fix = options["fix"] and not options["dry_run"]
        found = recount(fix=fix)
        report = {"checked": found["checked"], "wrong": found["wrong"], "fixed": found["wrong"] if fix else 0}
        if options["json"]:
            self.stdout.write(json.dumps(report | {"differences": found["differences"]}, ensure_ascii=False))
        else:
            self.stdout.write("{checked} checked, {wrong} wrong, {fixed} put right".format(**report))
            for one in found["differences"]:
                self.stderr.write(f"{' '.join(one['key'])}: kept {one['found']}, the ledger says {one['expected']}")
        if found["wrong"]:
            raise SystemExit(1)
