"""The Meter port by prometheus-client: what several processes count is added up by whichever is asked.

Decided:
- Each process writes its counts into files of its own (the package's multiprocess mode) in a folder of its kind, app or worker, below
  DATA_DIR/metrics: one store for all would cost a write a request. Whoever is asked reads the files of all kinds.
- A folder is emptied when the first of its kind starts. What a process that ended counted stays until then, and the one that takes its
  place counts on from there (folders.py): its requests were answered, and a sum that falls looks to Prometheus like a start from nothing,
  and the rest of it like a burst.
- The files are mapped into memory. On a full disk a page that has no room yet would end the process on the spot (SIGBUS), so all of it is
  reserved first; where there is no room for that, the process counts for itself alone and nobody is turned away.
- A figure of one moment (a queue's age) is read from the store when it is asked for and kept nowhere.
- The package's choice between one process and several is made by the environment at import, for the whole process; here it is made where
  the meter is made.
Put aside: a gateway or statsd beside the app (one more thing to run and to fall silent) and counts in the database (a flush a request).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import prometheus_client as client
from prometheus_client import values
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector, CollectorRegistry

from webapp.adapters.meter.folders import take_place
from webapp.domain.measure import COUNTED, OTHER, READ, Counter, Family, Labels, Level, Times

FOLDER_NAMED = "PROMETHEUS_MULTIPROC_DIR"
RESERVED = {"counter": 1 << 19, "histogram": 1 << 20, "gauge_max": 1 << 14}
"""Bytes for every label there is, and twice as many again (tests/adapters/test_prometheus.py)."""
CONTENT_TYPE = client.CONTENT_TYPE_PLAIN_0_0_4
log = logging.getLogger("sitthi")
client.disable_created_metrics()  # type: ignore[no-untyped-call]

Levels = Mapping[Level, Mapping[Labels, float]]


class Prometheus:
    """`folder`: of this kind of process; None counts for this process alone."""

    content_type = CONTENT_TYPE

    def __init__(self, folder: Path | None = None) -> None:
        place = _reserved_place(folder) if folder else None
        self._folder = folder if place is not None else None
        if self._folder:
            os.environ[FOLDER_NAMED] = str(self._folder)
            values.ValueClass = values.MultiProcessValue(lambda: place)  # type: ignore[no-untyped-call]
        else:
            values.ValueClass = values.MutexValue
        self._families = {family.name: _made(family) for family in COUNTED}
        self._known = {family.name: frozenset(family.known) for family in COUNTED if family.known}
        self._adders: dict[tuple[str, Labels], Callable[[float], None]] = {}
        for family in COUNTED:
            for labels in family.known:
                self._adder(family, labels)

    def count(self, what: Counter, *labels: str, by: int = 1) -> None:
        self._adder(what, labels)(by)

    def time(self, what: Times, seconds: float, *labels: str) -> None:
        self._adder(what, labels)(seconds)

    def mark(self, what: Level, value: float) -> None:
        self._adder(what, ())(value)

    def told(self, levels: Levels) -> str:
        registry = CollectorRegistry()
        registry.register(_Collected(self._counted(), levels))
        return client.generate_latest(registry).decode()

    def _adder(self, what: Family, labels: Labels) -> Callable[[float], None]:
        """Looked up once; a label that is none of the known ones is `other`."""
        found = self._adders.get((what.name, labels))
        if found is None:
            known = self._known.get(what.name)
            one = labels if known is None or labels in known else (OTHER,) * len(labels)
            found = self._adders[(what.name, labels)] = _adder_of(self._families[what.name], one)
        return found

    def _counted(self) -> Iterable[Metric]:
        if self._folder:
            files = sorted(str(path) for path in self._folder.parent.glob("*/*.db") if path.stat().st_size)  # none: no room was left for it
            return MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call,no-any-return]
        return [metric for family in self._families.values() for metric in family.collect()]


class _Collected(Collector):
    """Every family, those without a figure too."""

    def __init__(self, counted: Iterable[Metric], levels: Levels) -> None:
        self._counted = {metric.name: metric for metric in counted}
        self._levels = {family.name: found for family, found in levels.items()}

    def collect(self) -> Iterator[Metric]:
        for family in COUNTED:
            yield self._counted.get(family.name) or Metric(family.name, family.says, _kind_of(family))
        for family in READ:
            metric = Metric(family.name, family.says, "gauge")
            for labels, value in self._levels.get(family.name, {}).items():
                metric.add_sample(family.name, dict(zip(family.labels, labels, strict=True)), value)
            yield metric


def _kind_of(family: Family) -> str:
    return "counter" if isinstance(family, Counter) else "histogram" if isinstance(family, Times) else "gauge"


def _made(family: Family) -> Any:
    if isinstance(family, Counter):
        return client.Counter(family.name, family.says, family.labels, registry=None)
    if isinstance(family, Times):
        return client.Histogram(family.name, family.says, family.labels, buckets=family.bounds, registry=None)
    return client.Gauge(family.name, family.says, family.labels, multiprocess_mode="max", registry=None)


def _adder_of(made: Any, labels: Labels) -> Callable[[float], None]:
    one = made.labels(*labels) if labels else made
    adder: Callable[[float], None] = one.inc if isinstance(one, client.Counter) else getattr(one, "observe", None) or one.set
    return adder


def _reserved_place(folder: Path) -> int | None:
    """With room on the disk for all that this process will ever count; None where there is none."""
    try:
        place = take_place(folder)
        for kind, size in RESERVED.items():
            handle = os.open(folder / f"{kind}_{place}.db", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                os.posix_fallocate(handle, 0, size)
            finally:
                os.close(handle)
    except OSError as fault:
        log.warning("no room for shared counts, this process counts for itself alone: %s", type(fault).__name__)
        return None
    return place
