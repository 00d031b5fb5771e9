"""A batch: claims whose money goes to the bank on one list, and what the bank says of each of them afterwards.

Decided:
- One way of being paid for each batch, since banks take PromptPay and accounts as two kinds of list; at most MOST_LINES in one, so that an
  officer can look through it.
- A claim stands on one list at a time (the store has a key for that), and on another only after the bank sent its money back, or for
  the rest that an appeal brought.
- What a line comes to is fixed when the batch is closed: the sums of the decision (domain/claim_amount.py::due_now). Totals are of exact
  decimals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

from webapp.domain.claim import WhyReturned
from webapp.domain.dates import BANGKOK, in_bangkok
from webapp.domain.payment import Payment, Way

MOST_LINES = 200
NOTHING = Decimal("0.00")


class Outcome(StrEnum):
    """What became of a line."""

    AT_THE_BANK = "at_the_bank"
    PAID = "paid"
    RETURNED = "returned"


@dataclass(frozen=True)
class Line:
    """One claim on the list, with the way of being paid as it stood; `number` from 1."""

    batch: str
    number: int
    reference: str
    person_id: str
    payment: Payment
    baht: Decimal
    outcome: Outcome = Outcome.AT_THE_BANK
    settled_at: datetime | None = None
    why: WhyReturned | None = None


@dataclass(frozen=True)
class Batch:
    """Closed the moment it is made; nothing is added to it later."""

    reference: str
    way: Way
    closed_at: datetime
    closed_by: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> Decimal:
        return total_of(self.lines)

    @property
    def at_the_bank(self) -> tuple[Line, ...]:
        return self.with_outcome(Outcome.AT_THE_BANK)

    def with_outcome(self, outcome: Outcome) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.outcome is outcome)

    def line_of(self, reference: str) -> Line | None:
        """That of a claim."""
        return next((line for line in self.lines if line.reference == reference), None)


def total_of(lines: Iterable[Line]) -> Decimal:
    return sum((line.baht for line in lines), NOTHING)


def may_be_paid_on(batch: Batch, day: date, today: date) -> bool:
    """Not before the list was closed, nor a day that has not come."""
    return in_bangkok(batch.closed_at).date() <= day <= today


def time_paid(batch: Batch, day: date, now: datetime) -> datetime:
    """A bank says a day and no time: today is now, an earlier day its beginning, never before the list was closed."""
    if day == in_bangkok(now).date():
        return now
    return max(datetime.combine(day, time(), BANGKOK), batch.closed_at)


