"""After a wrong value of the law: which cases come out otherwise, and no other; and nobody is named."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from click.testing import CliRunner

from tests import claim_people
from tests.actions.test_officers import approved, at, officer
from tests.actions.test_officers import sent as change_sent
from tests.standing_clock import StandingClock
from webapp.actions import claim_desk, claims, hospital_change, officers
from webapp.actions.recheck import recheck
from webapp.commands import sitthi
from webapp.domain.dates import add_months, last_of_month
from webapp.domain.hospital_change import HospitalChange
from webapp.domain.lawbook import Value
from webapp.ports import Tools

EVER = date(2020, 1, 1)


def with_law(tools: Tools, key: str, change: Callable[[Value], Value]) -> Tools:
    """The same installation with another release of the statute book."""
    book = tools.law_book
    histories = dict(book.histories) | {key: tuple(change(one) if isinstance(one, Value) else one for one in book.history(key))}
    return replace(tools, law_book=replace(book, histories=histories))


def rate_of_sickness(tools: Tools, percent: int) -> Tools:
    return with_law(tools, "sickness.rate", lambda one: replace(one, value=Decimal(percent)))


def test_while_the_law_is_as_it_was_every_case_comes_out_as_told(tools: Tools) -> None:
    claim_people.lay_claims(tools)
    claim_people.sent(tools, "child_allowance", claim_people.SOMYING)
    approved(tools, change_sent(tools))
    assert list(recheck(tools, EVER)) == []


def test_a_claim_is_named_with_what_it_was_told_and_what_it_comes_to_now(tools: Tools) -> None:
    case, other = claim_people.sent(tools, "sickness"), claim_people.sent(tools, "maternity", claim_people.SOMYING)
    (found,) = recheck(rate_of_sickness(tools, 60), EVER)
    assert (found.reference, found.status) == (case.reference, "sent")
    assert f"sickness_total {case.expected.sum_of('sickness_total')}" in found.then
    assert "sickness_total" in found.now
    assert found.then != found.now
    assert other.reference != found.reference


def test_a_decided_claim_is_held_against_its_decision(tools: Tools) -> None:
    case = claim_people.sent(tools, "sickness")
    mended = rate_of_sickness(tools, 60)
    claim_desk.approve(mended, claim_people.officer(mended), case.reference, case.version)
    assert list(recheck(mended, EVER)) == [], "it was decided by the law as it is now"
    assert [one.reference for one in recheck(tools, EVER)] == [case.reference]


def test_each_month_of_child_allowance_is_looked_at(tools: Tools) -> None:
    case = claim_people.sent(tools, "child_allowance")
    run = max(case.expected.months, key=lambda one: one.months)
    middle = add_months(run.first, run.months // 2)
    assert run.first < middle < run.last
    book = tools.law_book
    now = book.value("child_allowance.a_month", middle)
    before, then, after = (
        replace(now, since=now.since, until=middle - timedelta(days=1)),
        replace(now, since=middle, until=last_of_month(middle), value=Decimal(1)),
        replace(now, since=add_months(middle, 1)),
    )
    key = "child_allowance.a_month"
    history = tuple(part for one in book.history(key) for part in ((before, then, after) if one is now else (one,)))
    mended = replace(tools, law_book=replace(book, histories=dict(book.histories) | {key: history}))
    assert [one.reference for one in recheck(mended, EVER)] == [case.reference]


def test_what_was_taken_back_is_left_alone_and_so_is_what_came_before(tools: Tools, clock: StandingClock) -> None:
    claim, case = claim_people.sent(tools, "sickness"), change_sent(tools)
    mended = with_law(rate_of_sickness(tools, 60), "hospital_change.effective_day_after_second_half", lambda one: replace(one, value=3))
    assert {one.reference for one in recheck(mended, EVER)} == {claim.reference, case.reference}
    assert list(recheck(mended, clock.today() + timedelta(days=1))) == []
    claims.withdraw(tools, claim.person_id, claim.reference)
    hospital_change.withdraw(tools, case.person_id, case.reference)
    assert list(recheck(mended, EVER)) == []


def test_a_hospital_change_by_its_time_of_receipt(tools: Tools) -> None:
    case = change_sent(tools)
    (found,) = recheck(with_law(tools, "hospital_change.effective_day_after_second_half", lambda one: replace(one, value=3)), EVER)
    assert (found.reference, found.then) == (case.reference, case.effective_on.isoformat())
    assert found.now == case.effective_on.replace(day=3).isoformat()


def test_one_that_was_approved_late_is_held_against_the_day_it_was_promised(tools: Tools, clock: StandingClock) -> None:
    case = change_sent(tools)
    clock.set(at("2027-01-05T09:00"))
    late = officers.approve(tools, officer(tools), case.reference, 1, date(2027, 1, 16))
    assert isinstance(late, HospitalChange)
    assert late.effective_on > case.effective_on
    assert list(recheck(tools, EVER)) == []


def test_the_command_says_so_and_ends_with_one_where_there_are_any(tools: Tools) -> None:
    claim = claim_people.sent(tools, "sickness")
    environment = {"SITTHI_DATABASE_URL": tools.settings.database_url, "DATA_DIR": str(tools.settings.data_dir)}
    ask = CliRunner(env={**os.environ, **environment}).invoke
    done = ask(sitthi, ["recheck", "--since", "2020-01-01"])
    assert (done.exit_code, done.output) == (0, "every case comes out as it was told\n")
    kept = replace(claim, expected=replace(claim.expected, sums=(replace(claim.expected.sums[0], baht=Decimal(1)),)))
    tools.store.update_claim(claim, kept, tools.store.steps_of_claim(claim.reference))
    done = ask(sitthi, ["recheck", "--since", "2020-01-01"])
    assert done.exit_code == 1
    assert done.output.startswith(f"{claim.reference} (sent): told sickness_daily 1; now ")
    assert done.output.endswith("cases that come out otherwise: 1\n")
    assert claim_people.SOMCHAI not in done.output
    assert ask(sitthi, ["recheck", "--since", "yesterday"]).exit_code == 2
