"""A phone while nothing is taken in: what is sent waits there and arrives once afterwards, and a kept page does not go on telling."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Town, Visit, press_on
from tests.journeys.test_without_the_net import pages_are_kept, requests_of, stand_before_sending, wait_until
from tests.journeys.waiting import until
from webapp.actions import notices, read_only
from webapp.domain.notice import Kind
from webapp.domain.read_only import Why

pytestmark = pytest.mark.journey
LONG_AGO = """async () => {
    const cache = await caches.open("sitthi-pages"), kept = await cache.match("/guide");
    const html = (await kept.text()).replace(/data-until="2[^"]+"/, 'data-until="2020-01-01T12:00:00+07:00"');
    await cache.put("/guide", new Response(html, { headers: kept.headers }));
}"""
"""The kept copy's notice was to end then."""


def test_a_request_sent_while_nothing_is_taken_in_waits_on_the_phone_and_arrives_once(town: Town, visit: Visit) -> None:
    page = visit("/", "en")
    stand_before_sending(town, page)
    read_only.begin(town.tools, Why.MAINTENANCE, None)
    press_on(page)
    page.wait_for_url("**/on-this-phone?waits=1")
    assert requests_of(town) == 0
    read_only.end(town.tools)
    page.goto("/my-data")
    wait_until(lambda: requests_of(town) == 1)
    page.goto("/my-data")
    assert requests_of(town) == 1


def test_a_kept_page_says_of_when_its_notice_is_and_lets_go_of_it_when_it_is_over(town: Town, visit: Visit) -> None:
    now = town.clock.now()
    notices.add(town.tools, Kind.TROUBLE, "ขัดข้องไม่มีกำหนด", "Trouble without an end", None, None)
    notices.add(town.tools, Kind.INFO, "จะจบเมื่อถึงเวลา", "Trouble with an end", None, now + timedelta(minutes=5))
    page = visit("/", "en")
    pages_are_kept(page)
    page.goto("/guide")
    expect(page.locator(".told")).to_contain_text("Trouble with an end")
    expect(page.locator(".told")).not_to_contain_text("As we knew it")
    until(page, """async () => (await (await (await caches.open("sitthi-pages")).match("/guide"))?.text())?.includes("Trouble with")""")
    page.context.set_offline(True)
    page.goto("/guide")
    expect(page.locator(".told")).to_contain_text("Trouble with an end")
    expect(page.locator(".told")).to_contain_text("As we knew it on")
    page.evaluate(LONG_AGO)
    page.goto("/guide")
    expect(page.locator(".told")).to_contain_text("Trouble without an end")
    expect(page.locator(".told")).not_to_contain_text("Trouble with an end")
    page.goto("/emergency")
    expect(page.locator(".told")).to_have_count(0)
