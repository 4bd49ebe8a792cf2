"""Verbs of the trail: seal committed entries in blocks, drop whole old blocks; and the round of retention.

Writing verbs never wait for these.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Max

from project.accounts.models import User
from project.lib.clock import kept_since
from volunteers.audit.log import record
from volunteers.audit.models import AuditEntry, AuditSeal
from volunteers.audit.queries import DROPPED, last_seal, unsealed
from volunteers.audit.rules import GENESIS, chain

logger = logging.getLogger(__name__)
BLOCK = 1000
TRAIL_KEPT = 730  # days: two years of what was done
_LOCK = 0x676F637561  # «gocua»: the sealer's advisory lock on PostgreSQL


def seal_entries(*, block: int = BLOCK, at_most: int = 100) -> int:
    """Seal what is committed and unsealed, in blocks of at most `block`; returns how many entries were sealed.

    Safe to run in parallel: one sealer at a time, the others find nothing to do. Entries that commit later with a
    smaller number come into a later block.
    """
    sealed = 0
    for _turn in range(at_most):
        count = _seal_block(block)
        sealed += count
        if count < block:
            break
    return sealed


def _seal_block(block: int) -> int:
    # Read and hash before the lock: on SQLite a transaction here keeps every writer waiting.
    before, entries = last_seal(), unsealed(block)
    if not entries:
        return 0
    previous = before.digest if before else GENESIS
    digest = chain(previous, (entry.canonical_bytes() for entry in entries))
    number = before.number + 1 if before else 1
    with transaction.atomic():
        if not _is_only_sealer():
            return 0
        now_last = last_seal()
        if (now_last.number if now_last else 0) != number - 1:
            return 0  # another sealer was faster; its blocks hold these entries
        seal = AuditSeal.objects.create(
            number=number, entry_count=len(entries), digest=digest, previous_digest=previous
        )  # fmt: skip
        keys = [entry.pk for entry in entries]
        held = AuditEntry.objects.filter(pk__gte=keys[0], pk__lte=keys[-1], seal_number__isnull=True)
        # Entries between the first and the last may have been committed since they were read: name each one.
        changed = held.filter(pk__in=keys).update(seal_number=seal.number)
        if changed != len(keys):
            transaction.set_rollback(True)
            return 0
    return len(entries)


def _is_only_sealer() -> bool:
    """PostgreSQL: an advisory lock until the end of the transaction, never waited for. SQLite: IMMEDIATE is one."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def drop_before(moment: datetime, *, by: User | None = None) -> int:
    """Retention: drop whole blocks whose every entry is older than `moment`, from the old end; returns the entries.

    The last dropped block's seal stays as the anchor of what follows, and an entry tells of it, so that nobody else
    can cut the old end unseen.
    """
    last: AuditSeal | None = None
    for seal in AuditSeal.objects.order_by("number").iterator():
        newest = AuditEntry.objects.filter(seal_number=seal.number).aggregate(at=Max("at"))["at"]
        if newest is not None and newest >= moment:
            break
        last = seal if newest is not None else last
    if last is None:
        return 0
    with transaction.atomic():
        gone = AuditEntry.objects.filter(seal_number__lte=last.number)
        count: Any = gone.count()
        gone.delete()
        AuditSeal.objects.filter(number__lt=last.number).delete()
        record(DROPPED, last, by=by, scope="VN/", digest=last.digest, entries=count)
    return int(count)


# -- Retention -------------------------------------------------------------------------------------------------------
# The rules live in the slices whose rows they forget; those register them in volunteers/apps.py, lowest floor first.

Rule = Callable[[date], dict[str, int]]
_rules: dict[str, Rule] = {}


@dataclass(frozen=True)
class Forgotten:
    """What one round of retention let go, by kind, and the slices whose rule failed."""

    counts: dict[str, int] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def register_retention(name: str, rule: Rule) -> None:
    """`rule(today)` forgets what has been kept long enough and returns counts by kind. `name`: the slice."""
    _rules[name] = rule


def apply_retention(today: date, *, dry_run: bool = False) -> Forgotten:
    """Apply every rule as of the morning of `today`, each in its own transaction with one entry of counts.

    A rule that fails leaves its own rows as they were and does not stop the others. `dry_run` takes all back.
    """
    done = Forgotten()
    for name, rule in {**_rules, "audit": forget_old_entries}.items():
        try:
            with transaction.atomic():
                counts = rule(today)
                if any(counts.values()):
                    record("retention.applied", ("Retention", name), by=None, scope="VN/", **counts)
                if dry_run:
                    transaction.set_rollback(True)
        except DatabaseError:
            logger.exception("the retention rule of %s failed", name)
            done.failed.append(name)
        else:
            done.counts.update(counts)
    return done


def forget_old_entries(today: date) -> dict[str, int]:
    """Retention: this trail's own whole blocks of more than two years ago."""
    return {"audit_entries": drop_before(kept_since(today, TRAIL_KEPT))}
