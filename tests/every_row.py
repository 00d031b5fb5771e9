"""Rows for every table of the schema, made from the schema: whoever copies, counts or erases all of it can be asked about all of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import sql
from sqlite_utils import Database

from webapp.adapters.store.copying import Table, side_at, tables_at
from webapp.adapters.store.migrations import MIGRATIONS

ODD = ("ก่อน 'quoted' \\ \t\n\r", "", "\U0001f600 \\N \\.", "e\u0301 ß İ", "100 % :name ?", "x" * 5_000)
SMALL, LARGE = 2, 2**62
ONLY_THESE = {("hospitals", "ownership"): "state"}
"""Columns that take a few words only."""


@lru_cache(maxsize=1)
def schema() -> Database:
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    return db


@lru_cache(maxsize=1)
def every_table() -> tuple[Table, ...]:
    return tables_at([one.name for one in MIGRATIONS.applied(schema())])


def every_row(count: int = 6) -> dict[str, list[tuple[Any, ...]]]:
    """So many of each table, all references sound."""
    made: dict[str, list[tuple[Any, ...]]] = {}
    for table in every_table():
        parents = {
            row["from"]: (row["table"], row["to"]) for row in schema().query("SELECT * FROM pragma_foreign_key_list(?)", [table.name])
        }
        columns = list(schema().query('SELECT name, type, "notnull", pk FROM pragma_table_info(?)', [table.name]))
        made[table.name] = [tuple(_value(table, column, number, parents, made) for column in columns) for number in range(count)]
    return made


def _value(table: Table, column: dict[str, Any], number: int, parents: dict[str, tuple[str, str]], made: dict[str, Any]) -> Any:
    name = column["name"]
    if name in parents:
        parent, key = parents[name]
        other = next(one for one in every_table() if one.name == parent)
        return made[parent][number][other.columns.index(key)]
    if (table.name, name) in ONLY_THESE:
        return ONLY_THESE[table.name, name]
    if number % 3 == 2 and not column["notnull"] and not column["pk"] and (table.name, name) != ("read_only_spells", "ended_at"):
        return None
    by_kind: dict[str, Any] = {
        "TEXT": f"{table.name} {name} {number} {ODD[number % len(ODD)]}",
        "INTEGER": SMALL + number * 7 if name == table.number else LARGE - number,
        "REAL": 1_767_225_600.123456 + number / 3,
        "BLOB": bytes(range(256)) * number,
    }
    return by_kind[column["type"]]


def put(url: str, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    """Into a database with the schema and nothing in it."""
    with closing(side_at(url, "it")) as side, side.writing():
        for table in every_table():
            side.insert(table, rows[table.name])


def rows_of(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All of it, read past everything of ours; the order of rows is nobody's promise."""
    return {table: sorted(rows, key=repr) for table, rows in (_of_postgres(url) if url.startswith("postgres") else _of_sqlite(url))}


def _of_sqlite(url: str) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if not name.startswith(("sqlite_", "_sqlite", "hospital_words_fts")):
                columns = sorted(column for (column,) in db.execute("SELECT name FROM pragma_table_info(?)", [name]))
                yield name, db.execute(f"SELECT {', '.join(columns)} FROM {name}").fetchall()  # noqa: S608


def _of_postgres(url: str) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    with psycopg.connect(url) as db:
        for (name,) in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
            if name != "_sqlite_migrations":
                found = db.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [name]).fetchall()
                columns = sql.SQL(", ").join(sql.Identifier(column) for column in sorted(column for (column,) in found))
                yield name, db.execute(sql.SQL("SELECT {} FROM {}").format(columns, sql.Identifier(name))).fetchall()
