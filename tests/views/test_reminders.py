"""Key dates, to read and as a calendar that any phone takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.front_door import APP, SignIn
from tests.pages import Page
from tests.standing_clock import StandingClock
from tests.views.test_home import sent
from webapp.actions.calendar import propose_window, rules_now, settle_calendar_change
from webapp.app import create_app
from webapp.domain.dates import BANGKOK
from webapp.domain.hospital_change import approve
from webapp.ports import CalendarChange, Tools
from webapp.web.icalendar import Event, calendar, escaped, folded

Look = Callable[..., Page]
STAMP = datetime(2026, 12, 20, tzinfo=BANGKOK)


def read_calendar(client: FlaskClient, lang: str = "en") -> str:
    answer = client.get(f"/reminders/calendar.ics?lang={lang}", base_url=APP)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return answer.get_data(as_text=True)


def events(text: str) -> list[dict[str, str]]:
    """Each event's lines by name, unfolded, without its alarm."""
    found: list[dict[str, str]] = []
    for block in re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text.replace("\r\n ", ""), re.DOTALL):
        bare = re.sub(r"BEGIN:VALARM.*?END:VALARM\r\n", "", block, flags=re.DOTALL)
        found.append(dict(line.split(":", 1) for line in bare.strip().split("\r\n")))
    return found


def test_the_page_names_this_round_the_window_and_the_next_rounds(client: FlaskClient, look: Look) -> None:
    text = look(client, "/reminders", "en").text
    assert "Send by Wednesday 30 December 2026, before 16:30" in text
    assert "Open now" in text
    assert "starts on 16 Jan 2027" in text


def test_outside_the_window_it_says_when_it_opens(client: FlaskClient, look: Look, clock: StandingClock) -> None:
    clock.set(datetime(2026, 5, 21, 9, 0, tzinfo=BANGKOK))
    text = look(client, "/reminders", "th").text
    assert "วันพุธที่ 16 ธันวาคม 2569" in text
    assert "เปลี่ยนได้เฉพาะผู้มีเหตุ" in text


@pytest.mark.parametrize("day", [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 400, 13)])
def test_the_picture_of_the_year_holds_on_any_day(client: FlaskClient, look: Look, clock: StandingClock, day: date) -> None:
    clock.set(datetime(day.year, day.month, day.day, 9, 0, tzinfo=BANGKOK))
    picture = re.search(r'<rect x="([\d.]+)" y="15" width="([\d.]+)"', look(client, "/reminders").html)
    assert picture
    assert 0 <= float(picture[1]) < float(picture[1]) + float(picture[2]) <= 288


def test_somebody_signed_in_sees_their_own_day_and_that_it_is_conditional(
    client: FlaskClient, look: Look, sign_in: SignIn, tools: Tools
) -> None:
    case = sent(tools)
    sign_in(client, "1000000000009")
    page = look(client, "/reminders", "en")
    assert "If approved in time, your new hospital starts" in page.text
    assert f"/hospital-change/{case.reference}" in page.links.values()
    assert client.get("/reminders", base_url=APP).headers["Cache-Control"] == "no-store"


def test_on_its_day_undecided_it_promises_no_start(
    client: FlaskClient, look: Look, sign_in: SignIn, tools: Tools, clock: StandingClock
) -> None:
    case = sent(tools)
    clock.set(datetime(2027, 1, 1, 8, 0, tzinfo=BANGKOK))
    sign_in(client, "1000000000009")
    page = look(client, "/reminders", "en")
    assert "If approved in time, your new hospital starts" not in page.text
    assert "It is still your old hospital until we tell you." in page.text
    assert page.links["See your request"] == f"/hospital-change/{case.reference}"


def test_a_request_that_is_with_the_office_has_no_day_to_show(client: FlaskClient, look: Look, sign_in: SignIn, tools: Tools) -> None:
    sent(tools)
    tools.store.run("UPDATE hospital_changes SET status = 'on_the_moon'")  # type: ignore[attr-defined]
    sign_in(client, "1000000000009")
    page = look(client, "/reminders", "en")
    assert "If approved in time, your new hospital starts" not in page.text
    assert "Call 1506 and ask." in page.text


def test_an_approved_request_names_its_day_and_hospital(client: FlaskClient, look: Look, sign_in: SignIn, tools: Tools) -> None:
    case = sent(tools)
    after, steps = approve(case, 1, tools.clock.now(), tools.store.officer_of("1000000000076").id, rules_now(tools))
    tools.store.update_hospital_change(case, after, steps)
    sign_in(client, "1000000000009")
    assert "From Friday 1 January 2027 your hospital is Pathum Thani Hospital." in look(client, "/reminders", "en").text


def test_whose_phone_opens_no_webcal_takes_google_or_the_address(client: FlaskClient, look: Look) -> None:
    page = look(client, "/reminders", "en")
    host = urlsplit(APP).netloc
    assert page.links["Add to my calendar"] == f"webcal://{host}/reminders/calendar.ics?lang=en"
    google = page.links["Add to Google Calendar"]
    assert google.startswith("https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F")
    assert parse_qs(urlsplit(google).query) == {"cid": [page.links["Add to my calendar"]]}
    assert re.search(r'<a class="btn" href="https://calendar\.google\.com[^>]* rel="noreferrer"', page.html)
    assert f'readonly value="{APP}/reminders/calendar.ics?lang=en"' in page.html
    for words in ("From URL", "It may leave out alarms", "Add Subscription Calendar", "Thunderbird"):
        assert words in page.text


def test_the_window_stands_in_the_calendar_as_whole_days(client: FlaskClient) -> None:
    found = {event["UID"]: event for event in events(read_calendar(client))}
    opens, closes = found["window-opens-2027@127.0.0.1"], found["window-closes-2027@127.0.0.1"]
    assert (opens["DTSTART;VALUE=DATE"], opens["DTEND;VALUE=DATE"]) == ("20261216", "20261217")
    assert (closes["DTSTART;VALUE=DATE"], closes["DTEND;VALUE=DATE"]) == ("20270331", "20270401")
    assert "window-opens-2028@127.0.0.1" in found


def test_a_cut_off_ends_at_the_very_moment_in_bangkok_time(client: FlaskClient) -> None:
    text = read_calendar(client)
    event = next(one for one in events(text) if one["UID"] == "cut-off-2027-01-01@127.0.0.1")
    assert event["DTEND;TZID=Asia/Bangkok"] == "20261230T163000"
    assert "BEGIN:VTIMEZONE\r\nTZID:Asia/Bangkok" in text
    assert "Send before 16:30: new hospital from 1 Jan 2027" in event["SUMMARY;LANGUAGE=en"]


def test_a_year_of_cut_offs_is_there_and_none_twice(client: FlaskClient) -> None:
    uids = [event["UID"] for event in events(read_calendar(client)) if event["UID"].startswith("cut-off")]
    assert 23 <= len(uids) <= 25
    assert len(uids) == len(set(uids))


@pytest.mark.parametrize("lang", ["th", "en"])
def test_the_file_is_as_calendars_want_it(client: FlaskClient, lang: str) -> None:
    text = read_calendar(client, lang)
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in lines) <= 75
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == text.count("DTSTAMP:")


def test_the_calendar_speaks_the_language_asked_for_or_the_browsers(client: FlaskClient) -> None:
    assert "ปฏิทิน" not in read_calendar(client, "en")
    assert "ส่งคำขอก่อน 16:30 น." in read_calendar(client, "th").replace("\r\n ", "")
    by_browser = client.get("/reminders/calendar.ics", base_url=APP, headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert "Sitthi: key dates" in by_browser


def test_a_demonstration_is_named_in_every_event(client: FlaskClient, tools: Tools) -> None:
    text = read_calendar(client)
    assert all(event["SUMMARY;LANGUAGE=en"].startswith("[Prototype] ") for event in events(text))
    assert "(prototype)" in text
    operated = replace(tools, settings=replace(tools.settings, operator="สำนักงานทดสอบ"))
    assert "rototype" not in read_calendar(create_app(operated.settings, operated).test_client())


def test_what_officers_moved_keeps_its_name_and_raises_the_sequence(client: FlaskClient, tools: Tools) -> None:
    uid = "window-closes-2027@127.0.0.1"
    before = next(one for one in events(read_calendar(client)) if one["UID"] == uid)
    first, second = (tools.store.officer_of(pid) for pid in ("1000000000076", "1000000000084"))
    moved = propose_window(tools, first, date(2026, 12, 16), date(2027, 4, 30), "ขยายเวลา")
    assert isinstance(moved, CalendarChange)
    settle_calendar_change(tools, second, moved.id, approve=True)
    after = next(one for one in events(read_calendar(client)) if one["UID"] == uid)
    assert after["DTSTART;VALUE=DATE"] == "20270430"
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_the_calendar_is_public_and_asking_again_is_cheap(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "1000000000009")
    text = read_calendar(client)
    assert "สมชาย" not in text
    assert "1000000000009" not in text
    answer = client.get("/reminders/calendar.ics?lang=en", base_url=APP)
    again = client.get("/reminders/calendar.ics?lang=en", base_url=APP, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_folded_line_never_tears_a_letter_or_its_mark() -> None:
    line = "SUMMARY:" + "ที่นี่ก็ได้น้ำ" * 12
    parts = folded(line).split("\r\n ")
    assert "".join(parts) == line
    assert len(parts) > 3
    assert all(len(part.encode()) <= (75 if number == 0 else 74) for number, part in enumerate(parts))
    assert not [part for part in parts if part[0] in "ิีึืุู่้๊๋์ั็"]


def test_text_is_written_out_as_the_format_wants() -> None:
    assert escaped("a,b;c\\d\ne\x07") == "a\\,b\\;c\\\\d\\ne"


def test_an_event_of_several_days_ends_on_the_day_after_the_last() -> None:
    text = calendar("x", [Event("u@x", date(2026, 12, 30), "t", last=date(2027, 1, 2), alarm_before=timedelta(hours=90))], STAMP, "en")
    assert "DTSTART;VALUE=DATE:20261230\r\nDTEND;VALUE=DATE:20270103\r\n" in text
    assert "TRIGGER:-PT5400M" in text
