"""The schema that PostgreSQL gets is SQLite's: the same tables, columns, keys and indexes, read from both catalogues."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import Server
from webapp.adapters.store.postgres import PostgresStore
from webapp.adapters.store.postgres_ddl import in_postgres
from webapp.adapters.store.sqlite import SqliteStore
from webapp.adapters.vault import Vault
from webapp.ports import StoreConflict

NO_VAULT: Vault = None  # type: ignore[assignment]
KIND = {
    "INTEGER": "whole", "TEXT": "text", "REAL": "real", "FLOAT": "real", "BLOB": "bytes",
    "bigint": "whole", "text": "text", "double precision": "real", "bytea": "bytes",
}  # fmt: skip
SEARCH_OF_SQLITE, SEARCH_OF_POSTGRES = re.compile("hospital_words_fts|sqlite_"), {"hospital_words_by_trigram"}


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    store = SqliteStore(tmp_path_factory.mktemp("schema") / "schema.db", NO_VAULT)
    store.migrate()
    return store


@pytest.fixture(scope="module")
def server(postgres: Server) -> PostgresStore:
    store = PostgresStore(postgres.new_database(f"schema_{secrets.token_hex(6)}"), NO_VAULT)
    store.migrate()
    return store


def tables_of_sqlite(store: SqliteStore) -> list[str]:
    rows = store.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [row["name"] for row in rows if not SEARCH_OF_SQLITE.match(row["name"])]


def tables_of_postgres(store: PostgresStore) -> list[str]:
    return [row["name"] for row in store.all("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY name")]


def plain(text: str | None) -> str | None:
    """An expression as both would write it."""
    if text is None:
        return None
    text = re.sub(r"::(text|bigint)|COLLATE \"C\"|[()\[\]]", "", text)
    return re.sub(r"\s+", " ", text.replace("= ANY ARRAY", "IN ")).strip()


def of_sqlite(store: SqliteStore, table: str) -> Mapping[str, Any]:
    columns = store.all(f"SELECT * FROM pragma_table_info('{table}')")
    made = {row["name"]: row["sql"] for row in store.all("SELECT name, sql FROM sqlite_master WHERE type = 'index'")}
    rows = store.all(f"SELECT * FROM pragma_index_list('{table}') WHERE origin = 'c'")
    return {
        "columns": {(row["name"], KIND[row["type"]], plain(row["dflt_value"])) for row in columns},
        "required": {row["name"] for row in columns if row["notnull"] or row["pk"]},
        "key": [row["name"] for row in sorted(columns, key=lambda row: int(row["pk"])) if row["pk"]],
        "references": {
            (row["from"], row["table"], row["to"]) for row in store.all(f"SELECT * FROM pragma_foreign_key_list('{table}')")
        },
        "unique": {
            tuple(column["name"] for column in store.all(f"SELECT name FROM pragma_index_info('{row['name']}') ORDER BY seqno"))
            for row in store.all(f"SELECT * FROM pragma_index_list('{table}') WHERE origin = 'u'")
        },
        "indexes": {row["name"]: (bool(row["unique"]), *of_index(made[row["name"]])) for row in rows},
    }  # fmt: skip


def of_index(statement: str) -> tuple[str | None, str | None]:
    found = re.fullmatch(r"CREATE (?:UNIQUE )?INDEX .+? ON [^(]+?\s*\((.*?)\)(?: WHERE (.*))?", " ".join(statement.split()))
    assert found, statement
    return plain(found[1]), plain(found[2])


def of_postgres(store: PostgresStore, table: str) -> Mapping[str, Any]:
    columns = store.all(
        """SELECT column_name AS name, data_type AS kind, column_default AS otherwise, is_nullable AS may_be_empty,
                  collation_name AS collation
           FROM information_schema.columns WHERE table_schema = 'public' AND table_name = :table""",
        table=table,
    )
    assert {row["collation"] for row in columns if row["kind"] == "text" and table != "_sqlite_migrations"} <= {"C"}
    constraints = store.all(
        """SELECT contype AS kind, confrelid::regclass::text AS other,
                  ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k (n, place)
                        JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.n ORDER BY place) AS own,
                  ARRAY(SELECT attname::text FROM unnest(confkey) k (n)
                        JOIN pg_attribute a ON a.attrelid = confrelid AND a.attnum = k.n) AS theirs
           FROM pg_constraint WHERE conrelid = CAST(:table AS regclass)""",
        table=table,
    )
    of_kind: Callable[[str], list[Any]] = lambda kind: [row for row in constraints if row["kind"] in (kind, kind.encode())]  # noqa: E731
    indexes = store.all(
        """SELECT c.relname AS name, i.indisunique AS is_unique, pg_get_indexdef(i.indexrelid) AS made
           FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
           WHERE i.indrelid = CAST(:table AS regclass)
             AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)""",
        table=table,
    )
    return {
        "columns": {(row["name"], KIND[row["kind"]], plain(row["otherwise"])) for row in columns},
        "required": {row["name"] for row in columns if row["may_be_empty"] == "NO"},
        "key": of_kind("p")[0]["own"],
        "references": {(row["own"][0], row["other"], row["theirs"][0]) for row in of_kind("f")},
        "unique": {tuple(row["own"]) for row in of_kind("u")},
        "indexes": {row["name"]: (row["is_unique"], *of_index(row["made"])) for row in indexes if row["name"] not in SEARCH_OF_POSTGRES},
    }


def test_both_hold_the_same_tables(sqlite: SqliteStore, server: PostgresStore) -> None:
    assert tables_of_sqlite(sqlite) == tables_of_postgres(server)


def test_each_table_is_the_same_in_both(sqlite: SqliteStore, server: PostgresStore) -> None:
    for table in tables_of_sqlite(sqlite):
        if table != "_sqlite_migrations":
            assert of_postgres(server, table) == of_sqlite(sqlite, table), table


def test_both_name_the_same_migrations(sqlite: SqliteStore, server: PostgresStore) -> None:
    assert sqlite.schema() == server.schema() == (sqlite.schema()[0], [])
    assert server.migrate() == []


def test_numbers_and_reals_are_as_wide_as_those_of_sqlite(server: PostgresStore) -> None:
    moment, much = 1_800_000_000.123_456, 2**62
    server.run("INSERT INTO tries (door, who, since, count) VALUES ('a', 'b', :since, :count)", since=moment, count=much)
    assert server.one("SELECT since, count FROM tries WHERE door = 'a'") == {"since": moment, "count": much}


def test_text_stands_in_the_order_of_its_bytes(server: PostgresStore, sqlite: SqliteStore) -> None:
    words = ("a", "B", "é", "ก", "เก", "_", "Z", "10", "9")
    for store in (server, sqlite):
        store.run_many("INSERT INTO senders (id, beat) VALUES (:id, 0)", [{"id": word} for word in words])
        assert [row["id"] for row in store.all("SELECT id FROM senders ORDER BY id")] == sorted(words, key=str.encode)


def test_what_the_audit_refuses_is_refused_by_both_and_emptying_it_whole_too(server: PostgresStore) -> None:
    with pytest.raises(Exception, match="append-only"):
        server.run("TRUNCATE audit_leaves")


def test_a_word_of_sqlite_that_has_no_counterpart_is_said_nowhere() -> None:
    assert in_postgres("CREATE VIRTUAL TABLE x USING FTS5 (word)") == []
    assert in_postgres("CREATE TABLE a (n INTEGER PRIMARY KEY AUTOINCREMENT, r REAL, b BLOB)") == [
        "CREATE TABLE a (n BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, r DOUBLE PRECISION, b BYTEA)"
    ]
    assert in_postgres("UPDATE a SET text = 'INTEGER'") == ["UPDATE a SET text = 'INTEGER'"]


def test_two_that_migrate_at_once_do_it_once(postgres: Server, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    url = postgres.new_database("at_once")
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: PostgresStore(url, NO_VAULT).migrate(), range(3)))
    assert sorted(map(bool, done)) == [False, False, True]


def test_of_two_that_get_in_each_others_way_one_is_turned_away_and_run_anew(postgres: Server) -> None:
    """Each reads what the other writes: one at a time would let the second see the first."""
    from threading import Barrier, Thread

    store, meeting, tries = PostgresStore(postgres.new_database("in_the_way"), NO_VAULT), Barrier(2), []
    store.migrate()

    def come(name: str) -> None:
        met: list[int] = []

        def work() -> None:
            tries.append(name)
            with store.transaction():
                found = store.one("SELECT COUNT(*) AS n FROM senders")
                if not met:
                    met.append(1)
                    meeting.wait(10)
                assert found
                store.run("INSERT INTO senders (id, beat) VALUES (:id, :seen)", id=name, seen=found["n"])

        store.again(work)

    both = [Thread(target=come, args=(name,)) for name in ("one", "two")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(row["beat"] for row in store.all("SELECT beat FROM senders")) == [0, 1]
    assert len(tries) > 2
    store.close()


def test_what_was_written_in_part_is_not_run_anew(server: PostgresStore) -> None:
    tries = []

    def work() -> None:
        tries.append(1)
        server.run("INSERT INTO senders (id, beat) VALUES (:id, 0)", id=f"part {len(tries)}")
        raise StoreConflict("as if another had come between")

    with pytest.raises(Exception, match="another"):
        server.again(work)
    assert len(tries) == 1


def test_a_sign_that_the_server_does_not_take_is_no_fault_of_whoever_sent_it(server: PostgresStore) -> None:
    server.run("INSERT INTO senders (id, beat) VALUES (:id, 0)", id="before\0after")
    assert server.one("SELECT id FROM senders WHERE id = :id", id="before\0after") == {"id": "before\ufffdafter"}
