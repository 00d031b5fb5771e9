"""What a claim plans for its person's phone and inbox: the news of each step, a word when a paper that was asked for does not come, and
before the last day to claim for what is begun and not sent.

The text names neither the benefit nor the sum: a phone lies on tables (web/reminder_words.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from webapp.domain.claim import Claim, Status, Step, StepCode
from webapp.domain.dates import in_bangkok
from webapp.domain.reminder import (
    DAYS_BEFORE_CLAIMING_ENDS,
    FOUR_WEEKS,
    Occasion,
    Reminder,
    evening_of,
    morning_of,
    next_sending_time,
)

SAID_AGAIN_AFTER = timedelta(days=7)
"""The app's own: when to say again that a paper, or another account, is waited for."""
TOLD = {
    StepCode.SENT: Occasion.CLAIM_NEWS_SENT,
    StepCode.TAKEN: Occasion.CLAIM_NEWS_TAKEN,
    StepCode.PAPER_WANTED: Occasion.CLAIM_NEWS_PAPER,
    StepCode.PAYMENT_CHANGED: Occasion.CLAIM_NEWS_PAYMENT,
    StepCode.APPROVED: Occasion.CLAIM_NEWS_DECIDED,
    StepCode.REFUSED: Occasion.CLAIM_NEWS_DECIDED,
    StepCode.SENT_TO_BANK: Occasion.CLAIM_NEWS_AT_BANK,
    StepCode.RETURNED: Occasion.CLAIM_NEWS_RETURNED,
    StepCode.PAID: Occasion.CLAIM_NEWS_PAID,
    StepCode.WITHDRAWN: Occasion.CLAIM_NEWS_WITHDRAWN,
    StepCode.APPEALED: Occasion.CLAIM_NEWS_APPEALED,
    StepCode.APPEAL_UPHELD: Occasion.CLAIM_NEWS_DECIDED,
    StepCode.APPEAL_DISMISSED: Occasion.CLAIM_NEWS_DECIDED,
}


def about_claim(claim: Claim, steps: Sequence[Step], at: datetime) -> tuple[Reminder, ...]:
    """All that stands for a claim after these steps were written; what else was planned is over. Nothing for a claimant who died."""
    return () if claim.status is Status.STOPPED else tuple(_standing(claim, steps, at))


def _standing(claim: Claim, steps: Sequence[Step], at: datetime) -> Iterator[Reminder]:
    told = next((step for step in reversed(steps) if step.code in TOLD), None)
    if told is not None:
        occasion, due = TOLD[told.code], next_sending_time(at)
        key = f"{occasion}:{claim.reference}:{in_bangkok(told.at).isoformat()}"
        yield Reminder(occasion, key, claim.reference, due, due + FOUR_WEEKS)
    if claim.wanted is not None:
        yield _again(claim, Occasion.CLAIM_NEWS_PAPER_AGAIN, claim.wanted.asked_at)
    if claim.returned is not None:
        yield _again(claim, Occasion.CLAIM_NEWS_RETURNED_AGAIN, claim.returned.at)


def _again(claim: Claim, occasion: Occasion, asked: datetime) -> Reminder:
    due = morning_of((in_bangkok(asked) + SAID_AGAIN_AFTER).date())
    return Reminder(occasion, f"{occasion}:{claim.reference}:{in_bangkok(asked).isoformat()}", claim.reference, due, due + FOUR_WEEKS)


def about_draft(reference: str, claim_by: date | None, at: datetime) -> tuple[Reminder, ...]:
    """A claim begun and not sent: before the last day to claim, twice. Nothing once that day is over."""
    if claim_by is None:
        return ()
    planned = (_draft_reminder(reference, claim_by, days) for days in DAYS_BEFORE_CLAIMING_ENDS)
    return tuple(one for one in planned if one.due_at > at)


def _draft_reminder(reference: str, claim_by: date, days: int) -> Reminder:
    due = morning_of(claim_by - timedelta(days=days))
    key = f"{Occasion.CLAIM_NEWS_DRAFT}:{reference}:{claim_by}:{days}"
    return Reminder(Occasion.CLAIM_NEWS_DRAFT, key, reference, due, evening_of(claim_by), {"claim_by": claim_by.isoformat()})
