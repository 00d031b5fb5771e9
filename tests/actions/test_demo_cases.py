"""What a new officer finds on the desk of the demonstration: four claims, laid once, and nothing on the people of the contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tests.standing_clock import StandingClock
from webapp.actions import claim_batches, claim_queue, demo, demo_cases, helpers, hospitals
from webapp.actions.claim_queue import Show, Wanted
from webapp.actions.demo_cases import LONG_NAME, MONTH_MISSING, ONE_NAME, TWENTY_YEARS
from webapp.actions.reminders import inbox
from webapp.app import tools_for
from webapp.domain.claim import Status
from webapp.domain.dates import BANGKOK
from webapp.domain.helper_grant import State
from webapp.ports import Tools

OF_THE_CONTRACT = ("1000000000009", "1000000000017", "1000000000025", "1000000000033", "1000000000084")
LAID = {ONE_NAME: Status.SENT, MONTH_MISSING: Status.NEEDS_PAPER, TWENTY_YEARS: Status.APPROVED, LONG_NAME: Status.SENT}


def id_of(tools: Tools, pid: str) -> str:
    found = tools.store.person_id_of(pid)
    assert found is not None
    return found


def test_the_desk_has_something_in_each_state_and_something_to_pay(tools: Tools) -> None:
    demo_cases.lay_cases(tools)
    for pid, status in LAID.items():
        (claim,) = tools.store.claims_of(id_of(tools, pid))
        assert (claim.status, claim.sent_at < tools.clock.now(), bool(claim.expected.sums)) == (status, True, True), pid
        assert len(inbox(tools, claim.person_id)) >= 1
    first, second = (tools.store.officer_of(pid) for pid in demo.OFFICERS)
    assert first is not None
    assert second is not None
    counts = claim_queue.queue(tools, first, Wanted()).counts
    assert (counts[Show.WAITING], counts[Show.PAPER], counts[Show.TO_PAY]) == (2, 1, 1)
    assert len(claim_batches.to_pay(tools, second).by_way[0].ready) == 1, "the first officer approved it"


def test_the_people_of_the_contract_have_no_part_in_it(tools: Tools) -> None:
    demo_cases.lay_cases(tools)
    for pid in OF_THE_CONTRACT:
        assert tools.store.claims_of(id_of(tools, pid)) == []
        assert helpers.helpers_of(tools, id_of(tools, pid)) == helpers.people_helped_by(tools, id_of(tools, pid)) == []


def test_somebody_helps_somebody(tools: Tools) -> None:
    demo_cases.lay_cases(tools)
    (one,) = helpers.helpers_of(tools, id_of(tools, ONE_NAME))
    assert (one.state, one.grant.helper_id) == (State.RUNNING, id_of(tools, MONTH_MISSING))


def test_started_again_nothing_is_laid_twice(tools: Tools) -> None:
    for _start in range(2):
        demo_cases.lay_cases(tools)
    assert sum(tools.store.count_claims().values()) == len(LAID)
    assert len(helpers.helpers_of(tools, id_of(tools, ONE_NAME))) == 1


def test_who_tests_with_the_people_of_the_demonstration_finds_no_cases(tools: Tools) -> None:
    assert tools.store.count_claims() == {}


@pytest.mark.parametrize("day", [datetime(2024, 2, 29, 9), datetime(2031, 6, 10, 9), datetime(2040, 1, 1, 9)])
def test_on_whatever_day_it_is_laid_first(tools: Tools, clock: StandingClock, day: datetime, tmp_path: Path) -> None:
    clock.set(day.replace(tzinfo=BANGKOK))
    settings = replace(tools.settings, data_dir=tmp_path, database_url=f"sqlite:///{tmp_path / 'sitthi.db'}")
    then = replace(tools_for(settings), clock=clock)
    then.store.migrate()
    hospitals.import_hospitals(then, hospitals.SAMPLE_REGISTER, by="demonstration")
    demo.lay_demo(then)
    demo_cases.lay_cases(then)
    assert sum(then.store.count_claims().values()) == len(LAID)
    then.store.close()
