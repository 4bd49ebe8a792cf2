"""Files that people bring: read whatever is honest, refuse the rest whole and say what to do."""

import io
import struct
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from project.lib import spreadsheets
from project.lib.import_report import ImportReport
from project.lib.spreadsheets import Column, FileRefused, Table, read_table, write_rejected

ROWS: list[list[Any]] = [
    ["Thôn", "Ngõ", "Số người"],
    ["Thôn 1", "Ngõ cây đa", 2],
    ["Ấp Đông", "cạnh chùa", 1],
]
READ = [
    (2, {"Thôn": "Thôn 1", "Ngõ": "Ngõ cây đa", "Số người": "2"}),
    (3, {"Thôn": "Ấp Đông", "Ngõ": "cạnh chùa", "Số người": "1"}),
]


def xlsx(rows: list[list[Any]], *, formats: dict[str, str] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_text(rows: list[list[Any]], delimiter: str = ",") -> str:
    return "".join(delimiter.join(str(cell) for cell in row) + "\r\n" for row in rows)


def read(data: bytes, name: str = "") -> Table:
    return read_table(io.BytesIO(data), name)


def refusal(data: bytes, name: str = "") -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        list(read(data, name))
    assert str(refused.value)
    return refused.value


# Reading


def test_it_reads_xlsx_as_often_as_asked() -> None:
    table = read(xlsx(ROWS))
    assert table.headers == ["Thôn", "Ngõ", "Số người"]
    assert list(table) == READ
    assert list(table) == READ


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_it_reads_every_usual_csv(encoding: str, delimiter: str) -> None:
    assert list(read(csv_text(ROWS, delimiter).encode(encoding), "ho.csv")) == READ


def test_it_reads_windows_1258_and_composes_its_letters() -> None:
    # As Windows writes it: base letters with their own marks, the tone after them.
    data = "Thôn;Gọi là\r\nBình;bà Tư\r\n".replace("ọ", "o\u0323").replace("ì", "i\u0300").encode("cp1258")
    assert [values for _row, values in read(data)] == [{"Thôn": "Bình", "Gọi là": "bà Tư"}]


def test_it_reads_from_a_path(tmp_path: Path) -> None:
    path = tmp_path / "hộ.xlsx"
    path.write_bytes(xlsx(ROWS))
    assert list(read_table(path)) == READ


def test_quotes_hold_delimiters_and_line_breaks() -> None:
    data = 'Thôn,Việc cần\r\n"Thôn 1","vneid_l1,\nportal"\r\n'.encode()
    assert list(read(data)) == [(2, {"Thôn": "Thôn 1", "Việc cần": "vneid_l1, portal"})]


def test_commas_in_cells_do_not_hide_a_semicolon() -> None:
    data = "Thôn;Việc cần\n1;a,b,c\n2;d,e\n".encode()
    assert [values["Việc cần"] for _row, values in read(data)] == ["a,b,c", "d,e"]


def test_excels_own_hint_is_followed() -> None:
    assert list(read("sep=;\r\nThôn;Ngõ\r\n1;2,5\r\n".encode())) == [(3, {"Thôn": "1", "Ngõ": "2,5"})]


def test_blank_rows_are_skipped_and_the_numbers_stay_the_files() -> None:
    rows: list[list[Any]] = [["Thôn"], ["a"], [None], ["  "], ["b"]]
    assert [row for row, _values in read(xlsx(rows))] == [2, 5]
    assert [row for row, _values in read("Thôn\na\n\n  \nb\n".encode())] == [2, 5]


def test_numbers_days_and_percents_become_text() -> None:
    row = [12.0, 11.812, 1.5, 0.8, date(2026, 11, 30), datetime(2026, 11, 30, 8, 30), True, 79200012345]
    data = xlsx([list("abcdefgh"), row], formats={"D2": "0%"})
    ((_number, values),) = read(data)
    assert list(values.values()) == [
        *("12", "11.8120", "1.5", "80%", "2026-11-30", "2026-11-30 08:30", "1", "79200012345")
    ]


def test_cells_without_a_header_come_under_their_letter() -> None:
    ((_row, values),) = read(xlsx([["Thôn", None, "Ngõ"], ["1", "x", "2", "y"]]))
    assert values == {"Thôn": "1", "(B)": "x", "Ngõ": "2", "(D)": "y"}


def test_a_hidden_sheet_is_not_read() -> None:
    book = Workbook()
    hidden = book.active
    assert hidden is not None
    hidden.sheet_state = "hidden"
    book.create_sheet().append(["Thôn"])
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue()).headers == ["Thôn"]


_PEAK = """
import sys
from pathlib import Path
from project.lib.spreadsheets import read_table
def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
before = peak()
rows = sum(1 for _row in read_table(sys.argv[1]))
print(rows, peak() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is told by Linux only")
def test_ten_thousand_rows_take_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([f"Cột {letter}" for letter in "abcdefghijkl"])
    for number in range(10_000):
        sheet.append([f"Thôn {number % 50}", f"Ngõ {number}, cạnh nhà văn hoá", *[f"{number}-{n}" for n in range(10)]])
    book.save(path)
    # A process of its own: the peak (VmHWM) of this one knows the tests that ran before.
    told = subprocess.run([sys.executable, "-c", _PEAK, str(path)], capture_output=True, text=True, check=True)
    rows, extra_kb = map(int, told.stdout.split())
    assert rows == 10_000
    assert extra_kb < 100 * 1024


# Refusing


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"").code == "empty"
    assert refusal(b"\xef\xbb\xbf").code == "empty"
    assert refusal(b"\r\n\r\n").code == "empty"
    assert refusal(xlsx([])).code == "empty"


@pytest.mark.parametrize("name", ["", "ho.xls", "ho.xlsx"])
def test_old_excel_is_told_by_its_bytes(name: str) -> None:
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, name).code == "xls"


def test_a_locked_workbook_is_told_from_an_old_one() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert refusal(data).code == "locked"


def test_old_kinds_are_refused_by_name_too() -> None:
    assert refusal(b"<html><table>", "ho.xls").code == "xls"
    assert refusal(b"whatever", "HO.ODS").code == "ods"


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_opendocument_is_told_by_its_bytes() -> None:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    assert refusal(zipped({"mimetype": kind, "content.xml": b"<x/>"}), "ho.xlsx").code == "ods"


def test_other_files_are_refused() -> None:
    assert refusal(zipped({"word/document.xml": b"<x/>"})).code == "not_a_table"
    assert refusal(b"%PDF-1.7 ...", "ho.csv").code == "not_a_table"
    assert refusal(b"a,b\0\0\0", "ho.csv").code == "not_a_table"
    assert refusal(b"plain text", "ho.xlsx").code == "not_a_table"
    assert refusal(b"PK\x03\x04 cut off", "ho.xlsx").code == "broken"
    assert refusal(zipped({"xl/workbook.xml": b"<oops"})).code == "broken"
    assert refusal(xlsx(ROWS)[:-400]).code == "broken"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MAX_UNPACKED_BYTES", 1_000_000)
    parts = {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 1_000_001}
    assert refusal(zipped(parts)).code == "too_big"


def test_a_zip_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(xlsx(ROWS))
    place = data.rfind(b"PK\x01\x02")  # the last entry of the directory: its stated unpacked size
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    assert refusal(bytes(data)).code == "broken"


def test_swelling_entities_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    assert refusal(zipped({"xl/workbook.xml": b"<x/>", "xl/sharedStrings.xml": bomb})).code == "broken"


def test_size_rows_and_columns_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(xlsx([[f"c{n}x" for n in range(61)]])).code == "too_big"
    assert refusal(xlsx([["a"], ["1", *[""] * 59, "far"]])).code == "too_big"
    assert len(read(xlsx([[f"c{n}x" for n in range(60)]])).headers) == 60
    monkeypatch.setattr(spreadsheets, "MAX_ROWS", 3)
    assert len(list(read(b"a\n1\n2\n3\n"))) == 3
    assert refusal(b"a\n1\n2\n3\n4\n").code == "too_big"
    monkeypatch.setattr(spreadsheets, "MAX_BYTES", 5)
    assert refusal(b"a\n1\n2\n").code == "too_big"


def test_a_table_without_header_is_refused() -> None:
    assert refusal(b"1,2,3\n4,5,6\n").code == "no_header"
    assert refusal("Thôn 1,0912345678\nThôn 2,0987654321\n".encode()).code == "no_header"


def test_two_columns_of_one_name_are_refused() -> None:
    refused = refusal("Thôn,Ngõ,THON\n1,2,3\n".encode())
    assert refused.code == "duplicate_header"
    assert refused.column == "Thôn"


@pytest.mark.parametrize(
    "text",
    [
        "Th«n,Hä tªn\nX· Bom Bo,NguyÔn V¨n ViÖt\nBï §¨ng,TrÇn ThÞ Hång\n",  # TCVN3
        "Thoân,Hoï teân\nXaõ Bom Bo,Nguyeãn Vaên Vieät\nBuø Ñaêng,Traàn Thò Hoàng\nñöôøng,nöôùc\n",  # VNI
        "ThÃ´n,Há» tÃªn\nBÃ¹ Ä‘Äƒng,Viá»‡t\n",  # UTF-8 read as Latin
    ],
)
def test_old_fonts_are_refused_in_either_kind_of_file(text: str) -> None:
    assert refusal(text.encode()).code == "old_font"
    assert refusal(xlsx([line.split(",") for line in text.splitlines()])).code == "old_font"


def test_tcvn3_bytes_are_refused() -> None:
    assert refusal("Th«n,Hä tªn\nNguyÔn V¨n ViÖt,®ång X·\n".encode("latin-1")).code == "old_font"


@pytest.mark.parametrize("text", ["Thôn,Ngõ\n«Bà Tư»,hoà thuý quý quê xuân quá\n", "Name,Lane\nAnh,5 m² góc «Hoa»\n"])
def test_proper_vietnamese_is_not_taken_for_an_old_font(text: str) -> None:
    assert list(read(text.encode()))


def test_bytes_of_no_known_letters_are_refused() -> None:
    assert refusal(b"a,b\n\x8d\x8e\x9d,2\n").code == "encoding"


def test_a_missing_required_column_is_named() -> None:
    with pytest.raises(FileRefused) as refused:
        read(b"Tho,b\n1,2\n").match([Column("lane", "Ngõ/Mốc", "lane", required=True)])
    assert refused.value.code == "missing_column"
    assert refused.value.column == "Ngõ/Mốc"
    assert "Ngõ/Mốc" in str(refused.value)


def test_id_numbers_anywhere_in_the_file_refuse_it_whole() -> None:
    rows: list[list[Any]] = [
        ["Thôn", "Ghi chú"],
        *[["1", ""] for _ in range(500)],
        *[["1", "001200012345"]] * 2,
    ]
    with pytest.raises(FileRefused) as refused:
        read(xlsx(rows)).refuse_id_numbers()
    assert refused.value.code == "id_column"
    assert refused.value.report().to_json()["refused"]["column"] == "Ghi chú"
    assert refused.value.report().to_json()["read"] == 0


def test_a_column_of_id_numbers_without_a_header_is_found() -> None:
    rows: list[list[Any]] = [["Thôn"], ["1", 79200012345], ["2", 1200012346]]
    with pytest.raises(FileRefused) as refused:
        read(xlsx(rows)).refuse_id_numbers()
    assert refused.value.column == "(B)"


# Giving the rejected rows back


def rejected_report() -> ImportReport:
    report = ImportReport(read=2, created=1)
    report.reject(3, "Ngõ", "=1+1", "Không rõ")
    report.reject(3, "", "", "Thiếu")
    return report


DANGEROUS: list[list[Any]] = [["Thôn", "Ngõ", "Lỗi"], ["1", "tốt", ""], ["@x", "=1+1", "cũ"]]


def test_rejected_rows_come_back_as_csv_with_their_error() -> None:
    table, out = read(csv_text(DANGEROUS, ";").encode()), io.BytesIO()
    write_rejected(table, rejected_report(), out)
    text = out.getvalue().decode("utf-8-sig")
    assert text == "Thôn;Ngõ;Lỗi\r\n'@x;'=1+1;Ngõ: Không rõ; Thiếu\r\n".replace(
        "Ngõ: Không rõ; Thiếu", '"Ngõ: Không rõ; Thiếu"'
    )
    again = read(out.getvalue())
    assert list(again) == [(2, {"Thôn": "@x", "Ngõ": "=1+1", "Lỗi": "Ngõ: Không rõ; Thiếu"})]


def test_rejected_rows_come_back_as_xlsx_without_a_single_formula() -> None:
    table, out = read(xlsx([["Thôn", "Ngõ"], ["1", "tốt"], ["+84", "'=1+1"]])), io.BytesIO()
    write_rejected(table, rejected_report(), out)
    sheet = load_workbook(io.BytesIO(out.getvalue())).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Thôn", "Ngõ", "Lỗi"],
        ["+84", "=1+1", "Ngõ: Không rõ; Thiếu"],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}


def test_secrets_do_not_outlive_the_upload_in_the_copy() -> None:
    rows: list[list[Any]] = [
        ["Ghi chú", "Điện thoại"],
        ["a", "0912345678"],
        ["CCCD 001200012345", "091234567"],
    ]
    table, out = read(csv_text(rows).encode()), io.BytesIO()
    write_rejected(table, rejected_report(), out)
    assert b"001200012345" not in out.getvalue()
    assert b"091234567" in out.getvalue()
