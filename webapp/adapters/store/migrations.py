"""The schema, one step after another; each runs in a transaction and is never edited after a release.

Where an index guards a rule ("one open request a person"), the rule holds even if two processes race past the check.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from webapp.adapters.store.queries.hospitals import HOSPITAL_DDL
from webapp.adapters.store.sqlite_search import SEARCH_DDL

MIGRATIONS = Migrations("sitthi")

PEOPLE = (
    """CREATE TABLE people (
        id TEXT PRIMARY KEY,
        pid_hash TEXT NOT NULL UNIQUE,
        sealed TEXT NOT NULL,
        section TEXT NOT NULL,
        insured_from TEXT,
        insured_until TEXT,
        home_province TEXT,
        work_province TEXT,
        hospital_id TEXT,
        as_of TEXT NOT NULL,
        demo INTEGER NOT NULL DEFAULT 0
    )""",
    "CREATE INDEX people_by_hospital ON people (hospital_id)",
    """CREATE TABLE contributions (
        person_id TEXT NOT NULL REFERENCES people (id),
        month TEXT NOT NULL,
        employer_account TEXT NOT NULL,
        employer_name TEXT NOT NULL,
        section TEXT NOT NULL,
        wage TEXT NOT NULL,
        PRIMARY KEY (person_id, month, employer_account)
    )""",
    """CREATE TABLE person_settings (
        person_id TEXT PRIMARY KEY,
        language TEXT NOT NULL
    )""",
)

SIGN_IN = (
    """CREATE TABLE sign_in_attempts (
        state_hash TEXT PRIMARY KEY,
        browser_hash TEXT NOT NULL,
        nonce TEXT NOT NULL,
        verifier TEXT NOT NULL,
        redirect_uri TEXT NOT NULL,
        next TEXT NOT NULL,
        started_at REAL NOT NULL,
        used_at REAL
    )""",
    "CREATE INDEX sign_in_attempts_by_start ON sign_in_attempts (started_at)",
    "CREATE INDEX sign_in_attempts_by_browser ON sign_in_attempts (browser_hash, started_at)",
    """CREATE TABLE sessions (
        id_hash TEXT PRIMARY KEY,
        person_id TEXT,
        officer_id TEXT,
        via TEXT NOT NULL,
        ial TEXT NOT NULL,
        started_at REAL NOT NULL,
        seen_at REAL NOT NULL,
        authenticated_at REAL NOT NULL
    )""",
    "CREATE INDEX sessions_by_seen ON sessions (seen_at)",
    """CREATE TABLE officers (
        id TEXT PRIMARY KEY,
        pid_hash TEXT NOT NULL UNIQUE,
        sealed TEXT NOT NULL,
        added_at TEXT NOT NULL,
        demo INTEGER NOT NULL DEFAULT 0
    )""",
    """CREATE TABLE tries (
        door TEXT NOT NULL,
        who TEXT NOT NULL,
        since REAL NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (door, who)
    )""",
)

HOSPITAL_CHANGES = (
    """CREATE TABLE drafts (
        owner TEXT NOT NULL,
        kind TEXT NOT NULL,
        sealed TEXT NOT NULL,
        updated_at REAL NOT NULL,
        PRIMARY KEY (owner, kind)
    )""",
    "CREATE INDEX drafts_by_age ON drafts (updated_at)",
    """CREATE TABLE hospital_changes (
        reference TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES people (id),
        status TEXT NOT NULL,
        is_open INTEGER NOT NULL,
        counts_for_window TEXT,
        effective_on TEXT NOT NULL,
        received_at TEXT NOT NULL,
        idempotency_key TEXT NOT NULL,
        facts TEXT NOT NULL,
        UNIQUE (person_id, idempotency_key)
    )""",
    "CREATE UNIQUE INDEX one_open_change_a_person ON hospital_changes (person_id) WHERE is_open = 1",
    "CREATE UNIQUE INDEX one_annual_change_a_window ON hospital_changes (person_id, counts_for_window) WHERE counts_for_window IS NOT NULL",
    "CREATE INDEX hospital_changes_by_status ON hospital_changes (status, effective_on, received_at)",
    """CREATE TABLE steps (
        reference TEXT NOT NULL REFERENCES hospital_changes (reference),
        number INTEGER NOT NULL,
        code TEXT NOT NULL,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        facts TEXT NOT NULL,
        PRIMARY KEY (reference, number)
    )""",
    "CREATE INDEX steps_by_time ON steps (at)",
    """CREATE TABLE calendar_changes (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        facts TEXT NOT NULL,
        note TEXT NOT NULL,
        status TEXT NOT NULL,
        proposed_by TEXT NOT NULL,
        proposed_at TEXT NOT NULL,
        decided_by TEXT,
        decided_at TEXT
    )""",
)


def _run_all(db: Database, statements: tuple[str, ...] | list[str]) -> None:
    for statement in statements:
        db.conn.execute(statement)


@MIGRATIONS()
def people(db: Database) -> None:
    _run_all(db, PEOPLE)


@MIGRATIONS()
def sign_in(db: Database) -> None:
    _run_all(db, SIGN_IN)


@MIGRATIONS()
def hospitals(db: Database) -> None:
    _run_all(db, [*HOSPITAL_DDL, *SEARCH_DDL])


@MIGRATIONS()
def hospital_changes(db: Database) -> None:
    _run_all(db, HOSPITAL_CHANGES)
