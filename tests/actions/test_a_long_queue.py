"""A run through a long queue: it tells how far it is, can be stopped, and is continued where it was; the command as well."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
from collections.abc import Callable, Iterator
from typing import TextIO

import pytest

from tests.actions.test_reminders import send, ten_phones
from tests.push_service import PushService, Received, running_push_service
from tests.standing_clock import StandingClock
from webapp.actions import reminder_sending
from webapp.commands import sitthi
from webapp.ports import Tools

PHONES, LOT, SETTLED_TOGETHER = 60, 20, 5
MORE_THAN_ARE_UNDER_WAY = 400


@pytest.fixture
def service() -> Iterator[PushService]:
    with running_push_service() as running:
        yield running


@pytest.fixture(autouse=True)
def short_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminder_sending, "LOT", LOT)
    monkeypatch.setattr(reminder_sending, "SETTLE_AT", SETTLED_TOGETHER)


def written(tools: Tools, *states: str) -> int:
    """How many reminders stand so in the store."""
    rows = tools.store.all("SELECT state FROM reminders")  # type: ignore[attr-defined]
    return sum(row["state"] in states for row in rows)


def test_a_run_tells_how_far_it_is_up_to_the_end(tools: Tools, clock: StandingClock, service: PushService) -> None:
    ten_phones(tools, clock, service, PHONES)
    waiting, told = tools.store.count_waiting(clock.now())[0], []
    send(tools, progress=lambda tally: told.append(tally.settled))
    assert told == sorted(told)
    assert told[-1] == waiting
    assert len(set(told)) >= PHONES // LOT


def test_what_is_told_is_already_written_down(tools: Tools, clock: StandingClock, service: PushService) -> None:
    ten_phones(tools, clock, service, PHONES)
    told: list[tuple[int, int]] = []
    send(tools, progress=lambda tally: told.append((tally.settled, written(tools, "sent", "kept"))))
    assert told
    assert all(settled == kept for settled, kept in told)


def test_a_run_that_is_stopped_answers_for_what_is_under_way_and_the_next_sends_the_rest_at_once(
    tools: Tools, clock: StandingClock, service: PushService
) -> None:
    phones = ten_phones(tools, clock, service, PHONES)
    waiting = tools.store.count_waiting(clock.now())[0]
    lots = iter([False, True])
    first = send(tools, stop=lambda: next(lots))
    assert first.settled == LOT
    assert tools.store.count_waiting(clock.now()) == (waiting - LOT, 0), "nobody holds what was not sent"
    second = send(tools)
    assert first.messages + second.messages == PHONES
    assert {len(service.of(phone)) for phone in phones} == {1}


def test_a_run_that_is_stopped_before_it_began_sends_nothing_and_holds_nothing(
    tools: Tools, clock: StandingClock, service: PushService
) -> None:
    ten_phones(tools, clock, service)
    waiting = tools.store.count_waiting(clock.now())
    assert send(tools, stop=lambda: True).settled == 0
    assert service.received == []
    assert tools.store.count_waiting(clock.now()) == waiting


# The command


@pytest.fixture
def terminal() -> Iterator[tuple[TextIO, Callable[[], str]]]:
    """Where the command writes beside its result; and what it wrote since asked last."""
    ours, its = pty.openpty()

    def written() -> str:
        """The kernel hands a terminal's letters on in pieces, a moment later."""
        found = b""
        while select.select([ours], [], [], 0.2)[0]:
            found += os.read(ours, 65_536)
        return found.decode()

    with os.fdopen(its, "w") as screen:
        yield screen, written
    os.close(ours)


@pytest.fixture
def told_to_stop() -> Iterator[None]:
    """The command takes signals over; afterwards they are what they were."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.usefixtures("told_to_stop")
def test_the_command_shows_how_far_it_is_stops_when_told_to_and_goes_on_with_the_next_run(
    tools: Tools, clock: StandingClock, service: PushService, terminal: tuple[TextIO, Callable[[], str]],
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    phones = ten_phones(tools, clock, service, MORE_THAN_ARE_UNDER_WAY)
    told: list[int] = []
    screen, written_there = terminal
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("SITTHI_DATABASE_URL", tools.settings.database_url)
    monkeypatch.setenv("SITTHI_CLOCK", clock.now().isoformat())
    monkeypatch.setenv("DATA_DIR", str(tools.settings.data_dir))

    def answer_and_stop(message: Received) -> tuple[int, dict[str, str]]:
        if len(service.received) >= LOT and not told:
            told.append(signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGTERM)
        return 201, {}

    monkeypatch.setattr(service, "answer", answer_and_stop)
    sitthi.main(["reminders", "send"], standalone_mode=False)
    first = len(service.received)
    assert 0 < first < MORE_THAN_ARE_UNDER_WAY
    assert f"{first} reminders sent" in (said := capsys.readouterr().out)
    waiting = tools.store.count_waiting(clock.now())
    assert waiting[0] >= MORE_THAN_ARE_UNDER_WAY - first
    assert waiting[1] == 0, "nobody holds what was not sent"
    assert f"; {waiting[0]} wait" in said
    shown = [int(found) for found in re.findall(r"(\d+) %", written_there())]
    assert shown == sorted(shown)
    assert 0 < shown[-1] < 100
    sitthi.main(["reminders", "send"], standalone_mode=False)
    assert f"{MORE_THAN_ARE_UNDER_WAY - first} reminders sent" in (said := capsys.readouterr().out)
    assert "wait" not in said
    assert "100 %" in written_there()
    assert {len(service.of(phone)) for phone in phones} == {1}, "each once"
