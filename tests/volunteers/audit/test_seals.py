"""Sealing and verifying: a changed trail is found at the right seal, and nobody waits for the sealer."""

import json
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from project.lib.clock import FrozenClock
from tests.factories.areas import make_province
from volunteers.areas.models import Area
from volunteers.audit import actions
from volunteers.audit.actions import drop_before, seal_entries
from volunteers.audit.log import record
from volunteers.audit.models import AuditEntry, AuditSeal
from volunteers.audit.queries import verify
from volunteers.audit.tasks import sweep_audit

pytestmark = pytest.mark.django_db


def write(count: int, area: Area | None = None) -> None:
    place = area or make_province()
    for number in range(count):
        record("area.renamed", place, by=None, number=number)


def test_entries_are_sealed_in_blocks_that_chain() -> None:
    write(7)
    assert seal_entries(block=3) == 7
    seals = list(AuditSeal.objects.order_by("number"))
    assert [seal.entry_count for seal in seals] == [3, 3, 1]
    assert [seal.previous_digest for seal in seals] == ["0" * 64, seals[0].digest, seals[1].digest]
    assert len({seal.digest for seal in seals}) == 3
    assert not AuditEntry.objects.filter(seal_number__isnull=True).exists()
    assert seal_entries() == 0
    found = verify()
    assert (found.seals, found.entries, found.unsealed, found.broken) == (3, 7, 0, None)


def test_an_entry_that_commits_late_comes_into_a_later_seal() -> None:
    write(3)
    late = AuditEntry.objects.order_by("pk")[1]
    AuditEntry.objects.filter(pk=late.pk).delete()
    seal_entries()
    late.save(force_insert=True)
    assert verify().unsealed == 1
    seal_entries()
    late.refresh_from_db()
    assert late.seal_number == 2
    assert verify().broken is None


CHANGES: list[tuple[str, Any]] = [
    ("at", datetime(2020, 1, 1, tzinfo=connection.timezone)),
    ("action", "area.moved"),
    ("object_type", "Household"),
    ("object_id", "48"),
    ("scope", "VN/48/"),
    ("actor_id", "01890000-0000-7000-8000-000000000000"),
    ("detail", {"number": 99}),
    ("seal_number", 3),
    ("seal_number", None),
]


@pytest.mark.parametrize(("column", "value"), CHANGES)
def test_a_change_of_any_column_breaks_its_seal(column: str, value: Any) -> None:
    write(9)
    seal_entries(block=3)
    entry = AuditEntry.objects.filter(seal_number=2).order_by("pk")[1]
    AuditEntry.objects.filter(pk=entry.pk).update(**{column: value})
    found = verify()
    assert (found.broken, found.seals) == (2, 1)
    assert found.why


def test_the_changes_cover_every_column() -> None:
    assert {name for name, _value in CHANGES} | {"id"} == {field.name for field in AuditEntry._meta.concrete_fields}


@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        (lambda: AuditEntry.objects.filter(seal_number=2).first().delete(), 2),
        (lambda: AuditEntry.objects.filter(seal_number=1).delete(), 1),
        (lambda: AuditEntry.objects.filter(seal_number=3).delete(), 3),
        (lambda: AuditSeal.objects.filter(number=2).delete(), 2),
        (lambda: AuditSeal.objects.filter(number=3).delete(), 3),
        (lambda: AuditSeal.objects.filter(number=1).delete(), 2),
        (lambda: AuditSeal.objects.filter(number=2).update(digest="0" * 64), 2),
        (lambda: AuditSeal.objects.filter(number=2).update(previous_digest="0" * 64), 2),
        (lambda: AuditSeal.objects.filter(number=2).update(entry_count=2), 2),
        (lambda: _swap(), 2),
    ],
)
def test_what_is_taken_away_or_changed_is_found(tamper: Callable[[], object], broken: int) -> None:
    write(9)
    seal_entries(block=3)
    tamper()
    found = verify()
    assert found.broken is not None
    assert found.broken <= broken


def _swap() -> None:
    """Two entries change places."""
    first, second = AuditEntry.objects.filter(seal_number=2).order_by("pk")[:2]
    AuditEntry.objects.filter(pk=first.pk).update(detail=second.detail)
    AuditEntry.objects.filter(pk=second.pk).update(detail=first.detail)


def test_retention_drops_whole_old_blocks_and_keeps_the_anchor(monday: FrozenClock) -> None:
    write(6)
    seal_entries(block=3)
    monday.advance(timedelta(days=30))
    write(4)
    seal_entries(block=3)
    assert drop_before(monday.instant - timedelta(days=10)) == 6
    assert AuditSeal.objects.order_by("number").first().number == 2  # type: ignore[union-attr]
    assert not AuditEntry.objects.filter(seal_number__lte=2).exists()
    found = verify()
    assert (found.broken, found.seals, found.entries, found.unsealed) == (None, 2, 4, 1)
    entry = AuditEntry.objects.get(action="audit.dropped")
    assert entry.detail["entries"] == 6
    seal_entries()
    assert verify().broken is None
    assert drop_before(monday.instant - timedelta(days=10)) == 0


def test_a_block_with_one_young_entry_stays(monday: FrozenClock) -> None:
    write(2)
    monday.advance(timedelta(days=30))
    write(1)
    seal_entries(block=3)
    assert drop_before(monday.instant - timedelta(days=10)) == 0


def test_somebody_else_who_cuts_the_old_end_is_found(monday: FrozenClock) -> None:
    write(9)
    seal_entries(block=3)
    AuditEntry.objects.filter(seal_number__lte=2).delete()
    AuditSeal.objects.filter(number=1).delete()
    assert verify().broken == 2


def test_the_command_tells_and_exits_with_1_at_a_broken_seal(capsys: pytest.CaptureFixture[str]) -> None:
    write(4)
    seal_entries(block=2)
    write(1)
    call_command("audit_verify", "--json")
    assert json.loads(capsys.readouterr().out) == {"seals": 2, "entries": 4, "unsealed": 1}
    AuditEntry.objects.filter(seal_number=2).update(action="x.y")
    with pytest.raises(SystemExit) as left:
        call_command("audit_verify", "--json")
    assert left.value.code == 1
    assert json.loads(capsys.readouterr().out)["broken"]["seal"] == 2


def test_the_sweep_of_each_minute_seals() -> None:
    write(2)
    sweep_audit.call_local()
    assert verify().entries == 2


def run_together(*jobs: Callable[[], Any]) -> list[Any]:
    """Each job in a thread with a connection of its own; what they returned, or the first error."""
    answers: list[Any] = [None] * len(jobs)
    faults: list[Exception] = []

    def run(place: int, job: Callable[[], Any]) -> None:
        try:
            answers[place] = job()
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return answers


@pytest.mark.django_db(transaction=True)
def test_parallel_sealers_seal_each_entry_once() -> None:
    write(60)
    run_together(*[lambda: seal_entries(block=7)] * 6)
    seal_entries(block=7)
    found = verify()
    assert (found.entries, found.unsealed, found.broken) == (60, 0, None)
    assert sum(AuditSeal.objects.values_list("entry_count", flat=True)) == 60


@pytest.mark.django_db(transaction=True)
def test_writers_and_sealers_at_once_leave_a_whole_trail() -> None:
    place = make_province()

    def write_some() -> None:
        for number in range(20):
            with transaction.atomic():
                record("area.renamed", place, by=None, number=number)

    run_together(
        write_some, lambda: [seal_entries(block=5) for _turn in range(8)], write_some, lambda: seal_entries(block=3)
    )
    seal_entries()
    found = verify()
    assert (found.entries, found.unsealed, found.broken) == (40, 0, None)


@pytest.mark.django_db(transaction=True)
def test_a_verb_does_not_wait_while_the_sealer_reads_and_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    place = make_province()
    write(5, place)
    hashing, done = threading.Event(), threading.Event()
    real = actions.chain

    def slow(previous: str, entries: Any) -> str:
        digest = real(previous, entries)
        hashing.set()
        assert done.wait(10)
        return digest

    monkeypatch.setattr(actions, "chain", slow)

    def verb() -> float:
        assert hashing.wait(10)
        began = time.monotonic()
        with transaction.atomic():
            record("area.renamed", place, by=None)
        took = time.monotonic() - began
        done.set()
        return took

    sealed, took = run_together(lambda: seal_entries(at_most=1), verb)
    assert sealed == 5
    assert took < 2
    assert AuditEntry.objects.filter(seal_number__isnull=True).count() == 1
