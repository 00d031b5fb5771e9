"""What is counted and timed for whoever runs this: the families of /metrics, each with its labels.

Decided: a label is one of a short list that stands here or in the code (a route's name, a door, a cause), never anything that somebody
sent, and nothing about anybody: no person, address, reference, hospital or province. So whoever reads the figures learns how the service
is, and of nobody how they are; and no visitor can make the list of figures long.
Put aside: figures by province or benefit (in a small office a count of one is somebody; the desk has them, behind its door).
"""

from __future__ import annotations

from dataclasses import dataclass

from webapp.domain.assurance import Via

OTHER = "other"
Labels = tuple[str, ...]


@dataclass(frozen=True)
class Family:
    """`known`: every combination of labels there is; each is shown from the start, with zero, and what is none of them is counted as
    `other`. Without it the code itself keeps the labels few."""

    name: str
    says: str
    labels: Labels = ()
    known: tuple[Labels, ...] = ()


@dataclass(frozen=True)
class Counter(Family):
    """Only grows; shown as `<name>_total`."""


@dataclass(frozen=True)
class Times(Family):
    """Seconds, sorted into `bounds`; shown as `<name>_bucket`, `_sum` and `_count`."""

    bounds: tuple[float, ...] = ()


@dataclass(frozen=True)
class Level(Family):
    """As it stands now."""


# Counted where it happens

PROVIDER = ("not_verified", "number_not_valid", "provider_down", "timed_out", "blocked_page")
"""What goes wrong with ThaiD or the Government Channel itself."""
OUTCOMES = {
    Via.THAID: (
        "signed_in", *PROVIDER, "refused", "unknown", "already_used", "too_old", "other_browser", "code_over", "code_not_taken",
        "ial_too_low", "not_insured",
    ),
    Via.GOVERNMENT_CHANNEL: (
        "signed_in", *PROVIDER, "switched_off", "foreign_app", "entry_not_taken", "entry_over", "another_number", "not_insured",
    ),
    Via.PASSKEY: ("signed_in", "not_taken"),
    Via.COUNTER_PASSKEY: ("signed_in", "not_taken"),
    Via.COUNTER_PIN: ("signed_in", "not_taken"),
    "counter_code": ("mistyped", "not_taken"),
}  # fmt: skip
PUSH_SERVICES = {
    "googleapis.com": "google", "mozilla.com": "mozilla", "push.apple.com": "apple", "notify.windows.com": "microsoft",
}  # fmt: skip
PUSH_OUTCOMES = ("accepted", "gone", "refused", "later", "ours", "held_back")
REMINDER_OUTCOMES = ("planned", "sent", "kept", "put_off", "cancelled", "expired", "failed")
STORE_ERRORS = ("full", "unavailable", "locked", "read_only")
"""read_only: the database takes no write although no setting says so. SITTHI_READ_ONLY is no fault."""
WAITING = ("reminder", "hospital_change", "claim", "appeal", "correction", "document", "audit_entry")
QUICK = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


def _each(names: tuple[str, ...]) -> tuple[Labels, ...]:
    return tuple((name,) for name in names)


REQUESTS = Counter("sitthi_requests", "Answers given.", ("route", "method", "status"))
REQUEST_TIMES = Times("sitthi_request_seconds", "Time until an answer was ready.", ("route",), bounds=QUICK)
SIGN_INS = Counter(
    "sitthi_sign_ins", "Sign-ins tried.", ("way", "outcome"),
    (*((str(way), outcome) for way, outcomes in OUTCOMES.items() for outcome in outcomes), (OTHER, OTHER)),
)  # fmt: skip
PUSHES = Counter(
    "sitthi_pushes", "Messages to push services.", ("service", "outcome"),
    tuple((service, outcome) for service in (*PUSH_SERVICES.values(), OTHER) for outcome in (*PUSH_OUTCOMES, OTHER)),
)  # fmt: skip
REMINDERS = Counter("sitthi_reminders", "What became of reminders.", ("outcome",), _each((*REMINDER_OUTCOMES, OTHER)))
LIMITS = Counter("sitthi_limits_reached", "Requests turned away by a limit.", ("door",))
TURNED_AWAY = Counter("sitthi_turned_away", "Requests told to come back since all places were taken.", ("kind",), _each(("read", "write")))
MISS_ALARMS = Counter("sitthi_miss_alarms", "Codes or PINs guessed at by many.", ("door",))
STORE_FAULTS = Counter("sitthi_store_errors", "Statements the database did not take.", ("kind",), _each((*STORE_ERRORS, OTHER)))
SLOW_QUERIES = Counter("sitthi_slow_queries", "Statements slower than SITTHI_SLOW_QUERY_MS.")
WRITE_WAITS = Times("sitthi_write_wait_seconds", "Time until a write had the database.", bounds=(0.001, 0.01, 0.1, 0.5, 1.0, 2.5, 5.0))
SEALS = Counter("sitthi_audit_seals", "Batches of the audit sealed.")
WORKER_FAULTS = Counter("sitthi_worker_errors", "Parts of a worker's round that failed.")
WORKER_ROUND = Level("sitthi_worker_last_round_timestamp_seconds", "When the worker last ended a round.")

COUNTED: tuple[Family, ...] = (
    REQUESTS, REQUEST_TIMES, SIGN_INS, PUSHES, REMINDERS, LIMITS, TURNED_AWAY, MISS_ALARMS, STORE_FAULTS, SLOW_QUERIES, WRITE_WAITS, SEALS,
    WORKER_FAULTS, WORKER_ROUND,
)  # fmt: skip

# Read when somebody looks (actions/measuring.py)

INFO = Level("sitthi_info", "Which release this is, and when values of the law were last looked up.", ("version", "law_checked"))
READY = Level("sitthi_ready", "1 where this part is ready to serve.", ("part",))
READ_ONLY = Level("sitthi_read_only", "1 while nothing is taken in.")
OLDEST_WAITING = Level(
    "sitthi_oldest_waiting_seconds", "How long the oldest one has waited; 0 where none does.", ("queue",), _each(WAITING)
)
BACKUP_AGE = Level("sitthi_backup_age_seconds", "Since the last backup; +Inf before the first.")
REGISTER_AGE = Level("sitthi_register_age_seconds", "Since the hospital register was imported; +Inf before that.")
DISK_FREE = Level("sitthi_disk_free_ratio", "Room left where the data lie.")

READ: tuple[Family, ...] = (INFO, READY, READ_ONLY, OLDEST_WAITING, BACKUP_AGE, REGISTER_AGE, DISK_FREE)
FAMILIES = (*COUNTED, *READ)


def push_service(origin: str) -> str:
    """Whose it is, as a label: the address itself may be anybody's."""
    host = origin.partition("://")[2]
    return next((name for end, name in PUSH_SERVICES.items() if host == end or host.endswith(f".{end}")), OTHER)
