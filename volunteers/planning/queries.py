"""Reads for the planner's screens."""

from volunteers.areas.models import Area
from volunteers.planning.models import PlanRun, PlanRunQuerySet


def runs_of(area: Area) -> PlanRunQuerySet:
    """The commune's plans, newest first."""
    return PlanRun.objects.filter(area=area).select_related("requested_by").order_by("-requested_at")
