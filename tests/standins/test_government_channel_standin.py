"""The two calls of the ทางรัฐ mini-app entry, and the menu that opens it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.standins.relying_party import SOMCHAI, Clock
from webapp.standins.government_channel import DEPROC_PATH, VALIDATE_PATH

KEY = {"Consumer-Key": "key"}


def entering(http: FlaskClient, pid: str = SOMCHAI, **form: str) -> dict[str, str]:
    """The query with which ทางรัฐ opens the mini-app."""
    page = http.post("/simulator/government-channel", data={"pid": pid} | form).text
    link = re.search(r'id="landing" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert link.startswith("http://127.0.0.1:8000/government-channel?")
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def gateway_token(http: FlaskClient) -> str:
    return str(http.get(VALIDATE_PATH, query_string={"ConsumerSecret": "secret", "AgentID": "agent"}, headers=KEY).json["Result"])


def ask(http: FlaskClient, query: dict[str, str], **headers: str) -> tuple[int, dict]:
    sent = KEY | {"Token": gateway_token(http)} | headers
    answer = http.post(DEPROC_PATH, json={"AppId": query["appId"], "MToken": query["mToken"]}, headers=sent)
    return answer.status_code, answer.json


def test_the_first_use_of_an_mtoken_says_who_has_entered(http: FlaskClient) -> None:
    status, said = ask(http, entering(http))
    assert (status, said["messageCode"]) == (200, 200)
    found = said["result"]
    assert (found["citizenId"], found["firstName"], found["lastName"]) == (SOMCHAI, "สมชาย", "ตัวอย่าง")
    assert found["dateOfBirthString"] == "19860501"
    assert set(found) == {"userId", "citizenId", "firstName", "lastName", "dateOfBirthString", "mobile", "email", "notification"}


def test_the_second_use_is_http_200_with_another_message_code(http: FlaskClient) -> None:
    query = entering(http)
    ask(http, query)
    status, said = ask(http, query)
    assert status == 200
    assert said["messageCode"] != 200
    assert said["result"] is None


def test_an_mtoken_lives_two_minutes(http: FlaskClient, clock: Clock) -> None:
    query = entering(http)
    clock.now += 120
    assert ask(http, query)[1]["messageCode"] != 200


def test_an_mtoken_opens_its_own_mini_app_only(http: FlaskClient) -> None:
    assert ask(http, entering(http) | {"appId": "another"})[1]["messageCode"] != 200


def test_unknown_parts_of_a_birth_date_are_dashes(http: FlaskClient) -> None:
    assert ask(http, entering(http, birth_day_unknown="on"))[1]["result"]["dateOfBirthString"] == "1986----"


def test_a_person_keeps_one_user_id(http: FlaskClient) -> None:
    ids = {ask(http, entering(http, pid))[1]["result"]["userId"] for pid in (SOMCHAI, SOMCHAI, "1000000000017")}
    assert len(ids) == 2


@pytest.mark.parametrize("headers", [{"Consumer-Key": "wrong"}, {"Token": "wrong"}])
def test_both_headers_are_checked(http: FlaskClient, headers: dict[str, str]) -> None:
    assert ask(http, entering(http), **headers)[0] == 401


@pytest.mark.parametrize("wrong", [{"ConsumerSecret": "x"}, {"AgentID": "x"}, {"Consumer-Key": "x"}])
def test_the_gateway_checks_who_calls(http: FlaskClient, wrong: dict[str, str]) -> None:
    shown = {"ConsumerSecret": "secret", "AgentID": "agent", "Consumer-Key": "key"} | wrong
    key = {"Consumer-Key": shown.pop("Consumer-Key")}
    assert http.get(VALIDATE_PATH, query_string=shown, headers=key).status_code == 401


def test_a_body_that_is_not_json_is_an_unknown_mtoken(http: FlaskClient) -> None:
    answer = http.post(DEPROC_PATH, data="x", headers=KEY | {"Token": gateway_token(http)})
    assert (answer.status_code, answer.json["messageCode"]) == (200, 404)


def test_the_menu_lists_the_people_and_keeps_numbers_out_of_addresses(http: FlaskClient) -> None:
    assert "สมชาย" in http.get("/simulator/government-channel").text
    assert SOMCHAI not in str(entering(http))
