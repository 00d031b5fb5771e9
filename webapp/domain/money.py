"""Baht: exact while it is worked on, rounded once, half up to the satang, when it is said.

Decided: an exact fraction inside, because a day's wage is a sum divided by 90, which no decimal ends; rounding a long decimal can turn
half a satang into less. In and out go Decimal and whole numbers, never float. Put aside: whole satang, which would round at every step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import total_ordering
from math import lcm

SATANG = 100
PERCENT = 100
HALF = Fraction(1, 2)


@total_ordering
@dataclass(frozen=True)
class Baht:
    """An amount of money; `str()` is the contract's decimal string, such as "4125.00"."""

    exact: Fraction

    def __post_init__(self) -> None:
        if not isinstance(self.exact, Fraction):
            raise TypeError(f"money is made by Baht.of, not from {type(self.exact).__name__}")

    @classmethod
    def of(cls, amount: Decimal | int | Fraction) -> Baht:
        """Raises TypeError for a float: a binary fraction is never money."""
        if isinstance(amount, bool) or not isinstance(amount, Decimal | int | Fraction):
            raise TypeError(f"{amount!r} is no amount of money")
        return cls(Fraction(amount))

    def __lt__(self, other: Baht) -> bool:
        return self.exact < other.exact

    def __add__(self, other: Baht) -> Baht:
        return Baht(self.exact + other.exact)

    def __sub__(self, other: Baht) -> Baht:
        return Baht(self.exact - other.exact)

    def __mul__(self, times: int) -> Baht:
        return Baht(self.exact * times)

    def __truediv__(self, parts: int) -> Baht:
        return Baht(self.exact / parts)

    def percent(self, rate: Decimal) -> Baht:
        return Baht(self.exact * Fraction(rate) / PERCENT)

    def __bool__(self) -> bool:
        return bool(self.exact)

    @property
    def rounded(self) -> Decimal:
        """Half up to the satang."""
        return Decimal(_half_up(self.exact * SATANG)).scaleb(-2)

    def to_nearest(self, step: Baht) -> Baht:
        """Half a step and over rounds up: contributions are whole baht (1,650 × 5 % = 82.50 → 83)."""
        return step * _half_up(self.exact / step.exact)

    def __str__(self) -> str:
        return str(self.rounded)


def total(amounts: Sequence[Baht]) -> Baht:
    """Over one common denominator: adding fractions one by one was the dearest line of a whole assessment."""
    common = lcm(*(amount.exact.denominator for amount in amounts))
    return Baht(Fraction(sum(amount.exact.numerator * (common // amount.exact.denominator) for amount in amounts), common))


def _half_up(number: Fraction) -> int:
    return (number + HALF).__floor__()


NOTHING = Baht(Fraction())
