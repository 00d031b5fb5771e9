"""A month as people type it into a form: its number or its name, and a year of either era.

As the day field does it (day_field.py): what was typed is kept, what is wrong is named part by part, and a year of the other era is never
turned in silence: the page asks, and goes on carrying the answer for as long as the form comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from webapp.domain.dates import DayNotUnderstood, parse_day
from webapp.web import era
from webapp.web.language import gettext as _

LONGEST_MONTH, LONGEST_YEAR = 20, 12


@dataclass(frozen=True)
class MonthField:
    """Two typed parts; `month` (its first day) once they are understood, else `faults` by part. `confirm` is the month to ask about."""

    name: str
    typed: tuple[str, str] = ("", "")
    month: date | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    confirm: date | None = None
    answer: str = ""

    @property
    def errors(self) -> list[dict[str, str]]:
        """For the error summary."""
        return [{"field": f"{self.name}_{part}", "text": text} for part, text in self.faults.items()]

    def but(self, text: str, part: str = "month") -> MonthField:
        """Understood, but it will not do."""
        return replace(self, month=None, faults={part: text})


def month_typed(name: str, form: Mapping[str, str], optional: bool = False) -> MonthField:
    """What a form brings back for the field of that name; left blank it is no fault where it is optional."""
    typed = (form.get(f"{name}_month", "")[:LONGEST_MONTH], form.get(f"{name}_year", "")[:LONGEST_YEAR])
    answer = form.get(f"{name}_confirm", "")
    if optional and not "".join(typed).strip():
        return MonthField(name, typed)
    found = parse_day("1", *typed)
    if isinstance(found, DayNotUnderstood):
        return MonthField(name, typed, None, {part: _fault_word(part, fault) for part, fault in found.faults.items()})
    if era.is_of_this_page(found.era):
        return MonthField(name, typed, found.day)
    if answer == "yes":
        return MonthField(name, typed, found.day, confirm=found.day, answer=answer)
    if answer == "no":
        return MonthField(name, typed, None, {"year": era.ask_again()})
    return MonthField(name, typed, None, {"year": era.ask_about(found.day.year)}, confirm=found.day)


def _fault_word(part: str, fault: str) -> str:
    missing = {"month": _("Type the month"), "year": _("Type the year")}
    wrong = {
        "month": _("The month is a number from 1 to 12 or a name"),
        "year": _("The year has four digits, such as 2569 or 2026"),
    }
    return missing[part] if fault == "missing" else wrong[part]
