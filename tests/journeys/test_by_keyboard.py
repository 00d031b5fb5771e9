"""Everything by keyboard alone, and so by switch and by voice: sign-in, the checker, a hospital change and the reminders.

Each step is reached with Tab and pressed with Enter or Space; on the way every control that takes the focus must be seen to have it, by a
ring of two pixels that no sticky bar covers, and the focus must go down the page. What a screen reader would be given is asked of the
browser itself: its tree of names and roles.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Town, Visit, found, sign_in
from tests.journeys.reminded_phone import open_reminders, phone, service
from tests.push_service import Phone

pytestmark = pytest.mark.journey
SOMCHAI, SOMYING = "1000000000009", "1000000000017"
MOST_STEPS = 90
__all__ = ["phone", "service"]
LATER = """(ms) => {
    const now = Date.now;
    Date.now = () => now.call(Date) + ms;
    document.dispatchEvent(new Event("visibilitychange"));
}"""
FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const drawn = ["radio", "checkbox"].includes(one.type) && one.labels?.[0] || one;
    const style = getComputedStyle(drawn), at = drawn.getBoundingClientRect();
    const sticks = (bar) => getComputedStyle(bar).position === "sticky" && !bar.contains(one);
    const covering = [...document.querySelectorAll(".act,.nav")].filter(sticks).map((bar) => bar.getBoundingClientRect())
        .map((bar) => Math.min(at.bottom, bar.bottom) - Math.max(at.top, bar.top));
    return { html: one.outerHTML.slice(0, 120), ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
        covered: Math.max(0, ...covering), top: at.top + scrollY, left: at.left, seen: at.bottom > 0 && at.top < innerHeight,
        order: !one.closest(".act,.nav,.hd,.txt,.skip") };
}"""


def tab_to(page: Page, selector: str) -> None:
    """On with Tab until the focus is on it; each stop on the way must be seen, uncovered, and below or beside the one before."""
    before = None
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None:
            before = None
            continue
        assert at["ring"] >= 2, f"no ring: {at['html']}"
        assert at["covered"] <= 1, f"covered by {at['covered']} px: {at['html']}"
        assert at["seen"], f"out of the window: {at['html']}"
        if at["order"]:
            assert before is None or at["top"] > before["top"] - 60, f"{at['html']} comes after {before['html']}"
            before = at
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"the keyboard never reaches {selector}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def focus_is_on(page: Page, selector: str) -> None:
    expect(page.locator(f"{selector}:focus")).to_have_count(1)


def sign_in_by_keyboard(page: Page, pid: str) -> None:
    press(page, "a[href^='/sign-in/thaid']")
    for selector in ("a.button", f"button.person[value='{pid}']", "button[name=answer][value=consent]"):
        page.locator(selector).first.focus()
        page.keyboard.press("Enter")


@pytest.mark.parametrize("lang", ["th", "en"])
def test_signing_in_and_out_by_keyboard(visit: Visit, lang: str) -> None:
    page = visit("/my-data", lang)
    sign_in_by_keyboard(page, SOMCHAI)
    page.wait_for_url("**/my-data")
    press(page, "form[action='/sign-out'] button")
    page.wait_for_url("**/sign-out")


def test_the_first_tab_leads_past_the_head_of_the_page(visit: Visit) -> None:
    page = visit("/benefits")
    page.keyboard.press("Tab")
    focus_is_on(page, "a.skip")
    expect(page.locator("a.skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_hospital_change_by_keyboard_to_its_receipt(visit: Visit) -> None:
    page = visit("/hospital-change")
    press(page, "a[href='/hospital-change/new']")
    focus_is_on(page, "h1")
    press(page, ".act button")
    focus_is_on(page, "#errors")
    expect(page.locator("#errors")).to_have_attribute("role", "alert")
    press(page, "#errors a")
    focus_is_on(page, "input[name=cause]")
    page.keyboard.press("Space")
    press(page, "input[name=in_patient]", "Space")
    page.keyboard.press("ArrowDown")
    if not page.locator("input[name=in_patient][value=no]").is_checked():
        page.keyboard.press("ArrowDown")
    press(page, ".act button")
    page.wait_for_url("**/new/hospitals*")
    tab_to(page, "input#q")
    page.keyboard.type("ปทุมธานี")
    page.keyboard.press("Enter")
    found(page, "ปทุมธานี")
    focus_is_on(page, "input#q")
    tab_to(page, "button[name=choose]")
    pressed = page.evaluate("document.activeElement.id")
    page.keyboard.press("Enter")
    expect(page.locator("button[name=drop]")).to_have_count(1)
    assert page.evaluate("document.activeElement.id") == pressed, "a choice leaves the focus where it is"
    press(page, ".act button")
    page.wait_for_url("**/new/order")
    press(page, ".act a")
    page.wait_for_url(re.compile("/sign-in"))
    sign_in_by_keyboard(page, SOMCHAI)
    page.wait_for_url("**/hospital-change/new/check")
    press(page, "input[name=declared]", "Space")
    press(page, ".act button")
    page.wait_for_url(re.compile("/hospital-change/HC-"))


def test_what_was_found_is_said_once_and_leaves_the_focus_alone(visit: Visit) -> None:
    page = visit("/hospitals", "en")
    page.evaluate(
        """() => {
            const status = document.getElementById("status");
            window.said = [];
            const listen = new MutationObserver(() => { if (status.textContent.trim()) window.said.push(status.textContent.trim()); });
            listen.observe(status, { childList: true, characterData: true, subtree: true });
        }"""
    )
    page.locator("input#q").focus()
    page.keyboard.type("Pathum", delay=20)
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_contain_text("Pathum")
    expect(page.locator("#status")).not_to_be_empty()
    focus_is_on(page, "input#q")
    said = page.evaluate("window.said")
    assert len(said) == len(set(said)), f"said more than once: {said}"


@pytest.mark.parametrize("lang", ["th", "en"])
def test_reminders_by_keyboard_from_the_question_to_the_inbox_and_the_calendar(town: Town, visit: Visit, phone: Phone, lang: str) -> None:
    page = open_reminders(visit, phone, lang)
    page.goto("/sign-in?next=/reminders")
    sign_in_by_keyboard(page, SOMCHAI)
    page.wait_for_url("**/reminders")
    press(page, "button[data-do=subscribe]")
    page.wait_for_url("**/reminders?told=on")
    expect(page.locator("#phone [data-do=forget]")).to_be_visible()
    for kind in page.locator("form.tg button").evaluate_all("(all) => all.map((one) => one.id)"):
        switch_by_keyboard(page, f"button#{kind}")
    person_id = town.tools.store.person_id_of(SOMCHAI)
    press(page, "form[action='/reminders/test'] button")
    page.wait_for_url("**told=test**")
    press(page, "a[href='/my-data/calendar']")
    page.wait_for_url("**/my-data/calendar")
    press(page, "form[action='/my-data/calendar'] button")
    expect(page.locator("input#feed")).to_be_visible()
    tab_to(page, "input#feed")
    assert page.locator("input#feed").input_value().startswith("http")
    page.goto("/my-data")
    press(page, "a[href='/my-data/messages']")
    page.wait_for_url("**/my-data/messages")
    press(page, "main a[href='/reminders']")
    page.wait_for_url("**/reminders")
    press(page, "form[action='/reminders/forget'] button")
    page.wait_for_url("**told=forgotten**")
    assert not town.tools.store.subscriptions_of([person_id])


def switch_by_keyboard(page: Page, switch: str) -> None:
    """A switch per kind says itself whether it is on; the focus stays on it, and a second press puts it back."""
    was = page.locator(switch).inner_text()
    press(page, switch, "Space")
    expect(page.locator(switch)).not_to_have_text(was)
    focus_is_on(page, switch)
    assert page.locator(switch).get_attribute("aria-pressed") is None, "the label tells; one of both is enough"
    page.keyboard.press("Space")
    expect(page.locator(switch)).to_have_text(was)


def test_settings_by_keyboard(visit: Visit) -> None:
    page = visit("/settings", "en")
    before = page.locator("button#less_data").inner_text()
    press(page, "button#less_data")
    expect(page.locator("button#less_data")).not_to_have_text(before)
    assert page.locator("button#less_data").get_attribute("aria-pressed") is None, "the label tells; one of both is enough"
    page = visit("/reminders", "en")
    tab_to(page, "main a[href$='.ics'], main a[href^='webcal']")


def test_a_session_that_ends_is_told_and_one_key_makes_it_longer(town: Town, visit: Visit) -> None:
    page = visit("/sign-in?next=/my-data", "en")
    sign_in(page, SOMYING)
    page.wait_for_url("**/my-data")
    page.goto("/my-data/wrong")
    expect(page.locator("#session")).to_be_hidden()
    town.clock.advance(seconds=13 * 60 + 30)
    page.evaluate(LATER, (13 * 60 + 30) * 1000)
    expect(page.locator("#session")).to_be_visible()
    expect(page.locator("#status")).to_contain_text("You will be signed out in 2 min")
    press(page, "#session button")
    expect(page.locator("#session")).to_be_hidden()
    expect(page.locator("#status")).to_contain_text("You stay signed in")


# What a screen reader is given


def names(page: Page, role: str) -> list[str]:
    """The accessible names of everything with this role, as the browser works them out."""
    found = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return [one["name"]["value"] for one in found if one.get("role", {}).get("value") == role and not one["ignored"]]


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_sentence_with_phrase_marks_stays_one_sentence_with_its_spaces(visit: Visit, lang: str) -> None:
    page = visit("/hospital-change/new", lang)
    for path in ("/hospital-change", "/sign-in", "/guide", "/emergency"):
        page.goto(path)
        written = [" ".join(text.split()) for text in page.locator("h1,h2,h3").all_text_contents()]
        assert set(names(page, "heading")) <= set(written), path
        assert not [text for text in written if "|" in text]
        shown_as = page.evaluate("() => [...document.querySelectorAll('main .n')].map((one) => getComputedStyle(one).display)")
        assert set(shown_as) <= {"inline"}, "an inline block is a sentence of its own to a screen reader"


@pytest.mark.parametrize(("lang", "word"), [("th", "เลือก"), ("en", "Choose")])
def test_each_button_that_chooses_names_its_hospital(visit: Visit, lang: str, word: str) -> None:
    page = visit("/hospital-change/new", lang)
    for name, value in (("cause", "annual"), ("in_patient", "no")):
        page.locator(f"input[name={name}][value={value}]").check(force=True)
    page.locator(".act button").click()
    page.goto("/hospital-change/new/hospitals?q=&province=TH-13")
    choosing = [name for name in names(page, "button") if name.startswith(word)]
    assert len(choosing) >= 2
    assert len(set(choosing)) == len(choosing), "two buttons of the same name"
    hospitals = page.locator(".hosp h2, .hosp h3").all_text_contents()
    assert all(any(" ".join(one.split()) in name for one in hospitals) for name in choosing), (choosing, hospitals)
