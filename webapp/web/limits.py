"""How often somebody may try a door before being asked to come back later: counted in the store, so that all processes agree.

Who tries is kept as a keyed hash of the address: an address is personal data. No puzzle is ever set: people who see badly
or read slowly fail puzzles, programs do not.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import request

from webapp.web.tools import tools


class TooManyTries(RuntimeError):
    """Come back in `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"come back in {seconds} s")
        self.seconds = seconds


def allow(door: str, most: int, window: int, who: str | None = None) -> None:
    """Count one try at `door`; raises TooManyTries over `most` in `window` seconds from one address, or by `who` (a hash)."""
    held = tools()
    if not held.settings.limits:
        return
    now = held.clock.machine_time()
    key = held.settings.secret_keys[0].encode()
    by = who or hmac.new(key, (request.remote_addr or "").encode(), hashlib.sha256).hexdigest()[:32]
    count, since = held.store.count_try(door, by, now, float(window))
    if count > most:
        raise TooManyTries(max(1, int(since + window - now)))
