"""`GET areas/{code}/progress` (contract §5)."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router

from project.lib.clock import now, today
from volunteers.areas.models import Area
from volunteers.dashboards.cards import TargetCard
from volunteers.dashboards.guards import readable_area, readers
from volunteers.dashboards.queries import children_figures, freshness, target_cards
from volunteers.dashboards.schemas import ProgressOut
from volunteers.targets.models import Campaign
from volunteers.targets.queries import campaigns_over, shown_campaign

router = Router(tags=["progress"])


@router.get("areas/{code}/progress", response=ProgressOut, auth=readers, url_name="area_progress")
def area_progress(request: HttpRequest, code: str, campaign: str = "") -> dict[str, Any]:
    """Where an area stands in a campaign (its short name; without one: the campaign that runs there).

    Persons are counted once per service and rung, on the day on which the rung was first reached.
    """
    area = readable_area(request.auth, code)  # type: ignore[attr-defined]
    drive = chosen_campaign(area, campaign)
    cards = target_cards(area, drive, day=today())
    return {
        "area": area.code,
        "name": area.full_name,
        "level": area.level,
        "as_of": now(),
        "campaign": drive,
        "freshness": freshness(area),
        "targets": [_target(card) for card in cards],
        "children": children_figures(area, drive, [(card.service, card.rung) for card in cards]),
    }


def chosen_campaign(area: Area, slug: str) -> Campaign | None:
    """The campaign of that short name, if it holds for the area (else 404); without a name the one to show."""
    if not slug:
        return shown_campaign(area, today())
    found: Campaign | None = campaigns_over(area).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _target(card: TargetCard) -> dict[str, Any]:
    ahead = card.forecast
    return {
        "service": card.service,
        "rung": card.rung,
        "target": card.number,
        "percent": card.percent,
        "base": card.base,
        "base_source": card.base_source,
        "due": card.due_on,
        "reported": card.reported,
        "verified": card.verified,
        "official": card.official,
        "official_as_of": card.official_on,
        "pace_per_day": None if ahead.pace_per_day is None else round(ahead.pace_per_day, 2),
        "needed_per_day": None if ahead.needed_per_day is None else round(ahead.needed_per_day, 2),
        "forecast": ahead,
    }
