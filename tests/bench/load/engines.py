"""Where generated people are kept: a file of SQLite, or a database of a PostgreSQL that is started for it; both stay under var/load.

Both run as durable as production: a commit is on disk before it is acknowledged. PostgreSQL is told of the memory that a small machine
would give it, and of nothing else.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql

from tests.bench.bench_pages import SECONDS_A_TICK, _until_it_listens, a_free_port, ticks
from tests.postgres import DURABLE, SUPERUSER, Server, programs, readable
from webapp.app import tools_for
from webapp.config import ROOT, Settings, settings_from
from webapp.ports import Tools

KEPT = ROOT / "var/load"
LAYING_CACHE = 2_000_000  # KB, while people are laid down; the app has its own
MADE_FOR_LOAD = {"shared_buffers": "1GB", "max_wal_size": "4GB", "maintenance_work_mem": "512MB", "max_connections": "100"}
EMPTIED = (
    "steps", "hospital_changes", "drafts", "sessions", "known_devices", "tries", "reminders", "reminder_plans", "senders",
    "resting_push_services", "subscriptions", "consents", "accounts", "benefits_looked_at",
)  # fmt: skip
"""What a run fills, those that refer to others first. The audit grows: nothing can be taken from it."""


Lot = Sequence[tuple[object, ...]]
"""Rows of people, in the order of PEOPLE."""
PEOPLE = (
    "id", "pid_hash", "pid_pepper", "sealed", "section", "insured_from", "home_province", "work_province", "hospital_id", "as_of", "demo",
)  # fmt: skip
MONTHS_OF_A_LOT = """INSERT INTO contributions (person_id, month, employer_account, employer_name, section, wage)
    SELECT p.id, m.month, {}, {}, {}, {} FROM people p, lot_months m WHERE p.id BETWEEN {} AND {} ORDER BY p.id, m.month"""
EMPLOYER = ("1000000001", "บริษัท ตัวอย่าง จำกัด")
ONE_SECTION, ONE_WAGE = "33", "14500"


class Engine(Protocol):
    """One kind of store, with databases of several sizes."""

    name: str

    def address(self, place: str) -> str: ...
    def size(self, place: str) -> int: ...
    def pids(self) -> list[int]: ...
    def drop(self, place: str) -> None: ...
    def lay(self, tools: Tools, months: Sequence[str], lots: Iterable[Lot]) -> Iterator[int]: ...


@dataclass
class Sqlite:
    """Each size is a file in a folder of its own."""

    name: str = "sqlite"

    def address(self, place: str) -> str:
        return f"sqlite:///{self._file(place)}"

    def size(self, place: str) -> int:
        return sum(file.stat().st_size for file in self._file(place).parent.glob("sitthi.db*"))

    def pids(self) -> list[int]:
        """It runs within whoever asks it."""
        return []

    def drop(self, place: str) -> None:
        for file in self._file(place).parent.glob("sitthi.db*"):
            file.unlink()

    def lay(self, tools: Tools, months: Sequence[str], lots: Iterable[Lot]) -> Iterator[int]:
        """How many people lie there, after each lot. Without a log, and with the indexes that are no constraints made at the end."""
        path = Path(tools.store.path)  # type: ignore[attr-defined]
        with closing(sqlite3.connect(path, isolation_level=None)) as conn:
            for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", f"cache_size=-{LAYING_CACHE}"):
                conn.execute(f"PRAGMA {pragma}")
            later = conn.execute(LATER_IN_SQLITE).fetchall()
            for name, _ in later:
                conn.execute(f"DROP INDEX {name}")
            conn.execute("CREATE TEMP TABLE lot_months (month TEXT)")
            conn.executemany("INSERT INTO lot_months VALUES (?)", [(month,) for month in months])
            yield from self._lay(conn, lots)
            for _, definition in later:
                conn.execute(definition)

    def _lay(self, conn: sqlite3.Connection, lots: Iterable[Lot]) -> Iterator[int]:
        people, done = f"INSERT INTO people ({', '.join(PEOPLE)}) VALUES ({', '.join('?' * len(PEOPLE))})", 0  # noqa: S608 - our own text
        for lot in lots:
            conn.execute("BEGIN")
            conn.executemany(people, lot)
            conn.execute(MONTHS_OF_A_LOT.format(*"??????"), (*EMPLOYER, ONE_SECTION, ONE_WAGE, lot[0][0], lot[-1][0]))
            conn.execute("COMMIT")
            done += len(lot)
            yield done

    def _file(self, place: str) -> Path:
        return KEPT / place / "sitthi.db"


@dataclass
class Postgres:
    """Each size is a database of one server, which runs as long as the bench does."""

    server: Server
    name: str = "postgresql"

    def address(self, place: str) -> str:
        known = {row[0] for row in self.server.query("SELECT datname FROM pg_database")}
        return self.server.url(_named(place)) if _named(place) in known else self.server.new_database(_named(place))

    def size(self, place: str) -> int:
        return int(self.server.query("SELECT pg_database_size(%s)", _named(place))[0][0])

    def pids(self) -> list[int]:
        assert self.server.process
        return _with_children(self.server.process.pid)

    def drop(self, place: str) -> None:
        if self.server.query("SELECT 1 FROM pg_database WHERE datname = %s", _named(place)):
            self.server.drop(_named(place))


    def lay(self, tools: Tools, months: Sequence[str], lots: Iterable[Lot]) -> Iterator[int]:
        """As SQLite's; references are not looked at one by one: each month lies beside its person."""
        done = 0
        with psycopg.connect(tools.settings.database_url, autocommit=True) as conn:
            conn.execute("SET synchronous_commit = off")
            conn.execute("SET session_replication_role = replica")
            later = conn.execute(LATER_IN_POSTGRES).fetchall()
            for name, _ in later:
                conn.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
            conn.execute("CREATE TEMP TABLE lot_months (month TEXT)")
            conn.cursor().executemany("INSERT INTO lot_months VALUES (%s)", [(month,) for month in months])
            for lot in lots:
                with conn.transaction():
                    with conn.cursor().copy(f"COPY people ({', '.join(PEOPLE)}) FROM STDIN") as copy:
                        for row in lot:
                            copy.write_row(row)
                    conn.execute(MONTHS_OF_A_LOT.format(*["%s"] * 6), (*EMPLOYER, ONE_SECTION, ONE_WAGE, lot[0][0], lot[-1][0]))
                done += len(lot)
                yield done
            for _, definition in later:
                conn.execute(definition)
            conn.execute("VACUUM ANALYZE")
            conn.execute("CHECKPOINT")


LATER_IN_SQLITE = """SELECT name, sql FROM sqlite_master
    WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('people', 'contributions')"""
LATER_IN_POSTGRES = """SELECT i.indexname, i.indexdef FROM pg_indexes i
    WHERE i.schemaname = current_schema() AND i.tablename IN ('people', 'contributions')
    AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"""


def _named(place: str) -> str:
    return place.replace("-", "_")


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """The one whose data is kept under var/load; begun empty the first time. Raises NoPostgres."""
    found = readable(programs(), KEPT)
    data = found.give(_folder(KEPT / "postgres")) / "data"
    if not (data / "PG_VERSION").exists():
        found.run("initdb", "-D", data, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C", cwd=data.parent)
    server = Server(found, data, DURABLE | MADE_FOR_LOAD)
    server.start()
    try:
        yield Postgres(server)
    finally:
        server.stop()


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


# What the app is told


@dataclass(frozen=True)
class Place:
    """So many people in one engine: where they are, and with which settings the app finds them."""

    engine: Engine
    people: int
    months: int

    @property
    def name(self) -> str:
        return f"{self.engine.name}-{self.people}x{self.months}"

    @property
    def folder(self) -> Path:
        return _folder(KEPT / self.name)

    @property
    def megabytes(self) -> float:
        return self.engine.size(self.name) / 1e6

    @property
    def laid(self) -> Path:
        return self.folder / "laid.json"

    def environ(self, port: int = 8000, clock: datetime | None = None, **more: str) -> dict[str, str]:
        """Development, since nothing else takes a clock; otherwise as an operator sets it: limits on, a proxy in front, a log of JSON."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("SITTHI_")}
        return ours | {
            "SITTHI_DATABASE_URL": self.engine.address(self.name), "DATA_DIR": str(self.folder), "PORT": str(port),
            "SITTHI_OPERATOR": "หน่วยงานตัวอย่าง", "SITTHI_TRUSTED_PROXIES": "1", "SITTHI_LOG": "json",
        } | ({"SITTHI_CLOCK": clock.isoformat()} if clock else {}) | more  # fmt: skip

    def settings(self, clock: datetime | None = None) -> Settings:
        return settings_from(self.environ(clock=clock))

    @contextmanager
    def tools(self, clock: datetime | None = None) -> Iterator[Tools]:
        held = tools_for(self.settings(clock))
        try:
            yield held
        finally:
            held.store.close()

    def begin_anew(self, tools: Tools) -> None:
        """Nobody has been here yet: people, their months and the register stay."""
        store: Any = tools.store
        with store.transaction():
            for table in EMPTIED:
                store.run(f"DELETE FROM {table}")  # noqa: S608 - names that stand above

    def note(self, facts: Mapping[str, Any]) -> None:
        self.laid.write_text(json.dumps(facts, indent=1), encoding="utf-8")

    def noted(self) -> dict[str, Any]:
        return dict(json.loads(self.laid.read_text("utf-8"))) if self.laid.exists() else {}


# The server


@dataclass
class App:
    """The app as it serves, and what its processes and those of its database use."""

    place: Place
    port: int
    process: subprocess.Popen[bytes]
    answering: list[int] = field(default_factory=list)

    def cpu(self) -> float:
        """Seconds so far: of the processes that answer, and of the database's."""
        return sum(map(_ticks_or_none, [*_with_children(self.process.pid), *self.place.engine.pids()])) * SECONDS_A_TICK

    def memory(self) -> float:
        """MB resident at most so far, of all processes that answer."""
        return sum(map(memory_of, _with_children(self.process.pid)[1:]))

    def memory_of_database(self) -> float:
        """MB of the database's processes, what they share counted once; 0 where it runs within the app."""
        return sum(_proportional(pid) for pid in self.place.engine.pids()) / 1024


@contextmanager
def serving(place: Place, workers: int, clock: datetime | None = None, **more: str) -> Iterator[App]:
    """`sitthi serve` over these people, until the end of the block."""
    port = a_free_port()
    environ = place.environ(port, clock, **more)
    with (place.folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "webapp.commands", "serve", "--workers", str(workers)], cwd=ROOT, env=environ, stderr=log
        )
        try:
            _until_it_listens(port, process)
            _until_all_answer(process, workers)
            yield App(place, port, process)
        finally:
            process.terminate()
            process.wait(60)


def _until_all_answer(process: subprocess.Popen[bytes], workers: int) -> None:
    """Spawned processes listen one after the other; a helper of Python's own may stand beside them."""
    end = time.monotonic() + 60
    while len(_with_children(process.pid)) < 1 + workers and time.monotonic() < end:
        time.sleep(0.1)
    time.sleep(1.0 * workers)


def _with_children(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        try:
            found += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except FileNotFoundError:
            continue
    return found


def _ticks_or_none(pid: int) -> int:
    """A database's process may end at any time."""
    try:
        return ticks(pid)
    except (FileNotFoundError, ProcessLookupError):
        return 0


def memory_of(pid: int) -> float:
    """MB resident at most so far."""
    return _status(pid, "VmHWM") / 1024


def _status(pid: int, what: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except FileNotFoundError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(what)), 0)


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
