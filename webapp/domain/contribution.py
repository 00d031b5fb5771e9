"""What employee, employer and government pay in for one month, by the law of a day.

The base is the wage, not below the floor and not above the ceiling of that day. Employee and employer pay whole baht (half a baht and over
rounds up); the government's part is kept to the satang, because the facts give the rounding only beside the 83 baht of a person's minimum.
The lower rate of nine southern provinces is a value of its own and asked for by name: our facts do not list the provinces.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from webapp.domain.lawbook import Consulted, LawBook, NotKnown, Value
from webapp.domain.money import Baht

USUAL = "contribution_rate.employee"
NINE_SOUTHERN_PROVINCES = "contribution_rate.employee_nine_southern_provinces"


@dataclass(frozen=True)
class Contribution:
    """A month's contribution; `employer` None: that day's rate is not known (call 1506)."""

    base: Baht
    employee: Baht
    employer: Baht | None
    government: Baht
    law: tuple[Value, ...]


def wage_base(wage: Baht, law: Consulted) -> Baht:
    """The wage between floor and ceiling; raises NotKnown before 30 March 1995."""
    floor, ceiling = (Baht.of(law.read(key, Decimal)) for key in ("wage_base.floor", "wage_base.ceiling"))
    return min(max(wage, floor), ceiling)


def contribution_on(wage: Baht, on: date, law_book: LawBook, employee_rate: str = USUAL) -> Contribution:
    """Raises NotKnown where the base or the person's own rate has no value on that day; `employee_rate` is a key of the law."""
    law = Consulted(law_book.on(on))
    base = wage_base(wage, law)
    to = Baht.of(law.read("contribution_rate.rounded_to", Decimal))
    employee = base.percent(law.read(employee_rate, Decimal)).to_nearest(to)
    government = base.percent(law.read("contribution_rate.government", Decimal))
    return Contribution(base, employee, _employer(base, to, law), government, law.used)


def _employer(base: Baht, to: Baht, law: Consulted) -> Baht | None:
    try:
        return base.percent(law.read("contribution_rate.employer", Decimal)).to_nearest(to)
    except NotKnown:
        return None
