"""An older database brought up to date: what people had switched on before consents were written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from webapp.adapters.store.migrations import MIGRATIONS
from webapp.adapters.store.sqlite import SqliteStore

EARLIER, LATER = "2026-07-01T09:00:00.000+07:00", "2026-08-01T09:00:00.000+07:00"


@pytest.fixture
def older(tmp_path: Path) -> SqliteStore:
    """As it stood just before, with two people; "asked" has said yes to all three since, "before" was never asked."""
    store = SqliteStore(tmp_path / "older.db", None)  # type: ignore[arg-type]
    with store.transaction():
        MIGRATIONS.apply(store.db, stop_before="what_was_agreed_before_consents")
    for name in ("before", "asked", "none"):
        store.run("INSERT INTO people (id, pid_hash, sealed, section, as_of) VALUES (:id, :id, '', '33', '')", id=name)
    for mark, owner, at, gone in (("a", "before", LATER, None), ("b", "before", EARLIER, None), ("c", "asked", EARLIER, None),
                                  ("d", "none", EARLIER, LATER), ("e", None, EARLIER, None)):  # fmt: skip
        store.run(
            """INSERT INTO subscriptions (endpoint_hash, sealed, person_id, kinds, language, created_at, gone_at)
               VALUES (:mark, '', :owner, ' benefit draft window ', 'th', :at, :gone)""",
            mark=mark, owner=owner, at=at, gone=gone,
        )  # fmt: skip
    for owner in ("before", "asked"):
        store.run("INSERT INTO benefits_looked_at (person_id, served) VALUES (:id, '')", id=owner)
        store.run("INSERT INTO calendar_feeds (person_id, token_hash, language, made_at) VALUES (:id, :id, 'th', :at)", id=owner, at=LATER)
    for purpose in ("own_reminders", "new_benefits", "own_calendar"):
        store.run(
            """INSERT INTO consents (person_id, purpose, given, text_version, channel, at)
               VALUES ('asked', :purpose, 1, '1', 'consents_page', :at)""",
            purpose=purpose, at=LATER,
        )  # fmt: skip
    return store


def test_what_was_switched_on_is_written_down_as_agreed_from_the_first_phone_on(older: SqliteStore) -> None:
    older.migrate()
    assert [(one.purpose, one.given, one.channel, one.at.isoformat(timespec="milliseconds")) for one in older.consents_of("before")] == [
        ("own_reminders", True, "reminders_page", EARLIER), ("own_calendar", True, "calendar_page", LATER),
    ]  # fmt: skip
    assert all(one.is_in_force for one in older.consents_of("before"))
    assert len(older.consents_of("asked")) == 3, "whoever was asked keeps their own words"
    assert older.consents_of("none") == [], "a phone that was given up agrees to nothing"


def test_looking_at_months_ends_where_nobody_was_asked(older: SqliteStore) -> None:
    older.migrate()
    kinds = {row["endpoint_hash"]: row["kinds"] for row in older.all("SELECT endpoint_hash, kinds FROM subscriptions")}
    assert kinds == dict.fromkeys("abde", " draft window ") | {"c": " benefit draft window "}
    assert [row["person_id"] for row in older.all("SELECT person_id FROM benefits_looked_at")] == ["asked"]


def test_whoever_left_a_trace_of_a_sign_in_has_an_account_in_a_lasting_order_and_nobody_else(older: SqliteStore) -> None:
    for name in ("welcomed", "stranger"):
        older.run("INSERT INTO people (id, pid_hash, sealed, section, as_of) VALUES (:id, :id, '', '33', '')", id=name)
    older.run("INSERT INTO welcomes (person_id, welcomed_at) VALUES ('welcomed', :at)", at=EARLIER)
    older.migrate()
    rows = older.all("SELECT * FROM accounts ORDER BY number")
    assert {row["person_id"] for row in rows} == {"before", "asked", "none", "welcomed"}
    assert {row["opened_at"] for row in rows} == {""}, "when is not known"
    assert older.last_account() == 4
