"""Telling that something in the record is wrong, following it, and the officers' answer.

Decided:
- One transaction holds everything: the look for the same key (a double click gets the same correction back), the count of open ones and the
  rule, then the correction with its history. Writers wait for each other there, so two taps cannot both pass the limit.
- Officers see masked names until they take one; taking writes their name into its history. Somebody else may still answer: whoever is
  first counts, the other meets SomeoneElseSettledIt. The same answer sent twice by the same officer is one answer. Nobody takes or answers
  their own.
- Beside the report stands what the record says of those months, like months drawn together: years of the same wage are one line.
- What is answered or withdrawn is forgotten KEEP_DAYS later with its history: long enough to be looked up when a later month is doubted,
  and no longer. What is open stays.
- An answer is a reminder, planned in the transaction that writes it: on the person's phones it says that there is news, and no more.
Put aside: asking the person for a further paper from here: that is the claims' way, and "tell us again when you have it" is an answer.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from webapp.actions import audit, helpers
from webapp.actions.hospital_change import new_reference
from webapp.actions.officers import NobodyDecidesTheirOwnCase, officers_named
from webapp.domain import correction as rule
from webapp.domain.assessment import Reason, Refusal
from webapp.domain.audit import Act
from webapp.domain.correction import Answer, Correction, Moved, SomeoneElseSettledIt, Status, Step, StepCode, Told
from webapp.domain.dates import add_months, first_of_month, months_between
from webapp.domain.helper_grant import Asking
from webapp.domain.hospital_change_dates import Countdown, countdown
from webapp.domain.person import Person
from webapp.domain.reminder import correction_answered
from webapp.domain.retention import period_of
from webapp.ports import ContributionRow, Name, Officer, Tools

PREFIX = "RC"
KEEP_DAYS = period_of("corrections").days
LONGEST_WORDS = 300
ON_A_PAGE = 50


# The person


def send(tools: Tools, person_id: str, key: str, told: Told, helper_id: str | None = None) -> Correction | Refusal:
    """Tell the office, as the person or as a helper for them. The same key of the same person gets the same correction again."""
    with tools.store.transaction():
        sent: Correction | None = tools.store.correction_by_key(person_id, key)
        if sent is not None:
            return sent
        answer = _send(tools, person_id, key, told, Asking(person_id, helper_id).by)
        if isinstance(answer, Correction):
            helpers.tell_of_sending(tools, person_id, helper_id)
    return answer


def send_vouched(tools: Tools, person_id: str, told: Told, by: str) -> Correction | Refusal:
    """What the State's own word says (domain/correction.py::VOUCHED), sent by the person or by the officer who noted it; inside the
    transaction of what it tells of. One that waits for the same part gives way: nobody is to put an older word right at its source."""
    for earlier in open_of(tools, person_id):
        if earlier.report.about is told.about:
            after, steps = rule.withdraw(earlier, tools.clock.now(), by)
            tools.store.update_correction(earlier, after, steps)
            audit.note_steps(tools, Act.CORRECTION_STEP, person_id, earlier.reference, steps)
    return _send(tools, person_id, secrets.token_urlsafe(18), told, by)


def _send(tools: Tools, person_id: str, key: str, told: Told, by: str) -> Correction | Refusal:
    born, open_now = _birth_date(tools, person_id), len(open_of(tools, person_id))
    answer = rule.send(new_reference(PREFIX), person_id, told, tools.clock.now(), born, open_now, by)
    if isinstance(answer, Refusal):
        return answer
    correction, steps = answer
    tools.store.add_correction(correction, steps, key)
    audit.note_steps(tools, Act.CORRECTION_STEP, person_id, correction.reference, steps)
    return correction


def look_over(tools: Tools, person_id: str, told: Told) -> tuple[Reason, ...]:
    """What sending this now would meet."""
    return rule.reasons_about(told, tools.clock.today(), _birth_date(tools, person_id), len(open_of(tools, person_id)))


def _birth_date(tools: Tools, person_id: str) -> date | None:
    name: Name | None = tools.store.name_of(person_id)
    return name.birth_date if name else None


def corrections_of(tools: Tools, person_id: str) -> list[Correction]:
    """All of a person's, newest first."""
    found: list[Correction] = tools.store.corrections_of(person_id)
    return found


def open_of(tools: Tools, person_id: str) -> list[Correction]:
    return [one for one in corrections_of(tools, person_id) if one.is_open]


def correction_of(tools: Tools, person_id: str, reference: str) -> Correction | None:
    """This person's under that reference; another's and none at all answer alike."""
    found: Correction | None = tools.store.correction(reference)
    return found if found is not None and found.person_id == person_id else None


def withdraw(tools: Tools, person_id: str, reference: str, helper_id: str | None = None) -> Correction | None:
    """Take an open one back; None for another's. Twice is once. Raises SomeoneElseSettledIt after an answer."""
    with tools.store.transaction():
        before = correction_of(tools, person_id, reference)
        if before is None or before.status is Status.WITHDRAWN:
            return before
        after, steps = rule.withdraw(before, tools.clock.now(), by=Asking(person_id, helper_id).by)
        tools.store.update_correction(before, after, steps)
        audit.note_steps(tools, Act.CORRECTION_STEP, person_id, reference, steps)
        helpers.tell_of_sending(tools, person_id, helper_id)
    return after


def forget_settled(tools: Tools) -> int:
    """Drop what was answered or withdrawn more than KEEP_DAYS ago; returns how many. For the worker."""
    gone: int = tools.store.forget_settled_corrections(tools.clock.now() - timedelta(days=KEEP_DAYS))
    return gone


# The officers' list, beside the record


@dataclass(frozen=True)
class Paid:
    """What the record says of one month from one employer; `wage` baht, None where it does not say."""

    wage: Decimal | None
    section: str
    employer_name: str


@dataclass(frozen=True)
class RecordedMonths:
    """Months in a row of which the record says the same; `paid` empty: nothing is in the record."""

    first: date
    last: date
    paid: tuple[Paid, ...]


@dataclass(frozen=True)
class Row:
    """One in the list beside the record: `recorded` the months in question, `person` where it is about none. `in_hands_of` took it or, once
    answered, answered it."""

    correction: Correction
    person: Person | None
    name: Name | None
    recorded: tuple[RecordedMonths, ...]
    in_hands_of: Officer | None
    waiting: Countdown
    is_own: bool


@dataclass(frozen=True)
class Waiting:
    """One page of those that wait, oldest first, and what was answered today, latest first."""

    rows: tuple[Row, ...]
    answered_today: tuple[Row, ...]
    count: int
    page: int
    pages: int


def waiting(tools: Tools, officer: Officer, page: int = 1) -> Waiting:
    """Page `page` (from 1; one beyond the end shows the last)."""
    count = tools.store.count_open_corrections()
    pages = max(1, -(-count // ON_A_PAGE))
    page = min(max(page, 1), pages)
    waits = tools.store.open_corrections(limit=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE)
    answered = tools.store.corrections_answered_on(tools.clock.today(), limit=ON_A_PAGE)
    return Waiting(_rows(tools, officer, waits), _rows(tools, officer, answered), count, page, pages)


def _rows(tools: Tools, officer: Officer, corrections: Sequence[Correction]) -> tuple[Row, ...]:
    names = tools.store.names_of(one.person_id for one in corrections)
    last_by = {one.reference: tools.store.steps_of_correction(one.reference)[-1].by for one in corrections}
    officers = officers_named(tools, last_by.values())
    return tuple(
        Row(
            correction=one,
            person=None if one.report.first_month else tools.store.person(one.person_id),
            name=names.get(one.person_id),
            recorded=_recorded(tools, one, around=0),
            in_hands_of=officers.get(last_by[one.reference]),
            waiting=countdown(one.sent_at, tools.clock.now()),
            is_own=one.person_id == officer.person_id,
        )
        for one in corrections
    )


# One of them


@dataclass(frozen=True)
class CorrectionView:
    """A report beside the record. The whole name is shown after this officer took or answered it."""

    correction: Correction
    person: Person
    name: Name
    name_may_be_shown: bool
    recorded: tuple[RecordedMonths, ...]
    steps: tuple[Step, ...]
    officers: dict[str, Officer]
    taken_by: Officer | None


def look_at(tools: Tools, officer: Officer, reference: str) -> CorrectionView | None:
    """None for an unknown reference. Raises NobodyDecidesTheirOwnCase."""
    one = _correction(tools, officer, reference)
    person, name = (tools.store.person(one.person_id), tools.store.name_of(one.person_id)) if one else (None, None)
    if one is None or person is None or name is None:
        return None
    steps = tuple(tools.store.steps_of_correction(reference))
    officers = officers_named(tools, (step.by for step in steps))
    taker = next((step.by for step in reversed(steps) if step.code is StepCode.TAKEN), "")
    return CorrectionView(
        correction=one,
        person=person,
        name=name,
        name_may_be_shown=any(step.by == officer.id for step in steps),
        recorded=_recorded(tools, one, around=1),
        steps=steps,
        officers=officers,
        taken_by=officers.get(taker) if one.is_open else None,
    )


def correction_named(tools: Tools, officer: Officer, reference: str) -> Correction | None:
    """The report alone, for who is about to open it. Raises NobodyDecidesTheirOwnCase."""
    return _correction(tools, officer, reference)


def _recorded(tools: Tools, one: Correction, around: int) -> tuple[RecordedMonths, ...]:
    """What the record says of the months in question and of `around` more on either side; none where the report names no month."""
    first, last, this_month = one.report.first_month, one.report.last_month, first_of_month(tools.clock.today())
    if first is None:
        return ()
    since, until = add_months(first, -around), min(add_months(last or first, around), this_month)
    record: Sequence[ContributionRow] = tools.store.contributions_of(one.person_id, since, until)
    return recorded_months(record, since, until)


def recorded_months(record: Sequence[ContributionRow], first: date, last: date) -> tuple[RecordedMonths, ...]:
    """The months from `first` to `last`, those next to each other drawn together where the record says the same of them."""
    by_month = {
        month: tuple(Paid(row.wage, row.section, row.employer_name) for row in rows)
        for month, rows in groupby(record, key=lambda row: row.month)
    }
    months = (add_months(first, count) for count in range(months_between(first, last) + 1))
    runs = [(paid, list(run)) for paid, run in groupby(months, key=lambda month: by_month.get(f"{month:%Y-%m}", ()))]
    return tuple(RecordedMonths(run[0], run[-1], paid) for paid, run in runs)


def take(tools: Tools, officer: Officer, reference: str) -> Correction | None:
    """The officer's name goes into the history, once. None for an unknown reference; raises as `settle` does."""

    def transition(one: Correction) -> Moved:
        taken = any(step.by == officer.id for step in tools.store.steps_of_correction(reference))
        return (one, ()) if taken else rule.take(one, tools.clock.now(), officer.id)

    return _move(tools, officer, reference, transition)


def settle(tools: Tools, officer: Officer, reference: str, answer: Answer, words: str) -> Correction | None:
    """Answer it. None for an unknown reference. Raises SomeoneElseSettledIt or NobodyDecidesTheirOwnCase."""

    def transition(one: Correction) -> Moved:
        if (one.answer, one.words) == (answer, words) and tools.store.steps_of_correction(reference)[-1].by == officer.id:
            return one, ()
        return rule.settle(one, answer, words, tools.clock.now(), officer.id)

    return _move(tools, officer, reference, transition)


def _move(tools: Tools, officer: Officer, reference: str, transition: Callable[[Correction], Moved]) -> Correction | None:
    """One transition in one transaction."""
    with tools.store.transaction():
        before = _correction(tools, officer, reference)
        if before is None:
            return None
        after, steps = transition(before)
        if steps:
            tools.store.update_correction(before, after, steps)
            audit.note_steps(tools, Act.CORRECTION_STEP, after.person_id, reference, steps)
            if after.status in rule.ANSWERED:
                tools.store.plan_for_people(correction_answered(reference, tools.clock.now()), [after.person_id])
    return after


def _correction(tools: Tools, officer: Officer, reference: str) -> Correction | None:
    one: Correction | None = tools.store.correction(reference)
    if one is not None and one.person_id == officer.person_id:
        raise NobodyDecidesTheirOwnCase
    return one


@dataclass(frozen=True)
class WhoSettledIt:
    """The step that came between; `officer` None where the person withdrew it."""

    correction: Correction
    step: Step
    officer: Officer | None


def who_settled_it(tools: Tools, meanwhile: SomeoneElseSettledIt) -> WhoSettledIt:
    """Who was first, when and with what."""
    step = tools.store.steps_of_correction(meanwhile.correction.reference)[-1]
    return WhoSettledIt(meanwhile.correction, step, tools.store.officer(step.by))
