"""`audit_verify`: recompute every seal of the audit trail (house.md D5, contract §2)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from volunteers.audit.queries import verify


class Command(BaseCommand):
    help = "Checks every seal of the audit trail; exit 1 at the first that does not hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--json."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 at the first broken seal."""
        found = verify()
        report: dict[str, Any] = {"seals": found.seals, "entries": found.entries, "unsealed": found.unsealed}
        if found.broken is not None:
            report["broken"] = {"seal": found.broken, "error": found.why}
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.stdout.write("{seals} seals hold {entries} entries; {unsealed} wait for theirs".format(**report))
            if found.broken is not None:
                self.stderr.write(f"seal {found.broken} is broken: {found.why}")
        if found.broken is not None:
            raise SystemExit(1)
