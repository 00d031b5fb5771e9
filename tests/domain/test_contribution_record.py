"""The record of months: what is paid, what seems to be missing, what it is enough for, and the cover after leaving."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.adapters import lawbook_toml
from webapp.domain.contribution_record import (
    CoverState,
    Gap,
    Line,
    Record,
    Standing,
    counts,
    cover_after,
    months_in,
    record_of,
    wages_to_work_with,
)
from webapp.domain.dates import add_months, first_of_month, last_of_month
from webapp.domain.money import Baht
from webapp.domain.person import Person

BOOK = lawbook_toml.load()
TODAY = date(2026, 11, 22)
LAW = BOOK.on(TODAY)
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


def somchai(section: str = "33", since: date | None = date(2020, 1, 1), until: date | None = None) -> Person:
    return Person("somchai", section, since, until)


def paid(month: date, wage: int | None = 16_000, account: str = "1", section: str = "33") -> Line:
    return Line(month, None if wage is None else Baht.of(wage), section, account, f"employer {account}" if account else "")


def every_month(first: date, last: date, *but: date, account: str = "1") -> list[Line]:
    months, month = [], first
    while month <= last:
        months += [paid(month, account=account)] * (month not in but)
        month = add_months(month, 1)
    return months


def the_record(lines: list[Line], person: Person | None = None, as_of: date | None = TODAY, today: date = TODAY) -> Record:
    return record_of(person or somchai(), lines, as_of, today, BOOK)


# Two employers, wages, ceilings


def test_two_employers_in_a_month_are_one_month_with_both_wages() -> None:
    record = the_record([paid(OCTOBER, 9_000, "1"), paid(OCTOBER, 7_000, "2")])
    both = record.months[OCTOBER]
    assert (len(record.months), both.wage, both.employers) == (1, Baht.of(16_000), ("employer 1", "employer 2"))


def test_where_one_of_two_wages_is_not_said_the_wage_of_the_month_is_not_known() -> None:
    month = the_record([paid(OCTOBER, 9_000, "1"), paid(OCTOBER, None, "2")]).months[OCTOBER]
    assert (month.wage, month.counts) == (None, None)


@pytest.mark.parametrize(("month", "counts_as"), [(date(2025, 12, 1), 15_000), (date(2026, 1, 1), 17_500), (date(2029, 1, 1), 20_000)])
def test_a_wage_counts_up_to_the_ceiling_of_its_own_month(month: date, counts_as: int) -> None:
    record = the_record([paid(month, 30_000)], today=date(2029, 6, 1))
    assert record.months[month].counts == Baht.of(counts_as)


def test_a_month_before_the_first_ceiling_is_paid_and_its_wage_counts_as_nothing_known() -> None:
    month = the_record([paid(date(1994, 5, 1), 5_000)]).months[date(1994, 5, 1)]
    assert (month.wage, month.counts) == (Baht.of(5_000), None)


# The strip


def test_the_strip_goes_from_the_first_month_to_this_year_newest_first() -> None:
    years = the_record(every_month(date(2024, 3, 1), OCTOBER), somchai(since=date(2024, 3, 15))).years()
    assert [year.year for year in years] == [2026, 2025, 2024]
    assert all(len(year.cells) == 12 for year in years)
    assert [cell.month for year in years for cell in year.cells if cell.is_now] == [NOVEMBER]


def test_months_before_being_insured_and_months_to_come_are_empty() -> None:
    record = the_record(every_month(date(2024, 3, 1), OCTOBER), somchai(since=date(2024, 3, 15)))
    assert record.standing(date(2024, 2, 1)) is Standing.OUTSIDE
    assert record.standing(date(2026, 12, 1)) is Standing.OUTSIDE


def test_nobody_known_has_no_strip() -> None:
    assert the_record([], somchai(since=None)).years() == ()


def test_after_insured_status_ended_a_month_is_plainly_not_paid() -> None:
    record = the_record(every_month(date(2024, 1, 1), date(2026, 7, 1)), somchai(until=date(2026, 7, 31)))
    assert [record.standing(date(2026, month, 1)) for month in (7, 8, 11)] == [Standing.PAID, Standing.NOT_PAID, Standing.NOT_PAID]
    assert not record.missing


# Months missing


def test_a_hole_with_the_same_employer_on_both_sides_is_pointed_out() -> None:
    record = the_record(every_month(date(2024, 1, 1), OCTOBER, date(2026, 7, 1)))
    (hole,) = record.missing
    assert (hole.first, hole.last, hole.gap, hole.employer_before) == (date(2026, 7, 1), date(2026, 7, 1), Gap.SAME_EMPLOYER, "employer 1")
    assert record.standing(date(2026, 7, 1)) is Standing.MISSING


def test_a_hole_between_two_employers_is_said_to_be_that() -> None:
    lines = every_month(date(2024, 1, 1), date(2026, 3, 1)) + every_month(date(2026, 6, 1), OCTOBER, account="2")
    (hole,) = the_record(lines).missing
    assert (hole.first, hole.last, hole.gap) == (date(2026, 4, 1), date(2026, 5, 1), Gap.ANOTHER_EMPLOYER)
    assert (hole.employer_before, hole.employer_after) == ("employer 1", "employer 2")


def test_somebody_said_to_be_insured_without_a_month_since_is_told() -> None:
    (hole,) = the_record(every_month(date(2024, 1, 1), date(2026, 6, 1))).missing
    assert (hole.first, hole.last, hole.gap) == (date(2026, 7, 1), SEPTEMBER, Gap.SAID_TO_BE_INSURED)


def test_who_is_insured_for_months_without_any_month_paid_is_told() -> None:
    (hole,) = the_record([], somchai(since=date(2026, 6, 15))).missing
    assert (hole.first, hole.last, hole.gap) == (date(2026, 7, 1), SEPTEMBER, Gap.SAID_TO_BE_INSURED)


@pytest.mark.parametrize(
    ("as_of", "newest"),
    [(date(2026, 11, 22), SEPTEMBER), (date(2026, 11, 1), SEPTEMBER), (date(2026, 10, 31), date(2026, 8, 1)), (date(2026, 12, 1), OCTOBER)],
)
def test_only_a_month_that_had_a_whole_month_to_come_in_can_be_missing(as_of: date, newest: date) -> None:
    record = the_record(every_month(date(2024, 1, 1), date(2026, 7, 1)), as_of=as_of, today=date(2026, 12, 1))
    assert record.newest_expected == newest
    assert not [month for month in record.missing_months if month > newest]


def test_last_month_and_this_month_are_not_in_yet() -> None:
    record = the_record(every_month(date(2024, 1, 1), SEPTEMBER))
    assert [record.standing(month) for month in (SEPTEMBER, OCTOBER, NOVEMBER)] == [Standing.PAID, Standing.NOT_YET, Standing.NOT_YET]
    assert not record.missing


def test_without_an_as_of_day_nothing_is_missing() -> None:
    record = the_record(every_month(date(2024, 1, 1), date(2026, 3, 1)), as_of=None)
    assert not record.missing
    assert record.standing(date(2026, 4, 1)) is Standing.NOT_YET


def test_the_month_in_which_insurance_began_is_never_missing() -> None:
    record = the_record(every_month(date(2026, 4, 1), OCTOBER), somchai(since=date(2026, 3, 31)))
    assert not record.missing


def test_between_two_times_of_being_insured_nothing_is_missing() -> None:
    lines = every_month(date(2024, 1, 1), date(2025, 3, 1)) + every_month(date(2025, 9, 1), OCTOBER)
    assert not the_record(lines, somchai(since=date(2025, 9, 1))).missing


def test_a_month_that_somebody_under_section_39_did_not_pay_is_not_called_missing() -> None:
    lines = every_month(date(2024, 1, 1), date(2025, 12, 1)) + [paid(date(2026, month, 1), 4_800, "", "39") for month in (1, 2, 5, 6)]
    assert not the_record(lines, somchai(section="39")).missing


def test_old_holes_are_left_off_other_pages() -> None:
    record = the_record(every_month(date(2020, 1, 1), OCTOBER, date(2021, 5, 1), date(2026, 7, 1)))
    assert len(record.missing) == 2
    assert [one.first for one in record.missing_within(36)] == [date(2026, 7, 1)]


# What the months are enough for


def test_each_window_says_what_it_serves() -> None:
    counted = {one.within: one for one in counts(the_record(every_month(date(2026, 7, 1), OCTOBER)), LAW)}
    assert {within: one.paid for within, one in counted.items()} == {15: 4, 36: 4, 6: 4, None: 4}
    fifteen = {need.serves: (need.needed, need.is_met) for need in counted[15].needs}
    assert fifteen["sickness"] == (3, True)
    assert fifteen["maternity"] == (5, False)
    assert fifteen["unemployment"] == (6, False)
    assert [(need.serves, need.is_met) for need in counted[36].needs] == [("child_allowance", False)]
    assert [need.needed for need in counted[None].needs] == [36, 120, 180]


months = st.dates(date(1996, 1, 1), date(2026, 11, 30)).map(first_of_month)


@settings(max_examples=60)
@given(st.lists(months, max_size=60), st.dates(date(1997, 1, 1), date(2027, 6, 1)), st.integers(1, 40))
def test_a_window_never_holds_more_than_its_months_and_agrees_with_the_person(listed: list[date], on: date, within: int) -> None:
    record = the_record([paid(month) for month in listed])
    person = Person("somchai", "33", months_paid=tuple(listed))
    counted = months_in(record, within, on)
    assert counted == person.months_paid_in(within, before=on)
    assert 0 <= counted <= min(within, len(set(listed)))


@settings(max_examples=60)
@given(
    st.lists(months, max_size=80),
    st.none() | st.dates(date(1995, 1, 1), date(2027, 1, 1)),
    st.none() | st.dates(date(1995, 1, 1), date(2030, 1, 1)),
    st.none() | st.dates(date(2020, 1, 1), TODAY),
    st.sampled_from(["33", "39", "40", ""]),
)
def test_whatever_the_record_a_missing_month_is_unpaid_insured_and_old_enough(
    listed: list[date], since: date | None, until: date | None, as_of: date | None, section: str
) -> None:
    record = the_record([paid(month) for month in listed], somchai(section, since, until), as_of)
    for month in record.missing_months:
        assert month not in record.months
        assert as_of is not None
        assert add_months(month, 2) <= as_of
        assert since is None or first_of_month(since) < month
        assert record.until is None or last_of_month(month) <= record.until
    cells = [cell for year in record.years() for cell in year.cells]
    assert {cell.month for cell in cells if cell.standing is Standing.PAID} == set(record.months)
    assert {cell.month for cell in cells if cell.standing is Standing.MISSING} == record.missing_months
    assert sum(cell.is_now for cell in cells) == (1 if cells else 0)


# The cover after leaving


def test_who_is_insured_is_told_how_long_the_cover_would_last() -> None:
    cover = cover_after(the_record(every_month(date(2020, 1, 1), OCTOBER)), BOOK)
    assert (cover.state, cover.until, cover.section_39_by) == (CoverState.INSURED, date(2027, 5, 22), date(2027, 5, 22))
    until = {one.benefit: one.until for one in cover.benefits}
    assert until == dict.fromkeys(("sickness", "maternity", "invalidity", "death"), cover.until)


@pytest.mark.parametrize(
    ("ended", "until"),
    [(date(2026, 7, 31), date(2027, 1, 31)), (date(2026, 8, 31), date(2027, 2, 28)), (date(2026, 8, 15), date(2027, 2, 15))],
)
def test_the_cover_runs_six_months_from_the_last_insured_day(ended: date, until: date) -> None:
    cover = cover_after(the_record(every_month(date(2020, 1, 1), first_of_month(ended)), somchai(until=ended)), BOOK)
    assert (cover.state, cover.until, cover.days_left) == (CoverState.COVERED, until, (until - TODAY).days)


def test_the_last_day_of_cover_is_covered_and_the_next_is_not() -> None:
    lines, person = every_month(date(2020, 1, 1), date(2026, 5, 1)), somchai(until=date(2026, 5, 22))
    assert cover_after(the_record(lines, person, today=date(2026, 11, 22)), BOOK).state is CoverState.COVERED
    over = cover_after(the_record(lines, person, today=date(2026, 11, 23)), BOOK)
    assert (over.state, over.days_left, over.section_39_by) == (CoverState.OVER, 0, None)


def test_months_that_fall_out_of_the_window_end_a_benefit_before_the_cover_ends() -> None:
    lines = [paid(date(2025, month, 1)) for month in (8, 9, 10)] + [paid(date(2026, 5, 1))]
    cover = cover_after(the_record(lines, somchai(until=date(2026, 9, 30))), BOOK)
    until = {one.benefit: one.until for one in cover.benefits}
    assert cover.until == date(2027, 3, 30)
    assert until["sickness"] == date(2026, 12, 31)
    assert until["maternity"] is None
    assert until["death"] == date(2026, 11, 30)


def test_an_end_ahead_is_said_with_its_own_day() -> None:
    cover = cover_after(the_record(every_month(date(2020, 1, 1), OCTOBER), somchai(until=date(2026, 12, 31))), BOOK)
    assert (cover.state, cover.ended_on, cover.until) == (CoverState.ENDS, date(2026, 12, 31), date(2027, 6, 30))


@pytest.mark.parametrize("section", ["", "40", "41"])
def test_no_cover_is_told_where_the_record_names_no_section_it_follows(section: str) -> None:
    assert cover_after(the_record(every_month(date(2020, 1, 1), OCTOBER), somchai(section)), BOOK) is None


def test_an_end_that_later_months_of_a_job_contradict_is_not_relied_on() -> None:
    assert cover_after(the_record(every_month(date(2020, 1, 1), OCTOBER), somchai(until=date(2026, 3, 31))), BOOK) is None


def test_who_ended_section_39_is_not_told_to_apply_for_it() -> None:
    lines = [paid(date(2026, month, 1), 4_800, "", "39") for month in range(1, 9)]
    assert cover_after(the_record(lines, somchai("39", until=date(2026, 8, 31))), BOOK).section_39_by is None


# Wages


def test_a_wage_missing_among_the_nine_months_before_leaves_the_average_open() -> None:
    lines = every_month(date(2026, 1, 1), OCTOBER, date(2026, 5, 1))
    record = the_record([*lines, paid(date(2026, 5, 1), None)])
    assert wages_to_work_with(record.months, TODAY, LAW) == {}


def test_a_wage_missing_long_ago_leaves_only_the_average_of_old_age_open() -> None:
    record = the_record([*every_month(date(2025, 1, 1), OCTOBER), paid(date(2024, 12, 1), None)])
    assert len(wages_to_work_with(record.months, TODAY, LAW)) == 22
    assert wages_to_work_with(record.months, TODAY, LAW, for_old_age=True) == {}


def test_with_fewer_than_nine_months_only_the_last_three_need_a_wage() -> None:
    record = the_record([paid(date(2026, 5, 1), None), *every_month(date(2026, 8, 1), OCTOBER)])
    assert set(wages_to_work_with(record.months, TODAY, LAW)) == {date(2026, 8, 1), SEPTEMBER, OCTOBER}
