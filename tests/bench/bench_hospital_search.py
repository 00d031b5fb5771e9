"""How long a hospital search takes at 300 and at 50,000 hospitals, measured in one run: `python tests/bench/bench_hospital_search.py`.

The large registers are made from the words of the sample: two of them, a place and sometimes a number make a name, spread over all 77
provinces. That is harder than life: each word comes back in hundreds of names. Every query runs through `actions.hospitals.search`, page of
twenty and total included; the figure is the median of its repetitions.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from webapp.actions.hospitals import SAMPLE_REGISTER, Imported, import_hospitals, search
from webapp.adapters.store.sqlite import SqliteStore
from webapp.domain.dates import BANGKOK

SMALL, LARGE = 300, 50_000
REPETITIONS = 25
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=BANGKOK)
TITLE = "โรงพยาบาล"

QUERIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("", {}),
    ("", {"province": "TH-10"}),
    ("", {"province": "TH-13", "adjoining": True}),
    ("", {"province": "TH-13", "adjoining": True, "ownership": "private"}),
    ("", {"ownership": "state"}),
    ("ศ", {}),
    ("บ", {"province": "TH-10", "adjoining": True}),
    ("ศิ", {}),
    ("นา", {}),
    ("ราม", {"province": "TH-13", "adjoining": True}),
    ("ราช", {}),
    ("ศิริราช", {}),
    ("รพ.ศิริราช", {"province": "TH-10", "adjoining": True}),
    ("พญาไท", {}),
    ("พญาไท 2", {"ownership": "private"}),
    ("เกษมราษฎร์ บางแค", {}),
    ("เกษมราษฎร์บางแค", {}),
    ("ปทุมธานี", {}),
    ("ปทุมธานี", {"province": "TH-13", "adjoining": True}),
    ("Pathum Thani", {}),
    ("s", {}),
    ("siriraj", {}),
    ("sirirat", {}),
    ("ramathibodee", {"province": "TH-10", "adjoining": True}),
    ("phayathai", {}),
    ("payathai 2", {}),
    ("bangkok hospital", {}),
    ("hospital", {}),
    ("ประทุมธานี", {}),
    ("เจรินกรุง", {}),
    ("มงกุดวัฒนะ", {}),
    ("กล้วยนํ้าไท", {}),
    ("กทม เกษมราษฎร์", {}),
    ("บำรุงราษฎร์", {}),
)


@dataclass(frozen=True)
class _Clock:
    def now(self) -> datetime:
        return NOW

    def today(self) -> date:
        return NOW.date()


@dataclass(frozen=True)
class _Tools:
    store: SqliteStore
    clock: _Clock = _Clock()


def register_of(size: int) -> str:
    """A register of that many hospitals as CSV: the sample first, invented ones after it."""
    with SAMPLE_REGISTER.open(encoding="utf-8", newline="") as file:
        sample = list(csv.DictReader(file))
    chance = random.Random(2569)
    words = [
        (thai.strip("()"), english)
        for row in sample
        for thai, english in zip(row["name_th"].replace(TITLE, "").split(), row["name_en"].replace("Hospital", "").split(), strict=False)
    ]
    provinces = sorted({row["province_code"] for row in sample})
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(sample[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(sample[:size])
    for number in range(len(sample), size):
        first, second, place = (chance.choice(words) for _ in range(3))
        suffix = f" {chance.randint(1, 12)}" if chance.random() < 0.3 else ""
        joint = chance.choice(("", " "))
        writer.writerow(
            dict.fromkeys(sample[0], "")
            | {
                "register_id": f"MADE-{number}",
                "code": str(20_000 + number),
                "name_th": f"{TITLE}{first[0]}{joint}{second[0]} {place[0]}{suffix}",
                "name_en": f"{first[1]} {second[1]} {place[1]}{suffix} Hospital",
                "province_code": chance.choice(provinces),
                "district_th": chance.choice(sample)["district_th"],
                "ownership": chance.choice(("state", "private")),
                "source": "invented",
            }
        )
    return text.getvalue()


def filled(folder: Path, size: int) -> tuple[_Tools, float, float]:
    """A store with that many hospitals, the seconds its import took, and the seconds a second import of the same file takes."""
    path = folder / f"hospitals-{size}.csv"
    path.write_text(register_of(size), encoding="utf-8", newline="")
    tools = _Tools(SqliteStore(folder / f"{size}.db", None))  # type: ignore[arg-type]
    tools.store.migrate()
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        done = import_hospitals(tools, path)  # type: ignore[arg-type]
        seconds.append(time.perf_counter() - began)
        assert isinstance(done, Imported), [str(fault) for fault in done.faults[:5]]
    return tools, seconds[0], seconds[1]


def measured(tools: _Tools, text: str, options: dict[str, Any]) -> tuple[float, int]:
    """Median milliseconds of one search and its total."""
    times = []
    found = search(tools, text, **options)  # type: ignore[arg-type]
    for _ in range(REPETITIONS):
        began = time.perf_counter()
        search(tools, text, **options)  # type: ignore[arg-type]
        times.append(time.perf_counter() - began)
    return median(times) * 1000, found.total


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, small_import, small_again = filled(folder, SMALL)
        large, large_import, large_again = filled(folder, LARGE)
        size = (folder / f"{LARGE}.db").stat().st_size / 1e6
        print(f"import of {SMALL}: {small_import:.2f} s, of the same file again: {small_again:.2f} s")
        print(f"import of {LARGE}: {large_import:.2f} s, of the same file again: {large_again:.2f} s")
        print(f"database of {LARGE}: {size:.0f} MB\n")
        print(f"{'at ' + str(SMALL):>10} {'found':>6} {'at ' + str(LARGE):>10} {'found':>6} {'ratio':>6}  query")
        figures = []
        for text, options in QUERIES:
            (here, few), (there, many) = measured(small, text, options), measured(large, text, options)
            figures.append((here, there))
            shown = ", ".join(f"{key}={value}" for key, value in options.items())
            print(f"{here:7.2f} ms {few:6} {there:7.2f} ms {many:6} {there / here:6.1f}  {text!r} {shown}")
        here, there = median(small for small, _ in figures), median(large for _, large in figures)
        slowest = max(large for _, large in figures)
        print(f"\nmedian query: {here:.2f} ms at {SMALL}, {there:.2f} ms at {LARGE}, ratio {there / here:.2f}")
        print(f"slowest at {LARGE}: {slowest:.2f} ms")


if __name__ == "__main__":
    main()
