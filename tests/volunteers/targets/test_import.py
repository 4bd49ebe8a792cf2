"""Files of targets and of published counts (contract §3), by the verbs and by the commands."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from project.lib.spreadsheets import Table, read_table
from tests.cast import Cast
from tests.factories.targets import make_campaign, make_target
from volunteers.audit.models import AuditEntry
from volunteers.targets.actions import import_official, import_targets
from volunteers.targets.models import Campaign, OfficialCount, Target

pytestmark = pytest.mark.usefixtures("services")
HEADER = "Địa bàn;Dịch vụ;Mức;Chỉ tiêu;Cơ số;Hạn;Văn bản;Ghi chú\n"


def table(text: str) -> Table:
    """A CSV as it would be uploaded."""
    return read_table(io.BytesIO(text.encode()), "chi-tieu.csv")


@pytest.fixture
def campaign(cast: Cast) -> Campaign:
    """Minh's campaign in Bù Đăng."""
    return make_campaign(cast.commune, slug="mua-thu")


def test_it_takes_numbers_and_percents(cast: Cast, campaign: Campaign) -> None:
    day = campaign.ends_on.strftime("%d/%m/%Y")
    rows = f"25396;vneid_l2;;1.250;;{day};Số 12/KH-UBND;x\nThôn 1;portal;đã đăng ký;80 %;251;;;\n"
    report = import_targets(table(HEADER + rows), campaign, by=cast.minh)
    assert report.to_json() == {
        "read": 2, "created": 2, "updated": 0, "duplicates": 0, "rejected": [], "ignored_columns": ["Ghi chú"],
    }  # fmt: skip
    whole = Target.objects.get(area=cast.commune)
    assert (whole.number, whole.rung, whole.document) == (1250, "activated", "Số 12/KH-UBND")
    assert whole.due_on == campaign.ends_on
    part = Target.objects.get(area=cast.h1)
    assert (part.number, part.base, str(part.percent), part.rung) == (201, 251, "80.00", "registered")


def test_every_wrong_row_is_named_with_its_column(cast: Cast, campaign: Campaign) -> None:
    rows = (
        "Thôn 99;vneid_l2;;10;;;;\n"  # 2 no such place
        "25396;vnpt;;10;;;;\n"  # 3 no such service
        "25396;epay;nửa chừng;10;;;;\n"  # 4 no such rung
        "25396;epay;;nhiều;;;;\n"  # 5 not a number
        "25396;epay;;50 %;;;;\n"  # 6 percent without base
        "25396;epay;;10;;31/02/2026;;\n"  # 7 no such day
        "26041;epay;;10;;;;\n"  # 8 another commune
        "25396;safety;đã kích hoạt;10;;;;\n"  # 9 rung that safety does not know
        "25396;epay;;10;;01/01/2020;;\n"  # 10 outside the campaign's days
        "25396;docs;;10;;;;\n"  # 11 right
        "25396;docs;;12;;;;\n"  # 12 says otherwise
        "25396;docs;;10;;;;\n"  # 13 the same again
        "25396;ssa;;0;;;;\n"  # 14 nobody
    )
    report = import_targets(table(HEADER + rows), campaign, by=cast.minh)
    told = report.to_json()
    assert (told["read"], told["created"], told["duplicates"]) == (13, 1, 1)
    assert [(fault["row"], fault["column"]) for fault in sorted(told["rejected"], key=lambda fault: fault["row"])] == [
        (2, "Địa bàn"), (3, "Dịch vụ"), (4, "Mức"), (5, "Chỉ tiêu"), (6, "Cơ số"), (7, "Hạn"), (8, "Địa bàn"),
        (9, "Chỉ tiêu"), (10, "Chỉ tiêu"), (12, "Chỉ tiêu"), (14, "Chỉ tiêu"),
    ]  # fmt: skip
    assert Target.objects.get().number == 10


def test_a_second_file_changes_and_repeats(cast: Cast, campaign: Campaign) -> None:
    make_target(campaign, number=500)
    make_target(campaign, service="portal", number=40)
    rows = "25396;vneid_l2;;500;;;;\n25396;portal;;45;;;;\n"
    report = import_targets(table(HEADER + rows), campaign, by=cast.minh)
    assert (report.read, report.updated, report.duplicates) == (2, 1, 1)
    assert Target.objects.current().get(service_id="portal").number == 45
    assert Target.objects.filter(service_id="portal").count() == 2


def test_a_dry_run_says_the_same_and_keeps_nothing(cast: Cast, campaign: Campaign) -> None:
    report = import_targets(table(HEADER + "25396;epay;;10;;;;\n"), campaign, by=cast.minh, dry_run=True)
    assert report.created == 1
    assert not Target.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="target.").exists()


def test_a_stranger_may_not_import(cast: Cast, campaign: Campaign) -> None:
    with pytest.raises(PermissionDenied):
        import_targets(table(HEADER + "25396;epay;;10;;;;\n"), campaign, by=cast.son)


def test_official_counts_come_in_and_are_corrected(cast: Cast, campaign: Campaign) -> None:
    header = "Địa bàn,Dịch vụ,Số lượng,Tính đến,Nguồn\n"
    first = import_official(
        table(header + 'Xã Bù Đăng,vneid_l2,290,30/11/2026,Công an tỉnh\n25396-h1,vneid_l2,ba mươi,2026-11-30,CA\n'),
        campaign, by=cast.minh,
    )  # fmt: skip
    assert (first.read, first.created) == (2, 1)
    assert [(fault.row, fault.column) for fault in first.rejected] == [(3, "Số lượng")]
    second = import_official(table(header + "25396,vneid_l2,295,2026-11-30,Công an tỉnh\n"), campaign, by=cast.minh)
    assert second.updated == 1
    assert OfficialCount.objects.get().count == 295


def test_the_command_prints_one_json_object(cast: Cast, campaign: Campaign, tmp_path: Path) -> None:
    book = Workbook()
    sheet: Any = book.active
    sheet.append(["Service", "Area", "Target"])
    sheet.append(["vneid_l2", "25396", 500])
    sheet.append(["portal", "25396", "?"])
    file = tmp_path / "targets.xlsx"
    book.save(file)
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_targets", str(file), campaign="mua-thu", json=True, stdout=out)
    assert ended.value.code == 1
    told = json.loads(out.getvalue())
    assert (told["read"], told["created"], len(told["rejected"])) == (2, 1, 1)
    assert Target.objects.get().number == 500


def test_a_file_with_id_numbers_is_refused_whole(cast: Cast, campaign: Campaign, tmp_path: Path) -> None:
    file = tmp_path / "official.csv"
    file.write_text("Địa bàn,Dịch vụ,Số lượng,Tính đến,Nguồn,Số CCCD\n25396,ssa,5,2026-11-30,BHXH,001200012345\n")
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_official", str(file), campaign="mua-thu", json=True, stdout=out)
    told = json.loads(out.getvalue())
    assert told["read"] == 0
    assert told["refused"]["column"] == "Số CCCD"
    assert not OfficialCount.objects.exists()


def test_a_wrong_call_is_exit_2(cast: Cast, campaign: Campaign, tmp_path: Path) -> None:
    for arguments in ((str(tmp_path / "none.csv"), "mua-thu"), (str(tmp_path), "no-such")):
        with pytest.raises(CommandError) as wrong:
            call_command("import_targets", arguments[0], campaign=arguments[1])
        assert wrong.value.returncode == 2
