"""The pages around the flow: my data, help, privacy, emergency, status, and what is shown when something goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import pages
from tests.front_door import APP, SignIn
from tests.pages import Page
from tests.standing_clock import StandingClock
from tests.views.test_home import sent
from webapp.adapters.store.sqlite import SqliteStore
from webapp.app import create_app
from webapp.ports import Tools

SOMCHAI, LONG_NAME, NEWCOMER = "1000000000009", "1000000000149", "1000000000092"
PUBLIC = ("/", "/help", "/privacy", "/emergency", "/offline", "/status", "/settings", "/reminders")
Look = Callable[..., Page]


@pytest.fixture
def broken(tools: Tools, tmp_path: Path) -> Flask:
    """The app over a store that cannot be opened."""
    nowhere = SqliteStore(tmp_path / "no such folder" / "sitthi.db", tools.store.vault)
    return create_app(tools.settings, replace(tools, store=nowhere))


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("path", PUBLIC)
def test_anybody_can_read_it_in_both_languages(client: FlaskClient, look: Look, path: str, lang: str) -> None:
    page = look(client, path, lang)
    assert "1506" in page.text


@pytest.mark.parametrize("path", PUBLIC)
def test_every_way_on_from_it_exists(client: FlaskClient, look: Look, path: str) -> None:
    for address in {one.partition("#")[0] for one in look(client, path).links.values() if one.startswith("/")}:
        assert client.get(address, base_url=APP).status_code in (200, 303), address


def test_my_data_asks_to_sign_in_and_comes_back(client: FlaskClient, sign_in: SignIn) -> None:
    turned_away = client.get("/my-data", base_url=APP)
    assert turned_away.status_code == 303
    assert turned_away.headers["Location"].endswith("/sign-in?next=/my-data")
    assert sign_in(client, SOMCHAI, "/my-data").headers["Location"].endswith("/my-data")


def test_my_data_shows_name_and_masked_number(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    page = look(client, "/my-data", "th")
    assert "นายสมชาย ตัวอย่าง" in page.text
    assert "1-xxxx-xxxxx-00-9" in page.text
    assert SOMCHAI not in page.html
    assert "มาตรา 33" in page.text
    assert "ปทุมธานี" in page.text


def test_my_data_of_somebody_without_a_hospital_says_so(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, NEWCOMER)
    page = look(client, "/my-data", "en")
    assert "none yet" in page.text
    assert "You have not sent any request yet." in page.text


def test_my_data_lists_requests_with_their_state(client: FlaskClient, look: Look, sign_in: SignIn, tools: Tools) -> None:
    case = sent(tools)
    sign_in(client, SOMCHAI)
    page = look(client, "/my-data", "en")
    assert f"/hospital-change/{case.reference}" in page.links.values()
    assert "Received" in page.text
    assert "Pathum Thani Hospital" in page.text


def test_very_long_names_do_not_break_the_page(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, LONG_NAME)
    assert "ตัวอย่างชื่อยาวสุดสายรุ้งอรุณสวัสดิ์" in look(client, "/my-data", "th").text


def test_in_an_emergency_the_nearest_hospital_and_the_first_hours(client: FlaskClient, look: Look) -> None:
    assert "72 ชั่วโมงแรก" in look(client, "/emergency", "th").text
    assert "nearest hospital" in look(client, "/emergency", "en").text


def test_the_emergency_page_names_my_hospital_once_i_am_known(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    assert "Patrangsit Hospital" in look(client, "/emergency", "en").text


def test_supervisors_learn_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz", base_url=APP).get_json() == {"status": "alive"}
    ready = client.get("/readyz", base_url=APP)
    assert (ready.status_code, ready.get_json()) == (200, {"status": "ready", "store": True, "law": True, "clock": True})
    assert ready.headers["Cache-Control"] == "no-store"


def test_a_machine_that_woke_without_its_battery_is_not_ready(client: FlaskClient, clock: StandingClock) -> None:
    clock.advance(-40 * 365 * 24 * 3600)
    ready = client.get("/readyz", base_url=APP)
    assert (ready.status_code, ready.get_json()) == (503, {"status": "not ready", "store": True, "law": True, "clock": False})
    assert client.get("/healthz", base_url=APP).status_code == 200


def test_a_store_that_lacks_a_migration_is_not_ready(client: FlaskClient, tools: Tools) -> None:
    tools.store.run("DELETE FROM _sqlite_migrations WHERE rowid = (SELECT MAX(rowid) FROM _sqlite_migrations)")  # type: ignore[attr-defined]
    assert client.get("/readyz", base_url=APP).status_code == 503


def test_with_the_store_down_it_is_alive_and_not_ready(broken: Flask) -> None:
    client = broken.test_client()
    assert client.get("/healthz", base_url=APP).status_code == 200
    assert client.get("/readyz", base_url=APP).status_code == 503


def test_with_the_store_down_the_status_page_says_so(broken: Flask) -> None:
    page = pages.look(broken.test_client(), "/status", "en")
    assert "our database does not answer" in page.text.lower()


@pytest.mark.parametrize("lang", ["th", "en"])
def test_with_the_store_down_a_page_speaks_both_languages(broken: Flask, lang: str) -> None:
    page = pages.look(broken.test_client(), "/hospitals?q=a", lang, status=503)
    assert "Our database does not answer" in page.text
    assert "ฐานข้อมูลของเราไม่ตอบ" in page.text


def test_with_the_store_down_somebody_signed_in_still_gets_the_page(
    client: FlaskClient, sign_in: SignIn, broken: Flask
) -> None:
    sign_in(client, SOMCHAI)
    cookie = client.get_cookie("sitthi-session", domain="127.0.0.1")
    late = broken.test_client()
    late.set_cookie("sitthi-session", cookie.value, domain="127.0.0.1")
    for path in ("/", "/my-data", "/no-such-page", "/status"):
        answer = late.get(path, base_url=APP)
        assert answer.status_code in (200, 503), path
        assert "<h1" in answer.get_data(as_text=True)


def test_with_the_store_down_what_was_typed_can_be_sent_again(broken: Flask) -> None:
    client = broken.test_client()
    client.set_cookie("sitthi-session", "x" * 43, domain="127.0.0.1")
    answer = client.post("/hospital-change/new", data={"cause": "other", "note": "ข้อความ <ยาว> & \"คำพูด\"", "key": "k1"}, base_url=APP)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    again = pages.sound(pages.read(answer)).form("/hospital-change/new")
    assert again["method"] == "post"
    assert again["fields"] == {"cause": "other", "note": "ข้อความ <ยาว> & \"คำพูด\"", "key": "k1"}


def test_with_the_store_down_programs_get_a_problem(broken: Flask) -> None:
    answer = broken.test_client().get("/api/v1/hospitals", base_url=APP)
    assert answer.status_code == 503
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(("path", "status"), [("/no-such-page", 404), ("/hospital-change/HC-0000-0000-0000", 303)])
def test_an_unknown_page_says_so_with_a_way_on(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path, base_url=APP)
    assert answer.status_code == status
    if status == 404:
        assert pages.sound(pages.read(answer)).links["ไปหน้าแรก"] == "/"


def test_a_write_sent_by_another_site_changes_nothing(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "en"}, headers={"Sec-Fetch-Site": "cross-site"}, base_url=APP)
    assert answer.status_code == 403
    assert client.get_cookie("sitthi-language", domain="127.0.0.1") is None


def test_the_wrong_verb_is_told_with_the_right_one(client: FlaskClient) -> None:
    answer = client.get("/language", base_url=APP)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
