"""A time in which everything can be read and nothing is taken in: while the database is moved or migrated, or something is put right.

Decided:
- It ends when an operator says so and never by itself. `until_at` is what people are told and no more: a move that takes longer than was
  thought must not lose what people send from the announced minute on.
- Once that time has passed people are told no time at all: a time that was not kept is worse than none.
Which acts go on meanwhile is domain/assurance.py's to say (GOES_ON).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Why(StrEnum):
    """What people are told of the reason."""

    MAINTENANCE = "maintenance"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class Spell:
    """One such time. `since` None: by the setting SITTHI_READ_ONLY, since nobody wrote down when. Written with number 0."""

    number: int
    why: Why
    since: datetime | None
    until_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def runs(self) -> bool:
        return self.ended_at is None

    def told_until(self, at: datetime) -> datetime | None:
        """The end that people may count on; None where none is known, or the known one has passed."""
        return self.until_at if self.until_at is not None and self.until_at > at else None

    def seconds_left(self, at: datetime) -> int | None:
        until = self.told_until(at)
        return None if until is None else max(1, int((until - at).total_seconds()))
