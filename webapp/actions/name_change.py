"""A new name in the record: taken from ThaiD by its person, or entered at a counter; and what ThaiD says that the record does not.

Decided (why a name is taken at once and a birth date is not: domain/name_change.py):
- What ThaiD said is kept only while it is another thing than the record says, from one sign-in by ThaiD to the next. Each one looks anew,
  so what a person sends within five minutes of ThaiD is what ThaiD said then.
- The change, the report to the officers who see to its source, the entry in the audit and the message to the person are one transaction.
- The audit holds no name, here as elsewhere. The old one stands among the words of the entry: sealed, read by its person, forgotten after
  their time like a reason. What the office's file says stays sealed beside the new name until the file follows.
- At the counter the person is found as for a code (actions/counter_codes.py), so the same mark keeps a page left open from changing the
  name of whoever was looked up since; and nobody changes their own.
- Sent twice is once: the second finds nothing that differs.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from webapp.actions import audit, corrections, counter_codes
from webapp.actions.counter_codes import AtTheCounter
from webapp.domain import name_change as rule
from webapp.domain.assessment import Reason, Refusal
from webapp.domain.audit import Act, Who
from webapp.domain.correction import About, Correction, Proof, Told
from webapp.domain.name_change import Differs, Entered, PaperSeen, ThaidSays, WrittenName
from webapp.domain.reminder import Occasion, about_own_data
from webapp.domain.retention import period_of
from webapp.ports import Identity, Name, Officer, Tools

BY_THAID = "thaid"
NOTHING_DIFFERS = Differs(None, None)


@dataclass(frozen=True)
class Standing:
    """The name as the record has it, what ThaiD says otherwise, what the office's file still says, and the report of a birth date that
    waits."""

    now: WrittenName
    born: date | None
    differs: Differs
    in_file: WrittenName | None
    birth_date_told: Correction | None


# The person


def note_what_thaid_says(tools: Tools, person_id: str, identity: Identity) -> None:
    """At a sign-in by ThaiD, inside its transaction: kept where it differs, else nothing is."""
    said = ThaidSays(identity.given_name, identity.family_name, identity.birth_date)
    name: Name | None = tools.store.name_of(person_id)
    if name is not None and rule.differences(name.written, name.birth_date, said):
        tools.store.keep_thaid_says(person_id, said, tools.clock.now())
    else:
        tools.store.drop_thaid_says(person_id)


def standing_of(tools: Tools, person_id: str) -> Standing:
    """For a person who is in the record."""
    name: Name | None = tools.store.name_of(person_id)
    assert name is not None
    return Standing(
        name.written, name.birth_date, _differs(tools, person_id, name), tools.store.name_in_file_of(person_id), _told(tools, person_id)
    )


def differs(tools: Tools, person_id: str, known: Name | None = None) -> Differs:
    """What ThaiD last said otherwise than the record; `known`: the name in the record, where it has been read already."""
    name: Name | None = known or tools.store.name_of(person_id)
    return _differs(tools, person_id, name) if name else NOTHING_DIFFERS


def take_from_thaid(tools: Tools, person_id: str) -> WrittenName | None:
    """The record reads as ThaiD says from now on; None where they agree already."""
    with tools.store.transaction():
        name = differs(tools, person_id).name
        if name is None:
            return None
        _change(tools, person_id, name, audit.person(person_id), Proof.THAID, BY_THAID, person_id)
    return name


def report_birth_date(tools: Tools, person_id: str) -> Correction | None:
    """To the officers, with ThaiD's word; the one that waits where there is one, None where the two agree."""
    with tools.store.transaction():
        said = differs(tools, person_id).birth_date
        if said is None:
            return None
        return _told(tools, person_id) or _report(tools, person_id, Told(About.BIRTH_DATE, said.isoformat(), Proof.THAID), person_id)


def forget_old(tools: Tools) -> int:
    """What ThaiD said long ago. For the worker."""
    gone: int = tools.store.forget_thaid_says(tools.clock.now() - period_of("thaid_says"))
    return gone


def _differs(tools: Tools, person_id: str, name: Name) -> Differs:
    said: ThaidSays | None = tools.store.thaid_says(person_id)
    return rule.differences(name.written, name.birth_date, said) if said else NOTHING_DIFFERS


def _told(tools: Tools, person_id: str) -> Correction | None:
    waiting = corrections.open_of(tools, person_id)
    return next((one for one in waiting if one.report.about is About.BIRTH_DATE), None)


# The officer


def enter_at_counter(tools: Tools, officer: Officer, shown: str, entered: Entered) -> WrittenName | tuple[Reason, ...] | None:
    """Write the name of whoever stands at the counter, seen with card and paper, or say what stands in the way; None: nobody was looked up,
    or somebody else since the page with `shown`."""
    with tools.store.transaction():
        found: AtTheCounter | None = counter_codes.at_the_counter(tools, officer)
        if found is None or not counter_codes.is_still_before(found, shown):
            return None
        name = rule.enter(entered, found.name.written, officers_own=found.person_id == officer.person_id)
        if isinstance(name, Refusal):
            return name.unmet
        assert isinstance(entered.paper, PaperSeen)
        _change(tools, found.person_id, name, audit.officer(officer.id), Proof.SEEN_AT_THE_COUNTER, str(entered.paper), officer.id)
        counter_codes.step_back(tools, officer)
    return name


def _change(tools: Tools, person_id: str, name: WrittenName, by: Who, proof: Proof, how: str, sent_by: str) -> None:
    before: Name | None = tools.store.name_of(person_id)
    tools.store.change_name(person_id, name)
    if not differs(tools, person_id):
        tools.store.drop_thaid_says(person_id)
    _report(tools, person_id, Told(About.NAME, name.full, proof), sent_by)
    audit.note(tools, Act.NAME_CHANGED, by, person_id, reason=how, words=before.full if before else "")
    tools.store.plan_for_people(about_own_data(Occasion.NAME_CHANGED, tools.clock.now(), secrets.token_hex(8)), [person_id])


def _report(tools: Tools, person_id: str, told: Told, by: str) -> Correction:
    """A vouched one meets no condition that could refuse it."""
    sent = corrections.send_vouched(tools, person_id, told, by)
    assert isinstance(sent, Correction)
    return sent
