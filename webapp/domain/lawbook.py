"""The statute book: dated values with their citation, read as `law = book.on(day)`.

Decided: a value carries its law, its source and its confidence wherever it goes, because a page that prints a number prints them too.
A period for which nobody knows the value is a declared `Gap`, not a hole: the page says "not known, call 1506" instead of failing.
Put aside: attributes (`law.hospital_change.cut_off_time`), which hide the key that the open API and the law files print; and one Python
module per year, in which a reader cannot see what changed.
Reading files is the adapter's work (adapters/lawbook_toml.py); what a sound history of a key is, is said here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TypeVar

START_NOT_KNOWN = date(1990, 1, 1)
"""Stands for "since when is not known" (the year of the Act, B.E. 2533); `Value.since_is_known` tells the two apart."""

TO_BE_CONFIRMED = "to be confirmed"
"""The only allowed text of `law` where the facts name no instrument."""

CONFIDENCES = ("H", "M", "L", "mem")
"""Two sources or an official one · one good source · weak · general knowledge, unverified."""

NOT_KNOWN, NOT_IN_FORCE = "not known", "not in force"


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

    @property
    def since_is_known(self) -> bool:
        return self.since != START_NOT_KNOWN

    @property
    def is_confirmed(self) -> bool:
        """False: shown to people with "being confirmed: call 1506" (the house rule of facts/law.md)."""
        return self.confidence == "H"

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

    def on(self, day: date) -> "Law":
        return Law(self, day)

    def history(self, key: str) -> tuple[Entry, ...]:
        """All entries of a key, oldest first, gaps included."""
        try:
            return self.histories[key]
        except KeyError:
            raise NoSuchLaw(key) from None

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(sorted(self.histories))


@dataclass(frozen=True)
class Law:
    """The law of one day."""

    book: LawBook
    day: date

    def entry(self, key: str) -> Entry:
        """The value in force, or the gap that stands in its place (also before the first known entry)."""
        history = self.book.history(key)
        for entry in history:
            if entry.since <= self.day and (entry.until is None or self.day <= entry.until):
                return entry
        return Gap(key, date.min, history[0].since - timedelta(days=1), NOT_KNOWN, source=history[0].source, checked=None)

    def value(self, key: str) -> Value:
        """The value with its citation; raises NotKnown in a gap."""
        entry = self.entry(key)
        if isinstance(entry, Gap):
            raise NotKnown(entry, self.day)
        return entry

    def __getitem__(self, key: str) -> Reading:
        return self.value(key).value

    def read(self, key: str, kind: type[T]) -> T:
        """The bare value where the rule needs a certain type: `law.read("hospital_change.cut_off_time", time)`."""
        value = self.value(key).value
        if not isinstance(value, kind):
            raise TypeError(f"{key} is {type(value).__name__}, the rule wants {kind.__name__}")
        return value

    def is_known(self, key: str) -> bool:
        return isinstance(self.entry(key), Value)

    @property
    def values(self) -> tuple[Value, ...]:
        """Everything in force that day, by key."""
        entries = (self.entry(key) for key in self.book.keys)
        return tuple(entry for entry in entries if isinstance(entry, Value))


def law_book(entries: Iterable[Entry]) -> LawBook:
    """A book from loose entries in any order; raises BrokenHistory naming the key."""
    histories: dict[str, list[Entry]] = {}
    for entry in entries:
        histories.setdefault(entry.key, []).append(entry)
    return LawBook({key: _sound(key, sorted(history, key=lambda entry: entry.since)) for key, history in histories.items()})


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
