"""What the office tells us of people and of what they paid: two CSV files, taken whole or not at all.

A file is read twice: once to find every fault, while everybody else goes on working, once to write in one transaction, while other
writers wait. So a million months never stand in memory as rows, and nothing is half imported. The same file again renews the same
rows. Citizen numbers never stand whole in a fault: faults are printed, mailed and pasted into tickets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from stdnum.th import pin

from webapp.domain import table
from webapp.domain.table import Fault, Faults, Line, day_cell, required_cell
from webapp.ports import ContributionRow, PersonRow, Tools

PEOPLE_COLUMNS = (
    "pid", "title", "given_name", "family_name", "birth_date", "section", "insured_from", "insured_until", "home_province",
    "work_province", "hospital_id",
)  # fmt: skip
CONTRIBUTION_COLUMNS = ("pid", "month", "wage", "section", "employer_account", "employer_name")
SECTIONS = ("33", "38", "39", "40", "41")
MOST_FAULTS = 200
TELL_EVERY = 500
HIGHEST_WAGE = Decimal(10_000_000)

table.SENTENCES.update(
    {
        "bad_pid": "must be a citizen number: 13 digits, the last of them a check digit; not {value}",
        "pid_twice": "{value} is already on line {more}",
        "bad_section": "must be one of 33, 38, 39, 40, 41 or empty, not {value}",
        "unknown_hospital_id": "{value} is not in the hospital register; import the hospitals first",
        "unknown_person": "{value} is not among the people; import the people first",
        "until_before_from": "{value} lies before insured_from ({more})",
        "in_the_future": "{value} lies in the future",
        "bad_month": "must be a month such as 2026-12 (year CE), not {value}",
        "bad_wage": "must be baht such as 15000 or 15000.50, 0 or more, or empty, not {value}",
        "bad_account": "must be digits, or empty, not {value}",
        "month_twice": "this month with this employer is already on line {value}",
    }
)

_WAGE = re.compile(r"[0-9]{1,8}(\.[0-9]{1,2})?")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_DIGITS = re.compile(r"[0-9]{1,20}")
Progress = Callable[[int, int], None]
Row = TypeVar("Row")


@dataclass(frozen=True)
class Imported:
    """How many rows were added or renewed."""

    rows: int


@dataclass(frozen=True)
class ImportRefused:
    """Nothing was written; each fault is a sentence (`str(fault)`) naming file, line and column."""

    faults: tuple[Fault, ...]


def import_people(tools: Tools, path: str | Path, progress: Progress = lambda done, total: None) -> Imported | ImportRefused:
    """Add or renew what the office says of each person in a CSV file."""
    known = _Known.of(tools)
    return _import(
        Path(path),
        progress,
        lambda data, faults: _people(data, faults, known),
        lambda rows: tools.store.put_people(rows, tools.clock.now(), demo=False),
    )


def import_contributions(tools: Tools, path: str | Path, progress: Progress = lambda done, total: None) -> Imported | ImportRefused:
    """Add or renew months paid from a CSV file; every person must be known."""
    person_ids: dict[str, str | None] = {}

    def person_id_of(pid: str) -> str | None:
        if pid not in person_ids:
            person_ids[pid] = tools.store.person_id_of(pid)
        return person_ids[pid]

    today = tools.clock.today()
    return _import(
        Path(path),
        progress,
        lambda data, faults: _contributions(data, faults, person_id_of, today),
        tools.store.put_contributions,
    )


def _import(
    path: Path,
    progress: Progress,
    read: Callable[[bytes, Faults], Iterator[Row]],
    put: Callable[[Iterator[Row]], int],
) -> Imported | ImportRefused:
    faults = Faults(path.name)
    try:
        data = path.read_bytes()
    except OSError as fault:
        return ImportRefused((Fault(path.name, "no_such_file", value=fault.strerror or type(fault).__name__),))
    total = 2 * max(data.count(b"\n"), 1)
    for number, _ in enumerate(read(data, faults), start=1):
        _tell(progress, number, total)
    if faults.found:
        return ImportRefused(_first_of(faults))
    rows = put(_telling(read(data, Faults(path.name)), progress, total))
    progress(total, total)
    return Imported(rows)


def _telling(rows: Iterator[Row], progress: Progress, total: int) -> Iterator[Row]:
    for number, row in enumerate(rows, start=total // 2):
        _tell(progress, number, total)
        yield row


def _tell(progress: Progress, done: int, total: int) -> None:
    if done % TELL_EVERY == 0:
        progress(min(done, total), total)


def _first_of(faults: Faults) -> tuple[Fault, ...]:
    found = table.sorted_by_line(faults.found)
    if len(found) <= MOST_FAULTS:
        return tuple(found)
    return (*found[:MOST_FAULTS], Fault(faults.file, "more_faults", value=str(len(found) - MOST_FAULTS)))


@dataclass(frozen=True)
class _Known:
    """What a person's row may name, and the day of the import."""

    provinces: frozenset[str]
    hospitals: frozenset[str]
    today: date

    @classmethod
    def of(cls, tools: Tools) -> _Known:
        provinces = frozenset(province.code for province in tools.store.provinces())
        return cls(provinces, frozenset(tools.store.every_hospital()), tools.clock.today())


def _people(data: bytes, faults: Faults, known: _Known) -> Iterator[PersonRow]:
    first: dict[str, int] = {}
    for line in table.lines(data, faults, PEOPLE_COLUMNS):
        row = _person(line, known)
        if row.pid and first.setdefault(row.pid, line.number) != line.number:
            line.blame("pid", "pid_twice", masked(row.pid), str(first[row.pid]))
        yield row


def _person(line: Line, known: _Known) -> PersonRow:
    insured_from, insured_until = day_cell(line, "insured_from"), day_cell(line, "insured_until")
    if insured_from and insured_until and insured_until < insured_from:
        line.blame("insured_until", "until_before_from", more=insured_from.isoformat())
    return PersonRow(
        pid=_pid(line),
        title=line["title"],
        given_name=required_cell(line, "given_name"),
        family_name=line["family_name"],
        birth_date=_past_day(line, "birth_date", known.today),
        section=_section(line),
        insured_from=insured_from,
        insured_until=insured_until,
        home_province=_among(line, "home_province", known.provinces, "unknown_province"),
        work_province=_among(line, "work_province", known.provinces, "unknown_province"),
        hospital_id=_among(line, "hospital_id", known.hospitals, "unknown_hospital_id"),
    )


def _contributions(
    data: bytes, faults: Faults, person_id_of: Callable[[str], str | None], today: date
) -> Iterator[ContributionRow]:
    first: dict[tuple[str, str, str], int] = {}
    for line in table.lines(data, faults, CONTRIBUTION_COLUMNS):
        pid = _pid(line)
        person_id = person_id_of(pid) if pid else None
        if pid and person_id is None:
            line.blame("pid", "unknown_person", masked(pid))
        row = ContributionRow(
            person_id=person_id or "",
            month=_month(line, today),
            wage=_wage(line),
            section=_section(line),
            employer_account=_account(line),
            employer_name=line["employer_name"],
        )
        key = (pid, row.month, row.employer_account)
        if pid and row.month and first.setdefault(key, line.number) != line.number:
            line.blame("month", "month_twice", str(first[key]))
        yield row


def masked(pid: str) -> str:
    """A citizen number as it may be printed: its length and its last three digits."""
    return f"…{pid[-3:]} ({len(pid)} characters)" if len(pid) > 6 else f"{len(pid)} characters"


def _pid(line: Line) -> str:
    """The number where it is one; a fault otherwise, and nothing."""
    cell = line["pid"]
    if not cell:
        line.blame("pid", "blank")
        return ""
    if not (cell.isascii() and cell.isdigit() and pin.is_valid(cell)):
        line.blame("pid", "bad_pid", masked(cell))
        return ""
    return cell


def _section(line: Line) -> str:
    if line["section"] and line["section"] not in SECTIONS:
        line.blame("section", "bad_section")
    return line["section"]


def _past_day(line: Line, column: str, today: date) -> date | None:
    day = day_cell(line, column)
    if day and day > today:
        line.blame(column, "in_the_future")
    return day


def _among(line: Line, column: str, known: frozenset[str], code: str) -> str | None:
    cell = line[column]
    if cell and cell not in known:
        line.blame(column, code)
    return cell or None


def _month(line: Line, today: date) -> str:
    cell = required_cell(line, "month")
    parts = _MONTH.fullmatch(cell)
    if cell and parts is None:
        line.blame("month", "bad_month")
    elif parts and int(parts[1]) >= table.FIRST_BUDDHIST_YEAR:
        line.blame("month", "buddhist_year", more=f"{int(parts[1]) - table.BUDDHIST_ERA_AHEAD}{cell[4:]}")
    elif cell > f"{today:%Y-%m}":
        line.blame("month", "in_the_future")
    return cell


def _wage(line: Line) -> Decimal | None:
    cell = line["wage"]
    if not cell:
        return None
    if not _WAGE.fullmatch(cell) or Decimal(cell) > HIGHEST_WAGE:
        line.blame("wage", "bad_wage")
        return None
    return Decimal(cell)


def _account(line: Line) -> str:
    cell = line["employer_account"]
    if cell and not _DIGITS.fullmatch(cell):
        line.blame("employer_account", "bad_account")
    return cell

