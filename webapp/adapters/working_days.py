"""Which days government offices work: the cut-offs of the law hang on it.

Decided: the package `holidays` (Thailand, public and government days, kept current by its maintainers) minus Labour Day with its day in
lieu and Children's Day, on which government offices are open; over it webapp/law/days_off.toml, for days the Cabinet declares late; over
both, the days that two officers moved, handed in at run time. Frozen expected dates in the tests notice when a new release of the package
moves a cut-off. Put aside: a calendar of our own (it would go stale), and asking a government service at run time (none to rely on).
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import holidays

DAYS_OFF_FILE = Path(__file__).parents[1] / "law" / "days_off.toml"
WEEKDAYS = range(5)
LANGUAGES = {"th": "th", "en": "en_US"}
OPEN_NEVERTHELESS = ("วันแรงงานแห่งชาติ", "วันเด็กแห่งชาติ", "National Labor Day", "National Children's Day")

Names = Mapping[str, str]


class DaysOffRefused(ValueError):
    """days_off.toml has a fault; the message names the file, the day and the fault."""


class ThaiWorkingDays:
    """The working days of government offices; frozen after it is made, so it may be shared."""

    def __init__(self, declared: Mapping[date, Names | None] | None = None, moved: Mapping[date, bool] | None = None) -> None:
        """`declared`: days from days_off.toml, None for a day that is worked. `moved`: by officers, True for a day off."""
        self._declared = dict(declared or {})
        self._moved = dict(moved or {})

    def with_overrides(self, overrides: Iterable[tuple[date, bool]]) -> "ThaiWorkingDays":
        """The same calendar with days that two officers moved; True means a day off. A later entry wins."""
        return ThaiWorkingDays(self._declared, self._moved | dict(overrides))

    def is_working_day(self, day: date) -> bool:
        if day in self._moved:
            return not self._moved[day]
        if day in self._declared:
            return self._declared[day] is None
        return day.weekday() in WEEKDAYS and day not in _days_off_in(day.year)

    def names(self, day: date) -> Names:
        """What the day off is called, by language ("th", "en"); empty for a working day, a plain weekend, a day officers moved."""
        if self.is_working_day(day):
            return {}
        return self._declared.get(day) or _days_off_in(day.year).get(day, {})


def load(path: Path = DAYS_OFF_FILE) -> ThaiWorkingDays:
    """The calendar with the declared days of days_off.toml; raises DaysOffRefused."""
    tables = tomllib.loads(path.read_text("utf-8"))
    return ThaiWorkingDays(dict(_declared(path, table) for table in tables.get("day", ())))


def _declared(path: Path, table: Mapping[str, Any]) -> tuple[date, Names | None]:
    needed = {"day", "off", "name_th", "name_en", "law", "source", "checked"}
    if missing := sorted(needed - set(table)):
        raise DaysOffRefused(f"{path.name}: {table.get('day', 'a day')}: missing {missing[0]}")
    return table["day"], {"th": table["name_th"], "en": table["name_en"]} if table["off"] else None


@cache
def _days_off_in(year: int) -> Mapping[date, Names]:
    """Holidays of government offices in a CE year, weekends among them, with their names."""
    by_language = {language: _named(year, code) for language, code in LANGUAGES.items()}
    return {day: {language: names[day] for language, names in by_language.items()} for day in by_language["en"]}


def _named(year: int, code: str) -> dict[date, str]:
    calendar = holidays.country_holidays("TH", years=year, categories=("public", "government"), language=code)
    kept = {day: [name for name in names.split("; ") if not _is_open(name)] for day, names in calendar.items()}
    return {day: ", ".join(names) for day, names in kept.items() if names}


def _is_open(name: str) -> bool:
    return any(open_day in name for open_day in OPEN_NEVERTHELESS)
