"""What we ask of the outer world: a store, an identity provider, a clock, the law; `Tools` holds one of each.

Actions and views see these shapes only, never an adapter: tests hand in a store on an empty file, a clock that stands
still, an identity provider on loopback. Nothing is patched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from webapp.domain.hospital_change import HospitalChange, Step
from webapp.domain.lawbook import LawBook
from webapp.domain.person import Person

if TYPE_CHECKING:
    from webapp.config import Settings
    from webapp.domain.hospital_register import Plan, RegisterImport
    from webapp.domain.hospital_search import Found, Hospital, Province, Wanted


class StoreUnavailable(RuntimeError):
    """The store cannot answer now; nothing was written and the same request can be sent again."""


@dataclass(frozen=True)
class Name:
    """Who a person is, in words; never in a URL or a log."""

    pid: str
    title: str
    given_name: str
    family_name: str
    birth_date: date | None

    @property
    def full(self) -> str:
        """The whole name; a person with one name has no trailing space."""
        return f"{self.title}{self.given_name} {self.family_name}".strip()

    @property
    def short(self) -> str:
        """For a queue: the given name and the first letter of the family name."""
        return f"{self.given_name} {self.family_name[:1]}•••" if self.family_name else self.given_name

    @property
    def last_four(self) -> str:
        return self.pid[-4:]

    @property
    def masked_pid(self) -> str:
        """1-xxxx-xxxxx-00-9: the first digit and the last three."""
        return f"{self.pid[0]}-xxxx-xxxxx-{self.pid[10:12]}-{self.pid[12:]}"


@dataclass(frozen=True)
class Officer:
    """Decides; `person_id` where the officer is an insured person too (nobody decides their own case)."""

    id: str
    given_name: str
    family_name: str
    person_id: str | None

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class PersonRow:
    """One line of an import of people."""

    pid: str
    title: str
    given_name: str
    family_name: str
    birth_date: date | None
    section: str
    insured_from: date | None
    insured_until: date | None
    home_province: str | None
    work_province: str | None
    hospital_id: str | None


@dataclass(frozen=True)
class ContributionRow:
    """One month paid; `month` is YYYY-MM, `wage` baht, None where the office did not say."""

    person_id: str
    month: str
    wage: Decimal | None
    section: str
    employer_account: str
    employer_name: str


@dataclass(frozen=True)
class Identity:
    """What an identity provider vouches for; `ial` such as "2.3"."""

    pid: str
    given_name: str
    family_name: str
    birth_date: date | None
    ial: str


@dataclass(frozen=True)
class SignInStart:
    """Where to send the browser, and what to keep on the server until it comes back."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Attempt:
    """One sign-in under way; times in epoch seconds."""

    state_hash: str
    browser_hash: str
    nonce: str
    verifier: str
    redirect_uri: str
    next: str
    started_at: float
    used_at: float | None = None


class SignInFailed(Exception):
    """Sign-in did not come about; `cause` is a closed word for the page that tells the next step.

    refused · provider_down · timed_out · blocked_page · code_not_taken · not_verified · number_not_valid · ial_too_low
    """

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(f"{cause}: {detail}" if detail else cause)
        self.cause = cause
        self.detail = detail


class IdentityProvider(Protocol):
    """ThaiD, or another that vouches as well. Every call ends within the configured seconds; raises SignInFailed."""

    def begin(self, redirect_uri: str) -> SignInStart: ...

    def finish(self, callback: Mapping[str, str], attempt: Attempt) -> Identity: ...


@dataclass(frozen=True)
class Session:
    """One signed-in browser; times in epoch seconds."""

    id_hash: str
    person_id: str | None
    officer_id: str | None
    via: str
    ial: str
    started_at: float
    seen_at: float
    authenticated_at: float


@dataclass(frozen=True)
class CalendarChange:
    """`kind` window: facts {year, opens_on, closes_on} · day_off, working_day: facts {day}. Days are ISO text."""

    id: str
    kind: str
    facts: Mapping[str, Any]
    note: str
    status: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None


class Clock(Protocol):
    def now(self) -> datetime: ...

    def today(self) -> date: ...

    def machine_time(self) -> float: ...


class DaysOff(Protocol):
    """Makes the working days of government offices from the calendar and what officers moved."""

    def with_overrides(self, overrides: Iterable[tuple[date, bool]]) -> Any: ...


class Store(Protocol):
    """Everything kept. Reads see the last commit; writes stand in `transaction()`. Raises StoreUnavailable."""

    def transaction(self) -> AbstractContextManager[None]: ...
    def migrate(self) -> list[str]: ...
    def is_ready(self) -> bool: ...
    def close(self) -> None: ...

    # people and officers
    def person(self, person_id: str) -> Person | None: ...
    def person_id_of(self, pid: str) -> str | None: ...
    def name_of(self, person_id: str) -> Name | None: ...
    def names_of(self, person_ids: Iterable[str]) -> dict[str, Name]: ...
    def record_as_of(self, person_id: str) -> datetime | None: ...
    def move_to_hospital(self, person_id: str, hospital_id: str) -> None: ...
    def put_people(self, rows: Iterable[PersonRow], as_of: datetime, demo: bool) -> int: ...
    def put_contributions(self, rows: Iterable[ContributionRow]) -> int: ...
    def latest_contribution(self, person_id: str) -> ContributionRow | None: ...
    def contributions_of(self, person_id: str) -> list[ContributionRow]: ...
    def holds_demo_people(self) -> bool: ...
    def language_of(self, person_id: str) -> str | None: ...
    def keep_language(self, person_id: str, language: str) -> None: ...
    def add_officer(self, pid: str, at: datetime, demo: bool) -> bool: ...
    def officer(self, officer_id: str) -> Officer | None: ...
    def officer_of(self, pid: str) -> Officer | None: ...
    def keep_officer_name(self, officer_id: str, identity: Identity) -> None: ...

    # sign-in
    def keep_attempt(self, attempt: Attempt) -> None: ...
    def attempt(self, state_hash: str) -> Attempt | None: ...
    def latest_attempt_of(self, browser_hash: str) -> Attempt | None: ...
    def use_attempt(self, state_hash: str, at: float) -> bool: ...
    def keep_session(self, session: Session) -> None: ...
    def session(self, id_hash: str) -> Session | None: ...
    def touch_session(self, id_hash: str, at: float) -> None: ...
    def end_session(self, id_hash: str) -> None: ...
    def forget_stale_sign_ins(self, attempts_before: float, sessions_idle_since: float, sessions_started_before: float) -> int: ...
    def count_try(self, door: str, who: str, at: float, window: float) -> tuple[int, float]: ...

    # drafts
    def draft(self, owner: str, kind: str) -> dict[str, Any] | None: ...
    def keep_draft(self, owner: str, kind: str, answers: dict[str, Any], at: float) -> None: ...
    def drop_draft(self, owner: str, kind: str) -> None: ...
    def drafts_of(self, owner: str) -> dict[str, dict[str, Any]]: ...
    def forget_old_drafts(self, before: float, kind: str | None = None) -> int: ...

    # hospital changes
    def add_hospital_change(self, case: HospitalChange, steps: Sequence[Step], idempotency_key: str) -> None: ...
    def hospital_change_by_key(self, person_id: str, idempotency_key: str) -> HospitalChange | None: ...
    def hospital_change(self, reference: str) -> HospitalChange | None: ...
    def update_hospital_change(self, before: HospitalChange, after: HospitalChange, steps: Sequence[Step]) -> None: ...
    def hospital_changes_of(self, person_id: str) -> list[HospitalChange]: ...
    def hospital_changes_with_status(self, *statuses: str, limit: int, offset: int = 0) -> list[HospitalChange]: ...
    def hospital_changes_by_day(self, *statuses: str) -> dict[date, int]: ...
    def hospital_changes_decided_on(self, day: date, limit: int, offset: int = 0) -> list[HospitalChange]: ...
    def count_decided_on(self, day: date) -> int: ...
    def next_hospital_change(self, status: str, not_of: str | None) -> str | None: ...
    def last_acted_on(self, references: Sequence[str], *codes: str) -> dict[str, str]: ...
    def approved_changes_due(self, on: date) -> list[str]: ...
    def steps_of(self, reference: str) -> list[Step]: ...

    # calendar
    def calendar_changes(self, status: str | None = None) -> list[CalendarChange]: ...
    def calendar_change(self, change_id: str) -> CalendarChange | None: ...
    def put_calendar_change(self, change: CalendarChange) -> None: ...

    # the hospital register
    def provinces(self) -> list[Province]: ...
    def province(self, code: str) -> Province | None: ...
    def adjoining_provinces(self, code: str) -> list[str]: ...
    def put_provinces(self, provinces: Iterable[Province], borders: Iterable[tuple[str, str]]) -> None: ...
    def hospital(self, hospital_id: str) -> Hospital | None: ...
    def hospitals(self, hospital_ids: Iterable[str]) -> dict[str, Hospital]: ...
    def every_hospital(self) -> dict[str, Hospital]: ...
    def find_hospitals(self, wanted: Wanted) -> Found: ...
    def hospital_history(self, hospital_id: str) -> list[tuple[str, datetime, Mapping[str, Any] | None]]: ...
    def last_register_import(self) -> RegisterImport | None: ...
    def register_is_sample(self) -> bool: ...
    def put_register(
        self,
        planned: Plan,
        done: RegisterImport,
        before: Mapping[str, Hospital],
        progress: Callable[[int, int], None],
        provinces: Sequence[Province] = (),
        borders: Sequence[tuple[str, str]] = (),
    ) -> None: ...


@dataclass(frozen=True)
class Tools:
    """One of each; built in app.py, handed to every action."""

    settings: Settings
    store: Store
    clock: Clock
    identity: IdentityProvider
    law_book: LawBook
    days_off: DaysOff
