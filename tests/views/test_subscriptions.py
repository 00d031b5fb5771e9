"""A browser's subscription over HTTP: taken, renewed, tried and forgotten, with faults that programs can read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.front_door import APP, SignIn
from tests.push_service import Phone, PushService, running_push_service
from webapp.actions.reminder_sending import Sender
from webapp.app import create_app
from webapp.ports import Tools
from webapp.web.limit_table import DOORS, By, address
from webapp.web.reminder_words import on_the_lock_screen

SOMCHAI = "1000000000009"
PATH = "/reminders/subscriptions"
OWN = {"window", "cut_off", "draft", "request", "hospital_leaves", "benefit", "unemployment", "claim"}


@pytest.fixture
def service() -> Iterator[PushService]:
    with running_push_service() as running:
        yield running


def post(client: FlaskClient, body: Any, path: str = PATH, **how: Any) -> TestResponse:
    return client.post(path, json=body, base_url=APP, **how)


def test_a_browser_that_nobody_signed_in_on_gets_what_is_for_anybody(client: FlaskClient, service: PushService) -> None:
    answer = post(client, Phone(service.url).subscription())
    assert answer.status_code == 201
    assert answer.get_json() == {
        "kinds": {"window": True, "cut_off": False}, "mine": False, "language": "th", "last_delivered": None, "ends_at": None,
    }  # fmt: skip
    assert answer.headers["Cache-Control"] == "no-store"


def test_somebody_signed_in_gets_their_own_too_unless_the_phone_is_shared(
    client: FlaskClient, sign_in: SignIn, service: PushService
) -> None:
    sign_in(client, SOMCHAI)
    mine = post(client, Phone(service.url).subscription()).get_json()
    assert mine["mine"]
    assert set(mine["kinds"]) == OWN
    assert [kind for kind, on in mine["kinds"].items() if not on] == ["benefit", "cut_off"], "new benefits take a yes of their own"
    shared = post(client, Phone(service.url).subscription(mine=False)).get_json()
    assert (shared["mine"], set(shared["kinds"])) == (False, {"window", "cut_off"})


def test_the_same_browser_again_is_renewed_and_its_switches_kept(client: FlaskClient, sign_in: SignIn, service: PushService) -> None:
    sign_in(client, SOMCHAI)
    phone = Phone(service.url)
    assert post(client, phone.subscription(kinds=["request", "cut_off"])).status_code == 201
    client.post("/sign-out", base_url=APP)
    renewed = post(client, phone.subscription(renew=True))
    assert renewed.status_code == 200
    assert renewed.get_json()["mine"], "reminders go on after signing out"
    assert {kind for kind, on in renewed.get_json()["kinds"].items() if on} == {"request", "cut_off"}


def test_the_language_is_the_one_it_was_made_in(client: FlaskClient, service: PushService, tools: Tools) -> None:
    phone = Phone(service.url)
    client.set_cookie("sitthi-language", "en", domain="127.0.0.1")
    assert post(client, phone.subscription()).get_json()["language"] == "en"


def test_a_test_arrives_and_is_told_at_the_next_look(client: FlaskClient, service: PushService, tools: Tools) -> None:
    phone = Phone(service.url)
    post(client, phone.subscription())
    assert post(client, {"endpoint": phone.endpoint}, f"{PATH}/test").status_code == 202
    assert service.received == [], "nothing is sent while somebody waits"
    Sender(tools, on_the_lock_screen).run()
    (message,) = service.read(phone)
    assert message["notification"]["title"] == "ทดสอบสำเร็จ"
    assert post(client, phone.subscription(renew=True)).get_json()["last_delivered"] == "2026-12-20T10:00:00+07:00"


def test_a_test_for_a_browser_we_do_not_know_says_to_subscribe_again(client: FlaskClient, service: PushService) -> None:
    answer = post(client, {"endpoint": f"{service.url}/gone"}, f"{PATH}/test")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.get_json()["field"] == "endpoint"


@pytest.mark.parametrize("how", ["DELETE", "POST"])
def test_a_browser_that_is_forgotten_is_gone(client: FlaskClient, service: PushService, tools: Tools, how: str) -> None:
    phone = Phone(service.url)
    post(client, phone.subscription())
    path = PATH if how == "DELETE" else f"{PATH}/forget"
    for _ in range(2):
        answer = client.open(path, method=how, json={"endpoint": phone.endpoint}, base_url=APP)
        assert (answer.status_code, answer.data) == (204, b"")
    assert tools.store.subscription_at(phone.endpoint) is None


GOOD = Phone("http://127.0.0.1:9").subscription()
BAD: list[tuple[Any, str]] = [
    (None, "body"), ([], "body"), ("x", "body"), ({}, "keys"), ({**GOOD, "keys": None}, "keys"), ({**GOOD, "keys": []}, "keys"),
    ({**GOOD, "endpoint": None}, "endpoint"), ({**GOOD, "endpoint": 7}, "endpoint"), ({**GOOD, "endpoint": ""}, "endpoint"),
    ({**GOOD, "endpoint": "https://evil.example/x"}, "endpoint"), ({**GOOD, "endpoint": "http://10.0.0.1/x"}, "endpoint"),
    ({**GOOD, "endpoint": "x" * 5000}, "endpoint"),
    ({**GOOD, "endpoint": "https://\ud800"}, "endpoint"),
    ({**GOOD, "keys": {"auth": GOOD["keys"]["auth"]}}, "keys.p256dh"),
    ({**GOOD, "keys": {**GOOD["keys"], "p256dh": "AAAA"}}, "keys.p256dh"),
    ({**GOOD, "keys": {**GOOD["keys"], "auth": "AAAA"}}, "keys.auth"),
    ({**GOOD, "keys": {**GOOD["keys"], "auth": {"x": 1}}}, "keys.auth"), ({**GOOD, "kinds": "window"}, "kinds"),
    ({**GOOD, "kinds": ["service"]}, "kinds"), ({**GOOD, "kinds": [["window"]]}, "kinds"), ({**GOOD, "kinds": ["x"]}, "kinds"),
    ({**GOOD, "mine": "yes"}, "mine"), ({**GOOD, "renew": 1}, "renew"), ({**GOOD, "expirationTime": "soon"}, "expirationTime"),
    ({**GOOD, "expirationTime": -1}, "expirationTime"), ({**GOOD, "expirationTime": 1e300}, "expirationTime"),
    ({**GOOD, "expirationTime": True}, "expirationTime"), ({**GOOD, "replaces": 7}, "replaces"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "field"), BAD)
def test_what_will_not_do_is_named_by_its_field(client: FlaskClient, body: Any, field: str) -> None:
    answer = post(client, body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.get_json()["field"] == field


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"endpoint": NaN}', b"[" * 50_000])
def test_a_body_that_is_no_json_is_a_fault_not_a_failure(client: FlaskClient, raw: bytes) -> None:
    answer = client.post(PATH, data=raw, content_type="application/json", base_url=APP)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_an_expiry_is_kept(client: FlaskClient, service: PushService) -> None:
    body = {**Phone(service.url).subscription(), "expirationTime": 1_800_000_000_000.5}
    assert post(client, body).get_json()["ends_at"].startswith("2027-01-15T15:00:00")


@pytest.mark.parametrize("path", [PATH, f"{PATH}/test", f"{PATH}/forget"])
def test_another_sites_page_cannot_subscribe_this_browser(client: FlaskClient, service: PushService, path: str) -> None:
    answer = post(client, Phone(service.url).subscription(), path, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert post(client, Phone(service.url).subscription(), path, headers={"Origin": "https://evil.example"}).status_code == 403


def test_whoever_asks_too_often_is_told_when_to_come_back(tools: Tools, service: PushService) -> None:
    limited = replace(tools, settings=replace(tools.settings, limits=True))
    client = create_app(limited.settings, limited).test_client()
    phone = Phone(service.url)
    post(client, phone.subscription())
    answers = [post(client, {"endpoint": phone.endpoint}, f"{PATH}/test") for _ in range(12)]
    last = answers[-1]
    assert (last.status_code, last.mimetype) == (429, "application/problem+json")
    assert int(last.headers["Retry-After"]) > 0


def test_the_answer_holds_no_secret_and_no_name(client: FlaskClient, sign_in: SignIn, service: PushService) -> None:
    sign_in(client, SOMCHAI)
    phone = Phone(service.url)
    text = json.dumps(post(client, phone.subscription()).get_json())
    keys = phone.subscription()["keys"]
    assert not [secret for secret in (phone.endpoint, *keys.values(), SOMCHAI, "สมชาย") if secret in text]


def test_a_browser_with_a_new_address_goes_on_as_it_was_though_nobody_is_signed_in(
    client: FlaskClient, sign_in: SignIn, service: PushService
) -> None:
    sign_in(client, SOMCHAI)
    old, new = Phone(service.url), Phone(service.url)
    post(client, old.subscription(kinds=["request"]))
    client.post("/sign-out", base_url=APP)
    answer = post(client, new.subscription(renew=True, replaces=old.endpoint))
    assert answer.status_code == 201
    assert answer.get_json()["mine"]
    assert [kind for kind, on in answer.get_json()["kinds"].items() if on] == ["request"]
    assert post(client, {"endpoint": old.endpoint}, f"{PATH}/test").status_code == 404


def test_many_phones_behind_one_address_subscribe_and_those_that_are_known_are_not_counted(
    tools: Tools, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [one.most for one in DOORS["subscriptions"] if one.by is By.ADDRESS] == [300]
    monkeypatch.setitem(DOORS, "subscriptions", (address(2),))
    limited = replace(tools, settings=replace(tools.settings, limits=True))
    built = create_app(limited.settings, limited)
    client = built.test_client()
    phone = Phone(service.url)
    assert post(client, phone.subscription()).status_code == 201
    assert {post(client, phone.subscription(renew=True)).status_code for _ in range(6)} == {200}
    assert [post(built.test_client(), Phone(service.url).subscription(renew=True)).status_code for _ in range(2)] == [201, 429]
