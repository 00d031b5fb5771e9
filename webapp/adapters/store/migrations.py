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

CORRECTIONS = (
    """CREATE TABLE corrections (
        reference TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES people (id),
        status TEXT NOT NULL,
        sent_at TEXT NOT NULL,
        settled_at TEXT,
        idempotency_key TEXT NOT NULL,
        sealed TEXT NOT NULL,
        UNIQUE (person_id, idempotency_key)
    )""",
    "CREATE INDEX corrections_by_status ON corrections (status, sent_at)",
    "CREATE INDEX corrections_by_end ON corrections (settled_at) WHERE settled_at IS NOT NULL",
    """CREATE TABLE correction_steps (
        reference TEXT NOT NULL REFERENCES corrections (reference),
        number INTEGER NOT NULL,
        code TEXT NOT NULL,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        PRIMARY KEY (reference, number)
    )""",
)

SIGN_IN_CODES = (
    """CREATE TABLE sign_in_codes (
        state_hash TEXT PRIMARY KEY,
        browser_hash TEXT NOT NULL,
        shown_to_hash TEXT NOT NULL UNIQUE,
        ends_at REAL NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        sealed TEXT NOT NULL
    )""",
    "CREATE INDEX sign_in_codes_by_browser ON sign_in_codes (browser_hash, ends_at)",
)

REMINDERS = (
    """CREATE TABLE subscriptions (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        endpoint_hash TEXT NOT NULL UNIQUE,
        sealed TEXT NOT NULL,
        person_id TEXT REFERENCES people (id),
        kinds TEXT NOT NULL,
        language TEXT NOT NULL,
        created_at TEXT NOT NULL,
        delivered_at TEXT,
        ends_at TEXT,
        refusals INTEGER NOT NULL DEFAULT 0,
        gone_at TEXT
    )""",
    "CREATE INDEX subscriptions_of_people ON subscriptions (person_id) WHERE person_id IS NOT NULL",
    "CREATE INDEX subscriptions_gone ON subscriptions (gone_at) WHERE gone_at IS NOT NULL",
    "CREATE INDEX subscriptions_by_end ON subscriptions (ends_at) WHERE ends_at IS NOT NULL",
    """CREATE TABLE reminders (
        number INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        about TEXT NOT NULL,
        kind TEXT NOT NULL,
        occasion TEXT NOT NULL,
        person_id TEXT,
        subscription INTEGER,
        due_at TEXT NOT NULL,
        next_try_at TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        facts TEXT NOT NULL,
        state TEXT NOT NULL,
        lease TEXT,
        tries INTEGER NOT NULL DEFAULT 0,
        reached TEXT NOT NULL DEFAULT '',
        read_at TEXT
    )""",
    "CREATE INDEX reminders_due ON reminders (next_try_at) WHERE state = 'planned' AND lease IS NULL",
    "CREATE INDEX reminder_tests_due ON reminders (next_try_at) WHERE state = 'planned' AND lease IS NULL AND occasion = 'test'",
    "CREATE INDEX reminders_leased ON reminders (lease) WHERE lease IS NOT NULL",
    "CREATE INDEX reminders_about ON reminders (about) WHERE state = 'planned'",
    "CREATE INDEX reminders_of_people ON reminders (person_id, due_at) WHERE person_id IS NOT NULL",
    "CREATE INDEX reminders_by_end ON reminders (expires_at) WHERE state <> 'planned'",
    """CREATE TABLE reminder_plans (
        key TEXT NOT NULL,
        about TEXT NOT NULL,
        part TEXT NOT NULL,
        through TEXT NOT NULL,
        PRIMARY KEY (key, about, part)
    )""",
    "CREATE TABLE benefits_looked_at (person_id TEXT PRIMARY KEY REFERENCES people (id), served TEXT NOT NULL)",
    "CREATE TABLE senders (id TEXT PRIMARY KEY, beat INTEGER NOT NULL)",
    "CREATE TABLE resting_push_services (origin TEXT PRIMARY KEY, until TEXT NOT NULL, strikes INTEGER NOT NULL)",
    "DROP INDEX people_by_hospital",
    "CREATE INDEX people_of_a_hospital ON people (hospital_id, id)",
    "CREATE INDEX people_by_end ON people (insured_until) WHERE insured_until IS NOT NULL",
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


@MIGRATIONS()
def corrections(db: Database) -> None:
    _run_all(db, CORRECTIONS)


@MIGRATIONS()
def sign_in_codes(db: Database) -> None:
    _run_all(db, SIGN_IN_CODES)


@MIGRATIONS()
def record_imports(db: Database) -> None:
    """When each kind of the office's files was last taken in: a month cannot be called missing before the office could have told of it."""
    _run_all(db, ["CREATE TABLE record_imports (kind TEXT PRIMARY KEY, as_of TEXT NOT NULL)"])


@MIGRATIONS()
def reminders(db: Database) -> None:
    _run_all(db, REMINDERS)


@MIGRATIONS()
def calendar_feeds(db: Database) -> None:
    """Private calendars, each known by the hash of its address."""
    _run_all(
        db,
        [
            """CREATE TABLE calendar_feeds (
                person_id TEXT PRIMARY KEY REFERENCES people (id),
                token_hash TEXT NOT NULL UNIQUE,
                language TEXT NOT NULL,
                made_at TEXT NOT NULL
            )"""
        ],
    )


@MIGRATIONS()
def looks_of_people(db: Database) -> None:
    """The look a person chose, beside the language: another phone gets it after signing in."""
    _run_all(
        db,
        [
            "ALTER TABLE person_settings ADD COLUMN look TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE person_settings ADD COLUMN chosen_at REAL NOT NULL DEFAULT 0",
        ],
    )


APPEND_ONLY = ("audit_entries", "audit_leaves", "audit_batches")
AUDIT = (
    """CREATE TABLE audit_entries (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        act TEXT NOT NULL,
        by_role TEXT NOT NULL,
        by_id TEXT NOT NULL,
        about_person TEXT NOT NULL,
        about TEXT NOT NULL,
        reason TEXT NOT NULL,
        words_mark TEXT NOT NULL,
        facts TEXT NOT NULL
    )""",
    "CREATE INDEX audit_of_people ON audit_entries (about_person, number) WHERE about_person <> ''",
    "CREATE INDEX audit_by_officers ON audit_entries (by_id, about, at) WHERE by_role = 'officer'",
    """CREATE TABLE audit_batches (
        number INTEGER PRIMARY KEY,
        sealed_at TEXT NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        count INTEGER NOT NULL,
        previous TEXT NOT NULL,
        hash TEXT NOT NULL
    )""",
    """CREATE TABLE audit_leaves (
        batch INTEGER NOT NULL REFERENCES audit_batches (number),
        position INTEGER NOT NULL,
        entry INTEGER NOT NULL UNIQUE,
        hash TEXT NOT NULL,
        PRIMARY KEY (batch, position)
    )""",
    "CREATE TABLE audit_marks (batch INTEGER PRIMARY KEY REFERENCES audit_batches (number), mark_key TEXT NOT NULL, mark TEXT NOT NULL)",
    "CREATE TABLE audit_words (entry INTEGER PRIMARY KEY REFERENCES audit_entries (number), sealed TEXT NOT NULL)",
    *(
        f"CREATE TRIGGER {table}_refuse_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ),
)
PRIVACY = (
    """CREATE TABLE consents (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        person_id TEXT NOT NULL REFERENCES people (id),
        purpose TEXT NOT NULL,
        given INTEGER NOT NULL,
        text_version TEXT NOT NULL,
        channel TEXT NOT NULL,
        at TEXT NOT NULL
    )""",
    "CREATE INDEX consents_of_people ON consents (person_id, number)",
    "CREATE INDEX sessions_of_people ON sessions (person_id) WHERE person_id IS NOT NULL",
)


@MIGRATIONS()
def audit(db: Database) -> None:
    """Entries, the batches that seal them, and the words of reasons, which alone can be forgotten."""
    _run_all(db, AUDIT)


@MIGRATIONS()
def privacy(db: Database) -> None:
    """What people agreed to, and when they took it back."""
    _run_all(db, PRIVACY)


@MIGRATIONS()
def peppers_of_people(db: Database) -> None:
    """Which pepper made each fingerprint of a citizen number: '' where that was before it was noted."""
    _run_all(db, [f"ALTER TABLE {table} ADD COLUMN pid_pepper TEXT NOT NULL DEFAULT ''" for table in ("people", "officers")])


COUNTER_CODES = (
    """CREATE TABLE counter_codes (
        id TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES people (id),
        is_open INTEGER NOT NULL,
        first_hash TEXT NOT NULL,
        half_hash TEXT NOT NULL,
        code_hash TEXT NOT NULL,
        why TEXT NOT NULL,
        issued_by TEXT NOT NULL,
        issued_at TEXT NOT NULL,
        ends_at REAL NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        used_at TEXT,
        used_for TEXT NOT NULL DEFAULT '',
        ended_at TEXT
    )""",
    "CREATE UNIQUE INDEX one_open_counter_code_a_person ON counter_codes (person_id) WHERE is_open = 1",
    "CREATE UNIQUE INDEX open_counter_codes_by_first_half ON counter_codes (first_hash) WHERE is_open = 1",
    "CREATE INDEX counter_codes_of_people ON counter_codes (person_id, issued_at)",
    """CREATE TABLE pins (
        person_id TEXT PRIMARY KEY REFERENCES people (id),
        half_hash TEXT NOT NULL UNIQUE,
        salt TEXT NOT NULL,
        pin_hash TEXT NOT NULL,
        made_at TEXT NOT NULL,
        used_at TEXT,
        wrong INTEGER NOT NULL DEFAULT 0,
        locked_until REAL NOT NULL DEFAULT 0
    )""",
)
PASSKEYS = (
    """CREATE TABLE passkeys (
        credential_id TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES people (id),
        public_key TEXT NOT NULL,
        sign_count INTEGER NOT NULL,
        made_via TEXT NOT NULL,
        made_at TEXT NOT NULL,
        used_at TEXT,
        browser TEXT NOT NULL
    )""",
    "CREATE INDEX passkeys_of_people ON passkeys (person_id, made_at)",
    "CREATE TABLE used_challenges (challenge_hash TEXT PRIMARY KEY, at REAL NOT NULL)",
)
DEVICES = (
    "ALTER TABLE sessions ADD COLUMN browser TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE known_devices (
        person_id TEXT NOT NULL REFERENCES people (id),
        device_hash TEXT NOT NULL,
        seen_at REAL NOT NULL,
        PRIMARY KEY (person_id, device_hash)
    )""",
    "CREATE INDEX known_devices_by_age ON known_devices (seen_at)",
)


@MIGRATIONS()
def counter_codes(db: Database) -> None:
    """Codes from the counter and the PINs that came of them: hashes only."""
    _run_all(db, COUNTER_CODES)


@MIGRATIONS()
def passkeys(db: Database) -> None:
    """Public keys, and the challenges that were answered already."""
    _run_all(db, PASSKEYS)


@MIGRATIONS()
def devices(db: Database) -> None:
    """What a session's browser is, in a word, and which browsers a person has come with before."""
    _run_all(db, DEVICES)


GOVERNMENT_CHANNEL = (
    """CREATE TABLE government_channel_entries (
        id_hash TEXT PRIMARY KEY,
        ends_at REAL NOT NULL,
        confirmed INTEGER NOT NULL,
        sealed TEXT NOT NULL
    )""",
    """CREATE TABLE government_channel_links (
        person_id TEXT PRIMARY KEY REFERENCES people (id),
        linked_at TEXT NOT NULL,
        used_at TEXT,
        sealed TEXT NOT NULL
    )""",
    "CREATE TABLE welcomes (person_id TEXT PRIMARY KEY REFERENCES people (id), welcomed_at TEXT NOT NULL)",
    "INSERT INTO welcomes (person_id, welcomed_at) SELECT person_id, '' FROM person_settings WHERE chosen_at > 0",
)


@MIGRATIONS()
def government_channel(db: Database) -> None:
    """Entries from ทางรัฐ and links to it; who was asked at the first sign-in for what ThaiD does not tell: not whoever chose already."""
    _run_all(db, GOVERNMENT_CHANNEL)


NEVER_ASKED = "NOT EXISTS (SELECT 1 FROM consents c WHERE c.person_id = {table}.person_id AND c.purpose = '{purpose}')"
WHAT_WAS_AGREED_BEFORE = (
    f"""UPDATE subscriptions SET kinds = REPLACE(kinds, ' benefit ', ' ')
        WHERE {NEVER_ASKED.format(table="subscriptions", purpose="new_benefits")}""",  # noqa: S608 - our own text only
    f"DELETE FROM benefits_looked_at WHERE {NEVER_ASKED.format(table='benefits_looked_at', purpose='new_benefits')}",  # noqa: S608
    f"""INSERT INTO consents (person_id, purpose, given, text_version, channel, at)
        SELECT person_id, 'own_reminders', 1, '1', 'reminders_page', MIN(created_at) FROM subscriptions
        WHERE person_id IS NOT NULL AND gone_at IS NULL AND {NEVER_ASKED.format(table="subscriptions", purpose="own_reminders")}
        GROUP BY person_id""",  # noqa: S608
    f"""INSERT INTO consents (person_id, purpose, given, text_version, channel, at)
        SELECT person_id, 'own_calendar', 1, '1', 'calendar_page', made_at FROM calendar_feeds
        WHERE {NEVER_ASKED.format(table="calendar_feeds", purpose="own_calendar")}""",  # noqa: S608
)


@MIGRATIONS()
def what_was_agreed_before_consents(db: Database) -> None:
    """Whoever switched reminders or a calendar on before consents were written down did say yes, at that time. Looking at months for a new
    benefit came with every phone then: nobody was asked, so it ends until they are. Who has been asked since keeps what they said."""
    _run_all(db, WHAT_WAS_AGREED_BEFORE)


LEFT_BY_A_SIGN_IN = ("welcomes", "person_settings", "known_devices", "sessions", "passkeys", "subscriptions", "consents")
ACCOUNTS = (
    """CREATE TABLE accounts (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        person_id TEXT NOT NULL UNIQUE REFERENCES people (id),
        opened_at TEXT NOT NULL
    )""",
    f"""INSERT INTO accounts (person_id, opened_at) SELECT id, '' FROM people WHERE id IN (
            {" UNION ".join(f"SELECT person_id FROM {table} WHERE person_id IS NOT NULL" for table in LEFT_BY_A_SIGN_IN)})""",  # noqa: S608
    "CREATE INDEX consents_by_purpose ON consents (purpose, number)",
    "DELETE FROM reminder_plans WHERE key = 'benefit'",
)


@MIGRATIONS()
def accounts(db: Database) -> None:
    """Whoever ever signed in, in a lasting order: what concerns everybody is planned along it. Of those who did before it was written down,
    the time is not known. New benefits are looked at along the consents now, no longer along the phones: that plan begins again."""
    _run_all(db, ACCOUNTS)


HELPERS = (
    """CREATE TABLE helper_grants (
        id TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES people (id),
        helper_id TEXT REFERENCES people (id),
        rights TEXT NOT NULL,
        term TEXT NOT NULL,
        how TEXT NOT NULL,
        made_at TEXT NOT NULL,
        idempotency_key TEXT NOT NULL,
        first_hash TEXT NOT NULL DEFAULT '',
        code_hash TEXT NOT NULL DEFAULT '',
        tries INTEGER NOT NULL DEFAULT 0,
        is_open INTEGER NOT NULL DEFAULT 0,
        offer_ends_at TEXT,
        since TEXT,
        until TEXT,
        ended_at TEXT,
        ended_by TEXT,
        officer_id TEXT,
        paper TEXT,
        paper_on TEXT,
        UNIQUE (person_id, idempotency_key)
    )""",
    "CREATE UNIQUE INDEX open_offers_by_first_half ON helper_grants (first_hash) WHERE is_open = 1",
    "CREATE INDEX helper_grants_of_helpers ON helper_grants (helper_id) WHERE helper_id IS NOT NULL",
    "ALTER TABLE sessions ADD COLUMN grant_id TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE sessions ADD COLUMN rights_used TEXT NOT NULL DEFAULT ''",
)


@MIGRATIONS()
def helpers(db: Database) -> None:
    """Who may act for whom; and of a session, for whom it acts now and which rights it has used since."""
    _run_all(db, HELPERS)


CLAIMS = (
    """CREATE TABLE claims (
        reference TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES people (id),
        kind TEXT NOT NULL,
        province TEXT NOT NULL,
        status TEXT NOT NULL,
        version INTEGER NOT NULL,
        taken_by TEXT NOT NULL,
        sent_at TEXT NOT NULL,
        decided_at TEXT,
        waited_seconds INTEGER,
        ended_at TEXT,
        sealed TEXT NOT NULL
    )""",
    "CREATE INDEX claims_of_people ON claims (person_id, sent_at)",
    "CREATE INDEX claims_by_status ON claims (status, sent_at)",
    "CREATE INDEX claims_by_decision ON claims (kind, decided_at) WHERE decided_at IS NOT NULL",
    "CREATE INDEX claims_by_end ON claims (ended_at) WHERE ended_at IS NOT NULL",
    """CREATE TABLE claim_steps (
        reference TEXT NOT NULL REFERENCES claims (reference),
        number INTEGER NOT NULL,
        version INTEGER NOT NULL,
        code TEXT NOT NULL,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        facts TEXT NOT NULL,
        PRIMARY KEY (reference, number)
    )""",
    """CREATE TABLE claim_versions (
        reference TEXT NOT NULL REFERENCES claims (reference),
        version INTEGER NOT NULL,
        at TEXT NOT NULL,
        by TEXT NOT NULL,
        sealed TEXT NOT NULL,
        PRIMARY KEY (reference, version)
    )""",
    """CREATE TABLE claim_accounts (
        reference TEXT PRIMARY KEY REFERENCES claims (reference),
        person_id TEXT NOT NULL REFERENCES people (id),
        sealed TEXT NOT NULL
    )""",
)


@MIGRATIONS()
def claims(db: Database) -> None:
    """Claims, their history, each version of them, and where the money goes."""
    _run_all(db, CLAIMS)


DOCUMENTS = (
    """CREATE TABLE documents (
        id TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES people (id),
        case_kind TEXT NOT NULL,
        case_id TEXT NOT NULL,
        is_sent INTEGER NOT NULL,
        state TEXT NOT NULL,
        why TEXT NOT NULL,
        started_at TEXT NOT NULL,
        changed_at TEXT NOT NULL,
        pages INTEGER NOT NULL,
        held_by TEXT NOT NULL,
        tries INTEGER NOT NULL,
        next_try_at TEXT,
        version INTEGER NOT NULL,
        sealed TEXT NOT NULL
    )""",
    "CREATE INDEX documents_of_cases ON documents (case_kind, case_id, started_at)",
    "CREATE INDEX documents_of_people ON documents (person_id, started_at)",
    "CREATE INDEX documents_not_settled ON documents (state, changed_at) WHERE state IN ('coming', 'waiting', 'looked_at')",
    "CREATE INDEX documents_not_sent ON documents (changed_at) WHERE is_sent = 0",
)


@MIGRATIONS()
def documents(db: Database) -> None:
    """What people gave for the papers of their cases: whose, how far, and the key of the files, sealed."""
    _run_all(db, DOCUMENTS)


CLAIM_QUEUE = (
    "ALTER TABLE claims ADD COLUMN claim_by TEXT",
    "CREATE INDEX claims_waiting ON claims (status, claim_by, sent_at)",
)


@MIGRATIONS()
def claim_queue(db: Database) -> None:
    """The last day to claim in the open, so that the officers' queue can stand in its order."""
    _run_all(db, CLAIM_QUEUE)


WHO_IS_PART_OF_A_CLAIM = (
    """CREATE TABLE claim_people (
        reference TEXT NOT NULL REFERENCES claims (reference),
        person_id TEXT NOT NULL REFERENCES people (id),
        PRIMARY KEY (reference, person_id)
    )""",
    "CREATE INDEX claim_people_by_person ON claim_people (person_id)",
    "ALTER TABLE claim_steps RENAME COLUMN facts TO sealed",
    "UPDATE claim_steps SET sealed = ''",
)


@MIGRATIONS()
def who_is_part_of_a_claim(db: Database) -> None:
    """The other parent and the deceased, to be found from them; and what a step tells is sealed. No release has written claims before: what
    lies open in steps of a trial is emptied."""
    _run_all(db, WHO_IS_PART_OF_A_CLAIM)


NOTICES = (
    """CREATE TABLE notices (
        number INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        about TEXT NOT NULL,
        th TEXT NOT NULL,
        en TEXT NOT NULL,
        from_at TEXT NOT NULL,
        until_at TEXT,
        made_at TEXT NOT NULL,
        ended_at TEXT
    )""",
    """CREATE TABLE read_only_spells (
        number INTEGER PRIMARY KEY,
        why TEXT NOT NULL,
        since TEXT NOT NULL,
        until_at TEXT,
        ended_at TEXT
    )""",
    "CREATE UNIQUE INDEX one_read_only_spell ON read_only_spells ((ended_at IS NULL)) WHERE ended_at IS NULL",
)


@MIGRATIONS()
def notices(db: Database) -> None:
    """What an operator tells everybody, and when nothing was taken in."""
    _run_all(db, NOTICES)


CLAIM_BATCHES = (
    """CREATE TABLE claim_batches (
        reference TEXT PRIMARY KEY,
        way TEXT NOT NULL,
        closed_at TEXT NOT NULL,
        closed_by TEXT NOT NULL,
        idempotency_key TEXT NOT NULL,
        file_at TEXT,
        file_by TEXT NOT NULL DEFAULT '',
        UNIQUE (closed_by, idempotency_key)
    )""",
    """CREATE TABLE claim_batch_lines (
        batch TEXT NOT NULL REFERENCES claim_batches (reference),
        number INTEGER NOT NULL,
        reference TEXT NOT NULL REFERENCES claims (reference),
        person_id TEXT NOT NULL REFERENCES people (id),
        outcome TEXT NOT NULL,
        settled_at TEXT,
        sealed TEXT NOT NULL,
        PRIMARY KEY (batch, number)
    )""",
    "CREATE UNIQUE INDEX claims_at_the_bank_once ON claim_batch_lines (reference) WHERE outcome = 'at_the_bank'",
    "CREATE INDEX claim_batch_lines_of_people ON claim_batch_lines (person_id)",
    "CREATE INDEX claim_batches_by_time ON claim_batches (closed_at)",
    "ALTER TABLE claims ADD COLUMN waits_for TEXT",
    "ALTER TABLE claims ADD COLUMN decided_by TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX claims_to_pay ON claims (waits_for, decided_at) WHERE waits_for <> ''",
)


@MIGRATIONS()
def claim_batches(db: Database) -> None:
    """Lists of claims that go to the bank; a claim stands on one of them at a time. What each claim waits for is sealed, so the store
    fills that in afterwards (adapters/store/queries/claim_batches.py::fill_in_what_claims_wait_for)."""
    _run_all(db, CLAIM_BATCHES)


CONTACTS_AND_NAMES = (
    """CREATE TABLE contacts (
        person_id TEXT PRIMARY KEY REFERENCES people (id),
        said_at TEXT NOT NULL,
        sealed TEXT NOT NULL
    )""",
    "CREATE INDEX contacts_by_time ON contacts (said_at)",
    """CREATE TABLE thaid_says (
        person_id TEXT PRIMARY KEY REFERENCES people (id),
        said_at TEXT NOT NULL,
        sealed TEXT NOT NULL
    )""",
    "CREATE INDEX thaid_says_by_time ON thaid_says (said_at)",
)


@MIGRATIONS()
def contacts_and_names(db: Database) -> None:
    """Where somebody may be called; and what ThaiD says of them while the record says otherwise."""
    _run_all(db, CONTACTS_AND_NAMES)
