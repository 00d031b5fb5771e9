from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.adapters import lawbook_toml
from webapp.domain.contribution import NINE_SOUTHERN_PROVINCES, contribution_on
from webapp.domain.lawbook import NotKnown
from webapp.domain.money import Baht

BOOK = lawbook_toml.load()
days = st.dates(date(1995, 3, 30), date(2040, 12, 31))
wages = st.decimals(min_value=0, max_value=200_000, places=2).map(Baht.of)


@given(wages, wages, days)
def test_a_higher_wage_never_pays_less(one: Baht, other: Baht, on: date) -> None:
    lower, higher = (contribution_on(wage, on, BOOK) for wage in sorted([one, other]))
    assert lower.base <= higher.base
    assert lower.employee <= higher.employee
    assert lower.government <= higher.government


@given(wages, days)
def test_employee_and_employer_pay_whole_baht(wage: Baht, on: date) -> None:
    paid = contribution_on(wage, on, BOOK)
    assert str(paid.employee).endswith(".00")
    assert paid.employer is None or str(paid.employer).endswith(".00")


@given(st.dates(date(2026, 1, 1), date(2040, 12, 31)), wages)
def test_without_a_temporary_rate_the_employer_pays_as_much(on: date, wage: Baht) -> None:
    paid = contribution_on(wage, on, BOOK)
    assert paid.employee == paid.employer


def test_before_the_first_wage_base_nothing_is_guessed() -> None:
    with pytest.raises(NotKnown):
        contribution_on(Baht.of(10000), date(1995, 3, 29), BOOK)


@pytest.mark.parametrize("on", [date(2025, 11, 30), date(2026, 6, 1)])
def test_the_rate_of_the_nine_provinces_ends_with_its_days(on: date) -> None:
    with pytest.raises(NotKnown):
        contribution_on(Baht.of(10000), on, BOOK, NINE_SOUTHERN_PROVINCES)


def test_the_answer_names_the_law_it_rests_on() -> None:
    keys = {value.key for value in contribution_on(Baht.of(10000), date(2026, 11, 22), BOOK).law}
    assert keys == {
        "wage_base.floor",
        "wage_base.ceiling",
        "contribution_rate.rounded_to",
        "contribution_rate.employee",
        "contribution_rate.employer",
        "contribution_rate.government",
    }
