"""The shapes of the progress API (contract §5)."""

from datetime import date, datetime

from ninja import Schema


class FreshnessOut(Schema):
    """How much of the field has reported: numerator and denominator."""

    devices_synced_24h: int
    devices: int


class ForecastOut(Schema):
    """Totals expected on the due date with an 80 % band; `reach_on` null if it is not in sight within a year."""

    on_due: int
    low: int
    high: int
    reach_on: date | None
    is_rough: bool


class TargetOut(Schema):
    """One target: persons. `target` null where a hamlet has none of its own. Official: the newest published count."""

    service: str
    rung: str
    target: int | None
    percent: float | None
    base: int | None
    base_source: str
    due: date
    reported: int
    verified: int
    official: int | None
    official_as_of: date | None
    pace_per_day: float | None
    needed_per_day: float | None
    forecast: ForecastOut


class ChildTargetOut(Schema):
    """One target's figures in a place beneath."""

    service: str
    rung: str
    target: int | None
    reported: int
    verified: int


class ChildOut(Schema):
    """A place right beneath: a commune of a province, a hamlet of a commune."""

    code: str
    name: str
    level: str
    targets: list[ChildTargetOut]


class CampaignOut(Schema):
    """The campaign whose days bound the figures."""

    slug: str
    name: str
    starts_on: date
    ends_on: date


class ProgressOut(Schema):
    """Where an area stands."""

    area: str
    name: str
    level: str
    as_of: datetime
    campaign: CampaignOut | None
    freshness: FreshnessOut
    targets: list[TargetOut]
    children: list[ChildOut]
