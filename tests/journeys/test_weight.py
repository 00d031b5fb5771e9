"""What a first visit and a second one cost on a metered line, counted by the browser itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Town, Visit
from webapp.web.assets import inline_style, style_address, style_version
from webapp.web.style import Rule, rules_of

pytestmark = pytest.mark.journey

FIRST_VISIT_BYTES = 36 * 1024
FIRST_VISIT_REQUESTS = 6
NEXT_PAGE_BYTES = 6 * 1024
KEPT_BYTES = 60 * 1024


@dataclass
class Line:
    """Every answer's address and size on the line, as Chromium's own network log tells them."""

    sizes: dict[str, float] = field(default_factory=dict)
    _addresses: dict[str, str] = field(default_factory=dict)

    def listen(self, page: Page) -> None:
        log = page.context.new_cdp_session(page)
        log.send("Network.enable")
        log.on("Network.requestWillBeSent", self._asked)
        log.on("Network.loadingFinished", self._finished)

    def _asked(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        self.sizes[self._addresses.get(event["requestId"], "")] = event["encodedDataLength"]

    def forget(self) -> None:
        self.sizes.clear()

    @property
    def total(self) -> float:
        return sum(self.sizes.values())


def at_rest(page: Page) -> None:
    """Idle work done: the sheet is held as a file, and the page says so."""
    holds_the_style(page)
    page.wait_for_load_state("networkidle")


def holds_the_style(page: Page) -> None:
    page.evaluate(
        "async (cookie) => { while (!document.cookie.includes(cookie)) await new Promise((done) => setTimeout(done, 20)); }",
        f"sitthi-style={style_version()}",
    )


@pytest.mark.parametrize("path", ["/", "/hospital-change", "/benefits", "/hospitals?q=%E0%B8%9B%E0%B8%97%E0%B8%B8%E0%B8%A1"])
def test_a_first_visit_is_light_and_asks_seldom(visit: Visit, path: str) -> None:
    page = visit("about:blank", "th", service_workers="block")
    line = Line()
    line.listen(page)
    page.goto(path, wait_until="load")
    assert line.total <= FIRST_VISIT_BYTES, line.sizes
    assert len(line.sizes) <= FIRST_VISIT_REQUESTS, list(line.sizes)


def test_the_next_page_brings_no_style_along_and_a_second_visit_no_files(visit: Visit) -> None:
    page = visit("/benefits/unemployment", "th", service_workers="block")
    at_rest(page)
    line = Line()
    line.listen(page)
    for path in ("/benefits/unemployment?on=2026-12-01", "/hospital-change", "/"):
        line.forget()
        page.goto(path, wait_until="load")
        assert page.locator("head > style").count() == 0
        assert page.evaluate("getComputedStyle(document.querySelector('header')).backgroundColor") == "rgb(31, 56, 100)"
        heavy = {address: size for address, size in line.sizes.items() if "/static/" in address or "/style.css" in address}
        assert sum(heavy.values()) == 0, heavy
        assert line.total <= NEXT_PAGE_BYTES, line.sizes


def test_a_new_style_travels_in_the_page_until_it_is_held_again(visit: Visit) -> None:
    page = visit("/", "th", service_workers="block")
    at_rest(page)
    page.context.add_cookies([{"name": "sitthi-style", "value": "of-an-older-day", "url": page.url}])
    page.goto("/")
    expect(page.locator("head > style")).to_have_count(1)
    holds_the_style(page)


def test_without_javascript_every_page_brings_its_style(visit: Visit) -> None:
    page = visit("/", "th", javascript=False)
    page.goto("/hospital-change")
    expect(page.locator("head > style")).to_have_count(1)


MOMENTS = re.compile(r"::?(before|after|-(webkit|moz)-[\w-]+|file-selector-button|hover|focus-visible|focus|target|checked)\b")
"""What a selector waits for that is not in a page when it opens: left away, it finds at least as much."""


def selectors_of(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        yield from (selector for selector, _ in rule.selectors)
        yield from selectors_of(rule.inner)


def finding_something(selector: str) -> str:
    return re.sub(r"(^|[\s>+~,(])(?=[\s>+~,)]|$)", r"\1*", MOMENTS.sub("", selector))


LONGEST_RESULT = (
    "/benefits/unemployment?on=2026-12-01&cause=laid_off&dismissed_for_fault=no&months_paid_in_15=14&wage=16000&days_paid_this_year=0"
)


@pytest.mark.parametrize("path", ["/", "/hospitals?q=%E0%B8%9B", LONGEST_RESULT, "/settings"])
def test_no_rule_that_a_page_was_not_given_would_find_anything_in_it(visit: Visit, path: str) -> None:
    page = visit(path, "th", javascript=False)
    given = set(selectors_of(rules_of(page.locator("head > style").text_content() or "")))
    missing = [finding_something(selector) for selector in selectors_of(rules_of(inline_style())) if selector not in given]
    assert len(missing) > 100
    assert page.evaluate("(missing) => missing.filter((selector) => document.querySelector(selector))", missing) == []


def test_who_saves_data_pays_for_pages_and_once_for_the_style(town: Town, visit: Visit) -> None:
    page = visit("about:blank", "th")
    page.context.set_extra_http_headers({"Save-Data": "on"})
    line = Line()
    line.listen(page)
    page.goto("/", wait_until="networkidle")
    assert [address for address in line.sizes if "app.js" in address or "/fonts/" in address or "/style.css" in address] == []
    line.forget()
    page.get_by_role("link", name="สิทธิ", exact=False).first.click()
    page.wait_for_load_state("networkidle")
    assert town.url + style_address() in line.sizes
    line.forget()
    page.locator("nav a[href='/benefits']").click()
    page.wait_for_load_state("networkidle")
    assert line.total <= NEXT_PAGE_BYTES, line.sizes
