"""The store keeps what people say is wrong: sealed, in order, once a key, one settling each, and no longer than said."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, timedelta

import psycopg
import pytest

from tests.standing_clock import StandingClock
from webapp.domain import correction as rule
from webapp.domain.correction import About, Answer, Correction, Proof, Report, SomeoneElseSettledIt, Status, StepCode
from webapp.ports import Tools

SOMCHAI, SOMYING = "1000000000009", "1000000000017"
SAID = "ค่าจ้าง 18,000 บาท"


def kept(tools: Tools, reference: str = "RC-1", pid: str = SOMCHAI, key: str = "", at: datetime | None = None) -> Correction:
    person_id = tools.store.person_id_of(pid)
    report = Report(About.WAGE, SAID, Proof.PAY_SLIP, date(2026, 8, 1), date(2026, 10, 1))
    one = Correction(reference, person_id, Status.OPEN, report, at or tools.clock.now())
    tools.store.add_correction(one, (rule.Step(StepCode.SENT, one.sent_at, person_id),), key or f"key of {reference}")
    return one


def test_it_comes_back_as_it_was_kept(tools: Tools) -> None:
    one = kept(tools)
    assert tools.store.correction("RC-1") == one
    assert tools.store.correction_by_key(one.person_id, "key of RC-1") == one
    assert tools.store.corrections_of(one.person_id) == [one]
    assert tools.store.correction("RC-2") is None


def test_a_key_belongs_to_one_person(tools: Tools) -> None:
    one = kept(tools, key="the same")
    other = kept(tools, "RC-2", SOMYING, key="the same")
    assert tools.store.correction_by_key(other.person_id, "the same") == other
    assert tools.store.correction_by_key(one.person_id, "the same") == one
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        kept(tools, "RC-3", key="the same")


def test_nothing_of_what_was_said_or_answered_can_be_read_in_the_file(tools: Tools) -> None:
    one = kept(tools)
    settled, steps = rule.settle(one, Answer.PROOF_MISSING, "ขอสลิป", tools.clock.now(), "officer")
    tools.store.update_correction(one, settled, steps)
    rows = [*tools.store.all("SELECT * FROM corrections"), *tools.store.all("SELECT * FROM correction_steps")]  # type: ignore[attr-defined]
    text = " ".join(str(value) for row in rows for value in tuple(row))
    assert not [word for word in ("ค่าจ้าง", "ขอสลิป", "wage", "pay_slip", "2026-08", "proof_missing") if word in text]
    assert tools.store.correction("RC-1") == settled


def test_a_sealed_text_moved_to_another_row_does_not_open(tools: Tools) -> None:
    kept(tools)
    kept(tools, "RC-2", SOMYING)
    tools.store.run("UPDATE corrections SET sealed = (SELECT sealed FROM corrections WHERE reference = 'RC-1')")  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="seal"):
        tools.store.correction("RC-2")


def test_those_that_wait_stand_oldest_first_and_are_counted(tools: Tools, clock: StandingClock) -> None:
    late = kept(tools, "RC-A", at=clock.now())
    early = kept(tools, "RC-B", SOMYING, at=clock.now() - timedelta(hours=3))
    settled, steps = rule.withdraw(kept(tools, "RC-C"), clock.now(), "somchai")
    tools.store.update_correction(tools.store.correction("RC-C"), settled, steps)
    assert tools.store.open_corrections(limit=9) == [early, late]
    assert tools.store.open_corrections(limit=1, offset=1) == [late]
    assert tools.store.count_open_corrections() == 2


def test_the_second_of_two_who_settle_it_finds_it_settled(tools: Tools) -> None:
    one = kept(tools)
    first, steps = rule.settle(one, Answer.NOT_CLEAR, "", tools.clock.now(), "one")
    second, more = rule.settle(one, Answer.SOURCE_PUT_RIGHT, "", tools.clock.now(), "two")
    tools.store.update_correction(one, first, steps)
    with pytest.raises(SomeoneElseSettledIt) as met:
        tools.store.update_correction(one, second, more)
    assert met.value.correction == first
    assert [step.by for step in tools.store.steps_of_correction("RC-1")] == [one.person_id, "one"]


def test_what_was_answered_on_a_day_is_found_by_that_day(tools: Tools, clock: StandingClock) -> None:
    one = kept(tools)
    midnight = clock.now().replace(hour=0, minute=0)
    settled, steps = rule.settle(one, Answer.NOT_CLEAR, "", midnight, "officer")
    tools.store.update_correction(one, settled, steps)
    taken_back = kept(tools, "RC-2")
    tools.store.update_correction(taken_back, *rule.withdraw(taken_back, midnight, "somchai"))
    assert tools.store.corrections_answered_on(midnight.date(), limit=9) == [settled]
    assert tools.store.corrections_answered_on(midnight.date() - timedelta(days=1), limit=9) == []


def test_only_settled_ones_are_forgotten_and_their_history_with_them(tools: Tools, clock: StandingClock) -> None:
    kept(tools, "RC-1")
    one = kept(tools, "RC-2")
    tools.store.update_correction(one, *rule.withdraw(one, clock.now(), "somchai"))
    assert tools.store.forget_settled_corrections(clock.now()) == 0
    assert tools.store.forget_settled_corrections(clock.now() + timedelta(seconds=1)) == 1
    assert tools.store.steps_of_correction("RC-2") == []
    assert tools.store.correction("RC-1") is not None
