"""The Chromium of the tests: what Playwright switches off in it stays off, and what nobody looks at is not made."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.chromium import SWITCHED_OFF_BY_PLAYWRIGHT

pytestmark = pytest.mark.journey
SWITCH = "--disable-features="


def command_of(browser: Browser) -> list[str]:
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    (number,) = [one["id"] for one in processes if one["type"] == "browser"]
    return Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ").split()


def test_what_playwright_switches_off_is_in_our_list_which_alone_is_heard(browser: Browser) -> None:
    playwrights, *_, ours = [word.removeprefix(SWITCH).split(",") for word in command_of(browser) if word.startswith(SWITCH)]
    assert set(playwrights) == set(SWITCHED_OFF_BY_PLAYWRIGHT)
    assert set(playwrights) < set(ours)


def test_a_window_has_no_page_beside_the_one_that_is_looked_at(browser: Browser) -> None:
    context = browser.new_context()
    try:
        context.new_page().goto("data:text/html,one page")
        targets = browser.new_browser_cdp_session().send("Target.getTargets", {"filter": [{}]})["targetInfos"]
        assert not [one["url"] for one in targets if one["url"].startswith("chrome://")]
    finally:
        context.close()
