"""What one assessment costs, measured in one run against a plain function and against openfisca-core: `make bench`.

First every benefit, from plain answers and from a record of thirty years, the answers read before; what reading costs is said apart. Then
one pension (the published example of 331 months) three ways: here; as a bare function with the law's numbers written into it, which gives
the sum and nothing else; as a simulation of openfisca-core, built and calculated for one person, and for a thousand at once, which is what
that engine is made for. All must come to the same 5,795 baht.
Quote the ratios, not the times: they hold on a machine that is busy or slow. Above the limit in its fastest run, the bench fails.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import numpy
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit, Period
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from webapp.adapters import lawbook_toml
from webapp.domain.answers import Answers, MonthWage, read_answers
from webapp.domain.benefits.catalogue import BENEFITS
from webapp.domain.dates import add_months
from webapp.domain.retirement import outlook

LIMIT_MS = 1.0
REPETITIONS, MANY_PERSONS = 200, 1000
ON = date(2026, 7, 1)
BOOK = lawbook_toml.load()
PLAIN: dict[str, dict[str, Any]] = {
    "sickness": {"months_paid_in_15": 15, "employer_sick_leave_used": "yes", "wage": 20000, "days_off": 10, "chronic": "no",
                 "days_paid_this_year": 0},
    "dental": {"months_paid_in_15": 15, "treatment": "basic", "cost": 700, "used_this_year": 0},
    "maternity": {"months_paid_in_15": 15, "parent": "mother", "other_parent_claimed": "no", "wage": 17500,
                  "leave_allowances_before": 0, "prenatal_cost": 900},
    "invalidity": {"months_paid_in_15": 15, "loss_percent": 40, "wage": 17500},
    "death": {"months_paid_in_6": 6, "months_paid_total": 130, "wage": 17500},
    "old_age": {"age": 55, "still_insured": "no", "months_paid_total": 331, "average_wage_60": 15250, "months_pension_drawn": 12},
    "child_allowance": {"months_paid_in_36": 12, "children": [{"age": 2}]},
    "unemployment": {"months_paid_in_15": 15, "cause": "laid_off", "dismissed_for_fault": "no", "wage": 16000, "days_paid_this_year": 0},
}  # fmt: skip
THIRTY_YEARS = [{"month": f"{add_months(ON, -back):%Y-%m}", "wage": 30_000 - 40 * back} for back in range(1, 361)]
FROM_A_RECORD = ("wage", "average_wage_60", "months_paid_in_15", "months_paid_in_36", "months_paid_in_6", "months_paid_total")


@dataclass(frozen=True)
class Cost:
    """Milliseconds of processor time a call: on a machine with other work, the clock measures that work too."""

    fastest: float
    usual: float

    def __str__(self) -> str:
        return f"{self.usual:8.3f} ms"


def measured(*ways: Callable[[], object], repetitions: int = REPETITIONS) -> list[Cost]:
    """Each way in turn, again and again, so that whatever slows the machine slows them all."""
    times: list[list[float]] = [[] for _ in ways]
    for way in ways:
        way()
    for _ in range(repetitions):
        for way, taken in zip(ways, times, strict=True):
            began = time.process_time()
            way()
            taken.append((time.process_time() - began) * 1000)
    return [Cost(min(taken), median(taken)) for taken in times]


def read(benefit: str, raw: dict[str, Any]) -> Answers:
    answers = read_answers(BENEFITS[benefit].questions, raw, ON, BOOK.on(ON))
    assert isinstance(answers, Answers), answers
    return answers


def from_a_record(benefit: str) -> dict[str, Any]:
    return {name: answer for name, answer in PLAIN[benefit].items() if name not in FROM_A_RECORD} | {"wages": THIRTY_YEARS}


def every_benefit() -> list[Cost]:
    print(f"one assessment; the limit is {LIMIT_MS:g} ms\n{'':16} {'from plain answers':>31} {'from a record of 360 months':>31}")
    costs = []
    for name, benefit in BENEFITS.items():
        plain, record = read(name, PLAIN[name]), read(name, from_a_record(name))
        few, many = measured(
            lambda benefit=benefit, plain=plain: benefit.assess(plain, ON, BOOK),
            lambda benefit=benefit, record=record: benefit.assess(record, ON, BOOK),
        )
        print(f"{name:16} {of_the_limit(few)} {of_the_limit(many)}")
        costs += [few, many]
    return costs


def of_the_limit(cost: Cost) -> str:
    return f"{cost} {cost.usual / LIMIT_MS:5.2f} of the limit"


def reading() -> None:
    """What comes before: the same 360 months as a program sends them, and as the record of somebody signed in holds them."""
    held = [MonthWage(month, paid) for month, paid in (read("sickness", {"wages": THIRTY_YEARS}).wages or {}).items()]
    sent, recorded = measured(lambda: read("sickness", {"wages": THIRTY_YEARS}), lambda: read("sickness", {"wages": held}))
    print(f"\n{'reading 360 months sent as JSON':52} {sent}\n{'reading 360 months of the record':52} {recorded}")


# One pension, three ways. The same months: 54 at 15,000 and 6 at 17,500, 331 paid in all, aged 55 and no longer insured.

MONTHS = [(add_months(ON, -back), 17_500 if back <= 6 else 15_000) for back in range(60, 0, -1)]
AS_SENT = [{"month": f"{month:%Y-%m}", "wage": paid} for month, paid in MONTHS]
PAID, SUM = 331, Decimal("5795.00")


def here() -> Decimal:
    answers = read("old_age", {"age": 55, "still_insured": False, "months_paid_total": PAID, "wages": AS_SENT})
    return BENEFITS["old_age"].assess(answers, ON, BOOK).amounts[0].baht.rounded


def plain_function(age: int = 55, still_insured: bool = False, paid: int = PAID) -> Decimal | None:
    if age < 55 or still_insured or paid < 180:
        return None
    mean = sum(min(wage, 17_500 if month >= date(2026, 1, 1) else 15_000) for month, wage in MONTHS) / Decimal(60)
    rate = 20 + Decimal("1.5") * ((paid - 180) // 12)
    return (mean * rate / 100).quantize(Decimal("0.01"))


PERSON = build_entity(key="person", plural="persons", label="somebody insured", is_person=True)


class wage(Variable):  # noqa: N801 - the engine takes the name of the class for the name of the variable
    value_type, entity, definition_period, label = float, PERSON, DateUnit.MONTH, "wage of a month"


class months_paid(Variable):  # noqa: N801
    value_type, entity, definition_period, label = int, PERSON, DateUnit.MONTH, "months paid in all"


class age(Variable):  # noqa: N801
    value_type, entity, definition_period, label = int, PERSON, DateUnit.MONTH, "completed years"


class still_insured(Variable):  # noqa: N801
    value_type, entity, definition_period, label = bool, PERSON, DateUnit.MONTH, "insured status not ended"


class pension(Variable):  # noqa: N801
    value_type, entity, definition_period, label = float, PERSON, DateUnit.MONTH, "pension a month"

    def formula(person: Any, period: Period, parameters: Any) -> Any:  # noqa: N805
        law, paid = parameters(period).old_age, person("months_paid", period)
        months = [period.offset(-back, DateUnit.MONTH) for back in range(1, 61)]
        mean = sum(numpy.minimum(person("wage", month), parameters(month).wage_base.ceiling) for month in months) / 60
        rate = law.base_rate + law.step_rate * ((paid - law.pension_months) // law.step_months)
        may = (person("age", period) >= law.age) * ~person("still_insured", period) * (paid >= law.pension_months)
        return may * mean * rate / 100


def system() -> TaxBenefitSystem:
    """The same values, taken from our statute book."""
    keys = {"wage_base": ("ceiling",), "old_age": ("age", "pension_months", "base_rate", "step_rate", "step_months")}
    values = {group: {key: {"values": history(f"{group}.{key}")} for key in of_group} for group, of_group in keys.items()}
    built = TaxBenefitSystem([PERSON])
    built.parameters = ParameterNode("", data=values)
    built.add_variables(wage, months_paid, age, still_insured, pension)
    return built


def history(key: str) -> dict[str, dict[str, float]]:
    return {entry.since.isoformat(): {"value": float(entry.value)} for entry in BOOK.history(key)}


def simulation(built: TaxBenefitSystem, persons: int) -> Callable[[], float]:
    """Built and calculated anew each time, as for one who asks; the last person's pension."""
    now = f"{ON:%Y-%m}"
    one = {
        "wage": {f"{month:%Y-%m}": paid for month, paid in MONTHS},
        "months_paid": {now: PAID},
        "age": {now: 55},
        "still_insured": {now: False},
    }
    situation = {"persons": {f"p{number}": one for number in range(persons)}}
    return lambda: float(SimulationBuilder().build_from_entities(built, situation).calculate("pension", now)[-1])


def one_pension() -> Cost:
    built = system()
    alone, crowd = simulation(built, 1), simulation(built, MANY_PERSONS)
    assert here() == plain_function() == SUM == Decimal(alone()).quantize(SUM) == Decimal(crowd()).quantize(SUM)
    ours, bare, peer = measured(here, plain_function, alone)
    (many,) = measured(crowd, repetitions=3)
    a_person = Cost(many.fastest / MANY_PERSONS, many.usual / MANY_PERSONS)
    print("\nthe pension of 331 months: 5,795 baht every way")
    print(f"{'here, reading and reasons included':52} {ours}")
    for told, other in (
        ("a bare function, the sum alone", bare),
        ("openfisca-core, one person", peer),
        (f"openfisca-core, a person among {MANY_PERSONS:,} at once", a_person),
    ):
        print(f"{told:52} {other}   here / there {ours.usual / other.usual:7.2f}")
    return ours


def main() -> None:
    costs = every_benefit()
    reading()
    costs.append(one_pension())
    asked = read("old_age", {"age": 50, "still_insured": "yes", "wages": THIRTY_YEARS})
    print(f"\nthe outlook from 50 to 65, sixteen pensions ahead    {measured(lambda: outlook(asked, ON, BOOK, 65))[0]}")
    slowest = max(cost.fastest for cost in costs)
    print(f"slowest assessment in its fastest run: {slowest:.3f} ms, {slowest / LIMIT_MS:.2f} of the limit")
    if slowest > LIMIT_MS:
        sys.exit(1)


if __name__ == "__main__":
    main()
