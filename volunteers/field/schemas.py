"""The shapes of the sync API, and errors as RFC 9457 has them."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from volunteers.field import protocol


class DeviceIn(Schema):
    """A phone that wants its keys."""

    device_id: UUID
    label: str = Field("", max_length=60)


class DeviceOut(Schema):
    """The keys of one person on one phone."""

    upload_token: str
    pack_key: str
    outbox_key: str
    lease_until: str
    server_public_key: str


class ResultOut(Schema):
    """What became of one op."""

    op_id: str | None
    status: str
    code: str
    message: str
    counted: bool


class ReplyOut(Schema):
    """One result for each op sent, in order."""

    batch_id: str
    server_time: str
    server_epoch: str
    results: list[ResultOut]


# For the OpenAPI text only: the body is read by hand, because its size is judged before it is parsed.
BATCH_DOCUMENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["device_id", "batch_id", "sent_at", "ops"],
                    "properties": {
                        "device_id": {"type": "string", "format": "uuid"},
                        "batch_id": {"type": "string", "format": "uuid"},
                        "sent_at": {"type": "string", "format": "date-time"},
                        "ops": {"type": "array", "maxItems": protocol.MAX_OPS, "items": {"type": "object"}},
                    },
                }
            }
        },
    }
}


def problem(status: int, title: str, *, retry_after: int = 0, **more: Any) -> HttpResponse:
    """An error of the whole request: type, title, status and what helps to mend it."""
    body = {"type": "about:blank", "title": title, "status": status, **more}
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json"
    )
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def read_batch(body: bytes) -> protocol.Batch | HttpResponse:
    """The batch of a request body, or the error that the whole request gets: 413 too much, 422 not a batch."""
    if len(body) > protocol.MAX_BYTES:
        return too_much()
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return problem(422, _("The request is not JSON."), errors=[{"field": "", "error": _("This is not JSON.")}])
    batch = protocol.read_batch(raw)
    if isinstance(batch, list):
        errors = [{"field": field, "error": _(sentence)} for field, sentence in batch]
        return problem(422, _("The request does not have the expected form."), errors=errors)
    return too_much() if len(batch.ops) > protocol.MAX_OPS else batch


def too_much() -> HttpResponse:
    """413: the phone halves its batch."""
    return problem(413, _("Too much at once: at most 50 records and 256 KB."), code="halve")
