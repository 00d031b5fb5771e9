"""What becomes of a claim's papers once the worker has looked at them: who is told, and who is not."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from tests import files_given
from tests.claim_people import approved, draft, officer, person_id, sent
from webapp.actions import claim_desk, claim_drafts, claim_papers, claims, documents, privacy
from webapp.actions.document_reading import Reader
from webapp.actions.reminders import inbox
from webapp.domain.claim import Claim
from webapp.domain.document import Document, Place, State
from webapp.domain.reminder import Occasion
from webapp.ports import Session, Tools

UNREAD = Occasion.CLAIM_NEWS_PAPER_UNREAD


def given(tools: Tools, claim: Claim, data: bytes) -> Document:
    found = documents.attach(tools, claim.person_id, Place("claim", claim.reference, "receipt"), data, is_sent=lambda: True)
    assert isinstance(found, Document)
    return found


def looked_at(tools: Tools) -> None:
    """The worker, as the front door wires it."""
    Reader(tools, {claim_papers.CASE: claim_papers.paper_settled}).run()


def told(tools: Tools, claim: Claim) -> list[Occasion]:
    return [entry.occasion for entry in inbox(tools, claim.person_id)]


def test_a_paper_that_cannot_be_read_is_told_to_its_person_once(tools: Tools) -> None:
    claim = sent(tools, "dental")
    one = given(tools, claim, files_given.locked_pdf())
    looked_at(tools)
    assert told(tools, claim).count(UNREAD) == 1
    settled = tools.store.document(one.id)
    assert settled is not None
    assert settled.state is State.REFUSED
    with tools.store.transaction():
        claim_papers.paper_settled(tools, settled)
    assert told(tools, claim).count(UNREAD) == 1, "told twice it is one message"


def test_a_paper_that_can_be_read_is_no_news(tools: Tools) -> None:
    claim = sent(tools, "dental")
    given(tools, claim, files_given.png())
    looked_at(tools)
    assert UNREAD not in told(tools, claim)
    assert claim_papers.given(tools, claim.person_id, claim.reference) == {"receipt"}


def test_a_second_paper_that_cannot_be_read_is_a_second_message(tools: Tools) -> None:
    claim = sent(tools, "dental")
    for data in (files_given.locked_pdf(), b"%PDF-1.4 nothing of the sort"):
        given(tools, claim, data)
        looked_at(tools)
    assert told(tools, claim).count(UNREAD) == 2


@pytest.mark.parametrize("end", ["approved", "withdrawn", "died"])
def test_a_claim_that_takes_no_papers_any_more_is_not_told_of_one(tools: Tools, end: str) -> None:
    claim = approved(tools, "dental") if end == "approved" else sent(tools, "dental")
    given(tools, claim, files_given.locked_pdf())
    if end == "withdrawn":
        claims.withdraw(tools, claim.person_id, claim.reference)
    if end == "died":
        claim_desk.note_death(tools, officer(tools), claim.reference, tools.clock.today())
    looked_at(tools)
    assert UNREAD not in told(tools, claim)


def test_a_paper_of_a_case_that_is_no_claim_is_let_be(tools: Tools) -> None:
    claim = sent(tools, "dental")
    one = given(tools, claim, files_given.locked_pdf())
    elsewhere = replace(one, place=Place("claim", "CL-0000-0000-0000", "receipt"), state=State.REFUSED)
    with tools.store.transaction():
        claim_papers.paper_settled(tools, elsewhere)
    assert UNREAD not in told(tools, claim)


@pytest.mark.parametrize("how", ["the draft is thrown away", "everything is deleted"])
def test_files_go_only_once_it_is_written_that_their_rows_are_gone(tools: Tools, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Another connection sees what is written: whatever breaks off before that, no paper is lost."""
    one, owner = draft(tools, "dental"), person_id(tools)
    kept = documents.attach(tools, owner, Place("claim", one.reference, "receipt"), files_given.png())
    assert isinstance(kept, Document)
    seen: list[object] = []

    def look() -> None:
        seen.append(tools.store.document(kept.id))
        tools.store.close()

    def dropped(_document_id: str, _names: object = None) -> None:
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    monkeypatch.setattr(tools.files, "drop", dropped)
    if how == "the draft is thrown away":
        claim_drafts.drop(tools, owner, one.reference)
    else:
        privacy.erase(tools, owner, Session("a-session", owner, None, "thaid", "2.3", 0, 0, 0))
    assert seen == [None]
