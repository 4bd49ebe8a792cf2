"""Files of targets and of published counts (contract §3) → the values of our verbs, row by row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from learning import catalog
from project.lib.import_report import ImportReport
from project.lib.spreadsheets import CellError, Column, Table, parse_amount, parse_day, parse_number
from project.lib.vietnamese import fold
from volunteers.areas.models import Area
from volunteers.targets.models import Campaign
from volunteers.targets.rules import LADDER

TARGETS = [
    Column("area", "Địa bàn", "area", required=True),
    Column("service", "Dịch vụ", "service", required=True),
    Column("rung", "Mức", "rung"),
    Column("amount", "Chỉ tiêu", "target", required=True),
    Column("base", "Cơ số", "base"),
    Column("due_on", "Hạn", "due"),
    Column("document", "Văn bản", "document"),
]
OFFICIAL = [
    Column("area", "Địa bàn", "area", required=True),
    Column("service", "Dịch vụ", "service", required=True),
    Column("count", "Số lượng", "count", required=True),
    Column("as_of", "Tính đến", "as-of", required=True),
    Column("source", "Nguồn", "source", required=True),
]
# How the rungs are written in plans, folded. The codes themselves are always understood.
_RUNG_WORDS = {
    "briefed": ("pho bien", "da pho bien", "tuyen truyen", "told about it"),
    "referred": ("gioi thieu", "da gioi thieu", "referred"),
    "registered": ("dang ky", "da dang ky", "registered"),
    "activated": ("kich hoat", "da kich hoat", "activated"),
    "did_alone": ("tu lam duoc", "tu lam", "did it alone", "did alone"),
}
_RUNGS = {fold(word, loose=True): rung for rung, words in _RUNG_WORDS.items() for word in (*words, rung)}


class Unreadable(ValueError):
    """A cell that cannot be taken: which column, what it held, what to do about it."""

    def __init__(self, key: str, value: str, error: str) -> None:
        super().__init__(error)
        self.key, self.value, self.error = key, value, error


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be read: its number in the file, the verb's values, and the cell to blame if the verb refuses."""

    number: int
    values: dict[str, Any]
    column: str
    value: str


def target_rows(table: Table, campaign: Campaign) -> tuple[ImportReport, list[Row]]:
    """The report begun (rows read, unreadable ones rejected) and the readable rows; values for `set_target`."""

    def read(cells: dict[str, str], place: Places, names: dict[str, str]) -> dict[str, Any]:
        amount = _cell(cells, "amount", parse_amount)
        if amount is None:
            raise Unreadable("amount", "", _("Write a number of people, or a percent such as 80 %."))
        number, is_percent = amount
        base = _whole(cells, "base")
        if not is_percent and number != int(number):
            raise Unreadable("amount", cells["amount"], _("Write a whole number of people, or a percent such as 80 %."))
        if is_percent and not base:
            raise Unreadable("base", "", _("A percent needs its base: how many people are 100 %?"))
        rung = cells.get("rung", "")
        if rung and fold(rung, loose=True) not in _RUNGS:
            known = {"rungs": ", ".join(LADDER)}
            raise Unreadable("rung", rung, _("This rung is not known. Known are: %(rungs)s.") % known)
        document = cells.get("document", "")[:60]
        return {
            "area": place.find(cells.get("area", "")),
            "service": _service(cells, names),
            "rung": _RUNGS.get(fold(rung, loose=True), ""),
            "number": None if is_percent else int(number),
            "percent": Decimal(str(number)) if is_percent else None,
            "base": base,
            "due_on": _cell(cells, "due_on", parse_day),
            "document": document,
            "reason": document or _("From a file"),
        }

    return _rows(table, TARGETS, campaign, read, blame="amount", unique=("area", "service", "rung"))


def official_rows(table: Table, campaign: Campaign) -> tuple[ImportReport, list[Row]]:
    """The same for published counts; values for OfficialCount."""

    def read(cells: dict[str, str], place: Places, names: dict[str, str]) -> dict[str, Any]:
        count = _whole(cells, "count")
        if count is None:
            raise Unreadable("count", "", _("Write a whole number here."))
        as_of = _cell(cells, "as_of", parse_day)
        if as_of is None:
            raise Unreadable("as_of", "", _("Write the day as 30/11/2026."))
        source = cells.get("source", "")
        if not source:
            raise Unreadable("source", "", _("Say where the number comes from."))
        return {
            "area": place.find(cells.get("area", "")),
            "service": _service(cells, names),
            "count": count,
            "as_of": as_of,
            "source": source[:120],
        }

    return _rows(table, OFFICIAL, campaign, read, blame="count", unique=("area", "service", "as_of"))


class Places:
    """The areas of a campaign, found by code or by name; a name that fits two places fits none."""

    def __init__(self, campaign: Campaign) -> None:
        self.by_word: dict[str, list[Area]] = {}
        rows = Area.objects.beneath(campaign.area.scope).filter(retired_on__isnull=True, is_unlisted=False)
        for area in rows.select_related("parent"):
            for word in {fold(area.code), fold(area.name), fold(area.full_name)}:
                self.by_word.setdefault(word, []).append(area)

    def find(self, text: str) -> Area:
        """The area, or Unreadable with what to write instead."""
        found = self.by_word.get(fold(text), [])
        if not text:
            raise Unreadable("area", "", _("Write the code or the name of the place."))
        if not found:
            raise Unreadable("area", text, _("No place of this campaign has that code or name."))
        if len(found) > 1:
            codes = {"codes": ", ".join(sorted(area.code for area in found)[:5])}
            raise Unreadable("area", text, _("Several places have that name. Write the code: %(codes)s.") % codes)
        return found[0]


def _rows(
    table: Table,
    spec: list[Column],
    campaign: Campaign,
    read: Callable[[dict[str, str], Places, dict[str, str]], dict[str, Any]],
    *,
    blame: str,
    unique: tuple[str, ...],
) -> tuple[ImportReport, list[Row]]:
    matched = table.match(spec)
    table.refuse_id_numbers()
    report = ImportReport(ignored_columns=list(matched.ignored))
    place, names = Places(campaign), _service_names()
    rows: list[Row] = []
    seen: dict[tuple[Any, ...], tuple[int, dict[str, Any]]] = {}
    for number, cells in _picked(table, matched.pick):
        report.read += 1
        try:
            values = read(cells, place, names)
        except Unreadable as fault:
            report.reject(number, matched.columns.get(fault.key, fault.key), fault.value, fault.error)
            continue
        key = tuple(values[name] for name in unique)
        if key in seen:
            before, first = seen[key]
            if first == values:
                report.duplicates += 1
            else:
                error = _("Row %(row)s says something else about the same place and service.") % {"row": before}
                report.reject(number, matched.columns[blame], cells[blame], error)
            continue
        seen[key] = (number, values)
        rows.append(Row(number, values, matched.columns[blame], cells[blame]))
    return report, rows


def _picked(table: Table, pick: Callable[[Any], dict[str, str]]) -> Iterator[tuple[int, dict[str, str]]]:
    for number, values in table:
        yield number, pick(values)


def _service_names() -> dict[str, str]:
    names: dict[str, str] = {}
    for service in catalog.services():
        for word in (service.code, service.name_vi, service.name_en, service.short_vi, service.short_en):
            if word:
                names.setdefault(fold(word, loose=True), service.code)
    return names


def _service(cells: dict[str, str], names: dict[str, str]) -> str:
    text = cells.get("service", "")
    code = names.get(fold(text, loose=True))
    if code is None:
        known = {"services": ", ".join(sorted(set(names.values())))}
        raise Unreadable("service", text, _("This service is not known. Known are: %(services)s.") % known)
    return code


def _cell(cells: dict[str, str], key: str, parse: Callable[[str], Any]) -> Any:
    text = cells.get(key, "")
    try:
        return parse(text)
    except CellError as fault:
        raise Unreadable(key, text, str(fault)) from None


def _whole(cells: dict[str, str], key: str) -> int | None:
    number = _cell(cells, key, parse_number)
    if number is None:
        return None
    if number != int(number) or not 0 <= number <= 200_000_000:
        raise Unreadable(key, cells[key], _("Write a whole number here."))
    return int(number)
