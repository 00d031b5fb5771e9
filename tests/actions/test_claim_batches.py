"""Paying in batches: who closes what, one list for each claim, the file, what the bank says, and sums to the satang."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests import claim_people
from tests.claim_people import SECOND_OFFICER, SOMCHAI, SOMYING, approved, officer, paid
from tests.standing_clock import StandingClock
from webapp.actions import claim_batches, claim_desk, claim_queue, claims
from webapp.actions.audit import everything_about
from webapp.actions.claim_batches import NotAsShown, NotOnThisDay
from webapp.actions.claims import Item, State
from webapp.actions.privacy import copy_of
from webapp.actions.reminders import inbox
from webapp.domain.audit import Act
from webapp.domain.claim import Claim, NeedsAnotherOfficer, OwnClaim, SomeoneElseMovedIt, Status, StepCode, WhyReturned
from webapp.domain.claim_amount import due_now
from webapp.domain.claim_batch import MOST_LINES, Batch, FileGone, FileTaken, Outcome
from webapp.domain.payment import Account, Way
from webapp.domain.reminder import Occasion
from webapp.ports import Officer, Tools

ACCOUNT = Account("006", "1234567890")
KEY = "key-of-a-batch-"


def clerk(tools: Tools) -> Officer:
    """Pays what Officer One approved."""
    return officer(tools, SECOND_OFFICER)


def third(tools: Tools) -> Officer:
    return replace(officer(tools), id="an-officer-who-had-no-part")


def closed(tools: Tools, way: Way = Way.PROMPTPAY, key: str = "1", by: Officer | None = None) -> Batch:
    by = by or clerk(tools)
    seen = next(one for one in claim_batches.to_pay(tools, by).by_way if one.way is way)
    done = claim_batches.close(tools, by, way, seen.mark, KEY + key)
    assert isinstance(done, Batch), done
    return done


def now(tools: Tools, claim: Claim) -> Claim:
    found = tools.store.claim(claim.reference)
    assert found is not None
    return found


def into_account(tools: Tools, pid: str = SOMCHAI) -> Claim:
    return claim_people.into_account(tools, "dental", pid, ACCOUNT)


def today(tools: Tools) -> date:
    return tools.clock.today()


# Who closes what


def test_what_an_officer_approved_a_colleague_sends_to_the_bank(tools: Tools) -> None:
    claim = approved(tools, "dental")
    alone = claim_batches.to_pay(tools, officer(tools)).by_way[0]
    assert (alone.ready, alone.for_others) == ((), 1)
    assert isinstance(claim_batches.close(tools, officer(tools), Way.PROMPTPAY, alone.mark, KEY), NotAsShown)
    batch = closed(tools)
    assert [line.reference for line in batch.lines] == [claim.reference]
    assert (batch.closed_by, batch.total) == (clerk(tools).id, Decimal("800.00"))
    sending = now(tools, claim).sending
    assert sending is not None
    assert sending.batch == batch.reference


def test_an_officer_never_pays_their_own_claim_nor_takes_its_file(tools: Tools) -> None:
    own, other = approved(tools, "dental", SECOND_OFFICER), approved(tools, "dental")
    waiting = claim_batches.to_pay(tools, clerk(tools)).by_way[0]
    assert [one.reference for one in waiting.ready] == [other.reference]
    batch = closed(tools, by=third(tools))
    assert {line.reference for line in batch.lines} == {own.reference, other.reference}
    with pytest.raises(OwnClaim):
        claim_batches.file_of(tools, clerk(tools), batch.reference, "to the bank")
    claim_batches.mark_paid(tools, clerk(tools), batch.reference, today(tools))
    assert (now(tools, own).status, now(tools, other).status) == (Status.APPROVED, Status.PAID)
    with pytest.raises(OwnClaim):
        claim_batches.mark_one_paid(tools, clerk(tools), batch.reference, own.reference, today(tools))
    with pytest.raises(OwnClaim):
        claim_batches.mark_returned(tools, clerk(tools), batch.reference, own.reference, WhyReturned.OTHER)


def test_at_the_counter_too_another_than_who_approved_pays(tools: Tools) -> None:
    claim = approved(tools, "dental", way=Way.COUNTER)
    with pytest.raises(NeedsAnotherOfficer):
        claim_desk.pay_by_hand(tools, officer(tools), claim.reference)
    own = approved(tools, "dental", SECOND_OFFICER, way=Way.COUNTER)
    with pytest.raises(OwnClaim):
        claim_desk.pay_by_hand(tools, clerk(tools), own.reference)


# One list for each claim


def test_a_double_press_closes_one_batch_and_a_claim_stands_in_one_only(tools: Tools) -> None:
    claim = approved(tools, "dental")
    batch = closed(tools)
    seen = claim_batches.to_pay(tools, clerk(tools)).by_way[0]
    assert claim_batches.close(tools, clerk(tools), Way.PROMPTPAY, "whatever", KEY + "1") == batch
    assert isinstance(claim_batches.close(tools, clerk(tools), Way.PROMPTPAY, seen.mark, KEY + "2"), NotAsShown)
    assert [step.code for step in tools.store.steps_of_claim(claim.reference)].count(StepCode.SENT_TO_BANK) == 1
    assert len(claim_batches.batches(tools).batches) == 1


def test_two_clerks_at_one_moment_close_one_batch(tools: Tools) -> None:
    approved(tools, "dental")
    seen = claim_batches.to_pay(tools, clerk(tools)).by_way[0].mark
    gate, done = threading.Barrier(2), []

    def press(by: Officer, key: str) -> None:
        gate.wait()
        done.append(tools.store.again(lambda: claim_batches.close(tools, by, Way.PROMPTPAY, seen, key)))

    both = [threading.Thread(target=press, args=(by, KEY + by.id)) for by in (clerk(tools), third(tools))]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(isinstance(one, Batch) for one in done) == [False, True]
    assert sum(len(batch.lines) for batch in claim_batches.batches(tools).batches) == 1


def test_a_claim_more_or_another_account_and_nothing_is_closed(tools: Tools) -> None:
    claim = approved(tools, "dental")
    seen = claim_batches.to_pay(tools, clerk(tools)).by_way[0]
    more = approved(tools, "sickness")
    answer = claim_batches.close(tools, clerk(tools), Way.PROMPTPAY, seen.mark, KEY)
    assert isinstance(answer, NotAsShown)
    assert len(answer.waiting.ready) == 2
    claims.change_payment(tools, more.person_id, more.reference, Way.BANK, ACCOUNT)
    again = claim_batches.close(tools, clerk(tools), Way.PROMPTPAY, answer.waiting.mark, KEY)
    assert isinstance(again, NotAsShown)
    assert now(tools, claim).sending is None


def test_a_batch_takes_only_so_many_and_says_how_many_are_left(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_LINES == 200
    monkeypatch.setattr(claim_batches, "MOST_LINES", 2)
    for kind in ("dental", "sickness", "invalidity"):
        approved(tools, kind)
    waiting = claim_batches.to_pay(tools, clerk(tools)).by_way[0]
    assert (len(waiting.ready), waiting.later) == (2, 1)
    assert len(closed(tools).lines) == 2
    assert len(closed(tools, key="2").lines) == 1


def test_what_no_batch_takes_is_counted_with_the_reason(tools: Tools) -> None:
    approved(tools, "dental", way=Way.COUNTER)
    approved(tools, "old_age")
    back = approved(tools, "sickness")
    claim_batches.mark_returned(tools, clerk(tools), closed(tools).reference, back.reference, WhyReturned.OTHER)
    found = claim_batches.to_pay(tools, clerk(tools))
    assert (found.at_the_counter, found.by_hand, found.returned) == (1, 1, 1)
    assert all(not one.ready for one in found.by_way)


# What a line comes to


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("sickness", {"sickness_total"}),
        ("unemployment", {"unemployment_monthly"}),
        ("invalidity", {"invalidity_monthly"}),
        ("child_allowance", {"child_allowance_so_far"}),
        ("maternity", {"maternity_lump_sum", "prenatal_care"}),
    ],
)
def test_what_is_paid_once_goes_whole_and_what_is_paid_by_the_month_with_its_first(tools: Tools, kind: str, codes: set[str]) -> None:
    claim = approved(tools, kind)
    assert claim.decision is not None
    assert claim.decision.worked_out is not None
    sums = {one.code: one.baht for one in claim.decision.worked_out.sums}
    assert codes <= set(sums)
    (line,) = closed(tools).lines
    assert line.baht == sum(baht for code, baht in sums.items() if code in codes)
    assert line.baht == due_now(claim.to_pay)


def test_the_total_of_a_batch_is_that_of_its_lines_to_the_satang(tools: Tools) -> None:
    for kind in ("dental", "sickness", "invalidity", "unemployment", "maternity"):
        approved(tools, kind)
    approved(tools, "sickness", SOMYING, days_off="7")
    seen = claim_batches.to_pay(tools, clerk(tools)).by_way[0]
    batch = closed(tools)
    assert batch.total == seen.total == sum((line.baht for line in batch.lines), Decimal(0))
    assert any(line.baht != line.baht.to_integral_value() for line in batch.lines), "satang are among them"
    stored = claim_batches.batch_of(tools, batch.reference)
    assert stored == batch


# The file


def test_whole_numbers_stand_in_the_file_alone_and_each_person_reads_who_made_it_and_why(tools: Tools) -> None:
    claim = into_account(tools)
    batch = closed(tools, Way.BANK)
    (line,) = claim_batches.file_of(tools, clerk(tools), batch.reference, "ส่งธนาคารรอบเช้า")
    assert (line.account, line.bank_code, line.baht) == (ACCOUNT.digits, "006", Decimal("800.00"))
    assert ACCOUNT.digits not in repr(batch)
    rows = repr([tuple(row) for row in tools.store.all("SELECT * FROM claim_batch_lines")])  # type: ignore[attr-defined]
    for said in (ACCOUNT.digits, "7890", "800"):
        assert said not in rows, "sealed"
    (entry,) = [one for one in everything_about(tools, claim.person_id) if one.entry.act is Act.ACCOUNT_GIVEN_TO_BANK]
    assert (entry.entry.who.id, entry.entry.about, entry.words) == (clerk(tools).id, batch.reference, "ส่งธนาคารรอบเช้า")


def test_by_promptpay_the_file_holds_the_citizen_number(tools: Tools) -> None:
    approved(tools, "dental")
    (line,) = claim_batches.file_of(tools, clerk(tools), closed(tools).reference, "x")
    assert (line.account, line.bank_code) == (SOMCHAI, "")


def died_at_the_bank(tools: Tools) -> tuple[Claim, Claim, Batch]:
    """Two on a list, of whom the first died before its file was taken."""
    dead, other = into_account(tools), into_account(tools, pid=SOMYING)
    batch = closed(tools, Way.BANK)
    claim_desk.note_death(tools, third(tools), dead.reference, today(tools))
    assert [line.reference for line in claim_batches.file_of(tools, clerk(tools), batch.reference, "x")] == [other.reference]
    claim_batches.mark_paid(tools, clerk(tools), batch.reference, today(tools))
    return dead, other, batch


def outcome_of(tools: Tools, batch: Batch, claim: Claim) -> Outcome:
    found = claim_batches.batch_of(tools, batch.reference)
    line = found.line_of(claim.reference) if found else None
    assert line is not None
    return line.outcome


def test_who_died_meanwhile_drops_out_of_the_file_and_is_not_paid_with_the_others(tools: Tools) -> None:
    dead, other, batch = died_at_the_bank(tools)
    assert (now(tools, other).status, now(tools, dead).paid_at) == (Status.PAID, None)
    assert outcome_of(tools, batch, dead) is Outcome.AT_THE_BANK
    for _press in (1, 2):
        claim_batches.mark_not_sent(tools, clerk(tools), batch.reference, dead.reference)
    stopped = now(tools, dead)
    assert (stopped.status, stopped.sending, stopped.paid_at) == (Status.STOPPED, None, None)
    assert outcome_of(tools, batch, dead) is Outcome.NOT_SENT
    assert [step.code for step in tools.store.steps_of_claim(dead.reference)].count(StepCode.NOT_SENT) == 1
    assert inbox(tools, dead.person_id) == [], "and nobody tells a dead person's phone"


def test_what_the_bank_did_pay_to_somebody_who_died_is_known(tools: Tools) -> None:
    dead, _other, batch = died_at_the_bank(tools)
    for _press in (1, 2):
        claim_batches.mark_one_paid(tools, clerk(tools), batch.reference, dead.reference, today(tools))
    assert (now(tools, dead).status, now(tools, dead).sending, outcome_of(tools, batch, dead)) == (Status.STOPPED, None, Outcome.PAID)
    assert now(tools, dead).paid_at is not None
    claim_batches.mark_returned(tools, clerk(tools), batch.reference, dead.reference, WhyReturned.ACCOUNT_CLOSED)
    assert (now(tools, dead).status, now(tools, dead).paid_at) == (Status.STOPPED, None)


def test_nobody_says_not_sent_of_somebody_alive(tools: Tools) -> None:
    claim = approved(tools, "dental")
    with pytest.raises(SomeoneElseMovedIt):
        claim_batches.mark_not_sent(tools, clerk(tools), closed(tools).reference, claim.reference)


def test_the_file_is_taken_once_unless_somebody_who_saw_that_asks_for_it_again(tools: Tools) -> None:
    claim = approved(tools, "dental")
    batch = closed(tools)
    claim_batches.file_of(tools, clerk(tools), batch.reference, "morning")
    with pytest.raises(FileTaken):
        claim_batches.file_of(tools, third(tools), batch.reference, "also morning")
    taken = claim_batches.batch_of(tools, batch.reference)
    assert taken is not None
    assert (taken.file_at, taken.file_by) == (tools.clock.now(), clerk(tools).id)
    assert len([one for one in everything_about(tools, claim.person_id) if one.entry.act is Act.ACCOUNT_GIVEN_TO_BANK]) == 1
    assert len(claim_batches.file_of(tools, third(tools), batch.reference, "the first was lost", again=True)) == 1
    taken = claim_batches.batch_of(tools, batch.reference)
    assert taken is not None
    assert taken.file_by == third(tools).id


def test_once_the_bank_has_said_anything_there_is_no_second_file_with_what_it_was_sent(tools: Tools) -> None:
    own, _other = approved(tools, "dental", SECOND_OFFICER), approved(tools, "dental")
    batch = closed(tools, by=third(tools))
    assert len(claim_batches.file_of(tools, third(tools), batch.reference, "first run")) == 2
    claim_batches.mark_paid(tools, clerk(tools), batch.reference, today(tools))
    assert outcome_of(tools, batch, own) is Outcome.AT_THE_BANK, "a colleague settles it"
    with pytest.raises(FileGone):
        claim_batches.file_of(tools, third(tools), batch.reference, "second", again=True)
    claim_batches.mark_paid(tools, third(tools), batch.reference, today(tools))
    assert now(tools, own).status is Status.PAID


def test_a_dead_claimants_money_that_comes_back_stays_with_the_office(tools: Tools) -> None:
    dead = approved(tools, "dental")
    batch = closed(tools)
    claim_desk.note_death(tools, third(tools), dead.reference, today(tools))
    claim_batches.mark_returned(tools, clerk(tools), batch.reference, dead.reference, WhyReturned.ACCOUNT_CLOSED)
    assert now(tools, dead).status is Status.STOPPED
    assert claim_batches.to_pay(tools, clerk(tools)).by_way[0].ready == ()


# What the bank says


def test_paid_on_a_day_is_once_and_the_person_is_told(tools: Tools, clock: StandingClock) -> None:
    claim = approved(tools, "dental")
    batch = closed(tools)
    assert Occasion.CLAIM_NEWS_AT_BANK in [entry.occasion for entry in inbox(tools, claim.person_id)]
    clock.advance(days=3)
    day = today(tools) - timedelta(days=1)
    for _press in (1, 2):
        found = claim_batches.mark_paid(tools, clerk(tools), batch.reference, day)
        assert found is not None
        assert [line.outcome for line in found.lines] == [Outcome.PAID]
    done = now(tools, claim)
    assert done.paid_at is not None
    assert (done.status, done.paid_at.date(), done.paid_in) == (Status.PAID, day, batch.reference)
    steps = [step.code for step in tools.store.steps_of_claim(claim.reference)]
    assert steps[-2:] == [StepCode.SENT_TO_BANK, StepCode.PAID]
    assert Occasion.CLAIM_NEWS_PAID in [entry.occasion for entry in inbox(tools, claim.person_id)]


@pytest.mark.parametrize("days", [-1, 1])
def test_a_bank_pays_neither_before_the_batch_nor_tomorrow(tools: Tools, days: int) -> None:
    claim = approved(tools, "dental")
    batch = closed(tools)
    with pytest.raises(NotOnThisDay):
        claim_batches.mark_paid(tools, clerk(tools), batch.reference, today(tools) + timedelta(days=days))
    assert now(tools, claim).status is Status.APPROVED


def test_an_account_that_the_bank_refused_is_asked_for_again_and_the_claim_waits_for_payment(tools: Tools, clock: StandingClock) -> None:
    claim, other = into_account(tools), into_account(tools, pid=SOMYING)
    batch = closed(tools, Way.BANK)
    with pytest.raises(SomeoneElseMovedIt):
        claims.change_payment(tools, claim.person_id, claim.reference, Way.PROMPTPAY)
    for _press in (1, 2):
        claim_batches.mark_returned(tools, clerk(tools), batch.reference, claim.reference, WhyReturned.NAME_DIFFERS)
    claim_batches.mark_paid(tools, clerk(tools), batch.reference, today(tools))
    back = now(tools, claim)
    assert back.returned is not None
    assert (back.status, back.sending, back.returned.why) == (Status.APPROVED, None, WhyReturned.NAME_DIFFERS)
    assert now(tools, other).status is Status.PAID
    steps = tools.store.steps_of_claim(claim.reference)
    assert [step.code for step in steps].count(StepCode.RETURNED) == 1
    assert Item(StepCode.PAYMENT_CHANGED, State.NOW) in claims.timeline(back, steps), "what it waits for is the person"
    clock.advance(days=8)
    told = [entry.occasion for entry in inbox(tools, claim.person_id)]
    assert {Occasion.CLAIM_NEWS_RETURNED, Occasion.CLAIM_NEWS_RETURNED_AGAIN} <= set(told)
    assert claim_batches.to_pay(tools, clerk(tools)).by_way[1].ready == (), "not again into the same account"
    claims.change_payment(tools, claim.person_id, claim.reference, Way.BANK, replace(ACCOUNT, digits="0987654321"))
    second = closed(tools, Way.BANK, key="2")
    assert [line.reference for line in second.lines] == [claim.reference]
    claim_batches.mark_paid(tools, clerk(tools), second.reference, today(tools))
    assert now(tools, claim).status is Status.PAID
    given = copy_of(tools, claim.person_id)["data"]["claim_batches"]
    assert [(one["outcome"], one.get("why_returned")) for one in given] in (
        [("returned", "name_differs"), ("paid", None)], [("paid", None), ("returned", "name_differs")],
    )  # fmt: skip


def test_promptpay_that_is_linked_by_now_can_be_tried_once_more(tools: Tools) -> None:
    claim = approved(tools, "dental")
    claim_batches.mark_returned(tools, clerk(tools), closed(tools).reference, claim.reference, WhyReturned.NO_PROMPTPAY)
    claims.change_payment(tools, claim.person_id, claim.reference, Way.PROMPTPAY)
    assert [line.reference for line in closed(tools, key="2").lines] == [claim.reference]


def test_money_that_comes_back_days_after_it_was_marked_as_paid(tools: Tools) -> None:
    claim = approved(tools, "dental")
    batch = closed(tools)
    claim_batches.mark_paid(tools, clerk(tools), batch.reference, today(tools))
    claim_batches.mark_returned(tools, clerk(tools), batch.reference, claim.reference, WhyReturned.ACCOUNT_CLOSED)
    back = now(tools, claim)
    assert (back.status, back.paid_at, back.ended_at, back.is_open) == (Status.APPROVED, None, None, True)


def test_it_came_back_said_of_the_wrong_line_is_taken_back_and_nothing_goes_out_twice(tools: Tools) -> None:
    claim = approved(tools, "dental")
    batch = closed(tools)
    claim_batches.mark_returned(tools, clerk(tools), batch.reference, claim.reference, WhyReturned.OTHER)
    for _press in (1, 2):
        claim_batches.mark_one_paid(tools, clerk(tools), batch.reference, claim.reference, today(tools))
    done = now(tools, claim)
    assert (done.status, done.paid_in, done.returned) == (Status.PAID, batch.reference, None)
    assert outcome_of(tools, batch, claim) is Outcome.PAID
    assert claim_batches.to_pay(tools, clerk(tools)).returned == 0


def test_it_cannot_be_taken_back_once_the_person_has_answered(tools: Tools) -> None:
    claim = approved(tools, "dental")
    batch = closed(tools)
    claim_batches.mark_returned(tools, clerk(tools), batch.reference, claim.reference, WhyReturned.OTHER)
    claims.change_payment(tools, claim.person_id, claim.reference, Way.PROMPTPAY)
    with pytest.raises(SomeoneElseMovedIt):
        claim_batches.mark_one_paid(tools, clerk(tools), batch.reference, claim.reference, today(tools))
    closed(tools, key="2")
    with pytest.raises(SomeoneElseMovedIt):
        claim_batches.mark_one_paid(tools, clerk(tools), batch.reference, claim.reference, today(tools))


def test_a_bank_pays_a_line_by_itself_neither_before_the_batch_nor_tomorrow(tools: Tools) -> None:
    claim = approved(tools, "dental")
    batch = closed(tools)
    claim_batches.mark_returned(tools, clerk(tools), batch.reference, claim.reference, WhyReturned.OTHER)
    with pytest.raises(NotOnThisDay):
        claim_batches.mark_one_paid(tools, clerk(tools), batch.reference, claim.reference, today(tools) + timedelta(days=1))


# What waits longest


def test_what_cannot_go_stands_before_nothing_that_can(tools: Tools, clock: StandingClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_batches, "MOST_LINES", 1)
    approved(tools, "dental", way=Way.COUNTER)
    approved(tools, "sickness", SECOND_OFFICER)
    clock.advance(minutes=1)
    claim = approved(tools, "sickness")
    assert [one.reference for one in claim_batches.to_pay(tools, clerk(tools)).by_way[0].ready] == [claim.reference]


def test_what_is_at_the_bank_longest_stands_first_and_every_batch_on_some_page(
    tools: Tools, clock: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim_batches, "ON_A_PAGE", 2)
    made = []
    for kind in ("dental", "sickness", "invalidity", "unemployment"):
        approved(tools, kind)
        made.append(closed(tools, key=kind).reference)
        clock.advance(minutes=1)
    claim_batches.mark_paid(tools, clerk(tools), made[0], today(tools))
    pages = [claim_batches.batches(tools, page) for page in (1, 2, 9)]
    assert [[one.reference for one in page.batches] for page in pages[:2]] == [made[1:3], [made[3], made[0]]]
    assert (pages[2], pages[0].pages) == (pages[1], 2)


def test_claims_approved_before_there_were_batches_are_found_after_the_update(tools: Tools) -> None:
    claim = approved(tools, "dental")
    tools.store.run("UPDATE claims SET waits_for = NULL, decided_by = ''")  # type: ignore[attr-defined]
    assert claim_batches.to_pay(tools, clerk(tools)).by_way[0].ready == ()
    tools.store.migrate()
    assert [one.reference for one in claim_batches.to_pay(tools, clerk(tools)).by_way[0].ready] == [claim.reference]
    assert claim_batches.to_pay(tools, officer(tools)).by_way[0].ready == (), "and who approved it is known again"


# An appeal while the money is on its way


def appealed(tools: Tools, claim: Claim) -> Claim:
    found = claims.appeal(tools, claim.person_id, claim.reference, "ยอดเงินไม่ถูกต้อง")
    assert isinstance(found, Claim)
    return found


def test_an_appeal_does_not_call_the_money_back_and_dismissed_it_is_paid(tools: Tools) -> None:
    claim = approved(tools, "dental")
    batch = closed(tools)
    appealed(tools, claim)
    claim_batches.mark_paid(tools, clerk(tools), batch.reference, today(tools))
    assert (now(tools, claim).status, now(tools, claim).sending) == (Status.APPEALED, None)
    done = claim_desk.settle_appeal(tools, third(tools), claim.reference, False, "the receipt says 800")
    assert done is not None
    assert done.status is Status.PAID


def raised_to_700(tools: Tools, claim: Claim) -> Claim:
    """The appeal against 300 baht is upheld."""
    appealed(tools, claim)
    return upheld(tools, claim, "700")


def upheld(tools: Tools, claim: Claim, cost: str) -> Claim:
    with tools.store.transaction():
        before = now(tools, claim)
        steps = tuple(tools.store.steps_of_claim(claim.reference)[-1:])
        claims.move(tools, before, (replace(before, answers={**before.answers, "cost": cost}), steps))
    done = claim_desk.settle_appeal(tools, third(tools), claim.reference, True, "")
    assert done is not None
    return done


def paid_300(tools: Tools) -> tuple[Claim, Batch]:
    claim = approved(tools, "dental", cost="300")
    batch = closed(tools)
    claim_batches.mark_paid(tools, clerk(tools), batch.reference, today(tools))
    return claim, batch


def comes_back(tools: Tools, batch: Batch, claim: Claim) -> Claim:
    claim_batches.mark_returned(tools, clerk(tools), batch.reference, claim.reference, WhyReturned.ACCOUNT_CLOSED)
    assert outcome_of(tools, batch, claim) is Outcome.RETURNED
    return now(tools, claim)


def test_an_appeal_upheld_while_the_money_is_on_its_way_pays_only_the_rest(tools: Tools) -> None:
    claim = approved(tools, "dental", cost="300")
    batch = closed(tools)
    raised = raised_to_700(tools, claim)
    assert (raised.status, raised.sending is not None) == (Status.APPROVED, True)
    assert claim_batches.to_pay(tools, clerk(tools)).by_way[0].ready == (), "it is on a list already"
    claim_batches.mark_paid(tools, clerk(tools), batch.reference, today(tools))
    rest = now(tools, claim)
    assert (rest.status, [one.baht for one in rest.to_pay]) == (Status.APPROVED, [Decimal("400.00")])
    (line,) = closed(tools, key="2").lines
    assert line.baht == Decimal("400.00")
    claim_batches.mark_paid(tools, clerk(tools), line.batch, today(tools))
    assert now(tools, claim).status is Status.PAID


def test_the_first_money_that_comes_back_before_the_rest_is_sent_makes_the_whole_due(tools: Tools) -> None:
    claim, batch = paid_300(tools)
    raised_to_700(tools, claim)
    assert due_now(comes_back(tools, batch, claim).to_pay) == 700


def test_the_first_money_that_comes_back_after_the_rest_was_paid_by_hand_is_due_and_no_more(tools: Tools) -> None:
    claim, batch = paid_300(tools)
    raised_to_700(tools, claim)
    claims.change_payment(tools, claim.person_id, claim.reference, Way.COUNTER)
    claim_desk.pay_by_hand(tools, clerk(tools), claim.reference)
    back = comes_back(tools, batch, claim)
    assert (back.status, due_now(back.to_pay)) == (Status.APPROVED, 300)
    claims.change_payment(tools, claim.person_id, claim.reference, Way.PROMPTPAY)
    (line,) = closed(tools, key="2").lines
    assert line.baht == 300


@pytest.mark.parametrize("wrongly", [False, True])
def test_of_two_payments_in_batches_each_that_comes_back_is_due_again_by_itself(tools: Tools, wrongly: bool) -> None:
    claim, first = paid_300(tools)
    raised_to_700(tools, claim)
    second = closed(tools, key="2")
    back = comes_back(tools, first, claim)
    assert (back.sending is not None, due_now(back.to_pay)) == (True, 700), "400 of it are on their way"
    claim_batches.mark_paid(tools, clerk(tools), second.reference, today(tools))
    assert (now(tools, claim).status, due_now(now(tools, claim).to_pay)) == (Status.APPROVED, 300)
    if wrongly:
        claim_batches.mark_one_paid(tools, clerk(tools), first.reference, claim.reference, today(tools))
        assert now(tools, claim).status is Status.PAID
        assert due_now(comes_back(tools, second, claim).to_pay) == 400
    else:
        assert due_now(comes_back(tools, second, claim).to_pay) == 700


def test_money_of_a_claim_that_was_appealed_against_comes_back_and_is_due_however_that_ends(tools: Tools) -> None:
    claim, batch = paid_300(tools)
    appealed(tools, claim)
    back = comes_back(tools, batch, claim)
    assert (back.status, back.paid_at) == (Status.APPEALED, None)
    done = upheld(tools, claim, "300")
    assert (done.status, due_now(done.to_pay)) == (Status.APPROVED, 300)
    assert claim_queue.Can.PAY in _can(tools, clerk(tools), done), "by hand, or after the person names another account"


def test_after_an_appeal_that_came_to_the_same_sum_money_that_comes_back_waits_for_payment(tools: Tools) -> None:
    claim, batch = paid_300(tools)
    appealed(tools, claim)
    assert upheld(tools, claim, "300").status is Status.PAID
    assert due_now(comes_back(tools, batch, claim).to_pay) == 300
    claims.change_payment(tools, claim.person_id, claim.reference, Way.BANK, ACCOUNT)
    (line,) = closed(tools, Way.BANK, key="2").lines
    assert line.baht == 300


def test_of_a_monthly_sum_only_the_payment_that_came_back_is_due_again(tools: Tools, clock: StandingClock) -> None:
    """Paid in December at 5,250 a month; in February an appeal raises it to 8,750; then December's money comes back."""
    claim = approved(tools, "invalidity", loss_percent="40")
    batch = closed(tools)
    claim_batches.mark_paid(tools, clerk(tools), batch.reference, today(tools))
    old = due_now(now(tools, claim).to_pay)
    appealed(tools, claim)
    with tools.store.transaction():
        before = now(tools, claim)
        steps = tuple(tools.store.steps_of_claim(claim.reference)[-1:])
        claims.move(tools, before, (replace(before, answers={**before.answers, "loss_percent": "80"}), steps))
    clock.advance(days=62)
    claim_desk.settle_appeal(tools, third(tools), claim.reference, True, "")
    second = closed(tools, key="2")
    claim_batches.mark_paid(tools, clerk(tools), second.reference, today(tools))
    assert now(tools, claim).status is Status.PAID
    assert due_now(comes_back(tools, batch, claim).to_pay) == old


def _can(tools: Tools, by: Officer, claim: Claim) -> frozenset[claim_queue.Can]:
    view = claim_queue.look_at(tools, by, claim.reference)
    assert view is not None
    return view.can


def test_everything_about_sending_is_kept_with_the_claim(tools: Tools) -> None:
    claim = approved(tools, "dental")
    batch = closed(tools)
    claim_batches.mark_returned(tools, clerk(tools), batch.reference, claim.reference, WhyReturned.OTHER)
    versions = [one.claim for one in tools.store.versions_of_claim(claim.reference)]
    assert [(one.sending is not None, one.returned is not None) for one in versions[-2:]] == [(True, False), (False, True)]
    assert versions[-1] == now(tools, claim)
    assert paid(tools, claim).returned is None
