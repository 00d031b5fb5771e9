"""Whether somebody was still covered on the day of an event, as far as the record of months says.

Decided: months paid are one condition, being covered is another; an answer that looks at the months alone promises money to people whose
cover has ended. The record knows the end of insured status for some people only: where it names none, nothing is said about the one who
asks. Teeth go with sickness, as in still_claimable.py; what follows no end of insured status (child allowance) ends with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from webapp.domain.contribution_record import EMPLOYED, Record, cover_after
from webapp.domain.lawbook import LawBook, Value

COVERED_LIKE = {"sickness": "sickness", "dental": "sickness", "maternity": "maternity", "invalidity": "invalidity", "death": "death"}
ONLY_WHILE_INSURED = frozenset({"child_allowance"})
ONLY_FOR_EMPLOYED = frozenset({"unemployment"})


@dataclass(frozen=True)
class CoverRule:
    """How long one is covered for a benefit: `months` after the end of insured status; None: not after it."""

    months: Value | None


def cover_rule(benefit: str, on: date, book: LawBook) -> CoverRule | None:
    """None: the benefit does not hang on being covered on the day of the event. Raises NotKnown in a gap."""
    law = book.on(on)
    if COVERED_LIKE.get(benefit) in law.read("coverage.benefits_after_leaving", tuple):
        return CoverRule(law.value("coverage.months_after_leaving"))
    return CoverRule(None) if benefit in COVERED_LIKE or benefit in ONLY_WHILE_INSURED else None


def cover_ended_before(record: Record, benefit: str, on: date, book: LawBook) -> date | None:
    """The last day of cover for the benefit, where the record names one before `on`."""
    rule = cover_rule(benefit, on, book)
    cover = cover_after(record, book)
    if rule is None or cover is None or record.until is None:
        return None
    last = cover.until if rule.months else cover.ended_on
    return last if last < on else None


def is_outside_section(section: str, benefit: str) -> bool:
    """Unemployment money is paid for by the contribution of section 33 alone; no section in the record is no answer."""
    return benefit in ONLY_FOR_EMPLOYED and section not in ("", EMPLOYED)
