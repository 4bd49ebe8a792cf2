"""The phones' side of the API: pack, changes, ops, devices (contract §5–6)."""

from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Router

from project.lib.clock import now
from volunteers.activations.tasks import nudge_fold
from volunteers.field import actions, pack, protocol, queries
from volunteers.field.guards import PHONES_TOO, SIGNED_IN, Signature, seconds_to_wait
from volunteers.field.schemas import BATCH_DOCUMENT, DeviceIn, DeviceOut, ReplyOut, problem, read_batch, too_much

router = Router(tags=["sync"])
BUSY = 5  # seconds after which a phone may try again


@router.get("/pack", auth=SIGNED_IN, url_name="sync_pack")
def read_pack(request: HttpRequest, device_id: UUID | None = None) -> Any:
    """Today's and the coming days' work of the person who asks."""
    user = _author(request).user
    if too_often := _too_often(user):
        return too_often
    with translation.override(user.language):
        try:
            serial, rows = pack.renew(user)
        except DatabaseError:
            return _busy()
        kinds = ("session", "visit", "household", "person")
        return {
            **_frame(request, user, serial, device_id),
            "csrf_token": get_token(request),
            **{f"{kind}s": [row for (its, _id), row in rows.items() if its == kind] for kind in kinds},
            **pack.surroundings(user),
        }


@router.get("/changes", auth=SIGNED_IN, url_name="sync_changes")
def read_changes(request: HttpRequest, cursor: str, device_id: UUID | None = None) -> Any:
    """What is new, changed or gone since the cursor; 410 `rebuild` when it is too old or of another database."""
    user = _author(request).user
    if too_often := _too_often(user):
        return too_often
    position = protocol.read_cursor(cursor)
    if position is None:
        errors = [{"field": "cursor", "error": _("This is not a cursor of ours.")}]
        return problem(422, _("The request does not have the expected form."), errors=errors)
    with translation.override(user.language):
        try:
            serial, rows = pack.renew(user)
        except DatabaseError:
            return _busy()
        epoch, known = position
        if epoch != queries.server_epoch() or not pack.oldest_serial(user) <= known <= serial:
            return problem(410, _("The pack must be built anew."), code="rebuild")
        upserts, tombstones = pack.since(user, known, rows)
        return {**_frame(request, user, serial, device_id), "upserts": upserts, "tombstones": tombstones}


@router.post("/ops", auth=PHONES_TOO, response=ReplyOut, openapi_extra=BATCH_DOCUMENT, url_name="sync_ops")
def receive_ops(request: HttpRequest) -> Any:
    """Field records: each op is applied once, whoever sends it how often; one answer for each, in order."""
    signature = _author(request)
    if too_often := _too_often(signature.user):
        return too_often
    if int(request.headers.get("Content-Length") or 0) > protocol.MAX_BYTES:
        return too_much()  # before the body is read
    batch = read_batch(request.body)
    if isinstance(batch, HttpResponse):
        return batch
    if signature.device is not None and signature.device.device_id != batch.device_id:
        return problem(401, _("This key belongs to another phone."))
    try:
        reply = actions.receive_batch(signature.user, batch)
    except DatabaseError:
        return _busy()
    nudge_fold()
    return reply


@router.post("/devices", auth=SIGNED_IN, response=DeviceOut, url_name="sync_devices")
def register_phone(request: HttpRequest, payload: DeviceIn) -> Any:
    """The keys of this person on this phone; shown once, except the outbox key."""
    user = _author(request).user
    if too_often := _too_often(user):
        return too_often
    registration = actions.register_device(user, payload.device_id, label=payload.label)
    device = registration.device
    return {
        "upload_token": registration.upload_token, "pack_key": device.pack_key, "outbox_key": device.outbox_key,
        "lease_until": device.lease_until.isoformat(), "server_public_key": queries.server_key().public,
    }  # fmt: skip


def _author(request: HttpRequest) -> Signature:
    signature: Signature = request.auth  # type: ignore[attr-defined]
    return signature


def _too_often(user: Any) -> HttpResponse | None:
    wait = seconds_to_wait(user)
    return problem(429, _("Too many requests at once. Please wait a moment."), retry_after=wait) if wait else None


def _busy() -> HttpResponse:
    return problem(503, _("The server is busy. The phone keeps everything and tries again."), retry_after=BUSY)


def _frame(request: HttpRequest, user: Any, serial: int, device_id: UUID | None) -> dict[str, Any]:
    """What every answer to a phone begins with; a contact renews the lease of a registered phone."""
    moment = now()
    if device_id is not None:
        actions.renew_lease(user, device_id, moment)
    epoch = queries.server_epoch()
    return {
        "server_time": moment.isoformat(), "server_epoch": str(epoch), "cursor": protocol.write_cursor(epoch, serial),
        "lease_until": (moment + actions.LEASE).isoformat(),
    }  # fmt: skip
