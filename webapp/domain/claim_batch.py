"""A batch: claims whose money goes to the bank on one list, and what the bank says of each of them afterwards.

Decided:
- One way of being paid for each batch, since banks take PromptPay and accounts as two kinds of list; at most MOST_LINES in one, so that an
  officer can look through it.
- A claim stands on one list at a time (the store has a key for that), and on another only after the bank sent its money back, or for
  the rest that an appeal brought.
- The file for the bank is for the one time that it is taken there: taking it once more, before the bank has said anything, takes a tick of
  whoever saw when it was taken and by whom; once the bank has said of any line what became of it, there is no file any more.
- A line whose claimant died is not settled with the others: somebody asks the bank and says of it that it was paid, sent back or not sent.
- What a line comes to is fixed when the batch is closed: the sums of the decision (domain/claim_amount.py::due_now). Totals are of exact
  decimals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    NOT_SENT = "not_sent"


SAID_BY_THE_BANK = frozenset({Outcome.PAID, Outcome.RETURNED})


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
    """Closed the moment it is made; nothing is added to it later. `file_at`, `file_by`: when its file was taken last, and by which
    officer."""

    reference: str
    way: Way
    closed_at: datetime
    closed_by: str
    lines: tuple[Line, ...]
    file_at: datetime | None = None
    file_by: str = ""

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


class FileGone(ValueError):
    """The bank has said what became of it, or nothing is left to send."""


class FileTaken(ValueError):
    """Somebody has taken the file; taking it again was not asked for."""


def take_file(batch: Batch, at: datetime, by: str, again: bool) -> Batch:
    """The batch with its file taken now. Raises FileGone or FileTaken."""
    if not file_is_open(batch):
        raise FileGone(batch.reference)
    if batch.file_at is not None and not again:
        raise FileTaken(batch.reference)
    return replace(batch, file_at=at, file_by=by)


def file_is_open(batch: Batch) -> bool:
    return bool(batch.at_the_bank) and not any(line.outcome in SAID_BY_THE_BANK for line in batch.lines)


def may_be_paid_on(batch: Batch, day: date, today: date) -> bool:
    """Not before the list was closed, nor a day that has not come."""
    return in_bangkok(batch.closed_at).date() <= day <= today


def time_paid(batch: Batch, day: date, now: datetime) -> datetime:
    """A bank says a day and no time: today is now, an earlier day its beginning, never before the list was closed."""
    if day == in_bangkok(now).date():
        return now
    return max(datetime.combine(day, time(), BANGKOK), batch.closed_at)


