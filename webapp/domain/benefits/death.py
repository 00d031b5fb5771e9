"""Death, not from work: the funeral grant for whoever holds the funeral, and a sum for the survivors.

Law in words: 1 month paid in the 6 before the month of death. Funeral grant 50,000 whatever the months (40,000 until about 2021).
Survivors: from 36 months paid in all, half the monthly wage 4 times; from 120 months, 12 times (3 and 10 times until 19 October 2015).
Nobody pays on after a death: no month is named from which it would be enough.
The heirs also receive the old-age lump sum: a note, since it is another benefit's sum.
"""

from datetime import date
from decimal import Decimal

from webapp.domain.answers import MOST_MONTHS_IN_ALL, Answers, Kind, Question
from webapp.domain.assessment import Amount, Assessment, Note, Per, Working, conclude
from webapp.domain.average_wage import average_wage
from webapp.domain.lawbook import Consulted, LawBook
from webapp.domain.money import Baht
from webapp.domain.months_paid import months_paid_in_all, months_paid_reason

NAME = "death"
FUNERAL, SURVIVORS = "funeral_grant", "survivors_allowance"
AMOUNTS = (FUNERAL, SURVIVORS)
QUESTIONS = (
    Question("months_paid_in_6", Kind.COUNT, ("months_paid",), most="death.months_paid_within", in_record=True),
    Question("months_paid_total", Kind.COUNT, (SURVIVORS,), most=MOST_MONTHS_IN_ALL, in_record=True),
    Question("wage", Kind.MONEY, (SURVIVORS,), in_record=True),
)


def assess(answers: Answers, on: date, law_book: LawBook) -> Assessment:
    """`on`: the day of death."""
    law = Consulted(law_book.on(on))
    reasons = (months_paid_reason(NAME, "months_paid_in_6", answers, on, law),)
    notes = [Note("heirs_also_receive_old_age", {}, law.value("death.also")), _too_few(answers, on, law)]
    amounts = (lambda: _funeral(law), lambda: _survivors(answers, on, law))
    return conclude(NAME, on, law, reasons, amounts, notes=notes)


def _funeral(law: Consulted) -> Amount:
    baht = Baht.of(law.read("death.funeral_grant", Decimal))
    return Amount(FUNERAL, baht, Per.ONCE, (Working("lump_sum", {"baht": baht}),))


def _too_few(answers: Answers, on: date, law: Consulted) -> Note | None:
    paid, needed = months_paid_in_all(answers, on), law.value("death.survivors_months_paid")
    if paid is None or paid >= law.number(needed.key):
        return None
    return Note("too_few_months_for_survivors", {"needed": needed.value, "yours": paid}, needed)


def _survivors(answers: Answers, on: date, law: Consulted) -> Amount | None:
    paid, average = months_paid_in_all(answers, on), average_wage(answers, on, law)
    if paid is None or average is None or paid < law.number("death.survivors_months_paid"):
        return None
    long = law.number("death.survivors_long_months_paid")
    needed, times = ("survivors_long_months_paid", "survivors_long_times") if paid >= long else ("survivors_months_paid", "survivors_times")
    rate, how_often = law.read("death.survivors_rate", Decimal), law.number(f"death.{times}")
    share = average.monthly.percent(rate)
    working = (
        average.working,
        Working("rate_of_month", {"rate": rate, "monthly": average.monthly, "baht": share}),
        Working("months_paid_band", {"yours": paid, "at_least": law.number(f"death.{needed}"), "times": how_often}),
        Working("times", {"of": share, "times": how_often, "baht": share * how_often}),
    )
    return Amount(SURVIVORS, share * how_often, Per.ONCE, working)
