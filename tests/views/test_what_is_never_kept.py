"""Findings of a review, each as a sentence that must stay true."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests import claim_people
from tests.front_door import APP, SignIn
from tests.pages import read
from tests.standing_clock import StandingClock
from webapp.app import refuse_demo_data
from webapp.config import SettingsRefused
from webapp.ports import Tools

SOMCHAI, OFFICER = "1000000000009", "1000000000076"


def test_a_citizen_number_typed_too_late_is_not_brought_back(client: FlaskClient, sign_in: SignIn, clock: StandingClock) -> None:
    sign_in(client, OFFICER)
    clock.advance(minutes=16)
    client.post("/officer/paper", data={"number": SOMCHAI, "other": "kept"}, base_url=APP)
    sign_in(client, OFFICER)
    page = read(client.get("/sign-in/typed", base_url=APP))
    assert "kept" in page.html
    assert SOMCHAI not in page.html


@pytest.mark.parametrize("name", ["q_deceased_number", "q_other_parent_number", "deceased_number", "other_parent_number", "account"])
def test_numbers_of_others_and_accounts_typed_too_late_are_not_brought_back(
    client: FlaskClient, sign_in: SignIn, clock: StandingClock, name: str
) -> None:
    sign_in(client, OFFICER)
    clock.advance(minutes=16)
    client.post("/officer/claims/paper/form", data={name: SOMCHAI, "q_relation": "kept"}, base_url=APP)
    sign_in(client, OFFICER)
    page = read(client.get("/sign-in/typed", base_url=APP))
    assert "kept" in page.html
    assert SOMCHAI not in page.html


def test_an_account_waits_while_its_own_person_is_with_thaid(
    client: FlaskClient, sign_in: SignIn, tools: Tools, clock: StandingClock
) -> None:
    sign_in(client, SOMCHAI)
    address = f"/claims/{claim_people.sent(tools, 'dental').reference}/payment/account"
    clock.advance(minutes=6)
    client.post(address, data={"bank": "006", "account": "1234567890"}, base_url=APP)
    sign_in(client, SOMCHAI)
    assert "1234567890" in read(client.get("/sign-in/typed", base_url=APP)).html


def test_a_form_larger_than_any_of_ours_is_not_kept_for_a_stranger(client: FlaskClient, tools: Tools) -> None:
    client.post("/officer/paper", data={"note": "x" * 100_000}, base_url=APP)
    assert not tools.store.one("SELECT 1 FROM drafts")  # type: ignore[attr-defined]


def test_a_reason_in_somebodys_own_words_is_sealed_in_the_store(
    client: FlaskClient, tools: Tools, send_a_change: Callable[..., str]
) -> None:
    reference = send_a_change(client, SOMCHAI, cause="other", note="ใกล้หมอที่รักษาประจำ")
    row = tools.store.one("SELECT facts FROM hospital_changes WHERE reference = :reference", reference=reference)  # type: ignore[attr-defined]
    assert "note" in json.loads(row["facts"])
    assert "หมอ" not in row["facts"]
    case = tools.store.hospital_change(reference)
    assert case is not None
    assert case.note == "ใกล้หมอที่รักษาประจำ"


def test_a_write_whose_only_trace_is_a_foreign_referer_is_refused(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "en"}, base_url=APP, headers={"Referer": "https://elsewhere.example/x"})
    assert answer.status_code == 403
    own = client.post("/language", data={"language": "en"}, base_url=APP, headers={"Referer": f"{APP}/settings"})
    assert own.status_code == 303


def test_invented_people_are_known_as_such_however_they_came_in(tools: Tools) -> None:
    tools.store.run("UPDATE people SET demo = 0")  # type: ignore[attr-defined]
    tools.store.run("DELETE FROM officers")  # type: ignore[attr-defined]
    assert not tools.store.holds_demo_people()
    tools.store.add_officer(OFFICER, tools.clock.now(), demo=False)
    assert tools.store.holds_demo_people()
    with pytest.raises(SettingsRefused):
        refuse_demo_data(tools)


def test_a_supervisor_may_ask_by_any_address_and_nobody_else(client: FlaskClient) -> None:
    assert client.get("/readyz", base_url="http://10.0.0.1:9000").status_code == 200
    assert client.get("/", base_url="http://10.0.0.1:9000").status_code == 400
