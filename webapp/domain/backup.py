"""Backups by their names: when one was made, which are kept, and when the last one is too old.

Decided: the name says the time, so that a listing of the folder needs nothing opened. Of a day long gone the newest backup is enough; of
the newest day all stay, since somebody may have made one on purpose before a new release. Backups hold what was erased since: to keep
them for ever would make a promise of the privacy page untrue, so a number of days is kept and no more.
Put aside: grandfather rules (weekly, monthly, yearly): they keep what was erased for a year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

SUFFIX = ".backup"
NAME = re.compile(r"sitthi-(\d{4}-\d{2}-\d{2})-\d{6}\.backup", re.ASCII)
TOO_OLD = timedelta(hours=36)
"""One night may be missed by a restart; two are a fault that somebody must see."""


def name_of(made_at: datetime) -> str:
    """In the time of the clock that is handed in: Bangkok's, which never turns back."""
    return f"sitthi-{made_at:%Y-%m-%d-%H%M%S}{SUFFIX}"


def to_remove(names: Iterable[str], days: int) -> list[str]:
    """Those that `days` kept days leave over, the oldest first: of the newest day all stay, of each day before the newest one. What is not
    named like a backup of ours is never among them."""
    by_day: dict[str, list[str]] = {}
    for name in sorted(names):
        if found := NAME.fullmatch(name):
            by_day.setdefault(found[1], []).append(name)
    kept: set[str] = set()
    for place, day in enumerate(sorted(by_day, reverse=True)[:days]):
        kept.update(by_day[day] if place == 0 else by_day[day][-1:])
    return [name for day in sorted(by_day) for name in by_day[day] if name not in kept]


def is_too_old(made_at: datetime, now: datetime) -> bool:
    return now - made_at > TOO_OLD
