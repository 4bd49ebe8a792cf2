"""Rows of a roster: what each may hold, what is wrong with it, which door it means (contract §3)."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.factories.areas import make_hamlet
from tests.factories.rosters import roster
from tests.factories.work import make_household
from volunteers.areas.models import Area
from volunteers.audit.models import AuditEntry
from volunteers.households.importers import import_households
from volunteers.households.models import Consent, Household
from volunteers.households.rules import ALL_DAYS

pytestmark = pytest.mark.usefixtures("services")
LANE, CALL, PEOPLE, NEEDS = "Ngõ/Mốc", "Gọi là", "Số người cần giúp", "Việc cần"
GOOD_TIME, PRIORITY, LANGUAGE, WOMAN = "Giờ tiện", "Ưu tiên", "Ngôn ngữ", "Muốn có nữ"
PHONE, CONSENT, LAT, LON, HAMLET, CODE = "Điện thoại", "Đồng ý", "Vĩ độ", "Kinh độ", "Thôn/Ấp/Khu phố", "Mã hộ"

WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("hamlet missing", {HAMLET: ""}, HAMLET),
    ("hamlet unknown", {HAMLET: "Thôn 99"}, HAMLET),
    ("lane missing", {LANE: ""}, LANE),
    ("lane too long", {LANE: "n" * 61}, LANE),
    ("ID number in the lane", {LANE: "Ngõ 3, CCCD 001200012345"}, LANE),
    ("password in the lane", {LANE: "Ngõ 3, mật khẩu: Abc12345"}, LANE),
    ("phone in the lane", {LANE: "Ngõ 3, gọi 0912345678"}, LANE),
    ("ID number in the call name", {CALL: "bà Tư 001200012345"}, CALL),
    ("people none", {PEOPLE: "0"}, PEOPLE),
    ("people too many", {PEOPLE: "10"}, PEOPLE),
    ("people half", {PEOPLE: "1,5"}, PEOPLE),
    ("people a word", {PEOPLE: "hai"}, PEOPLE),
    ("needs unknown", {NEEDS: "vneid_l2; bay lên trời"}, NEEDS),
    ("good time unclear", {GOOD_TIME: "hôm nào rảnh"}, GOOD_TIME),
    ("good time backwards", {GOOD_TIME: "10:30-08:00"}, GOOD_TIME),
    ("priority 0", {PRIORITY: "0"}, PRIORITY),
    ("priority 6", {PRIORITY: "6"}, PRIORITY),
    ("priority a word", {PRIORITY: "gấp"}, PRIORITY),
    ("language unknown", {LANGUAGE: "tiếng trời"}, LANGUAGE),
    ("woman wanted unclear", {WOMAN: "tuỳ"}, WOMAN),
    ("phone too short", {PHONE: "091234567", CONSENT: "có"}, PHONE),
    ("phone without consent", {PHONE: "0912345678", CONSENT: ""}, CONSENT),
    ("phone with a no", {PHONE: "0912345678", CONSENT: "không"}, CONSENT),
    ("consent unclear", {PHONE: "0912345678", CONSENT: "chắc là"}, CONSENT),
    ("latitude alone", {LAT: "11.8", LON: ""}, LON),
    ("latitude a word", {LAT: "bắc", LON: "107.2"}, LAT),
    ("point swapped", {LAT: "107.2", LON: "11.8"}, LAT),
    ("point in another province", {LAT: "21.03", LON: "105.85"}, LAT),
    ("point out of range", {LAT: "99", LON: "400"}, LAT),
    ("code a personal number", {CODE: "001200012345"}, CODE),
    ("code too long", {CODE: "H" * 25}, CODE),
]


@pytest.mark.parametrize(("row", "column"), [(row, column) for _name, row, column in WRONG], ids=[w[0] for w in WRONG])
def test_a_wrong_cell_costs_its_row_alone(cast: Cast, row: dict[str, Any], column: str) -> None:
    report = import_households(roster([row, {}, {}]), cast.commune, by=cast.minh)
    told = report.to_json()
    assert (told["read"], told["created"]) == (3, 2)
    assert {fault["row"] for fault in told["rejected"]} == {2}
    assert column in {fault["column"] for fault in told["rejected"]}
    assert all(fault["error"] for fault in told["rejected"])
    assert "001200012345" not in str(told)
    assert Household.objects.count() == 2


def test_every_fault_of_a_row_is_told_and_the_row_counts_once(cast: Cast) -> None:
    report = import_households(roster([{PEOPLE: "12", PRIORITY: "9"}, {}]), cast.commune, by=cast.minh)
    assert [(fault.row, fault.column) for fault in report.rejected] == [(2, PEOPLE), (2, PRIORITY)]
    assert report.to_json()["created"] == 1


def test_a_full_row_becomes_a_household(cast: Cast) -> None:
    row = {
        CODE: "HD-7", HAMLET: "thon 2", LANE: "Ngõ 3, sau chợ", CALL: "bà Tư", PEOPLE: "2", NEEDS: "vneid_l2, safety",
        GOOD_TIME: "sáng; chủ nhật 08:00-10:30", PRIORITY: "5", LANGUAGE: "Xtiêng", WOMAN: "có", PHONE: "0912.345.678",
        CONSENT: "x", LAT: "11,8123456", LON: "107.2345678",
    }  # fmt: skip
    report = import_households(roster([row]), cast.commune, by=cast.minh)
    assert report.to_json()["rejected"] == []
    found = Household.objects.get()
    assert (found.code, found.has_made_code, found.hamlet_id) == ("HD-7", False, "25396-h2")
    assert (found.people, found.priority, found.language, found.woman_wanted) == (2, 5, "sti", True)
    assert found.good_time == [
        {"days": ALL_DAYS, "start": 420, "end": 690},
        {"days": [6], "start": 480, "end": 630},
    ]
    assert (found.lat, found.lon) == (11.812, 107.235)
    assert found.phone == "+84912345678"
    assert set(found.needs.values_list("code", flat=True)) == {"vneid_l2", "safety"}
    consent = Consent.objects.get()
    assert (consent.household, consent.purpose, consent.is_given, consent.channel) == (found, "call_back", True, "list")


@pytest.mark.parametrize("text", ["Thôn 1", "thôn 1", "THON 1", "1", "h1", "25396-h1", "Thôn  1"])
def test_a_hamlet_is_known_by_name_and_by_code(cast: Cast, text: str) -> None:
    import_households(roster([{HAMLET: text}]), cast.commune, by=cast.minh)
    assert Household.objects.get().hamlet_id == "25396-h1"


def test_a_name_that_two_hamlets_have_asks_for_the_code(cast: Cast) -> None:
    make_hamlet(cast.commune, "h3", name="1", kind="ap")
    report = import_households(roster([{HAMLET: "1"}, {HAMLET: "Ấp 1"}]), cast.commune, by=cast.minh)
    assert [fault.row for fault in report.rejected] == [2]
    assert "25396-h3" in str(report.rejected[0].error)
    assert Household.objects.get().hamlet_id == "25396-h3"


def test_a_hamlet_of_another_commune_is_unknown(cast: Cast) -> None:
    report = import_households(roster([{HAMLET: "26041-h1"}]), cast.commune, by=cast.minh)
    assert report.rejected_rows == {2}


def test_hamlets_are_created_once_when_asked(cast: Cast) -> None:
    rows = [{HAMLET: "Ấp Tân Lập"}, {HAMLET: "ấp tân lập"}, {HAMLET: "Thôn 1"}]
    dry = import_households(roster(rows), cast.commune, by=cast.minh, create_hamlets=True, dry_run=True)
    assert dry.created == 3
    assert not Area.objects.filter(name="Tân Lập").exists()
    report = import_households(roster(rows), cast.commune, by=cast.minh, create_hamlets=True)
    assert report.to_json()["created"] == 3
    made = Area.objects.get(name="Tân Lập")
    assert (made.kind, made.parent, made.households.count()) == ("ap", cast.commune, 2)


def test_made_codes_follow_on_and_never_meet_those_of_the_file(cast: Cast) -> None:
    make_household(cast.h1, code="H-0007")
    rows: list[dict[str, Any]] = [{CODE: ""}, {CODE: "H-0012"}, {CODE: ""}, {CODE: "A 1"}]
    report = import_households(roster(rows), cast.commune, by=cast.minh)
    assert report.created == 4
    codes = set(Household.objects.values_list("code", flat=True))
    assert codes == {"H-0007", "H-0012", "H-0013", "H-0014", "A 1"}


def test_the_same_door_is_a_duplicate(cast: Cast) -> None:
    rows: list[dict[str, Any]] = [
        {LANE: "Ngõ 3", CALL: "bà Tư"},
        {LANE: "NGO  3", CALL: "Bà tư"},
        {LANE: "Ngõ 3", CALL: "ông Năm"},
        {LANE: "Ngõ 3", CALL: "bà Tư", HAMLET: "Thôn 2"},
    ]
    first = import_households(roster(rows), cast.commune, by=cast.minh)
    assert (first.created, first.duplicates) == (3, 1)
    again = import_households(roster(rows), cast.commune, by=cast.minh)
    assert (again.created, again.duplicates) == (0, 4)
    rehearsed = import_households(roster(rows), cast.commune, by=cast.minh, dry_run=True)
    assert (rehearsed.created, rehearsed.duplicates) == (0, 4)


def test_codes_of_the_commune_tell_doors_apart(cast: Cast) -> None:
    rows = [{CODE: "A1", LANE: "Ngõ 3"}, {CODE: "A2", LANE: "Ngõ 3"}, {CODE: "A1", LANE: "Ngõ 4"}]
    report = import_households(roster(rows), cast.commune, by=cast.minh)
    assert (report.created, report.duplicates) == (2, 1)


def test_a_code_brought_later_finds_the_door_whose_code_we_made(cast: Cast) -> None:
    import_households(roster([{LANE: "Ngõ 3"}]), cast.commune, by=cast.minh)
    rows = [{CODE: "A1", LANE: "Ngõ 3"}, {CODE: "A2", LANE: "Ngõ 3"}]
    report = import_households(roster(rows), cast.commune, by=cast.minh, on_duplicate="update")
    assert (report.created, report.updated) == (1, 1)
    assert set(Household.objects.values_list("code", flat=True)) == {"A1", "A2"}


def test_update_writes_what_the_file_tells_and_leaves_the_rest(cast: Cast) -> None:
    before = {CODE: "A1", LANE: "Ngõ 3", CALL: "bà Tư", PEOPLE: "2", NEEDS: "docs", PHONE: "0912345678", CONSENT: "có"}
    import_households(roster([before]), cast.commune, by=cast.minh)
    after = {CODE: "A1", LANE: "Ngõ 5", CALL: "", PEOPLE: "", NEEDS: "safety", PRIORITY: "5", PHONE: "", CONSENT: ""}
    report = import_households(roster([after]), cast.commune, by=cast.minh, on_duplicate="update")
    assert report.to_json()["updated"] == 1
    found = Household.objects.get()
    assert (found.lane, found.call_name, found.people, found.priority) == ("Ngõ 5", "bà Tư", 2, 5)
    assert list(found.needs.values_list("code", flat=True)) == ["safety"]
    assert found.phone == "+84912345678"
    assert import_households(roster([{LANE: "Ngõ 5", CALL: "bà Tư"}]), cast.commune, by=cast.minh).duplicates == 1


def test_a_no_under_consent_forgets_the_number(cast: Cast) -> None:
    import_households(roster([{CODE: "A1", PHONE: "0912345678", CONSENT: "có"}]), cast.commune, by=cast.minh)
    rows = [{CODE: "A1", CONSENT: "không"}]
    import_households(roster(rows), cast.commune, by=cast.minh, on_duplicate="update")
    assert Household.objects.get().phone == ""
    assert list(Consent.objects.order_by("recorded_at").values_list("is_given", flat=True)) == [True, False]


def test_a_row_twice_in_an_updating_file_leaves_one_household(cast: Cast) -> None:
    rows = [{CODE: "A1", LANE: "Ngõ 3", PEOPLE: "1"}, {CODE: "A1", LANE: "Ngõ 3", PEOPLE: "4"}]
    report = import_households(roster(rows), cast.commune, by=cast.minh, on_duplicate="update")
    assert (report.created, report.updated) == (1, 1)
    assert Household.objects.get().people == 4


def test_one_entry_in_the_trail_tells_counts_and_no_names(cast: Cast) -> None:
    import_households(roster([{CALL: "bà Tư"}, {PEOPLE: "99"}]), cast.commune, by=cast.minh)
    entry = AuditEntry.objects.get(action="household.imported")
    assert entry.scope == cast.commune.scope
    assert entry.detail == {"created": 1, "updated": 0, "duplicates": 0, "rejected": 1}
