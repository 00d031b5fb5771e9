"""Where the office may call somebody about their own requests: saying it, taking it back, and who reads it.

Decided:
- It is an extra: every request goes its way without it. So it rests on consent, given by saying the number to the words that stand beside
  the field, and taken back as easily; the number is deleted with that.
- Whoever is signed in may say and change it, by whatever way they came in: it says how to reach somebody, not who they are, nothing is ever
  sent to it, and people without ThaiD are those who most need to be called. Against a stranger who puts in a number of their own stand
  a message to the person at each change, and that officers are told to ask who is there.
- Officers see it in a case of that person that is open and in which they have a hand, and nowhere else: no list, no search. Why they opened
  the case is in the audit.
- Nobody else's number, so no helper says it: it would be the helper's own.
- After a year it is asked for anew: numbers are given to others.
Put aside: a code sent to the number to prove it (nothing here sends SMS, and codes by SMS are stolen), and a second number.
"""

from __future__ import annotations

import secrets

from webapp.actions import audit, consents
from webapp.domain.audit import Act
from webapp.domain.consent import Channel, Purpose
from webapp.domain.contact import Contact
from webapp.domain.reminder import Occasion, about_own_data
from webapp.domain.retention import period_of
from webapp.ports import Tools


def contact_of(tools: Tools, person_id: str) -> Contact | None:
    found: Contact | None = tools.store.contact_of(person_id)
    return found


def say(tools: Tools, person_id: str, contact: Contact, channel: Channel = Channel.CONTACT_PAGE) -> bool:
    """Keep it in the place of another; False where it says the same as before, whose year then begins anew."""
    with tools.store.transaction():
        before = contact_of(tools, person_id)
        consents.write_down(tools, person_id, Purpose.CALLS, True, channel)
        tools.store.keep_contact(person_id, contact, tools.clock.now())
        if contact == before:
            return False
        _note_and_tell(tools, person_id)
    return True


def remove(tools: Tools, person_id: str, channel: Channel = Channel.CONTACT_PAGE) -> bool:
    """Deleted, and the consent taken back with it; False where there was none."""
    with tools.store.transaction():
        consents.write_down(tools, person_id, Purpose.CALLS, False, channel)
        if not tools.store.drop_contact(person_id):
            return False
        _note_and_tell(tools, person_id)
    return True


def for_officer(tools: Tools, person_id: str, has_a_hand_in_it: bool, is_open: bool) -> Contact | None:
    """For the page of a case of this person: only while the case is open, for an officer who has a hand in it, and to words that the person
    has agreed to as they are now."""
    may_call = has_a_hand_in_it and is_open and consents.agrees(tools, person_id, Purpose.CALLS)
    return contact_of(tools, person_id) if may_call else None


def forget_old(tools: Tools) -> int:
    """Numbers that nobody has said again within their time. For the worker."""
    before = tools.clock.now() - period_of("contacts")
    if not tools.store.contacts_said_before(before):
        return 0
    with tools.store.transaction():
        old = tools.store.contacts_said_before(before)
        for person_id in old:
            consents.write_down(tools, person_id, Purpose.CALLS, False, Channel.TIME_OVER, by=audit.WORKER)
            tools.store.drop_contact(person_id)
    return len(old)


def _note_and_tell(tools: Tools, person_id: str) -> None:
    audit.note(tools, Act.CONTACT_CHANGED, audit.person(person_id), person_id)
    tools.store.plan_for_people(about_own_data(Occasion.CONTACT_CHANGED, tools.clock.now(), secrets.token_hex(8)), [person_id])
