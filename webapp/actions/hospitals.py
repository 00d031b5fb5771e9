"""What people and operators do with the hospital register: search it, and replace it from a file.

An import is all or nothing: files are read and checked whole before anything is written, faults come back as a value with
every place named, and the same file twice changes nothing. Provinces come from the packaged files unless others are named:
which provinces adjoin is the SSO's to say, and an operator can put that right without touching code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from webapp.actions import audit
from webapp.domain.audit import Act
from webapp.domain.hospital_register import (
    Plan,
    RegisterChangedMeanwhile,
    RegisterImport,
    is_sample,
    plan,
    read_borders,
    read_hospitals,
    read_provinces,
)
from webapp.domain.hospital_search import Found, Hospital, Ownership, Province, Wanted
from webapp.domain.table import Fault
from webapp.ports import Tools

REGISTER = Path(__file__).resolve().parent.parent / "register"
SAMPLE_REGISTER = REGISTER / "hospitals.csv"
SAMPLE_PROVINCES = REGISTER / "provinces.csv"
SAMPLE_BORDERS = REGISTER / "province_adjacency.csv"
MOST_AT_ONCE = 100
Progress = Callable[[int, int], None]
Read = TypeVar("Read")


@dataclass(frozen=True)
class Imported:
    """What an import did, in hospitals; `sample` warns that production will refuse this register."""

    rows: int
    added: int
    changed: int
    ended: int
    reopened: int
    unchanged: int
    sample: bool


@dataclass(frozen=True)
class ImportRefused:
    """Nothing was written; each fault is a sentence (`str(fault)`) naming file, line and column."""

    faults: tuple[Fault, ...]


def search(
    tools: Tools,
    text: str = "",
    province: str | None = None,
    adjoining: bool = False,
    ownership: Ownership | None = None,
    on: date | None = None,
    limit: int = 20,
    offset: int = 0,
) -> Found:
    """Hospitals in the scheme on a day (today when none is given), best first; an unknown province finds nothing."""
    on = on or tools.clock.today()
    found: Found = tools.store.find_hospitals(
        Wanted(text, on, province, adjoining, ownership, limit=min(max(limit, 0), MOST_AT_ONCE), offset=max(offset, 0))
    )
    return found


def import_hospitals(
    tools: Tools,
    path: str | Path,
    *,
    provinces: str | Path | None = None,
    borders: str | Path | None = None,
    missing_end_on: date | None = None,
    by: str = "",
    progress: Progress = lambda done, total: None,
) -> Imported | ImportRefused:
    """Replaces the register by a file. Hospitals that the file leaves out end on `missing_end_on`; without that day it is refused."""
    read = _read_everything(tools, Path(path), provinces, borders)
    if read.faults:
        return ImportRefused(read.faults)
    before = tools.store.every_hospital()
    planned = plan(before, read.hospitals, missing_end_on)
    if planned.missing:
        return ImportRefused(tuple(_left_out(read.file, hospital) for hospital in planned.missing))
    try:
        return _put_register(tools, read, planned, before, by, progress)
    except RegisterChangedMeanwhile:
        return ImportRefused((Fault(read.file, "another_import"),))


@dataclass(frozen=True)
class _Read:
    """All that an import goes by; `provinces` is empty where those in the store stay."""

    file: str
    file_hash: str
    hospitals: list[Hospital]
    provinces: list[Province]
    borders: list[tuple[str, str]]
    faults: tuple[Fault, ...]


def _read_everything(tools: Tools, path: Path, provinces: str | Path | None, borders: str | Path | None) -> _Read:
    stored = tools.store.provinces()
    areas: list[Province] = []
    pairs: list[tuple[str, str]] = []
    faults: list[Fault] = []
    if provinces or borders or not stored:
        areas = _faultless(_bytes(Path(provinces or SAMPLE_PROVINCES), faults), read_provinces, faults)
        codes = [province.code for province in (*stored, *areas)]
        pairs = _faultless(_bytes(Path(borders or SAMPLE_BORDERS), faults), lambda data, file: read_borders(data, file, codes), faults)
    codes = [province.code for province in (*stored, *areas)]
    content = _bytes(path, faults)
    hospitals = _faultless(content, lambda data, file: read_hospitals(data, file, codes), faults)
    digest = hashlib.sha256(content[0] if content else b"").hexdigest()
    return _Read(path.name, digest, hospitals, areas, pairs, tuple(faults))


def _bytes(path: Path, faults: list[Fault]) -> tuple[bytes, str] | None:
    try:
        return path.read_bytes(), path.name
    except OSError as fault:
        faults.append(Fault(path.name, "no_such_file", value=fault.strerror or type(fault).__name__))
        return None


def _faultless(
    content: tuple[bytes, str] | None, read: Callable[[bytes, str], tuple[list[Read], list[Fault]]], faults: list[Fault]
) -> list[Read]:
    """What was read, its faults put with the others."""
    if content is None:
        return []
    found, more = read(*content)
    faults.extend(more)
    return found


def _put_register(tools: Tools, read: _Read, planned: Plan, before: Mapping[str, Hospital], by: str, progress: Progress) -> Imported:
    last = tools.store.last_register_import()
    done = RegisterImport(
        number=last.number + 1 if last else 1,
        imported_at=tools.clock.now(),
        imported_by=by,
        file_name=read.file,
        file_hash=read.file_hash,
        sample=is_sample(read.hospitals),
        rows_read=len(read.hospitals),
        added=len(planned.added),
        changed=len(planned.changed),
        ended=len(planned.ended),
        reopened=len(planned.reopened),
        unchanged=planned.unchanged,
    )
    if planned.written or read.provinces or last is None or last.file_hash != read.file_hash:
        with tools.store.transaction():
            tools.store.put_register(planned, done, before, progress, read.provinces, read.borders)
            audit.note(tools, Act.HOSPITALS_IMPORTED, audit.OPERATOR, rows=done.rows_read, written=len(planned.written))
    return Imported(done.rows_read, done.added, done.changed, done.ended, done.reopened, done.unchanged, done.sample)


def _left_out(file: str, hospital: Hospital) -> Fault:
    return Fault(file, "missing_hospital", value=f"{hospital.id} {hospital.name_th}")
