"""Old age, at 55 and no longer insured: a pension for life from 180 months on, a lump sum below that.

Law in words: from 180 months 20 % of the mean wage of the last 60 months, and 1.5 % more for each complete 12 months above 180; each month
capped by its own ceiling, so that the mean moves slowly after January 2026. Under 12 months: one's own old-age contributions, 3 % of the
wage; 12 to 179: the employer's too, and the return announced each year, which nobody can work out here. A pensioner dies within 60 months:
the heirs receive the last pension for the months left to 60, at least 10 times (until about 2021: 10 times).
The months needed for a pension are no condition: with fewer there is a lump sum. A note says how many are short.

The mean stated may not be higher than the ceilings of the months allow: it is lowered and said. Months that can count end with the last
one complete on `on`. From wages the lump sum is the sum of the months; from a mean it is an estimate beyond 60 months. In months with a
temporary rate less went in than 3 % (the split of those rates is in none of our sources): the sum is worked out at 3 %, as the facts give
it, and a note counts these months. The career-average formula is a draft and has no line here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from webapp.domain.answers import MOST_MONTHS_IN_ALL, OLDEST_AGE, Answers, Kind, Question
from webapp.domain.assessment import Amount, Assessment, Note, Outcome, Per, Reason, Working, conclude, outcome_of
from webapp.domain.average_wage import capped
from webapp.domain.dates import MONTHS_IN_A_YEAR, add_months, first_of_month, last_of_month, months_between
from webapp.domain.lawbook import Consulted, LawBook, NotKnown, Value
from webapp.domain.money import Baht, total
from webapp.domain.months_paid import months_paid_in_all

NAME = "old_age"
PENSION, OWN, LUMP_SUM, HEIRS = "pension_monthly", "old_age_own_contributions", "old_age_lump_sum_before_return", "pension_heirs_lump_sum"
AMOUNTS = (PENSION, OWN, LUMP_SUM, HEIRS)
QUESTIONS = (
    Question("age", Kind.COUNT, ("age",), most=OLDEST_AGE),
    Question("still_insured", Kind.YES_NO, ("insured_status_ended",), in_record=True),
    Question("months_paid_total", Kind.COUNT, ("months_paid_at_all", *AMOUNTS), most=MOST_MONTHS_IN_ALL, in_record=True),
    Question("average_wage_60", Kind.MONEY, AMOUNTS, in_record=True),
    Question("months_pension_drawn", Kind.COUNT, (HEIRS,), most=MOST_MONTHS_IN_ALL),
)


@dataclass(frozen=True)
class Mean:
    """The mean wage of the last months, already within the ceilings; `stated`: what was said, where it had to be lowered."""

    baht: Baht
    months: int
    stated: Baht | None = None

    @property
    def working(self) -> Working:
        lowered = {"stated": self.stated} if self.stated else {}
        return Working("mean_of_last_months", {"months": self.months, "baht": self.baht} | lowered)


@dataclass(frozen=True)
class _Case:
    """What several amounts and notes look at, worked out once."""

    answers: Answers
    on: date
    law: Consulted

    @cached_property
    def paid(self) -> int | None:
        return months_paid_in_all(self.answers, self.on)

    @cached_property
    def mean(self) -> Mean | None:
        """Raises NotKnown where a ceiling of these months is not known."""
        return mean_wage(self.paid, self.answers, self.on, self.law)

    @cached_property
    def every_month(self) -> Mapping[date, Baht]:
        """The wages of every month paid; empty where some are missing, or where a mean is stated instead."""
        wages = {month: wage for month, wage in (self.answers.wages or {}).items() if month <= self.on}
        return wages if len(wages) == self.paid and self.answers.money("average_wage_60") is None else {}

    @cached_property
    def pension(self) -> Amount | None:
        if self.paid is None or self.paid < self.law.number("old_age.pension_months") or self.mean is None:
            return None
        rate = pension_rate(self.paid, self.law)
        baht = self.mean.baht.percent(rate.facts["rate"])
        rate_of_month = Working("rate_of_month", {"rate": rate.facts["rate"], "monthly": self.mean.baht, "baht": baht})
        return Amount(PENSION, baht, Per.MONTH, (self.mean.working, rate, rate_of_month))


def assess(answers: Answers, on: date, law_book: LawBook) -> Assessment:
    """`on`: the day from which old age is asked for."""
    law = Consulted(law_book.on(on))
    case = _Case(answers, on, law)
    reasons = (_age(answers, law), _ended(answers, law), _paid_at_all(case))
    amounts = (lambda: case.pension, lambda: _own_contributions(case), lambda: _lump_sum(case), lambda: _heirs(case))
    return conclude(NAME, on, law, reasons, amounts, notes=_notes(case, outcome_of(reasons)))


def _age(answers: Answers, law: Consulted) -> Reason:
    age, needed = answers.count("age"), law.value("old_age.age")
    return Reason("age", None if age is None else age >= law.number(needed.key), {"needed": needed.value, "yours": age}, needed)


def _ended(answers: Answers, law: Consulted) -> Reason:
    still = answers.yes("still_insured")
    ended = None if still is None else not still
    return Reason("insured_status_ended", ended, {"needed": True, "yours": ended}, law.value("old_age.insured_status"))


def _paid_at_all(case: _Case) -> Reason:
    """Who never paid in has nothing to draw."""
    met = None if case.paid is None else case.paid > 0
    return Reason("months_paid_at_all", met, {"needed": 1, "yours": case.paid}, case.law.value("old_age.employer_part_from"))


def mean_wage(paid: int | None, answers: Answers, on: date, law: Consulted) -> Mean | None:
    """Over the last 60 months, or all where fewer are paid; None: not known from the answers."""
    stated = answers.money("average_wage_60")
    if not paid:
        return None
    months = min(paid, law.number("old_age.average_months"))
    if stated is None:
        return _mean_of_wages(answers.wages or {}, months, on, law)
    highest = highest_mean(months, on, law)
    return Mean(highest, months, stated) if stated > highest else Mean(stated, months)


def _mean_of_wages(wages: Mapping[date, Baht], months: int, on: date, law: Consulted) -> Mean | None:
    last = sorted(month for month in wages if month <= on)[-months:]
    return Mean(total(tuple(capped(wages[month], month, law) for month in last)) / months, months) if len(last) == months else None


def highest_mean(months: int, on: date, law: Consulted) -> Baht:
    """The mean of the ceilings of the last months complete on that day; one step for each ceiling, not for each month."""
    month = first_of_month(on if on == last_of_month(on) else add_months(on, -1))
    first, ceilings = add_months(month, 1 - months), Decimal()
    while month >= first:
        ceiling = law.of(month).value("wage_base.ceiling")
        begins = max(first, first_of_month(ceiling.since))
        ceilings += ceiling.read(Decimal) * (months_between(begins, month) + 1)
        month = add_months(begins, -1)
    return Baht.of(ceilings) / months


def pension_rate(paid: int, law: Consulted) -> Working:
    """Percent of the mean wage; what is left over of an incomplete year adds nothing."""
    needed, step = law.number("old_age.pension_months"), law.number("old_age.step_months")
    base, a_step = law.read("old_age.base_rate", Decimal), law.read("old_age.step_rate", Decimal)
    steps, left_over = divmod(paid - needed, step)
    facts = {"base_rate": base, "months": paid, "needed": needed, "steps": steps, "step_months": step, "step_rate": a_step}
    return Working("pension_rate", facts | {"left_over": left_over, "rate": base + a_step * steps})


def _own_contributions(case: _Case) -> Amount | None:
    if case.paid is None or case.paid >= case.law.number("old_age.employer_part_from"):
        return None
    own = _paid_in(case.paid, case)
    return Amount(OWN, own.facts["baht"], Per.ONCE, (own,)) if own else None


def _lump_sum(case: _Case) -> Amount | None:
    law = case.law
    if case.paid is None or not law.number("old_age.employer_part_from") <= case.paid < law.number("old_age.pension_months"):
        return None
    own = _paid_in(case.paid, case)
    if own is None:
        return None
    both = own.facts["baht"] + own.facts["baht"]
    return Amount(LUMP_SUM, both, Per.ONCE, (own, Working("employer_paid_as_much", {"own": own.facts["baht"], "baht": both})))


def _paid_in(paid: int, case: _Case) -> Working | None:
    """One's own old-age contributions: month by month from the wages where they hold every month, else the mean times the months."""
    share = case.law.read("contribution_rate.share_old_age_and_child", Decimal)
    if case.every_month:
        wages = total(tuple(capped(wage, month, case.law) for month, wage in case.every_month.items()))
        return Working("own_contributions", {"months": paid, "wages": wages, "rate": share, "baht": wages.percent(share)})
    if case.mean is None:
        return None
    wages = case.mean.baht * paid
    facts = {"months": paid, "mean": case.mean.baht, "wages": wages, "rate": share, "baht": wages.percent(share)}
    return Working("own_contributions_from_mean", facts)


def _heirs(case: _Case) -> Amount | None:
    pension, drawn, law = case.pension, case.answers.count("months_pension_drawn"), case.law
    if pension is None or drawn is None or drawn >= law.number("old_age.heirs_within"):
        return None
    left, times = law.number("old_age.heirs_within") - drawn, _times_for_heirs(drawn, law)
    baht = pension.baht * times
    rule, at_least = law.read("old_age.heirs_rule", str), law.number("old_age.heirs_times")
    working = (
        *pension.working,
        Working("months_left", {"drawn": drawn, "left": left, "at_least": at_least, "rule": rule, "times": times}),
        Working("times", {"of": pension.baht, "times": times, "baht": baht}),
    )
    return Amount(HEIRS, baht, Per.ONCE, working)


def _times_for_heirs(drawn: int, law: Consulted) -> int:
    left, at_least = law.number("old_age.heirs_within") - drawn, law.number("old_age.heirs_times")
    return max(left, at_least) if law.read("old_age.heirs_rule", str) == "months_left" else at_least


@dataclass(frozen=True)
class HeirsStage:
    """A pensioner who dies after `drawn` pensions: the heirs receive the last pension `times` times. `until`: the same up to that month."""

    drawn: int
    until: int
    times: int
    baht: Baht


def heirs_by_stage(pension: Baht, law: Consulted) -> tuple[HeirsStage, ...]:
    """What a family would receive after the first pension, after each whole year, and once the least number of times is reached."""
    within = law.number("old_age.heirs_within")
    least_from = next(drawn for drawn in range(1, within) if _times_for_heirs(drawn, law) == _times_for_heirs(within - 1, law))
    before = [1, *range(MONTHS_IN_A_YEAR, least_from, MONTHS_IN_A_YEAR)] if least_from > 1 else []
    spans = [(drawn, drawn) for drawn in before] + [(least_from, within - 1)]
    return tuple(HeirsStage(drawn, until, times := _times_for_heirs(drawn, law), pension * times) for drawn, until in spans)


def _notes(case: _Case, outcome: Outcome) -> list[Note | None]:
    if not case.paid:
        return []
    if outcome is Outcome.NOT_ENTITLED:
        return [_pension_needs(case.paid, case)]
    if case.paid >= case.law.number("old_age.pension_months"):
        return [_lowered(case)]
    return [
        _lowered(case),
        _pension_needs(case.paid, case),
        _without_return(case.paid, case.law),
        _estimate(case.paid, case),
        _temporary_rates(case.paid, case),
    ]


def _pension_needs(paid: int, case: _Case) -> Note | None:
    """Also the month in which paying on reaches it."""
    needed = case.law.value("old_age.pension_months")
    short = needed.read(int) - paid
    paid_this_month = first_of_month(case.on) in (case.answers.wages or ())
    facts = {"needed": needed.value, "yours": paid, "short": short, "reached_on": add_months(case.on, short + paid_this_month)}
    return Note("pension_needs_months", facts, needed) if short > 0 else None


def _lowered(case: _Case) -> Note | None:
    try:
        mean = case.mean
    except NotKnown:
        return None
    if mean is None or mean.stated is None:
        return None
    facts = {"stated": mean.stated, "highest": mean.baht, "months": mean.months}
    return Note("average_wage_lowered", facts, case.law.value("wage_base.ceiling"))


def _without_return(paid: int, law: Consulted) -> Note | None:
    return Note("plus_yearly_return", {}, law.value("old_age.yearly_return")) if paid >= law.number("old_age.employer_part_from") else None


def _estimate(paid: int, case: _Case) -> Note | None:
    """The mean of the last months, used for months before them."""
    of_mean = case.law.number("old_age.average_months")
    if paid <= of_mean or case.every_month:
        return None
    return Note("estimated_from_mean", {"months": paid, "mean_months": of_mean})


def _temporary_rates(paid: int, case: _Case) -> Note | None:
    """How many of the months lie in times of a lower rate; without every month's wage, of the months just before `on`."""
    spans = _spans_below_usual(case.law)
    months = [*case.every_month] or [add_months(case.on, -back) for back in range(1, paid + 1)]
    lower = sum(any(since <= month <= until for since, until in spans) for month in months)
    return Note("months_at_a_temporary_rate", {"months": lower, "by_month": bool(case.every_month)}) if lower else None


def _spans_below_usual(law: Consulted) -> list[tuple[date, date]]:
    """When the person's own rate was lower than on the day asked for; a rate without an end is no temporary one."""
    usual = law.read("contribution_rate.employee", Decimal)
    rates = (entry for entry in law.law.book.history("contribution_rate.employee") if isinstance(entry, Value))
    return [(rate.since, rate.until) for rate in rates if rate.until and rate.read(Decimal) < usual]
