"""Something is wrong in the record: what must be said, what is refused and why, and that it is answered once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from webapp.domain import correction as rule
from webapp.domain.assessment import Refusal
from webapp.domain.correction import (
    LONGEST_TEXT,
    MOST_OPEN,
    OF_CERTAIN_MONTHS,
    About,
    Answer,
    Correction,
    Proof,
    SomeoneElseSettledIt,
    Status,
    StepCode,
    Told,
)
from webapp.domain.dates import BANGKOK

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=BANGKOK)
BORN = date(1986, 5, 1)
A_WAGE = Told(About.WAGE, "18,000 instead of 15,000", Proof.PAY_SLIP, date(2026, 8, 1))


def sent(told: Told = A_WAGE, open_now: int = 0, born: date | None = BORN) -> Correction:
    moved = rule.send("RC-1", "somchai", told, NOW, born, open_now)
    assert not isinstance(moved, Refusal), [reason.code for reason in moved.unmet]
    return moved[0]


def refused(told: Told, open_now: int = 0, born: date | None = BORN) -> list[str]:
    answer = rule.send("RC-1", "somchai", told, NOW, born, open_now)
    assert isinstance(answer, Refusal)
    return [reason.code for reason in answer.unmet]


def test_a_wage_wrong_in_one_month_is_sent_and_stands_in_the_history() -> None:
    moved = rule.send("RC-1", "somchai", A_WAGE, NOW, BORN, 0)
    assert not isinstance(moved, Refusal)
    one, steps = moved
    assert (one.status, one.report.first_month, one.report.last_month) == (Status.OPEN, date(2026, 8, 1), None)
    assert [(step.code, step.at, step.by) for step in steps] == [(StepCode.SENT, NOW, "somchai")]


def test_an_empty_form_is_told_everything_that_is_missing_at_once() -> None:
    assert refused(Told(None, "", None)) == ["part_named", "says_what_it_should_be", "proof_named"]


def test_a_name_is_put_right_by_the_district_office_and_never_sent() -> None:
    assert refused(Told(About.NAME, "Somchay", Proof.NONE_YET)) == ["kept_by_the_office"]


@pytest.mark.parametrize("about", sorted(OF_CERTAIN_MONTHS))
def test_months_wage_and_employer_need_their_month(about: About) -> None:
    assert refused(Told(about, "x", Proof.NONE_YET)) == ["first_month_named"]


@pytest.mark.parametrize("about", [About.HOSPITAL, About.PROVINCES, About.SECTION])
def test_what_has_no_months_needs_none_and_keeps_none(about: About) -> None:
    report = sent(Told(about, "x", Proof.NONE_YET, date(2030, 1, 1), date(1900, 1, 1))).report
    assert (report.first_month, report.last_month) == (None, None)


def test_a_month_that_has_not_begun_is_not_in_any_record() -> None:
    assert refused(replace(A_WAGE, first_month=date(2026, 12, 1))) == ["first_month_has_begun"]
    assert sent(replace(A_WAGE, first_month=date(2026, 11, 1)))


def test_a_run_of_months_ends_after_it_begins_and_not_in_the_future() -> None:
    assert refused(replace(A_WAGE, last_month=date(2026, 7, 1))) == ["last_month_not_before_first"]
    assert refused(replace(A_WAGE, last_month=date(2026, 12, 1))) == ["last_month_has_begun"]
    assert sent(replace(A_WAGE, last_month=date(2026, 10, 1))).report.last_month == date(2026, 10, 1)


def test_a_run_of_one_month_is_one_month() -> None:
    assert sent(replace(A_WAGE, last_month=A_WAGE.first_month)).report.last_month is None


def test_a_month_before_ones_birth_is_a_slip_of_the_year() -> None:
    assert refused(replace(A_WAGE, first_month=date(1986, 4, 1))) == ["first_month_after_birth"]
    assert sent(replace(A_WAGE, first_month=date(1986, 5, 1)))
    assert sent(replace(A_WAGE, first_month=date(1900, 1, 1)), born=None)


def test_the_text_may_be_as_long_as_said_and_not_a_letter_longer() -> None:
    assert sent(replace(A_WAGE, should_be="ก" * LONGEST_TEXT))
    assert refused(replace(A_WAGE, should_be="ก" * (LONGEST_TEXT + 1))) == ["short_enough"]


def test_only_so_many_wait_at_a_time() -> None:
    assert sent(open_now=MOST_OPEN - 1)
    assert refused(A_WAGE, open_now=MOST_OPEN) == ["few_enough_open"]


@pytest.mark.parametrize("answer", list(Answer))
def test_each_answer_says_whether_it_was_put_right(answer: Answer) -> None:
    settled, (step,) = rule.settle(sent(), answer, "as on the slip", NOW, "officer")
    right = answer in (Answer.SOURCE_PUT_RIGHT, Answer.EMPLOYER_REPORTED_ANEW)
    assert settled.status is (Status.PUT_RIGHT if right else Status.NOT_CONFIRMED)
    assert step.code is (StepCode.PUT_RIGHT if right else StepCode.NOT_CONFIRMED)
    assert (settled.answer, settled.words, settled.settled_at, step.by) == (answer, "as on the slip", NOW, "officer")


def test_what_is_answered_or_taken_back_stays_so() -> None:
    answered, _ = rule.settle(sent(), Answer.NOT_CLEAR, "", NOW, "officer")
    taken_back, _ = rule.withdraw(sent(), NOW, "somchai")
    for one in (answered, taken_back):
        with pytest.raises(SomeoneElseSettledIt):
            rule.settle(one, Answer.NOT_CLEAR, "", NOW, "another")
        with pytest.raises(SomeoneElseSettledIt):
            rule.withdraw(one, NOW, "somchai")
        with pytest.raises(SomeoneElseSettledIt):
            rule.take(one, NOW, "another")
