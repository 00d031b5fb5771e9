"""A grant: one person lets another, named one, do certain things for them, for a time; and what that does not reach.

Decided:
- What a helper may do is a closed list of rights, and each right names the acts it opens (`RIGHT_FOR`). An act that stands neither there
  nor in `FREE_WHILE_ACTING` is refused to whoever acts for somebody: a new act is closed to helpers until somebody opens it here. So no
  helper ever grants, sets a way in, ends devices, agrees, copies, deletes, touches money or works at a desk for another.
- Some rights include others: nobody can ask for a change of hospital and not see what becomes of it.
- A grant begins when it is accepted, not when it is offered, and ends by itself. The longest term is the app's own promise, no number of
  the law: longer helps brokers more than families, and asking again is one page.
- An offer names nobody: it is a code of ten characters that the person hands over (domain/counter_code.py). So no number is typed and none
  can be tried out. Only an officer, who sees cards and a paper, names the helper by number.
- What a helper writes stands in histories as "helper:" and their id: `by_helper` and `helper_in` are the only ones to know that.
Put aside: a nickname for the helper (two names for one person in one history), rights for single requests (a term of one day does it), and
helpers of helpers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from webapp.domain.assessment import Reason, Refusal
from webapp.domain.assurance import Act
from webapp.domain.dates import in_bangkok, same_day_in_months

OFFER_DAYS = 7
MOST_HELPERS = 5
MOST_HELPED = 20
LONGEST = timedelta(days=366)
"""No term is longer: a year, also one with a day more."""
HELPER = "helper:"


class Right(StrEnum):
    """What a helper can be let do."""

    SEE_REQUESTS = "see_requests"
    SEE_MONTHS = "see_months"
    CHANGE_HOSPITAL = "change_hospital"
    SAY_WHAT_IS_WRONG = "say_what_is_wrong"


INCLUDES = {
    Right.CHANGE_HOSPITAL: frozenset({Right.SEE_REQUESTS}),
    Right.SAY_WHAT_IS_WRONG: frozenset({Right.SEE_REQUESTS, Right.SEE_MONTHS}),
}
RIGHT_FOR = {
    Act.READ_REQUESTS: Right.SEE_REQUESTS,
    Act.READ_MONTHS: Right.SEE_MONTHS,
    Act.FILL_IN: Right.CHANGE_HOSPITAL,
    Act.CHANGE_HOSPITAL: Right.CHANGE_HOSPITAL,
    Act.READ_CORRECTIONS: Right.SAY_WHAT_IS_WRONG,
    Act.SAY_WHAT_IS_WRONG: Right.SAY_WHAT_IS_WRONG,
}
FREE_WHILE_ACTING = frozenset(
    {Act.USE_THIS_BROWSER, Act.SET_REMINDERS, Act.SIGN_IN_OR_OUT, Act.SET_A_WAY_IN, Act.ASK_THE_OPEN_API, Act.STOP_HELPING}
)
"""Done by whoever holds the phone, in their own name, whomever they act for."""


class Term(StrEnum):
    """For how long, from when it is accepted."""

    ONE_DAY = "one_day"
    ONE_MONTH = "one_month"
    SIX_MONTHS = "six_months"
    ONE_YEAR = "one_year"


MONTHS_IN = {Term.ONE_MONTH: 1, Term.SIX_MONTHS: 6, Term.ONE_YEAR: 12}


class How(StrEnum):
    BY_THAID = "by_thaid"
    BY_OFFICER = "by_officer"


class Paper(StrEnum):
    """What an officer has seen."""

    POWER_OF_ATTORNEY = "power_of_attorney"
    COURT_ORDER = "court_order"


class EndedBy(StrEnum):
    """Who ended it before its time."""

    PERSON = "person"
    HELPER = "helper"
    OFFICER = "officer"


class State(StrEnum):
    OFFERED = "offered"
    RUNNING = "running"
    OVER = "over"
    ENDED = "ended"
    NOT_TAKEN = "not_taken"


@dataclass(frozen=True)
class Grant:
    """`person_id` lets `helper_id` act; an offer has no helper yet, nor `since` and `until`. `offer_ends_at` only where there was an offer,
    `officer_id` and the paper only where an officer granted it."""

    id: str
    person_id: str
    rights: frozenset[Right]
    term: Term
    how: How
    made_at: datetime
    helper_id: str | None = None
    offer_ends_at: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    ended_at: datetime | None = None
    ended_by: EndedBy | None = None
    officer_id: str | None = None
    paper: Paper | None = None
    paper_on: date | None = None


@dataclass(frozen=True)
class Asking:
    """Whose record it is, and who acts for them: None where they do so themselves."""

    person_id: str
    helper_id: str | None = None

    @property
    def by(self) -> str:
        """As a history writes it."""
        return by_helper(self.helper_id) if self.helper_id else self.person_id


def by_helper(helper_id: str) -> str:
    return HELPER + helper_id


def helper_in(by: str) -> str | None:
    """The helper's id in what a history wrote; None where it was no helper."""
    return by.removeprefix(HELPER) if by.startswith(HELPER) else None


def with_what_they_include(rights: Iterable[Right]) -> frozenset[Right]:
    chosen = frozenset(rights)
    return chosen.union(*(INCLUDES.get(right, frozenset()) for right in chosen))


def until_of(term: Term, since: datetime) -> datetime:
    """The same time of the day, so many days or months later; a month without that day ends it on its last."""
    if term is Term.ONE_DAY:
        return since + timedelta(days=1)
    since = in_bangkok(since)
    return datetime.combine(same_day_in_months(since.date(), MONTHS_IN[term]), since.timetz())


def state_of(grant: Grant, now: datetime) -> State:
    if grant.ended_at is not None:
        return State.ENDED
    if grant.until is not None:
        return State.RUNNING if now < grant.until else State.OVER
    is_open = grant.offer_ends_at is not None and now < grant.offer_ends_at
    return State.OFFERED if is_open else State.NOT_TAKEN


def is_running(grant: Grant, now: datetime) -> bool:
    return state_of(grant, now) is State.RUNNING


def may(grant: Grant, right: Right, now: datetime) -> Grant | Refusal:
    """The grant where it reaches this right now, else everything that stands in the way."""
    reasons = (
        Reason("accepted", grant.helper_id is not None),
        Reason("not_ended", grant.ended_at is None),
        Reason("in_time", grant.until is None or now < grant.until, {"until": grant.until}),
        Reason("right_granted", right in grant.rights, {"right": right}),
    )
    return grant if all(reason.met for reason in reasons) else Refusal(reasons)


def may_act(grant: Grant, act: Act | None, now: datetime) -> bool:
    """Whether a helper may do this for the person now. What declares no act is open to nobody who acts for another."""
    right = RIGHT_FOR.get(act) if act else None
    return right is not None and isinstance(may(grant, right, now), Grant)


def offer(
    grant_id: str, person_id: str, rights: Iterable[Right], term: Term | None, at: datetime, standing: int
) -> Grant | Refusal:
    """What a person offers to whoever brings the code; `standing` counts their grants that run and offers that are open."""
    chosen = with_what_they_include(rights)
    reasons = (*_about_wish(chosen, term), Reason("few_enough_helpers", standing < MOST_HELPERS, {"at_most": MOST_HELPERS}))
    if term is None or any(reason.met is False for reason in reasons):
        return Refusal(reasons)
    return Grant(grant_id, person_id, chosen, term, How.BY_THAID, at, offer_ends_at=at + timedelta(days=OFFER_DAYS))


def _about_wish(rights: frozenset[Right], term: Term | None) -> tuple[Reason, ...]:
    return Reason("right_named", bool(rights)), Reason("term_named", term is not None)


def accept(grant: Grant, helper_id: str, at: datetime, helps: int) -> Grant | Refusal:
    """Somebody takes the offer up; `helps` counts the grants that run in which they are the helper."""
    reasons = (
        Reason("offer_open", state_of(grant, at) is State.OFFERED),
        Reason("somebody_else", helper_id != grant.person_id),
        Reason("helps_few_enough", helps < MOST_HELPED, {"at_most": MOST_HELPED}),
    )
    if any(reason.met is False for reason in reasons):
        return Refusal(reasons)
    return replace(grant, helper_id=helper_id, since=at, until=until_of(grant.term, at))


@dataclass(frozen=True)
class Seen:
    """What an officer has before them: both persons, the paper and its date; None where nothing was chosen."""

    person_id: str
    helper_id: str
    paper: Paper | None
    paper_on: date | None


def by_officer(
    grant_id: str, seen: Seen, officer_id: str, officers_own: str | None, rights: Iterable[Right], term: Term | None, at: datetime,
    standing: int, helps: int,
) -> Grant | Refusal:  # fmt: skip
    """A grant that runs at once, on a paper; `officers_own` is the officer's own id as an insured person."""
    chosen = with_what_they_include(rights)
    reasons = (
        Reason("somebody_else", seen.helper_id != seen.person_id),
        Reason("not_the_officers_own", officers_own is None or officers_own not in (seen.person_id, seen.helper_id)),
        *_about_wish(chosen, term),
        Reason("paper_named", seen.paper is not None),
        Reason("paper_dated", seen.paper_on is not None),
        Reason("paper_not_in_the_future", seen.paper_on is None or seen.paper_on <= in_bangkok(at).date()),
        Reason("few_enough_helpers", standing < MOST_HELPERS, {"at_most": MOST_HELPERS}),
        Reason("helps_few_enough", helps < MOST_HELPED, {"at_most": MOST_HELPED}),
    )
    if term is None or any(reason.met is False for reason in reasons):
        return Refusal(reasons)
    return Grant(
        grant_id, seen.person_id, chosen, term, How.BY_OFFICER, at, helper_id=seen.helper_id, since=at, until=until_of(term, at),
        officer_id=officer_id, paper=seen.paper, paper_on=seen.paper_on,
    )  # fmt: skip


def end(grant: Grant, by: EndedBy, at: datetime) -> Grant:
    """Over from this moment; one that is over already stays as it is."""
    return replace(grant, ended_at=at, ended_by=by) if state_of(grant, at) in (State.OFFERED, State.RUNNING) else grant
