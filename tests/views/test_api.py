"""The open API: the contract's answers, faults that name their field, and the same as the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.front_door import APP
from webapp.actions import open_data
from webapp.actions.calendar import propose_window, settle_calendar_change
from webapp.ports import CalendarChange, Tools

ROWS = [
    ("2026-01-15T16:29:00+07:00", "", "2026-01-16", "2026-01-15T16:30:00+07:00", True),
    ("2026-01-15T16:30:00+07:00", "", "2026-02-01", "2026-01-30T16:30:00+07:00", True),
    ("2026-01-16T00:00:00+07:00", "", "2026-02-01", "2026-01-30T16:30:00+07:00", True),
    ("2026-01-30T16:29:00+07:00", "", "2026-02-01", "2026-01-30T16:30:00+07:00", True),
    ("2026-01-31T10:00:00+07:00", "", "2026-02-16", "2026-02-13T16:30:00+07:00", True),
    ("2026-01-31T10:00:00+07:00", "last_calendar_day", "2026-02-01", "2026-01-30T16:30:00+07:00", True),
    ("2026-12-16T09:00:00+07:00", "", "2027-01-01", "2026-12-30T16:30:00+07:00", True),
    ("2027-03-31T16:29:00+07:00", "", "2027-04-01", "2027-03-31T16:30:00+07:00", True),
    ("2027-03-31T16:30:00+07:00", "", "2027-04-16", "2027-04-12T16:30:00+07:00", False),
    ("2026-01-15T09:29:00Z", "", "2026-01-16", "2026-01-15T16:30:00+07:00", True),
]


def ask(client: FlaskClient, address: str, **query: str) -> TestResponse:
    return client.get(f"/api/v1/{address}", query_string=query, base_url=APP)


def fault(answer: TestResponse) -> dict[str, object]:
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    return json.loads(answer.data)


@pytest.mark.parametrize(("received", "policy", "effective_on", "file_by", "in_window"), ROWS)
def test_a_time_of_receipt_has_its_effective_day(
    client: FlaskClient, received: str, policy: str, effective_on: str, file_by: str, in_window: bool
) -> None:
    query = {"received": received} | ({"policy": policy} if policy else {})
    answer = ask(client, "effective-date", **query).get_json()
    assert answer == {
        "received": answer["received"],
        "effective_on": effective_on,
        "file_by": file_by,
        "policy": policy or "last_working_day",
        "in_annual_window": in_window,
    }
    assert answer["received"].endswith("+07:00")


def test_a_plus_that_nobody_escaped_is_still_a_plus(client: FlaskClient) -> None:
    answer = client.get("/api/v1/effective-date?received=2026-01-15T16:29:00+07:00", base_url=APP)
    assert answer.get_json()["effective_on"] == "2026-01-16"


@pytest.mark.parametrize(
    "received",
    [
        "", "yesterday", "2026-01-15", "2026-01-15T16:29:00", "2026-02-30T10:00:00+07:00", "2026-01-15T24:30:00+07:00",
        "2014-12-31T23:59:59+07:00", "2041-01-01T00:00:00+07:00", "2569-01-15T16:29:00+07:00", "0001-01-01T00:00:00+14:00",
        "2026-01-15T16:29:00+99:00", "๒๐๒๖-01-15T16:29:00+07:00", "2026-01-15T16:29:00+07:00; DROP", "1" * 5000,
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_read_is_named(client: FlaskClient, received: str) -> None:
    assert fault(ask(client, "effective-date", received=received))["field"] == "received"


def test_the_time_must_be_there(client: FlaskClient) -> None:
    told = fault(ask(client, "effective-date"))
    assert told["field"] == "received"
    assert "required" in str(told["detail"])


@pytest.mark.parametrize("received", ["2015-01-01T00:00:00+07:00", "2040-12-31T23:59:59+07:00", "2014-12-31T17:00:00Z"])
def test_the_first_and_last_moment_are_answered(client: FlaskClient, received: str) -> None:
    assert ask(client, "effective-date", received=received).status_code == 200


def test_an_unknown_policy_is_named(client: FlaskClient) -> None:
    assert fault(ask(client, "effective-date", received="2026-01-15T16:29:00+07:00", policy="lenient"))["field"] == "policy"


@pytest.mark.parametrize(
    ("on", "answer"),
    [
        ("2026-12-15", {"open": False, "opens_on": "2026-12-16", "closes_on": "2027-03-31", "days_left": None}),
        ("2026-12-16", {"open": True, "opens_on": "2026-12-16", "closes_on": "2027-03-31", "days_left": 105}),
        ("2027-03-31", {"open": True, "opens_on": "2026-12-16", "closes_on": "2027-03-31", "days_left": 0}),
        ("2027-04-01", {"open": False, "opens_on": "2027-12-16", "closes_on": "2028-03-31", "days_left": None}),
    ],
)
def test_the_window_of_a_day(client: FlaskClient, on: str, answer: dict[str, object]) -> None:
    assert ask(client, "change-window", on=on).get_json() == answer


def test_the_window_of_today(client: FlaskClient) -> None:
    assert ask(client, "change-window").get_json()["open"] is True


@pytest.mark.parametrize("on", ["2026-13-01", "31/03/2027", "2569-12-16", "2026-02-29"])
@pytest.mark.parametrize("address", ["change-window", "law"])
def test_a_day_that_cannot_be_read_is_named(client: FlaskClient, address: str, on: str) -> None:
    assert fault(ask(client, address, on=on))["field"] == "on"


def test_hospitals_are_found_in_both_scripts(client: FlaskClient) -> None:
    for q in ("ศิริราช", "siriraj"):
        first = ask(client, "hospitals", q=q).get_json()["hospitals"][0]
        assert first == {
            "id": "TH10-019", "code": "13814", "name": {"th": "โรงพยาบาลศิริราช", "en": "Siriraj Hospital"},
            "province": "TH-10", "ownership": "state",
        }  # fmt: skip


def test_hospitals_of_a_province_and_of_its_neighbours(client: FlaskClient) -> None:
    own = ask(client, "hospitals", province="TH-13", limit="100").get_json()
    near = ask(client, "hospitals", province="TH-13", adjoining="true", limit="100").get_json()
    assert own["total"] == 10
    assert {hospital["province"] for hospital in own["hospitals"]} == {"TH-13"}
    assert near["total"] > own["total"]
    assert near["hospitals"][0]["province"] == "TH-13"


def test_a_limit_cuts_the_list_and_not_the_total(client: FlaskClient) -> None:
    answer = ask(client, "hospitals", limit="3").get_json()
    assert len(answer["hospitals"]) == 3
    assert answer["total"] > 270


@pytest.mark.parametrize(
    ("field", "value"),
    [("limit", "0"), ("limit", "101"), ("limit", "ten"), ("limit", "-1"), ("limit", "1.5"), ("province", "TH-00"),
     ("province", "Bangkok"), ("adjoining", "maybe"), ("q", "ก" * 121)],
)  # fmt: skip
def test_a_search_that_cannot_be_read_is_named(client: FlaskClient, field: str, value: str) -> None:
    assert fault(ask(client, "hospitals", **{field: value}))["field"] == field


def test_the_law_comes_with_its_citations(client: FlaskClient) -> None:
    answer = ask(client, "law", on="2026-11-22").get_json()
    values = {value["key"]: value for value in answer["values"]}
    assert answer["on"] == "2026-11-22"
    assert values["hospital_change.cut_off_time"]["value"] == "16:30"
    assert values["hospital_change.months_paid"]["value"] == 3
    assert values["hospital_change.sections"]["value"] == ["33", "39"]
    for value in answer["values"]:
        assert set(value) == {"key", "value", "unit", "since", "until", "law", "source", "confidence"}


@pytest.mark.parametrize("address", ["change-window", "hospitals", "law"])
def test_any_page_may_ask_without_cookies_and_asking_again_is_cheap(client: FlaskClient, address: str) -> None:
    answer = ask(client, address)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in answer.headers
    assert "public" in answer.headers["Cache-Control"]
    again = client.get(f"/api/v1/{address}", base_url=APP, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_page_of_another_site_may_read_a_fault_too(client: FlaskClient) -> None:
    assert ask(client, "effective-date").headers["Access-Control-Allow-Origin"] == "*"


def test_an_unknown_address_is_a_problem_too(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing", base_url=APP)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_the_description_names_what_there_is_and_nothing_else(client: FlaskClient) -> None:
    described = client.get("/api/openapi.json", base_url=APP).get_json()
    rules = {str(rule) for rule in client.application.url_map.iter_rules() if str(rule).startswith("/api/v1/")}
    assert described["openapi"].startswith("3.1")
    assert {path.replace("{", "<").replace("}", ">") for path in described["paths"]} == rules


def test_every_answer_is_as_described(client: FlaskClient) -> None:
    described = client.get("/api/openapi.json", base_url=APP).get_json()
    schemas = described["components"]["schemas"]
    for path, wanted in described["paths"].items():
        if "get" not in wanted:
            continue
        name = wanted["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        answer = client.get(path, query_string={"received": "2026-01-15T16:29:00+07:00", "wage": "12000"}, base_url=APP).get_json()
        assert set(answer) == set(schemas[name]["properties"]), path


def test_what_officers_moved_is_answered_at_once(client: FlaskClient, tools: Tools) -> None:
    first, second = (tools.store.officer_of(pid) for pid in ("1000000000076", "1000000000084"))
    moved = propose_window(tools, first, date(2026, 12, 16), date(2027, 4, 30), "ขยายเวลา")
    assert ask(client, "change-window", on="2027-04-15").get_json()["open"] is False
    assert isinstance(moved, CalendarChange)
    settle_calendar_change(tools, second, moved.id, approve=True)
    assert ask(client, "change-window", on="2027-04-15").get_json() == {
        "open": True, "opens_on": "2026-12-16", "closes_on": "2027-04-30", "days_left": 15,
    }  # fmt: skip


def test_the_answers_do_not_depend_on_the_host_that_asks(tools: Tools) -> None:
    elsewhere = replace(tools, settings=replace(tools.settings, base_url="https://example.org"))
    received = "2026-01-15T16:29:00+07:00"
    assert open_data.effective_date(elsewhere, received) == open_data.effective_date(tools, received)
