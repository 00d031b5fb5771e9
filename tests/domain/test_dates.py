from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.dates import (
    BANGKOK,
    DayNotUnderstood,
    TimeWithoutZone,
    TypedDay,
    add_months,
    first_of_month,
    in_bangkok,
    last_of_month,
    parse_day,
    thai_digits_to_arabic,
)

APRIL = ["4", "04", "๔", "๐๔", "เม.ย.", "เมย", "เม.ย", " เม.ย. ", "เมษายน", "เมษา", "Apr", "apr.", "APRIL", "April"]


@pytest.mark.parametrize("month", APRIL)
def test_april_is_understood_as_people_type_it(month: str) -> None:
    assert parse_day("12", month, "2569") == TypedDay(date(2026, 4, 12), "BE")


@pytest.mark.parametrize(("year", "era"), [("2569", "BE"), ("๒๕๖๙", "BE"), (" 2569 ", "BE"), ("2026", "CE"), ("๒๐๒๖", "CE")])
def test_the_era_that_was_typed_is_reported_so_a_ce_year_can_be_asked_back(year: str, era: str) -> None:
    assert parse_day("๑๒", "เมษายน", year) == TypedDay(date(2026, 4, 12), era)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        (("", "4", "2569"), {"day": "missing"}),
        (("  ", "", ""), {"day": "missing", "month": "missing", "year": "missing"}),
        (("x", "4", "2569"), {"day": "not_understood"}),
        (("-1", "4", "2569"), {"day": "not_understood"}),
        (("1.5", "4", "2569"), {"day": "not_understood"}),
        (("²", "4", "2569"), {"day": "not_understood"}),
        (("0", "4", "2569"), {"day": "out_of_range"}),
        (("32", "4", "2569"), {"day": "out_of_range"}),
        (("1" * 9000, "4", "2569"), {"day": "out_of_range"}),
        (("12", "13", "2569"), {"month": "out_of_range"}),
        (("12", "Brumaire", "2569"), {"month": "not_understood"}),
        (("12", "4", "69"), {"year": "out_of_range"}),
        (("12", "4", "1899"), {"year": "out_of_range"}),
        (("12", "4", "2201"), {"year": "out_of_range"}),
        (("12", "4", "2399"), {"year": "out_of_range"}),
        (("12", "4", "9999"), {"year": "out_of_range"}),
        (("30", "2", "2569"), {"date": "no_such_day"}),
        (("29", "2", "2569"), {"date": "no_such_day"}),
        (("31", "เม.ย.", "2026"), {"date": "no_such_day"}),
    ],
)
def test_each_wrong_field_is_named(typed: tuple[str, str, str], faults: dict[str, str]) -> None:
    assert parse_day(*typed) == DayNotUnderstood(faults)  # type: ignore[arg-type]


def test_29_february_exists_in_the_leap_years_of_the_common_era() -> None:
    assert parse_day("29", "ก.พ.", "2567") == TypedDay(date(2024, 2, 29), "BE")
    assert parse_day("29", "2", "1900") == DayNotUnderstood({"date": "no_such_day"})


@pytest.mark.parametrize("year", [1900, 2200])
def test_the_ends_of_both_eras_are_taken(year: int) -> None:
    assert parse_day("1", "1", str(year)) == TypedDay(date(year, 1, 1), "CE")
    assert parse_day("1", "1", str(year + 543)) == TypedDay(date(year, 1, 1), "BE")


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_every_day_typed_in_either_era_comes_back_the_same(day: date) -> None:
    assert parse_day(str(day.day), str(day.month), str(day.year)) == TypedDay(day, "CE")
    assert parse_day(f"{day.day:02}", f"{day.month:02}", str(day.year + 543)) == TypedDay(day, "BE")


@given(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_nothing_anybody_types_breaks_the_date_field(day: str, month: str, year: str) -> None:
    assert isinstance(parse_day(day, month, year), TypedDay | DayNotUnderstood)


def test_thai_digits_become_arabic_ones_and_the_rest_stays() -> None:
    assert thai_digits_to_arabic("๐๑๒๓๔๕๖๗๘๙ บาท 7") == "0123456789 บาท 7"


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(-600, 600))
def test_months_counted_forth_and_back_meet_again(day: date, count: int) -> None:
    there = add_months(day, count)
    assert there.day == 1
    assert (there.year - day.year) * 12 + there.month - day.month == count
    assert add_months(there, -count) == first_of_month(day)


def test_the_last_day_of_february_knows_leap_years() -> None:
    assert last_of_month(date(2028, 2, 3)) == date(2028, 2, 29)
    assert last_of_month(date(2027, 2, 3)) == date(2027, 2, 28)


def test_a_time_of_elsewhere_is_read_on_bangkoks_clock() -> None:
    assert in_bangkok(datetime(2026, 1, 15, 17, 30, tzinfo=UTC)) == datetime(2026, 1, 16, 0, 30, tzinfo=BANGKOK)
    assert in_bangkok(datetime(2026, 1, 15, 17, 30, tzinfo=UTC)).date() == date(2026, 1, 16)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(TimeWithoutZone):
        in_bangkok(datetime(2026, 1, 15, 16, 30))
