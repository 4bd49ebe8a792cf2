"""Files that people bring: rosters as CSV or XLSX, in memory."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from project.lib.spreadsheets import Table, read_table

HEADERS = (
    "Mã hộ", "Thôn/Ấp/Khu phố", "Ngõ/Mốc", "Gọi là", "Số người cần giúp", "Việc cần", "Giờ tiện", "Ưu tiên",
    "Ngôn ngữ", "Muốn có nữ", "Điện thoại", "Đồng ý", "Vĩ độ", "Kinh độ",
)  # fmt: skip


def roster_csv(rows: Sequence[Sequence[Any]], headers: Sequence[str] = HEADERS, delimiter: str = ",") -> bytes:
    """A CSV in UTF-8 with its mark, as Excel saves it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(headers)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def roster_xlsx(rows: Sequence[Sequence[Any]], headers: Sequence[str] = HEADERS) -> bytes:
    """A workbook with one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(headers))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def roster(rows: Sequence[dict[str, Any]]) -> Table:
    """A table of rows by header; «Thôn 1, Ngõ <n>» where a row does not say."""
    headers = [header for header in HEADERS if any(header in row for row in rows)]
    headers = list(dict.fromkeys(["Thôn/Ấp/Khu phố", "Ngõ/Mốc", *headers]))
    usual = {"Thôn/Ấp/Khu phố": "Thôn 1"}
    lines = [
        [({**usual, "Ngõ/Mốc": f"Ngõ {number}"} | row).get(header, "") for header in headers]
        for number, row in enumerate(rows, start=1)
    ]
    return read_table(io.BytesIO(roster_csv(lines, headers)), "ho.csv")
