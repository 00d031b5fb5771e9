"""SQLite through sqlite-utils: one file, one connection a thread, write-ahead log.

- A write transaction begins with BEGIN IMMEDIATE: a deferred one that reads and then writes fails at once with "database
  is locked", in spite of any timeout, when another writer came between.
- A connection belongs to its thread and stays open: opening one costs eighty times a query.
- `synchronous=FULL`: a request that was acknowledged survives a power cut, at the price of one flush a write.
- `secure_delete=ON`: what was deleted, or sealed with a key that was given up, is overwritten in the file and not only forgotten.
- Every statement of a query passes one place (`Watched`): what is slow or goes wrong is told and counted there.
- Hot paths use `execute`; sqlite-utils' tables serve migrations, imports and search set-up, where clarity counts more.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlite_utils import Database

from webapp.adapters.store.every_query import EveryQuery
from webapp.adapters.store.migrations import MIGRATIONS
from webapp.adapters.store.sql import Row, Watched
from webapp.adapters.store.sqlite_search import SqliteHospitalSearch
from webapp.adapters.vault import Vault
from webapp.config import SLOW_MILLISECONDS
from webapp.domain.measure import STORE_FAULTS, WRITE_WAITS
from webapp.ports import Meter, StoreFull, StoreReadOnly, StoreUnavailable, Uncounted

BUSY_MILLISECONDS = 5_000
UNCOUNTED = Uncounted()
ROOM_FOR_A_COPY = 1.2  # times its size: the app goes on writing beside it
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY", "cache_size=-8000")
TO_READ_ONLY = ("query_only=ON", "temp_store=MEMORY", "cache_size=-8000")
OUT_OF_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_TRUNCATE)
PRIMARY_CODE = 0xFF  # of SQLite's extended codes
UNAVAILABLE = ("locked", "busy", "unable to open", "disk", "full", "readonly", "no such table", "malformed", "not a database")

class SqliteStore(SqliteHospitalSearch, EveryQuery):
    """The Store port on one SQLite file; `read_only`: whatever would write raises StoreReadOnly."""

    def __init__(
        self, path: str | Path, vault: Vault, read_only: bool = False, meter: Meter = UNCOUNTED, slow_milliseconds: int = SLOW_MILLISECONDS
    ) -> None:
        self.path = str(path)
        self.is_read_only = read_only
        self.vault = vault
        self.meter = meter
        self.slow_seconds = slow_milliseconds / 1000
        self._own = threading.local()

    @property
    def db(self) -> Database:
        """This thread's connection, opened at first use."""
        db: Database | None = getattr(self._own, "db", None)
        if db is None:
            db = self._own.db = self._connect()
            self._own.depth = 0
        return db

    def _connect(self) -> Database:
        try:
            place = f"{Path(self.path).absolute().as_uri()}?mode={'ro' if self.is_read_only else 'rwc'}"
            conn = sqlite3.connect(place, timeout=BUSY_MILLISECONDS / 1000, isolation_level=None, uri=True)
            conn.row_factory = sqlite3.Row
            for pragma in TO_READ_ONLY if self.is_read_only else PRAGMAS:
                conn.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError as fault:
            self.meter.count(STORE_FAULTS, "unavailable")
            raise StoreUnavailable(str(fault)) from fault
        return Database(conn)

    def close(self) -> None:
        """Close this thread's connection."""
        db: Database | None = getattr(self._own, "db", None)
        if db is not None:
            db.conn.close()
            self._own.db = None

    def all(self, sql: str, **values: Any) -> Sequence[Row]:
        with Watched(self, sql):
            rows: list[Row] = self.db.conn.execute(sql, values).fetchall()
        return rows

    def one(self, sql: str, **values: Any) -> Row | None:
        with Watched(self, sql):
            row: Row | None = self.db.conn.execute(sql, values).fetchone()
        return row

    def run(self, sql: str, **values: Any) -> int:
        with Watched(self, sql):
            return int(self.db.conn.execute(sql, values).rowcount)

    def run_many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        with self.transaction(), Watched(self, sql):
            self.db.conn.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        conn = self.db.conn
        if self.is_read_only:
            raise StoreReadOnly("opened to be read only")
        if self._own.depth:
            yield
            return
        began = perf_counter()
        with Watched(self, "BEGIN IMMEDIATE"):
            conn.execute("BEGIN IMMEDIATE")
        self.meter.time(WRITE_WAITS, perf_counter() - began)
        self._own.depth = 1
        try:
            yield
            with Watched(self, "COMMIT"):
                conn.execute("COMMIT")
        except BaseException:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            raise
        finally:
            self._own.depth = 0

    def inside(self, column: str, name: str) -> str:
        return f"json_extract({column}, '$.{name}')"

    def named(self, fault: BaseException) -> Exception | None:
        """A broken constraint stays what it is."""
        if isinstance(fault, sqlite3.IntegrityError) or not isinstance(fault, sqlite3.DatabaseError):
            return None
        code = getattr(fault, "sqlite_errorcode", None) or sqlite3.SQLITE_OK
        if code in OUT_OF_ROOM:
            return StoreFull(str(fault))
        if code & PRIMARY_CODE == sqlite3.SQLITE_READONLY:
            return StoreReadOnly(str(fault))
        return StoreUnavailable(str(fault)) if any(word in str(fault) for word in UNAVAILABLE) else None

    def migrate(self) -> list[str]:
        """Bring the schema up to date; returns the names of what was applied. Safe to call from two processes at once."""
        Path(self.path).parent.mkdir(parents=True, exist_ok=True)
        with self.transaction():
            before = self._applied()
            MIGRATIONS.apply(self.db)
            self.fill_in_what_claims_wait_for()
            return [name for name in self._applied() if name not in before]

    def _applied(self) -> list[str]:
        return [found.name for found in MIGRATIONS.applied(self.db)]

    def last_number_given(self) -> int:
        """To an entry of the audit, also one that is gone."""
        row = self.one("SELECT seq FROM sqlite_sequence WHERE name = 'audit_entries'")
        return int(row["seq"]) if row else 0

    def gaps_until(self) -> int:
        """Of entries that were copied from an engine that leaves gaps (copying.py); stands in the head of the file."""
        row = self.one("PRAGMA user_version")
        return int(row["user_version"]) if row else 0

    def sweep(self) -> None:
        """Bring the write-ahead log into the file and empty it: what stood there before is overwritten too. A reader may keep it from
        that."""
        with self.faults_named():
            self.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def copy_to(self, path: Path) -> None:
        """In one step of SQLite's online backup: it reads one state throughout and writers go on beside it; in several steps each of their
        writes would begin it anew. The copy keeps no log, so that it is one file."""
        with self.faults_named():
            found = self.one("SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size")
            size = int(found["size"]) if found else 0
            if shutil.disk_usage(path.parent).free < size * ROOM_FOR_A_COPY:
                raise StoreFull(f"a copy needs {size * ROOM_FOR_A_COPY // 1_000_000 + 1:.0f} MB in {path.parent}")
            with closing(sqlite3.connect(path, isolation_level=None)) as copy:
                self.db.conn.backup(copy, pages=-1)
                copy.execute("PRAGMA journal_mode=DELETE")

    def what_lives(self) -> str:
        path = Path(self.path).absolute()
        beside = (path, *(path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm", "-journal")))
        return next((f"{one} is there" for one in beside if one.exists()), "")

    @contextmanager
    def becoming(self, laid: Path, move: Callable[[Path, Path], None]) -> Iterator[None]:
        yield
        move(laid, Path(self.path).absolute())

    def count_rows(self) -> dict[str, int]:
        tables = self.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name")
        names = [str(row["name"]) for row in tables]
        return {name: sum(int(row["count"]) for row in self.all(f'SELECT COUNT(*) AS count FROM "{name}"')) for name in names}  # noqa: S608 - ours

    def faults(self) -> list[str]:
        said = [str(row["integrity_check"]) for row in self.all("PRAGMA integrity_check(20)")]
        broken = [f"a row of {row['table']} names one of {row['parent']} that is not there" for row in self.all("PRAGMA foreign_key_check")]
        return [f"database: {one}" for one in (*(line for line in said if line != "ok"), *broken[:20])]

    def schema(self) -> tuple[list[str], list[str]]:
        known = {one.name for one in MIGRATIONS.pending(Database(memory=True))}
        applied = self._applied()
        return applied, [name for name in applied if name not in known]

    def is_ready(self) -> bool:
        """Whether the store answers and holds every migration."""
        try:
            return not MIGRATIONS.pending(self.db)
        except (sqlite3.Error, StoreUnavailable):
            return False
