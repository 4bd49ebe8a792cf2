"""Reads of the boards: a few statements a page, whatever the size of the ledger (house.md D17)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from learning import catalog
from project.accounts.models import User
from project.lib.clock import now, start_of_day, today
from volunteers.activations import queries as ledger
from volunteers.areas.models import Area, AreaQuerySet
from volunteers.dashboards import charts
from volunteers.dashboards.cards import Freshness, HamletRow, TargetCard
from volunteers.dashboards.forecast import SHAPE_DAYS, forecast
from volunteers.field.models import Device
from volunteers.households.models import Household
from volunteers.sessions.models import Session
from volunteers.sessions.queries import with_figures
from volunteers.targets.models import Campaign, OfficialCount, Target
from volunteers.targets.queries import official_counts, rung_names, targets_of
from volunteers.teams.models import Team

REPORTED, VERIFIED = "reported", "verified"
WEEK = timedelta(days=7)
Key = tuple[str, str]  # service, rung
Figures = Mapping[tuple[str, str, str], int]  # (service, rung, state) → persons


def areas_known_to(user: User) -> AreaQuerySet:
    """The places whose board the person may ask for: beneath the own grants; a member's own commune (answered 403)."""
    homes = Team.objects.filter(memberships__user=user, memberships__left_on__isnull=True).values("area")
    rows: AreaQuerySet = Area.objects.visible_to(user) | Area.objects.filter(pk__in=homes)
    return rows.select_related("parent__parent")


def target_cards(area: Area, campaign: Campaign | None, *, day: date) -> list[TargetCard]:
    """The targets of an area in a campaign, with their figures and forecasts. Four statements; none without a campaign.

    A province without own targets shows the sums of its communes'; a hamlet without own targets shows its figures
    on its commune's targets, without a number.
    """
    if campaign is None:
        return []
    level = area.level
    rows = list(targets_of(campaign, [area]))
    is_sum = False
    if not rows and level == Area.Level.PROVINCE:
        rows, is_sum = summed(targets_of(campaign).filter(area__level=Area.Level.COMMUNE)), True
    if not rows and level == Area.Level.HAMLET and area.parent is not None:
        rows = [_unnumbered(row) for row in targets_of(campaign, [area.parent])]
    return cards_of(area, campaign, rows, day, is_sum)


def cards_of(area: Area, campaign: Campaign | None, rows: list[Target], day: date, is_sum: bool) -> list[TargetCard]:
    """The targets as cards: three statements, and one for each reached target; none without a campaign or a target."""
    if campaign is None or not rows:
        return []
    figures = ledger.tallies_of(area, from_on=campaign.starts_on, to_on=campaign.ends_on)
    since = max(campaign.starts_on, day - timedelta(days=SHAPE_DAYS))
    daily = ledger.daily_tallies(area, from_on=since, to_on=min(day, campaign.ends_on))
    for row in rows:
        key = (row.service_id, row.rung)
        if row.number and figures.get((*key, REPORTED), 0) >= row.number:
            # The day on which it was reached may lie before the last weeks.
            daily[key] = days_of(area, campaign, *key)
    known = official_counts(campaign, [area.code])
    return [card_of(row, campaign, figures, daily, known.get((area.code, row.service_id)), day, is_sum) for row in rows]


def days_of(area: Area, campaign: Campaign, service: str, rung: str) -> dict[date, int]:
    """Persons reported by day for one service and rung, over the whole campaign. One statement."""
    rows = ledger.tallies_by_day(area, service, rung, from_on=campaign.starts_on, to_on=campaign.ends_on)
    return {day: count for (day, state), count in rows.items() if state == REPORTED}


def hamlet_rows(area: Area, campaign: Campaign | None, keys: Iterable[Key]) -> list[HamletRow]:
    """The hamlets of a commune with their figures on these targets; «Chưa rõ thôn» only where it holds one. Three
    statements."""
    wanted = set(keys)
    figures = (
        ledger.tallies_by_child(area, from_on=campaign.starts_on, to_on=campaign.ends_on) if campaign and wanted else {}
    )
    doors = {
        row["hamlet_id"]: row
        for row in Household.objects.filter(commune=area)
        .exclude(status__in=[Household.Status.MERGED, Household.Status.MOVED])
        .values("hamlet_id")
        .annotate(households=Count("pk"), waiting=Count("pk", filter=Q(status=Household.Status.WAITING)))
        .order_by()
    }
    rows = []
    hamlets = Area.objects.filter(parent=area, level=Area.Level.HAMLET, retired_on__isnull=True)
    for hamlet in hamlets.order_by("is_unlisted", "sort_key"):
        mine, door = figures.get(hamlet.code, {}), doors.get(hamlet.code, {})
        row = HamletRow(
            code=hamlet.code,
            name=hamlet.full_name,
            reported=sum_of(mine, wanted, REPORTED),
            verified=sum_of(mine, wanted, VERIFIED),
            households=door.get("households", 0),
            waiting=door.get("waiting", 0),
            is_unlisted=hamlet.is_unlisted,
        )
        if not hamlet.is_unlisted or row.reported or row.households:
            rows.append(row)
    return rows


def coming_sessions(area: Area) -> list[Any]:
    """The open sessions of the next seven days with how many people go, in order. One statement."""
    start = start_of_day(today())
    rows = Session.objects.filter(area=area, status=Session.Status.OPEN, ends_at__gte=now(), starts_at__lt=start + WEEK)
    return list(with_figures(rows).order_by("starts_at"))


def freshness(area: Area) -> Freshness:
    """Devices in use beneath an area, and how many of them reported in 24 hours. One statement."""
    moment = now()
    rows = Device.objects.all().beneath(area.scope).filter(revoked_at__isnull=True, token_expires_at__gt=moment)
    seen = Count("pk", filter=Q(last_seen_at__gte=moment - timedelta(hours=24)), distinct=True)
    figures = rows.aggregate(devices=Count("pk", distinct=True), fresh=seen)
    return Freshness(devices_synced_24h=figures["fresh"], devices=figures["devices"])


def children_figures(area: Area, campaign: Campaign | None, keys: Iterable[Key]) -> list[dict[str, Any]]:
    """What the API tells of the places right beneath: their figures and targets on these keys. Three statements."""
    if campaign is None or area.level == Area.Level.HAMLET:
        return []
    wanted = sorted(set(keys))
    figures = ledger.tallies_by_child(area, from_on=campaign.starts_on, to_on=campaign.ends_on)
    own: dict[tuple[str, str, str], int] = {
        (row.area_id, row.service_id, row.rung): row.number for row in targets_of(campaign).filter(area__parent=area)
    }
    answer = []
    for child in Area.objects.filter(parent=area, retired_on__isnull=True).order_by("is_unlisted", "sort_key"):
        mine = figures.get(child.code, {})
        if child.is_unlisted and not any(mine.values()):
            continue
        lines = [
            {
                "service": service,
                "rung": rung,
                "target": own.get((child.code, service, rung)),
                "reported": mine.get((service, rung, REPORTED), 0),
                "verified": mine.get((service, rung, VERIFIED), 0),
            }
            for service, rung in wanted
        ]
        answer.append({"code": child.code, "name": child.full_name, "level": child.level, "targets": lines})
    return answer


def card_of(
    row: Target,
    campaign: Campaign,
    figures: Figures,
    daily: Mapping[Key, Mapping[date, int]],
    official: OfficialCount | None,
    day: date,
    is_sum: bool,
) -> TargetCard:
    """One target with its figures, forecast and bar."""
    key = (row.service_id, row.rung)
    number = row.number if row.number else None
    reported, verified = figures.get((*key, REPORTED), 0), figures.get((*key, VERIFIED), 0)
    service = catalog.service(row.service_id)
    known: dict[str, Any] = {
        "service": row.service_id,
        "name": service.name if service else row.service_id,
        "short": service.short if service else row.service_id,
        "icon": service.icon if service else "target",
        "rung": row.rung,
        "rung_name": rung_names().get(row.rung, row.rung),
        "number": number,
        "due_on": row.due_on,
        "reported": reported,
        "verified": verified,
        "forecast": forecast(
            daily.get(key, {}),
            done=reported,
            target=number,
            first_day=campaign.starts_on,
            due_on=row.due_on,
            today=day,
        ),
        "percent": float(row.percent) if row.percent is not None else None,
        "base": row.base,
        "base_source": row.base_source,
        "document": row.document,
        "official": official.count if official else None,
        "official_on": official.as_of if official else None,
        "official_source": official.source if official else "",
        "is_sum": is_sum,
    }
    card = TargetCard(**known)
    label = _("%(name)s: %(reported)s reported, %(verified)s verified, target %(target)s") % {
        "name": card.name,
        "reported": reported,
        "verified": verified,
        "target": number if number is not None else "–",
    }
    # charts.bar escapes its label; nothing else in it comes from people.
    return replace(card, picture=mark_safe(charts.bar(reported, verified, number, card.full, label)))


def summed(rows: Iterable[Target]) -> list[Target]:
    """One unsaved target a service and rung: the sum of the communes', due when the last of them is."""
    sums: dict[Key, Target] = {}
    for row in rows:
        key = (row.service_id, row.rung)
        if key not in sums:
            sums[key] = Target(
                campaign_id=row.campaign_id, service_id=row.service_id, rung=row.rung, number=0, due_on=row.due_on
            )
        sums[key].number += row.number
        sums[key].due_on = max(sums[key].due_on, row.due_on)
    return list(sums.values())


def _unnumbered(row: Target) -> Target:
    return Target(campaign_id=row.campaign_id, service_id=row.service_id, rung=row.rung, number=0, due_on=row.due_on)


def sum_of(figures: Figures, keys: Iterable[Key], state: str) -> int:
    """Persons over several targets in one state."""
    return sum(figures.get((*key, state), 0) for key in keys)
