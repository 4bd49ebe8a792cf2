"""The envelopes of contract §6: what a batch and an op must look like. Pure: plain values in, plain values out."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

MAX_OPS = 50
MAX_BYTES = 256 * 1024
SCHEMAS = frozenset({1})


def _(text: str) -> str:
    """Marks a sentence for translation; whoever answers translates it (this room knows no Django)."""
    return text


@dataclass(frozen=True)
class Op:
    """One op whose form is right. `payload` holds real values: UUIDs, dates, whole numbers."""

    op_id: UUID
    kind: str
    seq: int
    recorded_at: datetime
    supersedes: UUID | None
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """Why an op can never be applied: a code of contract §6, the field, and a sentence to translate."""

    code: str
    field: str
    message: str


@dataclass(frozen=True)
class Answer:
    """What became of an op: status and code of contract §6, a translated sentence, and what it wrote."""

    status: str
    code: str = ""
    message: str = ""
    is_counted: bool = False
    object_id: UUID | None = None


class Wrong(ValueError):
    """A value of the wrong kind; the text is the sentence."""


Check = Callable[[Any], Any]


def uuid(value: Any) -> UUID:
    """An id in its usual writing with dashes."""
    if not isinstance(value, str) or len(value) != 36:
        raise Wrong(_("This must be an id."))
    try:
        return UUID(value)
    except ValueError:
        raise Wrong(_("This must be an id.")) from None


def moment(value: Any) -> datetime:
    """ISO 8601 with an offset."""
    try:
        parsed = datetime.fromisoformat(value) if isinstance(value, str) else None
        if parsed is not None and parsed.tzinfo is not None:
            parsed.astimezone(UTC)  # a year that no database takes raises here
            return parsed
    except (ValueError, OverflowError):
        pass
    raise Wrong(_("This must be a time with its offset, like 2026-11-02T08:30:00+07:00."))


def day(value: Any) -> date:
    """ISO 8601 day."""
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Wrong(_("This must be a day, like 2026-11-02."))


def boolean(value: Any) -> bool:
    """true or false; 0, 1 and words are not taken."""
    if isinstance(value, bool):
        return value
    raise Wrong(_("This must be true or false."))


def number(low: int, high: int) -> Check:
    """A whole number between two bounds."""

    def check(value: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise Wrong(_("This number is out of range."))

    return check


def text(longest: int, *, may_be_empty: bool = False) -> Check:
    """Text of at most so many characters, without control characters; outer spaces fall away."""

    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise Wrong(_("This must be text."))
        cleaned = value.strip()
        if len(cleaned) > longest:
            raise Wrong(_("This text is too long."))
        if any((ord(char) < 32 and char not in "\n\t") or 0xD800 <= ord(char) <= 0xDFFF for char in cleaned):
            raise Wrong(_("This text holds characters that cannot be kept."))
        if not cleaned and not may_be_empty:
            raise Wrong(_("This must not be empty."))
        return cleaned

    return check


def choice(*values: str) -> Check:
    """One of a closed list."""

    def check(value: Any) -> str:
        if isinstance(value, str) and value in values:
            return value
        raise Wrong(_("This value is not in the list."))

    return check


def codes(value: Any) -> list[str]:
    """A list of service codes, each once."""
    if (
        isinstance(value, list)
        and len(value) <= 20
        and all(isinstance(item, str) and len(item) <= 24 for item in value)
    ):
        return list(dict.fromkeys(value))
    raise Wrong(_("This must be a list of codes."))


def good_time(value: Any) -> str | list[dict[str, Any]]:
    """Words of the roster («sáng», «08:00-10:30»), a list of them, or windows as the pack gives them."""
    if isinstance(value, str) and len(value) <= 120:
        return value
    if isinstance(value, list) and len(value) <= 14:
        if all(isinstance(item, str) and len(item) <= 40 for item in value):
            return ";".join(value)
        if all(_is_window(item) for item in value):
            return [{name: item[name] for name in ("days", "start", "end")} for item in value]
    raise Wrong(_("This must be a time of the day, like «sáng» or 08:00-10:30."))


def _is_window(item: Any) -> bool:
    if not isinstance(item, dict) or set(item) != {"days", "start", "end"}:
        return False
    whole = all(type(item[name]) is int for name in ("start", "end"))
    days = isinstance(item["days"], list) and all(type(one) is int and 0 <= one <= 6 for one in item["days"])
    return whole and days and 0 <= item["start"] < item["end"] <= 1440


def sha256(value: Any) -> str:
    """64 hexadecimal digits."""
    if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value):
        return value
    raise Wrong(_("This must be a SHA-256 in small letters."))


_SERVICE = text(24)
_RUNG = choice("briefed", "referred", "registered", "activated", "did_alone")
_BLOCKER = choice("no_phone", "no_signal", "sim_not_own", "no_chip_card", "needs_police", "forgot_password", "other")
_RESULT = choice("done", "not_home", "come_back", "refused", "moved_away", "cannot_serve")
_AREA = text(24)

# kind -> field -> (check, required). A field that is not here is refused: what we do not know, we do not keep.
KINDS: dict[str, dict[str, tuple[Check, bool]]] = {
    "shift.checked_in": {"session": (uuid, True)},
    "shift.checked_out": {"session": (uuid, True)},
    "visit.started": {"visit": (uuid, True)},
    "visit.finished": {
        "visit": (uuid, True), "result": (_RESULT, True), "come_back_on": (day, False), "good_time": (good_time, False),
        "minutes": (number(0, 600), False), "faces": (number(1, 3), False), "unnamed_services": (codes, False),
        "blocker": (_BLOCKER, False),
    },
    "person.added": {
        "person": (uuid, True), "household": (uuid, True), "call_name": (text(40, may_be_empty=True), False),
        "age_band": (choice("", "u60", "60_69", "70_79", "80_up"), False),
    },
    "outcome.recorded": {
        "visit": (uuid, True), "person": (uuid, True), "service": (_SERVICE, True), "rung": (_RUNG, True),
        "own_device": (boolean, True), "own_sim": (boolean, True), "blocker": (_BLOCKER, False),
        "referred_to": (uuid, False),
    },
    "consent.recorded": {
        "person": (uuid, True), "purpose": (choice("help_record", "call_back", "follow_up"), True),
        "given": (boolean, True), "text_version": (text(20), True),
    },
    "contact.recorded": {"household": (uuid, True), "phone": (text(24), True), "consent": (uuid, True)},
    "household.noted": {"household": (uuid, True), "note": (text(200), True), "good_time": (good_time, False)},
    "walk_in.recorded": {
        "visit": (uuid, True), "session": (uuid, True), "household": (uuid, True), "hamlet": (_AREA, False),
        "lane": (text(60), False), "call_name": (text(40, may_be_empty=True), False),
    },
    "photo.taken": {
        "session": (uuid, True), "visit": (uuid, False), "subject": (choice("place", "poster"), True),
        "sha256": (sha256, True), "bytes": (number(1, 20_000_000), True), "width": (number(1, 20_000), True),
        "height": (number(1, 20_000), True),
    },
    "safety.raised": {"session": (uuid, True), "visit": (uuid, False)},
    "op.withdrawn": {},
}  # fmt: skip
FREE_TEXT = ("note", "lane", "call_name")  # what the input guard reads
_ENVELOPE = frozenset({"op_id", "kind", "schema", "seq", "recorded_at", "supersedes", "payload"})


def read_op(raw: Any) -> Op | Problem:
    """An op with real values, or the first thing that is wrong with it."""
    if not isinstance(raw, dict):
        return Problem("invalid", "", _("An op must be an object."))
    unknown = sorted(str(name) for name in set(raw) - _ENVELOPE)
    if unknown:
        return Problem("invalid", unknown[0][:40], _("This field is not known."))
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        return Problem("unknown_kind", "kind", _("This version does not know this kind of record."))
    if type(raw.get("schema")) is not int or raw["schema"] not in SCHEMAS:
        return Problem("invalid", "schema", _("This version does not know this form of record."))
    name = ""
    try:
        envelope: dict[str, Any] = {}
        for name, check in (("op_id", uuid), ("seq", number(0, 2**53)), ("recorded_at", moment)):
            envelope[name] = check(raw.get(name))
        name = "supersedes"
        replaced = uuid(raw["supersedes"]) if raw.get("supersedes") is not None else None
        if kind == "op.withdrawn":
            # The table of contract §6 shows `supersedes` as this kind's payload; the envelope has the same field.
            given = raw.get("payload")
            if replaced is None and isinstance(given, dict) and set(given) == {"supersedes"}:
                replaced = uuid(given["supersedes"])
                return Op(**envelope, kind=kind, supersedes=replaced)
            if replaced is None:
                raise Wrong(_("This must be an id."))
            if given in (None, {}) or given == {"supersedes": raw["supersedes"]}:
                return Op(**envelope, kind=kind, supersedes=replaced)
    except Wrong as wrong:
        return Problem("invalid", name, str(wrong))
    payload = _payload(kind, raw.get("payload"))
    if isinstance(payload, Problem):
        return payload
    return Op(**envelope, kind=kind, supersedes=replaced, payload=payload)


def _payload(kind: str, raw: Any) -> dict[str, Any] | Problem:
    if not isinstance(raw, dict):
        return Problem("invalid", "payload", _("The payload must be an object."))
    unknown = sorted(str(name) for name in set(raw) - set(KINDS[kind]))
    if unknown:
        return Problem("invalid", f"payload.{unknown[0][:40]}", _("This field is not known."))
    payload: dict[str, Any] = {}
    for name, (check, is_required) in KINDS[kind].items():
        if raw.get(name) is None:
            if is_required:
                return Problem("invalid", f"payload.{name}", _("This field is missing."))
            continue
        try:
            payload[name] = check(raw[name])
        except Wrong as wrong:
            return Problem("invalid", f"payload.{name}", str(wrong))
    if payload.get("referred_to") and payload["rung"] != "referred":
        return Problem("invalid", "payload.referred_to", _("A referral goes with the step «referred» only."))
    if payload.get("service") == "safety" and payload["rung"] != "briefed":
        return Problem("invalid", "payload.rung", _("This service does not have that step."))
    if payload.get("come_back_on") and payload["result"] != "come_back":
        return Problem("invalid", "payload.come_back_on", _("A day to come back goes with «come back later» only."))
    return payload


def id_of(raw: Any) -> UUID | None:
    """The op's id, if it has one that can be kept."""
    try:
        return uuid(raw.get("op_id")) if isinstance(raw, dict) else None
    except Wrong:
        return None


def canonical(raw: dict[str, Any]) -> str:
    """The same text for the same content, whatever the order of fields and the spaces between them."""
    return json.dumps(raw, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def digest(raw: dict[str, Any], key: bytes) -> str:
    """SHA-256 of the canonical JSON, keyed: without the key nobody finds a phone number by trying them all."""
    return hmac.new(key, canonical(raw).encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Batch:
    """The envelope of a request; ops are read one by one, so that a bad one never blocks the others."""

    device_id: UUID
    batch_id: UUID
    sent_at: datetime
    ops: list[Any]


def read_batch(raw: Any) -> Batch | list[tuple[str, str]]:
    """The batch, or what is wrong with its envelope: (field, sentence) each."""
    if not isinstance(raw, dict):
        return [("", _("The request must be a JSON object."))]
    errors: list[tuple[str, str]] = []
    values: dict[str, Any] = {}
    for name, check in (("device_id", uuid), ("batch_id", uuid), ("sent_at", moment)):
        try:
            values[name] = check(raw.get(name))
        except Wrong as wrong:
            errors.append((name, str(wrong)))
    if not isinstance(raw.get("ops"), list):
        errors.append(("ops", _("This must be a list of ops.")))
    return errors or Batch(**values, ops=raw["ops"])


def plain_digest(content: str) -> str:
    """SHA-256 of a text, to see whether a row of the pack has changed."""
    return hashlib.sha256(content.encode()).hexdigest()


def write_cursor(epoch: UUID, serial: int) -> str:
    """The cursor of `changes`: opaque to the phone."""
    return f"{epoch.hex}.{serial}"


def read_cursor(value: str) -> tuple[UUID, int] | None:
    """Epoch and serial of a cursor, None if it is none of ours."""
    found = re.fullmatch(r"([0-9a-f]{32})\.(\d{1,18})", value)
    return (UUID(hex=found[1]), int(found[2])) if found else None
