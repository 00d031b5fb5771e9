"""Days and times as people type them into a form: what was typed is kept, what is wrong is named part by part.

A year of the other era is never turned in silence: the page asks (era.py), and carries the answer for as long as the form comes back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time

from webapp.domain.dates import DayNotUnderstood, TypedDay, parse_day, thai_digits_to_arabic
from webapp.web import era
from webapp.web.filters import thai_year
from webapp.web.language import gettext as _

KEPT = 100
"""Characters of each part that come back: more than anybody types, so that no slip looks like another."""
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_CLOCK = re.compile(r"([0-9]{1,2})\s*[:.]?\s*([0-9]{2})(?:\s*น\.?)?")


@dataclass(frozen=True)
class DayField:
    """Three typed parts; `day` once they are understood, else `faults` by part ("date": no such day) and perhaps a day to `confirm`."""

    name: str
    typed: tuple[str, str, str] = ("", "", "")
    day: date | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    confirm: date | None = None
    answer: str = ""

    @property
    def errors(self) -> list[dict[str, str]]:
        """For the error summary."""
        return [{"field": f"{self.name}_{'day' if part == 'date' else part}", "text": text} for part, text in self.faults.items()]

    def but(self, text: str) -> DayField:
        """Understood, but it will not do."""
        return replace(self, day=None, faults={"date": text})


def day_shown(name: str, day: date | None) -> DayField:
    """A field filled in with a day, in the year its reader counts."""
    typed = (str(day.day), str(day.month), str(thai_year(day.year))) if day else ("", "", "")
    return DayField(name, typed, day)


def day_typed(name: str, form: Mapping[str, str]) -> DayField:
    """What a form brings back for the field of that name."""
    typed = (form.get(f"{name}_day", "")[:KEPT], form.get(f"{name}_month", "")[:KEPT], form.get(f"{name}_year", "")[:KEPT])
    answer = form.get(f"{name}_confirm", "")
    found = parse_day(*typed)
    if isinstance(found, DayNotUnderstood):
        return DayField(name, typed, None, {part: _fault_word(part, fault) for part, fault in found.faults.items()})
    if era.is_of_this_page(found.era):
        return DayField(name, typed, found.day)
    if answer == "yes":
        return DayField(name, typed, found.day, confirm=found.day, answer=answer)
    if answer == "no":
        return DayField(name, typed, None, {"year": era.ask_again()})
    return DayField(name, typed, None, {"year": era.ask_about(found.day.year)}, confirm=found.day)


def day_in_address(name: str, typed: str) -> DayField:
    """A day as links carry it (YYYY-MM-DD, CE). What cannot be taken stands in the fields as typed, never turned into another year."""
    parts = _ISO_DAY.fullmatch(typed)
    found = parse_day(parts[3], parts[2], parts[1]) if parts else None
    try:
        day = None if isinstance(found, TypedDay) and found.era == "BE" else date.fromisoformat(typed)
    except ValueError:
        day = None
    if day:
        return day_shown(name, day)
    return DayField(name, (parts[3], parts[2], parts[1]) if parts else ("", "", "")).but(_("We could not read this day. Type it again"))


def time_typed(text: str) -> time | None:
    """16:30, 16.30, 1630 or 16:30 น., Thai digits too; None where it is no time of day."""
    parts = _CLOCK.fullmatch(thai_digits_to_arabic(text).strip())
    if parts is None or int(parts[1]) > 23 or int(parts[2]) > 59:
        return None
    return time(int(parts[1]), int(parts[2]))


def _fault_word(part: str, fault: str) -> str:
    if part == "date":
        return _("There is no such day. Check the day and the month")
    missing = {"day": _("Type the day"), "month": _("Type the month"), "year": _("Type the year")}
    wrong = {
        "day": _("The day is a number from 1 to 31"),
        "month": _("The month is a number from 1 to 12 or a name"),
        "year": _("The year has four digits, such as 2569 or 2026"),
    }
    return missing[part] if fault == "missing" else wrong[part]
