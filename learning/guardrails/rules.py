"""What a text for elders must keep to: pure rules on plain values, the same for shipped content and for the editor."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from project.lib import input_guard

# learning.md §4 (WCAG 3.1.5, COGA o4p7; the numbers are ours): aim at 12 syllables a sentence and 30 a screen.
SENTENCE_WARN, SENTENCE_BLOCK = 15, 24
SCREEN_WARN, SCREEN_BLOCK = 30, 45
MAX_SENTENCES = 2
MAX_STEPS = 12
STEP_WARN_BYTES, STEP_BLOCK_BYTES = 40_000, 100_000

# Official hosts: *.gov.vn, and the two stores from which VNeID may be installed (domain.md A2, report row 3-15).
OFFICIAL_SUFFIXES = (".gov.vn",)
OFFICIAL_HOSTS = ("play.google.com", "apps.apple.com")

# Kinds of the input guard that no lesson shows, not even as an example; a helpline is a HelpContact, not a text.
NUMBER_KINDS = {"id_number", "insurance_number", "card", "phone"}

SENTENCE_END = re.compile(r"[.!?…]+[»”\"')]*(?=\s|$)")
WORD = re.compile(r"[^\W_]+(?:[.@/-][^\W_]+)*")
ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>«»\"']+|\b(?:[a-z0-9-]+\.)+(?:vn|com|net|org|info|xyz|top|apk)\b[^\s<>«»\"']*", re.I
)
SHOUTED = re.compile(r"\b[A-ZÀ-ỸĐ]{2,}(?:\s+[A-ZÀ-ỸĐ]{2,}){2,}\b")
ASKS_FOR_SECRET = re.compile(
    r"\b(?:đọc|gửi|nói|cho|nhắn)\s+(?:mã\s+)?(?:otp|mật khẩu|passcode)\s+(?:cho|đến|tới|qua)\b", re.I
)
# «20261102», «20261102_101530»: how phones name photographs and screenshots.
STAMP = re.compile(r"(?<!\d)20\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?:[_\-. ]?\d{6}(?:\d{3})?)?(?!\d)")
# What officials write and nobody says at a kitchen table (design.md, «Voice»).
STIFF = ("vui lòng", "thực hiện thao tác", "quý công dân", "hệ thống ghi nhận", "tiến hành", "quý khách", "người dùng")


@dataclass(frozen=True)
class Finding:
    """One thing that a rule saw. `level`: 'warn' or 'block'; `code`: which rule; `where`: place in the lesson, ''
    for all of it; `detail`: the number or the words that the message names."""

    level: str
    code: str
    where: str = ""
    detail: str = ""


def sentences(text: str) -> list[str]:
    """The sentences of a text; the last one may lack its stop."""
    return [part.strip() for part in SENTENCE_END.split(text.strip()) if part.strip(" «»\"'”)")]


def syllables(text: str) -> int:
    """How many syllables a Vietnamese text has (a written word is one syllable), or how many words an English one."""
    return len(WORD.findall(text))


def text_findings(text: str, where: str = "") -> list[Finding]:
    """The sentence and screen rules for what stands on one screen."""
    found: list[Finding] = []
    parts = sentences(text)
    if len(parts) > MAX_SENTENCES:
        found.append(Finding("block", "sentences", where, str(len(parts))))
    for part in parts:
        count = syllables(part)
        if count > SENTENCE_WARN:
            level = "block" if count > SENTENCE_BLOCK else "warn"
            found.append(Finding(level, "long_sentence", where, f"{count}: {part[:60]}"))
    total = syllables(text)
    if total > SCREEN_WARN:
        found.append(Finding("block" if total > SCREEN_BLOCK else "warn", "long_screen", where, str(total)))
    return [*found, *word_findings(text, where)]


def word_findings(text: str, where: str = "") -> list[Finding]:
    """The rules that hold for every text of a lesson, however long: addresses, numbers, secrets, stiff words."""
    found = [Finding("block", "link", where, link) for link in links_in(text) if not is_official(link)]
    numbers = numbers_in(text)
    if numbers:
        found.append(Finding("block", "phone" if numbers == {"phone"} else "id_like", where))
    if ASKS_FOR_SECRET.search(text) and not re.search(r"\b(?:không|đừng|chớ|giả)\b", text, re.I):
        found.append(Finding("block", "asks_for_secret", where))
    folded = text.casefold()
    found += [Finding("warn", "stiff", where, word) for word in STIFF if word in folded]
    if shout := SHOUTED.search(text):
        found.append(Finding("warn", "capitals", where, shout[0]))
    return found


def numbers_in(text: str) -> set[str]:
    """Which kinds of a person's numbers stand in a text: 'id_number', 'insurance_number', 'card', 'phone'."""
    return {hit.kind for hit in input_guard.check(text)} & NUMBER_KINDS


def has_number(name: str) -> bool:
    """Whether a title or a file name holds a person's number, also between «_» and «-»; a camera's stamp is none."""
    name = STAMP.sub(" ", name)
    return bool(numbers_in(name) or numbers_in(re.sub(r"[_\-]+", " ", name)))


def links_in(text: str) -> list[str]:
    """Every address that stands in a text, as written."""
    return [link.rstrip(".,;:!?)") for link in ADDRESS.findall(text)]


def is_official(address: str, allowed: Iterable[str] = OFFICIAL_HOSTS) -> bool:
    """Whether an address leads to an official host: *.gov.vn, or one of `allowed` exactly. https only.

    'dichvucong.bvgov.com' and 'dichvucong.gov.vn.example.com' are not; neither is 'https://x@gov.vn.evil.com/'.
    """
    parts = urlsplit(address if "//" in address else f"https://{address}")
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme != "https" or "@" in parts.netloc:
        return False
    return host in set(allowed) or any(
        host.endswith(suffix) and len(host) > len(suffix) for suffix in OFFICIAL_SUFFIXES
    )


def weight_findings(size: int, where: str = "") -> list[Finding]:
    """The rule for what one step weighs on the wire with its picture and without its voice. `size` in bytes."""
    if size <= STEP_WARN_BYTES:
        return []
    return [Finding("block" if size > STEP_BLOCK_BYTES else "warn", "heavy", where, str(round(size / 1000)))]
