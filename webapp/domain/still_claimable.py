"""Money that may still be claimed for the last two years, worked out from the record of months alone, each with its last day.

Decided: the record knows months, wages and the end of insured status; it does not know what happened to somebody, nor what was paid out
already. So each row is a stretch of days on which the months were enough by the law of each of them: "if it happened between … and …".
Its first last day to claim belongs to the earliest day still open, its final one to the latest. The sums are those of the checker itself
(the benefit's own rule), for somebody who answers its other questions in the usual way; they run from the lowest to the highest of the
stretch. What ends soonest comes first. Death is left out: who reads this lives.
Days after the end of insured status count only for the benefits of the cover that follows, and teeth go with sickness (one heading in our
facts); where the record names no section, being insured is taken to end with the last month paid.
Where two readings of a day are possible, the one that ends earlier is taken: a month's child allowance falls due on its first day, and a
job that the record sees end in some month ended on that month's first day.
Put aside: asking "when did it happen?" here again: the checker asks it, knows the record, and says the day to claim by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from webapp.domain.answers import WAGES, Answers
from webapp.domain.assessment import Amount, Assessment, Outcome, Per
from webapp.domain.benefits import catalogue
from webapp.domain.contribution_record import (
    COVERED_SECTIONS,
    EMPLOYED,
    Record,
    covered_until,
    enough_months,
    months_in,
    wages_to_work_with,
)
from webapp.domain.dates import MONTHS_IN_A_YEAR, add_months, first_of_month, last_of_month, same_day_in_months
from webapp.domain.lawbook import Consulted, Law, LawBook, NotKnown, Value
from webapp.domain.money import Baht, total

A_DAY = timedelta(days=1)


class Event(StrEnum):
    """What has to have happened between the first and the last day."""

    TREATMENT = "treatment"
    DENTIST = "dentist"
    BIRTH = "birth"
    INVALIDITY = "invalidity"
    CHILD = "child"
    JOB_ENDED = "job_ended"
    OLD_AGE = "old_age"


@dataclass(frozen=True)
class Sum:
    """An amount by the law of the event's day, from `low` to `high` over the stretch; `case` tells apart sums of one code."""

    code: str
    low: Baht
    high: Baht
    per: Per
    case: str = ""


@dataclass(frozen=True)
class Claimable:
    """If the event happened from `first` to `last`: `claim_by` is the last day for `first`, `claim_last` for `last`.

    `sums` empty: a wage is missing in the record. `register_by`: the day by which to have registered as unemployed, counted from `first`.
    """

    benefit: str
    event: Event
    first: date
    last: date
    claim_by: date
    claim_last: date
    sums: tuple[Sum, ...]
    months: int = 0
    register_by: date | None = None


@dataclass(frozen=True)
class StillClaimable:
    """`since`: the earliest day that can still be claimed for at all; `law`: every value these rows rest on."""

    since: date
    rows: tuple[Claimable, ...]
    law: tuple[Value, ...]


@dataclass(frozen=True)
class _Look:
    """What every row is worked out from."""

    record: Record
    law: Consulted
    since: date
    wages: dict[date, dict[date, Baht]] = field(default_factory=dict)
    """Those known on a day, for the benefits that pay a part of the wage: looked up once for all of them."""

    @property
    def today(self) -> date:
        return self.record.today

    @property
    def book(self) -> LawBook:
        return self.law.law.book

    def claim_by(self, day: date) -> date:
        return same_day_in_months(day, self.law.of(day).number("claims.years") * MONTHS_IN_A_YEAR)

    def assess(self, name: str, on: date, **answers: Any) -> Assessment:
        """As the checker would, with the months and wages of the record."""
        benefit, law = catalogue.benefit(name), self.book.on(on)
        counted = {window: months_in(self.record, within, on) for window, within in _windows(benefit, law)}
        found = benefit.assess(Answers({**counted, WAGES: self._wages(name, on), **answers}), on, self.book)
        self.law.seen.update({id(value): value for value in found.law})
        return found

    def _wages(self, name: str, on: date) -> dict[date, Baht]:
        if name == "old_age":
            return wages_to_work_with(self.record.months, on, self.book.on(on), for_old_age=True)
        if on not in self.wages:
            self.wages[on] = wages_to_work_with(self.record.months, on, self.book.on(on))
        return self.wages[on]

    @property
    def insured_through(self) -> date:
        """The last day of being insured that can matter today."""
        person, months, until = self.record.person, self.record.months, self.record.until
        if person.section in COVERED_SECTIONS:
            goes_on = until is None or any(month > until for month in months)
            return self.today if goes_on else min(until or self.today, self.today)
        return min(last_of_month(max(months)), self.today) if months else date.min

    @property
    def covered_through(self) -> date:
        """The same with the cover that follows an end the record names."""
        if self.insured_through == self.today or self.record.person.section not in COVERED_SECTIONS:
            return self.insured_through
        return min(covered_until(self.insured_through, self.law), self.today)


def still_claimable(record: Record, law_book: LawBook, born: date | None = None) -> StillClaimable:
    """Rows by their first last day, then by their final one; `born` for the money of old age, where it is known."""
    law = Consulted(law_book.on(record.today))
    look = _Look(record, law, _earliest(record.today, law.number("claims.years")))
    rows = [*_any_day(look), *_child_allowance(look), *_job_ends(look), *_old_age(look, born)]
    order = {name: place for place, name in enumerate(catalogue.BENEFITS)}
    rows.sort(key=lambda row: (row.claim_by, row.claim_last, order[row.benefit]))
    return StillClaimable(look.since, tuple(rows), law.used)


def _earliest(today: date, years: int) -> date:
    """The first day whose last day to claim has not passed: the same day `years` ago, or the next one (asked on 29 February)."""
    day = same_day_in_months(today, -years * MONTHS_IN_A_YEAR)
    return day if same_day_in_months(day, years * MONTHS_IN_A_YEAR) >= today else day + A_DAY


def _windows(benefit: catalogue.Benefit, law: Law) -> Iterator[tuple[str, int]]:
    for question in benefit.questions:
        if question.name.startswith("months_paid_in_"):
            yield question.name, question.highest(law) or 0


# Things that may have happened on any day


def _any_day(look: _Look) -> Iterator[Claimable]:
    covered = look.law.read("coverage.benefits_after_leaving", tuple)
    for name, event, answers in (("sickness", Event.TREATMENT, _ILL), ("maternity", Event.BIRTH, _MOTHER)):
        for first, last in _stretches(name, look, look.covered_through if name in covered else look.insured_through):
            yield _row(look, name, event, first, last, [("", answers)])
    for first, last in _stretches("dental", look, look.covered_through if "sickness" in covered else look.insured_through):
        for start, end in _by_year(first, last):
            yield _row(look, "dental", Event.DENTIST, start, end, [("", _AT_THE_DENTIST)])
    for first, last in _stretches("invalidity", look, look.covered_through if "invalidity" in covered else look.insured_through):
        yield _row(look, "invalidity", Event.INVALIDITY, first, last, [("not_severe", _LOSS), ("severe", _SEVERE_LOSS)])


Asked = Mapping[str, Any]
"""Answers as one usually has them; a text is the key of the law whose value of the day is meant."""

_ILL: Asked = {"employer_sick_leave_used": True}
_PRENATAL: Asked = {"prenatal_cost": "=maternity.prenatal_care"}
_MOTHER: Asked = {"parent": "mother", "other_parent_claimed": False, "leave_allowances_before": 0, **_PRENATAL}
_AT_THE_DENTIST: Asked = {"treatment": "basic", "cost": "=dental.basic_a_year", "used_this_year": Baht.of(0)}
_LOSS: Asked = {"loss_percent": "=invalidity.loss_at_least"}
_SEVERE_LOSS: Asked = {"loss_percent": "=invalidity.severe_loss"}
_CAUSES: Sequence[tuple[str, Asked]] = tuple((cause, {"cause": cause, "dismissed_for_fault": False}) for cause in ("laid_off", "resigned"))
_A_CHILD: Asked = {"children": (0,)}
_MONEY_ASKED = frozenset({"prenatal_cost", "cost"})


def _answers(asked: Asked, law: Law) -> dict[str, Any]:
    """`=key` replaced by the law's own figure of the day: the most that is paid back, the least loss that counts."""
    return {name: _of_the_day(name, answer, law) for name, answer in asked.items()}


def _of_the_day(name: str, answer: Any, law: Law) -> Any:
    if not (isinstance(answer, str) and answer.startswith("=")):
        return answer
    figure = law.read(answer[1:], Decimal)
    return Baht.of(figure) if name in _MONEY_ASKED else figure


def _stretches(name: str, look: _Look, until: date) -> list[tuple[date, date]]:
    """Days in a row, first and last, on which the months were enough by the law of the day."""
    runs: list[tuple[date, date]] = []
    starts = _days_that_matter(name, look, look.since, until)
    for start, after in zip(starts, [*starts[1:], until + A_DAY], strict=False):
        if not _enough(name, look, start):
            continue
        if runs and runs[-1][1] + A_DAY == start:
            runs[-1] = (runs[-1][0], after - A_DAY)
        else:
            runs.append((start, after - A_DAY))
    return runs


def _enough(name: str, look: _Look, on: date) -> bool:
    try:
        return enough_months(look.record, name, on, look.law)
    except NotKnown:
        return False


def _days_that_matter(name: str, look: _Look, first: date, last: date) -> list[date]:
    """The days on which months, ceilings or the law can make a difference: the first, each first of a month, each new value."""
    if last < first:
        return []
    days = {first}
    month = add_months(first, 1)
    while month <= last:
        days.add(month)
        month = add_months(month, 1)
    changes = (entry.since for key in look.book.keys if key.startswith(f"{name}.") for entry in look.book.history(key))
    return sorted(days | {day for day in changes if first < day <= last})


def _by_year(first: date, last: date) -> Iterator[tuple[date, date]]:
    for year in range(first.year, last.year + 1):
        yield max(first, date(year, 1, 1)), min(last, date(year, MONTHS_IN_A_YEAR, 31))


Cases = Iterable[tuple[str, Asked]]


def _row(look: _Look, name: str, event: Event, first: date, last: date, cases: Cases, **more: Any) -> Claimable:
    days = _days_that_matter(name, look, first, last)
    return Claimable(name, event, first, last, look.claim_by(first), look.claim_by(last), _sums(look, name, days, cases), **more)


def _sums(look: _Look, name: str, days: Iterable[date], cases: Cases) -> tuple[Sum, ...]:
    """Every amount of the checker over these days, lowest and highest."""
    found: dict[tuple[str, str], list[Amount]] = {}
    days = tuple(days)
    for case, asked in cases:
        for day in days:
            for amount in _amounts(look, name, day, asked):
                found.setdefault((amount.code, case), []).append(amount)
    return tuple(
        Sum(code, min(one.baht for one in amounts), max(one.baht for one in amounts), amounts[0].per, case)
        for (code, case), amounts in found.items()
    )


def _amounts(look: _Look, name: str, day: date, asked: Asked) -> tuple[Amount, ...]:
    try:
        assessment = look.assess(name, day, **_answers(asked, look.book.on(day)))
    except NotKnown:
        return ()
    return () if assessment.outcome is Outcome.NOT_ENTITLED else assessment.amounts


# Child allowance, month by month


def _child_allowance(look: _Look) -> Iterator[Claimable]:
    month = first_of_month(look.since) if look.since.day == 1 else add_months(look.since, 1)
    run: list[date] = []
    while month <= look.insured_through:
        if _enough("child_allowance", look, month):
            run.append(month)
        elif run:
            yield _months_of_allowance(look, run)
            run = []
        month = add_months(month, 1)
    if run:
        yield _months_of_allowance(look, run)


def _months_of_allowance(look: _Look, months: list[date]) -> Claimable:
    row = _row(look, "child_allowance", Event.CHILD, months[0], months[-1], [("", _A_CHILD)], months=len(months))
    due = [amount.baht for month in months for amount in _amounts(look, "child_allowance", month, _A_CHILD)]
    code = catalogue.benefit("child_allowance").amounts[0]
    in_all = (Sum(code, total(due), total(due), Per.ONCE, "in_all"),) if due else ()
    return Claimable(**{**vars(row), "sums": row.sums + in_all})


# The end of a job, as the record shows it


def _job_ends(look: _Look) -> Iterator[Claimable]:
    for first, last in _ends(look):
        start = max(first, look.since)
        if start <= last <= look.today and _enough("unemployment", look, last):
            to_do = look.assess("unemployment", start).to_do
            register_by = next((task.day for task in to_do if task.code == "register_by"), None)
            sums = _sums(look, "unemployment", {start, last}, _CAUSES)
            yield Claimable(
                "unemployment", Event.JOB_ENDED, start, last, look.claim_by(start), look.claim_by(last), sums, register_by=register_by
            )


def _ends(look: _Look) -> Iterator[tuple[date, date]]:
    """For each end of a job the earliest and the latest first day without work."""
    record, named = look.record, _named_end(look.record)
    employed = [month for month, paid in record.months.items() if paid.is_employed]
    for month in employed:
        following = add_months(month, 1)
        if following in employed or (named and month == employed[-1]):
            continue
        if following <= record.newest_expected or following in record.months:
            yield month, following
    if named:
        yield named + A_DAY, named + A_DAY


def _named_end(record: Record) -> date | None:
    """The last insured day of a job, where the record names one and no month of a job contradicts it."""
    until = record.until
    if record.person.section != EMPLOYED or until is None:
        return None
    return None if any(month > until and paid.is_employed for month, paid in record.months.items()) else until


# Old age, where insured status has ended at the age for it


def _old_age(look: _Look, born: date | None) -> Iterator[Claimable]:
    until, person = look.record.until, look.record.person
    if born is None or until is None or person.section not in COVERED_SECTIONS or look.insured_through == look.today:
        return
    age = look.law.number("old_age.age")
    day = max(same_day_in_months(born, age * MONTHS_IN_A_YEAR), until + A_DAY)
    if look.since <= day <= look.today:
        paid = sum(month <= day for month in look.record.months)
        answers = {"age": age, "still_insured": False, "months_paid_total": paid}
        if found := _sums(look, "old_age", [day], [("", answers)]):
            yield Claimable("old_age", Event.OLD_AGE, day, day, look.claim_by(day), look.claim_by(day), found)
