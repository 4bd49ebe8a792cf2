"""Reads of the ledger and the tallies: each figure is one statement over rollup and unfolded deltas (house.md D17)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from project.accounts.models import User
from volunteers.activations import rules
from volunteers.activations.models import Delta, Event, Rollup, Standing
from volunteers.areas.models import Area, AreaSuccession
from volunteers.teams.models import Team

KEY_FIELDS = (
    "hamlet_code", "commune_code", "province_code", "team_id", "session_kind", "service_code", "rung", "state", "day",
)  # fmt: skip
UNIQUE_FIELDS = ("hamlet_code", "service_code", "rung", "state", "day", "team_id", "session_kind")
Place = tuple[str, str]  # commune's and province's code
Figure = tuple[str, str, str]  # service, rung, state
LedgerKey = tuple[str, str, str, str, str, str, str]  # hamlet, team, session kind, day, service, rung, state


# -- Figures ---------------------------------------------------------------------------------------------------------


def tallies_of(area: Area, *, from_on: date | None = None, to_on: date | None = None) -> dict[Figure, int]:
    """(service, rung, state) → persons who reached it there between two days, both included. Zeros are left out."""
    rows = _sums("service_code, rung, state", _beneath(area), from_on=from_on, to_on=to_on)
    return {(service, rung, state): count for service, rung, state, count in rows}


def tallies_by_child(
    area: Area, *, from_on: date | None = None, to_on: date | None = None
) -> dict[str, dict[Figure, int]]:
    """Child's code → figures: hamlets of a commune, communes of a province, as they are today (successors followed).

    A hamlet is its own only child. Children without a figure are absent.
    """
    rows = _sums("child, service_code, rung, state", _beneath(area), from_on=from_on, to_on=to_on)
    figures: dict[str, dict[Figure, int]] = {}
    for code, service, rung, state, count in rows:
        figures.setdefault(code, {})[(service, rung, state)] = count
    return figures


def tallies_by_day(
    area: Area, service: str, rung: str, *, from_on: date | None = None, to_on: date | None = None
) -> dict[tuple[date, str], int]:
    """(day, state) → persons who reached that rung on that day."""
    arms = [arm.narrowed("t.service_code = %s AND t.rung = %s", service, rung) for arm in _beneath(area)]
    rows = _sums("day, state", arms, from_on=from_on, to_on=to_on)
    return {(_as_date(day), state): count for day, state, count in rows}


def daily_tallies(
    area: Area, *, from_on: date | None = None, to_on: date | None = None
) -> dict[tuple[str, str], dict[date, int]]:
    """(service, rung) → day → persons reported that day: the paces of all targets of a board at once."""
    arms = [arm.narrowed("t.state = %s", rules.REPORTED) for arm in _beneath(area)]
    figures: dict[tuple[str, str], dict[date, int]] = {}
    for service, rung, day, count in _sums("service_code, rung, day", arms, from_on=from_on, to_on=to_on):
        figures.setdefault((service, rung), {})[_as_date(day)] = count
    return figures


def tallies_of_team(team: Team, *, from_on: date | None = None, to_on: date | None = None) -> dict[Figure, int]:
    """The figures of what one team did."""
    key = Rollup._meta.get_field("team_id").get_db_prep_value(team.pk, connection)
    rows = _sums("service_code, rung, state", [Arm("t.team_id = %s", [key])], from_on=from_on, to_on=to_on)
    return {(service, rung, state): count for service, rung, state, count in rows}


def tallies_by_team(
    area: Area, *, from_on: date | None = None, to_on: date | None = None
) -> dict[UUID, dict[Figure, int]]:
    """Team's id → figures of what it did beneath the area."""
    rows = _sums("team_id, service_code, rung, state", _beneath(area), from_on=from_on, to_on=to_on)
    figures: dict[UUID, dict[Figure, int]] = {}
    for team, service, rung, state, count in rows:
        figures.setdefault(_as_uuid(team), {})[(service, rung, state)] = count
    return figures


def open_flags(user: User) -> QuerySet[Event]:
    """Claims that wait for a lead's look: flagged, not yet answered, oldest first; only what the person may see."""
    return (
        Event.objects.visible_to(user)
        .filter(kind=Event.Kind.CLAIM)
        .exclude(flag="")
        .exclude(answers__kind__in=[Event.Kind.WITHDRAWAL, Event.Kind.REJECTION, Event.Kind.CLEARANCE])
        .exclude(answers__kind=Event.Kind.VERIFICATION)
        .select_related("person__household", "hamlet", "team", "recorded_by", "service")
        .order_by("recorded_at")
    )


def outcomes_of_visit(visit_id: UUID) -> QuerySet[Event]:
    """The live claims of one visit, in the order in which they were written."""
    return (
        Event.objects.filter(visit_id=visit_id, kind=Event.Kind.CLAIM)
        .exclude(answers__kind__in=[Event.Kind.WITHDRAWAL, Event.Kind.REJECTION])
        .select_related("person", "service")
        .order_by("recorded_at", "number")
    )


@dataclass(frozen=True)
class Arm:
    """Some rows of a table of tallies: a condition with its values, and the column that tells the child place."""

    where: str
    values: list[Any]
    child: str = "''"
    joins: str = ""

    def narrowed(self, where: str, *values: Any) -> "Arm":
        """The same rows, fewer of them."""
        return replace(self, where=f"{self.where} AND {where}", values=[*self.values, *values])


def _beneath(area: Area) -> list[Arm]:
    """The present-day place: its own rows without those that were merged away, and those that were merged into it.

    Two arms and no OR between them: the first is a plain index lookup, the second is about the few merged hamlets.
    """
    table = Area._meta.db_table
    own = f"t.{area.level}_code = %s"
    if area.level != Area.Level.HAMLET:
        own += " AND t.hamlet_code NOT IN (SELECT old_code FROM present)"
    by_commune = area.level == Area.Level.PROVINCE
    moved_to = {Area.Level.HAMLET: "h.code", Area.Level.COMMUNE: "h.parent_id", Area.Level.PROVINCE: "c.parent_id"}
    joins = (
        f"JOIN present q ON q.old_code = t.hamlet_code JOIN {table} h ON h.code = q.new_code "
        f"LEFT JOIN {table} c ON c.code = h.parent_id"
    )
    return [
        Arm(own, [area.code], child="t.commune_code" if by_commune else "t.hamlet_code"),
        Arm(
            f"{moved_to[Area.Level(area.level)]} = %s",
            [area.code],
            child="h.parent_id" if by_commune else "h.code",
            joins=joins,
        ),
    ]


def _sums(columns: str, arms: list[Arm], *, from_on: date | None, to_on: date | None) -> list[tuple[Any, ...]]:
    """One statement: a fold between two reads could show a person twice or not at all; within one it cannot.

    `columns` are those of the tallies, or «child». Each arm is summed by itself first: a province has a million rows.
    """
    days, day_values = "", []
    for bound, sign in ((from_on, ">="), (to_on, "<=")):
        if bound is not None:
            days += f" AND t.day {sign} %s"
            day_values.append(connection.ops.adapt_datefield_value(bound))
    names = columns.split(", ")
    keys = ", ".join(f"k{number}" for number in range(len(names)))
    parts, values = [], []
    for arm in arms:
        selected = [arm.child if name == "child" else f"t.{name}" for name in names]
        select = ", ".join(f"{column} AS k{number}" for number, column in enumerate(selected))
        for table, amount in ((Rollup._meta.db_table, "count"), (Delta._meta.db_table, "amount")):
            parts.append(
                f"SELECT {select}, SUM(t.{amount}) AS n FROM {table} t {arm.joins} "
                f"WHERE {arm.where}{days} GROUP BY {', '.join(selected)}"
            )
            values += [*arm.values, *day_values]
    succession = AreaSuccession._meta.db_table
    # «present»: every merged place and where it is today, however many merges lie between. At most a few rows.
    statement = f"""
        WITH RECURSIVE follow (old_code, new_code) AS (
            SELECT old_id, new_id FROM {succession}
            UNION SELECT f.old_code, s.new_id FROM follow f JOIN {succession} s ON s.old_id = f.new_code
        ), present (old_code, new_code) AS (
            SELECT old_code, new_code FROM follow WHERE new_code NOT IN (SELECT old_id FROM {succession})
        )
        SELECT {keys}, SUM(n) FROM ({" UNION ALL ".join(parts)}) sums GROUP BY {keys} HAVING SUM(n) <> 0
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [(*row[:-1], int(row[-1])) for row in cursor.fetchall()]


def _as_date(value: Any) -> date:
    """SQLite gives a text for a column of a union."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def _as_uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


# -- The ledger as the pure rules see it -----------------------------------------------------------------------------


def fact_of(event: Event, *, waits: bool | None = None) -> rules.Fact:
    """An event (written or about to be) as the rules see it. `waits`: not yet written, and to be flagged."""
    return rules.Fact(
        id=str(event.pk),
        kind=str(event.kind),
        claim=str(event.claim_id or ""),
        rung=event.rung,
        key=(event.hamlet_id, str(event.team_id), str(event.session_kind), event.day.isoformat()),
        waits=event.flag == Event.Flag.NOT_OWN_DEVICE if waits is None else waits,
    )


_COLUMNS = ("pk", "kind", "claim_id", "rung", "hamlet_id", "team_id", "session_kind", "day", "flag")


def _fact(row: tuple[Any, ...]) -> rules.Fact:
    pk, kind, claim, rung, hamlet, team, session_kind, day, flag = row
    key = (hamlet, str(team), session_kind, day.isoformat())
    return rules.Fact(str(pk), kind, str(claim or ""), rung, key, flag == Event.Flag.NOT_OWN_DEVICE)


def facts_of(person_id: UUID, service_code: str) -> list[rules.Fact]:
    """All that was ever written of one person and one service, in order."""
    rows = Event.objects.filter(person_id=person_id, service_id=service_code).order_by("number")
    return [_fact(row) for row in rows.values_list(*_COLUMNS)]


def reached_of(standing: dict[str, rules.Reach]) -> dict[str, Any]:
    """What Standing.reached keeps: a cache that any read may trust, because the verb writes it under its lock."""
    return {
        rung: {"event": reach.claim, "key": list(reach.key), "verified": reach.is_verified}
        for rung, reach in standing.items()
    }


def places_of(hamlets: Iterable[str]) -> dict[str, Place]:
    """Hamlet's code → the codes of its commune and province."""
    rows = Area.objects.filter(pk__in=set(hamlets)).values_list("code", "parent_id", "parent__parent_id")
    return {code: (commune or "", province or "") for code, commune, province in rows}


def tally_row(tally: rules.Tally, service_code: str, places: dict[str, Place]) -> dict[str, Any]:
    """The columns of a delta (without its amount)."""
    (hamlet, team, session_kind, day), rung, state = tally
    return named_key((hamlet, team, session_kind, day, service_code, rung, state), places)


def named_key(key: LedgerKey, places: dict[str, Place]) -> dict[str, Any]:
    """The columns of a rollup row (without its count)."""
    hamlet, team, session_kind, day, service, rung, state = key
    commune, province = places[hamlet]
    return {
        "hamlet_code": hamlet, "commune_code": commune, "province_code": province, "team_id": UUID(team),
        "session_kind": session_kind, "service_code": service, "rung": rung, "state": state,
        "day": date.fromisoformat(day),
    }  # fmt: skip


# -- Fold and recount ------------------------------------------------------------------------------------------------


def rollup_upsert() -> str:
    """Add a number to one row of the rollup, making it if need be. The same words in SQLite and PostgreSQL."""
    table = Rollup._meta.db_table
    holes = ", ".join(["%s"] * (len(KEY_FIELDS) + 1))
    return (
        f"INSERT INTO {table} ({', '.join(KEY_FIELDS)}, count) VALUES ({holes}) "
        f"ON CONFLICT ({', '.join(UNIQUE_FIELDS)}) DO UPDATE SET count = {table}.count + excluded.count"
    )


def as_parameters(key: tuple[Any, ...], count: int) -> list[Any]:
    """A key (in the order of KEY_FIELDS) and a count as the database takes them."""
    fields = {field.name: field for field in Rollup._meta.fields}
    pairs = zip(KEY_FIELDS, key, strict=True)
    return [*(fields[name].get_db_prep_value(value, connection) for name, value in pairs), count]


def freeze(*, is_outermost: bool, for_writing: bool) -> None:
    """See one state of ledger and tallies, first thing in the transaction. SQLite: the transaction itself does it.

    PostgreSQL: a snapshot for a comparison, so nobody waits. For a rewrite the delta table is locked: a writer that
    has its event but not yet its deltas waits too, so neither is seen here and both come after the commit.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        if for_writing:
            cursor.execute(f"LOCK TABLE {Delta._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        elif is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def replayed_ledger() -> tuple[Counter[LedgerKey], int, list[Standing]]:
    """What the tallies should be, how many standings there are by the ledger, and those that were kept wrong.

    Reads both tables once, in the order of persons, one person at a time: a province has millions of rows.
    """
    expected: Counter[LedgerKey] = Counter()
    wrong: list[Standing] = []
    count = 0
    for facts_by_service, kept in _persons():
        for (person, service), facts in facts_by_service.items():
            count += 1
            standing = rules.replay(facts)
            for (key, rung, state), amount in rules.tallies(standing).items():
                expected[(*key, service, rung, state)] += amount
            row = kept.pop((person, service), None) or Standing(person_id=person, service_id=service)
            if row.reached != reached_of(standing) or row.last_number < len(facts):
                row.reached, row.last_number = reached_of(standing), max(row.last_number, len(facts))
                wrong.append(row)
        for row in kept.values():  # a standing without one event behind it
            if row.reached:
                row.reached = {}
                wrong.append(row)
    return expected, count, wrong


Owner = tuple[UUID, str]


def _persons() -> Iterator[tuple[dict[Owner, list[rules.Fact]], dict[Owner, Standing]]]:
    """For each person with events or standings: the facts and the standings by service."""
    events = Event.objects.order_by("person_id", "service_id", "number").values_list(
        "person_id", "service_id", *_COLUMNS
    )
    histories = groupby(events.iterator(chunk_size=10_000), key=lambda row: row[0])
    standings = groupby(
        Standing.objects.order_by("person_id").iterator(chunk_size=10_000), key=lambda row: row.person_id
    )
    history, kept = next(histories, None), next(standings, None)
    while history is not None or kept is not None:
        person = min(pair[0] for pair in (history, kept) if pair is not None)
        facts: dict[Owner, list[rules.Fact]] = {}
        rows: dict[Owner, Standing] = {}
        if history is not None and history[0] == person:
            for row in history[1]:
                facts.setdefault((person, row[1]), []).append(_fact(row[2:]))
            history = next(histories, None)
        if kept is not None and kept[0] == person:
            rows = {(person, row.service_id): row for row in kept[1]}
            kept = next(standings, None)
        yield facts, rows


def tally_sums() -> Counter[LedgerKey]:
    """Rollup and deltas together, by key; rows that sum to nothing are left out."""
    sums: Counter[LedgerKey] = Counter()
    columns = ("hamlet_code", "team_id", "session_kind", "day", "service_code", "rung", "state")
    for model, amount in ((Rollup, "count"), (Delta, "amount")):
        for row in model.objects.values_list(*columns, amount).iterator(chunk_size=10_000):
            hamlet, team, session_kind, day, service, rung, state, number = row
            sums[(hamlet, str(team), session_kind, day.isoformat(), service, rung, state)] += number
    return Counter({key: number for key, number in sums.items() if number})
