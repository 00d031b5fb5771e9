"""ClamAV's daemon, asked over its socket: the bytes go there in chunks, and it answers with a word.

Its protocol (INSTREAM of clamd(8)) is four lines long, so no package carries it here. A scanner that is configured and does not answer, or
says that it could not look, leaves the file unknown: that is ScannerSilent, and never "clean".
"""

from __future__ import annotations

import socket
import struct
from contextlib import closing

from webapp.ports import ScannerSilent

CHUNK = 64 * 1024
LONGEST_ANSWER = 4096
SECONDS = 60.0


class Clamd:
    """`address`: "unix:/path/of/the.socket" or "tcp:host:port" (config.py has looked at it)."""

    def __init__(self, address: str, seconds: float = SECONDS) -> None:
        self._way, _, self._where = address.partition(":")
        self._seconds = seconds

    def is_clean(self, data: bytes) -> bool:
        answer = self._ask(b"zINSTREAM\0", data)
        if answer.endswith(" FOUND"):
            return False
        if answer != "stream: OK":
            raise ScannerSilent("clamd could not look at a file")
        return True

    def is_there(self) -> bool:
        try:
            return self._ask(b"zPING\0") == "PONG"
        except ScannerSilent:
            return False

    def _ask(self, command: bytes, data: bytes | None = None) -> str:
        try:
            with closing(self._line()) as line:
                line.sendall(command)
                for start in range(0, len(data or b""), CHUNK):
                    chunk = (data or b"")[start : start + CHUNK]
                    line.sendall(struct.pack("!I", len(chunk)) + chunk)
                if data is not None:
                    line.sendall(struct.pack("!I", 0))
                return _answer_on(line)
        except (OSError, UnicodeDecodeError) as fault:
            raise ScannerSilent(f"clamd does not answer: {type(fault).__name__}") from fault

    def _line(self) -> socket.socket:
        if self._way == "tcp":
            host, _, port = self._where.rpartition(":")
            return socket.create_connection((host.strip("[]"), int(port)), self._seconds)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(self._seconds)
        try:
            line.connect(self._where)
        except OSError:
            line.close()
            raise
        return line


def _answer_on(line: socket.socket) -> str:
    """Up to the zero that ends it, or the end."""
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        more = line.recv(LONGEST_ANSWER)
        if not more:
            break
        said += more
    return said.rstrip(b"\0").decode("ascii").strip()
