from datetime import date

import pytest

from webapp.domain.dates import add_months
from webapp.domain.person import Person

APRIL = date(2027, 4, 10)


def somsri(*months: date, section: str = "33", since: date | None = None, until: date | None = None) -> Person:
    return Person("somsri", section, since, until, months_paid=months)


def test_the_month_under_way_does_not_count_yet() -> None:
    assert somsri(date(2027, 4, 1), date(2027, 3, 1)).months_paid_in(15, before=APRIL) == 1


def test_the_fifteenth_month_back_counts_and_the_sixteenth_does_not() -> None:
    assert somsri(add_months(APRIL, -15)).months_paid_in(15, before=APRIL) == 1
    assert somsri(add_months(APRIL, -16)).months_paid_in(15, before=APRIL) == 0


def test_a_month_with_two_employers_counts_once() -> None:
    assert somsri(date(2027, 3, 1), date(2027, 3, 1), date(2027, 3, 31)).months_paid_in(15, before=APRIL) == 1


def test_months_need_not_follow_each_other() -> None:
    assert somsri(date(2026, 1, 1), date(2026, 8, 1), date(2027, 3, 1)).months_paid_in(15, before=APRIL) == 3


@pytest.mark.parametrize("count", range(16))
def test_nobody_has_more_months_than_the_period_holds(count: int) -> None:
    paid = [add_months(APRIL, -n) for n in range(1, 61)]
    assert somsri(*paid).months_paid_in(count, before=APRIL) == count


def test_insured_status_runs_from_its_first_to_its_last_day() -> None:
    person = somsri(since=date(2020, 5, 1), until=date(2027, 4, 10))
    assert [person.is_insured(day) for day in (date(2020, 4, 30), date(2020, 5, 1), date(2027, 4, 10), date(2027, 4, 11))] == [
        False,
        True,
        True,
        False,
    ]


def test_somebody_without_a_section_is_not_insured() -> None:
    assert not somsri(section="").is_insured(APRIL)
