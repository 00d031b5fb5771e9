"""The rules of the dates are one object while nobody moves a day, and another as soon as somebody does."""

from __future__ import annotations

from datetime import date

from tests.claim_people import OFFICER, SECOND_OFFICER, officer
from webapp.actions.calendar import propose_day, rules_now, settle_calendar_change
from webapp.ports import CalendarChange, Tools


def test_the_rules_are_laid_once_as_long_as_no_officer_moves_a_day(tools: Tools) -> None:
    assert rules_now(tools) is rules_now(tools)


def test_a_day_moved_by_two_officers_counts_at_the_next_look(tools: Tools) -> None:
    day = date(2027, 1, 15)
    before = rules_now(tools)
    proposed = propose_day(tools, officer(tools, OFFICER), "day_off", day, "ครม. ประกาศ")
    assert isinstance(proposed, CalendarChange), proposed
    assert rules_now(tools) is before, "a proposal moves nothing"
    settle_calendar_change(tools, officer(tools, SECOND_OFFICER), proposed.id, approve=True)
    assert before.working_days.is_working_day(day)
    assert not rules_now(tools).working_days.is_working_day(day)
