"""SQLite through sqlite-utils: one file, one connection a thread, write-ahead log.

- A write transaction begins with BEGIN IMMEDIATE: a deferred one that reads and then writes fails at once with "database
  is locked", in spite of any timeout, when another writer came between.
- A connection belongs to its thread and stays open: opening one costs eighty times a query.
- `synchronous=FULL`: a request that was acknowledged survives a power cut, at the price of one flush a write.
- `secure_delete=ON`: what was deleted, or sealed with a key that was given up, is overwritten in the file and not only forgotten.
- Every statement of a query passes one place (`_Watched`): what is slow or goes wrong is told and counted there.
- Hot paths use `execute`; sqlite-utils' tables serve migrations, imports and search set-up, where clarity counts more.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any

from sqlite_utils import Database

from webapp.adapters.store.migrations import MIGRATIONS
from webapp.adapters.store.queries.audit import AuditQueries
from webapp.adapters.store.queries.calendar_changes import CalendarChangeQueries
from webapp.adapters.store.queries.calendar_feeds import CalendarFeedQueries
from webapp.adapters.store.queries.claim_batches import ClaimBatchQueries
from webapp.adapters.store.queries.consents import ConsentQueries
from webapp.adapters.store.queries.contacts import ContactQueries
from webapp.adapters.store.queries.corrections import CorrectionQueries
from webapp.adapters.store.queries.counter_codes import CounterCodeQueries
from webapp.adapters.store.queries.devices import DeviceQueries
from webapp.adapters.store.queries.documents import DocumentQueries
from webapp.adapters.store.queries.drafts import DraftQueries
from webapp.adapters.store.queries.government_channel import GovernmentChannelQueries
from webapp.adapters.store.queries.helper_grants import HelperGrantQueries
from webapp.adapters.store.queries.hospital_changes import HospitalChangeQueries
from webapp.adapters.store.queries.hospitals import HospitalQueries
from webapp.adapters.store.queries.keys import KeyQueries
from webapp.adapters.store.queries.notices import NoticeQueries
from webapp.adapters.store.queries.passkeys import PasskeyQueries
from webapp.adapters.store.queries.people import PeopleQueries
from webapp.adapters.store.queries.privacy import PrivacyQueries
from webapp.adapters.store.queries.reminders import ReminderQueries
from webapp.adapters.store.queries.sign_in import SignInQueries
from webapp.adapters.store.queries.sign_in_codes import SignInCodeQueries
from webapp.adapters.store.queries.subscriptions import SubscriptionQueries
from webapp.adapters.store.queries.thaid_says import ThaidSaysQueries
from webapp.adapters.store.queries.waiting import WaitingQueries
from webapp.adapters.store.sql import Row
from webapp.adapters.store.sqlite_search import SqliteHospitalSearch
from webapp.adapters.vault import Vault
from webapp.config import SLOW_MILLISECONDS
from webapp.domain.measure import SLOW_QUERIES, STORE_FAULTS, WRITE_WAITS
from webapp.ports import Meter, StoreFull, StoreReadOnly, StoreUnavailable, Uncounted

BUSY_MILLISECONDS = 5_000
UNCOUNTED = Uncounted()
LONGEST_TOLD = 1500  # letters of a statement in the log
WAITED_FOR = ("locked", "busy")
ROOM_FOR_A_COPY = 1.2  # times its size: the app goes on writing beside it
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY", "cache_size=-8000")
TO_READ_ONLY = ("query_only=ON", "temp_store=MEMORY", "cache_size=-8000")
OUT_OF_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_TRUNCATE)
PRIMARY_CODE = 0xFF  # of SQLite's extended codes
UNAVAILABLE = ("locked", "busy", "unable to open", "disk", "full", "readonly", "no such table", "malformed", "not a database")

log = logging.getLogger("sitthi-store")


class SqliteStore(
    SqliteHospitalSearch, HospitalQueries, PeopleQueries, SignInQueries, DraftQueries, HospitalChangeQueries, CalendarChangeQueries,
    CorrectionQueries, DocumentQueries, SignInCodeQueries, SubscriptionQueries, ReminderQueries, CalendarFeedQueries,
    AuditQueries, ConsentQueries, PrivacyQueries, KeyQueries,
    CounterCodeQueries, PasskeyQueries, DeviceQueries, GovernmentChannelQueries, HelperGrantQueries, ClaimBatchQueries,
    NoticeQueries, ContactQueries, ThaidSaysQueries, WaitingQueries,
):  # fmt: skip
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
        with _Watched(self, sql):
            rows: list[Row] = self.db.conn.execute(sql, values).fetchall()
        return rows

    def one(self, sql: str, **values: Any) -> Row | None:
        with _Watched(self, sql):
            row: Row | None = self.db.conn.execute(sql, values).fetchone()
        return row

    def run(self, sql: str, **values: Any) -> int:
        with _Watched(self, sql):
            return int(self.db.conn.execute(sql, values).rowcount)

    def run_many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        with self.transaction(), _Watched(self, sql):
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
        with _Watched(self, "BEGIN IMMEDIATE"):
            conn.execute("BEGIN IMMEDIATE")
        self.meter.time(WRITE_WAITS, perf_counter() - began)
        self._own.depth = 1
        try:
            yield
            with _Watched(self, "COMMIT"):
                conn.execute("COMMIT")
        except BaseException:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            raise
        finally:
            self._own.depth = 0

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

    def sweep(self) -> None:
        """Bring the write-ahead log into the file and empty it: what stood there before is overwritten too. A reader may keep it from
        that."""
        with _faults_named():
            self.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def copy_to(self, path: Path) -> None:
        """In one step of SQLite's online backup: it reads one state throughout and writers go on beside it; in several steps each of their
        writes would begin it anew. The copy keeps no log, so that it is one file."""
        with _faults_named():
            found = self.one("SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size")
            size = int(found["size"]) if found else 0
            if shutil.disk_usage(path.parent).free < size * ROOM_FOR_A_COPY:
                raise StoreFull(f"a copy needs {size * ROOM_FOR_A_COPY // 1_000_000 + 1:.0f} MB in {path.parent}")
            with closing(sqlite3.connect(path, isolation_level=None)) as copy:
                self.db.conn.backup(copy, pages=-1)
                copy.execute("PRAGMA journal_mode=DELETE")

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


class _Watched:
    """One statement: how long it took, and what went wrong by our names. A slow one is told to the log with the names of its values and
    never the values."""

    __slots__ = ("_began", "_sql", "_store")

    def __init__(self, store: SqliteStore, sql: str) -> None:
        self._store, self._sql, self._began = store, sql, perf_counter()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        took = perf_counter() - self._began
        if took >= self._store.slow_seconds:
            self._store.meter.count(SLOW_QUERIES)
            text = " ".join(self._sql.split())[:LONGEST_TOLD]
            log.warning("slow statement", extra={"ms": round(took * 1000), "sql": text})
        if isinstance(fault, sqlite3.DatabaseError):
            self._name(fault)

    def _name(self, fault: sqlite3.DatabaseError) -> None:
        try:
            with _faults_named():
                raise fault
        except StoreReadOnly:
            if not self._store.is_read_only:
                self._store.meter.count(STORE_FAULTS, "read_only")
            raise
        except StoreUnavailable as named:
            is_locked = any(word in str(named) for word in WAITED_FOR)
            self._store.meter.count(STORE_FAULTS, "full" if isinstance(named, StoreFull) else "locked" if is_locked else "unavailable")
            raise


@contextmanager
def _faults_named() -> Iterator[None]:
    """An engine's trouble becomes StoreUnavailable; a broken constraint stays what it is."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.DatabaseError as fault:
        if getattr(fault, "sqlite_errorcode", None) in OUT_OF_ROOM:
            raise StoreFull(str(fault)) from fault
        if getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_OK) & PRIMARY_CODE == sqlite3.SQLITE_READONLY:
            raise StoreReadOnly(str(fault)) from fault
        if any(word in str(fault) for word in UNAVAILABLE):
            raise StoreUnavailable(str(fault)) from fault
        raise
