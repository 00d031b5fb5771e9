"""A phone that loses the net: what it keeps can be read, and nothing personal is among it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit, sign_in

pytestmark = pytest.mark.journey


def worker_is_ready(page: Page) -> None:
    page.evaluate(
        """async () => {
            const workers = navigator.serviceWorker;
            await workers.ready;
            if (!workers.controller) await new Promise((done) => workers.addEventListener("controllerchange", done));
        }"""
    )


def kept_addresses(page: Page) -> list[str]:
    found = page.evaluate(
        """async () => {
            const names = await caches.keys();
            const lists = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((one) => one.url)));
            return lists.flat();
        }"""
    )
    return [str(address) for address in found]


def test_where_to_go_in_an_emergency_can_be_read_without_the_net(visit: Visit) -> None:
    page = visit("/", "en")
    worker_is_ready(page)
    page.context.set_offline(True)
    page.goto("/emergency")
    expect(page.locator("h1")).to_have_text("Emergency: where to go")
    expect(page.locator("#net")).to_be_visible()
    page.goto("/hospital-change")
    expect(page.locator("h1")).to_have_text("No net right now")
    page.context.set_offline(False)
    page.goto("/hospital-change")
    expect(page.locator("h1")).not_to_have_text("No net right now")


def test_the_phone_keeps_nothing_of_somebody_signed_in(visit: Visit) -> None:
    page = visit("/sign-in", "th")
    sign_in(page, "1000000000009")
    worker_is_ready(page)
    for path in ("/my-data", "/emergency", "/"):
        page.goto(path)
    kept = kept_addresses(page)
    assert kept
    for address in kept:
        text = page.evaluate("async (address) => (await caches.match(address)).text()", address)
        assert "สมชาย" not in text, address
        assert "โรงพยาบาลแพทย์รังสิต" not in text, address
    page.context.set_offline(True)
    page.goto("/my-data")
    expect(page.locator("h1")).to_contain_text("ไม่มีเน็ต")
