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
  noted for each person in it. A claim that stopped after a death drops out of it, and out of nothing else: the list says so.
- The pages show no names: a reference, the benefit, the sum. Who wants to know whose it is opens the claim and says why: having paid it
  with two hundred others is no reason, and shows no whole name.
- What the bank says comes late: money can come back after it was marked as paid. Then the claim waits for payment again, and its person is
  asked for another way. Where an appeal or another payment came between, the office settles it by hand.
Put aside: the bank's own file formats (each has its own, and none is published as the SSO's), and reading the bank's answer from a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from webapp.actions import audit, claims
from webapp.actions.hospital_change import new_reference
from webapp.domain import claim as rule
from webapp.domain.audit import Act, ReadReason
from webapp.domain.claim import Claim, OwnClaim, Status, WhyReturned
from webapp.domain.claim_amount import due_now
from webapp.domain.claim_batch import MOST_LINES, NOTHING, Batch, Line, Outcome, may_be_paid_on, time_paid
from webapp.domain.payment import BANKS, Way
from webapp.ports import Name, Officer, Tools

PREFIX = "PB"
LOOKED_THROUGH = 2000
"""So many approved claims are looked through for what can be paid: more than an office approves between two batches."""
SHOWN_BATCHES = 30


# What waits


@dataclass(frozen=True)
class Waiting:
    """Claims of one way of being paid, the earliest decision first. `ready`: what this officer may close now, at most MOST_LINES; `later`:
    so many more; `for_others`: what somebody else has to close, since this officer approved it or is part of it."""

    way: Way
    ready: tuple[Claim, ...]
    later: int
    for_others: tuple[Claim, ...]

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
    found: list[Claim] = tools.store.claims_to_pay(LOOKED_THROUGH)
    left = [one for one in found if not rule.may_go_to_the_bank(one)]
    no_way = [one for one in left if one.returned is None and one.payment.way is Way.COUNTER]
    returned = sum(one.returned is not None for one in left)
    return ToPay(
        by_way=tuple(_waiting(way, found, officer) for way in (Way.PROMPTPAY, Way.BANK)),
        returned=returned,
        at_the_counter=len(no_way),
        by_hand=len(left) - returned - len(no_way),
    )


def _waiting(way: Way, found: Sequence[Claim], officer: Officer) -> Waiting:
    payable = [one for one in found if one.payment.way is way and rule.may_go_to_the_bank(one)]
    mine = [one for one in payable if rule.may_pay(one, officer)]
    others = tuple(one for one in payable if not rule.may_pay(one, officer))
    return Waiting(way, tuple(mine[:MOST_LINES]), max(len(mine) - MOST_LINES, 0), others)


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
        waiting = _waiting(way, tools.store.claims_to_pay(LOOKED_THROUGH), officer)
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


def batches(tools: Tools) -> list[Batch]:
    """What is still at the bank first, then the latest."""
    found: list[Batch] = tools.store.claim_batches(SHOWN_BATCHES)
    return found


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


def file_of(tools: Tools, officer: Officer, batch: Batch, words: str) -> list[FileLine]:
    """What is still to be paid of the batch; that it was given out, and why, is an entry for each person in it. Raises OwnClaim where the
    officer is part of a claim on the list."""
    known, found = claims_in(tools, batch), []
    for line in batch.at_the_bank:
        one = known[line.reference]
        if rule.is_part_of(one, officer):
            raise OwnClaim(one)
        made = None if one.status is Status.STOPPED else _file_line(tools, line)
        if made is not None:
            found.append((line, made))
    with tools.store.transaction():
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
    return FileLine(line.number, line.reference, name.full, line.payment.bank, bank.name_en if bank else "", account, line.baht)


# What the bank says


class NotOnThisDay(ValueError):
    """The day lies before the list was closed, or has not come."""


def mark_paid(tools: Tools, officer: Officer, batch_reference: str, day: date) -> Batch | None:
    """Everything that is still at the bank went out on `day`, but what this officer is part of. Twice is once. None for an unknown
    reference; raises NotOnThisDay."""
    with tools.store.transaction():
        batch = batch_of(tools, batch_reference)
        if batch is None:
            return None
        if not may_be_paid_on(batch, day, tools.clock.today()):
            raise NotOnThisDay(str(day))
        now, known = tools.clock.now(), claims_in(tools, batch)
        for line in batch.at_the_bank:
            one = known[line.reference]
            if rule.is_part_of(one, officer):
                continue
            claims.move(tools, one, rule.paid_by_bank(one, batch.reference, time_paid(batch, day, now), now, officer))
            tools.store.settle_claim_batch_line(replace(line, outcome=Outcome.PAID, settled_at=now))
    return batch_of(tools, batch_reference)


def mark_returned(tools: Tools, officer: Officer, batch_reference: str, claim_reference: str, why: WhyReturned) -> Batch | None:
    """The bank sent the money of this claim back. Twice is once. None where there is no such line; raises OwnClaim, or SomeoneElseMovedIt
    where an appeal or another payment came after it was paid."""
    with tools.store.transaction():
        batch = batch_of(tools, batch_reference)
        line = batch.line_of(claim_reference) if batch else None
        one: Claim | None = tools.store.claim(claim_reference) if line else None
        if batch is None or line is None or one is None:
            return None
        if line.outcome is Outcome.RETURNED:
            return batch
        now = tools.clock.now()
        claims.move(tools, one, rule.returned(one, batch.reference, why, now, officer))
        tools.store.settle_claim_batch_line(replace(line, outcome=Outcome.RETURNED, settled_at=now, why=why))
    return batch_of(tools, batch_reference)

