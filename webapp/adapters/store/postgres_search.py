"""Where PostgreSQL keeps the index that hospitals are found by, and how it finds words that look alike.

A misspelt word is looked up among the register's distinct words by any part of it. Where the extension pg_trgm may be had, an index of
trigrams answers; where not (a managed database without it, an engine that only speaks the protocol), the words are read through: some
thousands of them, so it stays right and costs a few milliseconds. Which of the two it is, nobody but the clock can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from webapp.adapters.store.queries.hospitals import HospitalIndex, IndexRows

TRIGRAMS = """DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    EXECUTE 'CREATE INDEX hospital_words_by_trigram ON hospital_words USING gin (word gin_trgm_ops)';
EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'pg_trgm is not to be had: words that look alike are found without an index'; END $$"""
"""A fault inside undoes what the block did, and nothing else."""
WORD_BEGINS = "__"
SHORTEST_ANYWHERE = 3


class PostgresHospitalSearch(HospitalIndex):
    """The search of HospitalQueries on PostgreSQL."""

    def words_holding(self, parts: Sequence[str], limit: int) -> list[str]:
        wanted = {f"part{number}": _like(part) for number, part in enumerate(parts)}
        if not wanted:
            return []
        held = " OR ".join(f"word LIKE :{name}" for name in wanted)
        rows = self.all(f"SELECT word FROM hospital_words WHERE {held} ORDER BY id LIMIT :limit", **wanted, limit=limit)  # noqa: S608 - our names
        return [row["word"].removeprefix(WORD_BEGINS) for row in rows]

    def replace_hospital_index(self, rows: IndexRows) -> None:
        marked = ({"id": row["id"], "word": WORD_BEGINS + row["word"]} for row in rows.hospital_words)
        for field in fields(rows):
            self.run(f"DELETE FROM {field.name}")  # noqa: S608 - our own names
            told = list(marked if field.name == "hospital_words" else getattr(rows, field.name))
            if told:
                names = list(told[0])
                self.run_many(
                    f"INSERT INTO {field.name} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})",  # noqa: S608
                    told,
                )


def _like(part: str) -> str:
    """A part of one or two letters must begin the word, as it must for the trigrams of SQLite."""
    begins = WORD_BEGINS[: max(0, SHORTEST_ANYWHERE - len(part))]
    return "%" + "".join(f"\\{letter}" if letter in "\\%_" else letter for letter in begins + part) + "%"
