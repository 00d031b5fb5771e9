"""Months paid for: the condition "so many in the last so many", and the month in which paying on meets it.

A window is the calendar months before the month of the event (facts/law.md); a month counts once. Where only a count is known, nobody can
see which month falls out of the window next: the month of qualifying then assumes that none does, and the answer says so.
The law of the day looked at counts, so that a change of the law on the way is not missed: the day is the first of a month, or that on which
another number of months begins to be enough.
Decided: `qualifies_on` pays on from the day asked about, since the open answer knows no other day; `enough_from` pays on from the month one
is in, whatever day was asked about. The pages say the second: who asks about a birth next June pays until then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
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
    """The first day from which the months are enough, if each month from that of `on` on is paid. None: something else stands in the
    way, nothing is missing, or it is not known how many are paid."""
    paid = next(reason for reason in reasons if reason.code == CODE)
    if paid.met is not False or outcome_of([reason for reason in reasons if reason is not paid]) is Outcome.NOT_ENTITLED:
        return None
    yours, within = int(paid.facts["yours"]), int(paid.facts["within"])
    counts_wages = answers.wages is not None and yours == _in_window(answers.wages, within, on)
    known = frozenset(answers.wages or ()) if counts_wages else yours
    return next((day for day in _days_ahead(benefit, on, int(paid.facts["needed"]), book) if _enough(benefit, known, on, book, day)), None)


Paid = int | Collection[date]
"""Months paid up to a day: how many, or which."""


def enough_from(benefit: str, paid: Paid, today: date, book: LawBook) -> date | None:
    """The first day from which the months are enough, if each month from today's on is paid; today itself where they are enough already.
    Raises NotKnown in a gap."""
    needed = book.on(today).read(f"{benefit}.months_paid", int)
    days = (today, *_days_ahead(benefit, today, needed, book))
    return next((day for day in days if _enough(benefit, paid, today, book, day)), None)


def _days_ahead(benefit: str, on: date, months: int, book: LawBook) -> Iterator[date]:
    """The firsts of the coming months, and the days on which the law of this condition changes before the last of them."""
    firsts = {add_months(on, number) for number in range(1, months + 1)}
    keys = (f"{benefit}.months_paid", f"{benefit}.months_paid_within")
    changes = {entry.since for key in keys for entry in book.history(key)}
    return iter(sorted(firsts | {day for day in changes if on < day <= max(firsts, default=on)}))


def _enough(benefit: str, paid: Paid, paid_from: date, book: LawBook, day: date) -> bool:
    law = book.on(day)
    needed, within = law.read(f"{benefit}.months_paid", int), law.read(f"{benefit}.months_paid_within", int)
    paid_on = [add_months(paid_from, number) for number in range(months_between(paid_from, day))]
    if isinstance(paid, int):
        return min(paid + len(paid_on), within) >= needed
    return _in_window({*paid, *paid_on}, within, day) >= needed


def falling_out(qualifies: date | None, answers: Answers) -> Note | None:
    """Said beside a month of qualifying that rests on a count alone."""
    return Note("if_no_paid_month_falls_out") if qualifies and answers.wages is None else None
