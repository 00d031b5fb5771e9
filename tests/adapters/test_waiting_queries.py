"""What is asked at each scrape, and of a person's own page, reads the rows it tells of and no table from end to end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from webapp.adapters.store.sqlite import SqliteStore
from webapp.ports import Tools

pytestmark = pytest.mark.of_sqlite  # it is SQLite that is asked for its ways


class Noting(SqliteStore):
    """Remembers what it was asked, with the values."""

    asked: list[tuple[str, dict[str, Any]]]

    def one(self, sql: str, **values: Any) -> Any:
        self.asked.append((sql, values))
        return super().one(sql, **values)

    def all(self, sql: str, **values: Any) -> Any:
        self.asked.append((sql, values))
        return super().all(sql, **values)

    def ways(self) -> dict[str, str]:
        """How each is answered, by its text."""
        return {
            sql: " / ".join(str(row["detail"]) for row in super(Noting, self).all(f"EXPLAIN QUERY PLAN {sql}", **values))
            for sql, values in self.asked
        }


@pytest.fixture
def store(tools: Tools) -> Iterator[Noting]:
    noting = Noting(tools.store.path, tools.store.vault)  # type: ignore[attr-defined]
    noting.asked = []
    yield noting
    noting.close()


def test_the_age_of_each_queue_is_found_by_its_index(store: Noting, tools: Tools) -> None:
    store.oldest_waiting()
    store.oldest_reminder_due(tools.clock.now())
    ways = store.ways()
    assert len(ways) == 7
    for sql, way in ways.items():
        assert not re.search(r"SCAN (?!audit_batches)|TEMP B-TREE", way), f"{sql}\n{way}"


def test_the_last_seal_is_the_last_row_and_not_searched_for_among_all(store: Noting) -> None:
    store.oldest_waiting()
    store.unsealed_lines(10)
    asked = [" ".join(sql.split()) for sql, _ in store.asked if "audit_batches" in sql]
    assert len(asked) == 2
    for sql in asked:
        assert "SELECT last FROM audit_batches ORDER BY number DESC LIMIT 1" in sql


def test_the_documents_that_wait_are_found_without_reading_the_others(store: Noting, tools: Tools) -> None:
    store.next_document_to_look_at(tools.clock.now())
    store.documents_held()
    store.count_documents_waiting()
    for sql, way in store.ways().items():
        assert "documents_not_settled" in way, f"{sql}\n{way}"


def test_what_was_opened_about_somebody_is_found_by_their_index(store: Noting) -> None:
    store.entries_about("x", 10)
    store.all_entries_about("x")
    store.has_signed_in("x")
    for sql, way in store.ways().items():
        assert "audit_of_people" in way, f"{sql}\n{way}"
