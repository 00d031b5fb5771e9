"""The phone number as its person says it and as officers meet it: optional, told of, called by a tap from an open case alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import claim_people
from tests.front_door import APP, SignIn
from tests.pages import Page, read, sound
from webapp.actions import claim_desk, claims, contact, hospital_change, officers, sessions
from webapp.actions.hospital_change import Draft, person_owner
from webapp.domain.assurance import Via
from webapp.domain.contact import Contact, When
from webapp.domain.hospital_change import Allowed, Cause, HospitalChange
from webapp.ports import Tools
from webapp.web import guards

SOMCHAI, OFFICER, SECOND_OFFICER = "1000000000009", "1000000000076", "1000000000084"
WELCOME = {"language": "en", "text_size": "2"}
Look = Callable[..., Page]
BOTH = pytest.mark.parametrize("lang", ["th", "en"])
CALL = "tel:+66812345678"


@pytest.fixture
def somchai(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    sign_in(client, SOMCHAI)
    return client


@pytest.fixture
def person_id(tools: Tools) -> str:
    return claim_people.person_id(tools)


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data=fields, base_url=APP)


# The person


@BOTH
def test_the_welcome_asks_for_it_and_says_that_it_may_be_left_empty(somchai: FlaskClient, look: Look, lang: str) -> None:
    page = look(somchai, "/welcome", lang)
    assert {"th": "เว้นว่างได้", "en": "You can leave this empty."}[lang] in page.main
    assert {"th": "ให้เบอร์แปลว่าคุณยินยอม", "en": "By giving it you agree"}[lang] in page.main
    assert 'href="/privacy"' in page.html


def test_left_empty_nothing_is_kept_and_the_rest_is(somchai: FlaskClient, tools: Tools, person_id: str) -> None:
    assert post(somchai, "/welcome", **WELCOME, phone=" ", call_when="any").status_code == 303
    assert contact.contact_of(tools, person_id) is None
    assert tools.store.consents_of(person_id) == []
    assert tools.store.settings_of(person_id).language == "en"


def test_a_number_said_in_the_welcome_is_kept(somchai: FlaskClient, tools: Tools, person_id: str) -> None:
    assert post(somchai, "/welcome", **WELCOME, phone="๐๘๑-๒๓๔-๕๖๗๘", call_when="morning").headers["Location"] == "/"
    assert contact.contact_of(tools, person_id) == Contact("0812345678", When.MORNING)


@BOTH
def test_a_number_that_cannot_be_called_is_said_and_nothing_typed_is_lost(
    somchai: FlaskClient, tools: Tools, person_id: str, lang: str
) -> None:
    somchai.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    answer = post(somchai, "/welcome", language=lang, text_size="3", phone="081 234 567", call_when="afternoon")
    page = sound(read(answer), lang)
    assert answer.status_code == 422
    assert 'href="#phone"' in page.html
    fields = page.form("/welcome")["fields"]
    assert (fields["phone"], fields["call_when"], fields["text_size"]) == ("081 234 567", "afternoon", "3")
    assert contact.contact_of(tools, person_id) is None


def test_it_is_seen_changed_and_removed_in_one_place(somchai: FlaskClient, look: Look, tools: Tools, person_id: str) -> None:
    assert 'href="/my-data/contact"' in look(somchai, "/my-data", "en").html
    assert post(somchai, "/my-data/contact", phone="+66 81 234 5678", call_when="any").headers["Location"] == "/my-data/contact"
    page = look(somchai, "/my-data/contact", "en")
    assert "081-234-5678" in page.main
    post(somchai, "/my-data/contact", phone="02 123 4567", call_when="morning")
    assert contact.contact_of(tools, person_id) == Contact("021234567", When.MORNING)
    assert post(somchai, "/my-data/contact/remove").headers["Location"] == "/my-data/contact"
    assert contact.contact_of(tools, person_id) is None


@BOTH
@pytest.mark.parametrize("typed", ["", "abc", "1506", "081 234 567"])
def test_its_own_page_says_what_is_wanted(somchai: FlaskClient, typed: str, lang: str) -> None:
    somchai.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    answer = post(somchai, "/my-data/contact", phone=typed, call_when="afternoon")
    assert answer.status_code == 422
    page = sound(read(answer), lang)
    assert page.form("/my-data/contact")["fields"]["phone"] == typed


def test_the_consents_page_takes_it_back_with_one_tap(somchai: FlaskClient, look: Look, tools: Tools, person_id: str) -> None:
    assert look(somchai, "/my-data/consents", "en").links["Give a phone number"] == "/my-data/contact"
    post(somchai, "/my-data/contact", phone="0812345678")
    form = look(somchai, "/my-data/consents", "en").form("/my-data/consents/calls")
    post(somchai, form["action"], **dict(form["buttons"]))
    assert contact.contact_of(tools, person_id) is None


def test_whoever_came_by_a_pin_may_say_it_and_the_person_is_told_on_every_change(
    client: FlaskClient, tools: Tools, look: Look, person_id: str
) -> None:
    token = sessions.open_session(tools, person_id, None, Via.COUNTER_PIN, "")
    client.set_cookie(guards.SESSION_COOKIE, token, domain="127.0.0.1")
    assert post(client, "/my-data/contact", phone="0812345678").status_code == 303
    page = look(client, "/my-data/messages", "en")
    assert "The phone number we may call has been changed" in page.main
    assert 'href="/my-data/contact"' in page.html
    assert "0812345678" not in page.html


def test_a_stranger_sees_no_such_page(client: FlaskClient) -> None:
    assert client.get("/my-data/contact", base_url=APP).headers["Location"] == "/sign-in?next=/my-data/contact"


# The officers


@pytest.fixture
def desk(another_client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    sign_in(another_client, OFFICER)
    return another_client


def sent(tools: Tools) -> HospitalChange:
    who = tools.store.person(claim_people.person_id(tools))
    draft = Draft(Cause.ANNUAL, not_an_in_patient=True, choices=("TH13-001",))
    hospital_change.keep_draft(tools, person_owner(who.id), draft)
    allowed = hospital_change.look_over(tools, who, draft)
    assert isinstance(allowed, Allowed)
    case = hospital_change.submit(tools, who.id, "key-of-somchais-case", hospital_change.shown(allowed, draft))
    assert isinstance(case, HospitalChange)
    return case


@BOTH
def test_the_officer_who_took_the_case_calls_with_one_tap_until_it_is_decided(
    desk: FlaskClient, look: Look, tools: Tools, person_id: str, lang: str
) -> None:
    contact.say(tools, person_id, Contact("0812345678", When.MORNING))
    case = sent(tools)
    address = f"/officer/hospital-change/{case.reference}"
    assert "0812345678" not in look(desk, "/officer", lang).html
    assert CALL not in look(desk, address, lang).html, "before the officer has said why"
    post(desk, f"{address}/open", reason="deciding")
    assert CALL not in look(desk, address, lang).html, "before the officer has taken it"
    post(desk, f"{address}/take")
    page = look(desk, address, lang)
    assert f'href="{CALL}"' in page.html
    assert {"th": "ช่วงเช้า", "en": "Morning"}[lang] in page.main
    assert {"th": "ถามก่อนว่าเป็นใคร", "en": "Ask who is there"}[lang] in page.main
    officers.refuse(tools, claim_people.officer(tools), case.reference, "hospital_full")
    assert CALL not in look(desk, address, lang).html, "after the decision"


def test_the_claim_desk_calls_in_an_open_claim_alone(desk: FlaskClient, look: Look, tools: Tools, person_id: str) -> None:
    contact.say(tools, person_id, Contact("0812345678"))
    claim = claim_people.sent(tools, "dental")
    address = f"/officer/claims/{claim.reference}"
    post(desk, f"{address}/open", reason="deciding")
    assert CALL not in look(desk, address, "en").html
    claim_desk.take(tools, claim_people.officer(tools), claim.reference)
    assert CALL in look(desk, address, "en").html
    assert "0812345678" not in look(desk, "/officer/claims", "en").html
    claims.withdraw(tools, person_id, claim.reference)
    assert CALL not in look(desk, address, "en").html


def test_without_a_number_the_page_of_the_case_says_nothing_of_it(desk: FlaskClient, look: Look, tools: Tools) -> None:
    case = sent(tools)
    address = f"/officer/hospital-change/{case.reference}"
    post(desk, f"{address}/open", reason="deciding")
    post(desk, f"{address}/take")
    assert "May be called at" not in look(desk, address, "en").main
