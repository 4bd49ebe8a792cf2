"""Hamlets from a spreadsheet: the report of contract §3, each row whole or not at all."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from tests.cast import Cast
from volunteers.areas.importers import import_hamlets
from volunteers.areas.models import Area, AreaName
from volunteers.audit.models import AuditEntry

HEADERS = ("Tên thôn", "Loại", "Mã", "Vĩ độ", "Kinh độ", "Số hộ", "Sóng", "Ghi chú")


def sheet(path: Path, *rows: tuple[object, ...], headers: tuple[str, ...] = HEADERS) -> Path:
    book = Workbook()
    book.active.append(headers)
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_good_rows_become_hamlets_with_codes(cast: Cast, tmp_path: Path) -> None:
    file = sheet(
        tmp_path / "t.xlsx",
        ("Thôn 3", None, None, 11.81234, 107.24321, 120, "3G", "x"),
        ("Tân Lập", "Ấp", "d5", None, None, None, None, None),
        ("Khu phố Tân Tiến", None, None, None, None, None, "không", None),
    )
    report = import_hamlets(file, cast.commune, by=cast.minh).to_json()
    assert report == {
        "read": 3, "created": 3, "updated": 0, "duplicates": 0, "rejected": [], "ignored_columns": ["Ghi chú"],
    }  # fmt: skip
    third = Area.objects.get(pk="25396-h3")
    assert (third.full_name, third.lat, third.lon, third.household_count, third.network) == (
        "Thôn 3",
        11.812,
        107.243,
        120,
        "3g",
    )
    assert Area.objects.get(pk="25396-d5").full_name == "Ấp Tân Lập"
    assert Area.objects.get(pk="25396-h4").full_name == "Khu phố Tân Tiến"
    assert AreaName.objects.filter(area__parent=cast.commune).count() == 3
    entry = AuditEntry.objects.get(action="hamlet.imported")
    assert entry.detail == {"created": 3, "updated": 0}


def test_the_same_file_again_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    file = sheet(tmp_path / "t.xlsx", ("Thôn 3", None, None, None, None, 120, None, None))
    import_hamlets(file, cast.commune, by=None)
    report = import_hamlets(file, cast.commune, by=None)
    assert (report.read, report.created, report.updated, report.duplicates) == (1, 0, 0, 1)
    more = sheet(tmp_path / "u.xlsx", ("thon 3", None, None, None, None, 130, None, None))
    assert import_hamlets(more, cast.commune, by=None).updated == 1
    assert Area.objects.get(pk="25396-h3").household_count == 130


def test_each_fault_is_told_with_row_column_and_value(cast: Cast, tmp_path: Path) -> None:
    Area.objects.filter(pk="25396-h2").update(retired_on="2026-01-01")
    file = sheet(
        tmp_path / "t.xlsx",
        ("", "Thôn", None, None, None, None, None, "tên thiếu"),
        ("Tân Lập", "huyện", None, None, None, None, None, None),
        ("Tân Hoà", None, "h-1", None, None, None, None, None),
        ("Tân Phú", None, None, 107.2, 11.8, None, None, None),
        ("Tân An", None, None, 11.8, None, None, None, None),
        ("Tân Tây", None, None, None, None, "nhiều", None, None),
        ("Tân Đông", None, None, None, None, None, "6g", None),
        ("Tân Bắc", None, "h1", None, None, None, None, None),
        ("Tân Nam", None, "h2", None, None, None, None, None),
        ("Tốt", None, None, None, None, None, None, None),
        ("CCCD 001200012345", None, None, None, None, None, None, None),
    )
    report = import_hamlets(file, cast.commune, by=None).to_json()
    told = [(fault["row"], fault["column"]) for fault in report["rejected"]]
    assert told == [
        (2, "Tên thôn"), (3, "Loại"), (4, "Mã"), (5, "Vĩ độ"), (6, "Kinh độ"), (7, "Số hộ"), (8, "Sóng"),
        (9, "Tên thôn"), (10, "Mã"), (12, "Tên thôn"),
    ]  # fmt: skip
    assert (report["read"], report["created"]) == (11, 1)
    assert all(fault["error"] for fault in report["rejected"])
    assert "001200012345" not in json.dumps(report)


def test_a_file_with_id_numbers_is_refused_whole(cast: Cast, tmp_path: Path) -> None:
    file = sheet(tmp_path / "t.xlsx", ("Thôn 3", "001200012345"), headers=("Tên thôn", "Số CCCD"))
    report = import_hamlets(file, cast.commune, by=None).to_json()
    assert report["refused"]["column"] == "Số CCCD"
    assert report["read"] == report["created"] == 0
    assert not Area.objects.filter(pk="25396-h3").exists()


def test_a_mapping_names_the_columns(cast: Cast, tmp_path: Path) -> None:
    file = sheet(tmp_path / "t.xlsx", ("Thôn 3", 90), headers=("Cột A", "Cột B"))
    report = import_hamlets(file, cast.commune, by=None, mapping={"name": "Cột A", "households": "Cột B"})
    assert report.created == 1
    assert Area.objects.get(pk="25396-h3").household_count == 90
    assert import_hamlets(file, cast.commune, by=None, mapping={"households": "Cột B"}).refused


def test_a_stranger_and_a_weak_role_are_refused(cast: Cast, tmp_path: Path) -> None:
    file = sheet(tmp_path / "t.xlsx", ("Thôn 3",), headers=("Tên thôn",))
    for person in (cast.son, cast.hoa):
        with pytest.raises(PermissionDenied):
            import_hamlets(file, cast.commune, by=person)
    assert not Area.objects.filter(pk="25396-h3").exists()


def test_a_dry_run_tells_and_writes_nothing(cast: Cast, tmp_path: Path) -> None:
    file = sheet(tmp_path / "t.xlsx", ("Thôn 3",), headers=("Tên thôn",))
    steps: list[int] = []
    assert import_hamlets(file, cast.commune, by=None, dry_run=True, progress=steps.append).created == 1
    assert steps == [1]
    assert not Area.objects.filter(pk="25396-h3").exists()


def test_the_command_says_with_its_exit_code_how_it_went(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = sheet(tmp_path / "t.xlsx", ("Thôn 3",), headers=("Tên thôn",))
    call_command("import_hamlets", str(good), "--commune", "25396", "--json")
    assert json.loads(capsys.readouterr().out)["created"] == 1
    bad = sheet(tmp_path / "u.xlsx", ("Thôn 9", "h-1"), headers=("Tên thôn", "Mã"))
    with pytest.raises(SystemExit) as left_out:
        call_command("import_hamlets", str(bad), "--commune", "25396", "--json")
    assert left_out.value.code == 1
    with pytest.raises(CommandError) as usage:
        call_command("import_hamlets", str(good), "--commune", "99999")
    assert usage.value.returncode == 2
