"""What anybody can send or pile up here has an end: bodies, forms, addresses, headers, and the things that belong to one person."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.front_door import APP, SignIn
from tests.pages import read, sound
from tests.standing_clock import StandingClock
from tests.views.test_assurance import come_as, writes
from webapp.actions import calendar_feed, corrections, counter_codes, passkeys, reminders, sessions
from webapp.actions.sessions import MOST_SESSIONS, NO_DEVICE, Device
from webapp.adapters.store.queries.devices import MOST_DEVICES
from webapp.domain.assurance import Level, Via
from webapp.domain.correction import MOST_OPEN, About, Correction, Proof, Told
from webapp.ports import NewPasskey, Subscription, Tools
from webapp.web.security import LARGEST_BODY, LARGEST_COOKIES, LARGEST_FORM_PARTS, LARGEST_HEADERS, LARGEST_QUERY

SOMCHAI, OFFICER = "1000000000009", "1000000000076"
LONG = "x" * 4_000
FIELDS = (
    "about", "as", "card", "cause", "choose", "closes_on_day", "code", "day_day", "declared", "down", "drop", "face", "first_month",
    "first_year", "half", "handed_in_day", "in_patient", "key", "kind", "language", "last_month", "made", "mark", "moved_on_day",
    "moved_to", "name", "next", "note", "number", "opens_on_year", "ownership", "page", "passkey", "passkey_answer", "pin", "pin_again",
    "proof", "province", "q", "reason", "reference", "session", "should_be", "shown", "sure", "text_size", "time", "up", "why", "words",
)  # fmt: skip


def person_id(tools: Tools, pid: str = SOMCHAI) -> str:
    found = tools.store.person_id_of(pid)
    assert found
    return found


# One request


@pytest.mark.parametrize("lang", ["th", "en"])
def test_a_body_that_no_form_of_ours_makes_is_refused_in_words(client: FlaskClient, lang: str) -> None:
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    for path in ("/settings", "/sign-in/counter", "/hospital-change/new"):
        told = client.post(path, data=b"a=" + b"x" * LARGEST_BODY, content_type="application/x-www-form-urlencoded", base_url=APP)
        assert told.status_code == 413, path
        sound(read(told), lang)


def test_a_program_that_sends_too_much_is_told_so(client: FlaskClient) -> None:
    for path in ("/api/v1/benefits/death/assess", "/api/v1/benefits/nothing/assess"):
        told = client.post(path, data=b"{" + b" " * LARGEST_BODY, content_type="application/json", base_url=APP)
        assert (told.status_code, told.mimetype) == (413, "application/problem+json")


def test_a_body_of_the_largest_size_is_still_read(client: FlaskClient) -> None:
    body = b"{}" + b" " * (LARGEST_BODY - 2)
    assert client.post("/api/v1/benefits/death/assess", data=body, content_type="application/json", base_url=APP).status_code == 200


@pytest.mark.parametrize("many", [LARGEST_FORM_PARTS + 1, 20_000])
def test_a_form_of_more_fields_than_any_of_ours_is_refused(client: FlaskClient, many: int) -> None:
    plain = "&".join(f"a{number}=1" for number in range(many))
    told = client.post("/settings", data=plain, content_type="application/x-www-form-urlencoded", base_url=APP)
    assert told.status_code == 413
    parts = {f"a{number}": "1" for number in range(many)} if many < 1_000 else {}
    if parts:
        assert client.post("/settings", data=parts, content_type="multipart/form-data", base_url=APP).status_code == 413


def test_a_form_of_as_many_fields_as_may_be_is_read(client: FlaskClient) -> None:
    plain = "&".join(["language=en", *(f"a{number}=1" for number in range(LARGEST_FORM_PARTS - 1))])
    assert client.post("/language", data=plain, content_type="application/x-www-form-urlencoded", base_url=APP).status_code == 303


@pytest.mark.parametrize("lang", ["th", "en"])
def test_an_address_and_headers_of_no_browsers_size_are_refused(app: Flask, lang: str) -> None:
    own, client = {"Cookie": f"sitthi-language={lang}"}, app.test_client(use_cookies=False)
    assert client.get(f"/hospitals?q={'a' * (LARGEST_QUERY - 2)}", base_url=APP).status_code == 200
    long = client.get(f"/hospitals?q={'a' * LARGEST_QUERY}", headers=own, base_url=APP)
    assert long.status_code == 414
    sound(read(long), lang)
    for headers in ({"Cookie": f"{own['Cookie']}; a={'x' * LARGEST_COOKIES}"}, own | {"X-Something": "x" * LARGEST_HEADERS}):
        told = client.get("/hospitals", headers=headers, base_url=APP)
        assert told.status_code == 431
        sound(read(told), lang)
    program = client.get(f"/api/v1/hospitals?q={'a' * LARGEST_QUERY}", base_url=APP)
    assert (program.status_code, program.mimetype) == (414, "application/problem+json")


def test_no_form_of_ours_breaks_on_long_fields_nor_keeps_them(app: Flask, client: FlaskClient, tools: Tools) -> None:
    """Every write, as a person and as an officer, with 4,000 characters in every field at once: what is kept has an end."""
    walked = 0
    for method, path, endpoint in writes(app):
        for who in (Level.THAID_FRESH, "officer"):
            come_as(client, tools, who)
            told = client.open(path, method=method, data=dict.fromkeys(FIELDS, LONG), base_url=APP)
            assert told.status_code < 500, endpoint
            walked += 1
    assert walked > 90
    for table in _tables(tools):
        for row in tools.store.all(f"SELECT * FROM {table}"):  # type: ignore[attr-defined]
            assert max((len(str(value)) for value in dict(row).values()), default=0) < len(LONG), table


def _tables(tools: Tools) -> list[str]:
    rows = tools.store.all("SELECT name FROM sqlite_master WHERE type = 'table'")  # type: ignore[attr-defined]
    return [row["name"] for row in rows if not row["name"].startswith(("sqlite_", "hospital", "_"))]


def test_a_file_sent_where_none_is_asked_for_is_never_kept(client: FlaskClient, sign_in: SignIn, tools: Tools) -> None:
    sign_in(client, SOMCHAI)
    before = {table: len(tools.store.all(f"SELECT 1 FROM {table}")) for table in _tables(tools)}  # type: ignore[attr-defined]
    file = (io.BytesIO(b"MZ" + b"\0" * 5_000), "../../etc/cron.d/x.exe")
    told = client.post("/settings", data={"letters": file}, content_type="multipart/form-data", base_url=APP)
    assert told.status_code < 500
    after = {table: len(tools.store.all(f"SELECT 1 FROM {table}")) for table in _tables(tools)}  # type: ignore[attr-defined]
    assert {table for table in before if after[table] != before[table]} <= {"person_settings"}


# What belongs to one person


def test_a_person_has_twenty_sessions_and_the_next_ends_the_one_used_longest_ago(tools: Tools, clock: StandingClock) -> None:
    tokens = []
    for _ in range(MOST_SESSIONS + 3):
        tokens.append(sessions.open_session(tools, person_id(tools), None, Via.THAID, "2.3"))
        clock.advance(seconds=10)
    assert len(tools.store.sessions_of(person_id(tools))) == MOST_SESSIONS
    assert [sessions.session_of(tools, token) is None for token in tokens] == [True] * 3 + [False] * MOST_SESSIONS


def test_an_officer_has_twenty_too(tools: Tools) -> None:
    officer = tools.store.officer_of(OFFICER)
    assert officer
    tokens = [sessions.open_session(tools, None, officer.id, Via.THAID, "2.3") for _ in range(MOST_SESSIONS + 2)]
    assert sum(sessions.session_of(tools, token) is not None for token in tokens) == MOST_SESSIONS
    assert sessions.session_of(tools, tokens[-1])


def test_a_person_has_twenty_phones_and_the_one_reached_longest_ago_goes(tools: Tools) -> None:
    kept = [subscribed(tools, number) for number in range(reminders.MOST_PHONES + 2)]
    left = {one.number for one in tools.store.subscriptions_of([person_id(tools)])}
    assert left == {one.number for one in kept[2:]}


def subscribed(tools: Tools, number: int) -> Subscription:
    asked = reminders.Asked(f"https://fcm.googleapis.com/{number}", P256DH, AUTH)
    kept = reminders.subscribe(tools, asked, person_id(tools), "th")
    assert isinstance(kept, Subscription), kept
    return kept


P256DH = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"
AUTH = "tBHItJI5svbpez7KI4CCXg"


def test_no_more_browsers_are_remembered_than_somebody_could_know(tools: Tools, clock: StandingClock) -> None:
    for number in range(MOST_DEVICES + 5):
        sessions.open_session(tools, person_id(tools), None, Via.THAID, "2.3", Device("", f"mark-{number}"))
        clock.advance(seconds=1)
    assert tools.store.one("SELECT COUNT(*) AS many FROM known_devices")["many"] == MOST_DEVICES  # type: ignore[attr-defined]
    assert tools.store.knows_device(person_id(tools), f"mark-{MOST_DEVICES + 4}")
    assert not tools.store.knows_device(person_id(tools), "mark-0")


def test_a_person_has_one_calendar_address(tools: Tools) -> None:
    tokens = [calendar_feed.open_feed(tools, person_id(tools), "th") for _ in range(3)]
    assert [calendar_feed.feed_at(tools, token) is not None for token in tokens] == [False, False, True]


def test_a_person_has_ten_passkeys(tools: Tools) -> None:
    with tools.store.transaction():
        kept = [
            passkeys.keep(tools, person_id(tools), NewPasskey(f"key-{number}", "AA", 0), Via.THAID, NO_DEVICE)
            for number in range(passkeys.MOST_PASSKEYS + 1)
        ]
    assert kept == [True] * passkeys.MOST_PASSKEYS + [False]


def test_a_person_tells_of_so_many_faults_at_once_and_no_more(tools: Tools) -> None:
    told = [
        corrections.send(tools, person_id(tools), f"key-{number:016}", Told(About.WAGE, f"{number}", Proof.PAY_SLIP, date(2026, 8, 1)))
        for number in range(MOST_OPEN + 1)
    ]
    assert [isinstance(one, Correction) for one in told] == [True] * MOST_OPEN + [False]


def test_a_person_has_one_pin_and_one_code_that_opens(tools: Tools) -> None:
    officer = tools.store.officer_of(OFFICER)
    assert officer
    for _ in range(3):
        found = counter_codes.look_up(tools, officer, SOMCHAI, counter_codes.NumberKind.CITIZEN)
        assert isinstance(found, counter_codes.AtTheCounter)
        counter_codes.issue(tools, officer, counter_codes.Why.FORGOT_PIN, found.shown)
    codes = tools.store.counter_codes_of(person_id(tools))
    assert len([one for one in codes if one.ended_at is None]) == 1


def test_a_form_begun_is_one_of_its_kind_however_often_it_is_kept(tools: Tools) -> None:
    for _ in range(3):
        tools.store.keep_draft("person:x", "hospital_change", {}, 0.0)
    assert len(tools.store.drafts_of("person:x")) == 1


def test_what_a_try_costs_the_store_is_forgotten_within_a_day(tools: Tools, clock: StandingClock) -> None:
    tools.store.count_try("door", "who", tools.clock.machine_time(), 60.0)
    clock.advance(seconds=timedelta(days=1, minutes=1).total_seconds())
    sessions.forget_stale(tools)
    assert tools.store.tries_at("door", "who") == (0, 0.0)
