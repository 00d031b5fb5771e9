"""Reminders on a phone, from the soft ask to the tap on a message. The browser's own push service is out of reach here, so
`pushManager.subscribe` is stubbed in the page (reminded_phone.py); messages are our sender's own, delivered to the worker by the browser's
tools."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Town, Visit, sign_in
from tests.journeys.reminded_phone import open_reminders, phone, service
from tests.journeys.waiting import SECONDS, until
from tests.push_service import Phone, PushService
from webapp.actions.reminder_sending import Sender
from webapp.web.reminder_words import on_the_lock_screen

pytestmark = pytest.mark.journey
SOMCHAI = "1000000000009"
SHOWN = """async (count) => {
    const shown = await (await navigator.serviceWorker.ready).getNotifications();
    const plain = ({ title, body, tag, lang, dir, data }) => ({ title, body, tag, lang, dir, path: data?.path });
    return shown.length === count && { messages: shown.map(plain) };
}"""
CLOSE_ALL = """async () => {
    for (const one of await (await navigator.serviceWorker.ready).getNotifications()) one.close();
    return true;
}"""
HARMLESS = "สิทธิ Sitthi"
__all__ = ["phone", "service"]


def deliver(page: Page, data: str) -> None:
    """As the browser's push service does."""
    until(page, "async () => (await navigator.serviceWorker.ready).active.state === 'activated'")
    tools = page.context.new_cdp_session(page)
    origin = page.evaluate("location.origin")
    known: dict[str, str] = {}

    def note(event: dict[str, Any]) -> None:
        known.update({one["scopeURL"]: one["registrationId"] for one in event["registrations"]})

    tools.on("ServiceWorker.workerRegistrationUpdated", note)
    tools.send("ServiceWorker.enable")
    for _ in range(200):
        if f"{origin}/" in known:
            break
        page.wait_for_timeout(20)
    tools.send("ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": known[f"{origin}/"], "data": data})
    tools.detach()


def shown_is(page: Page, count: int, seconds: float = SECONDS) -> list[dict[str, Any]]:
    """The messages on the phone, once there are so many."""
    found: list[dict[str, Any]] = until(page, SHOWN, count, seconds)["messages"]
    return found


def shown_after(page: Page, data: str) -> dict[str, Any]:
    """The one message the phone shows then. Closed once and no more: a second close may come late, and hit the next of the same tag. On a
    machine that is busy Chromium loses a delivery now and then; push services deliver again too, and the tag makes one of two."""
    until(page, CLOSE_ALL)
    shown_is(page, 0)
    deliver(page, data)
    with suppress(PlaywrightError):
        return shown_is(page, 1, SECONDS / 3)[0]
    deliver(page, data)
    (message,) = shown_is(page, 1)
    return message


def test_only_the_tap_puts_the_question_and_then_a_test_arrives(town: Town, visit: Visit, service: PushService, phone: Phone) -> None:
    page = open_reminders(visit, phone, "en")
    ask = page.get_by_role("button", name="Remind me on this phone")
    expect(ask).to_be_visible()
    assert page.evaluate("localStorage.asked ?? null") is None
    ask.click()
    page.wait_for_url("**/reminders?told=on")
    assert page.evaluate("localStorage.stub") == town.tools.push.public_key
    expect(page.locator("#phone")).to_contain_text("Reminders are on for this phone")
    page.get_by_role("button", name="Send me a test").click()
    page.wait_for_url("**told=test**")
    Sender(town.tools, on_the_lock_screen).run()
    (message,) = service.read(phone)
    assert shown_after(page, json.dumps(message))["title"] == "The test worked"
    page.goto("/reminders")
    expect(page.locator("#phone")).to_contain_text("The last one was handed to your browser’s push service")
    page.get_by_role("button", name="Forget this phone").click()
    page.wait_for_url("**told=forgotten**")
    expect(page.get_by_role("button", name="Remind me on this phone")).to_be_visible()
    until(page, "() => !localStorage.stub")
    assert town.tools.store.subscription_at(phone.endpoint) is None


def test_somebody_signed_in_is_told_what_they_get_and_a_message_leads_to_their_page(
    town: Town, visit: Visit, service: PushService, phone: Phone
) -> None:
    page = open_reminders(visit, phone)
    page.goto("/sign-in?next=/reminders")
    sign_in(page, SOMCHAI)
    page.wait_for_url("**/reminders")
    page.locator("button[data-do=subscribe]").click()
    page.wait_for_url("**/reminders?told=on")
    expect(page.locator("form.tg")).to_have_count(8)
    person_id = town.tools.store.person_id_of(SOMCHAI)
    kept = town.tools.store.subscription_at(phone.endpoint)
    assert kept is not None
    assert kept.person_id == person_id


def test_a_blocked_browser_is_told_so_and_shown_the_calendar(visit: Visit, phone: Phone) -> None:
    page = visit("/help", "en")
    page.context.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
    page.goto("/reminders")
    expect(page.locator("[data-when=denied]")).to_contain_text("blocked in your browser")
    expect(page.locator("[data-when=denied] a[href='#calendar']")).to_be_visible()
    expect(page.locator("[data-do=subscribe]")).to_be_hidden()


def test_a_browser_that_cannot_is_told_so(visit: Visit) -> None:
    page = visit("/help", "en")
    page.context.add_init_script("delete self.PushManager")
    page.goto("/reminders")
    expect(page.locator("[data-when=off]")).to_be_visible()
    expect(page.locator("[data-do=subscribe]")).to_be_hidden()


def test_a_subscription_that_was_lost_is_made_again_on_opening(town: Town, visit: Visit, phone: Phone) -> None:
    page = open_reminders(visit, phone)
    page.locator("button[data-do=subscribe]").click()
    page.wait_for_url("**/reminders?told=on")
    kept = town.tools.store.subscription_at(phone.endpoint)
    assert kept is not None
    town.tools.store.mark_gone([kept.number], town.clock.now())
    page.evaluate("delete localStorage.stub; delete sessionStorage.renewed")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith("/reminders/subscriptions")):
        page.goto("/help")
    assert town.tools.store.subscription_at(phone.endpoint) is not None


ODD = [
    "", "null", "[]", "5", "not json", "{}", '{"notification":null}', '{"notification":{}}', '{"notification":{"title":""}}',
    '{"notification":{"title":{"toString":1}}}', '{"notification":["x"]}',
]  # fmt: skip


def test_odd_messages_still_show_something_harmless(visit: Visit, phone: Phone) -> None:
    page = open_reminders(visit, phone)
    for data in ODD:
        message = shown_after(page, data)
        assert (message["title"], message["path"]) == (HARMLESS, "/reminders"), data


def test_hostile_messages_are_shown_plainly_and_lead_nowhere_else(town: Town, visit: Visit, phone: Phone) -> None:
    page = open_reminders(visit, phone)
    ways = (
        "https://elsewhere.example/x", "//elsewhere.example/x", "javascript:alert(1)", f"{town.url}//elsewhere.example/x", "http://[",
        f"blob:{town.url}/x", "data:text/html,x", town.url.replace("127.0.0.1", "127.0.0.1.elsewhere.example"), 7, {"a": 1},
    )  # fmt: skip
    for way in ways:
        said = {
            "title": "t",
            "navigate": way,
            "dir": "sideways",
            "lang": 5,
            "tag": {"x": 1},
            "body": ["b"],
            "icon": "https://elsewhere.example/i",
        }
        message = shown_after(page, json.dumps({"notification": said, "app_badge": -3}))
        assert (message["title"], message["path"]) == ("t", "/reminders"), way


def test_a_tap_looks_at_an_open_page_anew_or_opens_the_right_one(town: Town, visit: Visit, phone: Phone) -> None:
    page = open_reminders(visit, phone)
    shown_after(page, json.dumps({"notification": {"title": "t", "navigate": f"{town.url}/hospital-change?x=1"}}))
    (worker,) = page.context.service_workers
    opened = worker.evaluate(
        """async () => {
            const opened = [];
            Object.defineProperty(self.clients, "openWindow", { value: async (path) => { opened.push(path); }, configurable: true });
            Object.defineProperty(WindowClient.prototype, "focus", { value: async () => { opened.push("focused"); }, configurable: true });
            const [notification] = await self.registration.getNotifications();
            const tapped = new NotificationEvent("notificationclick", { notification });
            self.dispatchEvent(tapped);
            await openPage("/reminders");
            await new Promise((done) => setTimeout(done, 300));
            return opened;
        }"""
    )
    assert sorted(opened) == ["/hospital-change?x=1", "focused"]


def test_the_address_of_a_private_calendar_can_be_copied(visit: Visit) -> None:
    page = visit("/sign-in?next=/my-data/calendar", "en")
    sign_in(page, SOMCHAI)
    page.wait_for_url("**/my-data/calendar")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Make my calendar").click()
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("button", name="The address is copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#feed").input_value()
