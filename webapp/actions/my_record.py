"""What the office's record says of the person who asks: months, cover, months missing, money still to be claimed. Nothing is written.

Decided: the day as of which the record stands is the older of two: when the office last told us about the person, and when about months at
all. A month is never called missing on the word of a file that came before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from webapp.domain.contribution_record import Counted, Cover, Line, Missing, Record, counts, cover_after, record_of
from webapp.domain.dates import in_bangkok
from webapp.domain.lawbook import NotKnown
from webapp.domain.money import Baht
from webapp.domain.person import Person
from webapp.domain.still_claimable import StillClaimable, still_claimable
from webapp.ports import Tools


@dataclass(frozen=True)
class MyMonths:
    """One page's worth; `cover` None: the record does not say when being insured ended."""

    record: Record
    as_of: datetime | None
    counts: tuple[Counted, ...]
    cover: Cover | None


def my_months(tools: Tools, person: Person) -> MyMonths:
    """Everything the page of months shows."""
    when = told(tools, person)
    record = record_for(tools, person, when)
    return MyMonths(
        record=record,
        as_of=when.as_of,
        counts=counts(record, tools.law_book.on(record.today)),
        cover=cover_after(record, tools.law_book) if record.months else None,
    )


def my_open_claims(tools: Tools, person: Person) -> StillClaimable | None:
    """What may still be claimed; None: today's law is not known."""
    name = tools.store.name_of(person.id)
    try:
        return still_claimable(record_for(tools, person), tools.law_book, name.birth_date if name else None)
    except NotKnown:
        return None


@dataclass(frozen=True)
class Told:
    """When the office last told us of a person, and of anybody's months."""

    of_person: datetime | None
    of_months: datetime | None

    @property
    def as_of(self) -> datetime | None:
        """The time as of which what we show of this person stands."""
        return min((time for time in (self.of_person, self.of_months) if time is not None), default=None)


def told(tools: Tools, person: Person) -> Told:
    return Told(tools.store.record_as_of(person.id), tools.store.months_as_of())


def missing_lately(tools: Tools, person: Person, when: Told | None = None) -> tuple[Missing, ...]:
    """Months missing within the longest window that a benefit looks back at, newest first: what is said on other pages too. Wages and
    employers are asked for only where a month is unpaid at all."""
    when = when or told(tools, person)
    if not _record(tools, person, (Line(month, None) for month in person.months_paid), when).may_lack_months:
        return ()
    law = tools.law_book.on(tools.clock.today())
    windows = [law.read(key, int) for key in tools.law_book.keys if key.endswith(".months_paid_within") and law.is_known(key)]
    return record_for(tools, person, when).missing_within(max(windows, default=0))


def record_for(tools: Tools, person: Person, when: Told | None = None) -> Record:
    """The record of months with wages and employers; `when` spares asking the store when it was told."""
    when = when or told(tools, person)
    lines = [
        Line(
            month=date.fromisoformat(f"{row.month}-01"),
            wage=None if row.wage is None else Baht.of(row.wage),
            section=row.section,
            account=row.employer_account,
            employer=row.employer_name,
        )
        for row in tools.store.contributions_of(person.id)
    ]
    return _record(tools, person, lines, when)


def _record(tools: Tools, person: Person, lines: Iterable[Line], when: Told) -> Record:
    stands = when.as_of if when.of_months else None
    return record_of(person, lines, in_bangkok(stands).date() if stands else None, tools.clock.today(), tools.law_book)


def as_of(tools: Tools, person: Person) -> datetime | None:
    """The time as of which what we show of this person stands."""
    return told(tools, person).as_of
