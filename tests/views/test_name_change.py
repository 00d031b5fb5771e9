"""The name in the record on the person's own pages and at the counter: fresh ThaiD takes it, a code leads to the counter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import claim_people
from tests.front_door import APP, SignIn
from tests.pages import Page, read, sound
from tests.standing_clock import StandingClock
from tests.views.test_helpers import begin, grant
from webapp.actions import corrections, sessions
from webapp.actions.demo import WITH_ANOTHER_NAME
from webapp.domain.assurance import Via
from webapp.domain.correction import About, Correction
from webapp.domain.name_change import ThaidSays
from webapp.ports import Tools
from webapp.web import guards

OFFICER, SOMCHAI, INSURED_OFFICER = "1000000000076", "1000000000009", "1000000000084"
SEEN = {"title": "นาง", "given_name": "สมฤดี", "family_name": "ทดสอบสมรส", "paper": "marriage", "card": "1", "face": "1"}
Look = Callable[..., Page]
BOTH = pytest.mark.parametrize("lang", ["th", "en"])


@pytest.fixture
def person_id(tools: Tools) -> str:
    return claim_people.person_id(tools, WITH_ANOTHER_NAME)


@pytest.fixture
def somruedi(client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    sign_in(client, WITH_ANOTHER_NAME)
    return client


@pytest.fixture
def desk(another_client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    sign_in(another_client, OFFICER)
    return another_client


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    return client.post(path, data=fields, base_url=APP)


def come_by(client: FlaskClient, tools: Tools, person_id: str, via: Via) -> None:
    token = sessions.open_session(tools, person_id, None, via, "")
    client.set_cookie(guards.SESSION_COOKIE, token, domain="127.0.0.1")


def family_name(tools: Tools, person_id: str) -> str:
    name = tools.store.name_of(person_id)
    assert name is not None
    return name.family_name


# The person


@BOTH
def test_somebody_whom_thaid_names_otherwise_sees_both_names_and_takes_the_new_one(
    somruedi: FlaskClient, look: Look, tools: Tools, person_id: str, lang: str
) -> None:
    own = look(somruedi, "/my-data", lang)
    assert {"th": "ThaiD บอกต่างจากนี้", "en": "ThaiD says otherwise"}[lang] in own.main
    assert {"th": "ตามข้อมูล ThaiD", "en": "as ThaiD says"}[lang] not in own.main, "the record does not say what ThaiD says"
    page = look(somruedi, "/my-data/name", lang)
    assert "สมฤดี ตัวอย่าง" in page.main
    assert "สมฤดี ทดสอบสมรส" in page.main
    assert page.form("/my-data/name")["fields"] == {}, "no name travels through the form"
    assert post(somruedi, "/my-data/name").headers["Location"] == "/my-data/name"
    assert family_name(tools, person_id) == "ทดสอบสมรส"
    after = look(somruedi, "/my-data/name", lang)
    assert {"th": "แฟ้มของ สปส. ยังเป็นชื่อเดิม", "en": "still says the old name"}[lang] in after.main
    assert "สมฤดี ทดสอบสมรส" in look(somruedi, "/my-data", lang).main


def test_the_person_is_told_and_follows_the_report(somruedi: FlaskClient, look: Look, tools: Tools, person_id: str) -> None:
    post(somruedi, "/my-data/name")
    page = look(somruedi, "/my-data/messages", "en")
    assert "The name in your record has been changed" in page.main
    (sent,) = corrections.corrections_of(tools, person_id)
    mine = look(somruedi, f"/my-data/wrong/{sent.reference}", "en")
    assert "ThaiD says so" in mine.main
    assert "Your new name stands here already." in mine.main
    assert "We cannot change the record here" not in mine.main


def test_somebody_whose_names_agree_reads_how_a_new_one_gets_in(client: FlaskClient, sign_in: SignIn, look: Look, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    assert "ThaiD says otherwise" not in look(client, "/my-data", "en").main
    page = look(client, "/my-data/name", "en")
    assert "district office first" in page.main
    assert not [form for form in page.forms if form["action"].startswith("/my-data/name")]
    assert post(client, "/my-data/name").headers["Location"] == "/my-data/name"
    assert family_name(tools, claim_people.person_id(tools)) == "ตัวอย่าง"


@BOTH
def test_a_passkey_reads_both_names_and_goes_to_thaid_before_taking_one(
    somruedi: FlaskClient, look: Look, tools: Tools, sign_in: SignIn, person_id: str, lang: str
) -> None:
    come_by(somruedi, tools, person_id, Via.PASSKEY)
    assert "ทดสอบสมรส" in look(somruedi, "/my-data/name", lang).main
    assert post(somruedi, "/my-data/name").headers["Location"] == "/sign-in/again?next=/my-data/name"
    assert family_name(tools, person_id) == "ตัวอย่าง"
    sign_in(somruedi, WITH_ANOTHER_NAME, "/my-data/name")
    post(somruedi, "/my-data/name")
    assert family_name(tools, person_id) == "ทดสอบสมรส"


def test_thaid_of_six_minutes_ago_is_asked_anew(
    somruedi: FlaskClient, tools: Tools, person_id: str, clock: StandingClock
) -> None:
    clock.advance(minutes=6)
    assert post(somruedi, "/my-data/name").headers["Location"].startswith("/sign-in/again")
    assert family_name(tools, person_id) == "ตัวอย่าง"


@BOTH
def test_whoever_came_by_a_code_learns_that_it_is_done_at_the_counter(
    client: FlaskClient, look: Look, tools: Tools, person_id: str, lang: str
) -> None:
    tools.store.keep_thaid_says(person_id, ThaidSays("สมฤดี", "ทดสอบสมรส", None), tools.clock.now())
    come_by(client, tools, person_id, Via.COUNTER_PIN)
    look(client, "/my-data/name", lang)
    told = post(client, "/my-data/name")
    assert told.status_code == 403
    assert {"th": "เรื่องนี้ทำที่เคาน์เตอร์", "en": "This is done at the counter"}[lang] in sound(read(told), lang).main
    assert family_name(tools, person_id) == "ตัวอย่าง"


def test_without_a_difference_a_code_from_the_counter_names_the_counter(client: FlaskClient, look: Look, tools: Tools) -> None:
    come_by(client, tools, claim_people.person_id(tools), Via.COUNTER_PIN)
    page = look(client, "/my-data/name", "en")
    assert "go to an SSO office with your card and the certificate" in page.main
    assert "Sign in with ThaiD" not in page.main


@BOTH
def test_another_birth_date_is_told_to_the_office_and_stays_till_then(
    somruedi: FlaskClient, look: Look, tools: Tools, person_id: str, lang: str
) -> None:
    tools.store.keep_thaid_says(person_id, ThaidSays("สมฤดี", "ตัวอย่าง", date(1998, 3, 10)), tools.clock.now())
    page = look(somruedi, "/my-data/name", lang)
    assert {"th": "10 มีนาคม 2541", "en": "10 March 1998"}[lang] in page.main
    sent = post(somruedi, "/my-data/name/birth-date")
    (kept,) = corrections.corrections_of(tools, person_id)
    assert kept.report.about is About.BIRTH_DATE
    assert sent.headers["Location"] == f"/my-data/wrong/{kept.reference}"
    assert {"th": "10 มีนาคม 2541", "en": "10 March 1998"}[lang] in look(somruedi, sent.headers["Location"], lang).main
    assert tools.store.name_of(person_id).birth_date == date(1998, 10, 3)
    assert kept.reference in look(somruedi, "/my-data/name", lang).html


@pytest.mark.parametrize("about", ["name", "birth_date"])
@pytest.mark.parametrize("proof", ["thaid", "seen_at_the_counter", "contract"])
def test_nobody_reports_a_name_by_saying_themselves_that_thaid_says_so(
    client: FlaskClient, sign_in: SignIn, tools: Tools, about: str, proof: str
) -> None:
    sign_in(client, SOMCHAI)
    typed = {"key": "k" * 24, "about": about, "should_be": "นายสมชาย เศรษฐี", "proof": proof}
    assert post(client, "/my-data/wrong", **typed).status_code == 422
    assert corrections.corrections_of(tools, claim_people.person_id(tools)) == []


# The counter


def found(desk: FlaskClient, look: Look, number: str = WITH_ANOTHER_NAME) -> str:
    """The person is looked up; returns the mark of the page."""
    post(desk, "/officer/counter", number=number, kind="citizen")
    check = look(desk, "/officer/counter/check", "en")
    assert check.links["Not a code: write a new name"] == "/officer/counter/name"
    return str(look(desk, "/officer/counter/name", "en").form("/officer/counter/name")["fields"]["shown"])


@BOTH
def test_an_officer_writes_the_name_and_the_person_reads_who_did_it(
    desk: FlaskClient, client: FlaskClient, sign_in: SignIn, look: Look, tools: Tools, person_id: str, lang: str
) -> None:
    mark = found(desk, look)
    form = look(desk, "/officer/counter/name", lang).form("/officer/counter/name")["fields"]
    assert (form["title"], form["given_name"], form["family_name"]) == ("นางสาว", "สมฤดี", "ตัวอย่าง")
    done = post(desk, "/officer/counter/name", shown=mark, **SEEN)
    assert done.headers["Location"] == "/officer/counter?named=1"
    assert "สมฤดี" not in look(desk, done.headers["Location"], lang).html, "nothing of the person stays on the desk"
    assert tools.store.name_of(person_id).full == "นางสมฤดี ทดสอบสมรส"
    sign_in(client, WITH_ANOTHER_NAME)
    opened = look(client, "/my-data/opened", lang).main
    assert {"th": "ใบสำคัญการสมรส", "en": "Marriage certificate"}[lang] in opened
    assert "นางสาวสมฤดี ตัวอย่าง" in opened, "the person reads what stood there before"
    assert "ThaiD says otherwise" not in look(client, "/my-data", "en").main


@BOTH
def test_what_is_missing_is_said_and_what_was_typed_stays(desk: FlaskClient, look: Look, tools: Tools, person_id: str, lang: str) -> None:
    mark = found(desk, look)
    desk.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    answer = post(desk, "/officer/counter/name", shown=mark, title="นาง", given_name="สมฤดี", family_name="<b>1")
    assert answer.status_code == 422
    page = sound(read(answer), lang)
    for field in ("family_name", "card", "face", "paper"):
        assert f'href="#{field}"' in page.html
    assert page.form("/officer/counter/name")["fields"]["family_name"] == "<b>1"
    assert family_name(tools, person_id) == "ตัวอย่าง"


def test_a_page_left_open_on_somebody_else_is_shown_anew(desk: FlaskClient, look: Look, tools: Tools, person_id: str) -> None:
    mark = found(desk, look)
    found(desk, look, SOMCHAI)
    assert post(desk, "/officer/counter/name", shown=mark, **SEEN).headers["Location"] == "/officer/counter/name"
    assert family_name(tools, person_id) == "ตัวอย่าง"
    assert tools.store.name_of(claim_people.person_id(tools)).given_name == "สมชาย"


def test_without_anybody_at_the_counter_the_page_leads_to_the_counter(desk: FlaskClient) -> None:
    assert desk.get("/officer/counter/name", base_url=APP).headers["Location"] == "/officer/counter"
    assert post(desk, "/officer/counter/name", shown="", **SEEN).headers["Location"] == "/officer/counter"


def test_an_officer_finds_no_page_for_their_own_name(client: FlaskClient, sign_in: SignIn, look: Look, tools: Tools) -> None:
    sign_in(client, INSURED_OFFICER)
    assert post(client, "/officer/counter", number=INSURED_OFFICER, kind="citizen").status_code == 422
    assert client.get("/officer/counter/name", base_url=APP).headers["Location"] == "/officer/counter"


@BOTH
def test_the_officers_list_holds_the_report_with_both_names_for_whoever_takes_it(
    somruedi: FlaskClient, desk: FlaskClient, look: Look, tools: Tools, person_id: str, lang: str
) -> None:
    post(somruedi, "/my-data/name")
    sent = next(iter(corrections.corrections_of(tools, person_id)))
    assert isinstance(sent, Correction)
    assert "ทดสอบสมรส" not in look(desk, "/officer/corrections", lang).main, "a list shows the shortened name alone"
    address = f"/officer/corrections/{sent.reference}"
    post(desk, f"{address}/open", reason="deciding")
    post(desk, f"{address}/take")
    page = look(desk, address, lang)
    assert {"th": "ในแฟ้มของ สปส.", "en": "In the office’s file"}[lang] in page.main
    assert "นางสาวสมฤดี ตัวอย่าง" in page.main
    assert "นางสาวสมฤดี ทดสอบสมรส" in page.main


@pytest.mark.parametrize("path", ["/my-data/name", "/my-data/contact"])
def test_somebody_who_helps_with_everything_sees_and_changes_neither_name_nor_number(client: FlaskClient, tools: Tools, path: str) -> None:
    begin(client, tools, grant(tools))
    for answer in (client.get(path, base_url=APP), post(client, path, phone="0812345678")):
        assert answer.status_code == 403
    assert tools.store.contact_of(claim_people.person_id(tools)) is None
