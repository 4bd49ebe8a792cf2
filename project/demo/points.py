"""Invented service points of three communes, so that the public pages have something to show. No phone numbers."""

from typing import Any

from learning.models import ServicePoint
from learning.reference.actions import search_key_of_point

MARK_VI, MARK_EN = "địa chỉ minh hoạ", "demo address"
WEEK_VI = "Thứ hai đến thứ sáu: 7 giờ 30 đến 11 giờ 30, 13 giờ 30 đến 17 giờ"
WEEK_EN = "Monday to Friday: 7:30 to 11:30, 13:30 to 17:00"
SATURDAY_VI, SATURDAY_EN = "Sáng thứ bảy: 7 giờ 30 đến 11 giờ", "Saturday morning: 7:30 to 11:00"

POINTS: list[dict[str, Any]] = [
    {
        "area_code": "25396", "kind": ServicePoint.Kind.CENTRE, "address": f"Đường số 1, xã Bù Đăng ({MARK_VI})",
        "name_vi": "Trung tâm phục vụ hành chính công xã Bù Đăng",
        "name_en": "Public service centre of Bù Đăng commune",
        "hours_vi": f"{WEEK_VI}\n{SATURDAY_VI}", "hours_en": f"{WEEK_EN}\n{SATURDAY_EN}",
    },
    {
        "area_code": "25396", "kind": ServicePoint.Kind.POLICE, "address": f"Đường số 2, xã Bù Đăng ({MARK_VI})",
        "name_vi": "Công an xã Bù Đăng", "name_en": "Police of Bù Đăng commune",
        "hours_vi": WEEK_VI, "hours_en": WEEK_EN,
    },
    {
        "area_code": "26041", "kind": ServicePoint.Kind.CENTRE, "address": f"Đường số 3, phường Trấn Biên ({MARK_VI})",
        "name_vi": "Trung tâm phục vụ hành chính công phường Trấn Biên",
        "name_en": "Public service centre of Trấn Biên ward",
        "hours_vi": f"{WEEK_VI}\n{SATURDAY_VI}", "hours_en": f"{WEEK_EN}\n{SATURDAY_EN}",
    },
    {
        "area_code": "25405", "kind": ServicePoint.Kind.POST, "address": f"Cạnh chợ, xã Bom Bo ({MARK_VI})",
        "name_vi": "Bưu điện văn hoá xã Bom Bo", "name_en": "Post office of Bom Bo commune",
        "hours_vi": "Thứ hai đến thứ bảy: 7 giờ 30 đến 17 giờ", "hours_en": "Monday to Saturday: 7:30 to 17:00",
    },
]  # fmt: skip


def open_points() -> None:
    """Write those that are not there yet."""
    for values in POINTS:
        row = ServicePoint(**values)
        row.folded = search_key_of_point(row)
        if not ServicePoint.objects.filter(area_code=row.area_code, name_vi=row.name_vi).exists():
            row.full_clean()
            row.save()
