"""A claim that is not sent yet: begun from a check or afresh, kept after each answer, taken up again on any phone.

Decided: a draft has its reference from the start, and keeps it when it is sent. So papers can be given before, and sending twice finds the
first one by the reference alone: no second key is needed. Drafts are a person's, never a browser's: a claim begins signed in.
The whole account number stands in the draft, sealed, until it is sent; a page shows the last digits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from stdnum.th import pin

from webapp.actions import claim_papers, documents
from webapp.actions.claim_sums import plain_answers
from webapp.actions.hospital_change import ALPHABET, HEARD_AS, person_owner
from webapp.actions.number_lookup import is_number
from webapp.domain.answers import NOT_SURE, AnswersNotUnderstood, read_answers
from webapp.domain.benefits.catalogue import FIRST_DAY
from webapp.domain.claim_amount import claim_by
from webapp.domain.claim_questions import KINDS, ON, Asks, ClaimKind, ClaimQuestion
from webapp.domain.claim_reminders import about_draft
from webapp.domain.dates import same_day_in_months, thai_digits_to_arabic
from webapp.domain.payment import Account, Payment, Way
from webapp.domain.person import NumberKind, Person
from webapp.ports import Name, Tools

PREFIX = "CL"
DRAFT = "claim:"
MOST_DRAFTS = 10
LONGEST_WORDS = 120
LETTERS, BITS_OF_A_LETTER = 12, 5


@dataclass(frozen=True)
class Draft:
    """`account` holds every digit; `without_papers` the codes of those that cannot be given; `papers_seen`: the page of papers was left
    behind."""

    reference: str
    kind: str
    answers: Mapping[str, str] = field(default_factory=dict)
    way: Way | None = None
    bank: str = ""
    account: str = ""
    without_papers: tuple[str, ...] = ()
    papers_seen: bool = False

    @property
    def asks(self) -> ClaimKind:
        return KINDS[self.kind]

    @property
    def given(self) -> dict[str, str]:
        """What is still asked."""
        return plain_answers(self.answers, self.kind)

    @property
    def is_payable(self) -> bool:
        return self.way is not None and (self.way is not Way.BANK or bool(self.account))

    @property
    def next_step(self) -> str:
        """A question's name, or pay, account, papers, check: where to carry on."""
        question = self.asks.next_question(self.given)
        if question is not None:
            return question.name
        if not self.is_payable:
            return "account" if self.way is Way.BANK else "pay"
        return "check" if self.papers_seen else "papers"

    @property
    def payment(self) -> Payment:
        """As it travels with the claim. Raises ValueError before a way is chosen."""
        if self.way is None:
            raise ValueError("no way of being paid yet")
        if self.way is not Way.BANK:
            return Payment(self.way)
        mark = hashlib.sha256(f"{self.reference}:{self.bank}:{self.account}".encode()).hexdigest()[:16]
        return Payment(self.way, self.bank, Account(self.bank, self.account).last_digits, mark)

    def answered(self, name: str, answer: str) -> Draft:
        return replace(self, answers={**self.answers, name: answer})


# Keeping


def read_reference(typed: str) -> str:
    """The reference somebody typed or wrote down, in the form it is kept in."""
    letters = typed.upper().translate(HEARD_AS)
    if len(letters) > LETTERS:
        letters = letters.removeprefix(PREFIX.translate(HEARD_AS))
    if len(letters) != LETTERS or not set(letters) <= set(ALPHABET):
        return typed
    return "-".join((PREFIX, letters[:4], letters[4:8], letters[8:]))


def drafts_of(tools: Tools, person_id: str) -> list[Draft]:
    """All of a person's."""
    kept: dict[str, dict[str, Any]] = tools.store.drafts_of(person_owner(person_id))
    return [_read(facts) for kind, facts in kept.items() if kind.startswith(DRAFT)]


def _reference_for(person_id: str, key: str) -> str:
    """60 bits of the key, and of whose it is: nobody begins a draft under the reference of another's."""
    number = int.from_bytes(hashlib.sha256(f"{person_id}:{key}".encode()).digest())
    letters = "".join(ALPHABET[number >> BITS_OF_A_LETTER * place & len(ALPHABET) - 1] for place in range(LETTERS))
    return read_reference(PREFIX + letters)


def draft_of(tools: Tools, person_id: str, reference: str) -> Draft | None:
    """This person's; another's and none at all answer alike."""
    kept = tools.store.draft(person_owner(person_id), DRAFT + read_reference(reference))
    return _read(kept) if kept else None


def begin(tools: Tools, person_id: str, kind: str, typed: Mapping[str, str], key: str) -> Draft | None:
    """A new draft with what a check has answered already, as far as it can be read; the same key of the same person gets the same draft
    again, also where it is sent by now. None where too many wait."""
    reference = _reference_for(person_id, key)
    with tools.store.transaction():
        if begun := draft_of(tools, person_id, reference):
            return begun
        if tools.store.claim(reference) is not None:
            return Draft(reference, kind)
        if len(drafts_of(tools, person_id)) >= MOST_DRAFTS:
            return None
        name: Name | None = tools.store.name_of(person_id)
        draft = _prefilled(tools, Draft(reference, kind), typed, name.pid if name else "")
        keep(tools, person_id, draft)
    return draft


def keep(tools: Tools, person_id: str, draft: Draft) -> None:
    """Kept for as long as drafts are (domain/retention.py), from now; the reminders before its last day to claim are planned anew. Nothing
    happens where it was sent meanwhile: the claim stands, and so does what is planned for it."""
    with tools.store.transaction():
        if tools.store.claim(draft.reference) is not None:
            return
        tools.store.keep_draft(person_owner(person_id), DRAFT + draft.reference, _facts(draft), tools.clock.machine_time())
        event_on = day_in(draft.given.get(ON, ""))
        standing = about_draft(draft.reference, claim_by(event_on, tools.law_book) if event_on else None, tools.clock.now())
        for reminder in standing:
            tools.store.plan_for_people(reminder, [person_id])
        tools.store.cancel_reminders(draft.reference, keep=[f"{one.key}:{person_id}" for one in standing])


def drop(tools: Tools, person_id: str, reference: str) -> None:
    """Thrown away, with the papers given for it. Nothing happens where there is none, or where it was sent: the papers are the claim's."""
    gone: list[str] = []
    with tools.store.transaction():
        if draft_of(tools, person_id, reference) is not None and tools.store.claim(reference) is None:
            forget(tools, person_id, reference)
            gone = claim_papers.drop(tools, reference)
    documents.drop_files(tools, gone)


def forget(tools: Tools, person_id: str, reference: str) -> None:
    """Inside the transaction that sends it: the papers go on with the claim."""
    tools.store.drop_draft(person_owner(person_id), DRAFT + reference)
    tools.store.cancel_reminders(reference)


def _facts(draft: Draft) -> dict[str, Any]:
    return asdict(draft) | {"answers": dict(draft.answers), "without_papers": list(draft.without_papers)}


def _read(kept: Mapping[str, Any]) -> Draft:
    way = Way(kept["way"]) if kept["way"] else None
    return Draft(**{**kept, "way": way, "without_papers": tuple(kept["without_papers"])})


def _prefilled(tools: Tools, draft: Draft, typed: Mapping[str, str], own_number: str) -> Draft:
    """Question by question, so that one answer decides whether the next is asked; "not sure" only where a claim takes it."""
    for question in draft.asks.questions:
        answer = typed.get(question.name, "")
        if not answer or not question.asked_when(draft.answers) or (answer == NOT_SURE and not question.may_be_unsure):
            continue
        if fault_of(tools, draft, question, answer, own_number) is None:
            draft = draft.answered(question.name, as_kept(question, answer))
    return draft


# Reading an answer


def fault_of(tools: Tools, draft: Draft, question: ClaimQuestion, answer: str, own_number: str) -> str | None:
    """Why this answer cannot be taken, as a code; None where it can. Days are ISO text here."""
    if question.asks is Asks.NUMBER:
        number = read_number(answer)
        return "not_a_number" if number is None else "own_number" if number == own_number else None
    return _fault_of_text(tools, draft, question, answer)


def as_kept(question: ClaimQuestion, answer: str) -> str:
    """An answer without a fault in the one form it is kept and compared in, however it was typed."""
    if question.asks is Asks.WORDS:
        return answer
    if question.asks is Asks.DAY and (day := day_in(answer)):
        return day.isoformat()
    number = read_number(answer) if question.asks is Asks.NUMBER else None
    return number or thai_digits_to_arabic(answer)


def read_number(typed: str) -> str | None:
    """13 digits of a citizen or of a social-security card; Thai digits, spaces and hyphens are taken."""
    number = pin.compact(thai_digits_to_arabic(typed).strip())
    return number if is_number(number, NumberKind.SOCIAL_SECURITY) else None


def _fault_of_text(tools: Tools, draft: Draft, question: ClaimQuestion, answer: str) -> str | None:
    if not answer:
        return "missing"
    if answer == NOT_SURE and (question.may_be_unsure or NOT_SURE in question.choices):
        return None
    if question.asks is Asks.DAY:
        return _fault_of_day(tools, question, answer)
    if question.asks is Asks.WORDS:
        return "too_long" if len(answer) > LONGEST_WORDS else None
    if question.asks is Asks.NUMBER:
        return "missing" if read_number(answer) is None else None
    if question.of_checker is None:
        choices = question.choices or ("yes", "no")
        return None if answer in choices else "not_a_choice"
    on = day_in(draft.answers.get(ON, "")) or tools.clock.today()
    read = read_answers((question.of_checker,), {question.name: answer}, on, tools.law_book.on(on))
    return read.faults[question.name] if isinstance(read, AnswersNotUnderstood) else "missing" if answer == NOT_SURE else None


def _fault_of_day(tools: Tools, question: ClaimQuestion, answer: str) -> str | None:
    day, today = day_in(answer), tools.clock.today()
    if day is None:
        return "not_understood"
    if day < FIRST_DAY:
        return "too_long_ago"
    return "not_yet" if day > today else None


def day_in(text: str) -> date | None:
    """A day as ISO text; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# What the record already says


def day_from_record(tools: Tools, draft: Draft, question: ClaimQuestion, person: Person) -> date | None:
    """A day the record itself gives, to be confirmed: the first without work, or the first for old-age money; None where it gives none, or
    one that has not come."""
    if question.name != ON or draft.kind not in ("unemployment", "old_age") or person.insured_until is None:
        return None
    day = _day_after(person.insured_until)
    if draft.kind == "old_age":
        name: Name | None = tools.store.name_of(person.id)
        if name is None or name.birth_date is None:
            return None
        months = tools.law_book.on(tools.clock.today()).read("old_age.age", int) * 12
        day = max(day, same_day_in_months(name.birth_date, months))
    return day if FIRST_DAY <= day <= tools.clock.today() else None


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
