"""The official catalogue into our tables: provinces, communes, their dated names, the names of before July 2025."""

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from project.accounts.models import User
from project.lib.clock import today
from project.lib.vietnamese import fold, place_key
from volunteers.access.actions import rescope
from volunteers.access.policy import require
from volunteers.access.roles import ROOT_SCOPE
from volunteers.access.scoping import beneath
from volunteers.areas.models import Area, AreaName, LegacyName
from volunteers.audit.log import record

FIXTURES = Path(__file__).resolve().parent / "fixtures"
AREAS_FILE = FIXTURES / "areas.csv"
LEGACY_FILE = FIXTURES / "legacy_names.csv"
UNLISTED_NAME = "Chưa rõ thôn"  # the hamlet `<commune>-h0` of contract §3
COLUMNS = {"code", "level", "kind", "name", "full_name", "parent_code"}
BATCH = 500


class CatalogueRefused(ValueError):
    """A file that is not the catalogue: str() says which line or column is wrong."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One row of the catalogue (areas.csv)."""

    code: str
    level: str
    kind: str
    name: str
    full_name: str
    parent_code: str
    valid_from: date | None
    source: str


@dataclass(slots=True)
class Loaded:
    """What a run of the catalogue did."""

    provinces: int = 0
    communes: int = 0
    created: int = 0
    renamed: int = 0
    retired: int = 0

    def to_json(self) -> dict[str, int]:
        """The report of contract §2."""
        return asdict(self)


def read_units(path: Path) -> list[Unit]:
    """The rows of a catalogue file, provinces first; CatalogueRefused if one cannot be right."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = COLUMNS - set(reader.fieldnames or [])
        if missing:
            raise CatalogueRefused(f"columns are missing: {', '.join(sorted(missing))}")
        units = [_unit(row, reader.line_num) for row in reader]
    if not units:
        raise CatalogueRefused("the file has no rows")
    codes = [unit.code for unit in units]
    if len(set(codes)) != len(codes):
        raise CatalogueRefused("a code stands twice")
    provinces = {unit.code for unit in units if unit.level == Area.Level.PROVINCE}
    for unit in units:
        if unit.level == Area.Level.COMMUNE and unit.parent_code not in provinces:
            raise CatalogueRefused(f"{unit.code}: its province {unit.parent_code!r} is not in the file")
    return sorted(units, key=lambda unit: (unit.level != Area.Level.PROVINCE, unit.code))


def _unit(row: dict[str, str], line: int) -> Unit:
    code, level, kind = row["code"].strip(), row["level"].strip(), row["kind"].strip()
    digits = {Area.Level.PROVINCE: 2, Area.Level.COMMUNE: 5}.get(level)  # type: ignore[call-overload]
    if digits is None or not code.isdigit() or len(code) != digits or kind not in Area.Kind.values:
        raise CatalogueRefused(f"line {line}: not a province or commune: {code!r} {level!r} {kind!r}")
    told = (row.get("valid_from") or "").strip()
    return Unit(
        code=code, level=level, kind=kind, name=row["name"].strip(), full_name=row["full_name"].strip(),
        parent_code=row["parent_code"].strip(), valid_from=date.fromisoformat(told) if told else None,
        source=(row.get("note_source") or "").strip(),
    )  # fmt: skip


def load_areas(
    path: Path | None = None, *, by: User | None = None, legacy: Path | None = None, dry_run: bool = False
) -> Loaded:
    """Bring provinces and communes in step with the catalogue; a second run writes nothing.

    Upserts by code. A new name closes the old one and opens a dated one; a name that the area has already left is
    older than what we know and changes nothing. A commune that its province's file no longer names is retired; a
    province that the file does not name at all is left alone unless all its communes have gone elsewhere, so that
    the file of one province retires nobody else's. Each commune gets its unlisted hamlet.
    """
    require(by, "token.mint", ROOT_SCOPE)  # the country's catalogue is the administrators'
    units = read_units(path or AREAS_FILE)
    with transaction.atomic():
        run = _Run(units)
        run.write(by)
        _load_legacy(legacy or LEGACY_FILE)
        if dry_run:
            transaction.set_rollback(True)
    return run.report


class _Run:
    """One pass: first what is to be done, then the few statements that do it."""

    def __init__(self, units: list[Unit]) -> None:
        self.units = units
        self.known = Area.objects.exclude(level=Area.Level.HAMLET).in_bulk()
        self.current = {row.area_id: row for row in AreaName.objects.filter(valid_to__isnull=True)}
        self.left: dict[str, set[str]] = {}
        for area_id, name in AreaName.objects.filter(valid_to__isnull=False).values_list("area_id", "full_name"):
            self.left.setdefault(area_id, set()).add(name)
        self.with_unlisted = set(Area.objects.filter(is_unlisted=True).values_list("parent_id", flat=True))
        self.report = Loaded(
            provinces=sum(unit.level == Area.Level.PROVINCE for unit in units),
            communes=sum(unit.level == Area.Level.COMMUNE for unit in units),
        )
        self.made: list[Area] = []
        self.names: list[AreaName] = []
        self.changed: list[Area] = []
        self.closed: list[AreaName] = []
        self.renamed: list[Area] = []
        self.moved: list[tuple[Area, str]] = []  # with the scope before

    def write(self, by: User | None) -> None:
        """Everything, in the caller's transaction."""
        for unit in self.units:
            area = self.known.get(unit.code)
            if area is None:
                self._create(unit)
            else:
                self._update(area, unit)
        retired = self._gone()
        Area.objects.bulk_create(self.made, batch_size=BATCH)
        fields = ["kind", "name", "full_name", "folded", "sort_key", "parent", "scope", "retired_on"]
        Area.objects.bulk_update([*self.changed, *retired], fields, batch_size=BATCH)
        AreaName.objects.bulk_update(self.closed, ["valid_to"], batch_size=BATCH)
        AreaName.objects.bulk_create(self.names, batch_size=BATCH)
        self._unlisted_hamlets()
        for area, was in self.moved:
            _move_beneath(was, area, by)
        self.report.created = sum(area.level != Area.Level.HAMLET for area in self.made)
        self.report.renamed, self.report.retired = len(self.renamed), len(retired)
        self._tell(retired, by)

    def _create(self, unit: Unit) -> None:
        parent = self.known[unit.parent_code] if unit.parent_code else None
        area = Area(
            code=unit.code, level=unit.level, parent=parent, scope=Area.scope_for(unit.code, parent), **named(unit)
        )  # fmt: skip
        self.known[unit.code] = area
        self.made.append(area)
        self.names.append(dated_name(area, unit.valid_from, unit.source))

    def _update(self, area: Area, unit: Unit) -> None:
        values = named(unit)
        before = area.scope
        if unit.full_name != area.full_name and self._is_older(unit):
            values = named(area)
        elif unit.full_name != area.full_name or unit.kind != area.kind:
            since = unit.valid_from or today()
            held = self.current.get(area.code)
            if held is not None:
                if held.valid_from is not None and since <= held.valid_from:
                    since = max(today(), held.valid_from + timedelta(days=1))
                held.valid_to = since - timedelta(days=1)
                self.closed.append(held)
            self.renamed.append(area)
        elif area.code not in self.current:  # made by hand: give it its name in force
            self.names.append(dated_name(area, unit.valid_from, unit.source))
        parent = self.known[unit.parent_code] if unit.parent_code else None
        values |= {"parent_id": parent.code if parent else None, "scope": Area.scope_for(area.code, parent)}
        values["retired_on"] = None
        if any(getattr(area, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(area, name, value)
            self.changed.append(area)
        if self.renamed and self.renamed[-1] is area:
            self.names.append(dated_name(area, since, unit.source))
        if area.scope != before:
            self.moved.append((area, before))

    def _is_older(self, unit: Unit) -> bool:
        """Whether the file tells a name that the area has left since (a rename reached us before the catalogue)."""
        if unit.full_name not in self.left.get(unit.code, set()):
            return False
        held = self.current.get(unit.code)
        return not (held and unit.valid_from and held.valid_from and unit.valid_from > held.valid_from)

    def _gone(self) -> list[Area]:
        told = {unit.code for unit in self.units}
        live = [area for area in self.known.values() if area.retired_on is None and area.code not in told]
        gone = [area for area in live if area.level == Area.Level.COMMUNE and area.parent_id in told]
        held = {
            area.parent_id
            for area in self.known.values()
            if area.level == Area.Level.COMMUNE and area.retired_on is None and area not in gone
        }
        had = {was.rsplit("/", 3)[1] for _area, was in self.moved}
        gone += [a for a in live if a.level == Area.Level.PROVINCE and a.code not in held and a.code in had]
        for area in gone:
            area.retired_on = today()
        return gone

    def _unlisted_hamlets(self) -> None:
        hamlets = [
            unlisted_hamlet(area)
            for area in self.known.values()
            if area.level == Area.Level.COMMUNE and area.code not in self.with_unlisted
        ]
        Area.objects.bulk_create(hamlets, batch_size=BATCH)

    def _tell(self, retired: list[Area], by: User | None) -> None:
        if self.made:
            record("area.loaded", self.made[0], by=by, scope=ROOT_SCOPE, created=self.report.created)
        for area in self.renamed:
            record("area.renamed", area, by=by)
        for area in retired:
            record("area.retired", area, by=by)


def named(source: Unit | Area) -> dict[str, Any]:
    """The columns that hang on a name: kind, name, full name, the folded key and the sort key."""
    return {
        "kind": source.kind,
        "name": source.name,
        "full_name": source.full_name,
        "folded": fold(source.full_name),
        "sort_key": place_key(source.name)[:100],
    }


def dated_name(area: Area, since: date | None, source: str = "") -> AreaName:
    """The present name of `area` as a row of its history, not saved."""
    return AreaName(
        area=area, kind=area.kind, name=area.name, full_name=area.full_name, folded=fold(area.full_name),
        valid_from=since, source=source[:200],
    )  # fmt: skip


def unlisted_hamlet(commune: Area) -> Area:
    """The hamlet `<commune>-h0` «Chưa rõ thôn», not saved: records whose hamlet is unknown still add up."""
    code = f"{commune.code}-h0"
    return Area(
        code=code, level=Area.Level.HAMLET, kind=Area.Kind.THON, name=UNLISTED_NAME, full_name=UNLISTED_NAME,
        folded=fold(UNLISTED_NAME), sort_key="", parent=commune, scope=Area.scope_for(code, commune), is_unlisted=True,
    )  # fmt: skip


def _move_beneath(was: str, area: Area, by: User | None) -> None:
    """A commune changed its province: the scopes of its hamlets and of all grants beneath follow it."""
    hamlets = list(Area.objects.filter(beneath("scope", was), level=Area.Level.HAMLET))
    for hamlet in hamlets:
        hamlet.scope = area.scope + hamlet.scope[len(was) :]
    Area.objects.bulk_update(hamlets, ["scope"], batch_size=BATCH)
    rescope(was, area.scope, by=by)
    record("area.moved", area, by=by, was=was)


def _load_legacy(path: Path) -> None:
    """Bring the old names in step with the file; rows of areas that we do not know are left out."""
    known = set(Area.objects.exclude(level=Area.Level.HAMLET).values_list("code", flat=True))
    wanted: dict[tuple[str, ...], LegacyName] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["new_code"] in known:
                old = _legacy(row)
                wanted[_legacy_key(old)] = old
    held = {_legacy_key(row): row for row in LegacyName.objects.all()}
    fields = [f.attname for f in LegacyName._meta.concrete_fields if f.name != "id"]
    stale = [
        row.pk
        for key, row in held.items()
        if key not in wanted or any(getattr(row, name) != getattr(wanted[key], name) for name in fields)
    ]
    gone = set(stale)
    fresh = [row for key, row in wanted.items() if key not in held or held[key].pk in gone]
    for part in _parts(stale):
        LegacyName.objects.filter(pk__in=part).delete()
    LegacyName.objects.bulk_create(fresh, batch_size=BATCH)


def _legacy(row: dict[str, str]) -> LegacyName:
    return LegacyName(
        old_code=row["old_code"], old_level=row["old_level"], name=row["old_name"], full_name=row["old_full_name"],
        folded=fold(row["old_full_name"]), district=row["old_district"], district_folded=fold(row["old_district"]),
        province=row["old_province"], area_id=row["new_code"], is_part=row["share"] == "part",
        is_main=row["main"] == "yes", until=date.fromisoformat(row["until"]) if row["until"] else None,
    )  # fmt: skip


def _legacy_key(row: LegacyName) -> tuple[str, ...]:
    return (row.old_code, row.old_level, row.area_id, row.full_name)


def _parts(keys: list[int]) -> Iterable[list[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
