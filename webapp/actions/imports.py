"""What the office tells us of people and of what they paid: two CSV files, taken whole or not at all.

A file is read twice: once to find every fault, while everybody else goes on working, once to write in one transaction, while other
writers wait. So a million months never stand in memory as rows, and nothing is half imported. The same file again renews the same
rows. Citizen numbers never stand whole in a fault: faults are printed, mailed and pasted into tickets.
A month that a file leaves out stays: a nightly file may hold only what is new, and a month lost by a short file would cost somebody money.
Where the office took a month back, a file with every month of the people in it is taken with `replace`; people not in it are left alone.
Somebody without Thai nationality has the number of a social-security card: 13 digits, none of which checks the others. A file of people
says so in a column of its own, `number_kind`; without it, such a number is taken for a slip of the pen. A file of months needs no such
column: its people are known, and a number that is both kinds at once belongs to the citizen.
Each file of months sets the day as of which the record of months stands, for everybody: until then nobody's month can be missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from webapp.actions import audit
from webapp.actions.number_lookup import is_number
from webapp.domain import table
from webapp.domain.audit import Act
from webapp.domain.lawbook import START_NOT_KNOWN
from webapp.domain.person import NumberKind
from webapp.domain.table import Fault, Faults, Line, day_cell, required_cell
from webapp.ports import ContributionRow, PersonRow, Tools

PEOPLE_COLUMNS = (
    "pid", "title", "given_name", "family_name", "birth_date", "section", "insured_from", "insured_until", "home_province",
    "work_province", "hospital_id",
)  # fmt: skip
NUMBER_KIND = "number_kind"
CONTRIBUTION_COLUMNS = ("pid", "month", "wage", "section", "employer_account", "employer_name")
SECTIONS = ("33", "38", "39", "40", "41")
MOST_FAULTS = 200
TELL_EVERY = 500
HIGHEST_WAGE = Decimal(10_000_000)

table.SENTENCES.update(
    {
        "bad_social_security_number": "must be the 13 digits of a social-security card, not {value}",
        "bad_number_kind": "must be citizen, social_security or empty, not {value}",
        "bad_pid": "must be a citizen number: 13 digits, the last of them a check digit; not {value}",
        "pid_twice": "{value} is already on line {more}",
        "bad_section": "must be one of 33, 38, 39, 40, 41 or empty, not {value}",
        "unknown_hospital_id": "{value} is not in the hospital register; import the hospitals first",
        "unknown_person": "{value} is not among the people; import the people first",
        "until_before_from": "{value} lies before insured_from ({more})",
        "in_the_future": "{value} lies in the future",
        "bad_month": "must be a month such as 2026-12 (year CE), not {value}",
        "before_the_act": "{value} lies before there was social insurance ({more})",
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
        tools,
        Act.PEOPLE_IMPORTED,
        Path(path),
        progress,
        lambda data, faults: _people(data, faults, known),
        lambda rows: tools.store.put_people(rows, tools.clock.now(), demo=False),
    )


def import_contributions(
    tools: Tools, path: str | Path, progress: Progress = lambda done, total: None, *, replace: bool = False
) -> Imported | ImportRefused:
    """Add or renew months paid from a CSV file; every person must be known. `replace`: it holds every month of the people in it."""
    person_ids: dict[str, str | None] = {}

    def person_id_of(pid: str) -> str | None:
        if pid not in person_ids:
            kinds = [kind for kind in NumberKind if is_number(pid, kind)]
            person_ids[pid] = next(filter(None, (tools.store.person_id_of(pid, kind) for kind in kinds)), None)
        return person_ids[pid]

    today = tools.clock.today()
    return _import(
        tools,
        Act.MONTHS_IMPORTED,
        Path(path),
        progress,
        lambda data, faults: _contributions(data, faults, person_id_of, today),
        lambda rows: tools.store.put_contributions(rows, tools.clock.now(), replace),
    )


def _import(
    tools: Tools,
    act: Act,
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
    with tools.store.transaction():
        rows = put(_telling(read(data, Faults(path.name)), progress, total))
        audit.note(tools, act, audit.OPERATOR, rows=rows)
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
    first: dict[tuple[str, str], int] = {}
    for line in table.lines(data, faults, PEOPLE_COLUMNS, optional=(NUMBER_KIND,)):
        row = _person(line, known)
        key = (row.pid, row.number_kind)
        if row.pid and first.setdefault(key, line.number) != line.number:
            line.blame("pid", "pid_twice", masked(row.pid), str(first[key]))
        yield row


def _person(line: Line, known: _Known) -> PersonRow:
    insured_from, insured_until = day_cell(line, "insured_from"), day_cell(line, "insured_until")
    if insured_from and insured_until and insured_until < insured_from:
        line.blame("insured_until", "until_before_from", more=insured_from.isoformat())
    kind = _number_kind(line)
    return PersonRow(
        pid=_pid(line, kind),
        number_kind=kind,
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
        pid = _pid(line, NumberKind.SOCIAL_SECURITY)
        person_id = person_id_of(pid) if pid else None
        if pid and person_id is None:
            line.blame("pid", "unknown_person" if is_number(pid, NumberKind.CITIZEN) else "bad_pid", masked(pid))
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


def _number_kind(line: Line) -> NumberKind:
    cell = line[NUMBER_KIND]
    if cell and cell not in set(NumberKind):
        line.blame(NUMBER_KIND, "bad_number_kind")
        return NumberKind.CITIZEN
    return NumberKind(cell or NumberKind.CITIZEN)


def _pid(line: Line, kind: NumberKind) -> str:
    """The number where it is one of this kind; a fault otherwise, and nothing."""
    cell = line["pid"]
    if not cell:
        line.blame("pid", "blank")
        return ""
    if not is_number(cell, kind):
        line.blame("pid", "bad_pid" if kind is NumberKind.CITIZEN else "bad_social_security_number", masked(cell))
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
    elif cell and cell < f"{START_NOT_KNOWN:%Y-%m}":
        line.blame("month", "before_the_act", more=str(START_NOT_KNOWN.year))
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

