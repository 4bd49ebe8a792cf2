"""`sync_inspect`: what lies in the inbox of the phones, what waits, by author and phone. Figures only, no content."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from volunteers.field.queries import inbox_state


class Command(BaseCommand):
    help = "Shows the state of the phones' inbox: total, not yet applied, held, answers, and the same by phone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--json."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Always exit 0: it only looks."""
        state = inbox_state()
        if options["json"]:
            self.stdout.write(json.dumps(state, ensure_ascii=False))
            return
        self.stdout.write("{total} ops, {unapplied} not yet applied, {held} held".format(**state))
        for status, count in sorted(state["answered"].items()):
            self.stdout.write(f"  {status}: {count}")
        if state["oldest_waiting_at"]:
            self.stdout.write(f"the oldest that waits came at {state['oldest_waiting_at']}")
        for row in state["devices"]:
            self.stdout.write(
                "author {author_id} phone {device_id}: {ops} ops, {unapplied} not yet applied, {held} held, "
                "{rejected} refused, last {last_received_at}".format(**row)
            )
