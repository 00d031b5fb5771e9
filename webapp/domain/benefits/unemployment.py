"""Unemployment: a part of the wage by the cause, for so many days a calendar year, from the eighth day without work.

Law in words: 6 months paid in the 15 before; not dismissed for a grave fault; not drawing old age. Since 28 June 2025 laid off: 60 % for
180 days; resigned or contract ended: 30 % for 90 days; natural disaster 50 % for 180, epidemic 50 % for 90. Other rates held from March
2020 to February 2022; for an epidemic nothing is known of September to November 2020.
Registering within 30 days, reporting monthly and waiting for day 8 are things still to do with their days, never conditions: before day 8
the answer is "register now, counted from …". The day of the event counts as day 1, for both (the earlier and so the safer reading).
Dismissal is asked only of those laid off: whoever resigned, or whose contract or work ended otherwise, was not dismissed.
"""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from webapp.domain.answers import MOST_DAYS_IN_A_YEAR, Answers, Kind, Question
from webapp.domain.assessment import Amount, Assessment, Note, Per, Reason, ToDo, Working, conclude
from webapp.domain.average_wage import AverageWage, average_wage
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
    """`on`: the first day without work."""
    law = Consulted(law_book.on(on))
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


def _monthly(average: AverageWage | None, answers: Answers, law: Consulted) -> Amount | None:
    cause = answers.choice("cause")
    if cause is None or average is None:
        return None
    rate = law.read(f"unemployment.{CASES[cause]}_rate", Decimal)
    baht = average.monthly.percent(rate)
    rate_of_month = Working("rate_of_month", {"rate": rate, "monthly": average.monthly, "baht": baht})
    return Amount(MONTHLY, baht, Per.MONTH, (average.working, rate_of_month))


def _total(average: AverageWage | None, answers: Answers, law: Consulted) -> Amount | None:
    cause, paid = answers.choice("cause"), answers.count("days_paid_this_year")
    if cause is None or paid is None or average is None:
        return None
    rate, a_year = law.read(f"unemployment.{CASES[cause]}_rate", Decimal), law.number(f"unemployment.{CASES[cause]}_days")
    days = max(a_year - paid, 0)
    a_day = average.daily.percent(rate)
    working = (
        average.working,
        Working("rate_of_day", {"rate": rate, "daily": average.daily, "baht": a_day}),
        Working("days_left_this_year", {"a_year": a_year, "paid_this_year": paid, "days": days}),
        Working("times_days", {"daily": a_day, "days": days, "baht": a_day * days}),
    )
    return Amount(TOTAL, a_day * days, Per.ONCE, working)
