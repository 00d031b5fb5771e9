"""Calendar files (RFC 5545) as phones read them: CRLF, lines of at most 75 octets, a time zone of its own, stable names of events.

A day is `VALUE=DATE` and ends on the next one, so that no zone can move it to the day before; a moment carries
Asia/Bangkok with its definition. An event keeps its UID for ever: a second import replaces the first, with `sequence`
telling which is newer. No package was taken: what is needed is sixty lines, and folding Thai text by octets is the only
part that is easily got wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import Response, make_response

from webapp.domain.dates import in_bangkok

ZONE = "Asia/Bangkok"
MOMENT = timedelta(minutes=30)
"""How long a moment lasts in a calendar: it ends at the very time by which something must be done."""
LONGEST_LINE = 75
FOLDED = "\r\n "
TIME_ZONE = (
    "BEGIN:VTIMEZONE", f"TZID:{ZONE}", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0700", "TZOFFSETTO:+0700",
    "TZNAME:+07", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip


@dataclass(frozen=True)
class Event:
    """`starts` is a day or an aware moment; a day's event ends after `last` (itself when None), a moment's after `lasts`.

    `uid` never changes for the same thing; `sequence` grows when what it says changes. `alarm_before` rings ahead.
    """

    uid: str
    starts: date | datetime
    title: str
    text: str = ""
    url: str = ""
    last: date | None = None
    lasts: timedelta = MOMENT
    sequence: int = 0
    alarm_before: timedelta | None = None
    transparent: bool = True
    status: str = "CONFIRMED"


def calendar(name: str, events: Iterable[Event], stamp: datetime, language: str, about: str = "") -> str:
    """The whole file; `stamp` is when these facts were read."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sitthi//Key dates//" + language.upper(), "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME:{escaped(name)}", f"NAME:{escaped(name)}", f"X-WR-TIMEZONE:{ZONE}"]
    lines += [f"X-WR-CALDESC:{escaped(about)}", f"DESCRIPTION:{escaped(about)}"] if about else []
    lines += ["REFRESH-INTERVAL;VALUE=DURATION:P1D", "X-PUBLISHED-TTL:P1D", *TIME_ZONE]
    for event in events:
        lines += _event(event, stamp, language)
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def answer(text: str, file_name: str) -> Response:
    """A calendar as an HTTP answer, to be saved under `file_name`."""
    response = make_response(text)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = f'inline; filename="{file_name}"'
    return response


def escaped(text: str) -> str:
    """Text as a value: backslash, semicolon, comma and line ends are written out."""
    for raw, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n"), ("\r", "\n"), ("\n", "\\n")):
        text = text.replace(raw, written)
    return "".join(char for char in text if char >= " ")


def folded(line: str) -> str:
    """Lines of at most 75 octets; no character, nor a Thai mark and the letter that carries it, is torn apart."""
    parts: list[str] = []
    part, room = "", LONGEST_LINE
    for cluster in _clusters(line):
        if len((part + cluster).encode()) > room:
            parts.append(part)
            part, room = "", LONGEST_LINE - 1
        part += cluster
    return FOLDED.join([*parts, part])


def _clusters(line: str) -> Iterator[str]:
    cluster = ""
    for char in line:
        if cluster and not (char == "\u0e31" or "\u0e34" <= char <= "\u0e3a" or "\u0e47" <= char <= "\u0e4e"):
            yield cluster
            cluster = ""
        cluster += char
    yield cluster


def _event(event: Event, stamp: datetime, language: str) -> Iterator[str]:
    yield from ("BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}", f"SEQUENCE:{event.sequence}")
    yield from _when(event)
    yield f"SUMMARY;LANGUAGE={language}:{escaped(event.title)}"
    if event.text:
        yield f"DESCRIPTION;LANGUAGE={language}:{escaped(event.text)}"
    if event.url:
        yield f"URL:{event.url}"
    yield f"STATUS:{event.status}"
    yield f"TRANSP:{'TRANSPARENT' if event.transparent else 'OPAQUE'}"
    if event.alarm_before is not None:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escaped(event.title)}")
        yield from (f"TRIGGER:-{_duration(event.alarm_before)}", "END:VALARM")
    yield "END:VEVENT"


def _when(event: Event) -> tuple[str, str]:
    if isinstance(event.starts, datetime):
        starts = in_bangkok(event.starts)
        return f"DTSTART;TZID={ZONE}:{starts:%Y%m%dT%H%M%S}", f"DTEND;TZID={ZONE}:{starts + event.lasts:%Y%m%dT%H%M%S}"
    day_after = (event.last or event.starts) + timedelta(days=1)
    return f"DTSTART;VALUE=DATE:{event.starts:%Y%m%d}", f"DTEND;VALUE=DATE:{day_after:%Y%m%d}"


def _duration(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    return f"P{minutes // 1440}D" if minutes % 1440 == 0 else f"PT{minutes}M"
