"""Chromium's own word on whether the app can be installed, its question put only by a button, and the installed app without the offer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import FLAGS, chromium_here
from tests.journeys.conftest import Town, Visit
from tests.journeys.test_without_the_net import worker_is_ready

pytestmark = pytest.mark.journey
A_QUESTION = """() => {
    const question = new Event("beforeinstallprompt", { cancelable: true });
    question.prompt = () => { window.asked = true; };
    dispatchEvent(question);
    return question.defaultPrevented;
}"""


@contextmanager
def a_browser_of_its_own(browser: Browser, own_place: Path, *more_flags: str) -> Iterator[Page]:
    """One that keeps what it sees, unlike the others, and that may be an app's window: the new headless mode alone has such windows."""
    flags = [*FLAGS, "--headless=new", *more_flags]
    window = browser.browser_type.launch_persistent_context(own_place, executable_path=chromium_here(), headless=False, args=flags)
    try:
        yield window.pages[0]
    finally:
        window.close()


@pytest.mark.parametrize(("lang", "name"), [("th", "สิทธิ ต้นแบบ"), ("en", "Sitthi prototype")])
def test_chromium_finds_nothing_that_keeps_the_app_from_being_installed(
    town: Town, browser: Browser, tmp_path: Path, lang: str, name: str
) -> None:
    with a_browser_of_its_own(browser, tmp_path / "profile") as page:
        page.context.add_cookies([{"name": "sitthi-language", "value": lang, "url": town.url}])
        page.goto(town.url)
        worker_is_ready(page)
        chromium = page.context.new_cdp_session(page)
        manifest = chromium.send("Page.getAppManifest")
        assert manifest["url"].endswith(f"/manifest.webmanifest?language={lang}")
        assert manifest["errors"] == []
        assert json.loads(manifest["data"])["short_name"] == name
        assert chromium.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
        page.goto(f"{town.url}/install")
        expect(page.locator("#install-now"), "Chromium's own question has come, and is held back").to_be_visible()


def test_the_browsers_question_waits_until_somebody_presses_the_button(visit: Visit) -> None:
    page = visit("about:blank", "en")
    page.route("**/manifest.webmanifest*", lambda route: route.abort())  # or Chromium would ask by itself, in its own time
    page.goto("/install")
    button = page.get_by_role("button", name="Put it on the home screen")
    page.wait_for_load_state("networkidle")
    expect(button).to_be_hidden()
    assert page.evaluate(A_QUESTION), "the browser's own banner is held back"
    expect(button).to_be_visible()
    assert page.evaluate("window.asked") is None
    button.click()
    assert page.evaluate("window.asked")
    expect(button).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('appinstalled'))")
    expect(page.locator("#own ~ p").first).to_have_text("Sitthi is on your home screen now.")


def test_the_installed_app_says_that_nothing_is_left_to_do(town: Town, visit: Visit, browser: Browser, tmp_path: Path) -> None:
    page = visit("/install", "en")
    expect(page.locator(".in-app")).to_be_hidden()
    expect(page.locator(".in-browser").first).to_be_visible()
    with a_browser_of_its_own(browser, tmp_path / "profile", f"--app={town.url}/install") as app:
        expect(app.locator(".in-app")).to_be_visible()
        expect(app.locator(".in-browser").first).to_be_hidden()
