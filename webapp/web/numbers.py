"""Sums, shares and counts as people read them: the number and its unit stay on one line.

Decided: satang only where there are any, except in a working, which people check with a calculator. Counts go through the catalogue, so
that a language may say one month otherwise than two.
"""

from __future__ import annotations

from decimal import Decimal

from webapp.domain.money import Baht
from webapp.web.language import language, ngettext


def baht(sum_: Baht | Decimal) -> str:
    """As people say it: satang only where there are any."""
    exact = sum_.rounded if isinstance(sum_, Baht) else sum_
    return _money(f"{exact:,.0f}" if exact == exact.to_integral_value() else f"{exact:,.2f}")


def satang(sum_: Baht) -> str:
    """As the working says it: always to the satang."""
    return _money(f"{sum_.rounded:,.2f}")


def _money(number: str) -> str:
    """The number and its unit stay on one line."""
    return f"{number}\u00a0บาท" if language() == "th" else f"฿{number}"


def percent(number: Decimal | int) -> str:
    plain = f"{number:f}"
    return f"{plain.rstrip('0').rstrip('.') if '.' in plain else plain}\u00a0%"


def months(number: int) -> str:
    return ngettext("%(num)s month", "%(num)s months", number)


def days(number: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", number)


def years(number: int) -> str:
    return ngettext("%(num)s year", "%(num)s years", number)


def times(number: int) -> str:
    return ngettext("%(num)s time", "%(num)s times", number)
