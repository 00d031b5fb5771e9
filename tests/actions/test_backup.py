"""A backup holds one moment, whole, while people write and take away; and what is not sound is found before it is put in place."""

from __future__ import annotations

import base64
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from tests import files_given as files
from tests.standing_clock import IN_THE_ANNUAL_WINDOW, StandingClock
from webapp.actions import audit, backup, documents
from webapp.actions.document_reading import Reader
from webapp.adapters.backups.archive import SealedArchives
from webapp.adapters.store.migrations import MIGRATIONS
from webapp.app import archives_for, tools_at, tools_for
from webapp.config import settings_from
from webapp.domain.audit import Act
from webapp.domain.backup import TOO_OLD
from webapp.domain.document import Document, Place
from webapp.ports import BackupRefused, Part, Tools

SOMCHAI = "1000000000009"
RECEIPT = Place("claim", "CL-1", "receipt")


@dataclass
class House:
    """An installation in a folder of its own, and what backs it up."""

    tools: Tools
    folder: Path

    @property
    def archives(self) -> SealedArchives:
        return archives_for(self.tools.settings)

    def open_at(self, place: Path) -> Tools:
        return replace(tools_at(self.tools.settings, place), clock=self.tools.clock)

    def back_up(self, name: str = "one.backup", archives: Any = None) -> backup.Made:
        return backup.make(self.tools, archives or self.archives, self.open_at, self.folder / name)

    def look_over(self, made: backup.Made) -> backup.LookedOver:
        return backup.verify(self.tools, self.archives, self.open_at, made.path)

    def elsewhere(self, name: str = "elsewhere") -> House:
        """The same settings on another machine, where there is nothing yet."""
        return House(self.open_at(self.folder / name), self.folder)

    def restore(self, made: backup.Made) -> backup.LookedOver:
        return backup.restore(self.tools, self.archives, self.open_at, made.path)

    @property
    def person_id(self) -> str:
        found = self.tools.store.person_id_of(SOMCHAI)
        assert found is not None
        return found

    def give(self, data: bytes | None = None) -> Document:
        given = documents.attach(self.tools, self.person_id, RECEIPT, data or files.jpeg())
        assert isinstance(given, Document)
        return given

    def give_and_read(self) -> Document:
        given = self.give()
        Reader(self.tools).run()
        found = self.tools.store.document(given.id)
        assert found is not None
        assert found.is_ready
        return found

    def break_rows(self, sql: str) -> None:
        """Past everything that keeps it whole."""
        with closing(sqlite3.connect(self.folder / "data" / "sitthi.db")) as db, db:
            db.execute(sql)


def house_at(folder: Path, **settings: str) -> House:
    data = folder / "data"
    environment = {"SITTHI_DATABASE_URL": f"sqlite:///{data / 'sitthi.db'}", "DATA_DIR": str(data), **settings}
    return House(replace(tools_for(settings_from(environment)), clock=StandingClock(IN_THE_ANNUAL_WINDOW)), folder)


@pytest.fixture
def house(tmp_path: Path, laid_database: Path) -> Iterator[House]:
    (tmp_path / "data").mkdir()
    shutil.copy(laid_database, tmp_path / "data" / "sitthi.db")
    made = house_at(tmp_path)
    yield made
    made.tools.store.close()


# There and back


def test_everything_comes_back_elsewhere_for_its_owner_alone(house: House) -> None:
    paper = house.give_and_read()
    audit.seal(house.tools)
    made = house.back_up()
    assert (made.documents, made.lacking) == (1, ())
    elsewhere = house.elsewhere()
    found = elsewhere.restore(made)
    assert (found.findings, found.applied) == ((), ())
    there = elsewhere.tools
    assert there.store.person_id_of(SOMCHAI) == house.person_id
    restored = there.store.document(paper.id)
    assert restored is not None
    assert documents.page_of(there, restored, 1) == documents.page_of(house.tools, paper, 1)
    assert audit.check(there).findings == ()
    there.store.close()
    for path in (house.folder / "elsewhere", *(house.folder / "elsewhere").rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
    assert not (house.folder / "elsewhere" / "backup-room").exists()


def test_after_a_restore_nobody_is_signed_in_and_the_audit_says_so(house: House) -> None:
    with house.tools.store.transaction():
        house.tools.store.run(  # type: ignore[attr-defined]
            """INSERT INTO sessions (id_hash, person_id, via, ial, started_at, seen_at, authenticated_at)
               VALUES ('x', :person, 'thaid', '2.3', 1, 1, 1)""",
            person=house.person_id,
        )
    made, elsewhere = house.back_up(), house.elsewhere()
    assert elsewhere.restore(made).sessions_ended == 1
    assert elsewhere.tools.store.session("x") is None
    last = elsewhere.tools.store.lines_between(elsewhere.tools.store.last_number_given(), elsewhere.tools.store.last_number_given())
    assert str(Act.SESSIONS_ENDED) in str(last)
    elsewhere.tools.store.close()


def test_the_backup_names_itself_by_the_clock_and_old_ones_go_by_the_day(house: House) -> None:
    folder, clock = house.folder / "backups", house.tools.clock
    folder.mkdir()
    assert isinstance(clock, StandingClock)
    for _ in range(4):
        made = backup.make(house.tools, house.archives, house.open_at, folder, keep_days=2)
        house = House(replace(house.tools, clock=StandingClock(house.tools.clock.now() + TOO_OLD)), house.folder)
    assert [one.name for one in sorted(folder.iterdir())][-1] == made.path.name
    assert len(list(folder.iterdir())) == 2
    assert len(made.removed) == 1


def test_how_old_the_last_one_is_and_whether_it_was_tried(house: House) -> None:
    assert backup.last_made(house.tools, house.archives) is None
    made = house.back_up()
    assert backup.last_made(house.tools, house.archives) == (made.made_at, False, False)
    assert house.look_over(made).findings == ()
    later = replace(house.tools, clock=StandingClock(made.made_at + TOO_OLD * 2))
    assert backup.last_made(later, house.archives) == (made.made_at, True, True)


# While people write


class WhileItIsCarried:
    """Archives, and what happens when the database was copied and no document carried yet."""

    def __init__(self, archives: SealedArchives, happens: Callable[[], object]) -> None:
        self._archives, self._happens = archives, happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._archives, name)

    def write(self, to: Path, parts: Iterable[Part], facts: Callable[[], Mapping[str, Any]]) -> int:
        self._happens()
        return self._archives.write(to, parts, facts)


def files_of(house: House) -> list[Path]:
    return [one for one in (house.folder / "data").rglob("*") if one.is_file() and one.name in ("page-1", "thumbnail", "whole")]


def test_what_is_taken_away_during_a_backup_is_in_it_and_gone_after_it(house: House) -> None:
    paper = house.give_and_read()
    made = house.back_up(archives=WhileItIsCarried(house.archives, lambda: documents.remove(house.tools, house.person_id, paper.id)))
    assert made.lacking == ()
    assert house.look_over(made).findings == ()
    assert house.tools.store.document(paper.id) is None
    assert files_of(house) == []
    assert [one.name for one in (house.folder / "data" / "documents.held").iterdir()] == ["lock"]


def test_what_the_worker_makes_pages_of_during_a_backup_is_in_it_as_it_was(house: House) -> None:
    paper = house.give()
    made, elsewhere = house.back_up(archives=WhileItIsCarried(house.archives, Reader(house.tools).run)), house.elsewhere()
    assert made.lacking == ()
    assert elsewhere.restore(made).findings == ()
    Reader(elsewhere.tools).run()
    for one in (house, elsewhere):
        found = one.tools.store.document(paper.id)
        assert found is not None
        assert found.is_ready
    elsewhere.tools.store.close()


def test_what_comes_during_a_backup_is_not_half_in_it(house: House) -> None:
    made = house.back_up(archives=WhileItIsCarried(house.archives, house.give_and_read))
    assert (made.documents, house.look_over(made).findings) == (0, ())


def test_a_backup_waits_for_whoever_is_just_erasing(house: House) -> None:
    paper, erasing, may_end = house.give_and_read(), threading.Event(), threading.Event()

    def erase() -> None:
        with house.tools.store.transaction():
            documents.remove(house.tools, house.person_id, paper.id)
            erasing.set()
            may_end.wait(10)
        house.tools.store.close()

    thread = threading.Thread(target=erase)
    thread.start()
    erasing.wait(10)
    threading.Timer(0.3, may_end.set).start()
    made = house.back_up()
    thread.join()
    assert (made.documents, made.lacking) == (0, ())


def test_backups_beside_people_who_give_and_take_away_without_pause_are_all_sound(house: House) -> None:
    over, faults, given = threading.Event(), list[BaseException](), list[str]()

    def on_and_on(do: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                while not over.is_set():
                    do()
            except BaseException as fault:
                faults.append(fault)
            finally:
                house.tools.store.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def give_and_take() -> None:
        one = house.give(files.jpeg() + os.urandom(8))
        given.append(one.id)
        if len(given) % 2:
            documents.remove(house.tools, house.person_id, one.id)
            return
        for older in documents.documents_of(house.tools, house.person_id, "claim", "CL-1")[:-3]:
            documents.remove(house.tools, house.person_id, older.id)

    reader = Reader(house.tools)
    threads = [on_and_on(give_and_take), on_and_on(reader.run)]
    try:
        for number in range(6):
            made = house.back_up(f"{number}.backup")
            assert made.lacking == ()
            assert house.look_over(made).findings == ()
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert faults == []
    assert len(given) > 3


# What is not sound


def test_rows_that_lead_nowhere_are_found(house: House) -> None:
    house.break_rows("INSERT INTO claim_accounts (reference, person_id, sealed) VALUES ('CL-0', 'nobody', 'x')")
    assert any("claim_accounts" in one for one in house.look_over(house.back_up()).findings)


def test_an_audit_that_was_changed_is_found(house: House) -> None:
    house.give_and_read()
    audit.seal(house.tools)
    house.break_rows("DROP TRIGGER audit_entries_refuse_update")
    house.break_rows("UPDATE audit_entries SET about = 'another' WHERE number = 1")
    made, elsewhere = house.back_up(), house.elsewhere()
    assert elsewhere.restore(made).findings == ("audit: entry_changed, entry or batch 1",)
    assert not (house.folder / "elsewhere" / "sitthi.db").exists()


def test_a_damaged_document_and_a_missing_one_are_named(house: House) -> None:
    damaged = house.give_and_read()
    (page,) = [one for one in files_of(house) if one.name == "page-1"]
    page.write_bytes(page.read_bytes()[:-1] + b"x")
    assert house.look_over(house.back_up("1.backup")).findings == (f"documents: {damaged.id} does not open",)
    page.unlink()
    made = house.back_up("2.backup")
    assert made.lacking == (damaged.id,)
    assert house.look_over(made).findings == (f"documents: {damaged.id} does not open",)


def test_without_the_data_key_it_was_made_with_nothing_is_put_in_place(house: House) -> None:
    made = house.back_up()
    key = base64.urlsafe_b64encode(b"n" * 32).decode()
    other = house_at(house.folder / "other", SITTHI_DATA_KEYS=key)
    (finding,) = other.restore(made).findings
    assert finding.startswith("keys: its rows need ")
    assert not (house.folder / "other" / "data" / "sitthi.db").exists()


def test_rows_that_the_manifest_does_not_name_are_found(house: House) -> None:
    database = house.folder / "data" / "sitthi.db"
    facts = {
        "made_at": "2026-12-20T10:00:00+07:00", "release": "0.1.0", "schema": house.tools.store.schema()[0], "last_entry": 0,
        "last_seal": "",
        "rows": {**house.tools.store.count_rows(), "people": 1}, "documents": 2,
    }  # fmt: skip
    house.tools.store.sweep()
    path = house.folder / "forged.backup"
    house.archives.write(path, [Part("sitthi.db", lambda: database.open("rb"))], lambda: facts)
    (finding,) = backup.verify(house.tools, house.archives, house.open_at, path).findings
    assert finding.startswith("people: ")
    assert finding.endswith("and the manifest names 1")


# Other releases


def test_a_backup_of_an_older_release_is_migrated_on_its_way_in(tmp_path: Path) -> None:
    older = house_at(tmp_path)
    (tmp_path / "data").mkdir()
    with closing(sqlite3.connect(tmp_path / "data" / "sitthi.db")) as db:
        MIGRATIONS.apply(Database(db), stop_before="claim_queue")
    made, elsewhere = older.back_up(), older.elsewhere()
    found = elsewhere.restore(made)
    assert (found.findings, found.applied[0]) == ((), "claim_queue")
    assert elsewhere.tools.store.is_ready()
    assert not older.tools.store.is_ready()
    for one in (older, elsewhere):
        one.tools.store.close()


def test_a_backup_of_a_newer_release_is_refused_by_name(house: House) -> None:
    house.break_rows("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) SELECT migration_set, 'of_tomorrow', '' "
                     "FROM _sqlite_migrations LIMIT 1")  # fmt: skip
    made = house.back_up()
    with pytest.raises(BackupRefused, match="newer release .* with the migration of_tomorrow"):
        house.elsewhere().restore(made)


# What is there already


@pytest.mark.parametrize("living", ["sitthi.db", "sitthi.db-wal", "documents/01/DC-01/page-1"])
def test_what_lives_is_never_overwritten(house: House, living: str) -> None:
    made, elsewhere = house.back_up(), house.elsewhere()
    there = house.folder / "elsewhere" / living
    there.parent.mkdir(parents=True)
    there.write_bytes(b"alive")
    with pytest.raises(BackupRefused, match="nothing is overwritten"):
        elsewhere.restore(made)
    assert there.read_bytes() == b"alive"


def test_what_came_to_be_while_it_was_looked_over_is_not_overwritten_either(house: House) -> None:
    made, elsewhere = house.back_up(), house.elsewhere()
    database = house.folder / "elsewhere" / "sitthi.db"

    class Hasty(SealedArchives):
        def unpack(self, source: Path, place: Path) -> Mapping[str, Any]:
            database.write_bytes(b"alive")
            return super().unpack(source, place)

    hasty = Hasty(house.tools.settings.backup_keys, house.folder / "elsewhere")
    with pytest.raises(BackupRefused, match="came to be meanwhile"):
        backup.restore(elsewhere.tools, hasty, house.open_at, made.path)
    assert database.read_bytes() == b"alive"
    assert sorted(one.name for one in database.parent.iterdir()) == ["backup-room.lock", "sitthi.db"]
