"""When more people come than can be served: whoever is let in is served, all others are told when to come back and lose nothing."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.every_page import SOMCHAI
from tests.front_door import APP, SignIn
from tests.pages import read, sound
from tests.standing_clock import StandingClock
from tests.views.test_corrections import A_WAGE
from webapp import serving
from webapp.actions import hospital_change
from webapp.actions.hospital_change import Draft
from webapp.domain.hospital_change import Allowed, Cause
from webapp.ports import Tools
from webapp.web import admission
from webapp.web.admission import COME_BACK, LONGEST_IN_LINE, LONGEST_IN_PLACE, MOST_HELD, Door, Kind, Places

WRONG, CHECK = "/my-data/wrong", "/hospital-change/new/check"
OURS = {"Sec-Fetch-Site": "same-origin"}
WORDS = {"en": "Very many people are here right now", "th": "ตอนนี้มีคนใช้งานพร้อมกันมาก"}


def test_the_server_has_threads_left_to_say_no() -> None:
    assert serving.THREADS - MOST_HELD >= 8


# Places


def in_background(do: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    return thread


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_no_more_work_than_there_are_places_and_whoever_came_first_is_next() -> None:
    places, came, one_more = Places(at_once=2), [], threading.Lock()
    first, second = places.take(Kind.READ), places.take(Kind.WRITE)
    assert first is not None
    assert second is not None

    def stand_in_line(name: str) -> None:
        place = places.take(Kind.WRITE)
        with one_more:
            came.append((name, place is not None))

    waiting = []
    for number, name in enumerate(("third", "fourth"), start=1):
        waiting.append(in_background(lambda name=name: stand_in_line(name)))  # type: ignore[misc]
        until(lambda number=number: places.in_line == number)
    assert came == []
    places.give_back(first)
    waiting[0].join(5)
    assert came == [("third", True)]
    places.give_back(second)
    waiting[1].join(5)
    assert came == [("third", True), ("fourth", True)]


def test_readers_are_never_more_than_half_of_the_line() -> None:
    places = Places(at_once=1, most_held=5)
    assert places.take(Kind.READ) is not None
    waiting = []
    for number, kind in enumerate((Kind.READ, Kind.READ, Kind.WRITE, Kind.WRITE), start=1):
        waiting.append(in_background(lambda kind=kind: places.take(kind)))  # type: ignore[misc]
        until(lambda number=number: places.in_line == number)
        if number == 2:
            assert places.take(Kind.READ) is None
    assert places.take(Kind.WRITE) is None, "all that may be held is held"
    for thread in waiting:
        thread.join(LONGEST_IN_LINE + LONGEST_IN_PLACE + 5)
        assert not thread.is_alive()


def test_three_who_send_go_in_for_one_who_reads() -> None:
    places, went_in = Places(at_once=1), []
    place = places.take(Kind.READ)
    assert place is not None

    def stand_in_line(kind: Kind) -> None:
        went_in.append((kind, places.take(kind)))

    for number, kind in enumerate((*[Kind.READ] * 2, *[Kind.WRITE] * 5), start=1):
        in_background(lambda kind=kind: stand_in_line(kind))  # type: ignore[misc]
        until(lambda number=number: places.in_line == number)
    for number in range(1, 8):
        places.give_back(place)
        until(lambda number=number: len(went_in) == number)
        place = went_in[-1][1]
        assert place is not None
    write, read = Kind.WRITE, Kind.READ
    assert [kind for kind, _ in went_in] == [write, write, write, read, write, write, read]


def test_nobody_stands_in_line_for_long() -> None:
    places = Places(at_once=1)
    others = places.take(Kind.WRITE)
    assert others is not None
    others.since += 60  # one after the other holds it, and nobody for long
    began = time.monotonic()
    assert places.take(Kind.WRITE) is None
    assert LONGEST_IN_LINE <= time.monotonic() - began < LONGEST_IN_LINE + 2
    assert not places.in_line


def test_a_place_that_is_held_long_is_given_on() -> None:
    places = Places(at_once=1)
    slow = places.take(Kind.READ)
    assert slow is not None
    began = time.monotonic()
    another = places.take(Kind.READ)
    assert another is not None
    assert time.monotonic() - began < LONGEST_IN_LINE
    assert another.waited >= LONGEST_IN_PLACE - 0.1
    another.since -= LONGEST_IN_PLACE
    assert places.take(Kind.READ) is None, "and not once more"
    places.give_back(slow)
    places.give_back(another)
    assert not places._inside


def test_whoever_comes_sees_to_a_place_that_is_to_be_given_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "LOOKS_AGAIN", 60)
    places = Places(at_once=1, most_held=2)
    slow = places.take(Kind.WRITE)
    assert slow is not None
    went_in: list[object] = []
    waits = in_background(lambda: went_in.append(places.take(Kind.WRITE)))
    until(lambda: places.in_line == 1)
    slow.since -= LONGEST_IN_PLACE
    began = time.monotonic()
    assert places.take(Kind.WRITE) is None, "there is no room in the line"
    until(lambda: went_in)
    assert time.monotonic() - began < LONGEST_IN_LINE - 0.3
    waits.join(1)


def test_what_waits_for_others_takes_nobodys_place_and_has_a_bound_of_its_own() -> None:
    places = Places(at_once=1, most_elsewhere=2)
    elsewhere = [places.take(Kind.ELSEWHERE) for _ in range(3)]
    assert [place is not None for place in elsewhere] == [True, True, False]
    assert places.take(Kind.READ) is not None


# The door


@contextmanager
def full(app: Flask) -> Iterator[None]:
    """Every place is taken, and the line is full."""
    door: Door = app.wsgi_app  # type: ignore[assignment]
    places, door._places = door._places, Places(at_once=0, most_held=0, most_elsewhere=0)
    try:
        yield
    finally:
        door._places = places


@pytest.mark.parametrize("lang", ["th", "en"])
def test_who_only_looks_is_told_when_to_come_back_in_both_languages(app: Flask, client: FlaskClient, lang: str) -> None:
    client.set_cookie("sitthi-language", lang, domain="127.0.0.1")
    with full(app):
        answer = client.get("/hospitals?q=a", base_url=APP)
    assert answer.status_code == 503
    assert COME_BACK[0] <= int(answer.headers["Retry-After"]) <= COME_BACK[1]
    assert answer.headers["Cache-Control"] == "no-store"
    page = sound(read(answer), lang)
    assert page.h1 == [WORDS[lang]]
    assert all(words in page.main for words in WORDS.values())
    assert str(sum(COME_BACK) // 2) in page.main
    assert "" in page.links.values(), "the same address again"


def test_the_times_to_come_back_differ(app: Flask, client: FlaskClient) -> None:
    with full(app):
        told = {client.get("/", base_url=APP).headers["Retry-After"] for _ in range(40)}
    assert len(told) > 5


def test_the_page_wears_the_look_that_the_phone_has_and_nothing_of_the_one_before(app: Flask, client: FlaskClient) -> None:
    with full(app):
        plain = root_of(client.get("/", base_url=APP))
        client.set_cookie("sitthi-look", "text_size=4&theme=dark&contrast=auto&looped=", domain="127.0.0.1")
        chosen = root_of(client.get("/", base_url=APP))
    assert (plain, chosen) == ('<html lang="th" data-s="1">', '<html lang="th" data-s="4" data-t="dark">')


def root_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True).partition("<html")[2].partition(">")[0].join(("<html", ">"))


def test_a_look_that_nobody_can_choose_makes_no_page_of_its_own(app: Flask, client: FlaskClient) -> None:
    door: Door = app.wsgi_app  # type: ignore[assignment]
    with full(app):
        client.get("/", base_url=APP)
        before = len(door._refusals._pages)
        for number in range(20):
            client.set_cookie("sitthi-look", f"text_size={number + 9}&theme=x{number}", domain="127.0.0.1")
            client.get("/", base_url=APP, headers={"Accept-Language": f"x{number}"})
    assert len(door._refusals._pages) == before


def send(client: FlaskClient, fields: dict[str, str], **headers: str) -> TestResponse:
    return client.post(f"{WRONG}?about=wage", data=fields, headers=OURS | headers, base_url=APP)


@pytest.mark.parametrize("encoding", ["", "br, gzip"])
def test_what_was_typed_comes_back_and_sent_again_it_is_there_once(
    app: Flask, client: FlaskClient, tools: Tools, sign_in: SignIn, encoding: str
) -> None:
    sign_in(client, SOMCHAI)
    client.set_cookie("sitthi-language", "en", domain="127.0.0.1")
    fields = {"key": "k" * 24, **A_WAGE, "of_no_form": 'สูง <กว่า> & "นี้"'}
    with full(app):
        refused = [send(client, fields, **{"Accept-Encoding": encoding}) for _ in range(3)]
    assert [one.status_code for one in refused] == [503] * 3
    person_id = tools.store.person_id_of(SOMCHAI)
    assert tools.store.corrections_of(person_id) == []
    if encoding:
        assert refused[0].headers["Content-Encoding"] == "gzip"
        refused[0].set_data(gzip.decompress(refused[0].get_data()))
    again = sound(read(refused[0]), "en").form(WRONG)
    assert (again["action"], again["method"], again["fields"]) == (f"{WRONG}?about=wage", "post", fields)
    answers = [send(client, again["fields"]) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303], read(answers[0]).main
    assert len(tools.store.corrections_of(person_id)) == 1


def test_a_form_without_fields_can_be_sent_again_too(app: Flask, client: FlaskClient) -> None:
    with full(app):
        page = read(client.post("/sign-out", headers={**OURS, "Content-Type": "application/x-www-form-urlencoded"}, base_url=APP))
    assert page.form("/sign-out")["method"] == "post"


def test_what_opens_a_door_does_not_come_back(app: Flask, client: FlaskClient) -> None:
    with full(app):
        page = read(client.post("/sign-in/counter", data={"code": "ABC234DEF", "pin": "135790", "name": "x"}, headers=OURS, base_url=APP))
    assert "ABC234DEF" not in page.html
    assert "135790" not in page.html
    assert page.form("/sign-in/counter")["fields"] == {"name": "x"}


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://another.example"}, {}])
def test_what_another_site_sent_cannot_be_sent_again_from_ours(app: Flask, client: FlaskClient, headers: dict[str, str]) -> None:
    with full(app):
        answer = client.post(WRONG, data={"should_be": "chosen by another"}, headers=headers, base_url=APP)
    assert answer.status_code == 503
    assert "chosen by another" not in answer.get_data(as_text=True)
    assert not [form for form in read(answer).forms if form["action"].startswith(WRONG)]


def test_photos_are_not_sent_back_but_the_page_says_where_they_still_are(app: Flask, client: FlaskClient) -> None:
    with full(app):
        headers = OURS | {"Accept-Language": "en"}
        answer = client.post("/claims/none/papers", data={"x": "1"}, content_type="multipart/form-data", headers=headers, base_url=APP)
    assert answer.status_code == 503
    assert "What you filled in is still there" in read(answer).main


def test_programs_get_a_problem(app: Flask, client: FlaskClient) -> None:
    with full(app):
        answer = client.get("/api/v1/hospitals", base_url=APP)
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert "Retry-After" in answer.headers


def test_supervisors_and_files_need_no_place(app: Flask, client: FlaskClient) -> None:
    files = ("/static/icons/icon.svg", "/style.css", "/app.js", "/service-worker.js", "/manifest.webmanifest")
    with full(app):
        for path in ("/healthz", "/readyz", *files):
            assert client.get(path, base_url=APP).status_code == 200, path


def test_saying_no_asks_the_store_nothing(app: Flask, client: FlaskClient, tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    client.set_cookie("sitthi-session", "x" * 43, domain="127.0.0.1")
    with full(app):
        client.get("/", base_url=APP)
        monkeypatch.setattr(type(tools.store), "one", lambda *_args, **_values: pytest.fail("asked"))
        monkeypatch.setattr(type(tools.store), "all", lambda *_args, **_values: pytest.fail("asked"))
        assert client.get("/", base_url=APP).status_code == 503


def test_a_place_is_given_back_also_where_something_broke(app: Flask, client: FlaskClient) -> None:
    door: Door = app.wsgi_app  # type: ignore[assignment]
    for path in ("/", "/no-such-page", "/my-data"):
        client.get(path, base_url=APP)
    assert not door._places._inside


# When it came


def test_who_stood_in_line_came_when_they_came(app: Flask, tools: Tools, clock: StandingClock) -> None:
    clock.set(datetime.fromisoformat("2026-12-20T16:30:01+07:00"))
    with app.test_request_context("/", environ_overrides={admission.WAITED: 1.5}):
        g.language = "th"
        assert admission.time_of_arrival() == datetime.fromisoformat("2026-12-20T16:29:59.500+07:00")
    with app.test_request_context("/"):
        assert admission.time_of_arrival() == clock.now()


def test_a_change_that_waited_for_its_place_over_the_cut_off_is_still_in_time(
    app: Flask, client: FlaskClient, tools: Tools, clock: StandingClock, sign_in: SignIn
) -> None:
    door: Door = app.wsgi_app  # type: ignore[assignment]
    clock.set(datetime.fromisoformat("2026-12-15T16:29:59.900+07:00"))
    sign_in(client, SOMCHAI)
    form = a_form_to_send(tools)
    places, door._places = door._places, Places(at_once=1)
    taken = door._places.take(Kind.WRITE)
    assert taken is not None
    answers: list[TestResponse] = []
    sending = in_background(lambda: answers.append(client.post(CHECK, data=form, headers=OURS, base_url=APP)))
    until(lambda: door._places.in_line == 1)
    time.sleep(0.3)
    clock.set(datetime.fromisoformat("2026-12-15T16:30:00.100+07:00"))
    door._places.give_back(taken)
    sending.join(10)
    door._places = places
    assert [one.status_code for one in answers] == [303], answers[0].get_data(as_text=True)
    (case,) = tools.store.hospital_changes_of(tools.store.person_id_of(SOMCHAI))
    assert case.received_at < datetime.fromisoformat("2026-12-15T16:30:00+07:00")
    assert case.effective_on.isoformat() == form["effective_on"]


def a_form_to_send(tools: Tools) -> dict[str, str]:
    """Filled in, with the dates as they stand now."""
    person_id = tools.store.person_id_of(SOMCHAI)
    person = tools.store.person(person_id)
    assert person is not None
    around = tools.store.every_hospital().values()
    choice = next(one.id for one in around if one.province_code == person.home_province and one.id != person.hospital_id)
    draft = Draft(Cause.OTHER, not_an_in_patient=True, note="ย้ายบ้าน", choices=(choice,))
    hospital_change.keep_draft(tools, hospital_change.person_owner(person_id), draft)
    answer = hospital_change.look_over(tools, person, draft)
    assert isinstance(answer, Allowed), answer
    seen = hospital_change.shown(answer, draft)
    return {
        "key": "k" * 24, "effective_on": seen.effective_on, "file_by": seen.file_by, "may_miss_window": seen.may_miss_window,
        "mark": seen.mark, "declared": "1",
    }  # fmt: skip


def test_without_a_bound_there_is_no_door(app: Flask, tools: Tools) -> None:
    bare = Flask("bare")
    before = bare.wsgi_app
    admission.keep_the_door(bare, replace(tools.settings, at_once=0), tools.meter)
    assert bare.wsgi_app == before
