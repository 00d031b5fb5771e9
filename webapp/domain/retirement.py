"""When may I stop working? The pension at each age, if every month from now on is paid: the figure and the table of the old-age page.

Decided: an outlook, not an assessment. It takes the law of each month ahead as it is gazetted today, and a wage that stays as stated
(capped by the ceilings to come). Birthdays lie a whole number of years from `on` where only an age is known, since pages keep ages and no
birth dates: so each is said as the latest month; with a birth date they lie in their own month. The months before `on` count as their
wages. Where only a mean is stated: one as high as the ceilings allow (or lowered to that) can only come of months that stood each at its
own ceiling, so they count as those, and the wage to come is at least the last of them; a lower one says nothing of its months, and each
counts as that mean. So the mean moves as slowly as it will.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from webapp.domain.answers import WAGES, Answers
from webapp.domain.average_wage import capped
from webapp.domain.benefits.old_age import Mean, highest_mean, mean_wage, pension_rate
from webapp.domain.dates import MONTHS_IN_A_YEAR, add_months, first_of_month, last_of_month, months_between, same_day_in_months
from webapp.domain.lawbook import Consulted, LawBook, Value
from webapp.domain.money import Baht, total
from webapp.domain.months_paid import months_paid_in_all


@dataclass(frozen=True)
class Stopping:
    """Stopping at that age: `pension` None means a lump sum, `months_short` months under a pension. `more`: a month, than a year before."""

    age: int
    month: date
    months_paid: int
    months_short: int
    mean: Baht
    rate: Decimal | None
    pension: Baht | None
    more: Baht | None = None


@dataclass(frozen=True)
class PensionReached:
    """From `stopping.month` on a pension can be drawn: the later of enough months and the age."""

    months_short: int
    enough_from: date
    old_enough_from: date
    stopping: Stopping


@dataclass(frozen=True)
class NextStep:
    """The rate rises with whole years only: waiting `months` more months adds `more` baht a month."""

    months: int
    stopping: Stopping
    more: Baht


@dataclass(frozen=True)
class MovingMean:
    """The ceiling last rose in `since`: of the `counted` months of the mean `at_new` lie after it, for whoever stops in `full_from` all."""

    before: Baht
    now: Baht
    since: date
    counted: int
    at_new: int
    full_from: date
    to_come: tuple[Value, ...]


@dataclass(frozen=True)
class Outlook:
    """`next_step` and `moving` are None where nothing is to be said: no pension yet, or a wage that the old ceiling already let count."""

    age: int
    months_paid: int
    rows: tuple[Stopping, ...]
    reached: PensionReached
    next_step: NextStep | None
    moving: MovingMean | None
    law: tuple[Value, ...]


def outlook(
    answers: Answers, on: date, law_book: LawBook, until_age: int, wage: Baht | None = None, birth_date: date | None = None
) -> Outlook | None:
    """From the age of old age (or the person's own, if later) to `until_age`; `wage` from now on, else the last wage known or the mean as
    stated. None: age, months or wages are not answered. Raises NotKnown where a month lies before the first ceiling."""
    law = Consulted(law_book.on(on))
    answers = _until_last_month(answers, on)
    age, paid = answers.count("age"), months_paid_in_all(answers, on)
    mean = mean_wage(paid, answers, on, law)
    if age is None or paid is None or mean is None:
        return None
    highest = highest_mean(mean.months, on, law) if answers.money("average_wage_60") else None
    at_ceiling = highest is not None and mean.baht.rounded == highest.rounded
    from_now = wage or _last_wage(answers.wages) or mean.stated or mean.baht
    path = _Path(answers, on, law, age, birth_date, paid, mean, from_now, at_ceiling)
    if at_ceiling and wage is None:
        path = replace(path, wage=max(from_now, path.before(1)[0]))
    ages = range(max(age, law.number("old_age.age")), until_age + 1)
    rows = _with_more([path.stopping(path.months_until(at), at) for at in ages])
    return Outlook(age, paid, rows, path.reached(), path.next_step(), path.moving(), law.used)


def _until_last_month(answers: Answers, on: date) -> Answers:
    """This month is the first of those ahead, also where its wage is in the record already."""
    if answers.wages is None:
        return answers
    return Answers({**answers.given, WAGES: {month: wage for month, wage in answers.wages.items() if month < first_of_month(on)}})


def _last_wage(wages: Mapping[date, Baht] | None) -> Baht | None:
    return wages[max(wages)] if wages else None


def _with_more(rows: list[Stopping]) -> tuple[Stopping, ...]:
    pairs = zip(rows, rows[1:], strict=False)
    return (*rows[:1], *(replace(row, more=_difference(row.pension, before.pension)) for before, row in pairs))


def _difference(pension: Baht | None, before: Baht | None) -> Baht | None:
    """Of what is said, so that it adds up on the page."""
    if pension is None or before is None:
        return None
    return Baht.of(pension.rounded) - Baht.of(before.rounded)


@dataclass(frozen=True)
class _Path:
    """One person's months to come, each paid with the same wage."""

    answers: Answers
    on: date
    law: Consulted
    age: int
    birth_date: date | None
    paid: int
    mean: Mean
    wage: Baht
    at_ceiling: bool
    counted_as: dict[date, Baht] = field(default_factory=dict)

    def months_until(self, age: int) -> int:
        """Until the month of that birthday; 0: it is that age already."""
        if self.birth_date is None or age <= self.age:
            return max(age - self.age, 0) * MONTHS_IN_A_YEAR
        return max(months_between(self.on, same_day_in_months(self.birth_date, age * MONTHS_IN_A_YEAR)), 0)

    def age_after(self, ahead: int) -> int:
        """Completed years in that month, at least."""
        if self.birth_date is None:
            return self.age + ahead // MONTHS_IN_A_YEAR
        return max(self.age, months_between(self.birth_date, add_months(self.on, ahead)) // MONTHS_IN_A_YEAR)

    def stopping(self, ahead: int, age: int) -> Stopping:
        month, months_paid = add_months(self.on, ahead), self.paid + ahead
        then = self.law.of(month)
        mean = self.mean_after(ahead, then)
        short = max(then.number("old_age.pension_months") - months_paid, 0)
        rate = None if short else pension_rate(months_paid, then).facts["rate"]
        return Stopping(age, month, months_paid, short, mean, rate, None if rate is None else mean.percent(rate))

    @property
    def complete(self) -> int:
        """1: the month of `on` ends with that day, so that the highest mean counts it among those past."""
        return int(self.at_ceiling and self.on == last_of_month(self.on))

    def mean_after(self, ahead: int, law: Consulted) -> Baht:
        counted = min(self.paid + ahead, law.number("old_age.average_months"))
        numbers = range(max(ahead - counted, 0), ahead)
        to_come = [self._capped(self.wage, add_months(self.on, number + self.complete)) for number in numbers]
        return total([*self.before(counted - len(to_come)), *to_come]) / counted

    def before(self, months: int) -> list[Baht]:
        """The last months paid so far, each by its own wage, its ceiling, or the mean."""
        if self.at_ceiling:
            return [self._ceiling(add_months(self.on, self.complete - back)) for back in range(1, months + 1)]
        wages = self.answers.wages or {}
        known = sorted(wages)[-months:] if months else []
        if self.answers.money("average_wage_60") is None and len(known) == months:
            return [self._capped(wages[month], month) for month in known]
        return [self.mean.baht] * months

    def _ceiling(self, month: date) -> Baht:
        return Baht.of(self.law.of(month).value("wage_base.ceiling").read(Decimal))

    def _capped(self, wage: Baht, month: date) -> Baht:
        """Each month once: the means of two ages share most of theirs."""
        if month not in self.counted_as:
            self.counted_as[month] = capped(wage, month, self.law)
        return self.counted_as[month]

    def reached(self) -> PensionReached:
        short = max(self.law.number("old_age.pension_months") - self.paid, 0)
        old_enough = self.months_until(self.law.number("old_age.age"))
        ahead = max(short, old_enough)
        stopping = self.stopping(ahead, max(self.age_after(ahead), self.law.number("old_age.age")))
        return PensionReached(short, add_months(self.on, short), add_months(self.on, old_enough), stopping)

    def next_step(self) -> NextStep | None:
        """For whoever could draw a pension today."""
        above = self.paid - self.law.number("old_age.pension_months")
        if above < 0 or self.age < self.law.number("old_age.age"):
            return None
        step = self.law.number("old_age.step_months")
        months = step - above % step
        now, then = self.stopping(0, self.age), self.stopping(months, self.age_after(months))
        more = _difference(then.pension, now.pension)
        return NextStep(months, then, more) if more is not None else None

    def moving(self) -> MovingMean | None:
        ceilings = [entry for entry in self.law.law.book.history("wage_base.ceiling") if isinstance(entry, Value)]
        now = self.law.value("wage_base.ceiling")
        before = next((Baht.of(entry.read(Decimal)) for entry in reversed(ceilings) if entry.since < now.since), None)
        if before is None or self.wage <= before:
            return None
        window = self.law.number("old_age.average_months")
        counted = min(self.paid, window)
        at_new = sum(month >= first_of_month(now.since) for month in self._months_counted(counted))
        to_come = tuple(entry for entry in ceilings if entry.since > self.on)
        full_from = add_months(now.since, window)
        return MovingMean(before, Baht.of(now.read(Decimal)), now.since, counted, at_new, full_from, to_come)

    def _months_counted(self, counted: int) -> list[date]:
        if self.answers.wages and self.answers.money("average_wage_60") is None:
            return sorted(self.answers.wages)[-counted:]
        return [add_months(self.on, -back) for back in range(1, counted + 1)]
