"""The app under a crowd, by engine and by the number of generated people:

    make bench-load                                          both engines at a thousand, a million and ten million (hours the first time)
    make bench-load LOAD="--engines sqlite --people 1000,1000000 --parts flat,sustained"

What is generated stays under var/load and is taken again; results.json beside it holds every figure of the last run of each size. Each
person has --months months on record, three by default: ten million with 24 months would take 50 GB on each engine.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.bench.load import last_hour, people, rates, reminders
from tests.bench.load.engines import KEPT, Engine, Place, Sqlite, running_postgres
from tests.bench.load.last_hour import CLOSES, TIMES
from tests.bench.load.rates import FLAT, told

PARTS = ("flat", "sustained", "last-hour", "reminders")
SIZES, ENGINES = "1000,1000000,10000000", "sqlite,postgresql"
A_MILLION = 1_000_000
BYTES_A_PERSON = {"sqlite": 1_300, "postgresql": 1_600}
"""With three months: so much room must be free before anything is laid down."""
ROOM_TO_WORK = 4e9
RESULTS = KEPT / "results.json"


@dataclass
class Report:
    """What was measured, by the name of the place; and what must not be so on any machine."""

    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def note(self, place: Place, **facts: Any) -> None:
        load, cores = os.getloadavg()[0], os.cpu_count()
        when = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "load of the machine": round(load, 1), "cores": cores}
        self.facts.setdefault(place.name, {"people": place.people, "engine": place.engine.name}).update(facts | when)
        self.keep()

    def keep(self) -> None:
        before = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
        for name, facts in self.facts.items():
            before.setdefault(name, {}).update(facts)
        RESULTS.write_text(json.dumps(before, indent=1, ensure_ascii=False), encoding="utf-8")

    def must(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.wrong.append(otherwise)
            told(f"WRONG: {otherwise}")


def main() -> None:
    logging.disable(logging.WARNING)  # laying down people is one slow statement after the other
    asked = _asked()
    KEPT.mkdir(parents=True, exist_ok=True)
    report = Report()
    with ExitStack() as stack:
        for engine in _engines(asked.engines, stack):
            _measure(engine, asked, report)
    _print(report)
    print("\n".join(["", *report.wrong]) if report.wrong else "\nnothing was lost, nothing was there twice, no cost grew with the people")
    sys.exit(1 if report.wrong else 0)


def _asked() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--people", default=SIZES, type=_numbers, help=f"sizes ({SIZES})")
    asked.add_argument("--engines", default=ENGINES, type=lambda text: text.split(","), help=ENGINES)
    asked.add_argument("--months", default=3, type=int, help="months on record of each person (3)")
    asked.add_argument("--parts", default=",".join(PARTS), type=lambda text: text.split(","), help=",".join(PARTS))
    asked.add_argument("--processes", default=1, type=int, help="that answer (1)")
    asked.add_argument("--seconds", default=60.0, type=float, help="that the last hour is pressed into (60)")
    asked.add_argument("--phones", default=A_MILLION, type=int, help="subscriptions that reminders are sent to (1000000)")
    asked.add_argument("--workers", default=3, type=int, help="that send them (3)")
    asked.add_argument("--rate", type=float, help="take this as the sustained rate instead of looking for it")
    return asked.parse_args()


def _numbers(text: str) -> list[int]:
    return sorted(int(part) for part in text.split(","))


def _engines(names: Sequence[str], stack: ExitStack) -> Iterator[Engine]:
    if "sqlite" in names:
        yield Sqlite()
    if "postgresql" in names:
        yield stack.enter_context(running_postgres())


def _measure(engine: Engine, asked: argparse.Namespace, report: Report) -> None:
    places = [Place(engine, count, asked.months) for count in asked.people]
    for place in places:
        _lay(place, report)
    if "flat" in asked.parts:
        _flat(places, asked.processes, report)
    for place in places:
        if "sustained" in asked.parts or "last-hour" in asked.parts:
            _under_load(place, asked, report)
    if "reminders" in asked.parts:
        _remind(max((place for place in places if place.people <= A_MILLION), key=lambda place: place.people), asked, report)


def _lay(place: Place, report: Report) -> None:
    if not place.noted():
        needed, free = place.people * BYTES_A_PERSON[place.engine.name] * place.months / 3 + ROOM_TO_WORK, shutil.disk_usage(KEPT).free
        if free < needed:
            sys.exit(f"{place.name} needs {needed / 1e9:.0f} GB in {KEPT}, {free / 1e9:.0f} are free: --people chooses fewer")
    laid = people.lay(place)
    seconds = laid.seconds or place.noted()["seconds"]
    a_second = round(place.people / max(seconds, 1))
    report.note(place, megabytes=round(laid.megabytes), laid_in_seconds=round(seconds), people_a_second=a_second)
    told(f"{place.name}: {laid.megabytes:,.0f} MB, laid down in {seconds:.0f} s{'' if laid.seconds else ' before'}")


def _flat(places: Sequence[Place], processes: int, report: Report) -> None:
    costs = rates.costs(places, processes)
    grows = rates.grows(costs)
    for place in places:
        found = {kind: round(cost, 2) for kind, cost in costs[place.people].items()}
        report.note(place, cpu_ms=found, times_the_smallest={kind: round(times, 2) for kind, times in grows[place.people].items()})
        for kind, times in grows[place.people].items():
            report.must(times <= FLAT, f"{place.name}: {kind} costs {times:.2f} times what it costs at the smallest size (at most {FLAT})")


def _under_load(place: Place, asked: argparse.Namespace, report: Report) -> None:
    rate = asked.rate
    if rate is None:
        found = rates.sustained(place, asked.processes)
        report.note(place, sustained=rates.as_facts(found))
        rate = found.asked
    if "last-hour" in asked.parts:
        for closes in CLOSES if place.people == A_MILLION else [next(iter(CLOSES))]:
            _storm(place, rate, closes, asked, report)


def _storm(place: Place, rate: float, closes: str, asked: argparse.Namespace, report: Report) -> None:
    outcome = last_hour.storm(place, rate * TIMES, asked.seconds, asked.processes, closes)
    told(f"{place.name}: storm over {closes}: {outcome}")
    report.note(place, **{f"storm over {closes}": asdict(outcome)})
    for text in sorted(set(outcome.wrong)):
        report.must(False, f"{place.name}, {closes}: {outcome.wrong.count(text)} times: {text}")


def _remind(place: Place, asked: argparse.Namespace, report: Report) -> None:
    sent = reminders.run(place, asked.phones, asked.workers)
    told(f"{place.name}: {sent}")
    report.note(place, reminders=asdict(sent))
    for text in sent.wrong:
        report.must(False, f"{place.name}: {text}")


# The table


def _print(report: Report) -> None:
    print(f"\n{platform.machine()}, {os.cpu_count()} cores; load {os.getloadavg()[0]:.1f} at the end. Where others work too, read ratios")
    for name, facts in report.facts.items():
        print(f"\n{name}: {facts['megabytes']:,} MB, {facts['people_a_second']:,} people a second laid down")
        for line in _lines(facts):
            print(f"  {line}")


def _lines(facts: Mapping[str, Any]) -> Iterator[str]:
    if "cpu_ms" in facts:
        yield "processor time a request: " + ", ".join(
            f"{kind} {ms:.1f} ms (x {facts['times_the_smallest'][kind]:.2f})" for kind, ms in facts["cpu_ms"].items()
        )
    if "sustained" in facts:
        rate = facts["sustained"]
        yield (
            f"sustained {rate['asked']:.0f} requests a second: p50 {rate['p50'] * 1000:.0f} ms, p99 {rate['p99'] * 1000:.0f} ms, "
            f"{rate['cpu']:.1f} ms of processor time each, memory {rate['memory']:.0f} MB, the database's {rate['memory_of_database']:.0f}"
        )
    for closes in CLOSES:
        if (storm := facts.get(f"storm over {closes}")) is not None:
            yield from _of_storm(closes, storm)
    if "reminders" in facts:
        yield from _of_reminders(facts["reminders"])


def _of_storm(closes: str, storm: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"storm over {closes}: {storm['rate']:.0f} a second for {storm['seconds']:.0f} s, {storm['arrivals']:,} arrivals and "
        f"{storm['returns']:,} returns; {storm['served']:.0f} a second served, p50 {storm['p50_served'] * 1000:.0f} ms, "
        f"p99 {storm['p99_served'] * 1000:.0f} ms; told to come back within {storm['p99_turned_away'] * 1000:.0f} ms (p99); "
        f"unanswered {storm['lost']}"
    )
    yield (
        f"  of {storm['people_who_sent']:,} who sent: {storm['accepted']:,} accepted, {storm['told_too_late']:,} told it was too late, "
        f"{storm['never_let_in']:,} told only when to come back; wrong: {len(storm['wrong'])}"
    )


def _of_reminders(sent: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"reminders: {sent['phones']:,} subscriptions, {sent['workers']} workers: planned in {sent['planned_in']:.0f} s, sent in "
        f"{sent['sent_in']:.0f} s ({sent['phones'] / max(sent['sent_in'], 1):,.0f} a second, {sent['phones'] / max(sent['cpu'], 1):,.0f} a "
        f"second of processor time), {sent['memory']:.0f} MB a worker at most; phones told so often: {sent['told']}"
    )


if __name__ == "__main__":
    main()
