"""Without work: the days to report, the days left, and the three ways from the age for old-age money on."""

from datetime import date
from typing import Any

import pytest

from webapp.adapters import lawbook_toml
from webapp.domain.answers import Answers, read_answers
from webapp.domain.benefits.unemployment import days_left, reporting_days
from webapp.domain.lawbook import Consulted
from webapp.domain.leaving_work import LEAVING_WORK, Ways, ways

BOOK = lawbook_toml.load()
ON = date(2026, 11, 20)
WORKER = {
    "age": 56, "cause": "laid_off", "dismissed_for_fault": False, "months_paid_in_15": 14, "wage": 16000, "days_paid_this_year": 0,
    "months_paid_total": 150, "average_wage_60": 15000,
}  # fmt: skip


def compared(**changed: Any) -> Ways:
    read = read_answers(LEAVING_WORK.questions, {**WORKER, **changed}, ON, BOOK.on(ON))
    assert isinstance(read, Answers), read
    return ways(read, ON, BOOK)


def planned(registered_on: date, days: int) -> list[str]:
    return [day.isoformat() for day in reporting_days(registered_on, ON, days, Consulted(BOOK.on(ON)))]


def test_whoever_registers_on_the_22nd_reports_on_the_22nd_of_each_month() -> None:
    expected = ["2026-12-22", "2027-01-22", "2027-02-22", "2027-03-22", "2027-04-22", "2027-05-22"]
    assert planned(date(2026, 11, 22), 180) == expected
    assert planned(date(2026, 11, 22), 90) == expected[:3]


def test_a_month_without_that_day_takes_its_last() -> None:
    assert planned(date(2027, 1, 31), 60) == ["2027-02-28", "2027-03-31"]


def test_nothing_is_reported_for_when_no_day_is_left() -> None:
    assert planned(ON, 0) == []


@pytest.mark.parametrize(("cause", "paid", "left"), [("laid_off", 0, 180), ("laid_off", 100, 80), ("resigned", 100, 0)])
def test_the_days_left_are_those_of_the_calendar_year(cause: str, paid: int, left: int) -> None:
    found = days_left(Answers({"cause": cause, "days_paid_this_year": paid}), Consulted(BOOK.on(ON)))
    assert found is not None
    assert found.days == left


def test_each_way_is_worked_out_as_its_own_benefit_does() -> None:
    found = compared()
    assert found.old_enough
    assert {amount.code: str(amount.baht) for amount in found.unemployment.amounts} == {
        "unemployment_monthly": "9600.00",
        "unemployment_total": "57600.00",
    }
    assert [(amount.code, str(amount.baht)) for amount in found.old_age.amounts] == [("old_age_lump_sum_before_return", "135000.00")]
    assert found.old_age.claim_by == date(2028, 11, 20)


def test_section_39_is_asked_for_within_six_months_counted_to_the_safe_side() -> None:
    staying = compared().section_39
    assert (staying.apply_by, staying.months_short, staying.enough_from) == (date(2027, 5, 19), 30, date(2029, 5, 1))


def test_with_enough_months_nothing_is_missing_under_section_39() -> None:
    assert compared(months_paid_total=200).section_39.months_short == 0


@pytest.mark.parametrize(("age", "old_enough"), [(54, False), (55, True), ("not_sure", None)])
def test_the_comparison_knows_for_whom_it_is(age: Any, old_enough: bool | None) -> None:
    assert compared(age=age).old_enough is old_enough


def test_every_value_the_comparison_rests_on_is_named_once() -> None:
    keys = [value.key for value in compared().law]
    assert {"coverage.section_39_apply_within", "unemployment.laid_off_rate", "old_age.age"} <= set(keys)
    assert len(keys) - len(set(keys)) == keys.count("wage_base.ceiling") - 1
