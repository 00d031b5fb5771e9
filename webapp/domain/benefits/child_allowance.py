"""Child allowance: a sum each month for each child until the sixth birthday, for three children at once.

Law in words: 12 months paid in the 36 before the month of entitlement; legitimate children, not adopted and not given away. 1,000 a month
and child (800 until 2024, 600 until 2020, 400 until 2017); three at once (two until 19 October 2015). Once 12 in 36 are reached, the
months that were due are paid back (seed 003).
"""

from datetime import date
from decimal import Decimal

from webapp.domain.answers import Answers, Kind, Question
from webapp.domain.assessment import Amount, Assessment, Note, Per, Reason, Working, conclude
from webapp.domain.lawbook import Consulted, LawBook
from webapp.domain.money import Baht
from webapp.domain.months_paid import falling_out, months_paid_reason, qualifies_on

NAME = "child_allowance"
MONTHLY = "child_allowance_monthly"
AMOUNTS = (MONTHLY,)
QUESTIONS = (
    Question("months_paid_in_36", Kind.COUNT, ("months_paid",), most="child_allowance.months_paid_within", in_record=True),
    Question("children", Kind.CHILDREN, ("child_young_enough", MONTHLY)),
)


def assess(answers: Answers, on: date, law_book: LawBook) -> Assessment:
    """`on`: a day of the month of entitlement."""
    law = Consulted(law_book.on(on))
    reasons = (months_paid_reason(NAME, "months_paid_in_36", answers, on, law), _young_enough(answers, law))
    qualifies = qualifies_on(NAME, answers, on, law_book, reasons)
    paid_back = Note("paid_back_for_months_due", {}, law.value("child_allowance.paid_back"))
    notes = [falling_out(qualifies, answers), paid_back if qualifies else None]
    return conclude(NAME, on, law, reasons, [lambda: _monthly(answers, law)], qualifies_on=qualifies, notes=notes)


def _young_enough(answers: Answers, law: Consulted) -> Reason:
    """`yours`: the age of the youngest."""
    ages, birthday = answers.children_ages, law.value("child_allowance.until_birthday")
    met = None if ages is None else any(age < law.number(birthday.key) for age in ages)
    facts = {"needed": birthday.value, "yours": min(ages) if ages else None, "children": len(ages) if ages is not None else None}
    return Reason("child_young_enough", met, facts, birthday)


def _monthly(answers: Answers, law: Consulted) -> Amount | None:
    ages = answers.children_ages
    if ages is None:
        return None
    young = sum(age < law.number("child_allowance.until_birthday") for age in ages)
    at_once = law.number("child_allowance.children_at_once")
    counted = min(young, at_once)
    a_child = Baht.of(law.read("child_allowance.a_month", Decimal))
    working = (
        Working("children_counted", {"young_enough": young, "at_once": at_once, "children": counted}),
        Working("a_child", {"a_month": a_child, "children": counted, "baht": a_child * counted}),
    )
    return Amount(MONTHLY, a_child * counted, Per.MONTH, working)
