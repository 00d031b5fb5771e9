"""Passkeys in a real browser with a virtual authenticator, on `localhost`: made after ThaiD or with a code from the counter, and used."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Town, Visit, sign_in
from webapp.actions import counter_codes
from webapp.domain.counter_code import Why, grouped
from webapp.domain.person import NumberKind

pytestmark = pytest.mark.journey

SOMCHAI, OFFICER = "1000000000009", "1000000000076"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


def at_localhost(town: Town) -> str:
    return f"http://localhost:{urlsplit(town.url).port}"


def with_authenticator(page: Page) -> Page:
    """This phone can check its holder."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def come_in_by_passkey(page: Page, site: str) -> None:
    page.goto(f"{site}/sign-in/passkey?next=/my-data")
    page.locator("#make").click()
    page.wait_for_url("**/my-data")


def test_a_passkey_made_after_thaid_brings_somebody_back_and_asks_for_thaid_where_it_must(town: Town, visit: Visit) -> None:
    site, page = at_localhost(town), with_authenticator(visit())
    page.goto(f"{site}/sign-in?next=/my-data/passkeys")
    sign_in(page, SOMCHAI)
    page.wait_for_url("**/my-data/passkeys")
    page.locator("#make").click()
    page.wait_for_url("**/my-data/devices#passkeys")
    expect(page.locator("form[action='/my-data/passkeys/remove']")).to_have_count(1)
    page.goto(f"{site}/my-data")
    page.locator("form[action='/sign-out'] button").first.click()
    page.wait_for_url("**/sign-out")
    come_in_by_passkey(page, site)
    expect(page.locator("main")).to_contain_text("สมชาย")
    page.goto(f"{site}/my-data/passkeys")
    assert page.locator("#make").count() == 0, "a passkey makes no other"
    expect(page.locator("a[href^='/sign-in/again']")).to_be_visible()
    page.goto(f"{site}/my-data/devices")
    page.locator("form[action='/my-data/passkeys/remove'] button").click()
    expect(page.locator("form[action='/my-data/passkeys/remove']")).to_have_count(0)
    page.locator("form[action='/sign-out'] button").first.click()
    page.wait_for_url("**/sign-out")
    page.goto(f"{site}/sign-in/passkey")
    page.locator("#make").click()
    expect(page.locator(".es")).to_be_visible()
    assert not [one for one in page.context.cookies() if one["name"] == "sitthi-session"], "a removed passkey opens nothing"


def test_the_square_from_the_counter_sets_a_passkey_on_a_phone_that_has_no_thaid(town: Town, visit: Visit) -> None:
    officer = town.tools.store.officer_of(OFFICER)
    counter_codes.look_up(town.tools, officer, SOMCHAI, NumberKind.CITIZEN)
    counter_codes.issue(town.tools, officer, Why.NO_SMARTPHONE, counter_codes.at_the_counter(town.tools, officer).shown)
    handed = counter_codes.to_hand_over(town.tools, officer)
    assert handed is not None
    site, page = at_localhost(town), with_authenticator(visit())
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/sign-in/counter#{grouped(handed.code)}")
    expect(page.locator("#code")).to_have_value(grouped(handed.code))
    assert page.url == f"{site}/sign-in/counter", "taken out of the address"
    page.locator(".act button").last.click()
    page.wait_for_url("**/sign-in/counter/set**")
    page.locator("#make").click()
    page.wait_for_url("**/my-data")
    expect(page.locator("main")).to_contain_text("เคาน์เตอร์")
    assert not [url for url in asked if handed.code[5:] in re.sub("#.*", "", url)], "no server saw the code in an address"
    page.locator("form[action='/sign-out'] button").first.click()
    page.wait_for_url("**/sign-out")
    come_in_by_passkey(page, site)


def test_on_an_address_of_digits_and_without_javascript_the_page_says_what_to_do(town: Town, visit: Visit) -> None:
    page = visit("/sign-in/passkey")
    expect(page.locator(f"a[href^='{at_localhost(town)}/sign-in/passkey']")).to_be_visible()
    plain = visit("/", javascript=False)
    plain.goto(f"{at_localhost(town)}/sign-in/passkey")
    expect(plain.locator("#needs-script")).to_be_visible()
    assert plain.locator("#make").is_hidden()


def test_a_phone_that_stops_leaves_the_page_with_another_try(town: Town, visit: Visit) -> None:
    page = visit()
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": {**AUTHENTICATOR, "isUserVerified": False}})
    page.goto(f"{at_localhost(town)}/sign-in/passkey")
    page.locator("#make").click()
    expect(page.locator("[data-stopped]")).to_be_visible()
