"""Which cases would have come out otherwise by the law as it stands in the statute book now: for after a wrong value was published.

Decided:
- A claim is worked out again from the inputs that were kept with it, so that only the law can make a difference, no record that moved on.
  Of a decided claim the sums of the decision are looked at, else those that were shown when it was sent.
- A request for another hospital by its time of receipt and the rule of that day, against the day that was promised when it was sent.
- Nothing is changed: who was told something wrong is written to, and officers put right what was decided (docs/operating.md). What is said
  names the case by its reference, and nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from webapp.actions.calendar import rules_now
from webapp.domain.assessment import Assessment
from webapp.domain.claim import Claim, Status
from webapp.domain.claim_amount import again, is_as_kept, months_are_as_kept
from webapp.domain.dates import BANGKOK
from webapp.domain.hospital_change import HospitalChange, StepCode
from webapp.domain.hospital_change import Status as ChangeStatus
from webapp.domain.hospital_change_dates import cut_off_for
from webapp.domain.lawbook import NotKnown
from webapp.ports import Tools

NOT_TO_COME = frozenset({ChangeStatus.WITHDRAWN, ChangeStatus.REFUSED})
"""No day of these was to come any more."""


@dataclass(frozen=True)
class Differs:
    """`then` and `now` in plain text: sums by their code, a day, or why it cannot be worked out."""

    reference: str
    status: str
    then: str
    now: str


def recheck(tools: Tools, since: date) -> Iterator[Differs]:
    """Each case sent or received since that day (Bangkok's) that the law of now would have told otherwise."""
    first = datetime.combine(since, time.min, BANGKOK)
    for claim in tools.store.every_claim_since(first):
        if claim.status is not Status.WITHDRAWN and (found := _claim(tools, claim)):
            yield found
    for case in tools.store.every_hospital_change_since(first):
        if case.status not in NOT_TO_COME and (found := _hospital_change(tools, case)):
            yield found


def _claim(tools: Tools, claim: Claim) -> Differs | None:
    kept = claim.decision.worked_out if claim.decision and claim.decision.worked_out else claim.expected
    then = ", ".join(f"{one.code} {one.baht}" for one in kept.sums) or f"{kept.outcome or 'no outcome'}, no sum"
    try:
        found = again(claim.kind, kept.on, kept.inputs, tools.law_book)
        is_same = found.outcome == kept.outcome and is_as_kept(kept, found) and months_are_as_kept(kept, tools.law_book)
    except NotKnown:
        return Differs(claim.reference, claim.status, then, "a number of the law is not known") if kept.outcome else None
    return None if is_same else Differs(claim.reference, claim.status, then, _told(found))


def _told(found: Assessment) -> str:
    return ", ".join(f"{one.code} {one.baht.rounded}" for one in found.amounts) or f"{found.outcome}, no sum"


def _hospital_change(tools: Tools, case: HospitalChange) -> Differs | None:
    at = case.received_at
    promised, then = cut_off_for(at, rules_now(tools)).effective_on, _promised(tools, case)
    return None if promised == then else Differs(case.reference, case.status, then.isoformat(), promised.isoformat())


def _promised(tools: Tools, case: HospitalChange) -> date:
    """The day that was told at first: one that was approved late starts on a later one, and its history says which it was."""
    told = (step.facts.get("promised_on") for step in tools.store.steps_of(case.reference) if step.code == StepCode.APPROVED_LATE)
    return next((date.fromisoformat(str(day)) for day in told if day), case.effective_on)
