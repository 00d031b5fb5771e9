"""What officers do with hospital changes: the queue, one case, the decision.

Decided:
- The queue is the store's order by effective day and receipt: cases whose day has come undecided are the earliest days, so they stand
  first by themselves. A page holds 50 of them; each carries the rule's reasons, worked out as the person was told them: at the time of
  receipt, by the calendar as officers had it then. A window moved later changes no check of a request that came in before.
- Looking writes nothing. "Take this case" starts the review and puts the officer's id into the history; only from then on does that
  officer see the whole name. Somebody else may still decide: whoever is first counts, the other meets SomeoneElseDecided.
- The same decision sent twice by the same officer is one decision.
- No choice is chosen beforehand: naming the hospital *is* the decision. The day it starts is shown before and sent back with the form; if
  midnight has passed in between, nothing is written and the new day is shown.
- A hospital that will have left the scheme on the day it should start cannot be approved: the person would stand before a closed door.
- Nobody opens, decides or confirms their own case.
Put aside: locking a case for the officer who took it (people go home; a forgotten lock would cost somebody the day).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from webapp.actions import audit
from webapp.actions.calendar import rules_known_at, rules_now
from webapp.actions.hospital_change import StoredRegister, read_reference
from webapp.actions.reminders import follow_case
from webapp.domain import hospital_change as rule
from webapp.domain.assessment import Reason
from webapp.domain.audit import Act
from webapp.domain.hospital_change import Hospital, HospitalChange, Moved, RefusalReason, SomeoneElseDecided, Status, Step, StepCode, Wish
from webapp.domain.hospital_change_dates import Countdown, CutOff, Rules, countdown, cut_off_for
from webapp.domain.person import Person
from webapp.ports import CalendarChange, Name, Officer, Tools

ON_A_PAGE = 50
APPROVALS = frozenset({StepCode.APPROVED, StepCode.APPROVED_LATE})
DECISIONS = APPROVALS | {StepCode.REFUSED, StepCode.WITHDRAWN, StepCode.REOPENED}
ONE_DAY = timedelta(days=1)


class NobodyDecidesTheirOwnCase(RuntimeError):
    """The officer is the insured person of this case."""


class Show(StrEnum):
    """What the queue shows."""

    WAITING = "waiting"
    SECOND = "second"
    DONE = "done"


STATUSES = {Show.WAITING: (Status.RECEIVED, Status.UNDER_REVIEW), Show.SECOND: (Status.SUBMITTED,)}


def name_officer(tools: Tools, pid: str) -> bool:
    """False where this number already is an officer's."""
    with tools.store.transaction():
        added: bool = tools.store.add_officer(pid, tools.clock.now(), demo=False)
        if added:
            audit.note(tools, Act.OFFICER_NAMED, audit.OPERATOR)
    return added


# The queue


@dataclass(frozen=True)
class Row:
    """One case in the queue; `days_late` 0 while its day has not come; `in_hands_of` who took, entered or decided it."""

    case: HospitalChange
    name: Name | None
    reasons: tuple[Reason, ...]
    in_hands_of: Officer | None
    waiting: Countdown
    days_late: int
    is_own: bool

    @property
    def to_look_at(self) -> int:
        return sum(reason.met is not True for reason in self.reasons)


@dataclass(frozen=True)
class Group:
    """Cases that start on one day; `count` over all pages, `last_working_day` is the last one to decide on before that day."""

    starts: date
    is_late: bool
    last_working_day: date
    count: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Queue:
    """One page of the queue; what was done today stands in one group of its own, `groups` is empty then."""

    shows: Show
    groups: tuple[Group, ...]
    done: tuple[Row, ...]
    counts: dict[Show, int]
    page: int
    pages: int


def queue(tools: Tools, officer: Officer, shows: Show = Show.WAITING, page: int = 1) -> Queue:
    """Page `page` (from 1; one beyond the end shows the last)."""
    store, today = tools.store, tools.clock.today()
    by_day = {show: store.hospital_changes_by_day(*statuses) for show, statuses in STATUSES.items()}
    counts = {show: sum(days.values()) for show, days in by_day.items()} | {Show.DONE: store.count_decided_on(today)}
    pages = max(1, -(-counts[shows] // ON_A_PAGE))
    page = min(max(page, 1), pages)
    acted = DECISIONS if shows is Show.DONE else {StepCode.REVIEW_STARTED, StepCode.SUBMITTED}
    rows = _rows(tools, officer, _cases_on(tools, shows, (page - 1) * ON_A_PAGE), acted)
    if shows is Show.DONE:
        return Queue(shows, (), rows, counts, page, pages)
    return Queue(shows, _groups(rows, by_day[shows], rules_now(tools), today), (), counts, page, pages)


def _cases_on(tools: Tools, shows: Show, offset: int) -> list[HospitalChange]:
    store = tools.store
    if shows is Show.DONE:
        decided: list[HospitalChange] = store.hospital_changes_decided_on(tools.clock.today(), limit=ON_A_PAGE, offset=offset)
        return decided
    waiting: list[HospitalChange] = store.hospital_changes_with_status(*STATUSES[shows], limit=ON_A_PAGE, offset=offset)
    return waiting


def _groups(rows: Sequence[Row], by_day: dict[date, int], rules: Rules, today: date) -> tuple[Group, ...]:
    days = sorted({row.case.effective_on for row in rows})
    return tuple(
        Group(
            starts=day,
            is_late=day <= today,
            last_working_day=_last_working_day_before(day, rules),
            count=by_day.get(day, 0),
            rows=tuple(row for row in rows if row.case.effective_on == day),
        )
        for day in days
    )


def _last_working_day_before(day: date, rules: Rules) -> date:
    day -= ONE_DAY
    while not rules.working_days.is_working_day(day):
        day -= ONE_DAY
    return day


def _rows(tools: Tools, officer: Officer, cases: Sequence[HospitalChange], acted: Collection[StepCode]) -> tuple[Row, ...]:
    names = tools.store.names_of(case.person_id for case in cases)
    in_hand = [case.reference for case in cases if case.status is not Status.RECEIVED]
    by = tools.store.last_acted_on(in_hand, *acted)
    officers = officers_named(tools, by.values())
    approved, register = tools.store.calendar_changes("approved"), _RememberedRegister(StoredRegister(tools.store))
    today = tools.clock.today()
    return tuple(
        Row(
            case=case,
            name=names.get(case.person_id),
            reasons=reasons_of(tools, case, approved, register),
            in_hands_of=officers.get(by.get(case.reference, "")),
            waiting=countdown(case.received_at, tools.clock.now()),
            days_late=(today - case.effective_on).days + 1 if rule.undecided_on_the_day(case, today) else 0,
            is_own=case.person_id == officer.person_id,
        )
        for case in cases
    )


def officers_named(tools: Tools, ids: Any) -> dict[str, Officer]:
    """Officers by id; what is no officer's id (a person, the worker) is left out."""
    return {one: found for one in dict.fromkeys(ids) if (found := tools.store.officer(one)) is not None}


def next_case(tools: Tools, officer: Officer) -> str | None:
    """The reference of the first case that nobody has taken and that is not this officer's own."""
    found: str | None = tools.store.next_hospital_change(str(Status.RECEIVED), officer.person_id)
    return found


class _RememberedRegister:
    """A page asks for the same few hospitals and borders again and again."""

    def __init__(self, register: StoredRegister) -> None:
        self._register = register
        self._hospitals: dict[str, Hospital | None] = {}
        self._borders: dict[tuple[str, str], bool] = {}

    def hospital(self, hospital_id: str) -> Hospital | None:
        if hospital_id not in self._hospitals:
            self._hospitals[hospital_id] = self._register.hospital(hospital_id)
        return self._hospitals[hospital_id]

    def adjoins(self, province: str, other: str) -> bool:
        pair = (province, other)
        if pair not in self._borders:
            self._borders[pair] = self._register.adjoins(province, other)
        return self._borders[pair]


def reasons_of(tools: Tools, case: HospitalChange, approved: Sequence[CalendarChange], register: rule.Register) -> tuple[Reason, ...]:
    """Every condition of a case as it stood at the time of receipt, on the record as it stands now."""
    kept: Person | None = tools.store.person(case.person_id)
    if kept is None:
        return ()
    person = replace(kept, hospital_id=case.hospital_from)
    others = tools.store.hospital_changes_of(case.person_id)
    earlier = [other for other in others if other.reference != case.reference and other.received_at <= case.received_at]
    rules = rules_known_at(tools, case.entered_at or case.received_at, approved)
    at, wish = case.received_at, wish_of(case)
    return (
        *rule.reasons_about_cause(person, wish, at, rules, register, earlier),
        *rule.reasons_about_person(person, at, rules, earlier),
        *rule.reasons_about_choices(person, wish, at, rules, register),
    )


def wish_of(case: HospitalChange) -> Wish:
    """What was asked for; without the declaration a request is never taken."""
    return Wish(case.cause, case.choices, not_an_in_patient=True, moved_on=case.moved_on, moved_to=case.moved_to, note=case.note)


# One case


@dataclass(frozen=True)
class Choice:
    """One of the hospitals asked for; `serves` tells whether it treats insured people on the day it would start."""

    rank: int
    hospital_id: str
    hospital: Hospital | None
    serves: bool


@dataclass(frozen=True)
class CaseView:
    """A case beside the record. An approval given now takes effect on `starts`; the whole name is shown after this officer acted on it."""

    case: HospitalChange
    person: Person
    name: Name
    name_may_be_shown: bool
    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...]
    officers: dict[str, Officer]
    cut_off: CutOff
    choices: tuple[Choice, ...]
    starts: date
    is_late: bool
    taken_by: Officer | None


def look_at(tools: Tools, officer: Officer, typed: str) -> CaseView | None:
    """Everything an officer sees before deciding; writes nothing. Raises NobodyDecidesTheirOwnCase."""
    case = _case(tools, officer, typed)
    store, now, rules = tools.store, tools.clock.now(), rules_now(tools)
    person, name = (store.person(case.person_id), store.name_of(case.person_id)) if case else (None, None)
    if case is None or person is None or name is None:
        return None
    steps, register = tuple(store.steps_of(case.reference)), StoredRegister(store)
    officers = officers_named(tools, (step.by for step in steps))
    taker = next((step.by for step in reversed(steps) if step.code is StepCode.REVIEW_STARTED), "")
    starts = _start_if_approved_now(case, tools, rules)
    return CaseView(
        case=case,
        person=person,
        name=name,
        name_may_be_shown=any(step.by == officer.id for step in steps),
        reasons=reasons_of(tools, case, store.calendar_changes("approved"), register),
        steps=steps,
        officers=officers,
        cut_off=cut_off_for(case.received_at, rules_known_at(tools, case.entered_at or case.received_at)),
        choices=tuple(_choice(register, rank, choice, starts) for rank, choice in enumerate(case.choices, start=1)),
        starts=starts,
        is_late=rule.undecided_on_the_day(case, now.date()),
        taken_by=officers.get(taker) if case.status is Status.UNDER_REVIEW else None,
    )


def case_named(tools: Tools, officer: Officer, typed: str) -> HospitalChange | None:
    """The case alone, for who is about to open it. Raises NobodyDecidesTheirOwnCase."""
    return _case(tools, officer, typed)


def _choice(register: rule.Register, rank: int, hospital_id: str, starts: date) -> Choice:
    hospital = register.hospital(hospital_id)
    return Choice(rank, hospital_id, hospital, hospital is not None and hospital.is_in_scheme(starts))


def _start_if_approved_now(case: HospitalChange, tools: Tools, rules: Rules) -> date:
    if case.status not in STATUSES[Show.WAITING]:
        return case.effective_on
    return rule.approve(case, 1, tools.clock.now(), "", rules)[0].effective_on


def _case(tools: Tools, officer: Officer, typed: str) -> HospitalChange | None:
    case: HospitalChange | None = tools.store.hospital_change(read_reference(typed))
    if case is not None and case.person_id == officer.person_id:
        raise NobodyDecidesTheirOwnCase
    return case


# Deciding


@dataclass(frozen=True)
class StartsOtherwise:
    """Nothing was written: an approval now starts on another day than the one shown."""

    starts: date


@dataclass(frozen=True)
class WillHaveLeft:
    """Nothing was written: this choice does not treat insured people on the day it would start."""

    rank: int
    starts: date


def take(tools: Tools, officer: Officer, reference: str) -> HospitalChange | None:
    """Start the review in this officer's name; None for an unknown reference. Raises as `approve` does."""
    return _move(tools, officer, reference, lambda case: rule.start_review(case, tools.clock.now(), officer.id), lambda steps: False)


def approve(
    tools: Tools, officer: Officer, reference: str, rank: int, start_shown: date
) -> HospitalChange | StartsOtherwise | WillHaveLeft | None:
    """Approve one of the choices (1 = first), if it starts on the day that was shown.

    Raises SomeoneElseDecided, NeedsAnotherOfficer (a paper time not confirmed yet), NobodyDecidesTheirOwnCase or NoSuchChoice.
    """
    now, rules = tools.clock.now(), rules_now(tools)
    stopped: list[StartsOtherwise | WillHaveLeft] = []

    def transition(case: HospitalChange) -> Moved:
        after, steps = rule.approve(case, rank, now, officer.id, rules)
        hospital = tools.store.hospital(after.hospital_to)
        if after.effective_on != start_shown:
            stopped.append(StartsOtherwise(after.effective_on))
        elif hospital is None or not hospital.is_in_scheme(after.effective_on):
            stopped.append(WillHaveLeft(rank, after.effective_on))
        return (case, ()) if stopped else (after, steps)

    def is_mine(steps: Sequence[Step]) -> bool:
        last = _last_decision(steps)
        return last is not None and last.by == officer.id and last.code in APPROVALS and last.facts["rank"] == rank

    after = _move(tools, officer, reference, transition, is_mine)
    return stopped[0] if stopped else after


def refuse(tools: Tools, officer: Officer, reference: str, reason: RefusalReason) -> HospitalChange | None:
    """Say no for a reason of the closed list. Raises as `approve` does."""

    def is_mine(steps: Sequence[Step]) -> bool:
        last = _last_decision(steps)
        return last is not None and (last.by, last.code, last.facts.get("reason")) == (officer.id, StepCode.REFUSED, reason)

    return _move(tools, officer, reference, lambda case: rule.refuse(case, reason, tools.clock.now(), officer.id), is_mine)


def confirm_paper_time(tools: Tools, officer: Officer, reference: str) -> HospitalChange | None:
    """The second officer agrees with the time on paper. Raises NeedsAnotherOfficer for the first one, else as `approve` does."""
    return _move(
        tools,
        officer,
        reference,
        lambda case: rule.confirm_paper_time(case, tools.clock.now(), officer.id),
        lambda steps: _has_settled_time(steps, officer) is StepCode.RECEIVED,
    )


def set_paper_time_aside(tools: Tools, officer: Officer, reference: str) -> HospitalChange | None:
    """The second officer does not agree: the request counts from the time it was entered. Raises as `confirm_paper_time` does."""
    return _move(
        tools,
        officer,
        reference,
        lambda case: rule.set_paper_time_aside(
            case, tools.clock.now(), officer.id, rules_known_at(tools, case.entered_at or case.received_at)
        ),
        lambda steps: _has_settled_time(steps, officer) is StepCode.PAPER_TIME_SET_ASIDE,
    )


def _has_settled_time(steps: Sequence[Step], officer: Officer) -> StepCode | None:
    """How this officer settled the time on paper as the second one, if at all."""
    own = [step.code for step in steps if step.by == officer.id and step.code in (StepCode.RECEIVED, StepCode.PAPER_TIME_SET_ASIDE)]
    return own[0] if own and steps[0].by != officer.id else None


def _last_decision(steps: Sequence[Step]) -> Step | None:
    return next((step for step in reversed(steps) if step.code in DECISIONS), None)


def _move(
    tools: Tools,
    officer: Officer,
    reference: str,
    transition: Callable[[HospitalChange], Moved],
    was_mine: Callable[[Sequence[Step]], bool],
) -> HospitalChange | None:
    """One transition in one transaction; the same answer of the same officer again changes nothing."""
    store = tools.store
    with store.transaction():
        before = _case(tools, officer, reference)
        if before is None:
            return None
        try:
            after, steps = transition(before)
        except SomeoneElseDecided:
            if was_mine(store.steps_of(before.reference)):
                return before
            raise
        if steps:
            store.update_hospital_change(before, after, steps)
            follow_case(tools, after, steps)
    return after


# What the second of two officers is told


@dataclass(frozen=True)
class WhoDecided:
    """The step that came between; `officer` None where the person withdrew or the worker acted."""

    case: HospitalChange
    step: Step | None
    officer: Officer | None


def who_decided(tools: Tools, case: HospitalChange) -> WhoDecided:
    """Who brought a case to where it is now, when and how."""
    steps: list[Step] = tools.store.steps_of(case.reference)
    last = steps[-1] if steps else None
    return WhoDecided(case, last, tools.store.officer(last.by) if last else None)
