"""A backup of PostgreSQL is the same file as one of SQLite: made while people write, looked over, and put back into either engine."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests import every_row
from tests.actions.test_backup import SOMCHAI, House, WhileItIsCarried
from tests.postgres import Server
from tests.standing_clock import IN_THE_ANNUAL_WINDOW, StandingClock
from webapp.actions import audit, backup, documents
from webapp.app import tools_for
from webapp.config import settings_from
from webapp.ports import BackupRefused

NewDatabase = Callable[..., str]


@pytest.fixture
def engine() -> str:
    return "postgres"


@pytest.fixture
def new_database(postgres: Server) -> Iterator[NewDatabase]:
    made: list[str] = []

    def new(template: str | None = None) -> str:
        made.append(f"backup_{secrets.token_hex(6)}")
        return postgres.new_database(made[-1], template)

    yield new
    for name in made:
        postgres.drop(name)


def house_over(url: str, folder: Path, data: str = "data") -> House:
    environment = {"SITTHI_DATABASE_URL": url, "DATA_DIR": str(folder / data)}
    return House(replace(tools_for(settings_from(environment)), clock=StandingClock(IN_THE_ANNUAL_WINDOW)), folder)


@pytest.fixture
def house(tmp_path: Path, new_database: NewDatabase, laid_in_postgres: str) -> Iterator[House]:
    made = house_over(new_database(laid_in_postgres), tmp_path)
    yield made
    made.tools.store.close()


def address(house: House) -> str:
    return house.tools.settings.database_url


def rows_but_sessions_ended(house: House) -> dict[str, list[tuple[object, ...]]]:
    """What a restore adds by itself is told in the audit."""
    return {name: rows for name, rows in every_row.rows_of(address(house)).items() if not name.startswith("audit")}


def test_a_backup_of_postgres_comes_back_into_postgres(house: House, new_database: NewDatabase) -> None:
    paper = house.give_and_read()
    audit.seal(house.tools)
    made = house.back_up()
    assert (made.documents, made.lacking) == (1, ())
    assert house.look_over(made).findings == ()
    there = house_over(new_database(), house.folder, "elsewhere")
    found = there.restore(made)
    assert (found.findings, found.applied) == ((), ())
    assert rows_but_sessions_ended(there) == rows_but_sessions_ended(house)
    restored = there.tools.store.document(paper.id)
    assert restored is not None
    assert documents.page_of(there.tools, restored, 1) == documents.page_of(house.tools, paper, 1)
    assert audit.check(there.tools).findings == ()
    assert there.tools.store.is_ready()
    there.give()
    there.tools.store.close()


@pytest.mark.parametrize("to_postgres", [True, False])
def test_a_backup_of_one_engine_is_restored_into_the_other(
    house: House, new_database: NewDatabase, laid_database: Path, tmp_path: Path, to_postgres: bool
) -> None:
    source = house_over(f"sqlite:///{laid_database}", tmp_path, "of_sqlite") if to_postgres else house
    target = house_over(new_database() if to_postgres else f"sqlite:///{tmp_path / 'other' / 'sitthi.db'}", tmp_path, "other")
    assert target.restore(source.back_up("other.backup")).findings == ()
    assert rows_but_sessions_ended(target) == rows_but_sessions_ended(source)
    assert target.tools.store.person_id_of(SOMCHAI) == source.person_id
    for one in (source, target):
        one.tools.store.close()


def test_a_database_that_holds_anything_is_never_overwritten(house: House) -> None:
    made = house.back_up()
    before = every_row.rows_of(address(house))
    living = house_over(address(house), house.folder, "elsewhere")
    with pytest.raises(
        BackupRefused, match=r"the database is not empty.*name an empty database in SITTHI_DATABASE_URL; nothing is overwritten"
    ):
        living.restore(made)
    assert every_row.rows_of(address(house)) == before


def test_what_came_to_be_while_it_was_looked_over_stays(house: House, new_database: NewDatabase) -> None:
    made = house.back_up()
    there = house_over(new_database(), house.folder, "elsewhere")

    def open_at(place: Path) -> object:
        there.tools.store.migrate()
        there.tools.store.run("INSERT INTO senders (id, beat) VALUES ('alive', 1)")  # type: ignore[attr-defined]
        return house.open_at(place)

    with pytest.raises(BackupRefused, match="not empty any more"):
        backup.restore(there.tools, there.archives, open_at, made.path)  # type: ignore[arg-type]
    assert sum(there.tools.store.count_rows().values()) == 1 + len(there.tools.store.schema()[0])
    there.tools.store.close()


def test_where_the_documents_cannot_be_put_in_place_the_database_stays_empty(house: House, new_database: NewDatabase) -> None:
    house.give_and_read()
    made = house.back_up()
    there = house_over(new_database(), house.folder, "elsewhere")

    class Hindered(type(there.archives)):  # type: ignore[misc]
        def put_in_place(self, laid: Path, final: Path) -> None:
            raise BackupRefused("no room")

    archives = Hindered(there.tools.settings.backup_keys, there.tools.settings.data_dir)
    with pytest.raises(BackupRefused, match="no room"):
        backup.restore(there.tools, archives, house.open_at, made.path)
    assert there.tools.store.what_lives() == ""
    assert there.restore(made).findings == (), "so it can be tried again at once"
    there.tools.store.close()


def test_a_database_that_cannot_be_reached_is_no_half_backup(house: House, tmp_path: Path) -> None:
    lost = house_over("postgresql://nobody@127.0.0.1:1/nothing", tmp_path, "lost")
    with pytest.raises(RuntimeError):
        lost.back_up("lost.backup")
    assert not (tmp_path / "lost.backup").exists()


def test_what_is_taken_away_during_a_backup_is_in_it(house: House) -> None:
    paper = house.give_and_read()
    made = house.back_up(archives=WhileItIsCarried(house.archives, lambda: documents.remove(house.tools, house.person_id, paper.id)))
    assert made.lacking == ()
    assert house.look_over(made).findings == ()
    assert house.tools.store.document(paper.id) is None


def test_a_backup_waits_for_whoever_is_just_erasing(house: House) -> None:
    paper, erasing, may_end = house.give_and_read(), threading.Event(), threading.Event()

    def erase() -> None:
        with house.tools.store.transaction():
            documents.remove(house.tools, house.person_id, paper.id)
            erasing.set()
            may_end.wait(10)

    thread = threading.Thread(target=erase)
    thread.start()
    erasing.wait(10)
    threading.Timer(0.5, may_end.set).start()
    made = house.back_up()
    thread.join()
    assert (made.documents, made.lacking) == (0, ())


def test_backups_beside_people_who_give_and_take_away_are_all_sound(house: House) -> None:
    over, faults, given = threading.Event(), list[BaseException](), [0]

    def give_and_take() -> None:
        try:
            while not over.is_set():
                one = house.give()
                documents.remove(house.tools, house.person_id, one.id)
                given[0] += 1
        except BaseException as fault:
            faults.append(fault)

    thread = threading.Thread(target=give_and_take)
    thread.start()
    try:
        for number in range(3):
            made = house.back_up(f"{number}.backup")
            assert made.lacking == ()
            assert house.look_over(made).findings == ()
    finally:
        over.set()
        thread.join()
    assert faults == []
    assert given[0] > 1
