"""The dates that matter, for anybody: the annual window, the next cut-offs, and both as a calendar that a phone subscribes to.

The calendar is public: it names no person, so its address needs no secret. A person's own dates stand on the page, behind sign-in,
and before approval each of them is conditional.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions.calendar import rules_now
from webapp.actions.hospital_change import dates_now, summary
from webapp.domain.dates import BANGKOK, add_months, first_of_month, last_of_month
from webapp.domain.hospital_change_dates import CutOff, Standing, WindowNow, annual_window, cut_offs
from webapp.web import guards, icalendar
from webapp.web.filters import say_date, say_time
from webapp.web.fragments import show
from webapp.web.icalendar import Event
from webapp.web.language import LANGUAGES, language, use_language
from webapp.web.language import gettext as _
from webapp.web.tools import tools

pages = Blueprint("reminders", __name__)

SHOWN_CUT_OFFS = 4
MONTHS_AHEAD = 12
EVENT_LENGTH = timedelta(minutes=30)
A_DAY_BEFORE = timedelta(days=1)
AN_HOUR = "public, max-age=3600"
MONTH_WIDTH = 24


@pages.get("/reminders")
def reminders() -> AnyResponse:
    person = guards.person()
    dates = dates_now(tools())
    found = summary(tools(), person) if person else None
    return show(
        "reminders/reminders.html",
        dates=dates,
        window_is_open=dates.standing is not Standing.CLOSED,
        year=_year(dates.window, dates.at.date()),
        cut_offs=_next_cut_offs(dates.at)[:SHOWN_CUT_OFFS],
        calendar=_calendar_address(urlsplit(tools().settings.base_url).scheme),
        subscription=_calendar_address("webcal"),
        summary=found,
        case=found.open_case if found else None,
    )


@pages.get("/reminders/calendar.ics")
def calendar() -> Response:
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        use_language(asked)
    stamp = datetime.combine(tools().clock.today(), time.min, BANGKOK)
    name = _("Sitthi: key dates (prototype)") if tools().settings.demonstration else _("Sitthi: key dates")
    about = _("Dates for changing hospital. In doubt call 1506.")
    response = icalendar.answer(icalendar.calendar(name, _events(), stamp, language(), about), "sitthi.ics")
    response.headers["Cache-Control"] = AN_HOUR
    response.vary.update(("Accept-Language", "Cookie"))
    response.add_etag()
    response.make_conditional(request)
    return response


def _next_cut_offs(at: datetime) -> list[CutOff]:
    found = cut_offs(at.date(), add_months(at.date(), MONTHS_AHEAD), rules_now(tools()))
    return [cut_off for cut_off in found if cut_off.file_by > at]


def _calendar_address(scheme: str) -> str:
    return f"{scheme}://{request.host}/reminders/calendar.ics?lang={language()}"


def _events() -> Iterator[Event]:
    """This window and the next, then every cut-off of the coming year; what officers moved raises the sequence."""
    at = tools().clock.now()
    sequence = len(tools().store.calendar_changes("approved"))
    now = annual_window(at.date(), rules_now(tools()))
    for window in (now, annual_window(now.closes_on + timedelta(days=1), rules_now(tools()))):
        yield from _window_events(window, sequence)
    for cut_off in _next_cut_offs(at):
        yield _cut_off_event(cut_off, sequence)


def _window_events(window: WindowNow, sequence: int) -> Iterator[Event]:
    opens, closes = say_date(window.opens_on, "short"), say_date(window.closes_on, "short")
    text = _("The yearly window for changing hospital is open from %(opens)s to %(closes)s.", opens=opens, closes=closes)
    last = _("Send before %(time)s on %(day)s.", time=say_time(window.file_by), day=say_date(window.file_by, "long"))
    for kind, day, title in (
        ("opens", window.opens_on, _("Changing hospital: the yearly window opens")),
        ("closes", window.closes_on, _("Changing hospital: last day of the yearly window")),
    ):
        yield Event(
            uid=_uid(f"window-{kind}-{window.year}"), starts=day, title=_named(title), text=_with_caution(f"{text} {last}"),
            url=_address(), sequence=sequence, alarm_before=A_DAY_BEFORE,
        )  # fmt: skip


def _cut_off_event(cut_off: CutOff, sequence: int) -> Event:
    """The event ends at the very moment by which a request must be in: it is too late at 16:30 itself."""
    starts = say_date(cut_off.effective_on, "short")
    title = _("Send before %(time)s: new hospital from %(day)s", time=say_time(cut_off.file_by), day=starts)
    text = _("Outside the yearly window this is for people with a cause, such as a move.")
    return Event(
        uid=_uid(f"cut-off-{cut_off.effective_on.isoformat()}"), starts=cut_off.file_by - EVENT_LENGTH, lasts=EVENT_LENGTH,
        title=_named(title), text=_with_caution(text), url=_address(), sequence=sequence, alarm_before=A_DAY_BEFORE,
    )  # fmt: skip


def _named(title: str) -> str:
    return _("[Prototype] %(title)s", title=title) if tools().settings.demonstration else title


def _with_caution(text: str) -> str:
    date_holds = _("Every date holds only if the request is approved in time.")
    prototype = _("Prototype: nothing reaches the SSO")
    return "\n".join((text, date_holds, prototype) if tools().settings.demonstration else (text, date_holds))


def _uid(name: str) -> str:
    return f"{name}@{urlsplit(tools().settings.base_url).hostname}"


def _address() -> str:
    return f"{tools().settings.base_url}/reminders"


@dataclass(frozen=True)
class YearPicture:
    """Twelve months from the one before the window opens, 24 units each: where the window and today lie. `today` None: outside."""

    opens: float
    closes: float
    today: float | None

    @property
    def width(self) -> float:
        return self.closes - self.opens


def _year(window: WindowNow, today: date) -> YearPicture:
    first = add_months(window.opens_on, -2)
    if today < first:
        first = first_of_month(today)
    place = _place(today, first)
    end = _place(window.closes_on, first) + MONTH_WIDTH / last_of_month(window.closes_on).day
    return YearPicture(_place(window.opens_on, first), round(end, 1), place if 0 <= place <= 12 * MONTH_WIDTH else None)


def _place(day: date, first: date) -> float:
    months = (day.year - first.year) * 12 + day.month - first.month
    return round(MONTH_WIDTH * (months + (day.day - 1) / last_of_month(day).day), 1)
