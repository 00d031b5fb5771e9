"""The papers of a claim: which are asked for, and what became of those that were given (actions/documents.py keeps them)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from webapp.actions import documents
from webapp.domain.answers import Answers
from webapp.domain.claim import Claim, Status
from webapp.domain.claim_questions import KINDS
from webapp.domain.document import Document, State
from webapp.domain.lawbook import LawBook
from webapp.domain.payment import Way
from webapp.domain.reminder import FOUR_WEEKS, Occasion, Reminder, next_sending_time
from webapp.ports import Tools

CASE = "claim"
BANK_BOOK = "bank_book"
"""Asked for only where money goes into an account."""
TAKES_PAPERS = frozenset({Status.SENT, Status.TAKEN, Status.NEEDS_PAPER})


def papers_named(law_book: LawBook, kind: str, given: Mapping[str, str], way: Way | None, on: date) -> tuple[str, ...]:
    """Codes of the papers that the statute book of the day names; none where no source does (then 1506 says it)."""
    answers = Answers({"parent": given["parent"]} if "parent" in given else {})
    named = KINDS[kind].benefit.papers(law_book.on(on), answers)
    return tuple(paper for paper in named if paper != BANK_BOOK or way is Way.BANK)


def papers_of_claim(tools: Tools, claim: Claim) -> tuple[str, ...]:
    """What a claim that is sent takes: those of its kind, and the one that an officer asked for."""
    named = papers_named(tools.law_book, claim.kind, claim.answers, claim.payment.way, claim.event_on)
    wanted = (claim.wanted.paper,) if claim.wanted else ()
    return tuple(dict.fromkeys((*wanted, *named)))


def given(tools: Tools, person_id: str, reference: str) -> frozenset[str]:
    """Codes of the papers for which something has arrived that was not refused."""
    found = documents.documents_of(tools, person_id, CASE, reference)
    return frozenset(one.place.paper for one in found if one.state not in (State.REFUSED, State.COMING))


def drop(tools: Tools, reference: str) -> list[str]:
    """Inside the transaction in which a draft is thrown away; the files of what it returns go after it (documents.drop_files)."""
    return documents.drop_case(tools, CASE, reference)


def hand_over(tools: Tools, person_id: str, reference: str) -> None:
    """Inside the transaction that sends the claim."""
    documents.hand_over(tools, person_id, CASE, reference, reference)


def paper_settled(tools: Tools, document: Document) -> None:
    """Inside the transaction in which a document of a sent claim became ready or was refused: one that cannot be read is told."""
    claim: Claim | None = tools.store.claim(document.place.case_id)
    if claim is None or claim.status not in TAKES_PAPERS or document.state is not State.REFUSED:
        return
    due, occasion = next_sending_time(tools.clock.now()), Occasion.CLAIM_NEWS_PAPER_UNREAD
    news = Reminder(occasion, f"{occasion}:{claim.reference}:{document.id}", claim.reference, due, due + FOUR_WEEKS)
    tools.store.plan_for_people(news, [claim.person_id])
