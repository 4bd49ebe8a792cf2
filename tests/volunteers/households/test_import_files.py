"""Whole files: encodings, refusals, rights, crashes in the middle, and 10,000 rows."""

import io
import json
import tracemalloc
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from project.lib.import_report import ImportReport
from project.lib.spreadsheets import FileRefused, read_table
from tests.cast import Cast
from tests.factories.rosters import HEADERS, roster_csv, roster_xlsx
from volunteers.areas.models import Area
from volunteers.households import importers
from volunteers.households.models import Consent, Household

pytestmark = pytest.mark.usefixtures("services")
TEXT = "Thôn/Ấp/Khu phố,Ngõ/Mốc,Gọi là,Ghi chú\nThôn 1,Ngõ 3 sau chợ cũ,bà Tư,gì đó\nThôn 2,Gốc đa đầu làng,ông Năm,\n"


def taken(data: bytes, cast: Cast, name: str = "ho.csv", **options: Any) -> ImportReport:
    return importers.import_households(read_table(io.BytesIO(data), name), cast.commune, by=cast.minh, **options)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.replace(",", ";").encode("utf-8-sig"),
        TEXT.replace(",", "\t").encode(),
        unicodedata.normalize("NFD", TEXT).encode(),
        TEXT.encode().replace(b"\n", b"\r\n"),
    ],
    ids=["utf-8", "bom", "utf-16", "semicolon", "tab", "nfd", "crlf"],
)
def test_it_reads_the_usual_writings(cast: Cast, data: bytes) -> None:
    report = taken(data, cast)
    assert (report.created, report.ignored_columns) == (2, ["Ghi chú"])
    assert set(Household.objects.values_list("lane", flat=True)) == {"Ngõ 3 sau chợ cũ", "Gốc đa đầu làng"}


def test_it_reads_windows_1258(cast: Cast) -> None:
    # Windows-1258 writes tones as signs of their own after the vowel: â + dot below, and so on.
    decomposed = "".join(
        base + tone
        for char in TEXT
        for base, tone in [_cp1258(char)]
    )  # fmt: skip
    report = taken(decomposed.encode("cp1258"), cast)
    assert report.created == 2
    assert "Gốc đa đầu làng" in set(Household.objects.values_list("lane", flat=True))


def _cp1258(char: str) -> tuple[str, str]:
    tones = "\u0300\u0301\u0303\u0309\u0323"
    parts = unicodedata.normalize("NFD", char)
    tone = next((part for part in parts if part in tones), "")
    return unicodedata.normalize("NFC", parts.replace(tone, "") if tone else parts), tone


def test_columns_may_stand_in_any_order_and_in_english(cast: Cast) -> None:
    data = b"lane,needs,HAMLET,Call name\nNgo 3,vneid_l2,h1,ba Tu\n"
    assert taken(data, cast).created == 1


@pytest.mark.parametrize("header", ["Số CCCD", "CMND", "Mã BHXH", "Số định danh"])
def test_a_file_with_an_id_column_is_refused_whole(cast: Cast, header: str) -> None:
    data = roster_csv([["Thôn 1", "Ngõ 3", "có"]], ["Thôn", "Ngõ", header])
    report = taken(data, cast).to_json()
    assert report["refused"]["column"] == header
    assert (report["read"], report["created"], report["rejected"]) == (0, 0, [])
    assert not Household.objects.exists()


def test_id_numbers_under_an_innocent_name_refuse_the_file(cast: Cast) -> None:
    rows = [["Thôn 1", f"Ngõ {number}", f"0012000{number:05}"] for number in range(1, 400)]
    report = taken(roster_csv(rows, ["Thôn", "Ngõ", "Ghi chú"]), cast).to_json()
    assert report["refused"]["column"] == "Ghi chú"
    assert not Household.objects.exists()


def test_a_missing_column_refuses_the_file(cast: Cast) -> None:
    report = taken(roster_csv([["Thôn 1"]], ["Thôn"]), cast).to_json()
    assert report["refused"]["column"] == "Ngõ/Mốc"


def test_a_chosen_mapping_replaces_the_guess(cast: Cast) -> None:
    data = roster_csv([["Thôn 1", "Ngõ 3", "bà Tư"]], ["Xóm", "Chỗ ở", "Gọi là"])
    report = taken(data, cast, mapping={"hamlet": "Xóm", "lane": "Chỗ ở"})
    assert (report.created, report.ignored_columns) == (1, ["Gọi là"])
    assert Household.objects.get().call_name == ""
    assert taken(data, cast, mapping={"hamlet": "Xóm"}).refused is not None


def test_rights_are_asked_for(cast: Cast) -> None:
    table = read_table(io.BytesIO(TEXT.encode()), "ho.csv")
    for stranger in (cast.son, cast.tung, cast.hoa):
        with pytest.raises(PermissionDenied):
            importers.import_households(table, cast.commune, by=stranger)
    with pytest.raises(PermissionDenied):
        importers.import_households(table, cast.far, by=cast.minh)


def rows_of(count: int) -> list[list[Any]]:
    return [
        [f"HD-{number:05}", f"Thôn {1 + number % 2}", f"Ngõ {number}", "bà Tư", 1, "vneid_l2; docs", "sáng", 3, "vi",
         "không", f"0912{number:06}", "có", 11.812, 107.234]
        for number in range(count)
    ]  # fmt: skip


def test_a_crash_in_the_middle_leaves_whole_rows_only(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    real = importers._Batch._write_needs

    def fail(batch: importers._Batch) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise RuntimeError("the power failed")
        real(batch)

    monkeypatch.setattr(importers._Batch, "_write_needs", fail)
    with pytest.raises(RuntimeError):
        taken(roster_csv(rows_of(700)), cast)
    assert Household.objects.count() == 2 * importers.CHUNK
    assert Household.needs.through.objects.count() == 2 * 2 * importers.CHUNK
    assert Consent.objects.count() == 2 * importers.CHUNK
    monkeypatch.undo()
    again = taken(roster_csv(rows_of(700)), cast)
    assert (again.created, again.duplicates) == (200, 500)


def test_a_row_that_the_database_refuses_costs_only_itself(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importers._Batch.write

    def meet(batch: importers._Batch) -> None:
        real(batch)
        if any(draft.code == "HD-00003" for draft in batch.drafts):
            raise IntegrityError("somebody was faster")

    monkeypatch.setattr(importers._Batch, "write", meet)
    report = taken(roster_csv(rows_of(10)), cast).to_json()
    assert (report["created"], [fault["row"] for fault in report["rejected"]]) == (9, [5])
    assert Household.objects.count() == 9


def test_queries_and_memory_grow_with_chunks_not_with_rows(cast: Cast) -> None:
    data = roster_xlsx(rows_of(2_000))
    done: list[tuple[int, int]] = []
    with CaptureQueriesContext(
        connection,
    ) as queries:
        report = taken(data, cast, name="ho.xlsx", on_progress=lambda row, total: done.append((row, total)))
    assert report.created == 2_000
    assert len(queries) <= 30 * (2_000 // importers.CHUNK)
    assert done[0] == (importers.CHUNK, 2_000)
    assert done[-1] == (2_000, 2_000)
    connection.queries_log.clear()
    tracemalloc.start()
    again = taken(data, cast, name="ho.xlsx", on_duplicate="update")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert again.updated == 2_000
    assert peak < 60 * 1024 * 1024


def run_command(path: Path, *more: str) -> tuple[dict[str, Any], int]:
    out, code = io.StringIO(), 0
    try:
        call_command("import_households", str(path), "--commune", "25396", "--json", *more, stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    return json.loads(out.getvalue()), code


def test_the_command_reports_and_says_by_its_exit_whether_rows_were_left_out(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "ho.csv"
    path.write_bytes(TEXT.encode())
    told, code = run_command(path, "--dry-run")
    assert (told["created"], code, Household.objects.count()) == (2, 0, 0)
    told, code = run_command(path)
    assert (told["created"], code, Household.objects.count()) == (2, 0, 2)
    path.write_bytes(TEXT.replace("Thôn 2", "Thôn 9").encode())
    told, code = run_command(path)
    assert (told["duplicates"], told["rejected"][0]["row"], code) == (1, 3, 1)
    told, code = run_command(path, "--create-hamlets", "--on-duplicate", "update")
    assert (told["created"], told["updated"], code) == (1, 1, 0)
    assert Area.objects.filter(name="9").exists()


def test_the_command_refuses_an_unknown_commune_and_a_missing_file(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "ho.csv"
    path.write_bytes(TEXT.encode())
    with pytest.raises(CommandError, match="99999") as unknown:
        call_command("import_households", str(path), "--commune", "99999")
    assert unknown.value.returncode == 2
    with pytest.raises(CommandError) as missing:
        call_command("import_households", str(tmp_path / "none.csv"), "--commune", "25396")
    assert missing.value.returncode == 2


def test_the_command_refuses_old_formats_with_what_to_do(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "ho.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    told, code = run_command(path)
    assert (code, told["read"]) == (1, 0)
    assert ".xlsx" in told["refused"]["error"]


def test_headers_of_the_contract_are_all_known() -> None:
    table = read_table(io.BytesIO(roster_csv([["x"] * len(HEADERS)])), "ho.csv")
    assert table.match(importers.COLUMNS).ignored == []
    with pytest.raises(FileRefused):
        read_table(io.BytesIO(b""), "ho.csv")
