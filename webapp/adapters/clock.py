"""The two clocks of the house.

Business time (dates, cut-offs, times of receipt) is Bangkok time and may be moved in development by SITTHI_CLOCK: it
starts there and runs on. Tokens and sessions keep the machine's time, so that a moved clock never opens a door.
"""

from __future__ import annotations

import time
from datetime import date, datetime

from webapp.domain.dates import BANGKOK


class RunningClock:
    """The machine's clock, its business time moved to `start` when one is given."""

    def __init__(self, start: datetime | None = None) -> None:
        machine = datetime.now(BANGKOK)
        if start is not None and start.tzinfo is None:
            start = start.replace(tzinfo=BANGKOK)
        self._shift = (start - machine) if start is not None else None

    def now(self) -> datetime:
        """Business time: aware, Asia/Bangkok."""
        machine = datetime.now(BANGKOK)
        return machine if self._shift is None else machine + self._shift

    def today(self) -> date:
        return self.now().date()

    def machine_time(self) -> float:
        """Epoch seconds, never moved."""
        return time.time()

    def elapsed(self) -> float:
        return time.monotonic()
