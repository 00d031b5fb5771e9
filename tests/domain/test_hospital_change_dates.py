"""Every day of 2025 to 2030, and every minute around every cut-off of those years, under both policies."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.hospital_change_people import RULES, bangkok
from webapp.domain import hospital_change_dates
from webapp.domain.dates import BANGKOK, TimeWithoutZone
from webapp.domain.hospital_change_dates import (
    AnnualWindow,
    ClosesBeforeItOpens,
    Countdown,
    CutOff,
    Policy,
    Rules,
    SegmentKind,
    Standing,
    annual_standing,
    annual_window,
    countdown,
    cut_off_for,
    cut_offs,
    effective_on,
    file_by,
    in_annual_window,
    last_cut_off_for_start_by,
    month_strip,
    next_switch_day,
    window_key,
)

FIRST, LAST = date(2025, 1, 1), date(2030, 12, 31)
CLOCK = time(16, 30)
CALENDAR = RULES.under(Policy.LAST_CALENDAR_DAY)
BOTH = pytest.mark.parametrize("rules", [RULES, CALENDAR], ids=list(Policy))
EVERY_HALF = cut_offs(FIRST, LAST, RULES)

moments = st.datetimes(datetime(2025, 1, 1), datetime(2030, 12, 31, 23, 59, 59), timezones=st.just(BANGKOK))


def every_day(first: date = FIRST, last: date = LAST) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def minutes_around(moment: datetime) -> Iterator[datetime]:
    for minute in range(-45, 46):
        yield moment + timedelta(minutes=minute)


def last_day_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def last_worked(day: date) -> date:
    while not RULES.working_days.is_working_day(day):
        day -= timedelta(days=1)
    return day


def as_the_office_says(received: datetime, policy: Policy) -> date:
    """The two published clauses and the named edges, written out once more in the plainest way."""
    day = received.date()
    month_end = last_day_of_month(day)
    next_month = month_end + timedelta(days=1)
    closing_day = last_worked(month_end) if policy == Policy.LAST_WORKING_DAY else month_end
    if day.day < 15 or (day.day == 15 and received.time() < CLOCK):
        return day.replace(day=16)
    if day < closing_day or (day == closing_day and received.time() < CLOCK):
        return next_month
    return next_month.replace(day=16)


# --- the effective day ---


@BOTH
def test_every_minute_around_every_cut_off_leads_where_the_office_says(rules: Rules) -> None:
    for half in cut_offs(FIRST, LAST, rules):
        for received in minutes_around(half.closes_at):
            assert effective_on(received, rules) == as_the_office_says(received, rules.policy_on(received.date())), received


@BOTH
def test_every_day_leads_where_the_office_says_morning_and_evening(rules: Rules) -> None:
    for day in every_day():
        for clock in (time.min, time(9), time(16, 29, 59, 999999), CLOCK, time.max):
            received = datetime.combine(day, clock, BANGKOK)
            assert effective_on(received, rules) == as_the_office_says(received, rules.policy_on(day)), received


@BOTH
def test_a_change_starts_on_a_1st_or_a_16th_soon_after_it_was_received(rules: Rules) -> None:
    for day in every_day():
        for clock in (time.min, CLOCK, time.max):
            starts = effective_on(datetime.combine(day, clock, BANGKOK), rules)
            assert starts.day in (1, 16)
            assert 1 <= (starts - day).days <= 24


@BOTH
def test_asking_later_never_starts_earlier(rules: Rules) -> None:
    received = [datetime.combine(day, clock, BANGKOK) for day in every_day() for clock in (time.min, time(16, 29), CLOCK, time(23, 59))]
    starts = [effective_on(moment, rules) for moment in received]
    assert all(earlier <= later for earlier, later in pairwise(starts))


@given(moments, moments)
def test_any_two_moments_keep_their_order(one: datetime, other: datetime) -> None:
    first, second = sorted((one, other))
    assert effective_on(first, RULES) <= effective_on(second, RULES)


@given(moments)
def test_the_policies_differ_only_after_the_last_working_day_of_a_month_that_ends_on_a_day_off(received: datetime) -> None:
    safer, other = effective_on(received, RULES), effective_on(received, CALENDAR)
    month_end = last_day_of_month(received.date())
    between = datetime.combine(last_worked(month_end), CLOCK, BANGKOK) <= received < datetime.combine(month_end, CLOCK, BANGKOK)
    assert (safer != other) == between
    assert other <= safer


def test_half_past_four_itself_is_too_late_by_a_microsecond() -> None:
    cut_off = bangkok("2026-01-15 16:30")
    assert effective_on(cut_off - timedelta(microseconds=1), RULES) == date(2026, 1, 16)
    assert effective_on(cut_off, RULES) == date(2026, 2, 1)


def test_the_15th_on_a_holiday_stays_the_15th_for_a_request_sent_online() -> None:
    assert effective_on(bangkok("2026-02-15 16:29"), RULES) == date(2026, 2, 16)
    assert effective_on(bangkok("2026-04-15 16:29"), RULES) == date(2026, 4, 16)


def test_a_phone_abroad_is_judged_by_bangkoks_clock() -> None:
    assert effective_on(datetime(2026, 1, 15, 9, 29, tzinfo=UTC), RULES) == date(2026, 1, 16)
    assert effective_on(datetime(2026, 1, 15, 9, 30, tzinfo=UTC), RULES) == date(2026, 2, 1)


def test_a_time_without_a_zone_has_no_effective_day() -> None:
    with pytest.raises(TimeWithoutZone):
        effective_on(datetime(2026, 1, 15, 16, 29), RULES)


def test_a_policy_nobody_named_is_refused() -> None:
    with pytest.raises(ValueError, match="last_lunar_day"):
        RULES.under("last_lunar_day")


def test_a_day_off_moved_by_officers_moves_the_month_end_with_it() -> None:
    closed = replace(RULES, working_days=_calendar_with((date(2026, 9, 30), True)))
    assert effective_on(bangkok("2026-09-30 10:00"), RULES) == date(2026, 10, 1)
    assert effective_on(bangkok("2026-09-30 10:00"), closed) == date(2026, 10, 16)
    assert file_by(bangkok("2026-09-29 10:00"), closed) == bangkok("2026-09-29 16:30")


def test_a_month_whose_second_half_nobody_works_still_has_an_answer() -> None:
    closed = replace(RULES, working_days=_calendar_with(*((day, True) for day in every_day(date(2026, 9, 10), date(2026, 9, 30)))))
    assert effective_on(bangkok("2026-09-15 16:29"), closed) == date(2026, 9, 16)
    assert effective_on(bangkok("2026-09-15 16:30"), closed) == date(2026, 10, 16)


def _calendar_with(*moved: tuple[date, bool]) -> "_Calendar":
    return _Calendar(dict(moved))


class _Calendar:
    def __init__(self, moved: dict[date, bool]) -> None:
        self.moved = moved

    def is_working_day(self, day: date) -> bool:
        return not self.moved.get(day, not RULES.working_days.is_working_day(day))


# --- file by ---


@BOTH
def test_the_file_by_moment_is_a_working_day_at_half_past_four_and_never_after_the_cut_off(rules: Rules) -> None:
    for half in cut_offs(FIRST, LAST, rules):
        assert half.file_by.time() == CLOCK
        assert half.file_by <= half.closes_at
        assert rules.working_days.is_working_day(half.file_by.date())
        assert not any(rules.working_days.is_working_day(day) for day in every_day(half.file_by.date(), half.closes_at.date()) if
                       day > half.file_by.date())  # fmt: skip


@BOTH
def test_filing_just_before_the_file_by_moment_keeps_the_date_shown_beside_it(rules: Rules) -> None:
    for day in every_day():
        half = cut_off_for(datetime.combine(day, time(12), BANGKOK), rules)
        in_time = half.file_by - timedelta(minutes=1)
        assert effective_on(in_time, rules) == half.effective_on


def test_both_policies_show_the_same_file_by_days() -> None:
    assert [half.file_by for half in cut_offs(FIRST, LAST, RULES)] == [half.file_by for half in cut_offs(FIRST, LAST, CALENDAR)]


@pytest.mark.parametrize(
    ("received", "by"),
    [
        ("2026-01-15 16:29", "2026-01-15 16:30"),
        ("2026-01-15 16:30", "2026-01-30 16:30"),  # counts in the second half, whose file-by day this is
        ("2026-02-14 10:00", "2026-02-13 16:30"),  # a Saturday: still in time by the calendar, the safer day lies past
        ("2026-02-15 16:30", "2026-02-27 16:30"),
        ("2026-01-30 16:29", "2026-01-30 16:30"),
        ("2026-01-31 10:00", "2026-02-13 16:30"),  # after the month-end cut-off: the next half's
        ("2026-12-31 23:59", "2027-01-15 16:30"),
    ],
)
def test_file_by_belongs_to_the_half_month_the_request_counts_in(received: str, by: str) -> None:
    assert file_by(bangkok(received), RULES) == bangkok(by)


def test_under_the_calendar_policy_the_file_by_day_of_a_saturday_month_end_lies_past() -> None:
    assert file_by(bangkok("2026-01-31 10:00"), CALENDAR) == bangkok("2026-01-30 16:30")


# --- lists of cut-offs ---


def test_a_year_has_twenty_four_cut_offs_in_order() -> None:
    halves = cut_offs(date(2027, 1, 1), date(2027, 12, 31), RULES)
    assert len(halves) == 24
    assert [half.effective_on for half in halves] == sorted({half.effective_on for half in halves})


def test_a_list_of_cut_offs_takes_both_its_ends_and_nothing_outside() -> None:
    days = [half.file_by.date() for half in cut_offs(date(2026, 2, 13), date(2026, 3, 13), RULES)]
    assert days == [date(2026, 2, 13), date(2026, 2, 27), date(2026, 3, 13)]
    assert cut_offs(date(2026, 2, 14), date(2026, 2, 26), RULES) == ()


def test_whoever_must_start_by_a_day_learns_the_last_cut_off_for_it() -> None:
    assert last_cut_off_for_start_by(date(2027, 1, 1), RULES).file_by == bangkok("2026-12-30 16:30")
    assert last_cut_off_for_start_by(date(2027, 1, 15), RULES).file_by == bangkok("2026-12-30 16:30")
    assert last_cut_off_for_start_by(date(2027, 1, 16), RULES).file_by == bangkok("2027-01-15 16:30")


@pytest.mark.parametrize(
    ("after", "switch"),
    [
        ("2027-01-15", "2027-01-16"),
        ("2027-01-16", "2027-02-01"),
        ("2027-01-31", "2027-02-01"),
        ("2027-02-01", "2027-02-16"),
        ("2027-12-31", "2028-01-01"),
    ],
)
def test_a_late_approval_moves_to_the_next_1st_or_16th(after: str, switch: str) -> None:
    assert next_switch_day(date.fromisoformat(after), RULES) == date.fromisoformat(switch)


def test_the_next_switch_day_is_always_later_and_at_most_sixteen_days_away() -> None:
    for day in every_day():
        switch = next_switch_day(day, RULES)
        assert switch.day in (1, 16)
        assert 1 <= (switch - day).days <= 16


# --- the annual window ---


def test_every_day_lies_in_a_window_or_before_one() -> None:
    for day in every_day():
        window = annual_window(day, RULES)
        assert window.opens_on < window.closes_on
        assert day <= window.closes_on
        assert window.is_open == (window.opens_on <= day) == (day >= day.replace(month=12, day=16) or day <= day.replace(month=3, day=31))
        assert window.days_left == ((window.closes_on - day).days if window.is_open else None)
        assert RULES.working_days.is_working_day(window.file_by.date())
        assert window.file_by <= window.closes_at


@pytest.mark.parametrize(
    ("on", "is_open", "days_left"),
    [
        ("2026-11-22", False, None),
        ("2026-12-15", False, None),
        ("2026-12-16", True, 105),
        ("2027-03-30", True, 1),
        ("2027-03-31", True, 0),
    ],
)
def test_the_window_of_2027_opens_in_december_and_counts_its_days_down(on: str, is_open: bool, days_left: int | None) -> None:
    window = annual_window(date.fromisoformat(on), RULES)
    assert (window.year, window.opens_on, window.closes_on) == (2027, date(2026, 12, 16), date(2027, 3, 31))
    assert (window.is_open, window.days_left) == (is_open, days_left)


def test_the_day_after_the_window_points_to_the_next_one() -> None:
    assert annual_window(date(2027, 4, 1), RULES).opens_on == date(2027, 12, 16)


def test_a_change_sent_on_31_march_is_still_in_time() -> None:
    assert in_annual_window(bangkok("2027-03-31 16:29"), RULES)
    assert effective_on(bangkok("2027-03-31 16:29"), RULES) == date(2027, 4, 1)


def test_a_change_sent_on_the_evening_of_31_march_may_miss_the_window() -> None:
    for evening in ("2027-03-31 16:30", "2027-03-31 23:59:59"):
        assert annual_standing(bangkok(evening), RULES) == Standing.PAST_CUT_OFF
        assert not in_annual_window(bangkok(evening), RULES)
        assert window_key(bangkok(evening), RULES) == "2027"
    assert annual_standing(bangkok("2027-04-01 00:00"), RULES) == Standing.CLOSED


def test_the_window_closes_on_its_last_day_even_on_a_saturday_but_file_by_shows_the_friday() -> None:
    window = annual_window(date(2029, 3, 31), RULES)
    assert date(2029, 3, 31).weekday() == 5
    assert window.closes_at == bangkok("2029-03-31 16:30")
    assert window.file_by == bangkok("2029-03-30 16:30")
    assert in_annual_window(bangkok("2029-03-31 16:29"), RULES)


@pytest.mark.parametrize(
    ("received", "key"),
    [
        ("2026-12-15 23:59", None),
        ("2026-12-16 00:00", "2027"),
        ("2027-01-01 00:00", "2027"),
        ("2027-03-31 23:59", "2027"),
        ("2027-04-01 00:00", None),
        ("2027-12-16 00:00", "2028"),
    ],
)
def test_a_request_belongs_to_one_window_across_new_year(received: str, key: str | None) -> None:
    assert window_key(bangkok(received), RULES) == key


@given(moments)
def test_whatever_is_in_the_window_belongs_to_one_and_what_is_closed_to_none(received: datetime) -> None:
    standing = annual_standing(received, RULES)
    assert in_annual_window(received, RULES) == (standing == Standing.OPEN)
    assert (window_key(received, RULES) is None) == (standing == Standing.CLOSED)


class TestAWindowThatOfficersMoved:
    rules = replace(RULES, windows=(AnnualWindow(2027, date(2026, 12, 1), date(2027, 4, 30)),))

    def test_it_is_open_on_its_new_days(self) -> None:
        assert annual_window(date(2026, 12, 1), self.rules).is_open
        assert window_key(bangkok("2026-12-01 00:00"), self.rules) == "2027"
        assert in_annual_window(bangkok("2027-04-30 16:29"), self.rules)
        assert annual_standing(bangkok("2027-04-30 16:30"), self.rules) == Standing.PAST_CUT_OFF

    def test_other_years_keep_theirs(self) -> None:
        assert annual_window(date(2027, 5, 1), self.rules).opens_on == date(2027, 12, 16)
        assert annual_window(date(2026, 3, 1), self.rules).closes_on == date(2026, 3, 31)

    def test_a_window_closed_early_gives_way_to_the_next_one(self) -> None:
        early = replace(RULES, windows=(AnnualWindow(2027, date(2026, 12, 16), date(2027, 2, 26)),))
        assert not annual_window(date(2027, 2, 27), early).is_open
        assert annual_window(date(2027, 2, 27), early).opens_on == date(2027, 12, 16)

    def test_the_effective_day_still_hangs_on_the_receipt(self) -> None:
        assert effective_on(bangkok("2026-12-01 10:00"), self.rules) == date(2026, 12, 16)

    def test_a_window_cannot_close_before_it_opens(self) -> None:
        with pytest.raises(ClosesBeforeItOpens):
            AnnualWindow(2027, date(2027, 4, 1), date(2027, 3, 31))


# --- what the pages draw ---


@pytest.mark.parametrize(
    ("at", "left"),
    [
        ("2026-05-21 10:00", Countdown(8, 198, 30, False)),
        ("2026-05-29 10:15", Countdown(0, 6, 15, False)),
        ("2026-05-29 16:29:30", Countdown(0, 0, 0, False)),
        ("2026-05-29 16:30", Countdown(0, 0, 0, True)),
        ("2026-06-02 00:00", Countdown(0, 0, 0, True)),
    ],
)
def test_the_countdown_counts_days_then_the_hours_of_the_last_day(at: str, left: Countdown) -> None:
    assert countdown(bangkok(at), bangkok("2026-05-29 16:30")) == left


def kinds(at: str) -> list[tuple[str, int, int, date]]:
    segments = month_strip(bangkok(at), RULES).segments
    return [(segment.kind, segment.first.day, segment.last.day, segment.leads_to) for segment in segments]


def test_the_strip_of_may_2026_is_the_one_in_the_design() -> None:
    assert kinds("2026-05-21 10:00") == [
        ("closed", 1, 15, date(2026, 5, 16)),
        ("open", 16, 29, date(2026, 6, 1)),
        ("after", 30, 31, date(2026, 6, 16)),
    ]


def test_on_the_evening_of_the_15th_the_first_half_is_closed() -> None:
    assert [kind for kind, *_ in kinds("2026-05-15 16:29")] == ["open", "after", "after"]
    assert [kind for kind, *_ in kinds("2026-05-15 16:30")] == ["closed", "open", "after"]


def test_after_the_month_end_cut_off_the_rest_of_the_month_leads_to_the_next_16th() -> None:
    assert [kind for kind, *_ in kinds("2026-05-30 08:00")] == ["closed", "closed", "open"]


def test_on_the_last_evening_of_a_month_that_ends_on_a_working_day_nothing_in_it_is_open() -> None:
    assert [kind for kind, *_ in kinds("2026-06-30 16:30")] == ["closed", "closed"]


def test_every_strip_covers_its_month_once_with_at_most_one_open_part() -> None:
    for day in (day for day in every_day() if day.day in (1, 15, 16, 30)):
        strip = month_strip(datetime.combine(day, time(12), BANGKOK), RULES)
        assert sum(segment.days for segment in strip.segments) == strip.days
        assert strip.segments[0].first == strip.month
        assert sum(segment.kind == SegmentKind.OPEN for segment in strip.segments) == 1
        assert strip.today == day


def test_every_half_of_six_years_is_there() -> None:
    assert len(EVERY_HALF) == 144
    assert isinstance(EVERY_HALF[0], CutOff)


def test_what_was_worked_out_is_let_go_before_there_is_too_much_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hospital_change_dates, "MOST_KEPT", 10)
    rules = replace(RULES)
    years = [cut_offs(date(year, 1, 1), date(year, 12, 31), rules) for year in (2026, 2027, 2026)]
    assert len(rules.kept) <= 10
    assert years[0] == years[2] == cut_offs(date(2026, 1, 1), date(2026, 12, 31), replace(RULES))


def test_rules_that_differ_never_share_what_was_worked_out() -> None:
    cut_off_for(bangkok("2026-01-31T12:00"), RULES)
    assert replace(RULES).kept == {} == RULES.under(Policy.LAST_CALENDAR_DAY).kept
