"""Maternity: a lump sum for the birth, half the mother's wage for her leave, and prenatal care as paid.

Law in words: 5 months paid in the 15 before the month of birth (7 until 19 October 2015). Lump sum 15,000 (13,000 until 2020), without a
limit on births, to one of two insured parents. A father claims it if legally married, or openly living with the mother without another
registered spouse. The leave allowance, 50 % of the wage for 90 days, is the mother's alone and paid for two births at most. Prenatal care
is paid back up to 1,500, to whichever parent claims (seed 003 lists it for both; the facts do not tie it to the mother).
Said "not sure" to whether the other parent has claimed, or to how many leave allowances there were, the sum is worked out as if it still
stood, and a note says what would take it away: left out, it would tell people less than they need to decide.
"""

from datetime import date
from decimal import Decimal

from webapp.domain.answers import Answers, Kind, Question
from webapp.domain.assessment import Amount, Assessment, Note, Outcome, Per, Reason, Working, conclude, outcome_of
from webapp.domain.average_wage import average_wage
from webapp.domain.lawbook import Consulted, LawBook
from webapp.domain.money import Baht
from webapp.domain.months_paid import falling_out, months_paid_reason, qualifies_on

NAME = "maternity"
LUMP_SUM, LEAVE, PRENATAL = "maternity_lump_sum", "maternity_leave_allowance", "prenatal_care"
AMOUNTS = (LUMP_SUM, LEAVE, PRENATAL)
MOTHER, FATHER = "mother", "father"
UNIONS = ("married", "open_cohabiting", "neither")
MOST_BIRTHS = 30


def _may_be_mother(answers: Answers) -> bool:
    return answers.choice("parent") != FATHER


QUESTIONS = (
    Question("parent", Kind.CHOICE, ("union", LEAVE), choices=(MOTHER, FATHER)),
    Question("union", Kind.CHOICE, ("union",), choices=UNIONS, asked_when=lambda answers: answers.choice("parent") == FATHER),
    Question("months_paid_in_15", Kind.COUNT, ("months_paid",), most="maternity.months_paid_within", in_record=True),
    Question("other_parent_claimed", Kind.YES_NO, (LUMP_SUM,)),
    Question("wage", Kind.MONEY, (LEAVE,), asked_when=_may_be_mother, in_record=True),
    Question("leave_allowances_before", Kind.COUNT, (LEAVE,), most=MOST_BIRTHS, asked_when=_may_be_mother),
    Question("prenatal_cost", Kind.MONEY, (PRENATAL,)),
)


def assess(answers: Answers, on: date, law_book: LawBook) -> Assessment:
    """`on`: the day of birth."""
    law = Consulted(law_book.on(on))
    reasons = (months_paid_reason(NAME, "months_paid_in_15", answers, on, law), *_union(answers, law))
    qualifies = qualifies_on(NAME, answers, on, law_book, reasons)
    amounts = (lambda: _lump_sum(answers, law), lambda: _leave(answers, on, law), lambda: _prenatal(answers, law))
    notes = [falling_out(qualifies, answers), _who_should_claim(answers, reasons, law), *_unsure(answers, reasons, law)]
    return conclude(NAME, on, law, reasons, amounts, qualifies_on=qualifies, notes=notes)


def _union(answers: Answers, law: Consulted) -> tuple[Reason, ...]:
    """Fathers only. Whoever does not say which parent they are meets it with a union that would do for a father."""
    parent, union = answers.choice("parent"), answers.choice("union")
    if parent == MOTHER:
        return ()
    enough = law.read("maternity.unions", tuple)
    met = None if union is None else union in enough
    if parent is None and met is False:
        met = None
    return (Reason("union", met, {"needed": enough, "yours": union}, law.value("maternity.unions")),)


def _lump_sum(answers: Answers, law: Consulted) -> Amount | None:
    if answers.yes("other_parent_claimed"):
        return None
    baht = Baht.of(law.read("maternity.lump_sum", Decimal))
    return Amount(LUMP_SUM, baht, Per.ONCE, (Working("lump_sum", {"baht": baht}),))


def _leave(answers: Answers, on: date, law: Consulted) -> Amount | None:
    if answers.choice("parent") != MOTHER or (answers.count("leave_allowances_before") or 0) >= law.number("maternity.leave_births"):
        return None
    average = average_wage(answers, on, law)
    if average is None:
        return None
    rate, days = law.read("maternity.leave_rate", Decimal), law.number("maternity.leave_days")
    a_day = average.daily.percent(rate)
    working = (
        average.working,
        Working("rate_of_day", {"rate": rate, "daily": average.daily, "baht": a_day}),
        Working("times_days", {"daily": a_day, "days": days, "baht": a_day * days}),
    )
    return Amount(LEAVE, a_day * days, Per.ONCE, working)


def _prenatal(answers: Answers, law: Consulted) -> Amount | None:
    cost = answers.money("prenatal_cost")
    if cost is None:
        return None
    at_most = Baht.of(law.read("maternity.prenatal_care", Decimal))
    baht = min(cost, at_most)
    return Amount(PRENATAL, baht, Per.ONCE, (Working("as_paid", {"cost": cost, "at_most": at_most, "baht": baht}),))


def _who_should_claim(answers: Answers, reasons: tuple[Reason, ...], law: Consulted) -> Note | None:
    """One of two insured parents claims the lump sum; the leave allowance stays the mother's, whoever claims."""
    outcome = outcome_of(reasons)
    if outcome is Outcome.NOT_SURE and not answers.yes("other_parent_claimed"):
        return None
    if answers.yes("other_parent_claimed"):
        who = "other_parent_has_claimed"
    elif outcome is Outcome.NOT_ENTITLED:
        who = "other_parent"
    else:
        who = "you" if answers.choice("parent") == MOTHER else "either_of_you"
    return Note("who_should_claim", {"who": who}, law.value("maternity.parents_who_claim"))


def _unsure(answers: Answers, reasons: tuple[Reason, ...], law: Consulted) -> tuple[Note, ...]:
    if outcome_of(reasons) is Outcome.NOT_ENTITLED:
        return ()
    notes = []
    if answers.yes("other_parent_claimed") is None:
        notes.append(Note("unless_other_parent_claimed", {"amount": LUMP_SUM}, law.value("maternity.parents_who_claim")))
    if answers.choice("parent") == MOTHER:
        births = law.value("maternity.leave_births")
        before = answers.count("leave_allowances_before")
        if before is None:
            notes.append(Note("unless_leave_allowance_used_up", {"amount": LEAVE, "births": births.value}, births))
        elif before >= law.number(births.key):
            notes.append(Note("leave_allowance_used_up", {"births": births.value, "yours": before}, births))
    return tuple(notes)
