"""The production server: several processes behind one door, started, stopped and changed without losing a request.

Decided:
- Granian: a third of the processor time a request of gunicorn or waitress (measured), and half-sent headers hold none of its threads.
- Its processes are spawned, not forked: after a reload they run the code and the settings that stand there now, and no connection of
  the store crosses a fork. Sessions, limits, attempts and leases are in the store, so it is all one which process answers.
- SIGTERM: nobody new is let in, what is under way is answered, and after DRAIN_SECONDS the rest is cut off; longer than ThaiD may take.
- SIGHUP: the app is started on trial in a process of its own. Only where that works do new processes come, each before an old one goes;
  where it does not, the old ones go on and the reason is told. A server killed outright takes its processes along: they finish what
  they hold.
- One queue of arrivals belongs to all processes. Granian gives each its own on Linux (SO_REUSEPORT), and whoever waits in the queue of one
  that ends is cut off: 11 of 115,000 requests over six reloads of a busy machine; 1 of 69,000 with one queue, none of 350,000
  at a socket file.
- Behind a proxy on this machine: a socket in the file system. Only whom the file's mode lets in can speak to us there, so that
  X-Forwarded-For is the proxy's word.
- A half-sent header is given HEADER_SECONDS. A half-sent body holds one of THREADS: ten stop nobody, a hundred at once would, and so
  the proxy hands on whole requests only (deploy/nginx).
Put aside: systemd's socket activation (Granian takes no socket that is open already) and Granian's own TLS (certificates are the proxy's
work).
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import click

from webapp.adapters import log_lines
from webapp.config import ROOT, SettingsFile, SettingsRefused, settings_from

if TYPE_CHECKING:
    from flask import Flask

THREADS = 160  # a process: most of them wait, for a place (web/admission.py), the store or ThaiD; some are left to say no
HEADER_SECONDS = 5  # from the proxy, which has the whole request: phones on slow lines are waited for there
LARGEST_HEADERS = 64 * 1024
DRAIN_SECONDS = 30
TRIAL_SECONDS = 60
OVERLAP = 1.5  # times what the trial took: how long a new process has before its old one is told to end
LONGEST_SOCKET_PATH = 107  # bytes; sockaddr_un of Linux
SOCKET_MODE = 0o660  # its owner and the proxy's group
TELL_WHEN_PARENT_DIES = 1  # PR_SET_PDEATHSIG of Linux


class Server(Protocol):
    """What a reload needs of Granian."""

    respawn_interval: float

    def signal_handler_reload(self) -> None: ...


class DoorTaken(RuntimeError):
    """One clear line on why nothing can be listened for there."""


@dataclass(frozen=True)
class Door:
    """Where to listen: `path` names a socket in the file system, else address and port."""

    host: str
    port: int
    path: Path | None = None


def serve(door: Door, workers: int, file: SettingsFile | None, in_earnest: bool, drain_seconds: int = DRAIN_SECONDS) -> None:
    """Until told to stop. `in_earnest`: processes are spawned and a dead one is replaced; otherwise they are forked, which starts a second
    sooner, and one that dies ends the server. Raises DoorTaken."""
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    if door.path:
        clear_stale(door.path)
    multiprocessing.set_start_method("spawn" if in_earnest else "fork", force=True)
    server = _with_one_queue()(
        "webapp.serving:app_of_a_process", address=door.host, port=door.port, uds=door.path,
        uds_permissions=SOCKET_MODE if door.path else None, interface=Interfaces.WSGI, workers=workers, blocking_threads=THREADS,
        factory=True, websockets=False, http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=LARGEST_HEADERS),
        log_level=LogLevels.error, log_dictconfig=log_lines.FOR_GRANIAN if log_lines.is_listening() else None,
        respawn_failed_workers=in_earnest, workers_kill_timeout=drain_seconds,
    )  # fmt: skip
    server.on_startup(lambda: _listen_for_reloads(server, file))
    server.serve()


def _with_one_queue() -> Any:
    """Granian, doing on Linux what it does elsewhere; should a new version of it no longer ask this, tests/nothing_lost tells."""
    granian: Any = import_module("granian.server.mp").MPServer
    listener: Any = import_module("granian.net").SocketSpec

    class OneQueue(granian):  # type: ignore[misc]  # its inside has no types
        _sso: Any

        def _init_shared_socket(self) -> None:
            super()._init_shared_socket()
            if self._sso is None:
                self._shd = listener(self.bind_addr, self.bind_port, self.backlog).build()
                self._sfd, self._ssp = self._shd.get_fd(), None
                self._sso = socket.socket(fileno=self._sfd)
                self._sso.set_inheritable(True)

    return OneQueue


def app_of_a_process() -> Flask:
    """What each process of the server answers with."""
    end_with_parent()
    from webapp import app

    return app.app_of_a_process()


def end_with_parent() -> None:
    """Linux tells a child when its parent is gone without a word: nothing may go on holding the door."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(TELL_WHEN_PARENT_DIES, signal.SIGTERM)


# Reload


def _listen_for_reloads(server: Server, file: SettingsFile | None) -> None:
    """Over Granian's own handling of the signal, which asks nobody whether the new ones can start."""
    signal.signal(signal.SIGHUP, lambda number, frame: _reload(server, file))


def _reload(server: Server, file: SettingsFile | None) -> None:
    """Nothing that is wrong with the new settings or the new code may end what runs."""
    before, began = dict(os.environ), time.monotonic()
    reason = _laid_anew(file) or why_not_to_start()
    if reason:
        os.environ.clear()
        os.environ.update(before)
        log_lines.say(f"not reloaded, the old processes go on: {reason}", is_trouble=True)
        return
    server.respawn_interval = OVERLAP * (time.monotonic() - began)
    server.signal_handler_reload()


def _laid_anew(file: SettingsFile | None) -> str:
    """Why the file will not do, or nothing."""
    try:
        if file:
            file.lay()
    except SettingsRefused as refused:
        return str(refused)
    return ""


def why_not_to_start() -> str:
    """What a process started now would end with, or nothing: found out by starting one, so that this one imports no app and is none."""
    trial = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "webapp.serving"], cwd=ROOT, capture_output=True, text=True, timeout=TRIAL_SECONDS, check=False
    )
    if trial.returncode == 0:
        return ""
    told = trial.stderr.strip().splitlines()
    return told[-1] if told else f"it ended with code {trial.returncode}"


# The door


def clear_stale(path: Path) -> None:
    """A server that was killed leaves its socket behind: it goes. Raises DoorTaken where somebody listens, or it is no socket."""
    if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
        raise DoorTaken(f"the path of the socket {path} is longer than {LONGEST_SOCKET_PATH} bytes")
    if not path.parent.is_dir():
        raise DoorTaken(f"there is no directory {path.parent} for the socket")
    try:
        is_socket = stat.S_ISSOCK(path.lstat().st_mode)
    except FileNotFoundError:
        return
    if not is_socket:
        raise DoorTaken(f"{path} is there already and is no socket")
    with socket.socket(socket.AF_UNIX) as trial:
        try:
            trial.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
        except OSError as fault:
            raise DoorTaken(f"the socket {path} cannot be used ({fault.strerror})") from None
        else:
            raise DoorTaken(f"somebody listens on the socket {path} already")


def main() -> None:
    """A start on trial: the app is built and thrown away. Ends with code 2 and one line where it must not start."""
    from webapp.app import create_app

    try:
        create_app(settings_from())
    except SettingsRefused as refused:
        click.echo(refused, err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
