"""What anybody may ask without signing in, as plain data: the open API and the command line give the same answers from here.

Asked with texts, as they come from an address or a shell; what cannot be read is a `NotUnderstood` that names the field. Days of the
change of hospital outside 2015 to 2040 are refused: before and after, the calendar of days off is not kept and a date would be a guess.
The law is told for every year in which a benefit can be asked about.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from webapp.actions import hospitals
from webapp.actions.calendar import rules_now
from webapp.domain.benefits import catalogue
from webapp.domain.dates import in_bangkok
from webapp.domain.hospital_change_dates import Policy, annual_window, cut_off_for, in_annual_window
from webapp.domain.hospital_search import LONGEST_QUERY, Hospital
from webapp.domain.lawbook import Reading, Value
from webapp.ports import Tools

FIRST_YEAR, LAST_YEAR = 2015, 2040
MOST_HOSPITALS = 100
USUAL_HOSPITALS = 20

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(?P<offset>Z|[+-]\d\d:?\d\d)?", re.ASCII)
_LOST_PLUS = re.compile(r"(?<=\d) (?=\d\d:?\d\d$)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class NotUnderstood(ValueError):
    """One field that cannot be read; `detail` says in English what it must be."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field} {detail}")
        self.field, self.detail = field, detail


def effective_date(tools: Tools, received: str | None, policy: str | None = None) -> dict[str, Any]:
    """Where a request received then would stand, if approved in time: effective day, file-by moment, annual window."""
    at = _received(received)
    rules = rules_now(tools)
    if policy:
        rules = rules.under(_policy(policy))
    cut_off = cut_off_for(at, rules)
    return {
        "received": at.isoformat(),
        "effective_on": cut_off.effective_on.isoformat(),
        "file_by": cut_off.file_by.isoformat(),
        "policy": str(rules.policy_on(at.date())),
        "in_annual_window": in_annual_window(at, rules),
    }


def change_window(tools: Tools, on: str | None) -> dict[str, Any]:
    """The annual window that is open on a day (today where none is given), or the next one."""
    window = annual_window(_day(tools, "on", on), rules_now(tools))
    return {
        "open": window.is_open,
        "opens_on": window.opens_on.isoformat(),
        "closes_on": window.closes_on.isoformat(),
        "days_left": window.days_left,
    }


def law(tools: Tools, on: str | None) -> dict[str, Any]:
    """Every value of the law in force on a day (today where none is given), with its citation."""
    day = _day(tools, "on", on, catalogue.FIRST_YEAR, catalogue.LAST_YEAR)
    return {"on": day.isoformat(), "values": [_value(value) for value in tools.law_book.on(day).values]}


def hospitals_found(
    tools: Tools, q: str | None = None, province: str | None = None, adjoining: str | None = None, limit: str | None = None
) -> dict[str, Any]:
    """Hospitals in the scheme today, best first, and how many there are in all."""
    text = q or ""
    if len(text) > LONGEST_QUERY:
        raise NotUnderstood("q", f"must be at most {LONGEST_QUERY} characters")
    if province and tools.store.province(province) is None:
        raise NotUnderstood("province", "must be the ISO code of a province, such as TH-10")
    near = _yes_or_no("adjoining", adjoining)
    found = hospitals.search(tools, text, province or None, near, limit=_limit(limit))
    return {"hospitals": [_hospital(hospital) for hospital in found.hospitals], "total": found.total}


def _received(text: str | None) -> datetime:
    if not text:
        raise NotUnderstood("received", "is required: an ISO 8601 time with offset, such as 2026-01-15T16:29:00+07:00")
    text = _LOST_PLUS.sub("+", text.strip())  # a plus sign that was not escaped in an address arrives as a space
    parts = _TIME.fullmatch(text)
    if parts is None:
        raise NotUnderstood("received", "must be an ISO 8601 time with offset, such as 2026-01-15T16:29:00+07:00")
    if not parts["offset"]:
        raise NotUnderstood("received", "must name its offset, such as +07:00")
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise NotUnderstood("received", "must be a time that exists") from None
    if not FIRST_YEAR - 1 <= at.year <= LAST_YEAR + 1 or not FIRST_YEAR <= in_bangkok(at).year <= LAST_YEAR:
        raise NotUnderstood("received", f"must lie in the years {FIRST_YEAR} to {LAST_YEAR} (CE)")
    return in_bangkok(at)


def _policy(text: str) -> Policy:
    try:
        return Policy(text)
    except ValueError:
        raise NotUnderstood("policy", f"must be {' or '.join(Policy)}") from None


def _day(tools: Tools, field: str, text: str | None, first: int = FIRST_YEAR, last: int = LAST_YEAR) -> date:
    if not text:
        return tools.clock.today()
    if not _DAY.fullmatch(text):
        raise NotUnderstood(field, "must be a day YYYY-MM-DD (CE)")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotUnderstood(field, "must be a day that exists") from None
    if not first <= day.year <= last:
        raise NotUnderstood(field, f"must lie in the years {first} to {last} (CE)")
    return day


def _yes_or_no(field: str, text: str | None) -> bool:
    if text not in (None, "", "true", "false"):
        raise NotUnderstood(field, "must be true or false")
    return text == "true"


def _limit(text: str | None) -> int:
    if not text:
        return USUAL_HOSPITALS
    if not re.fullmatch(r"[0-9]{1,4}", text, re.ASCII) or not 1 <= int(text) <= MOST_HOSPITALS:
        raise NotUnderstood("limit", f"must be a whole number from 1 to {MOST_HOSPITALS}")
    return int(text)


def _value(value: Value) -> dict[str, Any]:
    return {
        "key": value.key,
        "value": _plain(value.value, value.text),
        "unit": value.unit,
        "since": value.since.isoformat() if value.since_is_known else None,
        "until": value.until.isoformat() if value.until else None,
        "law": value.law,
        "source": value.source,
        "confidence": value.confidence,
    }


def _plain(reading: Reading, text: str) -> Any:
    """Counts as JSON numbers, sections as a list, everything else as text: money is never a binary fraction."""
    if isinstance(reading, tuple):
        return list(reading)
    return reading if isinstance(reading, int) else text


def _hospital(hospital: Hospital) -> dict[str, Any]:
    return {
        "id": hospital.id,
        "code": hospital.code or None,
        "name": {"th": hospital.name_th, "en": hospital.name_en},
        "province": hospital.province_code,
        "ownership": hospital.ownership,
    }
