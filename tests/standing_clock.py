"""A clock that stands still until a test moves it."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

from webapp.domain.dates import BANGKOK

IN_THE_ANNUAL_WINDOW = datetime(2026, 12, 20, 10, 0, tzinfo=BANGKOK)


class StandingClock:
    """Business time stands; machine time runs with the machine, plus whatever `advance` added."""

    def __init__(self, now: datetime = IN_THE_ANNUAL_WINDOW) -> None:
        self._now = now
        self._added = 0.0

    def now(self) -> datetime:
        return self._now

    def today(self) -> date:
        return self._now.date()

    def machine_time(self) -> float:
        return time.time() + self._added

    def elapsed(self) -> float:
        return time.monotonic() + self._added

    def set(self, now: datetime) -> None:
        """Business time only."""
        self._now = now if now.tzinfo else now.replace(tzinfo=BANGKOK)

    def advance(self, seconds: float = 0, **more: float) -> None:
        """Both clocks move on together."""
        passed = timedelta(seconds=seconds, **more)
        self._now += passed
        self._added += passed.total_seconds()
