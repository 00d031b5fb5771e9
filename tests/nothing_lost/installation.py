"""A small server as an operator has it: a data directory, `sitthi serve` and `sitthi worker` as processes of their own, and people who
come to it through real sockets. What the store holds is read from the outside, by another connection.
"""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from mmap import mmap
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from tests.front_door import consent_at_thaid
from tests.pages import Page, read
from tests.standing_clock import StandingClock
from webapp.app import tools_for
from webapp.config import ROOT, settings_from
from webapp.ports import Tools

WAIT = 20
IN_THE_ANNUAL_WINDOW = "2026-12-20T10:00:00+07:00"
TROUBLES = (requests.ConnectionError, requests.Timeout)


def until(true: Callable[[], object], what: str, seconds: float = WAIT) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what}: not within {seconds:.0f} seconds"
        time.sleep(0.02)


def children_of(pid: int) -> list[int]:
    """Processes that it started itself and that still run, but for Python's own bookkeeper of shared things."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found if _is_at_work(child)]


def _is_at_work(pid: str) -> bool:
    """Not where it ended while it was looked at."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return "resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_text()
    return False


@dataclass
class Started:
    """One command, in a process group of its own."""

    process: subprocess.Popen[str]
    said: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> None:
        """-9, to all of its processes at once: the plug is pulled."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait(WAIT)

    def stop(self, seconds: float = WAIT) -> int:
        """As systemd asks; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def told(self) -> str:
        return self.said.read_text("utf-8")


@dataclass
class Installation:
    """`place` holds the database; `environment` what every command of it gets."""

    place: Path
    port: int
    environment: dict[str, str]
    started: list[Started] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.place / "sitthi.db"

    def start(self, *arguments: str, **settings: str) -> Started:
        said = self.place.parent / f"said-{len(self.started)}.txt"
        with said.open("w") as told:
            process = subprocess.Popen(
                [sys.executable, "-m", "webapp.commands", *arguments], cwd=ROOT, env={**self.environment, **settings}, text=True,
                stdin=subprocess.DEVNULL, stdout=told, stderr=told, start_new_session=True,
            )  # fmt: skip
        self.started.append(Started(process, said))
        return self.started[-1]

    def serve(self, workers: int = 2, **settings: str) -> Started:
        """Returns once it is ready."""
        server = self.start("serve", "--workers", str(workers), **settings)
        until(lambda: self.is_ready(server), "the server is ready", 60)
        return server

    def is_ready(self, server: Started) -> bool:
        assert server.process.poll() is None, server.told()
        with suppress(*TROUBLES):
            return requests.get(f"{self.url}/readyz", timeout=WAIT).status_code == 200
        return False

    def end(self) -> None:
        for one in self.started:
            one.kill()

    @contextmanager
    def tools(self, clock: StandingClock | None = None) -> Iterator[Tools]:
        """Of a process beside the others: this one."""
        found = tools_for(settings_from({name: value for name, value in self.environment.items() if name.startswith("SITTHI_")}))
        held = replace(found, clock=clock) if clock else found
        try:
            yield held
        finally:
            held.store.close()

    def rows(self, sql: str, *values: object) -> list[Any]:
        with sqlite3.connect(self.database, timeout=WAIT) as db:
            return db.execute(sql, values).fetchall()

    def count(self, sql: str, *values: object) -> int:
        return int(self.rows(sql, *values)[0][0])

    def is_sound(self) -> None:
        """The file is whole, every reference leads somewhere, and the audit holds what was sealed."""
        assert self.rows("PRAGMA integrity_check") == [("ok",)]
        assert self.rows("PRAGMA foreign_key_check") == []
        from webapp.actions import audit

        with self.tools() as tools:
            assert audit.check(tools, None).findings == ()


@dataclass
class OnPostgres(Installation):
    """What the store holds is read from whichever server of the address takes writes."""

    def rows(self, sql: str, *values: object) -> list[Any]:
        with psycopg.connect(self.environment["SITTHI_DATABASE_URL"]) as conn:
            return conn.execute(sql.replace("%", "%%").replace("?", "%s").encode(), values).fetchall()

    def is_sound(self) -> None:
        from webapp.actions import audit

        with self.tools() as tools:
            assert tools.store.faults() == []
            assert audit.check(tools, None).findings == ()


@dataclass
class Reply:
    """An answer as tests/pages.py reads it."""

    status_code: int
    text: str
    headers: Mapping[str, str]

    def get_data(self, as_text: bool = True) -> str:
        return self.text

    @property
    def page(self) -> Page:
        return read(self)  # type: ignore[arg-type]


class Visitor:
    """Somebody with a browser; each request is a connection of its own, as through the proxy."""

    def __init__(self, url: str) -> None:
        self._url, self._browser = url, requests.Session()
        self._browser.headers.update({"Connection": "close", "Accept-Language": "en"})
        self._browser.cookies.set("sitthi-language", "en", domain="127.0.0.1")

    def get(self, path: str) -> Reply:
        return self._reply(self._browser.get(f"{self._url}{path}", timeout=WAIT, allow_redirects=False))

    def post(self, path: str, **fields: str) -> Reply:
        headers = {"Origin": self._url}
        return self._reply(self._browser.post(f"{self._url}{path}", data=fields, headers=headers, timeout=WAIT, allow_redirects=False))

    def sign_in(self, pid: str) -> Visitor:
        callback = self.at_thaid(pid)
        assert self.get(callback).status_code == 303
        return self

    def at_thaid(self, pid: str) -> str:
        """All of it but coming back; returns the path to come back to."""
        started = self.get("/sign-in/thaid?next=/")
        assert started.status_code in (302, 303), started.page.main
        return consent_at_thaid(started.headers["Location"], pid).removeprefix(self._url)

    def _reply(self, answer: requests.Response) -> Reply:
        return Reply(answer.status_code, answer.text, answer.headers)


@dataclass
class Machine:
    """What machine.c makes of the machine that a process runs on."""

    environment: dict[str, str]
    _shared: mmap

    def clock_is_wrong_by(self, seconds: float) -> None:
        self._shared[0:8] = struct.pack("=q", int(seconds * 1e9))

    def disk_takes_longer_by(self, seconds: float) -> None:
        self._shared[8:16] = struct.pack("=q", int(seconds * 1e6))


def machine_at(place: Path) -> Machine:
    """Built with the C compiler of this machine."""
    library, state = place / "machine.so", place / "machine"
    source = Path(__file__).with_name("machine.c")
    try:
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    except FileNotFoundError:
        pytest.fail("a slow disk and a jumping clock are laid under the processes by a few lines of C: a compiler is missing (cc)")
    state.write_bytes(bytes(16))
    with state.open("r+b") as file:
        return Machine({"LD_PRELOAD": str(library), "MACHINE": str(state)}, mmap(file.fileno(), 16))


def at_once(*tasks: Callable[[], None]) -> None:
    """Each on a thread of its own; the first fault is raised."""
    faults: list[BaseException] = []

    def run(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def a_free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
