"""CSV files from offices, read without mercy and without loss: every fault is named by file, line and column, and none stops the search
for the next.

Decided: all columns named as required must be there, so that a forgotten one never blanks what is stored; cells are tidied (NFC, single
spaces) before they are judged; faults are English sentences, built in one place, since operators read them on a terminal. Lines come one
at a time: a file of a million months is never held whole as rows.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

LONGEST_CELL = 300
FIRST_BUDDHIST_YEAR = 2400
BUDDHIST_ERA_AHEAD = 543

SENTENCES = {
    "no_such_file": "cannot be read: {value}",
    "empty_file": "is empty; the first line must name the columns",
    "no_rows": "holds no line below the header",
    "not_utf8": "is not UTF-8 (byte {value}); save the file as UTF-8{more}",
    "broken_quotes": "the quotation marks do not close as CSV wants them ({value})",
    "wrong_separator": "fields must be separated by commas, not by {value}",
    "missing_column": "this column is missing",
    "unknown_column": "is not a column of this file",
    "column_twice": "this column is named twice",
    "too_few_fields": "has {value} fields where the header names {more}",
    "too_many_fields": "has {value} fields where the header names {more}",
    "blank": "must not be empty",
    "too_long": "is longer than {value} characters",
    "control_character": "holds a character that cannot be seen ({value})",
    "bad_day": "must be a day such as 2026-12-31 (year CE) or empty, not {value}",
    "buddhist_year": "must be a year CE, not B.E.: {value} would be {more}",
    "unknown_province": "{value} is not a province code such as TH-10",
    "more_faults": "and {value} more faults",
}


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a file; `str()` is the whole sentence for an operator."""

    file: str
    code: str
    line: int | None = None
    column: str | None = None
    value: str = ""
    more: str = ""

    def __str__(self) -> str:
        where = [self.file]
        if self.line is not None:
            where.append(f"line {self.line}")
        if self.column is not None:
            where.append(f"column {self.column}")
        return f"{', '.join(where)}: {SENTENCES[self.code].format(value=self.value, more=self.more)}"


@dataclass
class Faults:
    """What is wrong with one file so far."""

    file: str
    found: list[Fault] = field(default_factory=list)

    def add(self, code: str, line: int | None = None, column: str | None = None, value: str = "", more: str = "") -> None:
        self.found.append(Fault(self.file, code, line, column, value, more))


@dataclass(frozen=True)
class Line:
    """One row of a file, each cell tidied; `blame` names the cell."""

    number: int
    cells: Mapping[str, str]
    faults: Faults

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def blame(self, column: str, code: str, value: str | None = None, more: str = "") -> None:
        self.faults.add(code, self.number, column, repr(self[column]) if value is None else value, more)


def lines(data: bytes, faults: Faults, required: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Line]:
    """The rows below a sound header; a row with too few or too many fields is a fault and is left out."""
    text = _decoded(data, faults)
    rows = _rows(text, faults) if text is not None else iter(())
    header = next(rows, None)
    if header is None:
        if not faults.found:
            faults.add("empty_file")
        return
    columns = [cell.strip() for cell in header[1]]
    if not _header_is_right(columns, faults, required, optional):
        return
    count = 0
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        count += 1
        if len(row) != len(columns):
            code = "too_few_fields" if len(row) < len(columns) else "too_many_fields"
            faults.add(code, number, value=str(len(row)), more=str(len(columns)))
            continue
        yield _checked(Line(number, dict(zip(columns, map(_tidy, row), strict=True)), faults))
    if not count and not faults.found:
        faults.add("no_rows")


def _decoded(data: bytes, faults: Faults) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        header: list[str] = []
        for number, line in enumerate(data.split(b"\n"), start=1):
            try:
                line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as fault:
                index = max(0, len(next(csv.reader([line[: fault.start].decode("latin-1")]), [""])) - 1)
                thai = "; it looks like TIS-620 or Windows-874" if 0xA1 <= line[fault.start] <= 0xFB else ""
                faults.add("not_utf8", number, header[index] if index < len(header) else None, f"0x{line[fault.start]:02X}", thai)
            else:
                if number == 1:
                    header = [cell.strip() for cell in next(csv.reader([line.decode("utf-8-sig")]), [])]
        return None


def _rows(text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its first line, however many lines its quoted cells fill."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            faults.add("broken_quotes", number, value=str(fault))
            return
        if row:
            yield number, row


def _header_is_right(columns: list[str], faults: Faults, required: Sequence[str], optional: Sequence[str]) -> bool:
    if len(columns) == 1 and (wrong := next((mark for mark in ";\t|" if mark in columns[0]), None)):
        faults.add("wrong_separator", 1, value={";": "semicolons", "\t": "tabs", "|": "bars"}[wrong])
        return False
    before = len(faults.found)
    for column in required:
        if column not in columns:
            faults.add("missing_column", 1, column)
    for column in dict.fromkeys(columns):
        if column not in required and column not in optional:
            faults.add("unknown_column", 1, column or "(no name)")
        elif columns.count(column) > 1:
            faults.add("column_twice", 1, column)
    return len(faults.found) == before


def _tidy(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", cell).split(" ")).strip()


def _checked(line: Line) -> Line:
    for column, cell in line.cells.items():
        if len(cell) <= LONGEST_CELL and cell.isprintable():
            continue
        unseen = next((letter for letter in cell if unicodedata.category(letter) in ("Cc", "Co", "Cs")), None)
        if unseen is not None:
            line.blame(column, "control_character", f"U+{ord(unseen):04X}")
        elif len(cell) > LONGEST_CELL:
            line.blame(column, "too_long", str(LONGEST_CELL))
    return line


def required_cell(line: Line, column: str, fault_of: Callable[[str], str] = lambda cell: "") -> str:
    """The cell, which must be there and pass; `fault_of` gives the code of its fault, or nothing."""
    cell = line[column]
    code = fault_of(cell) if cell else "blank"
    if code:
        line.blame(column, code)
    return cell


_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def day_cell(line: Line, column: str) -> date | None:
    """A day YYYY-MM-DD of the Christian era; None where empty or at fault."""
    cell = line[column]
    if not cell:
        return None
    parts = _DAY.fullmatch(cell)
    if parts and int(parts[1]) >= FIRST_BUDDHIST_YEAR:
        line.blame(column, "buddhist_year", more=f"{int(parts[1]) - BUDDHIST_ERA_AHEAD}{cell[4:]}")
        return None
    try:
        if parts:
            return date(*map(int, parts.groups()))
    except ValueError:
        pass  # a day that does not exist is the same fault as one that is not written as a day
    line.blame(column, "bad_day")
    return None


def sorted_by_line(found: Iterable[Fault]) -> list[Fault]:
    return sorted(found, key=lambda fault: fault.line or 0)
