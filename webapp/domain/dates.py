"""Days, months and clock times as people in Thailand mean and type them.

Decided: business time is Bangkok's, a fixed +07:00 (no daylight saving since the zone exists, and a machine without a time-zone database
still runs the rules); inside the house a day is a `date` in CE, the Buddhist era exists only at the edges. A month is its first day.
A typed year is never guessed: from 2400 it is B.E., 1900 to 2200 it is CE, anything else is asked again (facts/people.md, complaint 29).
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Literal

BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")
BUDDHIST_ERA_AHEAD = 543
FIRST_BUDDHIST_YEAR = 2400
MONTHS_IN_A_YEAR = 12

Era = Literal["BE", "CE"]
Field = Literal["day", "month", "year", "date"]
Fault = Literal["missing", "not_understood", "out_of_range", "no_such_day"]


class TimeWithoutZone(ValueError):
    """A time without an offset reached a rule: it could mean any of two days."""


def in_bangkok(at: datetime) -> datetime:
    """The same instant on Bangkok's clock; raises TimeWithoutZone for a naive time."""
    if at.tzinfo is None:
        raise TimeWithoutZone(at.isoformat())
    return at.astimezone(BANGKOK)


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(month: date, count: int) -> date:
    """The first day of the month `count` months away, backwards when negative."""
    year, index = divmod(month.year * MONTHS_IN_A_YEAR + month.month - 1 + count, MONTHS_IN_A_YEAR)
    return date(year, index + 1, 1)


def months_between(earlier: date, later: date) -> int:
    """How many months later the month of `later` is, the days aside."""
    return (later.year - earlier.year) * MONTHS_IN_A_YEAR + later.month - earlier.month


def same_day_in_months(day: date, count: int) -> date:
    """The day of the same number `count` months later, or that month's last where it has none.

    So a period of months or years from a day ends (Civil and Commercial Code, s.193/5, from general knowledge).
    """
    last = last_of_month(add_months(day, count))
    return last.replace(day=min(day.day, last.day))


def completed_years(birth: date, on: date) -> int:
    """Who is born on 29 February is a year older on 1 March of a common year (their day before is the 28th)."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


@dataclass(frozen=True)
class TypedDay:
    """A day somebody typed, and the era it was typed in: a CE year on a Thai page is asked back, never converted in silence."""

    day: date
    era: Era


@dataclass(frozen=True)
class DayNotUnderstood:
    """Which of the three fields are wrong and how; "date" when each is fine but the day does not exist (30 February)."""

    faults: Mapping[Field, Fault]


def thai_digits_to_arabic(text: str) -> str:
    return text.translate(_THAI_DIGITS)


def parse_day(day: str, month: str, year: str) -> TypedDay | DayNotUnderstood:
    """Three typed fields to one day. Takes Thai digits, B.E. or CE years, and months as 4, 04, เม.ย., เมษายน, Apr or April."""
    number, in_year = _parse_number(day, 1, 31), _parse_year(year)
    of_month = _parse_month(month)
    parts: dict[Field, int | tuple[int, Era] | Fault] = {"day": number, "month": of_month, "year": in_year}
    faults: dict[Field, Fault] = {field: part for field, part in parts.items() if isinstance(part, str)}
    if isinstance(number, str) or isinstance(of_month, str) or isinstance(in_year, str):
        return DayNotUnderstood(faults)
    try:
        return TypedDay(date(in_year[0], of_month, number), in_year[1])
    except ValueError:
        return DayNotUnderstood({"date": "no_such_day"})


def _parse_number(text: str, lowest: int, highest: int) -> int | Fault:
    text = thai_digits_to_arabic(text).strip()
    if not text:
        return "missing"
    if not (text.isascii() and text.isdigit()):
        return "not_understood"
    number = int(text) if len(text) <= len(str(highest)) + 1 else highest + 1
    return number if lowest <= number <= highest else "out_of_range"


def _parse_month(text: str) -> int | Fault:
    name = text.strip().casefold().replace(".", "").replace(" ", "")
    return _MONTHS[name] if name in _MONTHS else _parse_number(text, 1, 12)


def _parse_year(text: str) -> tuple[int, Era] | Fault:
    year = _parse_number(text, 1900, 2743)
    if isinstance(year, str):
        return year
    if year >= FIRST_BUDDHIST_YEAR:
        return year - BUDDHIST_ERA_AHEAD, "BE"
    return (year, "CE") if year <= 2200 else "out_of_range"


_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

_MONTHS = {
    name.casefold().replace(".", ""): number
    for number, names in enumerate(
        (
            "มกราคม มกรา ม.ค. January Jan",
            "กุมภาพันธ์ กุมภา ก.พ. February Feb",
            "มีนาคม มีนา มี.ค. March Mar",
            "เมษายน เมษา เม.ย. April Apr",
            "พฤษภาคม พฤษภา พ.ค. May",
            "มิถุนายน มิถุนา มิ.ย. June Jun",
            "กรกฎาคม กรกฎา ก.ค. July Jul",
            "สิงหาคม สิงหา ส.ค. August Aug",
            "กันยายน กันยา ก.ย. September Sept Sep",
            "ตุลาคม ตุลา ต.ค. October Oct",
            "พฤศจิกายน พฤศจิกา พ.ย. November Nov",
            "ธันวาคม ธันวา ธ.ค. December Dec",
        ),
        start=1,
    )
    for name in names.split()
}
