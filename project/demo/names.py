"""Invented words of the demo province: names of people, calls at the door, lanes, hamlets. Pure, nothing is real."""

from random import Random

FAMILY = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
)  # fmt: skip
WOMEN_MIDDLE = ("Thị", "Ngọc", "Thu", "Kim", "Thanh", "Bích", "Mỹ")
WOMEN_GIVEN = (
    "Hoa", "Sen", "Mai", "Cúc", "Duyên", "Hạnh", "Hiền", "Loan", "Nga", "Nhung", "Phượng", "Quyên", "Thắm", "Thoa",
    "Trinh", "Tuyết", "Vân", "Xuân", "Yến", "Đào",
)  # fmt: skip
MEN_MIDDLE = ("Văn", "Đức", "Hữu", "Quốc", "Thanh", "Công", "Xuân")
MEN_GIVEN = (
    "An", "Bảo", "Cường", "Dũng", "Đạt", "Hải", "Hậu", "Hòa", "Khoa", "Lâm", "Lộc", "Nam", "Nghĩa", "Phúc", "Sơn",
    "Tâm", "Thành", "Tín", "Vinh", "Đông",
)  # fmt: skip
# S'tiêng families of the region carry «Điểu» (men) and «Thị» (women) before a single given name.
STIENG_MEN = ("Khâm", "Rây", "Mốt", "Lôn", "Hem", "Tơi")
STIENG_WOMEN = ("Rim", "Sơi", "Ngêu", "Dơi", "Bên", "Mơn")

BIRTH_ORDER = ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Út")
CALLS = {"u60": ("cô", "chú"), "60_69": ("bác", "bà", "ông"), "70_79": ("bà", "ông"), "80_up": ("cụ",)}

RURAL_PLACES = (
    "Sau nhà văn hóa", "Cạnh trạm y tế", "Đường vào rẫy điều", "Ngõ giếng làng", "Dốc cây xăng", "Gần chợ chiều",
    "Đường suối Đá", "Ngõ sân bóng", "Sau trường mẫu giáo", "Cuối đường bê tông", "Ngã ba cây da", "Xóm vườn tiêu",
)  # fmt: skip
TOWN_PLACES = (
    "Hẻm 12", "Hẻm 25", "Hẻm 48", "Hẻm 63", "Hẻm 71", "Hẻm 94", "Hẻm sau chợ", "Hẻm nhà thuốc", "Dãy trọ cuối hẻm",
    "Hẻm bờ sông", "Hẻm cây bàng", "Hẻm trường học",
)  # fmt: skip
HAMLETS = (
    "Hoa Điều", "Suối Đá", "Bàu Sen", "Đồi Gió", "Vườn Tiêu", "Cây Da", "Giếng Mới", "Đất Đỏ", "Bến Tre Gai",
    "Hòa Lạc", "Tân Vui", "Phú Lành",
)  # fmt: skip
NOTES = (
    "Nhà có chó, gọi trước cổng", "Đi cổng sau, qua vườn điều", "Tai hơi nghễnh ngãng, nói chậm và to",
    "Có cháu ở nhà sau 17 giờ", "Xe máy để ngoài đầu ngõ", "Thích ngồi học ở hiên nhà",
)  # fmt: skip


def full_name(rng: Random, *, is_woman: bool, language: str = "") -> str:
    """'Trần Thu Hạnh'; 'Điểu Khâm' for a speaker of S'tiêng."""
    if language == "sti":
        return f"Thị {rng.choice(STIENG_WOMEN)}" if is_woman else f"Điểu {rng.choice(STIENG_MEN)}"
    if is_woman:
        return f"{rng.choice(FAMILY)} {rng.choice(WOMEN_MIDDLE)} {rng.choice(WOMEN_GIVEN)}"
    return f"{rng.choice(FAMILY)} {rng.choice(MEN_MIDDLE)} {rng.choice(MEN_GIVEN)}"


def call_name(rng: Random, age_band: str) -> str:
    """How to greet: 'bà Tư', 'cụ Năm'."""
    return f"{rng.choice(CALLS[age_band])} {rng.choice(BIRTH_ORDER)}"


def lane(number: int, *, is_town: bool) -> str:
    """Where the `number`th door of a hamlet is: 'Cạnh trạm y tế, nhà 14'. Different for each number."""
    places = TOWN_PLACES if is_town else RURAL_PLACES
    return f"{places[number % len(places)]}, nhà {number // len(places) * 7 + number % 7 + 1}"


def phone(number: int) -> str:
    """A sample number in E.164 (0900 000 0NN…)."""
    return f"+84900{number:06d}"
