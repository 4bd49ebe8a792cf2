"""Hamlets of a commune from a spreadsheet (contract §3), and how a hamlet is called and numbered."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from project.accounts.models import User
from project.lib.clock import today
from project.lib.geo import LatLng, in_vietnam
from project.lib.import_report import ImportReport
from project.lib.input_guard import check
from project.lib.spreadsheets import (
    CellError,
    Column,
    FileRefused,
    Matched,
    Source,
    Table,
    parse_decimal,
    parse_number,
    read_table,
)
from project.lib.vietnamese import fold, place_key
from volunteers.access.policy import require
from volunteers.areas.adapter import dated_name
from volunteers.areas.models import Area, AreaName
from volunteers.audit.log import record

Progress = Callable[[int], None]

COLUMNS: list[Column] = [
    Column("name", ("Tên thôn", "Thôn/Ấp/Khu phố"), "hamlet", required=True),
    Column("kind", "Loại", "kind"),
    Column("code", "Mã", "code"),
    Column("lat", "Vĩ độ", "latitude"),
    Column("lon", "Kinh độ", "longitude"),
    Column("households", "Số hộ", "household_count"),
    Column("network", "Sóng", "network"),
]
HAMLET_KINDS = (
    Area.Kind.THON, Area.Kind.AP, Area.Kind.BAN, Area.Kind.BUON, Area.Kind.KHU_PHO, Area.Kind.TO_DAN_PHO,
    Area.Kind.KHOM,
)  # fmt: skip
_KINDS = {fold(kind.label): kind for kind in HAMLET_KINDS} | {kind.value: kind for kind in HAMLET_KINDS}
_KIND_WORDS = sorted(_KINDS, key=len, reverse=True)
_OWN_CODE = re.compile(r"[a-z][a-z0-9]{0,11}|[0-9]{1,12}")
_NUMBERED = re.compile(r"h(\d+)")
_NETWORKS = {"": "", "khong": "none", "khong co": "none", "none": "none"} | {
    word: generation for generation in ("2g", "3g", "4g", "5g") for word in (generation, f"song {generation}")
}  # fmt: skip


def hamlet_full_name(kind: str, name: str) -> str:
    """'Thôn 3'; a name that says its kind already («Khu phố Tân Tiến») is not told twice."""
    label = str(Area.Kind(kind).label)
    if fold(name).split(" ")[0] in {word.split(" ")[0] for word in _KIND_WORDS} and _kind_in(name):
        return name[:1].upper() + name[1:]
    return f"{label[:1].upper()}{label[1:]} {name}"


def _kind_in(name: str) -> str:
    folded = fold(name)
    return next((word for word in _KIND_WORDS if folded.startswith(f"{word} ")), "")


def split_kind(text: str) -> tuple[str, str]:
    """'Ấp Tân Lập' → ('ap', 'Tân Lập'); without a kind word ('', text)."""
    text = " ".join(text.split())
    word = _kind_in(text)
    return (_KINDS[word].value, " ".join(text.split()[len(word.split()) :])) if word else ("", text)


def hamlet_row(commune: Area, own: str, *, kind: str, name: str, **facts: Any) -> Area:
    """A hamlet `<commune>-<own>`, not saved. ValueError for a code of other signs than a–z and digits."""
    if not _OWN_CODE.fullmatch(own) or own == "h0":
        raise ValueError(f"not a hamlet's own code: {own!r}")
    code, full = f"{commune.code}-{own}", hamlet_full_name(kind, name)
    return Area(
        code=code, level=Area.Level.HAMLET, kind=kind, name=name, full_name=full, folded=fold(full),
        sort_key=place_key(name)[:100], parent=commune, scope=Area.scope_for(code, commune), **facts,
    )  # fmt: skip


def next_own_codes(commune: Area, count: int) -> list[str]:
    """The next `count` codes h1, h2, … that were never used in the commune, not even by a closed hamlet."""
    owns = (code.rpartition("-")[2] for code in Area.objects.filter(parent=commune).values_list("code", flat=True))
    last = max((int(found[1]) for own in owns if (found := _NUMBERED.fullmatch(own))), default=0)
    return [f"h{last + number}" for number in range(1, count + 1)]


@dataclass(slots=True)
class _Batch:
    commune: Area
    report: ImportReport
    by_code: dict[str, Area]
    by_name: dict[str, Area]
    used: set[str] = field(default_factory=set)
    rows_read: set[str] = field(default_factory=set)
    waiting: list[Area] = field(default_factory=list)  # new ones without a code of their own
    made: list[Area] = field(default_factory=list)
    changed: list[Area] = field(default_factory=list)


def import_hamlets(
    source: Source | Table,
    commune: Area,
    *,
    by: User | None,
    mapping: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Take in the hamlets of one commune; the report of contract §3. Never raises for what is in the file.

    The same hamlet is the same code, else the same name; its facts are brought up to date, its name is not changed
    (that is a rename, with a day). `source`: a path, an open file or a Table. `mapping`: our key → the file's header.
    """
    require(by, "area.edit_hamlets", commune)
    try:
        table = source if isinstance(source, Table) else read_table(source)
        table.refuse_id_numbers()
        matched = _matched(table, mapping)
        with transaction.atomic():
            report = _take_in(table, matched, commune, by, progress)
            if dry_run:
                transaction.set_rollback(True)
    except FileRefused as error:
        return error.report()
    return report


def _matched(table: Table, mapping: Mapping[str, str] | None) -> Matched:
    if mapping is None:
        return table.match(COLUMNS)
    if "name" not in mapping:
        raise FileRefused("missing_column", COLUMNS[0].names[0])
    known = set(mapping.values())
    return Matched(dict(mapping), [header for header in table.headers if header not in known], [])


def _take_in(table: Table, matched: Matched, commune: Area, by: User | None, progress: Progress | None) -> ImportReport:
    Area.objects.select_for_update().get(pk=commune.pk)
    held = list(Area.objects.filter(parent=commune, retired_on__isnull=True))
    report = ImportReport(ignored_columns=list(matched.ignored))
    batch = _Batch(
        commune=commune, report=report, by_code={area.code: area for area in held},
        by_name={area.folded: area for area in held},
        used=set(Area.objects.filter(parent=commune).values_list("code", flat=True)),
    )  # fmt: skip
    for count, (number, values) in enumerate(table, start=1):
        report.read += 1
        _row(batch, number, matched.pick(values), matched.columns)
        if progress is not None:
            progress(count)
    _number_and_save(batch)
    if report.created or report.updated:
        record("hamlet.imported", commune, by=by, created=report.created, updated=report.updated)
    return report


def _row(batch: _Batch, number: int, row: dict[str, str], headers: dict[str, str]) -> None:
    faults: list[tuple[str, Any]] = []
    facts = _facts(row, batch.commune, faults)
    told, name = split_kind(row["name"])
    chosen = _KINDS.get(fold(row["kind"])) if row.get("kind") else None
    if row.get("kind") and chosen is None:
        faults.append(("kind", _("Not a kind of hamlet: thôn, ấp, bản, buôn, khu phố, tổ dân phố, khóm.")))
    kind = str(chosen or told or Area.Kind.THON)
    own = row.get("code", "").strip().lower().removeprefix(f"{batch.commune.code}-")
    if not name or len(name) > 80 or check(row["name"]):
        faults.append(("name", _("Write the name of a hamlet here, at most 80 letters.")))
    if own and (not _OWN_CODE.fullmatch(own) or own == "h0"):
        faults.append(("code", _("A code has only letters a–z and digits, for example h7.")))
    if not faults:
        _place(batch, kind, name, own, facts, faults)
    for key, error in faults:
        header = headers.get(key, key)
        batch.report.reject(number, header, row.get(key, ""), error)


def _place(batch: _Batch, kind: str, name: str, own: str, facts: dict[str, Any], faults: list[tuple[str, Any]]) -> None:
    folded = fold(hamlet_full_name(kind, name))
    code = f"{batch.commune.code}-{own}" if own else ""
    hamlet = batch.by_code.get(code) if code else batch.by_name.get(folded)
    if hamlet is None and folded in batch.by_name:
        faults.append(("code", _("This hamlet has another code here.")))
        return
    if hamlet is not None and hamlet.folded != folded:
        faults.append(("name", _("This code belongs to a hamlet of another name. Rename it on its page.")))
        return
    if hamlet is None:
        if code in batch.used:
            faults.append(("code", _("This code belonged to a hamlet that was closed. Choose another.")))
            return
        made = hamlet_row(batch.commune, own or "h1", kind=kind, name=name, **facts)
        (batch.made if own else batch.waiting).append(made)
        batch.by_name[folded] = made
        if own:
            batch.by_code[code] = made
            batch.used.add(code)
        batch.rows_read.add(folded)
        batch.report.created += 1
        return
    changes = {key: value for key, value in facts.items() if getattr(hamlet, key) != value}
    if folded in batch.rows_read or not changes:
        batch.report.duplicates += 1
        return
    for key, value in changes.items():
        setattr(hamlet, key, value)
    batch.rows_read.add(folded)
    batch.changed.append(hamlet)
    batch.report.updated += 1


def _facts(row: dict[str, str], commune: Area, faults: list[tuple[str, Any]]) -> dict[str, Any]:
    """Only what the file tells: an empty cell leaves the fact as it is."""
    facts: dict[str, Any] = {}
    for key, column in (("lat", "lat"), ("lon", "lon")):
        if row.get(key):
            try:
                facts[column] = parse_decimal(row[key])
            except CellError as error:
                faults.append((key, error.message))
    if ("lat" in facts) != ("lon" in facts) and not faults:
        faults.append(("lat" if "lon" in facts else "lon", _("Write both, latitude and longitude, or neither.")))
    elif "lat" in facts and "lon" in facts:
        point = _point(facts["lat"], facts["lon"])
        if point is None:
            faults.append(("lat", _("This point is not in Viet Nam.")))
        else:
            facts["lat"], facts["lon"] = point.lat, point.lng
    if row.get("households"):
        try:
            number = parse_number(row["households"])
        except CellError as error:
            faults.append(("households", error.message))
        else:
            if number is None or number < 0 or number != int(number) or number > 100_000:
                faults.append(("households", _("Write a whole number here.")))
            else:
                facts["household_count"] = int(number)
    if row.get("network"):
        network = _NETWORKS.get(fold(row["network"]))
        if network is None:
            faults.append(("network", _("Write none, 2g, 3g, 4g or 5g.")))
        else:
            facts["network"] = network
    return facts


def _point(lat: float | None, lon: float | None) -> LatLng | None:
    """The point rounded to about 100 m, or None outside the country."""
    try:
        point = LatLng(float(lat or 0), float(lon or 0))
    except ValueError:
        return None
    return point.rounded() if in_vietnam(point) else None


def _number_and_save(batch: _Batch) -> None:
    numbers = [int(found[1]) for code in batch.used if (found := _NUMBERED.fullmatch(code.rpartition("-")[2]))]
    last = max(numbers, default=0)
    for place, hamlet in enumerate(batch.waiting, start=1):
        hamlet.code = f"{batch.commune.code}-h{last + place}"
        hamlet.scope = Area.scope_for(hamlet.code, batch.commune)
    made = [*batch.made, *batch.waiting]
    Area.objects.bulk_create(made)
    AreaName.objects.bulk_create([dated_name(hamlet, today()) for hamlet in made])
    Area.objects.bulk_update(batch.changed, ["lat", "lon", "household_count", "network"])
