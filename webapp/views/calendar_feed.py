"""One's own dates as a calendar: the page that makes and ends its address, and the calendar itself, which services fetch without sign-in.

The address is shown once: it travels from the button to the next page in a cookie of five minutes and is in no page's address. An address
that was never made and one that is over get the same 410: calendar services then stop asking, and nobody learns which it was.
The address is for copying and is the site's own, which in production is https alone (config.py refuses another). Put aside: a webcal
address, which some programs read as plain http, so that the secret would travel in the clear; and a link into Google Calendar, which
would put the secret into the query of another company's page. Whoever copies it there does so knowingly.
"""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, make_response, redirect
from werkzeug.wrappers import Response as AnyResponse

from webapp.actions import calendar_feed as feeds
from webapp.actions.calendar_feed import OwnDate, OwnDateKind
from webapp.domain.assurance import Act
from webapp.ports import CalendarFeed
from webapp.web import calendar_words as words
from webapp.web import cookies, guards, icalendar
from webapp.web.filters import say_date, say_time
from webapp.web.fragments import show
from webapp.web.icalendar import Event
from webapp.web.language import gettext as _
from webapp.web.language import language, use_language
from webapp.web.limits import TooManyTries, allow
from webapp.web.security import mark_personal
from webapp.web.tools import tools

pages = Blueprint("calendar_feed", __name__)

JUST_MADE, JUST_MADE_SECONDS = "sitthi-feed", 300


@pages.get("/my-data/calendar")
@guards.signed_in
def page() -> AnyResponse:
    person = guards.person_who_asks()
    feed, token = feeds.feed_of(tools(), person.id), cookies.read(JUST_MADE)
    is_new = feed is not None and token is not None and feeds.hash_of(token) == feed.token_hash
    shown = show(
        "reminders/calendar_feed.html",
        feed=feed,
        address=words.address(f"/reminders/feed/{token}.ics") if is_new else None,
        events=[_event(one, "") for one in feeds.own_dates(tools(), person)],
    )
    if token is not None:
        cookies.drop_secret(shown, JUST_MADE)
    return shown


@pages.post("/my-data/calendar")
@guards.needs(Act.KEEP_OWN_CALENDAR)
def make() -> AnyResponse:
    """A new address; the old one is over."""
    token = feeds.open_feed(tools(), guards.person_who_asks().id, language())
    response = make_response(redirect("/my-data/calendar", 303))
    cookies.keep_secret(response, JUST_MADE, token, JUST_MADE_SECONDS)
    return response


@pages.post("/my-data/calendar/end")
@guards.needs(Act.KEEP_OWN_CALENDAR)
def end() -> AnyResponse:
    feeds.end_feed(tools(), guards.person_who_asks().id)
    response = make_response(redirect("/my-data/calendar", 303))
    cookies.drop_secret(response, JUST_MADE)
    return response


@pages.get("/reminders/feed/<token>.ics")
def feed(token: str) -> Response:
    """For whoever knows the address. Counted by address: calendar services ask for many people from one machine."""
    mark_personal()
    found = feeds.feed_at(tools(), token)
    person = tools().store.person(found.person_id) if found else None
    try:
        allow("calendar-feed" if found else "unknown-calendar-feeds", thing=found.token_hash if found else None)
    except TooManyTries as fault:
        return make_response("", 429, {"Retry-After": str(fault.seconds), "Content-Type": "text/plain; charset=utf-8"})
    if found is None or person is None:
        return _over()
    use_language(found.language)
    events = [_event(one, _mark_of(found)) for one in feeds.own_dates(tools(), person)]
    name = _("Sitthi: my dates (prototype)") if tools().settings.demonstration else _("Sitthi: my dates")
    text = icalendar.calendar(name, events, tools().clock.now(), language(), _("Dates of your own. In doubt call 1506."))
    return icalendar.answer(text, "sitthi-my-dates.ics")


def _over() -> Response:
    return make_response(_("This calendar is over."), 410, {"Content-Type": "text/plain; charset=utf-8"})


def _mark_of(feed: CalendarFeed) -> str:
    """So that two people's calendars on one phone have no event in common; another for each new address."""
    return f"-{feed.token_hash[:12]}"


def _event(one: OwnDate, mark: str) -> Event:
    is_moment = isinstance(one.on, datetime)
    title, text = _said(one)
    return Event(
        uid=words.uid(one.name + mark),
        starts=one.on - icalendar.MOMENT if isinstance(one.on, datetime) else one.on,
        lasts=icalendar.MOMENT,
        title=words.named(title),
        text=words.with_prototype(text),
        url=words.address("/my-data"),
        sequence=one.version,
        alarm_before=words.A_DAY_BEFORE if is_moment else words.THE_MORNING_BEFORE,
        status="TENTATIVE" if one.kind is OwnDateKind.MAY_START else "CONFIRMED",
    )


def _said(one: OwnDate) -> tuple[str, str]:
    """Title and text. They name no illness, hospital, benefit or job: calendars are shared."""
    open_it = _("Open Sitthi to read what it is about.")
    if one.kind is OwnDateKind.STARTS:
        return _("It starts today: open Sitthi"), open_it
    if one.kind is OwnDateKind.MAY_START:
        return _("It may start today: open Sitthi first"), _("Only if it was approved in time. Until we tell you, all stays as it is.")
    if isinstance(one.on, datetime):
        said = {"time": say_time(one.on), "day": say_date(one.on, "long")}
        if one.kind is OwnDateKind.SEND_BEFORE:
            return _("Send your form before %(time)s", **said), _("Your form is not sent yet. Send before %(time)s on %(day)s.", **said)
        return _("Choose before %(time)s: open Sitthi", **said), open_it
    return _("A date to keep: open Sitthi"), open_it
