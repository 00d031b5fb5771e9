"""Settings in a real browser: without JavaScript, from every page in two taps, and without the net."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.test_without_the_net import pages_are_kept

pytestmark = pytest.mark.journey

EVERYTHING = "text_size=3&theme=dark&contrast=hi&looped=1&simple=1&aloud=&still=1"


def kept_as(page: Page, worn: str) -> None:
    """The worker has put the pages by in this look."""
    page.evaluate(
        """async (worn) => {
            const noted = async () => (await (await (await caches.open("sitthi-pages")).match("/kept-as"))?.json()) ?? {};
            let now;
            do now = await new Promise((done) => setTimeout(done, 50)).then(noted); while (now.worn !== worn || !now.done);
        }""",
        worn,
    )


def test_two_taps_lead_from_any_page_to_the_settings_and_a_switch_goes_on(visit: Visit, javascript: bool) -> None:
    page = visit("/hospital-change", "th", javascript=javascript, service_workers="block")
    page.locator("details.txt summary").first.click()
    page.locator("details.txt a[href='/settings']").click()
    page.locator("button#simple").click()
    expect(page.locator("html")).to_have_attribute("data-m", "simple")
    expect(page.locator("html")).to_have_attribute("data-s", "2")
    expect(page.locator("button#simple")).to_have_class("sw yes")
    page.goto("/benefits")
    expect(page.locator("nav.nav")).to_have_count(0)
    expect(page.locator(".extra").first).to_be_hidden()
    page.locator(".all a").click()
    expect(page.locator(".extra").last).to_be_visible()
    expect(page.locator(".all")).to_be_hidden()


def test_every_choice_holds_without_the_net(visit: Visit) -> None:
    page = visit("/", "th")
    pages_are_kept(page)
    page.context.add_cookies([{"name": "sitthi-look", "value": EVERYTHING, "url": page.url}])
    page.goto("/help")
    root = page.evaluate("document.documentElement.cloneNode().outerHTML")
    kept_as(page, "simple looped")
    page.context.set_offline(True)
    for path in ("/guide/private-room", "/", "/emergency", "/benefits/unemployment"):
        page.goto(path)
        assert page.evaluate("document.documentElement.cloneNode().outerHTML") == root, path
        expect(page.locator("#net")).to_be_visible()
        expect(page.locator("nav.nav")).to_have_count(0)
    page.goto("/")
    expect(page.locator("main .btn.wide:visible")).to_have_count(4)


def test_nothing_moves_where_somebody_or_their_phone_asks_for_stillness(visit: Visit) -> None:
    for look, motion in (("still=1", "no-preference"), ("", "reduce")):
        page = visit("about:blank", "th", service_workers="block", reduced_motion=motion)
        page.goto("/")
        page.context.add_cookies([{"name": "sitthi-look", "value": look, "url": page.url}])
        page.goto("/")
        moves = page.evaluate(
            """() => {
                const sheet = new CSSStyleSheet();
                sheet.replaceSync("@keyframes away { to { opacity: 0 } } h1 { animation: away 9s; transition: color 9s }");
                document.adoptedStyleSheets = [sheet];
                const { animationName, transitionProperty } = getComputedStyle(document.querySelector("h1"));
                return [animationName, transitionProperty];
            }"""
        )
        assert moves == ["none", "none"], (look, motion)
