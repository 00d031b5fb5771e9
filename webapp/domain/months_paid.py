"""Months paid for: the condition "so many in the last so many", and the month in which paying on meets it.

A window is the calendar months before the month of the event (facts/law.md); a month counts once. Where only a count is known, nobody can
see which month falls out of the window next: the month of qualifying then assumes that none does, and the answer says so.
The law of the month looked at counts, so that a change of the law on the way is not missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from webapp.domain.answers import Answers
from webapp.domain.assessment import Note, Outcome, Reason, outcome_of
from webapp.domain.dates import add_months, first_of_month, months_between
from webapp.domain.lawbook import Consulted, LawBook

CODE = "months_paid"


def months_paid_reason(benefit: str, answer: str, answers: Answers, on: date, law: Consulted) -> Reason:
    """Whether `<benefit>.months_paid` months in `<benefit>.months_paid_within` are paid; unanswered: None."""
    needed, within = law.value(f"{benefit}.months_paid"), law.number(f"{benefit}.months_paid_within")
    paid = months_paid(answer, within, answers, on)
    met = None if paid is None else paid >= law.number(needed.key)
    return Reason(CODE, met, {"needed": needed.value, "yours": paid, "within": within}, needed)


def months_paid(answer: str, within: int, answers: Answers, on: date) -> int | None:
    """As answered, else counted from the wages; None: not sure."""
    stated = answers.count(answer)
    if stated is not None or answers.wages is None:
        return stated
    return _in_window(answers.wages, within, on)


def months_paid_in_all(answers: Answers, on: date) -> int | None:
    """As answered, else the months with wages up to and including the month of `on` (who gives that month's wage has been paid it)."""
    stated = answers.count("months_paid_total")
    if stated is not None or answers.wages is None:
        return stated
    return sum(month <= on for month in answers.wages)


def _in_window(months: Iterable[date], within: int, before: date) -> int:
    end = first_of_month(before)
    start = add_months(end, -within)
    return sum(start <= month < end for month in months)


def qualifies_on(benefit: str, answers: Answers, on: date, book: LawBook, reasons: Sequence[Reason]) -> date | None:
    """The first day of the month from which the months are enough, if each month from now on is paid. None: something else stands in the
    way, nothing is missing, or it is not known how many are paid."""
    paid = next(reason for reason in reasons if reason.code == CODE)
    if paid.met is not False or outcome_of([reason for reason in reasons if reason is not paid]) is Outcome.NOT_ENTITLED:
        return None
    needed_now = int(paid.facts["needed"])
    candidates = (add_months(on, months_on) for months_on in range(1, needed_now + 1))
    return next((month for month in candidates if _enough(benefit, answers, on, book, int(paid.facts["yours"]), month)), None)


def _enough(benefit: str, answers: Answers, on: date, book: LawBook, paid_now: int, month: date) -> bool:
    law = book.on(month)
    needed, within = law.read(f"{benefit}.months_paid", int), law.read(f"{benefit}.months_paid_within", int)
    paid_on = [add_months(on, number) for number in range(months_between(on, month))]
    if answers.wages is None or paid_now != _in_window(answers.wages, within, on):
        return min(paid_now + len(paid_on), within) >= needed
    return _in_window({*answers.wages, *paid_on}, within, month) >= needed


def falling_out(qualifies: date | None, answers: Answers) -> Note | None:
    """Said beside a month of qualifying that rests on a count alone."""
    return Note("if_no_paid_month_falls_out") if qualifies and answers.wages is None else None
