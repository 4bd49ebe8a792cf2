"""The drives: the province's and those of the lively communes, with targets for every service."""

from datetime import date, timedelta
from decimal import Decimal

from learning import catalog
from project.accounts.models import User
from project.demo.people import Staff
from project.demo.plans import DAYS_AFTER, DAYS_BEFORE, SERVICES
from project.lib.clock import frozen, start_of_day
from volunteers.activations import queries as ledger
from volunteers.areas.models import Area
from volunteers.targets.actions import open_campaign
from volunteers.targets.models import Campaign, OfficialCount, Target

NAME = "Đợt 70 ngày gõ cửa, trao tay"
DOCUMENT = "01/KH-MẪU"  # a sample number: no real plan
# How far each service of a lively commune has come, in percent of its target.
REACHED = {
    "vneid_l1": 62, "vneid_l2": 48, "portal": 41, "esign": 24, "epay": 55, "docs": 37, "health_book": 33, "ssa": 29,
    "safety": 68,
}  # fmt: skip
UNTOUCHED = {
    "vneid_l1": 40, "vneid_l2": 90, "portal": 70, "esign": 24, "epay": 50, "docs": 54, "health_book": 60, "ssa": 45,
    "safety": 150,
}  # fmt: skip
OFFICIAL = ("vneid_l2", "health_book")


def open_drive(area: Area, by: User, today: date) -> Campaign:
    """The campaign `demo-<code>`, from three weeks ago to seven weeks ahead."""
    first = today - timedelta(days=DAYS_BEFORE)
    with frozen(start_of_day(first) - timedelta(days=2)):
        return open_campaign(
            area, by=by, name=NAME, starts_on=first, ends_on=today + timedelta(days=DAYS_AFTER),
            slug=f"demo-{area.code}", document=DOCUMENT,
        )  # fmt: skip


def set_targets(campaign: Campaign, staff: Staff, by: User, percent: int = 0) -> dict[str, int]:
    """A target for each service at its goal rung, set so that the figures stand where REACHED (or `percent`) says.

    A commune without a figure gets round numbers. Returns service → number.
    """
    done = ledger.tallies_of(staff.commune, from_on=campaign.starts_on, to_on=campaign.ends_on)
    goals = catalog.goal_rungs()
    numbers: dict[str, int] = {}
    rows = []
    for code in SERVICES:
        reported = done.get((code, goals[code], "reported"), 0)
        share = percent or REACHED[code]
        numbers[code] = max(5, -(-reported * 100 // share)) if done else UNTOUCHED[code]
        rows.append(_target(campaign, staff.commune, code, numbers[code], by))
        if code == OFFICIAL[0]:  # told as half of a known number of people
            rows[-1].percent, rows[-1].base = Decimal(50), numbers[code] * 2
            rows[-1].base_source = "Danh sách người từ 60 tuổi của xã (số liệu mẫu)"
    Target.objects.bulk_create(rows)
    return numbers


def set_province_targets(campaign: Campaign, numbers: dict[str, int], by: User) -> None:
    """The province's own targets: what its communes were given, together."""
    Target.objects.bulk_create(_target(campaign, campaign.area, code, numbers[code], by) for code in SERVICES)


def publish_counts(campaign: Campaign, area: Area, today: date) -> None:
    """What the police and the health office published some days ago: a third number, never quite ours."""
    done = ledger.tallies_of(area, from_on=campaign.starts_on, to_on=campaign.ends_on)
    goals = catalog.goal_rungs()
    OfficialCount.objects.bulk_create(
        OfficialCount(
            campaign=campaign, area=area, service_id=code,
            count=done.get((code, goals[code], "reported"), 0) * 23 // 20,
            as_of=today - timedelta(days=3), source="Số liệu mẫu",
        )
        for code in OFFICIAL
    )  # fmt: skip


def _target(campaign: Campaign, area: Area, code: str, number: int, by: User) -> Target:
    return Target(
        campaign=campaign, area=area, service_id=code, rung=catalog.goal_rungs()[code], number=number,
        due_on=campaign.ends_on - timedelta(days=7), document=DOCUMENT, created_by=by, created_at=campaign.created_at,
    )  # fmt: skip
