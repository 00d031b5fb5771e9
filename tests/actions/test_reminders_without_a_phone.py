"""Whoever ever signed in finds in their messages what everybody should hear, though no phone of theirs ever asked for it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest

from tests.actions.test_officers import FOUR_MONTHS, SOMCHAI, SOMYING, approved, at, officer, person_id, sent
from tests.actions.test_reminders import CutOff, phone_of, planned, send, service, titles
from tests.actions.test_taking_effect import end_hospital
from tests.push_service import PushService
from tests.standing_clock import StandingClock
from webapp.actions import consents, hospital_change, officers, privacy, reminders
from webapp.actions.reminder_planning import plan
from webapp.actions.sessions import open_session
from webapp.app import tools_for
from webapp.domain.assurance import Via
from webapp.domain.consent import Channel, Purpose
from webapp.domain.hospital_change import RefusalReason
from webapp.domain.reminder import Kind, Occasion
from webapp.ports import Tools

__all__ = ["service"]

OF_THE_WINDOW = (
    ("2026-12-16", Occasion.WINDOW_OPENS),
    ("2027-03-01", Occasion.WINDOW_30_DAYS),
    ("2027-03-24", Occasion.WINDOW_7_DAYS),
    ("2027-03-30", Occasion.WINDOW_1_DAY),
    ("2027-03-31", Occasion.WINDOW_LAST_MORNING),
)
THE_DAY_BEFORE = "2026-12-15T21:00"


def signs_in(tools: Tools, pid: str = SOMCHAI) -> str:
    who = person_id(tools, pid)
    open_session(tools, who, None, Via.THAID, "2.3")
    return who


def told(tools: Tools, who: str, kind: Kind | None = None) -> list[Occasion]:
    """What stands in somebody's messages, the oldest first."""
    entries = [entry for entry in reminders.inbox(tools, who) if kind is None or entry.occasion.startswith(kind)]
    return [entry.occasion for entry in reversed(entries)]


def test_all_five_of_the_window_stand_in_the_messages_of_whoever_signed_in_once(
    tools: Tools, clock: StandingClock, service: PushService
) -> None:
    clock.set(at(THE_DAY_BEFORE))
    who, never = signs_in(tools), person_id(tools, SOMYING)
    for day, _occasion in OF_THE_WINDOW:
        plan(tools)
        clock.set(at(f"{day}T08:00"))
        plan(tools)
        send(tools)
    assert told(tools, who) == [occasion for _day, occasion in OF_THE_WINDOW]
    assert reminders.unread(tools, who) == len(OF_THE_WINDOW)
    assert told(tools, never) == []
    assert [state for _occasion, state in planned(tools, Kind.WINDOW)] == ["kept"] * len(OF_THE_WINDOW)
    assert service.received == [], "no push goes out for it"


def test_nobody_reads_it_before_it_is_due(tools: Tools, clock: StandingClock) -> None:
    clock.set(at(THE_DAY_BEFORE))
    who = signs_in(tools)
    plan(tools)
    assert planned(tools, Kind.WINDOW) == [(Occasion.WINDOW_OPENS, "planned")]
    clock.set(at("2026-12-16T07:59"))
    assert (told(tools, who), reminders.unread(tools, who)) == ([], 0)
    clock.set(at("2026-12-16T08:00"))
    assert (told(tools, who), reminders.unread(tools, who)) == ([Occasion.WINDOW_OPENS], 1)


def test_a_phone_and_a_sign_in_are_one_reminder_and_one_message(tools: Tools, clock: StandingClock, service: PushService) -> None:
    clock.set(at(THE_DAY_BEFORE))
    who, phone = signs_in(tools), phone_of(tools, service, SOMCHAI, {Kind.WINDOW})
    for _ in range(3):
        plan(tools)
    clock.set(at("2026-12-16T08:00"))
    assert send(tools).messages == 1
    assert (len(titles(service, phone)), told(tools, who)) == (1, [Occasion.WINDOW_OPENS])


def test_a_phone_with_the_window_switched_off_stays_silent(tools: Tools, clock: StandingClock, service: PushService) -> None:
    clock.set(at(THE_DAY_BEFORE))
    who, phone = signs_in(tools), phone_of(tools, service, SOMCHAI, {Kind.REQUEST})
    plan(tools)
    clock.set(at("2026-12-16T08:00"))
    assert send(tools).messages == 0
    assert (titles(service, phone), told(tools, who)) == ([], [Occasion.WINDOW_OPENS])


def test_a_cut_off_is_still_for_those_who_ask(tools: Tools, clock: StandingClock) -> None:
    clock.set(at("2026-12-29T09:00"))
    who = signs_in(tools)
    clock.set(at("2026-12-30T08:00"))
    plan(tools)
    send(tools)
    assert told(tools, who, Kind.CUT_OFF) == []


def test_whoever_signs_in_after_the_planning_is_not_passed_over_and_after_the_morning_not_told(
    tools: Tools, clock: StandingClock
) -> None:
    clock.set(at(THE_DAY_BEFORE))
    first = signs_in(tools)
    plan(tools)
    second = signs_in(tools, SOMYING)
    plan(tools)
    clock.set(at("2026-12-16T08:00"))
    send(tools)
    third = signs_in(tools, FOUR_MONTHS)
    plan(tools)
    send(tools)
    assert [told(tools, who) for who in (first, second, third)] == [[Occasion.WINDOW_OPENS], [Occasion.WINDOW_OPENS], []]


def test_whoever_used_the_window_is_told_nothing_more_of_it_and_a_withdrawal_brings_it_back(
    tools: Tools, clock: StandingClock
) -> None:
    who = signs_in(tools)
    case = sent(tools)
    clock.set(at("2027-03-30T20:30"))
    plan(tools)
    assert [state for occasion, state in planned(tools, Kind.WINDOW) if occasion == Occasion.WINDOW_LAST_MORNING] == []
    hospital_change.withdraw(tools, who, case.reference)
    clock.set(at("2027-03-31T08:00"))
    send(tools)
    assert told(tools, who, Kind.WINDOW) == [Occasion.WINDOW_LAST_MORNING]


def test_a_change_sent_and_refused_the_evening_before_leaves_the_last_morning_standing(tools: Tools, clock: StandingClock) -> None:
    who = signs_in(tools)
    clock.set(at("2027-03-30T18:00"))
    plan(tools)
    case = sent(tools)
    assert (Occasion.WINDOW_LAST_MORNING, "cancelled") in planned(tools, Kind.WINDOW)
    officers.refuse(tools, officer(tools), case.reference, RefusalReason.HOSPITAL_FULL)
    clock.set(at("2027-03-31T08:00"))
    send(tools)
    assert told(tools, who, Kind.WINDOW)[-1] is Occasion.WINDOW_LAST_MORNING


def test_months_that_suffice_are_told_to_whoever_agreed_without_a_phone_and_to_nobody_else(
    tools: Tools, clock: StandingClock
) -> None:
    who, silent = signs_in(tools), signs_in(tools, SOMYING)
    privacy.give(tools, who, Purpose.NEW_BENEFITS)
    for one in (who, silent):
        months = tools.store.contributions_of(one)
        kept = [replace(row, month=month) for row, month in zip(months[-3:], ("2026-09", "2026-10", "2026-11"), strict=True)]
        tools.store.put_contributions(kept, clock.now(), replace=True)
    plan(tools)
    assert plan(tools).added == 0
    assert send(tools).messages == 0
    assert (told(tools, who), told(tools, silent)) == ([Occasion.BENEFIT_QUALIFIED], [])
    (entry,) = reminders.inbox(tools, who)
    assert entry.facts["month"] == "2026-12-01"


def test_whoever_takes_that_back_is_looked_at_no_more(tools: Tools, clock: StandingClock) -> None:
    who = signs_in(tools)
    for on in (True, False, True, False):
        consents.write_down(tools, who, Purpose.NEW_BENEFITS, on, Channel.CONSENTS_PAGE)
    assert tools.store.people_who_agree(Purpose.NEW_BENEFITS, "2", 0, 10) == {}
    consents.write_down(tools, who, Purpose.NEW_BENEFITS, True, Channel.CONSENTS_PAGE)
    found = tools.store.people_who_agree(Purpose.NEW_BENEFITS, "2", 0, 10)
    assert list(found.values()) == [who]
    assert tools.store.people_who_agree(Purpose.NEW_BENEFITS, "1", 0, 10) == {}, "to other words"
    assert tools.store.people_who_agree(Purpose.OWN_CALENDAR, "2", 0, 10) == {}
    assert tools.store.people_who_agree(Purpose.NEW_BENEFITS, "2", max(found), 10) == {}


def test_many_who_agreed_are_looked_at_a_bounded_number_a_round(
    tools: Tools, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.actions.reminder_planning.PEOPLE_A_ROUND", 2)
    people = [signs_in(tools, pid) for pid in (SOMCHAI, SOMYING, FOUR_MONTHS)]
    for who in people:
        privacy.give(tools, who, Purpose.NEW_BENEFITS)
    plan(tools)
    assert set(tools.store.benefits_looked_at(people)) == set(people[:2])
    plan(tools)
    assert set(tools.store.benefits_looked_at(people)) == set(people)


def test_members_of_a_hospital_that_leaves_find_it_without_a_phone(tools: Tools, clock: StandingClock, service: PushService) -> None:
    member, other = signs_in(tools), signs_in(tools, SOMYING)
    end_hospital(tools, "TH13-008", date(2027, 1, 31))
    plan(tools)
    send(tools)
    assert (told(tools, member, Kind.HOSPITAL_LEAVES), told(tools, other, Kind.HOSPITAL_LEAVES)) == ([Occasion.HOSPITAL_LEAVES], [])
    assert service.received == []


def test_a_member_with_another_hospital_in_time_is_not_told_either(tools: Tools, clock: StandingClock) -> None:
    member = signs_in(tools)
    approved(tools, sent(tools))
    end_hospital(tools, "TH13-008", date(2027, 1, 31))
    plan(tools)
    send(tools)
    assert told(tools, member, Kind.HOSPITAL_LEAVES) == []


def test_two_workers_and_a_stop_in_the_middle_plan_each_once(
    tools: Tools, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.actions.reminder_planning.LOT", 1)
    clock.set(at(THE_DAY_BEFORE))
    for pid in (SOMCHAI, SOMYING, FOUR_MONTHS):
        signs_in(tools, pid)
    stopped = plan(tools, stop=lambda: len(planned(tools, Kind.WINDOW)) == 1)
    assert (stopped.is_all, planned(tools, Kind.WINDOW)) == (False, [(Occasion.WINDOW_OPENS, "planned")])
    start = threading.Barrier(2)

    def work() -> None:
        own = replace(tools_for(tools.settings), clock=clock)
        start.wait()
        plan(own)
        own.store.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    [one.start() for one in workers]
    [one.join() for one in workers]
    assert planned(tools, Kind.WINDOW) == [(Occasion.WINDOW_OPENS, "planned")] * 3


def test_a_crash_among_those_without_a_phone_tells_nobody_twice(tools: Tools, clock: StandingClock, service: PushService) -> None:
    clock.set(at(THE_DAY_BEFORE))
    for pid in (SOMCHAI, SOMYING):
        signs_in(tools, pid)
    phone_of(tools, service, SOMYING, {Kind.WINDOW})
    plan(tools)
    clock.set(at("2026-12-16T08:00"))
    with pytest.raises(KeyboardInterrupt):
        send(replace(tools, push=CutOff(tools.push, 0)))
    plan(tools)
    assert [occasion for occasion, _state in planned(tools, Kind.WINDOW)] == [Occasion.WINDOW_OPENS] * 2


def test_who_deletes_their_data_has_no_account_until_they_come_again(tools: Tools, clock: StandingClock) -> None:
    who = person_id(tools, SOMCHAI)
    signs_in(tools)
    (session,) = tools.store.sessions_of(who)
    before = tools.store.last_account()
    privacy.erase(tools, who, session)
    clock.set(at(THE_DAY_BEFORE))
    plan(tools)
    assert planned(tools, Kind.WINDOW) == []
    signs_in(tools)
    assert tools.store.last_account() > before, "a number is never given twice: what is planned along them passes nobody over"
    plan(tools)
    assert planned(tools, Kind.WINDOW) == [(Occasion.WINDOW_OPENS, "planned")]



def test_a_copy_of_ones_data_says_when_one_first_signed_in(tools: Tools, clock: StandingClock) -> None:
    who = signs_in(tools)
    first = clock.now()
    clock.advance(days=1)
    signs_in(tools)
    settings = privacy.copy_of(tools, who)["data"]["settings"]
    assert settings["opened_at"] == first.isoformat(timespec="milliseconds")
