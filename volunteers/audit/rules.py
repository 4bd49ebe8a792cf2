"""How an entry is written down for its seal, and how digests chain. Pure."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


def canonical(
    *,
    id: int,
    at: datetime,
    action: str,
    object_type: str,
    object_id: str,
    scope: str,
    actor_id: uuid.UUID | None,
    detail: dict[str, Any],
) -> bytes:
    """The same bytes for the same entry on every machine and database: UTC, sorted keys, no spaces, UTF-8."""
    at_utc = at.astimezone(UTC).isoformat(timespec="microseconds")
    row = [id, at_utc, action, object_type, object_id, scope, str(actor_id) if actor_id else None, detail]
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def chain(previous_digest: str, entries: Iterable[bytes]) -> str:
    """SHA-256 over the digest before and every entry's bytes, each led by its length so that none can be shifted."""
    digest = hashlib.sha256(previous_digest.encode())
    for entry in entries:
        digest.update(len(entry).to_bytes(8, "big"))
        digest.update(entry)
    return digest.hexdigest()
