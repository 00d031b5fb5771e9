"""A whole check on a phone, in Thai, by keyboard alone and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit, sign_in

pytestmark = pytest.mark.journey

SOMCHAI = "1000000000009"
RETIRING = "/benefits/old_age?age=52&still_insured=yes&months_paid_total=148&average_wage_60=30000"
COMPARING = (
    "/benefits/old_age/compare?on=2026-12-09&age=56&cause=laid_off&dismissed_for_fault=no&months_paid_in_15=14&wage=16000"
    "&days_paid_this_year=0&months_paid_total=150&average_wage_60=15000"
)
UNEMPLOYED = (
    "/benefits/unemployment?on=2026-12-09&cause=laid_off&dismissed_for_fault=no&months_paid_in_15=14&wage=16000&days_paid_this_year=0"
)


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"the keyboard never reaches {selector}")


def press_on(page: Page) -> None:
    tab_to(page, ".act button")
    page.keyboard.press("Enter")


def test_a_worker_without_work_checks_by_keyboard_alone_and_without_javascript(visit: Visit) -> None:
    page = visit("/benefits", javascript=False)
    tab_to(page, "a[href*='because=lost_job']")
    page.keyboard.press("Enter")
    tab_to(page, "a[href='/benefits/unemployment']")
    page.keyboard.press("Enter")
    tab_to(page, "#on_day")
    for part in ("9", "ธ.ค.", "2569"):
        page.keyboard.type(part)
        page.keyboard.press("Tab")
    press_on(page)
    expect(page.locator("h1")).to_have_text("คุณออกจากงาน เพราะอะไร")
    tab_to(page, "input[name=cause]")
    page.keyboard.press("Space")
    press_on(page)
    tab_to(page, "input[name=dismissed_for_fault]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    press_on(page)
    for name, typed in (("months_paid_in_15", "๑๔"), ("wage", "16,000"), ("days_paid_this_year", "0")):
        tab_to(page, f"input[name={name}]")
        page.keyboard.type(typed)
        press_on(page)
    expect(page.locator("h1")).to_contain_text("ขอเงินกรณีว่างงานได้")
    text = " ".join(page.locator("main").inner_text().split())
    for said in ("9,600", "57,600", "7 มกราคม 2570", "16 ธันวาคม 2569", "วันโดยประมาณ", "สปส. จะเป็นผู้พิจารณา"):
        assert said in text, said
    tab_to(page, "a[href*='change=wage']")
    page.keyboard.press("Enter")
    assert page.locator("#wage").input_value() == "16,000"
    page.go_back()
    expect(page.locator("h1")).to_contain_text("ขอเงินกรณีว่างงานได้")


@pytest.mark.parametrize("path", [UNEMPLOYED, RETIRING, COMPARING])
def test_a_result_needs_no_sideways_scrolling_with_the_largest_letters(visit: Visit, path: str) -> None:
    page = visit(path, viewport={"width": 320, "height": 740})
    page.context.add_cookies([{"name": "sitthi-look", "value": "text_size=4", "url": page.url}])
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    nothing_is_wrong_with_tables(page)


def nothing_is_wrong_with_tables(page: Page) -> None:
    """Shown as blocks they still are tables to whoever does not see them."""
    for table in page.locator("table.dt").all():
        if table.is_visible():
            assert table.get_by_role("columnheader").count() >= 3
            assert table.get_by_role("rowheader").count() >= 2


def test_somebody_signed_in_is_told_from_the_record_without_an_answer_in_the_address(visit: Visit) -> None:
    page = visit("/sign-in?next=/benefits/old_age")
    sign_in(page, SOMCHAI)
    page.wait_for_url(re.compile("/benefits/old_age$"))
    expect(page.locator("main")).to_contain_text("จาก ThaiD")
    expect(page.locator("main")).to_contain_text("หยุดทำงานได้เมื่อไร")
