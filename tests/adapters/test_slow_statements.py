"""A statement that takes long is told by its text and the names of its values, never by the values."""

from __future__ import annotations

import logging
import sqlite3
import threading

import pytest

from webapp.adapters.meter.prometheus import Prometheus
from webapp.adapters.store import sqlite
from webapp.adapters.store.sql import LONGEST_TOLD
from webapp.adapters.store.sqlite import SqliteStore
from webapp.config import SettingsRefused, settings_from
from webapp.ports import StoreFull, StoreReadOnly, StoreUnavailable, Tools

SOMCHAI = "1000000000009"
pytestmark = pytest.mark.of_sqlite


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "sitthi-store")
    return caplog


def watched(tools: Tools, slow_milliseconds: int) -> SqliteStore:
    """The same file, with a meter."""
    return SqliteStore(tools.store.path, tools.store.vault, meter=Prometheus(), slow_milliseconds=slow_milliseconds)  # type: ignore[attr-defined]


def figure(store: SqliteStore, of: str) -> str:
    (line,) = [line for line in store.meter.told({}).splitlines() if line.startswith(f"{of} ")]
    return line.rpartition(" ")[2]


def test_a_slow_one_is_told_without_its_values_and_counted(tools: Tools, said: pytest.LogCaptureFixture) -> None:
    store = watched(tools, slow_milliseconds=0)
    store.one("SELECT  :planted  AS one,\n   :other AS two", planted=SOMCHAI, other="สมชาย")
    (record,) = said.records
    assert (record.getMessage(), record.sql) == ("slow statement", "SELECT :planted AS one, :other AS two")  # type: ignore[attr-defined]
    assert isinstance(record.ms, int)  # type: ignore[attr-defined]
    assert SOMCHAI not in str(record.__dict__)
    assert "สมชาย" not in str(record.__dict__)
    assert figure(store, "sitthi_slow_queries_total") == "1.0"


def test_all_that_a_sign_in_asks_of_the_store_holds_no_value(tools: Tools, said: pytest.LogCaptureFixture) -> None:
    store = watched(tools, slow_milliseconds=0)
    person_id = store.person_id_of(SOMCHAI)
    store.person(person_id or "")
    store.name_of(person_id or "")
    store.drafts_of(f"person:{person_id}")
    assert len(said.records) > 3
    assert not [record for record in said.records if SOMCHAI in str(record.__dict__) or str(person_id) in str(record.__dict__)]


def test_a_quick_one_is_no_line(tools: Tools, said: pytest.LogCaptureFixture) -> None:
    store = watched(tools, slow_milliseconds=60_000)
    store.person_id_of(SOMCHAI)
    assert said.records == []
    assert figure(store, "sitthi_slow_queries_total") == "0.0"


def test_a_long_text_is_cut_short(tools: Tools, said: pytest.LogCaptureFixture) -> None:
    watched(tools, slow_milliseconds=0).one(f"SELECT {', '.join(['1'] * 1000)}")
    assert len(said.records[0].sql) == LONGEST_TOLD  # type: ignore[attr-defined]


def test_waiting_for_the_database_is_timed_and_told_like_a_statement(tools: Tools, said: pytest.LogCaptureFixture) -> None:
    store, began, free = watched(tools, slow_milliseconds=20), threading.Event(), threading.Event()

    def holds_it() -> None:
        other = sqlite3.connect(store.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        began.set()
        free.wait(5)
        other.execute("ROLLBACK")
        other.close()

    holder = threading.Thread(target=holds_it)
    holder.start()
    began.wait(5)
    threading.Timer(0.1, free.set).start()
    with store.transaction():
        pass
    holder.join()
    assert "BEGIN IMMEDIATE" in [record.sql for record in said.records]  # type: ignore[attr-defined]
    assert figure(store, "sitthi_write_wait_seconds_count") == "1.0"
    assert figure(store, 'sitthi_write_wait_seconds_bucket{le="0.01"}') == "0.0"


def test_a_database_that_somebody_holds_too_long_is_counted_as_locked(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MILLISECONDS", 10)
    store = watched(tools, slow_milliseconds=60_000)
    with tools.store.transaction(), pytest.raises(StoreUnavailable), store.transaction():
        pass
    assert figure(store, 'sitthi_store_errors_total{kind="locked"}') == "1.0"


def test_a_full_disk_and_a_lost_table_are_counted_as_what_they_are(tools: Tools) -> None:
    store = watched(tools, slow_milliseconds=60_000)
    pages = store.one("PRAGMA page_count")["page_count"]  # type: ignore[index]
    store.run(f"PRAGMA max_page_count = {pages + 10}")
    store.run("CREATE TABLE large (what BLOB)")
    with pytest.raises(StoreFull):
        store.run("INSERT INTO large VALUES (zeroblob(50000000))")
    with pytest.raises(StoreUnavailable):
        store.all("SELECT * FROM nothing_of_that_name")
    assert figure(store, 'sitthi_store_errors_total{kind="full"}') == "1.0"
    assert figure(store, 'sitthi_store_errors_total{kind="unavailable"}') == "1.0"


def test_a_database_that_takes_no_write_is_a_fault_unless_the_operator_wanted_it(tools: Tools) -> None:
    """A disk that was mounted again to be read only, say."""
    store = watched(tools, slow_milliseconds=60_000)
    store.run("PRAGMA query_only = ON")
    wanted = SqliteStore(store.path, store.vault, read_only=True, meter=store.meter)
    for one in (store, wanted):
        with pytest.raises(StoreReadOnly):
            one.end_session("x")
    assert figure(store, 'sitthi_store_errors_total{kind="read_only"}') == "1.0"
    wanted.close()


def test_the_settings_say_what_is_slow_and_who_may_ask(tools: Tools) -> None:
    assert settings_from({}).slow_milliseconds == 250
    assert settings_from({"SITTHI_SLOW_QUERY_MS": "40"}).slow_milliseconds == 40
    for name, value in (("SITTHI_SLOW_QUERY_MS", "soon"), ("SITTHI_METRICS_TOKEN", "short"), ("SITTHI_METRICS_TOKEN", "with space " * 3)):
        with pytest.raises(SettingsRefused, match=name) as refused:
            settings_from({name: value})
        assert value == "soon" or value not in str(refused.value)
