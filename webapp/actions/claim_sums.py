"""What a claim is worth now: its answers and the office's record, put to the rule of the benefit, by the law of the day of the event.

Decided: the record is read here, on the server, each time anew; nothing of a sum comes from a form. After a death the record that counts is
that of the one who died: an officer's sum uses it, the claimant is not shown it (a typed number must not open a stranger's record).
For how many other children the allowance is paid already is what the form says or what the person's own claims say, whichever is more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from webapp.actions.check_benefits import Recorded, recorded
from webapp.domain.answers import NOT_SURE, WAGES
from webapp.domain.assessment import Outcome, Reason
from webapp.domain.benefits.death import FUNERAL
from webapp.domain.claim import LEAVES_THE_EVENT_FREE, Claim, births_of
from webapp.domain.claim_amount import (
    CHILD_ALLOWANCE,
    ChildClaim,
    ChildQuestion,
    WorkedOut,
    child_claim,
    claim_by,
    day_to_judge,
    with_child_months,
    work_out,
)
from webapp.domain.claim_questions import KINDS, ON, Given
from webapp.domain.dates import in_bangkok
from webapp.domain.lawbook import NotKnown
from webapp.domain.person import Person
from webapp.ports import Name, Tools

OF_ANOTHER = frozenset({"death"})
"""The record that counts is not the claimant's."""


@dataclass(frozen=True)
class Worth:
    """`claim_by`: the last day to claim; None where the law of that day is not known. `children` for child allowance alone."""

    event_on: date
    claim_by: date | None
    worked_out: WorkedOut
    children: ChildClaim | None = None


@dataclass(frozen=True)
class Sent:
    """Of two claims sent at one moment the reference tells which counts as the first."""

    at: datetime
    reference: str


def worth_of(
    tools: Tools, kind: str, given: Given, person: Person, whose_record: Person | None, sent_at: datetime | None = None, reference: str = ""
) -> Worth:
    """`whose_record` None: no record is looked at; `sent_at` None: it would be sent now; `reference`: its own, once it has one. Needs every
    day of the event answered."""
    if kind == CHILD_ALLOWANCE:
        return _of_children(tools, given, person, Sent(sent_at or tools.clock.now(), reference))
    event_on = date.fromisoformat(given[ON])
    found = work_out(kind, event_on, _inputs(tools, kind, given, whose_record, event_on), tools.law_book)
    return Worth(event_on, claim_by(event_on, tools.law_book), _without_what_is_not_theirs(kind, given, found))


def record_that_counts(tools: Tools, kind: str, person: Person, deceased_id: str | None = None) -> Person | None:
    """The claimant's own; after a death that of the one who died, for officers, who alone know the id."""
    if kind not in OF_ANOTHER:
        return person
    return tools.store.person(deceased_id) if deceased_id else None


def _inputs(tools: Tools, kind: str, given: Given, whose: Person | None, on: date) -> dict[str, Any]:
    """Answers of the claim that the rule asks for, and what the record says; what nobody is sure of is left out."""
    asked = KINDS[kind]
    answered = {
        one.name: given[one.name]
        for one in asked.asked(given)
        if one.of_checker and one.name in given and given[one.name] != NOT_SURE
    }  # fmt: skip
    if given.get("other_parent_insured") == "no":
        answered["other_parent_claimed"] = "no"
    return {**(_of_record(tools, kind, whose, on) if whose else {}), **answered}


def _of_record(tools: Tools, kind: str, whose: Person, on: date) -> dict[str, Any]:
    name: Name | None = tools.store.name_of(whose.id)
    found: Recorded = recorded(tools, KINDS[kind].benefit, whose, on, name.birth_date if name else None)
    wages = [{"month": f"{paid.month:%Y-%m}", "wage": str(paid.wage)} for paid in found.wages]
    return {**found.answers, **({WAGES: wages} if wages else {})}


def _without_what_is_not_theirs(kind: str, given: Given, found: WorkedOut) -> WorkedOut:
    """The funeral grant is for whoever held the funeral."""
    if kind != "death" or given.get("held_funeral") == "yes":
        return found
    return replace(found, sums=tuple(one for one in found.sums if one.code != FUNERAL))


# Child allowance


def births(given: Given) -> tuple[date, ...]:
    """In order; only those that the answers still ask for."""
    asked = {one.name for one in KINDS[CHILD_ALLOWANCE].asked(given)}
    return tuple(sorted(date.fromisoformat(day) for day in births_of({name: given[name] for name in given if name in asked})))


def others_claimed_for(tools: Tools, person_id: str, sent: Sent) -> tuple[date, ...]:
    """The births of the person's other claims for this allowance that stand: those sent before this one, and those approved since, of which
    only as many count as are paid for, the youngest first. So two claims that wait do not count against each other."""
    others = [one for one in tools.store.claims_of(person_id) if one.kind == CHILD_ALLOWANCE and one.reference != sent.reference]
    standing = [one for one in others if one.status not in LEAVES_THE_EVENT_FREE]
    return tuple(day for one in standing for day in _births_that_count(one, sent))


def _births_that_count(other: Claim, sent: Sent) -> tuple[date, ...]:
    born = births(other.answers)
    if other.decision is not None and other.decision.approved and other.decision.worked_out is not None:
        found = other.decision.worked_out
        paid_for = max((run.children for run in found.months), default=0) if found.outcome is not None else len(born)
        return born[len(born) - min(paid_for, len(born)) :]
    return born if (other.sent_at, other.reference) < (sent.at, sent.reference) else ()


def _of_children(tools: Tools, given: Given, person: Person, sent: Sent) -> Worth:
    born, book, sent_on = births(given), tools.law_book, in_bangkok(sent.at).date()
    paid_now, others = int(given.get("children_paid_now", "0")), others_claimed_for(tools, person.id, sent)

    def suffices(month: date) -> bool:
        law = book.on(month)
        within, needed = (law.read(f"{CHILD_ALLOWANCE}.{key}", int) for key in ("months_paid_within", "months_paid"))
        return person.months_paid_in(within, before=month) >= needed

    asked = ChildQuestion(born, sent_on, tools.clock.today(), paid_now, suffices, others)
    try:
        months = child_claim(asked, book)
    except NotKnown:
        return Worth(born[0], None, WorkedOut(sent_on, None))
    on = max(day_to_judge(months, sent_on), born[0])
    inputs = {**_of_record(tools, CHILD_ALLOWANCE, person, on), "children": [{"birth_date": day.isoformat()} for day in born if day <= on]}
    found = with_child_months(work_out(CHILD_ALLOWANCE, on, inputs, book), months, tools.clock.today())
    if given.get("children_own") == "no":
        found = replace(found, outcome=Outcome.NOT_ENTITLED, sums=(), months=(), unmet=(*found.unmet, "children_own"))
    first_open = months.due[0].first if months.due else months.ends
    return Worth(born[0], claim_by(first_open, book), found, months)


def about_others(given: Given, worth: Worth) -> tuple[Reason, ...]:
    """More children were claimed for before than the form says; nothing where it is not so."""
    if worth.children is None or worth.children.others <= int(given.get("children_paid_now", "0")):
        return ()
    return (Reason("children_claimed_before", None, {"children": worth.children.others}),)


def plain_answers(given: Mapping[str, str], kind: str) -> dict[str, str]:
    """Only what is still asked: an answer to a question that fell away is not sent."""
    asked = {one.name for one in KINDS[kind].asked(given)}
    return {name: answer for name, answer in given.items() if name in asked}
