"""Unemployment: a part of the wage by the cause, for so many days a calendar year, from the eighth day without work.

Law in words: 6 months paid in the 15 before; not dismissed for a grave fault; not drawing old age. Since 28 June 2025 laid off: 60 % for
180 days; resigned or contract ended: 30 % for 90 days; natural disaster 50 % for 180, epidemic 50 % for 90. Other rates held from March
2020 to February 2022; for an epidemic nothing is known of September to November 2020.
Registering within 30 days, reporting monthly and waiting for day 8 are things still to do with their days, never conditions: before day 8
the answer is "register now, counted from …". The day of the event counts as day 1, for both (the earlier and so the safer reading).
Before the first rate of anybody laid off nothing of this insurance is known, so no outcome is given for days before it.
Dismissal is asked only of those laid off: whoever resigned, or whose contract or work ended otherwise, was not dismissed.

The law says "report monthly" and names no days. Decided: the day of the month of registering, in each month that follows, as a plan to be
corrected by the days one is given; put aside: naming none, which leaves people to guess that a month is thirty days.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import takewhile

from webapp.domain.answers import MOST_DAYS_IN_A_YEAR, Answers, Kind, Question
from webapp.domain.assessment import Amount, Assessment, Note, Per, Reason, ToDo, Working, conclude
from webapp.domain.average_wage import AverageWage, average_wage
from webapp.domain.dates import same_day_in_months
from webapp.domain.lawbook import Consulted, LawBook
from webapp.domain.months_paid import falling_out, months_paid_reason, qualifies_on

NAME = "unemployment"
MONTHLY, TOTAL = "unemployment_monthly", "unemployment_total"
AMOUNTS = (MONTHLY, TOTAL)
LAID_OFF = "laid_off"
CASES = {
    LAID_OFF: "laid_off",
    "resigned": "resigned",
    "contract_ended": "resigned",
    "natural_disaster": "natural_disaster",
    "epidemic": "epidemic",
}
"""Cause -> the law's case: a contract that ended is paid like a resignation."""


def _may_be_laid_off(answers: Answers) -> bool:
    return answers.choice("cause") in (LAID_OFF, None)


QUESTIONS = (
    Question("cause", Kind.CHOICE, ("not_dismissed_for_fault", MONTHLY, TOTAL), choices=tuple(CASES)),
    Question("dismissed_for_fault", Kind.YES_NO, ("not_dismissed_for_fault",), asked_when=_may_be_laid_off),
    Question("months_paid_in_15", Kind.COUNT, ("months_paid",), most="unemployment.months_paid_within", in_record=True),
    Question("wage", Kind.MONEY, (MONTHLY, TOTAL), in_record=True),
    Question("days_paid_this_year", Kind.COUNT, (TOTAL,), most=MOST_DAYS_IN_A_YEAR),
)


def assess(answers: Answers, on: date, law_book: LawBook) -> Assessment:
    """`on`: the first day without work. Raises NotKnown before the first day of this insurance that we know."""
    law = Consulted(law_book.on(on))
    law.law.value(f"{NAME}.{LAID_OFF}_rate")
    reasons = (months_paid_reason(NAME, "months_paid_in_15", answers, on, law), *_dismissal(answers, law))
    qualifies = qualifies_on(NAME, answers, on, law_book, reasons)
    notes = [falling_out(qualifies, answers), Note("not_while_drawing_old_age", {}, law.value("unemployment.not_paid_when"))]
    average = cache(lambda: average_wage(answers, on, law))
    amounts = (lambda: _monthly(average(), answers, law), lambda: _total(average(), answers, law))
    return conclude(NAME, on, law, reasons, amounts, qualifies_on=qualifies, notes=notes, to_do=_to_do(on, law))


def _dismissal(answers: Answers, law: Consulted) -> tuple[Reason, ...]:
    fault = answers.yes("dismissed_for_fault")
    if fault is None and not _may_be_laid_off(answers):
        return ()
    met = None if fault is None else not fault
    return (Reason("not_dismissed_for_fault", met, {"needed": True, "yours": met}, law.value("unemployment.not_paid_when")),)


def _to_do(on: date, law: Consulted) -> tuple[ToDo, ...]:
    register, starts = law.value("unemployment.register_within"), law.value("unemployment.paid_from_day")
    return (
        ToDo("register_by", _day_number(law.number(register.key), on), register),
        ToDo("report_each_month", None, law.value("unemployment.report")),
        ToDo("paid_from", _day_number(law.number(starts.key), on), starts),
    )


def _day_number(number: int, on: date) -> date:
    """Day 1 is the day of the event itself."""
    return on + timedelta(days=number) - timedelta(days=1)


def rate(cause: str, law: Consulted) -> Decimal:
    """Percent of the wage; raises NotKnown in a gap of the law."""
    return law.read(f"unemployment.{CASES[cause]}_rate", Decimal)


def _monthly(average: AverageWage | None, answers: Answers, law: Consulted) -> Amount | None:
    cause = answers.choice("cause")
    if cause is None or average is None:
        return None
    share = rate(cause, law)
    baht = average.monthly.percent(share)
    rate_of_month = Working("rate_of_month", {"rate": share, "monthly": average.monthly, "baht": baht})
    return Amount(MONTHLY, baht, Per.MONTH, (average.working, rate_of_month))


def _total(average: AverageWage | None, answers: Answers, law: Consulted) -> Amount | None:
    cause, left = answers.choice("cause"), days_left(answers, law)
    if cause is None or left is None or average is None:
        return None
    share = rate(cause, law)
    a_day = average.daily.percent(share)
    working = (
        average.working,
        Working("rate_of_day", {"rate": share, "daily": average.daily, "baht": a_day}),
        Working("days_left_this_year", {"a_year": left.a_year, "paid_this_year": left.paid, "days": left.days}),
        Working("times_days", {"daily": a_day, "days": left.days, "baht": a_day * left.days}),
    )
    return Amount(TOTAL, a_day * left.days, Per.ONCE, working)


@dataclass(frozen=True)
class DaysLeft:
    """Of this calendar year's days."""

    a_year: int
    paid: int

    @property
    def days(self) -> int:
        return max(self.a_year - self.paid, 0)


def days_left(answers: Answers, law: Consulted) -> DaysLeft | None:
    """None: the cause, or the days had already, are not answered. Raises NotKnown in a gap of the law."""
    cause, paid = answers.choice("cause"), answers.count("days_paid_this_year")
    return None if cause is None or paid is None else DaysLeft(law.number(f"unemployment.{CASES[cause]}_days"), paid)


def reporting_days(registered_on: date, on: date, days: int, law: Consulted) -> tuple[date, ...]:
    """The coming days to report, as far as a sum for `days` reaches: the same day of each month that follows. Planned, not given."""
    last_paid = max(_day_number(law.number("unemployment.paid_from_day"), on), registered_on) + timedelta(days=days)
    planned = (same_day_in_months(registered_on, number) for number in range(1, MOST_DAYS_IN_A_YEAR))
    return tuple(takewhile(lambda day: day < last_paid, planned))
