"""The counter: a paper form สปส. 9-02 becomes a request, judged at the time it was handed in.

Decided:
- The officer types the citizen number once; it is looked up by its HMAC and forgotten. From then on the draft names the person by the
  house's own id: no number stands in an address, a hidden field or a log.
- The answers are the citizen's own draft (actions/hospital_change.py) under another owner, so both ways ask the same and obey the
  same rule. What paper adds: whose it is, when it was handed in, and the reference it will get.
- That reference is also the key against a double click: it is rendered into the form, and a case that already bears it is the receipt.
- The time handed in and the time entered are both kept. Where a cut-off lies between them, the case waits for a second officer.
Put aside: a scan of the form (documents come with the claims), and taking papers of people who are not in the record (1506, the office).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from webapp.actions import audit, hospital_change
from webapp.actions.calendar import rules_now
from webapp.actions.hospital_change import Draft, StoredRegister, new_reference
from webapp.actions.number_lookup import person_with
from webapp.actions.reminders import follow_case
from webapp.domain import hospital_change as rule
from webapp.domain.assessment import Reason, Refusal
from webapp.domain.audit import ReadReason
from webapp.domain.hospital_change import Allowed, HospitalChange, Paper
from webapp.domain.person import NumberKind, Person
from webapp.ports import Name, Officer, Tools

KIND = "paper"


class Why(StrEnum):
    """Why a number leads nowhere."""

    NOT_A_NUMBER = "not_a_number"
    NOT_IN_THE_RECORD = "not_in_the_record"
    THEIR_OWN = "their_own"


@dataclass(frozen=True)
class NoForm:
    """No form was begun; `open_case` where the person already has a request under way."""

    why: Why | None
    open_case: HospitalChange | None = None


@dataclass(frozen=True)
class Form:
    """A paper form being entered: whose, the reference it will get, when it was handed in (None: not said yet), and the answers."""

    reference: str
    person: Person
    name: Name
    handed_in_at: datetime | None
    answers: Draft

    @property
    def first_unfinished(self) -> str:
        """form, hospitals or check."""
        if self.handed_in_at is None or self.answers.first_unfinished in ("cause", "move", "note"):
            return "form"
        return "hospitals" if not self.answers.choices else "check"


@dataclass(frozen=True)
class Seen:
    """What a form would become if sent now. `mark` changes with everything the officer is shown."""

    answer: Allowed
    needs_second_officer: bool
    mark: str


def begin(tools: Tools, officer: Officer, typed: str) -> Form | NoForm:
    """Find the person by the number typed (Thai digits, spaces and hyphens allowed); what was begun before is dropped."""
    found = [person_with(tools, typed, kind) for kind in NumberKind]
    if found[0] is None and not any(found):
        return NoForm(Why.NOT_A_NUMBER)
    person_id = next(filter(None, found), None)
    if person_id is None:
        return NoForm(Why.NOT_IN_THE_RECORD)
    if person_id == officer.person_id:
        return NoForm(Why.THEIR_OWN)
    with tools.store.transaction():
        audit.opened(tools, officer, person_id, "", ReadReason.PAPER_FORM, by_number=True)
    open_case = next((case for case in tools.store.hospital_changes_of(person_id) if case.is_open), None)
    if open_case is not None:
        return NoForm(None, open_case)
    with tools.store.transaction():
        drop(tools, officer)
        _keep_head(tools, officer, new_reference(), person_id, None)
    return _known(form_of(tools, officer))


def form_of(tools: Tools, officer: Officer) -> Form | None:
    """The form this officer is entering; None where there is none."""
    head = tools.store.draft(_owner(officer), KIND)
    person: Person | None = tools.store.person(head["person_id"]) if head else None
    name = tools.store.name_of(person.id) if person else None
    if head is None or person is None or name is None:
        return None
    handed_in_at = datetime.fromisoformat(head["handed_in_at"]) if head["handed_in_at"] else None
    answers = hospital_change.draft_of(tools, _answers_of(officer)) or Draft()
    return Form(head["reference"], person, name, handed_in_at, answers)


def keep(tools: Tools, officer: Officer, form: Form) -> None:
    """Keep the answers and the time handed in."""
    with tools.store.transaction():
        _keep_head(tools, officer, form.reference, form.person.id, form.handed_in_at)
        hospital_change.keep_draft(tools, _answers_of(officer), form.answers)


def drop(tools: Tools, officer: Officer) -> None:
    """Throw the form away."""
    tools.store.drop_draft(_owner(officer), KIND)
    hospital_change.drop_draft(tools, _answers_of(officer))


def about_the_person(tools: Tools, form: Form) -> tuple[Reason, ...]:
    """Section, months paid, no other open request: as at the time handed in, before that is said as of now."""
    at = form.handed_in_at or tools.clock.now()
    cases = tools.store.hospital_changes_of(form.person.id)
    return rule.reasons_about_person(form.person, at, rules_now(tools), cases)


def look_over(tools: Tools, form: Form) -> Seen | Refusal:
    """What sending this form now would answer. Raises ValueError while the form is not filled in."""
    if form.handed_in_at is None:
        raise ValueError("the time handed in is missing")
    rules = rules_now(tools)
    cases = tools.store.hospital_changes_of(form.person.id)
    wish, register = form.answers.wish, StoredRegister(tools.store)
    answer = rule.may_change_hospital(form.person, wish, form.handed_in_at, rules, register, cases)
    if isinstance(answer, Refusal):
        return answer
    second = rule.needs_second_officer(form.handed_in_at, tools.clock.now(), rules)
    return Seen(answer, second, _mark(form, answer, second))


def _mark(form: Form, answer: Allowed, second: bool) -> str:
    said = (form.answers.mark, answer.received_at.isoformat(), answer.effective_on.isoformat(), str(second))
    return hashlib.sha256("|".join(said).encode()).hexdigest()[:16]


def submit(tools: Tools, officer: Officer, reference: str, mark: str) -> HospitalChange | Seen | Refusal | None:
    """Enter the form. `Seen`: something is no longer as shown and nothing was written; None: there is no such form (any more)."""
    with tools.store.transaction():
        entered: HospitalChange | None = tools.store.hospital_change(reference)
        if entered is not None:
            return entered if entered.entered_by == officer.id else None
        form = form_of(tools, officer)
        if form is None or form.reference != reference or form.first_unfinished != "check":
            return None
        seen = look_over(tools, form)
        if isinstance(seen, Refusal) or seen.mark != mark:
            return seen
        paper = Paper(seen.answer.received_at, tools.clock.now(), officer.id, seen.needs_second_officer)
        case, steps = rule.submit(reference, form.person, form.answers.wish, seen.answer, by=officer.id, paper=paper)
        tools.store.add_hospital_change(case, steps, reference)
        follow_case(tools, case, steps)
        drop(tools, officer)
    return case


def _keep_head(tools: Tools, officer: Officer, reference: str, person_id: str, handed_in_at: datetime | None) -> None:
    at = handed_in_at.isoformat() if handed_in_at else ""
    head = {"reference": reference, "person_id": person_id, "handed_in_at": at}
    tools.store.keep_draft(_owner(officer), KIND, head, tools.clock.machine_time())


def _known(form: Form | None) -> Form:
    assert form is not None
    return form


def _owner(officer: Officer) -> str:
    return f"officer:{officer.id}"


def _answers_of(officer: Officer) -> str:
    return f"paper:{officer.id}"
