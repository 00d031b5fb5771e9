"""Writing down what a person agreed to or took back; what follows from it is done by whoever calls (reminders, calendar,
actions/privacy.py)."""

from __future__ import annotations

from webapp.actions import audit
from webapp.domain.audit import Act, Who
from webapp.domain.consent import TEXT_VERSION, Channel, Consent, Purpose, standing
from webapp.ports import Tools


def consents_of(tools: Tools, person_id: str) -> dict[Purpose, Consent]:
    """The last line of each purpose that was ever asked about."""
    return standing(tools.store.consents_of(person_id))


def agrees(tools: Tools, person_id: str, purpose: Purpose) -> bool:
    """Whether it is in force now, to the words as they are now."""
    last = consents_of(tools, person_id).get(purpose)
    return last is not None and last.is_in_force


def write_down(tools: Tools, person_id: str, purpose: Purpose, given: bool, channel: Channel, by: Who | None = None) -> bool:
    """Inside the transaction of what follows from it; False where it stood so already. `by`: who did so, where it was not the person."""
    last = consents_of(tools, person_id).get(purpose)
    if (last is not None and last.is_in_force) == given and (given or last is None or not last.given):
        return False
    consent = Consent(purpose, given, TEXT_VERSION[purpose], channel, tools.clock.now())
    tools.store.add_consent(person_id, consent)
    act = Act.CONSENT_GIVEN if given else Act.CONSENT_WITHDRAWN
    who = by or audit.person(person_id)
    audit.note(tools, act, who, person_id, purpose=str(purpose), text=consent.text_version, channel=str(channel))
    return True
