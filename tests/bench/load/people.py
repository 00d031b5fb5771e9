"""Generated people: so many, each with so many months paid before a March, sealed and hashed as the app would.

Sealing is half of the work, so that several processes do it and one writes. What lies there already, of the same size and with the same
columns, is taken again; new migrations are laid over it by the app itself.

No person is anybody: names are drawn from two short lists, and the numbers begin with 11, of an office that gives out none so long.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from multiprocessing.pool import Pool
from typing import Any

from tests.bench.bench_hospital_search import register_of
from tests.bench.bench_pages import FAMILY_NAMES, GIVEN_NAMES, HOSPITALS, person_id
from tests.bench.load.engines import ONE_SECTION, Lot, Place
from webapp.actions.hospitals import Imported, import_hospitals
from webapp.adapters.vault import Vault
from webapp.config import settings_from
from webapp.domain.dates import BANGKOK, add_months
from webapp.ports import Tools

GENERATION = 1
"""To be raised when this file makes other people than before: what lies there is then made anew."""
LOT = 5_000
AS_OF = datetime(2027, 3, 5, 9, 0, tzinfo=BANGKOK)
FIRST_BIRTH, BIRTH_DAYS = date(1967, 1, 1), 365 * 40
SEALERS = os.cpu_count() or 1

_own: dict[str, Any] = {}


@dataclass(frozen=True)
class Laid:
    """What it took: 0 seconds where they lay there already."""

    seconds: float
    megabytes: float


def lay(place: Place) -> Laid:
    """The people of this place are there, and nobody has been here yet."""
    with place.tools(AS_OF) as tools:
        tools.store.migrate()
        before = place.noted()
        if (before.get("generation"), before.get("people"), before.get("months")) == (GENERATION, place.people, place.months):
            place.begin_anew(tools)
            return Laid(0.0, place.megabytes)
    place.laid.unlink(missing_ok=True)
    place.engine.drop(place.name)
    began = time.perf_counter()
    _lay_down(place)
    seconds = time.perf_counter() - began
    place.note({"generation": GENERATION, "people": place.people, "months": place.months, "seconds": round(seconds)})
    return Laid(seconds, place.megabytes)


def _lay_down(place: Place) -> None:
    with place.tools(AS_OF) as tools:
        tools.store.migrate()
        _bring_register(place, tools)
        homes = homes_of(tools)
        tools.store.put_contributions([], AS_OF)  # says when the office told us last
        tools.store.close()
        months = [f"{add_months(AS_OF.date().replace(day=1), -back):%Y-%m}" for back in range(place.months, 0, -1)]
        with multiprocessing.get_context("fork").Pool(SEALERS, _begin, (homes,)) as sealers:
            for done in place.engine.lay(tools, months, _lots(place.people, sealers)):
                if sys.stderr.isatty():
                    print(f"\r{place.name}: {done:,} people", end="", file=sys.stderr)


def _bring_register(place: Place, tools: Tools) -> None:
    register = place.folder / "register.csv"
    register.write_text(register_of(HOSPITALS).replace("seen-in-source", "official-list"), encoding="utf-8", newline="")
    done = import_hospitals(tools, register)
    assert isinstance(done, Imported), done


def homes_of(tools: Tools) -> list[tuple[str, str]]:
    """Hospitals with their provinces; the n-th person has the n-th, over and over."""
    return sorted((one.id, one.province_code) for one in tools.store.every_hospital().values())


def home_of(number: int, homes: Sequence[tuple[str, str]]) -> tuple[str, str]:
    return homes[number % len(homes)]


def _lots(people: int, sealers: Pool) -> Iterator[Lot]:
    """In the order of their numbers; few wait, so that ten million never stand in memory."""
    spans = [(start, min(start + LOT, people)) for start in range(0, people, LOT)]
    ahead = 2 * SEALERS
    waiting = [sealers.apply_async(_rows, span) for span in spans[:ahead]]
    for number in range(len(spans)):
        yield waiting.pop(0).get()
        if number + ahead < len(spans):
            waiting.append(sealers.apply_async(_rows, spans[number + ahead]))


def _begin(homes: list[tuple[str, str]]) -> None:
    settings = settings_from({})
    _own.update(homes=homes, vault=Vault(settings.data_keys, settings.pid_peppers))


def _rows(first: int, after_last: int) -> Lot:
    return [_row(number, _own["vault"], _own["homes"]) for number in range(first, after_last)]


def _row(number: int, vault: Vault, homes: Sequence[tuple[str, str]]) -> tuple[object, ...]:
    own_id, pid = person_id(number), f"1{number + 10**11:012d}"
    chance = random.Random(number)
    facts = {
        "pid": pid, "title": "นางสาว" if number % 2 else "นาย", "given_name": GIVEN_NAMES[number % 6],
        "family_name": FAMILY_NAMES[number // 6 % 5],
        "birth_date": (FIRST_BIRTH + timedelta(days=chance.randrange(BIRTH_DAYS))).isoformat(), "number_kind": "citizen",
    }  # fmt: skip
    hospital_id, province = home_of(number, homes)
    return (
        own_id, vault.pid_hash(pid), vault.first_pepper, vault.seal(facts, f"people:{own_id}"), ONE_SECTION, "2020-01-01",
        province, province, hospital_id, AS_OF.isoformat(), 0,
    )  # fmt: skip
