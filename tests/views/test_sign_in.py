"""Signing in and out through the front door: the real way through the live stand-in, and every way it can fail."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Blueprint, Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.front_door import APP, CALLBACK, StandIn, consent_at_thaid, return_from_thaid, running, sign_in, start_at_thaid
from tests.pages import Page, look, read, sound
from tests.standing_clock import StandingClock
from webapp.adapters.store.queries.drafts import DraftQueries
from webapp.app import create_app, tools_for
from webapp.config import DEVELOPMENT_CLIENT_ID, DEVELOPMENT_SECRET, Settings
from webapp.ports import PersonSettings, StoreUnavailable, Tools
from webapp.standins import thaid
from webapp.standins.desk import Client, Config
from webapp.web import guards
from webapp.web.limit_table import DOORS, address

SOMCHAI, NOT_INSURED, OFFICER, LOW_IAL, ONE_NAME, BAD_CHECK_DIGIT, BOTH = (
    "1000000000009", "1000000000041", "1000000000076", "1000000000114", "1000000000131", "1000000000008", "1000000000084",
)  # fmt: skip
TWIN = APP.replace("127.0.0.1", "localhost")
MINUTE = 60
FAILURES = {
    "refused": 403, "unknown": 400, "already_used": 409, "too_old": 410, "other_browser": 403, "code_over": 410, "code_not_taken": 409,
    "not_verified": 502, "number_not_valid": 403, "ial_too_low": 403, "not_insured": 403, "blocked_page": 502, "provider_down": 502,
    "timed_out": 504,
}  # fmt: skip
desk = Blueprint("desk", __name__)


@desk.route("/desk", methods=["GET", "POST"])
@guards.signed_in
def desk_page() -> str:
    """A page with a form, as any capability has."""
    return f"desk of {guards.person_who_asks().id}: {request.form.getlist('answer')} {guards.draft_owner()}"


@desk.post("/desk/send")
@guards.signed_in
def desk_send() -> str:
    return f"sent: {request.form.getlist('answer')} by {guards.person_who_asks().id}"


@desk.post("/counter")
@guards.officers_only
def counter() -> str:
    return "counted"


@desk.post("/draft")
def draft() -> str:
    return guards.draft_owner_or_new()


@pytest.fixture
def app(settings: Settings, tools: Tools) -> Flask:
    return with_desk(create_app(settings, tools))


def with_desk(app: Flask) -> Flask:
    app.register_blueprint(desk)
    return app


def with_settings(tools: Tools, **changes: Any) -> FlaskClient:
    """A browser at an app that an operator has set up otherwise."""
    settings = replace(tools.settings, **changes)
    held = replace(tools, settings=settings, identity=tools_for(settings).identity)
    return with_desk(create_app(settings, held)).test_client()


def cookie_of(client: FlaskClient, name: str, domain: str = "127.0.0.1") -> str | None:
    found = client.get_cookie(name, domain=domain)
    return found.value if found else None


def is_signed_in(client: FlaskClient, base: str = APP) -> bool:
    return client.get("/desk", base_url=base).status_code == 200


def failure(client: FlaskClient, answer: TestResponse, cause: str) -> Page:
    """The failure page that an answer leads to, found sound in both languages, and nobody signed in."""
    assert answer.status_code == 303
    assert urlsplit(answer.headers["Location"]).path == f"/sign-in/failed/{cause}", answer.headers["Location"]
    assert not is_signed_in(client)
    look(client, answer.headers["Location"], "th", FAILURES[cause])
    return look(client, answer.headers["Location"], "en", FAILURES[cause])


def comes_back(client: FlaskClient, pid: str = SOMCHAI, next_path: str = "/desk", **fields: str) -> TestResponse:
    return return_from_thaid(client, consent_at_thaid(start_at_thaid(client, next_path), pid, **fields))


# Before ThaiD


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/old-password", "/sign-in/other-ways", "/sign-out"])
@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_pages_around_sign_in_are_open_to_everybody(client: FlaskClient, path: str, lang: str) -> None:
    page = look(client, path, lang)
    assert not [field for field in page.fields if field.get("type") == "password"]


@pytest.mark.parametrize("cause", FAILURES)
def test_every_failure_has_its_own_page_with_the_next_step(client: FlaskClient, cause: str) -> None:
    thai = look(client, f"/sign-in/failed/{cause}?next=/desk", "th", FAILURES[cause])
    english = look(client, f"/sign-in/failed/{cause}?next=/desk", "en", FAILURES[cause])
    for page in (thai, english):
        assert "/sign-in/thaid?next=/desk" in page.links.values(), "no way to try again"
        assert any(link.startswith("/sign-in/other-ways") for link in page.links.values())
        assert "1506" in page.text


def test_no_two_failures_look_alike(client: FlaskClient) -> None:
    for lang in ("th", "en"):
        assert len({look(client, f"/sign-in/failed/{cause}", lang, status).h1[0] for cause, status in FAILURES.items()}) == len(FAILURES)


def test_a_failure_that_does_not_exist_is_not_found(client: FlaskClient) -> None:
    assert client.get("/sign-in/failed/page", base_url=APP).status_code == 404


def test_the_page_before_says_what_is_needed_and_what_is_told(client: FlaskClient) -> None:
    page = look(client, "/sign-in?next=/desk", "en")
    assert page.h1 == ["Before you go to the ThaiD app"]
    assert page.links["Go to ThaiD"] == "/sign-in/thaid?next=/desk"
    for said in ("About 1 minute", "Name, national ID number, birth date, and identity level", "PIN", "QR code", "old password"):
        assert said in page.main
    thai = look(client, "/sign-in", "th")
    assert "ชื่อ-นามสกุล เลขประจำตัวประชาชน วันเกิด และระดับการยืนยันตัวตน" in thai.main


def test_what_is_told_follows_the_scopes_really_asked(tools: Tools) -> None:
    page = look(with_settings(tools, thaid_scopes="openid pid address smartcard_code"), "/sign-in", "en")
    assert "National ID number, address, and number of the ID card itself" in page.main
    assert "birth date" not in page.main


def test_other_ways_name_the_app_the_offices_and_the_hotline(client: FlaskClient) -> None:
    page = look(client, "/sign-in/other-ways?next=/desk", "en")
    for said in ("Self-registration", "district office or local government office", "passport and your social-security card", "1506"):
        assert said in page.main
    assert {"register", "office", "foreigners"} <= set(page.ids)
    assert "/sign-in/thaid?next=/desk" in page.links.values()
    assert "/hospitals" in page.links.values()


def test_who_has_an_old_password_is_told_what_changed_and_led_on(client: FlaskClient) -> None:
    assert "2 April 2026" in look(client, "/sign-in/old-password", "en").main
    thai = look(client, "/sign-in/old-password", "th")
    assert "2 เมษายน 2569" in thai.main
    assert "แอปทางรัฐ" in thai.main
    assert "/sign-in/thaid?next=/" in thai.links.values()


def test_who_is_signed_in_already_may_go_straight_on(client: FlaskClient) -> None:
    sign_in(client, SOMCHAI)
    page = look(client, "/sign-in?next=/desk", "en")
    assert "You are signed in already" in page.main
    assert page.links["Go on to the page"] == "/desk"


def test_silence_is_shown_to_the_browser_that_waits_and_to_no_other(
    client: FlaskClient, another_client: FlaskClient, clock: StandingClock
) -> None:
    asked = "ThaiD did not come back?"
    assert asked not in look(client, "/sign-in", "en").main
    start_at_thaid(client, "/desk")
    assert asked in look(client, "/sign-in?next=/desk", "en").main
    clock.advance(minutes=3)
    assert "3 minutes ago" in look(client, "/sign-in", "en").main
    assert "3 นาทีก่อน" in look(client, "/sign-in", "th").main
    assert asked not in look(another_client, "/sign-in", "en").main
    clock.advance(minutes=12)
    assert asked not in look(client, "/sign-in", "en").main


# There and back


def test_somchai_lands_where_he_was_going(client: FlaskClient) -> None:
    answer = comes_back(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")
    assert is_signed_in(client)


def test_a_person_with_one_name_is_greeted(client: FlaskClient, tools: Tools) -> None:
    answer = comes_back(client, ONE_NAME)
    known = tools.store.person_id_of(ONE_NAME) is not None
    assert answer.headers["Location"] == ("/desk" if known else "/sign-in/failed/not_insured?next=/desk")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.invalid/", "//elsewhere.invalid", "/\\elsewhere.invalid", "javascript:alert(1)", "/sign-in", "/sign-out",
        "/a\r\nb", "",
    ],
)  # fmt: skip
def test_the_way_back_is_a_path_of_ours_and_no_circle(client: FlaskClient, elsewhere: str) -> None:
    assert comes_back(client, next_path=elsewhere).headers["Location"] == "/welcome"


def test_a_way_back_with_questions_in_it_survives(client: FlaskClient) -> None:
    target = "/desk?q=%E0%B8%A3%E0%B8%9E&page=2"
    away = client.get(target, base_url=APP)
    assert away.status_code == 303
    page = read(client.get(away.headers["Location"], base_url=APP))
    start = next(link for link in page.links.values() if link.startswith("/sign-in/thaid"))
    began = client.get(start, base_url=APP)
    back = return_from_thaid(client, consent_at_thaid(began.headers["Location"], SOMCHAI))
    assert parse_qs(urlsplit(back.headers["Location"]).query) == {"q": ["รพ"], "page": ["2"]}


def test_an_officer_without_insurance_lands_at_the_officers_desk(client: FlaskClient) -> None:
    assert comes_back(client, OFFICER, "/").headers["Location"] == "/officer"
    assert client.post("/counter", base_url=APP).get_data(as_text=True) == "counted"


def test_an_officer_who_is_insured_too_is_both(client: FlaskClient) -> None:
    assert comes_back(client, BOTH, "/").headers["Location"] == "/welcome"
    assert is_signed_in(client)
    assert client.post("/counter", base_url=APP).status_code == 200


def test_thaid_is_asked_for_the_registered_address_on_the_name_the_browser_came_by(client: FlaskClient) -> None:
    for base in (APP, TWIN):
        began = client.get("/sign-in/thaid?next=/desk", base_url=base)
        assert parse_qs(urlsplit(began.headers["Location"]).query)["redirect_uri"] == [base + CALLBACK]
        answer = return_from_thaid(client, consent_at_thaid(began.headers["Location"], SOMCHAI))
        assert answer.headers["Location"] == "/desk"
        assert is_signed_in(client, base)


def test_a_host_that_is_not_ours_starts_nothing(client: FlaskClient) -> None:
    assert client.get("/sign-in/thaid", base_url="http://elsewhere.invalid").status_code == 400


def test_in_production_the_base_address_alone_is_asked_for(tools: Tools, tmp_path: Path) -> None:
    root = "https://sitthi.invalid"
    empty = tools_for(replace(tools.settings, database_url=f"sqlite:///{tmp_path / 'empty.db'}")).store
    empty.migrate()
    client = with_settings(replace(tools, store=empty), mode="production", base_url=root, operator="an operator")
    began = client.get("/sign-in/thaid", base_url=root)
    assert parse_qs(urlsplit(began.headers["Location"]).query)["redirect_uri"] == [root + CALLBACK]
    assert client.get("/sign-in/thaid", base_url=APP).status_code == 400
    empty.close()


# How it fails


@pytest.mark.parametrize("word", ["user_denied", "access_denied"])
def test_a_refusal_leads_to_its_page(client: FlaskClient, standin: StandIn, word: str) -> None:
    standin.switch(refusal=word)
    page = failure(client, comes_back(client, answer="refuse"), "refused")
    assert page.h1 == ["You are not signed in"]
    assert page.links["Try ThaiD again"] == "/sign-in/thaid?next=/desk"


@pytest.mark.parametrize("pid", [NOT_INSURED, "1000000000211"])
def test_who_is_not_insured_is_told_so_and_gets_no_session(client: FlaskClient, pid: str) -> None:
    page = failure(client, comes_back(client, pid), "not_insured")
    assert page.links["Call 1506"] == "tel:1506"
    assert cookie_of(client, "sitthi-session") is None


def test_a_number_that_cannot_be_right_leads_to_the_office(client: FlaskClient) -> None:
    page = failure(client, comes_back(client, BAD_CHECK_DIGIT), "number_not_valid")
    assert page.links["See where to go"].endswith("#office")


def test_a_low_level_leads_to_verifying(client: FlaskClient) -> None:
    page = failure(client, comes_back(client, LOW_IAL), "ial_too_low")
    assert page.links["See how to verify"].endswith("#register")


LIES = [
    "wrong_audience", "wrong_issuer", "alg_none", "hs256", "unknown_kid", "bad_signature", "expired", "not_yet_valid", "wrong_at_hash",
    "wrong_nonce", "missing_nonce", "pid_not_sub", "foreign_azp", "fields_disagree",
]  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_an_answer_that_does_not_hold_signs_nobody_in(client: FlaskClient, standin: StandIn, lie: str) -> None:
    standin.switch(**{lie: True})
    failure(client, comes_back(client), "not_verified")


def test_a_changed_state_is_not_known(client: FlaskClient, standin: StandIn) -> None:
    standin.switch(changed_state=True)
    failure(client, comes_back(client), "unknown")


@pytest.mark.parametrize(
    ("switch", "cause"),
    [
        ("token_error_500", "provider_down"), ("token_block_page", "blocked_page"), ("invalid_code", "code_not_taken"),
        ("duplicate_request", "code_not_taken"), ("jwks_block_page", "blocked_page"),
    ],
)  # fmt: skip
def test_trouble_on_the_way_back_has_its_page(client: FlaskClient, standin: StandIn, switch: str, cause: str) -> None:
    standin.switch(**{switch: True})
    failure(client, comes_back(client), cause)


@pytest.mark.parametrize(("switch", "cause"), [("discovery_error_500", "provider_down"), ("discovery_block_page", "blocked_page")])
def test_trouble_before_the_way_out_has_the_same_pages(client: FlaskClient, standin: StandIn, switch: str, cause: str) -> None:
    standin.switch(**{switch: True})
    failure(client, client.get("/sign-in/thaid?next=/desk", base_url=APP), cause)


def test_a_slow_thaid_is_not_waited_for(tools: Tools, standin: StandIn) -> None:
    client = with_settings(tools, thaid_timeout=0.7)
    standin.switch(slow_token=3.0)
    failure(client, comes_back(client), "timed_out")


def test_a_slow_thaid_is_not_waited_for_on_the_way_out_either(tools: Tools, standin: StandIn) -> None:
    client = with_settings(tools, thaid_timeout=0.5)
    standin.switch(slow_discovery=2.0)
    failure(client, client.get("/sign-in/thaid?next=/desk", base_url=APP), "timed_out")


def test_an_attempt_that_is_too_old_shows_no_code(client: FlaskClient, clock: StandingClock) -> None:
    callback = consent_at_thaid(start_at_thaid(client, "/desk"), SOMCHAI)
    clock.advance(minutes=15)
    page = failure(client, return_from_thaid(client, callback), "too_old")
    assert "15 minutes" in page.main


def test_a_return_loaded_again_is_told_so_or_goes_on_where_one_is_signed_in(client: FlaskClient) -> None:
    callback = consent_at_thaid(start_at_thaid(client, "/desk"), SOMCHAI)
    return_from_thaid(client, callback)
    assert return_from_thaid(client, callback).headers["Location"] == "/desk"
    client.post("/sign-out", base_url=APP)
    client.get("/sign-in/thaid", base_url=APP)
    assert not is_signed_in(client)
    assert "other_browser" in return_from_thaid(client, callback).headers["Location"], "sign-out renews the browser"


def test_a_spent_return_in_the_same_browser_signs_nobody_in(client: FlaskClient) -> None:
    callback = consent_at_thaid(start_at_thaid(client, "/desk"), SOMCHAI, answer="refuse")
    return_from_thaid(client, callback)
    failure(client, return_from_thaid(client, callback), "already_used")


def test_a_return_in_another_browser_signs_in_neither(client: FlaskClient, another_client: FlaskClient) -> None:
    callback = consent_at_thaid(start_at_thaid(client, "/desk"), SOMCHAI)
    assert return_from_thaid(another_client, callback).headers["Location"] == "/sign-in/code"
    assert not is_signed_in(another_client)
    assert not is_signed_in(client)
    failure(client, return_from_thaid(client, callback), "already_used")
    page = failure(another_client, return_from_thaid(another_client, callback), "other_browser")
    assert page.links["Start again in this browser"] == "/sign-in/thaid?next=/desk"


def code_shown_to(client: FlaskClient) -> str:
    page = client.get("/sign-in/code", base_url=APP)
    assert "no-store" in page.headers["Cache-Control"]
    found = re.search(r'<span class="vh">([\d ]+)</span>', page.get_data(as_text=True))
    assert found
    return found[1].replace(" ", "")


def carried_over(client: FlaskClient, elsewhere: FlaskClient) -> str:
    """Begun by one, come back in the other, which shows this code."""
    return_from_thaid(elsewhere, consent_at_thaid(start_at_thaid(client, "/desk"), SOMCHAI))
    return code_shown_to(elsewhere)


def type_code(client: FlaskClient, code: str) -> TestResponse:
    return client.post("/sign-in/code", data={"code": code}, base_url=APP)


def test_the_six_digits_shown_elsewhere_sign_in_where_it_began(client: FlaskClient, another_client: FlaskClient) -> None:
    code = carried_over(client, another_client)
    assert "ThaiD came back in another browser" in look(client, "/sign-in", "en").main
    answer = type_code(client, f"{code[:3]} {code[3:]}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")
    assert is_signed_in(client)
    assert not is_signed_in(another_client)
    failure(another_client, another_client.get("/sign-in/code", base_url=APP), "code_over")


def test_thai_digits_are_taken_too(client: FlaskClient, another_client: FlaskClient) -> None:
    code = carried_over(client, another_client)
    assert type_code(client, code.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))).status_code == 303
    assert is_signed_in(client)


def test_wrong_digits_are_told_and_kept_until_the_third(client: FlaskClient, another_client: FlaskClient) -> None:
    code = carried_over(client, another_client)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    first = type_code(client, wrong)
    assert first.status_code == 422
    assert f'value="{wrong}"' in first.get_data(as_text=True)
    assert type_code(client, "12 34").status_code == 422, "no try is lost by a slip of the finger"
    assert type_code(client, wrong).status_code == 422
    failure(client, type_code(client, wrong), "code_over")
    failure(client, type_code(client, code), "code_over")


def test_who_was_sent_a_link_makes_the_digits_worthless(client: FlaskClient, another_client: FlaskClient) -> None:
    code = carried_over(client, another_client)
    failure(another_client, another_client.post("/sign-in/code/stop", base_url=APP), "code_over")
    failure(client, type_code(client, code), "code_over")


def test_a_return_without_any_cookie_or_with_anothers_attempt_signs_in_neither(client: FlaskClient, another_client: FlaskClient) -> None:
    start_at_thaid(another_client, "/desk")
    callback = consent_at_thaid(start_at_thaid(client, "/desk"), SOMCHAI)
    assert return_from_thaid(another_client, callback).headers["Location"] == "/sign-in/code"
    assert not is_signed_in(another_client)


def test_two_tabs_may_both_complete(client: FlaskClient) -> None:
    one, two = start_at_thaid(client, "/desk?tab=1"), start_at_thaid(client, "/desk?tab=2")
    assert return_from_thaid(client, consent_at_thaid(two, SOMCHAI)).headers["Location"] == "/desk?tab=2"
    assert return_from_thaid(client, consent_at_thaid(one, SOMCHAI)).headers["Location"] == "/desk?tab=1"
    assert is_signed_in(client)


def test_the_failure_page_carries_neither_code_nor_state(client: FlaskClient) -> None:
    callback = consent_at_thaid(start_at_thaid(client, "/desk"), LOW_IAL)
    answer = return_from_thaid(client, callback)
    page = read(client.get(answer.headers["Location"], base_url=APP))
    for value in parse_qs(urlsplit(callback).query).values():
        assert value[0] not in answer.headers["Location"] + page.html


def test_nothing_about_the_person_is_logged(client: FlaskClient, standin: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    comes_back(client)
    for lie in ("pid_not_sub", "wrong_nonce"):
        standin.switch(**{lie: True})
        comes_back(client)
    standin.reset()
    comes_back(client, NOT_INSURED)
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name != "werkzeug")
    assert "no sign-in: not_insured" in ours
    for personal in (SOMCHAI, NOT_INSURED, "สมชาย", "1986"):
        assert personal not in ours


# Cookies


def test_thirty_abandoned_attempts_grow_no_cookie(client: FlaskClient) -> None:
    start_at_thaid(client, "/desk")
    first = {cookie.key: cookie.value for cookie in client._cookies.values()}
    for _ in range(30):
        start_at_thaid(client, "/desk")
    assert {cookie.key: cookie.value for cookie in client._cookies.values()} == first
    assert sum(len(name) + len(value) for name, value in first.items()) < 100
    assert comes_back(client).headers["Location"] == "/desk"


def cookies_set(answer: TestResponse) -> dict[str, str]:
    return {header.split("=", 1)[0]: header for header in answer.headers.getlist("Set-Cookie")}


def test_over_loopback_http_the_cookies_are_as_safe_as_they_can_be(client: FlaskClient) -> None:
    began = cookies_set(client.get("/sign-in/thaid", base_url=APP))
    signed_in = cookies_set(comes_back(client))
    for header in (began["sitthi-browser"], signed_in["sitthi-session"]):
        assert "HttpOnly" in header
        assert "SameSite=Lax" in header
        assert "Path=/" in header
        assert "Domain" not in header
        assert "Secure" not in header
    assert "Max-Age" not in signed_in["sitthi-session"]


@pytest.fixture
def https(tools: Tools) -> Iterator[tuple[FlaskClient, str]]:
    """An app whose own address is https, at a stand-in that knows that address."""
    root = "https://127.0.0.1:8443"
    config_of: Callable[[str], Config] = lambda url: Config(  # noqa: E731
        issuer=url, clients={DEVELOPMENT_CLIENT_ID: Client(DEVELOPMENT_SECRET, [root + CALLBACK])}
    )
    held: dict[str, Any] = {}
    with running(lambda environ, start: held["app"](environ, start)) as url:  # type: ignore[arg-type]
        held["app"] = thaid.create_app(config_of(url))
        yield with_settings(tools, base_url=root, thaid_issuer=url), root


def test_over_https_the_cookies_are_host_bound_and_secure(https: tuple[FlaskClient, str]) -> None:
    client, root = https
    began = client.get("/sign-in/thaid?next=/desk", base_url=root)
    answer = return_from_thaid(client, consent_at_thaid(began.headers["Location"], SOMCHAI))
    assert answer.headers["Location"] == "/desk"
    for header in (cookies_set(began)["__Host-sitthi-browser"], cookies_set(answer)["__Host-sitthi-session"]):
        for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert flag in header
        assert "Domain" not in header
    assert is_signed_in(client, root)
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_the_cookie_tells_nothing_and_the_store_cannot_make_one(client: FlaskClient, tools: Tools) -> None:
    comes_back(client)
    token = cookie_of(client, "sitthi-session")
    assert token
    assert len(token) >= 43
    database = Path(tools.settings.database_url.removeprefix("sqlite:///"))
    written = b"".join(path.read_bytes() for path in database.parent.glob(database.name + "*"))
    assert token.encode() not in written
    assert (cookie_of(client, "sitthi-browser") or "").encode() not in written
    assert SOMCHAI.encode() not in written


# The session


def test_each_sign_in_gives_a_new_id_and_ends_the_old_one(client: FlaskClient) -> None:
    comes_back(client)
    first = cookie_of(client, "sitthi-session")
    comes_back(client)
    second = cookie_of(client, "sitthi-session")
    assert first
    assert first != second
    client.set_cookie("sitthi-session", first, domain="127.0.0.1")
    assert not is_signed_in(client)


def test_an_id_planted_before_sign_in_opens_nothing_afterwards(client: FlaskClient) -> None:
    client.set_cookie("sitthi-session", "planted-by-somebody-else", domain="127.0.0.1")
    comes_back(client)
    assert cookie_of(client, "sitthi-session") != "planted-by-somebody-else"
    client.set_cookie("sitthi-session", "planted-by-somebody-else", domain="127.0.0.1")
    assert not is_signed_in(client)


def test_a_quarter_of_an_hour_without_a_tap_ends_the_session_and_the_page_says_so(client: FlaskClient, clock: StandingClock) -> None:
    comes_back(client)
    clock.advance(minutes=14)
    assert is_signed_in(client)
    clock.advance(minutes=15)
    assert not is_signed_in(client)
    page = look(client, "/sign-in?next=/desk", "en")
    assert "You have been signed out" in page.main
    assert "What you typed is kept" in page.main


def test_eight_hours_end_every_session(client: FlaskClient, clock: StandingClock) -> None:
    comes_back(client)
    for _ in range(47):
        clock.advance(minutes=10)
        assert is_signed_in(client)
    clock.advance(minutes=10)
    assert not is_signed_in(client)


def test_one_tap_extends_and_goes_back_to_the_page(client: FlaskClient, clock: StandingClock) -> None:
    comes_back(client)
    clock.advance(minutes=14)
    answer = client.post("/session/extend", data={"next": "/desk?step=2"}, base_url=APP)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk?step=2")
    clock.advance(minutes=14)
    assert is_signed_in(client)


def test_a_script_is_told_when_the_session_ends_or_that_it_has(client: FlaskClient, clock: StandingClock) -> None:
    comes_back(client)
    clock.advance(minutes=10)
    by_script = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
    answer = client.post("/session/extend", headers=by_script, base_url=APP)
    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert abs(int(answer.headers["Session-Ends-At"]) - clock.machine_time() - 15 * MINUTE) < 5
    clock.advance(minutes=20)
    assert client.post("/session/extend", headers=by_script, base_url=APP).status_code == 401


def test_extending_an_ended_session_leads_to_sign_in_and_back(client: FlaskClient, clock: StandingClock) -> None:
    comes_back(client)
    clock.advance(minutes=20)
    answer = client.post("/session/extend", data={"next": "/desk"}, base_url=APP)
    assert answer.headers["Location"] == "/sign-in?next=/desk"
    assert client.post("/session/extend", data={"next": "//elsewhere.invalid"}, base_url=APP).headers["Location"] == "/sign-in?next=/"


def test_only_a_tap_extends(client: FlaskClient) -> None:
    assert client.get("/session/extend", base_url=APP).status_code == 405


def test_signing_out_ends_the_session_on_the_server_and_clears_the_phone(client: FlaskClient) -> None:
    comes_back(client)
    token = cookie_of(client, "sitthi-session")
    client.set_cookie("sitthi-look", "text_size=3", domain="127.0.0.1")
    answer = client.post("/sign-out", base_url=APP)
    assert answer.status_code == 303
    assert look(client, answer.headers["Location"], "en").h1 == ["You are signed out"]
    assert cookie_of(client, "sitthi-session") is None
    assert cookie_of(client, "sitthi-browser") is None
    assert cookie_of(client, "sitthi-look") == "text_size=3"
    client.set_cookie("sitthi-session", token or "", domain="127.0.0.1")
    assert not is_signed_in(client)


def test_nobody_is_signed_out_by_a_link_or_by_another_site(client: FlaskClient) -> None:
    comes_back(client)
    page = look(client, "/sign-out", "en")
    assert page.h1 == ["Do you want to sign out?"]
    assert page.form("/sign-out")["method"] == "post"
    client.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}, base_url=APP)
    assert is_signed_in(client)


def test_signing_out_twice_is_no_fault(client: FlaskClient) -> None:
    assert client.post("/sign-out", base_url=APP).status_code == 303


def test_pages_of_a_session_are_kept_nowhere(client: FlaskClient) -> None:
    answer = comes_back(client)
    assert answer.headers["Cache-Control"] == "no-store"
    for path in ("/desk", "/sign-in", "/sign-out", "/sign-in/failed/refused", "/sign-in/old-password"):
        assert client.get(path, base_url=APP).headers["Cache-Control"] == "no-store"


def test_the_persons_own_language_comes_before_cookie_and_browser(client: FlaskClient, tools: Tools) -> None:
    comes_back(client)
    tools.store.keep_settings(tools.store.person_id_of(SOMCHAI), PersonSettings("en"))
    client.set_cookie("sitthi-language", "th", domain="127.0.0.1")
    assert read(client.get("/sign-in", base_url=APP)).lang == "en"
    client.post("/sign-out", base_url=APP)
    assert read(client.get("/sign-in", base_url=APP)).lang == "th"


# What was typed


def typed_too_late(client: FlaskClient, clock: StandingClock, path: str = "/desk/send") -> str:
    """Fill in a form for twenty minutes, then send it; returns where one is sent to sign in."""
    comes_back(client)
    clock.advance(minutes=20)
    away = client.post(path, data={"answer": ["หนึ่ง", "สอง & 3"]}, base_url=APP)
    assert away.status_code == 303
    return away.headers["Location"]


def test_a_form_that_came_too_late_is_sent_with_one_tap_after_sign_in(client: FlaskClient, clock: StandingClock) -> None:
    assert typed_too_late(client, clock) == "/sign-in?next=/desk"
    answer = comes_back(client)
    assert answer.headers["Location"] == "/sign-in/typed"
    page = look(client, "/sign-in/typed", "en")
    assert page.links["Open the page without sending"] == "/desk"
    assert 'value="หนึ่ง"' in page.html
    assert page.form("/desk/send")["method"] == "post"
    sent = client.post("/desk/send", data={"answer": ["หนึ่ง", "สอง & 3"]}, base_url=APP)
    assert sent.get_data(as_text=True).startswith("sent: ['หนึ่ง', 'สอง & 3']")
    assert client.get("/sign-in/typed", base_url=APP).headers["Location"] == "/"


def test_what_was_sent_is_answered_as_sent_though_the_store_goes_before_it_is_forgotten(
    client: FlaskClient, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed_too_late(client, clock)
    comes_back(client)

    def gone(_: object, owner: str, kind: str) -> None:
        raise StoreUnavailable("gone between the view and the end of its answer")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(DraftQueries, "draft", gone)
        sent = client.post("/desk/send", data={"answer": ["หนึ่ง"]}, base_url=APP)
    assert (sent.status_code, sent.get_data(as_text=True)[:5]) == (200, "sent:")
    assert look(client, "/sign-in/typed", "en").form("/desk/send"), "and offered once more: what it does is done once, by its key"


def test_what_somchai_typed_too_late_is_never_shown_to_another(client: FlaskClient, clock: StandingClock) -> None:
    typed_too_late(client, clock)
    assert comes_back(client, "1000000000017").headers["Location"] == "/desk"
    assert client.get("/sign-in/typed", base_url=APP).headers["Location"] == "/"
    assert comes_back(client, SOMCHAI).headers["Location"] == "/sign-in/typed"


def test_it_waits_an_hour_and_no_longer(client: FlaskClient, clock: StandingClock) -> None:
    typed_too_late(client, clock)
    clock.advance(minutes=61)
    assert comes_back(client).headers["Location"] == "/desk"


def test_it_comes_up_only_on_the_way_back_to_its_page(client: FlaskClient, clock: StandingClock) -> None:
    typed_too_late(client, clock)
    assert comes_back(client, next_path="/hospitals").headers["Location"] == "/hospitals"
    assert look(client, "/sign-in/typed", "th").form("/desk/send")


def test_an_officers_form_waits_for_the_officer(client: FlaskClient, clock: StandingClock) -> None:
    comes_back(client, OFFICER, "/officer")
    clock.advance(minutes=20)
    away = client.post("/counter", data={"note": "บันทึก"}, base_url=APP)
    next_path = parse_qs(urlsplit(away.headers["Location"]).query)["next"][0]
    assert comes_back(client, OFFICER, next_path).headers["Location"] == "/sign-in/typed"


def test_a_form_of_somebody_never_signed_in_waits_for_this_browser(client: FlaskClient, another_client: FlaskClient) -> None:
    away = client.post("/desk", data={"answer": "หนึ่ง"}, base_url=APP)
    assert away.headers["Location"] == "/sign-in?next=/desk"
    assert comes_back(another_client).headers["Location"] == "/desk"
    assert comes_back(client).headers["Location"] == "/sign-in/typed"


def test_typed_answers_are_sealed_in_the_store(client: FlaskClient, clock: StandingClock, tools: Tools) -> None:
    typed_too_late(client, clock)
    database = Path(tools.settings.database_url.removeprefix("sqlite:///"))
    assert "หนึ่ง".encode() not in b"".join(path.read_bytes() for path in database.parent.glob(database.name + "*"))


def test_htmx_is_sent_to_sign_in_as_a_whole_page(client: FlaskClient) -> None:
    answer = client.post("/desk", data={"answer": "1"}, headers={"HX-Request": "true"}, base_url=APP)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/sign-in?next=/desk")


def test_a_draft_begun_before_sign_in_is_the_persons_afterwards(client: FlaskClient, tools: Tools) -> None:
    owner = client.post("/draft", base_url=APP).get_data(as_text=True)
    assert owner.startswith("browser:")
    assert client.post("/draft", base_url=APP).get_data(as_text=True) == owner, "a browser keeps its secret"
    tools.store.keep_draft(owner, "hospital_change", {"cause": "annual"}, tools.clock.machine_time())
    comes_back(client)
    person = client.post("/draft", base_url=APP).get_data(as_text=True)
    assert person == f"person:{tools.store.person_id_of(SOMCHAI)}"
    assert tools.store.draft(person, "hospital_change") == {"cause": "annual"}


# Limits


def test_a_door_that_is_tried_too_often_says_when_to_come_back(tools: Tools) -> None:
    client = with_settings(tools, limits=True)
    for _ in range(61):  # the first brings no cookie, and counts for the address alone
        assert client.get("/sign-in/thaid", base_url=APP).status_code == 303
    answer = client.get("/sign-in/thaid", base_url=APP)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    sound(read(answer))


def test_the_way_back_has_a_generous_limit_too(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DOORS, "sign-in-return", (address(2),))
    client = with_settings(tools, limits=True)
    assert [client.get("/sign-in/thaid/callback?state=x", base_url=APP).status_code for _ in range(3)] == [303, 303, 429]
