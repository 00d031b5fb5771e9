"""Why a rule says yes or no, and how much: reasons, amounts and working as codes with facts and citations. The words are the templates'.

Decided: a Refusal is a value, not an exception: the person is told everything that stands in the way at once, and what is met as well.
An Assessment follows the contract's rule: any false condition, `not_entitled`; else any unanswered one, `not_sure`; else `entitled`.
An amount that cannot be worked out (an answer left out, a gap in the law) is left out; a gap is said in a note. Nothing is worked out for
somebody who is not entitled: a sum on the page would be read as a promise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from webapp.domain.dates import MONTHS_IN_A_YEAR, same_day_in_months
from webapp.domain.lawbook import Consulted, NotKnown, Value
from webapp.domain.money import Baht


@dataclass(frozen=True)
class Reason:
    """One condition. `met` None: the app cannot know, the office looks at it. `facts` are the numbers and days for the sentence."""

    code: str
    met: bool | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    citation: Value | None = None


@dataclass(frozen=True)
class Refusal:
    """Not now: `reasons` holds every condition, `unmet` those that stand in the way."""

    reasons: tuple[Reason, ...]

    @property
    def unmet(self) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.met is False)


class Outcome(StrEnum):
    ENTITLED = "entitled"
    NOT_ENTITLED = "not_entitled"
    NOT_SURE = "not_sure"


class Per(StrEnum):
    ONCE = "once"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True)
class Working:
    """One line of the sum; what it comes to is the fact `baht` (or `days`, `rate`, `times`)."""

    code: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Amount:
    """Worked out, not promised: the office decides. Rounded once, when `baht` is said."""

    code: str
    baht: Baht
    per: Per
    working: tuple[Working, ...]


@dataclass(frozen=True)
class Note:
    """Something the answer says besides yes, no and how much; it changes neither."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    citation: Value | None = None


@dataclass(frozen=True)
class ToDo:
    """Still to be done by the person, where a day is set until or from that day; never a condition."""

    code: str
    day: date | None
    citation: Value | None = None


@dataclass(frozen=True)
class Assessment:
    """The answer to "what can I get, how much, and what is missing?" by the law of the day `on`; `law` holds every value it rests on."""

    benefit: str
    on: date
    outcome: Outcome
    reasons: tuple[Reason, ...]
    amounts: tuple[Amount, ...]
    claim_by: date | None
    qualifies_on: date | None
    notes: tuple[Note, ...]
    to_do: tuple[ToDo, ...]
    law: tuple[Value, ...]

    def amount(self, code: str) -> Amount | None:
        return next((amount for amount in self.amounts if amount.code == code), None)

    @property
    def is_confirmed(self) -> bool:
        """False: some value it rests on is still being confirmed (call 1506)."""
        return all(value.is_confirmed for value in self.law)


def outcome_of(reasons: Sequence[Reason]) -> Outcome:
    met = [reason.met for reason in reasons]
    if False in met:
        return Outcome.NOT_ENTITLED
    return Outcome.NOT_SURE if None in met else Outcome.ENTITLED


def conclude(
    benefit: str,
    on: date,
    law: Consulted,
    reasons: Sequence[Reason],
    amounts: Sequence[Callable[[], Amount | None]],
    *,
    qualifies_on: date | None = None,
    notes: Sequence[Note | None] = (),
    to_do: Sequence[ToDo] = (),
) -> Assessment:
    """Works out the amounts where the outcome allows any, and gathers what was consulted. `amounts` in the order people read them."""
    outcome = outcome_of(reasons)
    if outcome is Outcome.NOT_ENTITLED:
        return _assessment(benefit, on, law, reasons, outcome, qualifies_on=qualifies_on, notes=notes)
    worked_out, gaps = _worked_out(amounts)
    return _assessment(
        benefit, on, law, reasons, outcome, amounts=worked_out, claim_by=_claim_by(on, law), notes=[*notes, *gaps], to_do=to_do
    )


def _assessment(
    benefit: str,
    on: date,
    law: Consulted,
    reasons: Sequence[Reason],
    outcome: Outcome,
    *,
    amounts: Sequence[Amount] = (),
    claim_by: date | None = None,
    qualifies_on: date | None = None,
    notes: Sequence[Note | None],
    to_do: Sequence[ToDo] = (),
) -> Assessment:
    said = tuple(note for note in notes if note is not None)
    return Assessment(benefit, on, outcome, tuple(reasons), tuple(amounts), claim_by, qualifies_on, said, tuple(to_do), law.used)


def _worked_out(amounts: Sequence[Callable[[], Amount | None]]) -> tuple[list[Amount], list[Note]]:
    worked_out: list[Amount] = []
    gaps: dict[str, Note] = {}
    for work_out in amounts:
        try:
            amount = work_out()
        except NotKnown as unknown:
            gap = unknown.gap
            gaps.setdefault(gap.key, Note("value_not_known", {"key": gap.key, "why": gap.why, "since": gap.since, "until": gap.until}))
        else:
            worked_out += [amount] if amount else []
    return worked_out, list(gaps.values())


def _claim_by(on: date, law: Consulted) -> date:
    """The last day to claim: two years from the event (s.56)."""
    return same_day_in_months(on, law.number("claims.years") * MONTHS_IN_A_YEAR)


def as_plain(assessment: Assessment) -> dict[str, Any]:
    """The contract's JSON: money and percents as decimal strings, days ISO, counts as numbers; notes and to-dos added."""
    return {
        "benefit": assessment.benefit,
        "on": assessment.on.isoformat(),
        "outcome": str(assessment.outcome),
        "reasons": [_reason(reason) for reason in assessment.reasons],
        "amounts": [
            {"code": amount.code, "baht": str(amount.baht), "per": str(amount.per), "working": [_working(step) for step in amount.working]}
            for amount in assessment.amounts
        ],
        "claim_by": plain(assessment.claim_by),
        "qualifies_on": plain(assessment.qualifies_on),
        "notes": [{"code": note.code, "facts": plain(note.facts), "law": _key(note.citation)} for note in assessment.notes],
        "to_do": [{"code": task.code, "day": plain(task.day), "law": _key(task.citation)} for task in assessment.to_do],
        "law": [value.as_plain() for value in assessment.law],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "met": reason.met,
        "needed": plain(reason.facts.get("needed")),
        "yours": plain(reason.facts.get("yours")),
        "law": _key(reason.citation),
    }


def _working(step: Working) -> dict[str, Any]:
    return {"code": step.code} | {name: plain(fact) for name, fact in step.facts.items()}


def _key(citation: Value | None) -> str | None:
    return citation.key if citation else None


def plain(fact: Any) -> Any:
    """A fact as JSON says it; StrEnum members are text already."""
    match fact:
        case Baht() | Decimal():
            return str(fact)
        case date():
            return fact.isoformat() if fact > date.min else None
        case tuple() | list():
            return [plain(part) for part in fact]
        case Mapping():
            return {name: plain(part) for name, part in fact.items()}
        case _:
            return fact
