"""Coming in from ทางรัฐ, against the running stand-in: the first time by ThaiD, later by one tap, and every way it can fail."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.front_door import APP, SignIn, StandIn
from tests.pages import look, read, sound
from tests.standing_clock import StandingClock
from webapp.app import create_app, tools_for
from webapp.config import DEVELOPMENT_CLIENT_ID, Settings
from webapp.domain.assurance import Via
from webapp.ports import PersonRow, Tools
from webapp.standins import government_channel as standin_of
from webapp.standins.government_channel import Gateway
from webapp.views.government_channel import COOKIE, FAILURES
from webapp.web import guards
from webapp.web.limit_table import DOORS, address

SOMCHAI, SOMYING, NOT_INSURED, BAD_CHECK_DIGIT, ONE_NAME = (
    "1000000000009", "1000000000017", "1000000000041", "1000000000008", "1000000000131",
)  # fmt: skip
HERE = "/government-channel"


@pytest.fixture
def gateway(standin: StandIn) -> Iterator[Gateway]:
    """The stand-in's own gateway; every test finds it honest."""
    found: Gateway = standin.app.extensions["government_channel"]
    found.fault, found.slow, found.clock, found.calls = "", 0.0, time.time, 0
    yield found
    found.fault, found.slow, found.clock = "", 0.0, time.time


def opened_by_the_app(gateway: Gateway, pid: str = SOMCHAI, app_id: str = DEVELOPMENT_CLIENT_ID, birth_day_unknown: bool = False) -> str:
    """The address with which ทางรัฐ opens us."""
    return f"{HERE}?{urlencode({'appId': app_id, 'mToken': gateway.mint(pid, birth_day_unknown)})}"


def arrive(client: FlaskClient, gateway: Gateway, pid: str = SOMCHAI) -> TestResponse:
    return client.get(opened_by_the_app(gateway, pid), base_url=APP)


def say_it_is_me(client: FlaskClient) -> TestResponse:
    return client.post(f"{HERE}/confirm", base_url=APP)


def link(client: FlaskClient, gateway: Gateway, sign_in: SignIn, pid: str = SOMCHAI) -> None:
    """The whole first entry; afterwards nobody is signed in."""
    arrive(client, gateway, pid)
    say_it_is_me(client)
    sign_in(client, pid, f"{HERE}/linked")
    assert look(client, f"{HERE}/linked", "en").h1 == ["The Government Channel app is linked"]
    client.post("/sign-out", base_url=APP)


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/my-data", base_url=APP).status_code == 200


def failed_at(response: TestResponse) -> str:
    return response.headers["Location"].removeprefix(f"{HERE}/failed/")


# The first entry


@pytest.mark.parametrize("lang", ["th", "en"])
def test_whoever_arrives_is_asked_whether_it_is_them_at_an_address_without_the_token(
    client: FlaskClient, gateway: Gateway, lang: str
) -> None:
    landed = arrive(client, gateway)
    assert (landed.status_code, landed.headers["Location"]) == (303, f"{HERE}/confirm")
    assert landed.headers["Cache-Control"] == "no-store"
    assert landed.headers["Referrer-Policy"] == "no-referrer"
    cookie = next(value for value in landed.headers.getlist("Set-Cookie") if value.startswith(COOKIE))
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=600"} <= set(cookie.split("; "))
    page = look(client, f"{HERE}/confirm", lang)
    assert "สมชาย" in page.h1[0]
    assert "1-xxxx-xxxxx-00-9" in page.main
    assert SOMCHAI not in page.html
    assert "ตัวอย่าง" not in page.main, "the given name and the ends of the number are enough"
    assert "สมชาย" not in page.title, "titles stay in the history"
    assert not is_signed_in(client)


def test_the_first_time_thaid_has_to_say_the_same_and_then_the_link_is_kept(
    client: FlaskClient, gateway: Gateway, tools: Tools, sign_in: SignIn
) -> None:
    arrive(client, gateway)
    asked = say_it_is_me(client)
    assert asked.headers["Location"] == f"/sign-in?next={HERE}/linked"
    assert not is_signed_in(client)
    assert look(client, asked.headers["Location"], "en").links["Go to ThaiD"] == f"/sign-in/thaid?next={HERE}/linked"
    back = sign_in(client, SOMCHAI, f"{HERE}/linked")
    assert back.headers["Location"] == f"{HERE}/linked"
    page = look(client, f"{HERE}/linked", "en")
    assert page.h1 == ["The Government Channel app is linked"]
    assert look(client, f"{HERE}/linked", "th").status == 200, "the page can be asked for again, in another language"
    person_id = tools.store.person_id_of(SOMCHAI)
    assert tools.store.channel_link_of(person_id).used_at is None
    assert [one.via for one in tools.store.sessions_of(person_id)] == [Via.THAID]
    assert tools.store.one("SELECT by_id FROM audit_entries WHERE act = 'channel_linked'")["by_id"] == person_id


def test_thaid_of_somebody_else_links_nothing_and_keeps_its_own_session(
    client: FlaskClient, gateway: Gateway, tools: Tools, sign_in: SignIn
) -> None:
    arrive(client, gateway, SOMCHAI)
    say_it_is_me(client)
    sign_in(client, SOMYING, f"{HERE}/linked")
    refused = client.get(f"{HERE}/linked", base_url=APP)
    assert failed_at(refused) == "another_number"
    page = look(client, refused.headers["Location"], "en", status=403)
    assert "สมหญิง" in page.main
    assert "สมชาย" not in page.main
    assert "as yourself" in page.main
    for pid in (SOMCHAI, SOMYING):
        assert tools.store.channel_link_of(tools.store.person_id_of(pid)) is None
    session = tools.store.sessions_of(tools.store.person_id_of(SOMYING))
    assert [one.via for one in session] == [Via.THAID]
    assert is_signed_in(client)


def test_an_officer_without_insurance_links_nothing(client: FlaskClient, gateway: Gateway, sign_in: SignIn) -> None:
    arrive(client, gateway)
    say_it_is_me(client)
    sign_in(client, "1000000000076", f"{HERE}/linked")
    assert failed_at(client.get(f"{HERE}/linked", base_url=APP)) == "another_number"


def test_nothing_is_linked_where_nobody_said_that_it_is_them(
    client: FlaskClient, gateway: Gateway, tools: Tools, sign_in: SignIn
) -> None:
    arrive(client, gateway)
    sign_in(client, SOMCHAI)
    assert failed_at(client.get(f"{HERE}/linked", base_url=APP)) == "entry_over"
    assert tools.store.channel_link_of(tools.store.person_id_of(SOMCHAI)) is None


def test_a_sign_in_that_is_not_fresh_goes_to_thaid_again_before_linking(
    client: FlaskClient, gateway: Gateway, sign_in: SignIn, clock: StandingClock
) -> None:
    sign_in(client, SOMCHAI)
    clock.advance(minutes=6)
    arrive(client, gateway)
    say_it_is_me(client)
    assert client.get(f"{HERE}/linked", base_url=APP).headers["Location"] == f"/sign-in/again?next={HERE}/linked"
    sign_in(client, SOMCHAI, f"{HERE}/linked")
    assert client.get(f"{HERE}/linked", base_url=APP).status_code == 200


def test_somebody_whom_the_office_does_not_know_is_told_so_by_thaid_first(
    client: FlaskClient, gateway: Gateway, sign_in: SignIn
) -> None:
    arrive(client, gateway, NOT_INSURED)
    assert look(client, f"{HERE}/confirm", "en").status == 200
    assert say_it_is_me(client).headers["Location"] == f"/sign-in?next={HERE}/linked", "nothing is told of a record before ThaiD"
    back = sign_in(client, NOT_INSURED, f"{HERE}/linked")
    assert "/sign-in/failed/not_insured" in back.headers["Location"]


# Later entries


def test_later_one_tap_opens_a_session_marked_so(client: FlaskClient, gateway: Gateway, tools: Tools, sign_in: SignIn) -> None:
    link(client, gateway, sign_in)
    arrive(client, gateway)
    assert not is_signed_in(client), "the link alone opens nothing"
    let_in = say_it_is_me(client)
    assert let_in.status_code == 303
    assert let_in.headers["Location"] in ("/", "/welcome")
    assert "via the Government Channel app" in look(client, "/my-data", "en").main
    assert "ผ่านแอปทางรัฐ" in look(client, "/", "th").main
    session = tools.store.sessions_of(tools.store.person_id_of(SOMCHAI))[0]
    assert (session.via, session.ial, session.officer_id) == (Via.GOVERNMENT_CHANNEL, "", None)
    assert say_it_is_me(client).headers["Location"] == f"{HERE}/failed/entry_over", "an entry serves once"


def test_sensitive_acts_ask_for_thaid_again(client: FlaskClient, gateway: Gateway, sign_in: SignIn) -> None:
    link(client, gateway, sign_in)
    arrive(client, gateway)
    say_it_is_me(client)
    asked = client.post("/my-data/passkeys", data={"passkey_answer": "{}"}, base_url=APP)
    assert asked.headers["Location"] == "/sign-in/again?next=/my-data/passkeys"
    sign_in(client, SOMCHAI, "/my-data/passkeys")
    assert client.post("/my-data/passkeys", data={"passkey_answer": "{}"}, base_url=APP).status_code == 422, "now it is looked at"


def test_an_officers_desk_stays_shut(client: FlaskClient, gateway: Gateway, sign_in: SignIn) -> None:
    both = "1000000000084"
    link(client, gateway, sign_in, both)
    arrive(client, gateway, both)
    say_it_is_me(client)
    assert is_signed_in(client)
    assert client.get("/officer", base_url=APP).status_code == 404


def test_whoever_was_signed_in_here_before_is_told_and_signed_out(
    client: FlaskClient, another_client: FlaskClient, gateway: Gateway, tools: Tools, sign_in: SignIn
) -> None:
    link(another_client, gateway, sign_in)
    sign_in(client, SOMYING)
    arrive(client, gateway)
    assert "Somebody is signed in here already" in look(client, f"{HERE}/confirm", "en").main
    say_it_is_me(client)
    assert tools.store.sessions_of(tools.store.person_id_of(SOMYING)) == []
    assert "สมชาย" in look(client, "/my-data", "en").main


def test_what_was_typed_before_coming_in_becomes_the_persons(client: FlaskClient, gateway: Gateway, sign_in: SignIn) -> None:
    link(client, gateway, sign_in)
    client.post("/hospital-change/new", data={"cause": "annual", "in_patient": "no"}, base_url=APP)
    arrive(client, gateway)
    say_it_is_me(client)
    assert "Hospital change, not sent yet" in look(client, "/my-data", "en").main


def test_linked_but_no_longer_insured_is_told_the_next_step(
    client: FlaskClient, gateway: Gateway, tools: Tools, sign_in: SignIn, clock: StandingClock
) -> None:
    link(client, gateway, sign_in)
    gone = PersonRow(SOMCHAI, "นาย", "สมชาย", "ตัวอย่าง", None, "", None, None, None, None, None)
    tools.store.put_people([gone], clock.now(), demo=True)
    arrive(client, gateway)
    refused = say_it_is_me(client)
    assert refused.headers["Location"] == "/sign-in/failed/not_insured"
    assert not is_signed_in(client)
    assert look(client, refused.headers["Location"], "en", status=403).h1 == ["We cannot find your insurance"]


def test_another_id_of_the_gateway_for_the_same_number_asks_for_thaid(
    client: FlaskClient, gateway: Gateway, tools: Tools, sign_in: SignIn
) -> None:
    link(client, gateway, sign_in)
    person_id = tools.store.person_id_of(SOMCHAI)
    tools.store.keep_channel_link(replace(tools.store.channel_link_of(person_id), user_hash="of another id"))
    arrive(client, gateway)
    assert say_it_is_me(client).headers["Location"] == f"/sign-in?next={HERE}/linked"


# A stranger's link


def test_that_is_not_me_drops_the_entry(client: FlaskClient, gateway: Gateway, tools: Tools) -> None:
    arrive(client, gateway)
    refused = client.post(f"{HERE}/not-me", base_url=APP)
    assert failed_at(refused) == "not_me"
    assert "somebody send you the link" in look(client, refused.headers["Location"], "en").main
    assert failed_at(say_it_is_me(client)) == "entry_over"
    assert tools.store.one("SELECT COUNT(*) AS n FROM government_channel_entries")["n"] == 0


def test_another_browser_cannot_say_it_for_them(
    client: FlaskClient, another_client: FlaskClient, gateway: Gateway, sign_in: SignIn
) -> None:
    link(client, gateway, sign_in)
    arrive(client, gateway)
    assert failed_at(say_it_is_me(another_client)) == "entry_over"
    another_client.set_cookie(COOKIE, "made-up", domain="127.0.0.1")
    assert failed_at(say_it_is_me(another_client)) == "entry_over"


def test_another_sites_page_cannot_say_it_for_them(client: FlaskClient, gateway: Gateway, sign_in: SignIn) -> None:
    link(client, gateway, sign_in)
    arrive(client, gateway)
    sent = client.post(f"{HERE}/confirm", base_url=APP, headers={"Sec-Fetch-Site": "cross-site"})
    assert sent.status_code in (400, 403)
    assert not is_signed_in(client)


def test_an_entry_waits_ten_minutes(client: FlaskClient, gateway: Gateway, clock: StandingClock, sign_in: SignIn) -> None:
    link(client, gateway, sign_in)
    arrive(client, gateway)
    clock.advance(minutes=10)
    assert failed_at(client.get(f"{HERE}/confirm", base_url=APP)) == "entry_over"
    assert failed_at(say_it_is_me(client)) == "entry_over"


# Refused, with the next step


def refused(client: FlaskClient, address: str) -> str:
    """Open an address that must come to nothing; its page is sound in both languages and names a next step. Returns why."""
    gone = client.get(address, base_url=APP)
    assert gone.status_code == 303
    assert "mToken" not in gone.headers["Location"]
    assert client.get_cookie(COOKIE, domain="127.0.0.1") is None
    for lang, step in (("th", "เมนูของแอป"), ("en", "menu again")):
        page = look(client, gone.headers["Location"], lang, status=FAILURES[failed_at(gone)])
        assert step in page.main or failed_at(gone) == "number_not_valid"
        assert "1506" in page.main
        assert "ThaiD" in page.main
    assert not is_signed_in(client)
    return failed_at(gone)


def test_a_replayed_token_is_refused(client: FlaskClient, another_client: FlaskClient, gateway: Gateway) -> None:
    address = opened_by_the_app(gateway)
    client.get(address, base_url=APP)
    assert refused(another_client, address) == "entry_not_taken"
    assert look(client, f"{HERE}/confirm", "en").status == 200, "the first one still has theirs"


def test_a_late_token_is_refused(client: FlaskClient, gateway: Gateway) -> None:
    address = opened_by_the_app(gateway)
    gateway.clock = lambda: time.time() + 121
    assert refused(client, address) == "entry_not_taken"


def test_a_foreign_app_is_refused_without_a_call(client: FlaskClient, gateway: Gateway) -> None:
    assert refused(client, opened_by_the_app(gateway, app_id="another-app")) == "foreign_app"
    assert refused(client, f"{HERE}?mToken={gateway.mint(SOMCHAI)}") == "foreign_app"
    assert gateway.calls == 0


def test_what_is_no_token_is_refused_without_a_call(client: FlaskClient, gateway: Gateway) -> None:
    for text in ("", "x", "a" * 5000, "../../etc"):
        assert refused(client, f"{HERE}?{urlencode({'appId': DEVELOPMENT_CLIENT_ID, 'mToken': text})}") == "entry_not_taken"
    assert gateway.calls == 0


def test_a_number_that_fails_its_check_digit_is_refused(client: FlaskClient, gateway: Gateway) -> None:
    assert refused(client, opened_by_the_app(gateway, BAD_CHECK_DIGIT)) == "number_not_valid"


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (standin_of.ERROR_500, "provider_down"),
        (standin_of.BLOCK_PAGE, "blocked_page"),
        (standin_of.BROKEN_JSON, "provider_down"),
        (standin_of.REDIRECT, "provider_down"),
        (standin_of.UNAUTHORIZED, "provider_down"),
    ],
)
def test_a_gateway_in_trouble_is_told_and_asked_once(client: FlaskClient, gateway: Gateway, fault: str, why: str) -> None:
    gateway.fault = fault
    assert refused(client, opened_by_the_app(gateway)) == why
    assert gateway.calls == 1, "nothing is tried again, and no redirect is followed"


def at_another_gateway(tools: Tools, **changes: object) -> FlaskClient:
    """A browser at an app whose mini-app is set up otherwise."""
    mini_app = replace(tools.settings.government_channel, **changes)
    settings = replace(tools.settings, government_channel=mini_app)
    held = replace(tools, settings=settings, government_channel=tools_for(settings).government_channel)
    return create_app(settings, held).test_client()


def test_a_slow_gateway_is_left_in_time(tools: Tools, gateway: Gateway) -> None:
    gateway.slow = 5.0
    client, address = at_another_gateway(tools, timeout=0.3), opened_by_the_app(gateway)
    began = time.monotonic()
    assert refused(client, address) == "timed_out"
    assert time.monotonic() - began < 4


def test_a_gateway_that_is_not_there_is_told(tools: Tools, gateway: Gateway) -> None:
    assert refused(at_another_gateway(tools, gateway="http://127.0.0.1:9"), opened_by_the_app(gateway)) == "provider_down"


def test_unknown_parts_of_a_birth_date_keep_nobody_out(client: FlaskClient, gateway: Gateway) -> None:
    client.get(opened_by_the_app(gateway, birth_day_unknown=True), base_url=APP)
    assert look(client, f"{HERE}/confirm", "en").h1 == ["Are you สมชาย?"]


def test_a_person_with_one_name_comes_in(client: FlaskClient, gateway: Gateway) -> None:
    arrive(client, gateway, ONE_NAME)
    assert look(client, f"{HERE}/confirm", "en").h1 == ["Are you เดี่ยว?"]


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("why", sorted(FAILURES))
def test_every_way_to_fail_has_its_page(client: FlaskClient, why: str, lang: str) -> None:
    assert look(client, f"{HERE}/failed/{why}", lang, status=FAILURES[why]).h1
    assert client.get(f"{HERE}/failed/unheard-of", base_url=APP).status_code == 404


# What is kept, logged and ended


def test_neither_token_number_nor_secret_is_logged(
    client: FlaskClient, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    address = opened_by_the_app(gateway)
    client.get(address, base_url=APP)
    client.get(address, base_url=APP)
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name == "sitthi")
    assert "entry_not_taken" in ours
    for secret in (address.rpartition("=")[2], SOMCHAI, "สมชาย"):
        assert secret not in ours


def test_the_database_holds_neither_number_name_nor_the_gateways_id(
    client: FlaskClient, gateway: Gateway, tools: Tools, sign_in: SignIn
) -> None:
    link(client, gateway, sign_in)
    arrive(client, gateway)
    rows = [
        str(tuple(row))
        for table in ("government_channel_entries", "government_channel_links")
        for row in tools.store.all(f"SELECT * FROM {table}")  # noqa: S608 - our own names
    ]
    assert len(rows) == 2
    for row in rows:
        assert not [secret for secret in (SOMCHAI, "สมชาย", "user_hash") if secret in row]


def test_the_link_is_seen_and_ended_at_my_devices(client: FlaskClient, gateway: Gateway, tools: Tools, sign_in: SignIn) -> None:
    link(client, gateway, sign_in)
    arrive(client, gateway)
    say_it_is_me(client)
    page = look(client, "/my-data/devices", "en")
    assert "The Government Channel app Linked" in page.main
    assert client.post(page.form(f"{HERE}/end")["action"], base_url=APP).headers["Location"].startswith("/my-data/devices")
    assert f"{HERE}/end" not in look(client, "/my-data/devices", "th").html
    assert tools.store.channel_link_of(tools.store.person_id_of(SOMCHAI)) is None
    client.post("/sign-out", base_url=APP)
    arrive(client, gateway)
    assert say_it_is_me(client).headers["Location"] == f"/sign-in?next={HERE}/linked", "ThaiD is asked again"


def test_ending_the_link_ends_what_it_opened_elsewhere(
    client: FlaskClient, another_client: FlaskClient, gateway: Gateway, sign_in: SignIn
) -> None:
    link(client, gateway, sign_in)
    arrive(another_client, gateway)
    say_it_is_me(another_client)
    sign_in(client, SOMCHAI)
    client.post(f"{HERE}/end", base_url=APP)
    assert is_signed_in(client)
    assert not is_signed_in(another_client)


def test_what_ran_out_is_forgotten_by_the_worker(
    client: FlaskClient, gateway: Gateway, tools: Tools, clock: StandingClock, sign_in: SignIn
) -> None:
    from webapp.actions.sessions import forget_stale

    link(client, gateway, sign_in)
    arrive(client, gateway)
    forget_stale(tools)
    person_id = tools.store.person_id_of(SOMCHAI)
    assert tools.store.channel_link_of(person_id)
    clock.advance(minutes=11)
    forget_stale(tools)
    assert tools.store.one("SELECT COUNT(*) AS n FROM government_channel_entries")["n"] == 0
    clock.advance(seconds=366 * 86_400)
    forget_stale(tools)
    assert tools.store.channel_link_of(person_id) is None


# The landing page itself


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_landing_page_tells_how_to_come_in_and_links_the_pretended_menu(client: FlaskClient, standin: StandIn, lang: str) -> None:
    page = look(client, HERE, lang)
    assert f"{standin.url}/simulator/government-channel" in page.links.values()


def test_looking_for_headers_spends_nothing(client: FlaskClient, gateway: Gateway) -> None:
    client.head(opened_by_the_app(gateway), base_url=APP)
    assert gateway.calls == 0


@pytest.mark.parametrize("lang", ["th", "en"])
def test_where_it_is_switched_off_the_page_says_so(settings: Settings, tools: Tools, gateway: Gateway, lang: str) -> None:
    off = replace(settings, government_channel=None)
    client = create_app(off, replace(tools, settings=off, government_channel=None)).test_client()
    gone = client.get(opened_by_the_app(gateway), base_url=APP)
    assert (gone.status_code, gone.headers["Location"]) == (303, HERE)
    page = look(client, HERE, lang)
    assert {"th": "ยังไม่ได้เชื่อม", "en": "is not linked"}[lang] in page.main
    assert gateway.calls == 0


def test_the_pretended_menu_opens_our_landing_page(client: FlaskClient, gateway: Gateway, standin: StandIn) -> None:
    menu = requests.post(f"{standin.url}/simulator/government-channel", data={"pid": SOMCHAI}, timeout=10).text
    address = menu.partition('id="landing" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert address.startswith(f"{APP}{HERE}?")
    assert client.get(address.removeprefix(APP), base_url=APP).headers["Location"] == f"{HERE}/confirm"


# The welcome


def test_after_a_first_sign_in_without_an_errand_two_things_are_asked_once(client: FlaskClient, sign_in: SignIn) -> None:
    assert sign_in(client, SOMCHAI).headers["Location"] == "/welcome"
    page = look(client, "/welcome", "en")
    assert "SMS" in page.main
    assert page.links["Skip this"] == "/"
    saved = client.post("/welcome", data={"language": "th", "text_size": "3"}, base_url=APP)
    assert saved.headers["Location"] == "/"
    home = sound(read(client.get("/", base_url=APP)))
    assert home.lang == "th"
    assert 'data-s="3"' in home.html
    assert sign_in(client, SOMCHAI).headers["Location"] == "/"


def test_an_errand_goes_first_and_the_welcome_waits(client: FlaskClient, sign_in: SignIn) -> None:
    assert sign_in(client, SOMCHAI, "/hospital-change/new").headers["Location"] == "/hospital-change/new"
    assert sign_in(client, SOMCHAI).headers["Location"] == "/welcome"


def test_a_choice_that_does_not_exist_is_told(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    page = sound(read(client.post("/welcome", data={"language": "xx", "text_size": "9"}, base_url=APP)))
    assert page.status == 422
    assert page.title.startswith(("Fix", "แก้"))


def failures_noted(tools: Tools) -> int:
    return len(tools.store.all("SELECT 1 FROM audit_entries WHERE act = 'sign_in_failed'"))  # type: ignore[attr-defined]


def test_what_anybody_can_send_again_and_again_grows_no_audit(client: FlaskClient, gateway: Gateway, tools: Tools) -> None:
    for _ in range(3):
        assert failed_at(say_it_is_me(client)) == "entry_over"
        assert failed_at(client.get(opened_by_the_app(gateway, app_id="another"), base_url=APP)) == "foreign_app"
        assert failed_at(client.get(f"{HERE}?appId={DEVELOPMENT_CLIENT_ID}&mToken=none", base_url=APP)) == "entry_not_taken"
    assert failures_noted(tools) == 0


def test_an_entry_that_is_spent_for_nothing_is_noted_once(client: FlaskClient, gateway: Gateway, tools: Tools, sign_in: SignIn) -> None:
    arrive(client, gateway, SOMYING)
    say_it_is_me(client)
    sign_in(client, SOMCHAI, f"{HERE}/linked")
    for _ in range(3):
        client.get(f"{HERE}/linked", base_url=APP)
    assert failures_noted(tools) == 1


def test_that_is_me_has_a_generous_limit(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DOORS, "government-channel-confirm", (address(2),))
    limited = replace(tools, settings=replace(tools.settings, limits=True))
    client = create_app(limited.settings, limited).test_client()
    assert [say_it_is_me(client).status_code for _ in range(3)] == [303, 303, 429]


def test_every_write_on_these_pages_names_its_act(app: Flask) -> None:
    own = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(("government_channel.", "welcome."))]
    writes = [rule for rule in own if "POST" in (rule.methods or ())]
    assert len(writes) == 4
    assert all(guards.act_of(app.view_functions[rule.endpoint]) for rule in writes)
