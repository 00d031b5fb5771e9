"""Every route has its limits; whoever comes too often reads when to come back, and loses nothing; no stranger's tries shut others out."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.front_door import APP, SignIn
from tests.pages import look, read, sound
from tests.standing_clock import StandingClock
from webapp.actions import counter_codes
from webapp.adapters.store.sqlite import SqliteStore
from webapp.app import create_app
from webapp.domain.assurance import NEEDS, READS
from webapp.domain.counter_code import Why
from webapp.domain.person import NumberKind
from webapp.ports import Tools
from webapp.web import guards
from webapp.web.limit_table import AT, DOORS, FREE, IN_THE_VIEW, OF_ACT, By, Limit, address, browser, door_of, everybody, person

SOMCHAI, SOMYING, OFFICER = "1000000000009", "1000000000017", "1000000000076"
WRITES = {"POST", "PUT", "PATCH", "DELETE"}
SECRETS_TYPED = {"counter.enter", "counter.set_pin", "counter.set_passkey", "counter.pin", "passkeys.come_in", "sign_in.type_code"}
LOOKS = {"hospitals.hospitals", "hospital_change.hospitals", "officer.paper_hospitals"}


# The table


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    """(method, endpoint) of everything that can be asked for; HEAD and OPTIONS are GET."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & (WRITES | {"GET"})):
            yield method, rule.endpoint


def limits_of(app: Flask, method: str, endpoint: str) -> tuple[Limit, ...]:
    door = door_of(method, endpoint, guards.act_of(app.view_functions[endpoint]), method in WRITES)
    more = [limit for inner in IN_THE_VIEW.get(f"{method} {endpoint}", ()) for limit in DOORS[inner]]
    return (*DOORS[door], *more) if door else ()


def test_every_write_is_limited_by_address_and_by_whoever_writes(app: Flask) -> None:
    walked = 0
    for method, endpoint in routes(app):
        if method in WRITES and endpoint != "api.assess":
            walked += 1
            by = {limit.by for limit in limits_of(app, method, endpoint)}
            assert By.ADDRESS in by, endpoint
            assert by & {By.PERSON, By.BROWSER}, endpoint
    assert walked > 45


def test_everything_that_is_read_is_limited_but_what_costs_nothing(app: Flask) -> None:
    without = {endpoint for method, endpoint in routes(app) if not limits_of(app, method, endpoint)}
    assert without == FREE


def test_every_act_that_writes_has_its_door() -> None:
    assert set(OF_ACT) == set(NEEDS) - READS


def test_the_table_speaks_of_routes_and_doors_that_are_there_and_of_all_of_them(app: Flask) -> None:
    known = {f"{method} {endpoint}" for method, endpoint in routes(app)}
    assert set(AT) | set(IN_THE_VIEW) <= known
    named = {*AT.values(), *OF_ACT.values(), "pages", "typed-by-nobody"} | {door for doors in IN_THE_VIEW.values() for door in doors}
    assert named == set(DOORS)


def test_what_the_views_pass_by_themselves_stands_in_their_modules(app: Flask) -> None:
    for place, doors in IN_THE_VIEW.items():
        text = inspect.getsource(inspect.getmodule(app.view_functions[place.split()[1]]))
        for door in doors:
            assert f'"{door}"' in text, place
    assert '"typed-by-nobody"' in inspect.getsource(guards)


def test_codes_pins_and_passkeys_are_tight_for_a_browser(app: Flask) -> None:
    typed = [(method, endpoint) for method, endpoint in routes(app) if method == "POST" and endpoint in SECRETS_TYPED]
    assert {endpoint for _, endpoint in typed} == SECRETS_TYPED
    for method, endpoint in typed:
        tight = [limit for limit in limits_of(app, method, endpoint) if limit.by is By.BROWSER]
        assert max(limit.most for limit in tight) <= 30, endpoint
        assert min(limit.window for limit in tight) >= 15 * 60, endpoint


def test_searches_and_the_api_have_limits_of_their_own(app: Flask) -> None:
    found = [endpoint for method, endpoint in routes(app) if door_of(method, endpoint, None, False) == "search"]
    assert set(found) == LOOKS
    api = {endpoint for method, endpoint in routes(app) if endpoint.startswith("api.")}
    assert {door_of("GET", endpoint, None, False) for endpoint in api - {"api.assess"}} == {"api"}
    assert door_of("POST", "api.assess", guards.act_of(app.view_functions["api.assess"]), True) == "api"


def test_limits_by_address_leave_room_for_all_the_phones_of_a_network() -> None:
    for door in ("sign-in", "sign-in-return", "passkey", "subscriptions"):
        assert [limit for limit in DOORS[door] if limit.by is By.ADDRESS] == [address(300)]
    for door, limits in DOORS.items():
        for tight in (limit for limit in limits if limit.by in (By.PERSON, By.BROWSER)):
            wide = [limit.most / limit.window for limit in limits if limit.by is By.ADDRESS]
            assert min(wide) >= tight.most / tight.window, f"{door}: one person must not use up what everybody behind the address has"


# What happens


@pytest.fixture
def limited(tools: Tools) -> Tools:
    return replace(tools, settings=replace(tools.settings, limits=True))


@pytest.fixture
def built(limited: Tools) -> Flask:
    return create_app(limited.settings, limited)


def statuses(answers: list[TestResponse]) -> list[int]:
    return [answer.status_code for answer in answers]


TOLD = {"about": "wage", "should_be": "18,000 ตั้งแต่เดือนสิงหาคม", "proof": "pay_slip", "key": "k" * 20}


SAID = {"th": ("ลองใหม่ในอีก 60 นาที", "สิ่งที่คุณพิมพ์ยังอยู่"), "en": ("Come back in 60 minutes", "still here")}


@pytest.mark.parametrize("lang", SAID)
def test_a_form_sent_too_often_is_kept_on_the_page_that_says_when_to_come_back(
    built: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, clock: StandingClock, lang: str
) -> None:
    monkeypatch.setitem(DOORS, "corrections", (person(1),))
    client = built.test_client()
    sign_in(client, SOMCHAI)
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    client.post("/my-data/wrong", data={"about": "name"}, base_url=APP)
    told = client.post("/my-data/wrong", data=TOLD, base_url=APP)
    assert told.status_code == 429
    assert 3590 < int(told.headers["Retry-After"]) <= 3600
    page = sound(read(told), lang)
    assert [words for words in SAID[lang] if words not in page.text] == []
    form = page.form("/my-data/wrong")
    assert form["fields"] == TOLD
    clock.advance(seconds=3600)
    sent = client.post(form["action"], data=form["fields"] | {"first_month": "8", "first_year": "2569"}, base_url=APP)
    assert sent.status_code in (303, 422), "it is taken or judged again"


def test_what_opens_a_door_is_never_put_back_into_a_page(built: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DOORS, "counter-pin", (address(0),))
    told = built.test_client().post("/sign-in/pin", data={"half": "ACEFH", "pin": "902174"}, base_url=APP)
    assert told.status_code == 429
    assert "902174" not in told.get_data(as_text=True)
    assert "ACEFH" not in told.get_data(as_text=True)


def test_a_person_is_counted_on_all_their_phones_and_nobody_else_behind_the_address(
    built: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DOORS, "own-calendar", (person(2), address(100)))
    phone, laptop, other = (built.test_client() for _ in range(3))
    sign_in(phone, SOMCHAI)
    sign_in(laptop, SOMCHAI)
    sign_in(other, SOMYING)
    asked = [client.post("/my-data/calendar/end", base_url=APP) for client in (phone, laptop, phone, laptop, other)]
    assert statuses(asked) == [303, 303, 429, 429, 303]


def test_a_browser_is_counted_by_its_cookie_and_the_address_whatever_it_says(built: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DOORS, "counter-code", (browser(2), address(5)))
    one = built.test_client()
    assert statuses([one.post("/sign-in/counter", data={"code": "x"}, base_url=APP) for _ in range(4)]) == [422, 422, 422, 429]
    others = [built.test_client().post("/sign-in/counter", data={"code": "x"}, base_url=APP) for _ in range(3)]
    assert statuses(others) == [422, 422, 429], "the first try brought no cookie, the one refused cost the address nothing"


def test_two_processes_count_together(limited: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DOORS, "passkey", (address(4),))
    clients = [create_app(limited.settings, limited).test_client() for _ in range(2)]
    asked = [clients[number % 2].post("/sign-in/passkey", data={"passkey_answer": "{}"}, base_url=APP) for number in range(6)]
    assert statuses(asked) == [422, 422, 422, 422, 429, 429]


def test_a_window_that_is_over_begins_anew(built: Flask, monkeypatch: pytest.MonkeyPatch, clock: StandingClock) -> None:
    monkeypatch.setitem(DOORS, "passkey", (address(1),))
    client = built.test_client()
    ask = {"data": {"passkey_answer": "{}"}, "base_url": APP}
    assert statuses([client.post("/sign-in/passkey", **ask) for _ in range(2)]) == [422, 429]
    clock.advance(seconds=15 * 60)
    assert client.post("/sign-in/passkey", **ask).status_code == 422


def writes_of(tools: Tools, do: Any) -> int:
    """How many statements that write the store saw meanwhile."""
    seen: list[str] = []
    tools.store.db.conn.set_trace_callback(seen.append)  # type: ignore[attr-defined]
    do()
    tools.store.db.conn.set_trace_callback(None)  # type: ignore[attr-defined]
    return sum(text.lstrip().startswith(("INSERT", "UPDATE", "DELETE")) for text in seen)


def test_reading_costs_the_store_a_write_in_a_hundredth_of_the_limit_and_refusing_none(
    built: Flask, limited: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DOORS, "search", (address(1_000),))
    client = built.test_client()
    assert writes_of(limited, lambda: [client.get("/hospitals?q=a", base_url=APP) for _ in range(30)]) == 3
    monkeypatch.setitem(DOORS, "api", (address(2),))
    asked: list[TestResponse] = []
    writes = writes_of(limited, lambda: asked.extend(client.get("/api/v1/change-window", base_url=APP) for _ in range(9)))
    assert statuses(asked) == [200, 200] + [429] * 7
    assert writes == 3


def test_a_wide_limit_counted_in_lots_ends_where_it_says(built: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DOORS, "pages", (address(205),))
    client = built.test_client()
    assert statuses([client.get("/offline", base_url=APP) for _ in range(207)]) == [200] * 205 + [429] * 2


def test_a_program_is_told_in_its_own_words(built: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DOORS, "api", (address(0),))
    program = built.test_client()
    for answer in (program.get("/api/v1/law", base_url=APP), program.post("/api/v1/benefits/death/assess", base_url=APP)):
        assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in answer.headers


def test_where_the_store_does_not_answer_public_pages_still_do(limited: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    store = limited.store
    nowhere = SqliteStore(f"{store.path}/no/such/folder", store.vault)  # type: ignore[attr-defined]
    client = create_app(limited.settings, replace(limited, store=nowhere)).test_client()
    monkeypatch.setitem(DOORS, "pages", (address(50),))
    assert client.get("/emergency", base_url=APP).status_code == 200


def test_another_sites_page_uses_up_nobodys_tries(built: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DOORS, "passkey", (address(1),))
    client, ask = built.test_client(), {"data": {"passkey_answer": "{}"}, "base_url": APP}
    assert client.post("/sign-in/passkey", headers={"Sec-Fetch-Site": "cross-site"}, **ask).status_code == 403
    assert client.post("/sign-in/passkey", **ask).status_code == 422


def test_the_store_keeps_no_address_and_no_person_of_whoever_tries(built: Flask, limited: Tools, sign_in: SignIn) -> None:
    client = built.test_client()
    sign_in(client, SOMCHAI)
    client.post("/my-data/calendar/end", base_url=APP)
    kept = " ".join(str(dict(row)) for row in limited.store.all("SELECT * FROM tries"))  # type: ignore[attr-defined]
    assert "own-calendar" in kept
    assert "127.0.0.1" not in kept
    assert str(limited.store.person_id_of(SOMCHAI)) not in kept


def test_hours_are_said_as_hours(built: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DOORS, "pages", (address(0, 24 * 3600),))
    client = built.test_client()
    assert "Come back in 24 hours" in look(client, "/offline", "en", status=429).text
    assert "ลองใหม่ในอีก 24 ชั่วโมง" in look(client, "/offline", "th", status=429).text


# Misses of everybody


def code_of(tools: Tools, pid: str) -> str:
    """The ten characters that an officer hands over."""
    officer = tools.store.officer_of(OFFICER)
    found = counter_codes.look_up(tools, officer, pid, NumberKind.CITIZEN)
    assert isinstance(found, counter_codes.AtTheCounter)
    counter_codes.issue(tools, officer, Why.NO_SMARTPHONE, found.shown)
    handed = counter_codes.to_hand_over(tools, officer)
    assert handed is not None
    return handed.code


def with_pin(built: Flask, tools: Tools, pid: str) -> tuple[FlaskClient, str]:
    """A phone that its person has come in with by a PIN, signed out again; and the half that stays."""
    phone, code = built.test_client(), code_of(tools, pid)
    phone.post("/sign-in/counter", data={"code": code}, base_url=APP)
    assert phone.post("/sign-in/counter/pin", data={"pin": "902174", "pin_again": "902174"}, base_url=APP).status_code == 303
    phone.post("/sign-out", base_url=APP)
    return phone, code[5:]


@pytest.mark.parametrize("lang", ["th", "en"])
def test_where_many_guess_at_pins_a_pin_opens_on_its_persons_own_phone_and_nowhere_else(
    built: Flask, limited: Tools, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, lang: str
) -> None:
    phone, half = with_pin(built, limited, SOMCHAI)
    monkeypatch.setitem(DOORS, "wrong-pins-of-all", (everybody(3, 15 * 60), everybody(50, 24 * 3600)))
    right = {"half": half, "pin": "902174"}
    with caplog.at_level(logging.ERROR, "sitthi"):
        for guess in ("111222", "333444", "555666", "777888"):
            built.test_client().post("/sign-in/pin", data={"half": "ACEFH", "pin": guess}, base_url=APP)
    assert [record.getMessage() for record in caplog.records] == ["alarm: door wrong-pins-of-all, 3 misses by everybody within 900 s"]
    stranger = built.test_client()
    stranger.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    told = stranger.post("/sign-in/pin", data=right, base_url=APP)
    assert told.status_code == 429, "not even the right one"
    page = sound(read(told), lang)
    assert {"th": "เคยใช้เข้ามาแล้ว", "en": "a phone that you came in with before"}[lang] in page.text
    assert "/sign-in/other-ways" in page.links.values()
    kept = limited.store.pin_of(limited.store.person_id_of(SOMCHAI))
    assert kept is not None
    assert kept.wrong == 0, "what a stranger tries then costs the person nothing"
    assert phone.post("/sign-in/pin", data=right, base_url=APP).status_code == 303


def test_while_they_rest_a_wrong_pin_a_right_one_and_an_unknown_half_get_the_same_answer(
    built: Flask, limited: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, half = with_pin(built, limited, SOMCHAI)
    monkeypatch.setitem(DOORS, "wrong-pins-of-all", (everybody(0, 15 * 60),))
    tried = [{"half": half, "pin": "902174"}, {"half": half, "pin": "902175"}, {"half": "ACEFH", "pin": "902174"}]
    built.test_client().post("/sign-in/pin", data=tried[2], base_url=APP)
    told = [built.test_client().post("/sign-in/pin", data=data, base_url=APP).get_data() for data in tried]
    assert told[0] == told[1] == told[2]


def test_codes_rest_for_all_only_after_far_more_misses_since_a_counter_must_go_on() -> None:
    (codes,) = DOORS["wrong-codes-of-all"]
    quarter, _ = DOORS["wrong-pins-of-all"]
    assert codes.most >= 20 * quarter.most


def test_when_codes_rest_the_page_says_why(built: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DOORS, "wrong-codes-of-all", (everybody(1, 15 * 60),))
    wrong = {"code": "2222222222"}
    tried = [built.test_client().post("/sign-in/counter", data=wrong, base_url=APP) for _ in range(2)]
    assert statuses(tried) == [422, 429]
    assert 14 * 60 < int(tried[1].headers["Retry-After"]) <= 15 * 60


def test_a_slip_of_the_finger_is_no_miss_and_one_machine_misses_few_times(built: Flask, limited: Tools) -> None:
    client = built.test_client()
    assert client.post("/sign-in/counter", data={"code": "2222222223"}, base_url=APP).status_code == 422
    assert not limited.store.one("SELECT 1 FROM tries WHERE door LIKE 'wrong-codes%'")  # type: ignore[attr-defined]
    (by_address,) = (limit for limit in DOORS["wrong-pins"] if limit.by is By.ADDRESS)
    quarter, _ = DOORS["wrong-pins-of-all"]
    assert by_address.most < quarter.most / 3, "no machine alone raises the alarm of all"
    wrong = {"half": "ACEFH", "pin": "902174"}
    asked = [built.test_client().post("/sign-in/pin", data=wrong, base_url=APP) for _ in range(by_address.most + 1)]
    assert statuses(asked) == [422] * by_address.most + [429]


def test_nobody_guesses_a_pin_however_many_machines_they_have() -> None:
    """Reckoned as actions/counter_codes.py says it: at 100,000 PINs kept, and twenty times as bad as chance would choose them."""
    _, day = DOORS["wrong-pins-of-all"]
    a_try_opens_any = 100_000 / 23**5 / 10**6
    assert day.most * a_try_opens_any * 20 < 1 / 1_000
    assert counter_codes.TRIES_AT_ALL / 10**6 <= 1 / 20_000
