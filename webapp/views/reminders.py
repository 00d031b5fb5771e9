"""Reminders on this phone and the dates that matter, for anybody: the annual window, the next cut-offs, and both as a calendar.

The calendar is public: it names no person, so its address needs no secret. A person's own dates stand on the page, behind sign-in,
and before approval each of them is conditional.
Ways in: webcal, which Apple's and most programs on a computer open with one tap; Google's own page, because an Android phone mostly has
nothing that opens webcal; and the plain address with the steps of three programs.
The page knows which subscription this browser has by a cookie (web/reminding.py), so switches, test and "forget this phone" are plain
forms. Only subscribing needs a script, and the browser's own question is put by one tap alone (static/js/push.js).
What is new stands first: to somebody who was not asked yet the ask, to whoever has reminders the dates that they may be about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import reminders as actions
from webapp.actions.calendar import rules_now
from webapp.actions.hospital_change import dates_now, summary
from webapp.domain.assurance import Act
from webapp.domain.dates import BANGKOK, add_months, first_of_month, last_of_month
from webapp.domain.hospital_change_dates import CutOff, Standing, WindowNow, annual_window, cut_offs
from webapp.domain.reminder import FIRST_HOUR, FOR_ANYBODY, LAST_HOUR, SWITCHES, Occasion
from webapp.ports import Subscription
from webapp.web import calendar_words as words
from webapp.web import guards, icalendar, installing, reminding
from webapp.web.filters import say_date, say_time
from webapp.web.fragments import show
from webapp.web.icalendar import MOMENT, Event
from webapp.web.language import gettext as _
from webapp.web.language import language, languages, use_language
from webapp.web.limits import allow
from webapp.web.reminder_words import kind_name, on_the_lock_screen
from webapp.web.security import own_path
from webapp.web.tools import tools

pages = Blueprint("reminders", __name__)

SHOWN_CUT_OFFS = 4
MONTHS_AHEAD = 12
AN_HOUR = "public, max-age=3600"
MONTH_WIDTH = 24
GOOGLE = "https://calendar.google.com/calendar/r?cid="
"""Followed by a calendar's webcal address."""


@pages.get("/reminders")
def reminders() -> AnyResponse:
    person, phone = guards.person(), reminding.this_phone()
    dates = dates_now(tools())
    found = summary(tools(), person) if person else None
    case = found.open_case if found else None
    webcal = _calendar_address("webcal")
    page = show(
        "reminders/reminders.html",
        dates=dates,
        window_is_open=dates.standing is not Standing.CLOSED,
        year=_year(dates.window, dates.at.date()),
        cut_offs=_next_cut_offs(dates.at)[:SHOWN_CUT_OFFS],
        calendar=_calendar_address(urlsplit(tools().settings.base_url).scheme),
        subscription=webcal,
        google=GOOGLE + quote(webcal, safe=""),
        summary=found,
        new_hospital=tools().store.hospital(case.hospital_to) if case and case.hospital_to else None,
        told=request.args.get("told"),
        push_key=tools().push.public_key,
        wanted=reminding.mark() is not None,
        install_way=installing.way_before_reminders(),
        samples=_samples(dates.at),
        hours=(say_time(FIRST_HOUR), say_time(LAST_HOUR)),
        **(_of_phone(phone) if phone else {}),
    )
    page.vary.add("User-Agent")
    return page


@pages.post("/reminders/switch")
@guards.needs(Act.SET_REMINDERS)
def switch() -> AnyResponse:
    """One kind on or off for this phone; several at once where a form brings them."""
    if phone := reminding.this_phone():
        for kind in SWITCHES:
            if kind in request.form:
                phone = actions.switch(tools(), phone, kind, bool(request.form[kind]))
    return make_response(redirect(own_path(request.form.get("next"), "/reminders#phone"), 303))


@pages.post("/reminders/test")
@guards.needs(Act.SET_REMINDERS)
def try_it() -> AnyResponse:
    """Send this phone a message now; the worker does it within seconds."""
    phone = reminding.this_phone()
    allow("push-tests", thing=phone.mark if phone else None)
    if phone is not None:
        actions.ask_for_test(tools(), phone.endpoint)
    return _back_to_the_phone("test" if phone else "")


@pages.post("/reminders/forget")
@guards.needs(Act.SET_REMINDERS)
def forget() -> AnyResponse:
    """This phone is reminded of nothing any more."""
    if phone := reminding.this_phone():
        actions.unsubscribe(tools(), phone.endpoint)
    return reminding.forget_phone(_back_to_the_phone("forgotten"))


@pages.post("/reminders/not-now")
@guards.needs(Act.USE_THIS_BROWSER)
def not_now() -> AnyResponse:
    return reminding.note_not_now(make_response(redirect(own_path(request.form.get("next")), 303)))


def _back_to_the_phone(told: str = "") -> Response:
    return make_response(redirect(f"/reminders?told={told}#phone" if told else "/reminders#phone", 303))


def _of_phone(phone: Subscription) -> dict[str, Any]:
    """What this phone gets. Whose it is, is told only to them: to anybody else who holds it, that it is somebody else's."""
    person_id = guards.signed_in_person_id()
    offered = [kind for kind in SWITCHES if phone.person_id is not None or kind in FOR_ANYBODY]
    return {
        "phone": phone,
        "is_mine": phone.person_id is not None and phone.person_id == person_id,
        "switches": [{"kind": kind, "name": kind_name(kind), "on": kind in phone.kinds} for kind in offered],
        "days_silent": actions.days_silent(tools(), phone),
        "ends_soon": actions.ends_soon(tools(), phone),
    }


def _samples(at: datetime) -> list[dict[str, str]]:
    """Messages as a phone really shows them: of the next round, and of somebody's own request."""
    cut_off = _next_cut_offs(at)[0]
    round_facts = {"file_by": cut_off.file_by.isoformat(), "effective_on": cut_off.effective_on.isoformat()}
    shown: tuple[tuple[Occasion, dict[str, str]], ...] = ((Occasion.CUT_OFF_TOMORROW, round_facts), (Occasion.REQUEST_RECEIVED, {}))
    said = (on_the_lock_screen(occasion, facts, language()) for occasion, facts in shown)
    return [{"icon": "bell", "title": title, "text": text} for title, text in said]


@pages.get("/reminders/calendar.ics")
def calendar() -> Response:
    asked = request.args.get("lang")
    if asked in languages():
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
            uid=words.uid(f"window-{kind}-{window.year}"), starts=day, title=words.named(title), text=words.with_caution(f"{text} {last}"),
            url=words.address("/reminders"), sequence=sequence, alarm_before=words.THE_MORNING_BEFORE,
        )  # fmt: skip


def _cut_off_event(cut_off: CutOff, sequence: int) -> Event:
    """The event ends at the very moment by which a request must be in: it is too late at 16:30 itself."""
    starts = say_date(cut_off.effective_on, "short")
    title = _("Send before %(time)s: new hospital from %(day)s", time=say_time(cut_off.file_by), day=starts)
    text = _("Outside the yearly window this is for people with a cause, such as a move.")
    return Event(
        uid=words.uid(f"cut-off-{cut_off.effective_on.isoformat()}"), starts=cut_off.file_by - MOMENT, lasts=MOMENT,
        title=words.named(title), text=words.with_caution(text), url=words.address("/reminders"), sequence=sequence,
        alarm_before=words.A_DAY_BEFORE,
    )  # fmt: skip


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
