"""How long a store takes from one engine to the other, and how much memory: rows and megabytes a second of a first copy, of a second
one that finds nothing to bring over, and of a backup of PostgreSQL.

    python tests/bench/bench_copying.py --people 100000 --months 24

The people are rows as wide as real ones (a sealed name is 240 letters), and nobody. Seconds of our processor are told beside those of
the clock: on a machine with others on it only the first say something. What the server takes is not among them.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.postgres import running_postgres
from webapp.adapters.vault import Vault
from webapp.app import copier_between, store_for
from webapp.config import settings_from
from webapp.ports import Uncounted

PEOPLE = """INSERT INTO people (id, pid_hash, sealed, section, insured_from, as_of)
            VALUES (:id, :hash, :sealed, '33', '2020-01-01', '2026-12-01')"""
MONTHS = """INSERT INTO contributions (person_id, month, employer_account, employer_name, section, wage)
            VALUES (:id, :month, '1000000001', 'บริษัท ตัวอย่าง จำกัด', '33', '15000.00')"""


@dataclass
class Took:
    what: str
    rows: int
    megabytes: float
    wall: float
    own: float

    def __str__(self) -> str:
        rate = f"{self.rows / self.wall:9,.0f} rows/s {self.megabytes / self.wall:6.1f} MB/s"
        return f"{self.what:36} {self.rows:10,} rows {self.megabytes:7.1f} MB {self.wall:7.1f} s ({self.own:6.1f} of our processor) {rate}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--months", type=int, default=24)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_postgres() as server:
        first, second, file = Path(folder) / "first.db", Path(folder) / "second.db", Path(folder) / "backup.db"
        lay(first, asked.people, asked.months)
        there, size = server.new_database("bench"), first.stat().st_size / 1e6
        rows = asked.people * (1 + asked.months)
        begun = megabytes()
        for what, source, target, again in (
            ("SQLite to PostgreSQL", f"sqlite:///{first}", there, False),
            ("the same again, nothing changed", f"sqlite:///{first}", there, True),
            ("PostgreSQL to SQLite", there, f"sqlite:///{second}", False),
        ):
            print(measured(what, rows, size, partial(copied, source, target, again)), flush=True)
        print(measured("PostgreSQL into the file of a backup", rows, size, partial(written, there, file)), flush=True)
        served = server.query("SELECT pg_database_size('bench')")[0][0] / 1e6
        print(f"{served:.0f} MB in PostgreSQL, {size:.0f} MB in SQLite")
        print(f"memory: {begun:.0f} MB before the first copy, {megabytes():.0f} MB at most")


def lay(path: Path, people: int, months: int) -> None:
    settings = settings_from({"SITTHI_DATABASE_URL": f"sqlite:///{path}"})
    store = store_for(settings, Vault(settings.data_keys, settings.pid_peppers), Uncounted())
    store.migrate()
    ids = [hashlib.sha256(str(number).encode()).hexdigest()[:26] for number in range(people)]
    paid = [f"{2024 + month // 12}-{month % 12 + 1:02}" for month in range(months)]
    with store.transaction():
        store.run_many(PEOPLE, ({"id": one, "hash": one * 2, "sealed": one * 9} for one in ids))  # type: ignore[attr-defined]
        store.run_many(MONTHS, ({"id": one, "month": month} for one in ids for month in paid))  # type: ignore[attr-defined]
    store.sweep()
    store.close()


def copied(source: str, target: str, again: bool) -> None:
    copier = copier_between(settings_from({}), source, target)
    done = copier.copy(again, lambda done, total: None)
    copier.target.close()
    assert not done.differing, done.differing


def written(source: str, path: Path) -> None:
    settings = settings_from({"SITTHI_DATABASE_URL": source})
    store = store_for(settings, Vault(settings.data_keys, settings.pid_peppers), Uncounted())
    store.copy_to(path)
    store.close()


def measured(what: str, rows: int, megabytes: float, work: Callable[[], None]) -> Took:
    wall, own = time.perf_counter(), time.process_time()
    work()
    return Took(what, rows, megabytes, time.perf_counter() - wall, time.process_time() - own)


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()
