"""A run through a long queue: it tells how far it is, can be stopped, and is continued where it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.actions.test_reminders import send, ten_phones
from tests.push_service import PushService, running_push_service
from tests.standing_clock import StandingClock
from webapp.actions import reminder_sending
from webapp.ports import Tools

PHONES, LOT, SETTLED_TOGETHER = 60, 20, 5


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
