"""Campaigns, targets and tallies."""

import itertools
from datetime import date, timedelta
from uuid import UUID

from project.lib.clock import today
from tests.factories.work import make_service
from volunteers.activations.models import Rollup
from volunteers.areas.models import Area
from volunteers.targets.models import Campaign, Target
from volunteers.targets.rules import default_slots

_numbers = itertools.count(1)
NO_TEAM = UUID(int=0)


def make_campaign(area: Area, **overrides: object) -> Campaign:
    """A campaign that began 30 days ago and ends in 24."""
    values: dict[str, object] = {
        "slug": f"dot-{next(_numbers)}", "name": "Đợt ra quân mùa thu", "area": area, "slots": default_slots(),
        "starts_on": today() - timedelta(days=30), "ends_on": today() + timedelta(days=24),
    } | overrides  # fmt: skip
    return Campaign.objects.create(**values)


def make_target(campaign: Campaign, area: Area | None = None, service: str = "vneid_l2", **overrides: object) -> Target:
    """A target of 500 people for the campaign's own area unless said otherwise."""
    make_service(service)
    values: dict[str, object] = {
        "campaign": campaign, "area": area or campaign.area, "service_id": service, "rung": "activated", "number": 500,
        "due_on": campaign.ends_on,
    } | overrides  # fmt: skip
    return Target.objects.create(**values)


def make_tally(
    hamlet: Area, count: int, *, day: date | None = None, service: str = "vneid_l2", rung: str = "activated",
    state: str = "reported", team_id: UUID = NO_TEAM, session_kind: str = "round",
) -> Rollup:  # fmt: skip
    """Folded figures, without the ledger behind them: for boards only."""
    commune = hamlet.commune
    return Rollup.objects.create(
        hamlet_code=hamlet.code, commune_code=commune.code, province_code=commune.parent_id, team_id=team_id,
        session_kind=session_kind, service_code=service, rung=rung, state=state, day=day or today(), count=count,
    )  # fmt: skip
