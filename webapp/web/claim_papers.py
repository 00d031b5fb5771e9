"""What a claim asks papers for, as web/papers.py wants to know it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from webapp.actions import claim_drafts, claims
from webapp.actions.claim_drafts import Draft
from webapp.actions.claim_papers import TAKES_PAPERS, papers_named, papers_of_claim
from webapp.domain.claim_questions import ON
from webapp.ports import Tools
from webapp.web.claim_paper_words import instead, why
from webapp.web.claim_words import PLACE
from webapp.web.law_words import paper_name
from webapp.web.papers import PaperAsked


class ClaimPapers:
    """Of a draft all that its kind asks for; of a claim too, until it is decided. A reference is taken here in its one spelling
    alone: under each other one documents would stand by themselves."""

    def papers(self, tools: Tools, person_id: str, case_id: str) -> Sequence[PaperAsked]:
        if case_id != claim_drafts.read_reference(case_id):
            return ()
        claim = claims.claim_of(tools, person_id, case_id)
        if claim is not None:
            return asked(papers_of_claim(tools, claim), f"{PLACE}/{case_id}") if claim.status in TAKES_PAPERS else ()
        draft = claim_drafts.draft_of(tools, person_id, case_id)
        return asked(papers_of_draft(tools, draft), f"{PLACE}/{case_id}/papers") if draft is not None else ()

    def is_sent(self, tools: Tools, case_id: str) -> bool:
        return tools.store.claim(case_id) is not None

    def desk_address(self, case_id: str) -> str:
        return f"/officer/claims/{case_id}"


def papers_of_draft(tools: Tools, draft: Draft) -> tuple[str, ...]:
    """Codes, by the law of the day of the event."""
    on = date.fromisoformat(draft.given[ON]) if ON in draft.given else tools.clock.today()
    return papers_named(tools.law_book, draft.kind, draft.given, draft.way, on)


def asked(codes: Iterable[str], address: str) -> tuple[PaperAsked, ...]:
    """With name, reason and what to do without it."""
    return tuple(PaperAsked(code, paper_name(code), why(code), instead(code), address) for code in codes)
