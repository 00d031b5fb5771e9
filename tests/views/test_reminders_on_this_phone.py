"""The soft ask, the switches and the inbox, as a browser without JavaScript meets them; only subscribing itself needs a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.front_door import APP, SignIn
from tests.pages import Page
from tests.push_service import Phone, PushService, running_push_service
from tests.standing_clock import StandingClock
from webapp.actions.reminder_sending import Sender
from webapp.domain.reminder import SWITCHES
from webapp.ports import Tools
from webapp.web.reminder_words import on_the_lock_screen

Look = Callable[..., Page]
SOMCHAI, SUDA = "1000000000009", "1000000000017"
SUBSCRIPTIONS = "/reminders/subscriptions"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/604.1"


@pytest.fixture
def service() -> Iterator[PushService]:
    with running_push_service() as running:
        yield running


def subscribe(client: FlaskClient, service: PushService, **more: object) -> Phone:
    phone = Phone(service.url)
    assert client.post(SUBSCRIPTIONS, json=phone.subscription(**more), base_url=APP).status_code in (200, 201)
    return phone


def press(client: FlaskClient, path: str, **fields: str) -> str:
    answer = client.post(path, data=fields, base_url=APP)
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_a_stranger_is_asked_in_plain_words_with_true_samples(client: FlaskClient, look: Look, tools: Tools) -> None:
    page = look(client, "/reminders", "en")
    for words in (
        "Shall we remind you?", "This round closes tomorrow", "There is news on your request", "never show your name, illness or hospital",
        "between 08:00 and 20:00", "Remind me on this phone", "Not now",
    ):  # fmt: skip
        assert words in page.text
    assert f'data-push="{tools.push.public_key}"' in page.html
    assert "Reminders need JavaScript" in page.text


def test_an_ipad_that_calls_itself_a_mac_reads_that_the_home_screen_comes_first(client: FlaskClient, look: Look) -> None:
    page = look(client, "/reminders", "en")
    assert "On an iPhone or iPad, put Sitthi on the home screen first." in page.text
    assert page.links["Show me how"] == "/install"


def test_on_an_iphone_outside_the_app_the_home_screen_comes_first(client: FlaskClient) -> None:
    html = client.get("/reminders", base_url=APP, headers={"User-Agent": IPHONE, "Accept-Language": "en"}).get_data(as_text=True)
    assert 0 < html.index("First put Sitthi on your home screen") < html.index("Shall we remind you?")
    assert 'class="stack in-app" id="phone"' in html


def test_a_phone_that_has_reminders_finds_its_switches_without_javascript(
    client: FlaskClient, look: Look, sign_in: SignIn, service: PushService
) -> None:
    sign_in(client, SOMCHAI)
    subscribe(client, service)
    page = look(client, "/reminders", "en")
    assert "Reminders are on for this phone" in page.text
    assert "Shall we remind you?" not in page.text
    assert page.html.count('class="tg"') == len(SWITCHES)
    assert press(client, "/reminders/switch", request="", cut_off="1") == "/reminders#phone"
    after = look(client, "/reminders", "en").html
    assert 'class="sw" id="request" name="request" value="1"' in after
    assert 'class="sw yes" id="cut_off" name="cut_off" value=""' in after


def test_the_switches_stay_after_signing_out_and_the_page_names_nobody(
    client: FlaskClient, look: Look, sign_in: SignIn, service: PushService
) -> None:
    sign_in(client, SOMCHAI)
    subscribe(client, service)
    client.post("/sign-out", base_url=APP)
    page = look(client, "/reminders", "en")
    assert "It gets the reminders of the person who switched them on." in page.text
    assert "สมชาย" not in page.html
    assert client.get("/reminders", base_url=APP).headers["Cache-Control"] == "no-store"


def test_nobodys_phone_cannot_be_given_what_is_somebodys_own(client: FlaskClient, look: Look, service: PushService, tools: Tools) -> None:
    phone = subscribe(client, service)
    press(client, "/reminders/switch", request="1")
    kept = tools.store.subscription_at(phone.endpoint)
    assert kept is not None
    assert set(kept.kinds) == {"window"}
    assert look(client, "/reminders").html.count('class="tg"') == 2


def test_a_test_is_sent_and_then_the_page_says_when_it_was_handed_on(
    client: FlaskClient, look: Look, service: PushService, tools: Tools
) -> None:
    phone = subscribe(client, service)
    assert "None has been sent yet." in look(client, "/reminders", "en").text
    assert press(client, "/reminders/test") == "/reminders?told=test#phone"
    assert "The test is on its way" in look(client, "/reminders?told=test", "en").text
    Sender(tools, on_the_lock_screen).run()
    assert service.read(phone)
    assert "The last one was handed to your browser’s push service on 20 Dec 2026 10:00." in look(client, "/reminders", "en").text


def test_after_55_silent_days_a_tap_is_asked_for(client: FlaskClient, look: Look, service: PushService, clock: StandingClock) -> None:
    subscribe(client, service)
    clock.advance(days=54)
    assert "has not received" not in look(client, "/reminders", "en").text
    clock.advance(days=1)
    assert "This phone has not received a reminder for 55 days" in look(client, "/reminders", "en").text


def test_where_the_browser_ends_it_soon_that_is_what_is_said(
    client: FlaskClient, look: Look, service: PushService, clock: StandingClock
) -> None:
    ends = (clock.now() + timedelta(days=6)).timestamp() * 1000
    subscribe(client, service, expirationTime=ends)
    assert "ends these reminders soon" not in look(client, "/reminders", "en").text
    clock.advance(days=1)
    text = look(client, "/reminders", "en").text
    assert "Your browser ends these reminders soon" in text
    assert "Tap to renew" in text
    assert "has not received" not in text


def test_a_forgotten_phone_is_forgotten_and_its_app_is_told_to_leave_it_so(
    client: FlaskClient, look: Look, service: PushService, tools: Tools
) -> None:
    phone = subscribe(client, service)
    assert client.get(SUBSCRIPTIONS, base_url=APP).get_json() == {"key": tools.push.public_key, "wanted": True, "known": True}
    press(client, "/reminders/forget")
    assert tools.store.subscription_at(phone.endpoint) is None
    assert client.get(SUBSCRIPTIONS, base_url=APP).get_json() == {"key": tools.push.public_key, "wanted": False, "known": False}
    assert "This phone gets no more reminders" in look(client, "/reminders?told=forgotten", "en").text


def test_one_browser_under_a_new_address_keeps_its_owner_and_switches(
    client: FlaskClient, sign_in: SignIn, service: PushService, tools: Tools
) -> None:
    sign_in(client, SOMCHAI)
    old = subscribe(client, service, kinds=["request", "cut_off"])
    client.post("/sign-out", base_url=APP)
    new = subscribe(client, service, renew=True)
    kept = tools.store.subscription_at(new.endpoint)
    assert kept is not None
    assert (kept.person_id, set(kept.kinds)) == (tools.store.person_id_of(SOMCHAI), {"request", "cut_off"})
    assert tools.store.subscription_at(old.endpoint) is None


def test_a_phone_given_up_by_its_push_service_is_offered_one_tap(
    client: FlaskClient, look: Look, service: PushService, tools: Tools
) -> None:
    phone = subscribe(client, service)
    kept = tools.store.subscription_at(phone.endpoint)
    assert kept is not None
    tools.store.mark_gone([kept.number], tools.clock.now())
    assert "Reminders no longer reach this phone" in look(client, "/reminders", "en").text
    assert client.get(SUBSCRIPTIONS, base_url=APP).get_json()["wanted"]


def test_somebody_elses_phone_becomes_theirs_only_by_their_tap(
    client: FlaskClient, look: Look, sign_in: SignIn, service: PushService, tools: Tools
) -> None:
    sign_in(client, SOMCHAI)
    phone = subscribe(client, service)
    client.post("/sign-out", base_url=APP)
    sign_in(client, SUDA)
    page = look(client, "/reminders", "en")
    assert "Remind me of my own requests here too" in page.text
    client.post(SUBSCRIPTIONS, json=phone.subscription(renew=True), base_url=APP)
    kept = tools.store.subscription_at(phone.endpoint)
    assert kept is not None
    assert kept.person_id == tools.store.person_id_of(SOMCHAI)


def test_a_receipt_asks_softly_and_not_again_for_thirty_days_after_not_now(
    client: FlaskClient, look: Look, send_a_change: Callable[..., str]
) -> None:
    receipt = f"/hospital-change/{send_a_change(client, SOMCHAI)}"
    assert 'id="reminder-offer"' in look(client, receipt, "en").html
    assert press(client, "/reminders/not-now", next=receipt) == receipt
    page = look(client, receipt, "en")
    assert 'id="reminder-offer"' not in page.html
    assert "/reminders" in page.links.values(), "the way there stays"
    cookie = client.get_cookie("sitthi-remind-later", domain="127.0.0.1")
    assert cookie is not None
    assert cookie.max_age == timedelta(days=30).total_seconds()
    assert press(client, "/reminders/not-now", next="https://elsewhere.example/") == "/"


def test_messages_are_counted_until_they_are_opened(client: FlaskClient, look: Look, send_a_change: Callable[..., str]) -> None:
    reference = send_a_change(client, SOMCHAI)
    home = look(client, "/", "en")
    assert '<b class="cnt">1<span class="vh"> unread</span></b>' in home.html
    assert 'data-unread="1"' in home.html
    assert "1 new" in look(client, "/my-data", "en").text
    inbox = look(client, "/my-data/messages", "en")
    assert "Your request has been received" in inbox.text
    assert f"/hospital-change/{reference}" in inbox.links.values()
    assert "New" in inbox.text
    after = look(client, "/my-data/messages", "en")
    assert 'data-unread="0"' in after.html
    assert 'class="cnt"' not in after.html


def test_the_inbox_is_nobody_elses(
    client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, look: Look, send_a_change: Callable[..., str]
) -> None:
    send_a_change(client, SOMCHAI)
    assert another_client.get("/my-data/messages", base_url=APP).status_code == 303
    sign_in(another_client, SUDA)
    assert "Nothing yet" in look(another_client, "/my-data/messages", "en").text


def test_what_we_keep_names_reminders_and_the_calendar(client: FlaskClient, look: Look) -> None:
    text = look(client, "/privacy", "en").text
    for words in (
        "When reminders are on",
        "calendar of your own dates",
        "Forget this phone",
        "push service",
    ):
        assert words in text
    assert "365 days after it has passed" in look(client, "/privacy/kept", "en").text
