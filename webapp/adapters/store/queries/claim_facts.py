"""A claim as JSON and back: everything but what queues search by, which stands in columns of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from webapp.domain.assessment import Outcome, Per
from webapp.domain.claim import (
    Appeal,
    Claim,
    Decision,
    Paid,
    Proposal,
    RefusalReason,
    Returned,
    Sending,
    WantedPaper,
    WhyReturned,
    known_status,
)
from webapp.domain.claim_amount import ChildMonths, Sum, WorkedOut
from webapp.domain.money import Baht
from webapp.domain.payment import Payment, Way

Facts = Mapping[str, Any]
NAMES = tuple(one.name for one in fields(Claim))


def facts_of(claim: Claim) -> dict[str, Any]:
    """The whole claim; what is not there is left out."""
    return {name: _plain(value) for name, value in asdict(claim).items() if value is not None}


def read_claim(facts: Facts) -> Claim:
    """Raises KeyError or ValueError for facts that are no claim's."""
    known: dict[str, Any] = {name: facts[name] for name in NAMES if name in facts}
    known |= {name: read(facts[name]) for name, read in _READ.items() if name in facts}
    return Claim(**known)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | Fraction) else value


def _worked_out(facts: Facts) -> WorkedOut:
    return WorkedOut(
        on=date.fromisoformat(facts["on"]),
        outcome=Outcome(facts["outcome"]) if "outcome" in facts else None,
        sums=_sums(facts),
        unmet=tuple(facts["unmet"]),
        unsure=tuple(facts["unsure"]),
        inputs=facts["inputs"],
        months=tuple(_child_months(one) for one in facts["months"]),
    )


def _sums(facts: Facts, name: str = "sums") -> tuple[Sum, ...]:
    """Nothing where the claim was written before there were such sums."""
    return tuple(Sum(one["code"], Decimal(one["baht"]), Per(one["per"])) for one in facts.get(name, ()))


def _child_months(facts: Facts) -> ChildMonths:
    days = {name: date.fromisoformat(facts[name]) for name in ("first", "last")}
    return ChildMonths(**{**facts, **days, "a_child": Baht(Fraction(facts["a_child"]["exact"]))})


def _decision(facts: Facts) -> Decision:
    worked_out = {"worked_out": _worked_out(facts["worked_out"])} if "worked_out" in facts else {}
    reason = {"reason": RefusalReason(facts["reason"])} if "reason" in facts else {}
    return Decision(**{**facts, "at": _time(facts["at"]), **reason, **worked_out})


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


_READ: Mapping[str, Callable[[Any], Any]] = {
    "status": known_status,
    "event_on": date.fromisoformat,
    "claim_by": date.fromisoformat,
    "sent_at": _time,
    "payment": lambda facts: Payment(**{**facts, "way": Way(facts["way"])}),
    "expected": _worked_out,
    "without_papers": tuple,
    "involved": tuple,
    "wanted": lambda facts: WantedPaper(**{**facts, "asked_at": _time(facts["asked_at"])}),
    "paused": lambda seconds: timedelta(seconds=seconds),
    "proposal": lambda facts: Proposal(**{**facts, "reason": RefusalReason(facts["reason"]), "at": _time(facts["at"])}),
    "decision": _decision,
    "appeal": lambda facts: Appeal(**{**facts, "at": _time(facts["at"])}),
    "paid_at": _time,
    "paid_before": lambda facts: Paid(**{**facts, "at": _time(facts["at"]), "sums": _sums(facts), "by_run": _sums(facts, "by_run")}),
    "sending": lambda facts: Sending(facts["batch"], _time(facts["at"]), _sums(facts)),
    "returned": lambda facts: Returned(WhyReturned(facts["why"]), _time(facts["at"]), facts.get("batch", ""), _sums(facts)),
    "withdrawn_at": _time,
    "died_on": date.fromisoformat,
}
