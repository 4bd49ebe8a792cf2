"""Rows → boards: what the pages of a commune and of a province show, put together from the reads."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from project.accounts.models import User
from volunteers.activations import queries as ledger
from volunteers.areas.models import Area
from volunteers.dashboards import charts
from volunteers.dashboards.cards import (
    BEHIND,
    SILENT,
    CommuneBoard,
    CommuneRow,
    Facts,
    ProvinceBoard,
    TargetCard,
    first_steps,
    main_target,
    next_tasks,
)
from volunteers.dashboards.queries import (
    REPORTED,
    VERIFIED,
    Figures,
    card_of,
    cards_of,
    coming_sessions,
    days_of,
    freshness,
    hamlet_rows,
    sum_of,
    summed,
    target_cards,
)
from volunteers.requests.models import HelpRequest
from volunteers.requests.queries import late_now, open_for_board
from volunteers.targets.models import Campaign, Target
from volunteers.targets.queries import campaigns_beneath
from volunteers.teams.models import Team

PACE_DAYS = 14  # today among them: the pace of a commune in its province's list


def commune_board(user: User, area: Area, campaign: Campaign | None, *, day: date) -> CommuneBoard:
    """A commune: its targets, the next things to do, hamlets, help requests, this week's sessions. About 15 statements,
    whatever the size of the ledger."""
    cards = target_cards(area, campaign, day=day)
    main = main_target(cards)
    daily = days_of(area, campaign, main.service, main.rung) if campaign and main else {}
    hamlets = hamlet_rows(area, campaign, [(card.service, card.rung) for card in cards])
    sessions = coming_sessions(area)
    asked = HelpRequest.objects.all().beneath(area.scope).open().order_by()
    waiting = asked.aggregate(
        all=Count("pk"),
        new=Count("pk", filter=Q(status=HelpRequest.Status.RECEIVED)),
        late=Count("pk", filter=late_now()),
    )
    facts = Facts(
        has_campaign=campaign is not None,
        is_campaign_over=campaign is not None and campaign.ends_on < day,
        targets=len(cards),
        teams=Team.objects.filter(area=area, is_active=True).count(),
        households=sum(row.households for row in hamlets),
        waiting=sum(row.waiting for row in hamlets),
        late_requests=waiting["late"],
        new_requests=waiting["new"],
        sessions=len(sessions),
        empty_sessions=sum(1 for row in sessions if not row.going and not row.crew_count),
        flags=ledger.open_flags(user).filter(hamlet__parent=area).order_by().count(),
        behind=main if main is not None and main.state in (BEHIND, SILENT) else None,
    )
    return CommuneBoard(
        area=area,
        campaign=campaign,
        targets=cards,
        main=main,
        burn_up=_burn_up(daily, campaign, main, day) if campaign and main else "",
        days=_totals(daily),
        tasks=next_tasks(facts),
        hamlets=hamlets,
        requests=open_for_board(area.scope) if waiting["all"] else [],
        request_count=waiting["all"],
        sessions=sessions,
        freshness=freshness(area),
        steps=first_steps(facts),
    )


def province_board(area: Area, *, day: date, service: str = "") -> ProvinceBoard:
    """A province: its targets, and every commune in the order of what needs attention. Nine statements.

    `service` narrows the communes' bars to one service; empty: all services of their targets together.
    """
    communes = list(Area.objects.filter(parent=area, level=Area.Level.COMMUNE, retired_on__isnull=True))
    shown = campaigns_beneath(area, [commune.code for commune in communes], day)
    campaign = shown.get(area.code)
    targets = Target.objects.current().filter(campaign__in=set(shown.values()), team__isnull=True)
    by_area: dict[str, list[Target]] = {}
    for target in targets.filter(Q(area=area) | Q(area__parent=area)).order_by("service__position", "rung"):
        if shown[target.area_id].pk == target.campaign_id:
            by_area.setdefault(target.area_id, []).append(target)
    totals = _by_window(area, shown.values())
    two_weeks = ledger.tallies_by_child(area, from_on=day - timedelta(days=PACE_DAYS - 1), to_on=day)
    late = dict(
        HelpRequest.objects.all()
        .beneath(area.scope)
        .filter(late_now())
        .values_list("area_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    rows = [
        _commune_row(
            commune,
            shown.get(commune.code),
            [row for row in by_area.get(commune.code, []) if service in ("", row.service_id)],
            totals,
            two_weeks.get(commune.code, {}),
            late.get(commune.code, 0),
            day,
        )
        for commune in communes
    ]
    own = by_area.pop(area.code, [])
    cards = cards_of(area, campaign, own, day, False) if own else _sum_cards(by_area, shown, totals, day)
    return ProvinceBoard(
        area=area,
        campaign=campaign,
        targets=cards,
        communes=sorted(rows, key=lambda row: row.order),
        late_requests=sum(late.values()),
        freshness=freshness(area),
    )


def _sum_cards(
    by_area: dict[str, list[Target]],
    shown: dict[str, Campaign],
    totals: dict[tuple[date, date], dict[str, Any]],
    day: date,
) -> list[TargetCard]:
    """The communes' targets added up, each with the figures of its own campaign's days; no pace, so no forecast."""
    figures: dict[tuple[str, str, str], int] = {}
    for code, rows in by_area.items():
        mine = totals[(shown[code].starts_on, shown[code].ends_on)].get(code, {})
        for row in rows:
            for state in (REPORTED, VERIFIED):
                key = (row.service_id, row.rung, state)
                figures[key] = figures.get(key, 0) + mine.get(key, 0)
    sums = summed(row for rows in by_area.values() for row in rows)
    return [card_of(row, shown[next(iter(by_area))], figures, {}, None, day, True) for row in sums]


def _commune_row(
    commune: Area,
    campaign: Campaign | None,
    targets: list[Target],
    totals: dict[tuple[date, date], dict[str, Any]],
    two_weeks: Figures,
    late: int,
    day: date,
) -> CommuneRow:
    keys = [(row.service_id, row.rung) for row in targets]
    figures = totals[(campaign.starts_on, campaign.ends_on)].get(commune.code, {}) if campaign else {}
    reported, verified = sum_of(figures, keys, REPORTED), sum_of(figures, keys, VERIFIED)
    goal = sum(row.number for row in targets)
    remaining = sum(max(0, row.number - figures.get((row.service_id, row.rung, REPORTED), 0)) for row in targets)
    due = max((row.due_on for row in targets), default=day)
    days_left = max(0, (due - day).days)
    lately = sum_of(two_weeks, keys, REPORTED)
    days = min(PACE_DAYS, (day - campaign.starts_on).days + 1) if campaign else 0
    label = _("%(reported)s reported, %(verified)s verified, target %(target)s") % {
        "reported": reported,
        "verified": verified,
        "target": goal or "–",
    }
    return CommuneRow(
        code=commune.code,
        name=commune.full_name,
        reported=reported,
        verified=verified,
        target=goal,
        remaining=remaining,
        pace_per_day=lately / days if days > 0 else 0.0,
        needed_per_day=remaining / max(1, days_left) if remaining and day <= due else 0.0,
        days_left=days_left,
        late_requests=late,
        lately=lately,
        has_campaign=campaign is not None,
        is_running=campaign is not None and campaign.starts_on <= day <= campaign.ends_on,
        is_over=day > due,
        picture=mark_safe(charts.bar(reported, verified, goal or None, max(goal, 1), label)) if goal else "",
    )


def _by_window(area: Area, campaigns: Iterable[Campaign]) -> dict[tuple[date, date], dict[str, Any]]:
    """Figures by child for each pair of first and last day among the campaigns: one statement a pair, mostly one."""
    windows = {(campaign.starts_on, campaign.ends_on) for campaign in campaigns}
    return {(first, last): ledger.tallies_by_child(area, from_on=first, to_on=last) for first, last in windows}


def _burn_up(daily: Mapping[date, int], campaign: Campaign, card: TargetCard, day: date) -> Any:
    ahead = card.forecast
    label = _("%(name)s by day: %(reported)s so far, %(low)s to %(high)s expected on the due date") % {
        "name": card.name,
        "reported": card.reported,
        "low": ahead.low,
        "high": ahead.high,
    }
    picture = charts.burn_up(
        daily,
        first_day=campaign.starts_on,
        last_day=max(card.due_on, campaign.starts_on),
        today=day,
        done=card.reported,
        target=card.number,
        expected=None if ahead.pace_per_day is None or ahead.is_over else (ahead.low, ahead.on_due, ahead.high),
        label=label,
    )
    return mark_safe(picture)  # the chart escapes its label


def _totals(daily: Mapping[date, int]) -> list[tuple[date, int, int]]:
    total, rows = 0, []
    for day in sorted(daily):
        total += daily[day]
        rows.append((day, daily[day], total))
    return rows[::-1]
