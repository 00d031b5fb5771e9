"""Reads the statute book from webapp/law/*.toml, and refuses a file that a lawyer could not trust.

    [[value]]                                  [[gap]]
    key = "hospital_change.cut_off_time"       key = "unemployment.epidemic_rate"
    since = "not known"    # or 2026-01-01     since = 2020-09-01
    until = 2028-12-31     # left out: still   until = 2020-11-30
    value = 16:30:00       #   in force        why = "not known"      # or "not in force"
    unit = "time"                              source = "facts/law.md"
    law = "to be confirmed"                    checked = 2026-11-22
    source = "seed 003"
    confidence = "M"
    checked = 2026-11-22
    since_confidence = "mem"   # only where the day is less sure than the value

    [[printed_elsewhere]]                      (a page in people's hands says otherwise: said on the page of this file's benefit)
    key = "maternity.months_paid"              says = 3        kind = "error"      source = "seed 003 (…)"      printed = 2025

Decided: TOML, because it has dates, times and comments and the standard library reads it; one file a subject, the file's name is the
first part of each key; money and percents are read as Decimal, never float. A fault names the file and the key and stops the start:
a number without its citation is worse than no service. Put aside: YAML (a 16:30 that becomes 990), JSON (no dates, no comments).
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

from webapp.domain.lawbook import (
    CONFIDENCES,
    NOT_IN_FORCE,
    NOT_KNOWN,
    PRINTED_KINDS,
    START_NOT_KNOWN,
    BrokenHistory,
    Entry,
    Gap,
    LawBook,
    MonthDay,
    PrintedElsewhere,
    Reading,
    Value,
    law_book,
)

R = TypeVar("R")

LAW_FOLDER = Path(__file__).parents[1] / "law"
NOT_VALUES = {"days_off.toml"}  # single days, read by adapters/working_days.py

VALUE_FIELDS = {"key", "since", "value", "unit", "law", "source", "confidence", "checked"}
GAP_FIELDS = {"key", "since", "why", "source", "checked"}
PRINTED_FIELDS = {"key", "says", "kind", "source", "printed"}
TEXT_FIELDS = {"key", "unit", "law", "source", "confidence", "since_confidence", "why", "kind"}
OPTIONAL = {"value": {"until", "since_confidence"}, "gap": {"until"}}


class LawFileRefused(ValueError):
    """A law file has a fault; the message names file, key and fault."""


@cache
def load(folder: Path = LAW_FOLDER) -> LawBook:
    """The whole book, read once a process; raises LawFileRefused at the first fault."""
    entries: list[Entry] = []
    printed: list[PrintedElsewhere] = []
    for path in sorted(folder.glob("*.toml")):
        if path.name not in NOT_VALUES:
            tables = _tables(path)
            entries += _entries(path, tables)
            printed += _each(path, "printed_elsewhere", PRINTED_FIELDS, partial(_printed, path.stem), tables)
    try:
        return law_book(entries, printed)
    except BrokenHistory as fault:
        raise LawFileRefused(str(fault)) from fault


def _tables(path: Path) -> Mapping[str, Any]:
    try:
        tables = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise LawFileRefused(f"{path.name}: {fault}") from fault
    known = ("value", "gap", "printed_elsewhere")
    if strange := sorted(name for name, content in tables.items() if name not in known or not isinstance(content, list)):
        raise LawFileRefused(f"{path.name}: unknown table {strange[0]!r}")
    return tables


def _entries(path: Path, tables: Mapping[str, Any]) -> list[Entry]:
    values: Iterator[Entry] = _each(path, "value", VALUE_FIELDS, _value, tables)
    gaps: Iterator[Entry] = _each(path, "gap", GAP_FIELDS, _gap, tables)
    entries = [*values, *gaps]
    try:
        law_book(entries)
    except BrokenHistory as fault:
        raise LawFileRefused(f"{path.name}: {fault}") from fault
    if stranger := next((entry.key for entry in entries if not entry.key.startswith(f"{path.stem}.")), None):
        raise LawFileRefused(f"{path.name}: {stranger}: a key of this file begins with {path.stem!r}")
    return entries


def _each(path: Path, kind: str, fields: set[str], read: Callable[[Mapping[str, Any]], R], tables: Mapping[str, Any]) -> Iterator[R]:
    for number, table in enumerate(tables.get(kind, ()), start=1):
        key = table.get("key", f"{kind} number {number}")
        try:
            _has_its_fields(table, fields, OPTIONAL.get(kind, set()))
            yield read(table)
        except ValueError as fault:
            raise LawFileRefused(f"{path.name}: {key}: {fault}") from fault


def _has_its_fields(table: Mapping[str, Any], fields: set[str], optional: set[str]) -> None:
    if missing := sorted(field for field in fields if table.get(field, "") == ""):
        raise ValueError("missing citation" if missing[0] == "law" else f"missing {missing[0]}")
    if strange := sorted(set(table) - fields - optional):
        raise ValueError(f"unknown field {strange[0]!r}")
    if not_text := sorted(field for field in set(table) & TEXT_FIELDS if not isinstance(table[field], str)):
        raise ValueError(f"{not_text[0]} is not text")


def _value(table: Mapping[str, Any]) -> Value:
    for confidence in (table["confidence"], table.get("since_confidence", table["confidence"])):
        if confidence not in CONFIDENCES:
            raise ValueError(f"unknown confidence {confidence!r}")
    return Value(
        key=table["key"],
        since=START_NOT_KNOWN if table["since"] == NOT_KNOWN else _day(table, "since"),
        until=_until(table),
        value=_reading(table),
        unit=table["unit"],
        law=table["law"],
        source=table["source"],
        confidence=table["confidence"],
        checked=_day(table, "checked"),
        since_confidence=table.get("since_confidence", ""),
    )


def _gap(table: Mapping[str, Any]) -> Gap:
    if table["why"] not in (NOT_KNOWN, NOT_IN_FORCE):
        raise ValueError(f"unknown reason for a gap {table['why']!r}")
    return Gap(table["key"], _day(table, "since"), _until(table), table["why"], table["source"], _day(table, "checked"))


def _printed(page: str, table: Mapping[str, Any]) -> PrintedElsewhere:
    if table["kind"] not in PRINTED_KINDS:
        raise ValueError(f"unknown kind {table['kind']!r}")
    if isinstance(table["says"], bool) or not isinstance(table["says"], Decimal | int | str):
        raise ValueError(f"says is neither number nor word: {table['says']!r}")
    return PrintedElsewhere(table["key"], page, table["says"], table["kind"], table["source"], _whole(table["printed"]))


def _day(table: Mapping[str, Any], field: str) -> date:
    value = table[field]
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"{field} is not a day: {value!r}")
    return value


def _until(table: Mapping[str, Any]) -> date | None:
    return _day(table, "until") if "until" in table else None


def _reading(table: Mapping[str, Any]) -> Reading:
    if table["unit"] not in UNITS:
        raise ValueError(f"unknown unit {table['unit']!r}")
    try:
        return UNITS[table["unit"]](table["value"])
    except (ArithmeticError, TypeError, ValueError) as fault:
        raise ValueError(f"{table['value']!r} is no {table['unit']}") from fault


def _exact(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        raise TypeError(value)
    return Decimal(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    return value


def _day_of_month(value: Any) -> int:
    if _whole(value) not in range(1, 32):
        raise ValueError(value)
    return int(value)


def _time(value: Any) -> time:
    if not isinstance(value, time):
        raise TypeError(value)
    return value


def _month_day(value: Any) -> MonthDay:
    month, day = (int(part) for part in value.split("-"))
    date(2001, month, day)  # any common year: 29 February comes too seldom for a yearly day
    return MonthDay(month, day)


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _words(value: Any) -> tuple[str, ...]:
    return tuple(_word(word) for word in value)


UNITS: Mapping[str, Callable[[Any], Reading]] = {
    "baht": _exact,
    "percent": _exact,
    "months": _whole,
    "days": _whole,
    "hours": _whole,
    "weeks": _whole,
    "years": _whole,
    "count": _whole,
    "time": _time,
    "day_of_month": _day_of_month,
    "month_day": _month_day,
    "policy": _word,
    "form": _word,
    "sections": _words,
    "codes": _words,
}
