"""On paper and passed on: a result fits one sheet of A4, and the phone's own way of sharing is used where there is one."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.claim_people import ANSWERS, approved
from tests.journeys.conftest import Town, Visit, sign_in

pytestmark = pytest.mark.journey

SOMCHAI = "1000000000009"
LONGEST = {
    "sickness, long and not sure": ("sickness", {
        "on": "2026-09-09", "months_paid_in_15": "14", "employer_sick_leave_used": "not_sure", "wage": "18900.75", "days_off": "120",
        "chronic": "not_sure", "days_paid_this_year": "100"}),
    "sickness, all worked out": ("sickness", {
        "on": "2026-09-09", "months_paid_in_15": "14", "employer_sick_leave_used": "yes", "wage": "18900.75", "days_off": "120",
        "chronic": "yes", "days_paid_this_year": "100"}),
    "dental": ("dental", {
        "on": "2026-09-09", "months_paid_in_15": "not_sure", "treatment": "denture_full_both", "cost": "4399.50"}),
    "maternity of a mother": ("maternity", {
        "on": "2026-09-09", "parent": "mother", "months_paid_in_15": "14", "wage": "18900.75", "other_parent_claimed": "not_sure",
        "leave_allowances_before": "not_sure", "prenatal_cost": "1499.50"}),
    "maternity of a father": ("maternity", {
        "on": "2026-09-09", "parent": "father", "union": "not_sure", "months_paid_in_15": "14", "other_parent_claimed": "not_sure",
        "prenatal_cost": "1499.50"}),
    "invalidity": ("invalidity", {"on": "2026-09-09", "months_paid_in_15": "not_sure", "loss_percent": "49.75", "wage": "18900.75"}),
    "death": ("death", {"on": "2026-09-09", "months_paid_in_6": "6", "months_paid_total": "130", "wage": "18900.75"}),
    "old age, years ahead": ("old_age", {
        "age": "50", "still_insured": "not_sure", "months_paid_total": "170", "average_wage_60": "15000.55"}),
    "old age, a pension": ("old_age", {
        "age": "56", "still_insured": "no", "months_paid_total": "331", "average_wage_60": "99000"}),
    "old age, young": ("old_age", {
        "age": "30", "still_insured": "yes", "months_paid_total": "60", "average_wage_60": "15000"}),
    "old age, the heirs": ("old_age", {"months_pension_drawn": "3", "months_paid_total": "331", "average_wage_60": "15250"}),
    "child allowance": ("child_allowance", {"months_paid_in_36": "not_sure", "children": "0 1 3 5"}),
    "unemployment, laid off": ("unemployment", {
        "on": "2026-12-01", "cause": "laid_off", "dismissed_for_fault": "not_sure", "months_paid_in_15": "14", "wage": "18900.75",
        "days_paid_this_year": "10"}),
    "unemployment, resigned": ("unemployment", {
        "on": "2026-11-01", "cause": "resigned", "months_paid_in_15": "14", "wage": "18900.75", "days_paid_this_year": "not_sure"}),
}  # fmt: skip
LAID_OFF = f"/benefits/unemployment?{urlencode(LONGEST['unemployment, laid off'][1])}"


def sheets(page: Page) -> int:
    """How many pages Chromium's printer makes of it."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def smallest_letters(page: Page) -> float:
    """In points, as printed."""
    page.emulate_media(media="print")
    pixels = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('.one *')].filter((one) => one.textContent.trim())
            .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
    )
    return round(float(pixels) * 72 / 96, 2)


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_longest_result_of_every_benefit_fits_one_sheet(visit: Visit, lang: str) -> None:
    page = visit("/benefits", lang)
    counted = {}
    for name, (benefit, answers) in LONGEST.items():
        page.goto(f"/benefits/{benefit}?{urlencode(answers)}&print=1")
        assert page.locator("article .one").count() == 1, f"no result for {name}"
        counted[name] = sheets(page)
    assert set(counted.values()) == {1}, counted
    assert smallest_letters(page) >= 10


def test_it_fits_at_the_largest_letters_and_in_the_dark_too(visit: Visit) -> None:
    page = visit("/benefits", "en", color_scheme="dark")
    page.context.add_cookies([{"name": "sitthi-look", "value": "text_size=4", "url": page.url}])
    page.goto(f"{LAID_OFF}&print=1")
    assert sheets(page) == 1


def test_the_result_of_somebody_signed_in_fits_one_sheet(visit: Visit) -> None:
    page = visit("/sign-in", "th")
    sign_in(page, SOMCHAI)
    page.goto("/benefits/unemployment?on=2026-12-01&cause=laid_off&dismissed_for_fault=no&days_paid_this_year=0&print=1")
    assert page.locator("article .one").count() == 1
    assert sheets(page) == 1


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_letter_about_a_decision_fits_one_sheet(visit: Visit, town: Town, lang: str) -> None:
    """Each benefit's, with its working; that after a death has two workings beside each other."""
    letters = [approved(town.tools, kind).reference for kind in ANSWERS]
    page = visit("/sign-in", lang)
    sign_in(page, SOMCHAI)
    for reference in letters:
        page.goto(f"/claims/{reference}/letter/print")
        assert page.locator("article .letter").count() == 1
        assert sheets(page) == 1, reference
        assert smallest_letters(page) >= 10


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_rules_repeat_their_heads_and_cut_no_row(visit: Visit, lang: str) -> None:
    page = visit("/rules?print=1", lang)
    assert 4 <= sheets(page) <= 16
    page.emulate_media(media="print")
    head = page.locator(".rt thead").first
    assert head.evaluate("(one) => getComputedStyle(one).display") == "table-header-group"
    assert page.locator(".rt tbody tr").first.evaluate("(one) => getComputedStyle(one).breakInside") == "avoid"


OWN_SHEET = """
    window.shared = [];
    navigator.share = (what) => { window.shared.push(what); return Promise.resolve(); };
    navigator.canShare = () => true;
"""
NEITHER = """
    Object.defineProperty(navigator, 'share', {value: undefined});
    Object.defineProperty(navigator, 'clipboard', {value: undefined});
"""
COPIED = """
    window.copied = [];
    Object.defineProperty(navigator, 'share', {value: undefined});
    Object.defineProperty(navigator, 'clipboard', {value: {writeText: (text) => { window.copied.push(text); return Promise.resolve(); }}});
"""


def with_phone(visit: Visit, kind: str) -> Page:
    page = visit("/benefits", "en")
    page.add_init_script(kind)
    page.goto(LAID_OFF)
    return page


def test_the_phones_own_share_sheet_gets_title_and_address_and_no_figure(visit: Visit) -> None:
    page = with_phone(visit, OWN_SHEET)
    page.get_by_role("button", name="Share", exact=True).click()
    (what,) = page.evaluate("window.shared")
    assert set(what) == {"title", "url"}
    assert what["title"] == "Benefit check: Unemployment"
    assert what["url"].endswith(LAID_OFF)
    expect(page.get_by_role("button", name="Copy the address")).to_be_hidden()


def test_without_a_share_sheet_the_address_is_copied_and_said_aloud(visit: Visit) -> None:
    page = with_phone(visit, COPIED)
    page.get_by_role("button", name="Copy the address").click()
    expect(page.locator("#status")).to_have_text("The address is copied")
    (address,) = page.evaluate("window.copied")
    assert address.endswith(LAID_OFF)
    expect(page.get_by_role("button", name="Share", exact=True)).to_be_hidden()


def test_with_neither_the_field_with_the_address_stays(visit: Visit) -> None:
    page = with_phone(visit, NEITHER)
    expect(page.get_by_label("Address to copy")).to_have_value(re.compile(re.escape(LAID_OFF)))
    expect(page.get_by_role("button", name="Copy the address")).to_be_hidden()
    expect(page.get_by_role("button", name="Share", exact=True)).to_be_hidden()


def test_without_javascript_the_field_is_there(visit: Visit) -> None:
    page = visit(LAID_OFF, "en", javascript=False)
    expect(page.get_by_label("Address to copy")).to_have_value(re.compile(re.escape(LAID_OFF)))
