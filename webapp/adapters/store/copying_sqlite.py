"""A SQLite file as rows that are copied (copying.py), on a connection of its own, past the queries of the house.

References are not asked for at each row: the rows come from a store where they hold, and all of them are asked for at the end.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from webapp.adapters.store.copying import Key, Range, Row, Side, Table, laid_out
from webapp.adapters.store.migrations import MIGRATIONS
from webapp.adapters.store.sqlite import BUSY_MILLISECONDS, OUT_OF_ROOM
from webapp.ports import CopyRefused, StoreFull, StoreUnavailable

LASTING = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")
OF_A_DRAFT = ("journal_mode=MEMORY", "synchronous=OFF")
"""Of a file that counts for nothing until all of it is there."""
MOST_FAULTS = 20
LARGEST_NOTED = 2**31 - 1


class SqliteSide(Side):
    """`must_be_there`: the file is read and never made or written."""

    gives_numbers_once = False

    def __init__(self, path: Path, label: str, must_be_there: bool = False, is_draft: bool = False) -> None:
        self.label, self._path, self._depth = label, path, 0
        if must_be_there and not path.is_file():
            raise CopyRefused(f"{label}: there is no such file")
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
        with self._faults_named():
            place = f"{path.absolute().as_uri()}?mode={'rw' if must_be_there else 'rwc'}"
            self._conn = sqlite3.connect(place, timeout=BUSY_MILLISECONDS / 1000, isolation_level=None, uri=True)
            for pragma in ("query_only=ON",) if must_be_there else OF_A_DRAFT if is_draft else LASTING:
                self._conn.execute(f"PRAGMA {pragma}")

    def lay_out(self, applied: Sequence[str]) -> None:
        """The schema of these migrations, in an empty file."""
        laid_out(Database(self._conn), applied)

    def applied(self) -> list[str]:
        with self._faults_named():
            return [one.name for one in MIGRATIONS.applied(Database(self._conn))]

    def tables(self) -> set[str]:
        return {str(name) for (name,) in self._all("SELECT name FROM sqlite_master WHERE type = 'table'")}

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        with self._faults_named():
            self._conn.execute("BEGIN")
            self._conn.execute("SELECT 1 FROM sqlite_master").fetchone()
        try:
            yield
        finally:
            self._conn.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[None]:
        if self._depth:
            yield
            return
        with self._faults_named():
            self._conn.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
                self._conn.execute("COMMIT")
            except BaseException:
                if self._conn.in_transaction:
                    self._conn.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    def references_wait(self) -> None:
        """They always do: see above."""

    def rows(self, table: Table, within: Range, most: int) -> list[Row]:
        key = f"({', '.join(table.key)})"
        marks = f"({', '.join('?' * len(table.key))})"
        bounds = ((f"{key} > {marks}", within.after), (f"{key} <= {marks}", within.through))
        asked = " AND ".join(text for text, value in bounds if value is not None)
        values = [part for _, value in bounds if value is not None for part in value]
        sql = f"SELECT {', '.join(table.columns)} FROM {table.name}{' WHERE ' if asked else ''}{asked} ORDER BY {key[1:-1]} LIMIT ?"  # noqa: S608
        return self._all(sql, *values, most, about=table.name)

    def count(self, table: Table) -> int:
        return int(self._all(f"SELECT COUNT(*) FROM {table.name}")[0][0])  # noqa: S608 - of the schema

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        marks = ", ".join("?" * len(table.columns))
        self._many(f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({marks})", rows, table.name)  # noqa: S608

    def delete(self, table: Table, keys: Sequence[Key]) -> None:
        self._many(f"DELETE FROM {table.name} WHERE {' AND '.join(f'{name} = ?' for name in table.key)}", keys, table.name)  # noqa: S608

    def last_number(self, table: Table) -> int:
        if not table.is_never_given_twice:
            return self.highest_number(table)
        found = self._all("SELECT seq FROM sqlite_sequence WHERE name = ?", table.name)
        return int(found[0][0]) if found else 0

    def highest_number(self, table: Table) -> int:
        return int(self._all(f"SELECT COALESCE(MAX({table.number}), 0) FROM {table.name}")[0][0])  # noqa: S608 - of the schema

    def go_on_behind(self, table: Table, number: int) -> None:
        if table.is_never_given_twice:
            self._all("DELETE FROM sqlite_sequence WHERE name = ?", table.name)
            self._all("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", table.name, number)

    def gaps_until(self) -> int:
        return int(self._all("PRAGMA user_version")[0][0])

    def note_gaps(self, until: int) -> None:
        if until > self.gaps_until():
            self._all(f"PRAGMA user_version = {min(until, LARGEST_NOTED)}")

    def round_off(self, tables: Iterable[Table]) -> None:
        for index in self._all("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"):
            self._all(f"INSERT INTO {index[0]} ({index[0]}) VALUES ('rebuild')")  # noqa: S608 - of the schema

    def faults(self) -> list[str]:
        found = self._all('SELECT "table", parent FROM pragma_foreign_key_check LIMIT ?', MOST_FAULTS)
        return [f"{table}: a row names one of {parent} that is not there" for table, parent in found]

    def size(self) -> int:
        return int(self._all("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")[0][0])

    def room(self) -> int | None:
        return shutil.disk_usage(self._path.absolute().parent).free

    def close(self) -> None:
        self._conn.close()

    def _all(self, sql: str, *values: object, about: str = "") -> list[Row]:
        with self._faults_named(about):
            found: list[Row] = self._conn.execute(sql, values).fetchall()
            return found

    def _many(self, sql: str, rows: Sequence[Row], about: str) -> None:
        with self._faults_named(about):
            self._conn.executemany(sql, rows)

    @contextmanager
    def _faults_named(self, about: str = "") -> Iterator[None]:
        """Without the values that a fault may name."""
        try:
            yield
        except sqlite3.Error as fault:
            where = f"{self.label}{', ' if about else ''}{about}"
            code = getattr(fault, "sqlite_errorcode", None)
            if code in OUT_OF_ROOM:
                raise StoreFull(f"{where}: {fault}") from fault
            if isinstance(fault, sqlite3.IntegrityError):
                raise CopyRefused(f"{where}: {fault}") from fault
            if code is None:
                raise CopyRefused(f"{where}: a row that cannot be read or written ({type(fault).__name__})") from fault
            raise StoreUnavailable(f"{where}: {fault}") from fault
