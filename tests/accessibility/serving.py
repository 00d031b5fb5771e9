"""A server of one page at a time, at any address, with what belongs to it: styles, scripts, icons as the app hands them out.

The bytes of the page are those that were fetched before (states.py), with their content policy. Put aside: answering the browser through
Playwright's `route`, which turns off the browser's cache and costs more than the page itself, six hundred times.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from flask import Flask

from tests.accessibility.states import Shown
from tests.front_door import APP


class Served:
    """What the server hands out: `now` to whoever opens a page, the app's own files to the page."""

    def __init__(self, app: Flask) -> None:
        self.app, self.now, self.url = app, Shown("", "", "/", 200, ""), ""
        self._files: dict[str, tuple[int, str, bytes]] = {}
        self._lock = threading.Lock()

    def file(self, address: str) -> tuple[int, str, bytes]:
        with self._lock:
            if address not in self._files:
                answer = self.app.test_client().get(address, base_url=APP)
                self._files[address] = (answer.status_code, answer.headers.get("Content-Type", "text/plain"), answer.get_data())
            return self._files[address]


@contextmanager
def serving(app: Flask) -> Iterator[Served]:
    """On a free port of this machine, until the block is left."""
    served = Served(app)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(served))
    served.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler_of(served: Served) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.headers.get("Sec-Fetch-Dest") == "document":
                page = served.now
                self._say(200, page.html.encode(), "text/html; charset=utf-8", [("Content-Security-Policy", page.policy)])
            else:
                status, kind, body = served.file(self.path)
                self._say(status, body, kind, [("Cache-Control", "max-age=3600")])

        def do_POST(self) -> None:
            """What a page sends of its own accord: taken, and nothing done."""
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._say(204, b"", "text/plain", [])

        def _say(self, status: int, body: bytes, kind: str, further: list[tuple[str, str]]) -> None:
            self.send_response(status)
            for name, value in [("Content-Type", kind), ("Content-Length", str(len(body))), *further]:
                if value:
                    self.send_header(name, value)
            self.end_headers()
            with suppress(ConnectionError):  # the browser has gone on to the next page
                self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Nobody reads it."""

    return Handler
