"""Which reminders there are and when: the hours people are awake, the days the law's dates give, and what takes them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.hospital_change_people import RULES
from webapp.domain.dates import BANGKOK
from webapp.domain.hospital_change import Cause, HospitalChange, Leaving, Status, Step, StepCode
from webapp.domain.hospital_change_dates import AnnualWindow, Policy, annual_window
from webapp.domain.person import Person
from webapp.domain.reminder import (
    ABOUT_MY_HELPERS,
    ABOUT_OWN_DATA,
    ABOUT_SIGN_IN,
    ABOUT_WHOM_I_HELP,
    FOR_ANYBODY,
    Kind,
    Occasion,
    about_case,
    benefit_qualified,
    claim_reminders,
    for_anybody,
    for_drafts,
    has_another_in_time,
    hospital_leaves,
    kind_of,
    may_be_sent_at,
    next_sending_time,
    renewal,
    served_at_first,
    served_by_months,
    unemployment_reminders,
    window_reminders,
)
from webapp.domain.still_claimable import Claimable, Event, StillClaimable

A_DAY = timedelta(days=1)
EVERY_HOUR = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(BANGKOK))
CASE = HospitalChange(
    "HC-1", "somchai", Status.RECEIVED, Cause.ANNUAL, ("A", "B"), datetime(2026, 12, 20, 10, tzinfo=BANGKOK), date(2027, 1, 1),
    Policy.LAST_WORKING_DAY,
)  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BANGKOK)


@given(EVERY_HOUR)
def test_nobody_is_woken_whatever_the_day(moment: datetime) -> None:
    sent = next_sending_time(moment)
    assert may_be_sent_at(sent)
    assert moment <= sent < moment + A_DAY
    assert time(8) <= sent.time() < time(20)


@given(EVERY_HOUR)
def test_a_reminder_for_anybody_is_due_in_waking_hours_and_ends_after_it_is_due(moment: datetime) -> None:
    for one in for_anybody(moment, RULES, A_DAY):
        assert may_be_sent_at(one.due_at)
        assert one.due_at < one.expires_at
        assert one.kind in FOR_ANYBODY


@pytest.mark.parametrize(("moment", "sent"), [("2026-12-16T07:59", "2026-12-16T08:00"), ("2026-12-16T20:00", "2026-12-17T08:00")])
def test_the_edges_of_the_day(moment: str, sent: str) -> None:
    assert next_sending_time(at(moment)) == at(sent)


def test_the_window_of_2027_is_told_five_times() -> None:
    told = {one.occasion: one for one in window_reminders(annual_window(date(2026, 12, 20), RULES))}
    assert {name: one.due_at for name, one in told.items()} == {
        Occasion.WINDOW_OPENS: at("2026-12-16T08:00"),
        Occasion.WINDOW_30_DAYS: at("2027-03-01T08:00"),
        Occasion.WINDOW_7_DAYS: at("2027-03-24T08:00"),
        Occasion.WINDOW_1_DAY: at("2027-03-30T08:00"),
        Occasion.WINDOW_LAST_MORNING: at("2027-03-31T08:00"),
    }
    assert told[Occasion.WINDOW_OPENS].expires_at == at("2026-12-23T08:00"), "news for a week"
    assert told[Occasion.WINDOW_30_DAYS].expires_at == at("2027-03-01T20:00"), "a count of days is true on its own day alone"
    assert told[Occasion.WINDOW_7_DAYS].expires_at == at("2027-03-24T20:00")
    assert told[Occasion.WINDOW_1_DAY].expires_at == at("2027-03-30T20:00")
    assert told[Occasion.WINDOW_LAST_MORNING].expires_at == at("2027-03-31T16:30")


def test_a_window_that_officers_made_short_is_told_by_what_falls_into_it() -> None:
    rules = replace(RULES, windows=(AnnualWindow(2027, date(2027, 3, 25), date(2027, 3, 31)),))
    told = window_reminders(annual_window(date(2027, 3, 25), rules))
    assert [one.occasion for one in told] == [Occasion.WINDOW_OPENS, Occasion.WINDOW_1_DAY, Occasion.WINDOW_LAST_MORNING]


def test_whoever_was_away_for_a_month_hears_the_last_word_only() -> None:
    alive = [one.occasion for one in for_anybody(at("2027-03-30T12:00"), RULES, timedelta(0)) if one.kind is Kind.WINDOW]
    assert alive == [Occasion.WINDOW_1_DAY]


def test_the_half_month_of_december_is_told_the_day_before_and_that_morning() -> None:
    told = [one for one in for_anybody(at("2026-12-29T09:00"), RULES, A_DAY) if one.kind is Kind.CUT_OFF]
    assert [(one.occasion, one.due_at, one.expires_at) for one in told] == [
        (Occasion.CUT_OFF_TOMORROW, at("2026-12-29T08:00"), at("2026-12-29T20:00")),
        (Occasion.CUT_OFF_TODAY, at("2026-12-30T08:00"), at("2026-12-30T16:30")),
    ]


def test_a_draft_and_a_wish_for_cut_offs_are_one_reminder() -> None:
    moment = at("2026-12-30T09:00")
    asked = {one.key for one in for_anybody(moment, RULES, A_DAY) if one.kind is Kind.CUT_OFF}
    drafts = for_drafts(moment, RULES, A_DAY)
    assert {one.key for one in drafts} == asked
    assert {one.kind for one in drafts} == {Kind.DRAFT}


def test_an_undecided_request_is_told_on_its_day_and_an_approved_one_too_never_both() -> None:
    received = Step(StepCode.RECEIVED, CASE.received_at, "somchai")
    waits = about_case(CASE, (received,), CASE.received_at)
    assert [one.occasion for one in waits] == [Occasion.REQUEST_RECEIVED, Occasion.STILL_OLD_HOSPITAL]
    assert waits[1].due_at == at("2027-01-01T08:00")
    approved = replace(CASE, status=Status.APPROVED, approved_rank=1)
    told = about_case(approved, (Step(StepCode.APPROVED, at("2026-12-22T21:00"), "officer"),), at("2026-12-22T21:00"))
    assert [one.occasion for one in told] == [Occasion.REQUEST_APPROVED, Occasion.NEW_HOSPITAL_STARTS]
    assert [one.due_at for one in told] == [at("2026-12-23T08:00"), at("2027-01-01T08:00")]


@pytest.mark.parametrize("status", [Status.REFUSED, Status.WITHDRAWN])
def test_a_request_that_is_over_waits_for_no_day(status: Status) -> None:
    code = StepCode.REFUSED if status is Status.REFUSED else StepCode.WITHDRAWN
    told = about_case(replace(CASE, status=status), (Step(code, CASE.received_at, "x"),), CASE.received_at)
    assert len(told) == 1


def test_taking_effect_is_told_by_the_morning_of_the_day_alone() -> None:
    began = replace(CASE, status=Status.IN_EFFECT, approved_rank=1)
    told = about_case(began, (Step(StepCode.TOOK_EFFECT, at("2027-01-01T00:00"), "worker"),), at("2027-01-01T00:00"))
    assert [(one.occasion, one.due_at) for one in told] == [(Occasion.NEW_HOSPITAL_STARTS, at("2027-01-01T08:00"))]


def test_of_steps_written_at_once_the_weightiest_is_told() -> None:
    steps = tuple(Step(code, CASE.received_at, "officer") for code in (StepCode.PAPER_TIME_SET_ASIDE, StepCode.RECEIVED))
    assert about_case(CASE, steps, CASE.received_at)[0].occasion is Occasion.REQUEST_PAPER_TIME


def test_a_hospital_that_has_left_is_told_no_more() -> None:
    leaving = Leaving("H", date(2026, 12, 31), at("2026-12-15T16:30"), None)
    told = hospital_leaves(leaving, at("2026-12-01T22:00"))
    assert told is not None
    assert told.due_at == at("2026-12-02T08:00")
    assert hospital_leaves(leaving, at("2026-12-31T20:00")) is None


def test_whoever_has_another_hospital_in_time_need_not_choose() -> None:
    last_day = date(2026, 12, 31)
    approved = replace(CASE, status=Status.APPROVED, approved_rank=1)
    assert has_another_in_time([approved], last_day), "from the day after, without a day between"
    assert not has_another_in_time([approved], date(2026, 12, 30)), "one day without a hospital"
    assert not has_another_in_time([CASE], last_day), "not approved yet"


def months(first: date, count: int) -> tuple[date, ...]:
    return tuple(date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1) for n in range(count))


def test_what_the_months_suffice_for_is_told_once_in_whatever_month_it_is_booked() -> None:
    book, on = RULES.law_book, at("2027-01-20T09:00")
    person = Person("p", "33", insured_from=date(2026, 9, 1), months_paid=months(date(2026, 9, 1), 3))
    assert served_at_first(person, date(2026, 12, 5), book) == {"death"}, "one month in six"
    for moment in (at("2026-12-05T09:00"), on):
        told = benefit_qualified(person, moment, book, frozenset())
        assert told is not None
        assert "sickness" in told.facts["benefits"].split()
        assert "maternity" not in told.facts["benefits"].split()
    assert benefit_qualified(person, on, book, served_by_months(person, on.date(), book)) is None


def test_whoever_turns_reminders_on_hears_of_nothing_they_have_had_for_years() -> None:
    person = Person("p", "33", insured_from=date(2006, 1, 1), months_paid=months(date(2006, 1, 1), 250))
    on = at("2026-11-20T09:00")
    known = served_at_first(person, on.date(), RULES.law_book)
    assert {"sickness", "old_age"} <= known
    assert benefit_qualified(person, on, RULES.law_book, known) is None


def test_after_the_last_day_of_work_the_end_of_registering_is_told_twice() -> None:
    person = Person("p", "33", insured_until=date(2026, 12, 10))
    told = unemployment_reminders(person, at("2026-12-12T09:00"), RULES.law_book)
    registering = [one.due_at for one in told if one.occasion is not Occasion.UNEMPLOYMENT_REPORT]
    assert registering == [at("2027-01-02T08:00"), at("2027-01-08T08:00")]
    assert unemployment_reminders(replace(person, insured_until=None), at("2026-12-12T09:00"), RULES.law_book) == ()
    assert unemployment_reminders(replace(person, section="39"), at("2026-12-12T09:00"), RULES.law_book) == ()
    assert unemployment_reminders(person, at("2027-09-12T09:00"), RULES.law_book) == ()


def test_whoever_may_have_registered_is_told_to_report_each_month_that_the_money_reaches() -> None:
    person = Person("p", "33", insured_until=date(2026, 12, 10))
    told = [
        one
        for one in unemployment_reminders(person, at("2026-12-12T09:00"), RULES.law_book)
        if one.occasion is Occasion.UNEMPLOYMENT_REPORT
    ]
    assert [one.due_at for one in told] == [at(f"2027-0{month}-11T08:00") for month in range(1, 7)]
    assert {one.about for one in told} == {"unemployment:2027-01-09"}, "it falls away with the rest when somebody works again"
    assert unemployment_reminders(replace(person, insured_until=None), at("2027-03-01T09:00"), RULES.law_book) == ()


def claimable(event: Event, first: date, last: date, claim_by: date) -> Claimable:
    return Claimable("unemployment", event, first, last, claim_by, claim_by, ())


def test_the_soonest_certain_last_day_to_claim_is_told_30_and_7_days_before() -> None:
    day, later = date(2025, 1, 15), date(2025, 3, 1)
    rows = (
        claimable(Event.BIRTH, date(2024, 12, 20), later, date(2026, 12, 20)),
        claimable(Event.JOB_ENDED, date(2024, 12, 1), date(2025, 1, 1), date(2026, 12, 20)),
        claimable(Event.JOB_ENDED, day, day, date(2027, 1, 15)),
        claimable(Event.OLD_AGE, later, later, date(2027, 3, 1)),
    )
    found = StillClaimable(date(2024, 12, 20), rows, ())
    told = claim_reminders(found, at("2026-12-15T09:00"))
    assert [(one.occasion, one.due_at, one.expires_at) for one in told] == [
        (Occasion.CLAIM_30_DAYS, at("2026-12-16T08:00"), at("2027-01-08T08:00")),
        (Occasion.CLAIM_7_DAYS, at("2027-01-08T08:00"), at("2027-01-15T20:00")),
    ]
    assert [one.facts["claim_by"] for one in claim_reminders(found, at("2027-01-15T20:00"))] == ["2027-03-01"] * 2
    assert claim_reminders(None, at("2026-12-15T09:00")) == ()


def test_a_subscription_that_ends_tonight_is_not_warned_tomorrow() -> None:
    assert renewal(at("2026-12-20T23:00"), at("2026-12-20T21:00")) is None
    assert renewal(at("2026-12-24T23:00"), at("2026-12-20T10:00")) is not None


def test_every_occasion_has_its_switch_but_the_services() -> None:
    told = ABOUT_SIGN_IN | ABOUT_MY_HELPERS | ABOUT_WHOM_I_HELP | ABOUT_OWN_DATA
    assert {one for one in Occasion if kind_of(one) is Kind.SERVICE} == {Occasion.TEST, Occasion.RENEW} | told
