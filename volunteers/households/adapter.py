"""One row of a roster (contract §3) into the values of a household, or what is wrong with it and what to do."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from learning import catalog
from project.lib.geo import Box, LatLng, province_box
from project.lib.import_report import ImportReport
from project.lib.input_guard import check
from project.lib.phone import PhoneError, parse
from project.lib.spreadsheets import CellError, Column, Matched, parse_decimal, parse_number, parse_yes_no
from project.lib.vietnamese import fold
from volunteers.areas.importers import split_kind
from volunteers.areas.models import Area
from volunteers.areas.queries import present_of
from volunteers.households.rules import good_time_windows, needs_in
from volunteers.teams.rules import language_code

COLUMNS: list[Column] = [
    Column("code", "Mã hộ", "code"),
    Column("hamlet", "Thôn/Ấp/Khu phố", "hamlet", required=True),
    Column("lane", "Ngõ/Mốc", "lane", required=True),
    Column("call_name", "Gọi là", "call_name"),
    Column("people", "Số người cần giúp", "people"),
    Column("needs", "Việc cần", "needs"),
    Column("good_time", "Giờ tiện", "good_time"),
    Column("priority", "Ưu tiên", "priority"),
    Column("language", "Ngôn ngữ", "language"),
    Column("woman_wanted", "Muốn có nữ", "woman_wanted"),
    Column("phone", "Điện thoại", "phone"),
    Column("consent", "Đồng ý", "consent"),
    Column("lat", "Vĩ độ", "latitude"),
    Column("lon", "Kinh độ", "longitude"),
]
HEADERS = {column.key: column.names[0] for column in COLUMNS}
LONGEST_LANE, LONGEST_CALL_NAME, LONGEST_CODE = 60, 40, 24
_CODE = re.compile(r"[\w][\w ./\-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(slots=True)
class Draft:
    """A row that can be written. `values`: fields of Household that the file tells; None, '': it says nothing."""

    row: int
    code: str
    hamlet: Area | str  # a text: the name of a hamlet to be made
    lane: str
    call_name: str
    values: dict[str, Any] = field(default_factory=dict)
    needs: list[str] | None = None
    phone: str = ""
    consent: bool | None = None


class Hamlets:
    """The hamlets of a commune by code and by every name; a name that fits two fits none."""

    def __init__(self, commune: Area) -> None:
        self.commune = commune
        self.codes: dict[str, Area] = {}
        self.names: dict[str, dict[str, Area]] = {}
        # Closed ones last: their names lead to what they were merged into, unless a living hamlet has the name.
        for hamlet in Area.objects.filter(parent=commune).order_by(F("retired_on").asc(nulls_first=True), "sort_key"):
            present = present_of(hamlet) if hamlet.retired_on else hamlet
            if present.retired_on is None and present.parent_id == commune.pk:
                self.add(hamlet, present)

    def add(self, hamlet: Area, present: Area | None = None) -> None:
        """Let `hamlet` be found by its code and its names, as `present` where it was merged away."""
        present = present or hamlet
        for word in (hamlet.code, hamlet.code.rpartition("-")[2]):
            self.codes.setdefault(fold(word), present)
        for word in {fold(hamlet.full_name), fold(hamlet.name)}:
            known = self.names.setdefault(word, {})
            if hamlet is present or not known:
                known.setdefault(present.code, present)

    def find(self, text: str) -> list[Area]:
        """What the text may mean: none, one, or several of the same name."""
        word = fold(text)
        if word in self.codes:
            return [self.codes[word]]
        return list(self.names.get(word, {}).values())


class Reader:
    """Reads rows of one file for one commune; notes every fault of a row in the report."""

    def __init__(self, commune: Area, matched: Matched, report: ImportReport, *, create_hamlets: bool) -> None:
        self.matched, self.report, self.create_hamlets = matched, report, create_hamlets
        self.hamlets = Hamlets(commune)
        self.names = service_names()
        self.box = province_box(commune.parent_id or "")
        self.province = commune.parent.full_name if commune.parent else ""
        self.faults: list[tuple[str, Any]] = []

    def read(self, row: int, values: Mapping[str, str]) -> Draft | None:
        """The row as a draft; None if it is left out, its faults noted."""
        cells = self.matched.pick(values)
        self.faults = []
        draft = Draft(
            row=row,
            code=self._code(cells.get("code", "")),
            hamlet=self._hamlet(cells["hamlet"]),
            lane=self._words("lane", cells["lane"], LONGEST_LANE, needed=True),
            call_name=self._words("call_name", cells.get("call_name", ""), LONGEST_CALL_NAME),
        )
        told = draft.values
        self._whole("people", cells, told, 9, _("Write how many people need help: 1 to 9."))
        self._whole("priority", cells, told, 5, _("Write the priority as 1 (low) to 5 (urgent)."))
        self._needs(cells.get("needs", ""), draft)
        self._good_time(cells.get("good_time", ""), told)
        self._language(cells.get("language", ""), told)
        woman = self._cell("woman_wanted", cells, parse_yes_no)
        if woman is not None:
            told["woman_wanted"] = woman
        self._phone(cells, draft)
        self._point(cells, told)
        for key, error in self.faults:
            self.report.reject(row, self.matched.columns.get(key, HEADERS[key]), cells.get(key, ""), error)
        return None if self.faults else draft

    def _fault(self, key: str, error: Any) -> None:
        self.faults.append((key, error))

    def _code(self, text: str) -> str:
        if text and (len(text) > LONGEST_CODE or not _CODE.fullmatch(text)):
            self._fault("code", _("A household code has letters, digits, dots and dashes, at most 24 signs."))
        elif text and check(text):
            self._fault("code", _("This looks like a personal number. Use a code that tells nothing about the people."))
        return text

    def _hamlet(self, text: str) -> Area | str:
        if not text:
            self._fault("hamlet", _("Write the name or the code of a hamlet here."))
            return ""
        found = self.hamlets.find(text)
        if len(found) == 1:
            return found[0]
        if found:
            codes = ", ".join(sorted(area.code for area in found))
            self._fault("hamlet", _("Several hamlets have that name. Write the code: %(codes)s.") % {"codes": codes})
        elif not self.create_hamlets:
            self._fault("hamlet", _("This commune has no hamlet of that name. Correct it, or let it be created."))
        elif check(text) or not split_kind(text)[1] or len(text) > 80:
            self._fault("hamlet", _("Write the name of a hamlet here, at most 80 letters."))
        return text

    def _words(self, key: str, text: str, longest: int, *, needed: bool = False) -> str:
        if needed and not text:
            self._fault(key, _("Write where the door is: the lane, a shop, a tree …"))
        elif check(text):
            self._fault(key, _("This looks like a number or password that we must never keep. Delete it here."))
        elif len(text) > longest:
            self._fault(key, _("At most %(count)s letters. Please shorten it.") % {"count": longest})
        return text

    def _cell(self, key: str, cells: Mapping[str, str], parsed: Callable[[str], Any]) -> Any:
        try:
            return parsed(cells.get(key, ""))
        except CellError as fault:
            self._fault(key, fault.message)
            return None

    def _whole(self, key: str, cells: Mapping[str, str], told: dict[str, Any], most: int, error: Any) -> None:
        text = cells.get(key, "")
        if not text:
            return
        try:
            number = parse_number(text)
        except CellError:
            number = None
        if number is None or number != int(number) or not 1 <= number <= most:
            self._fault(key, error)
        else:
            told[key] = int(number)

    def _needs(self, text: str, draft: Draft) -> None:
        if not text:
            return
        draft.needs, unknown = needs_in(text, self.names)
        if unknown:
            words = {"words": ", ".join(unknown), "codes": ", ".join(sorted(set(self.names.values())))}
            self._fault("needs", _("Not known: %(words)s. Known are: %(codes)s.") % words)

    def _good_time(self, text: str, told: dict[str, Any]) -> None:
        if not text:
            return
        try:
            told["good_time"] = good_time_windows(text)
        except ValueError:
            self._fault("good_time", _("Write sáng, chiều, tối, chủ nhật, cuối tuần, or hours such as 08:00-10:30."))

    def _language(self, text: str, told: dict[str, Any]) -> None:
        if not text:
            return
        code = language_code(fold(text)) or (text.lower() if _LANGUAGE.fullmatch(text.lower()) else None)
        if code is None:
            self._fault("language", _("Write the code of a language, for example vi, sti, hmn."))
        else:
            told["language"] = code

    def _phone(self, cells: Mapping[str, str], draft: Draft) -> None:
        text = cells.get("phone", "")
        draft.consent = self._cell("consent", cells, parse_yes_no)
        if not text:
            return
        try:
            draft.phone = parse(text)
        except PhoneError as fault:
            self._fault("phone", fault.message % fault.params if fault.params else fault.message)
            return
        if draft.consent is not True and not any(key == "consent" for key, _error in self.faults):
            self._fault("consent", _("A phone number needs consent. Write «có», or delete the number."))

    def _point(self, cells: Mapping[str, str], told: dict[str, Any]) -> None:
        if not cells.get("lat") and not cells.get("lon"):
            return
        lat, lon = self._cell("lat", cells, parse_decimal), self._cell("lon", cells, parse_decimal)
        if any(key in ("lat", "lon") for key, _error in self.faults):
            return
        if lat is None or lon is None:
            self._fault("lat" if lat is None else "lon", _("Write both, latitude and longitude, or neither."))
            return
        point = lane_point(lat, lon, self.box)
        if point is None:
            where = {"province": self.province}
            self._fault("lat", _("This point is not in %(province)s. Latitude is the smaller number.") % where)
        else:
            told["lat"], told["lon"] = point.lat, point.lng


def lane_point(lat: float, lon: float, box: Box) -> LatLng | None:
    """The point of a lane at 3 decimals (about 100 m, house.md §9); None outside the box."""
    try:
        point = LatLng(lat, lon).rounded()
    except ValueError:
        return None
    return point if box.holds(point) else None


def service_names() -> dict[str, str]:
    """Every code and name of a service, folded → its code."""
    names: dict[str, str] = {}
    for card in catalog.services():
        for word in (card.code, card.name_vi, card.name_en, card.short_vi, card.short_en):
            if word:
                names.setdefault(fold(word, loose=True), card.code)
    return names
