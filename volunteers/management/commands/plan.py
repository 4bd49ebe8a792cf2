"""`manage.py plan`: the planner from the command line (contract §2)."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from volunteers.areas.models import Area
from volunteers.planning.actions import claim_run, publish_plan, request_plan
from volunteers.planning.models import PlanRun
from volunteers.planning.tasks import work_on
from volunteers.visits.models import Visit


def day(text: str) -> date:
    """A date as 2026-11-30."""
    return date.fromisoformat(text)


class Command(BaseCommand):
    help = "Plan a commune's days: pairs of volunteers, doors in walking order. With --publish it becomes real."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--commune", required=True, metavar="CODE")
        parser.add_argument("--from", dest="from_on", required=True, type=day, metavar="DATE")
        parser.add_argument("--to", dest="to_on", required=True, type=day, metavar="DATE")
        parser.add_argument("--seconds", type=int, default=10)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--publish", action="store_true")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        area = Area.objects.communes().filter(code=options["commune"]).first()
        if area is None:
            raise CommandError(f"--commune: no commune has the code {options['commune']}", returncode=2)
        try:
            run = request_plan(
                area, from_on=options["from_on"], to_on=options["to_on"], seconds=options["seconds"],
                seed=options["seed"], by=None,
            )  # fmt: skip
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=1) from None
        claimed = claim_run(run.pk)
        if claimed is not None:
            work_on(claimed)
        run = PlanRun.objects.select_related("area", "proposal").get(pk=run.pk)
        if run.status != PlanRun.Status.DONE:
            raise CommandError(run.message or "the planner gave no plan", returncode=1)
        sessions, visits = 0, run.proposal.plan["metrics"]["visits"]
        if options["publish"]:
            try:
                sessions = len(publish_plan(run, by=None))
            except ValidationError as error:
                raise CommandError(" ".join(error.messages), returncode=1) from None
            visits = Visit.objects.filter(session__plan_id=run.pk).count()
        else:
            slots = {(crew["slot"], crew["leader"]) for crew in run.proposal.plan["crews"] if crew["visits"]}
            sessions = len(slots)
        self._report(run, sessions, visits, as_json=options["json"])
        if run.proposal.violations:
            raise SystemExit(1)

    def _report(self, run: PlanRun, sessions: int, visits: int, *, as_json: bool) -> None:
        plan = run.proposal.plan
        result = {
            "run": str(run.pk),
            "sessions": sessions,
            "visits": visits,
            "unserved": [{"household": item["household"], "reason": item["text"]} for item in plan["unserved"]],
            "objective": plan["metrics"]["weight_served"],
            "hard_violations": len(run.proposal.violations),
        }
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        self.stdout.write(f"{visits} visits in {sessions} sessions, {len(result['unserved'])} doors left for later")
