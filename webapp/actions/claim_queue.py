"""The officers' queue of claims, one claim as they see it, and the order in which they may touch it.

Decided:
- The queue stands in the order of the last day to claim: whoever is refused for want of a paper can claim again only until then. The other
  order is the longest waiting first.
- A claim is in one officer's hands at a time. A colleague may put it back into the queue (people fall ill), and only then can another take
  it: two steps with two names in the history, never a silent taking over.
- Every act names the version that the officer saw. The claim has moved on meanwhile: SomeoneElseMovedIt, and nothing is written. The same
  answer of the same officer again (a double press) is the first one.
- An approval names the sums that the officer saw, too, and so does an appeal that is upheld: the record may have changed while they read
  (`SumsMoved`).
- The queue itself is no reading of anybody's record (actions/audit.py says why): a line is the shortened name, the benefit, the province
  and the days, as in the queue of hospital changes.
- "Take the next one" takes and opens in one step: whoever presses it takes the claim to decide it, which is the reason that is noted.
Put aside: handing claims out by turn (offices do that by people, not by rule), and a lock that ends by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from webapp.actions import claim_desk
from webapp.actions.claim_desk import Checked
from webapp.actions.officers import officers_named
from webapp.domain.claim import (
    OPEN,
    Claim,
    ClaimStandsOtherwise,
    NeedsAnotherOfficer,
    OwnClaim,
    SomeoneElseMovedIt,
    Status,
    Step,
    StepCode,
    is_of_a_batch,
    is_part_of,
    may_go_to_the_bank,
    may_pay,
)
from webapp.domain.claim_amount import WorkedOut
from webapp.domain.dates import BANGKOK
from webapp.domain.person import Person
from webapp.ports import ClaimsWanted, Name, Officer, Tools

ON_A_PAGE = 50
LONGEST_WORDS = 500
LOOKED_THROUGH = 20
"""So many claims are tried where a colleague takes each one first."""


class InAnothersHands(ClaimStandsOtherwise):
    """A colleague has it; it goes back into the queue first."""


class SumsMoved(ClaimStandsOtherwise):
    """Worked out now it comes to something else than the officer was shown."""


class Show(StrEnum):
    """What the queue shows."""

    WAITING = "waiting"
    PAPER = "paper"
    SECOND = "second"
    APPEALS = "appeals"
    TO_PAY = "to_pay"
    STOPPED = "stopped"
    DONE = "done"


class Hands(StrEnum):
    """In whose hands."""

    ANY = ""
    FREE = "free"
    MINE = "mine"


STATUSES: Mapping[Show, tuple[Status, ...]] = {
    Show.WAITING: (Status.SENT, Status.TAKEN),
    Show.PAPER: (Status.NEEDS_PAPER,),
    Show.SECOND: (Status.REFUSAL_PROPOSED,),
    Show.APPEALS: (Status.APPEALED,),
    Show.TO_PAY: (Status.APPROVED,),
    Show.STOPPED: (Status.STOPPED, Status.WITH_THE_OFFICE),
}


# The queue


@dataclass(frozen=True)
class Wanted:
    """One view of the queue; `by_age` the longest waiting first, else the nearest last day to claim."""

    show: Show = Show.WAITING
    kind: str = ""
    province: str = ""
    hands: Hands = Hands.ANY
    by_age: bool = False
    page: int = 1


@dataclass(frozen=True)
class Row:
    """One claim in the queue; `waited` without the time a paper was waited for."""

    claim: Claim
    name: Name | None
    in_hands_of: Officer | None
    waited: timedelta
    is_own: bool


@dataclass(frozen=True)
class Queue:
    """One page; `counts` follow kind and province, `total` all filters."""

    wanted: Wanted
    rows: tuple[Row, ...]
    counts: Mapping[Show, int]
    total: int
    page: int
    pages: int


def queue(tools: Tools, officer: Officer, wanted: Wanted) -> Queue:
    """A page beyond the end shows the last."""
    counts = _counts(tools, wanted)
    asked = None if wanted.show is Show.DONE else _as_asked(officer, wanted)
    total = tools.store.count_claims_in_queue(asked) if asked else counts[Show.DONE]
    pages = max(1, -(-total // ON_A_PAGE))
    page = min(max(wanted.page, 1), pages)
    offset = (page - 1) * ON_A_PAGE
    found = tools.store.claims_in_queue(asked, ON_A_PAGE, offset) if asked else _decided_today(tools, wanted)[offset : offset + ON_A_PAGE]
    return Queue(wanted, _rows(tools, officer, found), counts, total, page, pages)


def _as_asked(officer: Officer, wanted: Wanted) -> ClaimsWanted:
    taken_by = {Hands.ANY: "", Hands.FREE: ClaimsWanted.FREE, Hands.MINE: officer.id}[wanted.hands]
    return ClaimsWanted(STATUSES[wanted.show], wanted.kind, wanted.province, taken_by, wanted.by_age)


def _counts(tools: Tools, wanted: Wanted) -> dict[Show, int]:
    counted = tools.store.count_claims()
    found = {
        show: sum(
            number
            for (status, kind, province), number in counted.items()
            if status in statuses and wanted.kind in ("", kind) and wanted.province in ("", province)
        )
        for show, statuses in STATUSES.items()
    }
    return found | {Show.DONE: len(_decided_today(tools, wanted))}


def _decided_today(tools: Tools, wanted: Wanted) -> list[Claim]:
    """The latest first."""
    first = datetime.combine(tools.clock.today(), datetime.min.time(), BANGKOK)
    found = tools.store.claims_decided_between(first, first + timedelta(days=1), limit=1000)
    return [one for one in found if wanted.kind in ("", one.kind) and wanted.province in ("", one.province)]


def _rows(tools: Tools, officer: Officer, claims: list[Claim]) -> tuple[Row, ...]:
    names = tools.store.names_of(one.person_id for one in claims)
    officers, now = officers_named(tools, (one.taken_by for one in claims if one.taken_by)), tools.clock.now()
    return tuple(
        Row(one, names.get(one.person_id), officers.get(one.taken_by), one.waited(now), is_part_of(one, officer)) for one in claims
    )


def take_next(tools: Tools, officer: Officer, kind: str = "", province: str = "") -> Claim | None:
    """The first that nobody has, in this officer's hands from now on; None where there is none. Never one they are part of or typed."""
    asked = ClaimsWanted((Status.SENT,), kind, province, ClaimsWanted.FREE, not_of=officer.person_id or "")
    for one in tools.store.claims_in_queue(asked, LOOKED_THROUGH):
        try:
            return act(tools, officer, one.reference, one.version, lambda claim: claim_desk.take(tools, officer, claim.reference))
        except (SomeoneElseMovedIt, InAnothersHands, NeedsAnotherOfficer, OwnClaim):
            continue
    return None


# One claim


class Can(StrEnum):
    """What this officer can do to a claim as it stands."""

    TAKE = "take"
    GIVE_BACK = "give_back"
    DECIDE = "decide"
    ASK = "ask"
    GO_ON = "go_on"
    SECOND = "second"
    PAY = "pay"
    JUDGE = "judge"
    NOTE_DEATH = "note_death"


@dataclass(frozen=True)
class ClaimView:
    """A claim beside the record. `name_may_be_shown`: this officer's name stands in its history. `shown_mark` goes with an approval."""

    claim: Claim
    person: Person
    name: Name
    name_may_be_shown: bool
    steps: tuple[Step, ...]
    officers: Mapping[str, Officer]
    checked: Checked
    can: frozenset[Can]

    @property
    def taken_by(self) -> Officer | None:
        return self.officers.get(self.claim.taken_by)

    @property
    def shown_mark(self) -> str:
        return mark_of(self.checked.worth.worked_out)


def mark_of(found: WorkedOut) -> str:
    """Changes with every sum."""
    said = "|".join(f"{one.code}={one.baht}/{one.per}" for one in found.sums)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def look_at(tools: Tools, officer: Officer, reference: str) -> ClaimView | None:
    """None for an unknown reference. Raises OwnClaim."""
    claim = claim_desk.claim_for(tools, officer, reference)
    checked = claim_desk.check(tools, claim) if claim else None
    person, name = (tools.store.person(claim.person_id), tools.store.name_of(claim.person_id)) if claim else (None, None)
    if claim is None or checked is None or person is None or name is None:
        return None
    steps = tuple(tools.store.steps_of_claim(claim.reference))
    return ClaimView(
        claim=claim,
        person=person,
        name=name,
        name_may_be_shown=any(step.by == officer.id and not is_of_a_batch(step) for step in steps),
        steps=steps,
        officers=officers_named(tools, (*(step.by for step in steps), claim.taken_by)),
        checked=checked,
        can=_can(claim, officer),
    )


def _can(claim: Claim, officer: Officer) -> frozenset[Can]:
    if officer.id == claim.entered_by:
        return frozenset({Can.PAY} if _may_pay_by_hand(claim, officer) else ())
    found = _by_status(claim, officer)
    return found | {Can.NOTE_DEATH} if claim.status in OPEN - {Status.STOPPED} else found


def _by_status(claim: Claim, officer: Officer) -> frozenset[Can]:
    is_mine = claim.taken_by == officer.id
    match claim.status:
        case Status.SENT:
            return frozenset({Can.TAKE})
        case Status.TAKEN:
            return frozenset({Can.DECIDE, Can.ASK, Can.GIVE_BACK} if is_mine else {Can.GIVE_BACK})
        case Status.NEEDS_PAPER if not claim.taken_by:
            return frozenset({Can.TAKE})
        case Status.NEEDS_PAPER:
            return frozenset({Can.DECIDE, Can.GO_ON, Can.GIVE_BACK} if is_mine else {Can.GIVE_BACK})
        case Status.REFUSAL_PROPOSED:
            return frozenset({Can.SECOND} if claim.proposal and claim.proposal.by != officer.id else ())
        case Status.APPROVED:
            return frozenset({Can.PAY} if _may_pay_by_hand(claim, officer) else ())
        case Status.APPEALED:
            decided = claim.decision and (claim.decision.by, claim.decision.second)
            return frozenset({Can.JUDGE} if decided and officer.id not in decided else ())
    return frozenset()


def _may_pay_by_hand(claim: Claim, officer: Officer) -> bool:
    """What no batch takes now (actions/claim_batches.py), and somebody else approved."""
    waits = claim.status is Status.APPROVED and claim.sending is None and not may_go_to_the_bank(claim)
    return waits and may_pay(claim, officer)


# Acting


def act(
    tools: Tools, officer: Officer, reference: str, version: int, do: Callable[[Claim], Claim | None], hands_free: bool = False
) -> Claim | None:
    """`do`, if the claim still is the version seen and no colleague has it (`hands_free`: whoever has it). None for an unknown reference;
    raises SomeoneElseMovedIt, InAnothersHands, and what `do` raises."""
    with tools.store.transaction():
        claim = claim_desk.claim_for(tools, officer, reference)
        if claim is None:
            return None
        if claim.version != version:
            raise SomeoneElseMovedIt(claim)
        if not hands_free and claim.taken_by not in ("", officer.id):
            raise InAnothersHands(claim)
        return do(claim)


def approve(tools: Tools, officer: Officer, reference: str, version: int, shown_mark: str, words: str) -> Claim | None:
    """Raises SumsMoved besides what `act` raises."""

    def do(claim: Claim) -> Claim | None:
        checked = claim_desk.check(tools, claim)
        if checked is not None and mark_of(checked.worth.worked_out) != shown_mark:
            raise SumsMoved(claim)
        return claim_desk.approve(tools, officer, claim.reference, version, words)

    return act(tools, officer, reference, version, do)


def settle_appeal(tools: Tools, officer: Officer, reference: str, version: int, upheld: bool, shown_mark: str, words: str) -> Claim | None:
    """Raises SumsMoved, where it is upheld, besides what `act` raises."""

    def do(claim: Claim) -> Claim | None:
        settled = claim_desk.settle_appeal(tools, officer, claim.reference, upheld, words)
        decided = settled.decision.worked_out if settled and settled.decision else None
        if upheld and decided is not None and mark_of(decided) != shown_mark:
            raise SumsMoved(claim)
        return settled

    return act(tools, officer, reference, version, do, hands_free=True)


def is_mine_already(tools: Tools, officer: Officer, claim: Claim, code: StepCode, version: int) -> bool:
    """Whether the last thing that happened is this officer's own same act, on the version they name: pressed twice."""
    steps = tools.store.steps_of_claim(claim.reference)
    return bool(steps) and (steps[-1].by, steps[-1].code) == (officer.id, code) and claim.version == version + 1


@dataclass(frozen=True)
class WhoMovedIt:
    """The step that came between; `officer` None where the person or the worker did it."""

    step: Step
    officer: Officer | None


def who_moved_it(tools: Tools, claim: Claim) -> WhoMovedIt:
    step = tools.store.steps_of_claim(claim.reference)[-1]
    return WhoMovedIt(step, tools.store.officer(step.by))
