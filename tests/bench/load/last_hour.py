"""The last hour of 31 March, pressed into a minute or two, at ten times the rate that the app bears; then the store is asked.

What somebody was told is compared with what is kept: an acknowledged change is there once, under the reference that was told; what was
answered with "come back" and never taken later is not there; of what was never answered at most one. The time of receipt lies between press
and answer, and on the side of the cut-off that the answer says.

The app's business clock runs from SITTHI_CLOCK on, from the moment each of its processes began. How far it is from this process's clock is
told by no page, and found out from the answers: one shift for each process must explain every time of receipt there is.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.bench.load import phones
from tests.bench.load.crowd import SEND, SHARES, Crowd, Visitor
from tests.bench.load.engines import App, Place, serving
from tests.bench.load.phones import Heard, Press, quantile
from tests.bench.load.rates import FOLLOWERS, GOOD, was_served, was_turned_away
from webapp.domain.dates import BANGKOK

TIMES = 10
CLOSES = {
    "the end of 31 March": datetime(2027, 4, 1, 0, 0, tzinfo=BANGKOK),
    "16:30 on 31 March": datetime(2027, 3, 31, 16, 30, tzinfo=BANGKOK),
}
"""The annual window is over after the first, and nothing annual is taken; after the second a request counts from another day, and the page
is shown once more."""
CLOSES_AT = 0.8
"""Of the time of the storm."""
STARTS_WITHIN = 30.0
"""Seconds from starting the app to the first arrival."""
EASE = timedelta(milliseconds=2)
RECEIPT = "/hospital-change/hc-"
TOO_LATE, SHOWN_AGAIN = 422, 200


@dataclass
class Told:
    """What one person was told, of all their taps."""

    visitor: Visitor
    presses: list[Press] = field(default_factory=list)

    @property
    def accepted(self) -> list[Press]:
        return [press for press in self.presses if press.status == 303 and press.location.startswith(RECEIPT)]

    @property
    def may_have_written(self) -> list[Press]:
        return [press for press in self.presses if press in self.accepted or not press.status]

    @property
    def was_lost(self) -> bool:
        return any(not press.status for press in self.presses)


@dataclass(frozen=True)
class Kept:
    """A change as it stands in the store."""

    reference: str
    key: str
    received_at: datetime
    effective_on: str


@dataclass
class Outcome:
    """The figures of a storm, and what was wrong with it."""

    closes: str
    rate: float
    seconds: float
    arrivals: int = 0
    returns: int = 0
    served: float = 0.0
    answers: dict[str, int] = field(default_factory=dict)
    people_who_sent: int = 0
    accepted: int = 0
    told_too_late: int = 0
    never_let_in: int = 0
    p50_served: float = 0.0
    p99_served: float = 0.0
    p99_turned_away: float = 0.0
    longest: float = 0.0
    lost: int = 0
    cores: float = 0.0
    memory: float = 0.0
    driver_late: float = 0.0
    clocks: int = 0
    wrong: list[str] = field(default_factory=list)


def storm(place: Place, rate: float, seconds: float, workers: int, closes: str) -> Outcome:
    """`rate` arrivals a second, whoever comes back on top of them."""
    at = CLOSES[closes]
    crowd = Crowd(place, at - timedelta(minutes=1))
    crowd.forget()
    met = crowd.visitors(int(rate * seconds * SHARES[SEND] * 1.1) + 10, with_case=FOLLOWERS)
    followers, senders = met[:FOLLOWERS], met[FOLLOWERS:]
    starts = time.time() + STARTS_WITHIN
    with serving(place, workers, at - timedelta(seconds=STARTS_WITHIN + CLOSES_AT * seconds)) as app:
        crowd.port = app.port
        phones.ask(app.port, crowd.schedule(rate / TIMES / 2, 5.0, [], followers))
        presses = crowd.schedule(rate, seconds, senders, followers)
        time.sleep(max(0.0, starts - time.time()))
        before = app.cpu()
        heard = phones.ask(app.port, presses, again=crowd.comes_back)
        outcome = _figures(app, heard, Outcome(closes, rate, seconds), app.cpu() - before)
    compare(outcome, heard, senders, kept_by_person(place, {one.person_id for one in senders}), at, workers)
    return outcome


def _figures(app: App, heard: Heard, outcome: Outcome, used: float) -> Outcome:
    presses = heard.presses
    outcome.arrivals = sum(not press.returns for press in presses)
    outcome.returns = len(presses) - outcome.arrivals
    outcome.served = heard.count(was_served) / outcome.seconds
    outcome.answers = {f"{kind}: {status or 'none'}": count for (kind, status), count in sorted(_answers(presses).items())}
    outcome.p50_served, outcome.p99_served = heard.quantile(0.5, was_served), heard.quantile(0.99, was_served)
    outcome.p99_turned_away, outcome.longest = heard.quantile(0.99, was_turned_away), heard.quantile(1.0)
    outcome.lost = heard.count(lambda press: not press.status)
    outcome.cores, outcome.memory = used / outcome.seconds, app.memory()
    outcome.driver_late = quantile(heard.late, 0.99)
    return outcome


def _answers(presses: Iterable[Press]) -> Counter[tuple[str, int]]:
    return Counter((press.kind, press.status) for press in presses)


def kept_by_person(place: Place, people: set[str]) -> dict[str, list[Kept]]:
    found: dict[str, list[Kept]] = {}
    with place.tools() as tools:
        store: Any = tools.store
        for row in store.all("SELECT person_id, reference, idempotency_key, received_at, effective_on FROM hospital_changes"):
            if row["person_id"] in people:
                one = Kept(row["reference"], row["idempotency_key"], datetime.fromisoformat(row["received_at"]), row["effective_on"])
                found.setdefault(row["person_id"], []).append(one)
    return found


# Comparing


def compare(
    outcome: Outcome, heard: Heard, senders: Sequence[Visitor], kept: Mapping[str, list[Kept]], closes: datetime, workers: int
) -> None:
    told = _told(heard, senders)
    outcome.people_who_sent = len(told)
    outcome.accepted = sum(bool(one.accepted) for one in told)
    outcome.told_too_late = sum(any(p.status in (TOO_LATE, SHOWN_AGAIN) for p in one.presses) and not one.accepted for one in told)
    outcome.never_let_in = sum(all(was_turned_away(press) for press in one.presses) for one in told)
    wrong = [*_wrong_answers(heard), *(text for one in told for text in _wrong_with(one, kept.get(one.visitor.person_id, []), closes))]
    shifts = clocks(heard, told, kept)
    outcome.clocks = len(shifts)
    if len(shifts) > workers:
        wrong.append(f"{len(shifts)} clocks are needed to explain the times of receipt, and there are {workers} processes")
    wrong += _wrong_side(heard, told, shifts, closes)
    outcome.wrong = wrong


def _told(heard: Heard, senders: Sequence[Visitor]) -> list[Told]:
    found: dict[int, Told] = {}
    for press in heard.presses:
        if press.kind == SEND:
            found.setdefault(press.who, Told(senders[press.who])).presses.append(press)
    return list(found.values())


def _wrong_answers(heard: Heard) -> list[str]:
    """Everybody is served, told that it is too late, or told when to come back."""
    wrong = []
    for press in heard.presses:
        if was_turned_away(press):
            if press.retry_after is None:
                wrong.append(f"{press.kind}: {press.status} without Retry-After")
        elif press.kind != SEND and press.status not in (200, 0):
            wrong.append(f"{press.kind}: answered {press.status}")
        elif press.kind == SEND and press.status == 303 and not press.location.startswith(RECEIPT):
            wrong.append(f"{press.kind}: sent to {press.location}")
        elif press.kind == SEND and press.status not in (*GOOD, TOO_LATE, 0):
            wrong.append(f"{press.kind}: answered {press.status}")
    return wrong


def _wrong_with(one: Told, kept: Sequence[Kept], closes: datetime) -> list[str]:
    wrong = []
    references = {press.location.rpartition("/")[2].upper() for press in one.accepted}
    if len(references) > 1:
        wrong.append("one key, two references")
    if one.accepted and [case.reference for case in kept] != [*references]:
        wrong.append(f"acknowledged, and kept {len(kept)} times")
    if not one.accepted and kept and not one.was_lost:
        wrong.append("told to come back, and kept")
    if len(kept) > 1:
        wrong.append(f"kept {len(kept)} times")
    for case in kept:
        if case.key != one.visitor.key:
            wrong.append("kept under another key")
        if case.received_at >= closes:
            wrong.append(f"received {case.received_at.isoformat()}, after the cut-off")
        if case.effective_on != one.visitor.effective_on:
            wrong.append("starts on another day than was shown")
    return wrong


# Clocks


def clocks(heard: Heard, told: Sequence[Told], kept: Mapping[str, list[Kept]]) -> list[tuple[float, float]]:
    """The fewest shifts, in seconds from this machine's time to business time, that put each time of receipt between press and answer; each
    as the span that its share of the answers leaves open."""
    spans = []
    for one in told:
        for case in kept.get(one.visitor.person_id, []) if one.accepted else []:
            received = case.received_at.timestamp()
            first, last = min(press.sent for press in one.may_have_written), min(press.came for press in one.accepted)
            spans.append((received - heard.began - last - EASE.total_seconds(), received - heard.began - first + EASE.total_seconds()))
    found: list[tuple[float, float]] = []
    for low, high in sorted(spans, key=lambda span: span[1]):
        if found and low <= found[-1][1]:
            found[-1] = (max(low, found[-1][0]), found[-1][1])
        else:
            found.append((low, high))
    return found


def _wrong_side(heard: Heard, told: Sequence[Told], shifts: Sequence[tuple[float, float]], closes: datetime) -> list[str]:
    """Nobody is told that it is too late while there is time. Whoever came afterwards and was taken would have a time of receipt that is
    past the cut-off, or one that no clock explains."""
    if not shifts:
        return ["nothing was accepted"]
    end, latest, wrong = closes.timestamp() - heard.began, max(high for _, high in shifts), []
    for one in told:
        for press in one.presses:
            if press.status in (TOO_LATE, SHOWN_AGAIN) and press.came + latest < end:
                wrong.append("told that it is too late, before it was")
    return wrong
