"""kill -9 in the middle of writes: what was acknowledged is there once, what was not is there once or not at all, and nothing is half."""

from __future__ import annotations

import json
import signal
import time
from datetime import datetime

import pytest

from tests.actions.test_officers import approved, sent
from tests.conftest import ENGINES
from tests.nothing_lost.installation import Installation, Machine, Started, Visitor, at_once, until
from tests.nothing_lost.queue import a_queue, messages_by_phone
from tests.nothing_lost.sending import SOMCHAI, SOMYING, Person, is_there_once, nothing_is_half
from tests.push_service import PushService
from tests.standing_clock import IN_THE_ANNUAL_WINDOW, StandingClock
from webapp.actions.reminder_sending import SILENCE, Sender
from webapp.web.reminder_words import on_the_lock_screen

pytestmark = pytest.mark.parametrize("engine", ENGINES)
PEOPLE = (SOMCHAI, SOMYING, "1000000000025", "1000000000033")
ROUNDS = 2
A_WRITE = 0.05  # seconds more: so the plug is pulled in the middle of one


def test_of_an_app_killed_while_people_send_nothing_acknowledged_is_lost_and_nothing_comes_twice(
    installation: Installation, machine: Machine
) -> None:
    machine.disk_takes_longer_by(A_WRITE)
    server = installation.serve(workers=2, **machine.environment)
    people = [Person(Visitor(installation.url).sign_in(pid), pid) for pid in PEOPLE]
    for round_ in range(ROUNDS):
        sent_before = sum(len(person.acknowledged) for person in people)

        def pull_the_plug(running: Started = server, least: int = sent_before + 12 + 5 * round_) -> None:
            until(lambda: sum(len(person.acknowledged) for person in people) > least, "people have sent something", 60)
            running.kill()

        at_once(*(person.go_on for person in people), pull_the_plug)
        nothing_is_half(installation)
        server = installation.serve(workers=2, **machine.environment)
        for person in people:
            is_there_once(installation, person)
            for key in list(person.unsure):
                person.send(key)
                assert person.send(key) == person.acknowledged[key], "the same again is the same one"
            is_there_once(installation, person)
    assert sum(len(person.acknowledged) for person in people) > 12 * ROUNDS
    nothing_is_half(installation)


def test_a_hospital_change_acknowledged_before_a_kill_is_there_and_sending_it_again_is_one(installation: Installation) -> None:
    server = installation.serve(workers=1)
    somchai = Person(Visitor(installation.url).sign_in(SOMCHAI), SOMCHAI)
    reference = somchai.ask_for_another_hospital()
    server.kill()
    installation.serve(workers=1)
    assert installation.rows("SELECT reference FROM hospital_changes") == [(reference,)]
    assert reference in somchai.visitor.get("/my-data").text
    installation.is_sound()


def test_of_a_worker_killed_while_it_sends_another_takes_over_and_no_phone_shows_a_reminder_twice(
    installation: Installation, service: PushService
) -> None:
    phones, clock = a_queue(installation, service, 400), StandingClock(datetime.fromisoformat("2026-12-16T08:00:05+07:00"))
    service.answer = lambda message: slowly((201, {}))
    worker = installation.start("worker", SITTHI_CLOCK="2026-12-16T08:00:05+07:00")
    until(lambda: len(service.received) > 150, "it sends")
    worker.kill()
    until(lambda: no_more_comes(service), "what was on its way has arrived")
    assert len(service.received) < len(phones)
    service.answer = lambda message: (201, {})
    with installation.tools(clock) as tools:
        another = Sender(tools, on_the_lock_screen)
        another.run()
        assert len(messages_by_phone(service)) < len(phones), "the first may only be asleep"
        clock.advance(SILENCE + 1)
        another.run()
        assert tools.store.count_waiting(clock.now()) == (0, 0)
    received = messages_by_phone(service)
    assert set(received) == {phone.path for phone in phones}
    for phone in phones:
        assert len({(one.headers["topic"], tag(phone.read(one.body))) for one in received[phone.path]}) == 1, "one takes the other's place"
    twice = sum(len(messages) > 1 for messages in received.values())
    assert twice < 250, "only what was under way and not written down is sent again"
    assert installation.rows("SELECT DISTINCT state FROM reminders WHERE kind = 'window'") == [("sent",)]


def slowly(answer: tuple[int, dict[str, str]]) -> tuple[int, dict[str, str]]:
    time.sleep(0.05)
    return answer


def no_more_comes(service: PushService) -> bool:
    before = len(service.received)
    time.sleep(0.2)
    return len(service.received) == before


def tag(message: dict[str, object]) -> str:
    return json.dumps(message["notification"], sort_keys=True)


def test_of_a_worker_killed_at_any_moment_everybody_moves_once(installation: Installation) -> None:
    before = StandingClock(IN_THE_ANNUAL_WINDOW)
    with installation.tools(before) as tools:
        cases = [approved(tools, sent(tools, pid, (hospital,))) for pid, hospital in ((SOMCHAI, "TH13-001"), (SOMYING, "TH50-002"))]
    on_the_day = {"SITTHI_CLOCK": "2027-01-01T00:00:10+07:00"}
    for moment in (0.6, 1.0, 1.4):
        worker = installation.start("worker", "--every", "1", **on_the_day)
        time.sleep(moment)
        worker.kill()
        for case in cases:
            (status,) = installation.rows("SELECT status FROM hospital_changes WHERE reference = ?", case.reference)[0]
            assert (steps_into_effect(installation, case.reference), status) in ((0, "approved"), (1, "in_effect"))
    worker = installation.start("worker", "--every", "1", **on_the_day)
    until(lambda: installation.count("SELECT COUNT(*) FROM hospital_changes WHERE status = 'in_effect'") == 2, "both have moved")
    assert worker.stop() in (0, -signal.SIGTERM), "told while it was still starting, it may just end"
    for case, hospital in zip(cases, ("TH13-001", "TH50-002"), strict=True):
        assert steps_into_effect(installation, case.reference) == 1
        assert installation.rows("SELECT hospital_id FROM people WHERE id = ?", case.person_id) == [(hospital,)]
    installation.is_sound()


def steps_into_effect(installation: Installation, reference: str) -> int:
    return installation.count("SELECT COUNT(*) FROM steps WHERE reference = ? AND code = 'took_effect'", reference)
