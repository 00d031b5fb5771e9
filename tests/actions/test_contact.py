"""A phone number to be called at: kept sealed, told of, seen by whom it is for, gone when it is taken back or old."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.claim_people import person_id as id_of
from tests.standing_clock import StandingClock
from webapp.actions import consents, contact, key_rotation, privacy
from webapp.actions.sessions import hash_of, open_session
from webapp.actions.taking_effect import tidy
from webapp.app import tools_for
from webapp.domain.assurance import Via
from webapp.domain.audit import Act, By
from webapp.domain.consent import TEXT_VERSION, Channel, Consent, Purpose
from webapp.domain.contact import Contact, When
from webapp.domain.reminder import Occasion
from webapp.domain.retention import period_of
from webapp.ports import Tools

SOMCHAI = "1000000000009"
MOBILE = Contact("0812345678", When.MORNING)
DAYS = period_of("contacts").days


@pytest.fixture
def somchai(tools: Tools) -> str:
    return id_of(tools, SOMCHAI)


def told(tools: Tools, person_id: str, clock: StandingClock) -> list[Occasion]:
    clock.advance(days=1)
    return [one.occasion for one in tools.store.inbox_of(person_id, clock.now(), 50)]


def test_a_number_is_kept_with_the_yes_to_it(tools: Tools, somchai: str) -> None:
    assert contact.say(tools, somchai, MOBILE, Channel.WELCOME_PAGE)
    assert contact.contact_of(tools, somchai) == MOBILE
    (yes,) = tools.store.consents_of(somchai)
    assert (yes.purpose, yes.given, yes.channel) == (Purpose.CALLS, True, Channel.WELCOME_PAGE)


def test_another_number_is_told_to_the_person_and_the_same_again_is_not(tools: Tools, somchai: str, clock: StandingClock) -> None:
    contact.say(tools, somchai, MOBILE)
    assert not contact.say(tools, somchai, MOBILE)
    contact.say(tools, somchai, Contact("021234567"))
    contact.remove(tools, somchai)
    assert not contact.remove(tools, somchai)
    assert told(tools, somchai, clock) == [Occasion.CONTACT_CHANGED] * 3
    entries = [one for one in tools.store.all_entries_about(somchai) if one.act is Act.CONTACT_CHANGED]
    assert [(one.who.by, dict(one.facts)) for one in entries] == [(By.PERSON, {})] * 3, "no number stands in the audit"


def test_taking_the_consent_back_deletes_the_number(tools: Tools, somchai: str) -> None:
    contact.say(tools, somchai, MOBILE)
    privacy.withdraw(tools, somchai, Purpose.CALLS)
    assert contact.contact_of(tools, somchai) is None
    assert not consents.agrees(tools, somchai, Purpose.CALLS)
    assert not privacy.give(tools, somchai, Purpose.CALLS), "without a number there is nothing to agree to"


@pytest.mark.parametrize(("hand", "is_open"), [(True, False), (False, True), (False, False)])
def test_an_officer_without_a_hand_in_it_or_after_its_end_sees_no_number(tools: Tools, somchai: str, hand: bool, is_open: bool) -> None:
    contact.say(tools, somchai, MOBILE)
    assert contact.for_officer(tools, somchai, True, True) == MOBILE
    assert contact.for_officer(tools, somchai, hand, is_open) is None


def test_nobody_is_called_by_an_agreement_to_older_words(tools: Tools, somchai: str, clock: StandingClock) -> None:
    contact.say(tools, somchai, MOBILE)
    tools.store.add_consent(somchai, Consent(Purpose.CALLS, True, "0", Channel.CONTACT_PAGE, clock.now()))
    assert TEXT_VERSION[Purpose.CALLS] != "0"
    assert contact.for_officer(tools, somchai, True, True) is None


def test_after_a_year_it_is_forgotten_and_said_again_it_has_another(tools: Tools, somchai: str, clock: StandingClock) -> None:
    contact.say(tools, somchai, MOBILE)
    clock.advance(days=DAYS - 1)
    contact.say(tools, somchai, MOBILE)
    clock.advance(days=2)
    tidy(tools)
    assert contact.contact_of(tools, somchai) == MOBILE
    clock.advance(days=DAYS)
    tidy(tools)
    assert contact.contact_of(tools, somchai) is None
    last = tools.store.consents_of(somchai)[-1]
    assert (last.given, last.channel) == (False, Channel.TIME_OVER)
    assert [one.who.by for one in tools.store.all_entries_about(somchai) if one.act is Act.CONSENT_WITHDRAWN] == [By.WORKER]


def test_it_is_in_the_copy_and_goes_with_a_deletion(tools: Tools, somchai: str) -> None:
    contact.say(tools, somchai, MOBILE)
    held = privacy.copy_of(tools, somchai)["data"]["contacts"]
    assert (held["phone"], held["call_when"]) == ("0812345678", "morning")
    assert held["said_at"]
    session = tools.store.session(hash_of(open_session(tools, somchai, None, Via.THAID, "2.3")))
    privacy.erase(tools, somchai, session)
    assert contact.contact_of(tools, somchai) is None


@pytest.mark.of_sqlite
def test_a_stolen_database_tells_no_number(tools: Tools, somchai: str) -> None:
    contact.say(tools, somchai, MOBILE)
    database = Path(tools.settings.database_url.removeprefix("sqlite:///"))
    held = b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
    assert b"0812345678" not in held
    assert b"contacts" in held


def test_a_new_key_writes_it_anew(tools: Tools, somchai: str) -> None:
    contact.say(tools, somchai, MOBILE)
    new = "bmV3IGtleSBmb3IgYWxsIHRoYXQgaXMgc2VhbGVkISE="
    both = replace(tools_for(replace(tools.settings, data_keys=(new, *tools.settings.data_keys))), clock=tools.clock)
    key_rotation.rotate(both)
    alone = replace(tools_for(replace(tools.settings, data_keys=(new,))), clock=tools.clock)
    assert contact.contact_of(alone, somchai) == MOBILE
    both.store.close()
    alone.store.close()
