"""Invalidity, not from work: a part of the wage each month, by how much capacity is lost.

Law in words: 3 months paid in the 15 before. A loss of at least 35 and under 50 % of capacity: 30 % of the wage for up to 180 months; of
50 % and more: 50 % of the wage for life. Under 35 % nothing.
"""

from datetime import date
from decimal import Decimal

from webapp.domain.answers import Answers, Kind, Question
from webapp.domain.assessment import Amount, Assessment, Per, Reason, Working, conclude
from webapp.domain.average_wage import average_wage
from webapp.domain.lawbook import Consulted, LawBook
from webapp.domain.months_paid import falling_out, months_paid_reason, qualifies_on

NAME = "invalidity"
MONTHLY = "invalidity_monthly"
AMOUNTS = (MONTHLY,)
QUESTIONS = (
    Question("months_paid_in_15", Kind.COUNT, ("months_paid",), most="invalidity.months_paid_within", in_record=True),
    Question("loss_percent", Kind.PERCENT, ("loss_percent", MONTHLY)),
    Question("wage", Kind.MONEY, (MONTHLY,), in_record=True),
)


def assess(answers: Answers, on: date, law_book: LawBook) -> Assessment:
    """`on`: the day the invalidity was found."""
    law = Consulted(law_book.on(on))
    reasons = (months_paid_reason(NAME, "months_paid_in_15", answers, on, law), _loss(answers, law))
    qualifies = qualifies_on(NAME, answers, on, law_book, reasons)
    notes = [falling_out(qualifies, answers)]
    return conclude(NAME, on, law, reasons, [lambda: _monthly(answers, on, law)], qualifies_on=qualifies, notes=notes)


def _loss(answers: Answers, law: Consulted) -> Reason:
    loss, needed = answers.percent("loss_percent"), law.value("invalidity.loss_at_least")
    met = None if loss is None else loss >= law.read(needed.key, Decimal)
    return Reason("loss_percent", met, {"needed": needed.value, "yours": loss}, needed)


def _monthly(answers: Answers, on: date, law: Consulted) -> Amount | None:
    loss, average = answers.percent("loss_percent"), average_wage(answers, on, law)
    if loss is None or average is None:
        return None
    severe_from = law.read("invalidity.severe_loss", Decimal)
    is_severe = loss >= severe_from
    rate = law.read("invalidity.severe_rate" if is_severe else "invalidity.rate", Decimal)
    until = {"for": law.read("invalidity.severe_until", str)} if is_severe else {"months": law.number("invalidity.months_at_most")}
    baht = average.monthly.percent(rate)
    working = (
        average.working,
        Working("severe" if is_severe else "not_severe", {"loss": loss, "severe_from": severe_from}),
        Working("rate_of_month", {"rate": rate, "monthly": average.monthly, "baht": baht}),
        Working("paid_for", until),
    )
    return Amount(MONTHLY, baht, Per.MONTH, working)
