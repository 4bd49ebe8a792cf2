"""The server's own rows (epoch, keys) and reads over phones and the inbox."""

import base64
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext as _

from project.accounts.models import User
from project.lib.clock import now, start_of_day
from volunteers.activations.models import Event
from volunteers.areas.models import Area
from volunteers.field.models import Device, ServerEpoch, ServerKey, SyncItem
from volunteers.households.models import HouseholdNote, Person
from volunteers.visits.models import Visit


def server_epoch() -> UUID:
    """The life of this database; made at the first question."""
    row = ServerEpoch.objects.first() or ServerEpoch.objects.get_or_create(pk=1)[0]
    return row.epoch


def server_key() -> ServerKey:
    """The server's pair of keys, made once and stored encrypted. Two first questions at once get the same pair."""
    row = ServerKey.objects.first()
    if row is not None:
        return row
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    public = base64.urlsafe_b64encode(point).decode().rstrip("=")
    return ServerKey.objects.get_or_create(
        pk=1, defaults={"private_pem": pem, "public": public, "digest_key": secrets.token_hex(32)}
    )[0]


@dataclass(frozen=True)
class Freshness:
    """How much of the phones' work has arrived: phones heard of within 24 hours, of all that are registered."""

    devices_synced_24h: int
    devices: int


def freshness(area: Area) -> Freshness:
    """Phones of the members of teams at or beneath the area."""
    rows = Device.objects.beneath(area.scope).filter(revoked_at__isnull=True, user__memberships__left_on__isnull=True)
    counted = rows.aggregate(
        devices=Count("pk", distinct=True),
        fresh=Count("pk", distinct=True, filter=Q(last_seen_at__gte=now() - timedelta(hours=24))),
    )
    return Freshness(devices_synced_24h=counted["fresh"], devices=counted["devices"])


def inbox_state() -> dict[str, Any]:
    """Figures of the inbox for whoever keeps the server running: no content, no names."""
    waiting = SyncItem.objects.exclude(state=SyncItem.State.ANSWERED)
    by_state = dict(SyncItem.objects.values_list("state").annotate(Count("pk")))
    by_status = dict(SyncItem.objects.filter(state=SyncItem.State.ANSWERED).values_list("status").annotate(Count("pk")))
    devices = (
        SyncItem.objects.values("author_id", "device_id")
        .annotate(
            ops=Count("pk"),
            unapplied=Count("pk", filter=Q(state=SyncItem.State.NEW)),
            held=Count("pk", filter=Q(state=SyncItem.State.HELD)),
            rejected=Count("pk", filter=Q(status=SyncItem.Status.REJECTED)),
            last_received_at=Max("received_at"),
        )
        .order_by("-last_received_at")[:200]
    )
    oldest = waiting.aggregate(at=Min("received_at"))["at"]
    return {
        "total": sum(by_state.values()),
        "unapplied": by_state.get(SyncItem.State.NEW, 0),
        "held": by_state.get(SyncItem.State.HELD, 0),
        "answered": by_status,
        "oldest_waiting_at": oldest.isoformat() if oldest else None,
        "devices": [
            {
                **row,
                "author_id": str(row["author_id"]),
                "device_id": str(row["device_id"]),
                "last_received_at": row["last_received_at"].isoformat(),
            }
            for row in devices
        ],
    }


@dataclass(frozen=True)
class Sent:
    """What became of a person's ops of one day, whichever way they came."""

    on_server: int  # written, also those that wait for a lead's look
    waiting: int  # held until what they stand on arrives, or not yet applied
    refused: int
    reasons: list[tuple[str, int]]  # why ops were refused, in words, and how many


def sent_on(user: User, day: date) -> Sent:
    """The person's ops that arrived on that local day. One statement."""
    begin = start_of_day(day)
    rows = (
        SyncItem.objects.filter(author=user, received_at__gte=begin, received_at__lt=begin + timedelta(days=1))
        .values_list("state", "status", "message")
        .annotate(Count("pk"))
        .order_by("message")
    )
    on_server = waiting = refused = 0
    reasons: dict[str, int] = {}
    for state, status, message, count in rows:
        if state != SyncItem.State.ANSWERED:
            waiting += count
        elif status == SyncItem.Status.REJECTED:
            refused += count
            reasons[message] = reasons.get(message, 0) + count
        else:
            on_server += count
    return Sent(on_server, waiting, refused, sorted(reasons.items()))


def moment_of(user: User, batch_id: UUID) -> datetime | None:
    """When a batch of a web page was first recorded; None for a new one. Looks back two days."""
    rows = SyncItem.objects.filter(author=user, received_at__gte=now() - timedelta(days=2), batch_id=batch_id)
    return rows.order_by("pk").values_list("recorded_at", flat=True).first()


RETRACTABLE = ("outcome.recorded", "person.added", "household.noted", "visit.finished")


@dataclass(frozen=True)
class OwnRecord:
    """Something that a person wrote at a visit and may take back: the op, what it says, a rung, an icon's name."""

    op_id: UUID
    words: str
    rung: str
    icon: str


def own_records(user: User, visit: Visit) -> list[OwnRecord]:
    """What the person wrote at this visit and may take back by `op.withdrawn`, in the order in which it came."""
    events = {event.pk: event for event in Event.objects.filter(visit=visit).select_related("person", "service")}
    undone = {row.claim_id for row in events.values() if row.kind in (Event.Kind.WITHDRAWAL, Event.Kind.REJECTION)}
    persons = {row.pk: row for row in Person.objects.filter(household=visit.household_id, events__isnull=True)}
    notes = {row.pk: row for row in HouseholdNote.objects.filter(household=visit.household_id, recorded_by=user)}
    rows = SyncItem.objects.filter(
        author=user, kind__in=RETRACTABLE, state=SyncItem.State.ANSWERED,
        object_id__in=[visit.pk, *events, *persons, *notes],
        status__in=[SyncItem.Status.APPLIED, SyncItem.Status.FLAGGED, SyncItem.Status.PARKED],
    )  # fmt: skip
    found: dict[UUID, OwnRecord] = {}  # by what was written: of a visit that ended twice only the last end
    for item in rows.order_by("pk"):
        op_id, pk = item.op_id, item.object_id
        if pk is None:
            continue
        if pk in events and pk not in undone:
            claim = events[pk]
            words = f"{claim.person.call_name or claim.person.slot}: {claim.service.name}"
            found[pk] = OwnRecord(op_id, words, claim.rung, claim.service.icon)
        elif pk in persons:
            words = _("Person %(letter)s") % {"letter": persons[pk].call_name or persons[pk].slot}
            found[pk] = OwnRecord(op_id, words, "", "user")
        elif pk in notes:
            found[pk] = OwnRecord(op_id, notes[pk].text or "", "", "paper")
        elif pk == visit.pk and visit.finished_by_id == user.pk:
            words = _("The end: %(result)s") % {"result": visit.get_result_display() or ""}
            found[pk] = OwnRecord(op_id, words, "", "door")
    return list(found.values())
