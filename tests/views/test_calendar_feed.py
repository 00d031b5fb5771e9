"""Calendars as another program reads them (icalendar, not ours); and the private one, whose address is a key."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from tests.front_door import APP, SignIn
from tests.pages import Page
from tests.standing_clock import StandingClock
from tests.views.test_home import sent
from webapp.actions import hospital_change
from webapp.actions.calendar import rules_now
from webapp.app import create_app
from webapp.domain.dates import BANGKOK
from webapp.domain.hospital_change import approve
from webapp.ports import Tools
from webapp.web.limit_table import DOORS, one_thing

Look = Callable[..., Page]
SOMCHAI, SUDA, LEFT_WORK = "1000000000009", "1000000000017", "1000000000041"
PAGE = "/my-data/calendar"


def make_feed(client: FlaskClient, look: Look, lang: str = "en") -> str:
    """The path of a new private calendar, as its page shows it once."""
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    assert client.post(PAGE, base_url=APP).status_code == 303
    found = re.search(r'value="http://127\.0\.0\.1:8000(/reminders/feed/[\w-]+\.ics)"', look(client, PAGE, lang).html)
    assert found
    return found[1]


def read(client: FlaskClient, path: str) -> Calendar:
    answer = client.get(path, base_url=APP)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert max(len(line) for line in answer.data.split(b"\r\n")) <= 75, "octets, not letters"
    assert b"\n" not in answer.data.replace(b"\r\n", b"")
    return Calendar.from_ical(answer.data)


@pytest.mark.parametrize("lang", ["th", "en"])
def test_another_program_reads_the_public_calendar_as_meant(client: FlaskClient, lang: str) -> None:
    calendar = read(client, f"/reminders/calendar.ics?lang={lang}")
    assert (calendar["VERSION"], calendar["METHOD"], calendar["CALSCALE"]) == ("2.0", "PUBLISH", "GREGORIAN")
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(days=1)
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Bangkok"
    events = calendar.walk("VEVENT")
    assert not [event.errors for event in events if event.errors]
    assert len({event["UID"] for event in events}) == len(events) > 20
    for event in events:
        assert event["DTSTAMP"].dt.utcoffset() == timedelta(0)
        assert int(event["SEQUENCE"]) >= 0
        starts, ends = event["DTSTART"].dt, event["DTEND"].dt
        (alarm,) = event.walk("VALARM")
        rings = alarm["TRIGGER"].dt
        if isinstance(starts, datetime):
            assert starts.utcoffset() == timedelta(hours=7)
            assert (ends.hour, ends.minute) == (16, 30), "the very moment by which to send"
        else:
            assert (event["DTSTART"].params["VALUE"], ends - starts) == ("DATE", timedelta(days=1))
            rings += timedelta(hours=24)
            assert rings == timedelta(hours=9), "the morning before, not midnight"


def test_names_of_events_stay_the_same_from_day_to_day(client: FlaskClient, clock: StandingClock) -> None:
    def names() -> set[str]:
        return {str(event["UID"]) for event in read(client, "/reminders/calendar.ics").walk("VEVENT")}

    first = names()
    clock.advance(days=3)
    assert names() <= first | {max(names() - first, default="")}


def test_my_own_calendar_shows_my_dates_and_names_nothing_of_me(client: FlaskClient, sign_in: SignIn, look: Look, tools: Tools) -> None:
    case = sent(tools)
    sign_in(client, SOMCHAI)
    path = make_feed(client, look)
    (event,) = read(client, path).walk("VEVENT")
    assert event["DTSTART"].dt == case.effective_on
    assert (event["STATUS"], event["SUMMARY"]) == ("TENTATIVE", "[Prototype] It may start today: open Sitthi first")
    text = client.get(path, base_url=APP).get_data(as_text=True).replace("\r\n ", "")
    assert not [word for word in ("สมชาย", SOMCHAI, case.reference, "hospital", "โรงพยาบาล", *case.choices) if word in text]


def test_a_calendar_program_needs_no_sign_in_and_hears_the_language_it_was_made_in(
    client: FlaskClient, another_client: FlaskClient, sign_in: SignIn, look: Look, tools: Tools
) -> None:
    sent(tools)
    sign_in(client, SOMCHAI)
    answer = another_client.get(make_feed(client, look, "th"), base_url=APP, headers={"Accept-Language": "en"})
    assert "อาจเริ่มวันนี้" in answer.get_data(as_text=True).replace("\r\n ", "")
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_falls_away_leaves_the_calendar_and_what_is_approved_says_so(
    client: FlaskClient, sign_in: SignIn, look: Look, tools: Tools
) -> None:
    case = sent(tools)
    sign_in(client, SOMCHAI)
    path = make_feed(client, look)
    (before,) = read(client, path).walk("VEVENT")
    assert hospital_change.withdraw(tools, case.person_id, case.reference)
    assert read(client, path).walk("VEVENT") == []
    assert before["UID"]


def test_a_day_that_came_undecided_and_a_request_with_the_office_leave_the_calendar(
    client: FlaskClient, sign_in: SignIn, look: Look, tools: Tools, clock: StandingClock
) -> None:
    case = sent(tools)
    sign_in(client, SOMCHAI)
    path = make_feed(client, look)
    assert len(read(client, path).walk("VEVENT")) == 1
    at = clock.now()
    for day in (case.effective_on, case.effective_on + timedelta(days=20)):
        clock.set(datetime(day.year, day.month, day.day, 9, 0, tzinfo=BANGKOK))
        assert read(client, path).walk("VEVENT") == []
    clock.set(at)
    tools.store.run("UPDATE hospital_changes SET status = 'on_the_moon'")  # type: ignore[attr-defined]
    assert read(client, path).walk("VEVENT") == []


def test_an_approved_day_stays_through_that_day_and_goes_with_it(
    client: FlaskClient, sign_in: SignIn, look: Look, tools: Tools, clock: StandingClock
) -> None:
    case = sent(tools)
    after, steps = approve(case, 1, tools.clock.now(), tools.store.officer_of("1000000000076").id, rules_now(tools))
    tools.store.update_hospital_change(case, after, steps)
    sign_in(client, SOMCHAI)
    path = make_feed(client, look)
    clock.set(datetime(2027, 1, 1, 23, 0, tzinfo=BANGKOK))
    (event,) = read(client, path).walk("VEVENT")
    assert (event["STATUS"], event["DTSTART"].dt) == ("CONFIRMED", case.effective_on)
    clock.set(datetime(2027, 1, 2, 0, 0, tzinfo=BANGKOK))
    assert read(client, path).walk("VEVENT") == []


def test_the_secret_is_given_to_copy_and_to_no_other_scheme_or_company(client: FlaskClient, sign_in: SignIn, look: Look) -> None:
    sign_in(client, SOMCHAI)
    assert client.post(PAGE, base_url=APP).status_code == 303
    page = look(client, PAGE, "en")
    secret = re.search(r"/reminders/feed/([\w-]+)\.ics", page.html)
    assert secret
    assert page.html.count(secret[1]) == 1
    assert "webcal" not in page.html
    assert not [address for address in page.links.values() if "google" in address or secret[1] in address]
    assert "From URL" in page.text


def test_a_form_begun_brings_its_cut_off(client: FlaskClient, sign_in: SignIn, look: Look) -> None:
    sign_in(client, SUDA)
    path = make_feed(client, look)
    client.post("/hospital-change/new", data={"cause": "annual", "in_patient": "no"}, base_url=APP)
    (event,) = read(client, path).walk("VEVENT")
    assert event["DTEND"].dt == datetime(2026, 12, 30, 16, 30, tzinfo=BANGKOK)


def test_somebody_out_of_work_has_the_days_to_act_by(client: FlaskClient, sign_in: SignIn, look: Look, tools: Tools) -> None:
    person_id = tools.store.person_id_of(SUDA)
    tools.store.run(  # type: ignore[attr-defined]
        "UPDATE people SET insured_until = '2026-12-10' WHERE id = :id", id=person_id
    )
    sign_in(client, SUDA)
    events = read(client, make_feed(client, look)).walk("VEVENT")
    assert events
    assert all(event["DTSTART"].dt > date(2026, 12, 20) for event in events)
    assert {str(event["SUMMARY"]) for event in events} == {"[Prototype] A date to keep: open Sitthi"}


def test_the_address_is_shown_once_and_a_new_one_ends_it(client: FlaskClient, sign_in: SignIn, look: Look) -> None:
    sign_in(client, SOMCHAI)
    old = make_feed(client, look)
    assert "/reminders/feed/" not in look(client, PAGE, "en").html
    new = make_feed(client, look)
    assert new != old
    assert client.get(old, base_url=APP).status_code == 410
    assert client.get(new, base_url=APP).status_code == 200


def test_an_ended_calendar_and_one_that_never_was_cannot_be_told_apart(client: FlaskClient, sign_in: SignIn, look: Look) -> None:
    sign_in(client, SOMCHAI)
    path = make_feed(client, look)
    client.post(f"{PAGE}/end", base_url=APP)
    ended, never = client.get(path, base_url=APP), client.get("/reminders/feed/never.ics", base_url=APP)
    assert (ended.status_code, ended.data) == (never.status_code, never.data) == (410, never.data)
    assert "Make my calendar" in look(client, PAGE, "en").text


def test_the_store_holds_no_address(client: FlaskClient, sign_in: SignIn, look: Look, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    token = make_feed(client, look).rpartition("/")[2].removesuffix(".ics")
    assert len(token) >= 43
    row = tools.store.one("SELECT * FROM calendar_feeds")  # type: ignore[attr-defined]
    assert token not in str(dict(row))


def test_too_many_askings_wait_each_calendar_for_itself(sign_in: SignIn, look: Look, tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DOORS, "calendar-feed", (one_thing(2),))
    limited = replace(tools, settings=replace(tools.settings, limits=True))
    built = create_app(limited.settings, limited)
    paths = []
    for pid in (SOMCHAI, SUDA):
        browser = built.test_client()
        sign_in(browser, pid)
        paths.append(make_feed(browser, look))
    service = built.test_client()
    assert [service.get(paths[0], base_url=APP).status_code for _ in range(3)] == [200, 200, 429]
    assert service.get(paths[0], base_url=APP).headers["Retry-After"]
    assert service.get(paths[1], base_url=APP).status_code == 200


def test_only_somebody_signed_in_makes_one(client: FlaskClient) -> None:
    for method, path in (("GET", PAGE), ("POST", PAGE), ("POST", f"{PAGE}/end")):
        answer = client.open(path, method=method, base_url=APP)
        assert (answer.status_code, answer.headers["Location"].startswith("/sign-in")) == (303, True)
