"""Reminders from the step that plans them to the phone that reads them: once, in waking hours, and taken back when their reason is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.actions.test_officers import SOMCHAI, SOMYING, approved, at, officer, person_id, sent
from tests.actions.test_taking_effect import end_hospital
from tests.push_service import Phone, PushService, running_push_service
from tests.standing_clock import StandingClock
from webapp.actions import calendar, consents, corrections, hospital_change, officers, reminders, taking_effect
from webapp.actions.hospital_change import Draft, keep_draft, person_owner
from webapp.actions.reminder_planning import forget_old, plan
from webapp.actions.reminder_sending import SILENCE, Sender, Tally
from webapp.actions.reminders import Asked
from webapp.app import tools_for
from webapp.domain.consent import Channel, Purpose
from webapp.domain.correction import About, Answer, Correction, Proof, Told
from webapp.domain.hospital_change import Cause, RefusalReason
from webapp.domain.reminder import FOR_ANYBODY, ON_AT_FIRST, Kind, Occasion, kind_of
from webapp.ports import CalendarChange, PushAnswer, PushMessage, Subscription, Tools, Verdict
from webapp.web.reminder_words import in_the_inbox, on_the_lock_screen

TWO = "1000000000084"
DAY = timedelta(days=1)


@pytest.fixture
def service() -> Iterator[PushService]:
    with running_push_service() as running:
        yield running


def asked(phone: Phone, **more: Any) -> Asked:
    keys = phone.subscription()["keys"]
    return Asked(phone.endpoint, keys["p256dh"], keys["auth"], **more)


def phone_of(tools: Tools, service: PushService, pid: str | None = SOMCHAI, kinds: set[Kind] | None = None, **more: Any) -> Phone:
    """A phone that asked for reminders, of somebody or of nobody."""
    phone = Phone(service.url)
    if pid and Kind.BENEFIT in (kinds or ()):
        consents.write_down(tools, person_id(tools, pid), Purpose.NEW_BENEFITS, True, Channel.CONSENTS_PAGE)
    wanted = asked(phone, kinds=frozenset(kinds) if kinds is not None else None, **more)
    kept = reminders.subscribe(tools, wanted, person_id(tools, pid) if pid else None, "en")
    assert isinstance(kept, Subscription)
    return phone


def send(tools: Tools, **how: Any) -> Tally:
    return Sender(tools, on_the_lock_screen).run(**how)


def titles(service: PushService, phone: Phone) -> list[str]:
    return [message["notification"]["title"] for message in service.read(phone)]


def planned(tools: Tools, kind: Kind | None = None) -> list[tuple[str, str]]:
    """(occasion, state) of every row, in the order they are due."""
    rows = tools.store.all(
        "SELECT occasion, state FROM reminders WHERE CAST(:kind AS TEXT) IS NULL OR kind = :kind ORDER BY due_at, number", kind=kind
    )
    return [(row["occasion"], row["state"]) for row in rows]


NEWS = "There is news on your request"

# Each step of a request


def test_each_step_reaches_the_phone_and_the_last_word_is_the_one_that_counts(
    tools: Tools, clock: StandingClock, service: PushService
) -> None:
    phone = phone_of(tools, service, kinds={Kind.REQUEST})
    case = sent(tools)
    assert send(tools).messages == 1
    officers.take(tools, officer(tools), case.reference)
    approved(tools, case)
    assert send(tools).messages == 1, "looked at and approved before anything went out: one message"
    assert titles(service, phone) == [NEWS, NEWS]
    (first, second) = service.read(phone)
    assert first["notification"]["tag"] == second["notification"]["tag"]
    assert second["notification"]["navigate"] == f"http://127.0.0.1:8000/hospital-change/{case.reference}"
    assert (second["web_push"], second["app_badge"], second["notification"]["app_badge"]) == (8030, 2, 2)
    who = person_id(tools, SOMCHAI)
    reminders.mark_read_about(tools, person_id(tools, SOMYING), case.reference)
    reminders.mark_read_about(tools, who, "HC-OF-ANOTHER")
    assert reminders.unread(tools, who) == 2
    reminders.mark_read_about(tools, who, case.reference)
    assert reminders.unread(tools, who) == 0


def test_the_answer_to_a_correction_reaches_inbox_and_phone_naming_nothing(
    tools: Tools, clock: StandingClock, service: PushService
) -> None:
    phone, who = phone_of(tools, service, kinds={Kind.REQUEST}), person_id(tools, SOMCHAI)
    told = corrections.send(tools, who, "key-of-a-page-00", Told(About.HOSPITAL, "Another one", Proof.NONE_YET))
    assert isinstance(told, Correction)
    for _ in range(2):
        corrections.take(tools, officer(tools), told.reference)
    assert send(tools) == Tally(), "that somebody has taken it is no news"
    for _ in range(2):
        corrections.settle(tools, officer(tools), told.reference, Answer.SOURCE_PUT_RIGHT, "Done.")
    assert send(tools).messages == 1
    (message,) = service.read(phone)
    assert (message["notification"]["title"], message["notification"]["body"]) == (NEWS, "Tap to read it.")
    assert message["notification"]["navigate"].endswith(f"/my-data/wrong/{told.reference}")
    (entry,) = reminders.inbox(tools, who)
    assert (entry.occasion, entry.about) == (Occasion.CORRECTION_ANSWERED, told.reference)


def test_the_new_hospital_is_told_on_its_morning_only_when_approved(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, kinds={Kind.REQUEST})
    approved(tools, sent(tools))
    send(tools)
    service.received.clear()
    clock.set(at("2027-01-01T00:00"))
    taking_effect.take_effect_due(tools)
    assert send(tools) == Tally(), "nobody is woken at midnight"
    clock.set(at("2027-01-01T08:00"))
    assert send(tools).sent == 1
    assert titles(service, phone) == ["Your new hospital has started"]


def test_undecided_on_the_day_the_old_hospital_is_named_as_such(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, kinds={Kind.REQUEST})
    sent(tools)
    send(tools)
    clock.set(at("2027-01-01T08:00"))
    send(tools)
    assert titles(service, phone)[1:] == ["Still your old hospital"]


def test_a_decision_the_evening_before_takes_back_that_reminder(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, kinds={Kind.REQUEST})
    case = sent(tools)
    send(tools)
    clock.set(at("2026-12-31T19:00"))
    officers.refuse(tools, officer(tools), case.reference, RefusalReason.HOSPITAL_FULL)
    send(tools)
    clock.set(at("2027-01-01T09:00"))
    assert send(tools) == Tally()
    assert titles(service, phone) == [NEWS, NEWS]
    assert ("still_old_hospital", "cancelled") in planned(tools)


def test_an_approved_hospital_that_left_is_not_announced(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, kinds={Kind.REQUEST})
    approved(tools, sent(tools, choices=("TH13-001",)))
    send(tools)
    end_hospital(tools, "TH13-001", date(2026, 12, 31))
    clock.set(at("2027-01-01T08:00"))
    taking_effect.take_effect_due(tools)
    send(tools)
    assert titles(service, phone)[-1] == "Still your old hospital"
    assert "Your new hospital has started" not in titles(service, phone)


def test_a_step_that_is_not_written_plans_nothing(tools: Tools) -> None:
    """One transaction: where the case is not kept, neither is the reminder."""
    before = planned(tools)


    def interrupted() -> None:
        with tools.store.transaction():
            sent(tools)
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power"):
        interrupted()
    assert planned(tools) == before


def test_without_a_phone_everything_stands_in_the_inbox(tools: Tools, clock: StandingClock) -> None:
    case = sent(tools)
    assert send(tools).kept == 1
    who = person_id(tools, SOMCHAI)
    assert reminders.unread(tools, who) == 1
    (entry,) = reminders.inbox(tools, who)
    assert (entry.occasion, entry.about, entry.is_read) == (Occasion.REQUEST_RECEIVED, case.reference, False)
    assert reminders.inbox(tools, person_id(tools, SOMYING)) == []
    reminders.mark_all_read(tools, who)
    assert reminders.unread(tools, who) == 0


# The window and the half months


def test_the_window_opens_for_every_phone_at_eight(tools: Tools, clock: StandingClock, service: PushService) -> None:
    clock.set(at("2026-12-15T19:30"))
    known, nobodys = phone_of(tools, service, kinds={Kind.WINDOW}), phone_of(tools, service, None)
    plan(tools)
    assert send(tools).messages == 0
    clock.set(at("2026-12-16T08:00"))
    assert send(tools).messages >= 2
    assert titles(service, nobodys) == ["You can change hospital now"]
    assert titles(service, known).count("You can change hospital now") == 1


def test_two_phones_of_one_person_are_one_reminder(tools: Tools, clock: StandingClock, service: PushService) -> None:
    clock.set(at("2026-12-15T19:30"))
    phones = [phone_of(tools, service, kinds={Kind.WINDOW}) for _ in range(2)]
    plan(tools)
    clock.set(at("2026-12-16T08:00"))
    tally = send(tools)
    assert (tally.sent, tally.messages) == (1, 2)
    assert [len(service.of(phone)) for phone in phones] == [1, 1]


def test_whoever_changed_in_this_window_is_not_told_that_it_closes(tools: Tools, clock: StandingClock, service: PushService) -> None:
    done, still = phone_of(tools, service, SOMCHAI, {Kind.WINDOW}), phone_of(tools, service, SOMYING, {Kind.WINDOW})
    sent(tools)
    clock.set(at("2027-03-31T07:00"))
    plan(tools)
    clock.set(at("2027-03-31T08:00"))
    send(tools)
    assert (titles(service, done), titles(service, still)) == ([], ["Last day to change hospital"])


def test_a_change_sent_that_morning_takes_the_reminder_back_and_a_withdrawal_brings_it_again(
    tools: Tools, clock: StandingClock, service: PushService
) -> None:
    phone = phone_of(tools, service, kinds={Kind.WINDOW})
    clock.set(at("2027-03-30T20:30"))
    plan(tools)
    case = sent(tools)
    assert planned(tools, Kind.WINDOW)[-1] == ("window_last_morning", "cancelled")
    hospital_change.withdraw(tools, person_id(tools, SOMCHAI), case.reference)
    assert planned(tools, Kind.WINDOW)[-1] == ("window_last_morning", "planned")
    clock.set(at("2027-03-31T08:00"))
    send(tools)
    assert "Last day to change hospital" in titles(service, phone)


def test_cut_offs_are_for_those_who_ask_or_have_begun_a_form(tools: Tools, clock: StandingClock, service: PushService) -> None:
    asks, begun = phone_of(tools, service, None, {Kind.CUT_OFF}), phone_of(tools, service, SOMYING)
    neither = phone_of(tools, service, None)
    keep_draft(tools, person_owner(person_id(tools, SOMYING)), Draft(Cause.ANNUAL))
    clock.set(at("2026-12-30T07:00"))
    plan(tools)
    clock.set(at("2026-12-30T08:00"))
    send(tools)
    assert titles(service, asks) == ["This round closes today"]
    assert "Your form is not sent yet" in titles(service, begun)
    assert titles(service, neither) == []


def test_a_form_thrown_away_is_not_recalled(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, SOMYING, {Kind.DRAFT})
    owner = person_owner(person_id(tools, SOMYING))
    keep_draft(tools, owner, Draft(Cause.ANNUAL))
    clock.set(at("2026-12-30T07:00"))
    plan(tools)
    hospital_change.drop_draft(tools, owner)
    assert {state for _, state in planned(tools, Kind.DRAFT)} == {"cancelled"}
    clock.set(at("2026-12-30T08:00"))
    send(tools)
    assert service.of(phone) == []


def test_a_day_that_officers_move_moves_its_reminder(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, None, {Kind.CUT_OFF})
    clock.set(at("2026-12-29T20:30"))
    plan(tools)
    moved = calendar.propose_day(tools, officer(tools), "day_off", date(2026, 12, 30), "x")
    assert isinstance(moved, CalendarChange)
    calendar.settle_calendar_change(tools, officer(tools, TWO), moved.id, approve=True)
    clock.set(at("2026-12-30T08:00"))
    assert plan(tools).cancelled >= 1
    send(tools)
    assert service.of(phone) == [], "the round closed on the 29th now"


def test_planning_twice_or_with_two_workers_adds_nothing(tools: Tools, clock: StandingClock, service: PushService) -> None:
    clock.set(at("2026-12-15T20:30"))
    for _ in range(3):
        phone_of(tools, service, None)
    added: list[int] = []
    start = threading.Barrier(2)

    def work() -> None:
        own = replace(tools_for(tools.settings), clock=clock)
        start.wait()
        added.append(plan(own).added)
        own.store.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    [one.start() for one in workers]
    [one.join() for one in workers]
    assert planned(tools, Kind.WINDOW) == [("window_opens", "planned")] * 3
    assert plan(tools).added == 0


def test_a_clock_put_back_and_on_again_repeats_nothing(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, kinds={Kind.WINDOW, Kind.REQUEST})
    for moment in ("2027-03-01T09:00", "2027-02-28T09:00", "2027-03-01T09:00", "2027-03-24T09:00", "2027-03-01T08:00", "2027-03-24T10:00"):
        clock.set(at(moment))
        plan(tools)
        send(tools)
    assert titles(service, phone) == ["30 days left to change hospital", "7 days left to change hospital"]


def test_a_clock_that_jumps_over_months_sends_the_last_word_only(tools: Tools, clock: StandingClock, service: PushService) -> None:
    clock.set(at("2026-12-15T20:30"))
    phone = phone_of(tools, service, None)
    plan(tools)
    clock.set(at("2027-03-31T09:00"))
    plan(tools)
    send(tools)
    assert titles(service, phone) == ["Last day to change hospital"]


# A hospital that leaves, months paid, work that ended


def test_all_members_of_a_hospital_that_leaves_hear_it_and_nobody_else(tools: Tools, clock: StandingClock, service: PushService) -> None:
    member, other = phone_of(tools, service), phone_of(tools, service, SOMYING)
    end_hospital(tools, "TH13-008", date(2027, 1, 31))
    added = plan(tools).added
    assert added >= 1
    send(tools)
    assert "Your hospital is leaving the scheme" in titles(service, member)
    assert "Your hospital is leaving the scheme" not in titles(service, other)
    assert plan(tools).added == 0


def test_whoever_has_another_hospital_in_time_is_not_told_to_choose_one(
    tools: Tools, clock: StandingClock, service: PushService
) -> None:
    phone = phone_of(tools, service, kinds={Kind.HOSPITAL_LEAVES})
    approved(tools, sent(tools))
    end_hospital(tools, "TH13-008", date(2027, 1, 31))
    plan(tools)
    send(tools)
    assert titles(service, phone) == []
    assert ("hospital_leaves", "cancelled") in planned(tools, Kind.HOSPITAL_LEAVES)


def test_a_hospital_that_stays_after_all_is_not_announced(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service)
    clock.set(at("2026-12-20T21:00"))
    end_hospital(tools, "TH13-008", date(2027, 1, 31))
    plan(tools)
    tools.store.run("UPDATE hospitals SET ended_on = NULL WHERE id = 'TH13-008'")
    clock.set(at("2026-12-21T09:00"))
    assert plan(tools).cancelled >= 1
    send(tools)
    assert "Your hospital is leaving the scheme" not in titles(service, phone)


def test_months_that_suffice_are_told_without_naming_for_what(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, SOMCHAI, {Kind.BENEFIT})
    months = tools.store.contributions_of(person_id(tools, SOMCHAI))
    kept = [replace(row, month=month) for row, month in zip(months[-3:], ("2026-09", "2026-10", "2026-11"), strict=True)]
    tools.store.put_contributions(kept, clock.now(), replace=True)
    plan(tools)
    send(tools)
    assert titles(service, phone) == ["You have paid enough months for something new"]
    assert plan(tools).added == 0


# Hours


@pytest.mark.parametrize(("hour", "goes"), [("07:59", 0), ("08:00", 1), ("19:59", 1), ("20:00", 0), ("23:30", 0)])
def test_nothing_goes_out_at_night(tools: Tools, clock: StandingClock, service: PushService, hour: str, goes: int) -> None:
    phone_of(tools, service, kinds={Kind.REQUEST})
    sent(tools)
    clock.set(at(f"2026-12-21T{hour}"))
    assert send(tools).messages == goes


def test_a_test_asked_for_at_night_comes_at_night(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, None)
    clock.set(at("2026-12-20T23:00"))
    assert reminders.ask_for_test(tools, phone.endpoint)
    send(tools)
    assert titles(service, phone) == ["The test worked"]
    assert tools.store.subscription_at(phone.endpoint).delivered_at == clock.now()


def test_evening_falls_in_the_middle_of_a_run(tools: Tools, clock: StandingClock, service: PushService) -> None:
    clock.set(at("2027-03-30T21:00"))
    for _ in range(600):
        phone_of(tools, service, None)
    plan(tools)
    clock.set(at("2027-03-31T08:00"))
    service.answer = lambda message: (clock.set(at("2027-03-31T20:00")), (201, {}))[1]
    done = send(tools)
    assert 0 < done.messages < 600


# Once


def ten_phones(tools: Tools, clock: StandingClock, service: PushService, count: int = 10) -> list[Phone]:
    clock.set(at("2026-12-15T20:30"))
    phones = [phone_of(tools, service, None) for _ in range(count)]
    plan(tools)
    clock.set(at("2026-12-16T08:00"))
    return phones


def test_two_workers_send_each_once(tools: Tools, clock: StandingClock, service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.actions.reminder_sending.LOT", 50)
    phones = ten_phones(tools, clock, service, 400)
    start, done = threading.Barrier(2), []

    def work() -> None:
        own = replace(tools_for(tools.settings), clock=clock)
        start.wait()
        done.append(send(own).messages)
        own.store.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    [one.start() for one in workers]
    [one.join() for one in workers]
    assert sum(done) == 400
    assert {len(service.of(phone)) for phone in phones} == {1}


class CutOff:
    """A push service that answers so many and then the power goes."""

    def __init__(self, push: Any, answers: int) -> None:
        self.push, self.left = push, answers

    def send(self, messages: Any) -> Iterator[PushAnswer]:
        for answer in self.push.send(messages):
            if self.left == 0:
                raise KeyboardInterrupt
            self.left -= 1
            yield answer


def test_after_a_crash_the_next_worker_waits_for_silence_then_sends_the_rest_and_a_repeat_replaces_itself(
    tools: Tools, clock: StandingClock, service: PushService
) -> None:
    phones = ten_phones(tools, clock, service)
    with pytest.raises(KeyboardInterrupt):
        send(replace(tools, push=CutOff(tools.push, 4)))
    second = Sender(tools, on_the_lock_screen)
    assert second.run() == Tally(), "the first may still be at work"
    clock.set(at("2026-12-16T12:00"))
    assert second.run() == Tally(), "a clock that jumps takes nobody's lease"
    clock.advance(SILENCE + 1)
    assert second.run().sent == 10
    assert {len({one.headers["topic"] for one in service.of(phone)}) for phone in phones} == {1}
    assert {len({one["notification"]["tag"] for one in service.read(phone)}) for phone in phones} == {1}


def test_what_was_written_down_before_a_crash_is_not_sent_again(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phones = ten_phones(tools, clock, service, 300)
    with pytest.raises(KeyboardInterrupt):
        send(replace(tools, push=CutOff(tools.push, 290)))
    second = Sender(tools, on_the_lock_screen)
    second.run()
    clock.advance(SILENCE + 1)
    second.run()
    twice = sum(len(service.of(phone)) > 1 for phone in phones)
    assert {len(service.of(phone)) >= 1 for phone in phones} == {True}
    assert twice <= 150, "at most what one writing-down holds, and what was under way"


def test_a_sender_that_only_slept_finds_itself_given_up(tools: Tools, clock: StandingClock, service: PushService) -> None:
    ten_phones(tools, clock, service, 3)
    store = tools.store
    store.begin_sending("sleeper")
    claimed = store.claim_reminders("sleeper", clock.now(), 10, only_tests=False)
    assert len(claimed) >= 3
    waking = Sender(tools, on_the_lock_screen)
    waking.run()
    clock.advance(SILENCE + 1)
    assert waking.run().messages == 3
    assert store.claim_reminders("sleeper", clock.now(), 10, only_tests=False) is None


# Push services in trouble


@pytest.mark.parametrize("status", [404, 410])
def test_a_dead_subscription_is_dropped_and_a_new_one_works(
    tools: Tools, clock: StandingClock, service: PushService, status: int
) -> None:
    phone = phone_of(tools, service, kinds={Kind.REQUEST})
    service.answer = lambda message: (status if message.path == phone.path else 201, {})
    sent(tools)
    assert send(tools).phones_gone == 1
    assert tools.store.subscription_at(phone.endpoint) is None
    assert not reminders.ask_for_test(tools, phone.endpoint)
    renewed = phone_of(tools, service, kinds={Kind.REQUEST})
    reminders.ask_for_test(tools, renewed.endpoint)
    send(tools)
    assert titles(service, renewed) == ["The test worked"]


def test_429_rests_the_whole_push_service_as_long_as_it_asks_and_no_other(
    tools: Tools, clock: StandingClock, service: PushService
) -> None:
    with running_push_service() as busy:
        busy.answer = lambda message: (429, {"Retry-After": "600"})
        resting, well = ten_phones(tools, clock, busy, 5), ten_phones(tools, clock, service, 5)
        send(tools)
        tried = len(busy.received)
        assert len(service.received) == 5
        busy.answer = lambda message: (201, {})
        clock.advance(minutes=9)
        send(replace(tools_for(tools.settings), clock=clock))
        assert len(busy.received) == tried, "another worker, or the same after a restart, lets it rest too"
        clock.advance(minutes=2)
        send(tools)
        assert {busy.answer(one)[0] for one in busy.received} == {201}
        assert all(busy.of(phone) for phone in resting)
        assert {len(service.of(phone)) for phone in well} == {1}
        assert tools.store.resting() == []


def test_troubles_in_a_row_rest_it_longer_each_time(tools: Tools, clock: StandingClock, service: PushService) -> None:
    ten_phones(tools, clock, service, 10)
    service.answer = lambda message: (503, {})
    rests = []
    for _ in range(3):
        send(tools)
        (resting,) = tools.store.resting()
        rests.append(resting.until - clock.now())
        clock.set(resting.until + timedelta(seconds=1))
    assert rests == sorted(rests)
    assert rests[2] >= 2 * rests[0]
    service.answer = lambda message: (201, {})
    clock.advance(hours=1)
    assert send(tools).messages == 10


def test_one_phone_in_trouble_is_tried_again_and_the_others_have_theirs_once(
    tools: Tools, clock: StandingClock, service: PushService
) -> None:
    good, bad = phone_of(tools, service, kinds={Kind.REQUEST}), phone_of(tools, service, kinds={Kind.REQUEST})
    service.answer = lambda message: (500 if message.path == bad.path else 201, {})
    sent(tools)
    assert send(tools).planned == 1
    service.answer = lambda message: (201, {})
    clock.advance(minutes=5)
    assert send(tools).sent == 1
    assert (len(service.of(good)), len(service.of(bad))) == (1, 2)


def test_what_cannot_be_sent_in_its_time_expires(tools: Tools, clock: StandingClock, service: PushService) -> None:
    clock.set(at("2027-03-30T21:00"))
    phone = phone_of(tools, service, None)
    plan(tools)
    service.answer = lambda message: (503, {})
    for moment in ("2027-03-31T08:00", "2027-03-31T12:00", "2027-03-31T16:31"):
        clock.set(at(moment))
        last = send(tools)
    assert last.expired + last.failed == 1
    assert planned(tools, Kind.WINDOW)[-1][1] in ("expired", "failed")
    assert len(service.of(phone)) == 2


def test_a_subscription_that_is_refused_again_and_again_is_dropped(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, None)
    service.answer = lambda message: (400, {})
    for number in range(5):
        assert tools.store.subscription_at(phone.endpoint) is not None, number
        clock.advance(seconds=1)
        reminders.ask_for_test(tools, phone.endpoint)
        assert send(tools).failed == 1
    assert tools.store.subscription_at(phone.endpoint) is None


def test_a_subscription_about_to_end_is_warned_once(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, None, ends_at=clock.now() + 4 * DAY)
    for _ in range(2):
        plan(tools)
        send(tools)
    assert titles(service, phone) == ["Open the app once"]


# Whose phone it is


def kinds_of(tools: Tools, phone: Phone) -> frozenset[Kind]:
    found: Subscription = tools.store.subscription_at(phone.endpoint)
    return found.kinds


def owner_of(tools: Tools, phone: Phone) -> str | None:
    found: Subscription = tools.store.subscription_at(phone.endpoint)
    return found.person_id


def test_a_phone_is_somebodys_only_when_they_say_so(tools: Tools, service: PushService) -> None:
    somchai = person_id(tools, SOMCHAI)
    mine, shared, unknown = (phone_of(tools, service), phone_of(tools, service, mine=False), phone_of(tools, service, None))
    assert [owner_of(tools, phone) for phone in (mine, shared, unknown)] == [somchai, None, None]
    assert kinds_of(tools, mine) == ON_AT_FIRST
    assert kinds_of(tools, shared) <= FOR_ANYBODY


def test_opening_the_app_renews_and_changes_nobodys_choice(tools: Tools, service: PushService) -> None:
    phone = phone_of(tools, service, kinds={Kind.REQUEST})
    for who in (None, person_id(tools, SOMYING), person_id(tools, SOMCHAI)):
        reminders.subscribe(tools, asked(phone, renews=True), who, "th")
        assert owner_of(tools, phone) == person_id(tools, SOMCHAI)
        assert kinds_of(tools, phone) == {Kind.REQUEST}
    reminders.subscribe(tools, asked(phone), person_id(tools, SOMYING), "th")
    assert owner_of(tools, phone) == person_id(tools, SOMYING), "the button was pressed by another person"


def test_other_keys_at_the_same_address_take_nothing_over(tools: Tools, service: PushService) -> None:
    phone = phone_of(tools, service)
    forged = Phone(service.url, phone.endpoint.rsplit("/", 1)[1])
    reminders.subscribe(tools, asked(forged, renews=True), None, "th")
    assert owner_of(tools, phone) is None
    assert kinds_of(tools, phone) <= FOR_ANYBODY


def test_a_kind_switched_off_is_not_sent_and_stays_in_the_inbox(tools: Tools, service: PushService) -> None:
    phone = phone_of(tools, service, kinds={Kind.WINDOW})
    sent(tools)
    assert send(tools).kept == 1
    assert service.of(phone) == []
    assert reminders.unread(tools, person_id(tools, SOMCHAI)) == 1


def test_a_kind_switched_on_after_planning_is_not_passed_over(tools: Tools, clock: StandingClock, service: PushService) -> None:
    clock.set(at("2026-12-15T20:30"))
    phone = phone_of(tools, service, None, set())
    plan(tools)
    reminders.subscribe(tools, asked(phone, kinds=frozenset({Kind.WINDOW})), None, "en")
    clock.set(at("2026-12-16T08:00"))
    plan(tools)
    send(tools)
    assert titles(service, phone) == ["You can change hospital now"]


def test_a_phone_that_came_after_it_was_due_is_not_told(tools: Tools, clock: StandingClock, service: PushService) -> None:
    clock.set(at("2026-12-16T11:00"))
    phone = phone_of(tools, service, None)
    plan(tools)
    send(tools)
    assert service.of(phone) == []


def test_a_phone_signed_in_meanwhile_hears_it_once(tools: Tools, clock: StandingClock, service: PushService) -> None:
    clock.set(at("2026-12-15T20:30"))
    phone = phone_of(tools, service, None)
    plan(tools)
    reminders.subscribe(tools, asked(phone, kinds=frozenset({Kind.WINDOW})), person_id(tools, SOMCHAI), "en")
    clock.set(at("2026-12-16T08:00"))
    plan(tools)
    send(tools)
    assert titles(service, phone) == ["You can change hospital now"]


def test_a_forgotten_phone_gets_nothing_more(tools: Tools, clock: StandingClock, service: PushService) -> None:
    clock.set(at("2026-12-15T20:30"))
    phone = phone_of(tools, service, None)
    plan(tools)
    assert reminders.unsubscribe(tools, phone.endpoint)
    assert not reminders.unsubscribe(tools, phone.endpoint)
    clock.set(at("2026-12-16T08:00"))
    assert send(tools).cancelled == 1
    assert service.received == []


# What is said and kept


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize("occasion", list(Occasion))
def test_every_message_fits_a_lock_screen_in_both_languages(occasion: Occasion, lang: str) -> None:
    moment, day = "2027-03-31T16:30:00+07:00", "2027-01-01"
    facts = dict.fromkeys(("closes_at", "file_by", "choose_by"), moment)
    facts |= dict.fromkeys(("effective_on", "last_day", "register_by", "claim_by"), day)
    title, text = on_the_lock_screen(occasion, facts, lang)
    assert 0 < len(title) <= 60
    assert 0 < len(text) <= 120
    assert "%(" not in title + text
    assert in_the_inbox(occasion, facts)


@pytest.mark.parametrize("occasion", [one for one in Occasion if kind_of(one) in (Kind.WINDOW, Kind.CUT_OFF, Kind.DRAFT)])
def test_the_inbox_names_the_day_and_stays_true_for_weeks(app: Flask, occasion: Occasion) -> None:
    moment = "2027-03-31T16:30:00+07:00"
    facts = {"closes_at": moment, "file_by": moment, "effective_on": "2027-04-01", "year": "2027"}
    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = " ".join(in_the_inbox(occasion, facts))
    assert "31 March" in said
    assert not [word for word in ("today", "tomorrow", "left", "Last day to", " now", "yet") if word in said]


def test_messages_tell_nothing_by_their_length_or_their_topic(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service)
    end_hospital(tools, "TH13-008", date(2027, 1, 31))
    case = sent(tools)
    plan(tools)
    send(tools)
    for arrived in service.of(phone):
        assert "TH13" not in arrived.headers["topic"]
        assert case.reference not in arrived.headers["topic"]
        assert (len(arrived.body) - 86 - 17) % 256 == 0
    names = tools.store.name_of(person_id(tools, SOMCHAI))
    said = " ".join(message["notification"]["title"] + message["notification"]["body"] for message in service.read(phone))
    assert not [word for word in (names.given_name, names.family_name, names.pid, "โรงพยาบาลแพทย์รังสิต") if word in said]


def test_the_store_keeps_no_address_or_key_in_the_open(tools: Tools, service: PushService) -> None:
    phone = phone_of(tools, service)
    (row,) = tools.store.all("SELECT * FROM subscriptions")
    written = " ".join(str(value) for value in dict(row).values())
    keys = phone.subscription()["keys"]
    assert not [secret for secret in (phone.endpoint, keys["p256dh"], keys["auth"], service.url) if secret in written]


def test_what_was_settled_a_year_ago_is_forgotten(tools: Tools, clock: StandingClock, service: PushService) -> None:
    sent(tools)
    send(tools)
    clock.set(at("2027-06-01T09:00"))
    assert forget_old(tools) == 0
    clock.set(at("2028-03-01T09:00"))
    assert forget_old(tools) >= 1


def test_a_million_names_never_pass_through_the_planner(tools: Tools, clock: StandingClock, service: PushService) -> None:
    """The store makes the rows itself: the planner asks for no subscription and no person."""
    ten_phones(tools, clock, service, 20)
    seen: list[str] = []
    store = tools.store

    class Watched:
        def __getattr__(self, name: str) -> Callable[..., Any]:
            seen.append(name)
            return getattr(store, name)  # type: ignore[no-any-return]

    clock.set(at("2027-02-28T20:30"))
    plan(replace(tools, store=Watched()))
    assert not {"person", "subscriptions_of", "subscription_at"} & set(seen)


class Broken:
    """A push adapter that says something else each time, to hold the queue to its word."""

    def __init__(self, verdicts: list[Verdict]) -> None:
        self.verdicts = verdicts

    def send(self, messages: Any) -> Iterator[PushAnswer]:
        waiting: list[PushMessage] = list(messages)
        for number, message in enumerate(reversed(waiting)):
            yield PushAnswer(message, self.verdicts[number % len(self.verdicts)], 0)


@pytest.mark.parametrize("first", list(Verdict))
@pytest.mark.parametrize("second", list(Verdict))
def test_of_two_phones_each_is_settled_whatever_the_answers(
    tools: Tools, clock: StandingClock, service: PushService, first: Verdict, second: Verdict
) -> None:
    for _ in range(2):
        phone_of(tools, service, kinds={Kind.REQUEST})
    sent(tools)
    tally = send(replace(tools, push=Broken([first, second])))
    assert tally.settled + tally.planned == 1
    again = not {Verdict.LATER, Verdict.OURS}.isdisjoint((first, second))
    assert again or tools.store.count_waiting(clock.now()) == (0, 0)
    assert (tally.planned == 1) == again


def test_times_of_the_queue_are_bangkoks_whatever_zone_the_server_has(tools: Tools, clock: StandingClock) -> None:
    clock.set(datetime.fromisoformat("2026-12-20T14:00:00+00:00"))
    sent(tools)
    (row,) = tools.store.all("SELECT due_at FROM reminders WHERE occasion = 'request_received'")
    assert row["due_at"] == "2026-12-21T08:00:00.000+07:00"


# What is amiss on our side, and what must not spread


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_of_ours_costs_nobody_their_subscription(
    tools: Tools, clock: StandingClock, service: PushService, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    phones = ten_phones(tools, clock, service)
    service.answer = lambda message: (status, {})
    for _ in range(7):
        send(tools)
        tried = len(service.received)
        send(tools)
        assert len(service.received) == tried, "the push service rests"
        clock.advance(minutes=20)
    assert all(tools.store.subscription_at(phone.endpoint) for phone in phones)
    assert "SITTHI_VAPID_PRIVATE_KEY" in caplog.text
    service.answer = lambda message: (201, {})
    clock.advance(hours=2)
    assert send(tools).messages == 10


def test_a_host_taken_off_the_list_costs_nobody_their_subscription(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, None)
    shut = replace(tools, push=type(tools.push)(replace(tools.settings, mode="production")))
    for _ in range(7):
        clock.advance(minutes=61)
        reminders.ask_for_test(tools, phone.endpoint)
        send(shut)
    assert service.received == []
    assert tools.store.subscription_at(phone.endpoint) is not None


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE subscriptions SET sealed = 'x' WHERE number = 1",
        "UPDATE reminders SET occasion = 'of_another_release' WHERE subscription = 1",
        "UPDATE reminders SET facts = '{}' WHERE subscription = 1",
        "UPDATE reminders SET facts = '' WHERE subscription = 1",
    ],
)
def test_one_row_amiss_keeps_nobody_else_from_theirs(
    tools: Tools, clock: StandingClock, service: PushService, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    phones = ten_phones(tools, clock, service, 3)
    tools.store.run(broken)
    for _ in range(2):
        send(tools)
    assert [len(service.of(phone)) for phone in phones] == [0, 1, 1]
    assert tools.store.count_waiting(clock.now()) == (0, 0)
    assert service.url not in caplog.text


def test_a_part_of_planning_that_fails_keeps_no_other_from_its_turn(
    tools: Tools, clock: StandingClock, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(at("2026-12-15T20:30"))
    phone_of(tools, service, None, ends_at=clock.now() + 4 * DAY)

    def fails(*args: Any, **more: Any) -> int:
        raise KeyError("a fact")

    monkeypatch.setattr(type(tools.store), "plan_for_subscriptions", fails)
    with pytest.raises(KeyError):
        plan(tools)
    assert ("renew", "planned") in planned(tools)


def months_paid(tools: Tools, clock: StandingClock, *months: str) -> None:
    """The office's file holds these months of Somchai's and no other."""
    known = tools.store.contributions_of(person_id(tools, SOMCHAI))[-1]
    tools.store.put_contributions([replace(known, month=month) for month in months], clock.now(), replace=True)


QUALIFIED = "You have paid enough months for something new"


def test_a_month_booked_late_still_tells_that_it_sufficed(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, SOMCHAI, {Kind.BENEFIT})
    months_paid(tools, clock, "2026-09", "2026-10")
    plan(tools)
    clock.set(at("2027-01-20T10:00"))
    months_paid(tools, clock, "2026-09", "2026-10", "2026-11")
    for _ in range(2):
        plan(tools)
        send(tools)
    months_paid(tools, clock, "2026-09", "2026-10", "2026-11", "2026-12")
    plan(tools)
    send(tools)
    assert titles(service, phone) == [QUALIFIED]


def test_the_first_look_at_a_long_record_tells_nothing(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, SOMCHAI, {Kind.BENEFIT})
    months_paid(tools, clock, *(f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 12)))
    plan(tools)
    send(tools)
    facts = tools.store.all("SELECT facts FROM reminders WHERE kind = 'benefit'")
    assert [row["facts"] for row in facts] == []
    assert titles(service, phone) == []


def test_months_taken_back_over_night_are_not_announced(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, SOMCHAI, {Kind.BENEFIT})
    clock.set(at("2026-12-20T21:00"))
    months_paid(tools, clock, "2026-09", "2026-10", "2026-11")
    plan(tools)
    months_paid(tools, clock, "2026-09")
    clock.set(at("2026-12-21T08:00"))
    assert send(tools).cancelled == 1
    assert titles(service, phone) == []


def insured_until(tools: Tools, day: str | None) -> None:
    tools.store.run("UPDATE people SET insured_until = :day WHERE id = :id", day=day, id=person_id(tools, SOMCHAI))


def test_whoever_is_insured_again_is_not_told_to_register(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, SOMCHAI, {Kind.UNEMPLOYMENT})
    insured_until(tools, "2026-12-10")
    plan(tools)
    assert {state for _, state in planned(tools, Kind.UNEMPLOYMENT)} == {"planned"}
    insured_until(tools, None)
    clock.set(at("2027-01-02T08:00"))
    assert send(tools).cancelled == 1, "also where nothing was planned anew"
    assert plan(tools).cancelled == len(planned(tools, Kind.UNEMPLOYMENT)) - 1
    assert titles(service, phone) == []


def test_whoever_registered_is_told_each_month_to_report_and_nobody_who_works_again(
    tools: Tools, clock: StandingClock, service: PushService
) -> None:
    phone = phone_of(tools, service, SOMCHAI, {Kind.UNEMPLOYMENT})
    insured_until(tools, "2026-12-10")
    plan(tools)
    for day in ("2027-02-11", "2027-03-11"):
        clock.set(at(f"{day}T08:00"))
        plan(tools)
        send(tools)
    assert titles(service, phone)[-2:] == ["Something to do each month: open Sitthi"] * 2
    insured_until(tools, None)
    clock.set(at("2027-04-11T08:00"))
    plan(tools)
    send(tools)
    assert len(titles(service, phone)) == 2


# Money that may still be claimed


def without_work_since(tools: Tools, day: str) -> None:
    insured_until(tools, day)
    tools.store.run("DELETE FROM contributions WHERE person_id = :id AND month > :month", id=person_id(tools, SOMCHAI), month=day[:7])


def test_the_last_day_to_claim_is_told_twice_and_names_no_benefit(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, SOMCHAI, {Kind.CLAIM})
    without_work_since(tools, "2025-01-14")
    for day in ("2026-12-16", "2026-12-17", "2027-01-08", "2027-01-09", "2027-01-16"):
        clock.set(at(f"{day}T09:00"))
        plan(tools)
        send(tools)
    assert titles(service, phone) == ["A date to claim money is near", "A date to claim money is very near"]
    assert {one["notification"]["navigate"].partition("8000")[2] for one in service.read(phone)} == {"/my-data/still-claimable"}
    assert [one.facts["claim_by"] for one in reminders.inbox(tools, person_id(tools, SOMCHAI))] == ["2027-01-15"] * 2
    assert plan(tools).added == 0


def test_whoever_works_again_is_told_of_no_last_day_to_claim(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service, SOMCHAI, {Kind.CLAIM})
    without_work_since(tools, "2025-01-14")
    clock.set(at("2026-12-15T21:00"))
    plan(tools)
    assert planned(tools, Kind.CLAIM) == [("claim_30_days", "planned"), ("claim_7_days", "planned")]
    insured_until(tools, None)
    clock.set(at("2026-12-16T08:00"))
    assert send(tools).cancelled == 1, "also where nothing was planned anew"
    plan(tools)
    assert planned(tools, Kind.CLAIM) == [("claim_30_days", "cancelled"), ("claim_7_days", "cancelled")]
    assert titles(service, phone) == []


def test_another_last_day_takes_the_place_of_the_first(tools: Tools, clock: StandingClock, service: PushService) -> None:
    insured_until(tools, "2026-12-10")
    plan(tools)
    insured_until(tools, "2026-12-15")
    clock.set(at("2026-12-21T10:00"))
    assert plan(tools).cancelled == len(planned(tools, Kind.UNEMPLOYMENT)) / 2
    rows = tools.store.all("SELECT about FROM reminders WHERE kind = 'unemployment' AND state = 'planned'")
    assert {row["about"] for row in rows} == {"unemployment:2027-01-14"}


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_new_address_takes_over_owner_switches_and_language(
    tools: Tools, clock: StandingClock, service: PushService, is_gone: bool
) -> None:
    old = phone_of(tools, service, kinds={Kind.REQUEST, Kind.CUT_OFF})
    if is_gone:
        service.answer = lambda message: (410, {})
        reminders.ask_for_test(tools, old.endpoint)
        assert send(tools).phones_gone == 1
    new = Phone(service.url)
    reminders.subscribe(tools, asked(new, renews=True, replaces=old.endpoint), None, "th")
    found = tools.store.subscription_at(new.endpoint)
    assert (found.person_id, found.kinds, found.language) == (person_id(tools, SOMCHAI), {Kind.REQUEST, Kind.CUT_OFF}, "en")
    assert tools.store.subscription_at(old.endpoint, or_gone=True) is None


def test_a_shared_phone_stays_nobodys_whoever_is_signed_in_when_its_address_changes(tools: Tools, service: PushService) -> None:
    old = phone_of(tools, service, mine=False)
    new = Phone(service.url)
    reminders.subscribe(tools, asked(new, renews=True, replaces=old.endpoint), person_id(tools, SOMCHAI), "en")
    assert owner_of(tools, new) is None
    assert kinds_of(tools, new) <= FOR_ANYBODY


def test_a_subscription_long_gone_is_forgotten_for_good(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone = phone_of(tools, service)
    tools.store.mark_gone([tools.store.subscription_at(phone.endpoint).number], clock.now())
    assert forget_old(tools) == 0
    clock.advance(weeks=7)
    assert forget_old(tools) == 1
    assert tools.store.subscription_at(phone.endpoint, or_gone=True) is None


def test_a_reminder_that_is_tried_again_stays_in_the_inbox_meanwhile(tools: Tools, clock: StandingClock, service: PushService) -> None:
    phone_of(tools, service, kinds={Kind.REQUEST})
    sent(tools)
    service.answer = lambda message: (503, {})
    assert send(tools).planned == 1
    who = person_id(tools, SOMCHAI)
    assert reminders.unread(tools, who) == 1
    (entry,) = reminders.inbox(tools, who)
    assert entry.at == clock.now()


def test_a_form_thrown_away_gives_the_round_back_to_whoever_asked_for_every_round(
    tools: Tools, clock: StandingClock, service: PushService
) -> None:
    phone = phone_of(tools, service, SOMYING, {Kind.DRAFT})
    owner = person_owner(person_id(tools, SOMYING))
    keep_draft(tools, owner, Draft(Cause.ANNUAL))
    clock.set(at("2026-12-30T07:00"))
    plan(tools)
    reminders.subscribe(tools, asked(phone, kinds=frozenset({Kind.DRAFT, Kind.CUT_OFF}), renews=True), None, "en")
    hospital_change.drop_draft(tools, owner)
    clock.set(at("2026-12-30T08:00"))
    send(tools)
    assert titles(service, phone) == ["This round closes today"]


def test_forms_are_gone_through_in_lots_once_and_one_begun_later_is_found(
    tools: Tools, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.actions.reminder_planning.LOT", 1)
    clock.set(at("2026-12-30T07:00"))
    for pid in (SOMCHAI, SOMYING):
        keep_draft(tools, person_owner(person_id(tools, pid)), Draft(Cause.ANNUAL))
    assert plan(tools, stop=lambda: True).is_all is False
    assert planned(tools, Kind.DRAFT) == []
    plan(tools)
    assert planned(tools, Kind.DRAFT) == [("draft_today", "planned")] * 2, "\"tomorrow\" was over the evening before"
    looked: list[float] = []
    before = tools.store.plan_for_drafts

    def watched(reminder: Any, draft: str, after: float, most: int) -> Any:
        looked.append(after)
        return before(reminder, draft, after, most)

    monkeypatch.setattr(tools.store, "plan_for_drafts", watched)
    plan(tools)
    assert all(looked), "nobody is gone through twice"
    clock.advance(seconds=30)
    keep_draft(tools, person_owner(person_id(tools, TWO)), Draft(Cause.ANNUAL))
    plan(tools)
    assert len(planned(tools, Kind.DRAFT)) == 3
