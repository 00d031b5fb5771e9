"""What the load bench says can be believed: it times from the arrival, and it finds each way in which a store could have gone wrong."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.bench.load.crowd import HOME, SEND, Visitor
from tests.bench.load.last_hour import Kept, Outcome, Told, clocks, compare
from tests.bench.load.phones import Heard, Press, arrivals, ask

CLOSES = datetime.fromisoformat("2027-04-01T00:00:00+07:00")
BEGAN = CLOSES.timestamp() - 5_000_000
"""Machine time of zero: the app's clock runs ahead of it by SHIFT."""
SHIFT = 5_000_000 - 50
ANSWER = b"HTTP/1.1 303 See Other\r\nLocation: /hospital-change/HC-AAAA\r\nRetry-After: 12\r\nContent-Length: 2\r\n\r\nok"


def test_arrivals_are_the_same_from_the_same_seed_and_as_many_as_asked_for() -> None:
    one, same = (list(arrivals(100, 60, random.Random(7))) for _ in range(2))
    assert one == same
    assert one == sorted(one)
    assert len(one) == pytest.approx(6_000, rel=0.1)


@contextmanager
def slow_server(seconds: float, lines: int = 8) -> Iterator[int]:
    """Answers each request after so long."""

    def answer(line: socket.socket) -> None:
        with line:
            while line.recv(65_536):
                time.sleep(seconds)
                line.sendall(ANSWER)

    def let_in() -> None:
        for _ in range(lines):
            threading.Thread(target=answer, args=(door.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=let_in, daemon=True).start()
        yield door.getsockname()[1]


def test_who_waits_for_a_free_line_has_waited_since_they_came() -> None:
    presses = [Press(0.0, HOME, b"GET / HTTP/1.1\r\n\r\n") for _ in range(3)]
    with slow_server(0.2) as port:
        heard = ask(port, presses, lines=1)
    assert [press.status for press in heard.presses] == [303] * 3
    took = sorted(press.took for press in heard.presses)
    assert took == pytest.approx([0.2, 0.4, 0.6], abs=0.15)
    assert heard.lines == 1


def test_the_answer_is_read_and_who_was_told_to_come_back_comes_back() -> None:
    came_back: list[Press] = []

    def again(press: Press) -> Press | None:
        if press.returns:
            return None
        came_back.append(Press(press.came + 0.1, SEND, press.request, press.who, returns=1))
        return came_back[-1]

    presses = [Press(0.0, SEND, b"GET / HTTP/1.1\r\n\r\n", 3), Press(0.6, HOME, b"GET / HTTP/1.1\r\n\r\n")]
    with slow_server(0.01) as port:
        heard = ask(port, presses, again=again)
    assert (presses[0].location, presses[0].retry_after, presses[0].size) == ("/hospital-change/hc-aaaa", 12, 2)
    assert came_back[0] in heard.presses
    assert came_back[0].status == 303


def test_nobody_answers_where_nobody_listens() -> None:
    heard = ask(9, [Press(0.0, HOME, b"GET / HTTP/1.1\r\n\r\n")])
    assert [press.status for press in heard.presses] == [0]


# Comparing


def business(second: float) -> datetime:
    return datetime.fromtimestamp(BEGAN + second + SHIFT, CLOSES.tzinfo)


def visitor(name: str) -> Visitor:
    return Visitor(0, name, "token", {"key": f"key of {name}"}, "2027-04-16")


def press(sent: float, came: float, status: int = 303, who: int = 0, reference: str = "HC-AAAA") -> Press:
    location = f"/hospital-change/{reference.lower()}" if status == 303 else ""
    return Press(sent, SEND, b"", who, sent, came, status, 20 if status == 503 else None, location)


def kept(received: float, reference: str = "HC-AAAA", name: str = "a", effective_on: str = "2027-04-16") -> Kept:
    return Kept(reference, f"key of {name}", business(received), effective_on)


def wrong(presses: list[Press], stored: dict[str, list[Kept]], processes: int = 1) -> list[str]:
    """Of a storm in which `b` was accepted rightly, too, a second before the cut-off."""
    rightly = press(49.0, 49.1, who=1, reference="HC-BBBB")
    heard = Heard([*presses, rightly], BEGAN, [], 0.0, 1)
    outcome = Outcome("", 1, 1)
    compare(outcome, heard, [visitor("a"), visitor("b")], {"b": [kept(49.05, "HC-BBBB", "b")], **stored}, CLOSES, processes)
    return outcome.wrong


def test_nothing_is_wrong_where_everything_is_right() -> None:
    twice = [press(40.0, 40.5), press(40.2, 40.4)]
    assert wrong(twice, {"a": [kept(40.3)]}) == []
    assert wrong([press(40.0, 40.1, 503), press(45.0, 45.2)], {"a": [kept(45.1)]}) == []
    assert wrong([press(40.0, 40.1, 503)], {}) == []
    assert wrong([press(51.0, 51.1, 422)], {}) == []
    assert wrong([press(40.0, 0.0, 0)], {"a": [kept(40.3)]}) == [], "its answer was lost"
    assert wrong([press(40.0, 0.0, 0)], {}) == []


@pytest.mark.parametrize(
    ("presses", "stored", "words"),
    [
        ([press(40, 41)], {}, "acknowledged, and kept 0 times"),
        ([press(40, 41)], {"a": [kept(40.5), kept(40.6, "HC-CCCC")]}, "kept 2 times"),
        ([press(40, 41)], {"a": [kept(40.5, "HC-CCCC")]}, "acknowledged, and kept 1 times"),
        ([press(40, 41), press(40, 41, reference="HC-CCCC")], {"a": [kept(40.5)]}, "one key, two references"),
        ([press(40, 41, 503)], {"a": [kept(40.5)]}, "told to come back, and kept"),
        ([press(40, 41)], {"a": [replace(kept(40.5), key="another")]}, "kept under another key"),
        ([press(40, 41)], {"a": [kept(40.5, effective_on="2027-05-01")]}, "starts on another day than was shown"),
        ([press(49, 52)], {"a": [kept(51)]}, "received 2027-04-01T00:00:01+07:00, after the cut-off"),
        ([press(51, 52)], {"a": [kept(49.9)]}, "2 clocks are needed to explain the times of receipt, and there are 1 processes"),
        ([press(40, 41)], {"a": [kept(39)]}, "2 clocks are needed to explain the times of receipt, and there are 1 processes"),
        ([press(40, 41, 422)], {}, "told that it is too late, before it was"),
        ([press(40, 41, 500)], {}, "sending a change: answered 500"),
        ([replace(press(40, 41, 503), retry_after=None)], {}, "sending a change: 503 without Retry-After"),
        ([replace(press(40, 41), location="/sign-in")], {}, "sending a change: sent to /sign-in"),
    ],
)
def test_each_thing_that_is_wrong_is_told(presses: list[Press], stored: dict[str, list[Kept]], words: str) -> None:
    assert words in wrong(presses, stored)


def test_each_process_has_a_clock_of_its_own() -> None:
    told = [Told(visitor("a"), [press(40, 40.2)]), Told(visitor("b"), [press(41, 41.2, who=1, reference="HC-BBBB")])]
    heard = Heard([], BEGAN, [], 0.0, 1)
    stored = {"a": [kept(40.1)], "b": [replace(kept(41.1, "HC-BBBB", "b"), received_at=business(41.1) + timedelta(seconds=2))]}
    shifts = clocks(heard, told, stored)
    assert len(shifts) == 2
    assert shifts[0][0] <= SHIFT <= shifts[0][1]
    assert shifts[1][0] <= SHIFT + 2 <= shifts[1][1]
