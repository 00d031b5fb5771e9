"""Dates and times as people read them: the Buddhist era in Thai, the Christian era in English (DESIGN, content rules).

Babel names days and months; only the year is ours, since Babel knows no Buddhist calendar. Each result is kept: a queue prints
the same few days many times, and formatting one costs more than the rest of its row. A date is a `<time>` whose phrases keep
together; where plain text is needed (calendar, title) use the `say_` functions.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache

from babel import Locale
from babel.dates import DateTimeFormat, parse_pattern
from flask import Flask
from markupsafe import Markup, escape

from webapp.domain.dates import BANGKOK
from webapp.web.era import other_era
from webapp.web.language import MAY_BREAK, keeping, language

BUDDHIST_ERA = 543
NAME_PARTS = re.compile(r"(คณะแพทยศาสตร์|โรงพยาบาล|ศูนย์การแพทย์|มหาวิทยาลัย|\S+?(?=\s|$|มหาวิทยาลัย|ศูนย์การแพทย์))(\s*)")
"""Of a hospital: Thai writes its words without spaces, and a browser's dictionary takes names apart anywhere."""
PATTERNS = {
    ("th", "long"): ("EEEE'ที่'", "d MMMM", "y"),
    ("th", "day"): ("d MMMM", "y"),
    ("th", "short"): ("d MMM", "y"),
    ("th", "day_month"): ("d MMM",),
    ("th", "month_year"): ("MMMM", "y"),
    ("th", "weekday"): ("EEEE",),
    ("th", "month"): ("MMM",),
    ("en", "long"): ("EEEE", "d MMMM", "y"),
    ("en", "day"): ("d MMMM", "y"),
    ("en", "short"): ("d MMM", "y"),
    ("en", "day_month"): ("d MMM",),
    ("en", "month_year"): ("MMMM", "y"),
    ("en", "weekday"): ("EEEE",),
    ("en", "month"): ("MMM",),
}


class _BuddhistEra(DateTimeFormat):
    """Babel's formatter with the year of the Buddhist era."""

    def __init__(self, day: date, locale: Locale) -> None:
        super().__init__(day, locale)
        self.day = day

    def __getitem__(self, name: str) -> str:
        if name[0] == "y":
            return str(self.day.year + BUDDHIST_ERA)
        return super().__getitem__(name)


@lru_cache(maxsize=8)
def _locale(code: str) -> Locale:
    return Locale.parse(code)


@lru_cache(maxsize=4096)
def phrases_of(day: date, style: str, code: str) -> tuple[str, ...]:
    """The parts of a written date between which a line may end."""
    formatter = (_BuddhistEra if code == "th" else DateTimeFormat)(day, _locale(code))
    patterns = PATTERNS["th" if code == "th" else "en", style]
    return tuple(str(parse_pattern(pattern).format % formatter) for pattern in patterns)  # type: ignore[operator]


def say_date(day: date, style: str = "long", code: str | None = None) -> str:
    """Plain text; style long, day, short, day_month, month_year, weekday or month (short)."""
    return " ".join(phrases_of(_as_day(day), style, code or language()))


def say_time(at: time | datetime, code: str | None = None) -> str:
    clock = at.astimezone(BANGKOK) if isinstance(at, datetime) else at
    return f"{clock:%H:%M} น." if (code or language()) == "th" else f"{clock:%H:%M}"


def thai_year(year: int, code: str | None = None) -> int:
    """The year as its reader counts it."""
    return year + BUDDHIST_ERA if (code or language()) == "th" else year


@lru_cache(maxsize=4096)
def _marked(day: date, style: str, code: str, clock: str) -> Markup:
    spans = Markup(" ").join(Markup('<span class="{}">{}</span>').format(keeping(part), part) for part in phrases_of(day, style, code))
    machine = f"{day.isoformat()}T{clock[:5]}+07:00" if clock else day.isoformat()
    tail = Markup(" <span class=n>{}</span>").format(clock) if clock else ""
    return Markup('<time datetime="{}">{}{}</time>').format(machine, spans, tail)


def _as_day(at: date | datetime) -> date:
    return at.astimezone(BANGKOK).date() if isinstance(at, datetime) else at


def long_date(day: date) -> Markup:
    return _marked(_as_day(day), "long", language(), "")


def day_date(day: date) -> Markup:
    return _marked(_as_day(day), "day", language(), "")


def short_date(day: date) -> Markup:
    return _marked(_as_day(day), "short", language(), "")


def day_month(day: date) -> Markup:
    return _marked(_as_day(day), "day_month", language(), "")


def date_time(at: datetime) -> Markup:
    return _marked(_as_day(at), "short", language(), say_time(at))


def long_date_time(at: datetime) -> Markup:
    return _marked(_as_day(at), "long", language(), say_time(at))


def clock_time(at: time | datetime) -> str:
    return say_time(at)


def month_year(day: date) -> str:
    return say_date(day, "month_year")


def weekday(day: date) -> str:
    return say_date(day, "weekday")


def month_name(month: int) -> str:
    """The full name of month 1 to 12."""
    return str(_locale(language()).months["stand-alone"]["wide"][month])


def bdi(text: str) -> Markup:
    """A name that keeps its own direction and is not torn apart: a long one may go on in the next line between its words."""
    parts = [] if keeping(text) or text.isascii() else NAME_PARTS.findall(text)
    if len(parts) < 2:
        return Markup(f'<bdi class="{keeping(text)}">{escape(text)}</bdi>')  # noqa: S704 - escaped here
    spans = "".join(f'<span class="{keeping(part)}">{escape(part)}</span>{space or MAY_BREAK}' for part, space in parts)
    return Markup(f"<bdi>{spans.removesuffix(MAY_BREAK)}</bdi>")  # noqa: S704 - escaped here


def register(app: Flask) -> None:
    for one in (
        long_date, day_date, short_date, day_month, date_time, long_date_time, clock_time, month_year, weekday, month_name, bdi, thai_year,
        other_era,
    ):  # fmt: skip
        app.add_template_filter(one)
