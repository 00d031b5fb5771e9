"""The open API of benefits: the contract's answers read exactly, faults that name their field, nothing kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.front_door import APP
from webapp.domain.benefits.catalogue import BENEFITS

LAID_OFF = {"months_paid_in_15": 14, "wage": 16000, "cause": "laid_off", "dismissed_for_fault": False, "days_paid_this_year": 0}
MONEY_TEXT = {"base", "employee", "employer", "government"}


def assess(client: FlaskClient, benefit: str, body: Any) -> TestResponse:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(f"/api/v1/benefits/{benefit}/assess", data=text, content_type="application/json", base_url=APP)


def fault(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    told: dict[str, Any] = json.loads(answer.data)
    return told


def test_a_worker_laid_off_in_2026_is_told_how_much_and_until_when(client: FlaskClient) -> None:
    answer = assess(client, "unemployment", {"on": "2026-05-09", "answers": LAID_OFF}).get_json()
    assert answer["outcome"] == "entitled"
    assert {amount["code"]: (amount["baht"], amount["per"]) for amount in answer["amounts"]} == {
        "unemployment_monthly": ("9600.00", "month"),
        "unemployment_total": ("57600.00", "once"),
    }
    assert answer["claim_by"] == "2028-05-09"
    assert all(reason["law"] for reason in answer["reasons"])
    assert {value["key"] for value in answer["law"]} >= {"unemployment.laid_off_rate", "unemployment.laid_off_days"}


def test_an_answer_left_out_means_not_sure(client: FlaskClient) -> None:
    answer = assess(client, "sickness", {"on": "2026-05-09", "answers": {"months_paid_in_15": "3"}}).get_json()
    assert answer["outcome"] == "not_sure"
    assert answer["amounts"] == []


def test_who_lacks_a_month_is_told_the_month(client: FlaskClient) -> None:
    answer = assess(client, "unemployment", {"on": "2026-05-09", "answers": {**LAID_OFF, "months_paid_in_15": 4}}).get_json()
    assert (answer["outcome"], answer["qualifies_on"]) == ("not_entitled", "2026-07-01")


def test_numbers_are_read_exactly_and_said_as_decimal_text(client: FlaskClient) -> None:
    answers = '{"months_paid_in_15":3,"treatment":"basic","cost":0.1,"used_this_year":0}'
    as_number = assess(client, "dental", f'{{"on":"2026-05-09","answers":{answers}}}')
    assert as_number.get_json()["amounts"][0]["baht"] == "0.10"
    assert b'"baht":"0.10"' in as_number.data.replace(b" ", b"")


def test_the_day_is_today_where_none_is_given(client: FlaskClient) -> None:
    assert assess(client, "sickness", {}).get_json()["on"] == "2026-12-20"
    assert assess(client, "sickness", b"").get_json()["on"] == "2026-12-20"


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"months_paid_in_15": 16}, "months_paid_in_15"),
        ({"months_paid_in_15": -1}, "months_paid_in_15"),
        ({"months_paid_in_15": 2.5}, "months_paid_in_15"),
        ({"months_paid_in_15": True}, "months_paid_in_15"),
        ({"wage": "-1"}, "wage"),
        ({"wage": "many"}, "wage"),
        ({"wage": [1]}, "wage"),
        ({"cause": "bored"}, "cause"),
        ({"months": 3}, "months"),
        ({"wages": [{"month": "2569-01", "wage": 1}]}, "wages.0.month"),
    ],
)
def test_an_answer_that_cannot_be_read_is_named(client: FlaskClient, answers: dict[str, Any], field: str) -> None:
    assert fault(assess(client, "unemployment", {"answers": answers}))["field"] == field


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (" ", "body"), (b"\x0b", "body"), ("{}".encode("utf-16"), "body"), ("\ufeff{}", "body"), ("{", "body"), ("[]", "body"),
        ("3", "body"), ("NaN", "body"), ('{"answers":{"wage":Infinity}}', "body"), (b"\xff", "body"),
        ("[" * 100_000, "body"), ('{"answers":{"wage":' + "9" * 5000 + "}}", "body"),
        ({"answers": []}, "answers"), ({"answer": {}}, "answer"), ({"": None}, ""), ({"answers": {"": 1}}, ""),
        ({"on": "2569-01-01"}, "on"), ({"on": "2026-02-30"}, "on"), ({"on": 20260101}, "on"),
        ({"on": "1994-12-31"}, "on"), ({"on": "tomorrow"}, "on"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_named(client: FlaskClient, body: Any, field: str) -> None:
    assert fault(assess(client, "sickness", body))["field"] == field


def test_a_benefit_that_does_not_exist_is_not_found(client: FlaskClient) -> None:
    answer = assess(client, "lottery", {})
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_nothing_is_kept_and_any_page_may_ask(client: FlaskClient) -> None:
    answer = assess(client, "sickness", {"answers": {"months_paid_in_15": 3}})
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    before = client.options("/api/v1/benefits/sickness/assess", base_url=APP)
    assert "POST" in before.headers["Access-Control-Allow-Methods"]
    assert before.headers["Access-Control-Allow-Headers"] == "Content-Type"


def test_every_answer_has_the_keys_of_the_contract(client: FlaskClient) -> None:
    for benefit in BENEFITS:
        answer = assess(client, benefit, {"on": "2026-05-09"}).get_json()
        assert set(answer) >= {"benefit", "on", "outcome", "reasons", "amounts", "claim_by", "qualifies_on", "law"}
        assert answer["benefit"] == benefit
        described = client.get("/api/openapi.json", base_url=APP).get_json()["components"]["schemas"]["Assessment"]
        assert set(answer) == set(described["properties"])


@pytest.mark.parametrize(
    ("wage", "on", "base", "employee"),
    [
        ("1650", "2026-05-09", "1650.00", "83.00"),
        ("12000", "2026-05-09", "12000.00", "600.00"),
        ("20,000", "2026-05-09", "17500.00", "875.00"),
        ("๑๒๐๐๐", "2026-05-09", "12000.00", "600.00"),
        ("20000", "2025-12-31", "15000.00", "750.00"),
        ("0", "2026-05-09", "1650.00", "83.00"),
    ],
)
def test_a_contribution_is_worked_out_by_the_law_of_the_day(client: FlaskClient, wage: str, on: str, base: str, employee: str) -> None:
    answer = client.get("/api/v1/contribution", query_string={"wage": wage, "on": on}, base_url=APP).get_json()
    assert set(answer) == MONEY_TEXT
    assert (answer["base"], answer["employee"]) == (base, employee)


@pytest.mark.parametrize(
    ("query", "field"),
    [({}, "wage"), ({"wage": " "}, "wage"), ({"wage": "x"}, "wage"), ({"wage": "-1"}, "wage"), ({"wage": "not_sure"}, "wage"),
     ({"wage": "1", "on": "2026-13-01"}, "on"), ({"wage": "1", "on": "1995-01-01"}, "on")],
)  # fmt: skip
def test_a_contribution_that_cannot_be_worked_out_names_why(client: FlaskClient, query: dict[str, str], field: str) -> None:
    assert fault(client.get("/api/v1/contribution", query_string=query, base_url=APP))["field"] == field


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(sorted({question.name for benefit in BENEFITS.values() for question in benefit.questions} | {"wages"}))


@hypothesis_settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(BENEFITS)), st.dictionaries(names, anything, max_size=4), st.dates())
def test_whatever_is_sent_is_answered_or_refused_by_name(client: FlaskClient, benefit: str, answers: dict[str, Any], on: Any) -> None:
    answer = assess(client, benefit, {"on": on.isoformat(), "answers": answers})
    assert answer.status_code == 200 or fault(answer)["field"]


def test_a_number_out_of_all_range_is_refused_in_json_as_in_an_address(client: FlaskClient) -> None:
    answer = client.post(
        "/api/v1/benefits/sickness/assess", data=b'{"answers": {"wage": 1e400000000}}', content_type="application/json", base_url=APP
    )
    assert fault(answer)["field"] == "wage"
    query = client.get("/api/v1/contribution?wage=1e400", base_url=APP)
    assert fault(query)["field"] == "wage"


def test_money_with_its_sign_is_taken_by_the_api_too(client: FlaskClient) -> None:
    answer = client.get("/api/v1/contribution", query_string={"wage": "฿12 000"}, base_url=APP)
    assert answer.get_json()["base"] == "12000.00"


@pytest.mark.parametrize(("on", "ceiling"), [("1996-01-01", "15000"), ("2045-01-01", "23000")])
def test_the_law_is_told_for_every_year_that_can_be_asked_about(client: FlaskClient, on: str, ceiling: str) -> None:
    answer = client.get("/api/v1/law", query_string={"on": on}, base_url=APP)
    assert {value["key"]: value["value"] for value in answer.get_json()["values"]}["wage_base.ceiling"] == ceiling
    for never in ("1994-12-31", "2101-01-01"):
        assert client.get("/api/v1/law", query_string={"on": never}, base_url=APP).status_code == 422
    assert client.get("/api/v1/change-window", query_string={"on": on}, base_url=APP).status_code == 422


def test_unemployment_before_its_first_known_day_is_refused_by_naming_the_day(client: FlaskClient) -> None:
    answers = {"months_paid_in_15": 9, "cause": "resigned", "wage": 15000}
    assert fault(assess(client, "unemployment", {"on": "2003-12-31", "answers": answers}))["field"] == "on"
