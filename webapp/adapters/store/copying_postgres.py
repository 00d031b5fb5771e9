"""A PostgreSQL database as rows that are copied (copying.py), on a connection of its own, past the queries of the house.

Rows come in by COPY, five times as quick as INSERT. What the server says of a fault may name values: only its class is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict

from webapp.adapters.store.copying import Key, Range, Row, Side, Table
from webapp.adapters.store.migrations import MIGRATIONS
from webapp.ports import CopyRefused, StoreFull, StoreUnavailable

CONNECT_SECONDS = 10
AT_CONNECT = (
    "SET default_transaction_isolation = 'read committed'",
    "SET idle_in_transaction_session_timeout = 0",
    "SET statement_timeout = 0",
    "SET lock_timeout = '30s'",
    "SET enable_seqscan = off",
    "SET enable_bitmapscan = off",
)
"""A run may wait longer on one side than a request may; and it walks along keys, whatever the statistics of a table just filled say."""


class PostgresSide(Side):
    """`url` as libpq reads it."""

    gives_numbers_once = True

    def __init__(self, url: str, label: str) -> None:
        self.label, self._depth = label, 0
        refuse_an_address_that_would_be_told(url, label)
        with self._faults_named():
            self._conn = psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS)
            for statement in AT_CONNECT:
                self._conn.execute(statement.encode())

    def applied(self) -> list[str]:
        if MIGRATIONS.migrations_table not in self.tables():
            return []
        rows = self._all("SELECT name FROM _sqlite_migrations WHERE migration_set = %s ORDER BY id", MIGRATIONS.name)
        return [str(name) for (name,) in rows]

    def tables(self) -> set[str]:
        return {str(name) for (name,) in self._all("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")}

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        self._all("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            yield
        finally:
            with suppress(psycopg.OperationalError):
                self._conn.execute(b"ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[None]:
        if self._depth:
            yield
            return
        with self._faults_named(), self._conn.transaction():
            self._depth = 1
            try:
                yield
            finally:
                self._depth = 0

    def references_wait(self) -> None:
        self._all("SET CONSTRAINTS ALL DEFERRED")

    def rows(self, table: Table, within: Range, most: int) -> list[Row]:
        key, marks = f"({', '.join(table.key)})", f"({', '.join(['%s'] * len(table.key))})"
        bounds = ((f"{key} > {marks}", within.after), (f"{key} <= {marks}", within.through))
        asked = " AND ".join(text for text, value in bounds if value is not None)
        values = [part for _, value in bounds if value is not None for part in value]
        text = f"SELECT {', '.join(table.columns)} FROM {table.name}{' WHERE ' if asked else ''}{asked} ORDER BY {key[1:-1]} LIMIT %s"  # noqa: S608
        return self._all(text, *values, most, about=table.name)

    def count(self, table: Table) -> int:
        return int(self._all(f"SELECT COUNT(*) FROM {table.name}")[0][0])  # noqa: S608 - of the schema

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
        )
        with self._faults_named(table.name), self._conn.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    def delete(self, table: Table, keys: Sequence[Key]) -> None:
        text = f"DELETE FROM {table.name} WHERE {' AND '.join(f'{name} = %s' for name in table.key)}"  # noqa: S608 - of the schema
        with self._faults_named(table.name), self._conn.cursor() as cursor:
            cursor.executemany(text.encode(), keys)

    def last_number(self, table: Table) -> int:
        found = self._all(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {self._sequence(table)}")  # noqa: S608
        return int(found[0][0])

    def highest_number(self, table: Table) -> int:
        return int(self._all(f"SELECT COALESCE(MAX({table.number}), 0) FROM {table.name}")[0][0])  # noqa: S608 - of the schema

    def go_on_behind(self, table: Table, number: int) -> None:
        self._all("SELECT setval(%s, %s)", self._sequence(table), number)

    def _sequence(self, table: Table) -> str:
        return str(self._all("SELECT pg_get_serial_sequence(%s, %s)", table.name, table.number)[0][0])

    def gaps_until(self) -> int:
        """Nothing had to be noted: any number may be missing here."""
        return 0

    def note_gaps(self, until: int) -> None:
        """As above."""

    def round_off(self, tables: Iterable[Table]) -> None:
        """Without it the first hours after a move are planned as for empty tables."""
        for table in tables:
            self._all(f"ANALYZE {table.name}")

    def faults(self) -> list[str]:
        """The server asks for every reference by itself."""
        return []

    def size(self) -> int:
        return int(self._all("SELECT pg_database_size(current_database())")[0][0])

    def room(self) -> int | None:
        return None

    def close(self) -> None:
        self._conn.close()

    def _all(self, text: str, *values: object, about: str = "") -> list[Row]:
        with self._faults_named(about):
            found = self._conn.execute(text.encode(), values or None)
            return found.fetchall() if found.description else []

    @contextmanager
    def _faults_named(self, about: str = "") -> Iterator[None]:
        try:
            yield
        except psycopg.Error as fault:
            where = f"{self.label}{', ' if about else ''}{about}"
            if isinstance(fault, errors.DiskFull):
                raise StoreFull(f"{where}: the disk of the server is full") from fault
            if isinstance(fault, psycopg.OperationalError | psycopg.InterfaceError):
                raise StoreUnavailable(f"{where}: {fault}") from fault
            told = fault.diag.message_primary if isinstance(fault, psycopg.IntegrityError) else type(fault).__name__
            raise CopyRefused(f"{where}: its rows are not taken ({told})") from fault


def refuse_an_address_that_would_be_told(url: str, label: str) -> None:
    """libpq names parts of an address that it cannot read, and a password is one of them."""
    try:
        conninfo_to_dict(url)
        parts = urlsplit(url)
        is_read = parts.netloc.count("@") < 2 and "@" not in f"{parts.path}{parts.query}{parts.fragment}"
    except (psycopg.Error, ValueError):
        is_read = False
    if not is_read:
        raise CopyRefused(f"{label} cannot be read as an address: in a password, / @ : % are written %2F %40 %3A %25")
