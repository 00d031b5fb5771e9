"""How often somebody may pass a door before being asked to come back later (web/limit_table.py says which door and how often): counted in
the store, so that all processes agree.

Who tries is kept as a keyed hash: an address is personal data. No puzzle is ever set.
A process counts a hundredth of a wide limit by itself and tells the store in lots; so reading costs no write, and at worst each process
lets through a hundredth more. Whoever is over is remembered here until their window ends: refusing costs the store nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from threading import Lock

from flask import current_app, request

from webapp.domain.measure import LIMITS, MISS_ALARMS
from webapp.ports import Meter, Store, Tools
from webapp.web.browser import browser_secret
from webapp.web.limit_table import DOORS, By, Limit
from webapp.web.tools import tools

EXTENSION = "sitthi-counts"
MOST_REMEMBERED = 20_000
log = logging.getLogger("sitthi")


class TooManyTries(RuntimeError):
    """Come back in `seconds`. `of_all`: not for this one's tries but for everybody's, and phones known here are let in."""

    def __init__(self, seconds: int, of_all: bool = False) -> None:
        super().__init__(f"come back in {seconds} s")
        self.seconds = seconds
        self.of_all = of_all


@dataclass
class Seen:
    """What this process knows of one window: what the store held when last told, and what it was not told yet."""

    since: float
    stored: int = 0
    untold: int = 0


@dataclass
class Counts:
    """Of one store, in this process."""

    store: Store
    seen: dict[tuple[str, str], Seen] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


def begin_with_zero(meter: Meter) -> None:
    """Every door, before anybody came too often."""
    for door, limits in DOORS.items():
        meter.count(LIMITS, door, by=0)
        if any(limit.by is By.EVERYBODY for limit in limits):
            meter.count(MISS_ALARMS, door, by=0)


def allow(door: str, person: str | None = None, thing: str | None = None) -> None:
    """Count one try at `door`; raises TooManyTries over any of its limits. `person` is whoever is signed in, `thing` what the view counts
    by; both are hashed. A limit by something that is not known counts nothing: the address always is."""
    held = tools()
    if not held.settings.limits:
        return
    for limit, who in _whose(held, door, person, thing):
        seconds = _count(held, door, limit, who)
        if seconds:
            log.warning("limit reached: door %s, by %s", door, limit.by)
            held.meter.count(LIMITS, door)
            raise TooManyTries(seconds)


def seconds_over(door: str) -> int:
    """How long until another try, 0 where one may be made; nothing is counted."""
    held = tools()
    if not held.settings.limits:
        return 0
    now = held.clock.machine_time()
    waits = [0]
    for limit, who in _whose(held, door, None, None):
        count, since = held.store.tries_at(_place(door, limit), who)
        if count >= limit.most and now < since + limit.window:
            waits.append(max(1, int(since + limit.window - now)))
    return max(waits)


def turn_away_after_misses(*doors: str) -> None:
    """Raises TooManyTries where so many were wrong that the next is not looked at. Nothing is counted."""
    for door in doors:
        seconds = seconds_over(door)
        if seconds:
            log.warning("limit reached: door %s", door)
            tools().meter.count(LIMITS, door)
            raise TooManyTries(seconds)


def note_miss(*doors: str) -> None:
    """Count one that turned out to be wrong, in one write. When everybody's limit is reached the log is told, once a window."""
    held = tools()
    if not held.settings.limits:
        return
    log.info("a wrong one: door %s", doors[0])
    for door, limit in held.store.again(partial(_count_misses, held, doors)):
        held.meter.count(MISS_ALARMS, door)
        log.error("alarm: door %s, %s misses by everybody within %s s", door, limit.most, limit.window)


def _count_misses(held: Tools, doors: Iterable[str]) -> list[tuple[str, Limit]]:
    """Those of everybody's limits that were reached by this very one."""
    now, reached = held.clock.machine_time(), []
    with held.store.transaction():
        for door in doors:
            for limit, who in _whose(held, door, None, None):
                count, _ = held.store.count_try(_place(door, limit), who, now, float(limit.window))
                if limit.by is By.EVERYBODY and count == limit.most:
                    reached.append((door, limit))
    return reached


def _whose(held: Tools, door: str, person: str | None, thing: str | None) -> list[tuple[Limit, str]]:
    """Each limit with the hash of whose tries it counts; those without anybody are left out."""
    key = held.settings.secret_keys[0].encode()
    found = [(limit, _who(limit.by, person, thing)) for limit in DOORS[door]]
    return [(limit, _hashed(key, f"{limit.by}:{who}")) for limit, who in found if who is not None]


def _who(by: By, person: str | None, thing: str | None) -> str | None:
    if by is By.BROWSER:
        return browser_secret()
    if by is By.ADDRESS:
        return request.remote_addr or ""
    return {By.PERSON: person, By.ONE_THING: thing, By.EVERYBODY: ""}[by]


def _hashed(key: bytes, text: str) -> str:
    mac = _keyed(key).copy()
    mac.update(text.encode())
    return mac.hexdigest()[:32]


@lru_cache(maxsize=8)
def _keyed(key: bytes) -> hmac.HMAC:
    """To be copied: beginning anew with the key is most of the work."""
    return hmac.new(key, digestmod=hashlib.sha256)


def _place(door: str, limit: Limit) -> str:
    """Under which name the store keeps this count: two windows of one door are two counts."""
    return f"{door}:{limit.window}"


def _count(held: Tools, door: str, limit: Limit, who: str) -> int:
    """Seconds to wait; 0 where this try is within the limit."""
    counts, now, place = _counts(held), held.clock.machine_time(), _place(door, limit)
    with counts.lock:
        seen = _seen(counts, (place, who), now, limit)
        if seen.stored <= limit.most:
            seen.untold += 1
            if seen.untold < limit.lot and seen.stored + seen.untold <= limit.most:
                return 0
        lot, seen.untold = seen.untold, 0
    if lot:
        stored, since = held.store.count_try(place, who, now, float(limit.window), lot)
        with counts.lock:
            seen.stored, seen.since = max(seen.stored, stored), since
    return max(1, int(seen.since + limit.window - now)) if seen.stored > limit.most else 0


def _seen(counts: Counts, key: tuple[str, str], now: float, limit: Limit) -> Seen:
    """Of the window that runs; with the lock held. Where too many are remembered all are let go: the store still has them."""
    seen = counts.seen.get(key)
    if seen is None or now >= seen.since + limit.window:
        if len(counts.seen) >= MOST_REMEMBERED:
            counts.seen.clear()
        seen = counts.seen[key] = Seen(now)
    return seen


def _counts(held: Tools) -> Counts:
    counts: Counts | None = current_app.extensions.get(EXTENSION)
    if counts is None or counts.store is not held.store:
        counts = current_app.extensions[EXTENSION] = Counts(held.store)
    return counts
