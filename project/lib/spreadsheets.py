"""Tables that people bring as XLSX or CSV, read row by row, and the rejected rows given back as a file.

The one file of the ground floor that needs a third-party reader (openpyxl).
"""

import csv
import io
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils import get_column_letter

from project.lib.cells import CellError as CellError
from project.lib.cells import cell_text, safe_cell
from project.lib.cells import parse_amount as parse_amount
from project.lib.cells import parse_day as parse_day
from project.lib.cells import parse_decimal as parse_decimal
from project.lib.cells import parse_number as parse_number
from project.lib.cells import parse_yes_no as parse_yes_no
from project.lib.import_columns import Column as Column
from project.lib.import_columns import Matched as Matched
from project.lib.import_columns import header_key, id_number_column, is_coordinate, is_phone_header
from project.lib.import_columns import match_headers as match_headers
from project.lib.import_report import ImportReport
from project.lib.input_guard import masks

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 60
ERROR_HEADER = "Lỗi"  # fixed by contract §3
_SAMPLE_ROWS = 300
_PARTS = 2_000

_MESSAGES: dict[str, Promise] = {
    "empty": _("This file is empty. Please check that it is the right one."),
    "too_big": _("This file is too big: at most 20 MB, 100,000 rows and 60 columns. Please split it."),
    "xls": _("This is an old Excel file (.xls). Open it, save it as «Excel Workbook (.xlsx)», and send that."),
    "ods": _("This is an .ods file. Open it, save it as «Excel 2007-365 (.xlsx)», and send that."),
    "locked": _("This file has a password. Save it once more without the password, and send that."),
    "not_a_table": _("This is neither an XLSX nor a CSV file. Save the table as .xlsx and send that."),
    "broken": _("This file cannot be read to its end. Open it, save it once more as .xlsx, and send that."),
    "encoding": _("The letters of this file cannot be read. Save it as «CSV UTF-8» or as .xlsx, and send that."),
    "old_font": _(
        "This file is written in an old font (TCVN3 or VNI). Convert it to Unicode, for example with UniKey "
        "(Ctrl+Shift+F6), save it as .xlsx, and send that."
    ),
    "no_header": _("The first row must hold the names of the columns. Please add it and send the file again."),
    "duplicate_header": _("Two columns are called «%(column)s». Rename or delete one, and send the file again."),
    "missing_column": _("The column «%(column)s» is missing. Please add it and send the file again."),
    "id_column": _(
        "The column «%(column)s» holds ID or insurance numbers. We must never keep those, so nothing was "
        "imported. Delete that column and send the file again."
    ),
}

Source = str | os.PathLike[str] | IO[bytes]


class FileRefused(ValueError):
    """A file refused whole: `code` for programs, `column` where one is at fault, str() what to do."""

    def __init__(self, code: str, column: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.column = column

    def __str__(self) -> str:
        return str(_MESSAGES[self.code]) % {"column": self.column}

    def report(self) -> ImportReport:
        """The report of an import that did not happen."""
        return ImportReport.refuse(str(self), self.column)


class Table:
    """A table with a header row; iterate it, as often as needed, for (row number, {header: text}).

    Blank rows are skipped; every header is present in each row, empty cells as ''. A filled cell without a
    header comes under its column's letter, as '(C)'. Iterating may raise FileRefused (too big, broken).
    """

    def __init__(self, source: Path | bytes, kind: str, encoding: str = "", delimiter: str = "") -> None:
        self.source, self.kind, self.encoding, self.delimiter = source, kind, encoding, delimiter
        self.headers: list[str] = []
        self.header_row = 0
        rows = self._filled_rows()
        for row_number, cells in rows:
            self.headers, self.header_row = _headers(cells), row_number
            break
        else:
            raise FileRefused("empty")
        # In the same pass: opening a workbook costs its whole table of texts each time.
        self.sample = [cells for _number, cells in islice(rows, _SAMPLE_ROWS)]

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        read = 0
        for row_number, cells in self._filled_rows():
            if row_number == self.header_row:
                continue
            read += 1
            if read > MAX_ROWS:
                raise FileRefused("too_big")
            values = dict.fromkeys(self.headers, "")
            for place, text in enumerate(cells):
                if place < len(self.headers):
                    values[self.headers[place]] = text
                elif text:
                    values[f"({get_column_letter(place + 1)})"] = text
            yield row_number, values

    def match(self, spec: list[Column]) -> Matched:
        """`match_headers` on this table; FileRefused if a required column is missing."""
        matched = match_headers(self.headers, spec)
        if matched.missing:
            raise FileRefused("missing_column", matched.missing[0])
        return matched

    def refuse_id_numbers(self) -> None:
        """Read all rows; FileRefused with the column if one holds ID numbers. Call it before an import."""
        column = id_number_column(self.headers, self)
        if column is not None:
            raise FileRefused("id_column", column)

    def _filled_rows(self) -> Iterator[tuple[int, list[str]]]:
        rows = _xlsx_rows(self.source) if self.kind == "xlsx" else self._csv_rows()
        for row_number, cells in rows:
            if any(cells):
                if any(cells[MAX_COLUMNS:]):
                    raise FileRefused("too_big")
                yield row_number, cells

    def _csv_rows(self) -> Iterator[tuple[int, list[str]]]:
        with _opened(self.source) as binary:
            text = io.TextIOWrapper(binary, self.encoding, newline="")
            try:
                for row_number, cells in enumerate(csv.reader(text, delimiter=self.delimiter), start=1):
                    if row_number == 1 and _excel_hint(cells, self.delimiter):
                        continue
                    yield row_number, [cell_text(cell) for cell in cells]
            except (csv.Error, UnicodeError) as failure:
                raise FileRefused("broken") from failure
            finally:
                text.detach()


def read_table(source: Source, name: str = "") -> Table:
    """The table in an XLSX or CSV file (a path, or an open binary file of which all is read). Or FileRefused.

    The kind is told by the bytes; `name` only helps to say what a refused file is. CSV may be UTF-8, UTF-16
    with its mark, or Windows-1258, with comma, semicolon or tab. Of a workbook only the first visible sheet.
    """
    held: Path | bytes = Path(source) if isinstance(source, (str, os.PathLike)) else bytes(source.read(MAX_BYTES + 1))
    size = held.stat().st_size if isinstance(held, Path) else len(held)
    if size == 0:
        raise FileRefused("empty")
    if size > MAX_BYTES:
        raise FileRefused("too_big")
    suffix = Path(name or (held.name if isinstance(held, Path) else "")).suffix.lower()
    with _opened(held) as binary:
        start = binary.read(8)
        if start.startswith(b"\xd0\xcf\x11\xe0"):
            rest = binary.read()
            raise FileRefused("locked" if "EncryptedPackage".encode("utf-16-le") in rest else "xls")
    if start.startswith(b"PK"):
        _inspect_zip(held, suffix)
        table = Table(held, "xlsx")
    elif suffix in (".xls", ".ods"):
        raise FileRefused(suffix[1:])
    elif suffix == ".xlsx" or start.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")):
        raise FileRefused("not_a_table")
    else:
        encoding = _encoding(held)
        table = Table(held, "csv", encoding, _delimiter(held, encoding))
    _refuse_old_fonts(table)
    return table


def write_rejected(table: Table, report: ImportReport, out: IO[bytes]) -> None:
    """Write a file of the same kind with only the rejected rows and the column «Lỗi», ready to mend and send.

    No cell can become a formula. What looks like a secret is masked here too: the copy outlives the upload.
    """
    errors: dict[int, list[str]] = {}
    for rejection in report.rejected:
        fault = f"{rejection.column}: {rejection.error}" if rejection.column else str(rejection.error)
        errors.setdefault(rejection.row, []).append(fault)
    headers = [header for header in table.headers if header_key(header) != header_key(ERROR_HEADER)]
    lines = (
        [_shown(header, values[header]) for header in headers] + ["; ".join(errors[row])]
        for row, values in table
        if row in errors
    )
    if table.kind == "xlsx":
        _write_xlsx([*headers, ERROR_HEADER], lines, out)
    else:
        text = io.TextIOWrapper(out, "utf-8-sig", newline="")
        writer = csv.writer(text, delimiter=table.delimiter)
        writer.writerow([safe_cell(header) for header in [*headers, ERROR_HEADER]])
        for line in lines:
            writer.writerow([safe_cell(cell) for cell in line])
        text.flush()
        text.detach()


def _shown(header: str, value: str) -> str:
    # A phone with a digit too few looks like an ID number, yet its owner must see it to mend it.
    if is_phone_header(header) and sum(char.isdigit() for char in value) < 12:
        return value
    return value if is_coordinate(value) else masks(value, allow_phone=True)


def _write_xlsx(headers: list[str], lines: Iterator[list[str]], out: IO[bytes]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in ([headers], lines):
        for cells in line:
            written = [WriteOnlyCell(sheet, value=_printable(cell)) for cell in cells]
            for cell in written:
                cell.data_type = "s"  # never "f": a text that begins with = stays a text
            sheet.append(written)
    book.save(out)


def _printable(text: str) -> str:
    return "".join(char for char in text if char >= " " or char in "\t\n")


@contextmanager
def _opened(source: Path | bytes) -> Iterator[IO[bytes]]:
    with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as binary:
        yield binary


def _headers(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if any(re.fullmatch(r"[\d .,/:+\-%]+", cell) for cell in cells if cell):
        raise FileRefused("no_header")
    headers = [cell or f"({get_column_letter(place)})" for place, cell in enumerate(cells, start=1)]
    for key, count in Counter(header_key(header) for header in headers).items():
        if count > 1 and key:
            raise FileRefused("duplicate_header", next(h for h in headers if header_key(h) == key))
    return headers


def _inspect_zip(source: Path | bytes, suffix: str) -> None:
    try:
        with _opened(source) as binary, zipfile.ZipFile(binary) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:200]:
                raise FileRefused("ods")
            if "xl/workbook.xml" not in names:
                raise FileRefused("ods" if suffix == ".ods" else "not_a_table")
            # zipfile never unpacks more than the size stated here, so a lie ends as a broken file.
            if len(parts) > _PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise FileRefused("too_big")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as xml:
                        if b"<!DOCTYPE" in xml.read(1024):  # entities that swell; no spreadsheet writes them
                            raise FileRefused("broken")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as failure:
        raise FileRefused("broken") from failure


def _xlsx_rows(source: Path | bytes) -> Iterator[tuple[int, list[str]]]:
    with _opened(source) as binary:
        try:
            book = load_workbook(binary, read_only=True, data_only=True, keep_links=False)
            sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
            if sheet is None:
                raise FileRefused("empty")
            sheet.reset_dimensions()  # files often state a wrong size
            for row_number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
                yield row_number, [_xlsx_text(cell) for cell in row]
        except FileRefused:
            raise
        except Exception as failure:  # openpyxl raises whatever a malformed part happens to cause
            raise FileRefused("broken") from failure


def _xlsx_text(cell: Any) -> str:
    if cell is EMPTY_CELL:
        return ""
    value = cell.value
    if isinstance(value, float | int) and not isinstance(value, bool):
        return cell_text(value, percent="%" in (cell.number_format or ""))
    return cell_text(value)


def _encoding(source: Path | bytes) -> str:
    with _opened(source) as binary:
        start = binary.read(4)
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            candidates = ["utf-16"]
        else:
            candidates = ["utf-8-sig", "cp1258"]
            binary.seek(0)
            while chunk := binary.read(1 << 16):
                if b"\0" in chunk:
                    raise FileRefused("not_a_table")
        for encoding in candidates:
            binary.seek(0)
            text = io.TextIOWrapper(binary, encoding, newline="")
            try:
                while text.read(1 << 16):
                    pass
            except UnicodeError:
                continue
            else:
                return encoding
            finally:
                text.detach()
    raise FileRefused("encoding")


def _delimiter(source: Path | bytes, encoding: str) -> str:
    """The sign that cuts the header into most cells; if equal, the one that cuts the next rows alike."""
    with _opened(source) as binary:
        text = io.TextIOWrapper(binary, encoding, newline="")
        sample = text.read(1 << 16)
        text.detach()
    best, best_score = ",", (1, 0.0)
    for delimiter in ",;\t":
        if _excel_hint(sample.splitlines()[:1], delimiter):
            return delimiter
        try:
            rows = list(islice(csv.reader(io.StringIO(sample), delimiter=delimiter), 30))
        except csv.Error:
            continue
        sizes = [len(row) for row in rows if any(cell.strip() for cell in row)]
        if sizes:
            score = (sizes[0], sum(size == sizes[0] for size in sizes) / len(sizes))
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _excel_hint(cells: list[str], delimiter: str) -> bool:
    """Excel's own first line «sep=;»."""
    return delimiter.join(cells).strip().strip('"').lower() == f"sep={delimiter}".strip()


# Letters that Vietnamese does not have, inside words: TCVN3 («ViÖt», «®ång») and VNI («Vieät», «ñoàng») read
# as Unicode; and UTF-8 read as something else («Viá»‡t»).
_STRANGE = "øûïåäëüöæçßÞØÛÏÅÄËÜÖÆÇ×®µ¶¸¹¨©ª¬¼½¾\xad"
_GARBAGE = re.compile(
    rf"(?<=[^\W\d_])[{_STRANGE}]|[{_STRANGE}](?=[^\W\d_])|[ñÑ](?=[aeiouyâêôö])|Ã[\x80-\xbf]|á»|áº|Ä‘|Æ°|Æ¡"
)
_PROPER = re.compile(r"[ăđơưĂĐƠƯẠ-ỹ]")


def _refuse_old_fonts(table: Table) -> None:
    garbage = proper = 0
    for text in chain(table.headers, *table.sample):
        garbage += len(_GARBAGE.findall(text))
        proper += len(_PROPER.findall(text))
    if garbage >= 2 and garbage >= proper:
        raise FileRefused("old_font")
