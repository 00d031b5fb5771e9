"""What a claim is worth: the law of the day of the event, two years to claim, children month by month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from webapp.adapters import lawbook_toml
from webapp.domain.assessment import Outcome, Per
from webapp.domain.benefits.child_allowance import MONTHLY
from webapp.domain.claim_amount import (
    NO_RUN,
    SO_FAR,
    ChildClaim,
    ChildQuestion,
    Run,
    Sum,
    WorkedOut,
    again,
    child_claim,
    claim_by,
    day_to_judge,
    due_now,
    gone_out_by,
    is_as_kept,
    last_month,
    less,
    over_months,
    run_since,
    with_child_months,
    work_out,
)
from webapp.domain.dates import add_months, first_of_month, months_between
from webapp.domain.money import Baht

BOOK = lawbook_toml.load()
DENTAL = {"months_paid_in_15": 15, "treatment": "basic", "cost": "1200", "used_this_year": "100"}
BIRTHS = some.dates(date(2015, 1, 1), date(2026, 12, 20))
TODAY = date(2026, 12, 20)


def children(*births: date, sent_on: date = TODAY, through: date | None = None, paid_now: int = 0, since: date = date.min) -> ChildClaim:
    """`since`: the first month for which enough months are paid."""
    return child_claim(ChildQuestion(births, sent_on, through or sent_on, paid_now, lambda month: month >= since), BOOK)


# The law of the day of the event


def test_a_lay_off_is_paid_by_the_law_of_its_own_day() -> None:
    """60 % since 28 June 2025, 50 % on the day before (facts/law.md)."""
    answers = {"cause": "laid_off", "dismissed_for_fault": "no", "months_paid_in_15": 15, "wage": "15000", "days_paid_this_year": 0}
    before, after = (work_out("unemployment", day, answers, BOOK) for day in (date(2025, 6, 27), date(2025, 6, 28)))
    assert before.sum_of("unemployment_monthly") == Decimal("7500.00")
    assert after.sum_of("unemployment_monthly") == Decimal("9000.00")


def test_a_birth_of_2020_gets_the_lump_sum_of_2020_however_late_it_is_claimed() -> None:
    answers = {"months_paid_in_15": 9, "parent": "mother", "other_parent_claimed": "no"}
    assert work_out("maternity", date(2020, 12, 31), answers, BOOK).sum_of("maternity_lump_sum") == Decimal("13000.00")
    assert work_out("maternity", date(2021, 1, 1), answers, BOOK).sum_of("maternity_lump_sum") == Decimal("15000.00")


def test_what_was_kept_can_be_worked_out_again_to_the_satang() -> None:
    kept = work_out("dental", date(2026, 10, 1), DENTAL, BOOK)
    assert (kept.outcome, kept.sum_of("dental")) == (Outcome.ENTITLED, Decimal("800.00"))
    assert is_as_kept(kept, again("dental", kept.on, kept.inputs, BOOK))
    another = work_out("dental", date(2026, 10, 1), {**DENTAL, "cost": "300"}, BOOK)
    assert not is_as_kept(kept, again("dental", another.on, another.inputs, BOOK))


def test_what_the_record_does_not_support_has_no_sum_and_says_why() -> None:
    found = work_out("dental", date(2026, 10, 1), {**DENTAL, "months_paid_in_15": 2}, BOOK)
    assert (found.outcome, found.sums, found.unmet) == (Outcome.NOT_ENTITLED, (), ("months_paid",))


def test_inputs_that_nobody_can_read_are_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="cost"):
        work_out("dental", date(2026, 10, 1), {**DENTAL, "cost": "a lot"}, BOOK)


# Two years


@pytest.mark.parametrize(
    ("event", "last"),
    [(date(2026, 10, 1), date(2028, 10, 1)), (date(2024, 2, 29), date(2026, 2, 28)), (date(2026, 12, 31), date(2028, 12, 31))],
)
def test_two_years_end_on_the_same_day(event: date, last: date) -> None:
    assert claim_by(event, BOOK) == last


@given(some.dates(date(1996, 1, 1), date(2090, 12, 31)))
def test_the_last_day_to_claim_lies_two_years_after_the_event(event: date) -> None:
    last = claim_by(event, BOOK)
    assert last is not None
    assert 729 <= (last - event).days <= 731


# What goes out


SUMS = some.lists(
    some.builds(Sum, some.sampled_from(["a", "b", "c"]), some.decimals(0, 99_999, places=2), some.sampled_from(list(Per))),
    unique_by=lambda one: (one.code, one.per), max_size=6,
)  # fmt: skip


@given(SUMS)
def test_what_goes_out_at_once_is_exact_and_never_a_rate(sums: list[Sum]) -> None:
    once = [one.baht for one in sums if one.per is Per.ONCE]
    assert due_now(sums) == (sum(once) if once else sum(one.baht for one in sums if one.per is Per.MONTH))
    assert due_now(sums) * 100 % 1 == 0, "whole satang"


def test_unemployment_goes_out_month_by_month_and_never_with_all_it_can_come_to() -> None:
    sums = [Sum("unemployment_monthly", Decimal("9000.00"), Per.MONTH), Sum("unemployment_total", Decimal("54000.00"), Per.ONCE)]
    assert due_now(sums) == Decimal("9000.00")


@given(SUMS, SUMS)
def test_what_is_left_and_what_went_out_make_the_whole_and_nothing_is_taken_back(sums: list[Sum], paid: list[Sum]) -> None:
    out = {(one.code, one.per): one.baht for one in paid}
    left = {(one.code, one.per): one.baht for one in less(sums, paid)}
    for one in sums:
        key = (one.code, one.per)
        assert left.get(key, Decimal(0)) == max(one.baht - out.get(key, Decimal(0)), Decimal(0))
    assert all(baht > 0 for baht in left.values())
    assert less(sums, sums) == ()
    assert less(sums, ()) == tuple(one for one in sums if one.baht > 0)


@given(some.lists(BIRTHS, min_size=1, max_size=3), some.integers(0, 30))
def test_paid_at_the_decision_and_each_month_since_is_what_waiting_would_have_brought(births: list[date], months: int) -> None:
    """Where the same children count, what went out by a later month is what working it out in that month comes to."""
    later = add_months(first_of_month(TODAY), months)
    then, now = children(*births), children(*births, sent_on=TODAY, through=later)
    asked = WorkedOut(TODAY, Outcome.ENTITLED)
    decided = with_child_months(asked, then, TODAY)
    out = sum((one.baht for one in gone_out_by(decided, births, later, BOOK) if one.code == SO_FAR), Decimal(0))
    if decided.sum_of(MONTHLY) is not None:
        new = sum(first_of_month(birth) > first_of_month(TODAY) for birth in births)
        assert new or out == now.baht.rounded
    else:
        assert out == (decided.sum_of(SO_FAR) or 0)


def test_of_what_is_paid_once_nothing_more_goes_out_later() -> None:
    kept = work_out("dental", date(2026, 10, 1), DENTAL, BOOK)
    assert gone_out_by(kept, (), date(2028, 1, 1), BOOK) == kept.sums


def test_months_of_unemployment_never_come_to_more_than_the_whole() -> None:
    sums = (Sum("unemployment_total", Decimal(30_000), Per.ONCE), Sum("unemployment_monthly", Decimal(8_000), Per.MONTH))
    assert [due_now(over_months(sums, months)) for months in (1, 2, 9)] == [8_000, 16_000, 30_000]


def test_the_run_pays_each_month_after_the_first_one_and_that_one_is_no_part_of_it() -> None:
    decided = WorkedOut(TODAY, Outcome.ENTITLED, (Sum("invalidity_monthly", Decimal(5_250), Per.MONTH),))
    later = add_months(first_of_month(TODAY), 2)
    assert run_since(decided, (), TODAY, TODAY, BOOK) == NO_RUN
    assert run_since(decided, (), TODAY, later, BOOK) == Run((Sum("invalidity_monthly", Decimal(10_500), Per.ONCE),), 3)


# Children


def test_a_child_counts_from_the_month_of_birth_for_72_months() -> None:
    birth = date(2020, 12, 15)
    assert months_between(birth, last_month(birth, BOOK)) + 1 == 72
    assert last_month(birth, BOOK) == date(2026, 11, 1)


def test_the_months_before_a_sixth_birthday_stay_due_after_it() -> None:
    """Born 15 December 2020, claimed on 20 December 2026: six since five days, and paid for until November."""
    found = children(date(2020, 12, 15))
    assert (found.ends, found.due[-1].last) == (date(2026, 11, 1), date(2026, 11, 1))
    assert found.due[0].first == date(2025, 1, 1)
    assert (found.months, found.baht) == (23, Baht.of(23_000))


def test_a_birthday_between_sending_and_the_decision_takes_no_month_away() -> None:
    birth, sent = date(2020, 12, 15), date(2026, 11, 20)
    at_sending, at_decision = children(birth, sent_on=sent), children(birth, sent_on=sent, through=date(2027, 3, 5))
    assert at_sending.due == at_decision.due
    assert at_decision.baht == Baht.of(800 + 23 * 1_000)


def test_no_month_is_lost_while_an_officer_has_the_claim() -> None:
    birth, sent = date(2023, 1, 10), date(2026, 12, 20)
    waited = children(birth, sent_on=sent, through=date(2027, 12, 20))
    assert waited.due[0].first == children(birth, sent_on=sent).due[0].first
    assert waited.months == children(birth, sent_on=sent).months + 12


def test_each_month_is_paid_by_its_own_law() -> None:
    """800 until December 2024, 1,000 from January 2025."""
    found = children(date(2024, 11, 5), sent_on=date(2025, 2, 1))
    assert [(run.months, run.a_child) for run in found.due] == [(2, Baht.of(800)), (2, Baht.of(1_000))]


def test_a_fourth_child_at_the_same_time_adds_nothing() -> None:
    births = [date(2024, 3, 1), date(2025, 3, 1), date(2026, 3, 1)]
    assert children(*births).due[-1].children == 3
    assert children(*births, paid_now=1).due[-1].children == 2
    assert children(*births, paid_now=3).due == ()


def test_months_before_enough_was_paid_are_not_counted() -> None:
    assert children(date(2025, 1, 1), since=date(2026, 6, 1)).due[0].first == date(2026, 6, 1)


def test_a_claim_is_judged_in_its_last_month_where_that_lies_behind() -> None:
    assert day_to_judge(children(date(2020, 12, 15)), TODAY) == date(2026, 11, 30)
    assert day_to_judge(children(date(2020, 12, 15), date(2025, 1, 1)), TODAY) == TODAY
    assert day_to_judge(children(date(2015, 1, 1)), TODAY) == TODAY


@given(some.lists(BIRTHS, min_size=1, max_size=3), some.integers(0, 3))
def test_never_more_than_three_children_nor_a_month_outside_their_years(births: list[date], paid_now: int) -> None:
    found = children(*births, paid_now=paid_now)
    for run in found.due:
        assert 0 < run.children <= 3 - paid_now
        assert run.months == months_between(run.first, run.last) + 1
        assert min(map(first_of_month, births)) <= run.first
        assert run.last <= min(first_of_month(TODAY), found.ends)
    assert found.months <= 25
    assert found.baht == Baht.of(sum(run.months * run.children * int(run.a_child.rounded) for run in found.due))


@given(some.lists(BIRTHS, min_size=1, max_size=3))
def test_every_month_of_a_child_is_due_lost_or_to_come(births: list[date]) -> None:
    found = children(*births)
    young = {
        month
        for birth in births
        for month in (add_months(birth, count) for count in range(72))
        if month <= TODAY
    }  # fmt: skip
    assert found.months + found.lost == len(young)
