"""Reads of campaigns, targets and published counts."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from project.accounts.models import User
from volunteers.access.policy import can
from volunteers.access.queries import area_scopes
from volunteers.access.roles import ROOT_SCOPE
from volunteers.areas.models import Area
from volunteers.targets.models import Campaign, CampaignQuerySet, OfficialCount, Target, TargetQuerySet
from volunteers.targets.rules import which_runs
from volunteers.teams.models import Team


def current_campaign(area: Area, day: date) -> Campaign | None:
    """The campaign that runs in an area on a day: the commune's own, else its province's; None if none runs."""
    campaign = shown_campaign(area, day)
    if campaign is None or not campaign.starts_on <= day <= campaign.ends_on:
        return None
    return campaign


def shown_campaign(area: Area, day: date) -> Campaign | None:
    """The campaign that a board of the area shows: the running one, else the last that ended, else the next."""
    own = area.parent_id if area.level == Area.Level.HAMLET else area.code
    rows = list(campaigns_over(area))
    rows.sort(key=lambda row: (row.area_id == own, row.starts_on), reverse=True)
    return which_runs(rows, day, {row: (row.starts_on, row.ends_on) for row in rows})


def campaigns_over(area: Area) -> CampaignQuerySet:
    """Every campaign that holds for an area: its own and those of the areas around it, the latest first."""
    rows: CampaignQuerySet = Campaign.objects.filter(area__scope__in=scopes_around(area.scope))
    return rows.select_related("area").order_by("-starts_on")


def campaigns_beneath(province: Area, communes: Iterable[str], day: date) -> dict[str, Campaign]:
    """Area code → the campaign that its board shows, for a province itself and its communes. One query."""
    rows = Campaign.objects.filter(Q(area=province) | Q(area__parent=province))
    by_area: dict[str, list[Campaign]] = {}
    for row in rows.select_related("area").order_by("-starts_on"):
        by_area.setdefault(row.area_id, []).append(row)
    shown: dict[str, Campaign] = {}
    own = by_area.get(province.code, [])
    for code in (province.code, *communes):
        choice = [*by_area.get(code, []), *own] if code != province.code else own
        found = which_runs(choice, day, {row: (row.starts_on, row.ends_on) for row in choice})
        if found is not None:
            shown[code] = found
    return shown


def campaigns_for(user: User) -> CampaignQuerySet:
    """What the person may know of: campaigns beneath the own grants, and those that reach down to them or to a team."""
    places = {*area_scopes(user)}
    places |= set(
        Team.objects.filter(memberships__user=user, memberships__left_on__isnull=True).values_list(
            "area__scope", flat=True
        )
    )
    around = {scope for place in places for scope in scopes_around(place)}
    rows: CampaignQuerySet = Campaign.objects.visible_to(user) | Campaign.objects.filter(area__scope__in=around)
    return rows.select_related("area")


def may_view(user: User, campaign: Campaign) -> bool:
    """Whether the person may read the campaign: as lead or above of its area or of a place beneath it."""
    if can(user, "campaign.view", campaign):
        return True
    return any(scope.startswith(campaign.area.scope) for scope in area_scopes(user))


def targets_of(campaign: Campaign, areas: Iterable[Area] | None = None) -> TargetQuerySet:
    """The targets in force of a campaign (of some areas only, if given), without those of teams."""
    rows: TargetQuerySet = Target.objects.current().filter(campaign=campaign, team__isnull=True)
    if areas is not None:
        rows = rows.filter(area__in=[area.code for area in areas])
    return rows.select_related("area", "service").order_by("service__position", "service_id", "rung")


def versions_of(target: Target) -> TargetQuerySet:
    """All versions of a target, the newest first."""
    rows: TargetQuerySet = Target.objects.filter(
        campaign_id=target.campaign_id,
        area_id=target.area_id,
        team=target.team,
        service_id=target.service_id,
        rung=target.rung,
    )
    return rows.select_related("created_by").order_by("-created_at")


def official_counts(campaign: Campaign, codes: Sequence[str]) -> dict[tuple[str, str], OfficialCount]:
    """(area code, service) → the newest published count of a campaign. One query."""
    rows = OfficialCount.objects.filter(campaign=campaign, area__in=codes).order_by("as_of", "created_at")
    return {(row.area_id, row.service_id): row for row in rows}


def rung_names() -> dict[str, str]:
    """The ladder's rungs with their names in the language of the page."""
    return {
        "briefed": _("told about it"),
        "referred": _("referred"),
        "registered": _("registered"),
        "activated": _("activated"),
        "did_alone": _("did it alone"),
    }


def scopes_around(scope: str) -> list[str]:
    """The scope itself and those around it, without the country: 'VN/75/25396/' → ['VN/75/', 'VN/75/25396/']."""
    parts = scope.removeprefix(ROOT_SCOPE).strip("/").split("/")
    return [ROOT_SCOPE + "/".join(parts[: depth + 1]) + "/" for depth in range(len(parts)) if parts[0]]
