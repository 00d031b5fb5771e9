"""A push service that says 201 to everything, over TLS and HTTP/2: what the bench sends to, in a process of its own."""

from __future__ import annotations

import sys
from typing import Any


class App:
    """RSGI: the least that a server can do for a request, so that the sink is never what is measured."""

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.proto == "http":
            await protocol()
            protocol.response_empty(201, [])


app = App()


def main() -> None:
    from pathlib import Path

    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    port, certificate, key = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    Granian(
        "tests.bench.push_sink:app", address="127.0.0.1", port=port, interface=Interfaces.RSGI, http=HTTPModes.auto,
        ssl_cert=certificate, ssl_key=key, log_level=LogLevels.error, websockets=False,
    ).serve()  # fmt: skip


if __name__ == "__main__":
    main()
