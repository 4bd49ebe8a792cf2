"""`mint_token --name NAME --scope SCOPE [--days 90]`: a read-only token for aggregates, shown once (contract §2)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from volunteers.access.actions import mint_token
from volunteers.access.roles import ROOT_SCOPE
from volunteers.areas.models import Area


class Command(BaseCommand):
    help = "Makes a read-only token for aggregates beneath a scope (VN/75/25396/, or the code of an area)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--name, --scope, --days, --dry-run, --json."""
        parser.add_argument("--name", required=True, help="who reads with it")
        parser.add_argument("--scope", required=True, help="VN/, VN/75/, VN/75/25396/ … or an area's code")
        parser.add_argument("--days", type=int, default=90)
        parser.add_argument("--dry-run", action="store_true", help="only check the words of the call")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 2 for a scope that does not exist or a span of no days."""
        scope = self._scope(options["scope"])
        if not 1 <= options["days"] <= 3660:
            raise CommandError("--days: between 1 and 3660", returncode=2)
        name = " ".join(options["name"].split())
        if not name or len(name) > 80:
            raise CommandError("--name: between 1 and 80 letters", returncode=2)
        answer: dict[str, Any] = {"name": name, "scope": scope}
        if not options["dry_run"]:
            token, text = mint_token(name, scope, days=options["days"], by=None)
            answer |= {"token": text, "expires_at": token.expires_at.isoformat()}
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(answer.get("token", "nothing was made"))

    @staticmethod
    def _scope(text: str) -> str:
        if text == ROOT_SCOPE:
            return text
        found = Area.objects.filter(scope=text).first() or Area.objects.filter(code=text).first()
        if found is None:
            raise CommandError(f"--scope: no area lies at {text}", returncode=2)
        return found.scope
