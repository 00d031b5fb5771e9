"""Whether this installation can serve: its store, its law, its clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from webapp.domain.dates import BANGKOK
from webapp.ports import Tools

CLOCK_BEHIND_AT_MOST = timedelta(days=365)


def parts(tools: Tools) -> dict[str, bool]:
    """The store answers and holds every migration, the law is there and the clock can be right."""
    return {"store": tools.store.is_ready(), "law": bool(tools.law_book.keys), "clock": _clock_can_be_right(tools)}


def law_checked(tools: Tools) -> date:
    """When values of the law were last looked up."""
    return max(entry.checked for key in tools.law_book.keys for entry in tools.law_book.history(key) if entry.checked)


def _clock_can_be_right(tools: Tools) -> bool:
    """A machine that woke without its battery stands years before anybody looked up the law that it serves: it must date no request."""
    earliest = datetime.combine(law_checked(tools) - CLOCK_BEHIND_AT_MOST, time.min, BANGKOK)
    return bool(tools.clock.machine_time() > earliest.timestamp())
