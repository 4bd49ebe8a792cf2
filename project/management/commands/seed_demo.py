"""`seed_demo [--province 75] [--scale small|province]`: a believable province to look around in (contract §2)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from learning import catalog
from project.accounts.models import User
from project.demo.passwords import DOMAIN, MARK, renew_passwords
from project.demo.plans import PROVINCE, SERVICES
from project.demo.province import is_filled, seed_province
from project.demo.small import fold_all, seed_small
from project.lib.clock import today
from volunteers.activations.actions import recount
from volunteers.activations.models import Event
from volunteers.areas.models import Area, AreaQuerySet
from volunteers.households.models import Household
from volunteers.notifications.models import Notification
from volunteers.teams.models import Membership
from volunteers.visits.models import Visit

RECOUNT_UP_TO = 0.1  # of the full size; beyond it the ledger's replay takes minutes: `manage.py recount` on its own


class Command(BaseCommand):
    help = "Makes the demo province (Đồng Nai, 75). A second run changes nothing; nothing is ever deleted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--province, --scale, --json, --dry-run; --factor shrinks `province` for a trial of the bulk paths."""
        parser.add_argument("--province", default=PROVINCE, metavar="CODE", help="75 is the only one that is told")
        parser.add_argument("--scale", choices=["small", "province"], default="small")
        parser.add_argument("--factor", type=float, default=1.0, help="with --scale province: a part of it, as 0.01")
        parser.add_argument("--dry-run", action="store_true", help="tell whether there is something to make")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 2 for another province or a factor out of range, 1 where places or services are missing."""
        if options["province"] != PROVINCE:
            raise CommandError(f"--province: the demo tells of {PROVINCE} (Đồng Nai) only", returncode=2)
        if not 0 < options["factor"] <= 1:
            raise CommandError("--factor: a number above 0, at most 1", returncode=2)
        if not Area.objects.filter(pk=PROVINCE).exists():
            raise CommandError("the places are missing: run load_areas first", returncode=1)
        if {card.code for card in catalog.services()} < set(SERVICES):
            raise CommandError("the services are missing: run seed_lessons first", returncode=1)
        is_new = not User.objects.filter(email=MARK).exists()
        is_larger = options["scale"] == "province" and not is_filled()
        if options["dry_run"]:
            self._say(options, {"would_create": is_new or is_larger})
            return
        renewed = 0
        if is_new:
            with transaction.atomic():
                seed_small(today())
            _keep_mail_at_home()
        else:
            renewed = renew_passwords()
        if is_larger:
            seed_province(today(), options["factor"])
        told = {"created": is_new or is_larger, "passwords_renewed": renewed}
        if is_new or is_larger:
            fold_all()
            if not is_larger or options["factor"] <= RECOUNT_UP_TO:
                told["wrong"] = recount()["wrong"]
        self._say(options, told | _figures())
        if told.get("wrong"):
            raise CommandError("the tallies do not agree with the ledger", returncode=1)

    def _say(self, options: dict[str, Any], result: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        self.stdout.write(", ".join(f"{name}: {value}" for name, value in result.items()))


def _keep_mail_at_home() -> None:
    """Notices of the demo stay in the inbox: nobody reads mail at its addresses."""
    Notification.objects.filter(recipient__email__endswith=DOMAIN, mail_state="due").update(mail_state="none")


def _figures() -> dict[str, int]:
    """What the province holds now."""
    areas: AreaQuerySet = Area.objects.all()
    scope = Area.objects.get(pk=PROVINCE).scope
    return {
        "communes": areas.communes().filter(parent=PROVINCE).count(),
        "hamlets": areas.hamlets().filter(parent__parent=PROVINCE).count(),
        "volunteers": Membership.objects.current().beneath(scope).count(),
        "households": Household.objects.all().beneath(scope).count(),
        "visits": Visit.objects.all().beneath(scope).count(),
        "outcomes": Event.objects.all().beneath(scope).filter(kind=Event.Kind.CLAIM).count(),
    }
