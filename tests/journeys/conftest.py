"""A real Chromium before the real app, with ThaiD's stand-in on the other loopback name, so that SameSite is tested."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.front_door import StandIn, running, running_stand_in
from tests.journeys.bad_line import BadLine, running_line
from tests.standing_clock import StandingClock
from webapp.app import create_app, tools_for
from webapp.config import settings_from
from webapp.ports import Tools

A_SMALL_PHONE = {"width": 360, "height": 740}
ANDROID = "Mozilla/5.0 (Linux; Android 11; A03) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
PATIENCE_MS = 10_000


@dataclass
class Town:
    """Everything that runs for one journey."""

    url: str
    standin: StandIn
    clock: StandingClock
    tools: Tools


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def front_port() -> int:
    """One for all towns of a process: the pages that a phone keeps are made once for an address, and they take a second to make."""
    return _free_port()


@pytest.fixture
def line(front_port: int) -> Iterator[BadLine]:
    """What leads to the town of a test that asks for it: good until the test says otherwise."""
    with running_line(front_port) as running_one:
        yield running_one


@pytest.fixture
def town(request: pytest.FixtureRequest, front_port: int, tmp_path: Path, laid_database: Path, clock: StandingClock) -> Iterator[Town]:
    line: BadLine | None = request.getfixturevalue("line") if "line" in request.fixturenames else None
    database = tmp_path / "sitthi.db"
    shutil.copy(laid_database, database)
    with ExitStack() as stack:
        standin = stack.enter_context(running_stand_in((front_port,), host="localhost"))
        settings = settings_from(
            {
                "SITTHI_DATABASE_URL": f"sqlite:///{database}",
                "DATA_DIR": str(laid_database.parent),  # its compiled templates serve all towns
                "SITTHI_BASE_URL": f"http://127.0.0.1:{front_port}",
                "SITTHI_THAID_ISSUER": standin.url,
                "SITTHI_THAID_TIMEOUT": "3",
            }
        )
        tools = replace(tools_for(settings), clock=clock)
        url = stack.enter_context(running(create_app(settings, tools), port=0 if line else front_port))
        if line:
            line.leads_to(int(url.rsplit(":", 1)[1]))
        yield Town(line.url if line else url, standin, clock, tools)
        tools.store.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, town: Town) -> Iterator[Visit]:
    """visit(path="/", lang="th", javascript=True, **context options) → a page of a fresh phone browser."""
    contexts: list[BrowserContext] = []

    def _visit(path: str = "/", lang: str = "th", javascript: bool = True, **options: Any) -> Page:
        settled = {"viewport": A_SMALL_PHONE, "user_agent": ANDROID, "locale": {"th": "th-TH", "en": "en-US"}[lang], **options}
        context = browser.new_context(java_script_enabled=javascript, base_url=town.url, **settled)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield _visit
    for context in contexts:
        context.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def consent(page: Page, pid: str, answer: str = "consent") -> None:
    """At the stand-in, on the phone: open the app, be `pid`, answer."""
    page.locator("a.button").click()
    page.locator(f"button.person[value='{pid}']").click()
    page.locator(f"button[name=answer][value={answer}]").click()


def sign_in(page: Page, pid: str) -> None:
    """From the page before ThaiD, all the way back."""
    page.locator("a[href^='/sign-in/thaid']").first.click()
    consent(page, pid)


def press_on(page: Page) -> None:
    """The one filled button at the end of the page."""
    page.locator(".act button, .act a").last.click()


def tick(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name={name}][value='{value}']").check(force=True)


def found(page: Page, words: str) -> None:
    """Wait until the list is the one asked for: before, a tap would still hit the old one."""
    page.locator(f"#found input[name=q][value='{words}']").first.wait_for(state="attached")


def choose_hospitals(page: Page, *searches: str) -> None:
    """As somebody not signed in: the cause, then a hospital for each search."""
    page.goto("/hospital-change")
    page.locator("a[href='/hospital-change/new']").first.click()
    tick(page, "cause", "annual")
    tick(page, "in_patient", "no")
    press_on(page)
    for number, words in enumerate(searches, start=1):
        page.locator("input#q").fill(words)
        page.locator("input#q").press("Enter")
        found(page, words)
        page.locator("button[name=choose]").first.click()
        expect(page.locator("button[name=drop]").first).to_be_visible()
        expect(page.locator("body")).to_contain_text(f"{number}.")
    press_on(page)
