"""The first page: what anybody finds there, and the one next thing for somebody signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from tests.front_door import APP, SignIn
from tests.pages import Page
from tests.standing_clock import StandingClock
from webapp.actions import hospital_change as change
from webapp.app import create_app
from webapp.domain.dates import BANGKOK
from webapp.domain.hospital_change import Cause, approve
from webapp.ports import Tools

SOMCHAI, LEAVES, OFFICER, ALSO_OFFICER = "1000000000009", "1000000000106", "1000000000076", "1000000000084"
Look = Callable[..., Page]


def sent(tools: Tools, pid: str = SOMCHAI) -> change.HospitalChange:
    """A request for another hospital, sent now."""
    person_id = tools.store.person_id_of(pid)
    draft = change.Draft(Cause.ANNUAL, not_an_in_patient=True, choices=("TH13-002",))
    change.keep_draft(tools, change.person_owner(person_id), draft)
    allowed = change.look_over(tools, tools.store.person(person_id), draft)
    case = change.submit(tools, person_id, "key", change.shown(allowed, draft))
    assert isinstance(case, change.HospitalChange)
    return case


def test_without_signing_in_the_page_leads_on(client: FlaskClient, look: Look) -> None:
    page = look(client, "/", "en")
    assert page.links["Sign in with ThaiD"] == "/sign-in"
    assert {"/hospital-change", "/hospitals", "/emergency", "/reminders", "/settings", "/help"} <= set(page.links.values())


def test_no_link_on_it_leads_nowhere(client: FlaskClient, look: Look) -> None:
    for address in {one.partition("#")[0] for one in look(client, "/").links.values() if one.startswith("/")}:
        assert client.get(address, base_url=APP).status_code in (200, 303), address


def test_in_the_window_it_says_when_a_request_of_today_would_start(client: FlaskClient, look: Look, clock: StandingClock) -> None:
    clock.set(datetime(2026, 12, 20, 10, 0, tzinfo=BANGKOK))
    assert "If approved in time, it starts on 1 January 2027" in look(client, "/", "en").text
    assert "ถ้าอนุมัติทัน เริ่มใช้ 1 มกราคม 2570" in look(client, "/", "th").text


def test_outside_the_window_it_says_only_with_a_cause(client: FlaskClient, look: Look, clock: StandingClock) -> None:
    clock.set(datetime(2026, 11, 22, 10, 0, tzinfo=BANGKOK))
    page = look(client, "/", "th")
    assert "ตอนนี้เปลี่ยนได้เฉพาะผู้มีเหตุ" in page.text
    assert "16 ธันวาคม 2569" in page.text


def test_a_demonstration_says_so_and_names_the_real_ways(client: FlaskClient, look: Look) -> None:
    text = look(client, "/", "th").text
    assert "ต้นแบบ เรื่องนี้ไม่ถูกส่งถึงสำนักงานประกันสังคม" in text
    assert "1506" in text


def test_an_installation_with_an_operator_is_no_demonstration(tools: Tools, look: Look) -> None:
    operated = replace(tools, settings=replace(tools.settings, operator="สำนักงานทดสอบ"))
    page = look(create_app(operated.settings, operated).test_client(), "/", "th")
    assert "ต้นแบบ" not in page.text
    assert "สำนักงานทดสอบ" in page.text


def test_somebody_signed_in_is_greeted_and_sees_hospital_and_months(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    page = look(client, "/", "th")
    assert page.h1 == ["สวัสดี คุณสมชาย"]
    assert "ตัวอย่าง" not in page.h1[0]
    assert "โรงพยาบาลแพทย์รังสิต" in page.text
    assert "ส่งเงินสมทบ 15 เดือน จาก 15 เดือนล่าสุด" in page.text
    assert "ข้อมูลของ สปส. ณ 20 ธ.ค. 2569" in page.text
    assert page.form("/sign-out")


def test_a_personal_page_is_kept_nowhere(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    assert client.get("/", base_url=APP).headers["Cache-Control"] == "no-store"


def test_a_draft_comes_first_with_its_last_moment(client: FlaskClient, look: Look, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    change.keep_draft(tools, change.person_owner(tools.store.person_id_of(SOMCHAI)), change.Draft(Cause.ANNUAL))
    page = look(client, "/", "en")
    assert page.links["Carry on where you stopped"] == "/hospital-change/new"
    assert "Send by Wednesday 30 December 2026, before 16:30" in page.text


def test_a_request_under_way_comes_first_and_its_day_is_conditional(client: FlaskClient, look: Look, sign_in: SignIn, tools: Tools) -> None:
    case = sent(tools)
    sign_in(client, SOMCHAI)
    page = look(client, "/", "en")
    assert page.links["See your request"] == f"/hospital-change/{case.reference}"
    assert "If approved in time, your new hospital starts on Friday 1 January 2027" in page.text
    assert "keep going to your old hospital" in page.text


def test_undecided_on_the_day_it_is_still_the_old_hospital(
    client: FlaskClient, look: Look, sign_in: SignIn, tools: Tools, clock: StandingClock
) -> None:
    sent(tools)
    clock.set(datetime(2027, 1, 1, 8, 0, tzinfo=BANGKOK))
    sign_in(client, SOMCHAI)
    assert "ยังใช้โรงพยาบาลเดิม จนกว่าจะแจ้งผล" in look(client, "/", "th").text


def test_an_approved_request_names_hospital_and_day(client: FlaskClient, look: Look, sign_in: SignIn, tools: Tools) -> None:
    case = sent(tools)
    officer = tools.store.officer_of(OFFICER)
    after, steps = approve(case, 1, tools.clock.now(), officer.id, change.rules_now(tools))
    tools.store.update_hospital_change(case, after, steps)
    sign_in(client, SOMCHAI)
    assert "From Friday 1 January 2027 your hospital is Pathum Thani Hospital." in look(client, "/", "en").text


def test_somebody_whose_hospital_leaves_is_told_by_when_to_choose(client: FlaskClient, look: Look, sign_in: SignIn) -> None:
    sign_in(client, LEAVES)
    page = look(client, "/", "en")
    assert "Your hospital is leaving the scheme" in page.text
    assert page.links["Choose a new hospital"] == "/hospital-change"


@pytest.mark.parametrize(("pid", "insured"), [(OFFICER, False), (ALSO_OFFICER, True)])
def test_an_officer_finds_the_way_to_the_desk(client: FlaskClient, look: Look, sign_in: SignIn, pid: str, insured: bool) -> None:
    sign_in(client, pid)
    page = look(client, "/", "en")
    assert any(address == "/officer" for address in page.links.values())
    assert page.form("/sign-out")
    assert page.h1[0].startswith("Hello") is insured


def test_without_a_session_nobody_sees_an_officers_way(client: FlaskClient, look: Look) -> None:
    assert "/officer" not in look(client, "/").links.values()
