"""When a hospital change takes effect, and until when to file it: cut-offs, half months, the annual window, working days.

The SSO's own words (seed 003): received 1st-15th, before 16:30 on the 15th, counts from the 16th; received 16th-last working day, before
16:30 on the last day, counts from the 1st of the next month. Every edge they leave open is decided here and nowhere else:

- the 15th at or after 16:30 belongs to the second half (→ the 1st); the 15th on a holiday stays the 15th for requests sent online;
- the month end: `last_working_day` (default) or `last_calendar_day`; after that a request counts as received on the 1st (→ the 16th);
- "file by" is the safer day under both policies: the last *working* day of the half. It belongs to the half that `effective_on` names, so
  that the two never contradict each other, and it may lie past (on Saturday 14 February still the 16th, though Friday was safer);
- the annual window closes at 16:30 on its last day whatever the weekday; until midnight a request is taken but may miss it.

Decided: one frozen `Rules` carries the law book, the working days, the windows officers have moved and the policy; every function is
pure and takes the time it judges. What it works out for a day it keeps with the rules (`_of`): a page asks for the same half months ten
times. Put aside: a table of dates a year (nobody would keep it), and cut-offs in UTC (the law's clock hangs
in Bangkok).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby, islice, takewhile
from typing import Any, Protocol, TypeVar

from webapp.domain.dates import BANGKOK, add_months, first_of_month, in_bangkok, last_of_month
from webapp.domain.lawbook import Law, LawBook, MonthDay

ONE_DAY = timedelta(days=1)
MOST_KEPT = 2_000
T = TypeVar("T")


class Policy(StrEnum):
    """How the month-end cut-off is read where the two published clauses disagree."""

    LAST_WORKING_DAY = "last_working_day"
    LAST_CALENDAR_DAY = "last_calendar_day"


class Standing(StrEnum):
    """How a moment stands to the annual window; PAST_CUT_OFF is its last day from 16:30 to midnight."""

    OPEN = "open"
    PAST_CUT_OFF = "past_cut_off"
    CLOSED = "closed"


class SegmentKind(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    AFTER = "after"


class ClosesBeforeItOpens(ValueError):
    """Somebody moved a window so that it ends before it begins."""


class WorkingDays(Protocol):
    """What the rules ask of a calendar; adapters/working_days.py answers."""

    def is_working_day(self, day: date) -> bool: ...


@dataclass(frozen=True)
class AnnualWindow:
    """One year's window, both days included; `year` is the year it falls due in (16 December 2026 to 31 March 2027 is 2027)."""

    year: int
    opens_on: date
    closes_on: date

    def __post_init__(self) -> None:
        if self.closes_on < self.opens_on:
            raise ClosesBeforeItOpens(f"{self.year}: {self.opens_on} to {self.closes_on}")


@dataclass(frozen=True)
class Rules:
    """What the dates depend on. `windows` are the years officers have moved; `policy` None: what the law book says that day. `kept`: what
    was worked out under these rules; nothing depends on it."""

    law_book: LawBook
    working_days: WorkingDays
    windows: tuple[AnnualWindow, ...] = ()
    policy: Policy | None = None
    kept: dict[tuple[Callable[..., Any], date], Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def law_on(self, day: date) -> Law:
        return self.law_book.on(day)

    def policy_on(self, day: date) -> Policy:
        """The month-end policy of that day; raises ValueError for a name that is no policy."""
        return self.policy or Policy(self.law_on(day).read("hospital_change.month_end_policy", str))

    def under(self, policy: Policy | str) -> "Rules":
        """The same rules under another month-end policy; raises ValueError for a name that is no policy."""
        return replace(self, policy=Policy(policy))


@dataclass(frozen=True)
class CutOff:
    """One half month: file by the safer `file_by`; the rule itself closes at `closes_at`; from `effective_on` the new hospital."""

    file_by: datetime
    closes_at: datetime
    effective_on: date


@dataclass(frozen=True)
class WindowNow:
    """The current annual window, or the next one; `days_left` until `closes_on` (0 on the last day), None while closed."""

    year: int
    opens_on: date
    closes_on: date
    is_open: bool
    days_left: int | None
    closes_at: datetime
    file_by: datetime


@dataclass(frozen=True)
class Countdown:
    """Time left: whole calendar days (0: today), and the hours and minutes of the same span for the last day."""

    days: int
    hours: int
    minutes: int
    is_past: bool


@dataclass(frozen=True)
class Segment:
    """Days of one month that lead to the same effective day, seen from a moment: closed before it, open now, after it."""

    kind: SegmentKind
    first: date
    last: date
    leads_to: date
    file_by: datetime

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class MonthStrip:
    """A month cut into segments; `today` marks the ink bar."""

    month: date
    today: date
    segments: tuple[Segment, ...]

    @property
    def days(self) -> int:
        return last_of_month(self.month).day


def effective_on(received: datetime, rules: Rules) -> date:
    """The first day at the new hospital for a request received then, if it is approved in time."""
    return cut_off_for(received, rules).effective_on


def file_by(received: datetime, rules: Rules) -> datetime:
    """The last working day's 16:30 of the half month the request counts in; it may already lie past."""
    return cut_off_for(received, rules).file_by


def cut_off_for(received: datetime, rules: Rules) -> CutOff:
    """The half month a request received then counts in; raises TimeWithoutZone for a naive time."""
    received = in_bangkok(received)
    return next(cut_off for cut_off in _cut_offs_from(received.date(), rules) if received < cut_off.closes_at)


def cut_offs(first: date, last: date, rules: Rules) -> tuple[CutOff, ...]:
    """Every cut-off whose file-by day lies from `first` to `last`, both included, in order: what a calendar shows."""
    found: list[CutOff] = []
    for cut_off in _cut_offs_from(first, rules):
        if cut_off.file_by.date() > last:
            return tuple(found)
        if cut_off.file_by.date() >= first:
            found.append(cut_off)
    return tuple(found)


def next_switch_day(after: date, rules: Rules) -> date:
    """The next 1st or 16th later than that day: where a late approval moves to."""
    law = rules.law_on(after)
    this_month, next_month = first_of_month(after), add_months(after, 1)
    days = (_day_after_second_half(this_month, law), _day_after_first_half(this_month, law), _day_after_second_half(next_month, law))
    return next(day for day in days if day > after)


def last_cut_off_for_start_by(day: date, rules: Rules) -> CutOff:
    """The last cut-off that still leads to a start on or before that day: until when to choose when a hospital leaves."""
    reachable = takewhile(lambda cut_off: cut_off.effective_on <= day, _cut_offs_from(add_months(day, -2), rules))
    return list(reachable)[-1]


def at_cut_off_time(day: date, rules: Rules) -> datetime:
    """16:30 of that day, as the law of the day has it."""
    return datetime.combine(day, _cut_off_time(rules.law_on(day)), BANGKOK)


def annual_window(on: date, rules: Rules) -> WindowNow:
    """The annual window that is open that day, or the next one."""
    window = _of(_window_ending_on_or_after, on, rules)
    is_open = window.opens_on <= on
    return WindowNow(
        year=window.year,
        opens_on=window.opens_on,
        closes_on=window.closes_on,
        is_open=is_open,
        days_left=(window.closes_on - on).days if is_open else None,
        closes_at=_window_closes_at(window, rules),
        file_by=_last_working_day_at(window.closes_on, _window_cut_off_time(window, rules), rules),
    )


def annual_standing(at: datetime, rules: Rules) -> Standing:
    """Open, closed, or the stretch on the last day in which a request is taken but may miss the window."""
    at = in_bangkok(at)
    window = _of(_window_ending_on_or_after, at.date(), rules)
    if at.date() < window.opens_on:
        return Standing.CLOSED
    return Standing.OPEN if at < _window_closes_at(window, rules) else Standing.PAST_CUT_OFF


def in_annual_window(received: datetime, rules: Rules) -> bool:
    """Strictly before 16:30 on the last day of the window."""
    return annual_standing(received, rules) is Standing.OPEN


def window_key(received: datetime, rules: Rules) -> str | None:
    """Which annual window a request falls in, for "one annual change a window"; the last evening counts, None outside."""
    if annual_standing(received, rules) is Standing.CLOSED:
        return None
    return str(_of(_window_ending_on_or_after, in_bangkok(received).date(), rules).year)


def countdown(at: datetime, until: datetime) -> Countdown:
    """What is left until then; all zero once it has come."""
    at, until = in_bangkok(at), in_bangkok(until)
    minutes = max(0, int((until - at).total_seconds() // 60))
    return Countdown(max(0, (until.date() - at.date()).days), *divmod(minutes, 60), is_past=at >= until)


CUT_OFFS_AROUND_A_MONTH = 3
"""Its own two, and the next month's first, in which its last days may count."""


def month_strip(at: datetime, rules: Rules) -> MonthStrip:
    """The month around a moment, cut where sending one day later leads to another effective day."""
    at = in_bangkok(at)
    month, now_leads_to = first_of_month(at.date()), effective_on(at, rules)
    stretches = _of(_stretches, month, rules)
    return MonthStrip(month, at.date(), tuple(_segment(days, cut_off, now_leads_to) for cut_off, days in stretches))


def _stretches(month: date, rules: Rules) -> tuple[tuple[CutOff, list[date]], ...]:
    """The days of a month by the cut-off that they lead to."""
    days = (month + n * ONE_DAY for n in range(last_of_month(month).day))
    coming = list(islice(_cut_offs_from(month, rules), CUT_OFFS_AROUND_A_MONTH))
    groups = groupby(days, key=lambda day: next(cut_off for cut_off in coming if _start_of(day) < cut_off.closes_at))
    return tuple((cut_off, list(group)) for cut_off, group in groups)


def _segment(days: list[date], cut_off: CutOff, now_leads_to: date) -> Segment:
    kind = SegmentKind.OPEN
    if cut_off.effective_on != now_leads_to:
        kind = SegmentKind.CLOSED if cut_off.effective_on < now_leads_to else SegmentKind.AFTER
    return Segment(kind, days[0], days[-1], cut_off.effective_on, cut_off.file_by)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, BANGKOK)


def _cut_offs_from(day: date, rules: Rules) -> Iterator[CutOff]:
    """The two cut-offs of each month, from the month of `day` on."""
    month = first_of_month(day)
    while True:
        yield _of(_first_half, month, rules)
        yield _of(_second_half, month, rules)
        month = add_months(month, 1)


def _of(work_out: Callable[[date, Rules], T], day: date, rules: Rules) -> T:
    """Worked out once under these rules."""
    key = (work_out, day)
    found: T | None = rules.kept.get(key)
    if found is None:
        if len(rules.kept) >= MOST_KEPT:
            rules.kept.clear()
        rules.kept[key] = found = work_out(day, rules)
    return found


def _first_half(month: date, rules: Rules) -> CutOff:
    law = rules.law_on(month)
    last = month.replace(day=law.read("hospital_change.mid_month_day", int))
    return CutOff(
        file_by=_last_working_day_at(last, _cut_off_time(law), rules),
        closes_at=datetime.combine(last, _cut_off_time(law), BANGKOK),
        effective_on=_day_after_first_half(month, law),
    )


def _second_half(month: date, rules: Rules) -> CutOff:
    last = last_of_month(month)
    law = rules.law_on(last)
    safer = _last_working_day_at(last, _cut_off_time(law), rules)
    calendar = datetime.combine(last, _cut_off_time(law), BANGKOK)
    closes_at = safer if rules.policy_on(last) is Policy.LAST_WORKING_DAY else calendar
    return CutOff(file_by=safer, closes_at=closes_at, effective_on=_day_after_second_half(add_months(month, 1), law))


def _day_after_first_half(month: date, law: Law) -> date:
    return month.replace(day=law.read("hospital_change.effective_day_after_first_half", int))


def _day_after_second_half(month: date, law: Law) -> date:
    return month.replace(day=law.read("hospital_change.effective_day_after_second_half", int))


def _cut_off_time(law: Law) -> time:
    return law.read("hospital_change.cut_off_time", time)


def _last_working_day_at(day: date, clock: time, rules: Rules) -> datetime:
    while not rules.working_days.is_working_day(day):
        day -= ONE_DAY
    return datetime.combine(day, clock, BANGKOK)


def _window_ending_on_or_after(day: date, rules: Rules) -> AnnualWindow:
    windows = (_window_of(year, day, rules) for year in range(day.year - 1, day.year + 3))
    return min((window for window in windows if window.closes_on >= day), key=lambda window: window.opens_on)


def _window_of(year: int, on: date, rules: Rules) -> AnnualWindow:
    """The window of a year as officers moved it, else by the law of the day that asks."""
    for moved in rules.windows:
        if moved.year == year:
            return moved
    law = rules.law_on(on)
    opens = law.read("hospital_change.annual_window_opens", MonthDay)
    closes = law.read("hospital_change.annual_window_closes", MonthDay)
    return AnnualWindow(year, opens.in_year(year if opens <= closes else year - 1), closes.in_year(year))


def _window_cut_off_time(window: AnnualWindow, rules: Rules) -> time:
    return rules.law_on(window.closes_on).read("hospital_change.annual_window_cut_off_time", time)


def _window_closes_at(window: AnnualWindow, rules: Rules) -> datetime:
    return datetime.combine(window.closes_on, _window_cut_off_time(window, rules), BANGKOK)
