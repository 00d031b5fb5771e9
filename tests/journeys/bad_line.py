"""A bad line between a phone and the app: a relay on loopback that can be cut, break off, hang, swallow answers or stand in for a proxy.

Browsers can be told that they are offline, and then know it. On a bad line they do not: `navigator.onLine` stays true, and requests
die in ways that only a real socket has.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

AT_ONCE = struct.pack("ii", 1, 0)
PROXY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<h1>502 Bad Gateway</h1>"
PATIENCE = 10


class Manner(Enum):
    """How the line treats one request."""

    GOOD = "passed on, and its answer too"
    RESET = "taken up and at once broken off"
    HANGING = "taken up and never answered"
    LOSING = "passed on and done, but its answer is lost"
    TORN = "the answer breaks off in its middle"
    STALLED = "the answer stops in its middle, and nothing more comes"
    BAD_GATEWAY = "answered by a proxy that finds nobody behind it"


Rule = Callable[[str], Manner]
"""The request line ("POST /sign-out HTTP/1.1") → how that request is treated."""


def always(manner: Manner) -> Rule:
    return lambda request: manner


def only(start: str, manner: Manner) -> Rule:
    """For requests that begin so ("POST /hospital-change"); all others are well treated."""
    return lambda request: manner if request.startswith(start) else Manner.GOOD


def every_second(manner: Manner) -> Rule:
    """The first, the third, the fifth …"""
    count = iter(range(10**9))
    return lambda request: Manner.GOOD if next(count) % 2 else manner


class BadLine:
    """Where the phone knocks: `url`. Good until told otherwise; each connection carries one request, as the test server does."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._behind = 0
        self.port = 0
        self.rule: Rule = always(Manner.GOOD)
        self.asked: list[tuple[str, Manner]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def leads_to(self, port: int) -> None:
        self._behind = port

    def treats(self, rule: Rule | Manner) -> None:
        """From the next request on; what hangs goes on hanging."""
        self.rule = always(rule) if isinstance(rule, Manner) else rule
        self.asked.clear()

    def cut(self) -> None:
        """Nobody answers at this address any more, and what was under way is broken off."""
        self._do(self._close())

    def mend(self) -> None:
        """As good as new. What still hung is broken off, as when a phone comes back to the net."""
        self.treats(Manner.GOOD)
        self._do(self._close())
        self._do(self._listen())

    def count(self, start: str) -> int:
        """Requests since the last change that began so, however they were treated."""
        return sum(request.startswith(start) for request, _ in self.asked)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server:
            self._server.close()
        for writer in list(self._open):
            _break_off(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            line = request.split(b"\r\n")[0].decode("latin-1")
            manner = self.rule(line)
            self.asked.append((line, manner))
            await self._treat(manner, request, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the phone hung up
        finally:
            self._open.discard(writer)
            writer.close()

    async def _treat(self, manner: Manner, request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if manner is Manner.HANGING:
            await reader.read()
        elif manner is Manner.BAD_GATEWAY:
            writer.write(PROXY)
            await writer.drain()
        elif manner is not Manner.RESET:
            answer = await self._answer(request, reader)
            writer.write(_said(manner, answer))
            await writer.drain()
            if manner is Manner.STALLED:
                await reader.read()
        if manner in (Manner.RESET, Manner.LOSING, Manner.TORN):
            _break_off(writer)

    async def _answer(self, request: bytes, reader: asyncio.StreamReader) -> bytes:
        length = next((int(one[15:]) for one in request.split(b"\r\n") if one.lower().startswith(b"content-length:")), 0)
        body = await reader.readexactly(length)
        app_reader, app_writer = await asyncio.open_connection("127.0.0.1", self._behind)
        try:
            app_writer.write(request + body)
            return await app_reader.read()
        finally:
            app_writer.close()


def _said(manner: Manner, answer: bytes) -> bytes:
    """So much of the answer gets through: of one that is broken, the headers and half of what follows."""
    if manner is Manner.GOOD:
        return answer
    head, _, body = answer.partition(b"\r\n\r\n")
    return b"" if manner is Manner.LOSING else head + b"\r\n\r\n" + body[: len(body) // 2]


def _break_off(writer: asyncio.StreamWriter) -> None:
    """As a dead line does: a reset, not an orderly end."""
    plug = writer.get_extra_info("socket")
    if plug and plug.fileno() >= 0:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    writer.transport.abort()


@contextmanager
def running_line(port: int = 0) -> Iterator[BadLine]:
    """A good line on a thread of its own, at `port` if one is named."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    line = BadLine(loop)
    line.port = port
    line._do(line._listen())
    try:
        yield line
    finally:
        line.cut()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()
