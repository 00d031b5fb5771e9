"""What is written of who did or read what: with the act or not at all, sealed in batches, and every later change of it found by name."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.standing_clock import StandingClock
from webapp.actions import audit, sessions
from webapp.adapters.store.migrations import APPEND_ONLY
from webapp.adapters.store.postgres import PostgresStore
from webapp.adapters.store.sqlite import SqliteStore
from webapp.domain.assurance import Via
from webapp.domain.audit import Act, Amiss, By, Finding, ReadReason
from webapp.domain.retention import period_of
from webapp.ports import Officer, Tools

SOMCHAI, SOMYING, OFFICER = "1000000000009", "1000000000017", "1000000000076"
ROWS = Callable[[str], list[Any]]


@pytest.fixture
def someone(tools: Tools) -> str:
    found = tools.store.person_id_of(SOMCHAI)
    assert found
    return found


@pytest.fixture
def desk(tools: Tools) -> Officer:
    found = tools.store.officer_of(OFFICER)
    assert found
    return found


@pytest.fixture
def file(tools: Tools) -> Iterator[Any]:
    """The database in the hands of somebody who has the file: without our code, and with the triggers taken away."""
    audit.seal(tools)
    if isinstance(tools.store, PostgresStore):
        with psycopg.connect(tools.store.url, autocommit=True, cursor_factory=_Marked) as server:
            for table in APPEND_ONLY:
                server.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield server
        return
    assert isinstance(tools.store, SqliteStore)
    with closing(sqlite3.connect(tools.store.path, isolation_level=None)) as conn:
        for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'").fetchall():
            conn.execute(f"DROP TRIGGER {name}")
        yield conn


class _Marked(psycopg.Cursor[Any]):
    """Takes the question marks of SQLite."""

    def execute(self, query: Any, *given: Any, **options: Any) -> Any:
        return super().execute(query.replace("?", "%s"), *given, **options)


def noted(tools: Tools, count: int, person_id: str, **facts: int) -> None:
    with tools.store.transaction():
        for number in range(count):
            audit.note(tools, Act.REQUEST_STEP, audit.person(person_id), person_id, "HC-1", step="received", n=number, **facts)


def findings(tools: Tools) -> set[Finding]:
    return set(audit.check(tools).findings)


def last(tools: Tools) -> int:
    return tools.store.last_number_given()


# Writing


def test_an_entry_is_written_with_what_it_tells_of_or_not_at_all(tools: Tools, someone: str) -> None:
    before = last(tools)

    def erased_and_stopped() -> None:
        with tools.store.transaction():
            audit.note(tools, Act.DATA_ERASED, audit.person(someone), someone)
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        erased_and_stopped()
    assert tools.store.lines_between(before + 1, before + 10) == []
    assert audit.check(tools).findings == ()


def test_nobody_changes_or_deletes_what_is_written(tools: Tools, someone: str) -> None:
    noted(tools, 1, someone)
    audit.seal(tools)
    for statement in (
        "UPDATE audit_entries SET reason = 'x'", "DELETE FROM audit_entries", "UPDATE audit_leaves SET hash = 'x'",
        "DELETE FROM audit_leaves", "UPDATE audit_batches SET hash = 'x'", "DELETE FROM audit_batches",
    ):  # fmt: skip
        with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError), match="append-only"):
            tools.store.run(statement)  # type: ignore[attr-defined]


def test_an_entry_names_no_person(tools: Tools, someone: str, desk: Officer) -> None:
    with tools.store.transaction():
        audit.opened(tools, desk, someone, "HC-1", ReadReason.OTHER, "โทรมาถามเรื่องโรงพยาบาล")
    name = tools.store.name_of(someone)
    assert name
    text = " ".join(" ".join(line.columns) for line in tools.store.lines_between(1, last(tools)))
    assert not [word for word in (name.pid, name.given_name, name.family_name, "โทรมา", SOMYING, OFFICER) if word in text]


# Sealing


def test_everything_written_is_sealed_in_order_and_a_batch_stands_on_the_one_before(tools: Tools, someone: str) -> None:
    audit.seal(tools)
    noted(tools, 5, someone)
    first = audit.seal(tools, most=3)
    noted(tools, 1, someone)
    second = audit.seal(tools)
    assert [batch.count for batch in (*first, *second)] == [3, 2, 1]
    assert [batch.previous for batch in (*first, *second)][1:] == [first[0].hash, first[1].hash]
    assert audit.seal(tools) == []
    assert audit.check(tools).findings == ()
    assert audit.check(tools).waiting == 0


def test_what_waits_for_the_worker_is_no_fault(tools: Tools, someone: str) -> None:
    audit.seal(tools)
    noted(tools, 2, someone)
    found = audit.check(tools)
    assert (found.waiting, found.findings) == (2, ())


def test_ten_thousand_entries_are_one_batch(tools: Tools, someone: str) -> None:
    audit.seal(tools)
    noted(tools, audit.LOT, someone)
    (batch,) = audit.seal(tools)
    assert batch.count == audit.LOT == 10_000


# Tampering


def test_a_changed_entry_is_named(tools: Tools, someone: str, file: Any) -> None:
    noted(tools, 4, someone)
    audit.seal(tools)
    file.execute("UPDATE audit_entries SET by_id = 'another' WHERE number = ?", (last(tools) - 1,))
    assert findings(tools) == {Finding(Amiss.ENTRY_CHANGED, last(tools) - 1)}


def test_a_fact_that_wandered_into_the_next_column_is_a_change(tools: Tools, someone: str, file: Any) -> None:
    noted(tools, 1, someone)
    audit.seal(tools)
    file.execute("UPDATE audit_entries SET about = 'HC-', reason = '1' || reason WHERE number = ?", (last(tools),))
    assert findings(tools) == {Finding(Amiss.ENTRY_CHANGED, last(tools))}


def test_a_removed_entry_is_named(tools: Tools, someone: str, file: Any) -> None:
    noted(tools, 4, someone)
    audit.seal(tools)
    file.execute("DELETE FROM audit_entries WHERE number = ?", (last(tools) - 2,))
    assert findings(tools) == {Finding(Amiss.ENTRY_REMOVED, last(tools) - 2)}


@pytest.mark.of_sqlite
def test_an_entry_removed_before_it_was_sealed_is_missed(tools: Tools, someone: str, file: Any) -> None:
    noted(tools, 4, someone)
    file.execute("DELETE FROM audit_entries WHERE number = ?", (last(tools),))
    assert findings(tools) == {Finding(Amiss.ENTRY_REMOVED, last(tools))}


def test_two_entries_that_changed_places_are_named(tools: Tools, someone: str, file: Any) -> None:
    noted(tools, 3, someone)
    audit.seal(tools)
    one, other = last(tools) - 2, last(tools)
    for before, after in ((one, -1), (other, one), (-1, other)):
        file.execute("UPDATE audit_entries SET number = ? WHERE number = ?", (after, before))
    assert findings(tools) == {Finding(Amiss.ENTRY_MOVED, one, other), Finding(Amiss.ENTRY_MOVED, other, one)}


def test_an_entry_slipped_in_between_is_named(tools: Tools, someone: str, file: Any) -> None:
    noted(tools, 3, someone)
    audit.seal(tools)
    gap = last(tools) - 1
    file.execute("UPDATE audit_entries SET number = -5 WHERE number = ?", (gap,))
    file.execute("INSERT INTO audit_entries SELECT ?, at, act, by_role, 'forged', about_person, about, reason, words_mark, facts"
                 " FROM audit_entries WHERE number = -5", (gap,))  # fmt: skip
    assert findings(tools) == {Finding(Amiss.ENTRY_CHANGED, gap), Finding(Amiss.ENTRY_INSERTED, -5)}


def test_leaves_rewritten_to_fit_a_changed_entry_do_not_fit_the_seal(tools: Tools, someone: str, file: Any) -> None:
    noted(tools, 3, someone)
    (batch,) = audit.seal(tools)
    file.execute("UPDATE audit_entries SET by_id = 'another' WHERE number = ?", (last(tools),))
    (line,) = tools.store.lines_between(last(tools), last(tools))
    file.execute("UPDATE audit_leaves SET hash = ? WHERE entry = ?", (line.hash, last(tools)))
    assert findings(tools) == {Finding(Amiss.BATCH_CHANGED, batch.number)}


def test_a_batch_taken_out_whole_is_named_and_so_are_its_entries(tools: Tools, someone: str, file: Any) -> None:
    noted(tools, 2, someone)
    (gone,) = audit.seal(tools)
    noted(tools, 2, someone)
    audit.seal(tools)
    for table, column in (("audit_marks", "batch"), ("audit_leaves", "batch"), ("audit_batches", "number")):
        file.execute(f"DELETE FROM {table} WHERE {column} = ?", (gone.number,))
    assert Finding(Amiss.BATCH_REMOVED, gone.number) in findings(tools)
    assert Finding(Amiss.ENTRY_INSERTED, gone.first) in findings(tools)


def test_a_chain_worked_out_anew_does_not_bear_our_mark(tools: Tools, someone: str, file: Any) -> None:
    """Whoever has the file and reads our source can make every hash fit; the key is elsewhere."""
    noted(tools, 2, someone)
    (batch,) = audit.seal(tools)
    file.execute("UPDATE audit_entries SET by_id = 'another' WHERE number = ?", (last(tools),))
    lines = tools.store.lines_between(batch.first, batch.last)
    from webapp.domain import audit as rule

    forged, leaves = rule.seal(lines, batch.number, batch.previous, batch.sealed_at)
    file.execute("UPDATE audit_batches SET hash = ? WHERE number = ?", (forged.hash, batch.number))
    for leaf in leaves:
        file.execute("UPDATE audit_leaves SET hash = ? WHERE entry = ?", (leaf.hash, leaf.entry))
    assert findings(tools) == {Finding(Amiss.MARK_FORGED, batch.number)}


def test_an_end_that_was_cut_off_is_found_by_the_seal_in_the_log(tools: Tools, someone: str, file: Any) -> None:
    noted(tools, 2, someone)
    (batch,) = audit.seal(tools)
    for statement in ("DELETE FROM audit_marks WHERE batch = ?", "DELETE FROM audit_leaves WHERE batch = ?",
                      "DELETE FROM audit_batches WHERE number = ?"):  # fmt: skip
        file.execute(statement, (batch.number,))
    file.execute("DELETE FROM audit_entries WHERE number >= ?", (batch.first,))
    if isinstance(tools.store, SqliteStore):
        file.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'audit_entries'", (batch.first - 1,))
    assert audit.check(tools).findings == ()
    assert audit.check(tools, (batch.number, batch.hash)).findings == (Finding(Amiss.END_CUT_OFF, batch.number),)


def test_changed_words_of_a_reason_are_named(tools: Tools, someone: str, desk: Officer) -> None:
    with tools.store.transaction():
        audit.opened(tools, desk, someone, "HC-1", ReadReason.OTHER, "first")
    number = last(tools)
    tools.store.run("DELETE FROM audit_words")  # type: ignore[attr-defined]
    tools.store.keep_reason_words(number, "second", "salt")
    assert findings(tools) == {Finding(Amiss.WORDS_CHANGED, number)}


# Reasons


def test_an_officer_says_why_once_a_day_for_each_case(tools: Tools, someone: str, desk: Officer, clock: StandingClock) -> None:
    assert audit.must_say_why(tools, desk, "HC-1")
    with tools.store.transaction():
        audit.opened(tools, desk, someone, "HC-1", ReadReason.DECIDING)
    assert not audit.must_say_why(tools, desk, "HC-1")
    assert audit.must_say_why(tools, desk, "HC-2")
    clock.advance(days=1)
    assert audit.must_say_why(tools, desk, "HC-1")


def test_words_are_forgotten_after_their_time_and_the_entry_stays(
    tools: Tools, someone: str, desk: Officer, clock: StandingClock
) -> None:
    with tools.store.transaction():
        audit.opened(tools, desk, someone, "HC-1", ReadReason.OTHER, "called back")
    assert [one.words for one in audit.openings_of(tools, someone)] == ["called back"]
    clock.advance(seconds=period_of("reasons").total_seconds() - 60)
    assert audit.forget_words(tools) == 0
    clock.advance(seconds=120)
    assert audit.forget_words(tools) == 1
    (left,) = audit.openings_of(tools, someone)
    assert (left.words, left.entry.reason, left.entry.who.by) == ("", "other", By.OFFICER)
    audit.seal(tools)
    assert audit.check(tools).findings == ()


def test_what_one_does_oneself_is_no_opening(tools: Tools, someone: str) -> None:
    noted(tools, 1, someone)
    assert audit.openings_of(tools, someone) == []


def test_an_insured_officer_who_signs_in_opens_nobodys_record(tools: Tools) -> None:
    insured = "1000000000084"
    own, desk = tools.store.person_id_of(insured), tools.store.officer_of(insured)
    audit.note(tools, Act.SIGNED_IN, audit.officer(desk.id), own)
    audit.note(tools, Act.SIGN_IN_FAILED, audit.NOBODY, own)
    sessions.open_session(tools, own, desk.id, Via.THAID, "2.3")
    assert audit.openings_of(tools, own) == []
    newest = audit.everything_about(tools, own)[0].entry
    assert (newest.act, newest.who, newest.facts["office"]) == (Act.SIGNED_IN, audit.person(own), desk.id)


# Exporting


def test_the_export_can_be_checked_by_somebody_else(tools: Tools, someone: str, tmp_path: Path) -> None:
    """With nothing but the lines of the export and SHA-256."""
    noted(tools, 3, someone)
    audit.seal(tools)
    noted(tools, 1, someone)
    lines: list[dict[str, Any]] = []
    count = audit.export(tools, lambda facts: lines.append(json.loads(json.dumps(facts))))
    entries, batches = [one for one in lines if one["kind"] == "entry"], [one for one in lines if one["kind"] == "batch"]
    assert len(entries) == count == last(tools)
    assert entries[-1]["act"] == "audit_exported"
    import hashlib

    columns = ("at", "act", "by_role", "by_id", "about_person", "about", "reason", "words_mark", "facts")
    previous = "0" * 64
    for batch in batches:
        inside = [one for one in entries if one["batch"] == batch["number"]]
        for one in inside:
            text = f"{one['number']}:" + "".join(f"{len(one[name])}:{one[name]}" for name in columns)
            assert hashlib.sha256(text.encode()).hexdigest() == one["hash"]
        head = f"{batch['number']}|{batch['sealed_at']}|{previous}|{len(inside)}|"
        body = "|".join(f"{position}:{one['number']}:{one['hash']}" for position, one in enumerate(inside))
        assert hashlib.sha256((head + body).encode()).hexdigest() == batch["hash"]
        previous = batch["hash"]


def test_a_day_is_counted_in_bangkok(tools: Tools, someone: str, desk: Officer, clock: StandingClock) -> None:
    clock.set(clock.now().replace(hour=23, minute=59))
    with tools.store.transaction():
        audit.opened(tools, desk, someone, "HC-1", ReadReason.DECIDING)
    clock.set(clock.now() + timedelta(minutes=2))
    assert audit.must_say_why(tools, desk, "HC-1")
