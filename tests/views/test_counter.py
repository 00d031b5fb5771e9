"""The counter route as officer and person meet it, without JavaScript; devices; and what never stands on a page or in an address."""

from __future__ import annotations

import re

import brotli
import pytest
from flask.testing import FlaskClient

from tests.front_door import APP, SignIn
from tests.pages import Page, look, read, sound
from webapp.actions import counter_codes, devices, sessions
from webapp.config import ROOT
from webapp.domain.assurance import Via
from webapp.domain.counter_code import grouped
from webapp.domain.person import NumberKind
from webapp.ports import PersonRow, Tools
from webapp.web import guards
from webapp.web.this_device import browser_name, family_of

SOMCHAI, OFFICER, FOREIGNER = "1000000000009", "1000000000076", "7001234567890"
TICKED = {"card": "1", "face": "1", "why": "cannot_use_thaid"}
A_PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 11; A03) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"}


def hand_over(desk: FlaskClient, tools: Tools, number: str = SOMCHAI, kind: str = "citizen", **more: str) -> str:
    """An officer, signed in, makes a code; returns the ten characters from the page."""
    found = desk.post("/officer/counter", data={"number": number, "kind": kind}, base_url=APP)
    assert found.headers["Location"] == "/officer/counter/check", read(found).main
    made = desk.post("/officer/counter/check", data=TICKED | {"shown": shown_on(desk)} | more, base_url=APP)
    handed = counter_codes.to_hand_over(tools, tools.store.officer_of(OFFICER))
    assert handed is not None
    assert made.headers["Location"] == f"/officer/counter/code?made={handed.id}", read(made).main
    assert code_on(look(desk, made.headers["Location"], "en")) == handed.code
    return handed.code


def code_on(page: Page) -> str:
    return "".join(re.findall(r'translate="no">(.)</b>', page.html))


def made_by(tools: Tools, pid: str = OFFICER) -> str:
    """The id of the code that this officer made last."""
    handed = counter_codes.to_hand_over(tools, tools.store.officer_of(pid))
    assert handed is not None
    return handed.id


def shown_on(desk: FlaskClient) -> str:
    fields = look(desk, "/officer/counter/check", "en").form("/officer/counter/check")["fields"]
    return str(fields["shown"])


@pytest.fixture
def desk(another_client: FlaskClient, sign_in: SignIn) -> FlaskClient:
    sign_in(another_client, OFFICER)
    return another_client


def test_a_person_without_thaid_gets_in_with_a_code_and_a_pin_and_changes_hospital(
    client: FlaskClient, desk: FlaskClient, tools: Tools
) -> None:
    code = hand_over(desk, tools)
    assert look(client, "/sign-in/other-ways", "en").links["I have a code from a counter"].startswith("/sign-in/counter")
    entered = client.post("/sign-in/counter?next=/hospital-change", data={"code": grouped(code).lower()}, base_url=APP)
    assert entered.headers["Location"] == "/sign-in/counter/set?next=/hospital-change"
    page = look(client, entered.headers["Location"], "en")
    assert "สมชาย ต•••" in page.main
    assert SOMCHAI not in page.html
    came = client.post("/sign-in/counter/pin?next=/hospital-change", data={"pin": "902174", "pin_again": "902174"}, base_url=APP)
    assert came.headers["Location"] == "/hospital-change"
    data = look(client, "/my-data", "en")
    assert "as seen at the counter" in data.main
    assert "Bank account and identity are changed at the counter" in data.main
    client.post("/hospital-change/new", data={"cause": "annual", "in_patient": "no"}, base_url=APP)
    client.post("/hospital-change/new/hospitals", data={"choose": "TH13-001"}, base_url=APP)
    check = look(client, "/hospital-change/new/check", "en")
    fields = check.form("/hospital-change/new/check")["fields"] | {"declared": "1"}
    assert client.post("/hospital-change/new/check", data=fields, base_url=APP).headers["Location"].startswith("/hospital-change/HC-")


def test_next_time_the_pin_and_half_the_code_are_enough(client: FlaskClient, desk: FlaskClient, tools: Tools) -> None:
    code = hand_over(desk, tools)
    client.post("/sign-in/counter", data={"code": code}, base_url=APP)
    client.post("/sign-in/counter/pin", data={"pin": "902174", "pin_again": "902174"}, base_url=APP)
    client.post("/sign-out", base_url=APP)
    wrong = client.post("/sign-in/pin", data={"half": code[5:], "pin": "902175"}, base_url=APP)
    unknown = client.post("/sign-in/pin", data={"half": "ACEFH", "pin": "902174"}, base_url=APP)
    assert wrong.status_code == unknown.status_code == 422
    assert read(wrong).main.replace(code[5:], "") == read(unknown).main.replace("ACEFH", ""), "the same answer"
    assert "902175" not in wrong.get_data(as_text=True), "a PIN is never shown again"
    came = client.post("/sign-in/pin?next=/my-data", data={"half": code[5:].lower(), "pin": "๙๐๒๑๗๔"}, base_url=APP)
    assert came.headers["Location"] == "/my-data"
    assert "PIN and half a code" in look(client, "/my-data/devices", "en").main
    client.post("/my-data/passkeys/remove-pin", base_url=APP)
    assert tools.store.pin_of(tools.store.person_id_of(SOMCHAI)) is None


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_sheet_speaks_both_languages_and_bears_the_code_once_as_a_square(desk: FlaskClient, tools: Tools, lang: str) -> None:
    code = hand_over(desk, tools)
    desk.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    page = sound(read(desk.get(f"/officer/counter/print?made={made_by(tools)}", base_url=APP)), lang)
    assert "รหัสของคุณ" in page.text
    assert "Your code for signing in" in page.text
    assert page.html.count("<svg") >= 1
    assert grouped(code) in page.text
    assert SOMCHAI not in page.html
    assert "สมชาย" not in page.main, "a sheet that is lost says nobody's name"


def test_without_card_face_and_reason_there_is_no_code(desk: FlaskClient, tools: Tools) -> None:
    desk.post("/officer/counter", data={"number": SOMCHAI, "kind": "citizen"}, base_url=APP)
    for missing in TICKED:
        ticked = {name: value for name, value in TICKED.items() if name != missing} | {"shown": shown_on(desk)}
        response = desk.post("/officer/counter/check", data=ticked, base_url=APP)
        assert response.status_code == 422
        assert f'id="{missing}-error"' in response.get_data(as_text=True)
    assert not tools.store.counter_codes_of(tools.store.person_id_of(SOMCHAI))


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_tab_that_shows_somebody_else_hands_over_nothing_and_says_whom_it_shows_now(desk: FlaskClient, tools: Tools, lang: str) -> None:
    desk.post("/officer/counter", data={"number": SOMCHAI, "kind": "citizen"}, base_url=APP)
    somchai = shown_on(desk)
    desk.post("/officer/counter", data={"number": "1000000000017", "kind": "citizen"}, base_url=APP)
    desk.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    page = sound(read(desk.post("/officer/counter/check", data=TICKED | {"shown": somchai}, base_url=APP)), lang)
    assert page.status == 422
    assert page.main.count("สมหญิง") >= 3, "in the notice, in the record and on the button"
    assert "สมชาย" not in page.main
    assert " checked" not in page.html, "what was ticked was ticked for somebody else"
    for number in (SOMCHAI, "1000000000017"):
        assert not tools.store.counter_codes_of(tools.store.person_id_of(number))


def test_the_number_comes_back_nowhere(desk: FlaskClient) -> None:
    for number in ("1000000000008", "1000000000041", "12345"):
        response = desk.post("/officer/counter", data={"number": number, "kind": "citizen"}, base_url=APP)
        assert response.status_code == 422
        assert number not in response.get_data(as_text=True)


def test_handed_over_means_nothing_of_the_person_stays_on_the_desk(desk: FlaskClient, tools: Tools) -> None:
    hand_over(desk, tools)
    made = made_by(tools)
    assert desk.post("/officer/counter/done", data={"made": made}, base_url=APP).headers["Location"] == "/officer/counter"
    for page in ("check", f"code?made={made}", f"print?made={made}"):
        assert desk.get(f"/officer/counter/{page}", base_url=APP).headers["Location"] == "/officer/counter"


def test_a_tab_prints_the_code_it_shows_or_nothing_and_never_a_later_persons(desk: FlaskClient, tools: Tools) -> None:
    hand_over(desk, tools)
    of_somchai = f"/officer/counter/print?made={made_by(tools)}"
    assert look(desk, f"/officer/counter/code?made={made_by(tools)}", "en").links["Print the sheet"] == of_somchai
    later = hand_over(desk, tools, "1000000000017")
    for gone in (of_somchai, of_somchai.replace("print", "code"), "/officer/counter/print", "/officer/counter/code"):
        assert desk.get(gone, base_url=APP).headers["Location"] == "/officer/counter", "a tab left open shows nothing of a later person"
    desk.post("/officer/counter/done", data={"made": of_somchai.rpartition("=")[2]}, base_url=APP)
    assert grouped(later) in look(desk, f"/officer/counter/print?made={made_by(tools)}", "en").text


def test_no_officer_prints_what_another_has_made(client: FlaskClient, desk: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    hand_over(desk, tools)
    sign_in(client, "1000000000084")
    assert client.get(f"/officer/counter/print?made={made_by(tools)}", base_url=APP).headers["Location"] == "/officer/counter"


def test_somebody_known_by_a_social_security_card_gets_a_code_too(client: FlaskClient, desk: FlaskClient, tools: Tools) -> None:
    row = PersonRow(FOREIGNER, "นาย", "ออง", "", None, "33", None, None, "TH-10", "TH-10", "TH10-001", NumberKind.SOCIAL_SECURITY)
    tools.store.put_people([row], tools.clock.now(), demo=True)
    assert desk.post("/officer/counter", data={"number": FOREIGNER, "kind": "citizen"}, base_url=APP).status_code == 422
    code = hand_over(desk, tools, FOREIGNER, "social_security", why="not_thai")
    client.post("/sign-in/counter", data={"code": code}, base_url=APP)
    client.post("/sign-in/counter/pin", data={"pin": "902174", "pin_again": "902174"}, base_url=APP)
    page = look(client, "/my-data", "en")
    assert "Social-security number" in page.main
    assert "National ID number" not in page.main
    assert desk.post("/officer/paper", data={"number": FOREIGNER}, base_url=APP).headers["Location"] == "/officer/paper/form"


def test_a_code_mistyped_stays_in_the_field_and_a_wrong_one_does_not(client: FlaskClient, desk: FlaskClient, tools: Tools) -> None:
    code = hand_over(desk, tools)
    slipped = code[:-1] + ("A" if code[-1] != "A" else "C")
    mistyped = read(client.post("/sign-in/counter", data={"code": slipped}, base_url=APP))
    assert mistyped.status == 422
    assert slipped in mistyped.html
    assert client.get("/sign-in/counter/set", base_url=APP).headers["Location"].startswith("/sign-in/counter?")


def test_a_person_sees_where_they_are_signed_in_and_ends_the_others(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    client.environ_base["HTTP_USER_AGENT"] = A_PHONE["User-Agent"]
    sign_in(client, SOMCHAI)
    person_id = tools.store.person_id_of(SOMCHAI)
    for via in (Via.PASSKEY, Via.GOVERNMENT_CHANNEL):
        sessions.open_session(tools, person_id, None, via, "", sessions.Device("safari iphone", str(via)))
    page = look(client, "/my-data/devices", "en")
    assert "Chrome, Android" in page.main
    assert "Safari, iPhone" in page.main
    assert page.main.count("This device") == 1
    kept = str([tuple(row) for row in tools.store.all("SELECT * FROM sessions")])
    assert "A03" not in kept, "of the browser only the family is kept"
    one = page.form("/my-data/devices/end")["fields"]
    client.post("/my-data/devices/end", data=one, base_url=APP)
    assert len(tools.store.sessions_of(person_id)) == 2
    client.post("/my-data/devices/end-others", base_url=APP)
    assert len(tools.store.sessions_of(person_id)) == 1
    assert client.get("/my-data", base_url=APP).status_code == 200
    assert "another device" in look(client, "/my-data/messages", "en").main


def test_one_person_cannot_end_the_sessions_of_another(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    other = sessions.open_session(tools, tools.store.person_id_of("1000000000017"), None, Via.THAID, "2.3")
    sign_in(client, SOMCHAI)
    name = devices.name_of(sessions.session_of(tools, other))
    client.post("/my-data/devices/end", data={"session": name}, base_url=APP)
    client.post("/my-data/devices/end-others", base_url=APP)
    assert sessions.session_of(tools, other) is not None


def test_signing_in_again_from_the_same_browser_is_no_news(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    client.post("/sign-out", base_url=APP)
    sign_in(client, SOMCHAI)
    assert "another device" not in look(client, "/my-data/messages", "en").main


def test_passkeys_are_offered_softly_and_ask_for_thaid_when_it_is_stale(client: FlaskClient, tools: Tools) -> None:
    token = sessions.open_session(tools, tools.store.person_id_of(SOMCHAI), None, Via.PASSKEY, "")
    client.set_cookie(guards.SESSION_COOKIE, token, domain="localhost")
    page = read(client.get("/my-data/passkeys", base_url="http://localhost:8000"))
    assert "/sign-in/again?next=/my-data/passkeys" in page.html
    made = client.post("/my-data/passkeys", data={"passkey_answer": "{}"}, base_url="http://localhost:8000")
    assert made.headers["Location"].startswith("/sign-in/again")


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"response":{"clientDataJSON":"e30"}}', "x" * 20_000, "[" * 16_000])
def test_an_answer_that_no_browser_gave_opens_nothing(client: FlaskClient, answer: str) -> None:
    response = client.post("/sign-in/passkey", data={"passkey_answer": answer}, base_url=APP)
    assert response.status_code == 422
    assert "sitthi-session" not in str(response.headers.getlist("Set-Cookie"))


def test_the_script_of_passkeys_is_light_and_only_where_it_is_needed(client: FlaskClient) -> None:
    assert len(brotli.compress((ROOT / "static/js/passkey.js").read_bytes())) <= 2048
    for path, needs_it in (("/sign-in/passkey", True), ("/sign-in/counter", True), ("/sign-in", False), ("/", False)):
        assert ("js/passkey.js" in look(client, path).html) is needs_it, path


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (A_PHONE["User-Agent"], "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Version/17.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 12) SamsungBrowser/23 Chrome/115 Mobile Safari/537.36", "Samsung Internet, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/130.0", "Firefox, Windows"),
        ("Mozilla/5.0 (Linux; Android 12) Chrome/130 Mobile Safari/537.36 Line/14.0", "LINE, Android"),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent: str, name: str) -> None:
    assert browser_name(family_of(agent)) == name
