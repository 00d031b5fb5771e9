"""What must hold for every person and every day, whatever they answer."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from webapp.adapters import lawbook_toml
from webapp.domain.answers import Kind, Question
from webapp.domain.assessment import Assessment, Outcome
from webapp.domain.benefits.catalogue import BENEFITS, assess
from webapp.domain.dates import add_months

BOOK = lawbook_toml.load()
LAW = BOOK.on(date(2026, 11, 22))
FIRST_UNEMPLOYED = BOOK.history("unemployment.laid_off_rate")[0].since
days = st.dates(date(1995, 1, 1), date(2060, 12, 31))
names = st.sampled_from(sorted(BENEFITS))

AMOUNT_ONLY = {
    "wage", "days_off", "chronic", "days_paid_this_year", "treatment", "cost", "used_this_year", "other_parent_claimed",
    "leave_allowances_before", "prenatal_cost", "average_wage_60", "months_pension_drawn",
}  # fmt: skip


def an_answer(question: Question) -> st.SearchStrategy[Any]:
    match question.kind:
        case Kind.COUNT:
            return st.integers(0, question.highest(LAW) or 0)
        case Kind.MONEY:
            return st.decimals(min_value=0, max_value=100_000, places=2)
        case Kind.PERCENT:
            return st.decimals(min_value=0, max_value=100, places=1)
        case Kind.CHOICE:
            return st.sampled_from(question.choices)
        case Kind.YES_NO:
            return st.booleans()
        case Kind.CHILDREN:
            return st.lists(st.integers(0, 20).map(lambda age: {"age": age}), max_size=5)


def answers_to(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={question.name: an_answer(question) for question in BENEFITS[name].questions})


def found(name: str, answers: dict[str, Any], on: date) -> Assessment:
    if name == "unemployment" and on < FIRST_UNEMPLOYED:
        reject()
    assessment = assess(name, answers, on, BOOK)
    assert isinstance(assessment, Assessment), assessment
    return assessment


@given(names, days, st.data())
def test_the_outcome_follows_from_the_conditions_alone(name: str, on: date, data: st.DataObject) -> None:
    answers = data.draw(answers_to(name))
    assessment = found(name, answers, on)
    met = [reason.met for reason in assessment.reasons]
    assert assessment.outcome == ("not_entitled" if False in met else "not_sure" if None in met else "entitled")
    without = {answer: value for answer, value in answers.items() if answer not in AMOUNT_ONLY}
    assert found(name, without, on).outcome == assessment.outcome


@given(names, days, st.data())
def test_amounts_are_those_of_the_benefit_never_negative_and_only_where_not_refused(name: str, on: date, data: st.DataObject) -> None:
    assessment = found(name, data.draw(answers_to(name)), on)
    codes = [amount.code for amount in assessment.amounts]
    assert set(codes) <= set(BENEFITS[name].amounts)
    assert len(codes) == len(set(codes))
    assert all(amount.baht.rounded >= 0 and amount.working for amount in assessment.amounts)
    assert all(amount.working[-1].facts.get("baht", amount.baht) == amount.baht for amount in assessment.amounts)
    if assessment.outcome is Outcome.NOT_ENTITLED:
        assert not assessment.amounts
        assert assessment.claim_by is None
    else:
        assert assessment.qualifies_on is None
        assert assessment.claim_by is not None


@given(st.sampled_from(sorted(set(BENEFITS) - {"old_age"})), days, st.data())
def test_the_month_of_qualifying_is_true_when_it_comes(name: str, on: date, data: st.DataObject) -> None:
    answers = data.draw(answers_to(name))
    assessment = found(name, answers, on)
    if assessment.qualifies_on is None:
        return
    counted = next(question.name for question in BENEFITS[name].questions if question.name.startswith("months_paid_in"))
    months = (assessment.qualifies_on.year - on.year) * 12 + assessment.qualifies_on.month - on.month
    then = found(name, answers | {counted: answers[counted] + months}, assessment.qualifies_on)
    assert next(reason.met for reason in then.reasons if reason.code == "months_paid")
    before = found(name, answers | {counted: answers[counted] + months - 1}, add_months(assessment.qualifies_on, -1))
    assert assessment.qualifies_on > on
    assert months == 1 or not next(reason.met for reason in before.reasons if reason.code == "months_paid")


@settings(max_examples=60)
@given(st.sets(st.integers(1, 40), max_size=12), st.integers(0, 3))
def test_from_wages_the_month_of_qualifying_is_the_first_in_which_paying_on_is_enough(back: set[int], seed: int) -> None:
    on = date(2026, 3 + seed, 15)
    wages = [{"month": f"{add_months(on, -months):%Y-%m}", "wage": 10000} for months in back]
    assessment = found("child_allowance", {"wages": wages, "children": [{"age": 0}]}, on)
    if assessment.qualifies_on is None:
        assert assessment.outcome == "entitled"
        return
    ahead = (assessment.qualifies_on.year - on.year) * 12 + assessment.qualifies_on.month - on.month

    def after(months: int) -> str:
        paid_on = [{"month": f"{add_months(on, number):%Y-%m}", "wage": 10000} for number in range(months)]
        return found("child_allowance", {"wages": wages + paid_on, "children": [{"age": 0}]}, add_months(on, months)).outcome

    assert after(ahead) == "entitled"
    assert [after(months) for months in range(1, ahead)] == ["not_entitled"] * (ahead - 1)


RISES_WITH = [
    ("sickness", "wage", {"months_paid_in_15": 3, "employer_sick_leave_used": True, "days_off": 30, "days_paid_this_year": 0}),
    ("maternity", "wage", {"months_paid_in_15": 5, "parent": "mother", "leave_allowances_before": 0}),
    ("maternity", "prenatal_cost", {"months_paid_in_15": 5, "parent": "mother"}),
    ("invalidity", "wage", {"months_paid_in_15": 3, "loss_percent": 40}),
    ("death", "wage", {"months_paid_in_6": 1, "months_paid_total": 40}),
    ("old_age", "average_wage_60", {"age": 55, "still_insured": False, "months_paid_total": 200, "months_pension_drawn": 3}),
    ("old_age", "average_wage_60", {"age": 55, "still_insured": False, "months_paid_total": 100}),
    ("unemployment", "wage", {"months_paid_in_15": 6, "cause": "laid_off", "dismissed_for_fault": False, "days_paid_this_year": 3}),
    ("dental", "cost", {"months_paid_in_15": 3, "treatment": "basic", "used_this_year": 100}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "others"), RISES_WITH)
@settings(max_examples=40)
@given(on=st.dates(date(2016, 1, 1), date(2040, 12, 31)), pair=st.tuples(*[st.decimals(min_value=0, max_value=60_000, places=2)] * 2))
def test_more_never_gives_less(name: str, answer: str, others: dict[str, Any], on: date, pair: tuple[Decimal, Decimal]) -> None:
    less, more = (found(name, others | {answer: amount}, on) for amount in sorted(pair))
    assert [amount.code for amount in less.amounts] == [amount.code for amount in more.amounts]
    assert all(small.baht <= large.baht for small, large in zip(less.amounts, more.amounts, strict=True))


@pytest.mark.parametrize("drawn", range(60))
def test_what_heirs_receive_never_rises_with_the_months_drawn(drawn: int) -> None:
    answers = {"age": 60, "still_insured": False, "months_paid_total": 180, "average_wage_60": 15000}
    now, later = (found("old_age", answers | {"months_pension_drawn": months}, date(2026, 11, 22)) for months in (drawn, drawn + 1))
    paid, paid_later = (one.amount("pension_heirs_lump_sum") for one in (now, later))
    assert paid is not None
    assert paid_later is None or paid_later.baht <= paid.baht


@settings(max_examples=60)
@given(st.integers(180, 719))
def test_one_month_more_never_lowers_a_pension(months: int) -> None:
    answers = {"age": 60, "still_insured": False, "average_wage_60": 15000}
    now, later = (
        found("old_age", answers | {"months_paid_total": paid}, date(2026, 11, 22)).amount("pension_monthly")
        for paid in (months, months + 1)
    )
    assert now is not None
    assert later is not None
    assert later.baht >= now.baht
