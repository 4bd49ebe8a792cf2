"""Digests by which the seed tells an editor's words from its own. Pure."""

import hashlib
import json
from typing import Any


def digest(value: Any) -> str:
    """SHA-256 of plain values, the same for the same content."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
