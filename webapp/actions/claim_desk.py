"""What officers do with claims: take one, ask for a paper, decide, pay, judge an appeal. The queue and its figures are the desk's own.

Decided: at each decision the sums are worked out anew, from the claim's answers and the record as it stands now, by the law of the day of
the event; the officer's form carries no sum. After a death the record that counts is that of the one who died. What the other parent was
given is looked up too: a lump sum that they have is not paid again, whatever the form says.
Raises SomeoneElseMovedIt, NeedsAnotherOfficer or OwnClaim (domain/claim.py); None everywhere stands for an unknown reference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from webapp.actions import claims
from webapp.actions.claim_drafts import read_reference
from webapp.actions.claim_sums import Worth, about_others, births, record_that_counts, worth_of
from webapp.domain import claim as rule
from webapp.domain.assessment import Reason
from webapp.domain.benefits.maternity import LUMP_SUM
from webapp.domain.claim import LEAVES_THE_EVENT_FREE, Claim, Deciding, Moved, RefusalReason, Status
from webapp.domain.claim_amount import CHILD_ALLOWANCE, NO_RUN, Run, WorkedOut, run_since
from webapp.domain.dates import in_bangkok
from webapp.domain.lawbook import NotKnown
from webapp.domain.person import NumberKind
from webapp.ports import Tools

Move = Callable[[Claim, datetime], Moved]


# One claim


@dataclass(frozen=True)
class Checked:
    """What a claim comes to now, and what an officer has to look at: `met` None where only a person can tell."""

    worth: Worth
    reasons: tuple[Reason, ...]


def check(tools: Tools, claim: Claim) -> Checked | None:
    """Worked out anew, by the law of the day of the event and the record of today; None where the person is gone."""
    person = tools.store.person(claim.person_id)
    if person is None:
        return None
    record = record_that_counts(tools, claim.kind, person, _deceased(tools, claim))
    worth = worth_of(tools, claim.kind, claim.answers, person, record, claim.sent_at, claim.reference)
    twin = _of_other_parent(tools, claim)
    if twin is not None and _has_lump_sum(twin):
        sums = tuple(one for one in worth.worked_out.sums if one.code != LUMP_SUM)
        worth = replace(worth, worked_out=replace(worth.worked_out, sums=sums))
    return Checked(worth, _reasons(claim, worth, twin, record is not None))


def _reasons(claim: Claim, worth: Worth, twin: Claim | None, has_record: bool) -> tuple[Reason, ...]:
    found = worth.worked_out
    asks_of_other_parent = claim.answers.get("other_parent_insured") == "yes" or twin is not None
    return (
        *(Reason(code, False) for code in found.unmet),
        *(Reason(code, None) for code in found.unsure),
        Reason("in_time", not claim.is_late or None, {"claim_by": claim.claim_by}),
        *about_others(claim.answers, worth),
        Reason("record_found", has_record or None),
        Reason("sums_as_shown", found.sums == claim.expected.sums or None),
        *((Reason("one_parent_claims", not (twin and _has_lump_sum(twin)) if twin else None),) if asks_of_other_parent else ()),
        *((Reason("registered_as_unemployed", claim.answers.get("registered") == "yes" or None),) if claim.kind == "unemployment" else ()),
    )


def _deceased(tools: Tools, claim: Claim) -> str | None:
    typed = claim.answers.get("deceased_number", "")
    return next((found for kind in NumberKind if (found := tools.store.person_id_of(typed, kind))), None) if typed else None


def _of_other_parent(tools: Tools, claim: Claim) -> Claim | None:
    """Their claim for the same birth, whoever of the two named the other; first one that has the lump sum."""
    if claim.kind != "maternity":
        return None
    named = [one for other in claim.involved for one in tools.store.claims_of(other)]
    found = [one for one in (*named, *tools.store.claims_involving(claim.person_id)) if _is_for_the_same_birth(claim, one)]
    return next(iter(sorted(found, key=_has_lump_sum, reverse=True)), None)


def _is_for_the_same_birth(claim: Claim, theirs: Claim) -> bool:
    return theirs.person_id != claim.person_id and rule.same_claim(claim.kind, claim.event_on, frozenset(), [theirs]) is not None


def _has_lump_sum(claim: Claim) -> bool:
    """Approved and not given up since: also while an appeal against the sum is open, and after a death of whom it is due to."""
    if claim.status in LEAVES_THE_EVENT_FREE or claim.decision is None or not claim.decision.approved:
        return False
    decided = claim.decision.worked_out.sums if claim.decision.worked_out else ()
    return LUMP_SUM in {one.code for one in (*decided, *(claim.paid_before.together if claim.paid_before else ()))}


def claim_for(tools: Tools, officer: Deciding, typed: str) -> Claim | None:
    """By its reference. Raises OwnClaim."""
    found: Claim | None = tools.store.claim(read_reference(typed))
    if found is not None and officer.person_id is not None and officer.person_id in (found.person_id, *found.involved):
        raise rule.OwnClaim(found)
    return found


# What officers do


def take(tools: Tools, officer: Deciding, reference: str) -> Claim | None:
    return _move(tools, officer, reference, lambda claim, at: rule.take(claim, at, officer))


def give_back(tools: Tools, officer: Deciding, reference: str) -> Claim | None:
    return _move(tools, officer, reference, lambda claim, at: rule.give_back(claim, at, officer))


def ask_for_paper(tools: Tools, officer: Deciding, reference: str, paper: str, words: str) -> Claim | None:
    """`paper` is a code of law_words.paper_name; the clock stands still until it comes."""
    return _move(tools, officer, reference, lambda claim, at: rule.ask_for_paper(claim, paper, words, at, officer))


def go_on_without_paper(tools: Tools, officer: Deciding, reference: str) -> Claim | None:
    return _move(tools, officer, reference, lambda claim, at: rule.give_paper(claim, at, officer.id))


def approve(tools: Tools, officer: Deciding, reference: str, version: int, words: str = "") -> Claim | None:
    """With the sums of this moment. `version`: the one that the officer saw; another raises SomeoneElseMovedIt."""

    def transition(claim: Claim, at: datetime) -> Moved:
        _as_seen(claim, version)
        return rule.approve(claim, _worked_out(tools, claim), at, officer, words)

    return _move(tools, officer, reference, transition)


def propose_refusal(tools: Tools, officer: Deciding, reference: str, version: int, reason: RefusalReason, words: str = "") -> Claim | None:
    """A second officer confirms it, or sets it aside."""

    def transition(claim: Claim, at: datetime) -> Moved:
        _as_seen(claim, version)
        return rule.propose_refusal(claim, reason, words, at, officer)

    return _move(tools, officer, reference, transition)


def confirm_refusal(tools: Tools, officer: Deciding, reference: str) -> Claim | None:
    return _move(tools, officer, reference, lambda claim, at: rule.confirm_refusal(claim, _worked_out(tools, claim), at, officer))


def set_refusal_aside(tools: Tools, officer: Deciding, reference: str) -> Claim | None:
    return _move(tools, officer, reference, lambda claim, at: rule.set_refusal_aside(claim, at, officer))


def pay_by_hand(tools: Tools, officer: Deciding, reference: str) -> Claim | None:
    """What no batch takes (actions/claim_batches.py). Twice is once."""
    return _move(
        tools, officer, reference, lambda claim, at: (claim, ()) if claim.status is Status.PAID else rule.pay_by_hand(claim, at, officer)
    )


def settle_appeal(tools: Tools, officer: Deciding, reference: str, upheld: bool, words: str) -> Claim | None:
    """By somebody who had no part in the decision."""

    def transition(claim: Claim, at: datetime) -> Moved:
        return rule.settle_appeal(claim, upheld, words, _worked_out(tools, claim), at, officer, _run_of(tools, claim))

    return _move(tools, officer, reference, transition)


def _run_of(tools: Tools, claim: Claim) -> Run:
    """What the office paid for it month after month since its first payment; nothing where none was decided or sent, or a law is not
    known."""
    decided = claim.decision.worked_out if claim.decision and claim.decision.approved else None
    first = claim.paid_at or (claim.sending.at if claim.sending else None)
    if decided is None or first is None:
        return NO_RUN
    born = births(claim.answers) if claim.kind == CHILD_ALLOWANCE else ()
    try:
        return run_since(decided, born, in_bangkok(first).date(), tools.clock.today(), tools.law_book)
    except NotKnown:
        return NO_RUN


def note_death(tools: Tools, officer: Deciding, reference: str, died_on: date) -> Claim | None:
    """The claimant died: it stops, and the account is forgotten."""
    stopped = _move(tools, officer, reference, lambda claim, at: rule.note_death(claim, died_on, at, officer))
    if stopped is not None:
        tools.store.drop_claim_account(stopped.reference)
    return stopped


def _move(tools: Tools, officer: Deciding, reference: str, transition: Move) -> Claim | None:
    """One transition in one transaction."""
    with tools.store.transaction():
        before = claim_for(tools, officer, reference)
        return None if before is None else claims.move(tools, before, transition(before, tools.clock.now()))


def _as_seen(claim: Claim, version: int) -> None:
    if claim.version != version:
        raise rule.SomeoneElseMovedIt(claim)


def _worked_out(tools: Tools, claim: Claim) -> WorkedOut:
    found = check(tools, claim)
    return found.worth.worked_out if found else claim.expected
