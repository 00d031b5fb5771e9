"""Two workers at once, and a clock that jumps: every reminder comes once, everybody moves once."""

from __future__ import annotations

import secrets
from datetime import date

import pytest

from tests.actions.test_officers import approved, at, sent
from tests.conftest import ENGINES
from tests.nothing_lost.installation import Installation, Machine, Visitor, until
from tests.nothing_lost.queue import a_queue, messages_by_phone
from tests.nothing_lost.sending import SOMCHAI, SOMYING, Person, is_there_once, nothing_is_half
from tests.push_service import PushService
from tests.standing_clock import StandingClock
from webapp.domain.hospital_change import Cause, HospitalChange
from webapp.ports import Tools

HOUR = 3600
pytestmark = pytest.mark.parametrize("engine", ENGINES)
LEFT = "SELECT COUNT(*) FROM reminders WHERE kind = 'window' AND state = 'planned'"


def each_came_once(installation: Installation, service: PushService, paths: set[str]) -> None:
    received = messages_by_phone(service)
    assert set(received) == paths
    assert {len(messages) for messages in received.values()} == {1}
    assert installation.rows("SELECT state, COUNT(*) FROM reminders WHERE kind = 'window' GROUP BY state") == [("sent", len(paths))]


def test_two_workers_side_by_side_send_each_reminder_once_and_move_everybody_once(installation: Installation, service: PushService) -> None:
    with installation.tools(StandingClock(at("2026-12-10T10:00"))) as tools:
        cases = [approved(tools, moved_home(tools, pid, hospital)) for pid, hospital in ((SOMCHAI, "TH13-001"), (SOMYING, "TH50-002"))]
    phones = a_queue(installation, service, 600)
    workers = [installation.start("worker", "--every", "1", SITTHI_CLOCK="2026-12-16T08:00:05+07:00") for _ in range(2)]
    until(lambda: installation.count(LEFT) == 0, "everything is sent", 60)
    until(lambda: installation.count("SELECT COUNT(*) FROM hospital_changes WHERE status = 'in_effect'") == 2, "both have moved")
    assert [worker.stop() for worker in workers] == [0, 0]
    each_came_once(installation, service, {phone.path for phone in phones})
    for case in cases:
        steps = "SELECT COUNT(*) FROM steps WHERE reference = ? AND code = 'took_effect'"
        assert installation.count(steps, case.reference) == 1
    installation.is_sound()


def moved_home(tools: Tools, pid: str, hospital: str) -> HospitalChange:
    return sent(tools, pid, (hospital,), cause=Cause.MOVED_HOME, moved_on=date(2026, 12, 1))


def test_a_clock_that_jumps_on_and_back_sends_no_reminder_twice_and_none_too_late(
    installation: Installation, service: PushService, machine: Machine
) -> None:
    phones = a_queue(installation, service, 400)
    jumps = iter([HOUR, -HOUR, 3 * HOUR, -2 * HOUR, 0])
    service.answer = lambda message: (machine.clock_is_wrong_by(next(jumps, 0)) if len(service.received) % 60 == 59 else None, (201, {}))[1]
    worker = installation.start("worker", "--every", "1", SITTHI_CLOCK="2026-12-16T12:00:00+07:00", **machine.environment)
    until(lambda: installation.count(LEFT) == 0, "everything is sent", 60)
    assert next(jumps, None) is None, "the clock has jumped"
    another = installation.start("worker", "--once", SITTHI_CLOCK="2026-12-16T11:00:00+07:00", **machine.environment)
    assert another.process.wait(30) == 0
    assert worker.stop() == 0
    each_came_once(installation, service, {phone.path for phone in phones})


def test_what_was_sent_while_the_clock_jumped_is_there_once_and_a_jump_opens_no_door(installation: Installation, machine: Machine) -> None:
    installation.serve(workers=2, **machine.environment)
    somchai = Person(Visitor(installation.url).sign_in(SOMCHAI), SOMCHAI)
    keys = [secrets.token_urlsafe(18) for _ in range(3)]
    somchai.send(keys[0])
    machine.clock_is_wrong_by(-HOUR)
    somchai.send(keys[1])
    machine.clock_is_wrong_by(2 * HOUR)
    turned_away = somchai.try_to_send(keys[2])
    assert (turned_away.status_code, turned_away.headers["Location"].partition("?")[0]) == (303, "/sign-in")
    machine.clock_is_wrong_by(0)
    for key in keys:
        assert somchai.send(key) == somchai.send(key)
    is_there_once(installation, somchai)
    nothing_is_half(installation)
