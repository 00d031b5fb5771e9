"""The log of production: one object of JSON a line, with what an operator looks for and nothing of anybody."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.front_door import APP, SignIn, start_at_thaid
from tests.test_commands import production
from webapp.actions.document_reading import Reader
from webapp.adapters import log_lines
from webapp.app import create_app
from webapp.config import SettingsRefused, settings_from
from webapp.ports import Tools
from webapp.web.watching import about_this_request

SOMCHAI, OFFICER = "1000000000009", "1000000000076"
OUR_LOGGERS = ("sitthi", "sitthi-requests", "sitthi-store")
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """What is logged from here on, as production writes it; every line must be one object."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    levels = {name: logging.getLogger(name).level for name in OUR_LOGGERS}
    before = list(logging.getLogger().handlers)
    log_lines.listen(about_this_request)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.captureWarnings(capture=False)
    logging.getLogger().handlers[:] = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def broken(tools: Tools) -> Flask:
    """With a page that breaks with a number in its mouth, which a cause put there."""
    built = create_app(tools.settings, tools)
    built.testing = False

    def fails(what: str) -> str:
        try:
            int(f"not {what}")
        except ValueError as cause:
            raise RuntimeError(f"SELECT secret FROM people WHERE pid = {what}") from cause
        return ""

    built.add_url_rule("/fails/<what>", view_func=fails)
    return built


def test_an_answer_is_a_line_with_its_route_its_end_and_who_asked_only_as_a_role(
    client: FlaskClient, sign_in: SignIn, lines: Lines
) -> None:
    client.get("/benefits/sickness?wage=12345", base_url=APP)
    sign_in(client, SOMCHAI)
    answer = client.get("/my-data", base_url=APP)
    first, *_, last = [line for line in lines() if line["event"] == "answered"]
    assert (first["route"], first["method"], first["status"], first["role"]) == ("/benefits/<name>", "GET", 200, "nobody")
    assert (last["route"], last["role"], last["level"], last["logger"]) == ("/my-data", "person", "INFO", "sitthi-requests")
    assert last["request_id"] == answer.headers["X-Request-Id"]
    assert last["ms"] > 0
    assert set(last) == {"time", "level", "logger", "event", "request_id", "route", "method", "status", "ms", "role"}
    assert str(datetime.fromisoformat(last["time"]).tzinfo) == "UTC+07:00"


def test_an_officer_is_a_role_too(client: FlaskClient, sign_in: SignIn, lines: Lines) -> None:
    sign_in(client, OFFICER)
    client.get("/officer", base_url=APP)
    assert [line["role"] for line in lines() if line["event"] == "answered"][-1] == "officer"


def test_every_line_about_a_request_names_it(client: FlaskClient, lines: Lines) -> None:
    answer = client.post("/settings", headers={"Sec-Fetch-Site": "cross-site"}, base_url=APP)
    refused, answered = lines()
    assert (refused["event"], refused["level"]) == ("refused: a write from another site at /settings", "WARNING")
    assert refused["request_id"] == answered["request_id"] == answer.headers["X-Request-Id"]


def test_supervisors_leave_no_line(client: FlaskClient, lines: Lines) -> None:
    client.get("/healthz", base_url=APP)
    client.get("/readyz", base_url=APP)
    assert lines() == []


def test_a_fault_is_its_type_and_its_places_and_not_its_words(broken: Flask, lines: Lines) -> None:
    answer = broken.test_client().get(f"/fails/{SOMCHAI}", base_url=APP)
    fault, answered = lines()
    assert (fault["level"], fault["event"]) == ("ERROR", "fault in GET /fails/<what>")
    assert fault["fault"]["type"] == "RuntimeError"
    assert fault["fault"]["from"] == ["ValueError"]
    assert re.fullmatch(r"views/test_log_lines\.py:\d+ fails", fault["fault"]["at"][-1])
    assert answered["status"] == 500
    assert fault["request_id"] == answer.headers["X-Request-Id"]
    assert not re.search(f"{SOMCHAI}|secret|SELECT|invalid literal", json.dumps([fault, answered]))


def test_what_another_package_says_is_only_its_place(lines: Lines) -> None:
    logging.getLogger("urllib3.connectionpool").warning("Retrying https://thaid.example/token?pid=%s", SOMCHAI)
    logging.getLogger("_granian").error("Application callable raised an exception\nRuntimeError: %s", SOMCHAI)
    assert [(line["logger"], line["level"]) for line in lines()] == [("urllib3.connectionpool", "WARNING"), ("_granian", "ERROR")]
    assert all(re.fullmatch(r"at test_log_lines, line \d+", line["event"]) for line in lines())


def test_what_nobody_caught_is_a_line_too(lines: Lines) -> None:
    def breaks() -> None:
        raise LookupError(SOMCHAI)

    thread = threading.Thread(target=breaks)
    thread.start()
    thread.join()
    (line,) = lines()
    assert (line["level"], line["fault"]["type"]) == ("CRITICAL", "LookupError")
    assert SOMCHAI not in json.dumps(line)


def test_a_line_is_one_line_and_fits_into_one_write(lines: Lines) -> None:
    def deep(left: int) -> None:
        if left:
            deep(left - 1)
        raise KeyError("x" * 10_000)

    try:
        deep(200)
    except KeyError:
        logging.getLogger("sitthi").exception("a text with an end of line\nand a line after it \u2028 %s", "x" * 10_000)
    (line,) = lines()
    assert len(json.dumps(line)) < 4096


def test_the_worker_and_the_server_speak_in_the_same_lines(lines: Lines) -> None:
    log_lines.say("3 changes took effect")
    log_lines.say("the database does not answer; trying again", is_trouble=True)
    assert [(line["level"], line["event"]) for line in lines()] == [
        ("INFO", "3 changes took effect"), ("WARNING", "the database does not answer; trying again"),
    ]  # fmt: skip


def test_a_day_of_work_is_lines_of_json_with_nothing_of_anybody(
    tools: Tools, client: FlaskClient, sign_in: SignIn, send_a_change: Any, lines: Lines
) -> None:
    """Sign-ins that fail and one that does not, a request sent, read and decided on, words typed into everything, papers looked at."""
    state = start_at_thaid(client).partition("state=")[2].partition("&")[0]
    client.get(f"/sign-in/thaid/callback?state={state}&error=planted-error", base_url=APP)
    client.post("/sign-in/pin", data={"half": "ACEFH", "pin": "902174"}, base_url=APP)
    client.get("/government-channel?appId=planted-app&mToken=planted-token", base_url=APP)
    reference = send_a_change(client, SOMCHAI)
    client.get(f"/hospital-change/{reference}", base_url=APP)
    client.get("/hospitals?q=planted-words", headers={"User-Agent": "planted-browser"}, base_url=APP)
    client.post("/settings", data={"language": "planted-language"}, base_url=APP)
    client.get("/calendar/planted-address.ics", base_url=APP)
    desk = client.application.test_client()
    sign_in(desk, OFFICER)
    desk.get(f"/officer/hospital-change/{reference}", base_url=APP)
    Reader(tools).run()
    told = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines())
    person_id, officer_id = tools.store.person_id_of(SOMCHAI), tools.store.officer_of(OFFICER).id
    assert {"/hospital-change/<reference>", "/officer/hospital-change/<reference>"} <= {line.get("route") for line in lines()}
    for personal in (SOMCHAI, OFFICER, "สมชาย", reference, str(person_id), officer_id, state, "902174", "ACEFH", "127.0.0.1", "planted"):
        assert personal not in told


def test_production_has_no_other_log() -> None:
    assert settings_from(production()).log_as_json
    assert not settings_from({}).log_as_json
    assert settings_from({"SITTHI_LOG": "json"}).log_as_json
    for environment in (production(SITTHI_LOG="text"), {"SITTHI_LOG": "xml"}):
        with pytest.raises(SettingsRefused, match="SITTHI_LOG"):
            settings_from(environment)
