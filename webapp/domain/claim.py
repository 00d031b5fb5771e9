"""A claim: what somebody asks of a benefit, as a case from the day it is sent to the day it is paid, and what may become of it on the way.

Decided:
- The day of the event fixes the law. What the claim is worth is worked out on the server from the answers, the record and that law
  (domain/claim_amount.py), at sending and again at the decision; a sum never comes with a form.
- A late claim is sent all the same: the law's period is counted and said, and an officer decides (s.56; facts/law.md). What keeps a claim
  from being sent is only what the person can mend: an answer, a way to be paid, a day that has not come, the same claim sent already.
- A claim that the record does not support may be sent: the record can be wrong, and a refusal can be appealed against, silence cannot.
- Each transition gives the new case with its steps. The store keeps every version beside them; an update names the version it starts from,
  so that two officers, or an officer and the person, never overwrite each other.
- "One more paper" stops the clock: days waited are counted without that time. A refusal needs a second officer; an approval does not.
- Nobody decides a claim that they are part of: their own, that of the child's other parent, that after the death of somebody they are.
- When the claimant dies, the claim stops: nothing is paid to an account whose owner is dead, no reminder goes to their phone, and the heirs
  ask at the office. What the claim was worth stays as it was: the event came first. To whom it is paid then is to be confirmed (1506).
- Paying takes two people: whoever approved a claim neither sends its money to the bank nor marks it as paid at the counter. One person
  who could do both would need nobody to pay an invented claim. No exception for an office of one: there nobody could be refused either.
- Money on its way to a bank (`sending`) is no status of its own: an appeal and a death may come meanwhile, and neither calls it back. What
  the bank says of it afterwards counts whatever the claim has become. Until then the way of being paid cannot be changed.
- Two payments at most are out for a claim: the last one (`paid_at`, `paid_in`), and one before it where an upheld appeal left a rest
  (`paid_before`). Each knows its batch, so money that comes back late takes off just what that batch had carried, and that is due again.
- Of a claimant who died a bank's "paid" settles nothing by itself: somebody says of that line whether it was sent (`Outcome.NOT_SENT`).
Put aside: a state machine library (eleven states), and drafts in the same table: they are forgotten by other rules (actions/claims.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Protocol

from webapp.domain.assessment import Reason, Refusal
from webapp.domain.claim_amount import NO_RUN, Run, Sum, WorkedOut, added, due_now, less, over_months
from webapp.domain.dates import in_bangkok
from webapp.domain.lawbook import LawBook
from webapp.domain.payment import Payment, Way

FEWEST_DECIDED = 10
"""Under so many decided claims of a kind nothing is said of how long it takes: the app's own number."""


class Status(StrEnum):
    """The app's own list (no official one is published)."""

    SENT = "sent"
    TAKEN = "taken"
    NEEDS_PAPER = "needs_paper"
    REFUSAL_PROPOSED = "refusal_proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    PAID = "paid"
    WITHDRAWN = "withdrawn"
    APPEALED = "appealed"
    STOPPED = "stopped"
    WITH_THE_OFFICE = "with_the_office"


class StepCode(StrEnum):
    SENT = "sent"
    TAKEN = "taken"
    GIVEN_BACK = "given_back"
    PAPER_WANTED = "paper_wanted"
    PAPER_GIVEN = "paper_given"
    PAYMENT_CHANGED = "payment_changed"
    REFUSAL_PROPOSED = "refusal_proposed"
    REFUSAL_SET_ASIDE = "refusal_set_aside"
    APPROVED = "approved"
    REFUSED = "refused"
    PAID = "paid"
    WITHDRAWN = "withdrawn"
    APPEALED = "appealed"
    APPEAL_UPHELD = "appeal_upheld"
    APPEAL_DISMISSED = "appeal_dismissed"
    SENT_TO_BANK = "sent_to_bank"
    RETURNED = "returned"
    NOT_SENT = "not_sent"
    CLAIMANT_DIED = "claimant_died"


class RefusalReason(StrEnum):
    """Why an officer says no: a closed list, worded in both languages, each with the rule it rests on (`law_of_refusal`)."""

    NOT_ENOUGH_MONTHS = "not_enough_months"
    NOT_INSURED_THEN = "not_insured_then"
    CONDITION_NOT_MET = "condition_not_met"
    TOO_LATE = "too_late"
    PAID_BEFORE = "paid_before"
    OTHER_PARENT_CLAIMED = "other_parent_claimed"
    TOO_MANY_CHILDREN = "too_many_children"
    CHILD_TOO_OLD = "child_too_old"
    PAPER_MISSING = "paper_missing"
    PAPER_DOES_NOT_SHOW_IT = "paper_does_not_show_it"
    NOT_THE_ONE_WHO_MAY = "not_the_one_who_may"
    CAUSED_BY_WORK = "caused_by_work"


class WhyReturned(StrEnum):
    """Why a bank sends money back: the app's own list, worded for the person."""

    NO_PROMPTPAY = "no_promptpay"
    NO_SUCH_ACCOUNT = "no_such_account"
    ACCOUNT_CLOSED = "account_closed"
    NAME_DIFFERS = "name_differs"
    OTHER = "other"


IN_HAND = frozenset({Status.SENT, Status.TAKEN, Status.NEEDS_PAPER})
"""An officer can take it, ask for a paper, approve it or propose a refusal."""
UNDECIDED = IN_HAND | {Status.REFUSAL_PROPOSED}
"""Can be withdrawn."""
OPEN = UNDECIDED | {Status.APPROVED, Status.APPEALED, Status.STOPPED, Status.WITH_THE_OFFICE}
"""Something is still to come."""
CAN_BE_APPEALED = frozenset({Status.REFUSED, Status.APPROVED, Status.PAID})
"""An approval too: the sum may be wrong."""
OVER = frozenset({Status.REFUSED, Status.PAID, Status.WITHDRAWN})
LEAVES_THE_EVENT_FREE = frozenset({Status.REFUSED, Status.WITHDRAWN})
"""The same event can be claimed for again."""


class Deciding(Protocol):
    """Whoever sits at the desk; `person_id` where they are insured themselves (ports.Officer is one)."""

    @property
    def id(self) -> str: ...
    @property
    def person_id(self) -> str | None: ...


class ClaimStandsOtherwise(Exception):
    """Base of the three below; `claim` is as it stands."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(f"{claim.reference} is {claim.status}")
        self.claim = claim


class SomeoneElseMovedIt(ClaimStandsOtherwise):
    """The claim is no longer what the person or the officer saw."""


class NeedsAnotherOfficer(ClaimStandsOtherwise):
    """Whoever proposed a refusal does not confirm it, whoever decided does not judge the appeal, whoever approved does not pay, and whoever
    typed a paper form decides nothing of it."""


class OwnClaim(ClaimStandsOtherwise):
    """The officer is part of this claim."""


@dataclass(frozen=True)
class WantedPaper:
    """The one more paper an officer asks for; `words` are the officer's own."""

    paper: str
    words: str
    asked_at: datetime
    asked_by: str


@dataclass(frozen=True)
class Decision:
    """`worked_out` as it was at the decision; `second` is the officer who confirmed a refusal."""

    approved: bool
    at: datetime
    by: str
    reason: RefusalReason | None = None
    words: str = ""
    second: str = ""
    worked_out: WorkedOut | None = None


@dataclass(frozen=True)
class Proposal:
    """A refusal that waits for a second officer."""

    reason: RefusalReason
    words: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Appeal:
    """In the person's own words; `upheld` None while nobody has judged it."""

    words: str
    at: datetime
    upheld: bool | None = None
    by: str = ""


@dataclass(frozen=True)
class Paid:
    """What went out before an appeal against the sum was upheld: `sums` in the payment of `batch` ("" where it went by hand), `by_run` in
    the office's own run since. `months`: of a monthly sum, so many have been due by then."""

    at: datetime
    sums: tuple[Sum, ...]
    batch: str = ""
    by_run: tuple[Sum, ...] = ()
    months: int = 1

    @property
    def together(self) -> tuple[Sum, ...]:
        return added(self.sums, self.by_run)


@dataclass(frozen=True)
class Sending:
    """On its way to the bank, with the sums that were due then; `batch` the reference of the list it stands on."""

    batch: str
    at: datetime
    sums: tuple[Sum, ...]


@dataclass(frozen=True)
class Returned:
    """The bank sent the money of that batch back, `sums`: the person names another way of being paid, or the same once more."""

    why: WhyReturned
    at: datetime
    batch: str = ""
    sums: tuple[Sum, ...] = ()


@dataclass(frozen=True)
class Claim:
    """One claim. `kind` is a benefit's name; `answers` as canonical text by question; `papers` the codes of those that the person said they
    cannot give; `paused` the days on which a paper was waited for, up to now; `involved` people besides the claimant; `entered_by` the
    officer who typed a paper form, empty where the person sent it; `paid_at` when the last of the money went out,
    `paid_before` what had gone out when an appeal was upheld; `paid_in` the batch in which the last of it went, where it was one."""

    reference: str
    person_id: str
    kind: str
    status: Status
    event_on: date
    claim_by: date | None
    sent_at: datetime
    answers: Mapping[str, str]
    payment: Payment
    expected: WorkedOut
    version: int = 1
    province: str = ""
    without_papers: tuple[str, ...] = ()
    involved: tuple[str, ...] = ()
    taken_by: str = ""
    wanted: WantedPaper | None = None
    paused: timedelta = timedelta()
    proposal: Proposal | None = None
    decision: Decision | None = None
    appeal: Appeal | None = None
    paid_at: datetime | None = None
    paid_before: Paid | None = None
    withdrawn_at: datetime | None = None
    died_on: date | None = None
    entered_by: str = ""
    sending: Sending | None = None
    returned: Returned | None = None
    paid_in: str = ""

    @property
    def is_undecided(self) -> bool:
        return self.status in UNDECIDED

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_late(self) -> bool:
        """Sent after the last day to claim: explained, and decided by an officer."""
        return self.claim_by is not None and in_bangkok(self.sent_at).date() > self.claim_by

    @property
    def ended_at(self) -> datetime | None:
        """When nothing was left to come; None while something is."""
        if self.status not in OVER:
            return None
        return self.paid_at or self.withdrawn_at or (self.decision.at if self.decision else None)

    @property
    def to_pay(self) -> tuple[Sum, ...]:
        """What was decided, less what went out before an appeal was upheld; nothing is ever taken back here."""
        worked_out = self.decision.worked_out if self.decision and self.decision.approved else None
        before = self.paid_before
        if worked_out is None or before is None:
            return worked_out.sums if worked_out else ()
        return less(over_months(worked_out.sums, before.months), before.together)

    def waited(self, at: datetime) -> timedelta:
        """From sending to the decision, or to `at`, without the time in which a paper was waited for."""
        until = self.decision.at if self.decision else self.withdrawn_at or at
        running = until - self.wanted.asked_at if self.wanted and until > self.wanted.asked_at else timedelta()
        return max(until - self.sent_at - self.paused - running, timedelta())


@dataclass(frozen=True)
class Step:
    """One entry of the history. `by` is the person's or officer's id, or "worker"; `facts` hold text and whole numbers only (JSON)."""

    code: StepCode
    at: datetime
    by: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Version:
    """The claim as it stood after change number `claim.version`."""

    claim: Claim
    at: datetime
    by: str


Moved = tuple[Claim, tuple[Step, ...]]


def known_status(text: str) -> Status:
    """A status from outside; an unknown one becomes "with the office", which the caller also reports to operators."""
    return Status(text) if text in set(Status) else Status.WITH_THE_OFFICE


# The claimant


def sent(claim: Claim) -> Moved:
    """Its first entry, written with the claim."""
    facts: dict[str, str | int] = {"late": 1} if claim.is_late else {}
    if claim.entered_by:
        facts["paper"] = 1
    return claim, (Step(StepCode.SENT, claim.sent_at, claim.entered_by or claim.person_id, facts),)


def same_claim(kind: str, event_on: date, told_apart: frozenset[str], earlier: Sequence[Claim]) -> Claim | None:
    """One that asks for the same already: the same benefit of the same day and, where something tells claims of one day apart
    (`told_apart_by`), for the same thing; for children of the same birth whatever the day."""
    for one in earlier:
        if one.kind != kind or one.status in LEAVES_THE_EVENT_FREE:
            continue
        shared = told_apart & told_apart_by(one.answers)
        if shared if births_of(one.answers) else one.event_on == event_on and (bool(shared) or not told_apart):
            return one
    return None


def told_apart_by(answers: Mapping[str, str]) -> frozenset[str]:
    """Two people may die on one day, and a dentist may do two things: the births, the number of who died, the treatment."""
    return frozenset((*births_of(answers), *(answers[name] for name in ("deceased_number", "treatment") if name in answers)))


def births_of(answers: Mapping[str, str]) -> tuple[str, ...]:
    """The days on which the children of a claim were born; of twins the same day twice."""
    return tuple(answer for name, answer in answers.items() if name.endswith("_born"))


def give_paper(claim: Claim, at: datetime, by: str) -> Moved:
    """The paper that was wanted is there, or the officer goes on without it: the clock runs again."""
    if claim.status is not Status.NEEDS_PAPER or claim.wanted is None:
        raise SomeoneElseMovedIt(claim)
    paper = claim.wanted.paper
    status = Status.TAKEN if claim.taken_by else Status.SENT
    return replace(_clock_on(claim, at), status=status), (Step(StepCode.PAPER_GIVEN, at, by, {"paper": paper}),)


def may_change_payment(claim: Claim) -> bool:
    """Until it is paid, and not while the money is on its way."""
    return claim.status in UNDECIDED | {Status.APPROVED, Status.APPEALED} and claim.sending is None


def change_payment(claim: Claim, payment: Payment, at: datetime, by: str) -> Moved:
    """The same way again changes nothing, unless the bank had sent the money back: then it is tried once more."""
    if not may_change_payment(claim):
        raise SomeoneElseMovedIt(claim)
    if payment == claim.payment and claim.returned is None:
        return claim, ()
    return replace(claim, payment=payment, returned=None), (Step(StepCode.PAYMENT_CHANGED, at, by, {"way": str(payment.way)}),)


def withdraw(claim: Claim, at: datetime, by: str) -> Moved:
    """Only before a decision."""
    if not claim.is_undecided:
        raise SomeoneElseMovedIt(claim)
    return replace(_clock_on(claim, at), status=Status.WITHDRAWN, withdrawn_at=at, proposal=None), (Step(StepCode.WITHDRAWN, at, by),)


def appeal_by(claim: Claim, law_book: LawBook) -> date | None:
    """The last day to appeal; None where nothing was decided. Raises NotKnown where the law of that day does not say."""
    if claim.decision is None:
        return None
    decided = in_bangkok(claim.decision.at).date()
    return decided + timedelta(days=law_book.on(decided).read("claims.appeal_days", int))


def appeal(claim: Claim, words: str, at: datetime, by: str, law_book: LawBook) -> Moved | Refusal:
    """Against a refusal or a sum, within the days of the law; a claim is appealed against once here, after that the office says how."""
    if claim.status not in CAN_BE_APPEALED:
        raise SomeoneElseMovedIt(claim)
    last = appeal_by(claim, law_book)
    reasons = (
        Reason("in_time_to_appeal", last is None or in_bangkok(at).date() <= last, {"last": last}),
        Reason("not_appealed_yet", claim.appeal is None),
        Reason("says_why", bool(words)),
    )
    if any(reason.met is False for reason in reasons):
        return Refusal(reasons)
    return replace(claim, status=Status.APPEALED, appeal=Appeal(words, at)), (Step(StepCode.APPEALED, at, by),)


# The desk


def take(claim: Claim, at: datetime, by: Deciding) -> Moved:
    """An officer's name goes beside it; taking one's own again changes nothing, taking a colleague's passes it on."""
    _must_be(claim, IN_HAND, by)
    if claim.taken_by == by.id:
        return claim, ()
    status = Status.TAKEN if claim.status is Status.SENT else claim.status
    return replace(claim, status=status, taken_by=by.id), (Step(StepCode.TAKEN, at, by.id),)


def give_back(claim: Claim, at: datetime, by: Deciding) -> Moved:
    """Into the queue again, in its old place."""
    _must_be(claim, IN_HAND, by)
    if not claim.taken_by:
        return claim, ()
    status = Status.SENT if claim.status is Status.TAKEN else claim.status
    return replace(claim, status=status, taken_by=""), (Step(StepCode.GIVEN_BACK, at, by.id),)


def ask_for_paper(claim: Claim, paper: str, words: str, at: datetime, by: Deciding) -> Moved:
    """One more paper; until it comes the clock stands still."""
    _must_be(claim, frozenset({Status.SENT, Status.TAKEN}), by)
    asked = replace(claim, status=Status.NEEDS_PAPER, taken_by=claim.taken_by or by.id, wanted=WantedPaper(paper, words, at, by.id))
    return asked, (Step(StepCode.PAPER_WANTED, at, by.id, {"paper": paper}),)


def approve(claim: Claim, worked_out: WorkedOut, at: datetime, by: Deciding, words: str = "") -> Moved:
    """With the sums worked out now, by the law of the event's day. A proposed refusal is set aside by a second officer first."""
    _must_be(claim, IN_HAND, by)
    decision = Decision(True, at, by.id, words=words, worked_out=worked_out)
    approved = replace(_clock_on(claim, at), status=Status.APPROVED, taken_by=claim.taken_by or by.id, decision=decision)
    return approved, (Step(StepCode.APPROVED, at, by.id),)


def propose_refusal(claim: Claim, reason: RefusalReason, words: str, at: datetime, by: Deciding) -> Moved:
    """Nothing is told to the person yet but that it is being decided."""
    _must_be(claim, IN_HAND, by)
    proposed = replace(_clock_on(claim, at), status=Status.REFUSAL_PROPOSED, taken_by=by.id, proposal=Proposal(reason, words, at, by.id))
    return proposed, (Step(StepCode.REFUSAL_PROPOSED, at, by.id, {"reason": str(reason)}),)


def confirm_refusal(claim: Claim, worked_out: WorkedOut, at: datetime, by: Deciding) -> Moved:
    """A second officer agrees: refused."""
    proposal = _must_wait_for_another(claim, by)
    decision = Decision(False, at, proposal.by, proposal.reason, proposal.words, by.id, worked_out)
    refused = replace(claim, status=Status.REFUSED, proposal=None, decision=decision)
    return refused, (Step(StepCode.REFUSED, at, by.id, {"reason": str(proposal.reason)}),)


def set_refusal_aside(claim: Claim, at: datetime, by: Deciding) -> Moved:
    """A second officer disagrees, and the claim is theirs now."""
    _must_wait_for_another(claim, by)
    return replace(claim, status=Status.TAKEN, proposal=None, taken_by=by.id), (Step(StepCode.REFUSAL_SET_ASIDE, at, by.id),)


def settle_appeal(claim: Claim, upheld: bool, words: str, worked_out: WorkedOut, at: datetime, by: Deciding, run: Run = NO_RUN) -> Moved:
    """By somebody who had no part in the decision. Upheld: approved with these sums, of which only what is more than went out already is
    still to be paid (`run`: what the office paid month by month since); dismissed: as it was decided before."""
    _must_be(claim, frozenset({Status.APPEALED}), by)
    before = claim.decision
    if before is None or claim.appeal is None or by.id in (before.by, before.second):
        raise NeedsAnotherOfficer(claim)
    judged = replace(claim.appeal, upheld=upheld, by=by.id)
    if not upheld:
        status = Status.REFUSED if not before.approved else Status.PAID if claim.paid_at else Status.APPROVED
        decision = replace(before, words=words or before.words)
        return replace(claim, status=status, appeal=judged, decision=decision), (Step(StepCode.APPEAL_DISMISSED, at, by.id),)
    decision = Decision(True, at, by.id, words=words, worked_out=worked_out)
    moved = replace(claim, status=Status.APPROVED, appeal=judged, decision=decision)
    return _less_what_went_out(claim, moved, run), (Step(StepCode.APPEAL_UPHELD, at, by.id),)


def _less_what_went_out(before: Claim, upheld: Claim, run: Run) -> Claim:
    """Where nothing is left of it, the last payment stays the last one."""
    by_run = Paid(upheld.appeal.at, (), by_run=run.sums, months=run.months) if upheld.appeal and run.sums else None
    if before.paid_at is None:
        return replace(upheld, paid_before=by_run)
    went = Paid(before.paid_at, over_months(before.to_pay, run.months, 1), before.paid_in, run.sums, run.months)
    rest = replace(upheld, paid_at=None, paid_in="", paid_before=went)
    return rest if rest.to_pay else replace(upheld, status=Status.PAID, paid_before=by_run)


def note_death(claim: Claim, died_on: date, at: datetime, by: Deciding) -> Moved:
    """The claimant died: the claim stops where it stands. Raises SomeoneElseMovedIt for one that is over, ValueError for a day to come."""
    if died_on > in_bangkok(at).date():
        raise ValueError(f"{died_on} has not come")
    _must_be(claim, OPEN - {Status.STOPPED}, by)
    stopped = replace(_clock_on(claim, at), status=Status.STOPPED, died_on=died_on)
    return stopped, (Step(StepCode.CLAIMANT_DIED, at, by.id, {"died_on": died_on.isoformat()}),)


def _clock_on(claim: Claim, at: datetime) -> Claim:
    """No paper is waited for any more; the time in which one was does not count."""
    if claim.wanted is None:
        return claim
    return replace(claim, wanted=None, paused=claim.paused + max(at - claim.wanted.asked_at, timedelta()))


def is_part_of(claim: Claim, by: Deciding) -> bool:
    """As the claimant, the other parent or the one who died."""
    return by.person_id is not None and by.person_id in (claim.person_id, *claim.involved)


def _must_not_be_theirs(claim: Claim, by: Deciding) -> None:
    if is_part_of(claim, by):
        raise OwnClaim(claim)


def _must_be(claim: Claim, statuses: frozenset[Status], by: Deciding) -> None:
    _must_not_be_theirs(claim, by)
    if by.id == claim.entered_by:
        raise NeedsAnotherOfficer(claim)
    if claim.status not in statuses:
        raise SomeoneElseMovedIt(claim)


def _must_wait_for_another(claim: Claim, by: Deciding) -> Proposal:
    _must_be(claim, frozenset({Status.REFUSAL_PROPOSED}), by)
    if claim.proposal is None or claim.proposal.by == by.id:
        raise NeedsAnotherOfficer(claim)
    return claim.proposal


def law_of_refusal(reason: RefusalReason, kind: str) -> str | None:
    """The key of the law that a refusal rests on; None where none of our sources names one (ask 1506)."""
    of_kind = {
        RefusalReason.NOT_ENOUGH_MONTHS: "old_age.pension_months" if kind == "old_age" else f"{kind}.months_paid",
        RefusalReason.TOO_LATE: "claims.years",
        RefusalReason.OTHER_PARENT_CLAIMED: "maternity.parents_who_claim" if kind == "maternity" else None,
        RefusalReason.TOO_MANY_CHILDREN: "child_allowance.children_at_once" if kind == "child_allowance" else None,
        RefusalReason.CHILD_TOO_OLD: "child_allowance.until_birthday" if kind == "child_allowance" else None,
        RefusalReason.PAPER_MISSING: f"{kind}.papers",
        RefusalReason.PAPER_DOES_NOT_SHOW_IT: f"{kind}.papers",
    }
    return of_kind.get(reason)


# Being paid


BY_BANK = frozenset({Way.PROMPTPAY, Way.BANK})


def is_of_a_batch(step: Step) -> bool:
    """Taken with many others on a list: whoever took it has not read the claim."""
    return "batch" in step.facts


class Waits(StrEnum):
    """What an approved claim waits for that is not on its way: a list of its way of being paid, another account of its person, the counter,
    or an officer, since there is no sum that a list could carry."""

    PROMPTPAY = "promptpay"
    BANK = "bank"
    RETURNED = "returned"
    COUNTER = "counter"
    BY_HAND = "by_hand"


def waits_for(claim: Claim) -> Waits | None:
    """None where there is nothing to pay, or it is on its way."""
    if claim.status is not Status.APPROVED or claim.sending is not None:
        return None
    if claim.returned is not None:
        return Waits.RETURNED
    if claim.payment.way not in BY_BANK:
        return Waits.COUNTER
    return Waits(claim.payment.way) if due_now(claim.to_pay) > 0 else Waits.BY_HAND


def may_go_to_the_bank(claim: Claim) -> bool:
    """Approved, with a sum to send and a way that a bank takes, and neither on its way nor sent back."""
    return waits_for(claim) in (Waits.PROMPTPAY, Waits.BANK)


def may_pay(claim: Claim, by: Deciding) -> bool:
    """Not one that this officer is part of, nor one that they approved."""
    return not is_part_of(claim, by) and (claim.decision is None or claim.decision.by != by.id)


def send_to_bank(claim: Claim, batch: str, at: datetime, by: Deciding) -> Moved:
    """On the list that goes to the bank. Never for a claim whose claimant died: that one is STOPPED."""
    _must_be_paid_by_another(claim, by)
    if not may_go_to_the_bank(claim):
        raise SomeoneElseMovedIt(claim)
    facts = {"batch": batch, "baht": str(due_now(claim.to_pay))}
    return replace(claim, sending=Sending(batch, at, claim.to_pay)), (Step(StepCode.SENT_TO_BANK, at, by.id, facts),)


def paid_by_bank(claim: Claim, batch: str, paid_at: datetime, at: datetime, by: Deciding) -> Moved:
    """The bank paid it out. An appeal upheld meanwhile leaves the rest to be paid; an open appeal and a death stay what they are."""
    _must_not_be_theirs(claim, by)
    went = claim.sending
    if went is None or went.batch != batch:
        raise SomeoneElseMovedIt(claim)
    out, step = replace(claim, sending=None), Step(StepCode.PAID, at, by.id, {"batch": batch})
    by_run, months = (claim.paid_before.by_run, claim.paid_before.months) if claim.paid_before else ((), 1)
    carried = over_months(went.sums, months, 1)
    if claim.status is Status.APPROVED and less(claim.to_pay, carried):
        return replace(out, paid_before=Paid(paid_at, carried, batch, by_run, months)), (step,)
    status = Status.PAID if claim.status is Status.APPROVED else claim.status
    return replace(out, status=status, paid_at=paid_at, paid_in=batch, returned=None), (step,)


def not_sent(claim: Claim, batch: str, at: datetime, by: Deciding) -> Moved:
    """The claimant died and the bank was not told to pay, or told not to: nothing is on its way any more."""
    _must_not_be_theirs(claim, by)
    if claim.status is not Status.STOPPED or claim.sending is None or claim.sending.batch != batch:
        raise SomeoneElseMovedIt(claim)
    return replace(claim, sending=None), (Step(StepCode.NOT_SENT, at, by.id, {"batch": batch}),)


def returned(claim: Claim, batch: str, why: WhyReturned, at: datetime, by: Deciding) -> Moved:
    """The bank sent it back, before or after it was marked as paid: what that batch had carried is due again, whatever came between.
    Raises SomeoneElseMovedIt where it carried nothing of this claim."""
    _must_not_be_theirs(claim, by)
    if not may_come_back(claim, batch):
        raise SomeoneElseMovedIt(claim)
    back, sums = _without_batch(claim, batch)
    status = Status.APPROVED if claim.status is Status.PAID else claim.status
    step = Step(StepCode.RETURNED, at, by.id, {"why": str(why), "batch": batch})
    return replace(back, status=status, returned=Returned(why, at, batch, sums)), (step,)


def may_come_back(claim: Claim, batch: str) -> bool:
    """Whether money of it is out, or on its way, by this batch."""
    sent = claim.sending.batch if claim.sending else ""
    return batch in (sent, claim.paid_in, claim.paid_before.batch if claim.paid_before else "")


def _without_batch(claim: Claim, batch: str) -> tuple[Claim, tuple[Sum, ...]]:
    """The claim as if that batch had carried nothing of it, and what it had carried."""
    if claim.sending is not None and claim.sending.batch == batch:
        return replace(claim, sending=None), claim.sending.sums
    if claim.paid_in == batch:
        return replace(claim, paid_at=None, paid_in=""), claim.to_pay
    assert claim.paid_before is not None
    carried, last = claim.paid_before.sums, claim.to_pay if claim.paid_at else ()
    stays = replace(claim.paid_before, at=claim.paid_at or claim.paid_before.at, sums=last, batch=claim.paid_in)
    return replace(claim, paid_at=None, paid_in="", paid_before=stays if stays.together else None), carried


def may_be_paid_after_all(claim: Claim, batch: str) -> bool:
    """"It came back" was said of the wrong line: while the person has not answered, and no new list has it."""
    return claim.returned is not None and claim.returned.batch == batch and claim.sending is None


def paid_after_all(claim: Claim, batch: str, paid_at: datetime, at: datetime, by: Deciding) -> Moved:
    """The money of that batch never came back."""
    _must_not_be_theirs(claim, by)
    if claim.returned is None or not may_be_paid_after_all(claim, batch):
        raise SomeoneElseMovedIt(claim)
    sending = Sending(batch, claim.returned.at, claim.returned.sums)
    return paid_by_bank(replace(claim, sending=sending, returned=None), batch, paid_at, at, by)


def pay_by_hand(claim: Claim, at: datetime, by: Deciding) -> Moved:
    """What no batch takes: at the counter, or a sum that the office worked out by hand."""
    _must_be_paid_by_another(claim, by)
    if may_go_to_the_bank(claim):
        raise SomeoneElseMovedIt(claim)
    return pay(claim, at, by.id)


def pay(claim: Claim, at: datetime, by: str) -> Moved:
    """The money went out. Never for a claim whose claimant died, nor while it is on its way to a bank."""
    if claim.status is not Status.APPROVED or claim.sending is not None:
        raise SomeoneElseMovedIt(claim)
    return replace(claim, status=Status.PAID, paid_at=at, paid_in="", returned=None), (Step(StepCode.PAID, at, by),)


def _must_be_paid_by_another(claim: Claim, by: Deciding) -> None:
    _must_not_be_theirs(claim, by)
    if not may_pay(claim, by):
        raise NeedsAnotherOfficer(claim)


# How long it takes


def usual_days(waited: Sequence[timedelta]) -> int | None:
    """Half of the decided claims took at most so many days, begun ones counted whole; None where too few were decided to say."""
    if len(waited) < FEWEST_DECIDED:
        return None
    return int(median(-(-one // timedelta(days=1)) for one in waited) + 0.5)
