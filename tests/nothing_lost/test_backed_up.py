"""Backups of an installation that is written to, killed in the middle, and without room: what was acknowledged before is in them."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.nothing_lost.disks import PIECE, ForbiddenFiles, SmallDisk, a_disk
from tests.nothing_lost.installation import Installation, Started, Visitor, at_once, until
from tests.nothing_lost.sending import SOMCHAI, SOMYING, Person, is_there_once, nothing_is_half
from webapp.config import ROOT

MOST_KILLS = 40
BACKUPS = 3
LEFT = 50 * PIECE
LIMITED = """import resource, runpy
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
runpy.run_module("webapp.commands", run_name="__main__")"""


def ended(started: Started) -> int:
    return started.process.wait(60)


def restored(installation: Installation, source: Path, place: Path) -> Installation:
    """Into a place of its own, by a machine that has nothing but the settings."""
    made = Installation(place, installation.port, installation.environment | elsewhere(place))
    place.parent.mkdir(exist_ok=True)
    command = made.start("restore", str(source))
    assert ended(command) == 0, command.told()
    return made


def elsewhere(place: Path) -> dict[str, str]:
    return {"DATA_DIR": str(place), "SITTHI_DATABASE_URL": f"sqlite:///{place / 'sitthi.db'}"}


def at_home(installation: Installation) -> dict[str, str]:
    return {"DATA_DIR": str(installation.place)}


def test_backups_beside_writers_and_the_worker_hold_all_that_was_acknowledged_before(installation: Installation, tmp_path: Path) -> None:
    installation.serve(workers=2)
    installation.start("worker", "--every", "1")
    somchai, somying = (Person(Visitor(installation.url).sign_in(pid), pid) for pid in (SOMCHAI, SOMYING))
    before: list[tuple[Path, list[str]]] = []
    over = threading.Event()

    def write(person: Person) -> None:
        while not over.is_set():
            person.send_and_take_back(secrets.token_urlsafe(18))
            person.switch_consent()

    def back_up() -> None:
        try:
            while len(before) < BACKUPS:
                until(lambda: len(somchai.acknowledged) > len(before) < len(somying.acknowledged), "both have written")
                known, path = [*somchai.acknowledged, *somying.acknowledged], tmp_path / f"{len(before)}.backup"
                command = installation.start("backup", "--verify", str(path), **at_home(installation))
                assert ended(command) == 0, command.told()
                before.append((path, known))
        finally:
            over.set()

    at_once(lambda: write(somchai), lambda: write(somying), back_up)
    for person in (somchai, somying):
        is_there_once(installation, person)
    for path, known in before:
        copy = restored(installation, path, tmp_path / path.stem / "data")
        there = {key for (key,) in copy.rows("SELECT idempotency_key FROM corrections")}
        assert set(known) <= there
        assert copy.rows("SELECT COUNT(*) FROM sessions") == [(0,)]
        nothing_is_half(copy)


def test_a_backup_that_is_killed_leaves_no_backup_and_the_next_one_is_whole(installation: Installation, tmp_path: Path) -> None:
    room, folder = installation.place / "backup-room", tmp_path / "backups"
    folder.mkdir()
    killed = 0
    for number in range(MOST_KILLS):
        path = folder / f"{number}.backup"
        command = installation.start("backup", str(path), **at_home(installation))
        until(lambda room=room, command=command: room.exists() or command.process.poll() is not None, "the backup begins")  # type: ignore[misc]
        time.sleep(number % 5 * 0.01)
        command.kill()
        if command.process.returncode == -9 and not path.exists():
            killed += 1
        if killed == 3:
            break
    assert killed == 3
    assert room.exists()
    whole = installation.start("backup", "--verify", str(folder / "whole.backup"), **at_home(installation))
    assert ended(whole) == 0, whole.told()
    assert not room.exists()
    installation.is_sound()


def without_room(installation: Installation, disk: SmallDisk | ForbiddenFiles, to: Path, data_dir: Path) -> str:
    """What a backup says that finds a little room and not enough."""
    environment, start = installation.environment | {"DATA_DIR": str(data_dir)}, ["-m", "webapp.commands"]
    if isinstance(disk, SmallDisk):
        disk.fill()
        os.truncate(disk.place / "ballast", (disk.place / "ballast").stat().st_size - LEFT)
    else:
        start = ["-c", LIMITED]
    command = [sys.executable, *start, "backup", str(to)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    assert done.stderr.startswith("sitthi: "), done.stderr
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_without_room_for_it_there_is_no_backup_and_the_older_one_stays(installation: Installation, tmp_path: Path) -> None:
    installation.serve(workers=1)
    with a_disk(tmp_path / "disk", list) as disk:
        first = installation.start("backup", str(disk.place / "first.backup"), **at_home(installation))
        assert ended(first) == 0, first.told()
        said = without_room(installation, disk, disk.place / "second.backup", installation.place)
        assert "No space left" in said or "File too large" in said or "no room" in said
        assert [one.name for one in disk.place.iterdir() if one.name != "ballast"] == ["first.backup"]
        assert not (installation.place / "backup-room").exists()
        tried = installation.start("restore", "--trial", str(disk.place / "first.backup"), **at_home(installation))
        assert ended(tried) == 0, tried.told()
    assert Visitor(installation.url).get("/").status_code == 200


def test_where_a_copy_of_the_database_would_fill_the_disk_none_is_begun(installation: Installation, tmp_path: Path) -> None:
    with a_disk(tmp_path / "disk", list) as disk:
        (disk.place / "data").mkdir()
        assert "there is no room: " in without_room(installation, disk, tmp_path / "one.backup", disk.place / "data")
        assert not (disk.place / "data" / "backup-room").exists()
    assert not (tmp_path / "one.backup").exists()
