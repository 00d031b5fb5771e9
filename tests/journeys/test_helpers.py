"""A daughter helps her father, in a real browser, in Thai: the code, the band on every page, what is sent, and his end of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Town, Visit, sign_in

pytestmark = pytest.mark.journey

SOMCHAI, SOMYING = "1000000000009", "1000000000017"


def offer(page: Page) -> str:
    """All rights for a month; returns the code from the page."""
    page.goto("/sign-in?next=/my-data/helpers")
    sign_in(page, SOMCHAI)
    page.wait_for_url("**/my-data/helpers")
    page.locator("a[href='/my-data/helpers/new']").click()
    for right in ("change_hospital", "say_what_is_wrong"):
        page.locator(f"input[value='{right}'] + label").click()
    page.locator("input[value='one_month'] + label").click()
    page.locator("button[form=offer]").click()
    page.wait_for_url("**/my-data/helpers/*")
    return page.locator("#the-code").inner_text()


def test_a_daughter_helps_her_father_until_he_ends_it(town: Town, visit: Visit) -> None:
    his = visit()
    code = offer(his)
    hers = visit("/sign-in?next=/helpers")
    sign_in(hers, SOMYING)
    hers.wait_for_url("**/helpers")
    hers.locator("a[href='/helpers/code']").click()
    hers.locator("#code").fill(code)
    hers.locator("button[form=code-form]").click()
    hers.locator("button[form=accept]").click()
    hers.locator("form[action$='/begin'] button").click()
    band = hers.locator(".actfor")
    expect(band).to_contain_text("สมชาย")
    hers.goto("/my-data/wrong?about=provinces")
    hers.locator("label[for='about-5'], input[name=about][value=provinces] + label").first.click()
    hers.locator("#should_be").fill("นนทบุรี")
    hers.locator("input[value='none_yet'] + label").click()
    hers.mouse.wheel(0, 4000)
    expect(band).to_be_in_viewport()
    hers.locator("button[form=tell]").click()
    hers.wait_for_url("**/my-data/wrong/RC-*")
    expect(hers.locator("main")).to_contain_text("สมหญิง")
    expect(hers.locator("#keep-receipt, #waits, [data-author][data-receipt]")).to_have_count(0)

    his.goto("/my-data/helpers")
    his.locator("form[action$='/end'] button").first.click()
    expect(his.locator("form[action$='/end']")).to_have_count(0)
    hers.goto("/my-data/months")
    expect(hers.locator("h1")).to_have_text("สิ้นสุดแล้ว")
    hers.locator("main form[action='/helpers/stop'] button").click()
    hers.wait_for_url("**/helpers")
    expect(hers.locator(".actfor")).to_have_count(0)
