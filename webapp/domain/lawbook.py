"""The statute book: dated values with their citation, read as `law = book.on(day)`.

Decided: a value carries its law, its source and its confidence wherever it goes, because a page that prints a number prints them too.
A period for which nobody knows the value is a declared `Gap`, not a hole: the page says "not known, call 1506" instead of failing.
Put aside: attributes (`law.hospital_change.cut_off_time`), which hide the key that the open API and the law files print; and one Python
module per year, in which a reader cannot see what changed.
Reading files is the adapter's work (adapters/lawbook_toml.py); what a sound history of a key is, is said here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from webapp.domain.dates import same_day_in_months

START_NOT_KNOWN = date(1990, 1, 1)
"""Stands for "since when is not known" (the year of the Act, B.E. 2533); `Value.since_is_known` tells the two apart."""

TO_BE_CONFIRMED = "to be confirmed"
"""The only allowed text of `law` where the facts name no instrument."""

CONFIDENCES = ("H", "M", "L", "mem")
"""Two sources or an official one · one good source · weak · general knowledge, unverified."""

NOT_KNOWN, NOT_IN_FORCE = "not known", "not in force"

CHECKED_EVERY_MONTHS = 12
"""A rule of this house, not of the law: after so long a value is looked up again (pages say so, `sitthi check` fails)."""

PRINTED_KINDS = ("superseded", "error", "outdated", "expired", "incomplete", "garbled", "ambiguous", "missing", "imprecise", "one instance")
"""In what way a page in people's hands differs from the law (the table of facts/law.md)."""


@dataclass(frozen=True, order=True)
class MonthDay:
    """A day that comes every year, such as 31 March."""

    month: int
    day: int

    def in_year(self, year: int) -> date:
        return date(year, self.month, self.day)


Reading = Decimal | int | str | time | MonthDay | tuple[str, ...]
T = TypeVar("T", Decimal, int, str, time, MonthDay, tuple[str, ...])


@dataclass(frozen=True)
class Value:
    """One number of the law from `since` to `until`, both days included; `until` None: still in force."""

    key: str
    since: date
    until: date | None
    value: Reading
    unit: str
    law: str
    source: str
    confidence: str
    checked: date
    since_confidence: str = ""
    """Set only where the day it began is less sure than the value itself (facts/law.md: "value H, day mem")."""

    @property
    def since_is_known(self) -> bool:
        return self.since != START_NOT_KNOWN

    @property
    def is_confirmed(self) -> bool:
        """False: shown to people with "being confirmed: call 1506" (the house rule of facts/law.md)."""
        return self.confidence == "H"

    @property
    def since_is_confirmed(self) -> bool:
        """False: who stands close to that day is told that the day is being confirmed."""
        return self.since_is_known and (self.since_confidence or self.confidence) == "H"

    def is_stale(self, today: date) -> bool:
        """Nobody has looked it up for more than `CHECKED_EVERY_MONTHS` months."""
        return same_day_in_months(self.checked, CHECKED_EVERY_MONTHS) < today

    def read(self, kind: type[T]) -> T:
        """The bare value where the rule needs a certain type; TypeError otherwise."""
        if not isinstance(self.value, kind):
            raise TypeError(f"{self.key} is {type(self.value).__name__}, the rule wants {kind.__name__}")
        return self.value

    def as_plain(self) -> dict[str, Any]:
        """The contract's JSON of a value: counts as numbers, lists as lists, money and percents as decimal strings."""
        match self.value:
            case tuple():
                plain: Any = list(self.value)
            case int():
                plain = self.value
            case _:
                plain = self.text
        return {
            "key": self.key,
            "value": plain,
            "unit": self.unit,
            "since": self.since.isoformat() if self.since_is_known else None,
            "until": self.until.isoformat() if self.until else None,
            "law": self.law,
            "source": self.source,
            "confidence": self.confidence,
        }

    @property
    def text(self) -> str:
        """The value as the API and the command line print it: 16:30, 03-31, 17500, "33, 39"."""
        match self.value:
            case time():
                return self.value.strftime("%H:%M")
            case MonthDay(month, day):
                return f"{month:02}-{day:02}"
            case tuple():
                return ", ".join(self.value)
            case _:
                return str(self.value)


@dataclass(frozen=True)
class Gap:
    """A period without a value, said on purpose; `why` is "not known" (call 1506) or "not in force"."""

    key: str
    since: date
    until: date | None
    why: str
    source: str
    checked: date | None


Entry = Value | Gap


@dataclass(frozen=True)
class PrintedElsewhere:
    """What a page that people have in hand prints for `key`; `on_page` is the benefit (the law file) whose page says so in a line.

    The value that counts, and since when, is not repeated here: the book knows it (`Law.differing`).
    """

    key: str
    on_page: str
    says: Decimal | int | str
    kind: str
    source: str
    printed: int
    """The year the page bears (CE)."""


@dataclass(frozen=True)
class Differing:
    """A page says one thing, the law of the day another (or, in a gap, nothing known)."""

    printed: PrintedElsewhere
    law: Entry


class NotKnown(Exception):
    """The law asked for has no value on that day; `gap` says why."""

    def __init__(self, gap: Gap, on: date) -> None:
        super().__init__(f"{gap.key} has no value on {on}: {gap.why}")
        self.gap, self.on = gap, on


class NoSuchLaw(LookupError):
    """The book has no such key: a slip in the program, never in what a person typed."""


class BrokenHistory(ValueError):
    """The entries of one key overlap or leave a hole that nobody declared."""


@dataclass(frozen=True)
class LawBook:
    """Every key with its history, oldest entry first. Build it with `law_book`, which refuses broken histories."""

    histories: Mapping[str, tuple[Entry, ...]]
    printed_elsewhere: tuple[PrintedElsewhere, ...] = ()

    def on(self, day: date) -> "Law":
        return Law(self, day)

    def history(self, key: str) -> tuple[Entry, ...]:
        """All entries of a key, oldest first, gaps included."""
        try:
            return self.histories[key]
        except KeyError:
            raise NoSuchLaw(key) from None

    def entry(self, key: str, day: date) -> Entry:
        """What holds on a day: the last entry that has begun, since a sound history leaves no hole between two entries."""
        history = self.history(key)
        for entry in reversed(history):
            if entry.since <= day:
                return entry
        return Gap(key, date.min, history[0].since - timedelta(days=1), NOT_KNOWN, source=history[0].source, checked=None)

    def value(self, key: str, day: date) -> Value:
        """Raises NotKnown in a gap."""
        entry = self.entry(key, day)
        if isinstance(entry, Gap):
            raise NotKnown(entry, day)
        return entry

    def is_known(self, key: str, day: date) -> bool:
        return isinstance(self.entry(key, day), Value)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(sorted(self.histories))


@dataclass(frozen=True)
class Law:
    """The law of one day."""

    book: LawBook
    day: date

    def entry(self, key: str) -> Entry:
        """The value in force, or the gap that stands in its place (also before the first known entry)."""
        return self.book.entry(key, self.day)

    def value(self, key: str) -> Value:
        """The value with its citation; raises NotKnown in a gap."""
        return self.book.value(key, self.day)

    def __getitem__(self, key: str) -> Reading:
        return self.value(key).value

    def read(self, key: str, kind: type[T]) -> T:
        """The bare value where the rule needs a certain type: `law.read("hospital_change.cut_off_time", time)`."""
        return self.value(key).read(kind)

    def is_known(self, key: str) -> bool:
        return self.book.is_known(key, self.day)

    @property
    def values(self) -> tuple[Value, ...]:
        """Everything in force that day, by key."""
        entries = (self.entry(key) for key in self.book.keys)
        return tuple(entry for entry in entries if isinstance(entry, Value))

    def replaced_since(self, key: str, day: date) -> tuple[Entry, ...]:
        """What was replaced by something else from `day` to the law's own day, newest first; a `Gap` where nothing is known before."""
        told = [entry for entry in self.book.history(key) if entry.since <= self.day]
        if told and told[0].since != START_NOT_KNOWN:
            told.insert(0, Gap(key, date.min, told[0].since - timedelta(days=1), NOT_KNOWN, told[0].source, checked=None))
        pairs = zip(told, told[1:], strict=False)
        return tuple(before for before, after in pairs if after.since >= day and _says(before) != _says(after))[::-1]

    def to_come(self, key: str) -> tuple[Entry, ...]:
        """What will say something else after this day, as far as the book knows, nearest first."""
        history = self.book.history(key)
        pairs = zip(history, history[1:], strict=False)
        return tuple(after for before, after in pairs if after.since > self.day and _says(before) != _says(after))

    def differing(self, page: str) -> tuple[Differing, ...]:
        """What pages elsewhere print otherwise about this benefit; nothing where they agree with the law of the day."""
        both = (Differing(printed, self.entry(printed.key)) for printed in self.book.printed_elsewhere if printed.on_page == page)
        return tuple(pair for pair in both if not (isinstance(pair.law, Value) and pair.law.value == pair.printed.says))


def _says(entry: Entry) -> Reading:
    return entry.value if isinstance(entry, Value) else entry.why


@dataclass
class Consulted:
    """The law of a day that remembers what it was asked, so that an answer can name every value it rests on.

    `seen` is shared between the days one rule looks at (the ceiling of each month), and keeps the order of asking; by identity, because the
    book holds each value once and to compare them field by field costs more than the rule.
    """

    law: Law
    seen: dict[int, Value] = field(default_factory=dict)

    @property
    def used(self) -> tuple[Value, ...]:
        return tuple(self.seen.values())

    def of(self, day: date) -> "Consulted":
        return Consulted(self.law.book.on(day), self.seen)

    def value(self, key: str) -> Value:
        """Raises NotKnown in a gap."""
        return self.value_on(key, self.law.day)

    def value_on(self, key: str, day: date) -> Value:
        """One value of another day: what `of(day).value(key)` says, for hundreds of months."""
        value = self.law.book.value(key, day)
        self.seen[id(value)] = value
        return value

    def read(self, key: str, kind: type[T]) -> T:
        return self.value(key).read(kind)

    def number(self, key: str) -> int:
        return self.read(key, int)


def law_book(entries: Iterable[Entry], printed_elsewhere: Iterable[PrintedElsewhere] = ()) -> LawBook:
    """A book from loose entries in any order; raises BrokenHistory naming the key."""
    histories: dict[str, list[Entry]] = {}
    for entry in entries:
        histories.setdefault(entry.key, []).append(entry)
    sound = {key: _sound(key, sorted(history, key=lambda entry: entry.since)) for key, history in histories.items()}
    printed = tuple(printed_elsewhere)
    if strange := next((line.key for line in printed if line.key not in sound), None):
        raise BrokenHistory(f"{strange}: printed elsewhere, but the book has no such key")
    return LawBook(sound, printed)


def _sound(key: str, history: list[Entry]) -> tuple[Entry, ...]:
    if isinstance(history[0], Gap):
        raise BrokenHistory(f"{key}: begins with a gap")
    for entry in history:
        if entry.until is not None and entry.until < entry.since:
            raise BrokenHistory(f"{key}: the entry since {entry.since} ends before it begins")
    for before, after in zip(history, history[1:], strict=False):
        _must_meet(key, before, after)
    if history[-1].until is not None:
        raise BrokenHistory(f"{key}: undeclared gap after {history[-1].until}")
    return tuple(history)


def _must_meet(key: str, before: Entry, after: Entry) -> None:
    if before.until is None or before.until >= after.since:
        raise BrokenHistory(f"{key}: the entries since {before.since} and since {after.since} overlap")
    if before.until + timedelta(days=1) != after.since:
        raise BrokenHistory(f"{key}: undeclared gap between {before.until} and {after.since}")
