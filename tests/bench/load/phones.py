"""Phones that come when they come: arrivals are fixed before the first of them, and nobody waits for the answer of somebody else.

A load of the closed kind (so many connections, each asking again when it was answered) slows down with the server and then reports fine
times: whoever would have come meanwhile was never counted ("coordinated omission"). So arrivals here are a Poisson process drawn from a
seed, and each time is taken from the moment when somebody came, also where no connection was free or this process was late.

Whoever is told to come back may do so (`again`), in the time they were told, and then comes on top of everybody else.

One thread, plain sockets, connections that stay open as a proxy's would; as many as LINES, since the server takes no more at once.
"""

from __future__ import annotations

import asyncio
import gc
import heapq
import itertools
import random
import resource
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

LINES = 900
"""Of one server process: beyond 1,024 it accepts no connection (Granian's own bound)."""
PATIENCE = 60.0
"""Seconds that phones wait after the last arrival."""
OLD = 4.0
"""Seconds that a connection is kept without a request: the server closes it after five (webapp/serving.py: HEADER_SECONDS)."""
AT_ONCE = 8
"""How many may leave one after the other before answers are looked at, where this process is late."""
Again = Callable[["Press"], "Press | None"]


@dataclass(slots=True)
class Press:
    """Somebody asks for something at `at` seconds; then what came of it, in seconds of the same clock. `status` 0: never answered."""

    at: float
    kind: str
    request: bytes
    who: int = -1
    sent: float = 0.0
    came: float = 0.0
    status: int = 0
    retry_after: int | None = None
    location: str = ""
    size: int = 0
    returns: int = 0

    @property
    def took(self) -> float:
        return self.came - self.at


def arrivals(rate: float, seconds: float, chance: random.Random) -> Iterator[float]:
    """When somebody comes, a Poisson process."""
    at = chance.expovariate(rate)
    while at < seconds:
        yield at
        at += chance.expovariate(rate)


@dataclass
class Heard:
    """What came of a schedule, and how this process itself was: `late` seconds behind each arrival, `cpu` of one core used. `began` is the
    machine's time of zero."""

    presses: Sequence[Press]
    began: float
    late: list[float]
    cpu: float
    lines: int

    def quantile(self, part: float, of: Callable[[Press], bool] = lambda press: True) -> float:
        """Seconds; of those who were answered."""
        return quantile([press.took for press in self.presses if press.status and of(press)], part)

    def count(self, of: Callable[[Press], bool]) -> int:
        return sum(map(of, self.presses))


def quantile(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("nan")


def nobody(press: Press) -> None:
    """Comes back."""


def ask(port: int, presses: Sequence[Press], lines: int = LINES, again: Again = nobody) -> Heard:
    """All of them, in their time; returns when the last was answered or gave up."""
    gc.collect()
    gc.freeze()
    gc.disable()
    used = _cpu()
    try:
        return asyncio.run(_Crowd(port, presses, lines, again).come(used))
    finally:
        gc.enable()
        gc.unfreeze()


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


@dataclass
class _Crowd:
    port: int
    presses: Sequence[Press]
    most: int
    again: Again
    free: list[_Line] = field(default_factory=list)
    waiting: deque[Press] = field(default_factory=deque)
    lines: int = 0
    most_lines: int = 0
    handed: list[Press] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    answered: int = 0

    async def come(self, used: float) -> Heard:
        self.loop = asyncio.get_running_loop()
        self.done: asyncio.Future[None] = self.loop.create_future()
        self.order = itertools.count()
        self.coming = [(press.at, next(self.order), press) for press in self.presses]  # in order of time: a heap already
        self.ends = max(press.at for press in self.presses)
        began_at, self.began = time.time(), self.loop.time()
        while self.coming or self.now() < self.ends:
            await self._let_come()
        if self.answered < len(self.handed):
            timer = self.loop.call_later(PATIENCE, self._give_up)
            await self.done
            timer.cancel()
        took = self.now()
        for line in [*self.free]:
            line.close()
        return Heard(self.handed, began_at, self.late, (_cpu() - used) / took, self.most_lines)

    async def _let_come(self) -> None:
        """Whoever is due; then answers are looked at."""
        for _ in range(AT_ONCE):
            if not self.coming or self.coming[0][0] > self.now():
                break
            press = heapq.heappop(self.coming)[2]
            self.late.append(self.now() - press.at)
            self.handed.append(press)
            self._hand_over(press)
        next_at = self.coming[0][0] if self.coming else self.ends
        await asyncio.sleep(min(max(next_at - self.now(), 0.0), 0.05))

    def _hand_over(self, press: Press) -> None:
        while self.free and self.free[-1].is_old():
            self.free.pop().close()
        if self.free:
            self.free.pop().ask(press)
        elif self.lines < self.most:
            self.lines += 1
            self.most_lines = max(self.lines, self.most_lines)
            opening = self.loop.create_task(self._open(press))
            opening.add_done_callback(lambda task: task.exception())
        else:
            self.waiting.append(press)

    async def _open(self, press: Press) -> None:
        try:
            _, line = await self.loop.create_connection(lambda: _Line(self), "127.0.0.1", self.port)
        except OSError:
            self.lines -= 1
            self.ended(press)
            return
        line.ask(press)

    def take_next(self, line: _Line) -> None:
        """`line` was answered: whoever waited longest has it, else it is free."""
        if self.waiting:
            line.ask(self.waiting.popleft())
        else:
            line.free_since = self.now()
            self.free.append(line)

    def gone(self, line: _Line) -> None:
        self.lines -= 1
        if line in self.free:
            self.free.remove(line)
        if self.waiting:
            self._hand_over(self.waiting.popleft())

    def ended(self, press: Press) -> None:
        self.answered += 1
        back = self.again(press)
        if back is not None and back.at < self.ends:
            heapq.heappush(self.coming, (back.at, next(self.order), back))
        if self.answered == len(self.handed) and not self.coming and self.now() >= self.ends and not self.done.done():
            self.done.set_result(None)

    def now(self) -> float:
        return self.loop.time() - self.began

    def _give_up(self) -> None:
        if not self.done.done():
            self.done.set_result(None)


class _Line(asyncio.Protocol):
    """One connection; asks one thing at a time."""

    def __init__(self, crowd: _Crowd) -> None:
        self._crowd, self._held = crowd, b""
        self._press: Press | None = None
        self.free_since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def ask(self, press: Press) -> None:
        self._press, self._held = press, b""
        press.sent = self._crowd.now()
        self._transport.write(press.request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        held = self._held = self._held + data
        end = held.find(b"\r\n\r\n")
        if end < 0 or self._press is None:
            return
        head = held[:end].lower()
        length = int(_header(head, b"content-length") or 0)
        if len(held) < end + 4 + length:
            return
        press, self._press = self._press, None
        press.came, press.status, press.size = self._crowd.now(), int(held[9:12]), length
        retry, location = _header(head, b"retry-after"), _header(head, b"location")
        press.retry_after = int(retry) if retry.isdigit() else None
        press.location = location.decode("latin-1")
        self._crowd.ended(press)
        if _header(head, b"connection") == b"close":
            self._transport.close()
        else:
            self._crowd.take_next(self)

    def connection_lost(self, exc: Exception | None) -> None:
        press, self._press = self._press, None
        if press is not None:
            self._crowd.ended(press)
        self._crowd.gone(self)

    def is_old(self) -> bool:
        """The server may be closing it at this moment."""
        return self._crowd.now() - self.free_since > OLD

    def close(self) -> None:
        self._transport.close()


def _header(head: bytes, name: bytes) -> bytes:
    """From lower-case headers; empty where it is not there."""
    start = head.find(b"\r\n" + name + b":")
    return head[start + len(name) + 3 :].split(b"\r\n", 1)[0].strip() if start >= 0 else b""
