"""Verbs of the field: take in a batch of ops exactly once, apply what waits, register and revoke phones."""

import base64
import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from project.accounts.models import User
from project.lib import input_guard
from project.lib.clock import kept_since, now
from project.lib.refusal import Refusal
from volunteers.access.policy import require
from volunteers.audit.log import record
from volunteers.field import adapter, protocol, queries
from volunteers.field.models import Device, SyncItem
from volunteers.field.protocol import Answer, Batch, Op, Problem

logger = logging.getLogger(__name__)

LEASE = timedelta(hours=24)  # renewed at each contact (contract §6)
TOKEN_LIFE = timedelta(days=60)
CLOCK_TOLERANCE = timedelta(minutes=10)  # a larger offset is corrected and looked at by a lead
OLDEST = timedelta(days=60)  # an op that claims to be older has a wrong clock
NOT_WRITTEN = frozenset({"already_finished", "visit_cancelled"})  # kept in the inbox for the lead, not refused
CODES = frozenset({"invalid", "no_consent", "secret_found", "unknown_kind"})
MOST_HELD = 200
OPS_KEPT = 400  # days: the inbox is the memory of «exactly once» (sync_protocol.md)
DEVICE_KEPT = 365  # days after it was revoked


@dataclass
class Entry:
    """One op of a request on its way: what to echo, and either its row in the inbox or an answer without one."""

    op_id: Any
    item: SyncItem | None = None
    answer: Answer | None = None


def receive_batch(author: User, batch: Batch) -> dict[str, Any]:
    """Take in and apply a batch; the reply of contract §6. Whoever signed the request is the author of its ops.

    First the raw inbox, in a short transaction of its own; then each op in its own, which also writes its answer. A
    crash in between leaves rows that `apply_waiting` picks up. Never raises for what is wrong with one op.
    """
    received = now()
    with translation.override(author.language):
        entries = _take_in(author, batch, received)
        is_moving = False
        for entry in entries:
            if entry.item is not None:
                entry.answer = apply_item(entry.item.pk)
                is_moving = is_moving or entry.answer.status not in ("held", "retry", "duplicate", "rejected")
        if is_moving:
            _answer_released(author, entries)
        renew_lease(author, batch.device_id, received)
        return {
            "batch_id": str(batch.batch_id),
            "server_time": now().isoformat(),
            "server_epoch": str(queries.server_epoch()),
            "results": [_result(entry) for entry in entries],
        }


def _take_in(author: User, batch: Batch, received: datetime) -> list[Entry]:
    """Every op into the inbox as it came: INSERT … ON CONFLICT DO NOTHING, then read what stands there."""
    key = str(queries.server_key().digest_key).encode()
    entries: list[Entry] = []
    fresh: list[SyncItem] = []
    for raw in batch.ops:
        parsed = _guarded(protocol.read_op(raw))
        op_id = protocol.id_of(raw)
        if op_id is None:  # nothing to key it by: answered, not kept
            entries.append(Entry(_echo(raw), answer=_refused(parsed)))
            continue
        item = SyncItem(
            author=author, op_id=op_id, device_id=batch.device_id, batch_id=batch.batch_id, received_at=received,
            sha256=protocol.digest(raw, key),
        )  # fmt: skip
        if isinstance(parsed, Problem):
            answer = _refused(parsed)
            kind = raw.get("kind")
            item.kind = kind if isinstance(kind, str) and kind in protocol.KINDS else ""
            item.state, item.status = SyncItem.State.ANSWERED, answer.status
            item.code, item.message, item.answered_at = answer.code, answer.message, received
        else:
            item.kind, item.recorded_at, item.raw = parsed.kind, parsed.recorded_at, protocol.canonical(raw)
            item.happened_at, item.is_clock_unsure = by_our_clock(parsed.recorded_at, batch.sent_at, received)
        fresh.append(item)
        entries.append(Entry(str(op_id), item=item))
    with transaction.atomic():
        SyncItem.objects.bulk_create(fresh, ignore_conflicts=True)
    stored = {row.op_id: row for row in SyncItem.objects.filter(author=author, op_id__in=[row.op_id for row in fresh])}
    for entry in entries:
        if entry.item is not None:
            row = stored[entry.item.op_id]
            if row.sha256 != entry.item.sha256:
                reused = _("This number was used for another record before. Nothing was changed.")
                entry.item, entry.answer = None, Answer("rejected", "id_reused", reused)
            else:
                entry.item = row
    return entries


def _echo(raw: Any) -> str | None:
    """What stood in the place of an id, if it can be said back."""
    said = raw.get("op_id") if isinstance(raw, dict) else None
    return said if isinstance(said, str) and said.isascii() and len(said) <= 64 else None


def _guarded(parsed: Op | Problem) -> Op | Problem:
    """The input guard over the free text: a note with an ID number or a code is refused before it is kept."""
    if isinstance(parsed, Op):
        for name in protocol.FREE_TEXT:
            if input_guard.check(str(parsed.payload.get(name, ""))):
                return Problem("secret_found", name, _SECRET)
    return parsed


_SECRET = gettext_noop("This text holds a number or a code that must not be kept. Please leave it out.")


def _refused(problem: Op | Problem) -> Answer:
    """A form error as an answer. Its sentence was marked for translation where it was made."""
    if not isinstance(problem, Problem):  # an op whose id is in order cannot come here
        raise TypeError("only a problem can be refused")
    where = f"{problem.field}: " if problem.field else ""
    return Answer("rejected", problem.code, f"{where}{translation.gettext(problem.message)}"[:300])


def by_our_clock(recorded: datetime, sent: datetime, received: datetime) -> tuple[datetime, bool]:
    """When it happened by the server's clock, and whether that is unsure.

    The offset between sending and receiving is the phone's error. More than ten minutes, a record «from later than it
    was sent», or one older than any outbox: flagged, never refused (house.md §9).
    """
    offset = received - sent
    try:
        estimate = recorded + offset if abs(offset) > timedelta(minutes=2) else recorded
        is_unsure = abs(offset) > CLOCK_TOLERANCE or recorded - sent > CLOCK_TOLERANCE
        if estimate < received - OLDEST:
            return received, True
        return min(estimate, received), is_unsure
    except OverflowError:
        return received, True


def apply_item(item_id: int) -> Answer:
    """Apply one op of the inbox, or give its first answer again. The answer is written with what it tells of.

    Whoever comes second waits at the row's lock (SQLite: at the transaction) and then reads the first answer.
    """
    try:
        with transaction.atomic():
            item = SyncItem.objects.select_for_update(of=("self",)).select_related("author").get(pk=item_id)
            if item.state == SyncItem.State.ANSWERED:
                status = "duplicate" if item.status == SyncItem.Status.APPLIED else item.status
                return Answer(status, item.code, item.message, item.is_counted, item.object_id)
            answer = _attempt(item)
            is_held = answer.status == SyncItem.Status.HELD
            item.state = SyncItem.State.HELD if is_held else SyncItem.State.ANSWERED
            item.status, item.code, item.message = answer.status, answer.code, answer.message[:300]
            item.is_counted, item.object_id = answer.is_counted, answer.object_id
            item.answered_at = None if is_held else now()
            item.save(update_fields=[
                "state", "status", "code", "message", "is_counted", "object_id", "answered_at",
            ])  # fmt: skip
            if answer.status in (SyncItem.Status.PARKED, SyncItem.Status.REJECTED):
                told = {"kind": item.kind, "code": answer.code}
                record(f"op.{answer.status}", item, by=item.author, scope=_commune_of(item.author), **told)
            return answer
    except Exception:  # a fault of ours in one op must not cost the others their answers
        logger.exception("op %s could not be applied now", item_id)
        return Answer("retry", "busy", _("The server could not do this now. The phone sends it again by itself."))


def _commune_of(author: User) -> str:
    """Where the author's first team works: whose lead is told."""
    member = author.memberships.select_related("team__area").order_by("left_on", "joined_on").first()
    return member.team.area.scope if member is not None else ""


def _attempt(item: SyncItem) -> Answer:
    """The verb in a savepoint: what it refuses leaves no trace but the answer."""
    try:
        with transaction.atomic():
            arrival = adapter.Arrival(
                item.author, adapter.op_of(item), item.happened_at or item.received_at, item.is_clock_unsure
            )
            return adapter.apply(arrival)
    except (adapter.Missing, PermissionDenied):
        # One answer for what has not arrived, does not exist, or is none of the author's business.
        return Answer("held", "missing", _("Something that this record belongs to has not arrived yet."))
    except adapter.Left:
        return Answer("parked", "out_of_area", _("This household was with another team by then: the lead decides."))
    except Refusal as refusal:
        if refusal.code in NOT_WRITTEN:
            return Answer("flagged", refusal.code, str(refusal))
        return Answer("rejected", refusal.code if refusal.code in CODES else "invalid", str(refusal))
    except ValidationError as error:
        return Answer("rejected", "invalid", " ".join(error.messages))


def release_held(author: User) -> dict[UUID, Answer]:
    """Try the author's held ops again, as long as one helps another. Returns those that were answered now."""
    released: dict[UUID, Answer] = {}
    while True:
        held = SyncItem.objects.filter(author=author, state=SyncItem.State.HELD).order_by("pk")
        progress = False
        for pk, op_id in list(held.values_list("pk", "op_id")[:MOST_HELD]):
            answer = apply_item(pk)
            if answer.status not in ("held", "retry"):
                released[op_id] = answer
                progress = progress or answer.status != "rejected"
        if not progress:
            return released


def _answer_released(author: User, entries: list[Entry]) -> None:
    """Ops of this request that waited for another of it get their real answer at once."""
    released = release_held(author)
    for entry in entries:
        if entry.item is not None and entry.answer is not None and entry.answer.status == "held":
            entry.answer = released.pop(entry.item.op_id, entry.answer)


def apply_waiting(item_ids: list[int]) -> int:
    """The sweep's verb: apply rows of the inbox that nobody answered. Returns how many have an answer now."""
    done = 0
    for pk in item_ids:
        author_language = SyncItem.objects.values_list("author__language", flat=True).get(pk=pk)
        with translation.override(author_language):
            done += apply_item(pk).status not in ("held", "retry")
    return done


def _result(entry: Entry) -> dict[str, Any]:
    answer = entry.answer or Answer("retry")
    return {
        "op_id": entry.op_id, "status": str(answer.status), "code": answer.code, "message": answer.message,
        "counted": answer.is_counted,
    }  # fmt: skip


# -- Phones ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Registration:
    """A phone's keys, shown once: only the digest of the token is kept."""

    device: Device
    upload_token: str


def register_device(user: User, device_id: UUID, *, label: str = "") -> Registration:
    """This person on this phone: a new token and lease; the same outbox key as before, so unsent records open again."""
    token = f"gocua_up_{secrets.token_urlsafe(32)}"
    moment = now()
    with transaction.atomic():
        device = Device.objects.select_for_update().filter(user=user, device_id=device_id).first()
        fresh = device is None
        if device is None:
            device = Device(user=user, device_id=device_id, outbox_key=_new_key())
        device.label = label or device.label
        device.token_digest, device.token_expires_at = token_digest(token), moment + TOKEN_LIFE
        device.pack_key, device.lease_until = _new_key(), moment + LEASE
        device.last_seen_at, device.revoked_at = moment, None
        device.save()
        record("device.registered", device, by=user, again=not fresh)
    return Registration(device, token)


def revoke_device(device: Device, *, by: User) -> Device:
    """Lost or given away: its token opens nothing any more. By the person, the team leader or a lead."""
    require(by, "device.revoke", device)
    with transaction.atomic():
        if device.revoked_at is None:
            device.revoked_at = device.lease_until = now()
            device.save(update_fields=["revoked_at", "lease_until"])
            record("device.revoked", device, by=by, user=device.user_id)
    return device


def renew_lease(user: User, device_id: UUID, moment: datetime) -> None:
    """A contact renews the lease; at most one write a minute and phone."""
    rows = Device.objects.filter(user=user, device_id=device_id, revoked_at__isnull=True)
    stale = rows.filter(last_seen_at__lt=moment - timedelta(minutes=1))
    if stale.exists():
        stale.update(last_seen_at=moment, lease_until=moment + LEASE)


def forget_old_ops(today: date) -> dict[str, int]:
    """Retention: ops as they were sent, after 400 days; phones that were revoked 12 months ago."""
    ops = SyncItem.objects.filter(received_at__lt=kept_since(today, OPS_KEPT))
    devices = Device.objects.filter(revoked_at__lt=kept_since(today, DEVICE_KEPT))
    return {"field_records": ops.delete()[0], "devices": devices.delete()[0]}


def token_digest(token: str) -> str:
    """What the database keeps of a token: SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def _new_key() -> str:
    """256 random bits as browsers import them: base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
