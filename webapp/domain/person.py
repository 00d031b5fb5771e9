"""The insured person as the rules see one: insurance, provinces, hospital, months paid. No name, no number.

Decided: names and the citizen number travel separately (views and store), so that a rule, a log or a test never holds them by accident.
`None` means "not in the record", which no rule may read as "no".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from webapp.domain.dates import add_months, first_of_month


class NumberKind(StrEnum):
    """Which number the office knows somebody by: that of a citizen, whose last digit checks the others, or that of a social-security
    card of somebody without Thai nationality, which has no such digit."""

    CITIZEN = "citizen"
    SOCIAL_SECURITY = "social_security"


@dataclass(frozen=True)
class Person:
    """`section` is "33", "39" … or "" for somebody not insured; `months_paid` holds any day of each month paid for."""

    id: str
    section: str
    insured_from: date | None = None
    insured_until: date | None = None
    home_province: str | None = None
    work_province: str | None = None
    hospital_id: str | None = None
    months_paid: tuple[date, ...] = ()

    def is_insured(self, on: date) -> bool:
        """Whether insured status runs on that day; the months of cover that may follow its end are not counted."""
        began = self.insured_from is None or self.insured_from <= on
        ended = self.insured_until is not None and self.insured_until < on
        return self.section != "" and began and not ended

    def months_paid_in(self, period: int, before: date) -> int:
        """How many of the `period` calendar months before the month of `before` are paid: a month with two employers counts once."""
        end = first_of_month(before)
        start = add_months(end, -period)
        return sum(start <= month < end for month in distinct_months(self.months_paid))


def distinct_months(days: Iterable[date]) -> frozenset[date]:
    """The months these days lie in, each as its first day, each once."""
    return frozenset(first_of_month(day) for day in days)
