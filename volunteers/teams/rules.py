"""Who may lead, which role is given how, and how languages are called. Pure."""

from volunteers.access.roles import Role

TEAM_ROLES = frozenset({Role.TEAM_LEADER.value, Role.VOLUNTEER.value})  # by membership; all others by grant
INVITATION_DAYS = 30
INVITATION_KEPT = 365  # days after it ended
RENEWS = "renews"  # in an invitation's details: the account that only gets a new password by it
RENEWAL_DAYS = 2  # a key to an account that exists is handed over at once

# Codes of the voices (contract §3) → names as lists write them, folded. Ethnologue's codes where ISO 639-1 has none.
LANGUAGES: dict[str, tuple[str, ...]] = {
    "vi": ("viet", "tieng viet", "kinh", "pho thong"),
    "en": ("anh", "english"),
    "zh": ("hoa", "trung", "quang dong"),
    "km": ("khmer", "khome", "kho me"),
    "sti": ("stieng", "s'tieng", "xtieng"),
    "cmo": ("mnong", "m'nong"),
    "hmn": ("hmong", "h'mong", "mong", "meo"),
    "tyz": ("tay",),
    "nut": ("nung",),
    "mtq": ("muong",),
    "cjm": ("cham",),
    "rad": ("ede", "e de"),
    "jra": ("jarai", "gia rai", "j'rai", "gia-rai"),
    "cma": ("ma", "chau ma", "chauma"),
    "crw": ("choro", "cho ro", "cho-ro"),
    "kpm": ("coho", "co ho", "k'ho", "kho"),
    "ium": ("dao",),
    "tai": ("thai",),
}
LANGUAGE_NAMES: dict[str, str] = {
    "vi": "Việt", "en": "Anh", "zh": "Hoa", "km": "Khmer", "sti": "S'tiêng", "cmo": "M'nông", "hmn": "H'Mông",
    "tyz": "Tày", "nut": "Nùng", "mtq": "Mường", "cjm": "Chăm", "rad": "Ê Đê", "jra": "Gia Rai", "cma": "Mạ",
    "crw": "Chơ Ro", "kpm": "Cơ Ho", "ium": "Dao", "tai": "Thái",
}  # fmt: skip


def is_adult_year(birth_year: int | None, this_year: int) -> bool:
    """18 or older for certain: the year after the 18th birthday. An unknown year counts as adult: leads vouch."""
    return birth_year is None or this_year - birth_year > 18


def language_code(folded: str) -> str | None:
    """The code of a language given by its code or its name, already folded; None if it is not known."""
    text = folded.removeprefix("tieng ").strip()
    if text in LANGUAGES:
        return text
    for code, names in LANGUAGES.items():
        if text in names or folded in names:
            return code
    return None


def may_lead_at_all(role: str, may_lead: bool, birth_year: int | None, this_year: int) -> bool:
    """False where somebody under 18 would lead a team or a crew."""
    leads = role == Role.TEAM_LEADER.value or may_lead
    return not leads or is_adult_year(birth_year, this_year)
