"""Signing in through ThaiD on the other loopback name, so that SameSite is real, and what happens when it goes wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Town, Visit, consent, sign_in

pytestmark = pytest.mark.journey

SOMCHAI, NOT_INSURED, LOW_IAL, BAD_NUMBER = "1000000000009", "1000000000041", "1000000000114", "1000000000008"
FAULTS = {
    "token_error_500": "provider_down",
    "token_block_page": "blocked_page",
    "invalid_code": "code_not_taken",
    "wrong_audience": "not_verified",
    "wrong_nonce": "not_verified",
    "changed_state": "unknown",
}


def a_page_with_a_next_step(page: Page) -> None:
    """Says what happened, offers a way on, and the hotline."""
    expect(page.locator("h1")).to_have_count(1)
    assert page.locator("main a[href^='/sign-in'], main a[href='/']").count() >= 1, "a next step"
    assert page.locator("a[href='tel:1506']").count() >= 1
    assert not [one for one in page.context.cookies() if one["name"].endswith("sitthi-session")], "nobody is signed in"


def test_a_worker_signs_in_and_out(town: Town, visit: Visit, javascript: bool) -> None:
    page = visit("/sign-in?next=/my-data", javascript=javascript)
    sign_in(page, SOMCHAI)
    page.wait_for_url("**/my-data")
    text = page.locator("main").inner_text()
    assert "สมชาย" in text
    assert SOMCHAI not in page.content(), "the whole number is never on a page"
    cookie = next(one for one in page.context.cookies() if one["name"] == "sitthi-session")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    page.locator("form[action='/sign-out'] button").first.click()
    page.wait_for_url("**/sign-out")
    page.goto("/my-data")
    assert "/sign-in" in page.url


def test_refusing_at_thaid_leads_back_with_a_next_step(visit: Visit, javascript: bool) -> None:
    page = visit("/sign-in", javascript=javascript)
    page.locator("a[href^='/sign-in/thaid']").first.click()
    consent(page, SOMCHAI, "refuse")
    page.wait_for_url("**/sign-in/**")
    a_page_with_a_next_step(page)


@pytest.mark.parametrize("pid", [NOT_INSURED, LOW_IAL, BAD_NUMBER], ids=["not insured", "ial too low", "number not valid"])
def test_somebody_who_cannot_enter_is_told_the_next_step(visit: Visit, pid: str) -> None:
    page = visit("/sign-in")
    sign_in(page, pid)
    page.wait_for_url("**/sign-in/**")
    a_page_with_a_next_step(page)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault} is {FAULTS[fault]}")
def test_a_fault_at_thaid_is_a_page_of_ours(town: Town, visit: Visit, fault: str) -> None:
    town.standin.switch(**{fault: True})
    page = visit("/sign-in")
    sign_in(page, SOMCHAI)
    page.wait_for_url("**/sign-in/**")
    a_page_with_a_next_step(page)


def test_a_slow_thaid_is_given_up_in_time(town: Town, visit: Visit) -> None:
    town.standin.switch(slow_token=8)
    page = visit("/sign-in")
    sign_in(page, SOMCHAI)
    page.wait_for_url("**/sign-in/**")
    a_page_with_a_next_step(page)


def test_a_return_in_another_browser_is_carried_over_by_six_digits(visit: Visit, javascript: bool) -> None:
    page = visit("/sign-in?next=/my-data", javascript=javascript)
    page.locator("a[href^='/sign-in/thaid']").first.click()
    page.locator("a.button").click()
    page.locator(f"button.person[value='{SOMCHAI}']").click()
    page.locator("summary").click()
    page.locator("input[name=elsewhere]").check(force=True)
    page.locator("button[name=answer][value=consent]").click()
    callback = page.locator("a#callback").get_attribute("href")
    assert callback
    stranger = visit("/")
    stranger.goto(callback)
    expect(stranger.locator("h1")).to_be_visible()
    digits = stranger.locator("#digits").inner_text()
    stranger.goto("/my-data")
    assert "/sign-in" in stranger.url, "the browser that came back is not signed in"
    page.goto("/sign-in?next=/my-data")
    page.locator("input#code").fill(digits)
    page.locator("input#code").press("Enter")
    page.wait_for_url("**/my-data")


def test_an_address_used_twice_is_explained(town: Town, visit: Visit) -> None:
    page = visit("/sign-in")
    returns: list[str] = []
    page.on("request", lambda request: returns.append(request.url) if "/callback?" in request.url else None)
    sign_in(page, SOMCHAI)
    page.wait_for_url("**/welcome")
    page.goto("/")
    page.locator("form[action='/sign-out'] button").first.click()
    page.wait_for_url("**/sign-out")
    page.goto(returns[0])
    a_page_with_a_next_step(page)


def test_closing_the_app_leaves_a_page_that_knows(town: Town, visit: Visit) -> None:
    page = visit("/sign-in")
    page.locator("a[href^='/sign-in/thaid']").first.click()
    page.locator("a.button").click()
    page.locator(f"button.person[value='{SOMCHAI}']").click()
    page.locator("button[name=answer][value=close]").click()
    page.goto("/sign-in")
    expect(page.locator("main")).to_contain_text("ThaiD")
    a_page_with_a_next_step(page)
    sign_in(page, SOMCHAI)
    page.wait_for_url("**/welcome")
