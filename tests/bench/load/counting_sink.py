"""A push service that says 201 to everything and remembers to whom: each address ends in a number, and each number has a count."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from typing import Any

PATH, COUNTS, PHONES = "/push/", "/counts", "SITTHI_LOAD_PHONES"
DIGITS = 9


class App:
    """RSGI, in one process: who counts must see everything."""

    def __init__(self) -> None:
        self._told = bytearray(int(os.environ.get(PHONES, "0")))

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.proto != "http":
            return
        if scope.path == COUNTS:
            protocol.response_str(200, [("content-type", "application/json")], json.dumps(Counter(self._told)))
            return
        await protocol()
        number = int(scope.path[len(PATH) : len(PATH) + DIGITS])
        self._told[number] = min(self._told[number] + 1, 255)
        protocol.response_empty(201, [])


app = App()


def main() -> None:
    from pathlib import Path

    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    port, certificate, key = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    Granian(
        "tests.bench.load.counting_sink:app", address="127.0.0.1", port=port, interface=Interfaces.RSGI, http=HTTPModes.auto,
        ssl_cert=certificate, ssl_key=key, log_level=LogLevels.error, websockets=False,
    ).serve()  # fmt: skip


if __name__ == "__main__":
    main()
