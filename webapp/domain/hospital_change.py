"""Changing hospital: who may, why now, which hospital; and the request as a case that moves from receipt to effect.

Decided: the rule gives *every* condition with its facts and citation, met or not, so that a page can show all of them at once.
What the app cannot know (`met` None: a cause to be shown, a province missing from the record) stops nobody, an officer looks at it.
A case is a frozen value; each transition returns the new case with the steps to be written beside it, so that the history is the
tracker and the audit trail at once. The time of receipt, the policy and the promised day are kept with the case: a window or a day
off moved later changes drafts, never these.
Put aside: a state machine library (nine statuses), and exceptions for conditions people can meet (those are a `Refusal`).
The days themselves are worked out in hospital_change_dates.py. Facts: facts/hospital_change.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from typing import Protocol

from webapp.domain.assessment import Reason, Refusal
from webapp.domain.dates import in_bangkok
from webapp.domain.hospital_change_dates import (
    ONE_DAY,
    Policy,
    Rules,
    Standing,
    annual_standing,
    annual_window,
    at_cut_off_time,
    cut_off_for,
    last_cut_off_for_start_by,
    next_switch_day,
    window_key,
)
from webapp.domain.lawbook import Law
from webapp.domain.person import Person


class Cause(StrEnum):
    ANNUAL = "annual"
    MOVED_HOME = "moved_home"
    MOVED_WORKPLACE = "moved_workplace"
    CHOSEN_BY_OTHER = "chosen_by_other"
    OTHER = "other"
    FIRST_CHOICE = "first_choice"
    HOSPITAL_LEFT = "hospital_left"


class Status(StrEnum):
    """The app's own list (no official one is published). SUBMITTED alone: a paper form whose time a second officer has yet to confirm."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    IN_EFFECT = "in_effect"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    WITH_THE_OFFICE = "with_the_office"


class StepCode(StrEnum):
    SUBMITTED = "submitted"
    RECEIVED = "received"
    PAPER_TIME_SET_ASIDE = "paper_time_set_aside"
    REVIEW_STARTED = "review_started"
    APPROVED = "approved"
    APPROVED_LATE = "approved_late"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    TOOK_EFFECT = "took_effect"
    REOPENED = "reopened"


class RefusalReason(StrEnum):
    """Why an officer says no: a closed list, worded in both languages by the templates."""

    HOSPITAL_FULL = "hospital_full"
    HOSPITAL_LEFT_SCHEME = "hospital_left_scheme"
    NOT_IN_AREA = "not_in_area"
    CAUSE_NOT_SHOWN = "cause_not_shown"
    OUTSIDE_WINDOW = "outside_window"
    ALREADY_CHANGED_THIS_WINDOW = "already_changed_this_window"
    NOT_INSURED = "not_insured"
    NOT_ENOUGH_MONTHS = "not_enough_months"
    IN_PATIENT = "in_patient"
    OTHER_OPEN_REQUEST = "other_open_request"
    FORM_NOT_COMPLETE = "form_not_complete"


UNDECIDED = frozenset({Status.SUBMITTED, Status.RECEIVED, Status.UNDER_REVIEW})
"""Can still be withdrawn, approved or refused."""

OPEN = UNDECIDED | {Status.APPROVED, Status.WITH_THE_OFFICE}
"""Stands in the way of another request: also one approved that has not taken effect, or two could take effect on one day."""

LEAVES_THE_WINDOW_FREE = frozenset({Status.DRAFT, Status.REFUSED, Status.WITHDRAWN})
"""Such an annual change does not use up the year's window."""

MOVES = {Cause.MOVED_HOME: "home_province", Cause.MOVED_WORKPLACE: "work_province"}


class CaseStandsOtherwise(Exception):
    """Base of the three below; `case` is as it stands."""

    def __init__(self, case: "HospitalChange") -> None:
        super().__init__(f"{case.reference} is {case.status}, effective on {case.effective_on}")
        self.case = case


class SomeoneElseDecided(CaseStandsOtherwise):
    """The case is no longer what the person or officer saw: it was decided or withdrawn meanwhile."""


class NeedsAnotherOfficer(CaseStandsOtherwise):
    """A paper time before a passed cut-off: whoever entered it may not confirm it, and nobody decides before it is."""


class ItsDayHasNotCome(CaseStandsOtherwise):
    """Taking effect was asked for before the effective day, or for a case that is not approved."""


class NoSuchChoice(ValueError):
    """An officer approved a rank the request does not have."""


class HandedInLater(ValueError):
    """The time on paper lies after the time it was entered."""


class Hospital(Protocol):
    """What the rule asks of a hospital (hospital_search.Hospital is one). `ended_on` is its last day in the scheme; `choose_by` and
    `until_then_id` are what the office ordered for the people of a hospital that leaves, where it said so."""

    @property
    def id(self) -> str: ...
    @property
    def province_code(self) -> str: ...
    @property
    def ended_on(self) -> date | None: ...
    @property
    def choose_by(self) -> date | None: ...
    @property
    def until_then_id(self) -> str | None: ...

    def is_in_scheme(self, on: date) -> bool: ...


class Register(Protocol):
    """What the rule asks of the hospital register. `adjoins` is false for one province and itself."""

    def hospital(self, hospital_id: str) -> Hospital | None: ...

    def adjoins(self, province: str, other: str) -> bool: ...


@dataclass(frozen=True)
class Wish:
    """What a person asks for. `choices` are register ids in order; `moved_to` the province moved to (None: as in the record)."""

    cause: Cause
    choices: tuple[str, ...] = ()
    not_an_in_patient: bool = False
    moved_on: date | None = None
    moved_to: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Between:
    """Days after the old hospital has left the scheme and before the new one starts; `hospital` None: the office named none (1506)."""

    first: date
    last: date
    hospital: str | None


@dataclass(frozen=True)
class UntilAndFrom:
    """Both halves of every date: `until` that day the old hospital (None: none yet), from `since` the new one."""

    old: str | None
    until: date
    new: str
    since: date
    between: Between | None = None


@dataclass(frozen=True)
class Allowed:
    """The request may be sent now; its dates hold if it is approved in time."""

    received_at: datetime
    effective_on: date
    file_by: datetime
    policy: Policy
    window_key: str | None
    may_miss_window: bool
    until_and_from: UntilAndFrom
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Leaving:
    """A hospital that leaves the scheme: its last day, until when to choose another, where to go until the new one starts."""

    hospital_id: str
    last_day: date
    choose_by: datetime
    until_then: str | None


@dataclass(frozen=True)
class Paper:
    """A form สปส. 9-02 taken at the counter: when it was handed in, when and by whom it was entered."""

    handed_in_at: datetime
    entered_at: datetime
    entered_by: str
    needs_second_officer: bool

    def __post_init__(self) -> None:
        if self.handed_in_at > self.entered_at:
            raise HandedInLater(f"{self.handed_in_at} is after {self.entered_at}")


@dataclass(frozen=True)
class HospitalChange:
    """One request. `window_key` only on annual ones; `entered_at` and `entered_by` only on paper ones; ids are the register's."""

    reference: str
    person_id: str
    status: Status
    cause: Cause
    choices: tuple[str, ...]
    received_at: datetime
    effective_on: date
    policy: Policy
    hospital_from: str | None = None
    window_key: str | None = None
    approved_rank: int | None = None
    decided_at: datetime | None = None
    refusal_reason: RefusalReason | None = None
    moved_on: date | None = None
    moved_to: str | None = None
    note: str = ""
    paper_at: datetime | None = None
    entered_at: datetime | None = None
    entered_by: str | None = None

    @property
    def hospital_to(self) -> str:
        """The approved choice, until then the first."""
        return self.choices[(self.approved_rank or 1) - 1]

    @property
    def is_undecided(self) -> bool:
        return self.status in UNDECIDED

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


@dataclass(frozen=True)
class Step:
    """One entry of the history. `by` is the person's or officer's id, a helper's (domain/helper_grant.py), or "worker"; `facts` hold text
    and whole numbers only (JSON)."""

    code: StepCode
    at: datetime
    by: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


Moved = tuple[HospitalChange, tuple[Step, ...]]


def known_status(text: str) -> Status:
    """A status from outside; an unknown one becomes "with the office", which the caller also reports to operators."""
    return Status(text) if text in set(Status) else Status.WITH_THE_OFFICE


# --- May this person, now? ---


def may_change_hospital(
    person: Person, wish: Wish, at: datetime, rules: Rules, register: Register, earlier: Sequence[HospitalChange]
) -> Allowed | Refusal:
    """Whether the request may be sent at that moment, under the law of that day. `earlier` are all the person's own cases."""
    at = in_bangkok(at)
    reasons = (
        *reasons_about_person(person, at, rules, earlier),
        *reasons_about_cause(person, wish, at, rules, register, earlier),
        *reasons_about_choices(person, wish, at, rules, register),
    )
    if any(reason.met is False for reason in reasons):
        return Refusal(reasons)
    return _allowed(person, wish, at, rules, register, reasons)


def _allowed(person: Person, wish: Wish, at: datetime, rules: Rules, register: Register, reasons: tuple[Reason, ...]) -> Allowed:
    cut_off = cut_off_for(at, rules)
    is_annual = wish.cause == Cause.ANNUAL
    return Allowed(
        received_at=at,
        effective_on=cut_off.effective_on,
        file_by=cut_off.file_by,
        policy=rules.policy_on(at.date()),
        window_key=window_key(at, rules) if is_annual else None,
        may_miss_window=is_annual and annual_standing(at, rules) == Standing.PAST_CUT_OFF,
        until_and_from=until_and_from(person.hospital_id, wish.choices[0], cut_off.effective_on, register),
        reasons=reasons,
    )


def causes_offered(person: Person, at: datetime, rules: Rules, register: Register) -> tuple[Cause, ...]:
    """The causes worth showing this person now; a move or another cause can always be told."""
    wanted = {
        Cause.ANNUAL: annual_standing(at, rules) != Standing.CLOSED,
        Cause.FIRST_CHOICE: person.hospital_id is None,
        Cause.HOSPITAL_LEFT: _own_hospital_leaves(person, register),
    }
    return tuple(cause for cause in Cause if wanted.get(cause, True))


def reasons_about_person(person: Person, at: datetime, rules: Rules, earlier: Sequence[HospitalChange]) -> tuple[Reason, ...]:
    """Section, months paid, no other open request: what can be said before anything is asked."""
    law = rules.law_on(in_bangkok(at).date())
    return _is_insured(person, law), _has_paid_enough(person, law), _has_no_open_request(earlier, law)


def reasons_about_cause(
    person: Person, wish: Wish, at: datetime, rules: Rules, register: Register, earlier: Sequence[HospitalChange]
) -> tuple[Reason, ...]:
    """Why now: the annual window with its one change, a move within its days, no hospital yet, a hospital that leaves."""
    at = in_bangkok(at)
    law = rules.law_on(at.date())
    match wish.cause:
        case Cause.ANNUAL:
            return _window_is_open(at, rules, law), _window_is_unused(window_key(at, rules), earlier, law)
        case Cause.MOVED_HOME | Cause.MOVED_WORKPLACE:
            return (_moved_in_time(wish.moved_on, law),)
        case Cause.FIRST_CHOICE:
            return (Reason("no_hospital_yet", person.hospital_id is None, {"hospital": person.hospital_id}),)
        case Cause.HOSPITAL_LEFT:
            return (Reason("own_hospital_leaves", _own_hospital_leaves(person, register), {"hospital": person.hospital_id}),)
        case Cause.CHOSEN_BY_OTHER | Cause.OTHER:
            return (Reason("cause_for_an_officer", None, {"cause": wish.cause}),)


def reasons_about_choices(person: Person, wish: Wish, at: datetime, rules: Rules, register: Register) -> tuple[Reason, ...]:
    """Not an in-patient; one to three different hospitals of the register, in the area, serving on their first day; the first is new."""
    at = in_bangkok(at)
    law, starts = rules.law_on(at.date()), cut_off_for(at, rules).effective_on
    area = area_of(person, wish)
    about_each = (_about_choice(rank, choice, starts, area, register, law) for rank, choice in enumerate(wish.choices, start=1))
    return (
        Reason("not_an_in_patient", wish.not_an_in_patient, citation=law.value("hospital_change.in_patient")),
        _number_of_choices(wish, law),
        Reason("choices_differ", len(set(wish.choices)) == len(wish.choices)),
        Reason("first_choice_is_another", wish.choices[:1] != (person.hospital_id,), {"hospital": person.hospital_id}),
        *chain.from_iterable(about_each),
    )


def area_of(person: Person, wish: Wish) -> frozenset[str]:
    """The provinces of home and work, after the move that the wish tells of; empty when the record names none."""
    provinces = {"home_province": person.home_province, "work_province": person.work_province}
    if wish.cause in MOVES and wish.moved_to:
        provinces[MOVES[wish.cause]] = wish.moved_to
    return frozenset(province for province in provinces.values() if province)


def lies_in_area(province: str, area: frozenset[str], register: Register) -> bool:
    """In a province of home or work, or in one that adjoins either."""
    return province in area or any(register.adjoins(province, near) for near in area)


def leaving(hospital: Hospital, rules: Rules) -> Leaving | None:
    """What to tell the people of a hospital that leaves; where the office set no day, they choose so that no day is left without one."""
    if hospital.ended_on is None:
        return None
    choose_by = hospital.choose_by or last_cut_off_for_start_by(hospital.ended_on + ONE_DAY, rules).file_by.date()
    return Leaving(hospital.id, hospital.ended_on, at_cut_off_time(choose_by, rules), hospital.until_then_id)


def until_and_from(old: str | None, new: str, starts: date, register: Register) -> UntilAndFrom:
    """Both halves of the effective day, shortened when the old hospital leaves the scheme before it."""
    until = starts - ONE_DAY
    leaves = register.hospital(old) if old else None
    if leaves is None or leaves.ended_on is None or leaves.ended_on >= until:
        return UntilAndFrom(old, until, new, starts)
    return UntilAndFrom(old, leaves.ended_on, new, starts, Between(leaves.ended_on + ONE_DAY, until, leaves.until_then_id))


def _is_insured(person: Person, law: Law) -> Reason:
    sections = law.read("hospital_change.sections", tuple)
    met = person.section in sections and person.is_insured(law.day)
    return Reason("insured_section", met, {"section": person.section, "sections": sections}, law.value("hospital_change.sections"))


def _has_paid_enough(person: Person, law: Law) -> Reason:
    needed, period = law.read("hospital_change.months_paid", int), law.read("hospital_change.months_paid_within", int)
    paid = person.months_paid_in(period, before=law.day)
    facts = {"paid": paid, "needed": needed, "within": period}
    return Reason("months_paid", paid >= needed, facts, law.value("hospital_change.months_paid"))


def _has_no_open_request(earlier: Sequence[HospitalChange], law: Law) -> Reason:
    references = [case.reference for case in earlier if case.is_open]
    at_most = law.value("hospital_change.open_requests")
    allowed = law.read("hospital_change.open_requests", int)
    return Reason("no_other_open_request", len(references) < allowed, {"references": tuple(references)}, at_most)


def _window_is_open(at: datetime, rules: Rules, law: Law) -> Reason:
    window = annual_window(at.date(), rules)
    met = {Standing.OPEN: True, Standing.PAST_CUT_OFF: None, Standing.CLOSED: False}[annual_standing(at, rules)]
    facts = {"opens_on": window.opens_on, "closes_on": window.closes_on, "closes_at": window.closes_at}
    return Reason("annual_window", met, facts, law.value("hospital_change.annual_window_closes"))


def _window_is_unused(key: str | None, earlier: Sequence[HospitalChange], law: Law) -> Reason:
    used = [case.reference for case in earlier if key and case.window_key == key and case.status not in LEAVES_THE_WINDOW_FREE]
    allowed = law.read("hospital_change.annual_changes_per_window", int)
    citation = law.value("hospital_change.annual_changes_per_window")
    return Reason("one_annual_change", len(used) < allowed, {"references": tuple(used), "window": key}, citation)


def _moved_in_time(moved_on: date | None, law: Law) -> Reason:
    days = law.read("hospital_change.days_after_a_move", int)
    since = None if moved_on is None else (law.day - moved_on).days
    facts = {"moved_on": moved_on, "days_since": since, "days": days}
    citation = law.value("hospital_change.days_after_a_move")
    if since is not None and since < 0:
        return Reason("move_not_in_the_future", False, facts, citation)
    return Reason("moved_in_time", since is not None and since <= days, facts, citation)


def _own_hospital_leaves(person: Person, register: Register) -> bool:
    own = register.hospital(person.hospital_id) if person.hospital_id else None
    return own is not None and own.ended_on is not None


def _number_of_choices(wish: Wish, law: Law) -> Reason:
    at_most = law.read("hospital_change.choices", int)
    facts = {"chosen": len(wish.choices), "at_most": at_most}
    return Reason("number_of_choices", 1 <= len(wish.choices) <= at_most, facts, law.value("hospital_change.choices"))


def _about_choice(rank: int, choice: str, starts: date, area: frozenset[str], register: Register, law: Law) -> tuple[Reason, ...]:
    hospital, facts = register.hospital(choice), {"rank": rank, "hospital": choice}
    if hospital is None:
        return (Reason("choice_in_register", False, facts),)
    in_area = lies_in_area(hospital.province_code, area, register) if area else None
    return (
        Reason("choice_in_register", True, facts),
        Reason("choice_serves", hospital.is_in_scheme(starts), {**facts, "ended_on": hospital.ended_on, "starts": starts}),
        Reason("choice_in_area", in_area, {**facts, "province": hospital.province_code, "area": area}, law.value("hospital_change.area")),
    )


# --- The case and its transitions ---


def submit(reference: str, person: Person, wish: Wish, allowed: Allowed, by: str, paper: Paper | None = None) -> Moved:
    """Opens the case. Online, submitted and received are written together; a paper time that needs a second officer waits as SUBMITTED."""
    waits = paper is not None and paper.needs_second_officer
    case = HospitalChange(
        reference=reference,
        person_id=person.id,
        status=Status.SUBMITTED if waits else Status.RECEIVED,
        cause=wish.cause,
        choices=wish.choices,
        received_at=allowed.received_at,
        effective_on=allowed.effective_on,
        policy=allowed.policy,
        hospital_from=person.hospital_id,
        window_key=allowed.window_key,
        moved_on=wish.moved_on,
        moved_to=wish.moved_to,
        note=wish.note,
        paper_at=paper.handed_in_at if paper else None,
        entered_at=paper.entered_at if paper else None,
        entered_by=paper.entered_by if paper else None,
    )
    written_at = paper.entered_at if paper else allowed.received_at
    submitted = Step(StepCode.SUBMITTED, written_at, by, {"paper_at": paper.handed_in_at.isoformat()} if paper else {})
    return case, (submitted,) if waits else (submitted, _received(case, written_at, by))


def needs_second_officer(handed_in_at: datetime, entered_at: datetime, rules: Rules) -> bool:
    """Whether a cut-off (of a half month or of the annual window) lies between the time on paper and the time it is entered."""
    another_half = cut_off_for(handed_in_at, rules) != cut_off_for(entered_at, rules)
    return another_half or annual_standing(handed_in_at, rules) != annual_standing(entered_at, rules)


def confirm_paper_time(case: HospitalChange, at: datetime, by: str) -> Moved:
    """A second officer agrees: the request counts from the time on paper. Raises NeedsAnotherOfficer for the one who entered it."""
    _must_wait_for_another(case, by)
    received = replace(case, status=Status.RECEIVED)
    return received, (_received(received, at, by),)


def set_paper_time_aside(case: HospitalChange, at: datetime, by: str, rules: Rules) -> Moved:
    """A second officer disagrees: the request counts from the time it was entered, with that time's effective day."""
    _must_wait_for_another(case, by)
    counts_from = case.entered_at or case.received_at
    moved = replace(
        case,
        status=Status.RECEIVED,
        received_at=counts_from,
        effective_on=cut_off_for(counts_from, rules).effective_on,
        policy=rules.policy_on(in_bangkok(counts_from).date()),
        window_key=window_key(counts_from, rules) if case.cause == Cause.ANNUAL else None,
    )
    return moved, (Step(StepCode.PAPER_TIME_SET_ASIDE, at, by), _received(moved, at, by))


def start_review(case: HospitalChange, at: datetime, by: str) -> Moved:
    """An officer opens it; opening it again changes nothing."""
    _must_be_decidable(case)
    if case.status == Status.UNDER_REVIEW:
        return case, ()
    return replace(case, status=Status.UNDER_REVIEW), (Step(StepCode.REVIEW_STARTED, at, by),)


def approve(case: HospitalChange, rank: int, at: datetime, by: str, rules: Rules) -> Moved:
    """Names the choice (1 = first). On or after its effective day it moves to the next 1st or 16th: the app's own rule, to be confirmed."""
    _must_be_decidable(case)
    if not 1 <= rank <= len(case.choices):
        raise NoSuchChoice(f"{case.reference} has no choice {rank}")
    today = in_bangkok(at).date()
    starts = case.effective_on if today < case.effective_on else next_switch_day(today, rules)
    approved = replace(case, status=Status.APPROVED, approved_rank=rank, effective_on=starts, decided_at=at)
    facts: dict[str, str | int] = {"rank": rank, "hospital": approved.hospital_to, "effective_on": starts.isoformat()}
    if starts == case.effective_on:
        return approved, (Step(StepCode.APPROVED, at, by, facts),)
    late: dict[str, str | int] = {"promised_on": case.effective_on.isoformat(), "reason": "approved_on_or_after_its_day"}
    return approved, (Step(StepCode.APPROVED_LATE, at, by, facts | late),)


def refuse(case: HospitalChange, reason: RefusalReason | str, at: datetime, by: str) -> Moved:
    """Raises ValueError for a reason outside the closed list."""
    _must_be_decidable(case)
    reason = RefusalReason(reason)
    return replace(case, status=Status.REFUSED, refusal_reason=reason, decided_at=at), (Step(StepCode.REFUSED, at, by, {"reason": reason}),)


def withdraw(case: HospitalChange, at: datetime, by: str) -> Moved:
    """Only before a decision; raises SomeoneElseDecided after one."""
    if not case.is_undecided:
        raise SomeoneElseDecided(case)
    return replace(case, status=Status.WITHDRAWN, decided_at=at), (Step(StepCode.WITHDRAWN, at, by),)


def take_effect(case: HospitalChange, at: datetime, by: str = "worker") -> Moved:
    """The new hospital from now on; raises ItsDayHasNotCome before the effective day or without an approval."""
    if case.status != Status.APPROVED or in_bangkok(at).date() < case.effective_on:
        raise ItsDayHasNotCome(case)
    step = Step(StepCode.TOOK_EFFECT, at, by, {"hospital": case.hospital_to, "effective_on": case.effective_on.isoformat()})
    return replace(case, status=Status.IN_EFFECT), (step,)


def reopen(case: HospitalChange, at: datetime, by: str = "worker") -> Moved:
    """Its day has come and the approved hospital has left the scheme: decided anew, so that nobody is moved to a hospital that is gone."""
    if case.status != Status.APPROVED or in_bangkok(at).date() < case.effective_on:
        raise ItsDayHasNotCome(case)
    step = Step(StepCode.REOPENED, at, by, {"hospital": case.hospital_to, "effective_on": case.effective_on.isoformat()})
    return replace(case, status=Status.RECEIVED, approved_rank=None, decided_at=None), (step,)


def undecided_on_the_day(case: HospitalChange, today: date) -> bool:
    """Its effective day has come and nobody decided: "still your old hospital until we tell you"."""
    return case.is_undecided and case.effective_on <= today


def queue_order(case: HospitalChange, today: date) -> tuple[bool, date, datetime]:
    """Sort key of the officers' queue: late ones first, then by the day they should take effect, then by receipt."""
    return not undecided_on_the_day(case, today), case.effective_on, case.received_at


def _received(case: HospitalChange, at: datetime, by: str) -> Step:
    facts = {"received_at": case.received_at.isoformat(), "effective_on": case.effective_on.isoformat(), "policy": case.policy}
    return Step(StepCode.RECEIVED, at, by, facts)


def _must_be_decidable(case: HospitalChange) -> None:
    if case.status == Status.SUBMITTED:
        raise NeedsAnotherOfficer(case)
    if not case.is_undecided:
        raise SomeoneElseDecided(case)


def _must_wait_for_another(case: HospitalChange, by: str) -> None:
    if case.status != Status.SUBMITTED:
        raise SomeoneElseDecided(case)
    if by == case.entered_by:
        raise NeedsAnotherOfficer(case)
