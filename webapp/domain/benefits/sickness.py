"""Sickness: half the wage for each day that a doctor keeps one from work, once the sick leave paid by the employer is used up.

Law in words: 3 months paid in the 15 before the month of treatment. 50 % of the daily wage (s.57); at most 90 days a time, 180 a calendar
year, 365 with a chronic disease. The 90 days a time are kept for chronic diseases too: only the year's limit is said to be another.
That can be read either way, so a note says that it is being confirmed where it cuts.
Sick leave not yet used up is a condition, not a step still to do: until then the employer pays, and the fund does not.
Days beyond a limit change the sum, never the outcome.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from webapp.domain.answers import MOST_DAYS_IN_A_YEAR, Answers, Kind, Question
from webapp.domain.assessment import Amount, Assessment, Note, Outcome, Per, Reason, Working, conclude, outcome_of
from webapp.domain.average_wage import AverageWage, average_wage
from webapp.domain.lawbook import Consulted, LawBook
from webapp.domain.months_paid import falling_out, months_paid_reason, qualifies_on

NAME = "sickness"
DAILY, TOTAL = "sickness_daily", "sickness_total"
AMOUNTS = (DAILY, TOTAL)
QUESTIONS = (
    Question("months_paid_in_15", Kind.COUNT, ("months_paid",), most="sickness.months_paid_within", in_record=True),
    Question("employer_sick_leave_used", Kind.YES_NO, ("employer_sick_leave_used",)),
    Question("wage", Kind.MONEY, (DAILY, TOTAL), in_record=True),
    Question("days_off", Kind.COUNT, (TOTAL,), most=MOST_DAYS_IN_A_YEAR),
    Question("chronic", Kind.YES_NO, (TOTAL,)),
    Question("days_paid_this_year", Kind.COUNT, (TOTAL,), most=MOST_DAYS_IN_A_YEAR),
)


def assess(answers: Answers, on: date, law_book: LawBook) -> Assessment:
    """`on`: the day treatment began."""
    law = Consulted(law_book.on(on))
    reasons = (months_paid_reason(NAME, "months_paid_in_15", answers, on, law), _sick_leave(answers, law))
    qualifies = qualifies_on(NAME, answers, on, law_book, reasons)
    average = cache(lambda: average_wage(answers, on, law))
    amounts = (lambda: _daily(average(), law), lambda: _total(average(), answers, law))
    notes = [falling_out(qualifies, answers), *_open_limit(answers, law, reasons)]
    return conclude(NAME, on, law, reasons, amounts, qualifies_on=qualifies, notes=notes)


def _sick_leave(answers: Answers, law: Consulted) -> Reason:
    used = answers.yes("employer_sick_leave_used")
    return Reason("employer_sick_leave_used", used, {"needed": True, "yours": used}, law.value("sickness.after"))


def _open_limit(answers: Answers, law: Consulted, reasons: Sequence[Reason]) -> list[Note]:
    """Where a disease that is, or may be, chronic keeps somebody away longer than is paid at one time."""
    days, limit = answers.count("days_off"), law.value("sickness.days_a_time")
    if outcome_of(reasons) is Outcome.NOT_ENTITLED or days is None or days <= law.number(limit.key) or answers.yes("chronic") is False:
        return []
    return [Note("chronic_limit_of_one_time_open", {"a_time": limit.read(int)}, limit)]


def _daily(average: AverageWage | None, law: Consulted) -> Amount | None:
    if average is None:
        return None
    rate = law.read("sickness.rate", Decimal)
    a_day = average.daily.percent(rate)
    return Amount(DAILY, a_day, Per.DAY, (average.working, Working("rate_of_day", {"rate": rate, "daily": average.daily, "baht": a_day})))


def _total(average: AverageWage | None, answers: Answers, law: Consulted) -> Amount | None:
    a_day, days = _daily(average, law), _days(answers, law)
    if a_day is None or days is None:
        return None
    sum_of_days = a_day.baht * int(days.facts["days"])
    times = Working("times_days", {"daily": a_day.baht, "days": days.facts["days"], "baht": sum_of_days})
    return Amount(TOTAL, sum_of_days, Per.ONCE, (*a_day.working, days, times))


def _days(answers: Answers, law: Consulted) -> Working | None:
    """None also where it hangs on whether the disease is chronic, and nobody is sure."""
    asked, paid, chronic = answers.count("days_off"), answers.count("days_paid_this_year"), answers.yes("chronic")
    if asked is None or paid is None:
        return None
    usual, long = (_within_limits(asked, paid, year, law) for year in ("sickness.days_a_year", "sickness.days_a_year_chronic"))
    if chronic is None and usual.facts["days"] != long.facts["days"]:
        return None
    return long if chronic else usual


def _within_limits(asked: int, paid: int, year: str, law: Consulted) -> Working:
    a_time, a_year = law.number("sickness.days_a_time"), law.number(year)
    days = min(asked, a_time, max(a_year - paid, 0))
    return Working("days_paid_for", {"days_off": asked, "a_time": a_time, "a_year": a_year, "paid_this_year": paid, "days": days})
