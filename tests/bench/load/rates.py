"""What a page costs by the number of people in the store, and how many requests a second one app bears.

Cost is processor time, of the app and of its database, since that hangs least on what else the machine does: a little of each kind, size
after size, round after round, so that whatever slows one slows all. Its ratio to the smallest size of the same round is what counts.

Sustained is the largest rate at which ninety-nine of a hundred answers come within a second and fewer than one of a hundred visitors is
told to come back. It is looked for from below, in steps of a half and then of an eighth. A rate is borne when one of TRIES runs says so,
and the search ends where two rates in a row are not: a shared machine stands still for a second now and then, at any rate.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from tests.bench.bench_pages import Phone
from tests.bench.load import phones
from tests.bench.load.crowd import HOME, RESULT, SEARCH, SEND, TRACKER, Asked, Crowd, Visitor, each
from tests.bench.load.engines import App, Place, serving
from tests.bench.load.phones import Heard, Press

THE_AFTERNOON = datetime.fromisoformat("2027-03-31T13:00:00+07:00")
KINDS = (HOME, SEARCH, RESULT, TRACKER, SEND)
ROUNDS, A_SLICE, A_SLICE_OF_CHEAP = 5, 50, 250
CHEAP = frozenset({HOME, SEARCH, RESULT})
"""What is made once and given again: more of it makes a slice that can be timed."""
FLAT = 1.5
"""Times the cost at the smallest size: what "flat in the number of people" allows, the noise of a shared machine included."""
FOLLOWERS = 50
WARM_UP = 6.0
PROBE = 8.0
FIRST_RATE, STEP, FINER, TRIES = 20.0, 1.5, 1.125, 3
WITHIN, PART, TURNED_AWAY = 1.0, 0.99, 0.01
GOOD = (200, 303)
COME_BACK = (429, 503)


# Flat


@dataclass
class Side:
    """One size of the store with an app over it, asked beside the others."""

    app: App
    senders: Iterator[Visitor]
    followers: Sequence[Visitor]
    asked: Asked

    def cost(self, kind: str) -> float:
        """Milliseconds of processor time a request, of a slice of them."""
        count = A_SLICE_OF_CHEAP if kind in CHEAP else A_SLICE
        requests = list(each(kind, self.asked, self.senders, self.followers, count))
        before = self.app.cpu()
        with closing(Phone(self.app.port)) as phone:
            answers = [phone.ask(request) for request in requests]
        used = self.app.cpu() - before
        assert all(answer.status in GOOD for answer in answers), {answer.status for answer in answers}
        return used / count * 1000


def costs(places: Sequence[Place], workers: int) -> dict[int, dict[str, float]]:
    """By the number of people and the kind of page: the median of the rounds."""
    with ExitStack() as stack:
        sides = {place.people: stack.enter_context(_side(place, workers)) for place in places}
        for side in sides.values():
            for kind in KINDS:
                side.cost(kind)
        found: dict[int, dict[str, list[float]]] = {people: {kind: [] for kind in KINDS} for people in sides}
        for _ in range(ROUNDS):
            for kind in KINDS:
                for people, side in sides.items():
                    found[people][kind].append(side.cost(kind))
    return {people: {kind: statistics.median(times) for kind, times in of.items()} for people, of in found.items()}


@contextmanager
def _side(place: Place, workers: int) -> Iterator[Side]:
    """An app over `place`, and its visitors."""
    crowd = Crowd(place, THE_AFTERNOON)
    crowd.forget()
    met = crowd.visitors(A_SLICE * (ROUNDS + 1), with_case=FOLLOWERS)
    with serving(place, workers, THE_AFTERNOON) as app:
        yield Side(app, iter(met[FOLLOWERS:]), met[:FOLLOWERS], Asked(app.port, crowd.chance))


def grows(of: Mapping[int, Mapping[str, float]]) -> dict[int, dict[str, float]]:
    """Times the cost at the smallest size."""
    least = of[min(of)]
    return {people: {kind: cost / least[kind] for kind, cost in kinds.items()} for people, kinds in of.items()}


# Sustained


@dataclass(frozen=True)
class Rate:
    """What came of one rate: seconds, MB, milliseconds of processor time a request, and cores used meanwhile."""

    asked: float
    served: float
    p50: float
    p99: float
    turned_away: float
    lost: int
    cpu: float
    cores: float
    memory: float
    memory_of_database: float
    driver_late: float

    @property
    def is_borne(self) -> bool:
        return self.p99 < WITHIN and self.turned_away < TURNED_AWAY and not self.lost


def sustained(place: Place, workers: int) -> Rate:
    """The largest rate borne; raises NotEvenOne."""
    crowd = Crowd(place, THE_AFTERNOON)
    crowd.forget()
    with serving(place, workers, THE_AFTERNOON) as app:
        crowd.port = app.port
        _probe(app, crowd, FIRST_RATE, WARM_UP)
        best = _largest(app, crowd, FIRST_RATE, STEP, None)
        if best is None:
            raise NotEvenOne(f"not even {FIRST_RATE:g} requests a second are borne on this machine as busy as it is")
        return _largest(app, crowd, best.asked * FINER, FINER, best) or best


def _largest(app: App, crowd: Crowd, rate: float, step: float, best: Rate | None) -> Rate | None:
    """From `rate` upwards, until two in a row are not borne."""
    missed = 0
    while missed < 2:
        found = _borne(app, crowd, rate)
        best, missed = (found, 0) if found else (best, missed + 1)
        rate *= step
    return best


class NotEvenOne(RuntimeError):
    """The machine is too busy to find a rate."""


def _borne(app: App, crowd: Crowd, rate: float) -> Rate | None:
    for _ in range(TRIES):
        found = _probe(app, crowd, rate, PROBE)
        told(f"{app.place.name}: {rate:.0f} a second: p50 {found.p50 * 1000:.0f} ms, p99 {found.p99 * 1000:.0f} ms, "
             f"{found.turned_away:.1%} told to come back, {found.cores:.2f} cores")  # fmt: skip
        if found.is_borne:
            return found
    return None


def _probe(app: App, crowd: Crowd, rate: float, seconds: float) -> Rate:
    if crowd.place.people < crowd.met + FOLLOWERS + rate * seconds:
        crowd.forget()
    met = crowd.visitors(int(rate * seconds * 0.3), with_case=FOLLOWERS)
    presses = crowd.schedule(rate, seconds, met[FOLLOWERS:], met[:FOLLOWERS])
    before, began = app.cpu(), time.perf_counter()
    heard = phones.ask(app.port, presses)
    return _rate(app, rate, heard, app.cpu() - before, time.perf_counter() - began)


def _rate(app: App, rate: float, heard: Heard, used: float, took: float) -> Rate:
    count = len(heard.presses)
    return Rate(
        asked=rate,
        served=heard.count(was_served) / max(press.came for press in heard.presses),
        p50=heard.quantile(0.5),
        p99=heard.quantile(PART),
        turned_away=heard.count(was_turned_away) / count,
        lost=heard.count(lambda press: not press.status),
        cpu=used / count * 1000,
        cores=used / took,
        memory=app.memory(),
        memory_of_database=app.memory_of_database(),
        driver_late=phones.quantile(heard.late, PART),
    )


def was_served(press: Press) -> bool:
    return press.status in GOOD


def was_turned_away(press: Press) -> bool:
    return press.status in COME_BACK


def as_facts(rate: Rate) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(rate).items()}


def told(line: str) -> None:
    """How far it is, for whoever waits."""
    print(line, file=sys.stderr, flush=True)
