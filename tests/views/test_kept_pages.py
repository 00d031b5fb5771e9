"""A finished page is given to the next who asks the same, and nobody is ever given what was made for another."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from tests.every_page import paths
from tests.front_door import APP, SignIn
from tests.standing_clock import StandingClock
from webapp.app import create_app
from webapp.config import ROOT
from webapp.domain.dates import BANGKOK
from webapp.ports import CalendarChange, Tools
from webapp.web import kept_pages
from webapp.web.assets import style_version
from webapp.web.kept_pages import EXTENSION, KEPT, MOST_PAGES, Pages
from webapp.web.tracking_parameters import without_tracking

SOMCHAI, SOMYING = "1000000000009", "1000000000017"
RAW_COOKIES = re.compile(r"""HTTP_COOKIE|headers(?:\.get\(|\[)["']Cookie["']""")
ASKED_FOR_ALL = frozenset(
    {
        "provinces", "province", "adjoining_provinces", "hospital", "hospitals", "find_hospitals", "last_register_import",
        "register_is_sample", "calendar_changes", "public_edition", "count_try", "tries_at", "notices_since", "read_only_since",
        "read_only_spell", "is_ready", "transaction", "again",
    }
)  # fmt: skip
"""What a page for everybody may ask the store: the register, the calendar, what an operator tells all; and the count of tries."""


def stranger(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


def held(app: Flask) -> int:
    """How many pages are kept."""
    found: Pages | None = app.extensions.get(EXTENSION)
    tools: Tools = app.extensions["sitthi"]
    return len(found.pages) if found and found.store is tools.store else 0


def text(client: FlaskClient, path: str, cookies: str = "", **headers: str) -> str:
    sent = {name.replace("_", "-"): value for name, value in headers.items()} | ({"Cookie": cookies} if cookies else {})
    return client.get(path, base_url=APP, headers=sent).get_data(as_text=True)


def kept_paths(app: Flask) -> list[str]:
    """Every page of a route that is kept, with the longest answers."""
    adapter = app.url_map.bind("127.0.0.1:8000")
    return [path for path in paths(app, "HC-none", ["RC-none"]) if adapter.match(path.partition("?")[0])[0] in KEPT]


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("fbclid=IwAR0x_y-z", ""), ("utm_source=line&utm_medium=social", ""), ("a=1&gclid=x&b=%E0%B8%81", "a=1&b=%E0%B8%81"),
        ("fbclid=x&a=1", "a=1"), ("a=&fbclid&igsh=2", "a="), ("xfbclid=1&q=fbclid", "xfbclid=1&q=fbclid"), ("a=1&&b=2", "a=1&&b=2"),
    ],
)  # fmt: skip
def test_what_follows_a_reader_is_taken_off_and_nothing_else(asked: str, left: str) -> None:
    assert without_tracking(asked) == left


def test_a_link_that_goes_round_is_one_page_for_all_and_names_no_reader(app: Flask) -> None:
    first = text(stranger(app), "/emergency?fbclid=IwAR0first&utm_source=line")
    assert "IwAR0first" not in first
    assert 'name="next" value="/emergency"' in first
    assert held(app) == 1
    assert text(stranger(app), "/emergency?fbclid=IwAR0second") == first == text(stranger(app), "/emergency")
    assert held(app) == 1


def test_the_second_who_asks_gets_the_page_of_the_first(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    first = stranger(app).get("/", base_url=APP)
    monkeypatch.setattr(kept_pages, "_page_of", lambda response: pytest.fail("made again"))
    second = stranger(app).get("/", base_url=APP)
    assert second.data == first.data
    unlike = {"X-Request-Id"}
    assert {one for one in first.headers if one[0] not in unlike} == {one for one in second.headers if one[0] not in unlike}


def test_each_language_look_and_way_of_reading_has_its_own(app: Flask) -> None:
    looks = ["", "sitthi-language=en", "sitthi-look=text_size=4", "sitthi-look=simple=1", "sitthi-look=theme=dark&shared_phone=1",
             "sitthi-look=less_data=1", f"sitthi-style={style_version()}"]  # fmt: skip
    asked = [(cookies, headers) for cookies in looks for headers in ({}, {"Save_Data": "on"}, {"Accept_Language": "en"})]
    first = [text(stranger(app), "/", cookies, **headers) for cookies, headers in asked]
    assert [text(stranger(app), "/", cookies, **headers) for cookies, headers in asked] == first
    assert [text(stranger(create_app(tools=app.extensions["sitthi"])), "/", cookies, **headers) for cookies, headers in asked] == first
    assert len(set(first)) > len(looks)


def test_whoever_is_signed_in_gets_their_own_and_leaves_nothing_behind(app: Flask, client: FlaskClient, sign_in: SignIn) -> None:
    for path in ("/", "/hospital-change", "/emergency", "/benefits/sickness"):
        text(stranger(app), path)
    before = held(app)
    sign_in(client, SOMCHAI)
    mine = {path: client.get(path, base_url=APP) for path in ("/", "/hospital-change", "/emergency", "/benefits/sickness", "/help/call")}
    assert "สมชาย" in mine["/"].get_data(as_text=True)
    assert {answer.headers["Cache-Control"] for answer in mine.values()} == {"no-store"}
    assert held(app) == before
    assert "สมชาย" not in text(stranger(app), "/")


def test_of_what_is_made_for_people_nothing_is_kept(app: Flask, sign_in: SignIn) -> None:
    for pid in (SOMCHAI, SOMYING):
        person = app.test_client()
        sign_in(person, pid)
        text(person, "/")
        before = held(app)
        for path in kept_paths(app):
            assert person.get(path, base_url=APP).headers["Cache-Control"] == "no-store", path
            assert held(app) == before, path


def test_whoever_began_a_request_sees_their_own_draft_and_a_stranger_none(app: Flask) -> None:
    without = text(stranger(app), "/hospital-change")
    beginner = app.test_client()
    beginner.post("/hospital-change/new", data={"cause": "annual", "in_patient": "no"}, base_url=APP)
    with_draft = beginner.get("/hospital-change", base_url=APP)
    assert with_draft.get_data(as_text=True) != without
    assert with_draft.headers["Cache-Control"] == "no-store"
    assert text(stranger(app), "/hospital-change") == without


def test_who_is_told_that_they_were_signed_out_is_the_only_one(
    app: Flask, client: FlaskClient, sign_in: SignIn, clock: StandingClock
) -> None:
    sign_in(client, SOMCHAI)
    client.set_cookie("sitthi-language", "en", domain="127.0.0.1")
    clock.advance(minutes=16)
    told = client.get("/", base_url=APP)
    assert "You are signed out" in told.get_data(as_text=True)
    assert "You are signed out" not in text(stranger(app), "/", "sitthi-language=en")


@pytest.mark.parametrize("reads", ["sitthi-browser", "sitthi-device", "sitthi-home-screen", "unheard-of"])
def test_a_page_that_looked_at_a_cookie_of_ones_own_is_not_kept(app: Flask, monkeypatch: pytest.MonkeyPatch, reads: str) -> None:
    monkeypatch.setitem(app.view_functions, "emergency.emergency", lambda: f"<p>{request.cookies.get(reads)}</p>")
    assert "mine" in text(stranger(app), "/emergency", f"{reads}=mine")
    assert held(app) == 0
    assert "None" in text(stranger(app), "/emergency")
    assert held(app) == 1, "who has no such cookie may share it"
    assert "theirs" in text(stranger(app), "/emergency", f"{reads}=theirs")
    assert "None" in text(stranger(app), "/emergency", "another=one")


@pytest.mark.parametrize("way", [list, dict, len, bool, sorted], ids=["names", "all", "count", "any", "order"])
def test_neither_is_one_that_looked_at_all_of_them(app: Flask, monkeypatch: pytest.MonkeyPatch, way: Any) -> None:
    monkeypatch.setitem(app.view_functions, "emergency.emergency", lambda: f"<p>{way(request.cookies)}</p>")
    text(stranger(app), "/emergency", "mine=1")
    assert held(app) == 0


def test_nothing_reads_cookies_by_another_way() -> None:
    """Past the notes: the header itself, of which one asks the size; the other stands before the app, and keeps nothing of ours."""
    files = (file for room in ("web", "views", "actions", "adapters") for file in (ROOT / "webapp" / room).rglob("*.py"))
    assert {file.name for file in files if RAW_COOKIES.search(file.read_text(encoding="utf-8"))} == {"security.py", "admission.py"}


def test_an_answer_that_sets_a_cookie_or_tells_of_a_mistake_is_not_kept(app: Flask) -> None:
    text(stranger(app), "/benefits/unemployment?asked=on&on_day=99&on_month=1&on_year=2569")
    text(stranger(app), "/guide/no-such-page")
    stranger(app).head("/", base_url=APP)
    stranger(app).get("/hospitals?q=a", base_url=APP, headers={"HX-Request": "true"})
    assert held(app) == 0


def test_the_next_minute_has_its_own(app: Flask, clock: StandingClock) -> None:
    text(stranger(app), "/")
    clock.advance(minutes=1)
    text(stranger(app), "/")
    assert held(app) == 2


def test_a_change_of_the_calendar_is_seen_at_once(app: Flask, tools: Tools) -> None:
    before = text(stranger(app), "/hospital-change")
    now = tools.clock.now()
    moved = {"year": 2027, "opens_on": "2026-12-01", "closes_on": "2027-05-20"}
    tools.store.put_calendar_change(CalendarChange("moved", "window", moved, "", "approved", "a", now, "b", now))
    assert text(stranger(app), "/hospital-change") != before


def test_pages_that_nobody_asks_for_any_more_make_room(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_pages, "MOST_PAGES", 3)
    for number in range(5):
        text(stranger(app), f"/emergency?n={number}")
    assert held(app) == 3
    text(stranger(app), "/emergency?n=" + "9" * 500)
    assert held(app) == 3
    assert MOST_PAGES >= 500


class Watched:
    """A store that notes what it is asked for."""

    def __init__(self, store: Any) -> None:
        self.store, self.asked = store, set[str]()

    def __getattr__(self, name: str) -> Any:
        def ask(*args: Any, **kwargs: Any) -> Any:
            self.asked.add(name)
            return getattr(self.store, name)(*args, **kwargs)

        return ask


def test_pages_that_are_kept_ask_for_nothing_but_what_the_edition_counts(tools: Tools) -> None:
    watched = Watched(tools.store)
    app = create_app(tools.settings, replace(tools, store=watched))  # type: ignore[arg-type]
    asked_for = kept_paths(app)
    assert {app.url_map.bind("127.0.0.1:8000").match(path.partition("?")[0])[0] for path in asked_for} == KEPT
    for path in asked_for:
        text(stranger(app), path)
    assert held(app) > 50
    assert watched.asked - ASKED_FOR_ALL == set()


def test_what_a_browser_says_of_itself_changes_no_page_that_is_kept(app: Flask, tools: Tools) -> None:
    """Each is made twice, by two apps, for two browsers that differ in all that is not in the key."""
    other = create_app(tools.settings, tools)
    iphone = {"User_Agent": "Mozilla/5.0 (iPhone) Safari/605", "Referer": f"{APP}/x", "X_Forwarded_For": "10.9.8.7", "DNT": "1"}
    desk = {"User_Agent": "Mozilla/5.0 (X11; Linux) Firefox/140", "Sec_Fetch_Site": "none", "Sec_Fetch_Dest": "document"}
    for path in kept_paths(app):
        assert text(stranger(app), path, **iphone) == text(stranger(other), path, **desk), path


def test_a_route_that_is_kept_is_there_and_is_no_write(app: Flask) -> None:
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules() if rule.endpoint in KEPT}
    assert set(rules) == KEPT
    assert all("POST" not in (rule.methods or ()) for rule in rules.values())


def test_the_minute_of_a_deadline_is_a_whole_one(tools: Tools) -> None:
    """A page is given again within its minute: no date may turn in the middle of one."""
    law = tools.law_book.on(tools.clock.today())
    closes = law.read("hospital_change.cut_off_time", time)
    assert (closes.second, closes.microsecond) == (0, 0)
    assert tools.clock.now().astimezone(BANGKOK).utcoffset() == timedelta(hours=7)
