"""Claims on the store: sent once, worked out on the server, the clock, the account, the other parent, a death, everything kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.claim_people import (
    ANSWERS,
    OFFICER,
    SECOND_OFFICER,
    SOMCHAI,
    SOMYING,
    approved,
    draft,
    officer,
    paid,
    person_id,
    ready,
    refused,
    sent,
)
from tests.standing_clock import StandingClock
from webapp.actions import claim_desk, claim_drafts, claims, documents
from webapp.actions.claims import NotAsShown, NotReady, State
from webapp.actions.privacy import copy_of
from webapp.actions.reminders import inbox
from webapp.domain.assessment import Outcome
from webapp.domain.claim import Claim, NeedsAnotherOfficer, OwnClaim, RefusalReason, SomeoneElseMovedIt, Status, StepCode
from webapp.domain.claim_questions import KINDS
from webapp.domain.document import Document, Place
from webapp.domain.payment import Account, Way
from webapp.domain.reminder import Occasion
from webapp.ports import ContributionRow, Tools

ACCOUNT = Account("006", "1234567890")


def look_over(tools: Tools, one: claim_drafts.Draft) -> claims.Ready | NotReady:
    person = tools.store.person(person_id(tools))
    assert person is not None
    return claims.look_over(tools, person, one)


def unmet(tools: Tools, one: claim_drafts.Draft) -> list[str]:
    found = look_over(tools, one)
    assert isinstance(found, NotReady)
    return [reason.code for reason in found.refusal.unmet]


# Sending


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_claim_of_each_kind_is_sent_with_its_sums_of_the_events_day(tools: Tools, kind: str) -> None:
    claim = sent(tools, kind)
    stored = tools.store.claim(claim.reference)
    assert stored == claim
    assert [step.code for step in tools.store.steps_of_claim(claim.reference)] == [StepCode.SENT]
    assert claim_drafts.draft_of(tools, claim.person_id, claim.reference) is None
    assert bool(claim.expected.sums) == (kind != "old_age"), "Somchai is too young for old age, and may claim it all the same"


def test_sent_twice_is_once(tools: Tools) -> None:
    one = draft(tools, "dental")
    mark = ready(tools, one).mark
    first = claims.send(tools, person_id(tools), one.reference, mark)
    assert claims.send(tools, person_id(tools), one.reference, mark) == first
    assert len(claims.claims_of(tools, person_id(tools))) == 1


def test_two_taps_at_the_same_moment_are_one_claim(tools: Tools) -> None:
    one = draft(tools, "dental")
    mark, found = ready(tools, one).mark, []

    def tap() -> None:
        found.append(tools.store.again(lambda: claims.send(tools, person_id(tools), one.reference, mark)))
        tools.store.close()

    threads = [threading.Thread(target=tap) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.reference for one in found if isinstance(one, Claim)}) == 1
    assert len(claims.claims_of(tools, person_id(tools))) == 1
    assert len(tools.store.steps_of_claim(one.reference)) == 1


def test_nothing_is_sent_where_an_answer_changed_in_another_window(tools: Tools) -> None:
    one = draft(tools, "dental")
    seen = ready(tools, one).mark
    claim_drafts.keep(tools, person_id(tools), one.answered("cost", "300"))
    answer = claims.send(tools, person_id(tools), one.reference, seen)
    assert isinstance(answer, NotAsShown)
    assert claims.claims_of(tools, person_id(tools)) == []


def test_nothing_is_sent_where_the_record_changed_the_sum_since_it_was_shown(tools: Tools) -> None:
    """An import came between the page and the tap."""
    one = draft(tools, "invalidity")
    seen = ready(tools, one)
    months = [f"2026-0{number}" for number in (7, 8, 9)]
    rows = [ContributionRow(person_id(tools), month, Decimal(12_000), "33", "1000000001", "บริษัท ตัวอย่าง จำกัด") for month in months]
    rows += [replace(row, month=month) for row in rows[:1] for month in ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06")]
    tools.store.put_contributions(rows, tools.clock.now())
    answer = claims.send(tools, person_id(tools), one.reference, seen.mark)
    assert isinstance(answer, NotAsShown)
    assert answer.ready.worth.worked_out.sums != seen.worth.worked_out.sums


def test_another_persons_draft_and_claim_are_not_there(tools: Tools) -> None:
    one = draft(tools, "dental")
    other = person_id(tools, SOMYING)
    assert claim_drafts.draft_of(tools, other, one.reference) is None
    assert claims.send(tools, other, one.reference, ready(tools, one).mark) is None
    mine = sent(tools, "sickness")
    assert claims.claim_of(tools, other, mine.reference) is None
    assert claims.withdraw(tools, other, mine.reference) is None


def test_what_stands_in_the_way_is_what_the_person_can_mend(tools: Tools) -> None:
    assert unmet(tools, draft(tools, "dental", way=None)) == ["payment_named"]
    incomplete = draft(tools, "dental", key="2")
    answers = {name: answer for name, answer in incomplete.answers.items() if name != "cost"}
    assert unmet(tools, replace(incomplete, answers=answers)) == ["answers_given"]
    sent(tools, "dental", key="3")
    assert unmet(tools, draft(tools, "dental", key="4")) == ["not_claimed_already"]


def test_a_day_that_has_not_come_cannot_be_claimed_for(tools: Tools) -> None:
    assert unmet(tools, draft(tools, "dental", on="2026-12-21")) == ["has_happened"]


def test_a_late_claim_is_sent_and_says_so(tools: Tools) -> None:
    claim = sent(tools, "dental", on="2024-12-19")
    assert (claim.is_late, claim.claim_by) == (True, date(2026, 12, 19))
    assert not sent(tools, "dental", key="2", on="2024-12-20").is_late


def test_what_the_record_does_not_support_may_be_claimed_all_the_same(tools: Tools) -> None:
    claim = sent(tools, "old_age")
    assert (claim.expected.outcome, claim.expected.sums) == (Outcome.NOT_ENTITLED, ())


# The law of the event's day


def test_a_law_that_changes_between_event_and_claim_does_not_touch_the_sum(tools: Tools) -> None:
    """Laid off on 27 June 2025: 50 %; a day later 60 % (facts/law.md)."""
    before = sent(tools, "unemployment", key="1", on="2025-06-27")
    after = sent(tools, "unemployment", key="2", on="2025-06-28")
    assert before.expected.sum_of("unemployment_monthly") == Decimal("7500.00")
    assert after.expected.sum_of("unemployment_monthly") == Decimal("9000.00")


def test_a_law_that_changes_between_event_and_decision_does_not_touch_the_decision(tools: Tools, clock: StandingClock) -> None:
    """Sent in December 2026 for a day of June 2025: decided a year later it is still the 50 % of that day."""
    claim = sent(tools, "unemployment", on="2025-06-27")
    clock.advance(days=365)
    decided = claim_desk.approve(tools, officer(tools), claim.reference, claim.version)
    assert decided is not None
    assert decided.decision is not None
    assert decided.decision.worked_out is not None
    assert decided.decision.worked_out.sum_of("unemployment_monthly") == Decimal("7500.00")


def test_the_same_working_stands_on_the_decision_months_later(tools: Tools, clock: StandingClock) -> None:
    claim = sent(tools, "sickness")
    clock.advance(days=60)
    decided = claim_desk.approve(tools, officer(tools), claim.reference, claim.version)
    assert decided is not None
    assert decided.decision is not None
    assert decided.decision.worked_out == claim.expected


def test_no_sum_of_the_form_is_ever_read(tools: Tools) -> None:
    one = draft(tools, "dental", baht="99999", dental="99999")
    assert ready(tools, one).worth.worked_out.sum_of("dental") == Decimal("800.00")
    assert "baht" not in one.given


# A child's sixth birthday in the middle


def test_a_sixth_birthday_between_sending_and_decision_keeps_the_months_before(tools: Tools, clock: StandingClock) -> None:
    claim = sent(tools, "child_allowance", children_count="1", child_1_born="2021-02-10")
    expected = claim.expected.sum_of("child_allowance_so_far")
    clock.advance(days=90)
    checked = claim_desk.check(tools, claim)
    assert checked is not None
    assert checked.worth.children is not None
    assert checked.worth.children.ends == date(2027, 1, 1)
    assert checked.worth.worked_out.sum_of("child_allowance_so_far") == expected + 1000
    assert checked.worth.worked_out.sum_of("child_allowance_monthly") is None, "nothing goes on after the last month"


def test_a_fourth_child_at_the_same_time_is_not_paid_for(tools: Tools) -> None:
    claim = sent(tools, "child_allowance", children_paid_now="2")
    assert {run.children for run in claim.expected.months} == {1}
    assert claim.expected.sum_of("child_allowance_monthly") == Decimal("1000.00")


def test_twins_are_two_children(tools: Tools) -> None:
    claim = sent(tools, "child_allowance", child_1_born="2025-11-02", child_2_born="2025-11-02")
    assert {run.children for run in claim.expected.months} == {2}


# Fathers, and who else is part of it


def test_the_lump_sum_that_one_parent_has_is_not_paid_to_the_other(tools: Tools) -> None:
    mother = {"parent": "mother", "other_parent_number": SOMCHAI, "leave_allowances_before": "0"}
    approved(tools, "maternity", SOMYING, **mother)
    claim = sent(tools, "maternity", SOMCHAI)
    assert claim.expected.sum_of("maternity_lump_sum") is not None, "the father is not told what the mother has claimed"
    found = claim_desk.approve(tools, officer(tools), claim.reference, claim.version)
    assert found is not None
    assert found.decision is not None
    assert found.decision.worked_out is not None
    assert found.decision.worked_out.sum_of("maternity_lump_sum") is None
    assert found.decision.worked_out.sum_of("prenatal_care") is not None


def test_a_number_that_nobody_has_says_nothing(tools: Tools) -> None:
    known = ready(tools, draft(tools, "death", key="1"))
    unknown = ready(tools, draft(tools, "death", key="2", deceased_number="1000000000998"))
    assert known.worth.worked_out == unknown.worth.worked_out
    assert [reason.met for reason in known.reasons] == [reason.met for reason in unknown.reasons]


def test_after_a_death_the_officer_works_with_the_record_of_whoever_died(tools: Tools) -> None:
    claim = sent(tools, "death")
    assert claim.expected.sum_of("survivors_allowance") is None
    checked = claim_desk.check(tools, claim)
    assert checked is not None
    assert checked.worth.worked_out.sum_of("survivors_allowance") is not None


def test_the_funeral_grant_is_for_whoever_held_the_funeral(tools: Tools) -> None:
    assert sent(tools, "death", held_funeral="no").expected.sum_of("funeral_grant") is None


def test_an_officer_decides_neither_their_own_claim_nor_that_of_their_childs_other_parent(tools: Tools) -> None:
    own = sent(tools, "dental", SECOND_OFFICER)
    with pytest.raises(OwnClaim):
        claim_desk.take(tools, officer(tools, SECOND_OFFICER), own.reference)
    theirs = sent(tools, "maternity", SOMCHAI, other_parent_number=SECOND_OFFICER)
    with pytest.raises(OwnClaim):
        claim_desk.approve(tools, officer(tools, SECOND_OFFICER), theirs.reference, theirs.version)
    assert claim_desk.take(tools, officer(tools, OFFICER), theirs.reference) is not None


# Two officers, and the clock


def test_of_two_officers_the_second_meets_what_the_first_did(tools: Tools) -> None:
    claim = sent(tools, "dental")
    claim_desk.approve(tools, officer(tools), claim.reference, claim.version)
    with pytest.raises(SomeoneElseMovedIt) as meanwhile:
        claim_desk.propose_refusal(tools, officer(tools, SECOND_OFFICER), claim.reference, claim.version, RefusalReason.TOO_LATE)
    assert meanwhile.value.claim.status is Status.APPROVED


def test_two_officers_at_the_same_moment_make_one_decision(tools: Tools) -> None:
    claim, gate, met = sent(tools, "dental"), threading.Barrier(2), []

    def approve() -> None:
        gate.wait()
        met.append(tools.store.again(lambda: claim_desk.approve(tools, officer(tools), claim.reference, claim.version)))

    def refuse() -> None:
        gate.wait()
        two = officer(tools, SECOND_OFFICER)
        refusal = lambda: claim_desk.propose_refusal(tools, two, claim.reference, claim.version, RefusalReason.TOO_LATE)  # noqa: E731
        met.append(tools.store.again(refusal))

    def try_it(do: Callable[[], None]) -> None:
        try:
            do()
        except SomeoneElseMovedIt as otherwise:
            met.append(otherwise)
        tools.store.close()

    both = [threading.Thread(target=try_it, args=(do,)) for do in (approve, refuse)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(isinstance(one, SomeoneElseMovedIt) for one in met) == [False, True]
    assert len(tools.store.steps_of_claim(claim.reference)) == 2


def test_a_decision_upon_an_older_version_is_not_taken(tools: Tools) -> None:
    claim = sent(tools, "dental")
    claims.change_payment(tools, claim.person_id, claim.reference, Way.COUNTER)
    with pytest.raises(SomeoneElseMovedIt):
        claim_desk.approve(tools, officer(tools), claim.reference, claim.version)


def test_a_refusal_stands_only_after_a_second_officer(tools: Tools) -> None:
    claim = sent(tools, "dental")
    claim_desk.propose_refusal(tools, officer(tools), claim.reference, claim.version, RefusalReason.PAPER_MISSING)
    with pytest.raises(NeedsAnotherOfficer):
        claim_desk.confirm_refusal(tools, officer(tools), claim.reference)
    steps = tools.store.steps_of_claim(claim.reference)
    stored = tools.store.claim(claim.reference)
    assert stored is not None
    told = [item.code for item in claims.timeline(stored, steps) if item.state is State.DONE]
    assert told == [StepCode.SENT], "a proposal is no decision, and is not told"
    assert StepCode.REFUSAL_PROPOSED in [item.code for item in claims.timeline(stored, steps, for_officer=True)]
    found = claim_desk.confirm_refusal(tools, officer(tools, SECOND_OFFICER), claim.reference)
    assert found is not None
    assert found.status is Status.REFUSED


def test_a_wanted_paper_stops_the_clock_and_is_reminded_of(tools: Tools, clock: StandingClock) -> None:
    claim = sent(tools, "dental")
    claim_desk.ask_for_paper(tools, officer(tools), claim.reference, "receipt", "with the name of the clinic")
    clock.advance(days=8)
    told = [entry.occasion for entry in inbox(tools, claim.person_id)]
    assert {Occasion.CLAIM_NEWS_PAPER, Occasion.CLAIM_NEWS_PAPER_AGAIN} <= set(told)
    given = claims.paper_given(tools, claim.person_id, claim.reference)
    assert given is not None
    assert (given.status, given.waited(tools.clock.now())) == (Status.TAKEN, timedelta())
    assert claims.paper_given(tools, claim.person_id, claim.reference) == given, "twice is once"


def test_how_long_it_takes_is_said_from_ten_decided_claims_on(tools: Tools, clock: StandingClock) -> None:
    for number in range(1, 11):
        claim = sent(tools, "dental", key=str(number), on=f"2026-09-{number:02}")
        assert claims.usual_days_of(tools, "dental") is None
        clock.advance(days=number)
        claim_desk.approve(tools, officer(tools), claim.reference, claim.version)
    assert claims.usual_days_of(tools, "dental") == 6
    assert claims.usual_days_of(tools, "sickness") is None


# Being paid


def test_the_whole_account_stands_sealed_in_one_place_only(tools: Tools) -> None:
    one = replace(draft(tools, "dental", way=Way.BANK), bank=ACCOUNT.bank, account=ACCOUNT.digits)
    claim_drafts.keep(tools, person_id(tools), one)
    claim = claims.send(tools, person_id(tools), one.reference, ready(tools, one).mark)
    assert isinstance(claim, Claim)
    assert (claim.payment.way, claim.payment.last_digits) == (Way.BANK, "7890")
    assert tools.store.claim_account(claim.reference) == ACCOUNT.digits
    assert ACCOUNT.digits not in repr(claim) + repr(tools.store.versions_of_claim(claim.reference))
    rows = tools.store.all("SELECT * FROM claim_accounts")  # type: ignore[attr-defined]
    assert ACCOUNT.digits not in repr([tuple(row) for row in rows])


def test_another_account_is_a_step_of_the_history_and_its_person_is_told(tools: Tools) -> None:
    claim = sent(tools, "dental")
    changed = claims.change_payment(tools, claim.person_id, claim.reference, Way.BANK, ACCOUNT)
    assert changed is not None
    assert changed.version == claim.version + 1
    assert tools.store.claim_account(claim.reference) == ACCOUNT.digits
    assert Occasion.CLAIM_NEWS_PAYMENT in [entry.occasion for entry in inbox(tools, claim.person_id)]
    claims.change_payment(tools, claim.person_id, claim.reference, Way.PROMPTPAY)
    assert tools.store.claim_account(claim.reference) is None


def test_an_account_is_forgotten_long_after_the_claim_is_over(tools: Tools, clock: StandingClock) -> None:
    claim = sent(tools, "dental")
    claims.change_payment(tools, claim.person_id, claim.reference, Way.BANK, ACCOUNT)
    claims.withdraw(tools, claim.person_id, claim.reference)
    clock.advance(days=90)
    assert claims.forget_accounts(tools) == 0
    clock.advance(days=1)
    assert claims.forget_accounts(tools) == 1
    assert tools.store.claim_account(claim.reference) is None


def test_paid_twice_is_once(tools: Tools) -> None:
    claim = approved(tools, "dental", way=Way.COUNTER)
    first = claim_desk.pay_by_hand(tools, officer(tools, SECOND_OFFICER), claim.reference)
    assert first is not None
    assert first.status is Status.PAID
    assert claim_desk.pay_by_hand(tools, officer(tools, SECOND_OFFICER), claim.reference) == first
    assert [step.code for step in tools.store.steps_of_claim(claim.reference)].count(StepCode.PAID) == 1


# A death of the claimant


def test_when_the_claimant_dies_the_claim_stops_and_the_account_goes(tools: Tools) -> None:
    claim = sent(tools, "dental")
    claims.change_payment(tools, claim.person_id, claim.reference, Way.BANK, ACCOUNT)
    stopped = claim_desk.note_death(tools, officer(tools), claim.reference, tools.clock.today())
    assert stopped is not None
    assert (stopped.status, tools.store.claim_account(claim.reference)) == (Status.STOPPED, None)
    with pytest.raises(SomeoneElseMovedIt):
        claim_desk.pay_by_hand(tools, officer(tools, SECOND_OFFICER), claim.reference)


# Withdrawing and appealing


def test_withdrawn_twice_is_once_and_the_event_is_free_again(tools: Tools) -> None:
    claim = sent(tools, "dental")
    back = claims.withdraw(tools, claim.person_id, claim.reference)
    assert claims.withdraw(tools, claim.person_id, claim.reference) == back
    assert sent(tools, "dental", key="again").status is Status.SENT


def test_an_appeal_goes_to_somebody_who_had_no_part_in_it(tools: Tools) -> None:
    claim = refused(tools, "dental")
    appealed = claims.appeal(tools, claim.person_id, claim.reference, "the receipt shows the clinic")
    assert isinstance(appealed, Claim)
    assert claims.appeal(tools, claim.person_id, claim.reference, "twice") == appealed
    with pytest.raises(NeedsAnotherOfficer):
        claim_desk.settle_appeal(tools, officer(tools), claim.reference, True, "")


# What is kept


def test_every_change_is_a_version_and_the_log_names_it(tools: Tools) -> None:
    claim = sent(tools, "dental")
    claim_desk.take(tools, officer(tools), claim.reference)
    claim_desk.ask_for_paper(tools, officer(tools), claim.reference, "receipt", "")
    claims.paper_given(tools, claim.person_id, claim.reference)
    versions = tools.store.versions_of_claim(claim.reference)
    assert [version.claim.status for version in versions] == [Status.SENT, Status.TAKEN, Status.NEEDS_PAPER, Status.TAKEN]
    assert [version.claim.version for version in versions] == [1, 2, 3, 4]
    assert versions[0].claim == claim


def test_what_was_claimed_stands_sealed_in_the_database(tools: Tools) -> None:
    sent(tools, "death")
    text = repr([tuple(row) for table in ("claims", "claim_versions") for row in tools.store.all(f"SELECT * FROM {table}")])  # type: ignore[attr-defined]
    assert SOMYING not in text
    assert "funeral" not in text


def test_the_copy_of_ones_data_tells_what_went_out_before_an_appeal_was_upheld(tools: Tools) -> None:
    claim = paid(tools, approved(tools, "dental", cost="300"))
    appealed = claims.appeal(tools, claim.person_id, claim.reference, "the receipt says 700")
    assert isinstance(appealed, Claim)
    with tools.store.transaction():
        more = replace(appealed, answers={**appealed.answers, "cost": "700"})
        claims.move(tools, appealed, (more, tuple(tools.store.steps_of_claim(claim.reference)[-1:])))
    claim_desk.settle_appeal(tools, replace(officer(tools), id="an-officer-who-had-no-part"), claim.reference, True, "")
    (held,) = copy_of(tools, claim.person_id)["data"]["claims"]
    assert held["paid_before"]["sums"] == [{"code": "dental", "baht": "300.00", "per": "once"}]


def test_the_copy_of_ones_data_holds_claims_with_their_history(tools: Tools) -> None:
    claim = sent(tools, "dental")
    held = copy_of(tools, claim.person_id)["data"]["claims"]
    assert [(one["reference"], one["kind"], one["steps"][0]["by"]) for one in held] == [(claim.reference, "dental", "you")]


def test_steps_are_in_the_audit_with_who_took_them(tools: Tools) -> None:
    claim = sent(tools, "dental")
    claim_desk.take(tools, officer(tools), claim.reference)
    entries = [entry for entry in tools.store.all_entries_about(claim.person_id) if entry.about == claim.reference]
    assert sorted(entry.facts["step"] for entry in entries) == ["sent", "taken"]


# Drafts


def test_a_draft_begun_twice_with_one_key_is_one(tools: Tools) -> None:
    owner = person_id(tools)
    first = claim_drafts.begin(tools, owner, "dental", {"cost": "1200", "treatment": "basic"}, "a-key-from-the-form")
    again = claim_drafts.begin(tools, owner, "dental", {}, "a-key-from-the-form")
    assert first == again
    assert first is not None
    assert first.answers == {"treatment": "basic", "cost": "1200"}
    assert claim_drafts.begin(tools, person_id(tools, SOMYING), "dental", {}, "a-key-from-the-form") != first


def test_of_a_check_only_what_can_be_read_comes_along(tools: Tools) -> None:
    typed = {"on": "not_sure", "treatment": "basic", "cost": "a lot", "used_this_year": "not_sure", "months_paid_in_15": "15"}
    begun = claim_drafts.begin(tools, person_id(tools), "dental", typed, "a-key-from-the-form")
    assert begun is not None
    assert begun.answers == {"treatment": "basic"}


def test_what_a_check_brings_along_is_kept_in_one_form_whatever_way_it_was_written(tools: Tools) -> None:
    typed = {"children_count": "2", "child_1_born": "20251102", "child_2_born": "2025-W44-7"}
    begun = claim_drafts.begin(tools, person_id(tools), "child_allowance", typed, "a-key-from-the-form")
    assert begun is not None
    assert begun.answers == {"children_count": "2", "child_1_born": "2025-11-02", "child_2_born": "2025-11-02"}


def test_the_same_child_written_otherwise_is_claimed_once(tools: Tools) -> None:
    sent(tools, "child_allowance", children_count="1", child_1_born="2025-11-02")
    typed = {**ANSWERS["child_allowance"], "children_count": "1", "child_1_born": "20251102"}
    begun = claim_drafts.begin(tools, person_id(tools), "child_allowance", typed, "a-key-of-another-form")
    assert begun is not None
    assert "not_claimed_already" in unmet(tools, replace(begun, way=Way.PROMPTPAY, papers_seen=True))


@pytest.mark.parametrize(("typed", "kept"), [(SOMCHAI, None), (f"{SOMYING[:1]}-{SOMYING[1:]}", SOMYING), ("12", None)])
def test_of_a_number_brought_along_only_another_persons_is_kept_and_in_plain_digits(tools: Tools, typed: str, kept: str | None) -> None:
    begun = claim_drafts.begin(tools, person_id(tools), "death", {"deceased_number": typed}, "a-key-from-the-form")
    assert begun is not None
    assert begun.answers.get("deceased_number") == kept


def test_a_draft_kept_or_dropped_in_another_window_after_it_was_sent_changes_nothing(tools: Tools) -> None:
    one = draft(tools, "dental")
    claim = claims.send(tools, person_id(tools), one.reference, ready(tools, one).mark)
    assert isinstance(claim, Claim)
    paper = documents.begin(tools, claim.person_id, Place("claim", claim.reference, "receipt"), 100, "a" * 64, is_sent=lambda: True)
    assert isinstance(paper, Document)
    planned = planned_about(tools, claim.reference)
    assert planned
    claim_drafts.keep(tools, claim.person_id, one.answered("cost", "300"))
    assert claim_drafts.draft_of(tools, claim.person_id, claim.reference) is None
    assert planned_about(tools, claim.reference) == planned
    claim_drafts.drop(tools, claim.person_id, claim.reference)
    assert tools.store.document(paper.id) is not None
    assert planned_about(tools, claim.reference) == planned


def test_a_draft_that_stands_beside_its_claim_is_not_thrown_away_with_the_claims_papers(tools: Tools) -> None:
    one = draft(tools, "dental")
    claim = claims.send(tools, person_id(tools), one.reference, ready(tools, one).mark)
    assert isinstance(claim, Claim)
    beside = {"reference": one.reference, "kind": one.kind, "answers": {}, "way": None, "without_papers": []}
    tools.store.keep_draft(f"person:{claim.person_id}", f"claim:{one.reference}", beside, tools.clock.machine_time())
    paper = documents.begin(tools, claim.person_id, Place("claim", claim.reference, "receipt"), 100, "a" * 64, is_sent=lambda: True)
    assert isinstance(paper, Document)
    claim_drafts.drop(tools, claim.person_id, claim.reference)
    assert tools.store.document(paper.id) is not None


def planned_about(tools: Tools, reference: str) -> list[str]:
    """Keys of the reminders that still stand."""
    rows = tools.store.all(  # type: ignore[attr-defined]
        "SELECT key FROM reminders WHERE about = :reference AND state NOT IN ('cancelled', 'canceled') ORDER BY key", reference=reference
    )
    return [row["key"] for row in rows]


def test_no_more_than_ten_drafts_wait(tools: Tools) -> None:
    owner = person_id(tools)
    assert all(claim_drafts.begin(tools, owner, "dental", {}, f"key-of-number-{number}") for number in range(claim_drafts.MOST_DRAFTS))
    assert claim_drafts.begin(tools, owner, "dental", {}, "one-key-too-many") is None


def test_a_draft_is_reminded_of_before_its_last_day(tools: Tools, clock: StandingClock) -> None:
    one = draft(tools, "dental", on="2025-01-20")
    clock.advance(days=5)
    assert [entry.occasion for entry in inbox(tools, person_id(tools))] == [Occasion.CLAIM_NEWS_DRAFT]
    claim_drafts.drop(tools, person_id(tools), one.reference)
    clock.advance(days=25)
    assert inbox(tools, person_id(tools)) == [], "what was planned for it is cancelled"


def test_an_answer_to_a_question_that_fell_away_is_not_sent(tools: Tools) -> None:
    one = draft(tools, "dental", treatment="denture_1_5")
    assert "used_this_year" in ANSWERS["dental"]
    assert "used_this_year" not in one.given
    assert "used_this_year" not in sent(tools, "dental", key="2", treatment="denture_1_5").answers


def test_a_reference_survives_being_read_aloud(tools: Tools) -> None:
    one = draft(tools, "dental")
    heard = one.reference.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert claim_drafts.read_reference(heard) == one.reference
    assert claim_drafts.read_reference("nothing of the sort") == "nothing of the sort"
