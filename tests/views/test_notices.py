"""What an operator tells everybody: above every page, in both languages, in its time only; and what /status says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import pages
from tests.front_door import APP, SignIn
from tests.pages import Page
from tests.standing_clock import StandingClock
from tests.views.test_assurance import come_as
from webapp.actions import notices, read_only
from webapp.actions.notices import SECONDS_REMEMBERED, Board
from webapp.adapters.store.sqlite import SqliteStore
from webapp.app import create_app
from webapp.domain.notice import About, Kind
from webapp.domain.read_only import Why
from webapp.ports import StoreUnavailable, Tools
from webapp.web.language import catalogue

Look = Callable[..., Page]
TH, EN = "หน้าเว็บช้ากว่าปกติ", "Pages are slower than usual"
SOMCHAI = "1000000000009"


def tell(tools: Tools, clock: StandingClock, *, kind: Kind = Kind.INFO, begins: float = 0, lasts: float | None = None) -> int:
    """Seconds from now on."""
    now = clock.now()
    until = now + timedelta(seconds=begins + lasts) if lasts is not None else None
    return notices.add(tools, kind, TH, EN, now + timedelta(seconds=begins) if begins else None, until).number


@pytest.fixture(autouse=True)
def _a_board_that_looks_again(client: FlaskClient, clock: StandingClock) -> None:
    client.get("/healthz", base_url=APP)
    clock.advance(seconds=SECONDS_REMEMBERED)


def test_it_stands_above_every_page_in_the_language_of_the_page(
    client: FlaskClient, tools: Tools, clock: StandingClock, look: Look
) -> None:
    tell(tools, clock)
    for path in ("/", "/benefits", "/hospital-change/new", "/emergency", "/rules?on=2020-10-01&print=1", "/guide/contributions"):
        thai, english = look(client, path, "th"), look(client, path, "en")
        assert TH in thai.text, path
        assert EN not in thai.text
        assert EN in english.text
        assert "To know" in english.text
        assert english.html.index('class="told noprint"') < english.html.index("<main")
    assert EN in pages.sound(pages.read(client.get("/no-such-page", base_url=APP)), "en").text


def test_an_officer_reads_it_too(client: FlaskClient, tools: Tools, clock: StandingClock, look: Look) -> None:
    come_as(client, tools, "officer")
    tell(tools, clock)
    assert EN in look(client, "/officer", "en").text


def test_it_is_shown_in_its_time_only(client: FlaskClient, tools: Tools, clock: StandingClock, look: Look) -> None:
    tell(tools, clock, kind=Kind.PLANNED, begins=3600, lasts=1800)
    assert EN not in look(client, "/", "en").text
    assert "What is to come" in look(client, "/status", "en").main
    clock.advance(hours=1)
    shown = look(client, "/", "en").text
    assert EN in shown
    until = clock.now() + timedelta(minutes=30)
    assert f"Our work until {until:%H:%M} {EN}" in shown
    clock.advance(minutes=30)
    assert EN not in look(client, "/", "en").text
    assert EN in look(client, "/status", "en").main, "/status tells of it afterwards"


def test_ended_by_hand_it_is_gone_within_seconds(client: FlaskClient, tools: Tools, clock: StandingClock, look: Look) -> None:
    number = tell(tools, clock)
    assert EN in look(client, "/", "en").text
    assert notices.end(tools, number)
    assert not notices.end(tools, number)
    clock.advance(seconds=SECONDS_REMEMBERED)
    assert EN not in look(client, "/", "en").text


def test_trouble_stands_first_and_nothing_is_markup(client: FlaskClient, tools: Tools, clock: StandingClock, look: Look) -> None:
    tell(tools, clock)
    notices.add(tools, Kind.TROUBLE, "ทดสอบ & \"คำพูด\"", "Trial & \"quotes\"", None, None)
    page = look(client, "/", "en")
    assert page.text.index("Trial & \"quotes\"") < page.text.index(EN)
    assert "Trial &amp; &#34;quotes&#34;" in page.html


@pytest.mark.parametrize("about", About)
def test_what_happens_most_is_told_without_anybody_writing_thai(
    client: FlaskClient, tools: Tools, look: Look, about: About
) -> None:
    notices.add_about(tools, about, None, None)
    english, thai = look(client, "/benefits", "en"), look(client, "/benefits", "th")
    words = next(one for one in _words_of_abouts(english.html))
    assert words in english.text
    assert words not in thai.text
    assert catalogue("th").gettext(words).replace("|", "") in thai.text


def _words_of_abouts(html: str) -> list[str]:
    band = html.partition('<section class="told')[2].partition("</section>")[0]
    return [part.partition("</span>")[0] for part in band.split("<br> <span>")[1:]]


def test_pages_kept_on_a_phone_for_days_carry_none(client: FlaskClient, tools: Tools, clock: StandingClock) -> None:
    tell(tools, clock)
    kept = client.get("/pages-to-keep?language=en&needed=1", base_url=APP).get_json()["pages"]
    assert kept
    assert not [path for path, html in kept.items() if 'class="told' in html]


def test_a_copy_of_a_page_says_of_when_its_notices_are(client: FlaskClient, tools: Tools, clock: StandingClock) -> None:
    """service-worker.js fills in the time and lets go of what is over by then."""
    tell(tools, clock, lasts=600)
    client.set_cookie("sitthi-language", "en", domain="127.0.0.1")
    html = client.get("/", base_url=APP).get_data(as_text=True)
    band = html.partition('<section class="told')[2].partition("</section>")[0]
    assert "<!--as-of " in band
    assert "#time" in band
    assert f'data-until="{(clock.now() + timedelta(seconds=600)).isoformat()}"' in band


# The board


class Counting:
    """A store that counts how often the board asks it, and can be down."""

    def __init__(self, store: Any) -> None:
        self._store, self.asked, self.is_down = store, 0, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def notices_since(self, since: Any) -> Any:
        self.asked += 1
        if self.is_down:
            raise StoreUnavailable("down")
        return self._store.notices_since(since)


def test_a_thousand_pages_ask_the_store_once(tools: Tools, clock: StandingClock) -> None:
    store = Counting(tools.store)
    board = Board(replace(tools, store=store))  # type: ignore[arg-type]
    for _ in range(1000):
        board.posted()
    assert store.asked == 1
    clock.advance(seconds=SECONDS_REMEMBERED)
    board.posted()
    assert store.asked == 2


def test_while_the_store_is_down_the_board_shows_what_it_saw_last(tools: Tools, clock: StandingClock) -> None:
    tell(tools, clock, lasts=600)
    store = Counting(tools.store)
    board = Board(replace(tools, store=store))  # type: ignore[arg-type]
    assert len(board.posted().shown(clock.now())) == 1
    store.is_down = True
    clock.advance(minutes=1)
    assert [one.en for one in board.posted().shown(clock.now())] == [EN]
    asked = store.asked
    board.posted()
    assert store.asked == asked, "a store in trouble is not asked with each page"
    clock.advance(minutes=10)
    assert not board.posted().shown(clock.now()), "and its time ends it all the same"


def test_a_store_that_never_answered_has_told_nothing(tools: Tools, tmp_path: Path) -> None:
    nowhere = SqliteStore(tmp_path / "no such folder" / "sitthi.db", tools.store.vault)
    page = pages.look(create_app(tools.settings, replace(tools, store=nowhere)).test_client(), "/status", "en")
    assert "our database does not answer" in page.main.lower()
    assert "We cannot look that up now." in page.main


def test_while_the_store_is_down_status_tells_what_was_known(tools: Tools, clock: StandingClock, settings: Any) -> None:
    number = tell(tools, clock, kind=Kind.TROUBLE)
    store = Counting(tools.store)
    app = create_app(settings, replace(tools, store=store))  # type: ignore[arg-type]
    client = app.test_client()
    assert EN in pages.look(client, "/status", "en").main
    store.is_down = True
    store.is_ready = lambda: False  # type: ignore[attr-defined]
    clock.advance(minutes=5)
    page = pages.look(client, "/status", "en")
    assert EN in page.main
    assert "our database does not answer" in page.main.lower()
    assert number


# /status


def test_status_says_all_is_well_where_it_is(client: FlaskClient, look: Look) -> None:
    page = look(client, "/status", "en").main
    assert "Yes, as far as we can see from here." in page
    assert "We have told of nothing." in page
    assert "On time" in page


def test_status_says_that_only_reading_works_and_tells_of_it_afterwards(
    client: FlaskClient, tools: Tools, clock: StandingClock, look: Look
) -> None:
    read_only.begin(tools, Why.TROUBLE, clock.now() + timedelta(hours=1))
    page = look(client, "/status", "en")
    assert "Reading only" in page.main
    assert "You can send again from" in page.main
    assert page.links["Call 1506"] == "tel:1506"
    assert "Yes, as far as we can see" not in page.main
    clock.advance(minutes=30)
    read_only.end(tools)
    clock.advance(minutes=5)
    after = look(client, "/status", "en").main
    assert "Yes, as far as we can see from here." in after
    assert "Reading only" in after.partition("The last 30 days")[2]


def test_status_says_not_everything_works_in_trouble_and_forgets_after_thirty_days(
    client: FlaskClient, tools: Tools, clock: StandingClock, look: Look
) -> None:
    number = tell(tools, clock, kind=Kind.TROUBLE)
    assert "Not everything: see below." in look(client, "/status", "en").main
    clock.advance(hours=1)
    notices.end(tools, number)
    clock.advance(days=29)
    assert EN in look(client, "/status", "en").main
    clock.advance(days=2)
    assert EN not in look(client, "/status", "en").main


@pytest.mark.parametrize(("minutes", "words"), [(5, "On time"), (15, "Some minutes late"), (90, "Over an hour late")])
def test_status_says_in_words_how_late_reminders_are(
    client: FlaskClient, tools: Tools, clock: StandingClock, sign_in: SignIn, look: Look, minutes: int, words: str
) -> None:
    clock.set(clock.now().replace(hour=10, minute=0))
    sign_in(client, SOMCHAI)
    sign_in(client.application.test_client(), SOMCHAI)  # from a browser that was never seen: the other phones are told
    clock.advance(minutes=minutes)
    assert words in look(client, "/status", "en").main


def test_at_night_no_reminder_is_late(client: FlaskClient, clock: StandingClock, sign_in: SignIn, look: Look) -> None:
    clock.set(clock.now().replace(hour=19, minute=0))
    sign_in(client, SOMCHAI)
    sign_in(client.application.test_client(), SOMCHAI)
    clock.set(clock.now().replace(hour=23))
    assert "On time" in look(client, "/status", "en").main
    clock.set(clock.now().replace(hour=8, minute=5) + timedelta(days=1))
    assert "Over an hour late" in look(client, "/status", "en").main, "it should have gone at seven in the evening"


def test_the_app_itself_needs_no_new_question_for_a_page(app: Flask, client: FlaskClient, tools: Tools, clock: StandingClock) -> None:
    client.get("/", base_url=APP)
    asked: list[str] = []
    tools.store.db.conn.set_trace_callback(asked.append)  # type: ignore[attr-defined]
    client.get("/", base_url=APP)
    tools.store.db.conn.set_trace_callback(None)  # type: ignore[attr-defined]
    assert not [one for one in asked if "notices" in one or "read_only" in one]
