"""Where SQLite keeps the index that hospitals are found by, and how it finds words that look alike.

The index itself is made in the domain and read by queries that any engine understands (queries/hospitals.py); SQLite's own are two things:
bytes are BLOB, written through sqlite-utils, and a misspelt word is looked up among the register's distinct words by FTS5's trigrams, which
are right for that: few rows, any part of a word, the most frequent first.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import fields

from sqlite_utils import Database

from webapp.adapters.store.queries.hospitals import HospitalIndex, IndexRows

SEARCH_DDL = [
    "CREATE TABLE hospital_places (place INTEGER PRIMARY KEY, hospital_id TEXT NOT NULL REFERENCES hospitals (id), whole TEXT NOT NULL)",
    "CREATE TABLE hospital_pieces (piece TEXT PRIMARY KEY, hospitals BLOB NOT NULL)",
    "CREATE TABLE hospital_days (bound TEXT NOT NULL, day TEXT NOT NULL, hospitals BLOB NOT NULL, PRIMARY KEY (bound, day))",
    "CREATE TABLE hospital_words (id INTEGER PRIMARY KEY, word TEXT NOT NULL)",
    """CREATE VIRTUAL TABLE hospital_words_fts USING FTS5 (
        word, tokenize='trigram', content="hospital_words", content_rowid='id'
    )""",
]
WORD_BEGINS = "__"
SHORTEST_INDEXED = 3


class SqliteHospitalSearch(HospitalIndex):
    """The search of HospitalQueries on SQLite."""

    @property
    @abstractmethod
    def db(self) -> Database: ...

    def words_holding(self, parts: Sequence[str], limit: int) -> list[str]:
        rows = self.all(
            """SELECT w.word FROM hospital_words_fts f CROSS JOIN hospital_words w ON w.id = f.rowid
               WHERE hospital_words_fts MATCH :match ORDER BY f.rowid LIMIT :limit""",
            match=" OR ".join(_quoted(WORD_BEGINS[: max(0, SHORTEST_INDEXED - len(part))] + part) for part in parts),
            limit=limit,
        )
        return [row["word"].removeprefix(WORD_BEGINS) for row in rows]

    def replace_hospital_index(self, rows: IndexRows) -> None:
        marked = ({"id": row["id"], "word": WORD_BEGINS + row["word"]} for row in rows.hospital_words)
        for field in fields(rows):
            table = self.db.table(field.name)
            table.delete_where()
            table.insert_all(marked if field.name == "hospital_words" else getattr(rows, field.name), batch_size=1_000)
        self.db.table("hospital_words").rebuild_fts().optimize()


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
