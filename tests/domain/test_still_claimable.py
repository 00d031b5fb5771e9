"""Money that may still be claimed: which days, how much by the law of each day, and until when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.test_contribution_record import BOOK, OCTOBER, TODAY, every_month, months, paid, somchai, the_record
from webapp.domain.contribution_record import Line, enough_months
from webapp.domain.dates import add_months, same_day_in_months
from webapp.domain.lawbook import Consulted
from webapp.domain.money import Baht
from webapp.domain.person import Person
from webapp.domain.still_claimable import Claimable, Event, StillClaimable, still_claimable

FULL = every_month(date(2011, 1, 1), OCTOBER)


def claims(lines: list[Line], person: Person | None = None, today: date = TODAY, born: date | None = None) -> StillClaimable:
    return still_claimable(the_record(lines, person, today, today), BOOK, born)


def rows_of(benefit: str, found: StillClaimable) -> list[Claimable]:
    return [row for row in found.rows if row.benefit == benefit]


def sums(row: Claimable) -> dict[tuple[str, str], tuple[str, str]]:
    return {(one.code, one.case): (str(one.low), str(one.high)) for one in row.sums}


def test_somebody_who_never_paid_has_nothing_to_claim() -> None:
    assert claims([]).rows == ()


def test_what_happened_two_years_ago_today_can_be_claimed_today_for_the_last_time() -> None:
    found = claims(FULL)
    assert found.since == date(2024, 11, 22)
    (birth,) = rows_of("maternity", found)
    assert (birth.first, birth.claim_by) == (date(2024, 11, 22), TODAY)
    assert (birth.last, birth.claim_last) == (TODAY, date(2028, 11, 22))


@pytest.mark.parametrize(("today", "since"), [(date(2028, 2, 28), date(2026, 2, 28)), (date(2028, 2, 29), date(2026, 3, 1))])
def test_around_29_february_no_day_is_offered_whose_last_day_has_passed(today: date, since: date) -> None:
    found = claims(every_month(date(2020, 1, 1), add_months(today, -1)), today=today)
    assert found.since == since
    assert all(row.claim_by >= today for row in found.rows)


def test_a_birth_brings_the_lump_sum_and_the_leave_by_the_wages_of_its_day() -> None:
    (birth,) = rows_of("maternity", claims(FULL))
    assert sums(birth) == {
        ("maternity_lump_sum", ""): ("15000.00", "15000.00"),
        ("maternity_leave_allowance", ""): ("22500.00", "24000.00"),
        ("prenatal_care", ""): ("1500.00", "1500.00"),
    }


def test_the_dentist_is_a_row_for_each_calendar_year_and_what_ends_soonest_comes_first() -> None:
    found = claims(FULL)
    years = [(row.first, row.last, row.claim_last) for row in rows_of("dental", found)]
    assert years == [
        (date(2024, 11, 22), date(2024, 12, 31), date(2026, 12, 31)),
        (date(2025, 1, 1), date(2025, 12, 31), date(2027, 12, 31)),
        (date(2026, 1, 1), date(2026, 11, 22), date(2028, 11, 22)),
    ]
    assert found.rows[0].benefit == "dental"
    assert [row.claim_by for row in found.rows] == sorted(row.claim_by for row in found.rows)


def test_child_allowance_is_summed_month_by_month_over_a_change_of_the_law() -> None:
    (child,) = rows_of("child_allowance", claims(FULL))
    assert (child.first, child.last, child.months) == (date(2024, 12, 1), date(2026, 11, 1), 24)
    assert sums(child) == {
        ("child_allowance_monthly", ""): ("800.00", "1000.00"),
        ("child_allowance_monthly", "in_all"): ("23800.00", "23800.00"),
    }
    assert child.claim_by == date(2026, 12, 1)


def test_child_allowance_begins_only_with_the_month_after_the_twelfth() -> None:
    lines = every_month(date(2025, 6, 1), OCTOBER)
    (child,) = rows_of("child_allowance", claims(lines, somchai(since=date(2025, 6, 1))))
    assert child.first == date(2026, 6, 1)


def test_days_before_enough_months_were_paid_are_not_offered() -> None:
    found = claims(every_month(date(2026, 7, 1), OCTOBER), somchai(since=date(2026, 7, 1)))
    assert {row.benefit: row.first for row in found.rows} == dict.fromkeys(("sickness", "dental", "invalidity"), date(2026, 10, 1))


def test_after_leaving_work_the_cover_is_counted_and_no_day_after_it() -> None:
    found = claims(every_month(date(2020, 1, 1), date(2026, 1, 1)), somchai(until=date(2026, 1, 31)))
    (ill,), (child,) = rows_of("sickness", found), rows_of("child_allowance", found)
    assert ill.last == date(2026, 7, 31)
    assert child.last == date(2026, 1, 1), "child allowance is not among the benefits of the cover"


def test_a_named_end_of_the_job_is_an_unemployment_row_with_both_causes() -> None:
    found = claims(every_month(date(2020, 1, 1), date(2026, 7, 1)), somchai(until=date(2026, 7, 31)))
    (job,) = rows_of("unemployment", found)
    assert (job.first, job.last, job.claim_by, job.register_by) == (
        date(2026, 8, 1), date(2026, 8, 1), date(2028, 8, 1), date(2026, 8, 30),
    )  # fmt: skip
    assert sums(job) == {
        ("unemployment_monthly", "laid_off"): ("9600.00", "9600.00"),
        ("unemployment_monthly", "resigned"): ("4800.00", "4800.00"),
    }


def test_a_job_that_ended_before_28_june_2025_is_worked_out_by_the_law_of_that_day() -> None:
    found = claims(every_month(date(2020, 1, 1), date(2025, 5, 1)), somchai(until=date(2025, 5, 31)))
    (job,) = rows_of("unemployment", found)
    assert sums(job)["unemployment_monthly", "laid_off"] == ("7500.00", "7500.00")


def test_a_gap_between_employers_is_a_job_that_may_have_ended_with_the_earlier_last_day() -> None:
    lines = every_month(date(2020, 1, 1), date(2026, 3, 1)) + every_month(date(2026, 6, 1), OCTOBER, account="2")
    (job,) = rows_of("unemployment", claims(lines))
    assert (job.event, job.first, job.last, job.claim_by) == (Event.JOB_ENDED, date(2026, 3, 1), date(2026, 4, 1), date(2028, 3, 1))


def test_going_over_to_section_39_is_the_end_of_a_job() -> None:
    alone = [paid(date(2026, month, 1), 4_800, "", "39") for month in range(4, 11)]
    (job,) = rows_of("unemployment", claims(every_month(date(2020, 1, 1), date(2026, 3, 1)) + alone, somchai("39")))
    assert (job.first, job.last) == (date(2026, 3, 1), date(2026, 4, 1))


def test_too_few_months_bring_no_unemployment_row() -> None:
    lines = every_month(date(2026, 3, 1), date(2026, 7, 1))
    assert not rows_of("unemployment", claims(lines, somchai(since=date(2026, 3, 1), until=date(2026, 7, 31))))


def test_old_age_is_a_row_for_who_stopped_after_the_age_for_it() -> None:
    lines, person = every_month(date(2008, 1, 1), date(2026, 7, 1)), somchai(since=date(2008, 1, 1), until=date(2026, 7, 31))
    (old,) = rows_of("old_age", claims(lines, person, born=date(1970, 1, 1)))
    assert (old.first, old.claim_by) == (date(2026, 8, 1), date(2028, 8, 1))
    assert [one.code for one in old.sums] == ["pension_monthly"]
    assert not rows_of("old_age", claims(lines, person, born=date(1980, 1, 1)))
    assert not rows_of("old_age", claims(lines, person))
    assert not rows_of("old_age", claims(lines, somchai(since=date(2008, 1, 1)), born=date(1970, 1, 1)))


def test_who_turned_55_after_stopping_claims_from_the_birthday() -> None:
    lines, person = every_month(date(2008, 1, 1), date(2022, 12, 1)), somchai(since=date(2008, 1, 1), until=date(2022, 12, 31))
    (old,) = rows_of("old_age", claims(lines, person, born=date(1971, 3, 10)))
    assert (old.first, old.claim_by) == (date(2026, 3, 10), date(2028, 3, 10))


def test_without_a_wage_in_the_record_fixed_sums_stay_and_the_others_are_left_out() -> None:
    found = claims([paid(line.month, None) for line in FULL])
    assert {one.code for one in rows_of("maternity", found)[0].sums} == {"maternity_lump_sum", "prenatal_care"}
    assert rows_of("sickness", found)[0].sums == ()


days_insured = st.none() | st.dates(date(2015, 1, 1), date(2027, 6, 1))


@settings(max_examples=40)
@given(st.lists(months.filter(lambda month: month.year >= 2021), max_size=40), days_insured, st.sampled_from(["33", "39", ""]))
def test_every_row_holds_on_each_of_its_ends_and_the_day_before_does_not(listed: list[date], until: date | None, section: str) -> None:
    record = the_record([paid(month) for month in listed], somchai(section, until=until))
    found, law = still_claimable(record, BOOK), Consulted(BOOK.on(TODAY))
    for row in found.rows:
        assert found.since <= row.first <= row.last <= TODAY
        assert TODAY <= row.claim_by <= row.claim_last
        assert row.claim_by == same_day_in_months(row.first, 24)
        assert enough_months(record, row.benefit, row.last, law)
        assert all(Baht.of(0) <= one.low <= one.high for one in row.sums)
        if row.event in (Event.TREATMENT, Event.BIRTH, Event.INVALIDITY) and row.first > found.since:
            assert not enough_months(record, row.benefit, row.first - timedelta(days=1), law)
    for name in ("sickness", "maternity", "invalidity"):
        held = rows_of(name, found)
        assert all(one.last < other.first for one, other in zip(held, held[1:], strict=False))
