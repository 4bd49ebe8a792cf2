"""Reads of the trail that know nothing of rights: whoever shows entries narrows them by scope first."""

from collections.abc import Iterator
from dataclasses import dataclass

from volunteers.audit.models import AuditEntry, AuditSeal
from volunteers.audit.rules import GENESIS, chain

DROPPED = "audit.dropped"


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking every seal found: `broken` is the number of the first seal that does not hold, and `why`."""

    seals: int
    entries: int
    unsealed: int
    broken: int | None = None
    why: str = ""


def last_seal() -> AuditSeal | None:
    """The newest seal; None before the first."""
    return AuditSeal.objects.order_by("-number").first()


def unsealed(limit: int) -> list[AuditEntry]:
    """Committed entries that no seal holds yet, oldest first."""
    return list(AuditEntry.objects.filter(seal_number__isnull=True).order_by("pk")[:limit])


def verify() -> Verification:
    """Recompute every seal from its entries, stop at the first that does not hold. Reads a block at a time."""
    seals = entries = 0
    previous, expected = GENESIS, 1
    waiting = AuditEntry.objects.filter(seal_number__isnull=True).count()
    anchor = _anchor()
    if anchor is not None:
        if why := _anchor_fault(anchor):
            return Verification(seals, entries, waiting, anchor.number, why)
        previous, expected = anchor.digest, anchor.number + 1
    for seal in AuditSeal.objects.filter(number__gte=expected).order_by("number").iterator():
        why = _fault(seal, previous, expected)
        if why:
            return Verification(seals, entries, waiting, expected if seal.number != expected else seal.number, why)
        seals, entries = seals + 1, entries + seal.entry_count
        previous, expected = seal.digest, expected + 1
    stray = AuditEntry.objects.filter(seal_number__gte=expected).order_by("seal_number").first()
    if stray is None and anchor is not None:
        stray = AuditEntry.objects.filter(seal_number__lte=anchor.number).order_by("seal_number").first()
    if stray is not None:
        return Verification(seals, entries, waiting, stray.seal_number, "entries name a seal that is not there")
    return Verification(seals, entries, waiting)


def _anchor() -> AuditSeal | None:
    """The last seal whose entries retention dropped: the first row, if it is not number 1 or has no entries left."""
    first = AuditSeal.objects.order_by("number").first()
    if first is None or AuditEntry.objects.filter(seal_number=first.number).exists():
        return None
    return first


def _anchor_fault(anchor: AuditSeal) -> str:
    """Cutting off the old end leaves an entry that tells so; without it somebody else has cut."""
    told = AuditEntry.objects.filter(action=DROPPED, object_id=str(anchor.number))
    if any(entry.detail.get("digest") == anchor.digest for entry in told):
        return ""
    return "the entries are gone, and no entry tells that retention dropped them"


def _fault(seal: AuditSeal, previous: str, expected: int) -> str:
    if seal.number != expected:
        return "a seal is missing"
    if seal.previous_digest != previous:
        return "it does not follow from the seal before"
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        for entry in AuditEntry.objects.filter(seal_number=seal.number).order_by("pk").iterator():
            count += 1
            yield entry.canonical_bytes()

    digest = chain(previous, lines())
    if count != seal.entry_count:
        return "entries are missing or were added"
    return "" if digest == seal.digest else "an entry was changed"
