"""Telling that the record is wrong, and the officers' answers: once a key, never too many, one answer each, forgotten in time."""

from __future__ import annotations

import secrets
import threading
from datetime import date
from decimal import Decimal

import pytest

from tests.standing_clock import StandingClock
from webapp.actions import corrections, taking_effect
from webapp.actions.corrections import KEEP_DAYS, Paid, RecordedMonths, recorded_months
from webapp.actions.officers import NobodyDecidesTheirOwnCase
from webapp.domain.assessment import Refusal
from webapp.domain.correction import MOST_OPEN, About, Answer, Correction, Proof, SomeoneElseSettledIt, Status, StepCode, Told
from webapp.ports import ContributionRow, Officer, Tools

ONE, TWO = "1000000000076", "1000000000084"
SOMCHAI, SOMYING = "1000000000009", "1000000000017"
A_WAGE = Told(About.WAGE, "18,000 instead of 15,000", Proof.PAY_SLIP, date(2026, 8, 1), date(2026, 9, 1))


def person_id(tools: Tools, pid: str = SOMCHAI) -> str:
    found: str = tools.store.person_id_of(pid)
    return found


def officer(tools: Tools, pid: str = ONE) -> Officer:
    found: Officer = tools.store.officer_of(pid)
    return found


def sent(tools: Tools, pid: str = SOMCHAI, told: Told = A_WAGE, key: str = "") -> Correction:
    one = corrections.send(tools, person_id(tools, pid), key or secrets.token_urlsafe(18), told)
    assert isinstance(one, Correction), one
    return one


def codes(tools: Tools, one: Correction) -> list[StepCode]:
    return [step.code for step in tools.store.steps_of_correction(one.reference)]


# The person


def test_the_same_key_is_one_report(tools: Tools) -> None:
    one = sent(tools, key="key-of-a-page-00")
    assert sent(tools, key="key-of-a-page-00", told=Told(About.SECTION, "39", Proof.NONE_YET)) == one
    assert corrections.corrections_of(tools, one.person_id) == [one]


def test_two_taps_at_once_are_one_report(tools: Tools) -> None:
    ready, found = threading.Barrier(2), []

    def tap() -> None:
        ready.wait()
        found.append(tools.store.again(lambda: sent(tools, key="key-of-a-page-00")).reference)
        tools.store.close()

    taps = [threading.Thread(target=tap) for _ in range(2)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()
    assert len(found) == 2
    assert len(set(found)) == 1


def test_references_cannot_be_guessed_from_each_other(tools: Tools) -> None:
    first, second = sent(tools).reference, sent(tools).reference
    assert first.startswith("RC-")
    assert first[:8] != second[:8]


def test_one_too_many_is_refused_until_another_is_taken_back(tools: Tools) -> None:
    waiting = [sent(tools) for _ in range(MOST_OPEN)]
    answer = corrections.send(tools, person_id(tools), "key-of-a-page-00", A_WAGE)
    assert isinstance(answer, Refusal)
    assert [reason.code for reason in answer.unmet] == ["few_enough_open"]
    assert sent(tools, SOMYING), "another person's do not count"
    corrections.withdraw(tools, person_id(tools), waiting[0].reference)
    assert sent(tools)


def test_nobody_sees_or_takes_back_what_another_told(tools: Tools) -> None:
    one = sent(tools)
    assert corrections.correction_of(tools, person_id(tools, SOMYING), one.reference) is None
    assert corrections.withdraw(tools, person_id(tools, SOMYING), one.reference) is None
    assert tools.store.correction(one.reference).is_open


def test_taking_back_twice_is_once(tools: Tools) -> None:
    one = sent(tools)
    for _ in range(2):
        after = corrections.withdraw(tools, one.person_id, one.reference)
        assert after is not None
        assert after.status is Status.WITHDRAWN
    assert codes(tools, one) == [StepCode.SENT, StepCode.WITHDRAWN]


def test_what_is_answered_cannot_be_taken_back(tools: Tools) -> None:
    one = sent(tools)
    corrections.settle(tools, officer(tools), one.reference, Answer.NOT_CLEAR, "")
    with pytest.raises(SomeoneElseSettledIt):
        corrections.withdraw(tools, one.person_id, one.reference)


# The officers


def test_the_list_stands_oldest_first_with_the_record_beside_it(tools: Tools, clock: StandingClock) -> None:
    first = sent(tools)
    clock.advance(hours=5)
    second = sent(tools, SOMYING, Told(About.HOSPITAL, "another", Proof.NONE_YET))
    found = corrections.waiting(tools, officer(tools))
    assert [row.correction for row in found.rows] == [first, second]
    assert (found.count, found.pages, found.rows[0].waiting.hours) == (2, 1, 5)
    assert found.rows[0].recorded[0].paid[0].wage == Decimal(18000)
    assert found.rows[1].recorded == ()
    assert found.rows[1].person is not None


def test_taking_one_writes_the_officers_name_once_and_shows_the_whole_name(tools: Tools) -> None:
    one = sent(tools)
    before = corrections.look_at(tools, officer(tools), one.reference)
    assert before is not None
    assert not before.name_may_be_shown
    for _ in range(2):
        corrections.take(tools, officer(tools), one.reference)
    after = corrections.look_at(tools, officer(tools), one.reference)
    assert after is not None
    assert after.name_may_be_shown
    assert codes(tools, one) == [StepCode.SENT, StepCode.TAKEN]
    other = corrections.look_at(tools, officer(tools, TWO), one.reference)
    assert other is not None
    assert (other.name_may_be_shown, other.taken_by) == (False, officer(tools))


def test_the_second_of_two_officers_learns_who_was_first(tools: Tools) -> None:
    one = sent(tools)
    corrections.settle(tools, officer(tools), one.reference, Answer.SOURCE_PUT_RIGHT, "as on the slip")
    with pytest.raises(SomeoneElseSettledIt) as met:
        corrections.settle(tools, officer(tools, TWO), one.reference, Answer.NOT_CLEAR, "")
    who = corrections.who_settled_it(tools, met.value)
    assert (who.officer, who.correction.answer) == (officer(tools), Answer.SOURCE_PUT_RIGHT)
    assert codes(tools, one) == [StepCode.SENT, StepCode.PUT_RIGHT]


def test_the_same_answer_sent_twice_by_one_officer_is_one_answer(tools: Tools) -> None:
    one = sent(tools)
    first = corrections.settle(tools, officer(tools), one.reference, Answer.NOT_CLEAR, "which month?")
    assert corrections.settle(tools, officer(tools), one.reference, Answer.NOT_CLEAR, "which month?") == first
    with pytest.raises(SomeoneElseSettledIt):
        corrections.settle(tools, officer(tools), one.reference, Answer.SOURCE_PUT_RIGHT, "")


def test_nobody_opens_takes_or_answers_their_own(tools: Tools) -> None:
    own, me = sent(tools, TWO), officer(tools, TWO)
    assert corrections.waiting(tools, me).rows[0].is_own
    with pytest.raises(NobodyDecidesTheirOwnCase):
        corrections.look_at(tools, me, own.reference)
    with pytest.raises(NobodyDecidesTheirOwnCase):
        corrections.take(tools, me, own.reference)
    with pytest.raises(NobodyDecidesTheirOwnCase):
        corrections.settle(tools, me, own.reference, Answer.SOURCE_PUT_RIGHT, "")
    assert tools.store.correction(own.reference).is_open


def test_answering_changes_nothing_in_the_record(tools: Tools) -> None:
    before = tools.store.contributions_of(person_id(tools)), tools.store.person(person_id(tools))
    one = sent(tools)
    corrections.settle(tools, officer(tools), one.reference, Answer.SOURCE_PUT_RIGHT, "")
    assert (tools.store.contributions_of(person_id(tools)), tools.store.person(person_id(tools))) == before


def test_an_unknown_one_is_nobodys(tools: Tools) -> None:
    assert corrections.look_at(tools, officer(tools), "RC-0") is None
    assert corrections.take(tools, officer(tools), "RC-0") is None
    assert corrections.settle(tools, officer(tools), "RC-0", Answer.NOT_CLEAR, "") is None


# The record beside it


def month(text: str, wage: int | None = 15_000, employer: str = "A") -> ContributionRow:
    return ContributionRow("x", text, None if wage is None else Decimal(wage), "33", employer, employer)


def test_months_of_which_the_record_says_the_same_are_one_line() -> None:
    record = [month("2026-01"), month("2026-02"), month("2026-04"), month("2026-05", 16_000), month("2026-05", None, "B")]
    same, later = (Paid(Decimal(15_000), "33", "A"),), (Paid(Decimal(16_000), "33", "A"), Paid(None, "33", "B"))
    assert recorded_months(record, date(2025, 12, 1), date(2026, 6, 1)) == (
        RecordedMonths(date(2025, 12, 1), date(2025, 12, 1), ()),
        RecordedMonths(date(2026, 1, 1), date(2026, 2, 1), same),
        RecordedMonths(date(2026, 3, 1), date(2026, 3, 1), ()),
        RecordedMonths(date(2026, 4, 1), date(2026, 4, 1), same),
        RecordedMonths(date(2026, 5, 1), date(2026, 5, 1), later),
        RecordedMonths(date(2026, 6, 1), date(2026, 6, 1), ()),
    )


def test_the_officer_sees_a_month_on_either_side_and_none_that_has_not_come(tools: Tools, clock: StandingClock) -> None:
    this_month = clock.today().replace(day=1)
    one = sent(tools, told=Told(About.MONTHS, "paid", Proof.NONE_YET, this_month))
    view = corrections.look_at(tools, officer(tools), one.reference)
    assert view is not None
    assert (view.recorded[0].first, view.recorded[-1].last) == (date(2026, 11, 1), this_month)


# How long


def test_a_year_after_its_answer_it_is_forgotten_and_an_open_one_never(tools: Tools, clock: StandingClock) -> None:
    one, still_open = sent(tools), sent(tools)
    corrections.settle(tools, officer(tools), one.reference, Answer.NOT_CLEAR, "")
    clock.advance(days=KEEP_DAYS, seconds=-60)
    taking_effect.tidy(tools)
    assert tools.store.correction(one.reference)
    clock.advance(seconds=120)
    taking_effect.tidy(tools)
    assert tools.store.correction(one.reference) is None
    assert tools.store.correction(still_open.reference)
