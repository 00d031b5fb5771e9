"""Paying approved claims: lists by way of payment, one batch closed at a time, the file for the bank, and what the bank says afterwards.

Decided:
- The four eyes of the house say that a refusal takes a second officer. Paying takes two as well: what an officer approved goes to the bank
  only when somebody else closes the batch (domain/claim.py::may_pay). So it is asked of each claim, not of the batch: an officer who
  approves and pays closes a batch of what colleagues approved, and what they approved themselves stays for a colleague, who sees how much
  that is. There is no exception for an office with one officer: there no refusal can be confirmed either.
- Nobody sends, or marks as paid or returned, the money of a claim that they are part of; nor do they take the file that it stands in.
- Whoever closes a batch names the list they saw (`mark`): a claim more, another sum or another account, and nothing is closed. The same key
  again is the same batch. What a line comes to is written down with it, and the claims bear the step in the same transaction.
- Whole account numbers stand in one place: the file for the bank. It is made anew each time, kept nowhere, asked for with a reason, and
  noted for each person in it (domain/claim_batch.py says when it can be taken). Its headings and the banks' names are Thai, whoever takes
  it. A claim that stopped after a death drops out of it; what became of its line, somebody asks the bank and says by itself.
- The pages show no names: a reference, the benefit, the sum. Who wants to know whose it is opens the claim and says why: having paid it
  with two hundred others is no reason, and shows no whole name.
- What the bank says comes late: money can come back after it was marked as paid, and after an appeal or another payment. What that batch
  had carried waits for payment again then, and no more; the person is asked for another way. Said of the wrong line, it can be taken back
  until the person has answered.
- What waits is found by columns that stand in the open (what a claim waits for, who approved it), so that what cannot go stands before
  nothing that can; of it, only one list is opened.
Put aside: the bank's own file formats (each has its own, and none is published as the SSO's), and reading the bank's answer from a file.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from webapp.actions import audit, claims
from webapp.actions.hospital_change import new_reference
from webapp.domain import claim as rule
from webapp.domain.audit import Act, ReadReason
from webapp.domain.claim import Claim, OwnClaim, Status, Waits, WhyReturned
from webapp.domain.claim_amount import due_now
from webapp.domain.claim_batch import MOST_LINES, NOTHING, Batch, FileGone, Line, Outcome, may_be_paid_on, take_file, time_paid
from webapp.domain.payment import BANKS, Way
from webapp.ports import ClaimsToPay, Name, Officer, Tools

PREFIX = "PB"
ON_A_PAGE = 10
"""Batches of up to MOST_LINES lines each, every one of them sealed."""


# What waits


@dataclass(frozen=True)
class Waiting:
    """Claims of one way of being paid, the earliest decision first. `ready`: what this officer may close now, at most MOST_LINES; `later`:
    so many more; `for_others`: so many that somebody else has to close, since this officer approved them or is part of them."""

    way: Way
    ready: tuple[Claim, ...]
    later: int
    for_others: int

    @property
    def total(self) -> Decimal:
        return sum((due_now(one.to_pay) for one in self.ready), NOTHING)

    @property
    def mark(self) -> str:
        """Changes with every claim, sum and account."""
        said = "|".join(f"{one.reference}:{one.version}:{due_now(one.to_pay)}" for one in self.ready)
        return hashlib.sha256(f"{self.way}|{said}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class ToPay:
    """Everything that is approved and not on its way. `returned`: the bank sent it back, and the person has not answered; `at_the_counter`:
    no way is named; `by_hand`: there is no sum that a batch could carry."""

    by_way: tuple[Waiting, ...]
    returned: int
    at_the_counter: int
    by_hand: int


def to_pay(tools: Tools, officer: Officer) -> ToPay:
    """As this officer may pay it."""
    counted: dict[str, int] = tools.store.count_what_claims_wait_for()
    return ToPay(
        by_way=tuple(_waiting(tools, way, officer) for way in (Way.PROMPTPAY, Way.BANK)),
        returned=counted.get(Waits.RETURNED, 0),
        at_the_counter=counted.get(Waits.COUNTER, 0),
        by_hand=counted.get(Waits.BY_HAND, 0),
    )


def _waiting(tools: Tools, way: Way, officer: Officer) -> Waiting:
    mine = ClaimsToPay(str(way), officer.id, officer.person_id or "")
    ready = tuple(tools.store.claims_to_pay(mine, MOST_LINES))
    later = tools.store.count_claims_to_pay(mine) - len(ready)
    return Waiting(way, ready, later, tools.store.count_claims_to_pay(replace(mine, for_others=True)))


# Closing


@dataclass(frozen=True)
class NotAsShown:
    """Nothing was closed: the list is another than the one that was shown, or it is empty."""

    waiting: Waiting


def close(tools: Tools, officer: Officer, way: Way, seen_mark: str, key: str) -> Batch | NotAsShown:
    """What waits and this officer may pay goes on a list for the bank. The same key of the same officer is the same batch."""
    with tools.store.transaction():
        already: Batch | None = tools.store.claim_batch_by_key(officer.id, key)
        if already is not None:
            return already
        waiting = _waiting(tools, way, officer)
        if not waiting.ready or waiting.mark != seen_mark:
            return NotAsShown(waiting)
        batch = _batch_of(tools, officer, waiting)
        tools.store.add_claim_batch(batch, key)
        for one in waiting.ready:
            claims.move(tools, one, rule.send_to_bank(one, batch.reference, batch.closed_at, officer))
    return batch


def _batch_of(tools: Tools, officer: Officer, waiting: Waiting) -> Batch:
    reference = new_reference(PREFIX)
    lines = tuple(
        Line(reference, number, one.reference, one.person_id, one.payment, due_now(one.to_pay))
        for number, one in enumerate(waiting.ready, start=1)
    )
    return Batch(reference, waiting.way, tools.clock.now(), officer.id, lines)


@dataclass(frozen=True)
class Page:
    """Some of the batches; both counts from 1."""

    batches: tuple[Batch, ...]
    page: int
    pages: int


def batches(tools: Tools, page: int = 1) -> Page:
    """What is at the bank longest first, then what is settled, the latest first. A page beyond the end is the last."""
    pages = max(1, -(-tools.store.count_claim_batches() // ON_A_PAGE))
    shown = min(max(page, 1), pages)
    return Page(tuple(tools.store.claim_batches(ON_A_PAGE, (shown - 1) * ON_A_PAGE)), shown, pages)


def batch_of(tools: Tools, reference: str) -> Batch | None:
    found: Batch | None = tools.store.claim_batch(reference)
    return found


def claims_in(tools: Tools, batch: Batch) -> dict[str, Claim]:
    """As they stand now, by reference."""
    found = (tools.store.claim(line.reference) for line in batch.lines)
    return {one.reference: one for one in found if one is not None}


# The file for the bank


@dataclass(frozen=True)
class FileLine:
    """Where the money of one claim goes, in full. `bank_code` and `bank_name` "" for PromptPay."""

    number: int
    reference: str
    name: str
    bank_code: str
    bank_name: str
    account: str
    baht: Decimal


def file_of(tools: Tools, officer: Officer, batch_reference: str, words: str, again: bool = False) -> list[FileLine]:
    """What is to be paid of the batch; that it was given out, and why, is an entry for each person in it. `again`: also where it was taken
    before. Raises OwnClaim where the officer is part of a claim on the list, FileTaken or FileGone; nothing is noted then."""
    with tools.store.transaction():
        batch = batch_of(tools, batch_reference)
        if batch is None:
            raise FileGone(batch_reference)
        taken, known = take_file(batch, tools.clock.now(), officer.id, again), claims_in(tools, batch)
        for line in batch.at_the_bank:
            if rule.is_part_of(known[line.reference], officer):
                raise OwnClaim(known[line.reference])
        living = (line for line in batch.at_the_bank if known[line.reference].status is not Status.STOPPED)
        found = [(line, made) for line in living if (made := _file_line(tools, line)) is not None]
        if not found:
            raise FileGone(batch_reference)
        tools.store.note_file_of_claim_batch(taken)
        for line, _made in found:
            by, reason = audit.officer(officer.id), str(ReadReason.OTHER)
            audit.note(tools, Act.ACCOUNT_GIVEN_TO_BANK, by, line.person_id, batch.reference, reason, words)
    return [made for _line, made in found]


def _file_line(tools: Tools, line: Line) -> FileLine | None:
    """None where the number is gone."""
    name: Name | None = tools.store.name_of(line.person_id)
    if name is None:
        return None
    if line.payment.way is Way.PROMPTPAY:
        return FileLine(line.number, line.reference, name.full, "", "", name.pid, line.baht)
    account: str | None = tools.store.claim_account(line.reference)
    bank = BANKS.get(line.payment.bank)
    if account is None:
        return None
    return FileLine(line.number, line.reference, name.full, line.payment.bank, bank.name_th if bank else "", account, line.baht)


# What the bank says


class NotOnThisDay(ValueError):
    """The day lies before the list was closed, or has not come."""


def mark_paid(tools: Tools, officer: Officer, batch_reference: str, day: date) -> Batch | None:
    """Everything that is still at the bank went out on `day`, but what `why_left` leaves. Twice is once. None for an unknown reference;
    raises NotOnThisDay."""
    with tools.store.transaction():
        batch = batch_of(tools, batch_reference)
        if batch is None:
            return None
        at, known = _time_paid(tools, batch, day), claims_in(tools, batch)
        for line in batch.at_the_bank:
            if why_left(known[line.reference], officer) is None:
                _settle_as_paid(tools, officer, line, known[line.reference], at)
    return batch_of(tools, batch_reference)


def mark_one_paid(tools: Tools, officer: Officer, batch_reference: str, claim_reference: str, day: date) -> Batch | None:
    """The bank did pay this one, whose claimant died, or of which it was said by mistake that it came back. Twice is once. None where there
    is no such line; raises NotOnThisDay, OwnClaim, or SomeoneElseMovedIt where its person answered or a new list has it."""
    with tools.store.transaction():
        batch, line, one = _line_of(tools, batch_reference, claim_reference)
        if batch is None or line is None or one is None:
            return None
        if line.outcome is not Outcome.PAID:
            _settle_as_paid(tools, officer, line, one, _time_paid(tools, batch, day))
    return batch_of(tools, batch_reference)


def _time_paid(tools: Tools, batch: Batch, day: date) -> datetime:
    if not may_be_paid_on(batch, day, tools.clock.today()):
        raise NotOnThisDay(str(day))
    return time_paid(batch, day, tools.clock.now())


def _settle_as_paid(tools: Tools, officer: Officer, line: Line, one: Claim, at: datetime) -> None:
    paid, now = rule.paid_after_all if line.outcome is Outcome.RETURNED else rule.paid_by_bank, tools.clock.now()
    claims.move(tools, one, paid(one, line.batch, at, now, officer))
    tools.store.settle_claim_batch_line(replace(line, outcome=Outcome.PAID, settled_at=now, why=None))


def _line_of(tools: Tools, batch_reference: str, claim_reference: str) -> tuple[Batch | None, Line | None, Claim | None]:
    """A line with its batch and its claim as they stand."""
    batch = batch_of(tools, batch_reference)
    line = batch.line_of(claim_reference) if batch else None
    return batch, line, tools.store.claim(claim_reference) if line else None


class WhyLeft(StrEnum):
    """Why a line at the bank is not marked as paid with the others."""

    OWN = "own"
    DIED = "died"


def why_left(claim: Claim, officer: Officer) -> WhyLeft | None:
    """A colleague settles what this officer is part of; of who died somebody asks the bank first."""
    if rule.is_part_of(claim, officer):
        return WhyLeft.OWN
    return WhyLeft.DIED if claim.status is Status.STOPPED else None


def mark_not_sent(tools: Tools, officer: Officer, batch_reference: str, claim_reference: str) -> Batch | None:
    """The claimant died, and the bank did not pay this one. Twice is once. None where there is no such line; raises OwnClaim, or
    SomeoneElseMovedIt where the claim did not stop or is settled."""
    with tools.store.transaction():
        batch, line, one = _line_of(tools, batch_reference, claim_reference)
        if batch is None or line is None or one is None:
            return None
        if line.outcome is not Outcome.NOT_SENT:
            now = tools.clock.now()
            claims.move(tools, one, rule.not_sent(one, line.batch, now, officer))
            tools.store.settle_claim_batch_line(replace(line, outcome=Outcome.NOT_SENT, settled_at=now))
    return batch_of(tools, batch_reference)


def mark_returned(tools: Tools, officer: Officer, batch_reference: str, claim_reference: str, why: WhyReturned) -> Batch | None:
    """The bank sent the money of this claim back, whatever came between. Twice is once. None where there is no such line; raises OwnClaim,
    or SomeoneElseMovedIt where this batch carried nothing of it."""
    with tools.store.transaction():
        batch, line, one = _line_of(tools, batch_reference, claim_reference)
        if batch is None or line is None or one is None:
            return None
        if line.outcome is not Outcome.RETURNED:
            now = tools.clock.now()
            claims.move(tools, one, rule.returned(one, line.batch, why, now, officer))
            tools.store.settle_claim_batch_line(replace(line, outcome=Outcome.RETURNED, settled_at=now, why=why))
    return batch_of(tools, batch_reference)
