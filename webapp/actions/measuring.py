"""How the installation stands at this moment, for whoever watches over it: read when it is asked for, kept nowhere.

At night no reminder is late, and in the morning the night does not count.
What cannot be known while the store is down is told as not a number: a watcher's rule is then neither kept nor broken, and the one for the
store itself speaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from math import inf, nan

from webapp.actions import backup, read_only, readiness
from webapp.domain.measure import BACKUP_AGE, DISK_FREE, INFO, OLDEST_WAITING, READ_ONLY, READY, REGISTER_AGE, WAITING, Labels, Level
from webapp.domain.reminder import may_be_sent_at, next_sending_time
from webapp.ports import StoreUnavailable, Tools

Levels = Mapping[Level, Mapping[Labels, float]]


def levels(tools: Tools) -> Levels:
    """Every level of domain/measure.py that is read and not counted."""
    return {
        INFO: {(version("sitthi"), str(readiness.law_checked(tools))): 1.0},
        READY: {(part,): float(is_ready) for part, is_ready in readiness.parts(tools).items()},
        READ_ONLY: {(): _is_read_only(tools)},
        OLDEST_WAITING: {(queue,): seconds for queue, seconds in _oldest_waiting(tools).items()},
        BACKUP_AGE: {(): _backup_age(tools)},
        REGISTER_AGE: {(): _register_age(tools)},
        DISK_FREE: {(): tools.archives.free_share()},
    }


def _is_read_only(tools: Tools) -> float:
    with suppress(StoreUnavailable):
        return float(read_only.is_on(tools))
    return nan


def _oldest_waiting(tools: Tools) -> dict[str, float]:
    now = tools.clock.now()
    try:
        since = tools.store.oldest_waiting()
        reminder = tools.store.oldest_reminder_due(now)
    except StoreUnavailable:
        return dict.fromkeys(WAITING, nan)
    if reminder and may_be_sent_at(now):
        since["reminder"] = next_sending_time(reminder)
    return {queue: max(0.0, (now - since[queue]).total_seconds()) if queue in since else 0.0 for queue in WAITING}


def _backup_age(tools: Tools) -> float:
    last = backup.last_made(tools, tools.archives)
    return (tools.clock.now() - last[0]).total_seconds() if last else inf


def _register_age(tools: Tools) -> float:
    with suppress(StoreUnavailable):
        last = tools.store.last_register_import()
        return (tools.clock.now() - last.imported_at).total_seconds() if last else inf
    return nan
