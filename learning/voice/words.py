"""What a machine says of a written text: the words of a phone as people say them, dates, sentences. Pure."""

import re
import unicodedata

# Written → said, longest first within a text. espeak would spell some of them and read others as English.
SAID: dict[str, dict[str, str]] = {
    "vi": {
        "VNeID": "vi nê i đê", "VssID": "vi ét ét i đê", "OTP": "ô tê pê", "PIN": "pin", "SIM": "xim", "QR": "kiu a",
        "CCCD": "căn cước công dân", "CMND": "chứng minh nhân dân", "BHYT": "bảo hiểm y tế",
        "BHXH": "bảo hiểm xã hội", "GPLX": "giấy phép lái xe", "UBND": "uỷ ban nhân dân", "TP.": "thành phố",
        "NFC": "en ép xê", "SMS": "ét em ét", "USB": "u ét bê", "PDF": "pê đê ép", "JPG": "gi pê gờ", "ID": "i đê",
        "Wi-Fi": "oai phai", "Wifi": "oai phai", "2G": "hai gờ", "3G": "ba gờ", "4G": "bốn gờ", "5G": "năm gờ",
        "Zalo": "da lô", "Facebook": "phây búc", "YouTube": "du túp", "Google": "gu gồ", "Gmail": "gi meo",
        "CH Play": "xê hát pờ lây", "Google Play": "gu gồ pờ lây", "App Store": "áp xờ to", "iPhone": "ai phôn",
        "Android": "an đroi", "Samsung": "xam sung", "Oppo": "ốp pô", "Apple": "áp pồ", "iCloud": "ai cờ lao",
        "Bluetooth": "bờ lu tút", "Messenger": "mét xen giơ", "passcode": "pát cốt", "apk": "a pê ca", "app": "áp",
        "link": "linh", "email": "i meo", "internet": "in tơ nét", "online": "on lai", "website": "oép xai",
        "web": "oép", "video": "vi đê ô", "camera": "ca mê ra", "selfie": "xeo phi",
        "dichvucong.gov.vn": "dịch vụ công chấm gốp chấm vi en", "vneid.gov.vn": "vi nê i đê chấm gốp chấm vi en",
        ".gov.vn": " chấm gốp chấm vi en", "gov.vn": "gốp chấm vi en", ".vn": " chấm vi en", "https://": "",
        ".apk": " chấm a pê ca", "&": " và ", "%": " phần trăm",
    },
    "en": {
        "VNeID": "V N E I D", "VssID": "V S S I D", "OTP": "O T P", "SIM": "sim", "PIN": "pin", "QR": "Q R",
        "NFC": "N F C", "apk": "A P K", "Zalo": "Zah-loh", "CH Play": "C H Play", "Wi-Fi": "wye-fye",
        "dichvucong.gov.vn": "dich vu cong dot gov dot V N", ".gov.vn": " dot gov dot V N", "https://": "",
    },
}  # fmt: skip
_SLASH_DATE = re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b")
_SLASH_MONTH = re.compile(r"\b(1[0-2]|0?[1-9])/((?:19|20)\d\d)\b")
_CLOCK = re.compile(r"\b(\d{1,2})(?::|h|g)(\d{2})\b")
_PART = re.compile(r"\b(\d+)/(\d+)\b")
_ADDRESS_END = re.compile(r"(\.vn)/(?=\W|$)")
_HOUR = re.compile(r"\b(\d{1,2})h\b")
_QUOTED = re.compile(r"(\w)?(\s*)[«“\"]\s*([^«»“”\"]+?)\s*[»”\"]")
_SILENT = re.compile(r"[«»“”\"*_•●·|()\[\]✓✔→›‹]")


def spoken(text: str) -> str:
    """The text as it is kept: composed letters, single spaces. Two writings that sound alike have one voice."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def sayable(text: str) -> bool:
    """Whether there is anything to say: a letter or a digit."""
    return any(sign.isalnum() for sign in text)


def as_said(text: str, language: str) -> str:
    """The text with the phone's words as they are said, and a breath before a word that stands on the screen."""
    base = language.partition("-")[0]
    said = _QUOTED.sub(_with_breath, spoken(text))
    if base == "vi":
        said = _SLASH_DATE.sub(lambda found: f"{int(found[1])} tháng {int(found[2])} năm {found[3]}", said)
        said = _SLASH_MONTH.sub(lambda found: f"tháng {int(found[1])} năm {found[2]}", said)
        said = _CLOCK.sub(_clock, said)
        said = _PART.sub(r"\1 trên \2", _HOUR.sub(r"\1 giờ", said))
    said = _ADDRESS_END.sub(r"\1", said)
    table = SAID.get(base, {})
    if table:
        said = _pattern(base).sub(lambda found: table[_LOOKUP[base][found[0].lower()]], said)
    said = _SILENT.sub(" ", said).replace(" – ", ", ").replace(" — ", ", ").replace("/", ", ").replace("…", ".")
    said = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(said.split()))
    return re.sub(r",\s*([,.;:!?])", r"\1", said).strip(" ,")


def _clock(found: re.Match[str]) -> str:
    """8:30 → 8 giờ 30; 8:00 → 8 giờ."""
    return f"{int(found[1])} giờ {int(found[2]) or ''}".rstrip()


def _with_breath(found: re.Match[str]) -> str:
    """«Kích hoạt» after a word: a comma before it and one behind; at the start of a sentence only behind."""
    before = f"{found[1]}, " if found[1] else found[2]
    return f"{before}{found[3]},"


_LOOKUP = {base: {word.lower(): word for word in table} for base, table in SAID.items()}
_PATTERNS: dict[str, re.Pattern[str]] = {}


def _pattern(base: str) -> re.Pattern[str]:
    if base not in _PATTERNS:
        words = sorted(SAID[base], key=len, reverse=True)
        parts = [_bounded(word) for word in words]
        _PATTERNS[base] = re.compile("|".join(parts), re.IGNORECASE)
    return _PATTERNS[base]


def _bounded(word: str) -> str:
    """A word stands alone; a sign or an ending may touch its neighbours."""
    left = r"(?<![\w.])" if word[0].isalnum() else ""
    right = r"(?!\w)" if word[-1].isalnum() else ""
    return f"{left}{re.escape(word)}{right}"


def sentences(said: str) -> list[str]:
    """The sentences of a text that `as_said` made; a machine leaves a pause between them."""
    parts = re.split(r"(?<=[.!?。！？])\s+|(?<=[。！？])", said)
    return [part.strip() for part in parts if sayable(part)]
