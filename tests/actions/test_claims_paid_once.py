"""Nothing is paid twice: not to both parents, not for a fourth child, not after an appeal; and what a step tells is sealed."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.claim_people import SECOND_OFFICER, SOMCHAI, SOMYING, approved, draft, officer, paid, person_id, ready, refused, sent
from tests.standing_clock import StandingClock
from webapp.actions import claim_counter, claim_desk, claim_queue, claims, key_rotation
from webapp.actions.claim_queue import SumsMoved
from webapp.actions.claim_sums import Worth
from webapp.actions.claims import NotReady, Ready
from webapp.app import tools_for
from webapp.config import DEVELOPMENT_DATA_KEY, Settings
from webapp.domain.assessment import Reason
from webapp.domain.claim import Claim, RefusalReason, Status, StepCode
from webapp.domain.claim_amount import WorkedOut, due_now
from webapp.domain.dates import BANGKOK
from webapp.ports import ContributionRow, Officer, Tools

LUMP_SUM, MONTHLY, SO_FAR = "maternity_lump_sum", "child_allowance_monthly", "child_allowance_so_far"
MOTHER = {"parent": "mother", "leave_allowances_before": "0"}
NOT_INSURED = {"other_parent_insured": "no"}
ONE_CHILD = {"children_count": "1", "children_paid_now": "0"}
THREE_CHILDREN = {"children_count": "3", "child_1_born": "2022-01-10", "child_2_born": "2023-02-10", "child_3_born": "2024-03-10"}


def decided(claim: Claim) -> WorkedOut:
    assert claim.decision is not None
    assert claim.decision.worked_out is not None
    return claim.decision.worked_out


def looked_at(tools: Tools, claim: Claim) -> tuple[Worth, dict[str, Reason]]:
    checked = claim_desk.check(tools, claim)
    assert checked is not None
    return checked.worth, {reason.code: reason for reason in checked.reasons}


def no_part_in_it(tools: Tools) -> Officer:
    return replace(officer(tools), id="an-officer-who-had-no-part")


def appealed(tools: Tools, claim: Claim) -> Claim:
    found = claims.appeal(tools, claim.person_id, claim.reference, "ยอดเงินไม่ถูกต้อง")
    assert isinstance(found, Claim)
    return found


def wages(tools: Tools, baht: int) -> None:
    """As the employer reports them for the nine months before the event."""
    first = ContributionRow(person_id(tools), "2026-01", Decimal(baht), "33", "1000000001", "บริษัท ตัวอย่าง จำกัด")
    rows = [replace(first, month=f"2026-0{number}") for number in range(1, 10)]
    tools.store.put_contributions(rows, tools.clock.now())


# The lump sum of a birth


def test_a_father_who_names_nobody_does_not_get_the_lump_sum_that_the_mother_has(tools: Tools) -> None:
    approved(tools, "maternity", SOMYING, other_parent_number=SOMCHAI, **MOTHER)
    claim = sent(tools, "maternity", SOMCHAI, **NOT_INSURED)
    assert claim.involved == ()
    _worth, reasons = looked_at(tools, claim)
    assert reasons["one_parent_claims"].met is False, "an officer is told, whatever the form says"
    found = claim_desk.approve(tools, officer(tools), claim.reference, claim.version)
    assert found is not None
    assert decided(found).sum_of(LUMP_SUM) is None
    assert decided(found).sum_of("prenatal_care") is not None


def test_while_the_mother_appeals_against_the_sum_the_father_does_not_get_it_either(tools: Tools) -> None:
    appealed(tools, paid(tools, approved(tools, "maternity", SOMYING, other_parent_number=SOMCHAI, **MOTHER)))
    father = approved(tools, "maternity", SOMCHAI)
    assert decided(father).sum_of(LUMP_SUM) is None


def test_an_appeal_against_a_refusal_keeps_nothing_from_the_other_parent(tools: Tools) -> None:
    mother = sent(tools, "maternity", SOMYING, other_parent_number=SOMCHAI, **MOTHER)
    claim_desk.propose_refusal(tools, officer(tools), mother.reference, mother.version, RefusalReason.PAPER_MISSING)
    claim_desk.confirm_refusal(tools, officer(tools, SECOND_OFFICER), mother.reference)
    appealed(tools, mother)
    assert decided(approved(tools, "maternity", SOMCHAI)).sum_of(LUMP_SUM) is not None


def test_a_birth_on_another_day_is_another_birth(tools: Tools) -> None:
    approved(tools, "maternity", SOMYING, other_parent_number=SOMCHAI, on="2026-09-01", **MOTHER)
    assert decided(approved(tools, "maternity", SOMCHAI, **NOT_INSURED)).sum_of(LUMP_SUM) is not None


# At most so many children at once


def test_a_fourth_child_in_a_second_claim_is_not_paid_for_whatever_the_form_says(tools: Tools) -> None:
    approved(tools, "child_allowance", **THREE_CHILDREN)
    one = draft(tools, "child_allowance", key="2", child_1_born="2025-10-05", **ONE_CHILD)
    told = {reason.code: reason for reason in ready(tools, one).reasons}
    assert (told["children_claimed_before"].met, told["children_claimed_before"].facts["children"]) == (None, 3)
    claim = sent(tools, "child_allowance", key="3", child_1_born="2025-10-05", **ONE_CHILD)
    assert claim.expected.sums == ()
    worth, reasons = looked_at(tools, claim)
    assert (worth.worked_out.sums, "children_claimed_before" in reasons) == ((), True)


def test_a_claim_that_was_withdrawn_or_refused_counts_no_child(tools: Tools) -> None:
    refused(tools, "child_allowance")
    back = sent(tools, "child_allowance", key="2", **THREE_CHILDREN)
    claims.withdraw(tools, back.person_id, back.reference)
    claim = sent(tools, "child_allowance", key="3", child_1_born="2025-10-05", **ONE_CHILD)
    assert claim.expected.sum_of(MONTHLY) == 1000


def test_children_of_an_earlier_claim_count_only_until_they_are_six(tools: Tools) -> None:
    grown = {"children_count": "3", **{f"child_{number}_born": f"201{number + 5}-01-10" for number in (1, 2, 3)}}
    sent(tools, "child_allowance", **grown)
    claim = sent(tools, "child_allowance", key="2", child_1_born="2025-10-05", **ONE_CHILD)
    assert claim.expected.sum_of(MONTHLY) == 1000


@pytest.mark.parametrize("first", [0, 1])
def test_two_claims_that_wait_come_to_three_children_together_whichever_is_decided_first(
    tools: Tools, clock: StandingClock, first: int
) -> None:
    two = {"children_count": "2", "child_1_born": "2024-01-10", "child_2_born": "2025-02-10"}
    both = [sent(tools, "child_allowance", **two)]
    clock.advance(minutes=5)
    both += [sent(tools, "child_allowance", key="2", **{**two, "child_1_born": "2024-12-01", "child_2_born": "2026-01-10"})]
    for claim in (both[first], both[1 - first]):
        claim_desk.approve(tools, officer(tools), claim.reference, claim.version)
    found = [tools.store.claim(one.reference) for one in both]
    assert [decided(one).sum_of(MONTHLY) for one in found if one] == [2000, 1000]


def test_the_form_counts_where_it_says_more(tools: Tools) -> None:
    approved(tools, "child_allowance", children_count="1", child_1_born="2024-01-10")
    claim = sent(tools, "child_allowance", key="2", children_count="1", child_1_born="2025-10-05", children_paid_now="3")
    assert claim.expected.sums == ()
    assert "children_claimed_before" not in looked_at(tools, claim)[1]


# An appeal against what was paid


def test_an_upheld_appeal_pays_only_what_is_more_than_went_out(tools: Tools, clock: StandingClock) -> None:
    wages(tools, 12_000)
    first = paid(tools, approved(tools, "invalidity"))
    went_out, on = decided(first).sums, tools.clock.now()
    appealed(tools, first)
    clock.advance(days=3)
    wages(tools, 15_000)
    upheld = claim_desk.settle_appeal(tools, no_part_in_it(tools), first.reference, True, "ค่าจ้างแก้แล้ว")
    assert upheld is not None
    assert (upheld.status, upheld.paid_at) == (Status.APPROVED, None)
    assert upheld.paid_before is not None
    assert (upheld.paid_before.at, upheld.paid_before.sums) == (on, went_out)
    more = {one.code: one.baht for one in decided(upheld).sums}
    assert {one.code: one.baht for one in upheld.to_pay} == {one.code: more[one.code] - one.baht for one in went_out}
    assert all(one.baht > 0 for one in upheld.to_pay)
    again = paid(tools, upheld)
    assert tools.store.claim(again.reference) == again, "kept with the claim"
    assert again.paid_before == upheld.paid_before


def test_an_upheld_appeal_that_comes_to_no_more_leaves_it_paid(tools: Tools) -> None:
    first = paid(tools, approved(tools, "dental"))
    appealed(tools, first)
    upheld = claim_desk.settle_appeal(tools, no_part_in_it(tools), first.reference, True, "")
    assert upheld is not None
    assert (upheld.status, upheld.paid_at, upheld.paid_before) == (Status.PAID, first.paid_at, None)
    assert upheld.ended_at is not None


def test_an_upheld_appeal_before_any_money_went_out_pays_the_whole_sum(tools: Tools) -> None:
    first = approved(tools, "dental")
    appealed(tools, first)
    upheld = claim_desk.settle_appeal(tools, no_part_in_it(tools), first.reference, True, "")
    assert upheld is not None
    assert (upheld.status, upheld.to_pay) == (Status.APPROVED, decided(first).sums)


def test_months_that_went_out_since_are_not_paid_again_when_an_appeal_is_upheld_later(tools: Tools, clock: StandingClock) -> None:
    """Paid in December for one child; two more months went out by themselves; in February the office finds that a second child counts."""
    first = paid(tools, approved(tools, "child_allowance", children_count="1", child_1_born="2025-11-02", children_paid_now="2"))
    assert (decided(first).sum_of(MONTHLY), decided(first).sum_of(SO_FAR)) == (1000, 14_000)
    appealed(tools, first)
    with tools.store.transaction():
        before = tools.store.claim(first.reference)
        assert before is not None
        two = {**before.answers, "children_count": "2", "child_2_born": "2026-12-05", "children_paid_now": "0"}
        steps = tuple(tools.store.steps_of_claim(first.reference)[-1:])
        claims.move(tools, before, (replace(before, answers=two), steps))
    clock.set(datetime(2027, 2, 10, 10, tzinfo=BANGKOK))
    upheld = claim_desk.settle_appeal(tools, no_part_in_it(tools), first.reference, True, "ลูกสองคนนับได้")
    assert upheld is not None
    assert decided(upheld).sum_of(SO_FAR) == 16_000 + 3_000, "the first child until February, the second from December on"
    assert upheld.paid_before is not None
    assert {one.code: one.baht for one in upheld.paid_before.together} == {MONTHLY: 1000, SO_FAR: 16_000}, "two months since"
    assert {one.code: one.baht for one in upheld.to_pay} == {MONTHLY: 1000, SO_FAR: 3_000}


def test_an_appeal_that_finds_nothing_new_months_later_pays_nothing_more(tools: Tools, clock: StandingClock) -> None:
    first = paid(tools, approved(tools, "child_allowance", children_count="1", child_1_born="2025-11-02"))
    appealed(tools, first)
    clock.set(datetime(2027, 2, 10, 10, tzinfo=BANGKOK))
    upheld = claim_desk.settle_appeal(tools, no_part_in_it(tools), first.reference, True, "")
    assert upheld is not None
    assert (upheld.status, upheld.paid_at) == (Status.PAID, first.paid_at)
    of_first = {one.code: one.baht for one in upheld.to_pay}
    assert of_first == {MONTHLY: 1000, SO_FAR: decided(first).sum_of(SO_FAR)}, "should it come back, just that is due again"


def test_a_monthly_sum_that_an_appeal_raises_is_made_good_for_each_month_since(tools: Tools, clock: StandingClock) -> None:
    """Paid in December at the lower rate, which the office's own run paid in January and February too."""
    first = paid(tools, approved(tools, "invalidity", loss_percent="40"))
    appealed(tools, first)
    with tools.store.transaction():
        before = tools.store.claim(first.reference)
        assert before is not None
        steps = tuple(tools.store.steps_of_claim(first.reference)[-1:])
        claims.move(tools, before, (replace(before, answers={**before.answers, "loss_percent": "80"}), steps))
    clock.set(datetime(2027, 2, 20, 10, tzinfo=BANGKOK))
    upheld = claim_desk.settle_appeal(tools, no_part_in_it(tools), first.reference, True, "")
    assert upheld is not None
    old, new = decided(first).sums[0].baht, decided(upheld).sums[0].baht
    assert due_now(upheld.to_pay) == 3 * (new - old) > 0
    assert tools.store.claim(upheld.reference) == upheld, "kept with the claim"


def test_months_after_a_sixth_birthday_did_not_go_out(tools: Tools, clock: StandingClock) -> None:
    first = paid(tools, approved(tools, "child_allowance", children_count="1", child_1_born="2021-02-10"))
    out = decided(first).sum_of(SO_FAR)
    assert out is not None
    appealed(tools, first)
    clock.set(datetime(2027, 4, 10, 10, tzinfo=BANGKOK))
    upheld = claim_desk.settle_appeal(tools, no_part_in_it(tools), first.reference, True, "")
    assert upheld is not None
    assert decided(upheld).sum_of(SO_FAR) == out + 1000, "January is the last month"
    assert (upheld.status, [one.baht for one in upheld.to_pay]) == (Status.PAID, [out])


def test_an_appeal_is_upheld_only_with_the_sums_that_the_officer_saw(tools: Tools) -> None:
    claim = appealed(tools, approved(tools, "invalidity"))
    judge, seen = no_part_in_it(tools), claim_queue.mark_of(looked_at(tools, claim)[0].worked_out)
    wages(tools, 12_000)
    with pytest.raises(SumsMoved):
        claim_queue.settle_appeal(tools, judge, claim.reference, claim.version, True, seen, "x")
    kept = claim_queue.settle_appeal(tools, judge, claim.reference, claim.version, False, seen, "x")
    assert kept is not None
    assert kept.status is Status.APPROVED, "the decision stays: no new sum is in it"


# A form on paper


def looked_over_on_paper(tools: Tools, handed_in_on: date | None) -> Ready | NotReady:
    begun = claim_counter.begin(tools, officer(tools), SOMCHAI, "child_allowance")
    assert isinstance(begun, claim_counter.Form)
    filled = draft(tools, "child_allowance", key="paper", children_count="1", child_1_born="2022-10-05")
    form = replace(begun, draft=replace(filled, reference=begun.draft.reference), handed_in_on=handed_in_on)
    claim_counter.keep(tools, officer(tools), form)
    return claim_counter.look_over(tools, form)


def test_a_paper_form_is_worked_out_as_of_the_day_it_was_handed_in(tools: Tools, clock: StandingClock) -> None:
    clock.set(datetime(2026, 12, 20, 10, tzinfo=BANGKOK))
    today, then = looked_over_on_paper(tools, None), looked_over_on_paper(tools, date(2025, 12, 31))
    assert isinstance(today, Ready)
    assert isinstance(then, Ready)
    lost = [one.worth.children.lost for one in (today, then) if one.worth.children]
    assert lost[0] - lost[1] == 12, "a year of months was still in time"
    entered = claim_counter.enter(tools, officer(tools), then.draft.reference, then.mark)
    assert isinstance(entered, Claim)
    assert entered.expected == then.worth.worked_out
    assert looked_at(tools, entered)[0].worked_out == entered.expected, "the desk comes to the same"


def test_what_had_not_happened_when_the_form_was_handed_in_cannot_be_claimed_with_it(tools: Tools) -> None:
    found = looked_over_on_paper(tools, date(2022, 10, 4))
    assert isinstance(found, NotReady)
    assert [reason.code for reason in found.refusal.unmet] == ["has_happened"]


# What steps tell


def test_what_a_step_tells_stands_sealed_and_is_written_anew_with_a_new_key(tools: Tools, settings: Settings, clock: StandingClock) -> None:
    claim = refused(tools, "dental")
    died = sent(tools, "old_age")
    claim_desk.note_death(tools, officer(tools), died.reference, tools.clock.today() - timedelta(days=1))
    text = repr([tuple(row) for row in tools.store.all("SELECT * FROM claim_steps")])  # type: ignore[attr-defined]
    for said in (RefusalReason.PAPER_MISSING, "2026-12-19", "reason"):
        assert said not in text
    new = base64.urlsafe_b64encode(b"n" * 32).decode()
    both = replace(tools_for(replace(settings, data_keys=(new, DEVELOPMENT_DATA_KEY))), clock=clock)
    assert key_rotation.rotate(both).keys.to_rotate == 0
    both.store.close()
    alone = replace(tools_for(replace(settings, data_keys=(new,))), clock=clock)
    steps = {step.code: step.facts for step in alone.store.steps_of_claim(claim.reference)}
    assert steps[StepCode.REFUSED] == {"reason": "paper_missing"}
    assert alone.store.steps_of_claim(died.reference)[-1].facts == {"died_on": "2026-12-19"}
    alone.store.close()
