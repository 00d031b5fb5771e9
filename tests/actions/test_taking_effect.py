"""The worker: changes take effect on their day, once, and nobody is moved to a hospital that has left."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from datetime import date

import pytest

from tests.actions.test_officers import SOMCHAI, SOMYING, approved, at, officer, person_id, sent
from tests.standing_clock import StandingClock
from webapp.actions import hospital_change, officers, taking_effect
from webapp.actions.hospital_change import DRAFT_DAYS
from webapp.domain.hospital_change import HospitalChange, ItsDayHasNotCome, RefusalReason, Status, StepCode, reopen
from webapp.domain.hospital_register import Plan, RegisterImport
from webapp.ports import Tools


def status(tools: Tools, case: HospitalChange) -> Status:
    found: Status = tools.store.hospital_change(case.reference).status
    return found


def hospital_of(tools: Tools, pid: str = SOMCHAI) -> str:
    found: str = tools.store.person(person_id(tools, pid)).hospital_id
    return found


def end_hospital(tools: Tools, hospital_id: str, last_day: date) -> None:
    """As an import would."""
    before = tools.store.hospital(hospital_id)
    last = tools.store.last_register_import()
    done = RegisterImport(last.number + 1, tools.clock.now(), "test", "", "", True, 1, 0, 0, 1, 0, 0)
    plan = Plan(ended=(replace(before, ended_on=last_day),))
    tools.store.put_register(plan, done, {hospital_id: before}, lambda done, total: None)


def test_nothing_takes_effect_the_evening_before(tools: Tools, clock: StandingClock) -> None:
    case = approved(tools, sent(tools))
    clock.set(at("2026-12-31T23:59"))
    assert taking_effect.take_effect_due(tools) == 0
    assert status(tools, case) is Status.APPROVED
    assert hospital_of(tools) == "TH13-008"


def test_from_midnight_of_its_day_the_person_has_the_new_hospital(tools: Tools, clock: StandingClock) -> None:
    case = approved(tools, sent(tools), rank=2)
    clock.set(at("2027-01-01T00:00"))
    assert taking_effect.take_effect_due(tools) == 1
    assert status(tools, case) is Status.IN_EFFECT
    assert hospital_of(tools) == "TH13-002"
    last = tools.store.steps_of(case.reference)[-1]
    assert (last.code, last.by, last.at) == (StepCode.TOOK_EFFECT, "worker", at("2027-01-01T00:00"))


def test_a_worker_that_slept_over_the_day_makes_up_for_it(tools: Tools, clock: StandingClock) -> None:
    approved(tools, sent(tools))
    clock.set(at("2027-01-05T09:00"))
    assert taking_effect.take_effect_due(tools) == 1
    assert hospital_of(tools) == "TH13-001"


def test_a_second_round_does_nothing(tools: Tools, clock: StandingClock) -> None:
    case = approved(tools, sent(tools))
    clock.set(at("2027-01-01T08:00"))
    assert [taking_effect.take_effect_due(tools), taking_effect.take_effect_due(tools)] == [1, 0]
    assert [step.code for step in tools.store.steps_of(case.reference)].count(StepCode.TOOK_EFFECT) == 1


def test_two_workers_at_once_move_everybody_once(tools: Tools, clock: StandingClock) -> None:
    cases = [approved(tools, sent(tools)), approved(tools, sent(tools, SOMYING, choices=("TH50-002",)))]
    clock.set(at("2027-01-01T08:00"))
    moved: list[int] = []
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        moved.append(taking_effect.take_effect_due(tools))
        tools.store.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sum(moved) == 2
    for case in cases:
        assert [step.code for step in tools.store.steps_of(case.reference)].count(StepCode.TOOK_EFFECT) == 1


def test_one_case_that_cannot_be_read_stops_no_other(tools: Tools, clock: StandingClock, caplog: pytest.LogCaptureFixture) -> None:
    broken, whole = approved(tools, sent(tools)), approved(tools, sent(tools, SOMYING, choices=("TH50-002",)))
    tools.store.run("UPDATE hospital_changes SET facts = '{' WHERE reference = :reference", reference=broken.reference)
    clock.set(at("2027-01-01T08:00"))
    with caplog.at_level(logging.ERROR, "sitthi"):
        assert taking_effect.take_effect_due(tools) == 1
    assert status(tools, whole) is Status.IN_EFFECT
    assert "could not take effect" in caplog.text
    assert broken.reference not in caplog.text


def test_undecided_and_refused_cases_are_left_alone(tools: Tools, clock: StandingClock) -> None:
    undecided, refused = sent(tools), sent(tools, SOMYING, choices=("TH50-002",))
    officers.refuse(tools, officer(tools), refused.reference, RefusalReason.HOSPITAL_FULL)
    clock.set(at("2027-01-01T08:00"))
    assert taking_effect.take_effect_due(tools) == 0
    assert [status(tools, undecided), status(tools, refused)] == [Status.RECEIVED, Status.REFUSED]


def test_nobody_is_moved_to_a_hospital_that_left_meanwhile(tools: Tools, clock: StandingClock) -> None:
    case = approved(tools, sent(tools))
    end_hospital(tools, "TH13-001", date(2026, 12, 31))
    clock.set(at("2027-01-01T08:00"))
    assert taking_effect.take_effect_due(tools) == 0
    assert hospital_of(tools) == "TH13-008"
    found = tools.store.hospital_change(case.reference)
    assert (found.status, found.approved_rank, found.decided_at) == (Status.RECEIVED, None, None)
    assert tools.store.steps_of(case.reference)[-1].code is StepCode.REOPENED


def test_such_a_case_stands_first_in_the_queue_and_can_be_decided_anew(tools: Tools, clock: StandingClock) -> None:
    case = approved(tools, sent(tools))
    end_hospital(tools, "TH13-001", date(2026, 12, 31))
    clock.set(at("2027-01-02T08:00"))
    sent(tools, SOMYING, choices=("TH50-002",))
    taking_effect.take_effect_due(tools)
    queue = officers.queue(tools, officer(tools))
    assert (queue.groups[0].is_late, queue.groups[0].rows[0].case.reference) == (True, case.reference)
    again = officers.approve(tools, officer(tools), case.reference, 2, date(2027, 1, 16))
    assert isinstance(again, HospitalChange)
    assert (again.status, again.hospital_to, again.effective_on) == (Status.APPROVED, "TH13-002", date(2027, 1, 16))
    clock.set(at("2027-01-16T08:00"))
    assert taking_effect.take_effect_due(tools) == 1
    assert hospital_of(tools) == "TH13-002"


def test_before_its_day_an_approved_case_is_not_opened_again(tools: Tools) -> None:
    with pytest.raises(ItsDayHasNotCome):
        reopen(approved(tools, sent(tools)), tools.clock.now())


def test_a_hospital_in_its_last_days_still_takes_people(tools: Tools, clock: StandingClock) -> None:
    approved(tools, sent(tools))
    end_hospital(tools, "TH13-001", date(2027, 1, 1))
    clock.set(at("2027-01-01T08:00"))
    assert taking_effect.take_effect_due(tools) == 1


def test_tidying_forgets_drafts_after_their_time_and_not_before(tools: Tools, clock: StandingClock) -> None:
    hospital_change.keep_draft(tools, "browser:abc", hospital_change.Draft(not_an_in_patient=True))
    clock.advance(days=DRAFT_DAYS, seconds=-60)
    taking_effect.tidy(tools)
    assert hospital_change.draft_of(tools, "browser:abc")
    clock.advance(seconds=120)
    assert taking_effect.tidy(tools) >= 1
    assert hospital_change.draft_of(tools, "browser:abc") is None


def test_tidying_twice_is_harmless(tools: Tools) -> None:
    taking_effect.tidy(tools)
    assert taking_effect.tidy(tools) == 0


def test_a_form_nobody_came_back_for_is_forgotten_after_its_hour(tools: Tools, clock: StandingClock) -> None:
    tools.store.keep_draft("browser:x", "returned-form", {"fields": []}, clock.machine_time())
    tools.store.keep_draft("browser:x", "hospital_change", {"cause": "annual"}, clock.machine_time())
    clock.advance(minutes=61)
    taking_effect.tidy(tools)
    assert list(tools.store.drafts_of("browser:x")) == ["hospital_change"]
