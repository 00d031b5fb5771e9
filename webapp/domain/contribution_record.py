"""What the office's record of months paid says: year by year, what they are enough for, which are missing, the cover after leaving.

Decided, since our facts name no day by which an employer has paid in and the office has booked it: a month may be called missing only once
it is over and another whole month has passed before the record's as-of day. On 22 November the newest month judged is September; October
and November, where they are not in the record, are "not in the record yet". A record without an as-of day has no missing month.
Missing is a month without a contribution in which, by the same record, the person was insured from its first to its last day, and either
the months next to it were both paid through an employer, or the record goes on saying "insured" with no month paid after. The month in
which being insured began is never called missing. Whether somebody worked in it nobody can see here: the page asks, it does not accuse.
Two employers in one month are one month, the wages added; where one of the two wages is not said, that month's wage is not known.
Put aside: reading the end of a job from the months alone for the cover after leaving: a late employer would look like a lost job.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from webapp.domain.average_wage import capped
from webapp.domain.dates import MONTHS_IN_A_YEAR, add_months, first_of_month, last_of_month, same_day_in_months
from webapp.domain.lawbook import START_NOT_KNOWN, Consulted, Law, LawBook, NotKnown, Value
from webapp.domain.money import Baht, total
from webapp.domain.person import Person

EMPLOYED = "33"
"""Sections are names of the office's, as the record writes them: 33 is paid through an employer, 39 by the person alone."""

COVERED_SECTIONS = frozenset({EMPLOYED, "39"})
WHOLE_MONTHS_TO_BOOK = 1
"""A rule of this house: how many whole months must lie between a month's end and the as-of day before it can be called missing."""


@dataclass(frozen=True)
class Line:
    """One line of the record: a month (its first day) with one employer; `wage` None where the office did not say."""

    month: date
    wage: Baht | None
    section: str = EMPLOYED
    account: str = ""
    employer: str = ""


@dataclass(frozen=True)
class MonthPaid:
    """A month paid, all its employers together: worked out when it is asked for, since most pages only ask whether it is there."""

    month: date
    lines: tuple[Line, ...]
    law: Consulted = field(compare=False, repr=False)

    @cached_property
    def wage(self) -> Baht | None:
        wages = [line.wage for line in self.lines if line.wage is not None]
        return total(wages) if len(wages) == len(self.lines) else None

    @cached_property
    def counts(self) -> Baht | None:
        """The wage within that month's own ceiling; None: not known."""
        try:
            return None if self.wage is None else capped(self.wage, self.month, self.law)
        except NotKnown:
            return None

    @cached_property
    def employers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.employer for line in self.lines if line.employer))

    @cached_property
    def accounts(self) -> frozenset[str]:
        return frozenset(line.account or line.employer for line in self.lines if line.account or line.employer)

    @cached_property
    def is_employed(self) -> bool:
        return any(line.section == EMPLOYED or (not line.section and line.account) for line in self.lines)


class Standing(StrEnum):
    PAID = "paid"
    NOT_PAID = "not_paid"
    MISSING = "missing"
    NOT_YET = "not_yet"
    OUTSIDE = "outside"
    """Before being insured, or still to come."""


@dataclass(frozen=True)
class Cell:
    """One month of the strip."""

    month: date
    standing: Standing
    is_now: bool
    paid: MonthPaid | None = None


@dataclass(frozen=True)
class Year:
    year: int
    cells: tuple[Cell, ...]

    def months(self, *standings: Standing) -> tuple[date, ...]:
        return tuple(cell.month for cell in self.cells if cell.standing in standings)


class Gap(StrEnum):
    """What stands around months that are missing."""

    SAME_EMPLOYER = "same_employer"
    ANOTHER_EMPLOYER = "another_employer"
    SAID_TO_BE_INSURED = "said_to_be_insured"


@dataclass(frozen=True)
class Missing:
    """Months in a row, first and last included; the employers by the names in the record, "" where it names none."""

    first: date
    last: date
    gap: Gap
    employer_before: str = ""
    employer_after: str = ""

    @property
    def months(self) -> tuple[date, ...]:
        return tuple(_months(self.first, self.last))


@dataclass(frozen=True)
class Record:
    """One person's months. `as_of`: the day up to which the office has told us."""

    person: Person
    months: Mapping[date, MonthPaid]
    as_of: date | None
    today: date

    @cached_property
    def first(self) -> date | None:
        """The month the strip begins with; None: nothing is known."""
        since = self.person.insured_from
        known = [*self.months, *([first_of_month(since)] if since and since <= self.today else [])]
        return max(min(known), START_NOT_KNOWN) if known else None

    @cached_property
    def until(self) -> date | None:
        """The last insured day; a day more than a year ahead is a way of writing that there is none."""
        until = self.person.insured_until
        return until if until and until <= add_months(self.today, MONTHS_IN_A_YEAR) else None

    @cached_property
    def newest_expected(self) -> date:
        """The newest month that ought to be in the record; before every month where no as-of day is known."""
        return add_months(self.as_of, -1 - WHOLE_MONTHS_TO_BOOK) if self.as_of else date.min

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """Newest first."""
        found = (self._missing(first, last) for first, last in _runs(self._unpaid_while_insured()))
        return tuple(reversed([one for one in found if one is not None]))

    @property
    def may_lack_months(self) -> bool:
        """Told from the months alone, without wages and employers: where nothing is unpaid after the first month paid, none is missing, for
        before that month no employer had paid yet."""
        if not self.months:
            return True
        later = _months(min(self.months), self.newest_expected)
        return any(month not in self.months and self._insured_throughout(month) for month in later)

    @cached_property
    def missing_months(self) -> frozenset[date]:
        return frozenset(month for one in self.missing for month in one.months)

    def missing_within(self, months: int) -> tuple[Missing, ...]:
        """Those that reach into the last so many months: older ones no window looks at any more."""
        start = add_months(self.today, -months)
        return tuple(one for one in self.missing if one.last >= start)

    def years(self) -> tuple[Year, ...]:
        """Every calendar year from the first month to today, newest first."""
        if self.first is None:
            return ()
        return tuple(self._year(year) for year in range(self.today.year, self.first.year - 1, -1))

    def standing(self, month: date) -> Standing:
        if month in self.months:
            return Standing.PAID
        if month in self.missing_months:
            return Standing.MISSING
        if self.first is None or month < self.first or month > first_of_month(self.today):
            return Standing.OUTSIDE
        return Standing.NOT_PAID if month <= self.newest_expected or self._had_left(month) else Standing.NOT_YET

    def _year(self, year: int) -> Year:
        months = [date(year, number, 1) for number in range(1, MONTHS_IN_A_YEAR + 1)]
        now = first_of_month(self.today)
        return Year(year, tuple(Cell(month, self.standing(month), month == now, self.months.get(month)) for month in months))

    def _had_left(self, month: date) -> bool:
        """Insured status had ended before the month, and the office has told us since."""
        return self.until is not None and self.until < month and self.as_of is not None and month <= self.as_of

    def _unpaid_while_insured(self) -> list[date]:
        if self.first is None or self.newest_expected < self.first:
            return []
        unpaid = (month for month in _months(self.first, self.newest_expected) if month not in self.months)
        return [month for month in unpaid if self._insured_throughout(month)]

    def _insured_throughout(self, month: date) -> bool:
        since, until = self.person.insured_from, self.until
        began = since is None or first_of_month(since) < month
        return self.person.section != "" and began and (until is None or until >= last_of_month(month))

    def _missing(self, first: date, last: date) -> Missing | None:
        before, after = self.months.get(add_months(first, -1)), self.months.get(add_months(last, 1))
        names = _name(before), _name(after)
        if before and after and before.is_employed and after.is_employed:
            same = bool(before.accounts & after.accounts)
            return Missing(first, last, Gap.SAME_EMPLOYER if same else Gap.ANOTHER_EMPLOYER, *names)
        goes_on = self.person.section == EMPLOYED and after is None and not any(month > last for month in self.months)
        if goes_on and (before.is_employed if before else not self.months):
            return Missing(first, last, Gap.SAID_TO_BE_INSURED, *names)
        return None


def record_of(person: Person, lines: Iterable[Line], as_of: date | None, today: date, law_book: LawBook) -> Record:
    """The record by month; `today` bounds the strip, `as_of` what can be missing."""
    by_month: dict[date, list[Line]] = {}
    for line in lines:
        by_month.setdefault(first_of_month(line.month), []).append(line)
    law = Consulted(law_book.on(today))
    return Record(person, {month: MonthPaid(month, tuple(by_month[month]), law) for month in sorted(by_month)}, as_of, today)


def _name(paid: MonthPaid | None) -> str:
    return paid.employers[0] if paid and paid.employers else ""


def _months(first: date, last: date) -> Iterable[date]:
    month = first
    while month <= last:
        yield month
        month = add_months(month, 1)


def _runs(months: Iterable[date]) -> list[tuple[date, date]]:
    """Months that follow each other, as first and last."""
    runs: list[tuple[date, date]] = []
    for month in months:
        if runs and add_months(runs[-1][1], 1) == month:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return runs


# Wages that the average can be worked out from


def wages_to_work_with(months: Mapping[date, MonthPaid], on: date, law: Law, for_old_age: bool = False) -> dict[date, Baht]:
    """The stated wage of each month up to `on`; empty where one of the months that the average looks at has none in the record: an average
    over the others would be another average. `for_old_age`: the average over the last years, not that of cash benefits."""
    paid = [month for month in sorted(months) if month <= on]
    looked_at = _last_months(paid, law) if for_old_age else _months_before(paid, on, law)
    if not looked_at or any(months[month].counts is None for month in looked_at):
        return {}
    known = {month: months[month] for month in paid}
    return {month: one.wage for month, one in known.items() if one.wage is not None and one.counts is not None}


def _last_months(paid: list[date], law: Law) -> list[date]:
    return paid[-law.read("old_age.average_months", int) :]


def _months_before(paid: list[date], on: date, law: Law) -> list[date]:
    """The nine before the month of `on`, or the last three where one of the nine is not paid (as average_wage.py does)."""
    window = [add_months(on, -back) for back in range(law.read("average_wage.months_looked_at", int), 0, -1)]
    before = [month for month in paid if month < first_of_month(on)]
    return window if set(window) <= set(before) else before[-law.read("average_wage.months_counted", int) :]


# What the months are enough for


@dataclass(frozen=True)
class Need:
    """So many months, for what: a benefit's name, or survivors_allowance, survivors_long, pension, hospital_change."""

    serves: str
    needed: int
    is_met: bool
    citation: Value


@dataclass(frozen=True)
class Counted:
    """Months paid in the `within` months before this one; `within` None: in all."""

    within: int | None
    paid: int
    needs: tuple[Need, ...]


WINDOWED = ("hospital_change", "sickness", "dental", "maternity", "invalidity", "unemployment", "child_allowance", "death")
IN_ALL = {
    "survivors_allowance": "death.survivors_months_paid",
    "survivors_long": "death.survivors_long_months_paid",
    "pension": "old_age.pension_months",
}


def counts(record: Record, law: Law) -> tuple[Counted, ...]:
    """One for each window the law of the day looks at, and one in all; the window with most uses first."""
    by_window: dict[int, list[tuple[str, Value]]] = {}
    for name in WINDOWED:
        if law.is_known(f"{name}.months_paid") and law.is_known(f"{name}.months_paid_within"):
            by_window.setdefault(law.read(f"{name}.months_paid_within", int), []).append((name, law.value(f"{name}.months_paid")))
    windows = sorted(by_window, key=lambda within: -len(by_window[within]))
    counted = [_counted(within, months_in(record, within, record.today), by_window[within]) for within in windows]
    in_all = [(name, law.value(key)) for name, key in IN_ALL.items() if law.is_known(key)]
    return (*counted, _counted(None, len(record.months), in_all))


def months_in(record: Record, within: int, before: date) -> int:
    """Months paid among the calendar months before the month of `before`."""
    end = first_of_month(before)
    start = add_months(end, -within)
    return sum(start <= month < end for month in record.months)


def _counted(within: int | None, paid: int, needs: Iterable[tuple[str, Value]]) -> Counted:
    sized = [(serves, value, value.read(int)) for serves, value in needs]
    return Counted(within, paid, tuple(Need(serves, needed, paid >= needed, value) for serves, value, needed in sized))


def enough_months(record: Record, benefit: str, on: date, law: Consulted) -> bool:
    """Whether the months before `on` are enough by the law of `on`; raises NotKnown in a gap."""
    of_the_day = law.of(on)
    return months_in(record, of_the_day.number(f"{benefit}.months_paid_within"), on) >= of_the_day.number(f"{benefit}.months_paid")


# The cover after leaving work


class CoverState(StrEnum):
    INSURED = "insured"
    """Still insured: the days are those of somebody whose insurance ended today."""
    ENDS = "ends"
    COVERED = "covered"
    OVER = "over"


@dataclass(frozen=True)
class CoveredFor:
    """`until`: the last day of the cover on which the months already paid are enough too; None: they are not enough now."""

    benefit: str
    until: date | None


@dataclass(frozen=True)
class Cover:
    """The cover that follows the end of insured status. `ended_on` is the last insured day (today, where still insured).

    `section_39_by`: the last day to ask to go on as section 39; None for somebody who was not under section 33, or is past it.
    """

    state: CoverState
    ended_on: date
    until: date
    days_left: int
    benefits: tuple[CoveredFor, ...]
    section_39_by: date | None
    law: tuple[Value, ...]


def cover_after(record: Record, law_book: LawBook) -> Cover | None:
    """None: the record names no section that such a cover follows, or months of a job after the end it names. The months are counted from
    the last insured day to the day of the same number: of the readings possible the one that ends first."""
    person, today = record.person, record.today
    if person.section not in COVERED_SECTIONS or _worked_after_the_end(record):
        return None
    law = Consulted(law_book.on(today))
    ended_on = record.until or today
    if not law_book.on(ended_on).is_known("coverage.months_after_leaving"):
        return None
    until = covered_until(ended_on, law)
    for_benefits = tuple(CoveredFor(name, _enough_until(record, name, ended_on, until, law)) for name in _covered_benefits(law))
    apply_by = same_day_in_months(ended_on, law.number("coverage.section_39_apply_within"))
    can_apply = person.section == EMPLOYED and apply_by >= today
    return Cover(
        state=_cover_state(record.until, until, today),
        ended_on=ended_on,
        until=until,
        days_left=max((until - today).days, 0),
        benefits=for_benefits,
        section_39_by=apply_by if can_apply else None,
        law=law.used,
    )


def _worked_after_the_end(record: Record) -> bool:
    until = record.until
    return until is not None and any(month > until and paid.is_employed for month, paid in record.months.items())


def covered_until(ended_on: date, law: Consulted) -> date:
    """The last day of cover after insured status ended on that day."""
    return same_day_in_months(ended_on, law.of(ended_on).number("coverage.months_after_leaving"))


def _covered_benefits(law: Consulted) -> tuple[str, ...]:
    return law.read("coverage.benefits_after_leaving", tuple)


def _cover_state(ended_on: date | None, until: date, today: date) -> CoverState:
    if ended_on is None:
        return CoverState.INSURED
    if ended_on >= today:
        return CoverState.ENDS
    return CoverState.COVERED if until >= today else CoverState.OVER


def _enough_until(record: Record, benefit: str, ended_on: date, until: date, law: Consulted) -> date | None:
    """Month by month through the cover, with nothing more paid in: months fall out of the window on the way. Of somebody still insured the
    newest months are not in the record yet: enough today is then taken to last."""
    if record.until is None:
        return until if enough_months(record, benefit, record.today, law) else None
    last: date | None = None
    first = max(ended_on, min(record.today, until))
    for month in _months(first_of_month(first), until):
        if not enough_months(record, benefit, max(month, first), law):
            break
        last = min(last_of_month(month), until)
    return last
