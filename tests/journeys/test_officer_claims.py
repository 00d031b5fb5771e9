"""An officer's morning by keyboard alone: take the next claim, look, approve, and the one after it with one Enter."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.claim_people import OFFICER, SOMCHAI, SOMYING, sent
from tests.journeys.conftest import Town, Visit, sign_in
from tests.journeys.test_by_keyboard import focus_is_on, press, tab_to
from webapp.domain.claim import Status

pytestmark = pytest.mark.journey
NEXT = "form[action='/officer/claims/next'] button"


@pytest.mark.parametrize("javascript", [True, False])
def test_two_claims_are_decided_by_keyboard_alone(town: Town, visit: Visit, javascript: bool) -> None:
    first, second = sent(town.tools, "dental", SOMCHAI, on="2026-09-01"), sent(town.tools, "sickness", SOMYING)
    page = visit("/officer/claims", "en", javascript=javascript, viewport={"width": 1280, "height": 800})
    sign_in(page, OFFICER)
    page.wait_for_url("**/officer/claims")
    press(page, NEXT)
    page.wait_for_url(re.compile(first.reference))
    press(page, "a[href='#approve']")
    tab_to(page, "textarea#approve_words")
    page.keyboard.type("Receipt seen.")
    press(page, "form[action$='/approve'] button")
    expect(page.locator(".nt.ok")).to_contain_text("Approved")
    focus_is_on(page, f"{NEXT}.pb")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(second.reference))
    press(page, "a[href='#approve']")
    press(page, "form[action$='/approve'] button")
    expect(page.locator(".nt.ok")).to_contain_text("Approved")
    assert [town.tools.store.claim(one.reference).status for one in (first, second)] == [Status.APPROVED, Status.APPROVED]
