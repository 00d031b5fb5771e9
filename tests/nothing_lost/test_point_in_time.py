"""Back to the moment before a mistake, with the scripts and settings of deploy/postgres: what was acknowledged until then is there, the
mistake is not, and what is kept for it is never half and never overwritten.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.nothing_lost.installation import at_once
from tests.postgres import SUPERUSER, NoPostgres, Server, Servers, postgres_servers, until
from webapp.config import ROOT

DEPLOYED = ROOT / "deploy" / "postgres"
LEAST = 20
A_LONG_TIME_AGO = time.time() - 40 * 86_400


@dataclass
class House:
    """The server with the settings of deploy/, and the folders that outlive it."""

    servers: Servers
    server: Server
    scripts: Path
    backups: Path
    archive: Path
    acknowledged: dict[str, list[int]] = field(default_factory=dict)

    def run(self, script: str, *arguments: str | Path, limit_files_to: int | None = None) -> subprocess.CompletedProcess[str]:
        """As its owner, with the server's programs."""
        found = self.servers.programs
        at_hand = {"PATH": f"{found.folder}:/usr/bin:/bin", "PGHOST": "127.0.0.1", "PGPORT": str(self.server.port), "PGUSER": SUPERUSER}
        limit = [] if limit_files_to is None else ["sh", "-c", f'ulimit -f {limit_files_to}; exec "$@"', "limited"]
        return subprocess.run(
            [*limit, self.scripts / script, *map(str, arguments)], cwd=self.servers.place, env=at_hand, capture_output=True, text=True,
            check=False, **found.as_owner(),
        )  # fmt: skip

    def base_backup(self, days: int = 14) -> Path:
        done = self.run("base-backup", self.backups, self.archive, str(days))
        assert done.returncode == 0, done.stderr
        return Path(done.stdout.strip())

    def laid_out(self, moment: str, base: Path, name: str, *rescued: Path) -> Server:
        """Not started yet."""
        data = self.archive.with_name(f"{self.archive.name}_{name}")
        done = self.run("point-in-time", base, self.archive, data, moment, *rescued)
        assert done.returncode == 0, done.stderr
        return self.servers.at(data, durable=True)

    def kept(self) -> list[str]:
        return sorted(one.name for one in self.archive.iterdir())

    def write(self, writer: str, over: threading.Event) -> None:
        """One row after the other, until it is over or nobody answers."""
        told = self.acknowledged.setdefault(writer, [])
        try:
            with self.server.connect() as conn:
                while not over.is_set():
                    conn.execute("INSERT INTO written VALUES (%s, %s)", [writer, len(told)])
                    told.append(len(told))
        except psycopg.OperationalError:
            return

    def everything_is_archived(self) -> None:
        (last,) = self.server.query("SELECT pg_walfile_name(pg_switch_wal())")[0]
        until(lambda: last in self.kept(), f"{last} is archived")


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with postgres_servers() as found:
        yield found


@pytest.fixture
def house(servers: Servers) -> House:
    number = len(servers.made)
    scripts, backups, archive = (servers.folder(f"{name}_{number}") for name in ("scripts", "backups", "archive"))
    for name in ("archive", "base-backup", "point-in-time"):
        servers.programs.give(Path(shutil.copy(DEPLOYED / name, scripts)))
    server = servers.new(durable=True)
    with (server.data / "postgresql.conf").open("a") as file:
        file.write(settings_of_deploy(scripts, archive))
    server.start().query("CREATE TABLE written (writer text, number integer, PRIMARY KEY (writer, number))")
    return House(servers, server, scripts, backups, archive)


def settings_of_deploy(scripts: Path, archive: Path) -> str:
    """Only its two places differ from what is handed out."""
    text = (DEPLOYED / "sitthi.conf").read_text("utf-8")
    moved = text.replace("/opt/sitthi/current/deploy/postgres", str(scripts)).replace("/var/lib/sitthi-archive", str(archive))
    assert len(re.findall(rf"^archive_command = '{scripts}/archive .* {archive}'$", moved, re.MULTILINE)) == 1
    return moved


def rows(server: Server) -> dict[str, list[int]]:
    return dict(server.query("SELECT writer, array_agg(number ORDER BY number) FROM written GROUP BY writer"))


def is_there(server: Server, acknowledged: dict[str, list[int]]) -> None:
    """All of it, and of each writer at most the one that was under way."""
    found = rows(server)
    assert set(found) == set(acknowledged)
    for writer, numbers in acknowledged.items():
        assert found[writer][: len(numbers)] == numbers
        assert len(found[writer]) <= len(numbers) + 1


def stops_before_the_mistake(server: Server, acknowledged: dict[str, list[int]]) -> None:
    """It can be read and not written; taken over, it goes on by itself."""
    server.start()
    until(lambda: server.query("SELECT pg_is_in_recovery() AND pg_is_wal_replay_paused()") == [(True,)], "it is at its moment")
    is_there(server, acknowledged)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        server.query("INSERT INTO written VALUES ('nobody', 0)")
    server.query("SELECT pg_wal_replay_resume()")
    until(lambda: server.query("SELECT pg_is_in_recovery()") == [(False,)], "it is a server of its own")
    server.query("INSERT INTO written VALUES ('somebody', 0)")
    is_there(server, {**acknowledged, "somebody": [0]})


def written_by_two(house: House) -> tuple[Path, str]:
    """Beside a base backup. Returns that, and the moment at which both had stopped."""
    over, made = threading.Event(), []

    def back_up() -> None:
        try:
            until(lambda: len(house.acknowledged) == 2 and min(map(len, house.acknowledged.values())) > LEAST, "both have written")
            made.append(house.base_backup())
            enough = max(map(len, house.acknowledged.values())) + LEAST
            until(lambda: min(map(len, house.acknowledged.values())) > enough, "both have written after it too")
        finally:
            over.set()

    at_once(lambda: house.write("one", over), lambda: house.write("two", over), back_up)
    (moment,) = house.server.query("SELECT clock_timestamp()::text")[0]
    return made[0], moment


def test_back_to_the_moment_before_a_mistake_all_that_was_acknowledged_is_there(house: House) -> None:
    base, moment = written_by_two(house)
    house.server.query("SELECT pg_create_restore_point('before_the_import')")
    house.server.query("DELETE FROM written WHERE writer = 'one'")
    house.server.query("INSERT INTO written VALUES ('after', 0)")
    house.server.query("DROP TABLE written")
    house.everything_is_archived()
    stops_before_the_mistake(house.laid_out(moment, base, "by_time"), house.acknowledged)
    stops_before_the_mistake(house.laid_out("name:before_the_import", base, "by_name"), house.acknowledged)
    assert house.server.query("SELECT to_regclass('written')") == [(None,)], "the living one was not touched"


def test_of_a_server_that_died_its_log_on_the_disk_holds_what_was_not_archived_yet(house: House) -> None:
    base = house.base_backup()
    dying = threading.Timer(0.4, house.server.kill)
    dying.start()
    at_once(lambda: house.write("one", threading.Event()), lambda: house.write("two", threading.Event()))
    dying.join()
    assert min(map(len, house.acknowledged.values())) > LEAST
    log = house.server.data / "pg_wal"
    assert {name for name in os.listdir(log) if len(name) == 24} - set(house.kept()), "some of it is nowhere else"
    restored = house.laid_out("end", base, "restored", log).start()
    until(lambda: restored.query("SELECT pg_is_in_recovery()") == [(False,)], "it takes writes")
    is_there(restored, house.acknowledged)


def test_a_moment_that_the_archive_does_not_reach_is_said_instead_of_a_server_that_lacks_something(house: House) -> None:
    base, _ = written_by_two(house)
    house.everything_is_archived()
    short = house.laid_out("2099-01-01 00:00:00+07", base, "short")
    with suppress(NoPostgres):
        short.start()
    until(lambda: not short.is_running, "it ends")
    assert "recovery ended before configured recovery target was reached" in short.told()
    told = house.run("point-in-time", base, house.archive, house.server.data, "end")
    assert (told.returncode, told.stderr) == (1, f"point-in-time: {house.server.data} is not empty\n")


def test_the_archive_holds_whole_files_and_what_it_holds_is_never_overwritten(house: House) -> None:
    folder = house.servers.folder("files")
    written, other = folder / "0A", folder / "0B"
    written.write_bytes(os.urandom(200_000))
    other.write_bytes(os.urandom(200_000))
    for one in (written, other):
        house.servers.programs.give(one)
    cut_off = house.run("archive", written, "F1", house.archive, limit_files_to=10)
    assert cut_off.returncode == 1, "PostgreSQL counts it, and tries again"
    assert not [name for name in house.kept() if "F1" in name]
    for _ in range(2):
        assert house.run("archive", written, "F1", house.archive).returncode == 0, "the same again is success"
    refused = house.run("archive", other, "F1", house.archive)
    assert refused.returncode == 1
    assert "holds another F1" in refused.stderr
    assert (house.archive / "F1").read_bytes() == written.read_bytes()
    assert house.run("archive", other, "F2", house.servers.place / "nowhere").returncode == 1
    assert not [name for name in house.kept() if name.startswith(".")]


def test_old_copies_are_forgotten_and_of_the_archive_what_only_they_needed(house: House) -> None:
    first = house.base_backup()
    needed_by_it = house.kept()[0]
    house.everything_is_archived()
    os.utime(first, (A_LONG_TIME_AGO, A_LONG_TIME_AGO))
    (house.backups / ".part").mkdir()
    until(lambda: time.time() // 1 > first.stat().st_ctime // 1, "the next second: copies are named by it")
    second = house.base_backup()
    assert os.listdir(house.backups) == [second.name]
    house.everything_is_archived()
    assert needed_by_it not in house.kept()
    os.utime(second, (A_LONG_TIME_AGO, A_LONG_TIME_AGO))
    restored = house.laid_out("end", second, "restored").start()
    until(lambda: restored.query("SELECT pg_is_in_recovery()") == [(False,)], "it takes writes")
    assert rows(restored) == {}
