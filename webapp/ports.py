"""What we ask of the outer world: a store, an identity provider, a clock, the law; `Tools` holds one of each.

Actions and views see these shapes only, never an adapter: tests hand in a store on an empty file, a clock that stands
still, an identity provider on loopback. Nothing is patched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, Protocol, TypeVar

from webapp.domain.audit import Batch, Entry, Leaf, Line
from webapp.domain.claim import Claim, Version
from webapp.domain.claim import Step as ClaimStep
from webapp.domain.claim_batch import Batch as ClaimBatch
from webapp.domain.claim_batch import Line as ClaimBatchLine
from webapp.domain.consent import Consent, Purpose
from webapp.domain.contact import Contact
from webapp.domain.correction import Correction
from webapp.domain.correction import Step as CorrectionStep
from webapp.domain.counter_code import Why
from webapp.domain.document import Document
from webapp.domain.document import Kind as DocumentKind
from webapp.domain.document import Why as WhyRefused
from webapp.domain.helper_grant import Grant, Right
from webapp.domain.hospital_change import HospitalChange, Step
from webapp.domain.lawbook import LawBook
from webapp.domain.measure import Counter, Level, Times
from webapp.domain.name_change import ThaidSays, WrittenName
from webapp.domain.notice import Notice
from webapp.domain.person import NumberKind, Person
from webapp.domain.read_only import Spell
from webapp.domain.reminder import Kind, Occasion, Reminder

if TYPE_CHECKING:
    from webapp.config import Settings
    from webapp.domain.hospital_register import Plan, RegisterImport
    from webapp.domain.hospital_search import Found, Hospital, Province, Wanted


T = TypeVar("T")


class StoreUnavailable(RuntimeError):
    """The store cannot answer now; nothing was written and the same request can be sent again."""


class StoreConflict(StoreUnavailable):
    """Somebody else wrote at the same moment what this hangs on: nothing was written, and it can be tried again at once."""


class StoreFull(StoreUnavailable):
    """There is no room to write: what is there can still be read."""


class StoreReadOnly(StoreUnavailable):
    """Nothing is taken in now, because an operator has said so: what is there can be read."""


def masked(pid: str) -> str:
    """A number as it is shown: all of it is nobody's business, the ends tell whose it is."""
    return f"{pid[0]}-xxxx-xxxxx-{pid[10:12]}-{pid[12:]}"


@dataclass(frozen=True)
class Name:
    """Who a person is, in words; never in a URL or a log."""

    pid: str
    title: str
    given_name: str
    family_name: str
    birth_date: date | None
    number_kind: NumberKind = NumberKind.CITIZEN

    @property
    def full(self) -> str:
        """The whole name; a person with one name has no trailing space."""
        return f"{self.title}{self.given_name} {self.family_name}".strip()

    @property
    def written(self) -> WrittenName:
        """The name alone."""
        return WrittenName(self.title, self.given_name, self.family_name)

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
        return masked(self.pid)


@dataclass(frozen=True)
class PersonSettings:
    """What a person chose while signed in, or brought along: `look` in the words of web/preferences, `chosen_at` in epoch seconds. Empty:
    no choice of that kind."""

    language: str
    look: str = ""
    chosen_at: float = 0


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
    number_kind: NumberKind = NumberKind.CITIZEN


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


@dataclass(frozen=True)
class CarriedSignIn:
    """A sign-in that came back in another browser: `code`, six digits, is shown there and completes it in the browser that began."""

    state_hash: str
    browser_hash: str
    shown_to_hash: str
    code: str
    identity: Identity
    next: str
    ends_at: float
    tries: int = 0


class SignInFailed(Exception):
    """Sign-in did not come about; `cause` is a closed word for the page that tells the next step.

    refused · provider_down · timed_out · blocked_page · code_not_taken · not_verified · number_not_valid · ial_too_low · entry_not_taken
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
class Entered:
    """Who the Government Channel says has entered; birth date, phone and mail are not read. `user_id`: the gateway's own name for them."""

    user_id: str
    pid: str
    given_name: str
    family_name: str

    @property
    def full(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def masked_pid(self) -> str:
        return masked(self.pid)


@dataclass(frozen=True)
class ChannelEntry:
    """An entry that waits, in the browser that made it, for its person's word; `ends_at` in epoch seconds."""

    id_hash: str
    entered: Entered
    ends_at: float
    confirmed: bool = False


@dataclass(frozen=True)
class ChannelLink:
    """That this person enters from the Government Channel app; `user_hash` of the gateway's name for them."""

    person_id: str
    user_hash: str
    linked_at: datetime
    used_at: datetime | None = None


class GovernmentChannel(Protocol):
    """DGA's gateway. Raises SignInFailed within the configured seconds, then with the cause entry_not_taken too."""

    def who_entered(self, mtoken: str) -> Entered:
        """The mToken is shown to the gateway once, whatever happens."""


@dataclass(frozen=True)
class Session:
    """One signed-in browser; times in epoch seconds. `via` is a word of domain/assurance.Via; `browser` the plain name of the browser's
    family ("chrome android"), which is all that is kept of what it said of itself. `grant_id`: under which grant it acts for somebody else
    now, and `rights_used`, since it began to, the rights it has used."""

    id_hash: str
    person_id: str | None
    officer_id: str | None
    via: str
    ial: str
    started_at: float
    seen_at: float
    authenticated_at: float
    browser: str = ""
    grant_id: str = ""
    rights_used: str = ""


@dataclass(frozen=True)
class CounterCode:
    """A code an officer handed over. Known by keyed hashes: of its first half, its second half, and all of it. `ends_at` in epoch
    seconds."""

    id: str
    person_id: str
    first_hash: str
    half_hash: str
    code_hash: str
    why: Why
    issued_by: str
    issued_at: datetime
    ends_at: float
    tries: int = 0
    used_at: datetime | None = None
    used_for: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True)
class OfferCode:
    """The code of an offer to help, by keyed hashes of its first half and of all of it."""

    first_hash: str
    code_hash: str


@dataclass(frozen=True)
class KeptPin:
    """The way in with a PIN and half a code; `wrong` tries in a row, `locked_until` in epoch seconds."""

    person_id: str
    half_hash: str
    salt: str
    pin_hash: str
    made_at: datetime
    used_at: datetime | None = None
    wrong: int = 0
    locked_until: float = 0


@dataclass(frozen=True)
class Passkey:
    """A key that one phone (or its maker's cloud) holds; we hold its public half. `made_via`: how sure we were of the person then."""

    credential_id: str
    person_id: str
    public_key: str
    sign_count: int
    made_via: str
    made_at: datetime
    used_at: datetime | None = None
    browser: str = ""


@dataclass(frozen=True)
class NewPasskey:
    """What a browser made, verified; ids and keys are base64url."""

    credential_id: str
    public_key: str
    sign_count: int


class PasskeyProvider(Protocol):
    """WebAuthn, as JSON for the browser's own functions. Nothing is raised for an answer that will not do: it gives None."""

    def is_at_home_on(self, host: str) -> bool:
        """Whether passkeys work on pages of this host: they need a name, an address of digits has none."""

    def home(self) -> str:
        """The address of the site where they work."""

    def to_make(self, challenge: bytes, handle: bytes, name: str, known: Iterable[str]) -> str: ...

    def made(self, answer: str, challenge: bytes) -> NewPasskey | None: ...

    def to_use(self, challenge: bytes) -> str: ...

    def challenge_in(self, answer: str) -> bytes | None: ...

    def credential_in(self, answer: str) -> str | None: ...

    def used(self, answer: str, challenge: bytes, passkey: Passkey) -> int | None:
        """The new count of uses, where this passkey signed."""


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


@dataclass(frozen=True, slots=True)
class Subscription:
    """One browser that push messages reach. `person_id` None: nobody's, it gets only what is for anybody. Written with number 0."""

    number: int
    endpoint: str
    p256dh: str
    auth: str
    person_id: str | None
    kinds: frozenset[Kind]
    language: str
    created_at: datetime
    delivered_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def mark(self) -> str:
        """What the browser itself holds to be known by: as secret as the address, and of no use to send anything there."""
        return hashlib.sha256(self.endpoint.encode()).hexdigest()

    @property
    def origin(self) -> str:
        """Of the push service: "https://host[:port]"."""
        return "/".join(self.endpoint.split("/", 3)[:3])


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """A reminder in the queue, for a person or for one subscription; `reached` are the subscriptions that have it already."""

    number: int
    occasion: Occasion
    about: str
    person_id: str | None
    subscription: int | None
    due_at: datetime
    expires_at: datetime
    facts: Mapping[str, str]
    tries: int
    reached: frozenset[int]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a reminder: sent, kept (no phone to send it to), expired, failed, cancelled; or planned again for `next_try_at`. None:
    as it was."""

    number: int
    state: str
    next_try_at: datetime | None
    tries: int
    reached: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class ReminderPlan:
    """Something planned for many, whose mark the store keeps: which reminder, what it hangs on, and which part (a day, an import)."""

    key: str
    about: str = ""
    part: str = ""


@dataclass(frozen=True)
class InboxEntry:
    """A reminder as the person reads it in the app."""

    number: int
    occasion: Occasion
    about: str
    at: datetime
    facts: Mapping[str, str]
    is_read: bool


@dataclass(frozen=True)
class CalendarFeed:
    """A private calendar: whoever knows the address that `token_hash` was made of may read this person's dates."""

    person_id: str
    token_hash: str
    language: str
    made_at: datetime


@dataclass(frozen=True)
class Resting:
    """A push service that asked for quiet: nothing goes there before `until`; `strikes` rests in a row."""

    origin: str
    until: datetime
    strikes: int


@dataclass(frozen=True, slots=True)
class PushMessage:
    """One message for one subscription; `ttl` in seconds; `mark` comes back with the answer."""

    subscription: Subscription
    body: bytes
    ttl: int
    urgency: str
    topic: str
    mark: Any = None


class Verdict(StrEnum):
    """What a push service made of a message; LATER: it, or the way to it, is in trouble; OURS: our signature, our clock or our
    list of hosts is wrong, and no phone can help it; REFUSED: this message will never be taken."""

    ACCEPTED = "accepted"
    GONE = "gone"
    LATER = "later"
    OURS = "ours"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PushAnswer:
    """`status` 0: no answer came; `retry_after` in seconds, where the push service named it."""

    message: PushMessage
    verdict: Verdict
    status: int
    retry_after: int | None = None


@dataclass(frozen=True)
class KeysInUse:
    """How many rows need each data key and each pepper, by name; `given` are those in the settings, `first` the one that writes. '?': rows
    of which no pepper was noted yet."""

    first_key: str
    given_keys: frozenset[str]
    keys: Mapping[str, int]
    first_pepper: str
    given_peppers: frozenset[str]
    peppers: Mapping[str, int]

    @property
    def to_rotate(self) -> int:
        """Rows not written with the first key and the first pepper."""
        waiting = [n for name, n in self.keys.items() if name != self.first_key]
        return sum(waiting) + sum(n for name, n in self.peppers.items() if name != self.first_pepper)

    @property
    def missing(self) -> tuple[str, ...]:
        """Keys and peppers that rows need and the settings do not give."""
        peppers = set(self.peppers) - self.given_peppers - {"?"}
        return (*sorted(set(self.keys) - self.given_keys), *sorted(peppers))

    @property
    def removable(self) -> tuple[str, ...]:
        """Old keys and peppers in the settings that no row needs."""
        peppers = self.given_peppers - {self.first_pepper} - (self.given_peppers if "?" in self.peppers else set(self.peppers))
        return (*sorted(self.given_keys - {self.first_key} - set(self.keys)), *sorted(peppers))


class Push(Protocol):
    """Web push. An endpoint is a stranger's address: it is checked when it is taken and again when something is sent there."""

    @property
    def public_key(self) -> str:
        """base64url, as a browser's `applicationServerKey`."""

    def fault_of(self, endpoint: str, p256dh: str, auth: str) -> str | None:
        """The field that will not do: endpoint, keys.p256dh or keys.auth."""

    def send(self, messages: Iterable[PushMessage]) -> Iterator[PushAnswer]:
        """Encrypt, sign and send; takes messages as it has room for them, answers in the order they come. Never raises for a message."""


class FileGone(LookupError):
    """There is no such file."""


class FilesUnavailable(StoreUnavailable):
    """The folder of documents cannot be written or read now."""


class SealedFiles(Protocol):
    """What people sent, each file sealed with the key of its document. Raises FilesUnavailable."""

    def put(self, document_id: str, name: str, data: bytes, key: bytes) -> None:
        """All of it or nothing, and lasting once this returns; a file of that name is replaced."""

    def get(self, document_id: str, name: str, key: bytes) -> bytes:
        """Raises FileGone; ValueError where the seal does not fit."""

    def drop(self, document_id: str, names: Iterable[str] | None = None) -> None:
        """These files, or all of the document. Files that are gone already are no fault."""

    def documents(self, older_than: float, turn: int) -> Iterator[str]:
        """Documents that have files, none of them written within so many seconds: a part of all; further turns give the others."""

    def is_ready(self) -> bool: ...

    def held(self) -> AbstractContextManager[None]:
        """While it lasts, what any process drops can still be read by `sealed`."""

    def sealed(self, document_id: str, name: str) -> BinaryIO:
        """The file as it lies there, to be carried elsewhere. Raises FileGone."""


class CopyRefused(RuntimeError):
    """One clear line on why one store's rows were not brought into another."""


@dataclass(frozen=True)
class StoreCopied:
    """`rows` of each table of the source at its moment; `differing`: sentences on what is not the same on both sides after all."""

    rows: Mapping[str, int]
    added: int
    changed: int
    removed: int
    differing: tuple[str, ...]


class StoreCopier(Protocol):
    """Brings all of one store into another, `target`, as of one moment. Raises CopyRefused, StoreUnavailable."""

    @property
    def target(self) -> Store: ...

    def copy(self, again: bool, progress: Callable[[int, int], None]) -> StoreCopied:
        """`again`: the target may hold an earlier copy, or a part of one. What is known of `progress` is how many rows of how many."""


class BackupRefused(RuntimeError):
    """One clear line on why nothing was backed up or restored; what was there before is as it was."""


@dataclass(frozen=True)
class Part:
    """One file of a backup; `open` gives a file on a disk, whose length is known."""

    name: str
    open: Callable[[], BinaryIO]


class Archives(Protocol):
    """Backups, each one sealed file. Raises BackupRefused."""

    def room(self) -> AbstractContextManager[Path]:
        """An empty folder for what is under way, for one at a time; gone afterwards."""

    def write(self, to: Path, parts: Iterable[Part], facts: Callable[[], Mapping[str, Any]]) -> int:
        """All of it or nothing, and lasting once this returns; `facts` are asked for last. Returns its bytes."""

    def unpack(self, source: Path, place: Path) -> Mapping[str, Any]:
        """Lays out every file below `place`, having compared all of it with the manifest, which it returns."""

    def prune(self, folder: Path, to_remove: Callable[[Iterable[str]], list[str]]) -> list[str]:
        """Of the names that `to_remove` picks, those sealed with a key of ours go; returns them."""

    def put_in_place(self, laid: Path, final: Path) -> None:
        """Move a file or folder to where it is to be; nothing is overwritten."""

    def note(self, facts: Mapping[str, Any]) -> None: ...

    def noted(self) -> Mapping[str, Any] | None:
        """What was noted of the last backup."""

    def free_share(self) -> float:
        """Of the disk that the data lie on, between 0 and 1; not a number where it cannot be told."""


@dataclass(frozen=True)
class Drawn:
    """Each page as a JPEG made anew, and a small one of the first."""

    pages: tuple[bytes, ...]
    thumbnail: bytes


class Drawing(Protocol):
    """Makes pages of what was sent, in a process that may break without harm."""

    def draw(self, data: bytes, kind: DocumentKind) -> Drawn | WhyRefused: ...


class ScannerSilent(RuntimeError):
    """The virus scanner gave no answer that can be used: nothing is known of the file."""


class Scanner(Protocol):
    """A virus scanner. Raises ScannerSilent."""

    def is_clean(self, data: bytes) -> bool: ...

    def is_there(self) -> bool: ...


class Clock(Protocol):
    def now(self) -> datetime: ...

    def today(self) -> date: ...

    def machine_time(self) -> float: ...

    def elapsed(self) -> float:
        """Seconds since some moment: they only ever grow, whatever is done to the clocks."""


class Meter(Protocol):
    """What is counted for whoever runs this: never of anybody, never in the way of what is counted."""

    @property
    def content_type(self) -> str:
        """Of what `told` writes."""

    def count(self, what: Counter, *labels: str, by: int = 1) -> None: ...

    def time(self, what: Times, seconds: float, *labels: str) -> None: ...

    def mark(self, what: Level, value: float) -> None: ...

    def told(self, levels: Mapping[Level, Mapping[tuple[str, ...], float]]) -> str:
        """Everything that was counted by all processes, and these levels as they are now."""


class Uncounted:
    """The meter where nobody asked for figures."""

    content_type = "text/plain"

    def count(self, what: Counter, *labels: str, by: int = 1) -> None: ...

    def time(self, what: Times, seconds: float, *labels: str) -> None: ...

    def mark(self, what: Level, value: float) -> None: ...

    def told(self, levels: Mapping[Level, Mapping[tuple[str, ...], float]]) -> str:
        return ""


class DaysOff(Protocol):
    """Makes the working days of government offices from the calendar and what officers moved."""

    def with_overrides(self, overrides: Iterable[tuple[date, bool]]) -> Any: ...


@dataclass(frozen=True)
class ClaimsWanted:
    """What a queue of claims shows; empty text stands for any. `taken_by` an officer's id, or FREE for those that nobody has. `by_age`: the
    longest waiting first, else the one whose last day to claim comes first. `not_of`: whose claims are left out."""

    statuses: Sequence[str]
    kind: str = ""
    province: str = ""
    taken_by: str = ""
    by_age: bool = False
    not_of: str = ""

    FREE: ClassVar[str] = "-"


@dataclass(frozen=True)
class ClaimsToPay:
    """Claims that wait for one thing (domain/claim.py::Waits), as far as this officer may pay them; `for_others`: the rest of them."""

    waits: str
    officer_id: str
    person_id: str = ""
    for_others: bool = False


@dataclass(frozen=True)
class DecidedClaim:
    """What figures count of a decided claim."""

    kind: str
    province: str
    decided_at: datetime
    waited: timedelta


class Store(Protocol):
    """Everything kept. Reads see the last commit; writes stand in `transaction()`. Raises StoreUnavailable."""

    def transaction(self) -> AbstractContextManager[None]: ...
    def again(self, work: Callable[[], T]) -> T:
        """What `work` returns. Where it got in the way of somebody who wrote at the same moment, and nothing of it was written yet, it is
        run anew: so it must have done nothing to the outer world before."""

    def taking(self) -> AbstractContextManager[None]:
        """A transaction for rows that several workers take from, each its own: nothing it decides hangs on what others write."""

    def steady(self, *tables: str) -> AbstractContextManager[None]:
        """Whoever was writing to these tables has finished, and nobody begins before it ends."""

    def gaps_until(self) -> int:
        """Up to this number, one may have been given to an entry of the audit that was then not written."""

    def migrate(self) -> list[str]: ...
    def is_ready(self) -> bool: ...
    def close(self) -> None: ...

    # backups
    def copy_to(self, path: Path) -> None:
        """All of it as of one moment, while others write, as an SQLite file, whatever the engine. Raises StoreFull before it fills the
        disk, CopyRefused."""

    def what_lives(self) -> str:
        """What of an installation is there already, in a few words; "" where nothing is."""

    def becoming(self, laid: Path, move: Callable[[Path, Path], None]) -> AbstractContextManager[None]:
        """Once all inside is done, what such a file holds is this store, where nothing was. `move` brings a file to where it is to be and
        overwrites nothing. Raises CopyRefused."""

    def count_rows(self) -> dict[str, int]: ...
    def faults(self) -> list[str]:
        """Sentences on what is broken in it: pages, indexes, references that lead nowhere."""

    def oldest_waiting(self) -> dict[str, datetime]:
        """Since when the oldest one of each queue but that of reminders has waited; a queue in which nothing waits is left out."""

    def schema(self) -> tuple[list[str], list[str]]:
        """The migrations it holds, and those of them that this release does not know."""

    # what an operator tells everybody
    def add_notice(self, notice: Notice) -> int: ...
    def notices_since(self, since: datetime) -> list[Notice]: ...
    def end_notice(self, number: int, at: datetime) -> bool: ...
    def begin_read_only(self, spell: Spell) -> None: ...
    def end_read_only(self, at: datetime) -> bool: ...
    def read_only_spell(self) -> Spell | None: ...
    def read_only_since(self, since: datetime) -> list[Spell]: ...

    # people and officers
    def person(self, person_id: str) -> Person | None: ...
    def person_id_of(self, pid: str, kind: NumberKind = NumberKind.CITIZEN) -> str | None: ...
    def name_of(self, person_id: str) -> Name | None: ...
    def names_of(self, person_ids: Iterable[str]) -> dict[str, Name]: ...
    def record_as_of(self, person_id: str) -> datetime | None: ...
    def move_to_hospital(self, person_id: str, hospital_id: str) -> None: ...
    def put_people(self, rows: Iterable[PersonRow], as_of: datetime, demo: bool) -> int: ...
    def put_contributions(self, rows: Iterable[ContributionRow], as_of: datetime, replace: bool = False) -> int: ...
    def months_as_of(self) -> datetime | None: ...
    def latest_contribution(self, person_id: str) -> ContributionRow | None: ...
    def contributions_of(self, person_id: str, since: date | None = None, until: date | None = None) -> list[ContributionRow]: ...
    def holds_demo_people(self) -> bool: ...
    def settings_of(self, person_id: str) -> PersonSettings | None: ...
    def keep_settings(self, person_id: str, settings: PersonSettings) -> None: ...
    def contact_of(self, person_id: str) -> Contact | None: ...
    def keep_contact(self, person_id: str, contact: Contact, at: datetime) -> None: ...
    def drop_contact(self, person_id: str) -> bool: ...
    def contacts_said_before(self, before: datetime) -> list[str]: ...
    def change_name(self, person_id: str, name: WrittenName) -> None: ...
    def name_in_file_of(self, person_id: str) -> WrittenName | None: ...
    def thaid_says(self, person_id: str) -> ThaidSays | None: ...
    def keep_thaid_says(self, person_id: str, said: ThaidSays, at: datetime) -> None: ...
    def drop_thaid_says(self, person_id: str) -> bool: ...
    def forget_thaid_says(self, before: datetime) -> int: ...
    def welcome(self, person_id: str, at: datetime) -> bool: ...
    def open_account(self, person_id: str, at: datetime) -> None: ...
    def last_account(self) -> int: ...
    def add_officer(self, pid: str, at: datetime, demo: bool) -> bool: ...
    def officer(self, officer_id: str) -> Officer | None: ...
    def officer_of(self, pid: str) -> Officer | None: ...
    def keep_officer_name(self, officer_id: str, identity: Identity) -> None: ...

    # sign-in
    def keep_attempt(self, attempt: Attempt) -> None: ...
    def attempt(self, state_hash: str) -> Attempt | None: ...
    def latest_attempt_of(self, browser_hash: str) -> Attempt | None: ...
    def use_attempt(self, state_hash: str, at: float) -> bool: ...
    def keep_carried_sign_in(self, carried: CarriedSignIn) -> None: ...
    def carried_sign_in_shown_to(self, shown_to_hash: str) -> CarriedSignIn | None: ...
    def carried_sign_in_for(self, browser_hash: str) -> CarriedSignIn | None: ...
    def try_carried_sign_in(self, state_hash: str, most: int) -> bool: ...
    def drop_carried_sign_in(self, state_hash: str) -> bool: ...
    def forget_carried_sign_ins(self, before: float) -> int: ...
    def keep_session(self, session: Session) -> None: ...
    def session(self, id_hash: str) -> Session | None: ...
    def touch_session(self, id_hash: str, at: float) -> None: ...
    def end_session(self, id_hash: str) -> None: ...
    def sessions_of(self, person_id: str) -> list[Session]: ...
    def end_every_session(self) -> int: ...
    def end_sessions_of_officer(self, officer_id: str) -> int: ...
    def end_oldest_sessions(self, newest: Session, most: int) -> int: ...
    def end_sessions_of(self, person_id: str, except_for: str = "", via: Iterable[str] = ()) -> int: ...
    def know_device(self, person_id: str, device_hash: str, at: float) -> bool: ...
    def knows_device(self, person_id: str, device_hash: str) -> bool: ...
    def knows_any_device(self, person_id: str) -> bool: ...
    def forget_known_devices(self, before: float) -> int: ...

    # codes from the counter
    def add_counter_code(self, code: CounterCode) -> None: ...
    def open_counter_code(self, first_hashes: Iterable[str]) -> CounterCode | None: ...
    def counter_code(self, code_id: str) -> CounterCode | None: ...
    def is_half_in_use(self, half_hashes: Iterable[str], first_hashes: Iterable[str]) -> bool: ...
    def try_counter_code(self, code_id: str, most: int) -> bool: ...
    def give_back_try(self, code_id: str) -> None: ...
    def use_counter_code(self, code_id: str, used_for: str, at: datetime, now: float) -> bool: ...
    def end_counter_codes_of(self, person_id: str, at: datetime) -> int: ...
    def counter_codes_of(self, person_id: str) -> list[CounterCode]: ...
    def keep_pin(self, pin: KeptPin) -> None: ...
    def pin_of(self, person_id: str) -> KeptPin | None: ...
    def pin_with_half(self, half_hashes: Iterable[str]) -> KeptPin | None: ...
    def try_pin(self, person_id: str, now: float, most: int) -> int | None: ...
    def lock_pin(self, person_id: str, until: float) -> None: ...
    def pin_was_right(self, person_id: str, at: datetime) -> None: ...
    def drop_pin(self, person_id: str) -> bool: ...
    def forget_counter_codes(self, before: datetime) -> int: ...

    # helpers
    def add_helper_grant(self, grant: Grant, idempotency_key: str, code: OfferCode | None = None) -> None: ...
    def helper_grant(self, grant_id: str) -> Grant | None: ...
    def helper_grant_by_key(self, person_id: str, idempotency_key: str) -> Grant | None: ...
    def helper_grants_by(self, person_id: str) -> list[Grant]: ...
    def helper_grants_to(self, helper_id: str) -> list[Grant]: ...
    def update_helper_grant(self, grant: Grant) -> None: ...
    def open_offer(self, first_hashes: Iterable[str]) -> tuple[Grant, str] | None: ...
    def try_offer(self, grant_id: str, most: int) -> bool: ...
    def give_back_offer_try(self, grant_id: str) -> None: ...
    def forget_helper_grants(self, before: datetime) -> int: ...
    def act_for(self, id_hash: str, grant_id: str) -> None: ...
    def use_right(self, id_hash: str, right: Right) -> bool: ...

    # passkeys
    def add_passkey(self, passkey: Passkey) -> bool: ...
    def passkey(self, credential_id: str) -> Passkey | None: ...
    def passkeys_of(self, person_id: str) -> list[Passkey]: ...
    def note_passkey_use(self, credential_id: str, count_before: int, count: int, at: datetime) -> bool: ...
    def drop_passkey(self, person_id: str, credential_id: str) -> bool: ...
    def drop_passkeys_made_via(self, person_id: str, made_via: str) -> int: ...
    def forget_unused_passkeys(self, before: datetime) -> int: ...
    def use_challenge(self, challenge_hash: str, at: float) -> bool: ...
    def forget_challenges(self, before: float) -> int: ...
    def keep_channel_entry(self, entry: ChannelEntry) -> None: ...
    def channel_entry(self, id_hash: str) -> ChannelEntry | None: ...
    def confirm_channel_entry(self, id_hash: str) -> None: ...
    def drop_channel_entry(self, id_hash: str) -> bool: ...
    def forget_channel_entries(self, before: float) -> int: ...
    def keep_channel_link(self, link: ChannelLink) -> None: ...
    def channel_link_of(self, person_id: str) -> ChannelLink | None: ...
    def note_channel_use(self, person_id: str, at: datetime) -> None: ...
    def drop_channel_link(self, person_id: str) -> bool: ...
    def forget_unused_channel_links(self, before: datetime) -> int: ...
    def forget_stale_sign_ins(self, attempts_before: float, sessions_idle_since: float, sessions_started_before: float) -> int: ...
    def count_try(self, door: str, who: str, at: float, window: float, tries: int = 1) -> tuple[int, float]: ...
    def tries_at(self, door: str, who: str) -> tuple[int, float]: ...

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
    def every_hospital_change_since(self, received: datetime) -> Iterator[HospitalChange]: ...
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
    def public_edition(self) -> Hashable:
        """Changes with the register and with the calendar: what pages rest on that are the same for everybody."""

    def calendar_change(self, change_id: str) -> CalendarChange | None: ...
    def put_calendar_change(self, change: CalendarChange) -> None: ...

    # corrections
    def add_correction(self, one: Correction, steps: Sequence[CorrectionStep], idempotency_key: str) -> None: ...
    def correction(self, reference: str) -> Correction | None: ...
    def correction_by_key(self, person_id: str, idempotency_key: str) -> Correction | None: ...
    def corrections_of(self, person_id: str) -> list[Correction]: ...
    def update_correction(self, before: Correction, after: Correction, steps: Sequence[CorrectionStep]) -> None: ...
    def open_corrections(self, limit: int, offset: int = 0) -> list[Correction]: ...
    def count_open_corrections(self) -> int: ...
    def corrections_answered_on(self, day: date, limit: int) -> list[Correction]: ...
    def steps_of_correction(self, reference: str) -> list[CorrectionStep]: ...
    def forget_settled_corrections(self, before: datetime) -> int: ...

    # claims
    def add_claim(self, claim: Claim, steps: Sequence[ClaimStep]) -> None: ...
    def claim(self, reference: str) -> Claim | None: ...
    def claims_of(self, person_id: str) -> list[Claim]: ...
    def claims_involving(self, person_id: str) -> list[Claim]: ...
    def update_claim(self, before: Claim, after: Claim, steps: Sequence[ClaimStep]) -> Claim: ...
    def every_claim_since(self, sent: datetime) -> Iterator[Claim]: ...
    def claims_with_status(
        self, statuses: Sequence[str], limit: int, offset: int = 0, kind: str = "", taken_by: str = ""
    ) -> list[Claim]: ...
    def count_claims(self) -> dict[tuple[str, str, str], int]: ...
    def claims_in_queue(self, wanted: ClaimsWanted, limit: int, offset: int = 0) -> list[Claim]: ...
    def count_claims_in_queue(self, wanted: ClaimsWanted) -> int: ...
    def claims_waiting_since(self, statuses: Sequence[str]) -> list[datetime]: ...
    def claims_decided_since(self, since: datetime) -> list[DecidedClaim]: ...
    def claims_decided_between(self, first: datetime, before: datetime, limit: int, offset: int = 0) -> list[Claim]: ...
    def days_to_decide(self, kind: str, since: datetime) -> list[timedelta]: ...
    def claims_to_pay(self, wanted: ClaimsToPay, limit: int) -> list[Claim]: ...
    def count_claims_to_pay(self, wanted: ClaimsToPay) -> int: ...
    def count_what_claims_wait_for(self) -> dict[str, int]: ...
    def add_claim_batch(self, batch: ClaimBatch, key: str) -> None: ...
    def claim_batch(self, reference: str) -> ClaimBatch | None: ...
    def claim_batch_by_key(self, officer_id: str, key: str) -> ClaimBatch | None: ...
    def claim_batches(self, limit: int, offset: int = 0) -> list[ClaimBatch]: ...
    def count_claim_batches(self) -> int: ...
    def note_file_of_claim_batch(self, batch: ClaimBatch) -> None: ...
    def claim_batch_lines_of(self, person_id: str) -> list[ClaimBatchLine]: ...
    def settle_claim_batch_line(self, line: ClaimBatchLine) -> None: ...
    def steps_of_claim(self, reference: str) -> list[ClaimStep]: ...
    def versions_of_claim(self, reference: str) -> list[Version]: ...
    def keep_claim_account(self, reference: str, person_id: str, digits: str) -> None: ...
    def claim_account(self, reference: str) -> str | None: ...
    def drop_claim_account(self, reference: str) -> None: ...
    def forget_claim_accounts(self, before: datetime) -> int: ...

    # documents
    def add_document(self, document: Document) -> None: ...
    def document(self, document_id: str) -> Document | None: ...
    def documents_of_case(self, case_kind: str, case_id: str) -> list[Document]: ...
    def documents_of(self, person_id: str) -> list[Document]: ...
    def update_document(self, before: Document, after: Document) -> bool: ...
    def hand_over_documents(self, person_id: str, case_kind: str, draft_id: str, reference: str, at: datetime) -> int: ...
    def drop_documents(self, document_ids: Iterable[str]) -> int: ...
    def next_document_to_look_at(self, at: datetime) -> Document | None: ...
    def documents_held(self) -> list[Document]: ...
    def every_document(self) -> Iterator[Document]: ...
    def count_documents_waiting(self) -> int: ...
    def count_documents_not_sent(self, person_id: str) -> int: ...
    def documents_left_behind(self, before: datetime) -> list[str]: ...
    def documents_among(self, document_ids: Iterable[str]) -> set[str]: ...

    # reminders
    def keep_subscription(self, subscription: Subscription) -> Subscription: ...
    def subscription_at(self, endpoint: str, or_gone: bool = False) -> Subscription | None: ...
    def subscription_marked(self, mark: str, or_gone: bool = False) -> Subscription | None: ...
    def subscriptions_of(self, person_ids: Iterable[str], numbers: Iterable[int] = ()) -> list[Subscription]: ...
    def subscriptions_ending(self, after: datetime, before: datetime) -> list[Subscription]: ...
    def last_subscription(self) -> int: ...
    def people_insured_until(self, first: date, last: date) -> list[str]: ...
    def drop_subscriptions(self, numbers: Iterable[int]) -> None: ...
    def mark_gone(self, numbers: Iterable[int], at: datetime) -> None: ...
    def forget_gone_subscriptions(self, before: datetime) -> int: ...
    def note_deliveries(self, delivered: Iterable[int], refused: Iterable[int], at: datetime, most_refusals: int) -> None: ...
    def benefits_looked_at(self, person_ids: Iterable[str]) -> dict[str, frozenset[str]]: ...
    def keep_benefits_looked_at(self, served: Mapping[str, frozenset[str]]) -> None: ...
    def people_with_planned(self, kind: Kind) -> list[str]: ...
    def hospitals_ending(self, on_or_after: date) -> list[str]: ...
    def plan_for_people(self, reminder: Reminder, person_ids: Iterable[str]) -> int: ...
    def plan_for_phone(self, reminder: Reminder, subscription: int) -> int: ...
    def plan_for_subscriptions(self, reminder: Reminder, after: int, through: int, window: str | None = None) -> int: ...
    def plan_for_accounts(self, reminder: Reminder, after: int, through: int, window: str | None = None) -> int: ...
    def plan_for_drafts(self, reminder: Reminder, draft: str, after: float, most: int) -> tuple[int, float | None]: ...
    def plan_for_members(self, reminder: Reminder, hospital_id: str, after: str, most: int) -> tuple[int, str]: ...
    def plans(self) -> dict[ReminderPlan, str]: ...
    def keep_plan(self, plan: ReminderPlan, through: str) -> None: ...
    def drop_plan(self, plan: ReminderPlan) -> None: ...
    def cancel_reminders(self, about: str, keep: Iterable[str] = (), most: int = -1) -> int: ...
    def cancel_kinds_of(self, person_id: str, kinds: Iterable[Kind], keep_about: str = "") -> int: ...
    def begin_sending(self, sender: str) -> None: ...
    def senders(self) -> dict[str, int]: ...
    def take_leases_from(self, sender: str) -> int: ...
    def is_anything_due(self, at: datetime, only_tests: bool) -> bool: ...
    def claim_reminders(self, sender: str, at: datetime, most: int, only_tests: bool) -> list[PlannedReminder] | None: ...
    def settle_reminders(self, sender: str, settled: Iterable[Settled]) -> None: ...
    def count_waiting(self, at: datetime) -> tuple[int, int]: ...
    def oldest_reminder_due(self, at: datetime) -> datetime | None: ...
    def resting(self) -> list[Resting]: ...
    def keep_resting(self, resting: Resting) -> None: ...
    def inbox_of(self, person_id: str, at: datetime, most: int) -> list[InboxEntry]: ...
    def count_unread(self, person_ids: Iterable[str], at: datetime) -> dict[str, int]: ...
    def mark_read(self, person_id: str, at: datetime, about: str | None = None) -> int: ...
    def forget_old_reminders(self, before: datetime, most: int) -> int: ...

    # calendar feeds
    def keep_calendar_feed(self, feed: CalendarFeed) -> None: ...
    def calendar_feed(self, token_hash: str) -> CalendarFeed | None: ...
    def calendar_feed_of(self, person_id: str) -> CalendarFeed | None: ...
    def drop_calendar_feed(self, person_id: str) -> None: ...

    # audit
    def add_entry(self, entry: Entry) -> int: ...
    def keep_reason_words(self, number: int, words: str, salt: str) -> None: ...
    def reason_words(self, number: int) -> tuple[str, str] | None: ...
    def has_opened(self, officer_id: str, about: str, since: datetime) -> bool: ...
    def last_reason_of(self, officer_id: str, about: str, since: datetime) -> tuple[str, str] | None: ...
    def entries_about(self, person_id: str, most: int) -> list[Entry]: ...
    def all_entries_about(self, person_id: str) -> list[Entry]: ...
    def has_signed_in(self, person_id: str) -> bool: ...
    def reads_with_words(self) -> list[tuple[int, str]]: ...
    def forget_reason_words(self, before: datetime) -> int: ...
    def unsealed_lines(self, most: int) -> list[Line]: ...
    def keep_batch(self, batch: Batch, leaves: Sequence[Leaf]) -> None: ...
    def is_marked_rightly(self, batch: Batch) -> bool | None: ...
    def last_batch(self) -> Batch | None: ...
    def batches(self) -> Iterator[Batch]: ...
    def leaves_of(self, batch: int) -> list[Leaf]: ...
    def lines_between(self, first: int, last: int) -> list[Line]: ...
    def unsealed_numbers(self) -> list[int]: ...
    def last_number_given(self) -> int: ...

    # consents and what is held of one person
    def add_consent(self, person_id: str, consent: Consent) -> None: ...
    def consents_of(self, person_id: str) -> list[Consent]: ...
    def people_who_agree(self, purpose: Purpose, text_version: str, after: int, most: int) -> dict[int, str]: ...
    def sessions_kept_of(self, person_id: str) -> list[Session]: ...
    def rows_about(self, table: str, person_id: str) -> list[dict[str, Any]]: ...
    def erase(self, person_id: str, but_session: str) -> dict[str, int]: ...
    def forget_benefits_looked_at(self, person_id: str) -> None: ...
    def give_phones_to_nobody(self, person_id: str) -> int: ...

    # keys
    def keys_in_use(self) -> KeysInUse: ...
    def parts_to_rotate(self) -> tuple[str, ...]: ...
    def write_anew(self, part: str, after: tuple[Any, ...] = (), most: int = ...) -> tuple[int, tuple[Any, ...]]: ...
    def sweep(self) -> None: ...

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
    government_channel: GovernmentChannel | None
    law_book: LawBook
    days_off: DaysOff
    push: Push
    passkeys: PasskeyProvider
    files: SealedFiles
    drawing: Drawing
    scanner: Scanner | None
    archives: Archives
    meter: Meter
