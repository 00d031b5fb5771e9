"""Dental care: what was paid to the dentist, up to a limit a calendar year; dentures by their kind.

Law in words: 3 months paid in the 15 before the month of treatment. Extraction, filling, scaling and wisdom teeth together at most 900
baht a calendar year; dentures have limits of their own, once in 5 years. What was used of the 900 this year does not touch a denture.
"""

from datetime import date
from decimal import Decimal

from webapp.domain.answers import Answers, Kind, Question
from webapp.domain.assessment import Amount, Assessment, Note, Per, Working, conclude
from webapp.domain.lawbook import Consulted, LawBook
from webapp.domain.money import NOTHING, Baht
from webapp.domain.months_paid import falling_out, months_paid_reason, qualifies_on

NAME = "dental"
CODE = "dental"
AMOUNTS = (CODE,)
BASIC = "basic"
LIMITS = {
    BASIC: "dental.basic_a_year",
    "denture_1_5": "dental.denture_1_5",
    "denture_over_5": "dental.denture_over_5",
    "denture_full_one": "dental.denture_full_one",
    "denture_full_both": "dental.denture_full_both",
}
QUESTIONS = (
    Question("months_paid_in_15", Kind.COUNT, ("months_paid",), most="dental.months_paid_within", in_record=True),
    Question("treatment", Kind.CHOICE, (CODE,), choices=tuple(LIMITS)),
    Question("cost", Kind.MONEY, (CODE,)),
    Question("used_this_year", Kind.MONEY, (CODE,), asked_when=lambda answers: answers.choice("treatment") in (BASIC, None)),
)


def assess(answers: Answers, on: date, law_book: LawBook) -> Assessment:
    """`on`: the day of treatment."""
    law = Consulted(law_book.on(on))
    reasons = (months_paid_reason(NAME, "months_paid_in_15", answers, on, law),)
    qualifies = qualifies_on(NAME, answers, on, law_book, reasons)
    notes = [falling_out(qualifies, answers), _once_in_years(answers, law)]
    return conclude(NAME, on, law, reasons, [lambda: _paid_back(answers, law)], qualifies_on=qualifies, notes=notes)


def _once_in_years(answers: Answers, law: Consulted) -> Note | None:
    if answers.choice("treatment") in (BASIC, None) or not law.law.is_known("dental.denture_once_in"):
        return None
    years = law.value("dental.denture_once_in")
    return Note("denture_once_in_years", {"years": years.value}, years)


def _paid_back(answers: Answers, law: Consulted) -> Amount | None:
    treatment, cost = answers.choice("treatment"), answers.money("cost")
    used = answers.money("used_this_year") if treatment == BASIC else NOTHING
    if treatment is None or cost is None or used is None:
        return None
    limit = Baht.of(law.read(LIMITS[treatment], Decimal))
    left = max(limit - used, NOTHING)
    baht = min(cost, left)
    as_paid = Working("as_paid", {"cost": cost, "at_most": left, "baht": baht})
    return Amount(CODE, baht, Per.ONCE, (*_limit(limit, used, left, treatment), as_paid))


def _limit(limit: Baht, used: Baht, left: Baht, treatment: str) -> tuple[Working, ...]:
    if treatment == BASIC:
        return (Working("left_this_year", {"limit": limit, "used": used, "baht": left}),)
    return (Working("limit", {"baht": limit}),)
