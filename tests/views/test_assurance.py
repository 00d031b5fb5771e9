"""Every write of the route map, tried with every level: done, ThaiD again, at the counter, or sign in first."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from tests.front_door import APP, SignIn
from tests.pages import look, read, sound
from tests.standing_clock import StandingClock
from webapp.actions import sessions
from webapp.app import create_app
from webapp.config import Settings
from webapp.domain.assurance import NEEDS, READS, Act, Answer, Level, Need, Standing, Via, answer
from webapp.ports import Tools
from webapp.web import guards

SOMCHAI, OFFICER = "1000000000009", "1000000000076"
WRITES = {"POST", "PUT", "PATCH", "DELETE"}
WAYS = {
    Level.THAID: Via.THAID, Level.THAID_FRESH: Via.THAID, Level.PASSKEY: Via.PASSKEY, Level.COUNTER: Via.COUNTER_PIN,
    Level.GOVERNMENT_CHANNEL: Via.GOVERNMENT_CHANNEL,
}  # fmt: skip
STALE = "officer, ThaiD six minutes ago"
WHO = [*Level, "officer", STALE]
FILLED = {"year": "2027", "name": "sickness", "benefit": "sickness", "number": 1}


def writes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(method, address, endpoint) of every write."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & WRITES):
            values = {name: FILLED.get(name, "none") for name in rule.arguments}
            yield method, app.url_map.bind("127.0.0.1:8000").build(rule.endpoint, values, method), rule.endpoint


def come_as(client: FlaskClient, tools: Tools, who: Level | str) -> Standing:
    """A session of this level, opened as the way in would."""
    client.delete_cookie(guards.SESSION_COOKIE, domain="127.0.0.1")
    if who is Level.NOBODY:
        return Standing()
    if who in ("officer", STALE):
        token = sessions.open_session(tools, None, tools.store.officer_of(OFFICER).id, Via.THAID, "2.3")
        if who == STALE:
            token = _as_if_six_minutes_ago(tools, token)
        client.set_cookie(guards.SESSION_COOKIE, token, domain="127.0.0.1")
        return Standing(Level.THAID if who == STALE else Level.THAID_FRESH, is_officer=True)
    level = Level(who)
    token = sessions.open_session(tools, tools.store.person_id_of(SOMCHAI), None, WAYS[level], "")
    if level is Level.THAID:
        token = _as_if_six_minutes_ago(tools, token)
    client.set_cookie(guards.SESSION_COOKIE, token, domain="127.0.0.1")
    return Standing(level, is_person=True)


def _as_if_six_minutes_ago(tools: Tools, token: str) -> str:
    before = tools.clock.machine_time() - 6 * 60
    tools.store.run("UPDATE sessions SET authenticated_at = :at WHERE id_hash = :id", at=before, id=sessions.hash_of(token))
    return token


def test_every_write_names_its_act(app: Flask) -> None:
    silent = [address for _, address, endpoint in writes(app) if guards.act_of(app.view_functions[endpoint]) is None]
    assert not silent, f"say what they do with @guards.needs(Act.…): {silent}"
    reading = [address for _, address, endpoint in writes(app) if guards.act_of(app.view_functions[endpoint]) in READS]
    assert not reading, f"a write is no reading: {reading}"


@pytest.mark.parametrize("who", WHO)
def test_every_write_asks_for_what_its_act_needs(app: Flask, client: FlaskClient, tools: Tools, who: Level | str) -> None:
    walked, wrong = 0, []
    for method, address, endpoint in writes(app):
        act = guards.act_of(app.view_functions[endpoint])
        assert act is not None, address
        expected = answer(act, come_as(client, tools, who))
        response = client.open(address, method=method, data={"note": "what was typed"}, base_url=APP)
        walked += 1
        got = _said(response.status_code, response.headers.get("Location", ""), response.get_data(as_text=True), act)
        is_no_such_case = expected is Answer.YES and got is Answer.NO_SUCH_PAGE
        if got is not expected and not is_no_such_case:
            wrong.append((method, address, act, expected, got))
    assert walked > 40
    assert not wrong


def _said(status: int, location: str, page: str, act: Act) -> Answer | None:
    """What the answer amounts to, seen from outside."""
    if status >= 500:
        return None
    if NEEDS[act] is Need.NOTHING:
        return Answer.YES
    if location.startswith("/sign-in?next="):
        return Answer.SIGN_IN
    if location.startswith("/sign-in/again?next="):
        return Answer.THAID_AGAIN
    if status == 403 and "เรื่องนี้ทำที่เคาน์เตอร์" in page:
        return Answer.AT_THE_COUNTER
    return Answer.NO_SUCH_PAGE if status == 404 and NEEDS[act] in (Need.AN_OFFICER, Need.A_FRESH_OFFICER) else Answer.YES


@pytest.fixture
def bank(settings: Settings, tools: Tools) -> FlaskClient:
    """The app with a page for each act that no page does yet."""
    app = create_app(settings, tools)
    for act in (Act.CHANGE_BANK_ACCOUNT, Act.CHANGE_IDENTITY, Act.GRANT_A_HELPER):

        def view() -> str:
            return f"done: {request.form.get('account', '')}"

        app.add_url_rule(f"/{act}", str(act), guards.needs(act)(view), methods=["GET", "POST"])
    return app.test_client()


ACTS = [Act.CHANGE_BANK_ACCOUNT, Act.CHANGE_IDENTITY, Act.GRANT_A_HELPER]


@pytest.mark.parametrize("act", ACTS)
def test_fresh_thaid_opens_money_and_identity(bank: FlaskClient, tools: Tools, act: Act) -> None:
    come_as(bank, tools, Level.THAID_FRESH)
    assert bank.post(f"/{act}", data={"account": "123"}, base_url=APP).get_data(as_text=True) == "done: 123"


@pytest.mark.parametrize("level", [Level.THAID, Level.PASSKEY, Level.GOVERNMENT_CHANNEL])
def test_otherwise_thaid_is_asked_again_and_what_was_typed_is_sent_afterwards_with_one_tap(
    bank: FlaskClient, tools: Tools, sign_in: SignIn, level: Level
) -> None:
    come_as(bank, tools, level)
    asked = bank.post(f"/{Act.CHANGE_BANK_ACCOUNT}", data={"account": "บัญชี 1", "pin": "902174"}, base_url=APP)
    assert asked.status_code == 303
    assert unquote(asked.headers["Location"]) == f"/sign-in/again?next=/{Act.CHANGE_BANK_ACCOUNT}"
    page = look(bank, asked.headers["Location"], "en")
    assert page.links["Go to ThaiD"] == f"/sign-in/thaid?next=/{Act.CHANGE_BANK_ACCOUNT}"
    back = sign_in(bank, SOMCHAI, f"/{Act.CHANGE_BANK_ACCOUNT}")
    assert back.headers["Location"] == "/sign-in/typed"
    typed = look(bank, "/sign-in/typed", "en")
    assert "ThaiD has said once more" in typed.main
    form = typed.form(f"/{Act.CHANGE_BANK_ACCOUNT}")
    assert form["fields"] == {"account": "บัญชี 1"}, "a PIN is never kept"
    assert bank.post(form["action"], data=form["fields"], base_url=APP).get_data(as_text=True) == "done: บัญชี 1"


def test_what_somebody_typed_waits_for_them_and_not_for_whoever_shows_thaid_next(
    bank: FlaskClient, tools: Tools, sign_in: SignIn
) -> None:
    come_as(bank, tools, Level.PASSKEY)
    bank.post(f"/{Act.CHANGE_BANK_ACCOUNT}", data={"account": "of Somchai"}, base_url=APP)
    back = sign_in(bank, "1000000000017", f"/{Act.CHANGE_BANK_ACCOUNT}")
    assert back.headers["Location"] == f"/{Act.CHANGE_BANK_ACCOUNT}"
    assert bank.get("/sign-in/typed", base_url=APP).headers["Location"] == "/"


def test_the_page_itself_may_be_looked_at_before_thaid_is_asked(bank: FlaskClient, tools: Tools) -> None:
    come_as(bank, tools, Level.PASSKEY)
    assert bank.get(f"/{Act.CHANGE_BANK_ACCOUNT}", base_url=APP).status_code == 200


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("act", ACTS)
def test_whoever_came_by_a_code_is_told_where_it_is_done(bank: FlaskClient, tools: Tools, act: Act, lang: str) -> None:
    come_as(bank, tools, Level.COUNTER)
    bank.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    told = bank.post(f"/{act}", data={"account": "123"}, base_url=APP)
    assert told.status_code == 403
    page = sound(read(told), lang)
    assert {"th": "เคาน์เตอร์", "en": "counter"}[lang] in page.h1[0]
    assert "1506" in page.main


def test_a_session_by_thaid_grows_stale_while_it_is_used(bank: FlaskClient, tools: Tools, sign_in: SignIn, clock: StandingClock) -> None:
    sign_in(bank, SOMCHAI)
    assert bank.post(f"/{Act.CHANGE_IDENTITY}", data={}, base_url=APP).status_code == 200
    clock.advance(minutes=6)
    bank.post("/session/extend", data={"next": "/"}, base_url=APP)
    assert bank.post(f"/{Act.CHANGE_IDENTITY}", data={}, base_url=APP).headers["Location"].startswith("/sign-in/again")


def test_a_file_of_account_numbers_asks_an_officer_for_thaid_just_before(client: FlaskClient, tools: Tools) -> None:
    assert answer(Act.TAKE_A_PAYMENT_FILE, Standing(Level.THAID_FRESH, is_officer=True)) is Answer.YES
    assert answer(Act.TAKE_A_PAYMENT_FILE, Standing(Level.THAID, is_officer=True)) is Answer.THAID_AGAIN
    assert answer(Act.WORK_AT_THE_DESK, Standing(Level.THAID, is_officer=True)) is Answer.YES
    assert answer(Act.TAKE_A_PAYMENT_FILE, Standing(Level.THAID_FRESH, is_person=True)) is Answer.NO_SUCH_PAGE
    assert answer(Act.TAKE_A_PAYMENT_FILE, Standing()) is Answer.SIGN_IN


def test_an_office_never_opens_by_less_than_thaid(client: FlaskClient, tools: Tools) -> None:
    second = tools.store.officer_of("1000000000084")
    token = sessions.open_session(tools, second.person_id, second.id, Via.PASSKEY, "")
    client.set_cookie(guards.SESSION_COOKIE, token, domain="127.0.0.1")
    assert client.get("/my-data", base_url=APP).status_code == 200
    assert client.get("/officer", base_url=APP).status_code == 404
