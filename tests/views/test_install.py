"""Putting the app on a home screen: the right steps first, offered once after a request was sent, never again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from tests import pages
from tests.front_door import APP, SignIn
from tests.pages import Page
from tests.standing_clock import StandingClock
from webapp.web.installing import Way, way_before_reminders, way_of

SOMCHAI = "1000000000009"
OFFER = 'id="install-offer"'
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko)"
SAFARI = f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1"
CHROME = f"{ANDROID} Chrome/130.0.0.0 Mobile Safari/537.36"
LINE = f"{IPHONE} Mobile/15E148 Safari Line/14.1.0"
WEBVIEW = CHROME.replace("K)", "SM-A146P; wv)").replace("Chrome/", "Version/4.0 Chrome/")
BROWSERS = {
    CHROME: Way.CHROME,
    f"{CHROME} EdgA/130.0.0.0": Way.CHROME,
    f"{ANDROID} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36": Way.SAMSUNG,
    "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0": Way.FIREFOX,
    SAFARI: Way.SAFARI,
    f"{IPHONE} CriOS/130.0 Mobile/15E148 Safari/604.1": Way.ON_IPHONE,
    f"{IPHONE} FxiOS/132.0 Mobile/15E148 Safari/605.1.15": Way.ON_IPHONE,
    LINE: Way.IN_AN_APP,
    f"{CHROME} Line/14.19.1/IAB": Way.IN_AN_APP,
    f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/485.0]": Way.IN_AN_APP,
    f"{IPHONE} Mobile/15E148": Way.IN_AN_APP,
    WEBVIEW: Way.IN_AN_APP,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36": Way.COMPUTER,
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15": Way.COMPUTER,
}
"""The strings as these browsers' makers publish them."""


def asked_by(client: FlaskClient, agent: str, path: str = "/install", lang: str = "en") -> Page:
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    return pages.sound(pages.read(client.get(path, base_url=APP, headers={"User-Agent": agent})), lang)


@pytest.mark.parametrize(("agent", "way"), BROWSERS.items())
def test_a_browser_is_told_by_its_own_name(agent: str, way: Way) -> None:
    assert way_of(agent) is way


@pytest.mark.parametrize("agent", ["", "curl/8.5", "Mozilla/5.0"])
def test_a_browser_that_nobody_knows_is_offered_every_way(client: FlaskClient, agent: str) -> None:
    assert way_of(agent) is None
    page = asked_by(client, agent)
    assert "Which phone and browser?" in page.text
    assert page.html.count('<details class="more">') == len(Way)


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("agent", BROWSERS)
def test_each_browser_finds_its_own_steps_first_and_all_others_below(client: FlaskClient, agent: str, lang: str) -> None:
    page = asked_by(client, agent, lang=lang)
    assert 'aria-labelledby="own"' in page.html
    assert page.html.count('<details class="more">') == len(Way) - 1


def test_the_page_says_that_it_depends_on_the_browser(client: FlaskClient) -> None:
    assert "User-Agent" in client.get("/install", base_url=APP).headers["Vary"]


def test_inside_line_one_tap_opens_the_phones_browser(client: FlaskClient) -> None:
    assert "/install?openExternalBrowser=1" in asked_by(client, LINE).html
    assert "openExternalBrowser" not in asked_by(client, SAFARI).html
    assert "openExternalBrowser" not in asked_by(client, WEBVIEW).html


INSTALL_FIRST = """{% from "components/install_first.html" import install_first %}{{ install_first(way) }}"""


@pytest.mark.parametrize("agent", BROWSERS)
def test_only_an_iphone_needs_the_home_screen_before_reminders(app: Flask, agent: str) -> None:
    with app.test_request_context("/", headers={"User-Agent": agent, "Accept-Language": "en"}):
        way = way_before_reminders()
        assert (way is not None) == ("iPhone" in agent)
        assert way is None or "An iPhone shows reminders only from an app" in render_template_string(INSTALL_FIRST, way=way)


@pytest.mark.parametrize("path", ["/settings", "/help"])
def test_it_is_found_again_at_any_time(client: FlaskClient, path: str) -> None:
    assert 'href="/install"' in asked_by(client, CHROME, path).html


@pytest.fixture
def receipt(client: FlaskClient, send_a_change: Callable[..., str], sign_in: SignIn) -> str:
    """The address of a request just sent."""
    return f"/hospital-change/{send_a_change(client, SOMCHAI)}"


def test_the_receipt_offers_it_and_not_now_is_for_good(client: FlaskClient, receipt: str) -> None:
    assert OFFER in asked_by(client, CHROME, receipt).html
    answer = client.post("/install/not-now", data={"next": receipt}, base_url=APP)
    assert (answer.status_code, answer.headers["Location"]) == (303, receipt)
    assert OFFER not in asked_by(client, CHROME, receipt).html


def test_whoever_has_seen_the_steps_is_not_asked(client: FlaskClient, receipt: str) -> None:
    asked_by(client, CHROME)
    assert OFFER not in asked_by(client, CHROME, receipt).html


def test_it_is_offered_once_and_a_reload_on_the_same_day_is_the_same_once(client: FlaskClient, clock: StandingClock, receipt: str) -> None:
    assert OFFER in asked_by(client, CHROME, receipt).html
    clock.advance(seconds=600)
    assert OFFER in asked_by(client, CHROME, receipt).html
    client.delete_cookie("sitthi-home-screen", domain="127.0.0.1")
    client.set_cookie("sitthi-home-screen", str(int(clock.machine_time()) - 24 * 3600), domain="127.0.0.1")
    assert OFFER not in asked_by(client, CHROME, receipt).html


@pytest.mark.parametrize("said", ["", "x", "-1", "²", "9" * 400, "99999999999"])
def test_a_cookie_that_nobody_wrote_offers_nothing(client: FlaskClient, receipt: str, said: str) -> None:
    client.set_cookie("sitthi-home-screen", said, domain="127.0.0.1")
    assert OFFER not in asked_by(client, CHROME, receipt).html


@pytest.mark.parametrize("agent", [agent for agent, way in BROWSERS.items() if way is Way.COMPUTER] + ["curl/8.5"])
def test_a_computer_is_not_offered_a_home_screen(client: FlaskClient, receipt: str, agent: str) -> None:
    assert OFFER not in asked_by(client, agent, receipt).html


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", ""])
def test_not_now_never_leads_to_another_site(client: FlaskClient, away: str) -> None:
    assert client.post("/install/not-now", data={"next": away}, base_url=APP).headers["Location"] == "/"
