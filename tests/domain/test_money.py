from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.money import NOTHING, Baht, total

amounts = st.fractions(min_value=0, max_value=10**9, max_denominator=10**6).map(Baht.of)


@pytest.mark.parametrize(
    ("exact", "said"),
    [
        (Decimal("0.005"), "0.01"),
        (Decimal("0.00499999999999999999999999999999"), "0.00"),
        (Decimal("4125"), "4125.00"),
        (Decimal("1.115"), "1.12"),
        (Decimal("2.675"), "2.68"),
        (Fraction(500, 3), "166.67"),
        (Fraction(47500, 90) * 45, "23750.00"),
    ],
)
def test_money_is_rounded_once_half_up_to_the_satang(exact: Decimal | Fraction, said: str) -> None:
    assert str(Baht.of(exact)) == said


def test_a_third_of_ten_baht_three_times_is_ten_baht() -> None:
    third = Baht.of(10) / 3
    assert str(third) == "3.33"
    assert str(third * 3) == "10.00"


@pytest.mark.parametrize("amount", [0.1, True, "10", None])
def test_money_is_never_a_float(amount: object) -> None:
    with pytest.raises(TypeError):
        Baht.of(amount)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Baht(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize(("exact", "whole"), [("82.5", "83.00"), ("82.49", "82.00"), ("83", "83.00"), ("0.5", "1.00"), ("0", "0.00")])
def test_contributions_round_half_a_baht_up(exact: str, whole: str) -> None:
    assert str(Baht.of(Decimal(exact)).to_nearest(Baht.of(1))) == whole


@given(amounts)
def test_rounding_moves_money_by_at_most_half_a_satang(amount: Baht) -> None:
    assert abs(Fraction(amount.rounded) - amount.exact) <= Fraction(1, 200)
    assert str(amount).partition(".")[2].isdigit()
    assert len(str(amount).partition(".")[2]) == 2


@given(amounts, amounts)
def test_more_money_is_never_said_to_be_less(one: Baht, other: Baht) -> None:
    smaller, larger = sorted([one, other])
    assert smaller.rounded <= larger.rounded
    assert smaller.to_nearest(Baht.of(1)) <= larger.to_nearest(Baht.of(1))


@given(st.lists(amounts, max_size=12))
def test_a_total_is_the_sum_of_its_parts(parts: list[Baht]) -> None:
    one_by_one = NOTHING
    for part in parts:
        one_by_one += part
    assert total(parts) == one_by_one


@given(amounts, st.decimals(min_value=0, max_value=100, places=2))
def test_a_percentage_and_the_rest_make_the_whole(amount: Baht, rate: Decimal) -> None:
    assert amount.percent(rate) + amount.percent(100 - rate) == amount
    assert bool(amount) is (amount > NOTHING)
