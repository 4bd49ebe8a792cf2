"""Rows by the million into a table: COPY on PostgreSQL, plain inserts elsewhere; indexes rest meanwhile."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, models

from project.lib.ids import new_id

Row = Sequence[Any]
BATCH = 2000


class Ids:
    """UUIDs in rising order as 32 hex digits: what both databases take, at a tenth of the price of UUID objects."""

    def __init__(self) -> None:
        self._last = new_id().int

    def take(self) -> str:
        """The next one."""
        self._last += 1
        return f"{self._last:032x}"


def dashed(digits: str) -> str:
    """32 hex digits as a UUID is usually written."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def stamp(moment: datetime) -> str:
    """An instant as the database's text."""
    text = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return f"{text}+00" if connection.vendor == "postgresql" else text


def value_of(value: Any) -> Any:
    """A default as plain text or number."""
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value)
    return value.value if hasattr(value, "value") else value


class Table:
    """One table: `varying` columns come with each row, `fixed` are the same in all, the others take their defaults."""

    def __init__(
        self, model: type[models.Model], varying: Sequence[str], fixed: Mapping[str, Any] | None = None
    ) -> None:
        self.name = model._meta.db_table
        given = dict(fixed or {})
        for field in model._meta.concrete_fields:
            if field.attname in varying or field.attname in given or isinstance(field, models.AutoField):
                continue
            given[field.attname] = field.get_default()
        columns = {field.attname: field.column for field in model._meta.concrete_fields}
        self.columns = [columns[name] for name in (*varying, *given)]
        self.rest = tuple(value_of(value) for value in given.values())

    def write(self, rows: Iterable[Row]) -> int:
        """Append the rows; each holds the varying columns in their order. Returns how many."""
        names = ", ".join(f'"{name}"' for name in self.columns)
        count = 0
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f'COPY "{self.name}" ({names}) FROM STDIN') as copy:
                    for row in rows:
                        copy.write_row((*row, *self.rest))
                        count += 1
                return count
            holes = ", ".join(["%s"] * len(self.columns))
            statement = f'INSERT INTO "{self.name}" ({names}) VALUES ({holes})'
            full = [(*row, *self.rest) for row in rows]
            for start in range(0, len(full), BATCH):
                cursor.executemany(statement, full[start : start + BATCH])
            return len(full)


@contextmanager
def without_indexes(tables: Sequence[str]) -> Iterator[None]:
    """PostgreSQL: drop foreign keys and plain indexes, and make them again (which checks all rows).

    Inside a transaction: whatever happens, they are as they were. Elsewhere nothing is done.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s) ORDER BY 1, 2",
            [list(tables)],
        )
        keys = cursor.fetchall()
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
            "WHERE i.indrelid::regclass::text = ANY(%s) AND i.indpred IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1",
            [list(tables)],
        )
        indexes = cursor.fetchall()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still waiting cannot be altered
        for table, name, _definition in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
