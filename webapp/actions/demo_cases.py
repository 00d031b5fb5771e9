"""What lies on the desk of the demonstration when somebody first looks: four invented claims in four states, and one helper.

Decided: `make run` lays them, `lay_demo` does not: whoever tests with the people of the demonstration finds no cases but their own.
Laid once, on a store that has no claim yet, by the same actions that people and officers use, only with the clock of some days ago: so
histories, days waited and news are as true as any other. None of the people named in the outside contract has a part in it but the two
officers. What the law of the day does not take is left out rather than forced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from webapp.actions import claim_desk, claim_drafts, claims, helpers
from webapp.actions.claims import Ready
from webapp.actions.demo import OFFICERS
from webapp.domain.claim import Claim
from webapp.domain.dates import add_months
from webapp.domain.helper_grant import Grant, Right, Term
from webapp.domain.payment import Way
from webapp.ports import Clock, Tools

ONE_NAME, LONG_NAME, TWENTY_YEARS, MONTH_MISSING = "1000000000131", "1000000000149", "1000000000106", "1000000000157"


@dataclass(frozen=True)
class Earlier:
    """The clock as it stood so long ago, for business; what tokens go by stays."""

    clock: Clock
    by: timedelta

    def now(self) -> datetime:
        return self.clock.now() - self.by

    def today(self) -> date:
        return self.now().date()

    def machine_time(self) -> float:
        return self.clock.machine_time()

    def elapsed(self) -> float:
        return self.clock.elapsed()


def lay_cases(tools: Tools) -> None:
    """Nothing where there is a claim already."""
    if tools.store.count_claims():
        return
    with tools.store.transaction():
        _waiting(tools)
        _asked_for_a_paper(tools)
        _to_be_paid(tools)
        _of_a_child(tools)
        _helped(tools)


def _ago(tools: Tools, days: int) -> Tools:
    return replace(tools, clock=Earlier(tools.clock, timedelta(days=days)))


def _waiting(tools: Tools) -> None:
    _sent(_ago(tools, 9), ONE_NAME, "dental", 12, {"treatment": "basic", "cost": "900", "used_this_year": "0"})


def _asked_for_a_paper(tools: Tools) -> None:
    answers = {"employer_sick_leave_used": "yes", "days_off": "8", "chronic": "no", "days_paid_this_year": "0"}
    claim = _sent(_ago(tools, 6), MONTH_MISSING, "sickness", 20, answers)
    officer = tools.store.officer_of(OFFICERS[0])
    if claim is not None and officer is not None:
        claim_desk.ask_for_paper(_ago(tools, 5), officer, claim.reference, "medical_certificate", "ขอใบรับรองแพทย์ที่เห็นวันที่หยุดครบ")


def _to_be_paid(tools: Tools) -> None:
    """Approved by the first officer: the second one can pay it."""
    claim = _sent(_ago(tools, 5), TWENTY_YEARS, "dental", 9, {"treatment": "basic", "cost": "650", "used_this_year": "0"})
    officer = tools.store.officer_of(OFFICERS[0])
    if claim is not None and officer is not None:
        claim_desk.approve(_ago(tools, 1), officer, claim.reference, claim.version)


def _of_a_child(tools: Tools) -> None:
    born = add_months(tools.clock.today(), -14).replace(day=12)
    answers = {"children_count": "1", "child_1_born": born.isoformat(), "children_own": "yes", "children_paid_now": "0"}
    _sent(_ago(tools, 2), LONG_NAME, "child_allowance", None, answers)


def _sent(tools: Tools, pid: str, kind: str, days_before: int | None, answers: Mapping[str, str]) -> Claim | None:
    """By this person, for what happened so many days before; None where something stands in the way."""
    found = tools.store.person_id_of(pid)
    person = tools.store.person(found) if found else None
    begun = claim_drafts.begin(tools, person.id, kind, {}, f"demonstration-{pid}-{kind}") if person else None
    if person is None or begun is None:
        return None
    on = {"on": (tools.clock.today() - timedelta(days=days_before)).isoformat()} if days_before is not None else {}
    filled = replace(begun, answers={**on, **answers}, way=Way.PROMPTPAY, papers_seen=True)
    claim_drafts.keep(tools, person.id, filled)
    ready = claims.look_over(tools, person, filled)
    sent = claims.send(tools, person.id, filled.reference, ready.mark) if isinstance(ready, Ready) else None
    if isinstance(sent, Claim):
        return sent
    claim_drafts.drop(tools, person.id, filled.reference)
    return None


def _helped(tools: Tools) -> None:
    """Somebody with one name lets a colleague look at their requests and months."""
    earlier = _ago(tools, 4)
    person_id, helper_id = (tools.store.person_id_of(pid) for pid in (ONE_NAME, MONTH_MISSING))
    if person_id is None or helper_id is None:
        return
    offered = helpers.offer(earlier, person_id, "demonstration-helper", [Right.SEE_REQUESTS, Right.SEE_MONTHS], Term.SIX_MONTHS)
    code = helpers.code_to_hand_over(earlier, person_id, offered.id) if isinstance(offered, Grant) else None
    entered = helpers.enter_code(earlier, helper_id, code) if code else None
    if isinstance(entered, Grant):
        helpers.accept(earlier, helper_id, entered.id)
