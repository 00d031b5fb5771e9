"""What one store holds comes into another, all of it and nothing else: while people write, after a run that was cut off, and once more."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlite_utils import Database

from tests import every_row
from tests.conftest import ENGINES
from tests.postgres import Server
from webapp.actions import audit
from webapp.adapters.store import copying
from webapp.adapters.store.copying import CHUNK, Copying, Table, side_at
from webapp.adapters.store.copying_sqlite import SqliteSide
from webapp.adapters.store.migrations import MIGRATIONS
from webapp.app import copier_between, tools_for
from webapp.config import settings_from
from webapp.ports import CopyRefused, StoreCopied, StoreFull, StoreUnavailable

NewDatabase = Callable[[str], str]
WAYS = [("sqlite", "postgres"), ("postgres", "sqlite")]
EITHER_WAY = pytest.mark.parametrize(("source_engine", "target_engine"), WAYS, ids=["to_postgres", "to_sqlite"])
A_PERSON = "INSERT INTO people (id, pid_hash, sealed, section, as_of) VALUES (:id, :hash, '', '33', '')"
AN_ENTRY = """INSERT INTO audit_entries (at, act, by_role, by_id, about_person, about, reason, words_mark, facts)
              VALUES ('', '', '', '', :id, '', '', '', '')"""
A_CONSENT = "INSERT INTO consents (person_id, purpose, given, text_version, channel, at) VALUES (:id, 'x', 1, '1', 'x', '')"
NUMBERED = f"{A_CONSENT} RETURNING number"


@pytest.fixture
def new_database(postgres: Server, tmp_path: Path) -> Iterator[NewDatabase]:
    """new_database("sqlite" or "postgres"): the address of an empty one."""
    made: list[str] = []

    def new(engine: str) -> str:
        name = f"copy_{secrets.token_hex(6)}"
        if engine == "sqlite":
            return f"sqlite:///{tmp_path / name}.db"
        made.append(name)
        return postgres.new_database(name)

    yield new
    for name in made:
        postgres.drop(name)


def copy(source: str, target: str, again: bool = False, progress: Callable[[int, int], None] = lambda done, total: None) -> StoreCopied:
    copier = copier_between(settings_from({}), source, target)
    try:
        return copier.copy(again, progress)
    finally:
        copier.target.close()


def store_at(url: str) -> Any:
    """Any, for the statements of a test."""
    return tools_for(settings_from({"SITTHI_DATABASE_URL": url})).store


def migrated(url: str) -> str:
    store = store_at(url)
    store.migrate()
    store.close()
    return url


def filled(url: str) -> str:
    every_row.put(migrated(url), every_row.every_row())
    return url


def people(url: str, count: int) -> str:
    """Known by their numbers, in `people` and among the consents."""
    store = store_at(migrated(url))
    with store.transaction():
        store.run_many(A_PERSON, ({"id": f"p{number:06}", "hash": f"h{number}"} for number in range(count)))
        store.run_many(A_CONSENT, ({"id": f"p{number:06}"} for number in range(count)))
    store.close()
    return url


def run(url: str, *statements: str) -> None:
    """In one transaction, past everything of ours."""
    if url.startswith("postgres"):
        with psycopg.connect(url) as conn:
            for statement in statements:
                conn.execute(statement.encode())
        return
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db, db:
        for statement in statements:
            db.execute(statement)


# All of it


def test_every_table_of_the_schema_is_copied_behind_those_it_refers_to() -> None:
    names = [row["name"] for row in every_row.schema().query("SELECT name FROM sqlite_master WHERE type = 'table'")]
    ours = {name for name in names if not name.startswith(("sqlite_", "_sqlite", "hospital_words_fts"))}
    tables = every_row.every_table()
    assert {table.name for table in tables} == ours
    for place, table in enumerate(tables):
        assert table.key, f"{table.name} has no primary key: its rows could not be told apart"
        assert table.parents <= {one.name for one in tables[:place]}


@pytest.mark.parametrize(("source_engine", "target_engine"), [*WAYS, *((engine, engine) for engine in ENGINES)])
def test_every_row_of_every_table_comes_over_as_it_was(new_database: NewDatabase, source_engine: str, target_engine: str) -> None:
    source, target = filled(new_database(source_engine)), new_database(target_engine)
    done = copy(source, target)
    assert min(done.rows.values()) > 0, "no table is left out by this test"
    assert (done.added, done.changed, done.removed, done.differing) == (sum(done.rows.values()), 0, 0, ())
    assert every_row.rows_of(target) == every_row.rows_of(source)
    assert store_at(target).is_ready()


@EITHER_WAY
def test_a_second_time_there_is_nothing_to_bring_over(new_database: NewDatabase, source_engine: str, target_engine: str) -> None:
    source, target = filled(new_database(source_engine)), new_database(target_engine)
    copy(source, target)
    again = copy(source, target, again=True)
    assert (again.added, again.changed, again.removed, again.differing) == (0, 0, 0, ())


def test_there_and_back_is_the_same_and_hospitals_are_found_by_a_part_of_a_word(new_database: NewDatabase, laid_database: Path) -> None:
    there, back = new_database("postgres"), new_database("sqlite")
    copy(f"sqlite:///{laid_database}", there)
    copy(there, back)
    assert every_row.rows_of(back) == every_row.rows_of(f"sqlite:///{laid_database}")
    found = [store_at(url).words_holding(["พยา"], 20) for url in (f"sqlite:///{laid_database}", there, back)]
    assert found[0]
    assert found[0] == found[1] == found[2]


def test_a_role_that_owns_nothing_but_its_database_is_enough(new_database: NewDatabase, postgres: Server) -> None:
    source, target = filled(new_database("sqlite")), new_database("postgres")
    role, name = f"role_{secrets.token_hex(6)}", target.rpartition("/")[2]
    postgres.query(f"CREATE ROLE {role} LOGIN")
    postgres.query(f"ALTER DATABASE {name} OWNER TO {role}")
    as_role = target.replace("//sitthi@", f"//{role}@")
    assert copy(source, as_role).differing == ()
    run(source, "UPDATE people SET pid_hash = 'new' WHERE id = (SELECT MIN(id) FROM people)")
    again = copy(source, as_role, again=True)
    assert (again.changed, again.differing) == (1, ())
    assert copy(as_role, new_database("sqlite")).differing == ()


# While people write


@pytest.mark.parametrize(("source_engine", "target_engine"), WAYS, ids=["to_postgres", "to_sqlite"])
def test_a_source_that_goes_on_writing_is_copied_as_of_one_moment(
    new_database: NewDatabase, source_engine: str, target_engine: str
) -> None:
    source, target = people(new_database(source_engine), 2 * CHUNK), new_database(target_engine)
    over, written, faults = threading.Event(), [0], list[BaseException]()

    def write() -> None:
        store = store_at(source)
        try:
            while not over.is_set():
                with store.transaction():
                    written[0] += 1
                    store.run(A_PERSON, id=f"a{written[0]:06}", hash=f"x{written[0]}")
                    store.run(A_PERSON, id=f"z{written[0]:06}", hash=f"y{written[0]}")
                    store.run(AN_ENTRY, id=f"a{written[0]:06}")
                    store.run("DELETE FROM consents WHERE number = :number", number=written[0])
        except BaseException as fault:
            faults.append(fault)
        finally:
            store.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = [0]
        first = copy(source, target, progress=lambda done, total: seen.append(written[0]))
    finally:
        over.set()
        writer.join()
    assert faults == []
    assert max(seen) > 1, "somebody wrote meanwhile"
    assert first.differing == ()
    then = first.rows["audit_entries"]
    whole = (2 * CHUNK + 2 * then, 2 * CHUNK - min(then, 2 * CHUNK))
    assert (first.rows["people"], first.rows["consents"]) == whole, "each transaction whole or not at all"
    last = copy(source, target, again=True)
    assert last.differing == ()
    assert (last.added, last.removed) == (3 * (written[0] - then), min(written[0], 2 * CHUNK) - min(then, 2 * CHUNK))
    assert every_row.rows_of(target) == every_row.rows_of(source)


# Cut off


class CutOff(Exception):
    pass


@pytest.mark.parametrize("part", [0.05, 0.2, 0.35, 0.49, 0.7])
@EITHER_WAY
def test_a_run_that_was_cut_off_goes_on_where_it_was(
    new_database: NewDatabase, source_engine: str, target_engine: str, part: float
) -> None:
    source, target = people(new_database(source_engine), 5 * CHUNK), new_database(target_engine)

    def until(done: int, total: int) -> None:
        if done > part * total:
            raise CutOff

    with pytest.raises(CutOff):
        copy(source, target, progress=until)
    kept = sum(len(rows) for rows in every_row.rows_of(target).values())
    assert kept > 0
    rest = copy(source, target, again=True)
    assert (rest.added, rest.changed, rest.removed, rest.differing) == (10 * CHUNK - kept, 0, 0, ())
    assert every_row.rows_of(target) == every_row.rows_of(source)


@EITHER_WAY
def test_what_changed_since_the_first_part_of_a_run_that_was_cut_off_comes_too(
    new_database: NewDatabase, source_engine: str, target_engine: str
) -> None:
    source, target = people(new_database(source_engine), 3 * CHUNK), new_database(target_engine)

    def until(done: int, total: int) -> None:
        if done >= CHUNK:
            raise CutOff

    with pytest.raises(CutOff):
        copy(source, target, progress=until)
    moved = f"'h1' WHERE id = 'p{3 * CHUNK - 1:06}'"
    run(source, "UPDATE people SET pid_hash = 'new' WHERE id = 'p000001'", f"UPDATE people SET pid_hash = {moved}",
        "DELETE FROM consents WHERE person_id = 'p000002'", "DELETE FROM people WHERE id = 'p000002'")  # fmt: skip
    assert copy(source, target, again=True).differing == ()
    assert every_row.rows_of(target) == every_row.rows_of(source)


# What changed between two runs


@EITHER_WAY
def test_values_that_may_stand_once_change_places_and_references_turn_to_new_rows(
    new_database: NewDatabase, source_engine: str, target_engine: str
) -> None:
    source, target = people(new_database(source_engine), 10), new_database(target_engine)
    grant = "INSERT INTO helper_grants (id, person_id, helper_id, rights, term, how, made_at, idempotency_key) VALUES"
    run(source, f"{grant} ('g', 'p000000', 'p000001', '', '', '', '', '')", "DELETE FROM consents WHERE person_id = 'p000008'")
    copy(source, target)
    run(
        source,
        "UPDATE people SET pid_hash = 'h' WHERE id = 'p000002'",  # two change places
        "UPDATE people SET pid_hash = 'h2' WHERE id = 'p000003'",
        "UPDATE people SET pid_hash = 'h3' WHERE id = 'p000002'",
        "DELETE FROM people WHERE id = 'p000008'",  # one goes, and a new one, before it, has its value
        "INSERT INTO people (id, pid_hash, sealed, section, as_of) VALUES ('a', 'h8', '', '33', '')",
        "UPDATE people SET pid_hash = 'h9 before' WHERE id = 'p000009'",  # one's value goes to a new one behind it
        "INSERT INTO people (id, pid_hash, sealed, section, as_of) VALUES ('z', 'h9', '', '33', '')",
        "UPDATE helper_grants SET helper_id = 'z' WHERE id = 'g'",  # a row that stays refers to a new one
        "INSERT INTO consents (person_id, purpose, given, text_version, channel, at) VALUES ('a', '', 1, '', '', '')",
        "DELETE FROM consents WHERE person_id = 'p000000'",
    )
    done = copy(source, target, again=True)
    assert (done.added, done.changed, done.removed, done.differing) == (3, 4, 2, ())
    assert every_row.rows_of(target) == every_row.rows_of(source)


@EITHER_WAY
def test_more_than_a_chunk_that_is_too_much_goes_away(new_database: NewDatabase, source_engine: str, target_engine: str) -> None:
    source, target = people(new_database(source_engine), 3 * CHUNK), new_database(target_engine)
    copy(source, target)
    few = f"> 'p{CHUNK // 2:06}' AND {{}} <> 'p{2 * CHUNK:06}'"
    run(source, f"DELETE FROM consents WHERE person_id {few.format('person_id')}", f"DELETE FROM people WHERE id {few.format('id')}")
    done = copy(source, target, again=True)
    assert (done.added, done.changed, done.differing) == (0, 0, ())
    assert done.removed == 2 * (3 * CHUNK - CHUNK // 2 - 2)
    assert every_row.rows_of(target) == every_row.rows_of(source)


# Numbers


@EITHER_WAY
def test_a_number_that_was_given_once_is_not_given_again_after_the_move(
    new_database: NewDatabase, source_engine: str, target_engine: str
) -> None:
    source, target = people(new_database(source_engine), 3), new_database(target_engine)
    run(source, "DELETE FROM consents WHERE number >= 2")
    assert copy(source, target).differing == ()
    assert store_at(target).one(NUMBERED, id="p000000")["number"] == 4
    copy(source, target, again=True)
    assert store_at(target).one(NUMBERED, id="p000000")["number"] > 4, "nor what the copy itself gave since"


def test_postgres_goes_on_behind_the_highest_number_of_a_table_that_remembers_none(new_database: NewDatabase) -> None:
    source, target = migrated(new_database("sqlite")), new_database("postgres")
    notice = "INSERT INTO notices (kind, about, th, en, from_at, made_at) VALUES ('', '', '', '', '', '') RETURNING number"
    for _ in range(3):
        store_at(source).one(notice)
    copy(source, target)
    assert store_at(target).one(notice)["number"] == 4


def test_a_number_that_postgres_gave_to_nothing_is_no_entry_that_was_removed(new_database: NewDatabase, tmp_path: Path) -> None:
    source, target, further = migrated(new_database("postgres")), new_database("sqlite"), new_database("sqlite")
    with psycopg.connect(source) as conn:
        for is_kept in (True, False, True, False):
            with suppress(CutOff), conn.transaction():
                conn.execute(AN_ENTRY.replace(":id", "''").encode())
                if not is_kept:
                    raise CutOff
    copy(source, target)
    copy(target, further)
    for url in (source, target, further):
        tools = tools_for(settings_from({"SITTHI_DATABASE_URL": url, "DATA_DIR": str(tmp_path)}))
        assert (tools.store.last_number_given(), audit.check(tools).findings) == (4, ()), url
        tools.store.run(AN_ENTRY, id="")  # type: ignore[attr-defined]
        assert audit.check(tools).findings == ()
    run(further, "DROP TRIGGER audit_entries_refuse_delete", "DELETE FROM audit_entries WHERE number = 5")
    assert [one.code for one in audit.check(tools).findings] == ["entry_removed"], "what is removed after the move is missed as ever"


class Forgetful(SqliteSide):
    def go_on_behind(self, table: Table, number: int) -> None:
        pass


def test_a_number_that_would_be_given_again_is_found(new_database: NewDatabase) -> None:
    source, target = people(new_database("sqlite"), 3), migrated(new_database("sqlite"))
    run(source, "DELETE FROM consents WHERE number >= 2")
    with closing(side_at(source, "FROM")) as here, closing(Forgetful(Path(target.removeprefix("sqlite:///")), "TO")) as there:
        (told,) = Copying(here, there, every_row.every_table()).run().differing
    assert told == "consents: a number that was given already would be given again"


# What is found, and refused


@pytest.mark.parametrize("engine", ENGINES)
def test_a_row_that_is_not_as_it_should_be_is_named(new_database: NewDatabase, engine: str) -> None:
    source, target = people(new_database("sqlite"), 5), migrated(new_database(engine))
    if engine == "sqlite":
        run(target, "CREATE TRIGGER spoils AFTER INSERT ON people WHEN NEW.id = 'p000003' "
                    "BEGIN UPDATE people SET section = '39' WHERE id = NEW.id; END")  # fmt: skip
    else:
        run(target, "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$ BEGIN NEW.section = CASE NEW.id WHEN 'p000003' THEN '39' ELSE NEW.section END; RETURN NEW; END $$",
                    "CREATE TRIGGER spoils BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION spoil()")  # fmt: skip
    assert copy(source, target).differing == ("people: 1 rows differ, the first of them id p000003",)


def test_references_that_lead_nowhere_are_found_or_refused(new_database: NewDatabase) -> None:
    source = people(new_database("sqlite"), 2)
    run(source, "UPDATE consents SET person_id = 'nobody' WHERE person_id = 'p000001'")
    assert copy(source, new_database("sqlite")).differing == ("consents: a row names one of people that is not there",)
    with pytest.raises(CopyRefused, match="TO, consents: its rows are not taken .*consents_person_id_fkey"):
        copy(source, new_database("postgres"))


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_not_empty_is_refused_and_stays(new_database: NewDatabase, engine: str) -> None:
    source, target = people(new_database("sqlite"), 2), people(new_database(engine), 1)
    before = every_row.rows_of(target)
    with pytest.raises(CopyRefused, match="TO is not empty"):
        copy(source, target)
    assert every_row.rows_of(target) == before


@pytest.mark.parametrize("engine", ENGINES)
def test_another_installation_is_no_earlier_copy(new_database: NewDatabase, engine: str) -> None:
    source, target = people(new_database("sqlite"), 5), people(new_database(engine), 1)
    store_at(source).run(AN_ENTRY, id="here")
    store_at(target).run(AN_ENTRY, id="there")
    before = every_row.rows_of(target)
    with pytest.raises(CopyRefused, match="no earlier copy: its audit_entries.* at number 1; nothing was written"):
        copy(source, target, again=True)
    assert every_row.rows_of(target) == before


@pytest.mark.parametrize("engine", ENGINES)
def test_tables_of_something_else_are_left_alone(new_database: NewDatabase, engine: str) -> None:
    target = new_database(engine)
    run(target, "CREATE TABLE people (name TEXT)")
    for again in (False, True):
        with pytest.raises(CopyRefused, match="tables of something else"):
            copy(people(new_database("sqlite"), 1), target, again)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_source_of_another_release_is_refused_by_the_migration(new_database: NewDatabase, engine: str, tmp_path: Path) -> None:
    newer = migrated(new_database(engine))
    run(newer, "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('sitthi', 'of_tomorrow', '')")
    with pytest.raises(CopyRefused, match="newer release, with the migration of_tomorrow"):
        copy(newer, new_database("sqlite"))
    older = migrated(new_database(engine))
    run(older, "DELETE FROM _sqlite_migrations WHERE name = 'notices'")
    with pytest.raises(CopyRefused, match="lacks the migration notices: run 'sitthi migrate'"):
        copy(older, new_database("sqlite"))
    empty = new_database(engine)
    if engine == "postgres":
        with pytest.raises(CopyRefused, match="FROM holds no store of Sitthi"):
            copy(empty, new_database("sqlite"))
    else:
        with pytest.raises(CopyRefused, match="FROM: there is no such file"):
            copy(empty, new_database("sqlite"))
        assert not Path(empty.removeprefix("sqlite:///")).exists()


def test_what_postgres_does_not_take_is_refused_without_being_told(new_database: NewDatabase) -> None:
    for spoiling in ("section = 'SECRET' || char(0)", "demo = 'SECRET'"):
        source = people(new_database("sqlite"), 3)
        run(source, f"UPDATE people SET {spoiling} WHERE id = 'p000001'")
        with pytest.raises(CopyRefused, match="TO, people: its rows are not taken") as refused:
            copy(source, new_database("postgres"))
        assert "SECRET" not in str(refused.value)


@pytest.mark.parametrize("address", [
    "postgresql://me:SECRET/x@127.0.0.1/db", "postgresql://me:SECRET@x@127.0.0.1/db", "postgresql://me:SECRET%zz@127.0.0.1/db",
    "postgresql://me:SECRET?x@127.0.0.1/db", "postgresql://me:SECRET#x@127.0.0.1/db", "mysql://me:SECRET@127.0.0.1/db", "SECRET",
    "postgresql://me:SECRET@127.0.0.1:1/db",
])  # fmt: skip
def test_an_address_is_never_told(new_database: NewDatabase, address: str, capfd: pytest.CaptureFixture[str]) -> None:
    for source, target in ((address, new_database("sqlite")), (people(new_database("sqlite"), 1), address)):
        with pytest.raises((CopyRefused, StoreUnavailable)) as refused:
            copy(source, target)
        assert "SECRET" not in str(refused.value)
    assert "SECRET" not in "".join(capfd.readouterr())


class Full(SqliteSide):
    def room(self) -> int | None:
        return 10_000


def test_a_disk_without_room_is_told_before_anything_is_written(new_database: NewDatabase, tmp_path: Path) -> None:
    for engine in ENGINES:
        source = people(new_database(engine), 1)
        with (
            closing(side_at(source, "FROM")) as here,
            closing(Full(tmp_path / "full.db", "TO")) as there,
            pytest.raises(StoreFull, match="a copy needs [0-9]+ MB, and 0 MB are free"),
        ):
            copying.refuse_without_room(here, there)


# Into a file, whatever the release


@pytest.mark.parametrize("engine", ENGINES)
def test_a_file_holds_the_schema_that_its_source_has(new_database: NewDatabase, engine: str, tmp_path: Path) -> None:
    source = people(new_database(engine), 4)
    every = [one.name for one in MIGRATIONS.pending(Database(memory=True))]
    run(source, "DROP TABLE contacts", "DROP TABLE thaid_says", f"DELETE FROM _sqlite_migrations WHERE name = '{every[-1]}'")
    assert every[-1] == "contacts_and_names", "this test takes the last migration back: teach it the new one"
    with closing(side_at(source, "it")) as side:
        copying.write_file(side, tmp_path / "file.db")
    assert [one.name for one in tmp_path.glob("file.db*")] == ["file.db"], "one file, without a log beside it"
    assert every_row.rows_of(f"sqlite:///{tmp_path / 'file.db'}") == every_row.rows_of(source)
    assert store_at(f"sqlite:///{tmp_path / 'file.db'}").schema() == (every[:-1], [])


def test_a_schema_with_a_gap_is_of_no_release(new_database: NewDatabase, tmp_path: Path) -> None:
    source = migrated(new_database("postgres"))
    run(source, "DELETE FROM _sqlite_migrations WHERE name = 'notices'")
    with closing(side_at(source, "it")) as side, pytest.raises(CopyRefused, match="migrations are missing in between"):
        copying.write_file(side, tmp_path / "file.db")


def test_both_sides_keep_keys_in_the_same_order(new_database: NewDatabase) -> None:
    """Letters beyond the basic plane too, which UTF-16 would put elsewhere."""
    keys = ["", "A", "Z", "a", "a b", "a-", "a_", "z", "é", "ก", "\uffee", "\U0001f600", "~"]
    people_table = next(table for table in every_row.every_table() if table.name == "people")
    found: list[list[Any]] = []
    for engine in ENGINES:
        url = migrated(new_database(engine))
        with closing(side_at(url, "it")) as side:
            rows = [(key, f"hash {key}", "", "33", None, None, None, None, None, "", 0, "") for key in keys]
            side.insert(people_table, rows)
            found.append([row[0] for row in side.rows(people_table, copying.Range(), 100)])
    assert found == [sorted(keys), sorted(keys)]
