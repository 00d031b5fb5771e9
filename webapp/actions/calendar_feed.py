"""A calendar of one's own dates, at an address that only its owner knows.

Decided:
- A calendar service cannot sign in: whoever knows the address reads the dates. So it is 256 bits of chance, kept as a hash, shown once,
  one for each person, and ended with one tap; a new one ends the old one.
- Calendars are shared with families and shown at work: the dates name no person, illness, benefit, hospital or job.
- Only dates of the person's own: what is the same for all stands in the public calendar, which needs no secret.
- Whatever falls away (a request withdrawn, a deadline gone, a day that passed) is no longer in the feed, and calendars that subscribe
  drop it. So is the day of a request that was not decided by then, or that is with the office: it would promise what we do not know.
Put aside: days to claim by, which the record cannot know (what happened on which day), and a log of who read the feed.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from webapp.actions import consents
from webapp.actions.hospital_change import NextThing, dates_now, summary
from webapp.actions.my_record import my_months
from webapp.domain.consent import Channel, Purpose
from webapp.domain.hospital_change import HospitalChange
from webapp.domain.person import Person
from webapp.domain.reminder import registers_by
from webapp.ports import CalendarFeed, Tools

TOKEN_BYTES = 32


class OwnDateKind(StrEnum):
    """STARTS: an approved change; MAY_START: one not decided yet; SEND_BEFORE: a form begun; DEADLINE: something to be done by then."""

    STARTS = "starts"
    MAY_START = "may_start"
    SEND_BEFORE = "send_before"
    CHOOSE_BY = "choose_by"
    DEADLINE = "deadline"


OF_CASE = {NextThing.WAIT_FOR_ITS_DAY: OwnDateKind.STARTS, NextThing.WAIT_FOR_A_DECISION: OwnDateKind.MAY_START}
"""An open request has a day to tell only where it waits for that."""


@dataclass(frozen=True)
class OwnDate:
    """`on` is a day, or the moment by which; `name` stays the same for the same thing, `version` grows when what it says changes."""

    kind: OwnDateKind
    name: str
    on: date | datetime
    version: int


def open_feed(tools: Tools, person_id: str, language: str) -> str:
    """A new address's secret part, in clear this one time; the one before is over."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with tools.store.transaction():
        tools.store.keep_calendar_feed(CalendarFeed(person_id, hash_of(token), language, tools.clock.now()))
        consents.write_down(tools, person_id, Purpose.OWN_CALENDAR, True, Channel.CALENDAR_PAGE)
    return token


def end_feed(tools: Tools, person_id: str, channel: Channel = Channel.CALENDAR_PAGE) -> None:
    """Ending it takes the consent back; where there is none, nothing is written."""
    with tools.store.transaction():
        tools.store.drop_calendar_feed(person_id)
        consents.write_down(tools, person_id, Purpose.OWN_CALENDAR, False, channel)


def feed_of(tools: Tools, person_id: str) -> CalendarFeed | None:
    found: CalendarFeed | None = tools.store.calendar_feed_of(person_id)
    return found


def feed_at(tools: Tools, token: str) -> CalendarFeed | None:
    """None: never made, or ended."""
    found: CalendarFeed | None = tools.store.calendar_feed(hash_of(token))
    return found


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def own_dates(tools: Tools, person: Person) -> tuple[OwnDate, ...]:
    """What is still to come for this person, by their requests, drafts and record; today's day is."""
    return tuple(one for one in _dates_of(tools, person) if _is_to_come(one, tools.clock.now()))


def _is_to_come(one: OwnDate, now: datetime) -> bool:
    return one.on > now if isinstance(one.on, datetime) else one.on >= now.date()


def _dates_of(tools: Tools, person: Person) -> list[OwnDate]:
    found = summary(tools, person)
    moved = len(tools.store.calendar_changes("approved"))
    dates: list[OwnDate] = []
    if found.open_case is not None and found.next_thing in OF_CASE:
        dates.append(_of_case(tools, found.open_case, OF_CASE[found.next_thing]))
    if found.draft is not None:
        dates.append(_of_draft(tools, moved))
    if found.leaving is not None:
        dates.append(OwnDate(OwnDateKind.CHOOSE_BY, f"choose-{found.leaving.last_day}", found.leaving.choose_by, moved))
    dates += (OwnDate(OwnDateKind.DEADLINE, f"by-{day}", day, 0) for day in sorted(set(_deadlines(tools, person))))
    return dates


def _of_case(tools: Tools, case: HospitalChange, kind: OwnDateKind) -> OwnDate:
    return OwnDate(kind, f"case-{hash_of(case.reference)[:24]}", case.effective_on, len(tools.store.steps_of(case.reference)))


def _of_draft(tools: Tools, moved: int) -> OwnDate:
    dates = dates_now(tools)
    return OwnDate(OwnDateKind.SEND_BEFORE, f"draft-{dates.cut_off.effective_on}", dates.send_before, moved)


def _deadlines(tools: Tools, person: Person) -> Iterator[date]:
    """After a job ends: to register, and to go on as section 39."""
    today = tools.clock.today()
    register_by = registers_by(person, today, tools.law_book)
    cover = my_months(tools, person).cover
    ended = person.insured_until is not None and person.insured_until < today
    for day in (register_by, cover.section_39_by if cover and ended else None):
        if day is not None and day >= today:
            yield day
