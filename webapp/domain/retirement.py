"""When may I stop working? The pension at each age, if every month from now on is paid: the figure and the table of the old-age page.

Decided: an outlook, not an assessment. It takes the law of each month ahead as it is gazetted today, a wage that stays as stated (capped by
the ceilings to come), and birthdays a whole number of years from `on`, since pages keep ages and no birth dates. The months before `on`
count as their wages, or, where only a mean is known, each as that mean. So the mean moves as slowly as it will.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from webapp.domain.answers import WAGES, Answers
from webapp.domain.average_wage import capped
from webapp.domain.benefits.old_age import Mean, mean_wage, pension_rate
from webapp.domain.dates import MONTHS_IN_A_YEAR, add_months, first_of_month
from webapp.domain.lawbook import Consulted, LawBook, Value
from webapp.domain.money import Baht, total
from webapp.domain.months_paid import months_paid_in_all


@dataclass(frozen=True)
class Stopping:
    """Stopping at that age: `pension` None means a lump sum, `months_short` months under a pension."""

    age: int
    month: date
    months_paid: int
    months_short: int
    mean: Baht
    rate: Decimal | None
    pension: Baht | None


@dataclass(frozen=True)
class Outlook:
    rows: tuple[Stopping, ...]
    law: tuple[Value, ...]


def outlook(answers: Answers, on: date, law_book: LawBook, until_age: int, wage: Baht | None = None) -> Outlook | None:
    """From the age of old age (or the person's own, if later) to `until_age`; `wage` from now on, else the mean as stated or the last wage
    known. None: age, months or wages are not answered. Raises NotKnown where a month lies before the first ceiling."""
    law = Consulted(law_book.on(on))
    answers = _until_last_month(answers, on)
    age, paid = answers.count("age"), months_paid_in_all(answers, on)
    mean = mean_wage(paid, answers, on, law)
    if age is None or paid is None or mean is None:
        return None
    from_now = wage or _last_wage(answers.wages) or mean.baht
    ages = range(max(age, law.number("old_age.age")), until_age + 1)
    ahead = [(at, (at - age) * MONTHS_IN_A_YEAR) for at in ages]
    return Outlook(tuple(_stopping(at, months, paid, mean, from_now, answers, on, law) for at, months in ahead), law.used)


def _until_last_month(answers: Answers, on: date) -> Answers:
    """This month is the first of those ahead, also where its wage is in the record already."""
    if answers.wages is None:
        return answers
    return Answers({**answers.given, WAGES: {month: wage for month, wage in answers.wages.items() if month < first_of_month(on)}})


def _last_wage(wages: Mapping[date, Baht] | None) -> Baht | None:
    return wages[max(wages)] if wages else None


def _stopping(age: int, ahead: int, paid: int, mean: Mean, wage: Baht, answers: Answers, on: date, law: Consulted) -> Stopping:
    month, months_paid = add_months(on, ahead), paid + ahead
    then = law.of(month)
    moving = _mean_then(ahead, paid, mean, wage, answers, on, then)
    short = max(then.number("old_age.pension_months") - months_paid, 0)
    rate = None if short else pension_rate(months_paid, then).facts["rate"]
    return Stopping(age, month, months_paid, short, moving, rate, None if rate is None else moving.percent(rate))


def _mean_then(ahead: int, paid: int, mean: Mean, wage: Baht, answers: Answers, on: date, law: Consulted) -> Baht:
    counted = min(paid + ahead, law.number("old_age.average_months"))
    to_come = [capped(wage, add_months(on, number), law) for number in range(ahead)][-counted:]
    return total([*_before(counted - len(to_come), mean, answers, law), *to_come]) / counted


def _before(months: int, mean: Mean, answers: Answers, law: Consulted) -> list[Baht]:
    """The last months paid so far, each by its own wage, or by the mean."""
    wages = answers.wages or {}
    known = sorted(wages)[-months:] if months else []
    if answers.money("average_wage_60") is None and len(known) == months:
        return [capped(wages[month], month, law) for month in known]
    return [mean.baht] * months
