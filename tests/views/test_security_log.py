"""What the log says when somebody tries what they may not, and what it never says; and what people are told when something breaks."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.front_door import APP, SignIn
from tests.pages import read, sound
from webapp.app import create_app
from webapp.domain.audit import Act
from webapp.ports import Tools
from webapp.web.security import LARGEST_QUERY

SOMCHAI = "1000000000009"
FORGED = "x\r\n2026-01-01 ERROR sitthi all is well"


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Lines of our own log, as they come."""
    caplog.set_level(logging.INFO, "sitthi")
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("sitthi").addHandler(handler)
    yield lines
    logging.getLogger("sitthi").removeHandler(handler)


@pytest.fixture
def limited(tools: Tools) -> Flask:
    held = replace(tools, settings=replace(tools.settings, limits=True))
    return create_app(held.settings, held)


def test_a_wrong_pin_and_a_wrong_code_are_a_line_without_what_was_typed(limited: Flask, said: list[str]) -> None:
    client = limited.test_client()
    client.post("/sign-in/pin", data={"half": "ACEFH", "pin": "902174"}, base_url=APP)
    client.post("/sign-in/counter", data={"code": "2222222222"}, base_url=APP)
    assert said == ["a wrong one: door wrong-pins", "a wrong one: door wrong-codes"]


def test_a_sign_in_that_failed_stands_in_the_audit_and_the_log(client: FlaskClient, tools: Tools, said: list[str]) -> None:
    start = client.get("/sign-in/thaid", base_url=APP).headers["Location"]
    state = start.partition("state=")[2].partition("&")[0]
    client.get(f"/sign-in/thaid/callback?state={state}&error=access_denied", base_url=APP)
    assert [line for line in said if line.startswith("no sign-in: refused")]
    noted = tools.store.one("SELECT * FROM audit_entries WHERE act = :act", act=str(Act.SIGN_IN_FAILED))  # type: ignore[attr-defined]
    assert noted["by_role"] == "nobody"


def test_a_sign_in_stands_in_the_audit_with_when_who_how_and_how_sure(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    noted = tools.store.one("SELECT * FROM audit_entries WHERE act = :act ORDER BY number DESC", act=str(Act.SIGNED_IN))  # type: ignore[attr-defined]
    assert noted["by_id"] == tools.store.person_id_of(SOMCHAI)
    assert noted["at"].endswith("+07:00")
    assert '"via":"thaid"' in noted["facts"]


def test_an_act_that_is_not_allowed_is_a_line(client: FlaskClient, sign_in: SignIn, said: list[str]) -> None:
    sign_in(client, SOMCHAI)
    said.clear()
    assert client.get("/officer", base_url=APP).status_code == 404
    assert said == ["refused: work_at_the_desk asks for more than this session has: no_such_page"]


def test_a_write_of_another_site_and_a_request_of_no_browsers_size_are_lines(client: FlaskClient, said: list[str]) -> None:
    client.post("/settings", headers={"Sec-Fetch-Site": "cross-site"}, base_url=APP)
    client.get(f"/hospitals?q={'a' * LARGEST_QUERY}", base_url=APP)
    client.get("/hospitals", base_url="http://elsewhere.example")
    assert said == [
        "refused: a write from another site at /settings", "refused: status 414 at /hospitals", "refused: status 400 at /hospitals",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "ask",
    [
        {"path": "/officer/hospital-change/" + FORGED}, {"path": "/sign-in/failed/" + FORGED},
        {"path": "/x", "query_string": {"q": FORGED}},
        {"path": "/government-channel", "query_string": {"appId": FORGED, "mToken": FORGED}},
        {"path": "/sign-in/thaid/callback", "query_string": {"state": FORGED, "error": FORGED}},
        {"path": "/sign-in/pin", "method": "POST", "data": {"half": FORGED, "pin": FORGED}},
        {"path": "/settings", "headers": {"User-Agent": "x y z", "Sec-Fetch-Site": "cross-site"}, "method": "POST"},
    ],
)  # fmt: skip
def test_nobody_writes_a_line_of_their_own_into_the_log(limited: Flask, said: list[str], ask: dict[str, object]) -> None:
    limited.test_client().open(base_url=APP, **ask)
    assert [line for line in said if "\n" in line or "\r" in line or "all is well" in line] == []


@pytest.fixture
def broken(tools: Tools) -> Flask:
    """An app with a page that breaks with a secret in its mouth."""
    built = create_app(tools.settings, tools)
    built.testing = False

    def fails(what: str) -> str:
        raise RuntimeError(f"SELECT secret FROM people WHERE pid = {what}")

    built.add_url_rule("/fails/<what>", view_func=fails)
    built.add_url_rule("/api/fails/<what>", "api-fails", view_func=fails)
    return built


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_fault_of_ours_tells_nobody_what_is_inside(broken: Flask, lang: str, said: list[str]) -> None:
    client = broken.test_client()
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    page = sound(read(client.get(f"/fails/{SOMCHAI}", base_url=APP)), lang)
    assert page.status == 500
    program = client.get(f"/api/fails/{SOMCHAI}", base_url=APP)
    assert program.get_json() == {"type": "about:blank", "title": "Internal Server Error", "status": 500, "detail": "our fault"}
    for told in (page.html, program.get_data(as_text=True)):
        assert not [word for word in ("SELECT", "RuntimeError", "Traceback", "fails.<locals>") if word in told]
    assert said == ["fault in GET /fails/<what>", "fault in GET /api/fails/<what>"], "the line itself names the route, not what was asked"


def test_a_fault_in_the_middle_leaves_nothing_half_done(tools: Tools) -> None:
    person_id = tools.store.person_id_of(SOMCHAI)

    def breaks_in_the_middle() -> None:
        with tools.store.transaction():
            tools.store.keep_draft(f"person:{person_id}", "hospital_change", {"cause": "annual"}, 0.0)
            raise LookupError

    with pytest.raises(LookupError):
        breaks_in_the_middle()
    assert tools.store.drafts_of(f"person:{person_id}") == {}
