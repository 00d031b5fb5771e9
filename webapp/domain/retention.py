"""Every kind of data about people: where it comes from, why it is kept, for how long, and whether its owner may have it deleted.

This one list is what the worker deletes by, what /privacy shows, what the record of processing is made of, and what an erasure and an
export go through. A table of the store that is not in it fails a test (tests/house/test_every_table_is_declared.py). The periods are the
app's own promises; none of them is a number of the law. Words are in web/privacy_words.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Source(StrEnum):
    """Who told us."""

    OFFICE = "office"
    THAID = "thaid"
    GOVERNMENT_CHANNEL = "government_channel"
    PERSON = "person"
    OFFICERS = "officers"
    HERE = "here"


class Basis(StrEnum):
    """Why it may be kept. SERVICE: what was asked for cannot be done without it. SHOWING: it has to be possible to show later what was
    done. CONSENT: an extra that was agreed to."""

    SERVICE = "service"
    SHOWING = "showing"
    CONSENT = "consent"


class After(StrEnum):
    """What a period runs from."""

    LAST_CHANGED = "last_changed"
    STARTED = "started"
    ENDED = "ended"
    SETTLED = "settled"
    PASSED = "passed"
    WRITTEN = "written"


@dataclass(frozen=True)
class Kept:
    """`period` None: until its owner ends it (`erasable`), or for as long as the office uses this service. `about_people` False: officers
    only."""

    code: str
    tables: tuple[str, ...]
    sources: tuple[Source, ...]
    basis: Basis
    period: timedelta | None
    after: After | None
    erasable: bool
    sealed: bool
    about_people: bool = True


def _kept(
    code: str,
    tables: str,
    sources: tuple[Source, ...],
    basis: Basis,
    period: timedelta | None = None,
    after: After | None = None,
    *,
    erasable: bool = False,
    sealed: bool = False,
    about_people: bool = True,
) -> Kept:
    return Kept(code, tuple(tables.split()), sources, basis, period, after, erasable, sealed, about_people)


DAY, YEAR = timedelta(days=1), timedelta(days=365)

KINDS: tuple[Kept, ...] = (
    _kept("identity", "people", (Source.OFFICE, Source.THAID), Basis.SERVICE, sealed=True),
    _kept("months_paid", "contributions", (Source.OFFICE,), Basis.SERVICE),
    _kept("requests", "hospital_changes steps", (Source.PERSON, Source.OFFICERS), Basis.SHOWING),
    _kept(
        "corrections", "corrections correction_steps", (Source.PERSON, Source.OFFICERS), Basis.SERVICE, YEAR, After.SETTLED,
        erasable=True, sealed=True,
    ),
    _kept("claims", "claims claim_people claim_steps claim_versions", (Source.PERSON, Source.OFFICERS), Basis.SHOWING, sealed=True),
    _kept("claim_batches", "claim_batches claim_batch_lines", (Source.OFFICERS,), Basis.SHOWING, sealed=True),
    _kept("claim_accounts", "claim_accounts", (Source.PERSON,), Basis.SERVICE, 90 * DAY, After.ENDED, sealed=True),
    _kept("papers", "documents", (Source.PERSON,), Basis.SHOWING, sealed=True),
    _kept("drafts", "drafts", (Source.PERSON, Source.OFFICERS), Basis.SERVICE, 90 * DAY, After.LAST_CHANGED, erasable=True, sealed=True),
    _kept(
        "counter_drafts", "drafts", (Source.OFFICERS,), Basis.SERVICE, timedelta(minutes=15), After.LAST_CHANGED, erasable=True, sealed=True
    ),
    _kept("claim_forms", "drafts", (Source.OFFICERS,), Basis.SERVICE, DAY, After.LAST_CHANGED, erasable=True, sealed=True),
    _kept("returned_forms", "drafts", (Source.PERSON,), Basis.SERVICE, timedelta(hours=1), After.LAST_CHANGED, erasable=True, sealed=True),
    _kept("settings", "person_settings welcomes accounts", (Source.PERSON,), Basis.SERVICE, erasable=True),
    _kept("contacts", "contacts", (Source.PERSON,), Basis.CONSENT, YEAR, After.LAST_CHANGED, erasable=True, sealed=True),
    _kept("thaid_says", "thaid_says", (Source.THAID,), Basis.SERVICE, 90 * DAY, After.LAST_CHANGED, erasable=True, sealed=True),
    _kept("sign_ins", "sign_in_attempts", (Source.HERE,), Basis.SERVICE, DAY, After.STARTED),
    _kept("sign_in_codes", "sign_in_codes", (Source.THAID,), Basis.SERVICE, timedelta(minutes=2), After.STARTED, sealed=True),
    _kept("sessions", "sessions", (Source.HERE,), Basis.SERVICE, timedelta(hours=8), After.ENDED, erasable=True),
    _kept("devices", "known_devices", (Source.HERE,), Basis.SERVICE, 400 * DAY, After.LAST_CHANGED, erasable=True),
    _kept("passkeys", "passkeys", (Source.PERSON,), Basis.SERVICE, YEAR, After.LAST_CHANGED, erasable=True),
    _kept("pins", "pins", (Source.PERSON,), Basis.SERVICE, erasable=True),
    _kept(
        "channel_entries", "government_channel_entries", (Source.GOVERNMENT_CHANNEL,), Basis.SERVICE, timedelta(minutes=10), After.STARTED,
        sealed=True,
    ),
    _kept(
        "channel_links", "government_channel_links", (Source.GOVERNMENT_CHANNEL,), Basis.SERVICE, YEAR, After.LAST_CHANGED,
        erasable=True, sealed=True,
    ),
    _kept("counter_codes", "counter_codes", (Source.OFFICERS,), Basis.SHOWING, 90 * DAY, After.STARTED),
    _kept("grants", "helper_grants", (Source.PERSON, Source.OFFICERS), Basis.SERVICE, YEAR, After.ENDED, erasable=True),
    _kept("challenges", "used_challenges", (Source.HERE,), Basis.SERVICE, DAY, After.STARTED, about_people=False),
    _kept("tries", "tries", (Source.HERE,), Basis.SERVICE, DAY, After.STARTED),
    _kept("phones", "subscriptions", (Source.PERSON,), Basis.CONSENT, 42 * DAY, After.ENDED, erasable=True, sealed=True),
    _kept("messages", "reminders", (Source.HERE,), Basis.SERVICE, YEAR, After.PASSED, erasable=True),
    _kept("new_benefits", "benefits_looked_at", (Source.HERE,), Basis.CONSENT, erasable=True),
    _kept("calendar", "calendar_feeds", (Source.PERSON,), Basis.CONSENT, erasable=True),
    _kept("consents", "consents", (Source.PERSON,), Basis.SHOWING, erasable=True),
    _kept("audit", "audit_entries audit_leaves audit_batches audit_marks", (Source.HERE,), Basis.SHOWING),
    _kept("reasons", "audit_words", (Source.OFFICERS,), Basis.SHOWING, 2 * YEAR, After.WRITTEN, sealed=True),
    _kept("officers", "officers", (Source.OFFICE, Source.THAID), Basis.SERVICE, sealed=True, about_people=False),
)  # fmt: skip


_BY_CODE = {kind.code: kind for kind in KINDS}


def kept(code: str) -> Kept:
    """The declaration of this kind. Raises LookupError."""
    return _BY_CODE[code]


def period_of(code: str) -> timedelta:
    """How long this kind is kept. Raises LookupError for one that has no end of its own."""
    period = kept(code).period
    if period is None:
        raise LookupError(f"{code} has no end of its own")
    return period
