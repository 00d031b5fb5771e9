"""The files of the hospital register: what each cell must be, and what an import would change (`plan`). Nothing here touches a store.

Decided:
- All columns of the register's file are required, so that a forgotten one never blanks what is stored; four more are optional.
- A hospital that the new file leaves out is not guessed about: it ends on a day the operator names, or the import refuses and lists it.
- A register is a sample while any line says `seen-in-source`: that mark travels with a copied or shortened file, a checksum would not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from webapp.domain import table
from webapp.domain.hospital_search import Hospital, Ownership, Province
from webapp.domain.table import Fault, Faults, Line, day_cell, required_cell, sorted_by_line

HOSPITAL_COLUMNS = (
    "code", "register_id", "name_th", "name_en", "name_en_basis", "province_code", "district_th", "ownership", "beds",
    "latitude", "longitude", "listed_as_sso", "source",
)  # fmt: skip
OPTIONAL_HOSPITAL_COLUMNS = ("since", "ended_on", "choose_by", "until_then_id")
PROVINCE_COLUMNS = ("code", "admin_code", "name_th", "name_en", "region")
BORDER_COLUMNS = ("code_a", "code_b")
SAMPLE_MARK = "seen-in-source"
MOST_BEDS = 9_999

table.SENTENCES.update(
    {
        "bad_id": "must be letters, digits and hyphens, not {value}",
        "id_twice": "{value} is already on line {more}",
        "bad_code": "must be 5 to 9 digits or empty, not {value}",
        "not_thai": "must be a name in Thai letters, not {value}",
        "bad_basis": "must be official, transliteration or empty, not {value}",
        "bad_ownership": "must be state or private, not {value}",
        "bad_beds": "must be a whole number from 0 to 9999 or empty, not {value}",
        "bad_coordinate": "must be degrees such as 13.7563, between {more}, or empty, not {value}",
        "ends_before_it_begins": "{value} lies before since ({more})",
        "leaves_without_last_day": "needs ended_on, the hospital's last day",
        "chosen_after_last_day": "{value} lies after the last day ({more})",
        "unknown_hospital": "{value} is not in this file",
        "itself": "must be another one, not {value} itself",
        "bad_province_code": "must be an ISO code such as TH-10, not {value}",
        "bad_admin_code": "must be two digits, not {value}",
        "admin_code_twice": "{value} is already on line {more}",
        "border_twice": "{value} is already on line {more}",
        "missing_hospital": "{value} is in the register, not in the file; if it leaves the scheme, give its last day: --missing-end-on DAY",
        "another_import": "another import came between; nothing was written, run it again",
    }
)


class RegisterChangedMeanwhile(RuntimeError):
    """Another import finished while this one was prepared; nothing was written."""


# --- hospitals ---------------------------------------------------------------------------------------------------------------------------

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_CODE = re.compile(r"[0-9]{5,9}")
_THAI_LETTER = re.compile("[ก-ฮ]")
_NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,10})?")
_COORDINATES = {"latitude": (-90, 90), "longitude": (-180, 180)}


def read_hospitals(data: bytes, file: str, province_codes: Iterable[str]) -> tuple[list[Hospital], list[Fault]]:
    """The hospitals of a file and its faults; with any fault the hospitals are not to be used."""
    faults = Faults(file)
    provinces = frozenset(province_codes)
    lines = list(table.lines(data, faults, HOSPITAL_COLUMNS, OPTIONAL_HOSPITAL_COLUMNS))
    hospitals = [_hospital(line, provinces) for line in lines]
    _ids_are_single(lines, "register_id", "id_twice")
    ids = {line["register_id"] for line in lines}
    for line in lines:
        if line["until_then_id"] and line["until_then_id"] not in ids:
            line.blame("until_then_id", "unknown_hospital")
    return hospitals, sorted_by_line(faults.found)


def _hospital(line: Line, provinces: frozenset[str]) -> Hospital:
    since, ended_on, choose_by = (day_cell(line, column) for column in ("since", "ended_on", "choose_by"))
    _leaves_in_order(line, since, ended_on, choose_by)
    return Hospital(
        id=required_cell(line, "register_id", lambda cell: "" if _ID.fullmatch(cell) else "bad_id"),
        code=_matching(line, "code", _CODE, "bad_code"),
        name_th=required_cell(line, "name_th", lambda cell: "" if _THAI_LETTER.search(cell) else "not_thai"),
        name_en=required_cell(line, "name_en"),
        name_en_basis=_one_of(line, "name_en_basis", ("official", "transliteration", ""), "bad_basis"),
        province_code=required_cell(line, "province_code", lambda cell: "" if cell in provinces else "unknown_province"),
        district_th=line["district_th"],
        ownership=cast(Ownership, required_cell(line, "ownership", lambda cell: "" if cell in ("state", "private") else "bad_ownership")),
        beds=_beds(line),
        latitude=_coordinate(line, "latitude"),
        longitude=_coordinate(line, "longitude"),
        listed_as_sso=line["listed_as_sso"],
        source=line["source"],
        since=since,
        ended_on=ended_on,
        choose_by=choose_by,
        until_then_id=line["until_then_id"] or None,
    )


def _one_of(line: Line, column: str, allowed: tuple[str, ...], code: str) -> str:
    if line[column] not in allowed:
        line.blame(column, code)
    return line[column]


def _matching(line: Line, column: str, pattern: re.Pattern[str], code: str) -> str:
    if line[column] and not pattern.fullmatch(line[column]):
        line.blame(column, code)
    return line[column]


def _beds(line: Line) -> int | None:
    cell = line["beds"]
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit()) or int(cell[:6]) > MOST_BEDS:
        line.blame("beds", "bad_beds")
        return None
    return int(cell)


def _coordinate(line: Line, column: str) -> str:
    cell = line[column]
    low, high = _COORDINATES[column]
    if cell and not (_NUMBER.fullmatch(cell) and low <= float(cell) <= high):
        line.blame(column, "bad_coordinate", more=f"{low} and {high}")
    return cell


def _leaves_in_order(line: Line, since: date | None, ended_on: date | None, choose_by: date | None) -> None:
    if since and ended_on and ended_on < since:
        line.blame("ended_on", "ends_before_it_begins", more=since.isoformat())
    for column in ("choose_by", "until_then_id"):
        if line[column] and not line["ended_on"]:
            line.blame(column, "leaves_without_last_day")
    if ended_on and choose_by and choose_by > ended_on:
        line.blame("choose_by", "chosen_after_last_day", more=ended_on.isoformat())
    if line["until_then_id"] and line["until_then_id"] == line["register_id"]:
        line.blame("until_then_id", "itself")


def _ids_are_single(lines: Iterable[Line], column: str, code: str) -> None:
    first: dict[str, int] = {}
    for line in lines:
        cell = line[column]
        if cell and first.setdefault(cell, line.number) != line.number:
            line.blame(column, code, more=str(first[cell]))


# --- provinces ---------------------------------------------------------------------------------------------------------------------------

_PROVINCE_CODE = re.compile(r"[A-Z]{2}-[0-9A-Z]{1,3}")
_ADMIN_CODE = re.compile(r"[0-9]{2}")


def read_provinces(data: bytes, file: str) -> tuple[list[Province], list[Fault]]:
    """The provinces of a file and its faults."""
    faults = Faults(file)
    lines = list(table.lines(data, faults, PROVINCE_COLUMNS))
    provinces = [
        Province(
            code=required_cell(line, "code", lambda cell: "" if _PROVINCE_CODE.fullmatch(cell) else "bad_province_code"),
            admin_code=required_cell(line, "admin_code", lambda cell: "" if _ADMIN_CODE.fullmatch(cell) else "bad_admin_code"),
            name_th=required_cell(line, "name_th", lambda cell: "" if _THAI_LETTER.search(cell) else "not_thai"),
            name_en=required_cell(line, "name_en"),
            region=required_cell(line, "region"),
        )
        for line in lines
    ]
    _ids_are_single(lines, "code", "id_twice")
    _ids_are_single(lines, "admin_code", "admin_code_twice")
    return provinces, sorted_by_line(faults.found)


def read_borders(data: bytes, file: str, province_codes: Iterable[str]) -> tuple[list[tuple[str, str]], list[Fault]]:
    """Pairs of adjoining provinces, each once and in either order, and the file's faults."""
    faults = Faults(file)
    known = frozenset(province_codes)
    first: dict[tuple[str, ...], int] = {}
    for line in table.lines(data, faults, BORDER_COLUMNS):
        for column in BORDER_COLUMNS:
            required_cell(line, column, lambda cell: "" if cell in known else "unknown_province")
        pair = tuple(sorted((line["code_a"], line["code_b"])))
        if pair[0] == pair[1]:
            line.blame("code_b", "itself")
        elif first.setdefault(pair, line.number) != line.number:
            line.blame("code_b", "border_twice", " – ".join(pair), str(first[pair]))
    return [(low, high) for low, high in first], sorted_by_line(faults.found)


# --- what an import would do -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """What an import writes: hospitals as they will stand. `missing` were left out by the file and nobody said since when."""

    added: tuple[Hospital, ...] = ()
    changed: tuple[Hospital, ...] = ()
    ended: tuple[Hospital, ...] = ()
    reopened: tuple[Hospital, ...] = ()
    unchanged: int = 0
    missing: tuple[Hospital, ...] = ()

    @property
    def written(self) -> tuple[tuple[str, Hospital], ...]:
        """Each hospital to write, with the word that its history keeps."""
        kinds = (("added", self.added), ("changed", self.changed), ("ended", self.ended), ("reopened", self.reopened))
        return tuple((kind, hospital) for kind, hospitals in kinds for hospital in hospitals)


@dataclass(frozen=True)
class RegisterImport:
    """One import as it is kept; `sample` marks a register that production must not serve."""

    number: int
    imported_at: datetime
    imported_by: str
    file_name: str
    file_hash: str
    sample: bool
    rows_read: int
    added: int
    changed: int
    ended: int
    reopened: int
    unchanged: int


def plan(stored: Mapping[str, Hospital], read: Sequence[Hospital], missing_end_on: date | None) -> Plan:
    """Compares the register with a new file. A hospital that ended stays as it ended; one that is back without a last day is open again."""
    kinds: dict[str, list[Hospital]] = {"added": [], "changed": [], "ended": [], "reopened": [], "unchanged": []}
    for hospital in read:
        kinds[_what_happens(stored.get(hospital.id), hospital)].append(hospital)
    ids = {hospital.id for hospital in read}
    left_out = [hospital for hospital in stored.values() if hospital.id not in ids and hospital.ended_on is None]
    if missing_end_on is not None:
        kinds["ended"] += [replace(hospital, ended_on=missing_end_on) for hospital in left_out]
        left_out = []
    return Plan(
        added=tuple(kinds["added"]),
        changed=tuple(kinds["changed"]),
        ended=tuple(kinds["ended"]),
        reopened=tuple(kinds["reopened"]),
        unchanged=len(kinds["unchanged"]),
        missing=tuple(left_out),
    )


def _what_happens(before: Hospital | None, after: Hospital) -> str:
    if before is None:
        return "added"
    if before == after:
        return "unchanged"
    if before.ended_on and not after.ended_on:
        return "reopened"
    return "ended" if after.ended_on and not before.ended_on else "changed"


def is_sample(hospitals: Iterable[Hospital]) -> bool:
    """Whether any line was compiled from public sources instead of the SSO's own list."""
    return any(hospital.listed_as_sso == SAMPLE_MARK for hospital in hospitals)
