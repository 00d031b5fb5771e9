"""A claim as the person asks for it: looking it over, sending, following, adding a paper, changing the account, withdrawing, appealing.

Decided:
- One transaction holds everything: the look for the claim of that reference (a double click gets the same one back), the rule, the sums
  worked out anew by the law of the day of the event, the claim with its first step and its account, and the end of the draft.
- What is sent is the draft, never fields of the last page. Where answers or sums are no longer those shown, nothing is sent and the page is
  shown again (`NotAsShown`): a sum is never swapped in silently.
- The answer of each step, the audit entry and the reminders are written where the step is (`follow`).
- Who else is part of a claim (the other parent, the one who died) is looked up by the number typed, and only their ids go with it: whether
  there is somebody is told to officers, never to the claimant.
- An appeal that is begun is kept as drafts are, by the person's own tap or where it could not be sent as it was: thirty days are long, and
  whoever is turned down writes in more than one go.
- How long it takes is said from decided claims of the last year of that kind, and only where there are enough of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from webapp.actions import audit, claim_drafts, claim_papers
from webapp.actions.claim_drafts import Draft
from webapp.actions.claim_sums import Worth, about_others, births, record_that_counts, worth_of
from webapp.actions.hospital_change import person_owner
from webapp.domain import claim as rule
from webapp.domain.assessment import Outcome, Reason, Refusal
from webapp.domain.audit import Act
from webapp.domain.claim import Claim, Moved, Status, Step, StepCode, usual_days
from webapp.domain.claim_amount import CHILD_ALLOWANCE
from webapp.domain.claim_reminders import about_claim
from webapp.domain.dates import in_bangkok
from webapp.domain.payment import Account, Way
from webapp.domain.person import NumberKind, Person
from webapp.domain.retention import period_of
from webapp.ports import Tools

A_YEAR = timedelta(days=365)
LONGEST_APPEAL = 1000
APPEAL_DRAFT = "appeal:"
NUMBERS = ("other_parent_number", "deceased_number")


# Looking it over


@dataclass(frozen=True)
class Ready:
    """The draft may be sent; `mark` changes with every answer, paper, way of payment and sum."""

    draft: Draft
    worth: Worth
    reasons: tuple[Reason, ...]
    mark: str


@dataclass(frozen=True)
class NotReady:
    """What stands in the way, and what it would be worth as far as that can be said."""

    refusal: Refusal
    worth: Worth | None


@dataclass(frozen=True)
class NotAsShown:
    """Nothing was sent: answers or sums are others than those shown; the person looks and sends again."""

    ready: Ready


def look_over(tools: Tools, person: Person, draft: Draft, sent_at: datetime | None = None) -> Ready | NotReady:
    """What sending this draft would answer: now, or as handed in on paper then."""
    given, at = draft.given, sent_at or tools.clock.now()
    record = _own_record(tools, draft.kind, person)
    worth = None if draft.asks.next_question(given) else worth_of(tools, draft.kind, given, person, record, at, draft.reference)
    reasons = _reasons(tools, person, draft, worth, in_bangkok(at).date())
    if worth is None or any(reason.met is False for reason in reasons):
        return NotReady(Refusal(reasons), worth)
    return Ready(draft, worth, reasons, _mark(draft, worth))


def _own_record(tools: Tools, kind: str, person: Person) -> Person | None:
    return record_that_counts(tools, kind, person)


def _mark(draft: Draft, worth: Worth) -> str:
    payment = draft.payment
    sums = [(one.code, str(one.baht)) for one in worth.worked_out.sums]
    shown = [dict(draft.given), str(payment.way), payment.mark, list(draft.without_papers), sums, str(worth.claim_by)]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()[:16]


def _reasons(tools: Tools, person: Person, draft: Draft, worth: Worth | None, on: date) -> tuple[Reason, ...]:
    """What must be so before it is sent, then what an officer will look at (never False)."""
    question = draft.asks.next_question(draft.given)
    return (
        Reason("answers_given", question is None, {"question": question.name if question else ""}),
        Reason("payment_named", draft.is_payable),
        *(_about_worth(tools, person, draft, worth, on) if worth else ()),
    )


def _about_worth(tools: Tools, person: Person, draft: Draft, worth: Worth, on: date) -> tuple[Reason, ...]:
    twin = rule.same_claim(draft.kind, worth.event_on, rule.told_apart_by(draft.given), tools.store.claims_of(person.id))
    in_time = worth.claim_by is None or on <= worth.claim_by
    supported = worth.worked_out.outcome is not Outcome.NOT_ENTITLED
    return (
        Reason("has_happened", max((worth.event_on, *_births(draft))) <= on, {"on": worth.event_on}),
        Reason("not_claimed_already", twin is None, {"reference": twin.reference if twin else ""}),
        Reason("in_time", in_time or None, {"claim_by": worth.claim_by}),
        Reason("record_supports_it", supported or None, {"unmet": worth.worked_out.unmet}),
        *about_others(draft.given, worth),
        *_about_duties(draft),
    )


def _births(draft: Draft) -> tuple[date, ...]:
    return births(draft.given) if draft.kind == CHILD_ALLOWANCE else ()


def _about_duties(draft: Draft) -> tuple[Reason, ...]:
    if draft.kind != "unemployment":
        return ()
    return (Reason("registered_as_unemployed", draft.given.get("registered") == "yes" or None),)


# Sending


@dataclass(frozen=True)
class OnPaper:
    """A form handed in at the counter: when it counts as sent, and the officer who typed it."""

    handed_in_at: datetime
    entered_by: str


def send(
    tools: Tools, person_id: str, reference: str, seen_mark: str, paper: OnPaper | None = None
) -> Claim | NotAsShown | NotReady | None:
    """Send the draft; sent already, the same claim comes back. None where there is neither."""
    at = paper.handed_in_at if paper else tools.clock.now()
    with tools.store.transaction():
        already = claim_of(tools, person_id, reference)
        if already is not None:
            return already
        person: Person | None = tools.store.person(person_id)
        draft = claim_drafts.draft_of(tools, person_id, reference)
        if person is None or draft is None:
            return None
        found = look_over(tools, person, draft, at)
        if isinstance(found, NotReady):
            return found
        if found.mark != seen_mark:
            return NotAsShown(found)
        claim = replace(_new_claim(tools, person, found, at), entered_by=paper.entered_by if paper else "")
        claim, steps = rule.sent(claim)
        tools.store.add_claim(claim, steps)
        _keep_account(tools, claim, draft.account)
        claim_papers.hand_over(tools, person_id, draft.reference)
        claim_drafts.forget(tools, person_id, draft.reference)
        follow(tools, claim, steps)
    return claim


def _new_claim(tools: Tools, person: Person, ready: Ready, at: datetime) -> Claim:
    draft = ready.draft
    return Claim(
        reference=draft.reference,
        person_id=person.id,
        kind=draft.kind,
        status=Status.SENT,
        event_on=ready.worth.event_on,
        claim_by=ready.worth.claim_by,
        sent_at=at,
        answers=draft.given,
        payment=draft.payment,
        expected=ready.worth.worked_out,
        province=person.home_province or person.work_province or "",
        without_papers=draft.without_papers,
        involved=_involved(tools, draft.given),
    )


def _involved(tools: Tools, given: Mapping[str, str]) -> tuple[str, ...]:
    """Ids of the people whose numbers were typed, where the store knows them."""
    found = [
        tools.store.person_id_of(given[name], kind) for name in NUMBERS if name in given for kind in NumberKind
    ]  # fmt: skip
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _keep_account(tools: Tools, claim: Claim, digits: str) -> None:
    if claim.payment.way is Way.BANK:
        tools.store.keep_claim_account(claim.reference, claim.person_id, digits)
    else:
        tools.store.drop_claim_account(claim.reference)


# Following


def claim_of(tools: Tools, person_id: str, typed: str) -> Claim | None:
    """This person's claim under that reference; another's and none at all answer alike."""
    found: Claim | None = tools.store.claim(claim_drafts.read_reference(typed))
    return found if found is not None and found.person_id == person_id else None


def claims_of(tools: Tools, person_id: str) -> list[Claim]:
    """All of a person's, newest first."""
    found: list[Claim] = tools.store.claims_of(person_id)
    return found


def usual_days_of(tools: Tools, kind: str) -> int | None:
    """How many days a claim of this kind waited, as decided in the last year; None where there are too few to say."""
    waited: list[timedelta] = tools.store.days_to_decide(kind, tools.clock.now() - A_YEAR)
    return usual_days(waited)


def follow(tools: Tools, claim: Claim, steps: Sequence[Step]) -> None:
    """Inside the transaction that writes these steps: note them in the audit, plan the news, cancel what no longer stands. A dead person's
    phone is told nothing."""
    for step in steps:
        act = Act.CLAIM_PAYMENT if rule.is_of_a_batch(step) else Act.CLAIM_STEP
        audit.note_steps(tools, act, claim.person_id, claim.reference, [step])
    standing = about_claim(claim, steps, tools.clock.now())
    for reminder in standing:
        tools.store.plan_for_people(reminder, [claim.person_id])
    tools.store.cancel_reminders(claim.reference, keep=[f"{one.key}:{claim.person_id}" for one in standing])


def move(tools: Tools, before: Claim, moved: Moved) -> Claim:
    """Write a transition inside the open transaction; one without steps changed nothing. Raises SomeoneElseMovedIt."""
    after, steps = moved
    if not steps:
        return before
    written: Claim = tools.store.update_claim(before, after, steps)
    follow(tools, written, steps)
    return written


# What the person does to a claim that is sent


def withdraw(tools: Tools, person_id: str, reference: str) -> Claim | None:
    """Take an undecided claim back; None for another's. Twice is once. Raises SomeoneElseMovedIt after a decision."""
    with tools.store.transaction():
        before = claim_of(tools, person_id, reference)
        if before is None or before.status is Status.WITHDRAWN:
            return before
        return move(tools, before, rule.withdraw(before, tools.clock.now(), person_id))


def paper_given(tools: Tools, person_id: str, reference: str) -> Claim | None:
    """The paper that was wanted is there, says the person: the clock runs again. None for another's; where no paper is wanted, nothing
    happens."""
    with tools.store.transaction():
        before = claim_of(tools, person_id, reference)
        if before is None or before.status is not Status.NEEDS_PAPER:
            return before
        return move(tools, before, rule.give_paper(before, tools.clock.now(), person_id))


def change_payment(tools: Tools, person_id: str, reference: str, way: Way, account: Account | None = None) -> Claim | None:
    """Another way of being paid, or another account (`account` for a bank; its view asks for fresh ThaiD). None for another's. Raises
    SomeoneElseMovedIt once it is paid."""
    with tools.store.transaction():
        before = claim_of(tools, person_id, reference)
        if before is None:
            return None
        draft = Draft(before.reference, before.kind, way=way)
        if account is not None:
            draft = replace(draft, bank=account.bank, account=account.digits)
        after = move(tools, before, rule.change_payment(before, draft.payment, tools.clock.now(), person_id))
        _keep_account(tools, after, draft.account)
    return after


def appeal(tools: Tools, person_id: str, reference: str, words: str) -> Claim | Refusal | None:
    """None for another's; twice is once. Raises SomeoneElseMovedIt where nothing was decided."""
    with tools.store.transaction():
        before = claim_of(tools, person_id, reference)
        if before is None or before.status is Status.APPEALED:
            return before
        answer = rule.appeal(before, words[:LONGEST_APPEAL], tools.clock.now(), person_id, tools.law_book)
        if isinstance(answer, Refusal):
            return answer
        tools.store.drop_draft(person_owner(person_id), APPEAL_DRAFT + before.reference)
        return move(tools, before, answer)


def keep_appeal(tools: Tools, person_id: str, reference: str, words: str) -> None:
    """What is written of it so far, for as long as drafts are kept; empty words forget it."""
    kind = APPEAL_DRAFT + reference
    if words:
        tools.store.keep_draft(person_owner(person_id), kind, {"words": words}, tools.clock.machine_time())
    else:
        tools.store.drop_draft(person_owner(person_id), kind)


def appeal_begun(tools: Tools, person_id: str, reference: str) -> str:
    """The words kept so far; empty where there are none."""
    kept = tools.store.draft(person_owner(person_id), APPEAL_DRAFT + reference)
    return str(kept["words"]) if kept else ""


def forget_accounts(tools: Tools) -> int:
    """The account numbers of claims long over; returns how many. For the worker."""
    gone: int = tools.store.forget_claim_accounts(tools.clock.now() - period_of("claim_accounts"))
    return gone


# The timeline


class State(StrEnum):
    DONE = "done"
    NOW = "now"
    FUTURE = "future"


@dataclass(frozen=True)
class Item:
    """One line: `code` is a step's, or "decision", "payment", "with_the_office". `by_office`: who took the step, or who acts next."""

    code: str
    state: State
    at: datetime | None = None
    by_office: bool = False
    facts: Mapping[str, str | int] | None = None


DECISION, PAYMENT, WITH_THE_OFFICE = "decision", "payment", "with_the_office"
SHOWN_AS = {StepCode.REFUSAL_PROPOSED: None, StepCode.REFUSAL_SET_ASIDE: None}
"""What a person is not told before it is decided: a proposal is no decision."""


def timeline(claim: Claim, steps: Sequence[Step], for_officer: bool = False) -> tuple[Item, ...]:
    """What happened, what it waits for now and what comes after: one log for the person and for the officer, who sees proposals too."""
    told = [step for step in steps if for_officer or step.code not in SHOWN_AS]
    past = tuple(Item(step.code, State.DONE, step.at, step.by != claim.person_id, step.facts) for step in told)
    return past + _still_to_come(claim)


def _still_to_come(claim: Claim) -> tuple[Item, ...]:
    decision, payment = Item(DECISION, State.FUTURE, by_office=True), Item(PAYMENT, State.FUTURE, by_office=True)
    match claim.status:
        case Status.SENT:
            return Item(StepCode.TAKEN, State.NOW, by_office=True), decision, payment
        case Status.TAKEN | Status.REFUSAL_PROPOSED:
            return replace(decision, state=State.NOW), payment
        case Status.NEEDS_PAPER:
            return Item(StepCode.PAPER_GIVEN, State.NOW), decision, payment
        case Status.APPEALED:
            return (replace(decision, state=State.NOW),)
        case Status.APPROVED if claim.returned is not None:
            return Item(StepCode.PAYMENT_CHANGED, State.NOW), payment
        case Status.APPROVED:
            return (replace(payment, state=State.NOW),)
        case Status.STOPPED | Status.WITH_THE_OFFICE:
            return (Item(WITH_THE_OFFICE, State.NOW, by_office=True),)
        case Status.REFUSED | Status.PAID | Status.WITHDRAWN:
            return ()
