"""Verbs of campaigns and targets: open, edit, set, drop; take in files of targets and of published counts."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from learning import catalog
from project.accounts.models import User
from project.lib.clock import now
from project.lib.import_report import ImportReport
from project.lib.input_guard import check
from project.lib.spreadsheets import Table
from project.lib.vietnamese import slug as slug_of
from volunteers.access.policy import require
from volunteers.areas.models import Area
from volunteers.audit.log import record
from volunteers.targets.importers import official_rows, target_rows
from volunteers.targets.models import Campaign, OfficialCount, Target
from volunteers.targets.rules import default_slots, number_of, rung_fits
from volunteers.teams.models import Team

EDITABLE = ("name", "starts_on", "ends_on", "document", "slots", "required_lessons")
CREATED, UPDATED, SAME = "created", "updated", "duplicates"
Progress = Callable[[int], None]


def open_campaign(area: Area, *, by: User | None, name: str, starts_on: date, ends_on: date, **more: Any) -> Campaign:
    """A new campaign of a province or a commune. `more`: slug, document, slots, required_lessons."""
    require(by, "campaign.manage", area)
    _no_secrets(name=name, document=more.get("document", ""))
    if area.level == Area.Level.HAMLET:
        raise ValidationError(_("A campaign belongs to a commune or a province, not to a hamlet."))
    _check_days(starts_on, ends_on)
    with transaction.atomic():
        campaign = Campaign.objects.create(
            area=area,
            name=name,
            starts_on=starts_on,
            ends_on=ends_on,
            slug=_free_slug(more.get("slug") or f"{slug_of(name)[:40] or 'dot'}-{area.code}"),
            document=more.get("document", ""),
            slots=more.get("slots") or default_slots(),
            required_lessons=more.get("required_lessons") or [],
            created_by=by,
        )
        record("campaign.opened", campaign, by=by, starts_on=starts_on, ends_on=ends_on)
    return campaign


def edit_campaign(campaign: Campaign, *, by: User | None, **changes: Any) -> Campaign:
    """Change name, days, document, slots or lessons. Counts follow the days by themselves: none is stored here."""
    require(by, "campaign.manage", campaign)
    changed = [key for key in EDITABLE if key in changes and getattr(campaign, key) != changes[key]]
    if not changed:
        return campaign
    _no_secrets(name=changes.get("name", ""), document=changes.get("document", ""))
    _check_days(changes.get("starts_on", campaign.starts_on), changes.get("ends_on", campaign.ends_on))
    with transaction.atomic():
        for key in changed:
            setattr(campaign, key, changes[key])
        campaign.save(update_fields=changed)
        record("campaign.edited", campaign, by=by, fields=changed)
    return campaign


def set_target(
    campaign: Campaign,
    *,
    area: Area,
    service: str,
    by: User | None,
    rung: str = "",
    number: int | None = None,
    percent: Decimal | None = None,
    base: int | None = None,
    base_source: str = "",
    due_on: date | None = None,
    document: str = "",
    team: Team | None = None,
    reason: str = "",
) -> tuple[Target, str]:
    """Set or change a target: a number of persons, or a percent of a base. Returns it and its fate
    (created, updated, duplicates).

    A change is a new version with its author and `reason` (required then); the older version stays. Who manages
    the level above hands a target down: the province to its communes, a commune to its hamlets and teams.
    `rung` empty: the service's goal rung. Shape errors are ValidationError with the field's name.
    """
    require(by, "campaign.manage", _answerable(campaign, area, team))
    _no_secrets(document=document, base_source=base_source, reason=reason)
    values = _checked(campaign, area, service, rung, number, percent, base, due_on, team)
    values |= {"base_source": base_source, "document": document}
    key = {"campaign": campaign, "area": area, "team": team, "service_id": service, "rung": values.pop("rung")}
    with transaction.atomic():
        old = Target.objects.select_for_update().current().filter(**key).first()
        if old is not None:
            if all(getattr(old, name) == value for name, value in values.items()):
                return old, SAME
            if not reason.strip():
                raise ValidationError({"reason": _("Say why the target changes.")})
            old.superseded_at = now()
            old.save(update_fields=["superseded_at"])
        target = Target.objects.create(**key, **values, reason=reason.strip(), created_by=by)
        record(
            "target.set",
            target,
            by=by,
            service=service,
            rung=target.rung,
            number=target.number,
            replaces=old.pk if old else None,
        )
    return target, UPDATED if old else CREATED


def drop_target(target: Target, *, by: User | None, reason: str) -> None:
    """Take a target out of force; its versions stay. The reason goes into the row, never into the trail."""
    require(by, "campaign.manage", _answerable(target.campaign, target.area, target.team))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the target is dropped.")})
    with transaction.atomic():
        target.superseded_at = now()
        target.reason = reason.strip()
        target.save(update_fields=["superseded_at", "reason"])
        record("target.dropped", target, by=by, service=target.service_id, rung=target.rung)


def import_targets(
    table: Table, campaign: Campaign, *, by: User | None, dry_run: bool = False, tick: Progress | None = None
) -> ImportReport:
    """Take in a file of targets (contract §3); each row whole or not at all. `dry_run`: same report, nothing kept.

    FileRefused (project.lib.spreadsheets) if the file is refused whole. `tick(n)` hears of the rows done.
    """
    require(by, "import.run", campaign)
    report, rows = target_rows(table, campaign)
    with transaction.atomic():
        for row in rows:
            try:
                with transaction.atomic():
                    _target, fate = set_target(campaign, **row.values, by=by)
            except ValidationError as error:
                report.reject(row.number, row.column, row.value, " ".join(error.messages))
            else:
                setattr(report, fate, getattr(report, fate) + 1)
            if tick:
                tick(row.number)
        _close(report, "target.imported", campaign, by, dry_run)
    return report


def import_official(
    table: Table, campaign: Campaign, *, by: User | None, dry_run: bool = False, tick: Progress | None = None
) -> ImportReport:
    """Take in counts that the police or the province published (contract §3), for reconciliation."""
    require(by, "import.run", campaign)
    report, rows = official_rows(table, campaign)
    with transaction.atomic():
        for row in rows:
            values = dict(row.values)
            key = {"campaign": campaign, "area": values.pop("area"), "service_id": values.pop("service")}
            key |= {"as_of": values.pop("as_of")}
            old = OfficialCount.objects.filter(**key).first()
            if old is None:
                OfficialCount.objects.create(**key, **values)
                report.created += 1
            elif (old.count, old.source) == (values["count"], values["source"]):
                report.duplicates += 1
            else:
                old.count, old.source = values["count"], values["source"]
                old.save(update_fields=["count", "source"])
                report.updated += 1
            if tick:
                tick(row.number)
        _close(report, "official.imported", campaign, by, dry_run)
    return report


def _close(report: ImportReport, action: str, campaign: Campaign, by: User | None, dry_run: bool) -> None:
    report.verify()
    rejected = len(report.rejected_rows)
    record(action, campaign, by=by, read=report.read, created=report.created, updated=report.updated, rejected=rejected)
    if dry_run:
        transaction.set_rollback(True)


def _answerable(campaign: Campaign, area: Area, team: Team | None) -> Area:
    """Whose right it takes: the campaign's own area for its own target, else the level above the target's area."""
    if team is not None or area.code == campaign.area_id or area.parent is None:
        return area
    return area.parent


def _check_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise ValidationError({"ends_on": _("The last day lies before the first day.")})


def _no_secrets(**texts: str) -> None:
    for field, text in texts.items():
        if check(text):
            raise ValidationError({field: _("This looks like an ID number, a code or a password. Leave it out.")})


def _checked(
    campaign: Campaign,
    area: Area,
    service: str,
    rung: str,
    number: int | None,
    percent: Decimal | None,
    base: int | None,
    due_on: date | None,
    team: Team | None,
) -> dict[str, Any]:
    """The columns of a target, or ValidationError."""
    found = catalog.service(service)
    if found is None:
        raise ValidationError({"service": _("There is no such service.")})
    rung = rung or found.goal_rung
    if not rung_fits(service, rung):
        raise ValidationError({"rung": _("This service does not have that rung.")})
    if not area.scope.startswith(campaign.area.scope):
        raise ValidationError({"area": _("This place does not lie in the campaign's area.")})
    if team is not None and team.area_id != area.code:
        raise ValidationError({"team": _("This team belongs to another commune.")})
    if percent is not None:
        if not 0 < percent <= 100:
            raise ValidationError({"percent": _("A percent lies between 0 and 100.")})
        if not base:
            raise ValidationError({"base": _("A percent needs its base: how many people are 100 %?")})
        number = number_of(percent, base)
    if not number or number < 0:
        raise ValidationError({"number": _("Give a number of people, at least 1.")})
    due_on = due_on or campaign.ends_on
    if not campaign.starts_on <= due_on <= campaign.ends_on:
        raise ValidationError({"due_on": _("The due date lies outside the campaign's days.")})
    return {"rung": rung, "number": number, "percent": percent, "base": base, "due_on": due_on}


def _free_slug(wish: str) -> str:
    wish = wish[:54].strip("-")
    taken = set(Campaign.objects.filter(slug__startswith=wish).values_list("slug", flat=True))
    if wish not in taken:
        return wish
    return next(name for name in (f"{wish}-{turn}" for turn in range(2, 10_000)) if name not in taken)
