"""The worker, the kept pages and the waiting list in Firefox, which has no background sync; messages come through Firefox's own hands.

Untried here, as everywhere in development: Firefox for Android, and Mozilla's push service itself (out of reach): a message is encrypted
by our sender, carried by the test's push service, decrypted by Firefox's own code, and handed by its push notifier to the worker.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.bad_line import BadLine, Manner
from tests.journeys.conftest import Town
from tests.journeys.firefox import Firefox, Window, running_firefox
from tests.journeys.on_the_way import CHECK, before_sending, cookies_of, signed_in
from tests.journeys.test_without_the_net import ALL_KEPT, HELD, SENDING, another_version, requests_of, wait_until
from tests.push_service import running_push_service
from webapp.actions.reminder_sending import Sender
from webapp.web.reminder_words import on_the_lock_screen

pytestmark = pytest.mark.journey
SOMCHAI = "1000000000009"
ACTIVE = "async () => (await navigator.serviceWorker.ready).active.state === 'activated'"
KEPT_TEXTS = """async () => {
    const texts = [];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) texts.push([request.url, await (await cache.match(request)).text()]);
    }
    return texts;
}"""
KEEP_A_RECEIPT = """async () => {
    const phone = document.createElement("script");
    const loaded = new Promise((done) => { phone.onload = done; });
    document.head.append(Object.assign(phone, { src: "/static/js/phone.js" }));
    await loaded;
    await self.Phone.put("kept", "HC-1", { title: "t", rows: [], author: document.getElementById("app").dataset.author, at: 1 });
}"""
SHOWN = """async (title) => {
    const shown = await (await navigator.serviceWorker.ready).getNotifications();
    const [one] = shown.filter((one) => !title || one.title === title);
    one?.close();
    return one && { title: one.title, body: one.body, path: one.data.path };
}"""
HAND_OVER = """(page, bytes) => {
    const workers = Cc["@mozilla.org/serviceworkers/manager;1"].getService(Ci.nsIServiceWorkerManager);
    const all = workers.getAllRegistrations();
    for (let number = 0; number < all.length; number += 1) {
        const { scope, principal } = all.queryElementAt(number, Ci.nsIServiceWorkerRegistrationInfo);
        if (!scope.startsWith(page)) continue;
        const notifier = Cc["@mozilla.org/push/Notifier;1"].getService(Ci.nsIPushNotifier);
        if (bytes === null) notifier.notifyPush(scope, principal, "one"); else notifier.notifyPushWithData(scope, principal, "one", bytes);
        return true;
    }
    return false;
}"""
CRYPTO = 'const { PushCrypto } = ChromeUtils.importESModule("resource://gre/modules/PushCrypto.sys.mjs");'
MAKE_KEYS = f"""async () => {{
    {CRYPTO}
    const [open, secret] = await PushCrypto.generateKeys();
    return {{ open: [...new Uint8Array(open)], secret, auth: [...PushCrypto.generateAuthenticationSecret()] }};
}}"""
DECRYPT = f"""async (keys, body) => {{
    {CRYPTO}
    const [open, auth, sealed] = [keys.open, keys.auth, body].map((bytes) => new Uint8Array(bytes));
    return [...await PushCrypto.decrypt(keys.secret, open, auth, {{ encoding: "aes128gcm" }}, sealed)];
}}"""


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with running_firefox(tmp_path_factory.mktemp("firefox")) as running:
        yield running


@pytest.fixture
def window(firefox: Firefox, town: Town) -> Iterator[Window]:
    with firefox.window(town.url) as opened:
        yield opened


def keeps_pages(window: Window) -> None:
    """The worker stands before the page, and has kept what it can. A page on its way while the worker awoke is looked at again."""
    window.until(ALL_KEPT)
    if not window.call("() => Boolean(navigator.serviceWorker.controller)"):
        window.reload()
    window.until("() => Boolean(navigator.serviceWorker.controller)")


def take_over(window: Window, town: Town, phone: Any) -> None:
    """Go on in Firefox where plain HTTP has brought somebody."""
    window.goto("/offline")
    for name, value in cookies_of(phone, town).items():
        window.keep_cookie(name, value)


def stand_before_sending(window: Window, town: Town) -> None:
    take_over(window, town, before_sending(town, SOMCHAI))
    window.goto(CHECK)
    keeps_pages(window)
    window.click("label[for=declared]")


def held(window: Window) -> int:
    return int(window.call(HELD, "waiting"))


def test_firefox_reads_the_public_pages_without_the_server(window: Window, line: BadLine) -> None:
    window.goto("/")
    keeps_pages(window)
    line.cut()
    shown = {
        "/": "",
        "/emergency": "Emergency: where to go",
        "/guide": "",
        "/reminders": "",
        "/benefits/questions": "",
        "/guide/private-room": "",
    }
    for path, heading in shown.items():
        window.goto(path)
        assert heading in window.text("h1"), path
        assert window.text("h1") != "No net right now", path
        assert "Saved copy of" in window.text("#net"), path
    window.goto("/benefits/sickness")
    assert "Saved copy of" in window.text("#net")
    window.goto("/my-data")
    assert window.text("h1") == "No net right now"
    line.mend()
    window.goto("/benefits/sickness")
    assert window.call("() => document.getElementById('net').hidden")


def test_firefox_keeps_nothing_of_somebody_signed_in_and_signing_out_takes_the_rest(town: Town, window: Window) -> None:
    take_over(window, town, signed_in(town, SOMCHAI))
    for path in ("/my-data", "/emergency", "/", "/hospital-change"):
        window.goto(path)
    keeps_pages(window)
    kept = window.call(KEPT_TEXTS)
    assert len(kept) > 20
    for address, text in kept:
        assert "สมชาย" not in text, address
        assert "Somchai" not in text, address
    window.call(KEEP_A_RECEIPT)
    assert window.call(HELD, "kept") == 1
    window.goto("/")
    window.click("form[action='/sign-out'] button")
    window.wait_for_path("/sign-out")
    assert window.call(HELD, "kept") == 0
    assert window.call("async () => Boolean(await caches.match('/emergency'))")
    assert window.call("async () => (await navigator.serviceWorker.getRegistrations()).length") == 1


def test_a_request_written_in_firefox_without_the_net_is_sent_once_when_the_net_is_back(town: Town, window: Window) -> None:
    stand_before_sending(window, town)
    window.has_net(False)
    window.click(".act button")
    window.wait_for_path("/on-this-phone")
    assert "Not sent yet" in window.text("#waiting")
    assert (held(window), requests_of(town)) == (1, 0)
    window.has_net(True)
    assert window.wait_for_path("/hospital-change/HC-")
    assert (held(window), requests_of(town)) == (0, 1)


def test_a_request_on_a_dead_line_is_sent_once_when_firefox_is_opened_again(town: Town, window: Window, line: BadLine) -> None:
    stand_before_sending(window, town)
    line.treats(lambda request: Manner.LOSING if request.startswith(SENDING) else Manner.GOOD)
    window.click(".act button")
    window.wait_for_path("/on-this-phone")
    wait_until(lambda: requests_of(town) == 1)
    assert held(window) == 1
    line.mend()
    window.goto("/")
    window.until(f"async () => await ({HELD})('waiting') === 0")
    assert requests_of(town) == 1


def test_firefox_announces_an_update_and_takes_it_without_losing_a_half_filled_form(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.goto("/hospitals")
    window.until("() => Boolean(navigator.serviceWorker.controller)")
    window.type("input#q", "Rangsit")
    another_version(monkeypatch)
    window.call("async () => { await (await navigator.serviceWorker.getRegistration()).update(); }")
    window.click("#newer button")
    window.until("async () => (await caches.keys()).includes('sitthi-shell-another') && document.getElementById('newer').hidden")
    assert window.call("() => document.querySelector('input#q').value") == "Rangsit"


def test_a_half_downloaded_update_leaves_firefox_as_it_was(window: Window, line: BadLine, monkeypatch: pytest.MonkeyPatch) -> None:
    window.goto("/")
    keeps_pages(window)
    another_version(monkeypatch)
    line.treats(lambda request: Manner.TORN if request.startswith("GET /pages-to-keep?needed") else Manner.GOOD)
    window.call("async () => { await (await navigator.serviceWorker.getRegistration()).update().catch(() => {}); }")
    wait_until(lambda: line.count("GET /pages-to-keep?needed") > 0)
    window.until("async () => { const own = await navigator.serviceWorker.ready; return !own.installing && !own.waiting; }")
    line.cut()
    window.goto("/emergency")
    assert window.text("h1") == "Emergency: where to go"


def test_firefox_decrypts_our_messages_and_its_worker_shows_them(town: Town, firefox: Firefox, window: Window) -> None:
    keys = firefox.in_its_own_rooms(MAKE_KEYS)
    window.goto("/reminders")
    window.until(ACTIVE)
    window.allow("notifications")
    with running_push_service() as service:
        plainly = {
            name: base64.urlsafe_b64encode(bytes(keys[kept])).decode().rstrip("=") for name, kept in (("p256dh", "open"), ("auth", "auth"))
        }
        endpoint = f"{service.url}/push/firefox"
        tell = """async (body) => {
            const headers = { "Content-Type": "application/json" };
            return (await fetch("/reminders/subscriptions", { method: "POST", headers, body: JSON.stringify(body) })).ok;
        }"""
        assert window.call(tell, {"endpoint": endpoint, "expirationTime": None, "keys": plainly})
        window.goto("/reminders?told=on")
        window.click("form[action$='/test'] button")
        window.until("() => location.search.includes('told=test')")
        Sender(town.tools, on_the_lock_screen).run()
        (message,) = service.received
    plain = firefox.in_its_own_rooms(DECRYPT, keys, list(message.body))
    assert firefox.in_its_own_rooms(HAND_OVER, window.home, plain)
    shown = window.until(SHOWN, "The test worked")
    assert shown["path"] == "/reminders"


def test_odd_and_hostile_messages_show_something_harmless_in_firefox(firefox: Firefox, window: Window) -> None:
    window.goto("/reminders")
    window.until(ACTIVE)
    window.allow("notifications")
    for odd in (None, "", "null", "not json", '{"notification":{"title":{"toString":1}}}', '{"notification":["x"]}'):
        assert firefox.in_its_own_rooms(HAND_OVER, window.home, None if odd is None else list(odd.encode()))
        assert window.until(SHOWN, "")["path"] == "/reminders", odd
    for way in ("https://elsewhere.example/x", "//elsewhere.example/x", "javascript:alert(1)", f"{window.home}//elsewhere.example/x", 7):
        said = {"notification": {"title": "t", "navigate": way, "dir": "sideways", "lang": 5, "icon": "https://elsewhere.example/i"}}
        assert firefox.in_its_own_rooms(HAND_OVER, window.home, list(json.dumps(said).encode()))
        assert window.until(SHOWN, "t")["path"] == "/reminders", way
