"""The number on the app's icon: the unread messages of whoever is signed in, set by page and worker, taken away with them.

No browser tells which number its icon bears, so what the app asks Chromium for is written down in place of it: by the page in the page's
own storage, by the worker in the worker."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Worker

from tests.journeys.conftest import Town, Visit
from tests.journeys.on_the_way import cookies_of, signed_in
from tests.journeys.test_without_the_net import wait_until
from tests.journeys.waiting import until
from webapp.actions import reminders
from webapp.domain.reminder import Occasion, about_sign_in

pytestmark = pytest.mark.journey
SOMCHAI = "1000000000009"
IN_THE_PAGE = """(() => {
    const write = (asked) => { localStorage.badge = `${localStorage.badge ?? ""} ${asked}`; };
    if (!navigator.setAppBadge || !navigator.clearAppBadge) write("missing");
    navigator.setAppBadge = async (count) => write(count);
    navigator.clearAppBadge = async () => write("cleared");
})();"""
IN_THE_WORKER = """() => {
    self.badges = self.navigator.setAppBadge ? [] : ["missing"];
    self.navigator.setAppBadge = async (count) => { self.badges.push(count); };
}"""


def badge(page: Page) -> list[str]:
    """What the pages have asked for so far."""
    return str(page.evaluate("localStorage.badge ?? ''")).split()


def page_of_somchai(town: Town, visit: Visit, messages: int) -> Page:
    """Signed in on a phone that allowed reminders, with so many messages unread; nothing is opened yet."""
    who = town.tools.store.person_id_of(SOMCHAI)
    assert who
    cookies = cookies_of(signed_in(town, SOMCHAI), town)
    for number in range(messages):
        town.tools.store.plan_for_people(about_sign_in(Occasion.SIGN_IN_NEW, town.clock.now(), str(number)), [who])
    assert reminders.unread(town.tools, who) == messages
    page = visit("about:blank", "en")
    page.context.add_cookies([{"name": name, "value": value, "url": town.url} for name, value in cookies.items()])
    page.context.grant_permissions(["notifications"])
    page.context.add_init_script(IN_THE_PAGE)
    return page


def test_a_page_puts_the_unread_on_the_icon_reading_takes_them_off_and_signing_out_clears_it(town: Town, visit: Visit) -> None:
    page = page_of_somchai(town, visit, messages=2)
    page.goto("/help")
    until(page, "() => localStorage.badge === ' 2'")
    page.goto("/my-data/messages")
    until(page, "() => localStorage.badge === ' 2 0'")
    page.goto("/")
    until(page, "() => localStorage.badge === ' 2 0 0'")
    page.locator("form[action='/sign-out'] button").first.click()
    page.wait_for_url("**/sign-out")
    assert badge(page) == ["2", "0", "0", "cleared"]
    page.goto("/help")
    page.wait_for_load_state("networkidle")
    assert badge(page)[-1] == "cleared", "of nobody nothing is known, and the icon stays as it is"


def told(worker: Worker, said: dict[str, Any]) -> None:
    """A message as the worker hears it, to the end of what it does with it. That pushes reach it: tests/journeys/test_reminders.py."""
    message = {"web_push": 8030, "notification": {"title": "t", "navigate": "/reminders"}, **said}
    worker.evaluate("(text) => tell({ json: () => JSON.parse(text) })", json.dumps(message))


def worker_of_a_phone_with_reminders(visit: Visit) -> Worker:
    """Of nobody's phone that allowed them; it writes down what it puts on the icon."""
    page = visit("/help", "en")
    page.context.grant_permissions(["notifications"])
    page.goto("/guide")
    until(page, "async () => (await navigator.serviceWorker.ready).active.state === 'activated'")
    (worker,) = page.context.service_workers
    wait_until(lambda: bool(worker.evaluate("() => Notification.permission === 'granted'")))
    worker.evaluate(IN_THE_WORKER)
    return worker


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"app_badge": 3}, [3]),
        ({"app_badge": 0}, [0]),
        ({}, []),
        *(({"app_badge": odd}, []) for odd in (-3, 1.5, "7", None, 2**60, [1])),
    ],
)
def test_the_worker_puts_on_the_icon_what_a_message_says_and_nothing_odd(
    visit: Visit, said: dict[str, Any], asked: list[int]
) -> None:
    worker = worker_of_a_phone_with_reminders(visit)
    told(worker, said)
    assert worker.evaluate("() => self.badges") == asked


def test_an_icon_that_takes_no_number_still_leaves_the_message(visit: Visit) -> None:
    worker = worker_of_a_phone_with_reminders(visit)
    worker.evaluate("() => { self.navigator.setAppBadge = async () => { throw new Error('no icon'); }; }")
    told(worker, {"app_badge": 2})
    assert worker.evaluate("async () => (await self.registration.getNotifications()).map((one) => one.title)") == ["t"]
