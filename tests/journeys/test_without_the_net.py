"""A phone that loses the net: what it keeps can be read, what was written waits and is sent once, and nothing personal lies open on it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Route, expect

from tests.claim_people import draft
from tests.journeys.bad_line import BadLine, Manner, every_second, only
from tests.journeys.conftest import Town, Visit, press_on, sign_in, tick
from tests.journeys.on_the_way import CHECK, before_sending, cookies_of, signed_in
from tests.journeys.waiting import until
from webapp.views import pwa
from webapp.views.pwa import NEEDED, public_pages

pytestmark = pytest.mark.journey
SOMCHAI, ANOTHER = "1000000000009", "1000000000017"
SENDING = "POST /hospital-change/new/check"


def worker_is_ready(page: Page) -> None:
    """It stands between this page and the net. A page on its way while the worker awoke is not taken along: looked at again, it is."""
    until(page, "async () => (await navigator.serviceWorker.ready).active.state === 'activated'")
    if not page.evaluate("Boolean(navigator.serviceWorker.controller)"):
        page.reload()
    until(page, "() => Boolean(navigator.serviceWorker.controller)")


ALL_KEPT = """async () => (await (await (await caches.open("sitthi-pages")).match("/kept-as"))?.json())?.done"""


def pages_are_kept(page: Page) -> None:
    """Also those beyond the three that a worker is not installed without."""
    worker_is_ready(page)
    until(page, ALL_KEPT)


def kept_addresses(page: Page) -> list[str]:
    found = page.evaluate(
        """async () => {
            const names = await caches.keys();
            const lists = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((one) => one.url)));
            return lists.flat();
        }"""
    )
    return [str(address) for address in found]


HELD = """(store) => new Promise((done) => {
    const asked = indexedDB.open("sitthi");
    asked.onupgradeneeded = () => asked.transaction.abort();
    asked.onerror = () => done(0);
    asked.onsuccess = () => {
        const counted = asked.result.transaction(store).objectStore(store).count();
        counted.onsuccess = () => { asked.result.close(); done(counted.result); };
    };
})"""
"""How many things of this kind the phone holds, sealed: without making a place for them where there is none."""


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """For what the server's side knows."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)


def another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """The app is put up anew, with another style sheet."""
    ours = pwa._what_it_keeps()
    version = json.loads(ours.removeprefix("const KEPT = ").rstrip(";"))["version"]
    newer = ours.replace(version, "another").replace("/style.css?v=", "/style.css?v=another")
    monkeypatch.setattr(pwa, "_what_it_keeps", lambda: newer)


def styled(page: Page) -> bool:
    return bool(page.evaluate("getComputedStyle(document.querySelector('header')).backgroundColor") == "rgb(31, 56, 100)")


def held_on(page: Page, store: str) -> int:
    """How many things of this kind the phone holds, sealed."""
    return int(page.evaluate(HELD, store))


def stand_before_sending(town: Town, page: Page) -> None:
    """At the page that shows the dates, signed in."""
    cookies = cookies_of(before_sending(town, SOMCHAI), town)
    page.context.add_cookies([{"name": name, "value": value, "url": town.url} for name, value in cookies.items()])
    page.goto(CHECK)
    pages_are_kept(page)
    tick(page, "declared", "1")


def requests_of(town: Town, pid: str = SOMCHAI) -> int:
    person_id = town.tools.store.person_id_of(pid)
    assert person_id
    return len(town.tools.store.hospital_changes_of(person_id))


# Reading


def test_where_to_go_in_an_emergency_can_be_read_without_the_net(visit: Visit) -> None:
    page = visit("/", "en")
    worker_is_ready(page)
    page.context.set_offline(True)
    page.goto("/emergency")
    expect(page.locator("h1")).to_have_text("Emergency: where to go")
    expect(page.locator("#net")).to_be_visible()
    page.goto("/hospitals")
    expect(page.locator("h1")).to_have_text("No net right now")
    page.context.set_offline(False)
    page.goto("/hospitals")
    expect(page.locator("h1")).not_to_have_text("No net right now")


@pytest.mark.parametrize(("lang", "paths"), [("th", (*NEEDED, *public_pages())), ("en", (*NEEDED, "/", "/guide/private-room"))])
def test_every_public_page_can_be_read_without_the_net_in_its_language_and_as_of_when(
    visit: Visit, lang: str, paths: tuple[str, ...]
) -> None:
    page = visit("/", lang)
    pages_are_kept(page)
    page.context.set_offline(True)
    for path in paths:
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == lang, path
        expect(page.locator("#net")).to_be_visible()
        expect(page.locator("#net")).to_contain_text("Saved copy of" if lang == "en" else "ข้อมูลที่เก็บไว้เมื่อ")
        assert styled(page), path


def test_a_kept_page_wears_the_letters_and_colours_that_were_chosen(visit: Visit) -> None:
    page = visit("/", "th")
    pages_are_kept(page)
    page.context.add_cookies([{"name": "sitthi-look", "value": "text_size=3&theme=dark", "url": page.url}])
    page.goto("/help")
    page.wait_for_load_state("networkidle")
    kept_as = """(await (await (await caches.open("sitthi-pages")).match("/kept-as"))?.json())?.root"""
    until(page, f"""async () => /data-t="dark"/.test({kept_as})""")
    page.context.set_offline(True)
    page.goto("/guide/private-room")
    assert page.locator("html").get_attribute("data-s") == "3"
    assert page.locator("html").get_attribute("data-t") == "dark"


def test_a_net_that_hangs_is_not_waited_for_where_a_copy_is_kept(visit: Visit, line: BadLine) -> None:
    page = visit("/", "en")
    pages_are_kept(page)
    line.treats(only("GET /guide/private-room", Manner.HANGING))
    page.goto("/guide/private-room", timeout=20_000)
    assert line.count("GET /guide/private-room") == 1, "the worker asked the net, and did not wait for ever"
    expect(page.locator("#net")).to_contain_text("Saved copy of")


def test_under_less_data_no_worker_is_sent_for(town: Town, visit: Visit) -> None:
    page = visit("about:blank", "en")
    page.context.add_cookies([{"name": "sitthi-look", "value": "less_data=1", "url": town.url}])
    page.goto("/")
    page.evaluate("() => new Promise((done) => requestIdleCallback(() => requestIdleCallback(done)))")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("navigator.serviceWorker.getRegistration().then((found) => Boolean(found))") is False


def test_the_phone_keeps_nothing_of_somebody_signed_in(visit: Visit) -> None:
    page = visit("/sign-in", "th")
    sign_in(page, SOMCHAI)
    pages_are_kept(page)
    for path in ("/my-data", "/emergency", "/", "/hospital-change"):
        page.goto(path)
    kept = kept_addresses(page)
    assert len(kept) > 20
    for address in kept:
        text = page.evaluate("async (address) => (await caches.match(address)).text()", address)
        assert "สมชาย" not in text, address
        assert "โรงพยาบาลแพทย์รังสิต" not in text, address
    page.context.set_offline(True)
    page.goto("/my-data")
    expect(page.locator("h1")).to_contain_text("ไม่มีเน็ต")


# Keeping a receipt


def test_a_receipt_is_kept_only_when_asked_and_opens_without_the_net(town: Town, visit: Visit) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    press_on(page)
    page.wait_for_url("**/HC-*")
    reference = page.url.rsplit("/", 1)[1]
    pages_are_kept(page)
    assert held_on(page, "kept") == 0
    page.locator("#keep-receipt").click()
    expect(page.locator("#keep-receipt")).to_contain_text("เก็บไว้ในเครื่องนี้แล้ว")
    page.context.set_offline(True)
    page.goto("/on-this-phone")
    expect(page.locator("#kept")).to_contain_text(reference)
    page.context.set_offline(False)
    page.goto("/")
    page.locator("form[action='/sign-out'] button").first.click()
    page.wait_for_url("**/sign-out")
    assert held_on(page, "kept") == 0


def test_what_the_phone_holds_cannot_be_read_without_its_key(town: Town, visit: Visit) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    page.context.set_offline(True)
    press_on(page)
    page.wait_for_url("**/on-this-phone?waits=1")
    row = page.evaluate(
        """() => new Promise((done) => {
            const asked = indexedDB.open("sitthi");
            asked.onsuccess = () => {
                const got = asked.result.transaction("waiting").objectStore("waiting").getAll();
                const plainly = (one) => [Object.keys(one), new TextDecoder().decode(one.sealed)];
                got.onsuccess = () => done(JSON.stringify(got.result.map(plainly)));
            };
        })"""
    )
    assert "hospital" not in row
    assert sorted(json.loads(row)[0][0]) == ["author", "id", "iv", "sealed"], "beside the sealed text only a mark that tells whose it is"
    assert SOMCHAI not in row


def test_a_shared_phone_keeps_and_holds_nothing(town: Town, visit: Visit) -> None:
    page = visit("/", "th")
    page.context.add_cookies([{"name": "sitthi-look", "value": "shared_phone=1", "url": page.url}])
    stand_before_sending(town, page)
    assert page.locator("form[data-receipt]").count() == 0
    press_on(page)
    page.wait_for_url("**/HC-*")
    assert page.locator("#keep-receipt").count() == 0


def one_receipt_is_kept(page: Page) -> None:
    """At the receipt of a request just sent."""
    press_on(page)
    page.wait_for_url("**/HC-*")
    page.locator("#keep-receipt").click()
    until(page, f"async () => await ({HELD})('kept') === 1")


def test_a_phone_that_becomes_a_shared_one_lets_go_of_what_it_kept(town: Town, visit: Visit) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    one_receipt_is_kept(page)
    page.goto("/settings")
    page.locator("#shared_phone").click()
    page.wait_for_url("**/settings?saved=1*")
    expect(page.locator("#shared_phone")).to_have_class("sw yes")
    assert held_on(page, "kept") == 0


def test_a_shared_phone_that_saves_data_lets_go_too_though_its_settings_have_no_script(town: Town, visit: Visit) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    one_receipt_is_kept(page)
    page.context.clear_cookies(name="sitthi-session")
    page.context.add_cookies([{"name": "sitthi-look", "value": "less_data=1", "url": town.url}])
    page.goto("/settings")
    assert page.locator("script").count() == 0
    page.locator("#shared_phone").click()
    page.wait_for_url("**/on-this-phone#shared_phone")
    until(page, f"async () => await ({HELD})('kept') === 0")
    expect(page.locator("[data-if=nothing]")).to_be_visible()


def test_sharing_a_phone_asks_first_about_what_was_not_sent(town: Town, visit: Visit, line: BadLine) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    line.treats(only(SENDING, Manner.RESET))
    press_on(page)
    keeps_waiting(page, town)
    page.goto("/settings")
    page.locator("#shared_phone").click()
    page.wait_for_url("**/on-this-phone?sharing=1")
    assert held_on(page, "waiting") == 1
    page.locator("[data-if=sharing] button").click()
    page.wait_for_url("**/settings?saved=1*")
    expect(page.locator("#shared_phone")).to_have_class("sw yes")
    assert held_on(page, "waiting") == 0
    assert requests_of(town) == 0


# Sending later


def test_under_less_data_the_form_itself_tells_that_its_request_waits(town: Town, visit: Visit) -> None:
    page = visit("about:blank", "en")
    cookies = cookies_of(before_sending(town, SOMCHAI), town) | {"sitthi-look": "less_data=1"}
    page.context.add_cookies([{"name": name, "value": value, "url": town.url} for name, value in cookies.items()])
    page.goto(CHECK)
    page.wait_for_load_state("networkidle")
    tick(page, "declared", "1")
    page.context.set_offline(True)
    for _ in range(2):
        press_on(page)
        expect(page.locator("#waits")).to_be_focused()
    expect(page.locator("#waits")).to_contain_text("Not sent yet. It waits on this phone.")
    expect(page.locator("#waits")).to_contain_text("from the moment the office receives it")
    expect(page.locator(".act button")).not_to_contain_text("Sending")
    assert page.url.endswith(CHECK)
    assert (held_on(page, "waiting"), requests_of(town)) == (1, 0)
    page.context.set_offline(False)
    page.wait_for_url("**/HC-*")
    assert (held_on(page, "waiting"), requests_of(town)) == (0, 1)


def test_a_request_written_without_the_net_waits_and_is_sent_once(town: Town, visit: Visit) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    page.context.set_offline(True)
    press_on(page)
    page.wait_for_url("**/on-this-phone?waits=1")
    expect(page.locator("#waiting")).to_contain_text("เริ่มใช้")
    expect(page.locator("#waiting")).to_contain_text("เปลี่ยนโรงพยาบาล")
    page.reload()
    expect(page.locator("#waiting section")).to_have_count(1)
    assert requests_of(town) == 0
    page.context.set_offline(False)
    page.wait_for_url("**/HC-*")
    assert requests_of(town) == 1
    assert held_on(page, "waiting") == 0


def test_a_request_survives_a_server_in_trouble_and_is_one_even_if_the_answer_was_lost(town: Town, visit: Visit, line: BadLine) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    line.treats(only(SENDING, Manner.BAD_GATEWAY))
    press_on(page)
    keeps_waiting(page, town)
    expect(page.locator("#waiting")).to_contain_text("ฝั่งเราไม่ตอบ")
    line.treats(only(SENDING, Manner.LOSING))
    page.locator("#send-now").click()
    wait_until(lambda: requests_of(town) == 1)
    expect(page.locator("#waiting")).to_contain_text("ไม่มีเน็ต")
    assert held_on(page, "waiting") == 1
    line.mend()
    page.locator("#send-now").click()
    sent_once(page, town)


def test_a_request_that_waited_past_its_day_is_shown_again_and_not_sent(town: Town, visit: Visit) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    page.context.set_offline(True)
    press_on(page)
    page.wait_for_url("**/on-this-phone?waits=1")
    town.clock.set(town.clock.now() + timedelta(days=20))
    page.context.set_offline(False)
    expect(page.locator("#waiting")).to_contain_text("มีบางอย่างเปลี่ยนไป", timeout=15_000)
    assert requests_of(town) == 0
    assert held_on(page, "waiting") == 1


def test_a_request_that_is_removed_during_a_try_does_not_come_back(town: Town, visit: Visit) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    page.context.set_offline(True)
    press_on(page)
    page.wait_for_url("**/on-this-phone?waits=1")
    held_back: list[Route] = []
    page.context.route("**/hospital-change/new/check", lambda route: held_back.append(route))
    page.context.set_offline(False)
    page.locator("#send-now").click()
    expect(page.locator("#waiting section")).to_have_count(1)
    page.locator("#waiting [data-drop]").click()
    expect(page.locator("#waiting section")).to_have_count(0)
    for route in held_back:
        route.abort()
    page.reload()
    expect(page.locator("#on-this-phone")).to_be_visible()
    assert held_on(page, "waiting") == 0


def test_signing_out_asks_about_what_was_not_sent(town: Town, visit: Visit) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    page.context.route("**/hospital-change/new/check", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    press_on(page)
    page.wait_for_url("**/on-this-phone?waits=1")
    page.goto("/")
    page.locator("form[action='/sign-out'] button").first.click()
    page.wait_for_url("**/on-this-phone?leaving=1")
    page.locator("[data-if=leaving] button").click()
    page.wait_for_url("**/sign-out")
    assert held_on(page, "waiting") == 0
    assert requests_of(town) == 0
    page.context.set_offline(True)
    page.goto("/emergency")
    expect(page.locator("h1")).to_contain_text("ฉุกเฉิน")


# Another form that waits: "Something wrong? Tell us"

WRONG = "/my-data/wrong"
TELLING = f"POST {WRONG}"
SHOULD_BE = "18,000 ไม่ใช่ 15,000"


def stand_before_telling(town: Town, page: Page, month: str = "8") -> None:
    """At the form, signed in, with a wage that is wrong filled in."""
    cookies = cookies_of(signed_in(town, SOMCHAI), town)
    page.context.add_cookies([{"name": name, "value": value, "url": town.url} for name, value in cookies.items()])
    page.goto(WRONG)
    pages_are_kept(page)
    tick(page, "about", "wage")
    for name, text in (("first_month", month), ("first_year", "2569"), ("should_be", SHOULD_BE)):
        page.locator(f"[name={name}]").fill(text)
    tick(page, "proof", "pay_slip")


def told_by(town: Town, pid: str = SOMCHAI) -> int:
    return len(town.tools.store.corrections_of(town.tools.store.person_id_of(pid)))


def test_what_is_told_without_the_net_waits_and_is_one_report_even_if_the_answer_was_lost(
    town: Town, visit: Visit, line: BadLine
) -> None:
    page = visit("/offline", "th")
    stand_before_telling(town, page)
    line.cut()
    press_on(page)
    page.wait_for_url("**/on-this-phone?waits=1")
    expect(page.locator("#waiting h3")).to_have_text("สิ่งที่คุณแจ้งว่าผิด")
    page.reload()
    expect(page.locator("#waiting section")).to_have_count(1)
    assert (told_by(town), held_on(page, "waiting")) == (0, 1)
    line.mend()
    line.treats(only(TELLING, Manner.LOSING))
    page.locator("#send-now").click()
    wait_until(lambda: told_by(town) == 1)
    expect(page.locator("#waiting")).to_contain_text("ไม่มีเน็ต")
    assert held_on(page, "waiting") == 1, "only a receipt takes it off the list"
    line.mend()
    page.locator("#send-now").click()
    page.wait_for_url("**/my-data/wrong/RC-*")
    assert (told_by(town), held_on(page, "waiting")) == (1, 0)


def test_a_page_left_open_is_not_sent_for_the_next_person_and_waits_for_its_author(town: Town, visit: Visit) -> None:
    page = visit("/offline", "th")
    stand_before_telling(town, page)
    beside = page.context.new_page()
    page.context.clear_cookies(name="sitthi-session")
    beside.goto("/sign-in?next=/help")
    sign_in(beside, ANOTHER)
    beside.wait_for_url("**/help")
    press_on(page)
    page.wait_for_url("**/on-this-phone?anothers=1")
    expect(page.locator("[data-if=anothers]")).to_be_visible()
    expect(page.locator("#waiting section")).to_have_count(0)
    assert told_by(town) + told_by(town, ANOTHER) == 0
    assert held_on(page, "waiting") == 1
    page.context.clear_cookies(name="sitthi-session")
    page.goto("/sign-in?next=/on-this-phone")
    sign_in(page, SOMCHAI)
    page.wait_for_url("**/my-data/wrong/RC-*")
    assert (told_by(town), told_by(town, ANOTHER), held_on(page, "waiting")) == (1, 0, 0)


def test_what_the_office_sends_back_opens_as_it_was_written_and_leaves_the_list_once_it_is_received(town: Town, visit: Visit) -> None:
    page = visit("/offline", "th")
    stand_before_telling(town, page, month="13")
    page.context.set_offline(True)
    page.locator("[name=should_be]").fill(" ")
    press_on(page)
    expect(page.locator("[name=should_be]:invalid")).to_be_attached()
    assert held_on(page, "waiting") == 0, "what is missing is asked for at once, not when the net is back"
    page.locator("[name=should_be]").fill(SHOULD_BE)
    press_on(page)
    page.wait_for_url("**/on-this-phone?waits=1")
    page.context.set_offline(False)
    expect(page.locator("#waiting")).to_contain_text("มีบางอย่างเปลี่ยนไป", timeout=15_000)
    page.locator("#waiting [data-mend]").click()
    expect(page.locator("[name=should_be]")).to_have_value(SHOULD_BE)
    expect(page.locator("[name=first_month]")).to_have_value("13")
    expect(page.locator("[name=about][value=wage]")).to_be_checked()
    page.locator("[name=first_month]").fill("8")
    press_on(page)
    page.wait_for_url("**/my-data/wrong/RC-*")
    assert (told_by(town), held_on(page, "waiting")) == (1, 0)


def test_a_claim_declared_without_the_net_waits_and_is_one_claim_even_if_the_answer_was_lost(
    town: Town, visit: Visit, line: BadLine
) -> None:
    one = draft(town.tools, "dental")
    page = visit(f"/sign-in?next=/claims/{one.reference}/check", "th")
    sign_in(page, SOMCHAI)
    page.wait_for_url(f"**/claims/{one.reference}/check")
    pages_are_kept(page)
    page.goto(f"/claims/{one.reference}/check")
    page.locator("input[name=declared]").check(force=True)
    line.cut()
    press_on(page)
    page.wait_for_url("**/on-this-phone?waits=1")
    expect(page.locator("#waiting h3")).to_have_text("คำขอรับเงิน")
    assert (claims_of(town), held_on(page, "waiting")) == (0, 1)
    line.mend()
    line.treats(only(f"POST /claims/{one.reference}/check", Manner.LOSING))
    page.locator("#send-now").click()
    wait_until(lambda: claims_of(town) == 1)
    expect(page.locator("#waiting")).to_contain_text("ไม่มีเน็ต")
    line.mend()
    page.locator("#send-now").click()
    page.wait_for_url(f"**/claims/{one.reference}")
    assert (claims_of(town), held_on(page, "waiting")) == (1, 0)


def claims_of(town: Town) -> int:
    return len(town.tools.store.claims_of(town.tools.store.person_id_of(SOMCHAI)))


def test_months_that_do_not_apply_are_not_asked_for_without_the_net(town: Town, visit: Visit) -> None:
    page = visit("/offline", "th")
    stand_before_telling(town, page)
    page.locator("[name=first_month]").fill("")
    page.context.set_offline(True)
    press_on(page)
    expect(page.locator("[name=first_month]:invalid")).to_be_attached()
    tick(page, "about", "hospital")
    press_on(page)
    page.wait_for_url("**/on-this-phone?waits=1")
    page.context.set_offline(False)
    page.wait_for_url("**/my-data/wrong/RC-*")
    assert told_by(town) == 1


# A bad line: the phone does not know that it has no net


def receipt_on(page: Page) -> str:
    page.wait_for_url("**/HC-*")
    return page.url.rsplit("/", 1)[1]


def keeps_waiting(page: Page, town: Town) -> None:
    """The person sees the request in the list, and the phone holds it."""
    page.wait_for_url("**/on-this-phone?waits=1")
    expect(page.locator("#waiting")).to_contain_text("ยังไม่ได้ส่ง")
    assert held_on(page, "waiting") == 1
    assert requests_of(town) == 0


def sent_once(page: Page, town: Town) -> None:
    reference = receipt_on(page)
    assert reference.startswith("HC-")
    assert requests_of(town) == 1
    assert held_on(page, "waiting") == 0


def test_a_request_on_a_line_that_breaks_waits_and_becomes_one_case(town: Town, visit: Visit, line: BadLine) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    line.treats(Manner.RESET)
    press_on(page)
    keeps_waiting(page, town)
    line.mend()
    page.reload()
    sent_once(page, town)


def test_a_request_on_a_line_cut_off_altogether_waits_and_becomes_one_case(town: Town, visit: Visit, line: BadLine) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    line.cut()
    press_on(page)
    keeps_waiting(page, town)
    line.mend()
    page.locator("#send-now").click()
    sent_once(page, town)


def test_a_line_that_hangs_is_given_up_and_what_happens_is_said(town: Town, visit: Visit, line: BadLine) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    page.clock.install()
    line.treats(only(SENDING, Manner.HANGING))
    press_on(page)
    expect(page.locator(".act button")).to_contain_text("กำลังส่ง")
    wait_until(lambda: line.count(SENDING) == 1)
    assert held_on(page, "waiting") == 1, "it lies on the phone before the first try"
    page.clock.fast_forward(21_000)
    keeps_waiting(page, town)
    line.mend()
    page.locator("#send-now").click()
    sent_once(page, town)


def test_a_form_that_lacks_something_does_not_wait_for_the_net_to_be_told_so(town: Town, visit: Visit, line: BadLine) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    page.locator("#declared").uncheck(force=True)
    line.cut()
    press_on(page)
    expect(page.locator("#declared:invalid")).to_be_attached()
    expect(page.locator(".act button")).not_to_contain_text("กำลังส่ง")
    assert held_on(page, "waiting") == 0
    tick(page, "declared", "1")
    press_on(page)
    keeps_waiting(page, town)


def test_an_app_closed_while_it_sends_has_lost_nothing(town: Town, visit: Visit, line: BadLine) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    line.treats(only(SENDING, Manner.HANGING))
    press_on(page)
    wait_until(lambda: line.count(SENDING) == 1)
    page.close()
    line.mend()
    opened = page.context.new_page()
    opened.goto("/")
    wait_until(lambda: requests_of(town) == 1)
    until(opened, f"async () => await ({HELD})('waiting') === 0")


def test_with_no_page_open_the_worker_sends_when_the_browser_wakes_it_and_fails_while_there_is_no_net(
    town: Town, visit: Visit, line: BadLine
) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    line.cut()
    press_on(page)
    keeps_waiting(page, town)
    (worker,) = page.context.service_workers
    page.goto("about:blank")
    woken = """() => sendWaiting().then(() => "done", (why) => why.message)"""
    assert worker.evaluate(woken) == "still waiting", "only what fails is tried again by the browser"
    assert requests_of(town) == 0
    line.mend()
    assert worker.evaluate(woken) == "done"
    assert requests_of(town) == 1
    assert worker.evaluate("() => Phone.all('waiting').then((left) => left.length)") == 0
    assert worker.evaluate(woken) == "done", "woken once more it has nothing to send"
    assert requests_of(town) == 1


def test_a_line_that_flaps_brings_one_case_and_one_receipt(town: Town, visit: Visit, line: BadLine) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    line.treats(every_second(Manner.RESET))
    press_on(page)
    page.wait_for_url("**/on-this-phone?waits=1")
    for _ in range(3):
        page.goto("/on-this-phone")
        expect(page.locator("#on-this-phone")).to_be_visible()
    line.mend()
    page.goto("/on-this-phone")
    wait_until(lambda: requests_of(town) == 1)
    until(page, f"async () => await ({HELD})('waiting') === 0")
    beside = page.context.new_page()  # the page that sent it may be on its way to the receipt, and would cut this one off
    beside.goto("/my-data")
    expect(beside.locator("a[href*='/HC-']")).to_have_count(1)


def test_a_line_that_dies_while_the_form_is_loading_leaves_a_page_that_can_be_opened_again(town: Town, visit: Visit, line: BadLine) -> None:
    page = visit("/offline", "th")
    stand_before_sending(town, page)
    line.treats(only("GET /hospital-change/new/check", Manner.TORN))
    with suppress(PlaywrightError):
        page.goto(CHECK, wait_until="commit")
    line.treats(only("GET /hospital-change/new/check", Manner.RESET))
    page.goto(CHECK)
    expect(page.locator("h1")).to_contain_text("ไม่มีเน็ต")
    line.mend()
    page.goto("/hospital-change/new/check")
    tick(page, "declared", "1")
    press_on(page)
    sent_once(page, town)


@pytest.mark.parametrize("manner", [Manner.RESET, Manner.BAD_GATEWAY])
def test_where_the_app_does_not_answer_its_public_pages_are_read_from_the_phone(visit: Visit, line: BadLine, manner: Manner) -> None:
    page = visit("/", "en")
    pages_are_kept(page)
    line.treats(manner)
    page.goto("/emergency")
    expect(page.locator("h1")).to_have_text("Emergency: where to go")
    expect(page.locator("#net")).to_contain_text("Saved copy of")


def test_half_an_answer_is_not_kept_over_a_whole_one(visit: Visit, line: BadLine) -> None:
    page = visit("/", "en")
    pages_are_kept(page)
    line.treats(only("GET /guide", Manner.TORN))
    with suppress(PlaywrightError):
        page.goto("/guide/private-room", wait_until="commit")
    line.treats(Manner.RESET)
    page.goto("/guide/private-room")
    expect(page.locator("#net")).to_contain_text("Saved copy of")
    expect(page.locator(".help")).to_be_visible()


@pytest.mark.parametrize("manner", [Manner.TORN, Manner.RESET, Manner.BAD_GATEWAY])
def test_a_half_downloaded_update_leaves_the_app_as_it_was(
    visit: Visit, line: BadLine, monkeypatch: pytest.MonkeyPatch, manner: Manner
) -> None:
    page = visit("/", "en")
    pages_are_kept(page)
    another_version(monkeypatch)
    line.treats(only("GET /pages-to-keep?needed", manner))
    page.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update().catch(() => {}); }")
    wait_until(lambda: line.count("GET /pages-to-keep?needed") > 0)
    until(page, "async () => { const own = await navigator.serviceWorker.ready; return !own.installing && !own.waiting; }")
    line.cut()
    page.goto("/emergency")
    expect(page.locator("h1")).to_have_text("Emergency: where to go")
    assert styled(page)


def test_an_update_taken_just_before_the_net_goes_still_shows_styled_pages(
    visit: Visit, line: BadLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit("/", "en")
    pages_are_kept(page)
    another_version(monkeypatch)
    page.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update(); }")
    until(page, "async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting)")
    line.treats(only("GET /pages-to-keep?language", Manner.RESET))
    with page.expect_navigation():
        page.locator("#newer button").click()
    until(page, "async () => (await caches.keys()).filter((name) => name.startsWith('sitthi-shell-')).join() === 'sitthi-shell-another'")
    line.cut()
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.goto("/guide/private-room")
    expect(page.locator("#net")).to_contain_text("Saved copy of")
    assert styled(page)


def test_an_update_is_announced_and_taken_without_losing_a_half_filled_form(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    page = visit("/", "en")
    worker_is_ready(page)
    page.goto("/hospitals")
    page.locator("input#q").press_sequentially("Rangsit")
    another_version(monkeypatch)
    page.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update(); }")
    expect(page.locator("#newer")).to_be_visible()
    page.locator("#newer button").click()
    expect(page.locator("#newer")).to_be_hidden()
    expect(page.locator("input#q")).to_have_value("Rangsit")
    until(page, "async () => (await caches.keys()).includes('sitthi-shell-another')")


@pytest.mark.parametrize(
    ("stand_before", "count", "receipt"),
    [(stand_before_sending, requests_of, "**/HC-*"), (stand_before_telling, told_by, "**/my-data/wrong/RC-*")],
)
def test_what_waits_is_sent_in_its_own_authors_session_only(
    town: Town, visit: Visit, stand_before: Callable[[Town, Page], None], count: Callable[..., int], receipt: str
) -> None:
    page = visit("/offline", "th")
    stand_before(town, page)
    page.context.set_offline(True)
    press_on(page)
    page.wait_for_url("**/on-this-phone?waits=1")
    page.context.clear_cookies(name="sitthi-session")
    page.context.set_offline(False)
    expect(page.locator("#waiting")).to_contain_text("เข้าสู่ระบบ")
    page.goto("/sign-in?next=/on-this-phone")
    sign_in(page, ANOTHER)
    page.wait_for_url("**/on-this-phone")
    expect(page.locator("#waiting section")).to_have_count(0)
    assert count(town) + count(town, ANOTHER) == 0
    assert held_on(page, "waiting") == 1
    page.context.clear_cookies(name="sitthi-session")
    page.goto("/sign-in?next=/on-this-phone")
    sign_in(page, SOMCHAI)
    page.wait_for_url(receipt)
    assert (count(town), count(town, ANOTHER)) == (1, 0)
