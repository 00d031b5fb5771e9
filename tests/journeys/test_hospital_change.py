"""From ThaiD to a hospital change and to the day it takes effect, in a real browser, with JavaScript and without."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Town, Visit, choose_hospitals, found, press_on, sign_in, tick
from webapp.actions.taking_effect import take_effect_due
from webapp.domain.dates import BANGKOK

pytestmark = pytest.mark.journey

SOMCHAI, FIRST_OFFICER, SECOND_OFFICER = "1000000000009", "1000000000076", "1000000000084"
REFERENCE = re.compile(r"/hospital-change/(HC-[0-9A-Z-]+)$")


def send_from_review(page: Page) -> str:
    """Tick the declaration and send; returns the reference of the receipt."""
    page.wait_for_url("**/hospital-change/new/check")
    tick(page, "declared", "1")
    press_on(page)
    page.wait_for_url(REFERENCE)
    receipt = REFERENCE.search(page.url)
    assert receipt
    return receipt[1]


def test_a_worker_chooses_signs_in_sends_is_approved_and_changes_on_the_day(town: Town, visit: Visit, javascript: bool) -> None:
    page = visit(javascript=javascript)
    choose_hospitals(page, "ปทุมธานี", "ธรรมศาสตร์")
    press_on(page)
    page.wait_for_url(re.compile("/sign-in.next=/hospital-change/new/check"))
    sign_in(page, SOMCHAI)
    page.wait_for_url("**/hospital-change/new/check")
    review = page.locator("main").inner_text()
    assert "1 มกราคม 2570" in " ".join(review.split()), "the exact effective date stands before sending"
    assert "สมชาย" in review
    assert "0009" in review
    reference = send_from_review(page)
    assert "เราได้รับคำขอของคุณแล้ว" in page.locator("h1").inner_text()

    desk = visit("/officer", javascript=javascript, viewport={"width": 1280, "height": 800}, user_agent="Mozilla/5.0 Desktop")
    desk.locator("a[href^='/sign-in/thaid']").first.click()
    desk.locator("a[href*='here=1']").first.click()
    desk.locator(f"button.person[value='{FIRST_OFFICER}']").click()
    desk.locator("button[name=answer][value=consent]").click()
    desk.goto(f"/officer/hospital-change/{reference}")
    desk.locator("form[action$='/open'] button[value=deciding]").click()
    desk.locator("form[action$='/take'] button").click()
    desk.locator("input[name=rank][value='1']").check(force=True)
    desk.locator("form[action$='/approve'] button").first.click()
    expect(desk.locator("body")).to_contain_text("อนุมัติ")

    page.goto(f"/hospital-change/{reference}")
    expect(page.locator("main")).to_contain_text("อนุมัติ")
    assert page.request.get(f"/hospital-change/{reference}/calendar.ics").status == 200
    town.clock.set(datetime(2027, 1, 1, 0, 5, tzinfo=BANGKOK))
    assert take_effect_due(town.tools) == 1
    page.reload()
    expect(page.locator("main")).to_contain_text("มีผลแล้ว")


def test_the_cut_off_passes_between_review_and_sending_and_the_new_date_is_asked_again(town: Town, visit: Visit, javascript: bool) -> None:
    town.clock.set(datetime(2027, 1, 15, 16, 29, tzinfo=BANGKOK))
    page = visit(javascript=javascript)
    choose_hospitals(page, "ปทุมธานี")
    press_on(page)
    sign_in(page, SOMCHAI)
    page.wait_for_url("**/hospital-change/new/check")
    expect(page.locator("main")).to_contain_text("16 มกราคม")
    town.clock.set(datetime(2027, 1, 15, 16, 30, tzinfo=BANGKOK))
    tick(page, "declared", "1")
    press_on(page)
    expect(page.locator("main")).to_contain_text("1 กุมภาพันธ์")
    assert page.url.endswith("/hospital-change/new/check"), "nothing was sent"
    send_from_review(page)
    expect(page.locator("main")).to_contain_text("1 กุมภาพันธ์")


def test_the_switch_of_language_keeps_step_and_answers(visit: Visit, javascript: bool) -> None:
    page = visit(javascript=javascript)
    choose_hospitals(page, "ปทุมธานี")
    assert page.url.endswith("/hospital-change/new/order")
    chosen = page.locator("main ol li").first.inner_text()
    page.locator("form[action='/language'] button").first.click()
    assert page.url.endswith("/hospital-change/new/order")
    expect(page.locator("h1")).to_have_text("Which hospital first?")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("main ol li").count() == 1
    page.locator("form[action='/language'] button").first.click()
    assert page.locator("main ol li").first.inner_text() == chosen


def test_everything_can_be_done_by_keyboard_alone(town: Town, visit: Visit) -> None:
    page = visit("/hospital-change/new")

    def tab_to(selector: str) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
        raise AssertionError(f"the keyboard never reaches {selector}")

    tab_to("input[name=cause]")
    page.keyboard.press("Space")
    tab_to("input[name=in_patient]")
    page.keyboard.press("Space")
    tab_to(".act button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/new/hospitals*")
    tab_to("input#q")
    page.keyboard.type("ปทุมธานี")
    page.keyboard.press("Enter")
    found(page, "ปทุมธานี")
    tab_to("button[name=choose]")
    page.keyboard.press("Enter")
    page.locator("button[name=drop]").first.wait_for()
    tab_to(".act button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/new/order")
    tab_to(".act a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/sign-in"))
    tab_to("a[href^='/sign-in/thaid']")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", "focus can be seen"


def test_a_double_tap_sends_one_request(town: Town, visit: Visit) -> None:
    page = visit()
    choose_hospitals(page, "ปทุมธานี")
    press_on(page)
    sign_in(page, SOMCHAI)
    page.wait_for_url("**/hospital-change/new/check")
    tick(page, "declared", "1")
    page.evaluate("() => { const form = document.getElementById('send'); form.requestSubmit(); form.requestSubmit(); }")
    page.wait_for_url(REFERENCE)
    person_id = town.tools.store.person_id_of(SOMCHAI)
    assert len(town.tools.store.hospital_changes_of(person_id)) == 1
