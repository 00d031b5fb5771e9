"""A hospital change as the person asks for it: the draft, sending, following, withdrawing.

Decided:
- Answers live in a draft on the server, step after step, owned by a browser before sign-in and by the person after. What is sent is the
  draft, never fields of the last page: those only prove what the person was looking at. Where the dates or the answers are no longer the
  ones shown, nothing is sent and the page is shown again (`NotAsShown`): a new date is never swapped in silently.
- The time of receipt is taken before the transaction: whoever presses send at 16:29:59 must not lose the day to a queue for the store.
- One transaction holds everything: the look for the same key (a double click gets the same case back), the rule under the law of that
  moment, the case with its steps, and the end of the draft. Writers wait for each other there, so two taps cannot both pass the check;
  the indexes of the schema stand behind it.
- A reference has 60 random bits in Crockford's alphabet: no I, L, O or U, so that it survives being read aloud.
Put aside: the whole form carried from page to page in hidden fields (lost at sign-in, and hospitals would stand in every page).
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from webapp.actions import helpers
from webapp.actions.calendar import rules_known_at, rules_now
from webapp.actions.reminders import draft_is_gone, follow_case
from webapp.domain import hospital_change as rule
from webapp.domain.assessment import Reason, Refusal
from webapp.domain.helper_grant import Asking
from webapp.domain.hospital_change import (
    MOVES,
    Allowed,
    Cause,
    Hospital,
    HospitalChange,
    Leaving,
    Status,
    Step,
    StepCode,
    Wish,
    may_change_hospital,
)
from webapp.domain.hospital_change_dates import (
    Countdown,
    CutOff,
    MonthStrip,
    Rules,
    Standing,
    WindowNow,
    annual_standing,
    annual_window,
    countdown,
    cut_off_for,
    month_strip,
)
from webapp.domain.person import Person
from webapp.domain.retention import period_of
from webapp.ports import Store, Tools

DRAFT = "hospital_change"
DRAFT_DAYS = period_of("drafts").days
PERSON = "person:"
LONGEST_NOTE = 300
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "HC"
GROUPS, GROUP_LETTERS = 3, 4
HEARD_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})

log = logging.getLogger("sitthi")


# References


def new_reference(prefix: str = PREFIX) -> str:
    """HC- (or another prefix) and twelve letters or digits: 60 random bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP_LETTERS))
    return _grouped(letters, prefix)


def read_reference(typed: str) -> str:
    """The reference somebody typed or wrote down: any case, with or without hyphens, O for 0, I or L for 1."""
    return _grouped(typed.upper().translate(HEARD_AS).removeprefix(PREFIX))


def _grouped(letters: str, prefix: str = PREFIX) -> str:
    groups = (letters[start : start + GROUP_LETTERS] for start in range(0, len(letters), GROUP_LETTERS))
    return "-".join((prefix, *groups))


# The draft


@dataclass(frozen=True)
class Draft:
    """The answers so far; `choices` are register ids in the order wished, `moved_to` a province code."""

    cause: Cause | None = None
    not_an_in_patient: bool = False
    moved_on: date | None = None
    moved_to: str | None = None
    note: str = ""
    choices: tuple[str, ...] = ()

    @property
    def is_move(self) -> bool:
        return self.cause in MOVES

    @property
    def first_unfinished(self) -> str:
        """cause, move, note, hospitals or check: where to carry on."""
        if self.cause is None or not self.not_an_in_patient:
            return "cause"
        if self.is_move and (self.moved_on is None or self.moved_to is None):
            return "move"
        if self.cause is Cause.OTHER and not self.note:
            return "note"
        return "check" if self.choices else "hospitals"

    @property
    def wish(self) -> Wish:
        """What is asked for; what belongs to another cause is left out. Raises ValueError without a cause."""
        if self.cause is None:
            raise ValueError("no cause chosen yet")
        moved_on, moved_to = (self.moved_on, self.moved_to) if self.is_move else (None, None)
        note = self.note if self.cause is Cause.OTHER else ""
        return Wish(self.cause, self.choices, self.not_an_in_patient, moved_on, moved_to, note)

    @property
    def mark(self) -> str:
        """Changes whenever an answer does: tells whether a page shows this draft."""
        answers = json.dumps(_answers(self), sort_keys=True)
        return hashlib.sha256(answers.encode()).hexdigest()[:16]

    def with_choice(self, hospital_id: str) -> Draft:
        """Added at the end; one already chosen stays where it is."""
        return self if hospital_id in self.choices else replace(self, choices=(*self.choices, hospital_id))

    def without_choice(self, hospital_id: str) -> Draft:
        return replace(self, choices=tuple(choice for choice in self.choices if choice != hospital_id))

    def moved(self, hospital_id: str, by: int) -> Draft:
        """One place up (-1) or down (1); past either end nothing changes."""
        if hospital_id not in self.choices:
            return self
        here = self.choices.index(hospital_id)
        there = min(max(here + by, 0), len(self.choices) - 1)
        others = [choice for choice in self.choices if choice != hospital_id]
        return replace(self, choices=(*others[:there], hospital_id, *others[there:]))


def person_owner(person_id: str) -> str:
    return PERSON + person_id


def draft_of(tools: Tools, owner: str) -> Draft | None:
    """The draft of a person or a browser; None where nothing was begun."""
    kept = tools.store.draft(owner, DRAFT)
    return _read_draft(kept) if kept else None


def keep_draft(tools: Tools, owner: str, draft: Draft) -> None:
    """Kept for DRAFT_DAYS from now."""
    tools.store.keep_draft(owner, DRAFT, _answers(draft), tools.clock.machine_time())


def drop_draft(tools: Tools, owner: str) -> None:
    """Nothing reminds of it any more."""
    with tools.store.transaction():
        tools.store.drop_draft(owner, DRAFT)
        if owner.startswith(PERSON):
            draft_is_gone(tools, owner.removeprefix(PERSON))


def _answers(draft: Draft) -> dict[str, Any]:
    """Only what was answered: at sign-in the answers of a browser are laid over the person's own, and a blank must not wipe one out."""
    moved_on = draft.moved_on.isoformat() if draft.moved_on else None
    answers = asdict(draft) | {"moved_on": moved_on, "choices": list(draft.choices)}
    return {name: answer for name, answer in answers.items() if answer}


def _read_draft(kept: Mapping[str, Any]) -> Draft:
    return Draft(
        cause=Cause(kept["cause"]) if "cause" in kept else None,
        not_an_in_patient="not_an_in_patient" in kept,
        moved_on=date.fromisoformat(kept["moved_on"]) if "moved_on" in kept else None,
        moved_to=kept.get("moved_to"),
        note=kept.get("note", ""),
        choices=tuple(kept.get("choices", ())),
    )


# What stands now


@dataclass(frozen=True)
class StoredRegister:
    """The register as the rule asks for it."""

    store: Store

    def hospital(self, hospital_id: str) -> Hospital | None:
        return self.store.hospital(hospital_id)

    def adjoins(self, province: str, other: str) -> bool:
        return other in self.store.adjoining_provinces(province)


@dataclass(frozen=True)
class DatesNow:
    """Sent at `at`: the half month it counts in, what is left of it, the month as a strip, how the annual window stands, and when a request
    sent after this half month would start."""

    at: datetime
    cut_off: CutOff
    left: Countdown
    strip: MonthStrip
    window: WindowNow
    standing: Standing
    later_starts_on: date

    @property
    def safer_day_passed(self) -> bool:
        """The safer "file by" lies behind, though the published rule has not closed yet."""
        return self.cut_off.file_by <= self.at

    @property
    def send_before(self) -> datetime:
        """The moment to show: the safer one while it lies ahead, then the rule's own."""
        return self.cut_off.closes_at if self.safer_day_passed else self.cut_off.file_by


def dates_now(tools: Tools, at: datetime | None = None) -> DatesNow:
    """The dates of a request sent now (or at `at`), officers' changes of the calendar included."""
    at = at or tools.clock.now()
    rules = rules_now(tools)
    cut_off = cut_off_for(at, rules)
    send_before = cut_off.closes_at if cut_off.file_by <= at else cut_off.file_by
    return DatesNow(
        at=at,
        cut_off=cut_off,
        left=countdown(at, send_before),
        strip=month_strip(at, rules),
        window=annual_window(at.date(), rules),
        standing=annual_standing(at, rules),
        later_starts_on=cut_off_for(cut_off.closes_at, rules).effective_on,
    )


def most_choices(tools: Tools) -> int:
    """How many hospitals a request may name today."""
    return rules_now(tools).law_on(tools.clock.today()).read("hospital_change.choices", int)


def causes_for(tools: Tools, person: Person | None) -> tuple[Cause, ...]:
    """The causes to offer; what only the record can show is not offered to somebody unknown."""
    now, rules = tools.clock.now(), rules_now(tools)
    causes = rule.causes_offered(person or Person("", ""), now, rules, StoredRegister(tools.store))
    return causes if person else tuple(cause for cause in causes if cause is not Cause.FIRST_CHOICE)


def conditions_of(tools: Tools, person: Person) -> tuple[Reason, ...]:
    """What can be said about a person before anything is asked: section, months paid, another open request."""
    cases = tools.store.hospital_changes_of(person.id)
    return rule.reasons_about_person(person, tools.clock.now(), rules_now(tools), cases)


def reasons_so_far(tools: Tools, person: Person | None, draft: Draft) -> tuple[Reason, ...]:
    """What the answers of the first step can already tell, the record where it is known; a move without its date is not judged yet."""
    who, at, rules, register = person or Person("", ""), tools.clock.now(), rules_now(tools), StoredRegister(tools.store)
    cases = tools.store.hospital_changes_of(who.id)
    about_person = rule.reasons_about_person(who, at, rules, cases) if person else ()
    undated = draft.is_move and draft.moved_on is None
    about_cause = () if undated else rule.reasons_about_cause(who, draft.wish, at, rules, register, cases)
    about_stay = rule.reasons_about_choices(who, draft.wish, at, rules, register)
    return (*about_person, *about_cause, *(reason for reason in about_stay if reason.code == "not_an_in_patient"))


def area_for(person: Person | None, draft: Draft) -> frozenset[str]:
    """The provinces of home and work after the move the draft tells of; empty when nobody knows them."""
    wish = draft.wish if draft.cause else Wish(Cause.ANNUAL)
    return rule.area_of(person or Person("", ""), wish)


def lies_in_area(tools: Tools, province: str, area: frozenset[str]) -> bool:
    return rule.lies_in_area(province, area, StoredRegister(tools.store))


def leaving_for(tools: Tools, person: Person) -> Leaving | None:
    """What to tell somebody whose hospital leaves the scheme; None while it stays."""
    own = tools.store.hospital(person.hospital_id) if person.hospital_id else None
    return rule.leaving(own, rules_now(tools)) if own else None


def may_have_missed_window(tools: Tools, case: HospitalChange) -> bool:
    """An annual request of the last evening of its window that nobody has decided yet."""
    late = annual_standing(case.received_at, rules_known_at(tools, case.entered_at or case.received_at)) is Standing.PAST_CUT_OFF
    return case.window_key is not None and case.is_undecided and late


def look_over(tools: Tools, person: Person, draft: Draft) -> Allowed | Refusal:
    """What sending this draft now would answer."""
    return _judge(tools, person, draft, tools.clock.now(), rules_now(tools))


def _judge(tools: Tools, person: Person, draft: Draft, at: datetime, rules: Rules) -> Allowed | Refusal:
    cases = tools.store.hospital_changes_of(person.id)
    return may_change_hospital(person, draft.wish, at, rules, StoredRegister(tools.store), cases)


# Sending


@dataclass(frozen=True)
class Shown:
    """What the person saw when pressing send, as text that went into the page and came back."""

    effective_on: str
    file_by: str
    may_miss_window: str
    mark: str


@dataclass(frozen=True)
class NotAsShown:
    """Nothing was sent: the dates or the answers are others than those shown; the person looks and sends again."""

    allowed: Allowed
    dates_moved: bool
    answers_moved: bool


def shown(allowed: Allowed, draft: Draft) -> Shown:
    """What a page that shows these dates and answers carries."""
    return Shown(allowed.effective_on.isoformat(), allowed.file_by.isoformat(), "1" if allowed.may_miss_window else "", draft.mark)


def submit(
    tools: Tools, person_id: str, key: str, seen: Shown, helper_id: str | None = None, at: datetime | None = None
) -> HospitalChange | NotAsShown | Refusal | None:
    """Send the draft, as the person or as a helper for them, received `at` that time or now. The same key of the same person gets the same
    case again; None where there is no draft to send."""
    at = at or tools.clock.now()
    with tools.store.transaction():
        sent: HospitalChange | None = tools.store.hospital_change_by_key(person_id, key)
        if sent is not None:
            return sent
        person: Person | None = tools.store.person(person_id)
        draft = draft_of(tools, person_owner(person_id))
        if person is None or draft is None or draft.first_unfinished != "check":
            return None
        answer = _judge(tools, person, draft, at, rules_now(tools))
        if isinstance(answer, Refusal):
            return answer
        now = shown(answer, draft)
        if seen != now:
            dates_moved = replace(seen, mark=now.mark) != now
            return NotAsShown(answer, dates_moved, answers_moved=seen.mark != now.mark)
        case, steps = rule.submit(new_reference(), person, draft.wish, answer, by=Asking(person_id, helper_id).by)
        tools.store.add_hospital_change(case, steps, key)
        drop_draft(tools, person_owner(person_id))
        follow_case(tools, case, steps)
        helpers.tell_of_sending(tools, person_id, helper_id)
    return case


def withdraw(tools: Tools, person_id: str, reference: str, helper_id: str | None = None) -> HospitalChange | None:
    """Take an undecided request back; None for another's. Twice is once. Raises SomeoneElseDecided after a decision."""
    with tools.store.transaction():
        before = case_of(tools, person_id, reference)
        if before is None or before.status is Status.WITHDRAWN:
            return before
        after, steps = rule.withdraw(before, tools.clock.now(), by=Asking(person_id, helper_id).by)
        tools.store.update_hospital_change(before, after, steps)
        follow_case(tools, after, steps)
        helpers.tell_of_sending(tools, person_id, helper_id)
    return after


# Following


def case_of(tools: Tools, person_id: str, typed: str) -> HospitalChange | None:
    """This person's case under that reference; another's and none at all answer alike."""
    case: HospitalChange | None = tools.store.hospital_change(read_reference(typed))
    if case is None or case.person_id != person_id:
        return None
    if case.status is Status.WITH_THE_OFFICE:
        log.warning("a hospital change has a status this app does not know")
    return case


class State(StrEnum):
    DONE = "done"
    NOW = "now"
    FUTURE = "future"


class Waits(StrEnum):
    """Who acts next; nobody: only the day has to come."""

    OFFICER = "officer"
    ANOTHER_OFFICER = "another_officer"
    OFFICE = "office"
    NOBODY = "nobody"


RESULT, WITH_THE_OFFICE = "result", "with_the_office"


@dataclass(frozen=True)
class Item:
    """One line of the timeline. `code` is a step's code, "result" or "with_the_office"; `day` is the day something is to happen, `by` who
    took the step, as the history says."""

    code: str
    state: State
    at: datetime | None = None
    day: date | None = None
    waits_for: Waits | None = None
    is_late: bool = False
    facts: Mapping[str, str | int] = field(default_factory=dict)
    by: str = ""


def timeline(case: HospitalChange, steps: Sequence[Step], today: date) -> tuple[Item, ...]:
    """What happened, what the case waits for now and what comes after: for the person and the officer alike."""
    under_review = case.status is Status.UNDER_REVIEW
    done = [step for step in steps if not (under_review and step.code is StepCode.REVIEW_STARTED)]
    past = tuple(Item(step.code, State.DONE, step.at, facts=step.facts, by=step.by) for step in done)
    return past + _still_to_come(case, _opened_at(steps) if under_review else None, today)


def _opened_at(steps: Sequence[Step]) -> datetime | None:
    return next((step.at for step in reversed(steps) if step.code is StepCode.REVIEW_STARTED), None)


def _still_to_come(case: HospitalChange, opened_at: datetime | None, today: date) -> tuple[Item, ...]:
    late = rule.undecided_on_the_day(case, today)
    review, result = Item(StepCode.REVIEW_STARTED, State.FUTURE), Item(RESULT, State.FUTURE)
    starts = Item(StepCode.TOOK_EFFECT, State.FUTURE, day=None if late else case.effective_on)
    match case.status:
        case Status.SUBMITTED:
            return Item(StepCode.RECEIVED, State.NOW, waits_for=Waits.ANOTHER_OFFICER, is_late=late), review, result, starts
        case Status.RECEIVED | Status.UNDER_REVIEW:
            return replace(review, state=State.NOW, at=opened_at, waits_for=Waits.OFFICER, is_late=late), result, starts
        case Status.APPROVED:
            return (replace(starts, state=State.NOW, waits_for=Waits.NOBODY),)
        case Status.WITH_THE_OFFICE | Status.DRAFT:
            return (Item(WITH_THE_OFFICE, State.NOW, waits_for=Waits.OFFICE),)
        case Status.IN_EFFECT | Status.REFUSED | Status.WITHDRAWN:
            return ()


class NextThing(StrEnum):
    """The one thing to show a person first."""

    UNDECIDED_ON_THE_DAY = "undecided_on_the_day"
    WAIT_FOR_A_DECISION = "wait_for_a_decision"
    WAIT_FOR_ITS_DAY = "wait_for_its_day"
    ASK_THE_OFFICE = "ask_the_office"
    CARRY_ON = "carry_on"
    HOSPITAL_LEAVES = "hospital_leaves"
    READ_WHY_NOT = "read_why_not"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Summary:
    """A person's hospital change at a glance; `cases` newest first."""

    next_thing: NextThing
    open_case: HospitalChange | None
    last_decided: HospitalChange | None
    draft: Draft | None
    leaving: Leaving | None
    cases: tuple[HospitalChange, ...]


def summary(tools: Tools, person: Person) -> Summary:
    """For the home page, "my data" and the first page of the hospital change."""
    cases = tuple(tools.store.hospital_changes_of(person.id))
    open_case = next((case for case in cases if case.is_open), None)
    last_decided = next((case for case in cases if not case.is_open), None)
    draft, leaving = draft_of(tools, person_owner(person.id)), leaving_for(tools, person)
    if open_case is not None:
        next_thing = _about_open(open_case, tools.clock.today())
    elif draft is not None:
        next_thing = NextThing.CARRY_ON
    elif leaving is not None:
        next_thing = NextThing.HOSPITAL_LEAVES
    elif last_decided is not None and last_decided.status is Status.REFUSED:
        next_thing = NextThing.READ_WHY_NOT
    else:
        next_thing = NextThing.NOTHING
    return Summary(next_thing, open_case, last_decided, draft, leaving, cases)


def _about_open(case: HospitalChange, today: date) -> NextThing:
    if case.status is Status.WITH_THE_OFFICE:
        return NextThing.ASK_THE_OFFICE
    if case.status is Status.APPROVED:
        return NextThing.WAIT_FOR_ITS_DAY
    return NextThing.UNDECIDED_ON_THE_DAY if rule.undecided_on_the_day(case, today) else NextThing.WAIT_FOR_A_DECISION
