"""/metrics: for whoever shows the token, and what stands there; never anything of anybody."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import claim_people
from tests.actions import test_corrections
from tests.front_door import APP, SignIn, start_at_thaid
from tests.standing_clock import StandingClock
from webapp.actions import audit, claims, corrections, document_reading, read_only
from webapp.adapters.meter.prometheus import Prometheus
from webapp.adapters.store.sqlite import SqliteStore
from webapp.app import create_app
from webapp.domain.measure import FAMILIES, OTHER, SIGN_INS
from webapp.domain.read_only import Why
from webapp.domain.reminder import Occasion, about_sign_in
from webapp.ports import Tools
from webapp.views import government_channel
from webapp.views import sign_in as sign_in_view
from webapp.web.limit_table import DOORS, address
from webapp.web.tools import hand_over

SOMCHAI = "1000000000009"
TOKEN = "a token that is long enough".replace(" ", "-")
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def counted(app: Flask, tools: Tools) -> Tools:
    """The app counting, for whoever knows the token."""
    meter = Prometheus()
    tools.store.meter = meter  # type: ignore[attr-defined]
    held = replace(tools, meter=meter, settings=replace(tools.settings, metrics_token=TOKEN))
    hand_over(app, held)
    return held


def told(client: FlaskClient) -> str:
    answer = client.get("/metrics", headers=SHOWN, base_url=APP)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def figure(text: str, of: str) -> float:
    found = re.search(rf"^{re.escape(of)} (\S+)$", text, re.MULTILINE)
    assert found, f"no {of}"
    return float(found[1])


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": TOKEN}, {"Authorization": "Bearer "}, {"Authorization": "Bearer ก"}],
)
def test_without_the_token_there_is_no_such_page(counted: Tools, client: FlaskClient, headers: dict[str, str]) -> None:
    headers = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    answer = client.get("/metrics", headers=headers, base_url=APP)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


@pytest.mark.parametrize("headers", [{}, SHOWN, {"Authorization": "Bearer "}])
def test_where_the_operator_set_none_nobody_has_it(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.get("/metrics", headers=headers, base_url=APP).status_code == 404


def test_every_family_is_there_from_the_start(counted: Tools, client: FlaskClient) -> None:
    answer = client.get("/metrics", headers=SHOWN, base_url="http://10.0.0.1:9180")
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    assert answer.headers["Cache-Control"] == "no-store"
    there = re.findall(r"^# TYPE (\S+?)(?:_total)? ", answer.get_data(as_text=True), re.MULTILINE)
    assert sorted(there) == sorted(family.name for family in FAMILIES)


def test_answers_are_counted_and_timed_by_their_route_and_never_by_their_address(counted: Tools, client: FlaskClient) -> None:
    client.get("/benefits/sickness?wage=12345", base_url=APP)
    client.get("/benefits/no-such-benefit", base_url=APP)
    client.get("/nowhere-at-all", base_url=APP)
    client.open("/benefits", method="INVENTED", base_url=APP)
    text = told(client)
    assert figure(text, 'sitthi_requests_total{method="GET",route="benefits.check",status="2xx"}') == 1
    assert figure(text, 'sitthi_requests_total{method="GET",route="benefits.check",status="4xx"}') == 1
    assert figure(text, 'sitthi_requests_total{method="GET",route="no page",status="4xx"}') == 1
    assert figure(text, 'sitthi_request_seconds_count{route="benefits.check"}') == 2
    assert not re.search("12345|nowhere|INVENTED|no-such", text)


def test_a_sign_in_is_counted_by_its_way_and_its_outcome(counted: Tools, client: FlaskClient, sign_in: SignIn) -> None:
    state = start_at_thaid(client).partition("state=")[2].partition("&")[0]
    client.get(f"/sign-in/thaid/callback?state={state}&error=access_denied", base_url=APP)
    client.post("/sign-in/pin", data={"half": "ACEFH", "pin": "902174"}, base_url=APP)
    client.post("/sign-in/counter", data={"code": "2222222222"}, base_url=APP)
    client.post("/sign-in/passkey", data={"passkey_answer": "{}"}, base_url=APP)
    client.get("/government-channel?appId=foreign&mToken=x", base_url=APP)
    sign_in(client, SOMCHAI)
    text = told(client)
    for way, outcome in (
        ("thaid", "refused"), ("counter_pin", "not_taken"), ("counter_code", "not_taken"), ("passkey", "not_taken"),
        ("government_channel", "foreign_app"), ("thaid", "signed_in"),
    ):  # fmt: skip
        assert figure(text, f'sitthi_sign_ins_total{{outcome="{outcome}",way="{way}"}}') == 1
    assert figure(text, f'sitthi_sign_ins_total{{outcome="{OTHER}",way="{OTHER}"}}') == 0


def test_every_cause_that_people_are_told_has_a_figure_of_its_own() -> None:
    known = set(SIGN_INS.known)
    assert {("thaid", cause) for cause in sign_in_view.FAILURES} <= known
    assert {("government_channel", cause) for cause in government_channel.FAILURES if cause != "not_me"} <= known


def test_a_limit_is_counted_by_its_door(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DOORS, "passkey", (address(1),))
    held = replace(tools, meter=Prometheus(), settings=replace(tools.settings, limits=True, metrics_token=TOKEN))
    client = create_app(held.settings, held).test_client()
    assert figure(told(client), 'sitthi_limits_reached_total{door="passkey"}') == 0
    for _ in range(3):
        client.post("/sign-in/passkey", data={"passkey_answer": "{}"}, base_url=APP)
    assert figure(told(client), 'sitthi_limits_reached_total{door="passkey"}') == 2


def oldest(client: FlaskClient, queue: str) -> float:
    return figure(told(client), f'sitthi_oldest_waiting_seconds{{queue="{queue}"}}')


def test_queues_tell_how_long_the_oldest_has_waited(
    counted: Tools, client: FlaskClient, clock: StandingClock, send_a_change: Any
) -> None:
    assert oldest(client, "hospital_change") == 0
    send_a_change(client, SOMCHAI)
    clock.advance(hours=2)
    assert oldest(client, "hospital_change") == oldest(client, "audit_entry") == 2 * 3600
    audit.seal(counted)
    assert oldest(client, "audit_entry") == oldest(client, "claim") == oldest(client, "document") == 0


def test_an_appeal_waits_since_its_own_day_and_its_claim_no_more(counted: Tools, client: FlaskClient, clock: StandingClock) -> None:
    claim = claim_people.refused(counted, "dental")
    clock.advance(hours=24 * 30)
    assert oldest(client, "claim") == oldest(client, "appeal") == 0
    claims.appeal(counted, claim.person_id, claim.reference, "the receipt shows the clinic")
    clock.advance(hours=5)
    assert (oldest(client, "claim"), oldest(client, "appeal")) == (0, 5 * 3600)


def test_a_correction_waits_until_it_is_answered(counted: Tools, client: FlaskClient, clock: StandingClock) -> None:
    one = test_corrections.sent(counted)
    clock.advance(hours=3)
    assert oldest(client, "correction") == 3 * 3600
    corrections.withdraw(counted, one.person_id, one.reference)
    assert oldest(client, "correction") == 0


def test_whether_anything_is_taken_in_is_told(counted: Tools, client: FlaskClient, app: Flask) -> None:
    assert figure(told(client), "sitthi_read_only") == 0
    read_only.begin(counted, Why.MAINTENANCE, None)
    assert figure(told(client), "sitthi_read_only") == 1
    read_only.end(counted)
    hand_over(app, replace(counted, settings=replace(counted.settings, read_only=True)))
    assert figure(told(client), "sitthi_read_only") == 1


def test_at_night_no_reminder_is_late_and_in_the_morning_the_night_does_not_count(
    counted: Tools, client: FlaskClient, clock: StandingClock
) -> None:
    clock.set(clock.now().replace(hour=19, minute=59))
    person_id = counted.store.person_id_of(SOMCHAI)
    counted.store.plan_for_people(about_sign_in(Occasion.SIGN_IN_NEW, clock.now(), "x"), [person_id])
    assert figure(told(client), 'sitthi_reminders_total{outcome="planned"}') == 1
    clock.advance(minutes=6)
    assert oldest(client, "reminder") == 0
    clock.set(clock.now().replace(hour=8, minute=30) + timedelta(days=1))
    assert 0 < oldest(client, "reminder") <= 12.6 * 3600


def test_how_the_installation_stands(counted: Tools, client: FlaskClient, clock: StandingClock, tmp_path: Path) -> None:
    clock.set(clock.now() + timedelta(days=3))
    text = told(client)
    assert figure(text, "sitthi_backup_age_seconds") == float("inf")
    assert figure(text, "sitthi_register_age_seconds") == 3 * 86400
    assert 0 < figure(text, "sitthi_disk_free_ratio") < 1
    assert [figure(text, f'sitthi_ready{{part="{part}"}}') for part in ("store", "law", "clock")] == [1, 1, 1]
    assert re.search(r'^sitthi_info\{law_checked="20\d\d-\d\d-\d\d",version="\d+\.\d+\.\d+"\} 1\.0$', text, re.MULTILINE)


def test_a_backup_is_told_by_its_age(counted: Tools, client: FlaskClient, app: Flask, clock: StandingClock, tmp_path: Path) -> None:
    noted = type(counted.archives)((), tmp_path)
    noted.note({"made_at": (clock.now() - timedelta(hours=37)).isoformat(), "name": "x", "bytes": 1, "verified": True})
    hand_over(app, replace(counted, archives=noted))
    assert figure(told(client), "sitthi_backup_age_seconds") == 37 * 3600


def test_while_the_store_is_down_the_figures_say_so(counted: Tools, app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "no such folder" / "sitthi.db", counted.store.vault, meter=counted.meter)  # type: ignore[attr-defined]
    hand_over(app, replace(counted, store=store))
    client.get("/my-data", base_url=APP)
    text = told(client)
    assert figure(text, 'sitthi_ready{part="store"}') == 0
    assert re.search(r'^sitthi_oldest_waiting_seconds\{queue="claim"\} NaN$', text, re.MULTILINE)
    assert re.search(r"^sitthi_read_only NaN$", text, re.MULTILINE)
    assert figure(text, 'sitthi_store_errors_total{kind="unavailable"}') > 0


def test_a_day_of_work_leaves_nothing_of_anybody_in_the_figures(
    counted: Tools, client: FlaskClient, sign_in: SignIn, send_a_change: Any
) -> None:
    reference = send_a_change(client, SOMCHAI)
    client.get(f"/hospital-change/{reference}", base_url=APP)
    client.get("/hospitals?q=planted-words", base_url=APP)
    document_reading.Reader(counted).run()
    text = told(client)
    person_id = str(counted.store.person_id_of(SOMCHAI))
    for planted in (SOMCHAI, "สมชาย", reference, person_id, "planted-words", "TH13-001", "127.0.0.1"):
        assert planted not in text
