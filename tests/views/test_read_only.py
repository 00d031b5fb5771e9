"""While nothing is taken in: everything can be read, no write is lost and none is half done, and afterwards all goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import claim_people
from tests.actions import test_corrections
from tests.conftest import ENGINES
from tests.every_page import OFFICER, SOMCHAI, paths
from tests.front_door import APP, SignIn
from tests.pages import Page, read, sound
from tests.standing_clock import StandingClock
from tests.views.test_assurance import come_as, writes
from tests.views.test_corrections import A_WAGE
from tests.views.test_home import sent
from webapp.actions import officers, read_only
from webapp.app import create_app, store_for, tools_for
from webapp.commands import sitthi
from webapp.domain.assurance import GOES_ON, READS, Act, Level
from webapp.domain.dates import BANGKOK
from webapp.domain.hospital_change import Status
from webapp.domain.read_only import Why
from webapp.ports import StoreFull, StoreReadOnly, Tools
from webapp.web import guards

Look = Callable[..., Page]
WHAT_GOES_ON = {"sessions", "tries", "audit_entries", "reminders", "sqlite_sequence"}
"""What reading writes: that somebody was here, that they read, and how far they are in their messages."""
WRONG = "/my-data/wrong"


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def rows(tools: Tools, leaving_out: set[str] | frozenset[str] = frozenset()) -> dict[str, list[tuple[Any, ...]]]:
    """Every row there is, by table; search tables and their shadows aside."""
    names = {name for name in tools.store.count_rows() if not name.startswith("hospital_words_fts")}
    read = tools.store.all  # type: ignore[attr-defined]
    return {name: sorted(tuple(map(str, dict(row).values())) for row in read(f'SELECT * FROM "{name}"')) for name in names - leaving_out}


def rest(tools: Tools, until: datetime | None = None, why: Why = Why.MAINTENANCE) -> None:
    read_only.begin(tools, why, until)


@pytest.fixture
def unwritable(tools: Tools) -> Iterator[Flask]:
    """The app as SITTHI_READ_ONLY=on makes it, over the same database."""
    settings = replace(tools.settings, read_only=True)
    store = store_for(settings, tools.store.vault, tools.meter)  # type: ignore[attr-defined]
    yield create_app(settings, replace(tools, settings=settings, store=store))
    store.close()


def test_only_what_loses_nobody_anything_goes_on() -> None:
    of_sessions = {Act.SIGN_IN_OR_OUT, Act.HELP_SOMEBODY, Act.STOP_HELPING, Act.END_DEVICES}
    assert of_sessions | {Act.USE_THIS_BROWSER, Act.ASK_THE_OPEN_API} == GOES_ON - READS
    assert Act.TAKE_A_PAYMENT_FILE not in GOES_ON, "who took it is written down, or it is not given out"


@pytest.mark.parametrize("who", [Level.NOBODY, Level.THAID_FRESH, "officer"])
def test_every_write_that_rests_answers_503_and_leaves_no_trace(app: Flask, client: FlaskClient, tools: Tools, who: Level | str) -> None:
    come_as(client, tools, who)
    rest(tools)
    before, walked, wrong = rows(tools), 0, []
    for method, address, endpoint in writes(app):
        if guards.act_of(app.view_functions[endpoint]) in GOES_ON:
            continue
        answer = client.open(address, method=method, data={"note": "what was typed", "key": "k" * 24}, base_url=APP)
        walked += 1
        if answer.status_code != 503 or "Retry-After" not in answer.headers:
            wrong.append((method, address, answer.status_code))
    assert walked > 40
    assert not wrong
    assert rows(tools) == before


@pytest.mark.parametrize("who", [Level.NOBODY, Level.THAID_FRESH, "officer"])
def test_every_page_can_be_read_and_writes_nothing_that_could_be_missed(
    app: Flask, client: FlaskClient, tools: Tools, who: Level | str
) -> None:
    reference = sent(tools).reference
    come_as(client, tools, who)
    addresses = paths(app, reference, ["CR-none"])
    rest(tools)
    before = rows(tools, WHAT_GOES_ON)
    resting = {address: client.get(address, base_url=APP).status_code for address in addresses}
    assert rows(tools, WHAT_GOES_ON) == before
    read_only.end(tools)
    assert resting == {address: client.get(address, base_url=APP).status_code for address in addresses}


def test_programs_and_calendars_read_on(client: FlaskClient, tools: Tools) -> None:
    rest(tools)
    for address in ("/api/v1/hospitals?q=a", "/api/v1/law", "/reminders/calendar.ics", "/healthz"):
        assert client.get(address, base_url=APP).status_code == 200, address
    asked = client.post("/api/v1/benefits/sickness/assess", json={"on": "2026-12-01", "answers": {}}, base_url=APP)
    assert asked.status_code == 200
    ready = client.get("/readyz", base_url=APP)
    assert (ready.status_code, ready.get_json()["read_only"]) == (200, True)


def test_people_can_sign_in_and_out_and_set_their_letters_meanwhile(client: FlaskClient, tools: Tools, sign_in: SignIn, look: Look) -> None:
    rest(tools)
    assert sign_in(client, SOMCHAI, "/my-data").headers["Location"].endswith("/my-data")
    assert "นายสมชาย" in look(client, "/my-data", "th").text
    assert client.post("/settings/text-size", data={"size": "3"}, base_url=APP).status_code == 303
    assert client.post("/sign-out", base_url=APP).status_code == 303
    assert client.get("/my-data", base_url=APP).status_code == 303


def tell_a_wrong_wage(client: FlaskClient) -> TestResponse:
    return client.post(WRONG, data={"key": "k" * 24, **A_WAGE}, base_url=APP)


@pytest.mark.parametrize(("lang", "words"), [("en", "Nothing can be sent right now"), ("th", "ตอนนี้ยังส่งเรื่องไม่ได้")])
def test_a_form_comes_back_with_what_was_typed_and_the_time(
    client: FlaskClient, tools: Tools, clock: StandingClock, sign_in: SignIn, lang: str, words: str
) -> None:
    sign_in(client, SOMCHAI)
    client.post("/language", data={"language": lang}, base_url=APP)
    rest(tools, clock.now() + timedelta(minutes=40))
    refused = tell_a_wrong_wage(client)
    page = sound(read(refused), lang)
    assert page.h1 == [words]
    assert refused.headers["Retry-After"] == "2400"
    until = clock.now() + timedelta(minutes=40)
    assert f"{until:%H:%M}" in page.main
    assert page.form(WRONG)["fields"]["key"] == "k" * 24
    assert {name: page.form(WRONG)["fields"][name] for name in A_WAGE} == A_WAGE
    assert "Nothing can be sent" in page.main
    assert "ยังส่งเรื่องไม่ได้" in page.main, "both languages"


def test_the_same_form_sent_again_afterwards_is_there_once(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    client.set_cookie("sitthi-language", "en", domain="127.0.0.1")
    rest(tools)
    refused = [tell_a_wrong_wage(client) for _ in range(3)]
    assert [one.status_code for one in refused] == [503] * 3
    person_id = tools.store.person_id_of(SOMCHAI)
    assert tools.store.corrections_of(person_id) == []
    read_only.end(tools)
    form = read(refused[0]).form(WRONG)
    receipts = {client.post(form["action"], data=form["fields"], base_url=APP).headers["Location"] for _ in range(2)}
    assert len(receipts) == 1
    assert len(tools.store.corrections_of(person_id)) == 1


def test_a_phone_that_sends_what_waited_learns_that_it_has_to_go_on_waiting(client: FlaskClient, tools: Tools, sign_in: SignIn) -> None:
    """static/js/phone.js keeps what gets a 5xx; a 401 or 409 would ask for a hand."""
    rest(tools)
    answer = client.post("/hospital-change/new/check", data={"key": "k" * 24}, headers={"Sitthi-Author": "x" * 32}, base_url=APP)
    assert answer.status_code == 503
    program = client.post("/reminders/subscriptions", json={}, base_url=APP)
    assert (program.status_code, program.mimetype) == (503, "application/problem+json")


def test_an_end_that_has_passed_is_told_to_nobody_and_ends_nothing(
    client: FlaskClient, tools: Tools, clock: StandingClock, look: Look
) -> None:
    rest(tools, clock.now() + timedelta(minutes=10))
    clock.advance(minutes=20)
    answer = client.post("/hospital-change/new", data={"cause": "annual"}, base_url=APP)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "300"
    assert "We do not know yet when you can send again." in look(client, "/status", "en").main


def test_every_page_says_so_before_anybody_fills_in_a_form(client: FlaskClient, tools: Tools, clock: StandingClock, look: Look) -> None:
    assert "Reading only" not in look(client, "/hospital-change/new", "en").text
    rest(tools, clock.now() + timedelta(hours=1))
    clock.advance(seconds=6)
    for path in ("/", "/hospital-change/new", "/benefits", "/emergency"):
        page = look(client, path, "en")
        assert "Reading only" in page.text, path
        assert "not send anything now" in page.text
    assert "อ่านได้อย่างเดียว" in look(client, "/", "th").text
    assert page.html.index('class="told') < page.html.index("<main")
    read_only.end(tools)
    clock.advance(seconds=6)
    assert "Reading only" not in look(client, "/", "en").text


def test_a_link_from_the_channel_app_is_not_kept_by_a_page_that_is_only_asked_for(client: FlaskClient, tools: Tools) -> None:
    """`GET /government-channel/linked` writes: it stands behind the same door."""
    from webapp.web.read_only import must_be_taken_in

    rest(tools)
    app = client.application
    with app.test_request_context("/government-channel/linked", base_url=APP), pytest.raises(StoreReadOnly):
        must_be_taken_in()


def test_a_database_that_is_not_migrated_yet_takes_no_write(client: FlaskClient, tools: Tools) -> None:
    tools.store.run("DROP TABLE read_only_spells")  # type: ignore[attr-defined]
    answer = client.post("/hospital-change/new", data={"cause": "annual"}, base_url=APP)
    assert answer.status_code == 503
    assert read(answer).form("/hospital-change/new")["fields"] == {"cause": "annual"}


# The worker


def approved_case(tools: Tools) -> str:
    case = sent(tools)
    officers.approve(tools, tools.store.officer_of(OFFICER), case.reference, 1, datetime(2027, 1, 1, tzinfo=BANGKOK).date())
    return str(case.reference)


def worker(tools: Tools, **settings: str) -> str:
    environment = {
        "SITTHI_DATABASE_URL": tools.settings.database_url, "DATA_DIR": str(tools.settings.data_dir),
        "SITTHI_CLOCK": "2027-01-02T10:00:00+07:00", **settings,
    }  # fmt: skip
    done = CliRunner().invoke(sitthi, ["worker", "--once"], env=environment)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("by", ["row", "setting"])
def test_the_worker_waits_and_catches_up(tools: Tools, by: str) -> None:
    reference = approved_case(tools)
    if by == "row":
        rest(tools)
    before = rows(tools)
    told = worker(tools, **({"SITTHI_READ_ONLY": "on"} if by == "setting" else {}))
    assert "nothing takes effect" in told
    assert rows(tools) == before
    with suppress(AttributeError):
        read_only.end(tools)
    assert "1 changes took effect" in worker(tools)
    case = tools.store.hospital_change(reference)
    assert case is not None
    assert case.status is Status.IN_EFFECT
    planned = [one for one in rows(tools)["reminders"] if reference in map(str, one)]
    assert "1 changes took effect" not in worker(tools)
    again = [one for one in rows(tools)["reminders"] if reference in map(str, one)]
    assert len(again) == len(planned), "nothing is there twice"


def test_whoever_works_on_and_on_learns_of_it_within_seconds(tools: Tools, clock: StandingClock) -> None:
    watch = read_only.Watch(tools)
    assert not watch.is_on()
    rest(tools)
    clock.advance(seconds=2)
    assert watch.is_on()
    read_only.end(tools)
    clock.advance(seconds=2)
    assert not watch.is_on()


def test_a_store_that_stops_answering_changes_nothing_for_the_worker(tools: Tools, clock: StandingClock) -> None:
    watch = read_only.Watch(tools)
    rest(tools)
    assert watch.is_on()
    tools.store.run("ALTER TABLE read_only_spells RENAME TO elsewhere")  # type: ignore[attr-defined]
    clock.advance(seconds=2)
    assert watch.is_on()


# The setting, for a store that cannot be written at all


def test_whoever_is_signed_in_reads_on_and_not_one_row_is_written(
    unwritable: Flask, client: FlaskClient, tools: Tools, sign_in: SignIn
) -> None:
    sign_in(client, SOMCHAI)
    own = own_cases(tools)
    before = rows(tools)
    late = with_session_of(client, unwritable)
    for path in ("/", "/my-data", "/my-data/months", "/my-data/messages", "/hospital-change", "/benefits", "/reminders", "/status", *own):
        answer = late.get(path, base_url=APP)
        assert answer.status_code == 200, path
    assert "นายสมชาย" in late.get("/my-data", base_url=APP).get_data(as_text=True)
    assert "อ่านได้" in late.get("/", base_url=APP).get_data(as_text=True)
    refused = tell_a_wrong_wage(late)
    assert refused.status_code == 503
    assert read(refused).form(WRONG)["fields"]["should_be"] == A_WAGE["should_be"]
    assert rows(tools) == before


def own_cases(tools: Tools) -> tuple[str, ...]:
    """Somchai's; whoever opens one has read what came about it."""
    change, claim, correction = sent(tools), claim_people.sent(tools, "dental"), test_corrections.sent(tools)
    return f"/hospital-change/{change.reference}", f"/claims/{claim.reference}", f"{WRONG}/{correction.reference}"


def test_on_a_full_disk_people_read_their_messages_and_their_cases(
    client: FlaskClient, tools: Tools, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*about: object) -> int:
        raise StoreFull("database or disk is full")

    sign_in(client, SOMCHAI)
    addresses = ("/my-data/messages", *own_cases(tools))
    monkeypatch.setattr(tools.store, "mark_read", no_room)
    assert {address: client.get(address, base_url=APP).status_code for address in addresses} == dict.fromkeys(addresses, 200)


def with_session_of(client: FlaskClient, app: Flask) -> FlaskClient:
    cookie = client.get_cookie(guards.SESSION_COOKIE, domain="127.0.0.1")
    assert cookie is not None
    late = app.test_client()
    late.set_cookie(guards.SESSION_COOKIE, cookie.value, domain="127.0.0.1")
    return late


def test_nobody_can_come_in_and_is_told_so_before_thaid(unwritable: Flask) -> None:
    answer = unwritable.test_client().get("/sign-in/thaid?next=/my-data", base_url=APP)
    assert answer.status_code == 503
    assert sound(read(answer)).h1 == ["ตอนนี้หน้านี้พักไว้ก่อน"]


def test_signing_out_lets_go_of_the_phone_all_the_same(unwritable: Flask, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, SOMCHAI)
    late = with_session_of(client, unwritable)
    assert late.post("/sign-out", base_url=APP).status_code == 303
    assert late.get("/my-data", base_url=APP).status_code == 303


def test_limits_that_cannot_be_counted_stop_nobody_from_choosing_a_language(tools: Tools) -> None:
    settings = replace(tools.settings, read_only=True, limits=True)
    store = store_for(settings, tools.store.vault, tools.meter)  # type: ignore[attr-defined]
    client = create_app(settings, replace(tools, settings=settings, store=store)).test_client()
    for _ in range(6):
        assert client.post("/language", data={"language": "en"}, base_url=APP).status_code == 303
    store.close()


def test_no_officer_reads_what_cannot_be_noted(unwritable: Flask, client: FlaskClient, tools: Tools) -> None:
    reference = sent(tools).reference
    come_as(client, tools, "officer")
    late = with_session_of(client, unwritable)
    page = late.get(f"/officer/hospital-change/{reference}", base_url=APP)
    assert "สมชาย" not in page.get_data(as_text=True)
    opened = late.post(f"/officer/hospital-change/{reference}/open", data={"reason": "deciding"}, base_url=APP)
    assert opened.status_code == 503


def test_a_store_opened_to_be_read_takes_no_write_in_any_way(tools: Tools) -> None:
    held = tools_for(replace(tools.settings, read_only=True))
    with pytest.raises(StoreReadOnly), held.store.transaction():
        pass
    with pytest.raises(StoreReadOnly):
        held.store.end_session("x")
    with pytest.raises(StoreReadOnly):
        held.store.migrate()
    assert held.store.is_ready()
    held.store.close()
