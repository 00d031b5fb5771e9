"""The average wage behind every cash benefit (s.57), each month capped by that month's own ceiling.

The first three months of the nine before the event, divided by 90, are a day's wage; a better run of three in those nine may be used, and
is; with fewer than nine months paid, the last three. A wage stated once stands for each of the nine, so that the ceiling that rose on the
way is seen. Below the floor a wage counts as it is: the facts cap it, they do not lift it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property

from webapp.domain.answers import Answers
from webapp.domain.assessment import Working
from webapp.domain.dates import add_months, first_of_month
from webapp.domain.lawbook import Consulted
from webapp.domain.money import Baht, total


@dataclass(frozen=True)
class AverageWage:
    """`wages` are capped; `better_run`: not the first months of those looked at, but a run in the person's favour."""

    months: tuple[date, ...]
    wages: tuple[Baht, ...]
    divisor: int
    better_run: bool

    @cached_property
    def together(self) -> Baht:
        return total(self.wages)

    @property
    def daily(self) -> Baht:
        return self.together / self.divisor

    @property
    def monthly(self) -> Baht:
        return self.together / len(self.wages)

    @property
    def working(self) -> Working:
        first, last = self.months[0], self.months[-1]
        facts = {"first_month": first, "last_month": last, "wages": self.wages, "better_run": self.better_run, "divisor": self.divisor}
        return Working("average_wage", facts | {"total": self.together, "a_month": self.monthly, "baht": self.daily})


def capped(wage: Baht, month: date, law: Consulted) -> Baht:
    """Raises NotKnown for a month before the first ceiling."""
    return min(wage, _in_baht(law.value_on("wage_base.ceiling", month).read(Decimal)))


@cache
def _in_baht(ceiling: Decimal) -> Baht:
    """A handful of ceilings, each asked for by hundreds of months."""
    return Baht.of(ceiling)


def average_wage(answers: Answers, on: date, law: Consulted) -> AverageWage | None:
    """None: no wage was given, or fewer months than count."""
    looked_at, counted = law.number("average_wage.months_looked_at"), law.number("average_wage.months_counted")
    months = tuple(add_months(on, -back) for back in range(looked_at, 0, -1))
    stated = _stated(answers, months)
    if stated is None:
        return None
    if all(month in stated for month in months):
        return _best_run(stated, months, counted, law)
    paid = tuple(sorted(month for month in stated if month < first_of_month(on))[-counted:])
    return _over(paid, stated, law) if len(paid) == counted else None


def _stated(answers: Answers, months: tuple[date, ...]) -> Mapping[date, Baht] | None:
    wage = answers.money("wage")
    return dict.fromkeys(months, wage) if wage is not None else answers.wages


def _best_run(stated: Mapping[date, Baht], months: tuple[date, ...], counted: int, law: Consulted) -> AverageWage:
    wages = tuple(capped(stated[month], month, law) for month in months)
    starts = range(len(months) - counted + 1)
    best = max(starts, key=lambda start: total(wages[start : start + counted]).exact)
    run = slice(best, best + counted)
    return AverageWage(months[run], wages[run], law.number("average_wage.divisor"), better_run=best > 0)


def _over(months: tuple[date, ...], stated: Mapping[date, Baht], law: Consulted) -> AverageWage:
    wages = tuple(capped(stated[month], month, law) for month in months)
    return AverageWage(months, wages, law.number("average_wage.divisor"), better_run=False)
