"""The calendar that every date rests on: the law's rules, government working days, and what officers moved.

An officer proposes, a second one approves: a window or a day off moves dates for everybody. Drafts and the dates shown follow
at the next look; a request already received keeps what it was promised (domain/hospital_change.py), and is judged by the calendar
as it stood when it came in (`rules_known_at`). Nothing is deleted: undoing is another proposal. A proposal is checked twice, when it
is made and when it is approved, because days pass in between; one that waits for the same day or year stands in the way of a second.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from webapp.actions import audit
from webapp.domain.audit import Act
from webapp.domain.dates import first_of_month, last_of_month
from webapp.domain.hospital_change_dates import AnnualWindow, CutOff, Rules, WindowNow, annual_window, cut_offs
from webapp.domain.lawbook import LawBook
from webapp.ports import CalendarChange, DaysOff, Officer, Tools

DAY_KINDS = {"day_off": False, "working_day": True}
YEARS_AHEAD = 2
LONGEST_NOTE = 300
ONE_DAY = timedelta(days=1)
FAR = timedelta(days=31)


class NeedsASecondOfficer(RuntimeError):
    """The officer who proposed a change of the calendar may not approve it."""


class AlreadySettled(RuntimeError):
    """This proposal was approved, refused or undone meanwhile; `change` is as it stands."""

    def __init__(self, change: CalendarChange) -> None:
        super().__init__(f"{change.id} is {change.status}")
        self.change = change


class NoLongerFits(RuntimeError):
    """Between proposal and approval its day has passed, or another change has made it needless; `faults` as of now."""

    def __init__(self, faults: tuple[CalendarFault, ...]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class CalendarFault:
    """Why a proposal will not do: `field` opens_on, closes_on, day or note; `code` for the words."""

    field: str
    code: str


# The rules


def rules_now(tools: Tools) -> Rules:
    """The rules as they stand, officers' approved changes included."""
    return rules_with(tools, tools.store.calendar_changes("approved"))


def rules_known_at(tools: Tools, at: datetime, approved: Iterable[CalendarChange] | None = None) -> Rules:
    """The rules as they stood then; `approved` spares a look into the store where many are asked for."""
    changes = tools.store.calendar_changes("approved") if approved is None else approved
    return rules_with(tools, [change for change in changes if _counts_from(change) <= at])


def rules_with(tools: Tools, changes: Iterable[CalendarChange]) -> Rules:
    """The rules under these changes of the calendar; of two about the same day or year the one decided later counts. As long as nothing
    is changed they are one object, which remembers the half months that it worked out."""
    key, held = tuple(changes), _LAID[-1] if _LAID else None
    if held and held.law_book is tools.law_book and held.days_off is tools.days_off and held.changes == key:
        return held.rules
    laid = _Laid(tools.law_book, tools.days_off, key, _rules(tools, key))
    _LAID[:] = [laid]
    return laid.rules


@dataclass(frozen=True)
class _Laid:
    """The rules that were asked for last, and what they were made of."""

    law_book: LawBook
    days_off: DaysOff
    changes: tuple[CalendarChange, ...]
    rules: Rules


_LAID: list[_Laid] = []


def _rules(tools: Tools, changes: Iterable[CalendarChange]) -> Rules:
    days: dict[date, bool] = {}
    windows: dict[int, AnnualWindow] = {}
    for change in sorted(changes, key=_counts_from):
        if change.kind in DAY_KINDS:
            days[_day(change, "day")] = DAY_KINDS[change.kind]
        else:
            window = _window(change)
            windows[window.year] = window
    working_days = tools.days_off.with_overrides(tuple((day, not works) for day, works in sorted(days.items())))
    return Rules(tools.law_book, working_days, tuple(windows.values()))


def _counts_from(change: CalendarChange) -> datetime:
    return change.decided_at or change.proposed_at


def _day(change: CalendarChange, name: str) -> date:
    return date.fromisoformat(change.facts[name])


def _window(change: CalendarChange) -> AnnualWindow:
    return AnnualWindow(int(change.facts["year"]), _day(change, "opens_on"), _day(change, "closes_on"))


# Proposing and settling

Proposed = CalendarChange | tuple[CalendarFault, ...]


def propose_window(tools: Tools, officer: Officer, opens_on: date, closes_on: date, note: str) -> Proposed:
    """Move the annual window of the year it closes in; waits for another officer."""
    facts: dict[str, str | int] = {"year": closes_on.year, "opens_on": opens_on.isoformat(), "closes_on": closes_on.isoformat()}
    return _propose(tools, officer, "window", facts, note)


def propose_day(tools: Tools, officer: Officer, kind: str, day: date, note: str) -> Proposed:
    """Make a day a `day_off` or a `working_day` of government offices; waits for another officer."""
    return _propose(tools, officer, kind, {"day": day.isoformat()}, note)


def _propose(tools: Tools, officer: Officer, kind: str, facts: dict[str, str | int], note: str) -> Proposed:
    change = CalendarChange(secrets.token_hex(8), kind, facts, note, "proposed", officer.id, tools.clock.now())
    with tools.store.transaction():
        waiting: list[CalendarChange] = [other for other in tools.store.calendar_changes("proposed") if _is_about_the_same(other, change)]
        again = next((other for other in waiting if (other.kind, other.facts, other.proposed_by) == (kind, facts, officer.id)), None)
        if again is not None:
            return again
        faults = _faults(tools, change) + ((CalendarFault(_main_field(change), "another_waits"),) if waiting else ())
        faults += _note_faults(note)
        if faults:
            return faults
        tools.store.put_calendar_change(change)
        audit.note(tools, Act.CALENDAR_PROPOSED, audit.officer(officer.id), about=change.id, kind=kind)
    return change


def settle_calendar_change(tools: Tools, officer: Officer, change_id: str, approve: bool) -> CalendarChange | None:
    """Approve, or set aside (one's own too); None where there is no such. The same answer twice is once.

    Raises NeedsASecondOfficer, AlreadySettled or NoLongerFits.
    """
    wanted = "approved" if approve else "refused"
    with tools.store.transaction():
        change: CalendarChange | None = tools.store.calendar_change(change_id)
        if change is None or (change.status, change.decided_by) == (wanted, officer.id):
            return change
        if change.status != "proposed":
            raise AlreadySettled(change)
        if approve and change.proposed_by == officer.id:
            raise NeedsASecondOfficer
        if approve and (faults := _faults(tools, change)):
            raise NoLongerFits(faults)
        settled = replace(change, status=wanted, decided_by=officer.id, decided_at=tools.clock.now())
        tools.store.put_calendar_change(settled)
        audit.note(tools, Act.CALENDAR_SETTLED, audit.officer(officer.id), about=change_id, kind=change.kind, answer=wanted)
    return settled


def _is_about_the_same(one: CalendarChange, other: CalendarChange) -> bool:
    if one.kind in DAY_KINDS and other.kind in DAY_KINDS:
        return bool(one.facts["day"] == other.facts["day"])
    return one.kind == other.kind and one.facts["year"] == other.facts["year"]


def _main_field(change: CalendarChange) -> str:
    return "day" if change.kind in DAY_KINDS else "closes_on"


def _faults(tools: Tools, change: CalendarChange) -> tuple[CalendarFault, ...]:
    """What stands against a change today."""
    rules = rules_now(tools)
    return _day_faults(tools, change, rules) if change.kind in DAY_KINDS else _window_faults(tools, change, rules)


def _note_faults(note: str) -> tuple[CalendarFault, ...]:
    if not note:
        return (CalendarFault("note", "missing"),)
    return (CalendarFault("note", "too_long"),) if len(note) > LONGEST_NOTE else ()


def _day_faults(tools: Tools, change: CalendarChange, rules: Rules) -> tuple[CalendarFault, ...]:
    day, today = _day(change, "day"), tools.clock.today()
    if day < today:
        return (CalendarFault("day", "has_passed"),)
    if day.year > today.year + YEARS_AHEAD:
        return (CalendarFault("day", "too_far"),)
    if rules.working_days.is_working_day(day) == DAY_KINDS[change.kind]:
        return (CalendarFault("day", "changes_nothing"),)
    return ()


def _window_faults(tools: Tools, change: CalendarChange, rules: Rules) -> tuple[CalendarFault, ...]:
    opens_on, closes_on, today = _day(change, "opens_on"), _day(change, "closes_on"), tools.clock.today()
    if closes_on < opens_on:
        return (CalendarFault("closes_on", "before_it_opens"),)
    if closes_on < today:
        return (CalendarFault("closes_on", "has_passed"),)
    if closes_on.year > today.year + YEARS_AHEAD:
        return (CalendarFault("closes_on", "too_far"),)
    now = window_of(closes_on.year, rules)
    if (now.opens_on, now.closes_on) == (opens_on, closes_on):
        return (CalendarFault("closes_on", "changes_nothing"),)
    if opens_on < today and opens_on != now.opens_on:
        return (CalendarFault("opens_on", "has_passed"),)
    if opens_on <= window_of(closes_on.year - 1, rules).closes_on:
        return (CalendarFault("opens_on", "overlaps_the_one_before"),)
    if closes_on >= window_of(closes_on.year + 1, rules).opens_on:
        return (CalendarFault("closes_on", "overlaps_the_next"),)
    return ()


# Looking


def window_of(year: int, rules: Rules) -> WindowNow:
    """The annual window that closes in that year, by law or as officers moved it."""
    return annual_window(date(year, 1, 1), rules)


@dataclass(frozen=True)
class WindowRow:
    """One year's window, and whether officers moved it."""

    window: WindowNow
    is_moved: bool


@dataclass(frozen=True)
class DayOff:
    """A day off that is no plain weekend, or a day officers moved; `names` by language, empty where it has none."""

    day: date
    is_off: bool
    is_moved: bool
    names: dict[str, str]


@dataclass(frozen=True)
class Proposal:
    """A change with what it moves: the same cut-offs before and after."""

    change: CalendarChange
    moves: tuple[tuple[CutOff, CutOff], ...]


@dataclass(frozen=True)
class CalendarNow:
    """The dates as they stand and who moved what; `settled` newest first."""

    cut_offs: tuple[CutOff, ...]
    windows: tuple[WindowRow, ...]
    days: tuple[DayOff, ...]
    proposals: tuple[Proposal, ...]
    settled: tuple[CalendarChange, ...]
    officers: dict[str, Officer]


def calendar_now(tools: Tools) -> CalendarNow:
    """For the officers' page: three months of cut-offs, the windows of this year and the next two, a year of days off."""
    rules, today = rules_now(tools), tools.clock.today()
    changes: list[CalendarChange] = tools.store.calendar_changes()
    moved = {window.year for window in rules.windows}
    years = range(annual_window(today, rules).year, today.year + YEARS_AHEAD + 1)
    settled = sorted((change for change in changes if change.status != "proposed"), key=_counts_from, reverse=True)
    who = {who for change in changes for who in (change.proposed_by, change.decided_by) if who}
    return CalendarNow(
        cut_offs=cut_offs(today, today + timedelta(days=92), rules),
        windows=tuple(WindowRow(window_of(year, rules), year in moved) for year in years),
        days=tuple(_days_off(rules, changes, today, today + timedelta(days=365))),
        proposals=tuple(Proposal(change, what_moves(tools, change, rules)) for change in changes if change.status == "proposed"),
        settled=tuple(settled),
        officers={one: found for one in who if (found := tools.store.officer(one)) is not None},
    )


def what_moves(tools: Tools, change: CalendarChange, rules: Rules) -> tuple[tuple[CutOff, CutOff], ...]:
    """The cut-offs of that month which a day off or a working day would shift; none for a window."""
    if change.kind not in DAY_KINDS:
        return ()
    day = _day(change, "day")
    after = replace(rules, working_days=rules_with(tools, (*tools.store.calendar_changes("approved"), change)).working_days)
    first, last = first_of_month(day), last_of_month(day)
    then = {cut_off.effective_on: cut_off for cut_off in cut_offs(first - FAR, last, after)}
    pairs = ((cut_off, then.get(cut_off.effective_on, cut_off)) for cut_off in cut_offs(first, last, rules))
    return tuple((before, afterwards) for before, afterwards in pairs if before != afterwards)


def _days_off(rules: Rules, changes: Iterable[CalendarChange], first: date, last: date) -> Iterable[DayOff]:
    moved = {_day(change, "day") for change in changes if change.kind in DAY_KINDS and change.status == "approved"}
    calendar: Any = rules.working_days
    for number in range((last - first).days + 1):
        day = first + number * ONE_DAY
        is_off, names = not rules.working_days.is_working_day(day), calendar.names(day)
        if day in moved or (is_off and names):
            yield DayOff(day, is_off, day in moved, dict(names))
