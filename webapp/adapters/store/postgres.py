"""PostgreSQL through psycopg 3 and its pool: many processes on many machines write side by side.

- A transaction is SERIALIZABLE, and so is each statement alone: what the queries and rules were written for holds here as on SQLite,
  where one writes at a time. Of two that got in each other's way one is turned away (40001; a deadlock and a number that came twice are
  the same thing to us). `again` runs the work of that one anew, as often as TRIES, unless something of it was written already; the
  last tries alone, so that nobody is turned away for having come when others did.
- Workers that take rows from the outbox do so READ COMMITTED and pass over each other's (`taking`, FOR UPDATE SKIP LOCKED).
- A lost connection: what only reads, or has only begun, is asked on another; what writes is not, since nobody knows whether it was
  written. Whoever sent it is told to try again, and the key of each request keeps the second time from being a second request.
- The pool opens connections when they are needed, gives up quickly, and drops those that died; the address may name several hosts
  (`host=a,b`, target_session_attrs=read-write), of which the one that takes writes is found at each new connection.
- Commits wait for the disk, and where the server names a synchronous standby, for that too: that is the server's setting, and the guide's
  (docs/operating.md).

Other engines that speak this protocol, and what stands in the way (none of them was tried; PostgreSQL itself was, 15 and 16):
- Managed PostgreSQL, Aurora, AlloyDB: PostgreSQL, with pg_trgm.
- YugabyteDB: reuses PostgreSQL's query layer; serializable, identities, partial indexes, triggers, SKIP LOCKED and advisory locks
  (lately) are there; LOCK TABLE in that mode (`steady`) is not.
- CockroachDB: serializable by itself, gives 40001 as we expect it; it has no LOCK TABLE, no DO blocks before 24.1, no advisory locks that
  lock (they return at once), and its identities are not in order, which plans that walk along numbers lean on. The last is the hard one.
- PgBouncer in between: in transaction mode it needs 1.21 or later for prepared statements; `SET` at connect must become options of the
  role.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from time import monotonic, perf_counter, sleep
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import psycopg
from psycopg import errors, sql
from psycopg.rows import dict_row
from psycopg.types.bool import BoolDumper
from psycopg.types.string import StrDumper
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout, TooManyRequests
from sqlite_utils import Database

from webapp.adapters.store.copying import taken_from, what_lives, write_file
from webapp.adapters.store.copying_postgres import PostgresSide
from webapp.adapters.store.every_query import EveryQuery
from webapp.adapters.store.migrations import MIGRATIONS
from webapp.adapters.store.postgres_ddl import APPLIED, REFUSE, SCHEMA_LOCK, in_postgres
from webapp.adapters.store.postgres_search import TRIGRAMS, PostgresHospitalSearch
from webapp.adapters.store.sql import Row, Watched
from webapp.adapters.vault import Vault
from webapp.config import DATABASE_CONNECTIONS, SLOW_MILLISECONDS
from webapp.domain.measure import STORE_FAULTS, WRITE_WAITS
from webapp.ports import Meter, StoreConflict, StoreFull, StoreReadOnly, StoreUnavailable, Uncounted

T = TypeVar("T")
Connection = psycopg.Connection[dict[str, Any]]
UNCOUNTED = Uncounted()
WAIT_SECONDS = 2.0
"""For a connection of the pool while the server answers; while it does not, WAIT_WHILE_DOWN."""
HEARTBEAT = {"tcp_user_timeout": 10_000, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2}
"""Of a machine that vanished is known after some twenty seconds, in libpq's words."""
WAIT_WHILE_DOWN, DOWN_SECONDS = 0.25, 2.0
RECONNECT_SECONDS = 1.0
TRIES, TRIES_BESIDE, FIRST_PAUSE = 6, 2, 0.01
BESIDE = "BEGIN; LOCK TABLE _sqlite_migrations IN ROW SHARE MODE"
ALONE = "BEGIN; LOCK TABLE _sqlite_migrations IN EXCLUSIVE MODE"
"""Of the table that nobody writes while people work. A lock of a table, unlike an advisory one, is waited for before the transaction looks
at anything, so whoever gets it alone sees all that was written before."""
AT_CONNECT = (
    "SET default_transaction_isolation = 'serializable'",
    "SET lock_timeout = '5s'",
    "SET idle_in_transaction_session_timeout = '60s'",
)
IN_ANOTHERS_WAY = (errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation)
GONE = (psycopg.OperationalError, psycopg.InterfaceError, errors.UndefinedTable, errors.InsufficientPrivilege)
_PART = re.compile(r"'(?:[^']|'')*'|::|:([A-Za-z_]\w*)|%")


class PostgresStore(PostgresHospitalSearch, EveryQuery):
    """The Store port on a PostgreSQL database; `read_only`: whatever would write raises StoreReadOnly. `url` as libpq reads it."""

    each_its_own = "FOR UPDATE SKIP LOCKED"

    def __init__(
        self,
        url: str,
        vault: Vault,
        read_only: bool = False,
        meter: Meter = UNCOUNTED,
        slow_milliseconds: int = SLOW_MILLISECONDS,
        connections: int = DATABASE_CONNECTIONS,
    ) -> None:
        self.url = url
        self.is_read_only = read_only
        self.vault = vault
        self.meter = meter
        self.slow_seconds = slow_milliseconds / 1000
        self._connections = connections
        self._own = threading.local()
        self._opening = threading.Lock()
        self._pool: ConnectionPool[Connection] | None = None
        self._down_at = float("-inf")

    # connections

    def _open_pool(self) -> ConnectionPool[Connection]:
        """At first use: a process that was forked or sent elsewhere opens its own."""
        with self._opening:
            if self._pool is None:
                self._pool = ConnectionPool(
                    self.url, connection_class=Connection, min_size=0, max_size=self._connections, open=True, configure=self._configure,
                    kwargs={"autocommit": True, "row_factory": dict_row, "connect_timeout": 5, **HEARTBEAT},
                    timeout=WAIT_SECONDS, reconnect_timeout=RECONNECT_SECONDS, max_idle=300, num_workers=1, name="sitthi",
                )  # fmt: skip
            return self._pool

    def _configure(self, conn: Connection) -> None:
        conn.adapters.register_dumper(str, _TextDumper)
        conn.adapters.register_dumper(bool, _WholeNumberDumper)
        for statement in (*AT_CONNECT, *(("SET default_transaction_read_only = on",) if self.is_read_only else ())):
            conn.execute(statement.encode())

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """One of the pool's; dropped there if it died in our hands."""
        pool, conn = self._held()
        try:
            yield conn
        finally:
            pool.putconn(conn)

    def _held(self) -> tuple[ConnectionPool[Connection], Connection]:
        was_down = monotonic() - self._down_at < DOWN_SECONDS
        while True:
            pool = self._pool or self._open_pool()
            try:
                return pool, pool.getconn(WAIT_WHILE_DOWN if was_down else WAIT_SECONDS)
            except PoolClosed:
                continue  # another thread has just closed it; the next one is open
            except (PoolTimeout, TooManyRequests) as fault:
                self._down_at = monotonic()
                self.meter.count(STORE_FAULTS, "unavailable")
                raise StoreUnavailable(str(fault)) from fault

    def close(self) -> None:
        """Close the pool; whoever still asks opens another."""
        with self._opening:
            closing, self._pool = self._pool, None
        if closing is not None:
            closing.close()

    # statements

    def all(self, sql: str, **values: Any) -> Sequence[Row]:
        return self._read(sql, values, lambda found: found.fetchall())

    def one(self, sql: str, **values: Any) -> Row | None:
        return self._read(sql, values, lambda found: found.fetchone())

    def _read(self, sql: str, values: Mapping[str, Any], take: Callable[[psycopg.Cursor[dict[str, Any]]], T]) -> T:
        if self._own_connection is None and _only_reads(sql):
            return self._look(sql, values, take)
        return self._write(sql, lambda conn: take(conn.execute(_for_psycopg(sql), values)))

    def run(self, sql: str, **values: Any) -> int:
        return self._write(sql, lambda conn: conn.execute(_for_psycopg(sql), values).rowcount)

    def run_many(self, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        told = list(rows)
        self._write(sql, lambda conn: conn.cursor().executemany(_for_psycopg(sql), told))

    def _look(self, sql: str, values: Mapping[str, Any], take: Callable[[psycopg.Cursor[dict[str, Any]]], T]) -> T:
        """One statement that only reads: anew where it got in another's way, and on another connection where its own was dead."""
        for tried in range(self._connections + TRIES):
            with self._connection() as conn:
                try:
                    with Watched(self, sql):
                        return take(conn.execute(_for_psycopg(sql), values))
                except StoreUnavailable as fault:
                    if not (conn.closed or isinstance(fault, StoreConflict)):
                        raise
            if not conn.closed:
                sleep(_pause(min(tried, TRIES)))
        raise StoreUnavailable("each connection that was tried is dead")

    def _write(self, sql: str, work: Callable[[Connection], T]) -> T:
        """In the open transaction, or in one of its own."""
        if (own := self._own_connection) is not None:
            with Watched(self, sql):
                return work(own)

        def by_itself() -> T:
            with self.transaction():
                return self._write(sql, work)

        return self.again(by_itself)

    # transactions

    @property
    def _own_connection(self) -> Connection | None:
        """Of this thread's open transaction."""
        found: Connection | None = getattr(self._own, "conn", None)
        return found

    def transaction(self) -> AbstractContextManager[None]:
        return self._transaction(ALONE if getattr(self._own, "is_alone", False) else BESIDE)

    def taking(self) -> AbstractContextManager[None]:
        return self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        if self.is_read_only:
            raise StoreReadOnly("opened to be read only")
        if self._own_connection is not None:
            yield
            return
        began = perf_counter()
        with self._begun(begin) as conn:
            self.meter.time(WRITE_WAITS, perf_counter() - began)
            self._own.conn = conn
            try:
                yield
                with Watched(self, "COMMIT"):
                    conn.execute(b"COMMIT")
                self._wrote()
            except BaseException:
                if not conn.closed and conn.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                    with suppress(psycopg.Error):  # the server does it by itself where it no longer hears us
                        conn.execute(b"ROLLBACK")
                raise
            finally:
                self._own.conn = None

    @contextmanager
    def _begun(self, begin: str) -> Iterator[Connection]:
        """On the first connection that lives: after another server took over, those that the pool holds are dead."""
        for _ in range(self._connections + 1):
            with self._connection() as conn:
                try:
                    with Watched(self, begin):
                        conn.execute(begin.encode())
                except StoreUnavailable:
                    if not conn.closed:
                        raise
                    continue
                yield conn
                return
        raise StoreUnavailable("each connection that was tried is dead")

    def _wrote(self) -> None:
        self._own.writes = getattr(self._own, "writes", 0) + 1

    def again(self, work: Callable[[], T]) -> T:
        """The last tries are made alone: on a small table everybody reads the page that everybody writes."""
        if self._own_connection is not None:
            return work()
        before, was_alone = getattr(self._own, "writes", 0), getattr(self._own, "is_alone", False)
        try:
            for tried in range(TRIES):
                self._own.is_alone = was_alone or tried >= TRIES_BESIDE
                try:
                    return work()
                except StoreConflict as fault:
                    if tried == TRIES - 1 or getattr(self._own, "writes", 0) != before:
                        raise StoreUnavailable(str(fault)) from fault
                sleep(_pause(tried))
            raise AssertionError("the last try returns or raises")
        finally:
            self._own.is_alone = was_alone

    @contextmanager
    def steady(self, *tables: str) -> Iterator[None]:
        with self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED"):
            names = sql.SQL(", ").join(map(sql.Identifier, tables))
            assert self._own_connection is not None
            with Watched(self, "LOCK TABLE"):
                self._own_connection.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(names))
            yield

    def inside(self, column: str, name: str) -> str:
        return f"(CAST({column} AS JSON) ->> '{name}')"

    def named(self, fault: BaseException) -> Exception | None:
        """A broken constraint stays what it is, but for a number that came twice: another's transaction may have just written it."""
        if isinstance(fault, IN_ANOTHERS_WAY):
            return _BrokenTwice(str(fault)) if isinstance(fault, errors.UniqueViolation) else StoreConflict(str(fault))
        if isinstance(fault, errors.DiskFull):
            return StoreFull(str(fault))
        if isinstance(fault, errors.ReadOnlySqlTransaction):
            return StoreReadOnly(str(fault)) if self.is_read_only else StoreUnavailable(str(fault))
        return StoreUnavailable(str(fault)) if isinstance(fault, GONE) else None

    # the schema

    def migrate(self) -> list[str]:
        """Bring the schema up to date; returns the names of what was applied. Of two processes the second waits, and finds it done."""
        with self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED"):
            conn = self._own_connection
            assert conn is not None
            conn.execute(b"SELECT pg_advisory_xact_lock(%s)", [SCHEMA_LOCK])
            conn.execute(APPLIED.encode())
            conn.execute(REFUSE.encode())
            applied = set(self._applied())
            fresh = [one for one in _every_migration() if one.name not in applied]
            for one in fresh:
                one.fn(cast(Database, _SaidInPostgres(conn)))
                self.run(
                    "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (:set, :name, CAST(now() AS TEXT))",
                    set=MIGRATIONS.name, name=one.name,
                )  # fmt: skip
                if one.name == "hospitals":
                    conn.execute(TRIGRAMS.encode())
            self.fill_in_what_claims_wait_for()
        return [one.name for one in fresh]

    def _applied(self) -> list[str]:
        rows = self.all("SELECT name FROM _sqlite_migrations WHERE migration_set = :name ORDER BY id", name=MIGRATIONS.name)
        return [str(row["name"]) for row in rows]

    def schema(self) -> tuple[list[str], list[str]]:
        known, applied = {one.name for one in _every_migration()}, self._applied()
        return applied, [name for name in applied if name not in known]

    def is_ready(self) -> bool:
        """Whether the store answers and holds every migration."""
        try:
            return {one.name for one in _every_migration()} <= set(self._applied())
        except StoreUnavailable:
            return False

    # what an operator asks

    def last_number_given(self) -> int:
        """To an entry of the audit, also one that is gone."""
        row = self.one("SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS last FROM audit_entries_number_seq")
        return int(row["last"]) if row else 0

    def gaps_until(self) -> int:
        return self.last_number_given()

    def sweep(self) -> None:
        """What was overwritten stays in PostgreSQL's log of writes until that is recycled; the guide says how long."""

    def copy_to(self, path: Path) -> None:
        with closing(PostgresSide(self.url, "the database")) as side:
            write_file(side, path)

    def what_lives(self) -> str:
        with closing(PostgresSide(self.url, "the database")) as side:
            return "the database is not empty" if what_lives(side) else ""

    @contextmanager
    def becoming(self, laid: Path, move: Callable[[Path, Path], None]) -> Iterator[None]:
        """The file is read, not moved."""
        with closing(PostgresSide(self.url, "the database")) as side, taken_from(laid, side, self.migrate):
            yield

    def count_rows(self) -> dict[str, int]:
        tables = self.all("SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
        names = [str(row["name"]) for row in tables]
        return {name: sum(int(row["count"]) for row in self.all(f'SELECT COUNT(*) AS count FROM "{name}"')) for name in names}  # noqa: S608 - ours

    def faults(self) -> list[str]:
        """Constraints that do not hold for what was there before them; of broken pages the server's own checksums tell."""
        rows = self.all("SELECT conname, CAST(conrelid::regclass AS TEXT) AS name FROM pg_constraint WHERE NOT convalidated")
        return [f"database: {row['conname']} of {row['name']} does not hold" for row in rows]


class _BrokenTwice(StoreConflict, psycopg.IntegrityError):
    """A number that came twice: either somebody wrote the same at the same moment, or it is a broken constraint."""


class _TextDumper(StrDumper):
    """As text: of a bare unknown the server would have to guess the kind. It takes no NUL, which nobody types."""

    def dump(self, obj: str) -> bytes | None:
        return super().dump(obj.replace("\0", "\ufffd"))  # type: ignore[return-value]


class _WholeNumberDumper(BoolDumper):
    """Flags are whole numbers in every table."""

    oid = psycopg.adapters.types["int8"].oid

    def dump(self, obj: bool) -> bytes:
        return b"1" if obj else b"0"


class _SaidInPostgres:
    """What a migration takes for sqlite-utils' database: it runs statements and nothing else."""

    def __init__(self, conn: Connection) -> None:
        self.conn = SimpleNamespace(execute=lambda statement: [conn.execute(one.encode()) for one in in_postgres(statement)])


@lru_cache(maxsize=1)
def _every_migration() -> tuple[Any, ...]:
    return tuple(MIGRATIONS.pending(Database(memory=True)))


@lru_cache(maxsize=1024)
def _for_psycopg(text: str) -> bytes:
    """`:name` as psycopg writes it; texts in quotes and casts stay, a percent sign is doubled."""

    def said(found: re.Match[str]) -> str:
        return f"%({found[1]})s" if found[1] else found[0].replace("%", "%%")

    return _PART.sub(said, text).encode()


@lru_cache(maxsize=1024)
def _only_reads(text: str) -> bool:
    return text.lstrip().startswith("SELECT")


def _pause(tried: int) -> float:
    """Longer each time, and never the same for two."""
    longer: float = FIRST_PAUSE * 2**tried
    return longer * random.uniform(0.5, 1.5)  # noqa: S311 - no secret
