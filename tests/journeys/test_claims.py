"""A claim on a small phone, in Thai: from the check to the receipt, with and without JavaScript."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.claim_people import SOMCHAI, officer
from tests.journeys.conftest import Town, Visit, press_on, sign_in, tick
from webapp.actions import claim_desk

CHECKED = "/benefits/dental?on=2026-10-01&months_paid_in_15=15&treatment=basic&cost=1200&used_this_year=100"


def fits(page: Page) -> None:
    """Nothing sticks out at the side of a page 360 wide."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def test_from_the_check_to_the_receipt_and_on_to_the_decision(visit: Visit, town: Town, javascript: bool) -> None:
    page = visit(CHECKED, javascript=javascript)
    page.get_by_role("link", name="หรือขอที่นี่ ใช้ ThaiD").click()
    sign_in(page, SOMCHAI)
    expect(page.locator("h1")).to_have_text("ขอเงิน: ทันตกรรม")
    press_on(page)
    expect(page.locator("h1")).to_have_text("อยากรับเงินทางไหน")
    fits(page)
    tick(page, "way", "promptpay")
    press_on(page)
    expect(page.locator("h1")).to_have_text("เอกสารของคุณ")
    fits(page)
    press_on(page)
    expect(page.locator("h1")).to_have_text("ดูให้ครบ แล้วส่ง")
    expect(page.locator(".amount")).to_have_text("800 บาท")
    fits(page)
    page.locator("#declared").check(force=True)
    press_on(page)
    expect(page.locator("h1")).to_have_text("เราได้รับคำขอของคุณแล้ว")
    fits(page)
    found = re.search(r"/claims/(CL-[\w-]+)$", page.url)
    assert found, page.url
    claim = claim_desk.take(town.tools, officer(town.tools), found[1])
    assert claim is not None
    claim_desk.approve(town.tools, officer(town.tools), claim.reference, claim.version)
    page.get_by_role("link", name="ดูสถานะล่าสุด").click()
    expect(page.locator("h1")).to_have_text("อนุมัติคำขอของคุณแล้ว")
    expect(page.locator(".amount")).to_have_text("800 บาท")
