"""`retention [--today DATE]`: forget what has been kept long enough (data_protection.md, contract §2)."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from project.lib.clock import today
from volunteers.audit.actions import apply_retention


def day(text: str) -> date:
    """A date as 2026-11-30."""
    return date.fromisoformat(text)


class Command(BaseCommand):
    help = "Applies the retention rules and prints what was let go, by kind; exit 1 if a rule failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--today, --dry-run, --json."""
        parser.add_argument("--today", type=day, metavar="DATE", help="as of the morning of this day")
        parser.add_argument("--dry-run", action="store_true", help="count only, forget nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 if a rule failed; the others have been applied all the same."""
        here = options["today"] or today()
        done = apply_retention(here, dry_run=options["dry_run"])
        if options["json"]:
            report: dict[str, Any] = {"today": here.isoformat(), "dry_run": options["dry_run"]} | done.counts
            if done.failed:
                report["failed"] = done.failed
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            for kind, count in done.counts.items():
                self.stdout.write(f"{kind}: {count}")
        for name in done.failed:
            self.stderr.write(f"the rule of {name} failed and changed nothing; the log has the reason")
        if done.failed:
            raise SystemExit(1)
