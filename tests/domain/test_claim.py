"""A claim from the day it is sent to the day it is paid: who may move it, what stops the clock, who never decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from webapp.adapters import lawbook_toml
from webapp.domain import claim as rule
from webapp.domain.assessment import Outcome, Per, Refusal
from webapp.domain.claim import (
    IN_HAND,
    Claim,
    NeedsAnotherOfficer,
    OwnClaim,
    RefusalReason,
    SomeoneElseMovedIt,
    Status,
    StepCode,
)
from webapp.domain.claim_amount import Sum, WorkedOut
from webapp.domain.claim_reminders import about_claim
from webapp.domain.dates import BANGKOK
from webapp.domain.payment import Payment, Way

BOOK = lawbook_toml.load()
AT = datetime(2026, 12, 20, 10, tzinfo=BANGKOK)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORTH = WorkedOut(date(2026, 10, 1), Outcome.ENTITLED, (Sum("dental", Decimal("800.00"), Per.ONCE),))


@dataclass(frozen=True)
class Officer:
    id: str
    person_id: str | None = None


FIRST, SECOND, THIRD = Officer("officer-1"), Officer("officer-2"), Officer("officer-3")


def a_claim(**facts: object) -> Claim:
    usual = Claim(
        reference="CL-0000-0000-0001",
        person_id="somchai",
        kind="dental",
        status=Status.SENT,
        event_on=date(2026, 10, 1),
        claim_by=date(2028, 10, 1),
        sent_at=AT,
        answers={"on": "2026-10-01"},
        payment=Payment(Way.PROMPTPAY),
        expected=WORTH,
    )
    return replace(usual, **facts)  # type: ignore[arg-type]


def refused(at: datetime = AT) -> Claim:
    proposed, _ = rule.propose_refusal(a_claim(), RefusalReason.PAPER_MISSING, "", at, FIRST)
    found, _ = rule.confirm_refusal(proposed, WORTH, at, SECOND)
    return found


# The way through


def test_a_claim_is_sent_taken_approved_and_paid() -> None:
    claim, steps = rule.sent(a_claim())
    codes = [step.code for step in steps]
    for moved in (
        lambda one: rule.take(one, AT, FIRST),
        lambda one: rule.approve(one, WORTH, AT, FIRST),
        lambda one: rule.pay(one, AT, "worker"),
    ):
        claim, steps = moved(claim)
        codes += [step.code for step in steps]
    assert codes == [StepCode.SENT, StepCode.TAKEN, StepCode.APPROVED, StepCode.PAID]
    assert (claim.status, claim.is_open, claim.ended_at) == (Status.PAID, False, AT)


def test_taking_twice_is_once_and_a_colleague_may_take_over() -> None:
    taken, _ = rule.take(a_claim(), AT, FIRST)
    assert rule.take(taken, AT, FIRST) == (taken, ())
    over, steps = rule.take(taken, AT, SECOND)
    assert (over.taken_by, len(steps)) == (SECOND.id, 1)
    back, _ = rule.give_back(over, AT, SECOND)
    assert (back.status, back.taken_by) == (Status.SENT, "")
    assert rule.give_back(back, AT, FIRST) == (back, ())


def test_a_refusal_needs_a_second_officer() -> None:
    proposed, _ = rule.propose_refusal(a_claim(), RefusalReason.TOO_LATE, "after two years", AT, FIRST)
    assert proposed.decision is None
    with pytest.raises(NeedsAnotherOfficer):
        rule.confirm_refusal(proposed, WORTH, AT, FIRST)
    with pytest.raises(NeedsAnotherOfficer):
        rule.set_refusal_aside(proposed, AT, FIRST)
    with pytest.raises(SomeoneElseMovedIt):
        rule.approve(proposed, WORTH, AT, SECOND)
    found, _ = rule.confirm_refusal(proposed, WORTH, AT, SECOND)
    assert found.decision is not None
    assert (found.status, found.decision.by, found.decision.second) == (Status.REFUSED, FIRST.id, SECOND.id)


def test_a_second_officer_who_disagrees_goes_on_with_it() -> None:
    proposed, _ = rule.propose_refusal(a_claim(), RefusalReason.TOO_LATE, "", AT, FIRST)
    aside, _ = rule.set_refusal_aside(proposed, AT, SECOND)
    assert (aside.status, aside.taken_by, aside.proposal) == (Status.TAKEN, SECOND.id, None)


@pytest.mark.parametrize("who", ["somchai", "the other parent"])
def test_nobody_decides_a_claim_they_are_part_of(who: str) -> None:
    claim, officer = a_claim(involved=("the other parent",)), Officer("officer-4", who)
    with pytest.raises(OwnClaim):
        rule.take(claim, AT, officer)
    with pytest.raises(OwnClaim):
        rule.approve(claim, WORTH, AT, officer)
    with pytest.raises(OwnClaim):
        rule.propose_refusal(claim, RefusalReason.TOO_LATE, "", AT, officer)
    with pytest.raises(OwnClaim):
        rule.note_death(claim, AT.date(), AT, officer)


@pytest.mark.parametrize("status", [status for status in Status if status not in IN_HAND])
def test_what_is_not_in_hand_is_not_decided(status: Status) -> None:
    claim = a_claim(status=status)
    with pytest.raises(SomeoneElseMovedIt):
        rule.approve(claim, WORTH, AT, FIRST)
    with pytest.raises(SomeoneElseMovedIt):
        rule.propose_refusal(claim, RefusalReason.TOO_LATE, "", AT, FIRST)
    with pytest.raises(SomeoneElseMovedIt):
        rule.ask_for_paper(claim, "receipt", "", AT, FIRST)


def test_a_decided_claim_is_not_withdrawn() -> None:
    approved, _ = rule.approve(a_claim(), WORTH, AT, FIRST)
    with pytest.raises(SomeoneElseMovedIt):
        rule.withdraw(approved, AT, "somchai")


def test_the_same_way_of_being_paid_again_changes_nothing() -> None:
    claim = a_claim()
    assert rule.change_payment(claim, Payment(Way.PROMPTPAY), AT, "somchai") == (claim, ())
    changed, steps = rule.change_payment(claim, Payment(Way.COUNTER), AT, "somchai")
    assert (changed.payment.way, steps[0].facts["way"]) == (Way.COUNTER, "counter")
    with pytest.raises(SomeoneElseMovedIt):
        rule.change_payment(replace(claim, status=Status.PAID), Payment(Way.COUNTER), AT, "somchai")


# The clock


def test_a_wanted_paper_stops_the_clock_until_it_comes() -> None:
    wanted, _ = rule.ask_for_paper(a_claim(), "receipt", "with the name of the clinic", AT + 2 * DAY, FIRST)
    assert wanted.waited(AT + 9 * DAY) == 2 * DAY
    given_, _ = rule.give_paper(wanted, AT + 10 * DAY, "somchai")
    assert (given_.status, given_.wanted, given_.waited(AT + 11 * DAY)) == (Status.TAKEN, None, 3 * DAY)


def test_what_is_decided_while_a_paper_is_wanted_did_not_wait_for_it() -> None:
    wanted, _ = rule.ask_for_paper(a_claim(), "receipt", "", AT + DAY, FIRST)
    approved, _ = rule.approve(wanted, WORTH, AT + 5 * DAY, FIRST)
    assert approved.waited(AT + 30 * DAY) == DAY


@given(some.lists(some.tuples(some.integers(1, 400), some.integers(1, 400)), max_size=5), some.integers(0, 400))
def test_days_waited_and_days_paused_make_the_whole_time(pauses: list[tuple[int, int]], rest: int) -> None:
    claim, at, running = a_claim(), AT, 0
    for before, paused in pauses:
        at += before * HOUR
        running += before
        claim, _ = rule.ask_for_paper(claim, "receipt", "", at, FIRST)
        at += paused * HOUR
        claim, _ = rule.give_paper(claim, at, "somchai")
    at += rest * HOUR
    assert claim.waited(at) == (running + rest) * HOUR
    assert claim.waited(at) + claim.paused == at - claim.sent_at


def test_nothing_is_said_of_how_long_it_takes_from_too_few_claims() -> None:
    assert rule.usual_days([DAY] * 9) is None
    assert rule.usual_days([DAY * number for number in range(1, 12)]) == 6
    assert rule.usual_days([HOUR] * 10) == 1


@given(some.lists(some.integers(0, 90 * 24), min_size=10, max_size=40))
def test_half_of_the_decided_claims_took_no_longer_than_is_said(hours: list[int]) -> None:
    said = rule.usual_days([number * HOUR for number in hours])
    assert said is not None
    assert sum(number * HOUR <= said * DAY for number in hours) * 2 >= len(hours)


# Lateness and appeal


def test_a_claim_is_late_from_the_day_after_its_last_day() -> None:
    last = datetime(2028, 10, 1, 23, 59, tzinfo=BANGKOK)
    assert not a_claim(sent_at=last).is_late
    late = a_claim(sent_at=last + timedelta(minutes=1))
    assert late.is_late
    assert rule.sent(late)[1][0].facts == {"late": 1}


def test_an_appeal_is_in_time_on_its_last_day_and_not_after() -> None:
    claim = refused()
    last = rule.appeal_by(claim, BOOK)
    assert last == date(2027, 1, 19)
    in_time = rule.appeal(claim, "the receipt is there", datetime(2027, 1, 19, 23, 59, tzinfo=BANGKOK), "somchai", BOOK)
    assert isinstance(in_time, tuple)
    too_late = rule.appeal(claim, "the receipt is there", datetime(2027, 1, 20, 0, 0, tzinfo=BANGKOK), "somchai", BOOK)
    assert isinstance(too_late, Refusal)
    assert [reason.code for reason in too_late.unmet] == ["in_time_to_appeal"]


def test_whoever_decided_does_not_judge_the_appeal() -> None:
    moved = rule.appeal(refused(), "the receipt is there", AT + DAY, "somchai", BOOK)
    assert isinstance(moved, tuple)
    for officer in (FIRST, SECOND):
        with pytest.raises(NeedsAnotherOfficer):
            rule.settle_appeal(moved[0], True, "", WORTH, AT + DAY, officer)
    upheld, _ = rule.settle_appeal(moved[0], True, "", WORTH, AT + DAY, THIRD)
    assert upheld.status is Status.APPROVED
    dismissed, _ = rule.settle_appeal(moved[0], False, "it does not show the clinic", WORTH, AT + DAY, THIRD)
    assert dismissed.decision is not None
    assert (dismissed.status, dismissed.decision.words) == (Status.REFUSED, "it does not show the clinic")
    again = rule.appeal(dismissed, "once more", AT + 2 * DAY, "somchai", BOOK)
    assert isinstance(again, Refusal)


def test_an_appeal_says_why() -> None:
    answer = rule.appeal(refused(), "", AT, "somchai", BOOK)
    assert isinstance(answer, Refusal)


# A death


def test_when_the_claimant_dies_the_claim_stops_and_nobody_is_paid() -> None:
    approved, _ = rule.approve(a_claim(), WORTH, AT, FIRST)
    stopped, steps = rule.note_death(approved, AT.date(), AT + HOUR, SECOND)
    assert (stopped.status, stopped.died_on, stopped.decision) == (Status.STOPPED, AT.date(), approved.decision)
    with pytest.raises(SomeoneElseMovedIt):
        rule.pay(stopped, AT, "worker")
    assert about_claim(stopped, steps, AT) == ()


def test_a_death_to_come_is_no_death_and_what_is_over_stays() -> None:
    with pytest.raises(ValueError, match="has not come"):
        rule.note_death(a_claim(), AT.date() + DAY, AT, FIRST)
    paid, _ = rule.pay(rule.approve(a_claim(), WORTH, AT, FIRST)[0], AT, "worker")
    with pytest.raises(SomeoneElseMovedIt):
        rule.note_death(paid, AT.date(), AT, FIRST)


# The same claim twice


def test_the_same_event_is_claimed_once_unless_it_was_refused_or_withdrawn() -> None:
    earlier = a_claim()
    assert rule.same_claim("dental", earlier.event_on, frozenset(), [earlier]) is earlier
    assert rule.same_claim("dental", earlier.event_on + DAY, frozenset(), [earlier]) is None
    assert rule.same_claim("sickness", earlier.event_on, frozenset(), [earlier]) is None
    for status in (Status.REFUSED, Status.WITHDRAWN):
        assert rule.same_claim("dental", earlier.event_on, frozenset(), [replace(earlier, status=status)]) is None


def test_the_same_child_is_claimed_for_once_whatever_other_child_stands_beside() -> None:
    earlier = a_claim(kind="child_allowance", answers={"child_1_born": "2024-02-02", "child_2_born": "2020-01-01"})
    assert rule.same_claim("child_allowance", date(2024, 2, 2), frozenset({"2024-02-02"}), [earlier]) is earlier
    assert rule.same_claim("child_allowance", earlier.event_on, frozenset({"2026-05-05"}), [earlier]) is None


def test_two_deaths_of_one_day_and_two_things_at_the_dentist_are_two_claims() -> None:
    death = a_claim(kind="death", answers={"on": "2026-10-01", "deceased_number": "1000000000017"})
    assert rule.same_claim("death", death.event_on, frozenset({"1000000000017"}), [death]) is death
    assert rule.same_claim("death", death.event_on, frozenset({"1000000000165"}), [death]) is None
    filling = a_claim(answers={"on": "2026-10-01", "treatment": "basic"})
    assert rule.same_claim("dental", filling.event_on, rule.told_apart_by({"treatment": "denture_1_5"}), [filling]) is None
    assert rule.same_claim("dental", filling.event_on, rule.told_apart_by({"treatment": "basic"}), [filling]) is filling


@pytest.mark.parametrize("reason", list(RefusalReason))
def test_the_law_of_a_refusal_is_a_rule_that_there_is(reason: RefusalReason) -> None:
    for kind in ("sickness", "dental", "maternity", "invalidity", "death", "child_allowance"):
        key = rule.law_of_refusal(reason, kind)
        assert key is None or key in BOOK.histories, (reason, kind)


def test_a_status_from_outside_that_nobody_knows_is_with_the_office() -> None:
    assert rule.known_status("paid") is Status.PAID
    assert rule.known_status("lost in the post") is Status.WITH_THE_OFFICE
