"""The empty lists that a lead downloads to fill in: our headers and two invented rows, one file a kind."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from project.lib.spreadsheets import Column
from volunteers.areas.models import ImportRun

# Invented people; the numbers are the ones that everybody writes as an example.
_EXAMPLES: dict[str, list[dict[str, str]]] = {
    ImportRun.Kind.HOUSEHOLDS: [
        {
            "code": "HD-001", "hamlet": "Thôn 1", "lane": "Ngõ 3, sau nhà văn hoá", "call_name": "bà Tư", "people": "2",
            "needs": "vneid_l2; health_book", "good_time": "sáng; chủ nhật", "priority": "4", "language": "vi",
            "woman_wanted": "có", "phone": "0912 345 678", "consent": "có", "lat": "", "lon": "",
        },
        {
            "code": "", "hamlet": "Thôn 2", "lane": "cạnh giếng làng", "call_name": "", "people": "1",
            "needs": "safety", "good_time": "08:00-10:30", "priority": "3", "language": "", "woman_wanted": "không",
            "phone": "", "consent": "không", "lat": "", "lon": "",
        },
    ],
    ImportRun.Kind.HAMLETS: [
        {"name": "Thôn 1", "kind": "thôn", "code": "h1", "lat": "", "lon": "", "households": "210", "network": "4g"},
        {"name": "Ấp Tân Lập", "kind": "ấp", "code": "", "lat": "", "lon": "", "households": "145", "network": "3g"},
    ],
    ImportRun.Kind.VOLUNTEERS: [
        {
            "name": "Nguyễn Thị Mẫu", "team": "Tổ công nghệ số Thôn 1", "phone": "0912 345 678", "role": "đội trưởng",
            "may_lead": "có", "skills": "vneid_l2; health_book", "languages": "vi", "gender": "nữ", "travel": "xe máy",
            "birth_year": "1990",
        },
        {
            "name": "Trần Văn Ví Dụ", "team": "Tổ công nghệ số Thôn 1", "email": "vidu@gocua.example",
            "role": "tình nguyện viên", "may_lead": "không", "skills": "safety", "languages": "vi, sti",
            "gender": "nam", "travel": "đi bộ", "birth_year": "2004",
        },
    ],
}  # fmt: skip


def example_sheet(kind: str, columns: list[Column]) -> bytes:
    """An XLSX with the Vietnamese headers of that kind and two rows that show how to write."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise ValueError("a new workbook has a sheet")
    sheet.append([column.names[0] for column in columns])
    for example in _EXAMPLES.get(kind, []):
        sheet.append([example.get(column.key, "") or None for column in columns])
    for place, column in enumerate(columns, start=1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = max(14, len(column.names[0]) + 4)
        for row in range(2, 4):
            sheet.cell(row, place).number_format = "@"  # text: a phone number keeps its first zero
    sheet.freeze_panes = "A2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()
