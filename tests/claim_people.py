"""Claims for tests: answers that each kind takes, drafts as somebody keeps them, claims as they are sent and what officers did with them.

Days are those of the standing clock (20 December 2026): the event lies two months back unless a test says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from webapp.actions import claim_batches, claim_desk, claim_drafts, claims
from webapp.actions.claim_drafts import Draft
from webapp.actions.claims import Ready
from webapp.domain import claim as rule
from webapp.domain.claim import Claim, RefusalReason, WhyReturned
from webapp.domain.claim_batch import Batch
from webapp.domain.payment import Account, Way
from webapp.ports import Officer, Tools

SOMCHAI, SOMYING, SOMPONG = "1000000000009", "1000000000017", "1000000000165"
OFFICER, SECOND_OFFICER = "1000000000076", "1000000000084"
ON = "2026-10-01"
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "sickness": {"on": ON, "employer_sick_leave_used": "yes", "days_off": "10", "chronic": "not_sure", "days_paid_this_year": "0"},
    "dental": {"on": ON, "treatment": "basic", "cost": "1200", "used_this_year": "100"},
    "maternity": {
        "on": ON, "parent": "father", "union": "married", "other_parent_insured": "yes", "other_parent_claimed": "no",
        "other_parent_number": SOMYING, "prenatal_cost": "2000",
    },
    "invalidity": {"on": ON, "loss_percent": "40"},
    "death": {"on": ON, "deceased_number": SOMYING, "deceased_name": "สมหญิง ตัวอย่าง", "relation": "spouse", "held_funeral": "yes"},
    "old_age": {"on": ON},
    "child_allowance": {
        "children_count": "2", "child_1_born": "2020-12-15", "child_2_born": "2025-11-02", "children_own": "yes",
        "children_paid_now": "0",
    },
    "unemployment": {"on": ON, "cause": "laid_off", "dismissed_for_fault": "no", "registered": "no", "days_paid_this_year": "0"},
}  # fmt: skip


def person_id(tools: Tools, pid: str = SOMCHAI) -> str:
    found = tools.store.person_id_of(pid)
    assert found is not None
    return found


def officer(tools: Tools, pid: str = OFFICER) -> Officer:
    found = tools.store.officer_of(pid)
    assert found is not None
    return found


def draft(tools: Tools, kind: str, pid: str = SOMCHAI, key: str = "", way: Way | None = Way.PROMPTPAY, **answers: str) -> Draft:
    """Begun and answered, papers looked at; `answers` stand in place of the usual ones."""
    begun = claim_drafts.begin(tools, person_id(tools, pid), kind, {}, f"key-of-a-draft-{kind}-{key}")
    assert begun is not None
    filled = replace(begun, answers={**ANSWERS[kind], **answers}, way=way, papers_seen=way is not None)
    claim_drafts.keep(tools, person_id(tools, pid), filled)
    return filled


def ready(tools: Tools, one: Draft, pid: str = SOMCHAI) -> Ready:
    """Looked over; fails where something stands in the way."""
    person = tools.store.person(person_id(tools, pid))
    assert person is not None
    found = claims.look_over(tools, person, one)
    assert isinstance(found, Ready), [reason.code for reason in found.refusal.unmet]
    return found


def sent(tools: Tools, kind: str, pid: str = SOMCHAI, key: str = "", way: Way = Way.PROMPTPAY, **answers: str) -> Claim:
    one = draft(tools, kind, pid, key, way, **answers)
    answer = claims.send(tools, person_id(tools, pid), one.reference, ready(tools, one, pid).mark)
    assert isinstance(answer, Claim), answer
    return answer


def approved(tools: Tools, kind: str, pid: str = SOMCHAI, key: str = "", way: Way = Way.PROMPTPAY, **answers: str) -> Claim:
    one = sent(tools, kind, pid, key, way, **answers)
    found = claim_desk.approve(tools, officer(tools), one.reference, one.version)
    assert found is not None
    return found


def paid(tools: Tools, claim: Claim) -> Claim:
    """The money went out, whoever sent it."""
    with tools.store.transaction():
        before = tools.store.claim(claim.reference)
        assert before is not None
        return claims.move(tools, before, rule.pay(before, tools.clock.now(), "worker"))


def refused(tools: Tools, kind: str, pid: str = SOMCHAI, key: str = "", reason: RefusalReason = RefusalReason.PAPER_MISSING) -> Claim:
    one = sent(tools, kind, pid, key)
    claim_desk.propose_refusal(tools, officer(tools), one.reference, one.version, reason, "สำเนาไม่ชัด")
    found = claim_desk.confirm_refusal(tools, officer(tools, SECOND_OFFICER), one.reference)
    assert found is not None
    return found


def into_account(tools: Tools, kind: str, pid: str, account: Account) -> Claim:
    """Approved, and to be paid into that account."""
    one = sent(tools, kind, pid)
    changed = claims.change_payment(tools, one.person_id, one.reference, Way.BANK, account)
    assert changed is not None
    found = claim_desk.approve(tools, officer(tools), changed.reference, changed.version)
    assert found is not None
    return found


def closed(tools: Tools, way: Way, key: str) -> Batch:
    """By Officer Two, of what Officer One approved."""
    clerk = officer(tools, SECOND_OFFICER)
    seen = next(one.mark for one in claim_batches.to_pay(tools, clerk).by_way if one.way is way)
    done = claim_batches.close(tools, clerk, way, seen, key)
    assert isinstance(done, Batch), done
    return done


def lay_batches(tools: Tools) -> list[str]:
    """Of Somying's claims: a batch that was paid but for one that came back, and one at the bank with somebody who died since; their
    references."""
    account, clerk = Account("006", "1234567890"), officer(tools, SECOND_OFFICER)
    back = into_account(tools, "dental", SOMYING, account)
    into_account(tools, "sickness", SOMYING, account)
    first = closed(tools, Way.BANK, "key-of-the-first-batch")
    claim_batches.mark_returned(tools, clerk, first.reference, back.reference, WhyReturned.NAME_DIFFERS)
    claim_batches.mark_paid(tools, clerk, first.reference, tools.clock.today())
    into_account(tools, "invalidity", SOMYING, account)
    dead = into_account(tools, "child_allowance", SOMYING, account)
    second = closed(tools, Way.BANK, "key-of-the-second-batch")
    claim_desk.note_death(tools, officer(tools), dead.reference, tools.clock.today())
    return [first.reference, second.reference]


def lay_claims(tools: Tools, pid: str = SOMCHAI) -> list[str]:
    """One in every state a page can show, and a draft at the first question, before an account, and ready to send."""
    waiting = sent(tools, "dental", pid)
    claim_desk.ask_for_paper(tools, officer(tools), waiting.reference, "receipt", "ขอใบเสร็จที่เห็นชื่อคลินิก")
    taken = sent(tools, "unemployment", pid)
    claim_desk.take(tools, officer(tools), taken.reference)
    done = paid(tools, approved(tools, "maternity", pid))
    back = sent(tools, "invalidity", pid)
    claims.withdraw(tools, person_id(tools, pid), back.reference)
    stopped = sent(tools, "old_age", pid)
    claim_desk.note_death(tools, officer(tools), stopped.reference, tools.clock.today())
    first = claim_drafts.begin(tools, person_id(tools, pid), "sickness", {}, "key-of-the-first-question")
    assert first is not None
    others = [
        refused(tools, "death", pid),
        sent(tools, "child_allowance", pid),
        approved(tools, "sickness", pid),
    ]
    drafts = [first, draft(tools, "dental", pid, "account", Way.BANK, on="2026-11-02"), draft(tools, "child_allowance", pid, "ready",
              child_1_born="2019-01-10", children_count="1")]  # fmt: skip
    return [one.reference for one in (waiting, taken, done, back, stopped, *others, *drafts)]
